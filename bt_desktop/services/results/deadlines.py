"""Deadlines and the calendar, as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from bt_desktop.services.school_days import Day, SchoolCalendar, Term

Whose = Literal["mine", "all"]
DeadlineState = Literal["open", "done", "owed", "void"]
"""`owed`: done, but too late, and nobody has said why."""


@dataclass(frozen=True, slots=True)
class DueDate:
    """One date of a deadline. `due` is on the school's clocks; `fallback`: weekdays were counted.

    `id` is what a reason for being late is given for.
    """

    id: str
    due: datetime
    reading: str
    within: str
    verified: bool
    fallback: bool
    late_reason: str = ""
    late_by: str = ""


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries to tell somebody so far: how many, and the last one."""

    count: int
    last_outcome: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One thing to be done about one record. `dates` are its readings, the nearest first.

    `who` is the subject with initials only (“Mateo N.-O.”); `owner` is `author` or a role's word,
    `owner_name` a person where one is known. `done_at` and `done_how` say what ended it.
    `ends_by` is what will end it: `notice`, `copy`, the part that has to be signed, or `outside`
    (it happens outside of these records, and somebody says when and how).
    `may_excuse`: the person signed in may say why it was late (and when it was done outside);
    `may_call`: they may log a call.
    """

    record_id: str
    rule: str
    task: str
    label: str
    cite: str
    why: str
    dates: tuple[DueDate, ...]
    state: DeadlineState
    owner: str
    owner_name: str
    who: str
    title: str
    number: str | None
    form: str
    at_once: bool = False
    mine: bool = False
    ends_by: str = "outside"
    may_excuse: bool = False
    may_call: bool = True
    tries: Tries | None = None
    done_at: datetime | None = None
    done_how: str = ""

    @property
    def outside(self) -> bool:
        """Whether nothing in these records can end it."""
        return self.ends_by == "outside"

    @property
    def due(self) -> datetime:
        """The nearest date: the one that counts."""
        return self.dates[0].due

    def late(self, now: datetime) -> bool:
        """Whether it is over its nearest date: still open after it, or done after it."""
        return (self.done_at or now) > self.due

    def needs_reason(self, now: datetime) -> bool:
        """Whether it is late and nobody has said why."""
        return self.late(now) and not self.dates[0].late_reason


@dataclass(frozen=True, slots=True)
class DeadlineCounts:
    """How many open deadlines are one's own, and how many of them are late."""

    mine: int
    late: int


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The school's calendar as entered. `bell` is the usual end of the day.

    `missing` says in sentences what is missing for deadlines to be counted by it.
    """

    terms: tuple[Term, ...]
    days: tuple[Day, ...]
    bell: time | None
    calendar: SchoolCalendar
    missing: tuple[str, ...] = ()
    may_edit: bool = False
    zone: str = ""
    today: date | None = None


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day of an import against what is entered: `before` is None where nothing is."""

    day: Day
    before: Day | None

    @property
    def changes(self) -> bool:
        """Whether taking it would change anything."""
        return self.before != self.day


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """A calendar file, looked into: entries with the days they would change.

    `broken` counts entries that could not be read.
    """

    entries: tuple[ImportedEntry, ...]
    broken: int = 0


@dataclass(frozen=True, slots=True)
class ImportedEntry:
    """One entry of a calendar file. `take` says if it looks like a day off; `doubt` why not."""

    title: str
    days: tuple[DayChange, ...]
    take: bool
    doubt: str = ""
    changes: int = field(default=0)
