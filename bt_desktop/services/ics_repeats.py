"""On which days a calendar's entry repeats: the rules that schools use, bounded by construction.

Daily, weekly, monthly and yearly with an interval, weekdays (in a month also "the 2nd Wednesday"),
an end or a count. Any other part of a rule is refused rather than guessed. A library's expander is
not used: a rule that never comes true ("30 February") keeps it searching to the year 9999.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_KNOWN = frozenset(("FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"))
_BY_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)\Z")
_LONGEST = timedelta(days=3 * 366)
_MOST = 400


def repeats(rule: Mapping[str, Any], first: date) -> Iterator[date]:
    """The days of a rule (as icalendar reads it: lists by upper-case key), for three years at most.

    Raises ValueError for a rule that is not understood.
    """
    if unknown := {str(key).upper() for key in rule} - _KNOWN:
        raise ValueError(f"not understood: {sorted(unknown)}")
    interval = int(_one(rule, "INTERVAL", 1))
    often = min(int(_one(rule, "COUNT", _MOST)), _MOST)
    if not 1 <= interval <= _MOST:
        raise ValueError("interval")
    until = _one(rule, "UNTIL", first + _LONGEST)
    last = min(date(until.year, until.month, until.day), first + _LONGEST)
    wanted = [_by_day(str(one)) for one in _list(rule.get("BYDAY"))]
    fits = _FREQUENCIES[str(_one(rule, "FREQ", "")).upper()]
    found, day = 0, first
    while day <= last and found < often:
        if fits(day, first, interval, wanted):
            found += 1
            yield day
        day += timedelta(days=1)


_ByDay = tuple[int | None, int]


def _list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _one(rule: Mapping[str, Any], key: str, default: Any) -> Any:
    found = _list(rule.get(key))
    return found[0] if found else default


def _by_day(word: str) -> _ByDay:
    found = _BY_DAY.match(word.upper())
    if found is None:
        raise ValueError(word)
    return (int(found[1]) if found[1] else None), _WEEKDAYS[found[2]]


def _on_weekday(day: date, wanted: Sequence[_ByDay]) -> bool:
    return any(weekday == day.weekday() for _, weekday in wanted)


def _daily(day: date, first: date, interval: int, wanted: Sequence[_ByDay]) -> bool:
    return (day - first).days % interval == 0 and (not wanted or _on_weekday(day, wanted))


def _weekly(day: date, first: date, interval: int, wanted: Sequence[_ByDay]) -> bool:
    monday = first - timedelta(days=first.weekday())
    if (day - monday).days // 7 % interval:
        return False
    return _on_weekday(day, wanted) if wanted else day.weekday() == first.weekday()


def _monthly(day: date, first: date, interval: int, wanted: Sequence[_ByDay]) -> bool:
    if (day.year * 12 + day.month - first.year * 12 - first.month) % interval:
        return False
    return any(_in_month(day, one) for one in wanted) if wanted else day.day == first.day


def _in_month(day: date, wanted: _ByDay) -> bool:
    """Whether it is, say, the second Wednesday (2, 2) or the last Friday (-1, 4) of its month."""
    ordinal, weekday = wanted
    if day.weekday() != weekday:
        return False
    if ordinal is None:
        return True
    if ordinal > 0:
        return (day.day - 1) // 7 + 1 == ordinal
    left = months.monthrange(day.year, day.month)[1] - day.day
    return left // 7 + 1 == -ordinal


def _yearly(day: date, first: date, interval: int, wanted: Sequence[_ByDay]) -> bool:
    if wanted:
        raise ValueError("weekdays in a year")
    same = (day.month, day.day) == (first.month, first.day)
    return same and (day.year - first.year) % interval == 0


_FREQUENCIES = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
