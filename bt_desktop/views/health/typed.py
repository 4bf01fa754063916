"""Times of day and spans as they are typed into an order. Sentences for what cannot be read."""

from __future__ import annotations

import re
from datetime import datetime, time

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.model import plain
from bt_desktop.services.health.times import times_words
from bt_desktop.views.widgets.dates import read_clock

_BETWEEN = re.compile(r"[,;]|\band\b|&", re.IGNORECASE)
_IN_MINUTES = {"hours": 60, "minutes": 1}
_LONGEST_MIN = 7 * 24 * 60


def read_times(typed: str, now: datetime) -> tuple[time, ...]:
    """`8:15 am, 12:00 pm and 2:30 pm`, sorted; empty for blank. Raises ValueError."""
    found = []
    for part in filter(str.strip, _BETWEEN.split(typed)):
        one = read_clock(part, now)
        if one is not None:
            found.append(one.replace(second=0, microsecond=0))
    return tuple(sorted(found))


def times_text(times: tuple[time, ...]) -> str:
    """As `read_times` reads it again."""
    return times_words(times)


def read_span(typed: str, unit: str) -> int:
    """So many `hours` or `minutes`, in minutes; 0 for blank. Raises ValueError."""
    amount = read_amount(typed)
    if amount is None:
        return 0
    minutes = amount * _IN_MINUTES[unit]
    if minutes != int(minutes) or minutes > _LONGEST_MIN:
        raise ValueError("Write whole minutes, and a week at most.")
    return int(minutes)


def read_count(typed: str) -> int | None:
    """A whole number; None for blank. Raises ValueError."""
    amount = read_amount(typed)
    if amount is not None and amount != int(amount):
        raise ValueError("Write a whole number.")
    return int(amount) if amount is not None else None


def understood(typed: str) -> str:
    """What an amount was understood as, where it was not typed as we write it; else blank."""
    try:
        amount = read_amount(typed)
    except ValueError:
        return ""
    if amount is None or typed.strip() == plain(amount):
        return ""
    return f"Understood as {plain(amount)}."
