"""Lists of records, narrowed to what the signed-in person may know of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import say
from bt_desktop.models.records import DraftPart, Involved, Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import FORMS, Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_check import Progress, progress, session_of
from bt_desktop.services.record_load import load
from bt_desktop.services.record_parts import REPORT
from bt_desktop.services.results.records import RecordFilter, RecordSummary

_DONE = Progress(0, 1.0)
_KNOWN = (
    (Action.RECORD_READ, None),
    (Action.RECORD_READ, "nurse"),
    (Action.NOTICE_READ, None),
    (Action.SCHOOL_COPY, None),
)
"""Whoever may do one of these with a record knows of it (see `Rights.sees`)."""


class Lists:
    """Makes lists of records."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf
        self._progress: dict[str, tuple[int, Progress]] = {}

    def drafts(self) -> tuple[RecordSummary, ...]:
        """What waits for the person signed in, changed last first."""
        me = self._context.actor
        waiting = select(Record).where(
            Record.state == "draft",
            or_(Record.owner_user == me.user_id, Record.reported_by == me.staff_id),
        )
        begun = select(DraftPart.record_id).where(DraftPart.owner_user == me.user_id)
        with self._context.store.read() as session:
            found = {row.id: row for row in session.scalars(waiting)}
            parts = session.scalars(select(Record).where(Record.id.in_(begun)))
            found.update((row.id, row) for row in parts)
            newest = sorted(found.values(), key=lambda row: (-row.updated_us, row.id))
            return self._summaries(session, newest)

    def recent(self, limit: int) -> tuple[RecordSummary, ...]:
        """The records changed last that the person may see."""
        wanted = self._visible(select(Record)).order_by(Record.updated_us.desc()).limit(limit)
        with self._context.store.read() as session:
            return self._summaries(session, session.scalars(wanted).all())

    def page(
        self, filters: RecordFilter, limit: int, after: str | None
    ) -> tuple[RecordSummary, ...]:
        """A page of records, newest event first; `after` is the last id of the page before."""
        self._context.require(Action.RECORD_LIST)
        wanted = self._narrowed(self._visible(select(Record)), filters)
        wanted = wanted.order_by(Record.event_us.desc(), Record.id.desc()).limit(limit)
        with self._context.store.read() as session:
            last = session.get(Record, after) if after else None
            if last is not None:
                here = tuple_(Record.event_us, Record.id)
                wanted = wanted.where(here < tuple_(last.event_us, last.id))
            return self._summaries(session, session.scalars(wanted).all())

    def _visible(self, wanted: Select[Record]) -> Select[Record]:
        """The records the person may know of: of some forms all, of others those of their own."""
        me = self._context.actor
        every = {form for action, part in _KNOWN for form in self._forms(action, part, own=False)}
        own = {form for action, part in _KNOWN for form in self._forms(action, part, own=True)}
        if every == own == set(FORMS):
            return wanted
        named = exists().where(Involved.record_id == Record.id, Involved.staff_id == me.staff_id)
        mine = or_(
            Record.owner_user == me.user_id,
            Record.entered_by == me.user_id,
            Record.reported_by == me.staff_id,
            named,
        )
        return wanted.where(
            or_(Record.form.in_(sorted(every)), and_(Record.form.in_(sorted(own)), mine))
        )

    def _forms(self, action: Action, part: str | None, *, own: bool) -> set[str]:
        may = self._context.may
        return {form for form in FORMS if may(action, own=own, part=part, form=form)}

    def _narrowed(self, wanted: Select[Record], filters: RecordFilter) -> Select[Record]:
        me = self._context.actor
        offset = self._context.clock.now().tzinfo
        if filters.form:
            wanted = wanted.where(Record.form == filters.form)
        if filters.states:
            wanted = wanted.where(Record.state.in_(filters.states))
        if filters.subject_id:
            wanted = wanted.where(Record.subject_id == filters.subject_id)
        if filters.since:
            begin = datetime.combine(filters.since, time(0), offset)
            wanted = wanted.where(Record.event_us >= micros(begin))
        if filters.until:
            end = datetime.combine(filters.until + timedelta(days=1), time(0), offset)
            wanted = wanted.where(Record.event_us < micros(end))
        if filters.text.strip():
            wanted = wanted.where(Record.number.icontains(filters.text.strip(), autoescape=True))
        if filters.mine:
            wanted = wanted.where(
                or_(Record.owner_user == me.user_id, Record.reported_by == me.staff_id)
            )
        return wanted

    def _summaries(self, session: Session, rows: Sequence[Record]) -> tuple[RecordSummary, ...]:
        ids = {one for row in rows for one in (row.subject_id, row.reported_by) if one}
        known = people(session, ids)
        names = {key: person.name for key, person in known.items()}
        return tuple(self._summary(session, row, names) for row in rows)

    def _summary(self, session: Session, row: Record, names: dict[str, str]) -> RecordSummary:
        me = self._context.actor
        far = self._how_far(session, row) if row.state == "draft" else _DONE
        return RecordSummary(
            id=row.id,
            form=row.form,
            title=say(self._shelf.kept(session, row.form_digest).title),
            number=row.number,
            state=row.state,  # type: ignore[arg-type]  # only our own states are ever written
            subject_id=row.subject_id,
            subject_name=names.get(row.subject_id or "", ""),
            event_at=row.event_at,
            updated_at=row.updated_at,
            author_name=names.get(row.reported_by, ""),
            missing=far.missing,
            progress=far.share,
            place=row.place,
            mine=row.owner_user == me.user_id or row.reported_by == me.staff_id,
            waits_for_my_signature=row.state == "draft"
            and row.reported_by == me.staff_id
            and row.owner_user != me.user_id,
        )

    def _how_far(self, session: Session, row: Record) -> Progress:
        """How far a draft is; counted anew only after it was changed."""
        loaded = load(session, self._shelf, row.id)
        typed = sorted((key, one.answers) for key, one in loaded.drafts.items())
        content = hash((*typed, len(loaded.log)))
        known = self._progress.get(row.id)
        if known is None or known[0] != content:
            form_session = session_of(loaded.form, loaded.answers(), self._context.clock)
            known = (content, progress(form_session, REPORT))
            self._progress[row.id] = known
        return known[1]
