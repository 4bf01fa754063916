"""Deadlines: what must be done by when, whose it is, what was done, why it was late."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Involved, Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import FORMS, Action
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import DONE, KEPT, OPEN, OWED, TOLD, Keeper, settle
from bt_desktop.services.deadline_lines import Lines, is_threshold
from bt_desktop.services.deadline_proof import Evidence
from bt_desktop.services.ics import Reminder, write_ics
from bt_desktop.services.problems import DeadlineNotOver, DoneByEvidence, NoSuchRecord
from bt_desktop.services.record_drafts import require_reason
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.deadlines import DeadlineCounts, DeadlineLine, Whose

if TYPE_CHECKING:
    from bt_desktop.services.records import RecordService

_MOST_AHEAD = timedelta(days=3650)
_FUTURE_ALLOWED = timedelta(minutes=5)
"""Clocks of two computers differ a little; more than this is a date that has not come yet."""


class DeadlineService:
    """Reads deadlines, takes reasons and word of what was done outside of these records."""

    def __init__(self, context: Context, records: RecordService) -> None:
        self._context = context
        self._records = records
        self._lines = Lines(context, records.shelf, self._keeper)

    @property
    def _keeper(self) -> Keeper:
        return self._records.keeper

    # --- reading -------------------------------------------------------------------------------

    def open(
        self, whose: Whose = "mine", until: datetime | None = None, limit: int = 50
    ) -> tuple[DeadlineLine, ...]:
        """What is still to be done, the nearest first; `until` leaves out what is due later."""
        with self._context.store.read() as session:
            wanted = self._visible(select(Deadline, Record), whose)
            if until is not None:
                wanted = wanted.where(Deadline.due_us <= micros(until))
            wanted = wanted.where(Deadline.state == OPEN).order_by(Deadline.due_us, Deadline.id)
            # Two readings make one line, so a few more rows than lines are read.
            rows = session.execute(wanted.limit(limit * 2)).all()
            return self._lines.of(session, [(row, record) for row, record in rows])[:limit]

    def owed(self, whose: Whose = "mine", limit: int = 50) -> tuple[DeadlineLine, ...]:
        """What was done too late and nobody has said why yet, newest first."""
        with self._context.store.read() as session:
            wanted = self._visible(select(Deadline, Record), whose).where(Deadline.state == OWED)
            rows = session.execute(wanted.order_by(Deadline.due_us.desc()).limit(limit)).all()
            return self._lines.of(session, [(row, record) for row, record in rows])

    def of_record(self, record_id: str) -> tuple[DeadlineLine, ...]:
        """Every deadline of one record, open ones first. Raises NoSuchRecord."""
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            rights = Rights(self._context, loaded)
            rights.require_sight()
            if not rights.may(Action.DEADLINE_READ):
                return ()
            rows = session.scalars(
                select(Deadline)
                .where(Deadline.record_id == record_id, Deadline.state.in_(KEPT))
                .order_by(Deadline.due_us)
            )
            lines = self._lines.of(session, [(row, loaded.row) for row in rows])
            return tuple(sorted(lines, key=lambda line: (line.state == "done", line.due)))

    def counts(self) -> DeadlineCounts:
        """How many open deadlines are one's own, and how many of them are over."""
        now = micros(self._context.clock.now())
        with self._context.store.read() as session:
            mine = self._visible(select(Deadline.record_id, Deadline.rule, Deadline.task), "mine")
            mine = mine.where(Deadline.state == OPEN).distinct()
            late = mine.where(Deadline.due_us < now)
            return DeadlineCounts(_count(session, mine), _count(session, late))

    def export(self, until: datetime | None = None) -> bytes:
        """One's own open deadlines as a calendar file (`.ics`), no child named; audited."""
        now = self._context.clock.now()
        lines = self.open("mine", until or now + _MOST_AHEAD, limit=500)
        reminders = [
            Reminder(
                date.id,
                " · ".join(filter(None, (line.label, line.number or line.title))),
                date.due,
                f"{date.within} · {line.cite} · {date.reading}",
            )
            for line in lines
            for date in line.dates
        ]
        made = write_ics(reminders, now)
        digest, counts = hashlib.sha256(made).hexdigest(), {"dates": len(reminders)}
        with self._context.store.write() as session:
            self._context.note(session, "deadline.export", "list", digest=digest, counts=counts)
        return made

    def _visible(self, wanted: Select[*tuple[Any, ...]], whose: Whose) -> Select[*tuple[Any, ...]]:
        """Deadlines with their records, as far as the role may know of them."""
        wanted = wanted.join(Record, Record.id == Deadline.record_id)
        every, own = self._forms(own=False), self._forms(own=True)
        if whose == "mine":
            return wanted.where(self._mine(), Record.form.in_(sorted(own | every)))
        if every == set(FORMS):
            return wanted
        return wanted.where(
            or_(
                Record.form.in_(sorted(every)),
                and_(Record.form.in_(sorted(own)), Record.id.in_(self._own_records())),
            )
        )

    def _forms(self, *, own: bool) -> frozenset[str]:
        may = self._context.may
        return frozenset(f for f in FORMS if may(Action.DEADLINE_READ, own=own, form=f))

    def _mine(self) -> ColumnElement[bool]:
        """Whose deed it is: the author's own reports; what the role sees to."""
        me = self._context.actor
        # Over the joined record, not a list of one's own: open deadlines are few, records are not.
        author = and_(
            Deadline.owner == "author",
            or_(Record.owner_user == me.user_id, Record.reported_by == me.staff_id),
        )
        return or_(author, Deadline.owner == me.role.value)

    def _own_records(self) -> CompoundSelect[str]:
        me = self._context.actor
        return (
            select(Record.id)
            .where(
                or_(
                    Record.owner_user == me.user_id,
                    Record.reported_by == me.staff_id,
                    Record.entered_by == me.user_id,
                )
            )
            .union(select(Involved.record_id).where(Involved.staff_id == me.staff_id))
        )

    # --- deeds ---------------------------------------------------------------------------------

    def excuse(self, deadline_id: str, reason: str) -> None:
        """Say why something is or was late; once, for all readings of it. Kept and audited.

        Raises ReasonNeeded, DeadlineNotOver, Denied, NoSuchRecord.
        """
        reason = require_reason(reason)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            row = self._row(session, deadline_id)
            if row.late_reason or (row.done_at or now) <= row.due_at:
                raise DeadlineNotOver
            for one in self._siblings(session, row):
                one.late_reason, one.late_at = reason, now
                one.late_by = self._context.actor.user_id
                one.state = DONE if one.state == OWED else one.state
            self._context.note(
                session,
                "deadline.excuse",
                f"deadline:{row.id}",
                reason=row.task,
                digest=hashlib.sha256(reason.encode("utf-8")).hexdigest(),
            )

    def told_done(self, deadline_id: str, at: datetime, how: str) -> None:
        """Say when and how something was done outside of these records (a form handed over).

        Never for what the records themselves can show. `at` is aware and not to come. Raises
        ReasonNeeded, DoneByEvidence, Denied, NoSuchRecord.
        """
        how = require_reason(how)
        now = self._context.clock.now()
        if at.tzinfo is None or at > now + _FUTURE_ALLOWED:
            raise ValueError("a moment that has come, with an offset")
        with self._context.store.write() as session:
            row = self._row(session, deadline_id)
            if not self._lines.outside(session, row):
                raise DoneByEvidence
            for one in self._siblings(session, row):
                one.evidence_note = how
                settle(one, Evidence(at, f"{TOLD}{self._context.actor.user_id}"))
            self._context.note(
                session,
                "deadline.told_done",
                f"deadline:{row.id}",
                reason=row.task,
                digest=hashlib.sha256(f"{at.isoformat()} {how}".encode()).hexdigest(),
            )

    def copy_requested(self, record_id: str, at: datetime | None = None) -> bool:
        """A parent asked for a copy: its clock starts. False where the pack sets none."""
        now = self._context.clock.now()
        asked = at or now
        with self._context.store.write() as session:
            loaded = self._records.loaded(session, record_id)
            Rights(self._context, loaded).require(Action.NOTICE_ADD)
            started = self._keeper.copy_requested(session, record_id, min(asked, now))
            if started:
                self._context.note(session, "deadline.copy_requested", f"record:{record_id}")
            return started

    def _row(self, session: Session, deadline_id: str) -> Deadline:
        """A deadline that the person may speak about."""
        row = session.get(Deadline, deadline_id)
        if row is None or row.state not in KEPT:
            raise NoSuchRecord
        rights = Rights(self._context, self._records.loaded(session, row.record_id))
        rights.require_sight()
        if not self._lines.may_excuse(row, rights):
            raise Denied(Action.DEADLINE_EXCUSE.value)
        return row

    def _siblings(self, session: Session, row: Deadline) -> Sequence[Deadline]:
        """The readings of the same deadline (a request of its own stays on its own)."""
        rows = session.scalars(
            select(Deadline).where(
                Deadline.record_id == row.record_id,
                Deadline.rule == row.rule,
                Deadline.task == row.task,
                Deadline.anchor_at == row.anchor_at,
                Deadline.state.in_(KEPT),
            )
        )
        return [row] if is_threshold(row) else list(rows)


def _count(session: Session, wanted: Select[*tuple[Any, ...]]) -> int:
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
