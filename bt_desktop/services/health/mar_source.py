"""Everything a medication record is filled from: one order over some days, read from the store.

What was struck, and when each entry was made, is kept beside the doses: paper shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Guardian, Guardianship
from bt_desktop.models.people import Student as StudentRow
from bt_desktop.paper.mar_content import Student
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.away_model import Away
from bt_desktop.services.health.box import HealthBox, Kept
from bt_desktop.services.health.dose_facts import window_of
from bt_desktop.services.health.entries import (
    DOSE,
    EFFECT,
    LOT,
    MONTH_NOTE,
    MOVE,
    STRUCK,
    Struck,
)
from bt_desktop.services.health.model import DoseRecord, Effect, Lot, Move
from bt_desktop.services.health.month_model import Closing, MonthNote
from bt_desktop.services.health.months import closing, first_of, last_of
from bt_desktop.services.health.order_book import Standing
from bt_desktop.services.health.settings import MedicationSettings, medication_settings
from bt_desktop.services.health.times import day_of
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.record_load import Holder, holders
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar


@dataclass(frozen=True, slots=True)
class Dosed:
    """A dose with where it stands in the store."""

    dose: DoseRecord
    count: int


@dataclass(frozen=True, slots=True)
class Undone:
    """A dose that was struck: why, by whom, when, and where that stands in the store."""

    dosed: Dosed
    reason: str
    by_user: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of a ledger with where it stands in the store."""

    move: Move
    lot: Lot
    count: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is the same for every record: the school's calendar and settings, its people, now."""

    calendar: SchoolCalendar
    settings: MedicationSettings
    people: Mapping[str, Holder]
    now: datetime

    @classmethod
    def read(cls, session: Session, now: datetime) -> Place:
        """As the store has it."""
        calendar = school_calendar(session, now)
        here = now.astimezone(calendar.zone)
        return cls(calendar, medication_settings(session), holders(session), here)

    def calendar_day(self, moment: datetime) -> date:
        """The school's day of a moment."""
        return day_of(moment, self.calendar)

    def signed(self, user_id: str) -> tuple[str, str]:
        """Name and title of whoever is behind an account."""
        return self.name(user_id), self.title(user_id)

    def name(self, user_id: str) -> str:
        """Who is behind an account."""
        known = self.people.get(user_id)
        return known.name if known is not None else "somebody without an account"

    def title(self, user_id: str) -> str:
        """Their job title."""
        known = self.people.get(user_id)
        return known.title if known is not None else ""


@dataclass(frozen=True, slots=True)
class MarSource:
    """One order from `first` to `last` (both inclusive). Doses and moves in the order of entering;
    `moves` from the first one on, because what is left is their sum."""

    standing: Standing
    student: Student
    parent_phone: str
    first: date
    last: date
    place: Place
    doses: tuple[Dosed, ...] = ()
    struck: tuple[Undone, ...] = ()
    effects: Mapping[str, tuple[Effect, int]] = field(default_factory=dict)  # by dose
    notes: tuple[tuple[MonthNote, int], ...] = ()
    moves: tuple[Moved, ...] = ()
    lots: tuple[Lot, ...] = ()
    away: tuple[Away, ...] = ()
    closing: Closing | None = None

    @property
    def window(self) -> timedelta:
        """The minutes on either side of a time."""
        return window_of(self.standing.terms, self.place.settings)


def read_source(
    session: Session,
    box: HealthBox,
    away: AwayService,
    place: Place,
    standing: Standing,
    days: tuple[date, date],
) -> MarSource:
    """Everything of one order over these days (first, last), as far as it can be opened."""
    terms, (first, last) = standing.terms, days
    student = terms.student_id
    doses = box.read(session, DOSE, about=terms.id, first=first, last=last)
    later = box.read(session, STRUCK, EFFECT, subject=student, first=first)
    standing_doses, struck, effects = _folded(doses, later)
    lots = tuple(kept.value(Lot) for kept in box.read(session, LOT, about=terms.id))
    notes = box.read(session, MONTH_NOTE, about=terms.id, first=first, last=last)
    one_month = first == first_of(first) and last == last_of(first)
    return MarSource(
        standing,
        _student(session, student),
        _parent_phone(session, standing),
        first,
        last,
        place,
        standing_doses,
        struck,
        effects,
        tuple((kept.value(MonthNote), kept.count) for kept in notes),
        _moves(session, box, lots),
        lots,
        away.of_in(session, (student,), first, last).get(student, ()),
        closing(session, box, terms.id, first) if one_month else None,
    )


def light_source(
    place: Place,
    standing: Standing,
    month: date,
    doses: Sequence[Dosed],
    away: tuple[Away, ...],
    closed: Closing | None,
) -> MarSource:
    """As much of an order's month as tells which of its times say nothing: from what was read of
    all orders at once."""
    last = last_of(month)
    return MarSource(
        standing, Student(""), "", month, last, place, tuple(doses), away=away, closing=closed
    )


def _folded(
    doses: Iterable[Kept], later: Iterable[Kept]
) -> tuple[tuple[Dosed, ...], tuple[Undone, ...], dict[str, tuple[Effect, int]]]:
    found = {kept.id: Dosed(kept.value(DoseRecord), kept.count) for kept in doses}
    struck: list[Undone] = []
    effects: dict[str, tuple[Effect, int]] = {}
    for kept in later:
        if kept.about not in found:
            continue
        if kept.kind == EFFECT:
            effects[kept.about] = kept.value(Effect), kept.count
        else:
            reason = kept.value(Struck).reason
            struck.append(Undone(found[kept.about], reason, kept.by_user, kept.made_at, kept.count))
    gone = {one.dosed.dose.id for one in struck}
    return (
        tuple(one for one in found.values() if one.dose.id not in gone),
        tuple(struck),
        effects,
    )


def _moves(session: Session, box: HealthBox, lots: tuple[Lot, ...]) -> tuple[Moved, ...]:
    found = [
        Moved(kept.value(Move), lot, kept.count)
        for lot in lots
        for kept in box.read(session, MOVE, about=lot.id)
    ]
    return tuple(sorted(found, key=lambda one: one.count))


def _student(session: Session, student_id: str) -> Student:
    row = session.get(StudentRow, bare(student_id))
    if row is None:
        return Student("a student who is not in the school's list any more")
    return Student(
        whole_name(row), row.birth_date, row.grade, row.teacher, row.allergies, row.student_number
    )


def _parent_phone(session: Session, standing: Standing) -> str:
    """The telephone of the parent who signed: as they wrote it, else as the school's list has it
    for the guardian of that name."""
    consent = standing.parent
    if consent is None or consent.phone:
        return consent.phone if consent is not None else ""
    wanted = (
        select(Guardian)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(
            Guardianship.student_id == bare(standing.terms.student_id),
            Guardianship.active,
            ~Guardianship.no_contact,
        )
    )
    for row in session.scalars(wanted):
        same = bare(consent.guardian_id or "") == row.id
        if same or whole_name(row).casefold() == consent.name.strip().casefold():
            return row.phone
    return ""
