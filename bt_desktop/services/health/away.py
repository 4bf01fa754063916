"""Who is not at school: absences, early pickups, late arrivals and field trips of single students.

An absence is no secret of the health office: it is an education record that everybody on the staff
knows of, the front office enters (it takes the call), and no key seals. Why a child is ill is not
asked. Nothing is changed: a row takes another one back, with a reason. Days without school for
everybody are the calendar's (`services/school_days`); both meet on the board.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bt_desktop.models.away import StudentAway
from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.away_checks import MOST_WORDS, away_problems
from bt_desktop.services.health.away_groups import StudentGroup, student_groups
from bt_desktop.services.health.away_model import Away, NewAway
from bt_desktop.services.health.away_rows import AWAY_ADDED, away_digest
from bt_desktop.services.health.problems import AwayRefused
from bt_desktop.services.people_rows import bare
from bt_desktop.services.results.people import Problem
from bt_desktop.services.school_calendar import school_calendar

BACK = "back"
"""The kind of a row that takes another one back."""
_LEAST_REASON = 5
_AT_ONCE = 500


class AwayService:
    """Enters, lists and takes back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may_read(self) -> bool:
        """Whether the role knows who is away."""
        return self._context.may(Action.AWAY_READ)

    @property
    def may_edit(self) -> bool:
        """Whether the role enters it."""
        return self._context.may(Action.AWAY_EDIT)

    # --- entering ------------------------------------------------------------------------------

    def problems(self, new: NewAway) -> tuple[Problem, ...]:
        """What is wrong with it, by field; empty when it can be kept."""
        with self._context.store.read() as session:
            return tuple(away_problems(new, self._today(session)))

    def add(self, student_ids: Sequence[str], new: NewAway) -> tuple[str, ...]:
        """Students are away; returns the ids of what was entered.

        Whoever has the same entry already is passed over. All of one trip bear one trip id.
        Raises AwayRefused (with the problems), Denied.
        """
        self._context.require(Action.AWAY_EDIT)
        with self._context.store.write() as session:
            return self.add_in(session, student_ids, new, str(uuid.uuid4()))

    def add_in(
        self, session: Session, student_ids: Sequence[str], new: NewAway, trip_id: str
    ) -> tuple[str, ...]:
        """As `add`, in the caller's transaction; to a trip that is there already, by its id."""
        refuse(away_problems(new, self._today(session)))
        wanted = tuple(dict.fromkeys(student_ids))
        if not wanted or not _all_known(session, wanted):
            raise AwayRefused("Choose the students.")
        standing = self.of_in(session, wanted, new.first, new.last)
        rows = [
            self._row(one, new, trip_id)
            for one in wanted
            if not any(_same(kept, new) for kept in standing.get(one, ()))
        ]
        if not rows:
            raise AwayRefused("This was entered already.")
        for row in rows:
            self._keep(session, row)
        return tuple(row.id for row in rows)

    def take_back(self, away_ids: Iterable[str], reason: str) -> None:
        """They are not away after all (of several rows at once: a trip that was called off).

        Raises AwayRefused where a row was taken back already or the reason says nothing; Denied.
        """
        self._context.require(Action.AWAY_EDIT)
        with self._context.store.write() as session:
            self.take_back_in(session, away_ids, reason)

    def take_back_in(self, session: Session, away_ids: Iterable[str], reason: str) -> None:
        """As `take_back`, in the caller's transaction."""
        said = " ".join(reason.split())
        if len(said) < _LEAST_REASON:
            sentence = "Say in a few words why."
            raise AwayRefused(sentence, (Problem("reason", "short", sentence),))
        for away_id in away_ids:
            row = session.get(StudentAway, away_id)
            again = select(StudentAway.id).where(StudentAway.ends == away_id)
            if row is None or row.kind == BACK or session.scalar(again) is not None:
                raise AwayRefused("This was taken back already. Load the page again.")
            self._keep(
                session,
                StudentAway(
                    id=str(uuid.uuid4()), student_id=row.student_id, kind=BACK, first=row.first,
                    last=row.last, leaves="", returns="", trip_id=row.trip_id, name="",
                    ends=row.id, reason=said[:MOST_WORDS], by_user=self._context.actor.user_id,
                    at=self._context.clock.now(),
                ),
            )  # fmt: skip

    # --- reading -------------------------------------------------------------------------------

    def of(
        self, student_ids: Iterable[str] | None, first: date, last: date
    ) -> Mapping[str, tuple[Away, ...]]:
        """What holds of these students (None: of all) between two days, both inclusive, by
        student; who has nothing is left out. One question. Raises Denied."""
        self._context.require(Action.AWAY_READ)
        with self._context.store.read() as session:
            return self.of_in(session, student_ids, first, last)

    def groups(self) -> tuple[StudentGroup, ...]:
        """Grades, teachers' students and classes, to enter many at once. Raises Denied."""
        self._context.require(Action.AWAY_EDIT)
        with self._context.store.read() as session:
            return student_groups(session)

    def today(self) -> date:
        """Today on the school's clocks."""
        with self._context.store.read() as session:
            return self._today(session)

    def of_in(
        self, session: Session, student_ids: Iterable[str] | None, first: date, last: date
    ) -> dict[str, tuple[Away, ...]]:
        """As `of`, in the caller's session, for services beside this one; asks no permission."""
        back = aliased(StudentAway)
        wanted = (
            select(StudentAway)
            .outerjoin(back, back.ends == StudentAway.id)
            .where(StudentAway.last >= first, StudentAway.first <= last)
            .where(StudentAway.kind != BACK, back.id.is_(None))
            .order_by(StudentAway.at, StudentAway.id)
        )
        chosen = None if student_ids is None else frozenset(student_ids)
        if chosen is not None and len(chosen) <= _AT_ONCE:
            wanted = wanted.where(StudentAway.student_id.in_(chosen))
        found: dict[str, list[Away]] = {}
        for row in session.scalars(wanted):
            if chosen is None or row.student_id in chosen:
                found.setdefault(row.student_id, []).append(_away(row))
        return {student: tuple(held) for student, held in found.items()}

    def of_trip(self, session: Session, trip_id: str) -> tuple[Away, ...]:
        """What stands of one trip, for the services beside this one."""
        back = aliased(StudentAway)
        wanted = (
            select(StudentAway)
            .outerjoin(back, back.ends == StudentAway.id)
            .where(StudentAway.trip_id == trip_id, StudentAway.kind != BACK, back.id.is_(None))
            .order_by(StudentAway.at, StudentAway.id)
        )
        return tuple(_away(row) for row in session.scalars(wanted))

    # --- within --------------------------------------------------------------------------------

    def _row(self, student_id: str, new: NewAway, trip_id: str) -> StudentAway:
        trip = new.kind == "trip"
        return StudentAway(
            id=str(uuid.uuid4()),
            student_id=student_id,
            kind=new.kind,
            first=new.first,
            last=new.last,
            leaves=_clock(new.leaves if new.kind in ("early", "trip") else None),
            returns=_clock(new.returns if new.kind in ("late", "trip") else None),
            trip_id=trip_id if trip else "",
            name=" ".join(new.name.split()) if trip else "",
            ends="",
            reason="",
            by_user=self._context.actor.user_id,
            at=self._context.clock.now(),
        )

    def _keep(self, session: Session, row: StudentAway) -> None:
        session.add(row)
        session.flush()
        reason = BACK if row.kind == BACK else None
        self._context.note(
            session, AWAY_ADDED, f"away:{row.id}", digest=away_digest(row), reason=reason
        )

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def refuse(problems: Sequence[Problem]) -> None:
    """Raise AwayRefused where there is any."""
    if problems:
        raise AwayRefused(problems[0].sentence, tuple(problems))


def _all_known(session: Session, ids: Sequence[str]) -> bool:
    wanted = [bare(one) for one in ids if one.startswith("student:")]
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = wanted[start : start + _AT_ONCE]
        found.update(session.scalars(select(Student.id).where(Student.id.in_(chosen))))
    return len(found) == len(ids)


def _same(kept: Away, new: NewAway) -> bool:
    told = (kept.kind, kept.first, kept.last, kept.leaves, kept.returns, kept.name)
    return told == (
        new.kind, new.first, new.last, new.leaves, new.returns, " ".join(new.name.split()),
    )  # fmt: skip


def _away(row: StudentAway) -> Away:
    return Away(
        row.id,
        row.student_id,
        row.kind,  # type: ignore[arg-type]  # only what `away_problems` let through is kept
        row.first,
        row.last,
        _time(row.leaves),
        _time(row.returns),
        row.name,
        row.trip_id,
        row.by_user,
        row.at,
    )


def _clock(at: time | None) -> str:
    return at.strftime("%H:%M") if at is not None else ""


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
