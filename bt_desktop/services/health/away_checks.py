"""What can be wrong with an absence or a trip as it is entered. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from bt_desktop.services.health.away_model import AWAY_KINDS, NewAway
from bt_desktop.services.results.people import Problem

LONGEST = timedelta(days=120)
"""A longer absence is entered anew: a hundred and twenty days by mistake hide a term of doses."""
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST_WORDS = 120


def away_problems(new: NewAway, today: date) -> list[Problem]:
    """What is wrong, by field; empty when it can be kept."""
    if new.kind not in AWAY_KINDS:
        return [Problem("kind", "unknown", "Choose one of the list.")]
    told = [
        (
            Problem("last", "before", "The last day is before the first. Look at the days."),
            new.last < new.first,
        ),
        (
            Problem("last", "long", "That is more than 120 days. Enter what is known so far."),
            new.last - new.first > LONGEST,
        ),
        (
            Problem("first", "old", "That is more than two months ago. Look at the day."),
            new.first < today - BACK,
        ),
        (
            Problem("first", "far", "That is more than a year away. Look at the day."),
            new.first > today + AHEAD,
        ),
    ]
    told += _OF_KIND[new.kind](new)
    return [problem for problem, wrong in told if wrong]


def _absent(new: NewAway) -> list[tuple[Problem, bool]]:
    return []


def _early(new: NewAway) -> list[tuple[Problem, bool]]:
    return [
        (Problem("leaves", "missing", "Write when they leave."), new.leaves is None),
        (_ONE_DAY, new.first != new.last),
    ]


def _late(new: NewAway) -> list[tuple[Problem, bool]]:
    return [
        (Problem("returns", "missing", "Write when they come."), new.returns is None),
        (_ONE_DAY, new.first != new.last),
    ]


def _trip(new: NewAway) -> list[tuple[Problem, bool]]:
    name = " ".join(new.name.split())
    same_day = new.first == new.last and None not in (new.leaves, new.returns)
    backward = (
        same_day
        and new.leaves is not None
        and new.returns is not None
        and new.returns <= new.leaves
    )
    return [
        (Problem("name", "missing", "Write where the trip goes, as the board shows it."), not name),
        (Problem("name", "long", "That is too long for the board."), len(name) > MOST_WORDS),
        (Problem("returns", "before", "They are back before they leave."), backward),
    ]


_ONE_DAY = Problem("last", "days", "That is about one day. Enter each day by itself.")
_OF_KIND = {"absent": _absent, "early": _early, "late": _late, "trip": _trip}
