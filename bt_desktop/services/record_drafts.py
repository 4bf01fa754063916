"""Records begun and typed: each change in the store at once, in one small transaction."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.form_engine.definition import Form
from bt_desktop.models.people import Staff
from bt_desktop.models.prepared import Prepared, driver_of
from bt_desktop.models.records import DraftPart, Event, Handover, Involved, Record
from bt_desktop.models.school import Account
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import Action, may
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.people_rows import bare, people
from bt_desktop.services.person_names import people_in
from bt_desktop.services.problems import AlreadySigned, HandOverRefused, NoSuchRecord, ReasonNeeded
from bt_desktop.services.record_columns import column_names, columns
from bt_desktop.services.record_first import first_answers, subject_of
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_parts import (
    PERSONAL,
    REPORT,
    STATEMENT,
    draft_key,
    names_of,
    only,
    part_of,
    statement_key,
)
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.records import Saved

LEAST_REASON = 10

# The statements of the one write that happens at every pause in typing.
_DRAFT_TABLE = cast(Table, DraftPart.__table__)
_RECORD_TABLE = cast(Table, Record.__table__)
_STAMP = Prepared(
    select(
        _RECORD_TABLE.c.state,
        _RECORD_TABLE.c.owner_user,
        _RECORD_TABLE.c.reported_by,
        _DRAFT_TABLE.c.owner_user,
    )
    .select_from(
        _RECORD_TABLE.outerjoin(
            _DRAFT_TABLE,
            (_DRAFT_TABLE.c.record_id == _RECORD_TABLE.c.id)
            & (_DRAFT_TABLE.c.part_key == bindparam("b_part")),
        )
    )
    .where(_RECORD_TABLE.c.id == bindparam("b_record"))
)
_KEEP = Prepared(
    update(_DRAFT_TABLE)
    .where(
        _DRAFT_TABLE.c.record_id == bindparam("b_record"),
        _DRAFT_TABLE.c.part_key == bindparam("b_part"),
    )
    .values(answers=bindparam("b_answers"), updated_at=bindparam("b_at"))
)
_touched = (
    update(_RECORD_TABLE)
    .where(_RECORD_TABLE.c.id == bindparam("b_record"))
    .values(updated_at=bindparam("b_at"), updated_us=bindparam("b_us"))
)
_TOUCH = Prepared(_touched)
_PROMOTE = Prepared(
    _touched.values(
        subject_id=bindparam("b_subject"),
        event_at=bindparam("b_event"),
        event_us=bindparam("b_event_us"),
        place=bindparam("b_place"),
    )
)


class Drafts:
    """Begins and keeps drafts. One object per open vault: it remembers what it wrote last."""

    def __init__(self, context: Context, shelf: FormShelf, keeper: Keeper) -> None:
        self._context = context
        self._shelf = shelf
        self._keeper = keeper
        # Of a draft being typed: its rights and what its columns were last written from.
        self._open: dict[tuple[str, str], _Typing] = {}

    def start(
        self,
        form_name: str,
        reported_by: str | None,
        event_id: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> str:
        """A new record of an event of its own or of that one; its id.

        Its report is empty, or holds `answers` (see `RecordService.start`), in one transaction.
        """
        context = self._context
        context.require(Action.RECORD_START, form=form_name)
        reporter = reported_by or context.actor.staff_id
        now = context.clock.now()
        with context.store.write() as session:
            if session.get(Staff, bare(reporter)) is None:
                raise KeyError(reporter)
            form = self._shelf.today(session, form_name)
            if event_id is None:
                event_id = str(uuid.uuid4())
                session.add(Event(id=event_id, made_at=now))
            digest = self._shelf.keep(session, form)
            session.flush()
            row = Record(
                id=str(uuid.uuid4()),
                event_id=event_id,
                form=form.form,
                record_class=form.record_class,
                form_digest=digest,
                state="draft",
                owner_user=context.actor.user_id,
                reported_by=reporter,
                entered_by=context.actor.user_id,
                event_us=micros(now),
                made_at=now,
                updated_at=now,
                updated_us=micros(now),
            )
            session.add(row)
            session.flush()
            session.add(self._empty(row.id, REPORT, now))
            context.note(session, "record.start", f"record:{row.id}")
            if answers:
                session.flush()
                student = subject_of(form, answers)
                person = people(session, [student]).get(student) if student else None
                first = first_answers(form, answers, context.clock, person)
                self._keep(session, row.id, REPORT, first)
        return row.id

    def _empty(self, record_id: str, key: str, now: datetime) -> DraftPart:
        return DraftPart(
            record_id=record_id,
            part_key=draft_key(key, self._context.actor.user_id),
            owner_user=self._context.actor.user_id,
            answers="{}",
            updated_at=now,
        )

    # --- typing --------------------------------------------------------------------------------

    def save(self, record_id: str, key: str, answers: Mapping[str, Any]) -> Saved:
        """Keep what is typed so far into one part. Raises AlreadySigned, Denied."""
        try:
            return self._save(record_id, key, answers)
        except BaseException:
            self._open.pop((record_id, key), None)  # what was remembered was not kept
            raise

    def _save(self, record_id: str, key: str, answers: Mapping[str, Any]) -> Saved:
        with self._context.store.write() as session:
            return self._keep(session, record_id, key, answers)

    def _keep(
        self, session: Session, record_id: str, key: str, answers: Mapping[str, Any]
    ) -> Saved:
        """Keep the answers of a part, and whatever follows from them, in this transaction."""
        now = self._context.clock.now()
        typing = self._typing(session, record_id, key)
        kept_key = draft_key(key, self._context.actor.user_id)
        mine = only(answers, typing.own_names)
        text = json.dumps(mine, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        kept = _KEEP.run(
            driver_of(session),
            {"b_record": record_id, "b_part": kept_key, "b_answers": text, "b_at": now},
        )
        if not kept.rowcount:
            typing = self._begin(session, record_id, key, text)
        self._touch(session, record_id, typing, mine, now)
        self._name_staff(session, record_id, typing, mine)
        if typing.moves_deadlines(mine):
            self._keeper.refresh(session, record_id)
        return Saved(now)

    def _typing(self, session: Session, record_id: str, key: str) -> _Typing:
        """The rights on this part, looked up again whenever the record changed hands."""
        kept_key = draft_key(key, self._context.actor.user_id)
        values = {"b_record": record_id, "b_part": kept_key}
        stamp = _STAMP.run(driver_of(session), values).fetchone()
        if stamp is None:
            raise NoSuchRecord
        known = self._open.get((record_id, key))
        if known is None or known.stamp != stamp:
            known = self._look_up(session, record_id, key, stamp)
            self._open[record_id, key] = known
        return known

    def _look_up(
        self, session: Session, record_id: str, key: str, stamp: tuple[Any, ...]
    ) -> _Typing:
        loaded = self._load(session, record_id)
        rights = Rights(self._context, loaded)
        rights.require_sight()
        if rights.is_frozen(key):
            raise AlreadySigned
        known_part = part_of(key) in loaded.form.parts()
        if not known_part or (part_of(key) == STATEMENT and key not in loaded.part_keys()):
            raise Denied(Action.RECORD_EDIT.value)
        if not rights.may_edit(key):
            raise Denied(Action.RECORD_EDIT.value)
        draft = loaded.drafts.get(key)
        amends = draft is not None and draft.amends is not None
        # A record stays filed as it was signed until its amendment is signed, too.
        names = frozenset[str]() if amends else column_names(loaded.form)
        own = names_of(loaded.form, part_of(key))
        facts = self._keeper.fact_names(loaded.form)
        return _Typing(loaded.form, stamp, own, names & own, facts & own)

    def _begin(self, session: Session, record_id: str, key: str, text: str) -> _Typing:
        """The first change to a part that nobody has begun yet (a nurse's, a review)."""
        row = self._empty(record_id, key, self._context.clock.now())
        row.answers = text
        if key in PERSONAL:
            row.base = looked_at(self._load(session, record_id), key)
        session.add(row)
        session.flush()
        self._open.pop((record_id, key), None)
        return self._typing(session, record_id, key)

    def _touch(
        self,
        session: Session,
        record_id: str,
        typing: _Typing,
        mine: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """Say when the record was changed; keep its columns in step where they depend on this."""
        values: dict[str, Any] = {"b_record": record_id, "b_at": now, "b_us": micros(now)}
        source = {name: mine[name] for name in typing.column_names if name in mine}
        if not typing.column_names or source == typing.filed:
            _TOUCH.run(driver_of(session), values)
            return
        found = columns(typing.form, mine, now)
        event = found.event_at
        values.update(
            b_subject=found.subject_id,
            b_event=event,
            b_event_us=micros(event or now),
            b_place=found.place,
        )
        _PROMOTE.run(driver_of(session), values)
        typing.filed = deepcopy(source)

    def _name_staff(
        self, session: Session, record_id: str, typing: _Typing, mine: Mapping[str, Any]
    ) -> None:
        """Remember which staff the record names: they may read it and add their own account."""
        staff = frozenset(one for one in people_in(dict(mine)) if one.startswith("staff:"))
        if staff == typing.staff:
            return
        typing.staff = staff
        loaded = self._load(session, record_id)
        everybody = staff_named(loaded)
        if everybody == loaded.involved:
            return
        session.execute(delete(Involved).where(Involved.record_id == record_id))
        for one in sorted(everybody):
            session.execute(insert(Involved).values(record_id=record_id, staff_id=one))

    # --- changing hands ------------------------------------------------------------------------

    def set_reported_by(self, record_id: str, staff_id: str) -> None:
        """Say whose account it is. By who may edit the report."""
        with self._context.store.write() as session:
            loaded = self._load(session, record_id)
            rights = Rights(self._context, loaded)
            rights.require_sight()
            if rights.is_frozen(REPORT):
                raise AlreadySigned
            if not rights.may_edit(REPORT):
                raise Denied(Action.RECORD_EDIT.value)
            if session.get(Staff, bare(staff_id)) is None:
                raise KeyError(staff_id)
            loaded.row.reported_by = staff_id
            self._context.note(
                session, "record.reported_by", f"record:{record_id}", reason="changed"
            )

    def hand_over(self, record_id: str, to_user_id: str, reason: str) -> None:
        """Give a draft to a colleague, who goes on as its author. Raises ReasonNeeded."""
        reason = require_reason(reason)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            loaded = self._load(session, record_id)
            rights = Rights(self._context, loaded)
            rights.require_hand_over()
            row = loaded.row
            if row.state != "draft":
                raise AlreadySigned
            account = session.get_one(Account, to_user_id)
            can = may(account.role, Action.RECORD_EDIT, own=True, part=REPORT, form=rights.form)
            if not account.active or not can:
                raise HandOverRefused
            former = session.get_one(Account, row.owner_user)
            if row.reported_by == f"staff:{former.staff_id}":
                row.reported_by = f"staff:{account.staff_id}"
            session.add(
                Handover(
                    id=str(uuid.uuid4()),
                    record_id=record_id,
                    from_user=row.owner_user,
                    to_user=to_user_id,
                    by_user=self._context.actor.user_id,
                    reason=reason,
                    at=now,
                )
            )
            row.owner_user = to_user_id
            loaded.drafts[REPORT].owner_user = to_user_id
            self._context.note(session, "record.hand_over", f"record:{record_id}")

    def add_statement(self, record_id: str) -> str:
        """Begin one's own statement; returns its part key, also when it is begun already."""
        key = statement_key(self._context.actor.staff_id)
        with self._context.store.write() as session:
            loaded = self._load(session, record_id)
            rights = Rights(self._context, loaded)
            rights.require_statement()
            if key not in loaded.part_keys():
                session.add(self._empty(record_id, key, self._context.clock.now()))
                self._context.note(session, "statement.start", f"record:{record_id}")
        return key

    # --- for the parts beside this one -----------------------------------------------------------

    def forget(self, record_id: str, key: str) -> None:
        """What was remembered of a part being typed does not hold any more."""
        self._open.pop((record_id, key), None)

    def empty(self, record_id: str, key: str) -> DraftPart:
        """A draft of a part, nothing in it yet."""
        return self._empty(record_id, key, self._context.clock.now())

    def _load(self, session: Session, record_id: str) -> Loaded:
        return load(session, self._shelf, record_id, self._context.actor.user_id)


def staff_named(loaded: Loaded) -> set[str]:
    """Every staff member whom a draft or any signed version names: they were there."""
    signed = [one.answers for versions in loaded.versions.values() for one in versions]
    typed = [json.loads(one.answers) for one in (*loaded.drafts.values(), *loaded.others)]
    return {one for one in people_in([*signed, *typed]) if one.startswith("staff:")}


def looked_at(loaded: Loaded, key: str) -> str:
    """Which versions lie before whoever begins this part now (JSON): of the report, of the part."""
    newest = {"report": REPORT, "part": key}
    return json.dumps(
        {
            name: loaded.frozen[one].row.id if one in loaded.frozen else ""
            for name, one in newest.items()
        }
    )


@dataclass(slots=True)
class _Typing:
    """What is known of a part while it is typed into.

    `own_names`: the names of its answers; `column_names`, `fact_names`: those that the record's
    columns and its deadlines follow from, and `filed`, `facts`: the answers that those were last
    written from (None: not known, somebody may have written them earlier).
    """

    form: Form
    stamp: tuple[Any, ...]
    own_names: frozenset[str]
    column_names: frozenset[str]
    fact_names: frozenset[str]
    filed: dict[str, Any] | None = None
    facts: dict[str, Any] | None = None
    staff: frozenset[str] | None = None

    def moves_deadlines(self, mine: Mapping[str, Any]) -> bool:
        """Whether an answer that a deadline follows from differs from the last time."""
        source = {name: mine[name] for name in self.fact_names if name in mine}
        if not self.fact_names or source == self.facts:
            return False
        self.facts = deepcopy(source)  # the window goes on changing its lists
        return True


def require_reason(reason: str) -> str:
    """The reason, trimmed. Raises ReasonNeeded for one that tells nothing."""
    trimmed = reason.strip()
    if len(trimmed) < LEAST_REASON:
        raise ReasonNeeded(LEAST_REASON)
    return trimmed


__all__ = ["Drafts", "looked_at", "require_reason"]
