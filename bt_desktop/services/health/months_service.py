"""The months of the medication record: looked through, printed, closed and signed (R25, R26).

A closing is one transaction: the sealed page, its entry in the file, the signed closing and the
line in the audit trail. The page is made before it and thrown away where something was written
meanwhile, so a program that is killed leaves a whole closing or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import MONTH_NOTE
from bt_desktop.services.health.mar_after import addendum
from bt_desktop.services.health.mar_fill import fill, fill_year
from bt_desktop.services.health.mar_slots import open_cells
from bt_desktop.services.health.mar_source import (
    MarSource,
)
from bt_desktop.services.health.month_closing import Closer
from bt_desktop.services.health.month_model import ClosedMonth, Explained, MonthNote
from bt_desktop.services.health.month_paper import Press
from bt_desktop.services.health.month_reading import MonthReader, begins
from bt_desktop.services.health.month_views import (
    ClosedAll,
    MonthLine,
    MonthPaper,
    MonthView,
)
from bt_desktop.services.health.months import first_of, last_of, month_digest, month_rows
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import MonthRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.openings import Openings
from bt_desktop.services.work_progress import Progress

_LEAST_NOTE = 5
_LONGEST = 2_000
_MOST_MONTHS = 14
_NOT_OVER = "The month is not over yet. Entries of its last days are still to come."
_CLOSED = "It is closed and signed already."


class MonthService:
    """Reads, prints and closes the months of orders."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        away: AwayService,
        openings: Openings,
    ) -> None:
        self._context = context
        self._box = box
        self._openings = openings
        self._reader = MonthReader(context, box, book, reaching, away)
        self._closer = Closer(context, box)

    @property
    def may_close(self) -> bool:
        """Whether the role closes months."""
        return self._context.may(Action.MONTH_CLOSE)

    @property
    def may_print(self) -> bool:
        """Whether the role prints medication records."""
        return self._context.may(Action.HEALTH_PRINT)

    # --- looking -------------------------------------------------------------------------------

    def months(self) -> tuple[date, ...]:
        """The months in which an order holds, newest first, up to this one. Raises Denied."""
        self._context.require(Action.HEALTH_READ)
        with self._context.store.read() as session:
            place = self._reader.place(session)
            today = place.now.date()
            earliest = min(
                (begins(one, place) for one in self._reader.orders(session)), default=today
            )
        found = [first_of(today)]
        while found[-1] > first_of(earliest) and len(found) < _MOST_MONTHS:
            found.append(_month_before(found[-1]))
        return tuple(found)

    def lines(self, month: date) -> tuple[MonthLine, ...]:
        """Every order that held in a month, by student and medicine. Raises Denied."""
        self._context.require(Action.HEALTH_READ)
        first = first_of(month)
        with self._context.store.read() as session:
            found = self._reader.sources(session, first)
            lines = [self._reader.line(session, one) for one in found]
        return tuple(sorted(lines, key=lambda one: (one.student, one.medicine, one.order_id)))

    def view(self, order_id: str, month: date) -> MonthView:
        """One order's month, with its open cells. Raises MonthRefused, Denied."""
        self._context.require(Action.HEALTH_READ)
        with self._context.store.read() as session:
            source = self._reader.source(session, order_id, first_of(month))
            line = self._reader.line(session, source)
        self._openings.shown_health(line.student_id)
        return MonthView(
            line,
            open_cells(source),
            tuple(note for note, _ in source.notes),
            self.may_close and line.state in ("open", "complete"),
            {"running": _NOT_OVER, "closed": _CLOSED}.get(line.state, ""),
            addendum(source) is not None,
        )

    # --- paper ---------------------------------------------------------------------------------

    def printed(self, order_id: str, month: date) -> MonthPaper:
        """The record as it stands, sealed; of a closed month the page as it was closed, and what
        was written afterwards. Slow. Raises MonthRefused, Denied."""
        self._context.require(Action.HEALTH_PRINT)
        with self._context.store.read() as session:
            source = self._reader.source(session, order_id, first_of(month))
            press = Press.ready(session, self._context, source.place.now)
            digest = month_digest(month_rows(session, order_id, source.first))
            frozen = None
            if source.closing is not None:
                frozen = self._closer.frozen(session, source.closing.month)
            later = addendum(source)
        self._openings.shown_health(source.standing.terms.student_id)
        self._noted("month.print", order_id)
        if frozen is None:
            return MonthPaper(press.print(fill(source, digest=digest)))
        return MonthPaper(frozen, press.print(later) if later else None, closed=True)

    def year(self, order_id: str) -> bytes:
        """The school year of an order on one page, sealed. Slow. Raises MonthRefused, Denied."""
        self._context.require(Action.HEALTH_PRINT)
        with self._context.store.read() as session:
            place = self._reader.place(session)
            standing = self._reader.found(session, place, order_id)
            first, last = first_of(standing.terms.start), last_of(standing.terms.stop)
            source = self._reader.read(session, place, standing, first, last)
            press = Press.ready(session, self._context, place.now)
        self._openings.shown_health(standing.terms.student_id)
        self._noted("month.print", order_id)
        return press.print(fill_year(source))

    def _noted(self, action: str, order_id: str) -> None:
        with self._context.store.write() as session:
            self._context.note(session, action, f"order:{order_id}")

    # --- closing -------------------------------------------------------------------------------

    def close(
        self,
        order_id: str,
        month: date,
        password: str,
        *,
        signed_as: str = "",
        explained: Sequence[Explained] = (),
        reason: str = "",
    ) -> ClosedMonth:
        """Close and sign an order's month. Each open cell is explained, by itself or by `reason`.

        Slow. There is no way back. Raises MonthRefused (it is not over, is closed, or a cell is
        open and nobody says why), Denied, and as `vault.unlock` for a wrong password.
        """
        self._context.require(Action.MONTH_CLOSE)
        self._box.own_again(password)
        return self._close(order_id, first_of(month), signed_as, explained, reason)

    def close_all(
        self,
        month: date,
        password: str,
        *,
        signed_as: str = "",
        progress: Progress | None = None,
    ) -> ClosedAll:
        """Close every order's month that is over and complete, one after the other.

        Slow: 0.1 s each. What was closed stays closed where it is canceled.
        Raises Canceled, Denied, and as `vault.unlock`.
        """
        self._context.require(Action.MONTH_CLOSE)
        self._box.own_again(password)
        going = progress or Progress()
        wanted = [one for one in self.lines(month) if one.state == "complete"]
        going.begin(len(wanted))
        left: list[tuple[str, str]] = []
        for line in wanted:
            going.step(0)
            try:
                self._close(line.order_id, line.month, signed_as, (), "")
            except MonthRefused as refused:
                left.append((line.order_id, refused.remedy))
            going.step()
        return ClosedAll(len(wanted) - len(left), tuple(left))

    def note(self, order_id: str, month: date, text: str) -> str:
        """Write a note for a month, also after it was closed; returns its id.

        Raises MonthRefused, Denied.
        """
        self._context.require(Action.MONTH_CLOSE)
        said = " ".join(text.split())[:_LONGEST]
        if len(said) < _LEAST_NOTE:
            raise MonthRefused("Write the note in a few words.")
        first, now = first_of(month), self._context.clock.now()
        with self._context.store.write() as session:
            standing = self._reader.found(session, self._reader.place(session), order_id)
            made = MonthNote("", order_id, first, now, said, self._context.actor.user_id)
            return self._box.add(
                session, standing.terms.student_id, MONTH_NOTE, made, about=order_id, day=first
            )

    def _close(
        self,
        order_id: str,
        first: date,
        signed_as: str,
        explained: Sequence[Explained],
        reason: str,
    ) -> ClosedMonth:
        def read(session: Session) -> MarSource:
            return self._reader.source(session, order_id, first)

        return self._closer.close(read, signed_as, explained, reason)


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
