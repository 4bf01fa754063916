"""A part signed: checked, frozen, numbered, digested, signed and chained, all at once.

Everything happens in one transaction: a kill anywhere leaves the draft as it was, or the signed
revision with its number and its entry in the audit trail.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.records import Attachment, Record, Revision
from bt_desktop.models.types import micros
from bt_desktop.security import vault
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keys import key_id
from bt_desktop.security.permissions import Action
from bt_desktop.security.signing import sign_digest
from bt_desktop.services import record_standing as standing
from bt_desktop.services.attachments import SIGNED_PAPER
from bt_desktop.services.canonical import digest_of, exact
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.event_group import event_has
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.person_names import people_in
from bt_desktop.services.problems import AlreadySigned, NotYoursToSign, Unfinished
from bt_desktop.services.record_amending import (
    require_addition,
    require_current,
    require_same_record,
)
from bt_desktop.services.record_check import blocking, session_of
from bt_desktop.services.record_columns import columns
from bt_desktop.services.record_effects import follow, hindrances
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_parts import REASONS, REPORT, REVIEW, STATEMENT, part_of
from bt_desktop.services.record_people import frozen_people
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_waiting import settle
from bt_desktop.services.results.records import Ink, Signed

BODY_VERSION = 1
_MEANINGS = {
    "report": "Author of this report",
    "statement": "Author of this statement",
    "nurse": "Examined the student",
    "override": "Allowed the return to class",
    "review": "Reviewed",
    "follow_up": "Decided the follow-up",
    "debrief": "Held the debriefing",
}
_AMENDED = {
    "addendum": "Addendum",
    "correction": "Correction",
    "late_entry": "Late entry",
    "entered_in_error": "Entered in error",
}
_REVIEWED = {"returned": "Returned to its author", "countersigned": "Reviewed and countersigned"}
PAPER_MEANING = "Entered from paper; the author's signature on paper is on file"


class Signing:
    """Signs parts of records."""

    def __init__(self, context: Context, shelf: FormShelf, keeper: Keeper) -> None:
        self._context = context
        self._shelf = shelf
        self._keeper = keeper

    def sign(self, record_id: str, key: str, password: str, ink: Ink) -> Signed:
        """Freeze a part. Slow (the password is checked): never on the window's thread.

        Raises Unfinished, NotYoursToSign, AlreadySigned, and for the password as `access.unlock`.
        """
        context = self._context
        with context.store.read() as session:  # told before the password is asked to be checked
            self._require_signable(session, self._load(session, record_id), key)
        signing = vault.check_password(
            context.folder, context.actor.user_id, password, context.clock
        )
        return self.sign_with(record_id, key, signing, ink)

    def sign_with(self, record_id: str, key: str, signing: Ed25519PrivateKey, ink: Ink) -> Signed:
        """Freeze a part with the key of the person signed in, whose password was checked."""
        with self._context.store.write() as session:
            loaded = self._load(session, record_id)
            form_session = self._require_signable(session, loaded, key)
            return self._freeze(session, loaded, key, form_session, signing, ink)

    def _load(self, session: Session, record_id: str) -> Loaded:
        return load(session, self._shelf, record_id, self._context.actor.user_id)

    def _require_signable(self, session: Session, loaded: Loaded, key: str) -> Any:
        rights = Rights(self._context, loaded, has_paper(session, loaded.row.id))
        rights.require_sight()
        if rights.is_frozen(key):
            raise AlreadySigned
        if not _is_part(loaded, key):
            raise Denied(Action.RECORD_SIGN.value)
        require_current(loaded, key)
        why_not = rights.why_not_sign(key)
        if why_not:
            raise NotYoursToSign(why_not)
        statement = key if part_of(key) == STATEMENT else None
        form_session = session_of(
            loaded.form,
            loaded.answers(statement),
            self._context.clock,
            event_has(session, loaded),
        )
        kind = _kind(loaded, key)
        if kind == standing.IN_ERROR:
            return form_session  # it says again what was signed, complete or not
        final = exact(form_session.final_answers(part_of(key))) if kind else {}
        if kind and key == REPORT:
            require_same_record(loaded, final, self._context.clock.now())
        issues = blocking(form_session, part_of(key))
        issues += hindrances(session, loaded, key, form_session)
        if issues:
            raise Unfinished(issues)
        if kind == "addendum":
            final.pop(REASONS, None)
            require_addition(loaded, key, final)
        return form_session

    def _freeze(
        self,
        session: Session,
        loaded: Loaded,
        key: str,
        form_session: Any,
        signing: Ed25519PrivateKey,
        ink: Ink,
    ) -> Signed:
        context, row, draft = self._context, loaded.row, loaded.drafts.get(key)
        now = context.clock.now()
        if key == REPORT and row.number is None:
            _number(session, row, loaded.form.prefix, now.year)
        picture = asdict(ink)
        body = canonical(self._body(session, loaded, key, form_session, picture, now))
        digest = hashlib.sha256(body).hexdigest()
        public = signing.public_key().public_bytes_raw()
        former = loaded.frozen.get(key)
        revision = Revision(
            id=str(uuid.uuid4()),
            record_id=row.id,
            part_key=key,
            count=former.row.count + 1 if former is not None else 1,
            body=body,
            digest=digest,
            signature=sign_digest(signing, bytes.fromhex(digest)),
            public_key=public,
            key_id=key_id(public),
            ink=picture,
            signer_user=context.actor.user_id,
            signed_at=now,
        )
        session.add(revision)
        answers = json.loads(body)["answers"]
        row.state = standing.state_after(loaded, key, answers, _kind(loaded, key))
        if draft is not None:
            session.delete(draft)
        follow(session, context, loaded, key, answers)
        if key == REPORT:
            row.place = columns(loaded.form, answers, now).place
        row.updated_at, row.updated_us = now, micros(now)
        session.flush()
        self._settle(session, row.id)
        entry = context.note(
            session,
            "record.sign",
            f"revision:{revision.id}",
            version=revision.count,
            digest=digest,
            reason=part_of(key),
        )
        signed = Signed(row.number, revision.id, entry.seq, now)
        self._keeper.refresh(session, row.id)
        return signed

    def _settle(self, session: Session, record_id: str) -> None:
        """What the record waits for from now on, in the same transaction."""
        loaded = self._load(session, record_id)
        settle(session, loaded, session_of(loaded.form, loaded.answers(), self._context.clock))

    def _body(
        self,
        session: Session,
        loaded: Loaded,
        key: str,
        form_session: Any,
        picture: Mapping[str, Any],
        now: datetime,
    ) -> dict[str, Any]:
        """What is signed. JSON without blanks that mean nothing."""
        row, actor = loaded.row, self._context.actor
        answers = exact(form_session.final_answers(part_of(key)))
        reasons = answers.pop(REASONS, {}) or form_reasons(loaded, key)
        if _kind(loaded, key) == standing.IN_ERROR:
            former = loaded.frozen[key].told
            answers, reasons = former["answers"], former["reasons"]
        # Of all parts only the report says whom and when it was about.
        subject_id = row.subject_id if key == REPORT else loaded.subject_id
        event_at = row.event_at if key == REPORT else loaded.event_at
        named = [subject_id, row.reported_by, actor.staff_id]
        ids = dict.fromkeys((*filter(None, named), *people_in(answers)))
        meaning = self._meaning(session, loaded, key, answers)
        body = {
            "v": BODY_VERSION,
            "record": row.id,
            "event": row.event_id,
            "number": row.number,
            "part": key,
            "revision": loaded.frozen[key].row.count + 1 if key in loaded.frozen else 1,
            "form": loaded.form.form,
            "form_version": str(loaded.form.version),
            "form_digest": row.form_digest,
            "pack": loaded.form.pack.pack if loaded.form.pack is not None else "",
            "answers": answers,
            "reasons": reasons,
            "people": frozen_people(session, ids, event_at.date() if event_at else None),
            "subject": subject_id,
            "event_at": event_at.isoformat() if event_at else None,
            "reported_by": row.reported_by,
            "entered_by": row.entered_by,
            "signer": {
                "user": actor.user_id,
                "staff": actor.staff_id,
                "name": actor.name,
                "title": actor.title,
                "role": actor.role.value,
            },
            "meaning": meaning,
            "ink": digest_of(picture),
            "signed_at": now.isoformat(),
        }
        body |= _about(loaded, key)
        return body

    def _meaning(
        self, session: Session, loaded: Loaded, key: str, answers: Mapping[str, Any]
    ) -> str:
        """What the signature stands for, in words."""
        kind = _kind(loaded, key)
        if kind == standing.IN_ERROR:
            return "Marked as entered in error"
        meaning = _MEANINGS[part_of(key)]
        if key == REVIEW:
            meaning = _REVIEWED[standing.outcome(answers)]
        rights = Rights(self._context, loaded, has_paper(session, loaded.row.id))
        if key == REPORT and rights.signs_for_paper:
            meaning = PAPER_MEANING
        return f"{_AMENDED[kind]} · {meaning}" if kind else meaning


def _kind(loaded: Loaded, key: str) -> str:
    """The kind of amendment that is signed; empty for a first version."""
    draft = loaded.drafts.get(key)
    return draft.amend_kind if draft is not None and draft.amends is not None else ""


def _about(loaded: Loaded, key: str) -> dict[str, Any]:
    """Which signed versions this one is about: what it amends and answers, what it looked at."""
    body: dict[str, Any] = {}
    draft, former, report = loaded.drafts.get(key), loaded.frozen.get(key), loaded.report
    if former is not None and draft is not None and draft.amends is not None:
        body["amends"] = {
            "revision": draft.amends,
            "digest": former.row.digest,
            "kind": draft.amend_kind,
            "reason": draft.amend_reason,
        }
        if draft.amend_at is not None:
            body["amends"]["happened_at"] = draft.amend_at.isoformat()
        if key == REPORT and loaded.row.state == standing.RETURNED:
            body["amends"]["answers"] = loaded.frozen[REVIEW].row.id
        if "saw" in former.told:
            body["saw"] = former.told["saw"]
    elif key != REPORT and report is not None:
        body["saw"] = {"revision": report.row.id, "digest": report.row.digest}
    return body


def _is_part(loaded: Loaded, key: str) -> bool:
    """Whether the record has this part: a statement has to be begun by its owner first."""
    if part_of(key) == STATEMENT:
        return key in loaded.part_keys()
    return key in _MEANINGS and key in loaded.form.parts()


def form_reasons(loaded: Loaded, key: str) -> dict[str, Any]:
    """The reasons given in the draft of a part, for warnings and for blanks."""
    reasons: dict[str, Any] = loaded.part_answers(key).get(REASONS, {})
    return reasons


def has_paper(session: Session, record_id: str) -> bool:
    """Whether the scan of a signed paper is attached."""
    found = session.scalar(
        select(Attachment.id)
        .where(Attachment.record_id == record_id, Attachment.purpose == SIGNED_PAPER)
        .limit(1)
    )
    return found is not None


def _number(session: Session, row: Record, prefix: str, year: int) -> None:
    """The next number of the year, without a gap: given in the transaction that signs."""
    last = session.scalar(
        select(func.max(Record.number_count)).where(
            Record.number_prefix == prefix, Record.number_year == year
        )
    )
    row.number_prefix, row.number_year, row.number_count = prefix, year, (last or 0) + 1
    row.number = f"{prefix}-{year}-{row.number_count:04d}"


__all__ = ["PAPER_MEANING", "Signing", "exact", "has_paper"]
