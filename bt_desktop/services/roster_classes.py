"""Finds the classes, each student's homeroom and its teacher in classes.csv and enrollments.csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bt_desktop.services.roster_files import Table
from bt_desktop.services.roster_model import PersonKind, RosterClass, RosterProblem
from bt_desktop.services.roster_people import People
from bt_desktop.services.roster_table import Reading
from bt_desktop.services.roster_values import parse_bool, parse_status


@dataclass(slots=True)
class _Class:
    title: str
    homeroom: bool


@dataclass(slots=True)
class Homerooms:
    """Which class is a student's homeroom, and who teaches it."""

    problems: list[RosterProblem] = field(default_factory=list)
    _classes: dict[str, _Class] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _of: dict[str, list[str]] = field(default_factory=dict)
    _teachers: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[tuple[PersonKind, str]]] = field(default_factory=dict)

    def classes(self) -> tuple[RosterClass, ...]:
        """Every class with whoever is in it."""
        return tuple(
            RosterClass(i, one.title, one.homeroom, frozenset(self._members.get(i, ())))
            for i, one in self._classes.items()
        )

    def of(self, student: str) -> tuple[str, str] | None:
        """(title, teacher's name) of the homeroom; with no homeroom, of the only class."""
        own = self._of.get(student)
        if not own:
            return None
        homes = [i for i in own if self._classes[i].homeroom] or (own if len(own) == 1 else [])
        if not homes:
            return None
        return self._classes[homes[0]].title, self._teachers.get(homes[0], "")

    def all(self) -> Iterator[tuple[str, str, str]]:
        """(student, title, teacher) of every student who has one."""
        for student in self._of:
            if home := self.of(student):
                yield student, *home


def read_homerooms(tables: dict[str, Table], people: People) -> Homerooms:
    """Reads both tables; either may be missing."""
    found = Homerooms()
    if table := tables.get("classes"):
        _read_classes(table, found)
    if table := tables.get("enrollments"):
        _read_enrollments(table, found, people)
    return found


def _read_classes(table: Table, found: Homerooms) -> None:
    reading = Reading(table, ("sourcedId", "status", "title", "classType"))
    for line, (sourced_id, status, title, kind) in reading.rows():
        if not sourced_id:
            reading.problem(line, "no-id", "This class has no sourcedId.", "sourcedId")
        elif sourced_id in found._classes or sourced_id in found._gone:
            reading.problem(
                line,
                "same-id",
                "Another row has the same sourcedId. The first one was kept.",
                "sourcedId",
            )
        elif parse_status(status) in ("inactive", "deleted"):
            found._gone.add(sourced_id)
        else:
            found._classes[sourced_id] = _Class(title, kind.lower() == "homeroom")
    found.problems += reading.problems


_ENROLLMENT = ("status", "classSourcedId", "userSourcedId", "role", "primary")


def _read_enrollments(table: Table, found: Homerooms, people: People) -> None:
    reading = Reading(table, _ENROLLMENT)
    known = people.kinds
    for line, (status, class_id, user, role, primary) in reading.rows():
        if (status and parse_status(status) != "active") or class_id in found._gone:
            continue
        kinds = known.get(user)
        if class_id not in found._classes or (kinds is None and user not in people.seen):
            if not people.delta:
                _note_stray(reading, line, class_known=class_id in found._classes)
            continue
        word = role.lower()
        if word == "student":
            if kinds and "student" not in kinds:
                reading.problem(
                    line,
                    "enrolled-as-student",
                    "This row enrolls a person as a student who is none. It was not used.",
                    "role",
                )
            elif kinds:
                found._of.setdefault(user, []).append(class_id)
                found._members.setdefault(class_id, set()).add(("student", user))
            continue
        if not kinds or "staff" not in kinds:
            continue
        found._members.setdefault(class_id, set()).add(("staff", user))
        if word != "teacher":
            continue
        if parse_bool(primary) or class_id not in found._teachers:
            found._teachers[class_id] = people.names[user]
    found.problems += reading.problems


def _note_stray(reading: Reading, line: int, *, class_known: bool) -> None:
    if class_known:
        reading.problem(
            line,
            "enrollment-of-nobody",
            "The person of this enrollment is not in users.csv. It was not used.",
            "userSourcedId",
        )
    else:
        reading.problem(
            line,
            "enrollment-in-nothing",
            "The class of this enrollment is not in classes.csv. It was not used.",
            "classSourcedId",
        )
