"""Lists of records, narrowed to what the signed-in person may know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import say
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import DraftPart, Record, Revision, Waiting
from bt_desktop.security.permissions import Action
from bt_desktop.services import record_order
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.people_rows import kind_of, people
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.record_check import Progress, progress, session_of
from bt_desktop.services.record_filters import narrowed, parted
from bt_desktop.services.record_load import load
from bt_desktop.services.record_order import Kept, Pager, leap
from bt_desktop.services.record_parts import REPORT, REVIEW
from bt_desktop.services.record_sight import Condition, Sight
from bt_desktop.services.results.records import Count, Facets, RecordFilter, RecordSummary

_DONE = Progress(0, 1.0)
COUNTED = 1000
"""A list is counted up to here: nobody reads on, and counting all would be a long way."""
_PLACES = 200
_MANY_OWN = 1000
"""Whoever has more records of their own finds the newest of them sooner by walking the list."""


class Lists:
    """Makes lists of records."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf
        self._progress: dict[str, tuple[int, Progress]] = {}
        self._kept = Kept()

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
            return self.summaries(session, newest)

    def recent(self, limit: int) -> tuple[RecordSummary, ...]:
        """The records changed last that the person may see."""
        wanted = select(Record).where(Sight(self._context).known)
        wanted = wanted.order_by(Record.updated_us.desc()).limit(limit)
        with self._context.store.read() as session:
            return self.summaries(session, session.scalars(wanted).all())

    def page(
        self, filters: RecordFilter, limit: int, after: str | None
    ) -> tuple[RecordSummary, ...]:
        """A page of records in the order of the filters; `after` is the last id of the page
        before."""
        with self._context.store.read() as session:
            rows = self.pager(session, filters).page(limit, after)
            return self.summaries(session, rows)

    def pager(self, session: Session, filters: RecordFilter, *more: Condition) -> Pager:
        """What reads the list page by page; `more` narrows it further."""
        self._context.require(Action.RECORD_LIST)
        sight = Sight(self._context)
        if sight.only_own and filters.order in ("newest", "oldest"):
            sight = Sight(self._context, walked=_has_many(session, sight))
        asked = tuple(narrowed(sight, filters))
        return Pager(
            session,
            (sight.known, *asked, *more),
            filters.order,
            parted(sight, filters),
            self._kept,
            few=filters.order not in record_order.GROUPED or not _is_long(session, sight, asked),
        )

    def count(self, filters: RecordFilter) -> Count:
        """How many records a list has, up to `COUNTED`."""
        few = select(Record.id).where(*self.conditions(filters)).limit(COUNTED + 1).subquery()
        with self._context.store.read() as session:
            number = session.scalar(select(func.count()).select_from(few)) or 0
        return Count(min(number, COUNTED), number > COUNTED)

    def conditions(self, filters: RecordFilter) -> tuple[Condition, ...]:
        """What a record of the list must meet. Raises Denied where the role has no list."""
        self._context.require(Action.RECORD_LIST)
        sight = Sight(self._context)
        return (sight.known, *narrowed(sight, filters))

    def facets(self) -> Facets:
        """What the person's own list can be narrowed to; nothing that only others may know of."""
        self._context.require(Action.RECORD_LIST)
        sight = Sight(self._context)
        with self._context.store.read() as session:
            forms, classes, reporters, places = _values(session, sight)
            authors = people(session, reporters)
            return Facets(
                forms=self._titles(session, forms),
                authors=tuple(
                    (key, one.name)
                    for key, one in sorted(authors.items(), key=lambda item: item[1].name)
                ),
                places=tuple(sorted(filter(None, places))),
                confidential="confidential" in classes,
                deadlines=self._any_deadline(session, sight),
            )

    def _any_deadline(self, session: Session, sight: Sight) -> bool:
        open_ones = select(Deadline.record_id).where(Deadline.state == "open")
        seen = select(Record.id).where(
            Record.id.in_(open_ones), sight.known, sight.allowed(Action.DEADLINE_READ)
        )
        return session.scalar(seen.limit(1)) is not None

    def _titles(self, session: Session, forms: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The forms with the titles that their newest records bear."""
        found = []
        for form in forms:
            newest = select(Record.form_digest).where(Record.form == form)
            digest = session.scalar(newest.order_by(Record.event_us.desc()).limit(1))
            if digest is not None:
                found.append((form, say(self._shelf.kept(session, digest).title)))
        return tuple(sorted(found, key=lambda one: one[1]))

    def summaries(self, session: Session, rows: Sequence[Record]) -> tuple[RecordSummary, ...]:
        """These records as lines of a list."""
        ids = {one for row in rows for one in (row.subject_id, row.reported_by) if one}
        names = {key: person.name for key, person in people(session, ids).items()}
        if not self._context.may(Action.PEOPLE_READ):  # security design §6: pseudonyms by default
            names |= {one: pseudonym(one) for one in ids if kind_of(one) == "student"}
        beside = _beside(session, [row.id for row in rows if row.state != "draft"])
        return tuple(self._summary(session, row, names, beside) for row in rows)

    def _summary(
        self, session: Session, row: Record, names: dict[str, str], beside: _Beside
    ) -> RecordSummary:
        me = self._context.actor
        mine = row.owner_user == me.user_id or row.reported_by == me.staff_id
        # How far a draft is, is told to whom it waits for; it takes a session of the form.
        far = self._how_far(session, row) if row.state == "draft" and mine else _DONE
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
            mine=mine,
            waits_for_my_signature=row.state == "draft"
            and row.reported_by == me.staff_id
            and row.owner_user != me.user_id,
            confidential=row.record_class == "confidential",
            waits_for=beside.waits.get(row.id, ()),
            amended_at=beside.amended.get(row.id),
        )

    def _how_far(self, session: Session, row: Record) -> Progress:
        """How far a draft is; counted anew only after it was changed."""
        loaded = load(session, self._shelf, row.id)
        content = hash(tuple(sorted((key, one.answers) for key, one in loaded.drafts.items())))
        known = self._progress.get(row.id)
        if known is None or known[0] != content:
            form_session = session_of(loaded.form, loaded.answers(), self._context.clock)
            known = (content, progress(form_session, REPORT))
            self._progress[row.id] = known
        return known[1]


def _values(session: Session, sight: Sight) -> list[list[Any]]:
    """The forms, classes, authors and places of the records that the person may know of."""
    columns = (Record.form, Record.record_class, Record.reported_by, Record.place)
    if not sight.only_own:
        return [leap(session, column, sight.known)[:_PLACES] for column in columns]
    found = session.execute(select(*columns).where(sight.known).distinct()).all()
    return [list(dict.fromkeys(row[at] for row in found))[:_PLACES] for at in range(len(columns))]


def _is_long(session: Session, sight: Sight, asked: tuple[Condition, ...]) -> bool:
    """Whether the list is longer than is sorted in memory, as far as indexes alone tell.

    What the role may not know of is counted too: of one's own records alone it is less.
    """
    counted = [select(Record.id).where(*asked)]
    if sight.only_own:
        counted.append(sight.own_ids())
    some = [one.limit(record_order.FEW + 1).subquery() for one in counted]
    found = [session.scalar(select(func.count()).select_from(one)) or 0 for one in some]
    return min(found) > record_order.FEW


def _has_many(session: Session, sight: Sight) -> bool:
    own = sight.own_ids().limit(_MANY_OWN + 1).subquery()
    return (session.scalar(select(func.count()).select_from(own)) or 0) > _MANY_OWN


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside some records: what they wait for, when they were amended last."""

    waits: Mapping[str, tuple[str, ...]]
    amended: Mapping[str, datetime]


def _beside(session: Session, ids: Sequence[str]) -> _Beside:
    waits: dict[str, tuple[str, ...]] = {}
    rows = select(Waiting.record_id, Waiting.part).where(Waiting.record_id.in_(ids))
    for record, part in session.execute(rows.order_by(Waiting.part)):
        waits[record] = (*waits.get(record, ()), part)
    later = select(Revision.record_id, Revision.signed_at, Revision.part_key).where(
        Revision.record_id.in_(ids), Revision.count > 1
    )
    amended: dict[str, datetime] = {}
    for record, at, part in session.execute(later):
        if part != REVIEW and (record not in amended or at > amended[record]):
            amended[record] = at
    return _Beside(waits, amended)
