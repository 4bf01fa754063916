"""A second opinion on the health office's forms: pyxform writes them as XForms, rxeval fills them,
and relevance, what is missing and what is calculated must come out the same for every answer set.

Left out is whatever rests on what rxeval lacks (see `form_engine/test_second_opinion.py`) or on our
own functions; how much that leaves is asserted, so that the test cannot run empty.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import rxeval
from form_kits import KITS
from pyxform.xls2xform import convert

from bt_desktop.form_engine import Form, FormSession
from bt_desktop.form_engine.definition import Field
from bt_desktop.form_engine.expressions import Expression, calls
from bt_desktop.form_engine.xlsform import OURS, workbook

NOW = datetime(2026, 11, 13, 18, 0, tzinfo=ZoneInfo("UTC"))
LACKING = OURS | {"date", "today", "now", "once", "position", "min", "max", "sum", "age-at"}
_MOMENTS = ("date", "time", "datetime")
"""Compared exactly by us, by whole days by ODK."""


def _lacks(form: Form, expression: Expression | None) -> bool:
    if expression is None:
        return False
    moments = [f for r in expression.references if (f := form.fields().get(r.name)) is not None]
    orders = any(sign in expression.source for sign in ("<", ">"))
    return any(call.name in LACKING for call in calls(expression.tree)) or (
        orders and any(f.type in _MOMENTS for f in moments)
    )


def _names(expression: Expression | None) -> set[str]:
    return set() if expression is None else {r.name for r in expression.references}


@cache
def _silent(name: str, empty: frozenset[str] = frozenset()) -> frozenset[str]:
    """The questions whose relevance or value the second opinion cannot give.

    `empty` are repeats without a row: an XForm begins with one.
    """
    form = KITS[name].form(None)
    silent = {f.name for s in form.sections if s.name in empty for f in s.fields}
    while True:
        found = {
            f.name
            for s in form.sections
            for f in s.fields
            if f.name not in silent
            and (
                any(_lacks(form, e) for e in (f.relevant, f.calculation, s.relevant))
                or silent & (_names(f.relevant) | _names(f.calculation) | _names(s.relevant))
            )
        }
        if not found:
            return frozenset(silent)
        silent |= found


class Opinion:
    """rxeval over the form as XForm, with the same answers."""

    def __init__(self, form: Form, page: FormSession) -> None:
        book = workbook(form)
        for row in book.sheets["survey"]:  # what only we can work out is a blank there
            if row["type"] == "calculate":
                row.setdefault("calculation", "''")
        xform = convert(dict(book.sheets), validate=False).xform
        self._root = "/data"  # what pyxform calls the root
        self._session = rxeval.Session(xform, today=NOW.date().isoformat(), now=NOW.isoformat())
        self._form, self._page = form, page
        for section in form.sections:
            if section.repeat is not None:
                self._rows(section.name, len(page.rows(section.name)))
        for section in form.sections:
            for path in page.paths(section.name):
                self._answer(path)
        self.judged: dict[str, Any] = self._session.recompute()

    def _rows(self, section: str, count: int) -> None:
        for _ in range(count - 1):
            self._session.add_row(f"{self._root}/{section}")

    def path(self, path: str) -> str:
        """Our path as theirs: `/head_checks[2]/head_due`, `/what_next/disposition`."""
        first, _, name = path[1:].partition("/")
        if name:
            section = first.split("[")[0]
            many = len(self._page.rows(section)) > 1
            return f"{self._root}/{first if many else section}/{name}"
        return f"{self._root}/{self._form.field(first).section}/{first}"

    def _answer(self, path: str) -> None:
        view = self._page.view(path)
        value = view.value
        if not view.field.is_input or value is None:
            return
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        self._session.set(self.path(path), "OK" if value is True else text)

    def value(self, path: str) -> str:
        """A calculated value."""
        return str(self._session.get(self.path(path)))


def _plain(value: Any) -> str:
    if value is None or value in ("NaN", "Infinity"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return repr(float(str(value)))
    except ValueError:
        return str(value)


def _compared(form: Form, page: FormSession, silent: frozenset[str]) -> list[tuple[str, Field]]:
    return [
        (path, page.view(path).field)
        for section in form.sections
        if section.repeat is None or page.rows(section.name)
        for path in page.paths(section.name)
        if page.view(path).field.name not in silent
    ]


_FORMS = ("first_aid", "medication_error", "staff_injury")
_CASES = [(name, scenario) for name in _FORMS for scenario in KITS[name].scenarios]


@pytest.mark.parametrize(("name", "scenario"), _CASES, ids=str)
def test_both_give_the_same_judgement(name: str, scenario: str) -> None:
    form = KITS[name].form(None)
    page = KITS[name].filled(scenario, None)
    repeats = [s.name for s in form.sections if s.repeat is not None]
    silent = _silent(name, frozenset(s for s in repeats if not page.rows(s)))
    opinion = Opinion(form, page)
    compared = _compared(form, page, silent)
    assert len(compared) > 0.5 * len(form.fields())
    for path, field in compared:
        view, there = page.view(path), opinion.path(path)
        if field.type != "note":
            assert view.relevant == opinion.judged["relevant"][there], path
        if field.type == "calculate" and view.relevant:
            assert _plain(view.value) == _plain(opinion.value(path)), path
        if field.is_input and not _lacks(form, field.required):
            missing = view.relevant and view.required and view.value is None
            assert missing == (there in opinion.judged["missing"]), path


def test_enough_of_each_form_has_a_second_opinion() -> None:
    shares = {name: 1 - len(_silent(name)) / len(KITS[name].form(None).fields()) for name in _FORMS}
    assert shares["first_aid"] > 0.6
    assert shares["medication_error"] > 0.9
    assert shares["staff_injury"] > 0.9
