"""The kinds of answers: three shapes each, and what they refuse."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.form_engine import KINDS, Code, Field
from bt_desktop.form_engine.definition import FIELD_TYPES
from bt_desktop.form_engine.kinds import Invalid, Parsing
from bt_desktop.form_engine.place import Place
from bt_desktop.form_engine.typing_in import as_text, parse_typed
from bt_desktop.form_engine.values import Flag, Stamp
from tests.form_engine.small_form import NOON

NAMES = frozenset(("a", "b", "c"))


def parsing(kind: str, *, comma: bool = False, appearance: str = "") -> Parsing:
    return Parsing(Field("f", kind, "s", appearance=appearance), NOON, comma, names=NAMES)


def test_every_type_has_a_kind() -> None:
    assert set(KINDS) == set(FIELD_TYPES)


PARSED: list[tuple[str, Any, Any]] = [
    ("text", "  kept as is ", "  kept as is "),
    ("text", "   ", None),
    ("text", 12, "12"),
    ("integer", "12", Decimal(12)),
    ("integer", "1,200", Decimal(1200)),
    ("integer", "-3", Decimal(-3)),
    ("integer", "−3", Decimal(-3)),
    ("integer", "3.0", Decimal(3)),
    ("integer", 7, Decimal(7)),
    ("integer", "", None),
    ("decimal", "180", Decimal(180)),
    ("decimal", "$1,234.50", Decimal("1234.50")),
    ("decimal", "1 234.5", Decimal("1234.5")),
    ("decimal", ".5", Decimal("0.5")),
    ("decimal", "5.", Decimal(5)),
    ("decimal", "-0", Decimal(0)),
    ("decimal", 2.5, Decimal("2.5")),
    ("date", "t", date(2026, 11, 12)),
    ("time", "1015", time(10, 15)),
    ("datetime", "11/12 1015", datetime(2026, 11, 12, 10, 15)),
    ("select_one", "a", "a"),
    ("select_one", ["b"], "b"),
    ("select_one", [], None),
    ("select_multiple", ["a", "b", "a"], ("a", "b")),
    ("select_multiple", "a b", ("a", "b")),
    ("select_multiple", ["", None], None),
    ("signature", "  ", None),
    ("acknowledge", True, True),
    ("acknowledge", False, None),
    ("acknowledge", "yes", True),
    ("acknowledge", "OK", True),
    ("acknowledge", "no", None),
    ("acknowledge", "", None),
    ("student", "student:1-2", "student:1-2"),
    ("staff", ["staff:x"], "staff:x"),
    ("person", "guardian:y", "guardian:y"),
    ("student", "", None),
    ("signature", {"b": 1, "a": [2]}, '{"a": [2], "b": 1}'),
    ("image", "file-1", '"file-1"'),
    ("body_map", [], None),
    ("body_map", " ", None),
]


@pytest.mark.parametrize(("kind", "typed", "value"), PARSED)
def test_what_is_typed_becomes_a_value_and_comes_back(kind: str, typed: Any, value: Any) -> None:
    of, context = KINDS[kind], parsing(kind)
    found = of.parse(typed, context)
    assert found == value
    if value is None:
        return
    if kind not in ("datetime", "signature", "body_map"):
        assert of.parse(of.show(value), context) == value
    if kind != "datetime":
        assert of.load(of.dump(value)) == value
    of.read(value)


REFUSED: list[tuple[str, Any, str]] = [
    ("text", ["x"], "not_text"),
    ("text", True, "not_text"),
    ("text", "x" * 200_001, "too_long"),
    ("integer", "1.5", "whole_number"),
    ("integer", "ten", "number"),
    ("integer", "1,2", "number"),
    ("integer", "1e3", "number"),
    ("integer", "٣", "number"),
    ("decimal", "1.2.3", "number"),
    ("decimal", "nan", "number"),
    ("decimal", "1234567890123456", "number_too_long"),
    ("decimal", "0.1234567890123456", "number_too_long"),
    ("date", "soon", "date"),
    ("time", "25:00", "time"),
    ("datetime", "11/12", "datetime"),
    ("select_one", "d", "not_a_choice"),
    ("select_one", ["a", "b"], "not_text"),
    ("select_multiple", ["a", "d"], "not_a_choice"),
    ("select_multiple", 5, "not_text"),
    ("select_multiple", [["a"]], "not_text"),
    ("acknowledge", "perhaps", "acknowledge"),
    ("student", "staff:1", "person"),
    ("staff", "somebody", "person"),
    ("person", "person:<b>", "person"),
    ("student", "student:1 student:2", "one_person"),
    ("signature", 5, "not_text"),
    ("signature", {"x": math.nan}, "stored"),
    ("note", "x", "not_answered"),
    ("calculate", "x", "not_answered"),
]


@pytest.mark.parametrize(("kind", "typed", "code"), REFUSED)
def test_what_does_not_fit_is_refused_with_its_code(kind: str, typed: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        KINDS[kind].parse(typed, parsing(kind))
    assert refused.value.code == code
    assert code.upper() in Code.__members__


STORED: list[tuple[str, Any]] = [
    ("text", 5),
    ("text", " "),
    ("integer", 1.5),
    ("integer", "1"),
    ("decimal", True),
    ("decimal", math.nan),
    ("decimal", math.inf),
    ("decimal", 10**20),
    ("date", "2026-11-12T10:00:00Z"),
    ("date", 5),
    ("time", "2026-11-12"),
    ("time", None),
    ("datetime", "2026-11-12T10:00:00"),
    ("datetime", "10:00"),
    ("datetime", []),
    ("select_one", "a b"),
    ("select_one", ""),
    ("select_multiple", "a"),
    ("select_multiple", []),
    ("select_multiple", ["a b"]),
    ("select_multiple", [1]),
    ("acknowledge", False),
    ("acknowledge", "true"),
    ("student", "x"),
    ("student", []),
    ("student", [5]),
    ("signature", 5),
    ("signature", {}),
    ("note", "x"),
]


@pytest.mark.parametrize(("kind", "stored"), STORED)
def test_what_was_never_stored_like_that_is_refused(kind: str, stored: Any) -> None:
    with pytest.raises(Invalid):
        KINDS[kind].load(stored)


def test_several_people_are_a_list() -> None:
    of, context = KINDS["staff"], parsing("staff", appearance="multiple")
    assert of.parse("staff:a staff:b", context) == ("staff:a", "staff:b")
    assert of.parse([], context) is None
    assert of.dump(("staff:a", "staff:b")) == ["staff:a", "staff:b"]
    assert of.load(["staff:a", "staff:a"]) == ("staff:a",)
    assert of.show(("staff:a", "staff:b")) == "staff:a staff:b"


def test_a_decimal_comma_is_read_where_it_is_used() -> None:
    of = KINDS["decimal"]
    assert of.parse("1.234,5", parsing("decimal", comma=True)) == Decimal("1234.5")
    assert of.parse("12,5", parsing("decimal", comma=True)) == Decimal("12.5")
    with pytest.raises(Invalid):
        of.parse("12.5", parsing("decimal", comma=True))


def test_what_an_expression_reads() -> None:
    assert KINDS["acknowledge"].read(True) == Flag(True)
    assert KINDS["select_multiple"].read(("a", "b")) == "a b"
    assert isinstance(KINDS["date"].read(date(2026, 1, 1)), Stamp)
    assert KINDS["integer"].read(Decimal(3)) == 3.0
    assert KINDS["note"].read(None) == ""
    assert KINDS["note"].show(None) == ""
    assert KINDS["note"].dump(None) is None


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**10), max_value=10**10
    )
)
def test_any_number_survives_all_three_shapes(value: Decimal) -> None:
    of = KINDS["decimal"]
    assert of.parse(of.show(value), parsing("decimal")) == value
    assert of.load(of.dump(value)) == value


@given(st.times().map(lambda t: t.replace(microsecond=0)))
def test_any_time_survives_all_three_shapes(value: time) -> None:
    of = KINDS["time"]
    assert of.parse(of.show(value), parsing("time")) == value
    assert of.load(of.dump(value)) == value


@given(st.dates())
def test_any_day_survives_all_three_shapes(value: date) -> None:
    of = KINDS["date"]
    assert of.parse(of.show(value), parsing("date")) == value
    assert of.load(of.dump(value)) == value


@given(st.text(min_size=1))
def test_any_text_survives_all_three_shapes(value: str) -> None:
    of = KINDS["text"]
    once = of.parse(value, parsing("text"))
    if once is not None:
        assert of.parse(of.show(once), parsing("text")) == once
        assert of.load(of.dump(once)) == once


def test_a_moment_keeps_its_offset() -> None:
    of = KINDS["datetime"]
    value = datetime(2026, 11, 12, 10, 15, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert of.load(of.dump(value)) == value
    assert of.show(value) == "11/12/2026 10:15:30"


def test_parsing_never_fails_whatever_is_handed_in() -> None:
    place = Place(NOON)
    loop: list[Any] = []
    loop.append(loop)
    for kind in KINDS:
        for typed in (object(), loop, {"a": object()}, 1.5, b"x", {1, 2}):
            found = parse_typed(typed, parsing(kind), place)
            repr(found)
    assert as_text(loop) == "list"
