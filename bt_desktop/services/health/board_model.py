"""What stands on the board of a day, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.rules import Finding

State = Literal[
    "given", "not_given", "overdue", "late", "due", "soon", "later", "away", "available", "waits",
    "full",
]  # fmt: skip
"""Of a time: given, not given, overdue, late, due, soon (within half an hour of its window), later,
away (absent or on a trip at that time: not due, and recorded all the same if it was given).
Of an as-needed order: available, waits (for its interval), full (the most of the day was given)."""


@dataclass(frozen=True, slots=True)
class Child:
    """Who a line is about, as far as giving a dose needs it."""

    id: str
    given: str
    family: str
    called: str
    grade: str
    birth_date: date | None
    allergies: str
    alike: tuple[str, ...] = ()  # R2: whole names of students who could be mistaken for them

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the board. `words` say the state without any color: “Given 12:04 pm by MC”."""

    order_id: str
    child: Child
    medicine: str
    dose: str
    route: str
    state: State
    words: str
    due_at: datetime | None = None
    after_bell: bool = False
    again_at: datetime | None = None
    left_today: int | None = None
    last_at: datetime | None = None
    record: DoseRecord | None = None
    controlled: bool = False
    away: str = ""  # “Absent”, “On trip: Zoo”: now for as-needed, else at the time it is due

    @property
    def open(self) -> bool:
        """Whether something is still to be done with it today."""
        return self.state in ("overdue", "late", "due", "soon", "later")


@dataclass(frozen=True, slots=True)
class Task:
    """What is still to be told of a dose: a rule of the kind `task` that speaks (R12, R24)."""

    dose: DoseRecord
    child: Child
    medicine: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An emergency dose that was written down in haste: what, and about whom."""

    dose: DoseRecord
    child: Child


@dataclass(frozen=True, slots=True)
class Board:
    """A day of the health office. `closed` says in words why nothing is scheduled, if so; `early`
    that school ends early. `missed` are times of the last school days that nothing is written of;
    `unfinished` emergency doses whose account is to be completed."""

    day: date
    at: datetime
    scheduled: tuple[Line, ...]
    as_needed: tuple[Line, ...]
    tasks: tuple[Task, ...]
    closed: str = ""
    counts: Mapping[State, int] = field(default_factory=dict)
    early: str = ""
    missed: tuple[Line, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
