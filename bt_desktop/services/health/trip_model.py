"""Medicine on a trip, as plain values: what is planned, and where it stands.

Who goes is no health data and stands with the absences (`away`); which medicine goes along, and who
gives it, is sealed with each student's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from bt_desktop.services.health.ledger import NOTHING, Balance
from bt_desktop.services.health.model import DoseRecord, Order, Outcome

HowGiven = Literal["staff", "parent", "self"]
"""Who gives it on the way: somebody of the staff, a parent who goes along, the student alone."""
Travels = Literal["envelope", "original"]
"""In an envelope that the nurse labels (ME 05-071 ch. 40), or in its own container; which one a
district asks for differs (health-office §1.11)."""
ItemState = Literal["planned", "out", "back", "short"]
"""`planned` · `out` · `back`: counted back, and it came out · `short`: it did not come out, and
that is not settled yet."""
TRAVELS_WORDS: dict[Travels, str] = {
    "envelope": "a labeled envelope",
    "original": "its own container",
}


@dataclass(frozen=True, slots=True)
class TripFacts:
    """What is known of a trip as a whole beside its days. Put in by whoever plans it."""

    trip_id: str
    place: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class TripItem:
    """A medicine of one student that goes on a trip; the newest of an order counts.

    `amount` is of the lot, in its unit; nothing: it does not go along (taken off the plan, or the
    student carries it). `giver` is a user id where it is staff, else `giver_name` says who.
    """

    id: str
    trip_id: str
    student_id: str
    order_id: str
    how: HowGiven = "staff"
    giver: str = ""
    giver_name: str = ""
    lot_id: str | None = None
    amount: Decimal = NOTHING
    travels: Travels = "envelope"
    goes: bool = True


@dataclass(frozen=True, slots=True)
class CountedBack:
    """What came back of one item: `counted` in the unit of its lot; `wasted` on the way, with what
    happened and what was done with it."""

    item_id: str
    counted: Decimal
    wasted: Decimal = NOTHING
    why: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A dose of the trip as its slip tells it."""

    item_id: str
    due_at: datetime | None
    outcome: Outcome
    at: datetime
    reason: str = ""
    symptom: str = ""
    two_identifiers: bool = False


# --- as it is shown ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip: its days, and who goes."""

    id: str
    name: str
    first: date
    last: date
    leaves: time | None
    returns: time | None
    students: tuple[str, ...]
    place: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class TripLine:
    """A trip in the list. `medicines`: how many go along, `out`: how many are out now, as far as
    they are reached (None: none of the person's business)."""

    trip: Trip
    medicines: int | None
    out: int | None
    short: int = 0


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who may give an order on all days of a trip: why is said in words."""

    user_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TripDose:
    """A scheduled dose while they are away, and what was recorded of it."""

    due_at: datetime
    record: DoseRecord | None


@dataclass(frozen=True, slots=True)
class TripMedicine:
    """An order of a student who goes, with what is planned for it and where that stands.

    `needs` is what its doses on the way take, `doses` those of a scheduled order; `given` is what
    was given as needed. `lots` are its containers; `out` what is out now of the planned one.
    """

    order: Order
    item: TripItem | None
    state: ItemState
    needs: Decimal
    doses: tuple[TripDose, ...]
    given: tuple[DoseRecord, ...]
    lots: tuple[Balance, ...]
    out: Decimal = NOTHING

    @property
    def goes(self) -> bool:
        """Whether something of it goes along."""
        return self.item is not None and self.item.goes

    @property
    def lot(self) -> Balance | None:
        """The container it is taken from, as it stands."""
        wanted = self.item.lot_id if self.item is not None else None
        return next((one for one in self.lots if one.lot.id == wanted), None)

    @property
    def open_doses(self) -> tuple[TripDose, ...]:
        """The scheduled ones that nobody has recorded."""
        return tuple(one for one in self.doses if one.record is None)


@dataclass(frozen=True, slots=True)
class TripChild:
    """A student who goes. `medicines` are those of the student that the person reaches."""

    id: str
    name: str
    grade: str
    medicines: tuple[TripMedicine, ...]


@dataclass(frozen=True, slots=True)
class TripView:
    """A trip, whole."""

    trip: Trip
    children: tuple[TripChild, ...]

    @property
    def along(self) -> tuple[tuple[TripChild, TripMedicine], ...]:
        """What goes along, child by child."""
        return tuple((c, m) for c in self.children for m in c.medicines if m.goes)
