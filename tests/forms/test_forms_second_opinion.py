"""Proof 2 for the shipped forms: pyxform writes each as an XForm, rxeval fills it; both must agree.

Compared is when a question is relevant, when it is missing, and when a choice is refused. Times and
dates are left out: where this opinion is silent or counts whole days, the tests of the rules stand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import rxeval
from ber_answers import NOW
from form_kits import KITS
from pyxform.xls2xform import convert

from bt_desktop.form_engine import Form, FormSession
from bt_desktop.form_engine.definition import SELECTS, Field
from bt_desktop.form_engine.expressions import Expression, calls
from bt_desktop.form_engine.xlsform import workbook

_SILENT = frozenset(("today", "now", "indexed-repeat", "regex", "age-at", "translate"))
_MOMENTS = frozenset(("date", "time", "datetime"))
_ROUNDS = range(4)


@cache
def _xform(name: str) -> str:
    sheets: dict[str, Any] = dict(workbook(KITS[name].form()).sheets)
    for row in sheets["survey"]:
        if row["type"].split()[0] in (*_MOMENTS, "dateTime"):
            row.pop("constraint", None)
        if any(word in row.get("constraint", "") for word in ("today(", "now(", "regex(")):
            row.pop("constraint", None)
        silent = any(word in row.get("calculation", "") for word in ("age-at(", "indexed-repeat("))
        if row["type"] == "calculate" and (silent or "calculation" not in row):
            row["calculation"] = "''"
    columns = dict.fromkeys(key for row in sheets["survey"] for key in row)
    sheets["survey_header"] = [dict.fromkeys(columns, "")]
    return str(convert(sheets, validate=False).xform)


def _told(expression: Expression | None) -> bool:
    """Whether the other opinion can say something to this rule."""
    if expression is None:
        return True
    return not any(call.name in _SILENT for call in calls(expression.tree))


def _comparable(form: Form, field: Field) -> bool:
    """A rule that looks at a moment, at any remove, is not compared."""
    rules = (field.relevant, form.section(field.section).relevant, field.required)
    names = {r.name for rule in rules if rule is not None for r in rule.references}
    known = form.fields()
    moments = any(known[n].type in (*_MOMENTS, "calculate") for n in names if n in known)
    return all(map(_told, rules)) and not moments


def _answers(form: Form, seed: int) -> Iterator[tuple[Field, Any]]:
    """A random answer for two in three of the questions with choices, in reading order."""
    chance = random.Random(seed)
    for field in form.fields().values():
        if field.type not in SELECTS or chance.random() > 0.66:
            continue
        names = [choice.name for choice in form.choices_of(field.name)]
        if field.type == "select_one":
            yield field, chance.choice(names)
        else:
            yield field, chance.sample(names, min(len(names), chance.randint(1, 3)))


@pytest.mark.parametrize("name", ["restraint", "incident", "risk"])
def test_a_second_engine_judges_the_shipped_form_alike(name: str) -> None:
    form = KITS[name].form()
    homes = {f.name: s for s in form.sections for f in s.fields}
    for seed in _ROUNDS:
        ours = FormSession(form, now=lambda: NOW, new_id=iter_ids())
        for section in form.sections:
            if section.repeat is not None and not ours.rows(section.name):
                ours.add_row(section.name)
        theirs = rxeval.Session(_xform(name), today=NOW.date().isoformat(), now=NOW.isoformat())
        for field, typed in _answers(form, seed):
            section = homes[field.name]
            path = f"/{section.name}[1]/{field.name}" if section.repeat else f"/{field.name}"
            if not ours.view(path).relevant:
                continue  # what does not apply reads as blank with us; it is not blanked there
            ours.set(path, typed)
            told = " ".join(typed) if isinstance(typed, list) else typed
            theirs.set(f"/data/{section.name}/{field.name}", told)
        _agree(form, ours, theirs.recompute())


def iter_ids() -> Any:
    """Row ids that can be told apart."""
    numbers = iter(range(1_000))
    return lambda: f"row{next(numbers)}"


def _agree(form: Form, ours: FormSession, judged: dict[str, Any]) -> None:
    codes: dict[str, str] = {}
    for issue in ours.issues():
        codes.setdefault(issue.path, issue.code.name)
    invalid = {one[0] for one in judged["invalid"]}
    compared = 0
    for section in form.sections:
        for field in section.fields:
            if not _comparable(form, field):
                continue
            there = f"/data/{section.name}/{field.name}"
            path = f"/{section.name}[1]/{field.name}" if section.repeat else f"/{field.name}"
            view = ours.view(path)
            assert view.relevant == judged["relevant"][there], path
            missing = codes.get(path, "").startswith("REQUIRED")
            assert missing == (there in judged["missing"]), path
            if field.type in SELECTS and _told(field.constraint):
                refused = codes.get(path, "").startswith("CONSTRAINT")
                assert refused == (there in invalid), path
            compared += 1
    assert compared > len(form.fields()) * 0.7
