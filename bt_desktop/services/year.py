"""The end of a school year, and single students who come and go: previewed, one transaction, kept.

Records, drafts and deadlines stay with those who leave; only the directory changes. A rollover can
be taken back as a whole as long as none of its students was changed since.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.people import Caseload, SchoolClass, Student, StudentMove
from bt_desktop.models.school import Setting
from bt_desktop.security.permissions import Action
from bt_desktop.services.caseloads import MANAGER
from bt_desktop.services.context import Context
from bt_desktop.services.names import fold
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name

GRADES = ("PK", "TK", "K", *(str(n) for n in range(1, 13)))
"""Grades in the order in which a child goes through them."""

Deed = Literal["promoted", "retained", "graduated", "left"]
DEEDS: Mapping[Deed, str] = {
    "promoted": "Goes up",
    "retained": "Stays in this grade",
    "graduated": "Graduates",
    "left": "Leaves this school",
}
_KEPT = "rollover:"
_LAST = "rollover_last"
_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class YearLine:
    """One student in the preview. `unsure`: the grade is none that goes up by itself."""

    student_id: str
    name: str
    grade: str
    deed: Deed
    to_grade: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What the end of the year would do; lines can be replaced before it is handed to `apply`."""

    top_grade: str
    last_day: date
    lines: tuple[YearLine, ...]
    caseloads: int
    digest: str

    def count(self, deed: Deed) -> int:
        """How many students have this deed."""
        return sum(1 for line in self.lines if line.deed == deed)


@dataclass(frozen=True, slots=True)
class LastRollover:
    """The newest rollover. `why_not` says in a sentence why it cannot be taken back; empty when it
    can."""

    batch: str
    at: datetime
    on: date
    students: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a student's history at the school."""

    kind: str
    on: date
    from_grade: str
    to_grade: str
    note: str
    at: datetime


class YearRefused(KnownError):
    """The year cannot be ended or taken back like this. `code` tells why."""


def next_grade(grade: str, *, has_tk: bool = False) -> str:
    """The grade after this one; empty after 12, and for what is no grade."""
    if grade == "PK":
        return "TK" if has_tk else "K"
    if grade not in GRADES or grade == "12":
        return ""
    return GRADES[GRADES.index(grade) + 1]


class YearService:
    """Ends a school year; lets single students come and go."""

    def __init__(self, context: Context, people: PeopleService) -> None:
        self._context = context
        self._people = people

    @property
    def may_end(self) -> bool:
        """Whether the person signed in may end the school year."""
        return self._context.may(Action.YEAR_ROLLOVER)

    @property
    def may_move(self) -> bool:
        """Whether the person signed in may let single students come and go."""
        return self._context.may(Action.PEOPLE_EDIT)

    # --- the year --------------------------------------------------------------------------

    def plan(self, top_grade: str = "", last_day: date | None = None) -> YearPlan:
        """What would become of each active student. Changes nothing.

        `top_grade` is the last grade of this school; left out, the highest that somebody is in.
        """
        self._context.require(Action.YEAR_ROLLOVER)
        with self._context.store.read() as session:
            students = _active(session)
            ended = len(_ending(session))
        grades = {one.grade for one in students}
        top = top_grade or next((g for g in reversed(GRADES) if g in grades), "12")
        lines = tuple(_line(one, top, has_tk="TK" in grades) for one in students)
        day = last_day or self._context.clock.now().date()
        return YearPlan(top, day, lines, ended, _digest(students))

    def apply(self, plan: YearPlan) -> LastRollover:
        """End the year as the plan's lines say, in one transaction, with an entry in the trail.

        Raises YearRefused where students came, left or were changed since the plan was made, or a
        line has no grade to go to.
        """
        self._context.require(Action.YEAR_ROLLOVER)
        _require_whole(plan)
        context, now, batch = self._context, self._context.clock.now(), str(uuid.uuid4())
        with context.store.write() as session:
            students = {one.id: one for one in _active(session)}
            if _digest(list(students.values())) != plan.digest:
                raise YearRefused(
                    "year-outdated",
                    "Students were added or changed since this list was made.",
                    "Look at the new list, then end the year. Nothing was changed.",
                )
            kept = _kept(session, students)
            moves = []
            for line in plan.lines:
                row = students[bare(line.student_id)]
                moves.append(self._move(row.id, line.deed, plan.last_day, row.grade, line, batch))
                _go(row, line, plan.last_day, now)
            session.execute(insert(StudentMove), moves)
            session.execute(delete(Caseload).where(Caseload.source != MANAGER))
            session.execute(update(SchoolClass).values(active=False))
            told = {"batch": batch, "at": now.isoformat(), "on": plan.last_day.isoformat()}
            session.add(Setting(name=f"{_KEPT}{batch}", value=kept))
            session.merge(Setting(name=_LAST, value={**told, "students": len(plan.lines)}))
            counts: dict[str, int] = {deed: plan.count(deed) for deed in DEEDS}
            context.note(session, "year.rollover", f"year:{batch}", counts=counts)
        self._people.forget_index()
        return LastRollover(batch, now, plan.last_day, len(plan.lines), "")

    def last(self) -> LastRollover | None:
        """The newest rollover that was not taken back."""
        self._context.require(Action.YEAR_ROLLOVER)
        with self._context.store.read() as session:
            return _last(session)

    def undo(self, batch: str) -> int:
        """Take a rollover back, whole; returns how many students went back. Raises YearRefused."""
        self._context.require(Action.YEAR_ROLLOVER)
        context, now = self._context, self._context.clock.now()
        with context.store.write() as session:
            last = _last(session)
            if last is None or last.batch != batch:
                raise YearRefused(
                    "year-not-last",
                    "This is not the newest end of a year.",
                    "Only the newest one can be taken back.",
                )
            if last.why_not:
                raise YearRefused(
                    "year-changed", last.why_not, "Correct single students by hand instead."
                )
            setting = session.get_one(Setting, f"{_KEPT}{batch}")
            count = self._restore(session, batch, setting.value, now)
            session.delete(setting)
            session.delete(session.get_one(Setting, _LAST))
            context.note(session, "year.undo", f"year:{batch}", counts={"students": count})
        self._people.forget_index()
        return count

    def _restore(self, session: Session, batch: str, kept: Mapping[str, Any], now: datetime) -> int:
        before = {student: (teacher, left_on) for student, teacher, left_on in kept["students"]}
        moves = list(session.scalars(select(StudentMove).where(StudentMove.batch == batch)))
        undone = []
        for move in moves:
            row = session.get_one(Student, move.student_id)
            teacher, left_on = before[row.id]
            undone.append(
                self._row(row.id, "undone", move.on, row.grade, move.from_grade, "", batch)
            )
            row.grade, row.teacher, row.active = move.from_grade, teacher, True
            row.left_on = date.fromisoformat(left_on) if left_on else None
            row.updated_at = now
        session.execute(insert(StudentMove), undone)
        pairs = session.execute(select(Caseload.staff_id, Caseload.student_id))
        known = {(staff, student) for staff, student in pairs}
        rows = [
            {"staff_id": staff, "student_id": student, "source": source, "by_user": user,
             "at": datetime.fromisoformat(at)}
            for staff, student, source, user, at in kept["caseloads"]
            if (staff, student) not in known
        ]  # fmt: skip
        if rows:
            session.execute(insert(Caseload), rows)
        session.execute(
            update(SchoolClass).where(SchoolClass.id.in_(kept["classes"])).values(active=True)
        )
        return len(moves)

    # --- single students -------------------------------------------------------------------

    def leave(self, student_id: str, on: date, note: str = "") -> None:
        """A student leaves: inactive from `on`; their records stay. KeyError, YearRefused."""
        self._context.require(Action.PEOPLE_EDIT)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            row = _student(session, student_id)
            if not row.active:
                raise YearRefused(
                    "not-here", "This student left before.", "Look at the day under “Left”."
                )
            self._moved(session, row, "transferred", on, row.grade, "", note)
            row.active, row.left_on, row.updated_at = False, on, now
        self._people.forget_index()

    def enter(self, student_id: str, on: date, grade: str, note: str = "") -> None:
        """A student who left comes back. Raises KeyError, YearRefused."""
        self._context.require(Action.PEOPLE_EDIT)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            row = _student(session, student_id)
            if row.active:
                raise YearRefused(
                    "is-here", "This student is at this school.", "There is nothing to do."
                )
            self._moved(session, row, "entered", on, row.grade, grade, note)
            row.active, row.left_on, row.grade, row.updated_at = True, None, grade, now
        self._people.forget_index()

    def moves(self, student_id: str) -> tuple[Move, ...]:
        """A student's history at the school, newest first."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            rows = session.scalars(
                select(StudentMove)
                .where(StudentMove.student_id == bare(student_id))
                .order_by(StudentMove.at.desc(), StudentMove.id)
            )
            return tuple(
                Move(row.kind, row.on, row.from_grade, row.to_grade, row.note, row.at)
                for row in rows
            )

    def _moved(
        self,
        session: Session,
        row: Student,
        kind: str,
        on: date,
        before: str,
        after: str,
        note: str,
    ) -> None:
        line = self._row(row.id, kind, on, before, after, note, "")
        session.execute(insert(StudentMove), [line])
        self._context.note(session, "people.move", f"student:{row.id}", reason=kind)

    def _move(
        self, student: str, kind: str, on: date, before: str, line: YearLine, batch: str
    ) -> dict[str, Any]:
        return self._row(student, kind, on, before, line.to_grade, "", batch)

    def _row(
        self, student: str, kind: str, on: date, before: str, after: str, note: str, batch: str
    ) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "student_id": student,
            "kind": kind,
            "on": on,
            "from_grade": before,
            "to_grade": after,
            "note": " ".join(note.split())[:_LONGEST_NOTE],
            "batch": batch,
            "by_user": self._context.actor.user_id,
            "at": self._context.clock.now(),
        }


def _line(row: Student, top: str, *, has_tk: bool) -> YearLine:
    name = whole_name(row)
    which = f"student:{row.id}"
    if row.grade not in GRADES:
        return YearLine(which, name, row.grade, "retained", row.grade, unsure=True)
    at_top = top in GRADES and GRADES.index(row.grade) >= GRADES.index(top)
    if row.grade == "12":
        return YearLine(which, name, row.grade, "graduated", "")
    if at_top:
        return YearLine(which, name, row.grade, "left", "")
    return YearLine(which, name, row.grade, "promoted", next_grade(row.grade, has_tk=has_tk))


def _go(row: Student, line: YearLine, last_day: date, now: datetime) -> None:
    if line.deed in ("graduated", "left"):
        row.active, row.left_on = False, last_day
    else:
        row.grade = line.to_grade
    row.teacher = ""  # the new year's roster says who teaches whom
    row.updated_at = now


def _require_whole(plan: YearPlan) -> None:
    if not plan.lines:
        raise YearRefused(
            "year-nobody", "There are no active students.", "Import the roster of the school first."
        )
    if any(line.deed == "promoted" and not line.to_grade for line in plan.lines):
        raise YearRefused(
            "year-no-grade",
            "A student who goes up has no grade to go to.",
            "Choose the grade, or say that the student stays or leaves.",
        )


def _active(session: Session) -> list[Student]:
    rows = session.scalars(select(Student).where(Student.active)).all()
    order = {grade: place for place, grade in enumerate(GRADES)}
    return sorted(rows, key=lambda r: (order.get(r.grade, -1), fold(f"{r.family} {r.given}"), r.id))


def _digest(students: Sequence[Student]) -> str:
    told = sorted((one.id, one.grade, one.updated_at.isoformat()) for one in students)
    return hashlib.sha256(repr(told).encode("utf-8")).hexdigest()


def _ending(session: Session) -> list[Caseload]:
    return list(session.scalars(select(Caseload).where(Caseload.source != MANAGER)))


def _kept(session: Session, students: Mapping[str, Student]) -> dict[str, Any]:
    """What an undo needs and the moves do not tell."""
    return {
        "students": [
            [one.id, one.teacher, one.left_on.isoformat() if one.left_on else ""]
            for one in students.values()
        ],
        "caseloads": [
            [row.staff_id, row.student_id, row.source, row.by_user, row.at.isoformat()]
            for row in _ending(session)
        ],
        "classes": list(session.scalars(select(SchoolClass.id).where(SchoolClass.active))),
    }


def _last(session: Session) -> LastRollover | None:
    setting = session.get(Setting, _LAST)
    if setting is None:
        return None
    told = setting.value
    at = datetime.fromisoformat(told["at"])
    batch = told["batch"]
    mine = select(StudentMove.student_id).where(StudentMove.batch == batch)
    changed = session.scalars(
        select(Student.id).where(Student.id.in_(mine), Student.updated_at != at)
    ).all()
    why = ""
    if changed:
        many = "1 student was" if len(changed) == 1 else f"{len(changed)} students were"
        why = f"{many} changed since the year was ended, so it cannot be taken back as a whole."
    return LastRollover(batch, at, date.fromisoformat(told["on"]), told["students"], why)


def _student(session: Session, student_id: str) -> Student:
    row = session.get(Student, bare(student_id))
    if row is None:
        raise KeyError(student_id)
    return row
