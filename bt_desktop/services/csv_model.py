"""What a school's tables say, as plain values; knows no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bt_desktop.services.csv_fields import TableKind
from bt_desktop.services.roster_model import RosterProblem

Cell = str | date | bool
DateOrder = Literal["", "month-first", "day-first"]


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """A column as it is offered to be mapped. `secret`: passwords and the like, never read."""

    header: str
    key: str
    samples: tuple[str, ...]
    guess: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A table as it was found. `remembered`: its columns were mapped before. `either` is a date of
    it whose day and month could be the other way round, where the whole column does not tell."""

    path: Path
    kind: TableKind
    columns: tuple[CsvColumn, ...]
    guesses: Mapping[TableKind, tuple[str, ...]]
    rows: int
    remembered: bool
    date_order: DateOrder
    either: str = ""


@dataclass(frozen=True, slots=True)
class CsvChoice:
    """What a person chose for a table: what it holds, the meaning of each column, in order."""

    path: Path
    kind: TableKind
    fields: tuple[str, ...]
    date_order: DateOrder = ""


@dataclass(slots=True)
class ToldGuardian:
    """A guardian beside a student, or a row of contacts."""

    values: dict[str, Cell]
    file: str
    line: int


@dataclass(slots=True)
class ToldPerson:
    """A student or a staff member as told, maybe by several rows. `yes` and `no` are plans;
    `left` says that the table names them as gone."""

    file: str
    line: int
    values: dict[str, Cell] = field(default_factory=dict)
    yes: set[str] = field(default_factory=set)
    no: set[str] = field(default_factory=set)
    guardians: list[ToldGuardian] = field(default_factory=list)
    homeroom: str = ""
    manager: str = ""
    left: bool = False

    def apart(self) -> ToldPerson:
        """The same, to be put together with other rows without changing what was told. Guardians
        are told once and never changed."""
        return replace(
            self, values=dict(self.values), yes=set(self.yes), no=set(self.no),
            guardians=list(self.guardians),
        )  # fmt: skip


@dataclass(slots=True)
class CsvSet:
    """All that several tables say. `contacts` are students who are only named beside a guardian;
    `damaged`: a part of a table was lost, so that nobody can be taken as missing."""

    students: list[ToldPerson] = field(default_factory=list)
    contacts: list[ToldPerson] = field(default_factory=list)
    staff: list[ToldPerson] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    lost: bool = False
    has_rooms: bool = False

    def apart(self) -> CsvSet:
        """The same, to be matched without changing what was told: it is matched twice, for the
        preview and for the import."""
        return replace(
            self,
            students=[one.apart() for one in self.students],
            contacts=[one.apart() for one in self.contacts],
            staff=[one.apart() for one in self.staff],
            problems=list(self.problems),
        )
