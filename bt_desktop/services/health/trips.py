"""Trips: who goes, which medicine goes along and who gives it, out and back through the ledger.

What goes out is counted into labeled envelopes, or travels in its own container; for what is
controlled two people sign. What comes back is counted, and what does not come out is a discrepancy
like any (R20): by the ledger it all came back, routine doses wait, and two people set it right with
the report. A whole trip goes out, and comes back, in one transaction (domain §1.8, §1.11).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.doses import DoseService
from bt_desktop.services.health.entries import TRIP, TRIP_ITEM
from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import OFFICE_SUBJECT, Identified, Move
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import AwayRefused, TripRefused
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.trip_checks import item_problems
from bt_desktop.services.health.trip_givers import Staffing, possible_givers
from bt_desktop.services.health.trip_model import (
    TRAVELS_WORDS,
    CountedBack,
    Giver,
    OnTheWay,
    TripChild,
    TripFacts,
    TripItem,
    TripLine,
    TripMedicine,
    TripView,
)
from bt_desktop.services.health.trip_plan import TripReader
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import Problem
from bt_desktop.services.school_calendar import school_calendar

_BACK, _AHEAD = timedelta(days=45), timedelta(days=400)
_LONGEST = 120
SIGNED_OUT = "Signed out for a trip"
BY_HANDS = frozenset(("name_said", "photo"))


class TripService:
    """Plans trips and takes their medicine out and in."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reader: TripReader,
        stock: StockService,
        away: AwayService,
        doses: DoseService,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._stock = stock
        self._away = away
        self._doses = doses
        self._reader = reader

    @property
    def may_plan(self) -> bool:
        """Whether the role plans who goes."""
        return self._context.may(Action.AWAY_EDIT)

    @property
    def may_pack(self) -> bool:
        """Whether the role says which medicine goes along, and takes it out and in."""
        return self._context.may(Action.STOCK_EDIT)

    # --- who goes ------------------------------------------------------------------------------

    def plan(
        self, new: NewAway, student_ids: Sequence[str], *, place: str = "", leader: str = ""
    ) -> str:
        """Plan a trip with its students; returns its id. Raises AwayRefused, Denied."""
        self._context.require(Action.AWAY_EDIT)
        trip_id = str(uuid.uuid4())
        with self._context.store.write() as session:
            self._away.add_in(session, student_ids, replace(new, kind="trip"), trip_id)
            facts = TripFacts(trip_id, _tidy(place), _tidy(leader))
            self._box.add(
                session, OFFICE_SUBJECT, TRIP, facts, about=trip_id, day=self._today(session)
            )
        return trip_id

    def add_students(self, trip_id: str, student_ids: Sequence[str]) -> None:
        """More students go. Raises AwayRefused, Denied."""
        self._context.require(Action.AWAY_EDIT)
        with self._context.store.write() as session:
            trip = self._reader.trip(session, trip_id)
            new = NewAway("trip", trip.first, trip.last, trip.leaves, trip.returns, trip.name)
            self._away.add_in(session, student_ids, new, trip_id)

    def leave_out(self, trip_id: str, student_ids: Sequence[str], reason: str) -> None:
        """Students do not go after all (all of them: the trip is called off).

        What was planned for them is off the plan. Raises TripRefused while their medicine is out,
        AwayRefused, Denied.
        """
        self._context.require(Action.AWAY_EDIT)
        with self._context.store.write() as session:
            rows = {one.student_id: one.id for one in self._away.of_trip(session, trip_id)}
            chosen = [one for one in student_ids if one in rows]
            if not chosen:
                raise AwayRefused("Choose the students.")
            for child in self._reader.view(session, trip_id).children:
                if child.id not in chosen:
                    continue
                if any(one.state == "out" for one in child.medicines):
                    raise TripRefused(
                        f"The medicine of {child.name} is signed out for this trip. Count it back "
                        "first."
                    )
                for one in child.medicines:
                    if one.item is not None and one.item.goes:
                        self._put(session, replace(one.item, goes=False, lot_id=None))
            self._away.take_back_in(session, [rows[one] for one in chosen], reason)

    # --- what goes along -----------------------------------------------------------------------

    def givers(self, trip_id: str, order_id: str) -> tuple[Giver, ...]:
        """Who may give this order on all days of the trip. Raises AwayRefused, Denied."""
        self._context.require(Action.STOCK_EDIT)
        with self._context.store.read() as session:
            view = self._reader.view(session, trip_id)
            _, medicine = self._found(view, order_id)
            days = view.trip.first, view.trip.last
            return possible_givers(self._staff(session), medicine.order, days)

    def problems(self, item: TripItem) -> tuple[Problem, ...]:
        """What is wrong with an item, by field. Raises AwayRefused, TripRefused, Denied."""
        self._context.require(Action.STOCK_EDIT)
        with self._context.store.read() as session:
            return self._problems(session, item, self._reader.view(session, item.trip_id))

    def take_along(self, item: TripItem) -> str:
        """Plan that a medicine goes along (`goes` False: it does not); returns the item's id.

        Raises TripRefused (with the problems, and where it is out already), AwayRefused, Denied.
        """
        self._context.require(Action.STOCK_EDIT)
        with self._context.store.write() as session:
            view = self._reader.view(session, item.trip_id)
            child, medicine = self._found(view, item.order_id)
            if medicine.state != "planned":
                raise TripRefused("It went out already. Count it back; then plan it anew.")
            found = self._problems(session, item, view)
            if found:
                raise TripRefused(found[0].sentence, found)
            made = replace(
                item, id=str(uuid.uuid4()), student_id=child.id,
                giver_name=_tidy(item.giver_name),
                giver=item.giver if item.how == "staff" else "",
            )  # fmt: skip
            self._put(session, made)
            return made.id

    # --- out and in ----------------------------------------------------------------------------

    def send(
        self,
        trip_id: str,
        order_ids: Sequence[str] | None = None,
        *,
        password: str = "",
        second: Second | None = None,
    ) -> tuple[Move, ...]:
        """What is planned goes out (of these orders; None: all), counted and signed: all or none.

        Slow where two people sign. Raises TripRefused where something speaks against it by now,
        StockRefused, WitnessRefused, Denied, and as `vault.unlock`.
        """
        self._context.require(Action.STOCK_EDIT)
        lines = []
        with self._context.store.read() as session:
            view, staff = self._reader.view(session, trip_id), self._staff(session)
            for child, medicine in view.along:
                item = medicine.item
                if item is None or item.lot_id is None or medicine.state != "planned":
                    continue
                if order_ids is not None and medicine.order.id not in order_ids:
                    continue
                found = self._problems(session, item, view, staff)
                if found:
                    title = medicine.order.terms.medicine.title
                    raise TripRefused(f"{child.name}, {title}: {found[0].sentence}", found)
                lines.append(
                    NewMove(
                        item.lot_id, "trip_out", item.amount, trip=trip_id, reason=SIGNED_OUT,
                        method=item.travels,
                        carried_by=item.giver_name or staff.names.get(item.giver, ""),
                        relation="parent" if item.how == "parent" else "",
                    )
                )  # fmt: skip
        if not lines:
            raise TripRefused("Nothing waits to go out. Plan first what goes along.")
        return self._stock.moves(lines, password=password, second=second)

    def bring_back(
        self,
        trip_id: str,
        counted: Sequence[CountedBack],
        *,
        password: str = "",
        second: Second | None = None,
    ) -> tuple[Move, ...]:
        """What is out comes back, counted: all of these, or none. What is missing stops the lot.

        Record what was given on the way first (`record`). Slow where two people sign. Raises
        TripRefused, StockRefused, WitnessRefused, Denied, and as `vault.unlock`.
        """
        self._context.require(Action.STOCK_EDIT)
        with self._context.store.read() as session:
            view = self._reader.view(session, trip_id)
        out = {m.item.id: m for _, m in view.along if m.item is not None and m.state == "out"}
        lines = [
            line
            for one in counted
            if (medicine := out.get(one.item_id)) is not None
            for line in _back_lines(trip_id, one, medicine)
        ]
        if not lines:
            raise TripRefused("Nothing of this trip is out. Load the page again.")
        return self._stock.moves(lines, password=password, second=second)

    def record(self, trip_id: str, told: OnTheWay) -> Recorded:
        """A dose of the trip, as its slip tells it: recorded whatever the rules say.

        Whoever holds the order records it: the delegate who gave it, or the nurse from the slip,
        whose entry then names the giver. Raises TripRefused, and as `DoseService.record`.
        """
        with self._context.store.read() as session:
            view = self._reader.view(session, trip_id)
            names = self._names(session)
        found = ((c, m) for c, m in view.along if m.item is not None and m.item.id == told.item_id)
        child, medicine = next(found, (None, None))
        if child is None or medicine is None or medicine.item is None:
            raise TripRefused("This medicine is not on the trip. Load the page again.")
        if any(one.due_at == told.due_at and one.record is not None for one in medicine.doses):
            raise TripRefused("This dose was recorded already.")
        item = medicine.item
        giver = item.giver_name or names.get(item.giver, "")
        own = item.giver == self._context.actor.user_id
        says = "" if own or not giver else f"Given on the trip by {giver}, from the slip."
        if item.how == "self":
            says = "The student took it alone on the trip."
        given = told.outcome in ("given", "V", "S")
        return self._doses.record(
            DoseRequest(
                str(uuid.uuid4()),
                child.id,
                medicine.order.id,
                told.outcome,
                due_at=told.due_at,
                at=told.at,
                location="trip",
                reason=" ".join(filter(None, (told.reason.strip(), says if given else ""))),
                symptom=told.symptom,
                home_asked=True,
                identified=Identified(BY_HANDS if told.two_identifiers else frozenset()),
                birth_date_retyped=told.two_identifiers,
                lot_id=item.lot_id if given else None,
                special=(("given_by", item.giver),) if item.giver and not own else (),
                happened=True,
                trip=trip_id if medicine.out > NOTHING else "",
            )
        )  # fmt: skip

    # --- reading -------------------------------------------------------------------------------

    def list(self) -> tuple[TripLine, ...]:
        """The trips of the last weeks and all to come, the next one first. Raises Denied."""
        self._context.require(Action.AWAY_READ)
        with self._context.store.read() as session:
            today = self._today(session)
            first, last = today - _BACK, today + _AHEAD
            if self.may_pack:
                return self._reader.lines(session, first, last)
            trips = self._reader.trips(session, first, last)
        return tuple(TripLine(one, None, None) for one in trips)

    def waiting(self) -> tuple[TripLine, ...]:
        """The trips that are over and whose medicine is still out, or did not come out; for
        whoever counts it back, none for others."""
        if not self.may_pack:
            return ()
        with self._context.store.read() as session:
            today = self._today(session)
            found = self._reader.lines(session, today - _BACK, today)
        return tuple(one for one in found if one.short or (one.out and one.trip.last < today))

    def view(self, trip_id: str) -> TripView:
        """A trip with its students, and the medicines that are reached. Raises AwayRefused,
        Denied."""
        self._context.require(Action.AWAY_READ)
        with self._context.store.read() as session:
            return self._reader.view(session, trip_id)

    # --- within --------------------------------------------------------------------------------

    def _problems(
        self, session: Session, item: TripItem, view: TripView, staff: Staffing | None = None
    ) -> tuple[Problem, ...]:
        _, medicine = self._found(view, item.order_id)
        staff = staff or self._staff(session)
        return tuple(item_problems(item, medicine, view.trip, staff))

    def _staff(self, session: Session) -> Staffing:
        return Staffing.read(session, self._book.delegations(session))

    def _found(self, view: TripView, order_id: str) -> tuple[TripChild, TripMedicine]:
        for child in view.children:
            for medicine in child.medicines:
                if medicine.order.id == order_id:
                    return child, medicine
        raise TripRefused("This student or this order is not on the trip. Load the page again.")

    def _put(self, session: Session, item: TripItem) -> None:
        self._box.add(
            session, item.student_id, TRIP_ITEM, item, about=item.trip_id, day=self._today(session)
        )

    def _names(self, session: Session) -> Mapping[str, str]:
        return {user: one.name for user, one in holders(session).items()}

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _back_lines(trip_id: str, one: CountedBack, medicine: TripMedicine) -> list[NewMove]:
    """What was wasted on the way, and what came back: all that is left by the ledger, and how much
    of it was counted."""
    lot = medicine.lot
    if lot is None:
        return []
    if one.wasted > medicine.out:
        raise TripRefused("More was wasted than went out. Look at the numbers again.")
    lines = []
    if one.wasted != NOTHING:
        lines.append(
            NewMove(
                lot.lot.id, "wasted", one.wasted, trip=trip_id, reason=one.why, method=one.method
            )
        )
    left: Decimal = medicine.out - one.wasted
    if left > NOTHING or one.counted > NOTHING:
        lines.append(NewMove(lot.lot.id, "trip_in", left, counted=one.counted, trip=trip_id))
    return lines


def travels_words(method: str) -> str:
    """How it travelled, in words."""
    return {str(code): words for code, words in TRAVELS_WORDS.items()}.get(method, method)


def _tidy(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
