"""Dates and times in expressions. What cannot be read as a moment gives a blank or NaN."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bt_desktop.form_engine.values import (
    NAN,
    Scalar,
    Stamp,
    World,
    as_stamp,
    days,
    read_moment,
    stamp,
    to_number,
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_SIGN = re.compile(r"%(.?)", re.DOTALL)
_KNOWN = frozenset("YymnBbdeHhMS3ZAaWj%")
_MOST_MINUTES = 60 * 24 * 366
"""A year: what lies farther away is no time that a form asks for."""


def is_date_text(text: str) -> bool:
    """Whether a text is an ISO date or datetime."""
    return isinstance(read_moment(text), date)


def now_stamp(world: World) -> Stamp:
    """now(): to the millisecond, with the offset."""
    moment = world.now()
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return Stamp(moment.isoformat(timespec="milliseconds"), moment)


def to_date(world: World, args: Sequence[Scalar]) -> Scalar:
    """date(): the day of a date, a datetime or a number of days; else blank."""
    found = as_stamp(args[0], world)
    if found is None or isinstance(found.moment, time):
        return ""
    moment = found.moment
    return stamp(moment.date() if isinstance(moment, datetime) else moment)


def to_datetime(world: World, args: Sequence[Scalar]) -> Scalar:
    """date-time(): a date counts as its first moment here."""
    found = as_stamp(args[0], world)
    if found is None or isinstance(found.moment, time):
        return ""
    return stamp(_aware(found.moment, world))


def _aware(moment: date, world: World) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return world.aware(datetime.combine(moment, time()))


def decimal_date_time(world: World, args: Sequence[Scalar]) -> Scalar:
    """Days since 1970-01-01 UTC; a date gives a whole number, whatever the place."""
    found = as_stamp(args[0], world)
    if found is None or isinstance(found.moment, time):
        return NAN
    return days(found.moment)


def decimal_time(world: World, args: Sequence[Scalar]) -> Scalar:
    """The part of the day that has gone by: 06:00 is 0.25."""
    found = as_stamp(args[0], world) if isinstance(args[0], str) else None
    if found is None:
        return NAN
    moment = found.moment
    if isinstance(moment, datetime):
        return days(moment.time())
    return days(moment) if isinstance(moment, time) else 0.0


def unknown_sign(pattern: str) -> str:
    """The first `%x` of a date format that is not known, or nothing."""
    for m in _SIGN.finditer(pattern):
        if m[1] not in _KNOWN or not m[1]:
            return m[0]
    return ""


def format_date(world: World, args: Sequence[Scalar]) -> Scalar:
    """format-date(), format-date-time(): blank for what is no moment or no format."""
    pattern = str(args[1])
    found = as_stamp(args[0], world)
    if found is None or unknown_sign(pattern):
        return ""
    moment = found.moment
    if isinstance(moment, time):
        moment = datetime.combine(world.now().date(), moment)
    elif not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return _SIGN.sub(lambda m: _part(m[1], moment), pattern)


def _part(sign: str, at: datetime) -> str:
    numbers = {
        "Y": f"{at.year:04d}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "n": str(at.month),
        "d": f"{at.day:02d}",
        "e": str(at.day),
        "H": f"{at.hour:02d}",
        "h": str(at.hour),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "3": f"{at.microsecond // 1000:03d}",
        "j": f"{at.timetuple().tm_yday:03d}",
        "W": str(at.isocalendar().week),
        "B": _MONTHS[at.month - 1],
        "b": _MONTHS[at.month - 1][:3],
        "A": _WEEKDAYS[at.weekday()],
        "a": _WEEKDAYS[at.weekday()][:3],
        "Z": at.strftime("%z"),
        "%": "%",
    }
    return numbers[sign]


def minutes_between(world: World, args: Sequence[Scalar]) -> Scalar:
    """Minutes from the first to the second (negative if it is earlier); exact over clock changes.

    Two times count within one day. Whatever is blank or of another kind gives NaN.
    """
    a, b = as_stamp(args[0], world), as_stamp(args[1], world)
    if a is None or b is None:
        return NAN
    if isinstance(a.moment, time) or isinstance(b.moment, time):
        if not (isinstance(a.moment, time) and isinstance(b.moment, time)):
            return NAN
        return round((days(b.moment) - days(a.moment)) * 86_400_000) / 60_000
    return (_aware(b.moment, world) - _aware(a.moment, world)).total_seconds() / 60


def minutes_after(world: World, args: Sequence[Scalar]) -> Scalar:
    """A moment so many minutes later, with the offset that holds here then; else blank.

    Exact over clock changes. A date counts as its first moment, a time of day has no day to go by.
    """
    found, minutes = as_stamp(args[0], world), to_number(args[1])
    if found is None or isinstance(found.moment, time) or not abs(minutes) <= _MOST_MINUTES:
        return ""
    start = _aware(found.moment, world)
    exact = start.astimezone(UTC) + timedelta(minutes=minutes)
    later = exact.astimezone(start.tzinfo)
    here = world.aware(later.replace(tzinfo=None))
    return stamp(here if here == exact else later)


def _day(value: Scalar, world: World) -> date | None:
    found = to_date(world, [value])
    return found.moment if isinstance(found, Stamp) and not isinstance(found.moment, time) else None


def age_at(world: World, args: Sequence[Scalar]) -> Scalar:
    """Whole years from a birth date to a day; born on February 29, older from March 1."""
    born, at = _day(args[0], world), _day(args[1], world)
    if born is None or at is None or at < born:
        return NAN
    return float(at.year - born.year - ((at.month, at.day) < (born.month, born.day)))


def school_days_between(world: World, args: Sequence[Scalar]) -> Scalar:
    """School days after the first day up to and with the second; negative the other way round."""
    first, last = _day(args[0], world), _day(args[1], world)
    if first is None or last is None:
        return NAN
    if last < first:
        return -float(world.school_days(last, first))
    return float(world.school_days(first, last))
