"""The functions of the dialect, each with how many arguments it takes and what it gives."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import Protocol

from bt_desktop.form_engine import dates
from bt_desktop.form_engine.grammar import Call, ExpressionError, Literal, Path, Tree
from bt_desktop.form_engine.patterns import Pattern, PatternError, compile_pattern
from bt_desktop.form_engine.values import (
    MAX_TEXT,
    NAN,
    Flag,
    Node,
    Scalar,
    Value,
    World,
    is_blank,
    many,
    node_value,
    one,
    stamp,
    to_bool,
    to_number,
    to_text,
)

_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Context:
    """Where an expression stands: `item` is what `.` means, in a row of `repeat` or in none."""

    world: World
    repeat: str | None
    row: str | None
    item: Node
    position: int
    columns: Mapping[str, str] = field(default_factory=lambda: _NO_COLUMNS)

    def within(self, node: Node, position: int) -> Context:
        """The context of a filter's condition: `node` is `.`, the `position`-th found."""
        name, row = node
        repeat = name if self.world.is_repeat(name) else self.world.home(name)
        if row is None:
            repeat, row = self.repeat, self.row
        return Context(self.world, repeat, row, node, position, self.columns)


Run = Callable[[Context], Value]
Find = Callable[[Context], Sequence[Node]]


class Compiler(Protocol):
    """What a function needs to compile its arguments."""

    def value(self, tree: Tree) -> Run:
        """A closure for a value."""
        ...

    def nodes(self, tree: Tree) -> Find:
        """A closure for a node-set."""
        ...

    def all_rows(self, tree: Tree) -> Find:
        """A closure for a node-set over every row."""
        ...


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments (no `most`: any number), how it compiles, what is checked beforehand."""

    least: int
    most: int | None
    build: Callable[[Compiler, Call], Run]
    check: Callable[[Call], None] | None = None

    def takes(self) -> str:
        """How many arguments, in words."""
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return f"{self.least} argument" + ("" if self.least == 1 else "s")
        return f"{self.least} to {self.most} arguments"


def plain(value: Scalar) -> bool | float | str:
    """A value as plain Python."""
    if isinstance(value, Flag):
        return value.truth
    return str(value) if isinstance(value, str) else value


# -- ways to build --------------------------------------------------------------------------


def _eager(fn: Callable[[World, Sequence[Value]], Value]) -> Callable[[Compiler, Call], Run]:
    """A function of the values of its arguments."""

    def build(compiler: Compiler, call: Call) -> Run:
        args = [compiler.value(a) for a in call.args]
        return lambda c: fn(c.world, [a(c) for a in args])

    return build


def _text(fn: Callable[..., Value], least: int, most: int | None = None) -> Function:
    """A function of texts."""
    return Function(
        least, least if most is None else most, _eager(lambda _, a: fn(*(to_text(x) for x in a)))
    )


def _number(fn: Callable[..., float], least: int, most: int | None = None) -> Function:
    """A function of numbers; what overflows or is not defined is NaN or infinity."""
    return Function(
        least, least if most is None else most, _eager(lambda _, a: fn(*(to_number(x) for x in a)))
    )


def _here(fn: Callable[[str], Value]) -> Function:
    """A function of one text, which is `.` when none is given."""

    def build(compiler: Compiler, call: Call) -> Run:
        if call.args:
            of = compiler.value(call.args[0])
            return lambda c: fn(to_text(of(c)))
        of = compiler.value(Path(".", 0, (), (), call.position))
        return lambda c: fn(to_text(of(c)))

    return Function(0, 1, build)


# -- numbers --------------------------------------------------------------------------------


def _round(number: float, places: float = 0.0) -> float:
    """Half towards positive infinity, as XPath has it: round(-2.5) is -2; in decimal digits."""
    if math.isnan(places):
        return NAN
    if not math.isfinite(number):
        return number
    if abs(places) > 300:
        return number if places > 0 else 0.0
    unit = Decimal(1).scaleb(-math.floor(places))
    scaled = (Decimal(repr(number)) / unit + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return float(scaled * unit)


def _int(number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) else number


def _pow(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == math.floor(exponent) and math.fmod(exponent, 2) != 0
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def _sqrt(number: float) -> float:
    return math.sqrt(number) if number >= 0 else NAN


def _spread(args: Sequence[Value]) -> Iterator[float]:
    return (to_number(v) for a in args for v in many(a))


def _sum(_: World, args: Sequence[Value]) -> Value:
    total = 0.0
    for number in _spread(args):
        total += number
    return total


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[World, Sequence[Value]], Value]:
    def found(_: World, args: Sequence[Value]) -> Value:
        numbers = list(_spread(args))
        if not numbers or any(map(math.isnan, numbers)):
            return NAN
        return pick(numbers)

    return found


def _number_of(compiler: Compiler, call: Call) -> Run:
    of = compiler.value(call.args[0] if call.args else Path(".", 0, (), (), call.position))
    return lambda c: to_number(of(c))


# -- texts ----------------------------------------------------------------------------------


def _concat(_: World, args: Sequence[Value]) -> Value:
    return _joined("", args)


def _join(_: World, args: Sequence[Value]) -> Value:
    return _joined(to_text(args[0]), args[1:])


def _joined(between: str, args: Sequence[Value]) -> str:
    parts = [to_text(v) for a in args for v in many(a)]
    length = sum(map(len, parts)) + len(between) * max(0, len(parts) - 1)
    return between.join(parts) if length <= MAX_TEXT else ""


def _substring(_: World, args: Sequence[Value]) -> Value:
    text = to_text(args[0])
    start = _round(to_number(args[1]))
    end = start + _round(to_number(args[2])) if len(args) == 3 else math.inf
    if math.isnan(start) or math.isnan(end):
        return ""
    first = max(1, start)
    last = min(len(text) + 1, end)
    return text[int(first) - 1 : int(last) - 1] if first < last else ""


def _before(text: str, part: str) -> str:
    head, found, _ = text.partition(part) if part else ("", "", "")
    return head if found else ""


def _after(text: str, part: str) -> str:
    if not part:
        return text
    return text.partition(part)[2]


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for i, sign in enumerate(old):
        table.setdefault(ord(sign), new[i] if i < len(new) else None)
    return text.translate(table)


def _words(text: str) -> list[str]:
    return text.split()


def _selected_at(_: World, args: Sequence[Value]) -> Value:
    words = _words(to_text(args[0]))
    at = _int(to_number(args[1]))
    return words[int(at)] if 0 <= at < len(words) else ""


# -- questions ------------------------------------------------------------------------------


def _count(compiler: Compiler, call: Call) -> Run:
    found = compiler.nodes(call.args[0])
    return lambda c: float(len(found(c)))


def _count_non_empty(compiler: Compiler, call: Call) -> Run:
    found = compiler.nodes(call.args[0])

    def counted(c: Context) -> Value:
        return float(sum(1 for n in found(c) if not is_blank(node_value(c.world, *n))))

    return counted


def _position(compiler: Compiler, call: Call) -> Run:
    if not call.args:
        return lambda c: float(c.position)
    found = compiler.nodes(call.args[0])

    def placed(c: Context) -> Value:
        nodes = found(c)
        if not nodes:
            return NAN
        name, row = nodes[0]
        if row is None:
            return 1.0
        repeat = name if c.world.is_repeat(name) else c.world.home(name) or ""
        rows = c.world.rows(repeat)
        return float(rows.index(row) + 1) if row in rows else NAN

    return placed


def _indexed_repeat(compiler: Compiler, call: Call) -> Run:
    field_nodes = compiler.all_rows(call.args[0])
    row_nodes = compiler.all_rows(call.args[1])
    index = compiler.value(call.args[2])

    def found(c: Context) -> Value:
        at = _round(to_number(index(c)))
        rows = row_nodes(c)
        if not 1 <= at <= len(rows):
            return ""
        row = rows[int(at) - 1][1]
        for node in field_nodes(c):
            if node[1] == row:
                return node_value(c.world, *node)
        return ""

    return found


def _if(compiler: Compiler, call: Call) -> Run:
    test, then, other = (compiler.value(a) for a in call.args)
    return lambda c: then(c) if to_bool(test(c)) else other(c)


def _coalesce(compiler: Compiler, call: Call) -> Run:
    runs = [compiler.value(a) for a in call.args]

    def first(c: Context) -> Value:
        value: Value = ""
        for run in runs:
            value = run(c)
            if not is_blank(one(value)):
                return value
        return value

    return first


def _once(compiler: Compiler, call: Call) -> Run:
    run = compiler.value(call.args[0])

    def kept(c: Context) -> Value:
        before = node_value(c.world, *c.item) if c.item[0] else ""
        return run(c) if is_blank(before) else before

    return kept


def _choice_name(compiler: Compiler, call: Call) -> Run:
    of = compiler.value(call.args[0])
    name = _choice_question(call)
    compiler.nodes(Path(name, 0, (), (), call.position))

    def labelled(c: Context) -> Value:
        value = to_text(of(c))
        whole = c.world.label(name, value)
        if whole or not value:
            return whole
        return ", ".join(label for w in _words(value) if (label := c.world.label(name, w)))

    return labelled


def _choice_question(call: Call) -> str:
    second = call.args[1]
    if isinstance(second, Path) and not second.steps and not second.filters and not second.ups:
        return second.start
    if isinstance(second, Literal):
        text = second.value.strip()
        if text.startswith("${") and text.endswith("}"):
            return text[2:-1].strip()
    raise ExpressionError(
        "needs-question",
        call.position,
        "jr:choice-name() takes a value and the question in quotes: '${name}'.",
    )


# -- patterns -------------------------------------------------------------------------------


def _regex(compiler: Compiler, call: Call) -> Run:
    of = compiler.value(call.args[0])
    pattern = _pattern(call)
    return lambda c: pattern.matches(to_text(of(c)))


def _pattern(call: Call) -> Pattern:
    second = call.args[1]
    if not isinstance(second, Literal):
        raise ExpressionError(
            "pattern-not-literal", call.position, "The pattern of regex() stands in quotes."
        )
    try:
        return compile_pattern(second.value)
    except PatternError as e:
        raise ExpressionError("bad-pattern", second.position + e.position, e.sentence) from None


def _check_format(call: Call) -> None:
    second = call.args[1]
    if isinstance(second, Literal):
        bad = dates.unknown_sign(second.value)
        if bad:
            raise ExpressionError(
                "bad-format", second.position, f"“{bad}” is not a part of a date or time."
            )


def _check_date(call: Call) -> None:
    first = call.args[0]
    if isinstance(first, Literal) and first.value and not dates.is_date_text(first.value):
        raise ExpressionError(
            "bad-date", first.position, f"“{first.value}” is not a date like 2026-11-12."
        )


def _checklist(_: World, args: Sequence[Value]) -> Value:
    true = sum(1 for a in args[2:] for v in many(a) if to_bool(v))
    return _between(to_number(args[0]), float(true), to_number(args[1]))


def _weighted(_: World, args: Sequence[Value]) -> Value:
    flags = [v for a in args[2::2] for v in many(a)]
    weights = [v for a in args[3::2] for v in many(a)]
    pairs = zip(flags, weights, strict=False)
    total = sum(to_number(w) for f, w in pairs if to_bool(f))
    return _between(to_number(args[0]), float(total), to_number(args[1]))


def _between(least: float, total: float, most: float) -> bool:
    """-1 stands for no limit."""
    return (least == -1 or total >= least) and (most == -1 or total <= most)


def _check_pairs(call: Call) -> None:
    if len(call.args) % 2:
        raise ExpressionError(
            "wrong-count", call.position, "weighted-checklist() takes a weight after each answer."
        )


def _dated(fn: Callable[[World, Sequence[Scalar]], Scalar]) -> Callable[[Compiler, Call], Run]:
    return _eager(lambda w, a: fn(w, [one(x) for x in a]))


READ_THE_CLOCK = frozenset(("today", "now"))
KEEP_THEIR_VALUE = frozenset(("once", "uuid"))

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "true": Function(0, 0, _eager(lambda *_: True)),
        "false": Function(0, 0, _eager(lambda *_: False)),
        "boolean": Function(1, 1, _eager(lambda _, a: to_bool(a[0]))),
        "not": Function(1, 1, _eager(lambda _, a: not to_bool(a[0]))),
        "string": _here(str),
        "number": Function(
            0,
            1,
            _number_of,
        ),
        "int": _number(_int, 1),
        "round": _number(_round, 1, 2),
        "string-length": _here(lambda t: float(len(t))),
        "normalize-space": _here(lambda t: " ".join(t.split())),
        "concat": Function(0, None, _eager(_concat)),
        "join": Function(1, None, _eager(_join)),
        "contains": _text(lambda t, p: p in t, 2),
        "starts-with": _text(lambda t, p: t.startswith(p), 2),
        "ends-with": _text(lambda t, p: t.endswith(p), 2),
        "substring": Function(2, 3, _eager(_substring)),
        "substring-before": _text(_before, 2),
        "substring-after": _text(_after, 2),
        "translate": _text(_translate, 3),
        "regex": Function(2, 2, _regex),
        "count": Function(1, 1, _count),
        "count-non-empty": Function(1, 1, _count_non_empty),
        "count-selected": _text(lambda t: float(len(_words(t))), 1),
        "selected": _text(lambda t, w: w.strip() in _words(t), 2),
        "selected-at": Function(2, 2, _eager(_selected_at)),
        "jr:choice-name": Function(2, 2, _choice_name),
        "sum": Function(1, None, _eager(_sum)),
        "min": Function(1, None, _eager(_extreme(min))),
        "max": Function(1, None, _eager(_extreme(max))),
        "pow": _number(_pow, 2),
        "sqrt": _number(_sqrt, 1),
        "abs": _number(abs, 1),
        "coalesce": Function(2, None, _coalesce),
        "if": Function(3, 3, _if),
        "once": Function(1, 1, _once),
        "position": Function(0, 1, _position),
        "today": Function(0, 0, _dated(lambda w, _: stamp(w.now().date()))),
        "now": Function(0, 0, _dated(lambda w, _: dates.now_stamp(w))),
        "date": Function(1, 1, _dated(dates.to_date), _check_date),
        "date-time": Function(1, 1, _dated(dates.to_datetime), _check_date),
        "decimal-date-time": Function(1, 1, _dated(dates.decimal_date_time), _check_date),
        "decimal-time": Function(1, 1, _dated(dates.decimal_time)),
        "format-date": Function(2, 2, _dated(dates.format_date), _check_format),
        "format-date-time": Function(2, 2, _dated(dates.format_date), _check_format),
        "uuid": Function(0, 0, _eager(lambda *_: str(uuid.uuid4()))),
        "indexed-repeat": Function(3, 3, _indexed_repeat),
        "checklist": Function(3, None, _eager(_checklist)),
        "weighted-checklist": Function(4, None, _eager(_weighted), _check_pairs),
        "minutes-between": Function(2, 2, _dated(dates.minutes_between)),
        "minutes-after": Function(2, 2, _dated(dates.minutes_after)),
        "age-at": Function(2, 2, _dated(dates.age_at)),
        "school-days-between": Function(2, 2, _dated(dates.school_days_between)),
        "event-has": Function(1, 1, _eager(lambda w, a: w.event_has(str(one(a[0]))))),
    }
)
