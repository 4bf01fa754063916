"""One student's medication record as one sealed PDF, and a copy of one order.

5 CCR 601 as districts adopted it: provider's statement, parent's statement, log, other documents
(domain §1.1; unverified). By nurses, for a purpose that stays in the student's access log; the
trail keeps the digest, the vault no second copy of what it holds already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.paper.mar_content import MarSheet
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import DOCUMENT, Document
from bt_desktop.services.health.health_export import stated_purpose
from bt_desktop.services.health.mar_fill import fill
from bt_desktop.services.health.mar_slots import in_force
from bt_desktop.services.health.mar_source import Place, read_source
from bt_desktop.services.health.months import first_of, last_of
from bt_desktop.services.health.order_book import OrderBook, Standing
from bt_desktop.services.health.packet_fill import balances, order_of, packet_of
from bt_desktop.services.health.paper_press import PagePress
from bt_desktop.services.health.problems import OrderRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.student_file import StudentFile, read_student_file
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.results.access import OTHER, PURPOSE_WORDS, Purpose
from bt_desktop.services.results.copies import PrintedCopy

PRINTED, ORDER_PRINTED = "packet.print", "order.print"
_MOST_MONTHS = 24
_SCANS = ("prescriber", "parent")
_KINDS = {"prescriber": "Prescriber's statement", "parent": "Parent's statement"}


class HealthPackets:
    """`workspace.health.packets`."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        away: AwayService,
        people: PeopleService,
        openings: Openings,
    ) -> None:
        self._context, self._box, self._book = context, box, book
        self._reaching, self._away, self._people = reaching, away, people
        self._openings = openings

    @property
    def may(self) -> bool:
        """Whether the role prints health files."""
        return self._context.may(Action.HEALTH_PRINT)

    def packet(
        self, student_id: str, purpose: Purpose, *, scans: bool = True, months: bool = True
    ) -> PrintedCopy:
        """The record, sealed. `scans` adds the statements' scans, `months` the logs month by month.

        Slow: a month of an order takes 0.1 s. Raises ExportNothing for somebody who is no student,
        PurposeMissing, NotYours, Denied.
        """
        context = self._context
        context.require(Action.HEALTH_PRINT)
        stated = stated_purpose(purpose)
        from bt_desktop.paper.appendix import AppendixFile  # deferred: loads reportlab
        from bt_desktop.paper.packet import packet

        index = self._people.names_of_families()
        with context.store.read() as session:
            today = context.clock.now().date()
            self._reaching.require_student(session, today, student_id)
            held = read_student_file(session, context, self._box, self._book, index, student_id)
            sheets = tuple(self._sheets(session, held)) if months else ()
            content = packet_of(held, sheets, _purpose_words(held, stated))
            files = [
                AppendixFile(one.name, one.media_type, _KINDS[one.kind], data, one.sha256)
                for one, data in (self._scans(session, student_id) if scans else ())
            ]
            press = PagePress.ready(session, context, content.as_of)
        pdf = press.print(lambda head, mark: packet(content, head, mark, files))
        counts = {"orders": len(content.orders), "logs": len(content.sheets)}
        return self._told(PRINTED, student_id, pdf, stated, counts)

    def order(self, order_id: str) -> PrintedCopy:
        """One order as it stands, sealed. Raises OrderRefused, NotYours, Denied."""
        context = self._context
        context.require(Action.HEALTH_PRINT)
        from bt_desktop.paper.order_copy import order_copy  # deferred: loads reportlab

        index = self._people.names_of_families()
        with context.store.read() as session:
            standing = self._book.order(session, order_id)
            row = session.get(Student, bare(standing.terms.student_id)) if standing else None
            if standing is None or row is None:
                raise OrderRefused("There is no such order of a student. Load the page again.")
            student_id = standing.terms.student_id
            today = context.clock.now().date()
            self._reaching.require_order(session, today, order_id, student_id)
            held = read_student_file(session, context, self._box, self._book, index, student_id)
            copy = order_of(held, standing, balances(held))
            press = PagePress.ready(session, context, held.local(held.now))
        pdf = press.print(lambda head, mark: order_copy(copy, head, mark))
        return self._told(ORDER_PRINTED, student_id, pdf, Purpose("interest"), {"orders": 1})

    # --- within ----------------------------------------------------------------------------------

    def _sheets(self, session: Session, held: StudentFile) -> Iterable[MarSheet]:
        """Every month of every order in which it held, or a dose was recorded; oldest first."""
        place = Place.read(session, self._context.clock.now())
        for standing in held.own:
            dosed = {
                first_of(place.calendar_day(one.due_at or one.at))
                for one in held.doses.of_order(standing.terms.id)
            }
            for first in _months(standing, held):
                last = last_of(first)
                if first in dosed or in_force(standing, first, last, held.calendar):
                    days = (first, last)
                    yield fill(read_source(session, self._box, self._away, place, standing, days))

    def _scans(self, session: Session, student_id: str) -> list[tuple[Document, bytes]]:
        """The kept scans of the statements, oldest first."""
        return [
            (one, self._box.file(session, one.file_id))
            for kept in self._box.read(session, DOCUMENT, subject=student_id)
            if (one := kept.value(Document)).kind in _SCANS
        ]

    def _told(
        self, action: str, student_id: str, pdf: bytes, purpose: Purpose, counts: dict[str, int]
    ) -> PrintedCopy:
        digest = hashlib.sha256(pdf).hexdigest()
        with self._context.store.write() as session:
            seen = [Seen(student_id, None, own=False)]
            self._openings.note_students(session, "print", seen, purpose)
            entry = self._context.note(session, action, student_id, digest=digest, counts=counts)
        word = "medication-record" if action == PRINTED else "medication-order"
        name = f"{word}-E{entry.seq:05d}.pdf"
        return PrintedCopy(f"packet:{digest[:16]}", 0, pdf, True, digest, name)


def _months(standing: Standing, held: StudentFile) -> Iterable[date]:
    """First days from the order's first month to its last, or today's; the newest two years."""
    last = min(held.today, standing.ended_on or standing.terms.stop)
    months, first = [], first_of(standing.terms.start)
    while first <= last:
        months.append(first)
        first = first_of(last_of(first) + timedelta(days=1))
    return months[-_MOST_MONTHS:]


def _purpose_words(held: StudentFile, purpose: Purpose) -> str:
    """What it is made for, as the packet says it: never what may name another child."""
    return held.clean(purpose.words) if purpose.code == OTHER else PURPOSE_WORDS[purpose.code]
