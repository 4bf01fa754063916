"""Dates and times as people type them: `1015`, `10.15a`, `3pm`, `now`, `+5`, `t`, `y`, `11/21`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bt_desktop.form_engine.values import read_moment


class Unreadable(ValueError):
    """What was typed is no date or time; `code` names the sentence that says how to type one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:.,h ](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?)?\s*(?P<half>[ap])?\.?(?:m\.?)?\Z",
    re.ASCII,
)
_DIGITS = re.compile(r"(?P<h>\d{1,2})(?P<m>\d{2})(?P<s>)\s*(?P<half>[ap])?\.?(?:m\.?)?\Z", re.ASCII)
_SHIFT = re.compile(r"([+-])\s*(\d{1,4})\Z", re.ASCII)
_ZONE = re.compile(r"(?P<rest>.*\d.*?)\s*(?P<zone>Z|[+-]\d{2}:\d{2})\Z", re.ASCII)
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?\Z", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z", re.ASCII)
_WORDY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\Z", re.ASCII)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FULL_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def parse_time(typed: str, now: datetime) -> time | None:
    """As `time_of`; None for a blank."""
    return time_of(typed, now) if typed.strip() else None


def time_of(typed: str, now: datetime) -> time:
    """A time of day; `now` and `+5`, `-10` (minutes from now) as the clock stands."""
    text = typed.strip().lower()
    if text in ("n", "now"):
        return now.time().replace(second=0, microsecond=0)
    if text in ("noon", "midday"):
        return time(12)
    if text == "midnight":
        return time(0)
    if m := _SHIFT.match(text):
        moved = now + timedelta(minutes=int(m[1] + m[2]))
        return moved.time().replace(second=0, microsecond=0)
    m = _DIGITS.match(text) or _TIME.match(text)
    if m is None or (m["m"] is None and m["half"] is None):
        raise Unreadable("time")
    return _clock(int(m["h"]), int(m["m"] or 0), int(m["s"] or 0), m["half"])


def _clock(hour: int, minute: int, second: int, half: str | None) -> time:
    if half is not None:
        if not 1 <= hour <= 12:
            raise Unreadable("time")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise Unreadable("time") from None


def parse_date(typed: str, today: date, *, day_first: bool = False) -> date | None:
    """As `date_of`; None for a blank."""
    return date_of(typed, today, day_first=day_first) if typed.strip() else None


def date_of(typed: str, today: date, *, day_first: bool = False) -> date:
    """A day. `t` today, `y` yesterday, `-3` three days ago, `11/21` in the year in which it lies
    nearest before today, or at most 60 days ahead."""
    text = typed.strip().lower()
    if text in ("t", "today", "n", "now"):
        return today
    if text in ("y", "yesterday"):
        return today - timedelta(days=1)
    if text == "tomorrow":
        return today + timedelta(days=1)
    try:
        if m := _SHIFT.match(text):
            return today + timedelta(days=int(m[1] + m[2]))
        return _calendar_day(text, today, day_first=day_first)
    except (ValueError, OverflowError):
        raise Unreadable("date") from None


def _calendar_day(text: str, today: date, *, day_first: bool) -> date:
    if m := _ISO_DAY.match(text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := _WORDY.match(text):
        names = _FULL_MONTHS if m[1] in _FULL_MONTHS else _MONTHS
        month = names.index(m[1] if m[1] in _FULL_MONTHS else m[1][:3]) + 1
        if m[1] not in _FULL_MONTHS and len(m[1]) > 4:
            raise Unreadable("date")
        return _with_year(m[3], month, int(m[2]), today)
    if m := _DAY.match(text):
        month, day = (int(m[2]), int(m[1])) if day_first else (int(m[1]), int(m[2]))
        return _with_year(m[3], month, day, today)
    raise Unreadable("date")


def _with_year(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        full = int(year)
        if len(year) == 2:
            full += today.year // 100 * 100
            if full > today.year + 20:
                full -= 100
        return date(full, month, day)
    if (month, day) == (2, 29):
        found = next(y for y in range(today.year, today.year - 9, -1) if _is_leap(y))
        return date(found, 2, 29)
    this_year = date(today.year, month, day)
    if this_year > today + timedelta(days=60):
        return this_year.replace(year=today.year - 1)
    next_year = this_year.replace(year=today.year + 1)
    return next_year if next_year <= today + timedelta(days=60) else this_year


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def split_zone(typed: str) -> tuple[str, str]:
    """A typed text without its offset, and the offset (`-08:00`, `Z`) or nothing."""
    text = typed.strip()
    m = _ZONE.match(text)
    if m is None or ":" not in m["rest"]:
        return text, ""
    return m["rest"].strip(), m["zone"]


def parse_datetime(typed: str, now: datetime, *, day_first: bool = False) -> datetime | None:
    """As `moment_of`; None for a blank."""
    return moment_of(typed, now, day_first=day_first) if typed.strip() else None


def moment_of(typed: str, now: datetime, *, day_first: bool = False) -> datetime:
    """A day and a time (`11/12 10:15`, `y 3pm`, ISO, `now`), naive unless an offset was typed."""
    text = typed.strip()
    iso = read_moment(text)
    if isinstance(iso, datetime):
        return iso.replace(microsecond=0)
    if text.lower() in ("n", "now"):
        return now.replace(second=0, microsecond=0)
    rest, zone = split_zone(text)
    words = rest.replace(",", " ").split()
    for cut in range(1, len(words)):
        try:
            day = date_of(" ".join(words[:cut]), now.date(), day_first=day_first)
            clock = time_of(" ".join(words[cut:]), now)
            return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone}")
        except ValueError:  # Unreadable, or an offset that none has
            continue
    raise Unreadable("datetime")
