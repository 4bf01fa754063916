"""One expression against plain answers: for tests, tools and people who write forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bt_desktop.form_engine.expressions import compile_expression, outside, result
from bt_desktop.form_engine.values import Flag, NodeSet, Scalar, Stamp, read_moment, stamp


def weekdays_between(after: date, until: date) -> int:
    """Mondays to Fridays later than `after`, up to and with `until`: a calendar without holidays.

    Where a school's own calendar is known, it is passed in instead.
    """
    whole, rest = divmod((until - after).days, 7)
    partly = sum((after + timedelta(days=i + 1)).weekday() < 5 for i in range(rest))
    return whole * 5 + partly


class _Answers:
    """Plain answers as a world: a list of mappings is a repeat, everything else a question."""

    def __init__(self, answers: Mapping[str, Any], now: datetime) -> None:
        self._now = now
        self._fields: Mapping[str, Any] = answers
        self._repeats: dict[str, list[Mapping[str, Any]]] = {}
        self._homes: dict[str, str] = {}
        for name, value in answers.items():
            if isinstance(value, list) and _is_rows(value):
                self._repeats[name] = value
        if self._repeats:
            self._fields = {k: v for k, v in answers.items() if k not in self._repeats}
        for repeat, rows in self._repeats.items():
            for row in rows:
                for name in row:
                    self._homes.setdefault(name, repeat)

    def home(self, name: str) -> str | None:
        return None if name in self._fields else self._homes.get(name)

    def is_repeat(self, name: str) -> bool:
        return name in self._repeats

    def value(self, name: str, row: str | None) -> Scalar:
        if row is None:
            return self._scalar(self._fields.get(name))
        return self._scalar(self._repeats[self._homes[name]][int(row)].get(name))

    def rows(self, repeat: str) -> Sequence[str]:
        return [str(i) for i in range(len(self._repeats[repeat]))]

    def label(self, name: str, value: str) -> str:
        return value

    def now(self) -> datetime:
        return self._now

    def aware(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self._now.tzinfo)

    def school_days(self, after: date, until: date) -> int:
        return weekdays_between(after, until)

    def event_has(self, form: str) -> bool:
        return False

    def _scalar(self, value: Any) -> Scalar:
        if value is None:
            return ""
        if isinstance(value, bool):
            return Flag(value)
        if isinstance(value, int | float | Decimal):
            return _float(value)
        if isinstance(value, str):
            moment = read_moment(value)
            if isinstance(moment, datetime) and moment.tzinfo is None:
                moment = self.aware(moment)
            return value if moment is None else Stamp(value, moment)
        if isinstance(value, datetime):
            return stamp(value if value.tzinfo else self.aware(value))
        if isinstance(value, date | time):
            return stamp(value)
        if isinstance(value, Sequence | set | frozenset):
            return " ".join(str(v) for v in value)
        return ""


def _float(value: int | float | Decimal) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _is_rows(value: list[Any]) -> bool:
    return all(isinstance(v, Mapping) for v in value)


Evaluator = Callable[[str], "bool | float | str | list[Any]"]


def evaluate(
    expression: str, answers: Mapping[str, Any], now: datetime | None = None
) -> bool | float | str | list[Any]:
    """The value of one expression, seen from outside every repeat.

    `answers` maps names to plain values: None or a name that is missing reads as blank, a number
    as a number, a bool as true or false, an ISO text as a date, time or datetime, a list of texts
    as a choice of several, and a list of dicts as the rows of a repeat: there `${name}` stands
    for the name in all rows. `now` (aware) is what today() and now() say; without it, the
    beginning of 1970 in UTC, so that nothing depends on when it is asked.

    Gives a bool, a float, a text, or a list for a node-set. Raises `ExpressionError` (with code
    and position) for what is not in the dialect; never fails otherwise.
    """
    return evaluator(answers, now)(expression)


def evaluator(answers: Mapping[str, Any], now: datetime | None = None) -> Evaluator:
    """`evaluate` for many expressions over the same answers, which are read once."""
    at = now if now is not None else datetime(1970, 1, 1, tzinfo=UTC)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    world = outside(_Answers(answers, at))

    def of(expression: str) -> bool | float | str | list[Any]:
        value = compile_expression(expression).run(world)
        if isinstance(value, NodeSet) and _rows_only(value):
            return [dict(answers[name][int(row or 0)]) for name, row in value.nodes]
        return result(value)

    return of


def _rows_only(value: NodeSet) -> bool:
    return bool(value.nodes) and all(n and value.world.is_repeat(n) for n, _ in value.nodes)
