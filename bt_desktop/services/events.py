"""Events: several records of what happened once, and the facts that they share.

A fact given once is offered to the next record with its source named, never put in silently; only
where a person asks for it in one deed (the report that an answer leads to, the same report for
another student) are the facts carried over at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.records import EventOffer, Record
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.event_carry import Carrying
from bt_desktop.services.event_facts import EventFacts
from bt_desktop.services.event_group import IN_ERROR, group_of, others_of, rows_of
from bt_desktop.services.event_joining import Joining
from bt_desktop.services.event_rows import EventRows
from bt_desktop.services.people_rows import people
from bt_desktop.services.problems import NoSuchRecord
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_parts import REPORT
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.events import (
    EventRecord,
    EventToday,
    EventView,
    Offer,
)

if TYPE_CHECKING:
    from bt_desktop.services.records import RecordService

USED, LEFT = "used", "left"
_MOST_TODAY = 40


class EventService:
    """The events of the school, as the signed-in person may see and add to them."""

    def __init__(self, context: Context, records: RecordService) -> None:
        self._context = context
        self._records = records
        self._rows = EventRows(context, records.shelf)
        self._carry = Carrying(context)
        self._joining = Joining(context, records.shelf)

    # --- reading -------------------------------------------------------------------------------

    def records(self, event_id: str) -> tuple[EventRecord, ...]:
        """The records of an event that the person may see, oldest first."""
        with self._context.store.read() as session:
            rows = rows_of(session, group_of(session, event_id))
            return self._rows.lines(session, self._rows.seen(session, rows))

    def view(self, record_id: str) -> EventView:
        """What the page of a record shows of its event. Raises NoSuchRecord."""
        with self._context.store.read() as session:
            loaded = self._seen(session, record_id)
            rights = Rights(self._context, loaded)
            others = self._rows.seen(session, others_of(session, loaded.row))
            answered = self._answered(session, record_id)
            carried = [row for row in others if answered.get(row.id) == USED]
            open_to = [row for row in others if row.id not in answered and row.state != IN_ERROR]
            may_join = rights.may(Action.EVENT_JOIN)
            offers, sources = self._offers(session, loaded, rights, open_to)
            view = EventView(
                linked=self._rows.lines(session, others),
                carried=self._rows.lines(session, carried),
                offers=offers,
                duplicates=self._rows.lines(session, self._rows.twins(session, loaded.row)),
                others=self._without_one(session, loaded, rights, others),
                may_join=may_join,
                may_take_out=may_join and self._joining.can_take_out(session, loaded),
            )
        for source in (*sources, *((loaded,) if view.others else ())):
            self._records.looked_into(source)
        return view

    def today(self) -> tuple[EventToday, ...]:
        """The events of today, and those begun to be written about today; newest first."""
        with self._context.store.read() as session:
            rows = self._rows.of_today(session, _MOST_TODAY)
            groups: dict[frozenset[str], list[Record]] = {}
            for row in rows:
                groups.setdefault(frozenset(group_of(session, row.event_id)), []).append(row)
            return tuple(self._today(session, found) for found in groups.values())

    def _today(self, session: Session, rows: Sequence[Record]) -> EventToday:
        told = next((row for row in rows if row.event_at is not None), rows[0])
        return EventToday(
            rows[0].event_id, told.event_at, told.place, self._rows.lines(session, rows)
        )

    # --- beginning -----------------------------------------------------------------------------

    def start(
        self,
        form: str,
        event_id: str | None = None,
        reported_by: str | None = None,
        like: str | None = None,
    ) -> str:
        """Start a record of an event (of its own, where none is given); its id.

        `like` is a record of the event whose facts are carried over at once, because the person
        asked for a report of just that. Raises NoSuchRecord for an event the person cannot see.
        """
        with self._context.store.read() as session:
            source = self._seen(session, like) if like is not None else None
            if source is not None:
                event_id = source.row.event_id
            if event_id is not None and not self._sees_event(session, event_id):
                raise NoSuchRecord
        record_id = self._records.start_in(form, reported_by, event_id)
        if source is not None:
            self._fill(record_id, source, source.row.subject_id or "")
        return record_id

    def also_for(self, record_id: str, students: Sequence[str]) -> tuple[str, ...]:
        """The same form for other students of the event, facts carried over; the new ids.

        What was told in the writer's own words goes along where the same person reports. Raises
        NoSuchRecord, Denied.
        """
        with self._context.store.read() as session:
            source = self._seen(session, record_id)
            if not Rights(self._context, source).reads(REPORT):
                raise Denied(Action.RECORD_READ.value)
            known = {one for one, _ in self._students_of(session, source)}
        made = []
        for student in dict.fromkeys(students):
            if student not in known:
                raise KeyError(student)
            new = self._records.start_in(
                source.row.form, source.row.reported_by, source.row.event_id
            )
            self._fill(new, source, student)
            made.append(new)
        return tuple(made)

    def _fill(self, record_id: str, source: Loaded, student: str) -> None:
        """Carry the facts of `source` into a draft about `student`, in the draft's own words."""
        with self._context.store.read() as session:
            target = self._seen(session, record_id)
            told = self._carry.told(source)
        same_writer = (
            source.row.form == target.row.form and source.row.reported_by == target.row.reported_by
        )
        answers = {}
        asked = next((f.name for f in target.form.fields().values() if f.fact == "student"), "")
        if asked and student.startswith("student:"):
            answers[asked] = student
        filled = self._carry.filled(target.form, answers, told, own_words=same_writer)
        self._records.looked_into(source)
        self._records.save_draft(record_id, REPORT, filled)
        self._note_answer(record_id, source.row.id, USED)

    # --- offers --------------------------------------------------------------------------------

    def answer_offer(self, record_id: str, source_id: str, *, used: bool) -> None:
        """Remember that an offer was used or left: it is not made again."""
        self._note_answer(record_id, source_id, USED if used else LEFT)

    def _note_answer(self, record_id: str, source_id: str, answer: str) -> None:
        context = self._context
        with context.store.write() as session:
            self._seen(session, record_id)
            self._seen(session, source_id)
            session.merge(
                EventOffer(
                    record_id=record_id,
                    source_id=source_id,
                    answer=answer,
                    by_user=context.actor.user_id,
                    at=context.clock.now(),
                )
            )
            context.note(session, "event.offer", f"record:{record_id}", reason=answer)

    def _answered(self, session: Session, record_id: str) -> dict[str, str]:
        rows = session.scalars(select(EventOffer).where(EventOffer.record_id == record_id))
        return {row.source_id: row.answer for row in rows}

    def _offers(
        self, session: Session, loaded: Loaded, rights: Rights, rows: Iterable[Record]
    ) -> tuple[tuple[Offer, ...], tuple[Loaded, ...]]:
        """What other records offer to a report that the person may still fill; and which do."""
        if not rights.may_edit(REPORT):
            return (), ()
        found, sources, said = [], [], set()
        for row in sorted(rows, key=lambda one: (one.number is None, one.made_at)):
            source = self._records.loaded(session, row.id)
            facts = tuple(
                fact
                for fact in self._carry.offered(session, source, loaded)
                if (fact.fact, fact.words) not in said
            )
            said |= {(fact.fact, fact.words) for fact in facts}
            if facts:
                found.append(Offer(self._rows.lines(session, [row])[0], facts))
                sources.append(source)
        return tuple(found), tuple(sources)

    # --- other students ------------------------------------------------------------------------

    def _students_of(self, session: Session, loaded: Loaded) -> tuple[tuple[str, str], ...]:
        """The other students that a record names as there, with their names."""
        told: EventFacts = self._carry.told(loaded)
        ids = [p.who for p in told.people if p.kind == "student" and p.who != told.subject]
        found = people(session, ids)
        return tuple((one, found[one].name) for one in ids if one in found)

    def _without_one(
        self, session: Session, loaded: Loaded, rights: Rights, others: Iterable[Record]
    ) -> tuple[tuple[str, str], ...]:
        """The students named here of whom the event has no record of this form yet."""
        may = self._context.may(Action.RECORD_START, form=loaded.row.form)
        if loaded.form.subject != "student" or not may or not rights.reads(REPORT):
            return ()
        written = {row.subject_id for row in others if row.form == loaded.row.form}
        return tuple(one for one in self._students_of(session, loaded) if one[0] not in written)

    # --- joining -------------------------------------------------------------------------------

    def near(self, record_id: str) -> tuple[EventRecord, ...]:
        """Records of other events, within a week of this one, that it could be joined to."""
        with self._context.store.read() as session:
            loaded = self._seen(session, record_id)
            mine = set(group_of(session, loaded.row.event_id))
            rows = self._rows.near(session, loaded.row, _MOST_TODAY)
            return self._rows.lines(session, [row for row in rows if row.event_id not in mine])

    def join(self, record_id: str, other_id: str, reason: str = "") -> None:
        """Say that two records are about one event. Raises NoSuchRecord, Denied, JoinRefused."""
        self._joining.join(record_id, other_id, reason)

    def take_out(self, record_id: str, reason: str) -> None:
        """Say that a record is not about the event it stands in. Raises as `join`, ReasonNeeded."""
        self._joining.take_out(record_id, reason)

    # --- rights --------------------------------------------------------------------------------

    def _seen(self, session: Session, record_id: str) -> Loaded:
        loaded = self._records.loaded(session, record_id)
        Rights(self._context, loaded).require_sight()
        return loaded

    def _sees_event(self, session: Session, event_id: str) -> bool:
        rows = rows_of(session, group_of(session, event_id))
        return any(self._rows.seen(session, [row]) for row in rows)
