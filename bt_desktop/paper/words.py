"""How paper says days, times and durations: as people in a school office write them.

English (United States) only, for now. Every moment is said in the offset it carries.
"""

from __future__ import annotations

from datetime import date, datetime, time

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def clock(at: datetime | time) -> str:
    """10:16 am."""
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def long_day(day: date) -> str:
    """Thursday, November 12, 2026."""
    return f"{DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Nov 12, 2026."""
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def moment(at: datetime) -> str:
    """Nov 12, 2026, 2:05 pm."""
    return f"{short_day(at)}, {clock(at)}"


def span(start: datetime, end: datetime) -> str:
    """10:12 – 10:14 am; both halves of the day where they differ, both days past midnight."""
    if start.date() != end.date():
        return f"{moment(start)} – {moment(end)}"
    if (start.hour < 12) == (end.hour < 12):
        return f"{clock(start)[:-3]} – {clock(end)}"
    return f"{clock(start)} – {clock(end)}"


def some(count: int, one: str, many: str = "") -> str:
    """One staff member; two staff members; 12 staff members."""
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    figure = small[count] if 0 <= count < len(small) else str(count)
    return f"{figure} {one if count == 1 else many or one + 's'}"


def listed(things: list[str] | tuple[str, ...]) -> str:
    """a; a and b; a, b and c."""
    if len(things) < 2:
        return "".join(things)
    return ", ".join(things[:-1]) + " and " + things[-1]
