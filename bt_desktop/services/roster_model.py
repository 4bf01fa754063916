"""What a roster says, as plain values: people, links between them, and every row not understood.

Nothing here knows a file, a store or a window. Text is NFC and trimmed. `None` or an empty text
means that the file does not say; a blank never erases what the school knows already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PersonKind = Literal["student", "guardian", "staff"]
SetKind = Literal["bulk", "delta"]
GoneWhy = Literal["deleted", "inactive", "disabled"]


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Something in the files that was not understood, or was read with a doubt.

    `file` is the file's name as it stands in the set, `line` counts from 1 (the header) and is 0
    where the whole file is meant. `reason` is a sentence to show; it never repeats what stands in
    the row, so it can hold no name. `column` is the OneRoster name of the column, where one is
    meant. `taken` tells whether the row was used all the same.
    """

    file: str
    line: int
    reason: str
    column: str = ""
    code: str = ""
    taken: bool = False


@dataclass(frozen=True, slots=True)
class RosterSchool:
    """An organization of type school in `orgs.csv`, and how many students belong to it."""

    sourced_id: str
    name: str
    students: int


@dataclass(frozen=True, slots=True)
class RosterStudent:
    """A student who is at the school now. `birth_date` is None where no file tells it."""

    sourced_id: str
    given: str
    family: str
    middle: str = ""
    preferred_given: str = ""
    preferred_middle: str = ""
    preferred_family: str = ""
    grade: str = ""
    birth_date: date | None = None
    homeroom: str = ""
    teacher: str = ""
    student_number: str = ""
    phone: str = ""
    schools: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterGuardian:
    """A parent, guardian or relative. `relation` is the role in the file: one of those words."""

    sourced_id: str
    given: str
    family: str
    relation: str = "guardian"
    phone: str = ""
    mobile: str = ""
    schools: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterStaff:
    """Someone who works at the school. `role` is the OneRoster role (teacher, aide ...)."""

    sourced_id: str
    given: str
    family: str
    preferred_given: str = ""
    preferred_family: str = ""
    role: str = "teacher"
    phone: str = ""
    schools: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterLink:
    """A student and a guardian who belong together, by the ids of the roster."""

    student: str
    guardian: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterClass:
    """A class with its students, teachers and aides: `members` are (kind, sourcedId)."""

    sourced_id: str
    title: str
    homeroom: bool
    members: frozenset[tuple[PersonKind, str]]


@dataclass(frozen=True, slots=True)
class Departure:
    """A person whom the file names as gone: `tobedeleted`, `inactive` or not enabled."""

    sourced_id: str
    kind: PersonKind | None
    why: GoneWhy
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A person in a delta whose role does not stand in it: matched later to someone known."""

    sourced_id: str
    given: str
    family: str
    middle: str = ""
    preferred_given: str = ""
    preferred_middle: str = ""
    preferred_family: str = ""
    grade: str = ""
    student_number: str = ""
    phone: str = ""
    mobile: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterSet:
    """A OneRoster set as read. Every row is in one of these tuples or in `problems`.

    `kind` is what the manifest says of the users. `complete` is True only where the set says that
    it holds everyone and nothing in `users.csv` was cut off or damaged: only then may a person
    who is missing from it be taken as gone. `seen` are the ids of every row that has one, also of
    rows that were not understood, so that a bad row never makes its student inactive.
    `doubtful_links` are links that stand the wrong way round; they are reported and are used only
    where a person confirms them. `birth_dates` and `homerooms` hold what a delta tells of
    students who have no row of their own in it (homeroom title, teacher). `classes` are those that
    the set tells, with whoever is in them.
    """

    version: Literal["1.1", "1.2"]
    kind: SetKind
    complete: bool
    students: tuple[RosterStudent, ...]
    guardians: tuple[RosterGuardian, ...]
    staff: tuple[RosterStaff, ...]
    links: tuple[RosterLink, ...]
    doubtful_links: tuple[RosterLink, ...]
    departures: tuple[Departure, ...]
    unplaced: tuple[Unplaced, ...]
    birth_dates: tuple[tuple[str, date], ...]
    homerooms: tuple[tuple[str, str, str], ...]
    schools: tuple[RosterSchool, ...]
    seen: frozenset[str]
    problems: tuple[RosterProblem, ...]
    classes: tuple[RosterClass, ...] = ()
