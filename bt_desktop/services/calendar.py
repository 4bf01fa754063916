"""The school's calendar: looked at, changed by hand, taken from a file with a preview."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bt_desktop.models.calendar import CalendarDay, CalendarTerm
from bt_desktop.models.school import Setting
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.ics import Suggested, read_ics, suggested
from bt_desktop.services.problems import CalendarRefused
from bt_desktop.services.results.deadlines import (
    CalendarImport,
    CalendarView,
    DayChange,
    ImportedEntry,
)
from bt_desktop.services.school_calendar import BELL, day_of, school_calendar, school_zone
from bt_desktop.services.school_days import DAY_KINDS, Day, SchoolCalendar, Term

_LONGEST_TERM = timedelta(days=400)
_MOST_DAYS = 4_000
_MOST_TERMS = 60
_AHEAD = timedelta(days=60)
_HAND = "hand"


class CalendarService:
    """Reads and changes the school's calendar. Every change counts open deadlines anew."""

    def __init__(self, context: Context, keeper: Keeper) -> None:
        self._context = context
        self._keeper = keeper

    def get(self) -> CalendarView:
        """The calendar, and what is missing in it."""
        self._context.require(Action.CALENDAR_READ)
        now = self._context.clock.now()
        with self._context.store.read() as session:
            calendar = school_calendar(session, now)
        today = now.astimezone(calendar.zone).date()
        return CalendarView(
            terms=calendar.terms,
            days=tuple(calendar.days[on] for on in sorted(calendar.days)),
            bell=calendar.bell,
            calendar=calendar,
            missing=tuple(_missing(calendar, today)),
            may_edit=self._context.may(Action.CALENDAR_EDIT),
            zone=getattr(calendar.zone, "key", ""),
            today=today,
        )

    def school_day(self) -> int | None:
        """The how-many-th school day of the year today is; None where none is or nobody knows."""
        if not self._context.may(Action.CALENDAR_READ):
            return None
        now = self._context.clock.now()
        with self._context.store.read() as session:
            calendar = school_calendar(session, now)
        return calendar.number_of(now.astimezone(calendar.zone).date())

    def set_days(self, days: Iterable[Day], source: str = _HAND) -> int:
        """Mark days; of one day the newest mark counts. Returns how many deadlines moved.

        Raises CalendarRefused, Denied.
        """
        marks = {day.on: day for day in days}
        for day in marks.values():
            _require_day(day)
        with self._begin() as session:
            for day in marks.values():
                session.merge(
                    CalendarDay(
                        day=day.on,
                        kind=day.kind,
                        label=" ".join(day.label.split())[:120],
                        bell=_clock(day.bell),
                        source=source[:120],
                    )
                )
            session.flush()
            if len(session.scalars(select(CalendarDay.day)).all()) > _MOST_DAYS:
                raise CalendarRefused(f"A calendar holds {_MOST_DAYS:,} marked days at most.")
            return self._changed(session, "days", len(marks))

    def clear_days(self, days: Iterable[date]) -> int:
        """Take marks away, so that these days are as their weekday says."""
        gone = list(days)
        with self._begin() as session:
            for day in gone:
                session.execute(delete(CalendarDay).where(CalendarDay.day == day))
            return self._changed(session, "days_cleared", len(gone))

    def set_terms(self, terms: Sequence[Term]) -> int:
        """The terms and summer sessions, all of them. Raises CalendarRefused, Denied."""
        _require_terms(terms)
        with self._begin() as session:
            session.execute(delete(CalendarTerm))
            for term in terms:
                session.add(
                    CalendarTerm(
                        id=str(uuid.uuid4()),
                        kind="summer" if term.summer else "term",
                        name=" ".join(term.label.split())[:80],
                        first=term.begins,
                        last=term.ends,
                        bell=_clock(term.bell),
                    )
                )
            return self._changed(session, "terms", len(terms))

    def set_bell(self, bell: time | None) -> int:
        """The usual end of the school day; None where there is none to go by."""
        with self._begin() as session:
            session.merge(Setting(name=BELL, value=_clock(bell)))
            return self._changed(session, "bell", 1)

    # --- from a file ---------------------------------------------------------------------------

    def look_into(self, data: bytes) -> CalendarImport:
        """What a calendar file would change; nothing is changed yet. Raises NotACalendar."""
        self._context.require(Action.CALENDAR_EDIT)
        with self._context.store.read() as session:
            known = {row.day: day_of(row) for row in session.scalars(select(CalendarDay))}
            zone = school_zone(session, self._context.clock.now())
        file = read_ics(data, zone)
        return CalendarImport(tuple(_entry(one, known) for one in suggested(file)), file.broken)

    def look_into_file(self, path: Path) -> CalendarImport:
        """As `look_into`, from disk. Raises NotACalendar, OSError."""
        from bt_desktop.services.ics import MOST_BYTES

        with path.open("rb") as file:
            return self.look_into(file.read(MOST_BYTES + 1))

    def take(self, entries: Iterable[ImportedEntry], source: str) -> int:
        """Mark the days of the chosen entries. Returns how many deadlines moved."""
        days = [change.day for entry in entries for change in entry.days if change.changes]
        return self.set_days(days, source or _HAND)

    # -------------------------------------------------------------------------------------------

    def _begin(self) -> AbstractContextManager[Session]:
        self._context.require(Action.CALENDAR_EDIT)
        return self._context.store.write()

    def _changed(self, session: Session, what: str, count: int) -> int:
        session.flush()
        moved = self._keeper.recount(session)
        self._context.note(
            session, "calendar.edit", "calendar", reason=what, counts={what: count, "moved": moved}
        )
        return moved


def _clock(bell: time | None) -> str:
    return bell.strftime("%H:%M") if bell is not None else ""


def _require_day(day: Day) -> None:
    if day.kind not in DAY_KINDS or not 1990 <= day.on.year <= 2200:
        raise CalendarRefused("This day cannot be marked so.")
    if day.kind == "early" and day.bell is None:
        raise CalendarRefused("An early day needs the time at which school ends.")


def _require_terms(terms: Sequence[Term]) -> None:
    if len(terms) > _MOST_TERMS:
        raise CalendarRefused(f"A calendar holds {_MOST_TERMS} terms at most.")
    for term in terms:
        if term.ends < term.begins:
            raise CalendarRefused("A term ends before it begins.")
        if term.ends - term.begins > _LONGEST_TERM:
            raise CalendarRefused("A term is longer than a school year.")
    ordered = sorted(terms, key=lambda t: t.begins)
    for earlier, later in pairwise(ordered):
        if later.begins <= earlier.ends:
            raise CalendarRefused("Two terms overlap.")


def _missing(calendar: SchoolCalendar, today: date) -> Iterable[str]:
    if calendar.empty:
        yield (
            "No terms and no days without school are entered, so deadlines count Monday to "
            "Friday and say so."
        )
    elif not calendar.terms:
        yield "No terms are entered, so every weekday that is not marked counts as a school day."
    elif max(term.ends for term in calendar.terms) < today + _AHEAD:
        yield (
            "The terms entered end within the next two months. Enter what comes after, so that "
            "deadlines do not have to count plain weekdays."
        )
    if calendar.bell is None:
        yield "The bell is not entered, so a school day ends at 11:59 pm."


def _entry(one: Suggested, known: dict[date, Day]) -> ImportedEntry:
    days = tuple(DayChange(day, known.get(day.on)) for day in one.days)
    return ImportedEntry(
        one.title, days, one.take, one.doubt, sum(change.changes for change in days)
    )
