"""The event of the demo, typed through a real session: no error, and the facts come out right."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

import pytest
import yaml
from ber_answers import fill, form

from bt_desktop import paths
from bt_desktop.form_engine import FormSession


@pytest.fixture(scope="module")
def event() -> dict[str, Any]:
    text = (paths.resources_dir() / "demo" / "event.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _person(event: dict[str, Any], key: str) -> str:
    for kind, group in (("staff", "staff"), ("student", "students"), ("guardian", "guardians")):
        if key in event[group]:
            return f"{kind}:{key}"
    raise LookupError(key)


def _ids(event: dict[str, Any], typed: Any) -> Any:
    if isinstance(typed, list):
        return [_ids(event, one) for one in typed]
    if isinstance(typed, str) and typed.startswith("@"):
        return _person(event, typed[1:])
    return typed


def _typed(event: dict[str, Any], pairs: list[list[Any]]) -> list[tuple[str, Any]]:
    return [(path, _ids(event, typed)) for path, typed in pairs]


@pytest.fixture
def page(event: dict[str, Any]) -> FormSession:
    """All parts typed in, one after the other, each with the clock of its signing."""
    record, clock = event["record"], event["clock"]
    answers: dict[str, Any] = {}
    steps = (
        ("report", "report_begun"),
        ("nurse", "nurse_signed"),
        ("notices", "noticed"),
        ("follow_up", "follow_up_signed"),
    )
    opened = None
    for part, moment in steps:
        now = datetime.fromisoformat(clock[moment])
        of = form(event["school"]["pack"], event["school"]["training_program"])
        opened = FormSession(of, answers, now=lambda now=now: now)  # type: ignore[misc]
        if part == "notices":
            for number, row in enumerate(record["notices"], start=1):
                fill(
                    opened,
                    [(f"/parent_told[{number}]/{n}", _ids(event, t)) for n, t in row],
                )
        else:
            fill(opened, _typed(event, record[part]))
        answers = opened.answers()
    assert opened is not None
    return opened


@pytest.mark.parametrize("part", ["report", "nurse", "notice", "follow_up"])
def test_the_event_passes_without_an_error_or_an_open_question(
    page: FormSession, part: str
) -> None:
    assert [(i.path, i.severity, i.sentence) for i in page.issues(part)] == []


def test_nothing_typed_falls_on_a_question_that_does_not_apply(
    page: FormSession, event: dict[str, Any]
) -> None:
    typed = [path for part in ("report", "nurse", "follow_up") for path, _ in event["record"][part]]
    assert [path for path in typed if not page.view(path).relevant] == []


def test_two_holds_of_two_and_three_minutes_make_five(
    page: FormSession, event: dict[str, Any]
) -> None:
    expect = event["expect"]
    kept = page.final_answers("report")
    assert [row["minutes"] for row in kept["holds"]] == expect["minutes"]
    assert kept["held_minutes"] == expect["held_minutes"] == 5
    assert kept["hold_count"] == expect["holds"]
    assert kept["check_count"] == expect["checks"]
    assert kept["longest_hold"] == 3
    assert kept["student_age"] == expect["age"] == 9


def test_each_check_finds_the_hold_it_belongs_to(page: FormSession) -> None:
    kept = page.final_answers("report")
    assert [row["check_hold"] for row in kept["monitoring"]] == [1, 2, 2]


def test_times_typed_as_times_stand_on_the_day_of_the_event(page: FormSession) -> None:
    kept = page.final_answers("report")
    assert kept["event_date"] == "2026-11-12"
    assert kept["event_began"] == "2026-11-12T10:09:00-08:00"
    assert kept["holds"][1]["end"] == "2026-11-12T10:19:00-08:00"


def test_the_narrative_is_kept_exactly_as_typed(page: FormSession, event: dict[str, Any]) -> None:
    narrative = dict(event["record"]["report"])["/narrative"]
    assert page.final_answers("report")["narrative"] == narrative
    assert "\n" not in narrative
    assert narrative.endswith("called by the office.")


def test_the_edits_lead_from_the_narrative_to_the_parents_text(event: dict[str, Any]) -> None:
    text = dict(event["record"]["report"])["/narrative"]
    for find, replace in event["release"]["edits"]:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    assert text == event["release"]["text"]
    assert "Student A" in text
    assert "Student B" in text


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("Ł", "L").replace("ł", "l"))
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold()


def test_the_parents_text_names_no_student_but_the_parents_own(event: dict[str, Any]) -> None:
    words = {_folded(w) for w in re.findall(r"\w+", event["release"]["text"])}
    for key, student in event["students"].items():
        if key != "mateo":
            names = re.findall(r"\w+", f"{student['given']} {student['family']}")
            assert not {_folded(n) for n in names if len(n) > 1} & words, key
    assert not {_folded(w) for w in event["release"]["hidden"]} & words


def test_the_roster_looks_like_a_schools(event: dict[str, Any]) -> None:
    students = event["students"].values()
    assert len(students) >= 25
    same = [s for s in students if (s["given"], s["family"]) == ("Marcus", "Delgado")]
    assert len({s["grade"] for s in same}) == 2
    assert all(g["student"] in event["students"] for g in event["guardians"].values())
