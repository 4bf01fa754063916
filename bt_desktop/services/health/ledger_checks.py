"""What a line of the ledger must say, by its kind: a sentence for the first thing that is wrong.

What happened with a dose is never refused here; these are lines that somebody writes by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bt_desktop.services.health.ledger import NOTHING, Balance
from bt_desktop.services.health.model import Lot, MoveKind

_LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class NewMove:
    """What somebody says happened with a lot. `amount` is positive; a `count` says `counted`.

    So does a `trip_in`, whose `amount` is all that is out of it.

    An `adjust` may be negative: what two people found instead of what the ledger says.
    """

    lot_id: str
    kind: MoveKind
    amount: Decimal = NOTHING
    counted: Decimal | None = None
    at: datetime | None = None
    reason: str = ""
    method: str = ""
    carried_by: str = ""
    relation: str = ""
    adult: bool | None = None
    agency: str = ""
    receipt: str = ""
    trip: str = ""
    incident: str | None = None
    allowed: frozenset[str] = frozenset()  # rules that whoever writes it allows, with the reason

    @property
    def explained(self) -> bool:
        """Whether a reason of a few letters at least is given."""
        return len(" ".join(self.reason.split())) >= _LEAST_REASON


def lot_problem(lot: Lot) -> str | None:
    """What is wrong with a container as it is entered."""
    if not lot.medicine.name.strip() or not lot.unit.strip():
        return "Write the medicine and what it is counted in (tablets, ml, puffs)."
    return None


def line_problem(lot: Lot, new: NewMove, before: Balance, now: datetime) -> str | None:
    """What is wrong with a line, before it is written."""
    if new.at is not None and new.at > now:
        return "That is in the future. Look at the time again."
    if new.kind == "count":
        good = new.counted is not None and _amount(new.counted)
        return None if good else "Write how much was counted."
    if new.kind == "adjust":
        return _adjust(lot, new, before)
    back_empty = new.kind == "trip_in" and new.counted is not None
    if not _amount(new.amount) or (new.amount == 0 and not back_empty):
        return "Write how much, as a number above zero."
    check = _CHECKS.get(new.kind)
    told = check(lot, new) if check is not None else None
    return told or _too_much(new, before)


def _adjust(lot: Lot, new: NewMove, before: Balance) -> str | None:
    if not before.stopped:
        return "Count it first: the ledger is set right by what a count found."
    if new.amount != before.mismatch:
        return "The ledger can only be set to what was counted."
    if not new.explained:
        return "Write what two people found."
    if new.incident is None and lot.medicine.controlled:
        return (
            "A controlled medicine that does not come out needs its report first. "
            "Write the medication-error report, then set the ledger right."
        )
    return None


def _wasted(lot: Lot, new: NewMove) -> str | None:
    if not new.explained or not new.method.strip():
        return "Write why, and what was done with it."
    return None


def _destroyed(lot: Lot, new: NewMove) -> str | None:
    told = _wasted(lot, new)
    if told is None and lot.medicine.controlled and not new.agency.strip():
        return "Write whom it was handed to (the officer's agency) and the receipt's number."
    return told


def _carried(lot: Lot, new: NewMove) -> str | None:
    if not new.carried_by.strip():
        return "Write who brought it or took it home."
    return None


def _trip(lot: Lot, new: NewMove) -> str | None:
    if new.counted is not None and not _amount(new.counted):
        return "Write how much was counted."
    return None if new.trip else "Choose the trip."


def _too_much(new: NewMove, before: Balance) -> str | None:
    of_trip = new.kind == "trip_in" or (new.kind == "wasted" and bool(new.trip))
    there = before.trips.get(new.trip, NOTHING) if of_trip else before.office
    if new.kind == "received" or new.amount <= there:
        return None
    return "That is more than the ledger says is there. Count it with a second person first."


_CHECKS: dict[MoveKind, Callable[[Lot, NewMove], str | None]] = {
    "received": _carried,
    "returned": _carried,
    "wasted": _wasted,
    "destroyed": _destroyed,
    "trip_out": _trip,
    "trip_in": _trip,
}


def _amount(value: Decimal) -> bool:
    return value.is_finite() and value >= 0
