"""Students by grade, teacher and class, to enter many at once: as the directory has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.people import ClassMember, SchoolClass, Student
from bt_desktop.services.year import GRADES


@dataclass(frozen=True, slots=True)
class StudentGroup:
    """A grade, a teacher's students or a class: “Grade 4”, “Raman”, “Science 4B”."""

    label: str
    student_ids: tuple[str, ...]


def student_groups(session: Session) -> tuple[StudentGroup, ...]:
    """All groups that have somebody in them: grades first, then teachers, then classes."""
    return (*_grades(session), *_teachers(session), *_classes(session))


def _grades(session: Session) -> Iterator[StudentGroup]:
    wanted = select(Student.grade, Student.id).where(Student.active, Student.grade != "")
    found: dict[str, list[str]] = {}
    for grade, student in session.execute(wanted.order_by(Student.family, Student.given)):
        found.setdefault(grade, []).append(f"student:{student}")
    known = {grade: place for place, grade in enumerate(GRADES)}
    for grade in sorted(found, key=lambda one: (known.get(one, len(known)), one)):
        yield StudentGroup(f"Grade {grade}", tuple(found[grade]))


def _teachers(session: Session) -> Iterator[StudentGroup]:
    wanted = select(Student.teacher, Student.id).where(Student.active, Student.teacher != "")
    found: dict[str, list[str]] = {}
    for teacher, student in session.execute(wanted.order_by(Student.family, Student.given)):
        found.setdefault(teacher, []).append(f"student:{student}")
    for teacher in sorted(found, key=str.casefold):
        yield StudentGroup(f"Class of {teacher}", tuple(found[teacher]))


def _classes(session: Session) -> Iterator[StudentGroup]:
    active = {f"student:{one}" for one in session.scalars(select(Student.id).where(Student.active))}
    wanted = (
        select(SchoolClass.title, ClassMember.person_id)
        .join(ClassMember, ClassMember.class_id == SchoolClass.id)
        .where(SchoolClass.active, SchoolClass.title != "")
        .order_by(SchoolClass.title, ClassMember.person_id)
    )
    found: dict[str, list[str]] = {}
    for title, person in session.execute(wanted):
        if person in active:
            found.setdefault(title, []).append(person)
    for title, students in found.items():
        yield StudentGroup(title, tuple(students))
