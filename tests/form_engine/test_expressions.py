"""The dialect, rule by rule: what an expression gives, and what is refused with its position."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bt_desktop.form_engine import ExpressionError, evaluate
from bt_desktop.form_engine.expressions import compile_expression

ANSWERS: dict[str, Any] = {
    "n": 3,
    "z": 0,
    "yes": True,
    "no": False,
    "t": "bar",
    "blank": "",
    "none": None,
    "many": ["a", "b"],
    "empty": [],
    "d": "2026-11-12",
    "at": "2026-11-12T10:12:00-08:00",
    "clock": "10:12",
    "holds": [
        {"minutes": 2, "who": "ann", "only": 7, "start": "2026-11-12T10:12:00-08:00"},
        {"minutes": 3, "who": "bo", "start": "2026-11-12T10:16:00-08:00"},
        {"minutes": None, "who": ""},
    ],
}

VALUES: list[tuple[str, Any]] = [
    # arithmetic is numeric and IEEE
    ("1 + 2 * 3", 7.0),
    ("(1 + 2) * 3", 9.0),
    ("7 - 2 - 1", 4.0),
    ("1 div 4", 0.25),
    ("1 div 0", math.inf),
    ("-1 div 0", -math.inf),
    ("1 div -0", -math.inf),
    ("0 div 0", math.nan),
    ("5 mod 2", 1.0),
    ("5 mod -2", 1.0),
    ("-5 mod 2", -1.0),
    ("1.5 mod 0.5", 0.0),
    ("5 mod 0", math.nan),
    ("--2", 2.0),
    ("-(2)", -2.0),
    ("---2", -2.0),
    ("'a' + 1", math.nan),
    ("'2' + '3'", 5.0),
    ("'' + 1", math.nan),
    ("true() + true()", 2.0),
    (".5 + 5.", 5.5),
    ("${n} + 1", 4.0),
    ("${n}-1", 2.0),
    # a blank is the empty text
    ("${blank} = ''", True),
    ("${none} = ''", True),
    ("${missing} = ''", True),
    ("${missing} != 'a'", True),
    ("'' < 1", False),
    ("'' >= 0", False),
    ("'' = 0", False),
    ("'' != 0", True),
    ("${empty} = ''", True),
    ("not(${blank})", True),
    ("boolean(${none})", False),
    ("if(${blank}, 1, 2)", 2.0),
    # comparison
    ("1 = 1.0", True),
    ("'1' = 1", True),
    ("'1.0' = '1'", False),
    ("'10' < '9'", False),
    ("'a' < 'b'", False),
    ("1 < 2 < 3", True),
    ("3 > 2 > 1", False),
    ("1 = 1 = 1", True),
    ("true() = 'x'", True),
    ("true() = 'false'", True),
    ("true() = 1", True),
    ("false() = ''", True),
    ("1 != 2", True),
    ("2 <= 2 and 2 >= 2 and 3 > 2", True),
    # and, or
    ("1 or 0", True),
    ("0 or ''", False),
    ("1 and 'a'", True),
    ("true() and false() or true()", True),
    # yes and no
    ("${yes} = true()", True),
    ("${no} = true()", False),
    ("${no} = false()", True),
    ("${yes} = 'true'", True),
    ("${no} = 'false'", True),
    ("boolean(${no})", False),
    ("not(${no})", True),
    ("${yes} + 1", 2.0),
    ("${no} + 1", 1.0),
    ("string(${yes})", "true"),
    ("${yes}", True),
    # conversions
    ("string(3.0)", "3"),
    ("string(0.1 + 0.2)", "0.30000000000000004"),
    ("string(-0)", "0"),
    ("string(0.0000001)", "0.0000001"),
    ("string(1000000 * 1000000 * 1000000 * 1000000)", "1000000000000000000000000"),
    ("string(1234567890123456789 * 10)", "12345678901234567000"),
    ("string(123456789012345678.5 div 10000000000)", "12345678.901234567"),
    ("string(0.000000123)", "0.000000123"),
    ("string(-0.0000005)", "-0.0000005"),
    ("string(1 div 0)", "Infinity"),
    ("string(-1 div 0)", "-Infinity"),
    ("string('a' * 1)", "NaN"),
    ("string(true())", "true"),
    ("string(false())", "false"),
    ("string(${n})", "3"),
    ("number(' 12.5 ')", 12.5),
    ("number('-3')", -3.0),
    ("number('+3')", math.nan),
    ("number('1e3')", math.nan),
    ("number('')", math.nan),
    ("number('.')", math.nan),
    ("number('Infinity')", math.nan),
    ("number('١')", math.nan),
    ("number(true())", 1.0),
    ("number(false())", 0.0),
    ("boolean('false')", True),
    ("boolean(0)", False),
    ("boolean(0 div 0)", False),
    ("boolean('0')", True),
    ("boolean(-1)", True),
    # numbers
    ("round(2.5)", 3.0),
    ("round(-2.5)", -2.0),
    ("round(-2.51)", -3.0),
    ("round(-0.4)", 0.0),
    ("round(2.345, 2)", 2.35),
    ("round(1.005, 2)", 1.01),
    ("round(1234, -2)", 1200.0),
    ("round('a')", math.nan),
    ("round(1, 'a')", math.nan),
    ("round(1 div 0)", math.inf),
    ("round(1.5, 400)", 1.5),
    ("round(1.5, -400)", 0.0),
    ("round(pow(10, 300), 20)", 1e300),
    ("int(2.9)", 2.0),
    ("int(-2.9)", -2.0),
    ("int('')", math.nan),
    ("int(1 div 0)", math.inf),
    ("pow(2, 10)", 1024.0),
    ("pow(10, 400)", math.inf),
    ("pow(-10, 401)", -math.inf),
    ("pow(-10, 400)", math.inf),
    ("pow(-8, 1 div 3)", math.nan),
    ("pow(0, -1)", math.inf),
    ("sqrt(9)", 3.0),
    ("sqrt(-1)", math.nan),
    ("sqrt('')", math.nan),
    ("abs(-3)", 3.0),
    # texts
    ("concat('a', 1, true())", "a1true"),
    ("concat()", ""),
    ("concat(${who})", "annbo"),
    ("join(', ', ${who})", "ann, bo, "),
    ("join('-', 'a', 'b')", "a-b"),
    ("join('-')", ""),
    ("contains('abc', 'b')", True),
    ("contains('abc', '')", True),
    ("starts-with('abc', 'ab')", True),
    ("ends-with('abc', 'bc')", True),
    ("ends-with('abc', 'ab')", False),
    ("substring('12345', 2, 3)", "234"),
    ("substring('12345', 2)", "2345"),
    ("substring('12345', 1.5, 2.6)", "234"),
    ("substring('12345', 0, 3)", "12"),
    ("substring('12345', 0 div 0, 3)", ""),
    ("substring('12345', 1, 0 div 0)", ""),
    ("substring('12345', -42, 1 div 0)", "12345"),
    ("substring('12345', -1 div 0, 1 div 0)", ""),
    ("substring('12345', 9)", ""),
    ("substring-before('a-b-c', '-')", "a"),
    ("substring-before('abc', '-')", ""),
    ("substring-before('abc', '')", ""),
    ("substring-after('a-b-c', '-')", "b-c"),
    ("substring-after('abc', '-')", ""),
    ("substring-after('abc', '')", "abc"),
    ("translate('bar', 'abc', 'AB')", "BAr"),
    ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
    ("translate('aa', 'aa', 'xy')", "xx"),
    ("normalize-space('  a  b ')", "a b"),
    ("string-length('héé')", 3.0),
    ("string-length(${t})", 3.0),
    ("string-length('🙂')", 1.0),
    ("string-length()", 3.0),
    ("normalize-space()", "row"),
    ("number()", math.nan),
    # choices
    ("selected(${many}, 'a')", True),
    ("selected(${many}, 'c')", False),
    ("selected(${many}, '')", False),
    ("selected('aa', 'a')", False),
    ("selected('', '')", False),
    ("count-selected(${many})", 2.0),
    ("count-selected('')", 0.0),
    ("selected-at(${many}, 1)", "b"),
    ("selected-at(${many}, 2)", ""),
    ("selected-at(${many}, -1)", ""),
    ("selected-at(${many}, 'x')", ""),
    ("${many}", "a b"),
    ("jr:choice-name(${t}, '${t}')", "bar"),
    ("jr:choice-name(${many}, '${many}')", "a b"),
    ("jr:choice-name('', '${t}')", ""),
    ("jr:choice-name(${t}, ${t})", "bar"),
    # repeats, from outside: the node-set of all rows
    ("${minutes}", [2.0, 3.0, ""]),
    ("count(${minutes})", 3.0),
    ("count(${holds})", 3.0),
    ("count-non-empty(${minutes})", 2.0),
    ("sum(${minutes})", math.nan),
    ("sum(${minutes}[. != ''])", 5.0),
    ("sum(${minutes}[. > 2])", 3.0),
    ("sum(${only})", math.nan),
    ("max(${minutes}[. != ''])", 3.0),
    ("min(${minutes}[. != ''], 1)", 1.0),
    ("min(1, 2)", 1.0),
    ("max('')", math.nan),
    ("min(${minutes}[. = 99])", math.nan),
    ("${minutes} = 3", True),
    ("${minutes} = 4", False),
    ("${minutes} != 2", True),
    ("3 = ${minutes}", True),
    ("${minutes} > 2", True),
    ("string(${minutes})", "2"),
    ("string(${minutes}[. = 99])", ""),
    ("number(${minutes})", 2.0),
    ("boolean(${minutes})", True),
    ("boolean(${minutes}[. = 99])", False),
    ("${minutes}[. = 99] = ''", True),
    ("indexed-repeat(${minutes}, ${holds}, 2)", 3.0),
    ("indexed-repeat(${minutes}, ${holds}, 9)", ""),
    ("indexed-repeat(${minutes}, ${holds}, 'x')", ""),
    ("indexed-repeat(${n}, ${holds}, 1)", ""),
    ("${holds}[2]/minutes", [3.0]),
    ("${holds}[position() = 2]/who", ["bo"]),
    ("${holds}[./minutes > 2]/who", ["bo"]),
    ("${holds}[${minutes} > 2]/who", ["bo"]),
    ("${holds}/who[. != '']", ["ann", "bo"]),
    ("count(${holds}[${n} = 3])", 3.0),
    ("count(${n}[. = 3])", 1.0),
    ("count(${n}[. = 4])", 0.0),
    ("count(${holds}[string-length(./who) > 2])", 1.0),
    ("count(${n} | ${t} | ${n})", 2.0),
    ("${minutes} | ${only}", [2.0, 3.0, "", 7.0, "", ""]),
    ("count(${empty})", 0.0),
    ("count(${holds}/n)", 0.0),
    ("count(../n)", 1.0),
    ("count(../holds)", 3.0),
    ("../n", [3.0]),
    ("count(../../n)", 1.0),
    ("position(..)", 1.0),
    ("position(${holds})", 1.0),
    ("position(${holds}[2])", 2.0),
    ("position(${holds}[9])", math.nan),
    ("position()", 1.0),
    ("boolean(.)", True),
    ("count(.)", 1.0),
    ("string(${holds})", "row"),
    # branches
    ("if(true(), 'a', 'b')", "a"),
    ("if(${minutes}, 'a', 'b')", "a"),
    ("coalesce('', 'b')", "b"),
    ("coalesce('', '', '')", ""),
    ("coalesce(${missing}, ${n})", 3.0),
    ("coalesce(0 div 0, 4)", 4.0),
    ("once('a')", "a"),
    ("checklist(1, 2, true(), false(), 1)", True),
    ("checklist(1, 1, true(), false(), 1)", False),
    ("checklist(-1, 0, '')", True),
    ("checklist(2, -1, true(), true(), true())", True),
    ("weighted-checklist(3, 5, true(), 2, true(), 2, false(), 9)", True),
    ("weighted-checklist(-1, 3, true(), 2, true(), 2)", False),
    # patterns match the whole text
    ("regex('abc', 'a.c')", True),
    ("regex('xabc', 'a.c')", False),
    ("regex('120/80', '^[0-9]{2,3}/[0-9]{2,3}$')", True),
    ("regex('', '')", True),
    ("regex('2026', '\\d{4}')", True),
    # literals
    ('"it\'s"', "it's"),
    ("'say \"x\"'", 'say "x"'),
    ("true()", True),
    ("false()", False),
    (" \n 1 \t ", 1.0),
]


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_an_expression_gives(expression: str, expected: Any) -> None:
    found = evaluate(expression, ANSWERS)
    if isinstance(expected, float) and math.isnan(expected):
        assert isinstance(found, float)
        assert math.isnan(found)
    else:
        assert found == expected
        assert type(found) is type(expected)


REFUSED: list[tuple[str, str, int]] = [
    ("", "empty", 1),
    ("  ", "empty", 1),
    ("1 +", "unexpected", 4),
    ("* 2", "unexpected", 1),
    ("or 1", "unexpected", 1),
    ("1 2", "leftover", 3),
    ("(1", "missing-sign", 3),
    ("1)", "leftover", 2),
    ("if(1, 2", "missing-sign", 8),
    ("'open", "open-quote", 1),
    ("‘curly’", "curly-quote", 1),
    ("$x", "bad-reference", 1),
    ("${}", "bad-reference", 1),
    ("${a b}", "bad-reference", 1),
    ("1 # 2", "bad-character", 3),
    ("x = 1", "bare-name", 1),
    ("/data/x", "absolute-path", 1),
    ("${x}/", "bad-step", 6),
    ("${x}/[1]", "bad-step", 6),
    ("${x}[1", "missing-sign", 7),
    ("sums(${x})", "unknown-function", 1),
    ("last()", "unknown-function", 1),
    ("substr('a', 1)", "unknown-function", 1),
    ("1 + foo()", "unknown-function", 5),
    ("not()", "wrong-count", 1),
    ("if(1, 2)", "wrong-count", 1),
    ("round(1, 2, 3)", "wrong-count", 1),
    ("coalesce(1)", "wrong-count", 1),
    ("weighted-checklist(1, 2, 3, 4, 5)", "wrong-count", 1),
    ("count(1)", "needs-question", 1),
    ("count(1 + 2)", "needs-question", 9),
    ("position('a')", "needs-question", 10),
    ("1 | 2", "needs-question", 1),
    ("jr:choice-name(${x}, 'x')", "needs-question", 1),
    ("jr:choice-name(${x}, 1)", "needs-question", 1),
    ("regex('a', ${x})", "pattern-not-literal", 1),
    ("regex('a', '(a')", "bad-pattern", 15),
    ("regex('a', '(?=a)')", "bad-pattern", 15),
    ("format-date(${x}, '%Q')", "bad-format", 19),
    ("format-date(${x}, '%')", "bad-format", 19),
    ("date('12.11.2026')", "bad-date", 6),
    ("1e10", "leftover", 2),
    ("1 == 1", "unexpected", 4),
    ("a and b", "bare-name", 1),
    ("'a' & 'b'", "bad-character", 5),
    ("__import__('os')", "unknown-function", 1),
]


@pytest.mark.parametrize(("expression", "code", "position"), REFUSED)
def test_what_is_not_in_the_dialect_is_refused_with_its_position(
    expression: str, code: str, position: int
) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(expression, ANSWERS)
    assert (refused.value.code, refused.value.position) == (code, position)
    assert refused.value.sentence.endswith((".", "?"))
    assert f"(at character {position})" in str(refused.value)


def test_a_function_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(ExpressionError, match="Did you mean “selected”"):
        evaluate("slected(${x}, 'a')", {})


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 60 + "1" + ")" * 60,
        "not(" * 60 + "1" + ")" * 60,
        "${x}" + "[${x}" * 60,
        "1+" * 6000 + "1",
    ],
)
def test_nesting_and_length_are_bounded(hostile: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(hostile, {})
    assert refused.value.code in ("too-deep", "too-long")


def test_a_long_flat_chain_is_fine() -> None:
    assert evaluate(" or ".join(["1 = 2"] * 900) + " or true()", {}) is True
    assert evaluate("+".join(["1"] * 3000), {}) == 3000.0


def test_a_computed_text_cannot_grow_without_end() -> None:
    long = {"t": "x" * 600_000}
    assert evaluate("string-length(concat(${t}, ${t}))", long) == 0.0
    assert evaluate("string-length(${t})", long) == 600_000.0


def test_a_number_beyond_floats_is_infinite() -> None:
    assert evaluate("${x} = ${y}", {"x": 10**400, "y": 10**401}) is True
    assert evaluate("${x}", {"x": -(10**400)}) == -math.inf


def test_an_answer_of_a_kind_nobody_knows_is_blank() -> None:
    assert evaluate("${x} = ''", {"x": {"a": 1}}) is True
    assert evaluate("${x} = ''", {"x": object()}) is True


def test_the_rows_themselves_come_as_dicts() -> None:
    assert evaluate("${holds}[2]", ANSWERS) == [ANSWERS["holds"][1]]
    assert evaluate("${holds}[9]", ANSWERS) == []


def test_a_uuid_is_a_new_one_each_time() -> None:
    first, second = evaluate("uuid()", {}), evaluate("uuid()", {})
    assert isinstance(first, str)
    assert len(first) == 36
    assert first != second


def test_the_clock_is_passed_in() -> None:
    at = datetime(2026, 11, 12, 14, 5, 6, 789_000, tzinfo=timezone(timedelta(hours=-8)))
    assert evaluate("today()", {}, at) == "2026-11-12"
    assert evaluate("now()", {}, at) == "2026-11-12T14:05:06.789-08:00"
    assert evaluate("today()", {}) == "1970-01-01"
    assert evaluate("now()", {}, datetime(2026, 1, 1)) == "2026-01-01T00:00:00.000+00:00"
    assert evaluate("now() > ${d}", {"d": datetime(2026, 11, 12, tzinfo=UTC)}, at) is True


def test_an_expression_is_equal_to_another_of_the_same_text() -> None:
    assert compile_expression("1 + 1") == compile_expression("1 + 1")
    assert compile_expression("1 + 1") is compile_expression("1 + 1")


def test_what_an_expression_reads_is_known() -> None:
    found = compile_expression("${a} + indexed-repeat(${b}, ${r}, position(..)) + .")
    assert {(r.name, r.wide) for r in found.references} == {("a", False), ("b", True), ("r", True)}
    assert found.reads_self
    assert found.counts_rows
    assert not found.volatile
    assert compile_expression("now()").volatile
    assert compile_expression("once(1)").sticky
    assert not compile_expression("${r}[. > 1]").reads_self
