"""Students who could be mistaken for one another (R2), from the school's list."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Guardianship, Student
from bt_desktop.services.health.similar import Called, alerts


def namesakes(session: Session, student_id: str) -> tuple[Called, ...]:
    """Who could be mistaken for this student; nobody for a subject that is none."""
    return all_namesakes(session, [student_id]).get(student_id, ())


def all_namesakes(session: Session, about: Iterable[str]) -> dict[str, tuple[Called, ...]]:
    """For each of these students who could be mistaken for them; only where anybody could."""
    guardians: dict[str, set[str]] = {}
    pairs = select(Guardianship.student_id, Guardianship.guardian_id).where(Guardianship.active)
    for student, guardian in session.execute(pairs):
        guardians.setdefault(student, set()).add(guardian)
    rows = select(
        Student.id, Student.given, Student.preferred, Student.family, Student.grade
    ).where(Student.active)
    everybody = [
        Called(
            f"student:{row.id}",
            row.given,
            row.preferred,
            row.family,
            row.grade,
            frozenset(guardians.get(row.id, ())),
        )
        for row in session.execute(rows)
    ]
    return alerts(everybody, about)
