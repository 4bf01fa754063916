"""Today's board: what is due, what was given, what may be given again, what is still to be told.

A view over the students' own files: nothing is kept here. One pass: orders from the book, the
doses of the last days once, students in one question.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.board_day import Day
from bt_desktop.services.health.board_model import Board, Child, State
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_book import DoseBook
from bt_desktop.services.health.dose_log import Doses
from bt_desktop.services.health.dose_notes import read_notes
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.namesakes import all_namesakes
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import medication_settings
from bt_desktop.services.health.times import (
    day_of,
    times_words,
)
from bt_desktop.services.people_rows import bare
from bt_desktop.services.record_load import holders
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar

_BACK = timedelta(days=5)  # an interval of hours, yesterday's tasks, two refusals in a row


class BoardService:
    """Makes the board of a day for whoever is signed in."""

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
        self._doses = DoseBook(box)

    def forget(self) -> None:
        """Let go of what was read (the vault is locked)."""
        self._doses.forget()

    def today(self, day: date | None = None) -> Board:
        """The board of today (of another day), as far as it is reached; delegates see theirs.

        Nothing is refused: whoever reaches nothing sees an empty board.
        """
        with self._context.store.read() as session:
            now = self._context.clock.now()
            calendar = school_calendar(session, now)
            on = day or day_of(now, calendar)
            doses = self._doses.doses(session, on - _BACK, on)
            settings = medication_settings(session)
            away = self._away.of_in(session, None, on - _BACK, on)
            notes = read_notes(session, self._box, on - _BACK)
            people = {user: initials(one.name) for user, one in holders(session).items()}
            made = Day(on, now, calendar, settings, doses, _by_order(doses), away, notes, people)
            reach = self._reaching.now(session, on)
            standing = [
                one
                for one in self._book.orders(session)
                if reach.sees_order(one.terms.id, one.terms.student_id)
            ]
            orders = [one.on(on) for one in standing]
            active = [one for one in orders if one.status == "active"]
            told = {one.id: one for one in orders}
            before = [
                (day, [one.on(day) for one in standing])
                for day in _school_days_before(on, calendar)
            ]
            wanted = {one.terms.student_id for one in active}
            wanted |= {one.terms.student_id for _, past in before for one in past}
            wanted |= {dose.student_id for dose in made.doses.standing}
            children = _children(session, wanted)
        lines = [line for order in active for line in made.lines(order, children)]
        scheduled = [line for line in lines if line.due_at is not None]
        scheduled.sort(key=lambda one: (one.due_at or now, one.child.family, one.child.given))
        needed = sorted(
            (line for line in lines if line.due_at is None),
            key=lambda one: (one.child.family, one.child.given, one.medicine),
        )
        counts: dict[State, int] = {}
        for line in lines:
            counts[line.state] = counts.get(line.state, 0) + 1
        return Board(
            on,
            now,
            tuple(scheduled),
            tuple(needed),
            tuple(made.tasks(told, children)),
            _closed(on, calendar),
            counts,
            _early(on, calendar),
            tuple(made.missed(before, children)),
            tuple(made.unfinished(children)),
        )


def initials(name: str) -> str:
    """“MC” of “Maria Chen”; of a name with a dash every part: “MNO”."""
    return "".join(part[0] for part in name.replace("-", " ").split()).upper()


def _school_days_before(day: date, calendar: SchoolCalendar) -> list[date]:
    """The two school days before, as far as doses are read back, newest first."""
    days = [day - timedelta(days=back) for back in range(1, _BACK.days + 1)]
    return [one for one in days if calendar.is_school_day(one)][:2]


def _by_order(doses: Doses) -> dict[str, list[DoseRecord]]:
    found: dict[str, list[DoseRecord]] = {}
    for dose in doses.standing:
        if dose.order_id is not None:
            found.setdefault(dose.order_id, []).append(dose)
    return found


def _children(session: Session, ids: Iterable[str]) -> dict[str, Child]:
    wanted = [bare(one) for one in ids if one.startswith("student:")]
    alike = all_namesakes(session, [f"student:{one}" for one in wanted])
    found = {}
    for start in range(0, len(wanted), 500):
        rows = select(Student).where(Student.id.in_(wanted[start : start + 500]))
        for row in session.scalars(rows):
            student = f"student:{row.id}"
            found[student] = Child(
                student,
                row.given,
                row.family,
                row.preferred or row.given,
                row.grade,
                row.birth_date,
                row.allergies,
                tuple(f"{one.given} {one.family}" for one in alike.get(student, ())),
            )
    return found


def _early(day: date, calendar: SchoolCalendar) -> str:
    marked, bell = calendar.days.get(day), calendar.bell_of(day)
    if marked is None or marked.kind != "early" or bell is None:
        return ""
    label = f" ({marked.label})" if marked.label else ""
    return f"School ends at {times_words([bell])} today{label}."


def _closed(day: date, calendar: SchoolCalendar) -> str:
    if calendar.is_school_day(day):
        return ""
    marked = calendar.days.get(day)
    label = f" ({marked.label})" if marked is not None and marked.label else ""
    return (
        f"No school today{label}. As-needed and emergency medicines can be recorded all the same."
    )
