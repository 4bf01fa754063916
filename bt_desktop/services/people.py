"""Students, guardians and staff: searched, read, added and changed by hand."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bt_desktop.models import people as tables
from bt_desktop.security.permissions import Action
from bt_desktop.services import people_rows as rows
from bt_desktop.services import privacy
from bt_desktop.services.context import Context
from bt_desktop.services.name_index import Entry, NameIndex, matched_spans, words_of
from bt_desktop.services.names import fold
from bt_desktop.services.privacy_people import names_in, names_stamp
from bt_desktop.services.results.people import (
    Guardian,
    NewGuardian,
    NewStaff,
    NewStudent,
    Person,
    PersonHit,
    PersonKind,
    Problem,
)

_KINDS: tuple[PersonKind, ...] = ("student", "staff", "guardian")


class PeopleService:
    """The people of the school. The search index lives in memory, made at the first search."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._indexes: dict[str, NameIndex] = {}
        self._guard = threading.RLock()
        self._names: dict[str, tuple[object, privacy.NameIndex]] = {}

    def search(
        self, text: str, kinds: Sequence[PersonKind] = ("student",), limit: int = 15
    ) -> tuple[PersonHit, ...]:
        """People whose names hold every word of `text`, best first. Not an audited deed."""
        self._context.require(Action.PEOPLE_SEARCH)
        with self._guard:
            found = [hit for kind in kinds for hit in self._index(kind).search(text, limit)][:limit]
            same = {one for one in found if self._index(rows.kind_of(one)).has_namesake(one)}
        if not found:
            return ()
        with self._context.store.read() as session:
            known = rows.people(session, found)
        return tuple(_hit(known[one], text, one in same) for one in found if one in known)

    @property
    def may_search(self) -> bool:
        """Whether the role looks people up by name."""
        return self._context.may(Action.PEOPLE_SEARCH)

    def warm_up(self) -> None:
        """Make the index of students before the first keystroke (on the lane for long reads)."""
        if self._context.may(Action.PEOPLE_SEARCH):
            with self._guard:
                self._index("student")

    def forget_index(self) -> None:
        """Make the search index anew at the next search (after an import)."""
        with self._guard:
            self._indexes.clear()
            self._names.clear()

    def student_names(self) -> privacy.NameIndex:
        """All students' names, those who have left too, for the net under a parent's copy.

        Made at the first question (half a second for 50,000) and kept until somebody changes,
        also where another hand on the same vault changed them.
        """
        self._context.require(Action.PEOPLE_READ)
        return self._name_index("net", ("student",), also_left=True)

    def names_of_families(self) -> privacy.NameIndex:
        """The names of all students and of all guardians, for the net under a parent's copy: whose
        mother was called tells whose child it was. Kept and renewed as `student_names` is."""
        self._context.require(Action.PEOPLE_READ)
        return self._name_index("families", ("student", "guardian"), also_left=True)

    def offered_names(self) -> privacy.NameIndex:
        """The names of active students and staff, to be offered as tokens while writing."""
        self._context.require(Action.PEOPLE_SEARCH)
        return self._name_index("offers", ("student", "staff"), also_left=False)

    def _name_index(self, key: str, kinds: Sequence[str], *, also_left: bool) -> privacy.NameIndex:
        with self._guard, self._context.store.read() as session:
            stamp = names_stamp(session, kinds)
            known = self._names.get(key)
            if known is None or known[0] != stamp:
                names = names_in(session, kinds, also_left=also_left)
                known = self._names[key] = stamp, privacy.NameIndex(names)
            return known[1]

    def _index(self, kind: str) -> NameIndex:
        index = self._indexes.get(kind)
        if index is None:
            with self._context.store.read() as session:
                index = NameIndex(_entry(kind, row) for row in rows.active_names(session, kind))
            self._indexes[kind] = index
        return index

    def _keep_in_step(self, kind: str, row: rows.PersonRow) -> None:
        with self._guard:
            self._names.clear()
            index = self._indexes.get(kind)
            if index is None:
                return
            if row.active:
                index.put(_entry(kind, row))
            else:
                index.drop(f"{kind}:{row.id}")

    def get(self, person_id: str) -> Person:
        """The person of this id; raises KeyError."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            return rows.people(session, [person_id])[person_id]

    def guardians(self, student_id: str) -> tuple[Guardian, ...]:
        """The guardians of a student, those who may receive copies first."""
        self._context.require(Action.GUARDIAN_READ)
        with self._context.store.read() as session:
            return rows.guardians_of(session, rows.bare(student_id))

    def labels(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of these people by id; unknown ids are left out."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            return {key: person.name for key, person in rows.people(session, ids).items()}

    def students(self, limit: int = 100, *, skip: int = 0) -> tuple[PersonHit, ...]:
        """`limit` active students by last name, after the first `skip`, to leaf through."""
        self._context.require(Action.PEOPLE_SEARCH)
        order = (tables.Student.family, tables.Student.given, tables.Student.id)
        first = select(tables.Student.id).where(tables.Student.active).order_by(*order)
        with self._context.store.read() as session:
            ids = [f"student:{one}" for one in session.scalars(first.offset(skip).limit(limit))]
            found = rows.people(session, ids)
        with self._guard:
            index = self._index("student")
            same = {one for one in ids if index.has_namesake(one)}
        return tuple(_hit(found[one], "", one in same) for one in ids if one in found)

    def among(self, ids: Iterable[str], text: str = "") -> tuple[PersonHit, ...]:
        """These students by last name, narrowed to names that hold every word of `text`."""
        self._context.require(Action.PEOPLE_SEARCH)
        wanted = words_of(text)
        with self._context.store.read() as session:
            found = rows.people(session, ids)
        kept = [
            one
            for one in found.values()
            if all(
                any(word.startswith(part) for word in words_of(f"{one.name} {one.preferred}"))
                for part in wanted
            )
        ]
        kept.sort(key=lambda one: fold(f"{one.family} {one.given}"))
        with self._guard:
            index = self._index("student")
            same = {one.id for one in kept if index.has_namesake(one.id)}
        return tuple(_hit(one, text, one.id in same) for one in kept)

    def staff(self) -> tuple[Person, ...]:
        """Every active staff member, by name."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            ids = session.scalars(select(tables.Staff.id).where(tables.Staff.active)).all()
            found = rows.people(session, [f"staff:{one}" for one in ids])
        return tuple(sorted(found.values(), key=lambda one: fold(f"{one.family} {one.given}")))

    def count(self) -> Mapping[str, int]:
        """How many active people of each kind there are."""
        self._context.require(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            return {
                kind: sum(row.active for row in rows.everybody(session, kind)) for kind in _KINDS
            }

    # --- by hand -------------------------------------------------------------------------------

    def student_problems(self, new: NewStudent) -> tuple[Problem, ...]:
        """What is wrong with these values; empty when they can be saved."""
        return rows.student_problems(new, self._context.clock.now().date())

    def staff_problems(self, new: NewStaff) -> tuple[Problem, ...]:
        """What is wrong with these values; empty when they can be saved."""
        return rows.staff_problems(new)

    def guardian_problems(self, new: NewGuardian) -> tuple[Problem, ...]:
        """What is wrong with these values; empty when they can be saved."""
        return rows.guardian_problems(new)

    def add_student(self, new: NewStudent) -> str:
        """Add a student by hand; returns the id. Raises `InvalidPerson` with the problems."""
        self._context.require(Action.PEOPLE_ADD)
        with self._context.store.write() as session:
            bare = rows.add_student_row(session, new, self._context.clock.now())
            self._context.note(session, "people.add", f"student:{bare}")
            row = session.get_one(tables.Student, bare)
        self._keep_in_step("student", row)
        return f"student:{bare}"

    def update_student(self, student_id: str, new: NewStudent) -> None:
        """Change a student. Raises `InvalidPerson`, KeyError."""
        self._context.require(Action.PEOPLE_EDIT)
        rows.refuse(self.student_problems(new))
        with self._context.store.write() as session:
            row = rows.find(session, student_id)
            if not isinstance(row, tables.Student):
                raise KeyError(student_id)
            rows.fill_student(row, new, self._context.clock.now())
            self._context.note(session, "people.change", student_id)
        self._keep_in_step("student", row)

    @property
    def may_edit(self) -> bool:
        """Whether the role changes people."""
        return self._context.may(Action.PEOPLE_EDIT)

    @property
    def may_edit_health(self) -> bool:
        """Whether the role changes what staff must know of a student's health."""
        return self._context.may(Action.PEOPLE_HEALTH)

    def update_health(
        self, student_id: str, *, allergies: str, medical_alert: str, health_note: str
    ) -> None:
        """Change what staff must know of a student's health, and nothing else of the student.

        Allergies are a nurse's to know; the roster is not. Raises KeyError, Denied.
        """
        self._context.require(Action.PEOPLE_HEALTH)
        with self._context.store.write() as session:
            row = rows.find(session, student_id)
            if not isinstance(row, tables.Student):
                raise KeyError(student_id)
            row.allergies = allergies.strip()
            row.medical_alert = medical_alert.strip()
            row.health_note = health_note.strip()
            row.updated_at = self._context.clock.now()
            self._context.note(session, "people.change", student_id, reason="health")

    def add_staff(self, new: NewStaff) -> str:
        """Add a staff member by hand; returns the id. Raises `InvalidPerson`."""
        self._context.require(Action.PEOPLE_ADD)
        with self._context.store.write() as session:
            bare = rows.add_staff_row(session, new, self._context.clock.now())
            self._context.note(session, "people.add", f"staff:{bare}")
            row = session.get_one(tables.Staff, bare)
        self._keep_in_step("staff", row)
        return f"staff:{bare}"

    def update_staff(self, staff_id: str, new: NewStaff) -> None:
        """Change a staff member, trainings and all. Raises `InvalidPerson`, KeyError."""
        self._context.require(Action.PEOPLE_EDIT)
        rows.refuse(rows.staff_problems(new))
        with self._context.store.write() as session:
            row = rows.find(session, staff_id)
            if not isinstance(row, tables.Staff):
                raise KeyError(staff_id)
            rows.fill_staff(session, row, new, self._context.clock.now())
            self._context.note(session, "people.change", staff_id)
        self._keep_in_step("staff", row)

    def add_guardian(self, student_id: str, new: NewGuardian) -> str:
        """Add a guardian of a student; returns the id. Raises `InvalidPerson`, KeyError."""
        self._context.require(Action.PEOPLE_ADD)
        rows.refuse(rows.guardian_problems(new))
        now = self._context.clock.now()
        with self._context.store.write() as session:
            student = rows.find(session, student_id)
            row = tables.Guardian(id=str(uuid.uuid4()), updated_at=now)
            pair = tables.Guardianship(student_id=student.id, guardian_id=row.id)
            rows.fill_guardian(row, pair, new, now)
            session.add(row)
            session.flush()
            session.add(pair)
            session.flush()
            self._context.note(session, "people.add", f"guardian:{row.id}")
        self._keep_in_step("guardian", row)
        return f"guardian:{row.id}"

    def update_guardian(self, student_id: str, guardian_id: str, new: NewGuardian) -> None:
        """Change a guardian as seen from a student. Raises `InvalidPerson`, KeyError."""
        self._context.require(Action.PEOPLE_EDIT)
        rows.refuse(rows.guardian_problems(new))
        with self._context.store.write() as session:
            row = rows.find(session, guardian_id)
            pair = session.get(tables.Guardianship, (rows.bare(student_id), rows.bare(guardian_id)))
            if pair is None or not isinstance(row, tables.Guardian):
                raise KeyError(guardian_id)
            rows.fill_guardian(row, pair, new, self._context.clock.now())
            self._context.note(session, "people.change", guardian_id)
        self._keep_in_step("guardian", row)

    def set_active(self, person_id: str, active: bool) -> None:
        """Make a person inactive (no longer offered) or active again; nothing is deleted."""
        self._context.require(Action.PEOPLE_EDIT)
        with self._context.store.write() as session:
            row = rows.find(session, person_id)
            row.active = active
            if isinstance(row, tables.Student):
                row.left_on = None if active else self._context.clock.now().date()
            reason = "active" if active else "inactive"
            self._context.note(session, "people.change", person_id, reason=reason)
        self._keep_in_step(rows.kind_of(person_id), row)


def _entry(kind: str, row: Any) -> Entry:
    """A person of the index; `row` has the columns of a name (and a student number)."""
    names = tuple(name for name in (row.given, row.middle, row.family, row.preferred) if name)
    number = getattr(row, "student_number", "")
    return Entry(
        id=f"{kind}:{row.id}",
        names=(*names, number) if number else names,
        sort=fold(f"{row.family} {row.given}"),
        same=" ".join(sorted(words_of(f"{row.given} {row.family}"))),
    )


def _hit(person: Person, text: str, same_name: bool) -> PersonHit:
    best = person.trainings[0] if person.trainings else None
    return PersonHit(
        id=person.id,
        name=person.name,
        kind=person.kind,
        grade=person.grade,
        teacher=person.teacher,
        birth_date=person.birth_date,
        title=person.title,
        training=best.program if best else "",
        training_until=best.until if best else None,
        same_name=same_name,
        spans=matched_spans(person.name, text),
    )
