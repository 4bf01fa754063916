"""The records of events as lines, narrowed to those that the signed-in person may know of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import say
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.services.context import Context
from bt_desktop.services.event_group import IN_ERROR
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_load import load
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.events import EventRecord

DUPLICATE_WITHIN = timedelta(hours=2)
"""Two reports of one form about one student so close together are likely one event twice (the
rule of SWIS's integrity summary; domain: peers-and-interaction §5, "Duplicates")."""
_NEAR = timedelta(days=7)


class EventRows:
    """Reads lines of records."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf

    def seen(self, session: Session, rows: Iterable[Record]) -> list[Record]:
        """Those of the records that the person may know of."""
        return [
            row for row in rows if Rights(self._context, load(session, self._shelf, row.id)).sees
        ]

    def lines(self, session: Session, rows: Sequence[Record]) -> tuple[EventRecord, ...]:
        """Each record as a line."""
        subjects = [row.subject_id for row in rows if row.subject_id]
        names = {key: one.name for key, one in people(session, subjects).items()}
        return tuple(
            EventRecord(
                id=row.id,
                event_id=row.event_id,
                form=row.form,
                title=say(self._shelf.kept(session, row.form_digest).title),
                prefix=self._shelf.kept(session, row.form_digest).prefix,
                number=row.number,
                state=row.state,
                subject_id=row.subject_id,
                subject_name=names.get(row.subject_id or "", ""),
                event_at=row.event_at,
                made_at=row.made_at,
                place=row.place,
                record_class=row.record_class,
            )
            for row in rows
        )

    def of_today(self, session: Session, most: int) -> list[Record]:
        """Records begun today, or of something that happened today; newest first."""
        now = self._context.clock.now()
        begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
        first, last = micros(begin), micros(begin + timedelta(days=1))
        wanted = (
            select(Record)
            .where(
                Record.state != IN_ERROR,
                or_(
                    Record.event_us.between(first, last - 1),
                    Record.updated_us.between(first, last - 1) & (Record.state == "draft"),
                ),
            )
            .order_by(Record.event_us.desc(), Record.id)
            .limit(most)
        )
        return self.seen(session, session.scalars(wanted))

    def near(self, session: Session, row: Record, most: int) -> list[Record]:
        """Records of what happened within a few days of this one; nearest in time first."""
        at = row.event_at or row.made_at
        wanted = (
            select(Record)
            .where(
                Record.event_us.between(micros(at - _NEAR), micros(at + _NEAR)),
                Record.id != row.id,
                Record.state != IN_ERROR,
            )
            .order_by(func.abs(Record.event_us - micros(at)), Record.id)
            .limit(most)
        )
        return self.seen(session, session.scalars(wanted))

    def twins(self, session: Session, row: Record) -> list[Record]:
        """Other records of the same form about the same person within two hours.

        Where only the day is known yet, those of that day.
        """
        if row.subject_id is None or row.event_at is None:
            return []
        at, within = row.event_at, DUPLICATE_WITHIN
        if (at.hour, at.minute, at.second) == (0, 0, 0):
            at, within = at + timedelta(hours=12), timedelta(hours=12)
        wanted = (
            select(Record)
            .where(
                Record.subject_id == row.subject_id,
                Record.event_us.between(micros(at - within), micros(at + within)),
                Record.form == row.form,
                Record.id != row.id,
                Record.event_at.is_not(None),
                Record.state != IN_ERROR,
            )
            .order_by(Record.event_us, Record.id)
        )
        return self.seen(session, session.scalars(wanted))
