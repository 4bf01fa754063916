"""Days and times as people say them: Thursday, November 12; 10:16 am; today 10:09 am."""

from __future__ import annotations

from datetime import date, datetime, time

from bt_desktop.clock import local_at

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def clock_words(at: datetime | time) -> str:
    """10:16 am."""
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def day_words(day: date, *, weekday: bool = True, year: bool = False) -> str:
    """Thursday, November 12 (with the year where asked)."""
    words = f"{MONTHS[day.month - 1]} {day.day}" + (f", {day.year}" if year else "")
    return f"{_DAYS[day.weekday()]}, {words}" if weekday else words


def short_day(day: date, today: date) -> str:
    """Nov 9; with the year when it is not this one."""
    words = f"{MONTHS[day.month - 1][:3]} {day.day}"
    return words if day.year == today.year else f"{words}, {day.year}"


def moment_words(at: datetime, now: datetime) -> str:
    """today 10:09 am; yesterday 3:05 pm; Nov 9, 1:15 pm. Both in the local offset of `now`."""
    at = local_at(at, now)
    days = (now.date() - at.date()).days
    if days == 0:
        return f"today {clock_words(at)}"
    if days == 1:
        return f"yesterday {clock_words(at)}"
    return f"{short_day(at.date(), now.date())}, {clock_words(at)}"


def full_date(day: date | None) -> str:
    """2017-03-09 as people write it here: Mar 9, 2017; empty when unknown."""
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}" if day else ""
