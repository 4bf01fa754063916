"""What the ledgers of an order's containers say on a medication record: what was left when.

Pure. Lines are taken in the order in which they happened, so that what is left goes down the page
as it did in the office; a line entered later stands where it happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.mar_source import MarSource, Moved
from bt_desktop.services.health.model import plain


@dataclass(frozen=True, slots=True)
class Running:
    """`after` each dose that took from it, what was left; `moved` by day what came or went beside
    doses (“+30”, “−1”); `around` each line (by id): before and after; `ends` of days with one."""

    after: Mapping[str, Decimal]
    moved: Mapping[date, tuple[str, ...]]
    around: Mapping[str, tuple[Decimal, Decimal]]
    ends: Mapping[date, Decimal]

    def at_end(self, day: date) -> str:
        """What was left at a day's end; "" before anything came."""
        before = [on for on in self.ends if on <= day]
        return plain(self.ends[max(before)]) if before else ""


def running(source: MarSource) -> Running:
    """The lines of all containers of the order, added up."""
    undone = {one.dosed.dose.id for one in source.struck}
    left = NOTHING
    after: dict[str, Decimal] = {}
    moved: dict[date, tuple[str, ...]] = {}
    around: dict[str, tuple[Decimal, Decimal]] = {}
    ends: dict[date, Decimal] = {}
    for one in sorted(source.moves, key=lambda line: (line.move.at, line.count)):
        move, day = one.move, source.place.calendar_day(one.move.at)
        change = _of_office(one)
        around[move.id] = left, left + change
        left += change
        ends[day] = left
        if move.dose_id is not None and move.dose_id not in undone:
            after[move.dose_id] = left
        if move.kind not in ("given", "count") and change and move.dose_id not in undone:
            sign = "+" if change > 0 else "\N{MINUS SIGN}"
            moved[day] = (*moved.get(day, ()), f"{sign}{plain(abs(change))}")
    return Running(after, moved, around, ends)


def _of_office(one: Moved) -> Decimal:
    """By how much a line changes what is in the office: on a trip it takes from what is out."""
    move = one.move
    away = move.kind in ("given", "wasted") and bool(move.trip)
    return NOTHING if away else move.change
