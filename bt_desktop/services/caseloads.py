"""Whose own the students are: by their classes, by their case manager, and as set by hand.

"Own" decides what somebody sees without being asked for the purpose (security design §6), so it is
kept as rows that can be looked up at once, never guessed from names when a record is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased

from bt_desktop.models.people import Caseload, ClassMember, SchoolClass, Staff, Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.names import fold
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.results.people import OwnStudent, TeamMember

CLASS, MANAGER, HAND = "class", "manager", "hand"


def is_mine(session: Session, staff_id: str, student_id: str) -> bool:
    """Whether the student is of that staff member's caseload (ids with or without their kind)."""
    return session.get(Caseload, (bare(staff_id), bare(student_id))) is not None


class CaseloadService:
    """Reads and changes caseloads. Ids are `staff:<uuid>` and `student:<uuid>`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may_edit(self) -> bool:
        """Whether the person signed in may set caseloads by hand."""
        return self._context.may(Action.CASELOAD_EDIT)

    def mine(self) -> frozenset[str]:
        """The ids of the active students who are the signed-in person's own."""
        return self._ids(self._context.actor.staff_id)

    def of(self, staff_id: str) -> frozenset[str]:
        """The ids of the active students who are that staff member's own."""
        self._context.require(Action.PEOPLE_READ)
        return self._ids(staff_id)

    def students(self, staff_id: str) -> tuple[OwnStudent, ...]:
        """The active students of a staff member, by last name."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            rows = session.execute(
                select(Student, Caseload.source)
                .join(Caseload, Caseload.student_id == Student.id)
                .where(Caseload.staff_id == bare(staff_id), Student.active)
            ).all()
        found = sorted(rows, key=lambda pair: fold(f"{pair[0].family} {pair[0].given}"))
        return tuple(
            OwnStudent(f"student:{row.id}", whole_name(row), row.grade, source)
            for row, source in found
        )

    def team(self, student_id: str) -> tuple[TeamMember, ...]:
        """The active staff members whose own a student is, by name."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            rows = session.execute(
                select(Staff, Caseload.source, Caseload.at)
                .join(Caseload, Caseload.staff_id == Staff.id)
                .where(Caseload.student_id == bare(student_id), Staff.active)
            ).all()
        found = sorted(rows, key=lambda line: fold(f"{line[0].family} {line[0].given}"))
        return tuple(
            TeamMember(f"staff:{row.id}", whole_name(row), row.title, source, at)
            for row, source, at in found
        )

    def add(self, staff_id: str, student_ids: Iterable[str]) -> int:
        """Make students somebody's own by hand; returns how many were not so before."""
        self._context.require(Action.CASELOAD_EDIT)
        now, user = self._context.clock.now(), self._context.actor.user_id
        with self._context.store.write() as session:
            session.get_one(Staff, bare(staff_id))
            added = 0
            for student in dict.fromkeys(map(bare, student_ids)):
                session.get_one(Student, student)
                key = {"staff_id": bare(staff_id), "student_id": student}
                if session.get(Caseload, tuple(key.values())) is None:
                    session.add(Caseload(**key, source=HAND, by_user=user, at=now))
                    added += 1
            if added:
                self._note(session, "caseload.add", staff_id, added)
        return added

    def remove(self, staff_id: str, student_ids: Iterable[str]) -> int:
        """Take back what was set by hand; what a class says stays. Returns how many went."""
        self._context.require(Action.CASELOAD_EDIT)
        with self._context.store.write() as session:
            rows = session.scalars(
                select(Caseload).where(
                    Caseload.staff_id == bare(staff_id),
                    Caseload.student_id.in_([bare(one) for one in student_ids]),
                    Caseload.source == HAND,
                )
            ).all()
            for row in rows:
                session.delete(row)
            session.flush()
            if rows:
                self._note(session, "caseload.remove", staff_id, len(rows))
                follow_roster(session, self._context.actor.user_id, self._context.clock.now())
        return len(rows)

    def _ids(self, staff_id: str) -> frozenset[str]:
        with self._context.store.read() as session:
            found = session.scalars(
                select(Caseload.student_id)
                .join(Student, Student.id == Caseload.student_id)
                .where(Caseload.staff_id == bare(staff_id), Student.active)
            )
            return frozenset(f"student:{one}" for one in found)

    def _note(self, session: Session, deed: str, staff_id: str, count: int) -> None:
        self._context.note(session, deed, f"staff:{bare(staff_id)}", counts={"students": count})


def follow_roster(session: Session, by_user: str, now: datetime) -> tuple[int, int]:
    """Bring the rows that follow the roster in step with classes and case managers.

    Returns how many came and went. What was set by hand is left alone.
    """
    wanted = {
        **dict.fromkeys(_of_classes(session), CLASS),
        **dict.fromkeys(_managed(session), MANAGER),
    }
    known = {
        (staff, student): source
        for staff, student, source in session.execute(
            select(Caseload.staff_id, Caseload.student_id, Caseload.source)
        )
    }
    gone = [pair for pair, source in known.items() if source != HAND and wanted.get(pair) != source]
    for staff, student in gone:
        session.execute(
            delete(Caseload).where(Caseload.staff_id == staff, Caseload.student_id == student)
        )
    fresh = [
        {"staff_id": staff, "student_id": student, "source": source, "by_user": by_user, "at": now}
        for (staff, student), source in wanted.items()
        if known.get((staff, student)) not in (source, HAND)
    ]
    if fresh:
        session.execute(insert(Caseload), fresh)
    return len(fresh), len(gone)


def _of_classes(session: Session) -> Iterable[tuple[str, str]]:
    """(staff, student) of everybody who shares a class that is on: teachers and aides alike."""
    teaches, learns = aliased(ClassMember), aliased(ClassMember)
    rows = session.execute(
        select(teaches.person_id, learns.person_id)
        .join(learns, learns.class_id == teaches.class_id)
        .join(SchoolClass, SchoolClass.id == teaches.class_id)
        .where(
            SchoolClass.active,
            teaches.person_id.like("staff:%"),
            learns.person_id.like("student:%"),
        )
        .distinct()
    )
    return [(bare(staff), bare(student)) for staff, student in rows]


def _managed(session: Session) -> Iterable[tuple[str, str]]:
    rows = session.execute(
        select(Staff.id, Student.id).join(Student, Student.case_manager == Staff.id)
    )
    return [(staff, student) for staff, student in rows]
