"""Papers of the health office that the nurse prints from the store: the packet of a trip, the
agreement to carry medicine, the form for both statements, the list of the year's end.

Each is told in the trail with its digest, and leaves a line for every student whose file it shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.models.school import school_row
from bt_desktop.paper.health_content import AuthorizationForm
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.card import CardService
from bt_desktop.services.health.carry_papers import STATES, carry_missing, carry_paper
from bt_desktop.services.health.dose_facts import span_words
from bt_desktop.services.health.model import STOCK_SUBJECT, Order
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.order_papers import (
    on_clocks,
    ordered,
    student_words,
)
from bt_desktop.services.health.paper_press import Layout, PagePress
from bt_desktop.services.health.problems import OrderRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import medication_settings
from bt_desktop.services.health.sweep_model import SweepView
from bt_desktop.services.health.trip_papers import PacketFacts, trip_packet_of
from bt_desktop.services.health.trip_plan import TripReader
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people_rows import bare, people
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar, school_year_words


@dataclass(frozen=True, slots=True)
class CarryLine:
    """An order whose medicine the student carries; `missing` are the conditions not fulfilled."""

    order: Order
    student: str
    grade: str
    missing: tuple[str, ...]


class HealthPrinting:
    """Prints them."""

    def __init__(
        self,
        context: Context,
        book: OrderBook,
        reaching: Reaching,
        trips: TripReader,
        card: CardService,
        openings: Openings,
    ) -> None:
        self._context = context
        self._book = book
        self._reaching = reaching
        self._trips = trips
        self._card = card
        self._openings = openings

    @property
    def may(self) -> bool:
        """Whether the role prints health papers."""
        return self._context.may(Action.HEALTH_PRINT)

    # --- trips -----------------------------------------------------------------------------------

    def trip_packet(self, trip_id: str) -> PrintedCopy:
        """The packet as of now: cards, orders, slips, contacts; an opening of each student's file
        in it. Slow. Raises AwayRefused, Denied."""
        context = self._context
        context.require(Action.HEALTH_PRINT)
        from bt_desktop.paper.trip_packet import trip_packet  # deferred: loads reportlab

        with context.store.read() as session:
            calendar, as_of = self._clock(session)
            view = self._trips.view(session, trip_id)
            found = {one.id: session.get_one(Student, bare(one.id)) for one in view.children}
            content = trip_packet_of(
                PacketFacts(
                    view,
                    {one: student_words(row) for one, row in found.items()},
                    {one: self._card.card_in(session, one) for one in found},
                    {user: one.name for user, one in holders(session).items()},
                    medication_settings(session),
                    calendar,
                    on_clocks(as_of, calendar),
                    school_row(session).phone,
                )
            )
            press = PagePress.ready(session, context, on_clocks(as_of, calendar))
        pdf = press.print(lambda head, mark: trip_packet(content, head, mark))
        return self._told("trip.packet", f"trip:{trip_id}", pdf, list(found), "trip-packet.pdf")

    # --- carrying --------------------------------------------------------------------------------

    def carried(self) -> tuple[CarryLine, ...]:
        """Every order whose medicine a student carries and that is not over, by name. Raises
        Denied."""
        self._context.require(Action.HEALTH_PRINT)
        with self._context.store.read() as session:
            calendar, now = self._clock(session)
            today = on_clocks(now, calendar).date()
            pack = school_row(session).pack
            orders = [
                order
                for one in self._book.orders(session)
                if one.terms.self_carry is not None and one.terms.student_id != STOCK_SUBJECT
                if (order := one.on(today)).status not in ("discontinued", "expired")
            ]
            known = people(session, {one.terms.student_id for one in orders})
        lines = [
            CarryLine(one, person.name, person.grade, carry_missing(one, pack))
            for one in orders
            if (person := known.get(one.terms.student_id)) is not None and person.active
        ]
        return tuple(sorted(lines, key=lambda one: one.student.casefold()))

    def self_carry(self, order_id: str, *, blank: bool = False) -> PrintedCopy:
        """The agreement of one order, to be signed by hand. Slow. Raises OrderRefused, Denied."""
        context = self._context
        context.require(Action.HEALTH_PRINT)
        from bt_desktop.paper.self_carry import self_carry  # deferred: loads reportlab

        with context.store.read() as session:
            calendar, now = self._clock(session)
            made_at = on_clocks(now, calendar)
            order = self._order(session, order_id, made_at.date())
            row = session.get_one(Student, bare(order.terms.student_id))
            year = school_year_words(made_at.date(), calendar)
            pack = school_row(session).pack
            content = carry_paper(order, student_words(row), year, pack, blank=blank)
            press = PagePress.ready(session, context, made_at)
        pdf = press.print(lambda head, mark: self_carry(content, head, mark))
        student = order.terms.student_id
        return self._told("carry.print", student, pdf, [student], "agreement-to-carry.pdf")

    # --- statements ------------------------------------------------------------------------------

    def authorization(self, student_id: str = "", order_id: str = "") -> PrintedCopy:
        """The form for both statements: blank, for a student, or for a new paper of an order.

        A form with a student on it is an opening of their file. Raises OrderRefused, KeyError,
        Denied.
        """
        context = self._context
        context.require(Action.HEALTH_PRINT)
        from bt_desktop.paper.authorization import authorization  # deferred: loads reportlab

        with context.store.read() as session:
            calendar, now = self._clock(session)
            made_at = on_clocks(now, calendar)
            form = self._form(session, student_id, order_id, calendar, made_at.date())
            press = PagePress.ready(session, context, made_at)
        layout: Layout = lambda head, mark: authorization(form, head, mark)  # noqa: E731
        pdf = press.print(layout, sealed=False)
        about = [student_id] if student_id else []
        name = "authorization.pdf"
        return self._told("authorization.print", student_id or "health", pdf, about, name, False)

    def _form(
        self,
        session: Session,
        student_id: str,
        order_id: str,
        calendar: SchoolCalendar,
        today: date,
    ) -> AuthorizationForm:
        state = STATES.get(school_row(session).pack, "")
        year = school_year_words(today, calendar)
        if not student_id:
            return AuthorizationForm(state, year)
        row = session.get(Student, bare(student_id))
        if row is None:
            raise KeyError(student_id)
        student = student_words(row)
        if not order_id:
            return AuthorizationForm(state, year, student)
        order = self._order(session, order_id, today)
        if order.terms.student_id != student_id:
            raise OrderRefused("This order is another student's. Load the page again.")
        prn = order.terms.prn
        calls = (prn.call_parent_when, prn.call_911_when) if prn is not None else ()
        return AuthorizationForm(
            state,
            year,
            student,
            ordered(order),
            symptom=", ".join(prn.symptoms) if prn is not None else "",
            interval=span_words(prn.interval_min) if prn is not None else "",
            most_per_day=str(prn.most_per_day) if prn is not None else "",
            call_when="; ".join(filter(None, calls)),
            side_effects=order.terms.side_effects,
        )

    # --- the year's end --------------------------------------------------------------------------

    def year_end(self, view: SweepView) -> PrintedCopy:
        """What the page of the year's end shows, as a list to tick off. Slow. Raises Denied."""
        context = self._context
        context.require(Action.HEALTH_PRINT)
        from bt_desktop.paper.sweep import sweep  # deferred: loads reportlab

        content = view.paper()
        with context.store.read() as session:
            calendar, now = self._clock(session)
            press = PagePress.ready(session, context, on_clocks(now, calendar))
        pdf = press.print(lambda head, mark: sweep(content, head, mark))
        students = dict.fromkeys(one.student_id for one in view.lines if one.student_id)
        return self._told("sweep.print", "health", pdf, list(students), "year-end.pdf")

    # --- within ----------------------------------------------------------------------------------

    def _order(self, session: Session, order_id: str, today: date) -> Order:
        standing = self._book.order(session, order_id)
        if standing is None or standing.terms.student_id == STOCK_SUBJECT:
            raise OrderRefused("There is no such order. Load the page again.")
        self._reaching.require_order(session, today, order_id, standing.terms.student_id)
        return standing.on(today)

    def _clock(self, session: Session) -> tuple[SchoolCalendar, datetime]:
        now = self._context.clock.now()
        return school_calendar(session, now), now

    def _told(
        self,
        action: str,
        about: str,
        pdf: bytes,
        students: Iterable[str],
        name: str,
        sealed: bool = True,
    ) -> PrintedCopy:
        context, digest = self._context, hashlib.sha256(pdf).hexdigest()
        with context.store.write() as session:
            seen = [Seen(one, None, own=True) for one in students]
            if seen:
                self._openings.note_students(session, "print", seen, Purpose("interest"))
            context.note(session, action, about, digest=digest)
        return PrintedCopy(f"{action}:{digest[:16]}", 0, pdf, sealed, digest, name)
