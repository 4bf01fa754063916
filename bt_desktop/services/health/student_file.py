"""One student's whole health file out of the store, for what leaves the program: packet, exports.

Of this student only: entries are read by whose they are, and what staff wrote in free text is left
out where it may name another child (34 CFR 99.12(a); the same net as under a paper for parents).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.services import parent_text as texts
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_log import Doses, read_doses
from bt_desktop.services.health.entries import LOT, MOVE, PAPER
from bt_desktop.services.health.model import Lot, Move, Order
from bt_desktop.services.health.order_book import OrderBook, Standing
from bt_desktop.services.health.paper_model import ParentPaper
from bt_desktop.services.health.paper_problems import ExportNothing
from bt_desktop.services.health.visit_fold import VISIT_KINDS, folded
from bt_desktop.services.health.visit_model import VisitState
from bt_desktop.services.people_rows import bare
from bt_desktop.services.privacy import NameIndex
from bt_desktop.services.record_load import Holder, holders
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar

WITHHELD = "(withheld: it may name another student)"


@dataclass(frozen=True, slots=True)
class StudentFile:
    """Everything of one student. `orders` are theirs and those of the school's stock that a dose
    of theirs was given by; `own` the student's alone. `clean` leaves out what may name another."""

    student: Student
    now: datetime
    calendar: SchoolCalendar
    orders: Mapping[str, Order]
    own: tuple[Standing, ...]
    doses: Doses
    lots: tuple[Lot, ...]
    moves: Mapping[str, tuple[Move, ...]]  # by lot
    papers: tuple[ParentPaper, ...]
    visits: tuple[VisitState, ...]
    people: Mapping[str, Holder]
    clean: Callable[[str], str]

    @property
    def id(self) -> str:
        """The student's id."""
        return f"student:{self.student.id}"

    @property
    def today(self) -> date:
        """The school's day."""
        return self.local(self.now).date()

    def local(self, moment: datetime) -> datetime:
        """On the school's clocks."""
        return moment.astimezone(self.calendar.zone)

    def name(self, user_id: str) -> str:
        """Who is behind an account."""
        known = self.people.get(user_id)
        return known.name if known is not None else ""


def read_student_file(
    session: Session,
    context: Context,
    box: HealthBox,
    book: OrderBook,
    index: NameIndex,
    student_id: str,
) -> StudentFile:
    """The file of a student of the roster. Raises ExportNothing for anybody else."""
    student = session.get(Student, bare(student_id))
    if student is None or not student_id.startswith("student:"):
        raise ExportNothing
    now = context.clock.now()
    calendar = school_calendar(session, now)
    today = now.astimezone(calendar.zone).date()
    own = book.of_student(session, student_id)
    doses = read_doses(session, box, subject=student_id)
    orders = {one.terms.id: one.on(today) for one in own}
    every = (*doses.standing, *(dose for dose, _ in doses.struck.values()))
    for order_id in {one.order_id for one in every if one.order_id}:
        found = book.order(session, order_id)
        if found is not None:
            orders.setdefault(order_id, found.on(today))
    lots = tuple(kept.value(Lot) for kept in box.read(session, LOT, subject=student_id))
    moves: dict[str, tuple[Move, ...]] = {lot.id: () for lot in lots}
    for kept in box.read(session, MOVE, subject=student_id):
        if kept.about in moves:
            moves[kept.about] = (*moves[kept.about], kept.value(Move))
    papers = tuple(kept.value(ParentPaper) for kept in box.read(session, PAPER, subject=student_id))
    visits = folded(box.read(session, *VISIT_KINDS, subject=student_id))
    net = texts.net(session, index, student_id, {})

    looked_at: dict[str, str] = {"": ""}

    def clean(text: str) -> str:
        if text not in looked_at:
            looked_at[text] = WITHHELD if net.may_name_a_child(text) else text
        return looked_at[text]

    return StudentFile(
        student, now, calendar, orders, own, doses, lots, moves, papers,
        tuple(one for one in visits if one.counts), holders(session), clean,
    )  # fmt: skip
