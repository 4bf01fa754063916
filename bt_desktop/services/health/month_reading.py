"""Reads the months of orders: one whole, or all of a month as far as a list needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import DOSE, MONTH, STRUCK
from bt_desktop.services.health.mar_slots import in_force, is_over, open_cells
from bt_desktop.services.health.mar_source import (
    Dosed,
    MarSource,
    Place,
    light_source,
    read_source,
)
from bt_desktop.services.health.model import STOCK_SUBJECT, DoseRecord
from bt_desktop.services.health.month_model import ClosedMonth, Closing
from bt_desktop.services.health.month_views import MonthLine, State
from bt_desktop.services.health.months import last_of
from bt_desktop.services.health.order_book import OrderBook, Standing
from bt_desktop.services.health.problems import MonthRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name


class MonthReader:
    """For `MonthService`, within its sessions."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        away: AwayService,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._away = away

    def orders(self, session: Session) -> Iterable[Standing]:
        """The students' orders that were ever reviewed; the school's own stock has no record."""
        return [
            one
            for one in self._book.orders(session)
            if one.terms.student_id != STOCK_SUBJECT and one.reviewed_at is not None
        ]

    def place(self, session: Session) -> Place:
        """What is the same for every record, now."""
        return Place.read(session, self._context.clock.now())

    def found(self, session: Session, place: Place, order_id: str) -> Standing:
        """An order that has a medication record, within reach. Raises MonthRefused, NotYours."""
        standing = self._book.order(session, order_id)
        if standing is None or standing.terms.student_id == STOCK_SUBJECT:
            raise MonthRefused("There is no such order, or your account cannot open it.")
        today, student = place.now.date(), standing.terms.student_id
        self._reaching.require_order(session, today, order_id, student)
        return standing

    def source(self, session: Session, order_id: str, first: date) -> MarSource:
        """Everything of an order's month. Raises MonthRefused, NotYours."""
        place = self.place(session)
        standing = self.found(session, place, order_id)
        return self.read(session, place, standing, first, last_of(first))

    def read(
        self, session: Session, place: Place, standing: Standing, first: date, last: date
    ) -> MarSource:
        """Everything of one order over some days."""
        days = (first, last)
        return read_source(session, self._box, self._away, place, standing, days)

    def sources(self, session: Session, first: date) -> list[MarSource]:
        """Every order of a month, with as much as a line of the list needs: read in one go."""
        last, place = last_of(first), self.place(session)
        struck = {kept.about for kept in self._box.read(session, STRUCK, first=first)}
        doses: dict[str, list[Dosed]] = {}
        for kept in self._box.read(session, DOSE, first=first, last=last):
            if kept.id not in struck:
                dosed = Dosed(kept.value(DoseRecord), kept.count)
                doses.setdefault(kept.about, []).append(dosed)
        closings = {
            kept.about: Closing(kept.value(ClosedMonth), kept.count)
            for kept in self._box.read(session, MONTH, first=first, last=last)
        }
        away = self._away.of_in(session, None, first, last)
        return [
            light_source(
                place, one, first, doses.get(one.terms.id, ()),
                away.get(one.terms.student_id, ()), closings.get(one.terms.id),
            )
            for one in self.orders(session)
            if in_force(one, first, last, place.calendar) or one.terms.id in doses
        ]  # fmt: skip

    def line(self, session: Session, source: MarSource) -> MonthLine:
        """How a month of an order stands in a list."""
        terms, closing = source.standing.terms, source.closing
        row = session.get(Student, bare(terms.student_id))
        empty = len(open_cells(source))
        state: State = "open" if empty else "complete"
        if closing is not None:
            state, empty = "closed", closing.month.open_cells
        elif not is_over(source):
            state = "running"
        later = closing.count if closing is not None else 0
        return MonthLine(
            terms.id,
            terms.student_id,
            whole_name(row) if row is not None else "",
            row.grade if row is not None else "",
            terms.medicine.title,
            terms.medicine.controlled,
            terms.prn is not None,
            source.first,
            state,
            len(source.doses),
            empty,
            sum(one.count > later for one in source.doses) if closing is not None else 0,
            closing.month if closing is not None else None,
            source.place.name(closing.month.by_user) if closing is not None else "",
        )


def begins(standing: Standing, place: Place) -> date:
    """The first day of an order that a record has: it is reviewed by then."""
    reviewed = standing.reviewed_at
    begins = standing.terms.start
    return max(begins, place.calendar_day(reviewed)) if reviewed is not None else begins
