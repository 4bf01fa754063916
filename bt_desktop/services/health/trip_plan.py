"""Where a trip stands: its students, their medicines, what is out. Read in one session.

Pure but for the reading: `TripReader` gathers, `TripService` does the deeds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.away_model import Away
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_log import Doses, read_doses
from bt_desktop.services.health.entries import MOVE, TRIP, TRIP_ITEM
from bt_desktop.services.health.ledger import NOTHING, Balance
from bt_desktop.services.health.model import OFFICE_SUBJECT, DoseRecord, Move, Order
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import AwayRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.times import same_slot
from bt_desktop.services.health.trip_model import (
    ItemState,
    Trip,
    TripChild,
    TripDose,
    TripFacts,
    TripItem,
    TripLine,
    TripMedicine,
    TripView,
)
from bt_desktop.services.people_rows import people
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar

_A_FEW = 12
"""For so many students each one's containers are read by themselves."""
_USABLE = ("active", "upcoming", "hold", "waiting", "expired")


@dataclass(frozen=True, slots=True)
class _Around:
    """What the medicines of one student on a trip are worked out from."""

    away: Away
    lots: list[Balance]
    items: Mapping[str, TripItem]
    doses: Doses
    calendar: SchoolCalendar


class TripReader:
    """Reads trips as far as the signed-in person reaches."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        stock: StockService,
        away: AwayService,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._stock = stock
        self._away = away

    def trips(self, session: Session, first: date, last: date) -> tuple[Trip, ...]:
        """The trips between two days, the next one first."""
        rows: dict[str, list[Away]] = {}
        for held in self._away.of_in(session, None, first, last).values():
            for one in held:
                if one.kind == "trip":
                    rows.setdefault(one.trip_id, []).append(one)
        facts = self._facts(session)
        made = [_trip(found, facts.get(key)) for key, found in rows.items()]
        return tuple(sorted(made, key=lambda one: (one.first, one.leaves or _DAWN, one.name)))

    def trip(self, session: Session, trip_id: str) -> Trip:
        """One trip. Raises AwayRefused where there is none (any more)."""
        rows = self._away.of_trip(session, trip_id)
        if not rows:
            raise AwayRefused("There is no such trip any more. Load the page again.")
        return _trip(rows, self._facts(session).get(trip_id))

    def items(self, session: Session, trip_id: str | None = None) -> tuple[TripItem, ...]:
        """What is planned to go along (on one trip), the newest of each order; also what was
        taken off the plan. As far as it can be opened."""
        found: dict[tuple[str, str], TripItem] = {}
        for kept in self._box.read(session, TRIP_ITEM, about=trip_id):
            item = kept.value(TripItem)
            found[item.trip_id, item.order_id] = item
        return tuple(found.values())

    def lines(self, session: Session, first: date, last: date) -> tuple[TripLine, ...]:
        """The trips between two days with where their medicine is, in four questions for all."""
        along: dict[str, list[TripItem]] = {}
        for item in self.items(session):
            if item.goes:
                along.setdefault(item.trip_id, []).append(item)
        lots = {one.lot.id: one for one in self._stock.balances_in(session, also_empty=True)}
        made = []
        for trip in self.trips(session, first, last):
            items = along.get(trip.id, [])
            taken = [lot for one in items if (lot := lots.get(one.lot_id or "")) is not None]
            out = sum(one.trips.get(trip.id, NOTHING) > NOTHING for one in taken)
            short = sum(
                one.stopped and bool(self.moves(session, one.lot.id, trip.id)) for one in taken
            )
            made.append(TripLine(trip, len(items), out, short))
        return tuple(made)

    def view(self, session: Session, trip_id: str) -> TripView:
        """A trip with the medicines that are reached. Raises AwayRefused."""
        trip = self.trip(session, trip_id)
        now = self._context.clock.now()
        calendar = school_calendar(session, now)
        items = {one.order_id: one for one in self.items(session, trip_id)}
        rows = {one.student_id: one for one in self._away.of_trip(session, trip_id)}
        reach = self._reaching.now(session, now.astimezone(calendar.zone).date())
        known = people(session, rows)
        held: dict[str, list[Order]] = {}
        for one in self._book.orders(session):
            student = one.terms.student_id
            if student in rows and reach.sees_order(one.terms.id, student):
                held.setdefault(student, []).append(one.on(max(trip.first, one.terms.start)))
        lots = self._lots(session, held)
        doses = read_doses(session, self._box, first=trip.first, last=trip.last)
        children = []
        for student in trip.students:
            person = known.get(student)
            if person is None:
                continue
            made: tuple[TripMedicine, ...] = ()
            if student in held:
                around = _Around(rows[student], lots.get(student, []), items, doses, calendar)
                made = self._medicines(session, held[student], around)
            children.append(TripChild(student, person.name, person.grade, made))
        children.sort(key=lambda one: (not one.medicines, one.name.casefold()))
        return TripView(trip, tuple(children))

    def moves(self, session: Session, lot_id: str, trip_id: str) -> tuple[Move, ...]:
        """The lines of a lot that are of this trip."""
        found = (kept.value(Move) for kept in self._box.read(session, MOVE, about=lot_id))
        return tuple(one for one in found if one.trip == trip_id)

    # --- within --------------------------------------------------------------------------------

    def _facts(self, session: Session) -> Mapping[str, TripFacts]:
        kept = self._box.read(session, TRIP, subject=OFFICE_SUBJECT)
        return {one.trip_id: one for one in (each.value(TripFacts) for each in kept)}

    def _lots(self, session: Session, students: Collection[str]) -> Mapping[str, list[Balance]]:
        """The containers of these students: one by one for a few, the whole stock for many."""
        asked = tuple(students) if len(students) <= _A_FEW else (None,)
        found: dict[str, list[Balance]] = {}
        for student in asked:
            for one in self._stock.balances_in(session, student, also_empty=True):
                found.setdefault(one.lot.subject, []).append(one)
        return found

    def _medicines(
        self, session: Session, orders: Iterable[Order], around: _Around
    ) -> tuple[TripMedicine, ...]:
        away, doses = around.away, around.doses
        made = []
        for order in orders:
            item = around.items.get(order.id)
            if order.status not in _USABLE and item is None:
                continue
            own = tuple(
                one
                for one in around.lots
                if one.lot.order_id == order.id and (not one.empty() or one.trips or item)
            )
            slots = _slots(order, away, doses, around.calendar)
            during = tuple(
                one
                for one in doses.standing
                if one.order_id == order.id and one.due_at is None and one.location == "trip"
            )
            medicine = TripMedicine(
                order, item, "planned", needs(order, away, len(slots)), slots, during, own
            )
            made.append(self._standing(session, medicine, away.trip_id))
        return tuple(made)

    def _standing(self, session: Session, made: TripMedicine, trip_id: str) -> TripMedicine:
        lot = made.lot
        if lot is None:
            return made
        out = lot.trips.get(trip_id, NOTHING)
        moves = self.moves(session, lot.lot.id, trip_id)
        return replace(made, out=out, state=state_of(lot, out, moves))


_DAWN = datetime.min.time()


def state_of(lot: Balance, out: Decimal, moves: Iterable[Move]) -> ItemState:
    """Where an item stands, by the lines of its trip."""
    kinds = [one.kind for one in moves]
    if "trip_out" not in kinds:
        return "planned"
    if out > NOTHING:
        return "out"
    return "short" if lot.stopped else "back"


def needs(order: Order, away: Away, slots: int) -> Decimal:
    """How much of the stock the doses on the way take: scheduled ones, or the most of each day."""
    terms = order.terms
    if terms.prn is None:
        return terms.takes * slots
    days = (away.last - away.first).days + 1
    return terms.takes * terms.prn.most_per_day * days


def _slots(
    order: Order, away: Away, doses: Doses, calendar: SchoolCalendar
) -> tuple[TripDose, ...]:
    """The scheduled doses while they are away, also on days without school."""
    terms, found = order.terms, []
    day = away.first
    while day <= away.last:
        for clock in sorted(terms.times):
            due_at = calendar.at(day, clock)
            if terms.start <= day <= terms.stop and away.covers(due_at, calendar):
                found.append(TripDose(due_at, _recorded(doses, order.id, due_at)))
        day += timedelta(days=1)
    return tuple(found)


def _recorded(doses: Doses, order_id: str, due_at: datetime) -> DoseRecord | None:
    own = (one for one in doses.standing if one.order_id == order_id)
    return next((one for one in own if same_slot(one, due_at)), None)


def _trip(rows: Iterable[Away], facts: TripFacts | None) -> Trip:
    held = list(rows)
    newest = held[0]
    told = facts or TripFacts(newest.trip_id)
    return Trip(
        newest.trip_id,
        newest.name,
        newest.first,
        newest.last,
        newest.leaves,
        newest.returns,
        tuple(dict.fromkeys(one.student_id for one in held)),
        told.place,
        told.leader,
    )
