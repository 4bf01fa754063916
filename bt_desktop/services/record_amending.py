"""Signed parts opened again, and what must hold before a later version is signed.

A signed version is never changed: whatever is typed here becomes a version of its own, with its
kind, its reason and its signature (security design §3.4; decision 10).
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.records import DraftPart, Record, Revision
from bt_desktop.models.types import micros
from bt_desktop.paper import words
from bt_desktop.security.permissions import Action
from bt_desktop.services import record_deeds as deeds
from bt_desktop.services import record_standing as standing
from bt_desktop.services.canonical import digest_of
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.problems import (
    AlreadySigned,
    AmendedMeanwhile,
    AnotherRecord,
    BeingAmended,
    MomentNeeded,
    NoSuchRecord,
    NotYoursToAmend,
    OnlyAdds,
    SignedMeanwhile,
)
from bt_desktop.services.record_columns import columns
from bt_desktop.services.record_drafts import Drafts, looked_at, require_reason
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_parts import PERSONAL, REPORT, REVIEW, part_of
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.revision_diff import diff, only_adds

_DECIDED = {"returned": "returned to its author", "countersigned": "reviewed and countersigned"}


class Amending:
    """Begins, changes and throws away what is typed into signed parts, and reviews."""

    def __init__(self, context: Context, shelf: FormShelf, drafts: Drafts) -> None:
        self._context = context
        self._shelf = shelf
        self._drafts = drafts

    # --- reviews, follow-ups, debriefs -----------------------------------------------------------

    def begin(self, record_id: str, key: str) -> None:
        """Begin one's own review (follow-up, debrief), so that it is known what one looked at.

        Does nothing where it is begun already. Raises Denied, AlreadySigned, NotYoursToSign.
        """
        if key not in PERSONAL:
            raise ValueError(key)
        with self._context.store.write() as session:
            loaded, rights = self._load(session, record_id)
            if key in loaded.drafts:
                return
            again = key == REVIEW and standing.needs_review(loaded)
            if not again and not rights.may_edit(key):
                raise AlreadySigned if rights.is_frozen(key) else Denied(Action.RECORD_EDIT.value)
            if again:
                rights.require(Action.RECORD_EDIT, REVIEW)
            draft = self._drafts.empty(record_id, key)
            draft.base = looked_at(loaded, key)
            if key == REVIEW:
                draft.answers = json.dumps({"reviewer": self._context.actor.staff_id})
            session.add(draft)
            self._context.note(session, "part.begin", f"record:{record_id}", reason=key)
        self._drafts.forget(record_id, key)

    def look_again(self, record_id: str, key: str) -> None:
        """Say that one has looked at what was signed since one's own draft was begun."""
        with self._context.store.write() as session:
            loaded, _ = self._load(session, record_id)
            draft = loaded.drafts.get(key)
            if key not in PERSONAL or draft is None or draft.amends is not None:
                raise NoSuchRecord
            open_again = not loaded.stands(key) or standing.needs_review(loaded)
            now = json.loads(looked_at(loaded, key))
            before = json.loads(draft.base or "{}")
            if not open_again:  # the part itself stays as the other signed it
                now["part"] = before.get("part", "")
            draft.base = json.dumps(now)
            self._context.note(session, "part.look_again", f"record:{record_id}", reason=key)

    # --- amendments ------------------------------------------------------------------------------

    def amend(
        self, record_id: str, key: str, kind: str, reason: str, happened_at: datetime | None = None
    ) -> None:
        """Open a signed part again. Raises ReasonNeeded, MomentNeeded, BeingAmended, Denied."""
        self._context.require_password()
        reason = require_reason(reason)
        if kind not in standing.KINDS:
            raise ValueError(kind)
        with self._context.store.write() as session:
            loaded, rights = self._load(session, record_id)
            if key not in loaded.frozen:
                raise NoSuchRecord
            if key in loaded.drafts:
                raise BeingAmended
            self._require_right(rights, key, kind)
            draft = self._drafts.empty(record_id, key)
            draft.answers = json.dumps(loaded.frozen[key].whole, ensure_ascii=False)
            draft.amends = loaded.frozen[key].row.id
            self._say_why(draft, kind, reason, happened_at)
            session.add(draft)
            self._context.note(session, "record.amend", f"record:{record_id}", reason=kind)
        self._drafts.forget(record_id, key)

    def _require_right(self, rights: Rights, key: str, kind: str) -> None:
        if not rights.may(Action.RECORD_AMEND):
            raise Denied(Action.RECORD_AMEND.value)
        why_not = deeds.why_not_amend(rights, key, kind)
        if why_not:
            raise NotYoursToAmend(why_not)

    def change_kind(
        self, record_id: str, key: str, kind: str, reason: str, happened_at: datetime | None = None
    ) -> None:
        """Make an open amendment one of another kind; what is typed stays."""
        reason = require_reason(reason)
        if kind not in standing.KINDS:
            raise ValueError(kind)
        with self._context.store.write() as session:
            loaded, rights = self._load(session, record_id)
            draft = loaded.drafts.get(key)
            if draft is None or draft.amends is None:
                raise NoSuchRecord
            why_not = deeds.why_not_sign_amendment(rights, key)
            if why_not:
                raise NotYoursToAmend(why_not)
            self._say_why(draft, kind, reason, happened_at)
            self._context.note(session, "record.amend", f"record:{record_id}", reason=kind)
        self._drafts.forget(record_id, key)

    def _say_why(
        self, draft: DraftPart, kind: str, reason: str, happened_at: datetime | None
    ) -> None:
        late = kind == "late_entry"
        if late and (happened_at is None or happened_at > self._context.clock.now()):
            raise MomentNeeded
        draft.amend_kind, draft.amend_reason = kind, reason
        draft.amend_at = happened_at if late else None

    def discard(self, record_id: str, key: str) -> None:
        """Throw away what is typed and not signed; the trail keeps its digest. Raises Denied."""
        with self._context.store.write() as session:
            loaded, rights = self._load(session, record_id)
            draft = loaded.drafts.get(key)
            if draft is None:
                raise NoSuchRecord
            if not deeds.may_discard(rights, key):
                raise Denied(Action.RECORD_EDIT.value)
            session.delete(draft)
            self._context.note(
                session,
                "draft.discard",
                f"record:{record_id}",
                digest=digest_of(json.loads(draft.answers)),
                reason=draft.amend_kind or part_of(key),
            )
        self._drafts.forget(record_id, key)

    def write_anew(self, record_id: str) -> str:
        """A new record of the same event that begins with this one's answers, amended or not.

        For a record that is filed under the wrong student or moment: this one is then marked as
        entered in error. Returns the new record's id. Raises Denied, NoSuchRecord.
        """
        context, now = self._context, self._context.clock.now()
        with context.store.write() as session:
            loaded, rights = self._load(session, record_id)
            context.require(Action.RECORD_START, form=loaded.row.form)
            if loaded.report is None or not (deeds.wrote_it(rights) or rights.is_author):
                raise Denied(Action.RECORD_START.value)
            answers = loaded.part_answers(REPORT)
            found = columns(loaded.form, answers, now)
            old = loaded.row
            row = Record(
                id=str(uuid.uuid4()),
                event_id=old.event_id,
                form=old.form,
                record_class=old.record_class,
                form_digest=old.form_digest,
                state=standing.DRAFT,
                subject_id=found.subject_id,
                event_at=found.event_at,
                event_us=micros(found.event_at or now),
                place=found.place,
                owner_user=context.actor.user_id,
                reported_by=old.reported_by,
                entered_by=context.actor.user_id,
                made_at=now,
                updated_at=now,
                updated_us=micros(now),
            )
            session.add(row)
            session.flush()
            draft = self._drafts.empty(row.id, REPORT)
            draft.answers = json.dumps(answers, ensure_ascii=False)
            session.add(draft)
            context.note(session, "record.start", f"record:{row.id}", reason="written_anew")
        return row.id

    def _load(self, session: Session, record_id: str) -> tuple[Loaded, Rights]:
        loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
        rights = Rights(self._context, loaded)
        rights.require_sight()
        return loaded, rights


# --- before a later version is signed ------------------------------------------------------------


def require_current(loaded: Loaded, key: str) -> None:
    """Raise where others signed something since this part was begun or opened.

    The first signature wins: SignedMeanwhile for the part, AmendedMeanwhile for the report that
    a review, follow-up or debrief is about. What is typed stays.
    """
    draft = loaded.drafts.get(key)
    newest = loaded.frozen.get(key)
    if draft is None:
        return
    if draft.amends is not None:
        if newest is not None and newest.row.id != draft.amends:
            raise _signed_meanwhile(newest.row, newest.answers, key)
        return
    if not draft.base:
        return
    seen = json.loads(draft.base)
    if newest is not None and newest.row.id != seen["part"]:
        raise _signed_meanwhile(newest.row, newest.answers, key)
    report = loaded.report
    if report is not None and seen["report"] not in ("", report.row.id):
        raise AmendedMeanwhile(report.row.id, words.moment(report.row.signed_at))


def _signed_meanwhile(row: Revision, answers: dict[str, Any], key: str) -> SignedMeanwhile:
    decided = _DECIDED[standing.outcome(answers)] if key == REVIEW else "signed"
    return SignedMeanwhile(row.id, words.moment(row.signed_at), decided)


def require_same_record(loaded: Loaded, final: dict[str, Any], now: datetime) -> None:
    """Raise AnotherRecord where a later version of the report names another subject or moment.

    Number, copies, calls to parents and deadlines hang on both. A time that was not known before
    may be given; one that was given is not changed.
    """
    if loaded.report is None:
        return
    form, former = loaded.form, loaded.report.answers
    if columns(form, final, now).subject_id != columns(form, former, now).subject_id:
        raise AnotherRecord("whom it is about")
    for name in filter(None, (form.event_date, form.event_time)):
        given = former.get(name)
        if isinstance(given, str) and final.get(name) != given:
            raise AnotherRecord("when it happened")


def require_addition(loaded: Loaded, key: str, final: dict[str, Any]) -> None:
    """Raise OnlyAdds where an addendum changes or takes back what was signed."""
    fields = loaded.form.fields().values()
    computed = frozenset(one.name for one in fields if not one.is_input)
    taken = only_adds(diff(loaded.frozen[key].answers, final), computed)
    if taken:
        raise OnlyAdds(taken)
