"""Privacy is structure: other children's names in every open field, and none on a parent's copy."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from bt_desktop.form_engine import Form, FormSession
from bt_desktop.form_engine.definition import Field
from bt_desktop.paper.document import PersonSnapshot, RecordDocument
from bt_desktop.paper.parent_copy import parent_copy
from tests.attacks.leaks import leaks, shown
from tests.forms import ber_answers as ber
from tests.paper import story

OTHERS = ("Łucja", "Kowalczyk", "Nguyễn", "Huyền", "Ximena", "Trinhová")
TEXT = "Mateo ran to {@student:s-lucja} and back."
HUY, SISTER, MOTHER = "student:s-huy", "student:s-sister", "guardian:g-other"
PLANTS = (
    "Łucja Kowalczyk sat down",
    "lucja's and NGUYỄN's",
    "{@student:s-lucja} {@student:s-huy} {@guardian:g-other}",
    "{@student:Kowalczyk}, {@guardian:Trinhová}",
    "Ximena\nNúñez-Okafor (his sister)",
    "Ľucja-Łucja\u200b; Huyền <b>Nguyễn</b>",
    "10:15 Łucja",
)
PEOPLE: tuple[Any, ...] = (ber.LUCJA, HUY, SISTER, MOTHER, "student:s-nobody", ber.DANA)


def people() -> dict[str, PersonSnapshot]:
    """The people of the story under the ids of the answer sets, and more children."""
    known = {
        f"{one.kind}:{short}": replace(one, id=f"{one.kind}:{short}")
        for short, one in {
            "s-mateo": story.people()[story.MATEO],
            "s-lucja": story.people()[story.LUCJA],
            "p-dana": story.people()[story.DANA],
        }.items()
    }
    huy = PersonSnapshot(HUY, "student", "Nguyễn Huyền", "Huyền", "Nguyễn")
    sister = PersonSnapshot(SISTER, "student", "Ximena Núñez-Okafor", "Ximena", "Núñez-Okafor")
    mother = PersonSnapshot(MOTHER, "guardian", "Lan Trinhová", "Lan", "Trinhová")
    aide = PersonSnapshot(ber.PRIYA, "staff", "Priya Raman", title="Aide to Łucja Kowalczyk")
    return known | {one.id: one for one in (huy, sister, mother, aide)}


@cache
def whole(scenario: str, pack: str | None) -> tuple[Form, str]:
    """A complete record of that scenario as JSON, to be spoiled."""
    session = ber.filled(scenario, pack)
    return session.form, json.dumps(session.answers())


def plant_for(field: Field, chance: random.Random) -> Any:
    """Another child, as far as this kind of question takes one; None: the answer stays."""
    name, who = chance.choice(PLANTS), chance.choice(PEOPLE)
    if field.type == "text":
        return name
    if field.type in ("person", "student", "staff"):
        return [who, ber.LUCJA] if field.is_multiple else who
    if field.choices and chance.random() < 0.5:
        return ["other"] if field.type == "select_multiple" else "other"
    spoiled: tuple[Any, ...] = (
        {"$unknown": name},
        {"$typed": name},
        name.replace(" ", "_"),
        [name],
    )
    return chance.choice(spoiled) if chance.random() < 0.2 else None


def planted(form: Form, answers: dict[str, Any], chance: random.Random) -> int:
    """Put other children into the answers of every question; how many places took one."""
    count = 0
    for section in form.sections:
        rows = [answers] if section.repeat is None else answers.get(section.name) or []
        for row in rows:
            row["$reasons"] = {field.name: chance.choice(PLANTS) for field in section.fields}
            for field in section.fields:
                value = plant_for(field, chance)
                if value is not None and field.name not in ("student", "what_happened"):
                    row[field.name] = value
                    count += 1
                if field.choices:
                    row[f"{field.name}_other"] = chance.choice(PLANTS)
    return count


def record(seed: int) -> RecordDocument:
    """A record filled at random, other children planted everywhere, as typed or as signed."""
    chance = random.Random(seed)
    form, kept = whole(chance.choice(sorted(ber.SCENARIOS)), chance.choice(ber.PACKS))
    answers = json.loads(kept)
    assert planted(form, answers, chance) > 100
    if chance.random() < 0.7:  # through the engine, as a draft's answers go
        session = FormSession(form, answers, now=lambda: ber.NOW)
        parts = [session.final_answers(part) for part in form.parts()]
        answers = {name: value for part in parts for name, value in part.items()}
    return story.document(
        form=form,
        answers=answers,
        people=people(),
        subject_id=ber.MATEO,
        letters={ber.LUCJA: "A", HUY: "B"},
        notices=tuple(answers.get("parent_told") or ()),
        reported_by="Łucja Kowalczyk",
        entered_by="Huyền Nguyễn",
    )


@pytest.mark.parametrize("seed", range(24))
def test_no_planted_name_is_on_the_parents_copy(seed: int) -> None:
    pdf = parent_copy(record(seed), story.HEAD, story.mark("parent"), TEXT, story.CONTACT)
    assert "Student A" in shown(pdf)
    assert leaks(pdf, *OTHERS, "a-nobody", "s-lucja") == []


@pytest.mark.parametrize("pack", ber.PACKS)
def test_no_free_text_of_the_form_may_stand_on_a_parents_copy(pack: str | None) -> None:
    """Were one ever marked so, only the net would be under it."""
    form = ber.form(pack)
    free = [
        field.name
        for field in form.fields().values()
        if field.privacy == "parent" and field.type in ("text", "person", "image", "body_map")
    ]
    assert free == []
