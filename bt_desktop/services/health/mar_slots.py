"""Which times of an order should have an entry, and which of them say nothing (R25). Pure.

A time counts where school was, the order held (reviewed, begun, not on hold, not ended), the bell
had not rung before it, and the student was not away. It is open once its window is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bt_desktop.paper.mar_content import Off
from bt_desktop.services.health.away_model import away_at
from bt_desktop.services.health.mar_source import Dosed, MarSource
from bt_desktop.services.health.model import OrderTerms
from bt_desktop.services.health.order_book import Standing
from bt_desktop.services.health.times import day_of, due_of, slots
from bt_desktop.services.school_days import SchoolCalendar


@dataclass(frozen=True, slots=True)
class Cell:
    """One time of one day: what was recorded for it, in the order of entering. `why` says without
    an entry why there needs to be none: a code, or `undue` (no dose was ordered then)."""

    due_at: datetime
    doses: tuple[Dosed, ...] = ()
    why: str = ""

    @property
    def counts(self) -> Dosed | None:
        """The entry that the cell shows: the last one given, else the last one."""
        given = [one for one in self.doses if one.dose.was_given]
        shown = given or self.doses
        return shown[-1] if shown else None


def days_of(source: MarSource) -> Iterator[date]:
    """Its days."""
    for step in range((source.last - source.first).days + 1):
        yield source.first + timedelta(days=step)


def off(source: MarSource, day: date) -> Off:
    """Why nothing is due on a day as a whole."""
    terms, calendar = source.standing.terms, source.place.calendar
    if not calendar.is_school_day(day):
        return "weekend" if day.weekday() >= 5 else "no_school"
    ended = source.standing.ended_on
    over = day > terms.stop or (ended is not None and day > ended)
    reviewed = source.standing.reviewed_at
    began = terms.start
    if reviewed is not None:
        began = max(began, day_of(reviewed, calendar))
    return "outside" if over or day < began or reviewed is None else ""


Cells = Mapping[tuple[date, time], Cell]


def cells(source: MarSource) -> Cells:
    """Every scheduled time of its days, by day and time of day; none for an as-needed order."""
    terms, calendar = source.standing.terms, source.place.calendar
    found = _by_due(source.doses, terms, calendar)
    made: dict[tuple[date, time], Cell] = {}
    for day in days_of(source):
        closed = off(source, day)
        due_today = {slot.due_at.astimezone(UTC): slot for slot in slots(terms, day, calendar)}
        for clock in terms.times:
            due = calendar.at(day, clock)
            key = due.astimezone(UTC)
            slot = due_today.get(key)
            why = "undue"
            if slot is not None and not closed:
                why = _why(source, due, after_bell=slot.after_bell)
            made[day, clock] = Cell(due, tuple(found.get(key, ())), why)
    return made


def open_cells(source: MarSource) -> tuple[datetime, ...]:
    """The scheduled moments that say nothing though their window is over, oldest first."""
    return tuple(
        sorted(
            cell.due_at
            for cell in cells(source).values()
            if not cell.doses and not cell.why and cell.due_at + source.window < source.place.now
        )
    )


def in_force(standing: Standing, first: date, last: date, calendar: SchoolCalendar) -> bool:
    """Whether an order held on any of these days: begun, reviewed, not over, not ended before."""
    terms, reviewed = standing.terms, standing.reviewed_at
    ended = standing.ended_on
    return (
        terms.start <= last
        and terms.stop >= first
        and reviewed is not None
        and day_of(reviewed, calendar) <= last
        and (ended is None or ended >= first)
    )


def is_over(source: MarSource) -> bool:
    """Whether nothing of it is still to come: its days are over, or the order has ended."""
    today = source.place.now.date()
    ended = source.standing.ended_on
    last = min(source.last, source.standing.terms.stop)
    return today > last or (ended is not None and today >= ended)


def _by_due(
    doses: Sequence[Dosed], terms: OrderTerms, calendar: SchoolCalendar
) -> dict[datetime, list[Dosed]]:
    found: dict[datetime, list[Dosed]] = {}
    for one in doses:
        due = due_of(terms, one.dose.due_at, one.dose.at, calendar)
        if due is not None:
            found.setdefault(due.astimezone(UTC), []).append(one)
    return found


def _why(source: MarSource, due: datetime, *, after_bell: bool) -> str:
    """Why a time of a school day needs no entry; "" where it does."""
    away = away_at(source.away, due, source.place.calendar)
    if not _held(source, due):
        return "undue"
    return away.code if away is not None else "E" if after_bell else ""


def _held(source: MarSource, due: datetime) -> bool:
    """Whether the order held at that moment, by what was done to it and when."""
    reviewed = held = False
    for at, _, step, _ in source.standing.log:
        if at > due:
            break
        reviewed = reviewed or step == "review"
        held = step == "hold" if step in ("hold", "resume") else held
        if step == "end":
            return False
    return reviewed and not held
