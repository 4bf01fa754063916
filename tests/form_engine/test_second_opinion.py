"""Proof 2: pyxform writes our form as an XForm, rxeval fills it; both must agree with us.

Left out is what rxeval says it lacks (date(), today() in comparisons, decimal-time,
indexed-repeat, checklist, uuid, position(..), min/max/sum of plain numbers) and where it differs
from XPath 1.0 or JavaRosa by choice: round() of negative halves, numbers written like `1e3`, the
truth of a blank answer, rows of a repeat that does not apply, `<` and `>` between all rows and a
value (it looks at the first row, XPath at any), whole numbers beyond 64 bits, and computed NaN,
which JavaRosa and we keep as a blank.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import rxeval
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from bt_desktop.form_engine import Form, FormSession, load_form
from bt_desktop.form_engine.xlsform import workbook

NOW = datetime(2026, 11, 12, 12, 0, tzinfo=ZoneInfo("UTC"))

NUMBERS = ["a", "b"]
TEXTS = ["t", "u"]
ROW_NUMBERS = ["x"]
ROW_TEXTS = ["y"]

ANSWERS = {
    "a": ["", "0", "1", "2", "3", "17", "-4"],
    "b": ["", "0", "0.5", "2.25", "-1.5", "1000"],
    "t": ["", "p", "pq", "p q", "10", "true", "Łucja", "x<y&z"],
    "u": ["", "p", "-3", "q"],
    "s": ["", "p", "q", "r"],
    "m": ["", "p", "q", "p q", "q p r"],
    "x": ["", "1", "2", "3", "8"],
    "y": ["", "p", "q", "12"],
}


def number(depth: int, *, row: bool) -> st.SearchStrategy[str]:
    """Expressions that give a number."""
    names = NUMBERS + (ROW_NUMBERS if row else [])
    leaf = st.sampled_from([f"${{{n}}}" for n in names] + ["0", "1", "2", "3.5", "10"])
    if depth == 0:
        return leaf
    n, t = number(depth - 1, row=row), text(depth - 1, row=row)
    made = [
        leaf,
        st.tuples(n, st.sampled_from(["+", "-", "*", "div", "mod"]), n).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        n.map(lambda a: f"-({a})"),
        t.map(lambda a: f"string-length({a})"),
        t.map(lambda a: f"number({a})"),
        t.map(lambda a: f"count-selected({a})"),
        n.map(lambda a: f"int({a})"),
        n.map(lambda a: f"abs({a})"),
        n.map(lambda a: f"sqrt({a})"),
        n.map(lambda a: f"round(abs({a}))"),
        st.tuples(n, st.sampled_from("012")).map(lambda p: f"pow({p[0]}, {p[1]})"),
        st.tuples(boolean(depth - 1, row=row), n, n).map(lambda p: f"if({p[0]}, {p[1]}, {p[2]})"),
    ]
    if not row:
        made += [
            st.just("count(${x})"),
            st.just("count(${rows})"),
            st.just("sum(${x})"),
            st.just("sum(${x}[. != ''])"),
            st.just("max(${x}[. != ''])"),
            st.just("min(${x}[. != ''])"),
            st.just("count(${x}[. > 2])"),
        ]
    return st.one_of(made)


def text(depth: int, *, row: bool) -> st.SearchStrategy[str]:
    """Expressions that give a text."""
    names = [*TEXTS, "s", "m"] + (ROW_TEXTS if row else [])
    leaf = st.sampled_from(
        [f"${{{n}}}" for n in names] + ["'p'", "''", '"q"', "concat('it ', 'is')"]
    )
    if depth == 0:
        return leaf
    n, t = number(depth - 1, row=row), text(depth - 1, row=row)
    made = [
        leaf,
        st.tuples(t, t).map(lambda p: f"concat({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"coalesce({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"substring-before({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"substring-after({p[0]}, {p[1]})"),
        t.map(lambda a: f"normalize-space({a})"),
        t.map(lambda a: f"translate({a}, 'pq', 'P')"),
        t.map(lambda a: f"substring({a}, 1, 2)"),
        t.map(lambda a: f"substring({a}, 2)"),
        st.tuples(t, st.sampled_from("012")).map(lambda p: f"selected-at({p[0]}, {p[1]})"),
        n.map(lambda a: f"string({a})"),
        st.tuples(boolean(depth - 1, row=row), t, t).map(lambda p: f"if({p[0]}, {p[1]}, {p[2]})"),
    ]
    if not row:
        made.append(st.just("join('-', ${y})"))
    return st.one_of(made)


def boolean(depth: int, *, row: bool) -> st.SearchStrategy[str]:
    """Expressions that are true or false."""
    n, t = number(max(0, depth - 1), row=row), text(max(0, depth - 1), row=row)
    compared = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    made = [
        st.tuples(n, compared, n).map(lambda p: f"{p[0]} {p[1]} {p[2]}"),
        st.tuples(t, compared, t).map(lambda p: f"{p[0]} {p[1]} {p[2]}"),
        st.tuples(t, compared, n).map(lambda p: f"{p[0]} {p[1]} {p[2]}"),
        st.tuples(t, st.sampled_from(["'p'", "'q'"])).map(lambda p: f"selected({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"contains({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"starts-with({p[0]}, {p[1]})"),
        st.tuples(t, t).map(lambda p: f"ends-with({p[0]}, {p[1]})"),
        t.map(lambda a: f"regex({a}, '[a-q]+|[0-9]*x?')"),
        st.sampled_from(["true()", "false()"]),
    ]
    if not row:
        made += [st.just("${y} = 'p'"), st.just("${x} = ${a}"), st.just("${x} != ''")]
    if depth > 0:
        b = boolean(depth - 1, row=row)
        made += [
            st.tuples(b, st.sampled_from(["and", "or"]), b).map(
                lambda p: f"({p[0]} {p[1]} {p[2]})"
            ),
            b.map(lambda a: f"not({a})"),
        ]
    return st.one_of(made)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, str]:
    """An expression for each rule of the form below."""
    return {
        "c1": draw(number(2, row=False)),
        "c2": draw(text(2, row=False)),
        "c3": draw(boolean(2, row=False)),
        "r1": draw(number(2, row=True)),
        "r2": draw(text(2, row=True)),
        "r3": draw(boolean(1, row=True)),
        "relevant": draw(boolean(1, row=False)),
        "required": draw(boolean(1, row=False)),
        "constraint": draw(boolean(1, row=False)),
        "row_relevant": draw(boolean(1, row=True)),
        "row_required": draw(boolean(1, row=True)),
    }


@st.composite
def fillings(draw: st.DrawFn) -> list[tuple[str, int, str]]:
    """(question, row, typed) in any order; rows from 0."""
    steps = []
    for _ in range(draw(st.integers(3, 14))):
        name = draw(st.sampled_from([*ANSWERS, "p1", "p2", "q1"]))
        kept = ANSWERS.get(name, ANSWERS["t"])
        steps.append((name, draw(st.integers(0, 1)), draw(st.sampled_from(kept))))
    return steps


def form_of(rule: dict[str, str], folder: Path) -> Form:
    """A form in which those rules stand."""
    lists = [{"name": n, "label": n.upper()} for n in "pqr"]

    def asked(name: str, kind: str, **more: str) -> dict[str, str]:
        return {"name": name, "type": kind, "label": name} | more

    def computed(name: str, expression: str) -> dict[str, str]:
        return {"name": name, "type": "calculate", "calculation": expression}

    made = {
        "form": "data",
        "version": "1",
        "title": "Opinion",
        "choices": {"pqr": lists},
        "sections": [
            {
                "name": "first",
                "label": "First",
                "fields": [
                    asked("a", "integer"),
                    asked("b", "decimal"),
                    asked("t", "text"),
                    asked("u", "text"),
                    asked("s", "select_one", choices="pqr"),
                    asked("m", "select_multiple", choices="pqr"),
                    asked("p1", "text", required=rule["required"]),
                    asked("p2", "text", constraint=rule["constraint"]),
                    computed("c1", rule["c1"]),
                    computed("c2", rule["c2"]),
                    computed("c3", rule["c3"]),
                ],
            },
            {
                "name": "rows",
                "label": "Rows",
                "repeat": {"min": 1},
                "fields": [
                    asked("x", "integer"),
                    asked("y", "text"),
                    asked(
                        "q1", "text", required=rule["row_required"], relevant=rule["row_relevant"]
                    ),
                    computed("r1", rule["r1"]),
                    computed("r2", rule["r2"]),
                    computed("r3", rule["r3"]),
                ],
            },
            {
                "name": "last",
                "label": "Last",
                "relevant": rule["relevant"],
                "fields": [asked("z", "text", required="true()")],
            },
        ],
    }
    file = folder / "form.yaml"
    file.write_text(json.dumps(made), encoding="utf-8")
    return load_form(file)


class Other:
    """The second opinion, asked by our paths."""

    def __init__(self, form: Form) -> None:
        book = workbook(form)
        assert not book.left_out
        sheets: dict[str, Any] = dict(book.sheets)
        self._home = {f.name: s.name for s in form.sections for f in s.fields}
        self._session = rxeval.Session(
            convert(sheets, validate=False).xform,
            today=NOW.date().isoformat(),
            now=NOW.isoformat(),
        )
        self._rows = 1

    def add_row(self) -> None:
        self._session.add_row("/data/rows")
        self._rows += 1

    def path(self, name: str, row: int) -> str:
        home = self._home[name]
        place = f"[{row + 1}]" if home == "rows" and self._rows > 1 else ""
        return f"/data/{home}{place}/{name}"

    def set(self, name: str, row: int, typed: str) -> None:
        self._session.set(self.path(name, row), typed)

    def get(self, name: str, row: int) -> str:
        return self._session.get(self.path(name, row))

    def judged(self) -> dict[str, Any]:
        found = self._session.recompute()
        found["failed"] = [f for f in found["failed"] if "position" not in f[1]]
        return found


def fill(form: Form, steps: list[tuple[str, int, str]]) -> tuple[FormSession, Other]:
    """The same answers, given to both."""
    ours, theirs = FormSession(form, now=lambda: NOW), Other(form)
    ours.add_row("rows")
    theirs.add_row()
    theirs.judged()
    for name, row, typed in steps:
        path = f"/rows[{row + 1}]/{name}" if form.field(name).repeat else f"/{name}"
        ours.set(path, typed.split() if form.field(name).type == "select_multiple" else typed)
        theirs.set(name, row, typed)
        theirs.judged()
    return ours, theirs


def plain(value: Any) -> str:
    """A computed value as XForms writes it; NaN and infinity are a blank with us."""
    if value is None or value in ("NaN", "Infinity", "-Infinity"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text_value = str(value)
    try:
        return repr(round(float(text_value), 9) + 0.0)
    except ValueError:
        return text_value


def agree(ours: FormSession, theirs: Other) -> None:
    """Relevant, missing, invalid and calculated are the same."""
    judged = theirs.judged()
    assert not judged["failed"]
    views = [
        (f.name, row, ours.view(f"/rows[{row + 1}]/{f.name}" if f.repeat else f"/{f.name}"))
        for s in ours.form.sections
        for f in s.fields
        for row in range(2 if f.repeat else 1)
    ]
    codes = {i.path: i.code.name for i in ours.issues()}
    for name, row, view in views:
        there = theirs.path(name, row)
        assert view.relevant == judged["relevant"][there], there
        if view.field.type == "calculate":
            if view.relevant:
                assert plain(view.value) == plain(theirs.get(name, row)), there
            continue
        missing = codes.get(view.path, "").startswith("REQUIRED")
        assert missing == (there in judged["missing"]), there
        invalid = codes.get(view.path, "").startswith("CONSTRAINT")
        assert invalid == (there in [i[0] for i in judged["invalid"]]), there


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rules(), fillings())
def test_random_forms_and_answers_get_the_same_judgement(
    tmp_path: Path, rule: dict[str, str], steps: list[tuple[str, int, str]]
) -> None:
    form = form_of(rule, tmp_path)
    agree(*fill(form, steps))
