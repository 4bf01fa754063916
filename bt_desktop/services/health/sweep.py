"""The year's end: what is ended, what goes home or is disposed of, what is not finished.

Unused, ended and outdated medicine goes back to the parent where that is possible, and is else
disposed of before the school year ends (5 CCR 609; health-office §1.1). Read anew each time: a line
is gone once what it asks for is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_log import Doses, read_doses
from bt_desktop.services.health.entries import MONTH, PAPER
from bt_desktop.services.health.ledger import NOTHING, Balance, expired
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_slots import in_force
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import STOCK_SUBJECT, Order, Quantity
from bt_desktop.services.health.month_model import ClosedMonth
from bt_desktop.services.health.months import last_of
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.order_papers import on_clocks
from bt_desktop.services.health.overview import Overview
from bt_desktop.services.health.paper_model import ParentPaper
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.sweep_model import Group, Leads, SweepLine, SweepView
from bt_desktop.services.health.trip_plan import TripReader
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.people import Person
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar, school_year_words

_OVER = ("discontinued", "expired")
_ASKS = ("pick_up", "low", "expiry")


@dataclass(frozen=True, slots=True)
class _Facts:
    today: date
    last_day: date
    orders: Mapping[str, Order]
    lots: tuple[Balance, ...]
    asked: Mapping[str, tuple[date, ...]]  # by lot, when the parent got a paper about it
    doses: Doses
    known: Mapping[str, Person]


class SweepService:
    """Finds what is left to do."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        stock: StockService,
        overview: Overview,
        trips: TripReader,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._stock = stock
        self._overview = overview
        self._trips = trips

    @property
    def may_read(self) -> bool:
        """Whether the role sees it: whoever keeps orders and stock."""
        return self._context.may(Action.STOCK_EDIT)

    def view(self) -> SweepView:
        """What is left to do by today. Raises Denied."""
        self._context.require(Action.STOCK_EDIT)
        last_day = self._overview.year_end()
        with self._context.store.read() as session:
            now = self._context.clock.now()
            calendar = school_calendar(session, now)
            as_of = on_clocks(now, calendar)
            facts = self._facts(session, as_of.date(), last_day, as_of)
            lines: list[SweepLine] = [
                *_medicine(facts),
                *_orders(facts),
                *_counts(facts),
                *_effects(facts),
                *_emergencies(facts),
                *self._trips_out(session, facts),
                *self._delegations(session, facts),
                *self._months(session, facts, calendar),
            ]
        lines.sort(
            key=lambda one: (one.student.casefold(), one.since or date.min, one.what.casefold())
        )
        return SweepView(school_year_words(last_day, calendar), as_of, last_day, tuple(lines))

    # --- reading -------------------------------------------------------------------------------

    def _facts(self, session: Session, today: date, last_day: date, as_of: datetime) -> _Facts:
        orders = {one.terms.id: one.on(today) for one in self._book.orders(session)}
        lots = self._stock.balances_in(session, also_empty=True)
        first = date(last_day.year - 1, 7, 1)
        doses = read_doses(session, self._box, first=first, last=today)
        wanted = {one.terms.student_id for one in orders.values()}
        wanted |= {one.lot.subject for one in lots} | {one.student_id for one in doses.standing}
        known = people(session, {one for one in wanted if one.startswith("student:")})
        asked: dict[str, tuple[date, ...]] = {}
        for kept in self._box.read(session, PAPER):
            paper = kept.value(ParentPaper)
            if paper.kind in _ASKS:
                day = paper.at.astimezone(as_of.tzinfo).date()
                for lot_id in paper.about:
                    asked[lot_id] = (*asked.get(lot_id, ()), day)
        return _Facts(today, last_day, orders, lots, asked, doses, known)

    def _trips_out(self, session: Session, facts: _Facts) -> Iterator[SweepLine]:
        out = {
            trip: one for one in facts.lots for trip, much in one.trips.items() if much > NOTHING
        }
        if not out:
            return
        trips = self._trips.trips(session, date(facts.last_day.year - 1, 7, 1), facts.last_day)
        named = {one.id: one for one in trips}
        for trip_id, balance in out.items():
            trip = named.get(trip_id)
            yield _line(
                facts, balance.lot.subject, "task", "trip", trip_id,
                medicine_words(balance.lot.medicine),
                f"{_much(balance, balance.trips[trip_id])} out since the trip"
                f"{f' “{trip.name}”' if trip else ''}: count it back",
                since=trip.last if trip else None,
            )  # fmt: skip

    def _delegations(self, session: Session, facts: _Facts) -> Iterator[SweepLine]:
        names = {user: one.name for user, one in holders(session).items()}
        for one in self._book.delegations(session):
            if facts.today <= one.until <= facts.last_day:
                yield _line(
                    facts, one.student_id, "task", "delegation", one.id, "Delegation",
                    f"{names.get(one.user_id, 'somebody')} may give medicine until "
                    f"{_day(one.until)}: check their skill again for next year",
                    since=one.checked_on,
                )  # fmt: skip

    def _months(
        self, session: Session, facts: _Facts, calendar: SchoolCalendar
    ) -> Iterator[SweepLine]:
        """Months of this school year that are over and not closed: one line for each."""
        closed = {
            (one.order_id, one.month)
            for one in (kept.value(ClosedMonth) for kept in self._box.read(session, MONTH))
        }
        orders = [
            one for one in self._book.orders(session) if one.terms.student_id != STOCK_SUBJECT
        ]
        month = date(facts.last_day.year - 1, 7, 1)
        while last_of(month) < facts.today:
            count = sum(
                in_force(one, month, last_of(month), calendar)
                and (one.terms.id, month) not in closed
                for one in orders
            )
            if count:
                what = f"{month:%B} {month.year}"
                records = "1 medication record is" if count == 1 else f"{count} records are"
                yield SweepLine(
                    "task", "months", month.isoformat(), what, f"{records} not closed",
                    since=last_of(month),
                )  # fmt: skip
            month = last_of(month) + timedelta(days=1)


# --- lines ---------------------------------------------------------------------------------------


def _medicine(facts: _Facts) -> Iterator[SweepLine]:
    """What is there of each student's medicine; of the school's own what is out of date by then."""
    for one in facts.lots:
        if one.office <= NOTHING:
            continue
        own = one.lot.subject == STOCK_SUBJECT
        if own and not expired(one.lot, facts.last_day):
            continue
        asked = facts.asked.get(one.lot.id, ())
        yield _line(
            facts, one.lot.subject, "medicine", "lot", one.lot.id, medicine_words(one.lot.medicine),
            _why(facts, one), left=_much(one, one.office),
            asked=", ".join(f"letter {_day(day)}" for day in asked),
            by=facts.last_day, controlled=one.lot.medicine.controlled,
        )  # fmt: skip


def _why(facts: _Facts, one: Balance) -> str:
    order = facts.orders.get(one.lot.order_id or "")
    if expired(one.lot, facts.today):
        return "Out of date"
    if order is not None and order.status in _OVER:
        return "The order has ended"
    person = facts.known.get(one.lot.subject)
    if person is not None and not person.active:
        return "The student has left"
    if expired(one.lot, facts.last_day):
        return "Out of date by the last day"
    return "Goes home on the last day"


def _orders(facts: _Facts) -> Iterator[SweepLine]:
    """Orders that end with the year, and those that are over and were never ended."""
    for order in facts.orders.values():
        if order.status == "discontinued" or order.terms.stop > facts.last_day:
            continue
        if order.status == "expired" and not _in_year(order.terms.stop, facts):
            continue
        says = {
            "expired": "Over already",
            "waiting": "Never complete: it still waits for a paper or the review",
            "hold": "On hold until it ends",
        }.get(order.status, "Ends with the school year: a new form for the next")
        yield _line(
            facts, order.terms.student_id, "order", "order", order.id,
            medicine_words(order.terms.medicine), says, by=order.terms.stop,
        )  # fmt: skip


def _in_year(day: date, facts: _Facts) -> bool:
    return day >= date(facts.last_day.year - 1, 7, 1)


def _counts(facts: _Facts) -> Iterator[SweepLine]:
    for one in facts.lots:
        if one.mismatch is not None:
            yield _line(
                facts, one.lot.subject, "task", "lot", one.lot.id, medicine_words(one.lot.medicine),
                f"the count does not come out by {_much(one, abs(one.mismatch))}",
                since=one.counted_on,
            )  # fmt: skip


def _effects(facts: _Facts) -> Iterator[SweepLine]:
    """As-needed doses of which nobody said how they worked (R12)."""
    for dose in facts.doses.standing:
        order = facts.orders.get(dose.order_id or "")
        if order is None or order.terms.prn is None or not dose.was_given:
            continue
        if dose.id in facts.doses.effects:
            continue
        day = dose.at.date()
        yield _line(
            facts, dose.student_id, "task", "dose", dose.id, medicine_words(order.terms.medicine),
            f"nobody asked how the dose of {_day(day)} worked", since=day,
        )  # fmt: skip


def _emergencies(facts: _Facts) -> Iterator[SweepLine]:
    """Doses of an emergency that no order was put beside."""
    for dose in facts.doses.standing:
        if dose.emergency and dose.order_id is None:
            day = dose.at.date()
            yield _line(
                facts, dose.student_id, "task", "dose", dose.id, dose.medicine_text or "Medicine",
                f"given in an emergency on {_day(day)} without an order: was it followed up?",
                since=day,
            )  # fmt: skip


def _line(
    facts: _Facts,
    student_id: str,
    group: Group,
    leads: Leads,
    about: str,
    what: str,
    says: str,
    **more: Any,
) -> SweepLine:
    """A line about a student, or about the school's own stock."""
    person = facts.known.get(student_id)
    made = SweepLine(group, leads, about, what, says, **more)
    if person is None:
        return made
    return replace(made, student_id=student_id, student=person.name, grade=person.grade)


def _much(one: Balance, amount: Decimal) -> str:
    return medication_lists().amount(Quantity(amount, one.lot.unit))


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"
