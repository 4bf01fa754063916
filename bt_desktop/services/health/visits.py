"""The visit log: put in by whoever is at the counter, read by nurses, kept student by student.

What is entered is never changed: a correction strikes the visit and puts another in its place. The
front office puts in and cannot read again (roles, security design §6); a day is a view over the
students' own entries.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.health import HealthEntry
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import VISIT, VISIT_LINK, VISIT_OUT, VISIT_STRUCK
from bt_desktop.services.health.model import OFFICE_SUBJECT
from bt_desktop.services.health.problems import VisitRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.visit_checks import (
    MOST_WORDS,
    WHO,
    reason_of,
    refuse,
    visit_problems,
)
from bt_desktop.services.health.visit_fold import VISIT_KINDS, folded
from bt_desktop.services.health.visit_model import (
    NewVisit,
    Visit,
    VisitLine,
    VisitLink,
    VisitOut,
    VisitState,
    VisitStruck,
    new_of,
)
from bt_desktop.services.openings import Openings
from bt_desktop.services.people_rows import bare, people
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.people import Problem
from bt_desktop.services.school_calendar import school_calendar


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day in numbers: visits, and how many of each complaint (blank: none named)."""

    visits: int
    complaints: Mapping[str, int]
    sent_home: int = 0


class VisitService:
    """Adds, corrects, lists and counts."""

    def __init__(
        self, context: Context, box: HealthBox, reaching: Reaching, openings: Openings
    ) -> None:
        self._context = context
        self._box = box
        self._reaching = reaching
        self._openings = openings

    @property
    def may_add(self) -> bool:
        """Whether the role puts visits in."""
        return self._context.may(Action.VISIT_ADD)

    @property
    def may_read(self) -> bool:
        """Whether the role reads them."""
        return self._context.may(Action.HEALTH_READ)

    # --- putting in ----------------------------------------------------------------------------

    def problems(self, new: NewVisit) -> tuple[Problem, ...]:
        """What is wrong with a visit, by field; empty when it can be kept."""
        return tuple(visit_problems(new, self._context.clock.now()))

    def add(self, new: NewVisit) -> str:
        """Write a visit down; returns its id. Raises VisitRefused (with the problems), Denied."""
        self._context.require(Action.VISIT_ADD)
        with self._context.store.write() as session:
            return self._add(session, new)

    def leave(
        self,
        visit_id: str,
        left_at: datetime,
        disposition: str = "",
        care: tuple[str, ...] = (),
    ) -> None:
        """They left. Nurses; raises VisitRefused, Denied."""
        self._require_read()
        with self._context.store.write() as session:
            state = self._standing(session, visit_id)
            if state.visit.left_at is not None:
                raise VisitRefused("It says already when they left. Correct the visit instead.")
            out = VisitOut(visit_id, left_at, disposition, care)
            visit = replace(
                new_of(state.visit), left_at=left_at, disposition=disposition, care=care
            )
            refuse(visit_problems(visit, self._context.clock.now()))
            self._write(session, state.visit, VISIT_OUT, out)

    def strike(self, visit_id: str, reason: str) -> None:
        """Take a visit out of the account: a nurse any, whoever put it in their own.

        Raises VisitRefused, Denied.
        """
        said = reason_of(reason)
        with self._context.store.write() as session:
            self._strike(session, visit_id, said)

    def replace(self, visit_id: str, new: NewVisit, reason: str) -> str:
        """Strike a visit and put another in its place, in one step; returns the new one's id.

        Nurses; raises VisitRefused, Denied.
        """
        self._require_read()
        said = reason_of(reason)
        with self._context.store.write() as session:
            before = self._standing(session, visit_id)
            made = self._add(session, new, replaces=visit_id)
            self._strike(session, visit_id, said)
            if before.record_id or before.dose_id:
                link = VisitLink(made, before.record_id, before.dose_id)
                subject = new.student_id or OFFICE_SUBJECT
                self._box.add(
                    session, subject, VISIT_LINK, link, about=made, day=self._day(session, new)
                )
            return made

    def link(self, visit_id: str, record_id: str = "", dose_id: str = "") -> None:
        """A report or a dose was made of it. Raises VisitRefused, Denied."""
        self._require_read()
        with self._context.store.write() as session:
            visit = self._standing(session, visit_id).visit
            self._write(session, visit, VISIT_LINK, VisitLink(visit_id, record_id, dose_id))

    def link_dose(self, student_id: str, dose_id: str, at: datetime) -> str:
        """A dose of theirs was recorded at that moment: the visit they were here for is linked to
        it; returns its id, blank where there is none, or for whoever reads no visits."""
        if not self.may_read:
            return ""
        with self._context.store.write() as session:
            zone = school_calendar(session, self._context.clock.now()).zone
            day = at.astimezone(zone).date()
            kept = self._box.read(session, *VISIT_KINDS, subject=student_id, first=day, last=day)
            there = [one.visit for one in folded(kept) if one.counts and not one.dose_id]
            while there and not _here(there[-1], at):
                there.pop()
            if not there:
                return ""
            self._write(session, there[-1], VISIT_LINK, VisitLink(there[-1].id, dose_id=dose_id))
            return there[-1].id

    # --- reading -------------------------------------------------------------------------------

    def now(self) -> datetime:
        """This moment on the school's clocks."""
        now = self._context.clock.now()
        with self._context.store.read() as session:
            return now.astimezone(school_calendar(session, now).zone)

    def day(self, day: date, *, also_struck: bool = False) -> tuple[VisitLine, ...]:
        """The visits of a day by when they came. Raises Denied."""
        self._require_read()
        with self._context.store.read() as session:
            return self._lines(session, self._states(session, day, day), also_struck=also_struck)

    def of_student(self, student_id: str) -> tuple[VisitState, ...]:
        """A student's visits, newest first; an opening of the student's record.

        Raises NotYours, Denied.
        """
        with self._context.store.read() as session:
            reach = self._reaching.require_student(session, self._today(session), student_id)
            if not (reach.everything or student_id in reach.glass):
                raise Denied(Action.HEALTH_READ.value)
            kept = self._box.read(session, *VISIT_KINDS, subject=student_id)
            found = [one for one in folded(kept) if one.counts]
        self._openings.shown_health(student_id)
        return tuple(reversed(found))

    def counts(self, first: date, last: date) -> Mapping[date, DayCount]:
        """Each day with visits, in numbers. Raises Denied."""
        self._require_read()
        with self._context.store.read() as session:
            zone = school_calendar(session, self._context.clock.now()).zone
            by_day: dict[date, list[Visit]] = {}
            for state in self._states(session, first, last):
                if state.counts:
                    day = state.visit.came_at.astimezone(zone).date()
                    by_day.setdefault(day, []).append(state.visit)
        return {day: _count(visits) for day, visits in sorted(by_day.items())}

    def totals(self, first: date, last: date) -> Mapping[date, int]:
        """How many visits each day had, read by nobody: for whoever answers for the school.

        Raises Denied.
        """
        self._context.require(Action.HEALTH_TOTALS)
        struck = select(HealthEntry.about).where(HealthEntry.kind == VISIT_STRUCK)
        wanted = (
            select(HealthEntry.day, func.count())
            .where(HealthEntry.kind == VISIT, HealthEntry.id.not_in(struck))
            .where(HealthEntry.day.between(first, last))
            .group_by(HealthEntry.day)
            .order_by(HealthEntry.day)
        )
        with self._context.store.read() as session:
            return {day: count for day, count in session.execute(wanted)}

    def states_in(self, session: Session, day: date) -> tuple[VisitState, ...]:
        """The visits of a day that count, for `visit_export`, in its transaction."""
        self._require_read()
        return tuple(one for one in self._states(session, day, day) if one.counts)

    def lines_in(self, session: Session, states: Iterable[VisitState]) -> tuple[VisitLine, ...]:
        """These as lines with names, in the caller's session."""
        return self._lines(session, states)

    # --- within --------------------------------------------------------------------------------

    def _require_read(self) -> None:
        if not self.may_read:
            raise Denied(Action.HEALTH_READ.value)

    def _add(self, session: Session, new: NewVisit, replaces: str | None = None) -> str:
        context, now = self._context, self._context.clock.now()
        refuse(visit_problems(new, now))
        if new.student_id is not None and session.get(Student, bare(new.student_id)) is None:
            raise VisitRefused("Choose the student again.", (WHO,))
        visit = Visit(
            id=str(uuid.uuid4()),
            student_id=new.student_id,
            came_at=new.came_at,
            entered_at=now,
            by_user=context.actor.user_id,
            who=" ".join(new.who.split())[:MOST_WORDS],
            complaint=new.complaint,
            care=new.care,
            disposition=new.disposition,
            left_at=new.left_at,
            words=" ".join(new.words.split())[:MOST_WORDS],
            replaces=replaces,
        )
        return self._box.add(
            session, new.student_id or OFFICE_SUBJECT, VISIT, visit,
            day=self._day(session, new), at=new.came_at, id=visit.id,
        )  # fmt: skip

    def _strike(self, session: Session, visit_id: str, reason: str) -> None:
        context = self._context
        row = session.get(HealthEntry, visit_id)
        if row is None or row.kind != VISIT:
            raise VisitRefused("There is no such visit.")
        if not self.may_read:
            context.require(Action.VISIT_ADD)
            if row.by_user != context.actor.user_id:
                raise Denied(Action.HEALTH_READ.value)
        wanted = select(HealthEntry.id).where(
            HealthEntry.kind == VISIT_STRUCK, HealthEntry.about == visit_id
        )
        if session.scalar(wanted) is not None:
            raise VisitRefused("It was taken out already.")
        self._box.add(
            session, row.subject, VISIT_STRUCK, VisitStruck(visit_id, reason), about=visit_id,
            day=row.day,
        )  # fmt: skip

    def _standing(self, session: Session, visit_id: str) -> VisitState:
        """A visit that counts, as it stands."""
        row = session.get(HealthEntry, visit_id)
        if row is not None and row.kind == VISIT:
            kept = self._box.read(session, *VISIT_KINDS, subject=row.subject, first=row.day)
            for one in folded(kept):
                if one.visit.id == visit_id and one.counts:
                    return one
        raise VisitRefused("There is no such visit any more. Load the page again.")

    def _write(self, session: Session, visit: Visit, kind: str, value: object) -> None:
        row = session.get_one(HealthEntry, visit.id)
        self._box.add(session, row.subject, kind, value, about=visit.id, day=row.day)

    def _states(self, session: Session, first: date, last: date) -> tuple[VisitState, ...]:
        """What is added to a visit bears the visit's own day."""
        return folded(self._box.read(session, *VISIT_KINDS, first=first, last=last))

    def _lines(
        self, session: Session, states: Iterable[VisitState], *, also_struck: bool = False
    ) -> tuple[VisitLine, ...]:
        shown = [one for one in states if one.counts or also_struck]
        found = people(session, {one.visit.student_id for one in shown if one.visit.student_id})
        who = {user: one.name for user, one in holders(session).items()}
        numbers = _numbers(session, {one.record_id for one in shown if one.record_id})
        return tuple(
            VisitLine(
                one,
                person.name if (person := found.get(one.visit.student_id or "")) else one.visit.who,
                person.grade if person else "",
                who.get(one.visit.by_user, ""),
                numbers.get(one.record_id, ""),
            )
            for one in shown
        )

    def _day(self, session: Session, new: NewVisit) -> date:
        zone = school_calendar(session, self._context.clock.now()).zone
        return new.came_at.astimezone(zone).date()

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _here(visit: Visit, at: datetime) -> bool:
    """Whether somebody was at the health office at a moment (both ends within its minute)."""
    minute = timedelta(minutes=1)
    left = visit.left_at
    return visit.came_at - minute < at and (left is None or at < left + minute)


def _count(visits: list[Visit]) -> DayCount:
    complaints = Counter(one.complaint for one in visits)
    home = sum(one.disposition == "home" for one in visits)
    return DayCount(len(visits), dict(complaints.most_common()), home)


def _numbers(session: Session, records: Iterable[str]) -> dict[str, str]:
    wanted = select(Record.id, Record.number).where(Record.id.in_(sorted(records)))
    return {one: number or "" for one, number in session.execute(wanted)}
