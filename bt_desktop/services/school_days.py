"""The school's calendar as a pure value: which days are school days, and when each one ends.

A school day is a day of a term or a summer session, Monday to Friday, that is not marked as
without school (or a Saturday marked as one). A business day is Monday to Friday without the
holidays; a day on which only the students are off counts as one. Where the calendar knows nothing
about a day (it is empty, or the day lies outside of everything entered), Monday to Friday stand in
for school days, and whatever was counted says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Literal

DayKind = Literal["no_school", "staff_day", "early", "school"]
"""`no_school`: a holiday or break, the office is closed too. `staff_day`: no students, but the
office works. `early`: school ends early. `school`: a school day although it is a weekend."""

DAY_KINDS: tuple[DayKind, ...] = ("no_school", "staff_day", "early", "school")
END_OF_DAY = time(23, 59)
"""When a day is over for a deadline, where no bell is known."""

_SATURDAY = 5
_MOST_DAYS_LOOKED_AT = 800


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not as its weekday says. `bell` is when school ends on an early day."""

    on: date
    kind: DayKind
    bell: time | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of school, both ends inclusive. `bell` is its usual end of the day, if it has one.

    `summer` marks a summer session (extended school year): its days count as school days too.
    """

    begins: date
    ends: date
    label: str = ""
    summer: bool = False
    bell: time | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.begins <= day <= self.ends


@dataclass(frozen=True)
class Counted:
    """What a count came to. `fallback`: weekdays were counted where the calendar knows nothing."""

    day: date
    fallback: bool


@dataclass(frozen=True)
class SchoolCalendar:
    """A school's calendar. `bell` is the usual end of the school day; `zone` where its clocks are.

    Without any term, every Monday to Friday that is not marked counts as a school day (a list of
    holidays is a calendar, too); without anything at all the calendar is `empty`.
    """

    zone: tzinfo
    terms: tuple[Term, ...] = ()
    days: Mapping[date, Day] = field(default_factory=dict)
    bell: time | None = None

    @classmethod
    def of(
        cls,
        zone: tzinfo,
        *,
        terms: Iterable[Term] = (),
        days: Iterable[Day] = (),
        bell: time | None = None,
    ) -> SchoolCalendar:
        """A calendar of these terms and days; of two entries for one day the later one counts."""
        ordered = tuple(sorted(terms, key=lambda t: (t.begins, t.ends)))
        return cls(zone, ordered, {day.on: day for day in days}, bell)

    @property
    def empty(self) -> bool:
        """Whether nothing is entered."""
        return not self.terms and not self.days

    # --- one day -------------------------------------------------------------------------------

    def knows(self, day: date) -> bool:
        """Whether the calendar says anything about this day.

        A day between two terms is known (no school); one before the first or after the last term
        is not, unless it is marked itself.
        """
        if self.empty:
            return False
        if not self.terms or day in self.days:
            return True
        return self.terms[0].begins <= day <= self._last_end

    @cached_property
    def _last_end(self) -> date:
        return max(term.ends for term in self.terms)

    def is_school_day(self, day: date) -> bool:
        """Whether there is school on this day, as far as the calendar knows (else Mon-Fri)."""
        marked = self.days.get(day)
        if marked is not None:
            if marked.kind in ("no_school", "staff_day"):
                return False
            if marked.kind == "school":
                return True
        if day.weekday() >= _SATURDAY:
            return False
        if not self.terms or not self.knows(day):
            return True
        return self._term(day) is not None

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday without the holidays."""
        if day.weekday() >= _SATURDAY:
            return False
        marked = self.days.get(day)
        return marked is None or marked.kind != "no_school"

    def _term(self, day: date) -> Term | None:
        """The latest begun term that holds the day."""
        upto = bisect_right(self.terms, day, key=lambda t: t.begins)
        return next((t for t in reversed(self.terms[:upto]) if t.holds(day)), None)

    def bell_of(self, day: date) -> time | None:
        """When school ends on this day: its own early bell, its term's, the school's; else None."""
        marked = self.days.get(day)
        if marked is not None and marked.bell is not None:
            return marked.bell
        term = self._term(day)
        if term is not None and term.bell is not None:
            return term.bell
        return self.bell

    def end_of(self, day: date) -> datetime:
        """The end of the school day: its bell, else 23:59; in the school's own zone."""
        return self.at(day, self.bell_of(day) or END_OF_DAY)

    def at(self, day: date, clock: time) -> datetime:
        """A moment on the school's clocks; one that a change leaves out moves past the gap."""
        wall = datetime.combine(day, clock, self.zone)
        return wall.astimezone(UTC).astimezone(self.zone)

    # --- counting ------------------------------------------------------------------------------

    def school_day_after(self, day: date, count: int) -> Counted:
        """The `count`-th school day after a day, that day left out (count 1: the next one).

        Where the calendar has no school for two years on end, weekdays are counted instead.
        """
        found = self._count(day, count, self.is_school_day)
        return found or Counted(_weekday_after(day, count), True)

    def business_day_after(self, day: date, count: int) -> Counted:
        """The `count`-th business day after a day, that day left out."""
        found = self._count(day, count, self.is_business_day)
        return found or Counted(_weekday_after(day, count), True)

    def _count(self, day: date, count: int, counts: Callable[[date], bool]) -> Counted | None:
        fallback, left, at = False, count, day
        for _ in range(_MOST_DAYS_LOOKED_AT):
            if left <= 0:
                return Counted(at, fallback)
            at += timedelta(days=1)
            if counts(at):
                left -= 1
                fallback = fallback or not self.knows(at)
        return None

    def school_days_between(self, after: date, until: date) -> int:
        """School days later than `after`, up to and with `until` (for forms' expressions)."""
        span = range(max(0, (until - after).days))
        return sum(self.is_school_day(after + timedelta(days=i + 1)) for i in span)

    def number_of(self, day: date) -> int | None:
        """The how-many-th school day of its school year this is (home: "school day 58").

        None where it is no school day or no terms are entered. Terms of one school year lie less
        than 45 days apart; summer sessions are counted on their own.
        """
        term = self._term(day)
        if term is None or not self.is_school_day(day):
            return None
        first = term.begins
        for other in reversed(self.terms):
            joined = other.summer == term.summer and other.begins < first
            if joined and first - other.ends <= timedelta(days=45):
                first = other.begins
        return self.school_days_between(first - timedelta(days=1), day)


def _weekday_after(day: date, count: int) -> date:
    """The `count`-th Monday to Friday after a day."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


__all__ = [
    "DAY_KINDS",
    "END_OF_DAY",
    "Counted",
    "Day",
    "DayKind",
    "SchoolCalendar",
    "Term",
]


def school_year_words(day: date, calendar: SchoolCalendar) -> str:
    """“2026–2027”: of the term the day lies in, else from July to June."""
    begins = day.year if day.month >= 7 else day.year - 1
    held = [one.begins for one in calendar.terms if one.holds(day) and not one.summer]
    if held and held[0].month >= 7:
        begins = held[0].year
    return f"{begins}–{begins + 1}"
