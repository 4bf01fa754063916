"""Gathers everything around a dose: its order, the student, the days before, the container."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_facts import Around
from bt_desktop.services.health.dose_log import Doses, recent_doses
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.entries import DOSE
from bt_desktop.services.health.model import (
    OFFICE_SUBJECT,
    STOCK_SUBJECT,
    DoseRecord,
    Order,
)
from bt_desktop.services.health.namesakes import namesakes
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import DoseRefused, NotYours
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import medication_settings
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.times import day_of
from bt_desktop.services.people_rows import bare
from bt_desktop.services.school_calendar import school_calendar


class Surroundings:
    """What a dose is held against; within a transaction of `DoseService`."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        stock: StockService,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._stock = stock

    def around(self, session: Session, request: DoseRequest) -> Around:
        """Everything around a dose. Raises NotYours, DoseRefused, Denied."""
        context, now = self._context, self._context.clock.now()
        calendar = school_calendar(session, now)
        today = day_of(now, calendar)
        order = self._order(session, request, today)
        subject = request.student_id
        known = self._box.keys.cipher(session, subject) is not None
        student = session.get(Student, bare(subject))
        if student is None and subject not in (STOCK_SUBJECT, OFFICE_SUBJECT):
            raise DoseRefused("Choose the student.")
        balance = None
        if request.lot_id is not None and (known or order is not None):
            lot = self._stock.lot_in(session, request.lot_id)
            balance = self._stock.balance_in(session, lot)
        return Around(
            order,
            student,
            recent_doses(session, self._box, today, subject) if known else Doses(),
            balance,
            namesakes(session, subject),
            self._reaching.delegations(session, today) if known else (),
            medication_settings(session),
            calendar,
            context.actor.role,
            context.actor.user_id,
            now,
            today,
        )

    def _order(self, session: Session, request: DoseRequest, today: date) -> Order | None:
        context = self._context
        if request.order_id is None:
            if not request.emergency:
                raise DoseRefused("A dose needs its order. Only an emergency dose has none.")
            return None
        standing = self._book.order(session, request.order_id)
        if standing is None or standing.terms.student_id not in (
            request.student_id,
            STOCK_SUBJECT,
        ):
            if request.emergency:  # whoever cannot read it: what happened is written down all
                return None  # the same, by its words
            raise DoseRefused("There is no such order, or your account cannot open it.")
        reach = self._reaching.now(session, today)
        if not reach.sees_order(request.order_id, request.student_id) and not request.emergency:
            raise NotYours
        if not request.emergency:
            context.require(Action.DOSE_RECORD, own=request.order_id in reach.orders)
        return standing.on(self._day_asked(request, today, session))

    def _day_asked(self, request: DoseRequest, today: date, session: Session) -> date:
        """The day whose order counts: of the dose, not of the writing."""
        moment = request.due_at or request.at
        if moment is None:
            return today
        return day_of(moment, school_calendar(session, self._context.clock.now()))

    def found(self, session: Session, dose_id: str, *, to_write: bool = False) -> DoseRecord:
        """A dose by its id, within reach. Raises DoseRefused, NotYours.

        `to_write`: something is to be written about it, which nobody does who only broke the
        glass; raises Denied.
        """
        kept = self._box.one(session, dose_id)
        if kept is None or kept.kind != DOSE:
            raise DoseRefused("There is no such entry, or your account cannot open it.")
        dose = kept.value(DoseRecord)
        reach = self._reaching.require_order(
            session, self.today(session), dose.order_id or "", dose.student_id
        )
        if to_write:
            self._context.require(Action.DOSE_RECORD, own=dose.order_id in reach.orders)
        return dose

    def day_of(self, session: Session, moment: datetime) -> date:
        """The school's day of a moment."""
        return day_of(moment, school_calendar(session, self._context.clock.now()))

    def today(self, session: Session) -> date:
        """The school's day now."""
        return self.day_of(session, self._context.clock.now())
