"""What speaks against a medicine going on a trip: by item, in sentences. Pure.

Held when it is planned and again when it goes out: orders, skill checks and counts change between.
"""

from __future__ import annotations

from collections.abc import Callable

from bt_desktop.services.health.ledger import NOTHING, expired
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.trip_givers import Staffing, possible_givers, why_not
from bt_desktop.services.health.trip_model import Trip, TripItem, TripMedicine
from bt_desktop.services.results.people import Problem

_STATUS = {
    "waiting": "This order is not complete yet: it waits for a statement or the nurse’s review.",
    "hold": "This order is on hold. Take it up again, or leave the medicine at school.",
    "discontinued": "This order was discontinued. Plan the new one instead.",
    "expired": "This order ends before the trip. A new order is needed.",
    "upcoming": "This order does not hold yet on the first day of the trip.",
}


def item_problems(
    item: TripItem,
    medicine: TripMedicine,
    trip: Trip,
    staff: Staffing,
) -> list[Problem]:
    """What is wrong with one item; nothing is where it does not go along."""
    if not item.goes:
        return []
    told = [_order(medicine.order, trip), _HOW[item.how](item, medicine)]
    if item.how == "staff":
        told.append(_giver(item, medicine.order, trip, staff))
    if item.lot_id is not None:
        told.append(_lot(item, medicine, trip))
    return [one for one in told if one is not None]


def _order(order: Order, trip: Trip) -> Problem | None:
    if order.status != "active":
        sentence = _STATUS.get(order.status, "This order does not hold on the trip.")
        return Problem("order", order.status, sentence)
    if order.terms.stop < trip.last:
        return Problem("order", "expired", _STATUS["expired"])
    return None


def _giver(item: TripItem, order: Order, trip: Trip, staff: Staffing) -> Problem | None:
    if not item.giver:
        return Problem("giver", "missing", "Choose who gives it on the trip.")
    givers = possible_givers(staff, order, (trip.first, trip.last))
    if any(one.user_id == item.giver for one in givers):
        return None
    name = staff.names.get(item.giver, "this person")
    sentence = why_not(item.giver, order, staff.delegations, trip.last, name)
    return Problem("giver", "not-able", sentence)


def _staff(item: TripItem, medicine: TripMedicine) -> Problem | None:
    if item.lot_id is None or item.amount <= NOTHING:
        return Problem("amount", "missing", "Write how much goes along, and from which container.")
    return None


def _parent(item: TripItem, medicine: TripMedicine) -> Problem | None:
    if not item.giver_name.strip():
        return Problem("giver_name", "missing", "Write the name of the parent who goes along.")
    return _staff(item, medicine)


def _self(item: TripItem, medicine: TripMedicine) -> Problem | None:
    carry = medicine.order.terms.self_carry
    if carry is None or not carry.competent:
        return Problem(
            "how", "no-agreement",
            "No agreement says that this student carries it. Plan who gives it.",
        )  # fmt: skip
    if item.lot_id is not None:
        return Problem("amount", "carried", "What the student carries is not taken from the stock.")
    return None


def _lot(item: TripItem, medicine: TripMedicine, trip: Trip) -> Problem | None:
    lot = next((one for one in medicine.lots if one.lot.id == item.lot_id), None)
    if lot is None:
        return Problem("lot", "missing", "Choose a container of this order.")
    if expired(lot.lot, trip.last):
        return Problem("lot", "expired", "This container is out of date on the trip.")
    if lot.stopped:
        return Problem(
            "lot", "mismatch", "The count of this container does not come out. Settle that first."
        )
    if medicine.out <= NOTHING and item.amount > lot.office:
        return Problem(
            "amount", "more", "That is more than the ledger says is there. Count it first."
        )
    return None


_HOW: dict[str, Callable[[TripItem, TripMedicine], Problem | None]] = {
    "staff": _staff,
    "parent": _parent,
    "self": _self,
}
