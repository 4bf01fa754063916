"""The stock as a ledger: lines are only added, the balance is their sum.

Pure: lots and moves in, balances and problems out (domain §1.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bt_desktop.services.health.model import Lot, Move, MoveKind

NOTHING = Decimal(0)
TWO_PEOPLE: frozenset[MoveKind] = frozenset(
    ("received", "wasted", "returned", "destroyed", "count", "adjust", "trip_out", "trip_in")
)
"""What two people sign where the medicine is controlled (R19); a dose where the school says so."""
_SIGN: dict[MoveKind, int] = {
    "received": 1,
    "given": -1,
    "wasted": -1,
    "returned": -1,
    "destroyed": -1,
    "trip_out": -1,
    "trip_in": 1,
    "count": 0,
    "adjust": 0,  # either way, by what a count of two people found
}


@dataclass(frozen=True, slots=True)
class Balance:
    """A lot as it stands. `away` is what is out on trips; `mismatch` is the newest count that did
    not come out and was not settled since (counted minus expected), and what a trip did not bring
    back: by the ledger it all came back, until two people set it right."""

    lot: Lot
    office: Decimal = NOTHING
    away: Decimal = NOTHING
    mismatch: Decimal | None = None
    counted_on: date | None = None
    moves: int = 0
    trips: dict[str, Decimal] = field(default_factory=dict)  # by trip, what is out

    @property
    def stopped(self) -> bool:
        """R20: routine doses from this lot wait until two people have recounted."""
        return self.mismatch is not None

    def empty(self) -> bool:
        """Whether nothing is left anywhere."""
        return self.office <= 0 and self.away <= 0


def signed(kind: MoveKind, amount: Decimal) -> Decimal:
    """The change of the balance that an amount (positive) of a kind makes."""
    return amount * _SIGN[kind] if _SIGN[kind] else amount


def balance(lot: Lot, moves: Iterable[Move]) -> Balance:
    """Where a lot stands after its lines, in the order they were entered."""
    office = away = NOTHING
    mismatch: Decimal | None = None
    counted_on: date | None = None
    trips: dict[str, Decimal] = {}
    count = 0
    for move in moves:
        count += 1
        out = move.kind in ("given", "wasted") and bool(move.trip)
        if out:  # given or lost from what is out on a trip
            away += move.change
            trips[move.trip] = trips.get(move.trip, NOTHING) + move.change
        else:
            office += move.change
        if move.kind in ("trip_out", "trip_in"):
            away -= move.change
            trips[move.trip] = trips.get(move.trip, NOTHING) - move.change
        if move.kind == "count":
            counted_on = move.at.date()
            difference = (move.counted or NOTHING) - (move.expected or NOTHING)
            mismatch = difference if abs(difference) > tolerance(lot, move.expected) else None
        elif move.kind == "adjust":
            mismatch = None
        elif short_of(lot, move):
            mismatch = (mismatch or NOTHING) + short_of(lot, move)
    return Balance(
        lot, office, away, mismatch, counted_on, count, {k: v for k, v in trips.items() if v}
    )


def short_of(lot: Lot, move: Move) -> Decimal:
    """By how much a trip brought back something else than was out (negative: less)."""
    if move.kind != "trip_in" or move.counted is None:
        return NOTHING
    difference = move.counted - (move.expected or NOTHING)
    return difference if abs(difference) > tolerance(lot, move.expected) else NOTHING


def tolerance(lot: Lot, expected: Decimal | None) -> Decimal:
    """By how much a count may differ: liquids and gels are estimated (domain §1.8), so that one
    twentieth, and always one unit, is no discrepancy; what is counted must come out exactly."""
    if not lot.estimated:
        return NOTHING
    return max(Decimal(1), (expected or NOTHING) / 20)


def days_left(office: Decimal, per_school_day: Decimal) -> int | None:
    """For how many school days it lasts; None where nothing is taken regularly."""
    if per_school_day <= 0:
        return None
    return int(max(office, NOTHING) // per_school_day)


def expires_within(lot: Lot, day: date, days: int) -> bool:
    """Whether its last good day is within so many days (or over)."""
    return lot.expires_on is not None and (lot.expires_on - day).days <= days


def expired(lot: Lot, day: date) -> bool:
    """Whether the day is after its last good day."""
    return lot.expires_on is not None and day > lot.expires_on
