"""The school's calendar out of the store, as the value that deadlines are counted by."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.calendar import CalendarDay, CalendarTerm
from bt_desktop.models.school import Setting, school_row
from bt_desktop.models.store import read_once
from bt_desktop.services.school_days import DAY_KINDS, Day, SchoolCalendar, Term
from bt_desktop.services.time_zones import fixed, zone_named, zone_of

BELL = "bell"
"""The setting that holds the usual end of the school day (`15:10`)."""


def school_calendar(session: Session, now: datetime) -> SchoolCalendar:
    """The calendar as it is entered. `now` (aware) lends its offset where no zone is known."""
    offset = now.utcoffset()
    return read_once(session, ("calendar", offset), lambda: _calendar(session, now))


def _calendar(session: Session, now: datetime) -> SchoolCalendar:
    days = session.scalars(select(CalendarDay))
    terms = session.scalars(select(CalendarTerm))
    return SchoolCalendar.of(
        school_zone(session, now),
        terms=[term_of(row) for row in terms],
        days=[day_of(row) for row in days if row.kind in DAY_KINDS],
        bell=school_bell(session),
    )


def school_zone(session: Session, now: datetime) -> tzinfo:
    """The zone of the school's clocks: as entered, else of the pack where its offset fits."""

    def read() -> tuple[tzinfo | None, str]:
        school = school_row(session)
        return zone_named(school.timezone), school.pack

    named, pack = read_once(session, "zone", read)
    return named or zone_of(_pack_zones(pack), now) or fixed(now)


@lru_cache(maxsize=8)  # a pack is read from its file; this is asked at every change of a fact
def _pack_zones(pack: str) -> tuple[str, ...]:
    from bt_desktop.form_engine.loader import FormFaults, load_pack

    if not pack:
        return ()
    try:
        zones: Any = load_pack(pack).raw.get("timezones")
    except (FormFaults, OSError):
        return ()
    return tuple(str(one) for one in zones) if isinstance(zones, list) else ()


def school_bell(session: Session) -> time | None:
    """The usual end of the school day; None where nobody entered it."""

    def read() -> time | None:
        setting = session.get(Setting, BELL)
        return clock_of(str(setting.value)) if setting is not None and setting.value else None

    return read_once(session, BELL, read)


def day_of(row: CalendarDay) -> Day:
    """A day as entered."""
    return Day(row.day, row.kind, clock_of(row.bell), row.label)  # type: ignore[arg-type]  # filtered


def term_of(row: CalendarTerm) -> Term:
    """A term as entered."""
    return Term(row.first, row.last, row.name, row.kind == "summer", clock_of(row.bell))


def clock_of(text: str) -> time | None:
    """`15:10` as a time; None for a blank or anything else."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
