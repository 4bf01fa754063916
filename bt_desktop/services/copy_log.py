"""What became of copies: the log, the very bytes again, and who received which copy how."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy, CopyMark
from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.gates import REASON_AT_LEAST, released
from bt_desktop.services.integrity import receipt_digest
from bt_desktop.services.openings import NO_PURPOSE, Openings
from bt_desktop.services.people_rows import bare
from bt_desktop.services.problems import CopyRefused, NoSuchRecord, ReasonNeeded
from bt_desktop.services.recipients import recipients_of
from bt_desktop.services.record_load import holders
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.records import RecordService
from bt_desktop.services.results.access import Purpose, What
from bt_desktop.services.results.copies import (
    AGAIN,
    REPRINTED,
    WAYS,
    Again,
    CopyLogRow,
    PrintedCopy,
    Receipt,
)

_REPRINT = {
    "school": Action.SCHOOL_COPY,
    "parent": Action.PARENT_COPY_PRINT,
    "notice": Action.PARENT_COPY_PRINT,
    "draft": Action.DRAFT_PRINT,
    "draft_parent": Action.DRAFT_PRINT,
    "draft_notice": Action.DRAFT_PRINT,
    "osha_301": Action.SCHOOL_COPY,
}
_TO_PARENTS = ("parent", "notice")
_LONGEST = 200
_LEAVES: dict[str, What] = {"printed": "print", "saved": "save"}
"""What becomes of a copy that takes it out of the program, as an opening says it."""
BECAME = ("previewed", "printed", "saved")


class CopyLog:
    """Reads and adds to the log of copies."""

    def __init__(self, context: Context, records: RecordService, openings: Openings) -> None:
        self._context = context
        self._records = records
        self._openings = openings

    def log(self, record_id: str) -> tuple[CopyLogRow, ...]:
        """The copies of a record, newest first."""
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            Rights(self._context, loaded).require(Action.COPY_LOG_READ)
            rows = session.scalars(
                select(Copy).where(Copy.record_id == record_id).order_by(Copy.number.desc())
            ).all()
            names = holders(session)
            marks = _marks(session, [row.id for row in rows])
            return tuple(
                _row(row, names[row.by_user].name if row.by_user in names else "", marks)
                for row in rows
            )

    def pdf(self, copy_id: str, reason: str = "") -> PrintedCopy:
        """The very bytes of a copy made earlier; an audited deed.

        A copy for a parent passes the gates again: what has been noted since stops it too. Raises
        CopyRefused; `reason` is an administrator's for releasing it all the same.
        """
        with self._context.store.write() as session:
            return self._again(session, copy_id, reason)

    def print_again(self, copy_id: str, why: Again, words: str = "") -> PrintedCopy:
        """The very bytes once more, for a reason that stays with the copy.

        `why` is a code, `words` what was written to it; they stand in the log of copies, in the
        access log of the student and, by their digest, in the audit trail. Raises ReasonNeeded for
        another reason without words; else as `pdf`, where `words` are an administrator's reason
        for a person whom a flag stops by now.
        """
        if why not in AGAIN:
            raise ValueError(why)
        words = " ".join(words.split())
        if why == "other" and len(words) < REASON_AT_LEAST:
            raise ReasonNeeded(REASON_AT_LEAST)
        with self._context.store.write() as session:
            made = self._again(session, copy_id, words, why)
            mark = self._add(session, copy_id, REPRINTED, {"why": why, "words": words})
            session.flush()
            entry = f"copy_mark:{mark.id}"
            digest = receipt_digest(mark)
            self._context.note(session, "copy.again", entry, digest=digest, reason=why)
            return made

    def _again(
        self, session: Session, copy_id: str, reason: str, why: Again | None = None
    ) -> PrintedCopy:
        context, what = self._context, f"copy:{copy_id}"
        row, rights = self._copy(session, copy_id)
        override = self._gate(session, row, rights, reason)
        if override is not None:
            mark = self._add(session, copy_id, "override", override)
            session.flush()
            codes = " ".join(override["stops"])
            context.note(session, "copy.override", what, digest=receipt_digest(mark), reason=codes)
        self.seen(session, "copy", row)
        context.note(session, "copy.reprint", what, digest=row.sha256, reason=why)
        return PrintedCopy(
            row.id, row.number, bytes(row.pdf), row.sealed, row.sha256, row.file_name
        )

    def _gate(
        self, session: Session, row: Copy, rights: Rights, reason: str
    ) -> dict[str, Any] | None:
        """What is to be kept of an override; None for a copy that nothing stops."""
        student = session.get(Student, bare(rights.loaded.subject_id or ""))
        if row.kind not in _TO_PARENTS or student is None:
            return None
        today = self._context.clock.now().date()
        decides = rights.may(Action.PARENT_COPY_OVERRIDE)
        for one in recipients_of(session, student, today, tell_alert=decides):
            own = one.id == f"guardian:{row.guardian_id}" if row.guardian_id else one.id[:1] == "s"
            if own:
                return released(one, rights, reason)
        raise CopyRefused(
            "recipient-unknown",
            "The person this copy was made for is no longer entered for this student.",
            "Make a new copy for somebody who is.",
        )

    def mark(self, copy_id: str, what: Literal["previewed", "printed", "saved"]) -> None:
        """Write down what became of a copy."""
        if what not in BECAME:
            raise ValueError(what)
        with self._context.store.write() as session:
            row, _ = self._copy(session, copy_id)
            self._add(session, copy_id, what)
            if what in _LEAVES:
                self.seen(session, _LEAVES[what], row)
            self._context.note(session, f"copy.{what}", f"copy:{copy_id}", digest=row.sha256)

    def receive(self, copy_id: str, receipt: Receipt) -> None:
        """Write down that a copy got to somebody. Raises CopyRefused for a draft, a moment that
        has not come yet, or where nobody is named."""
        if receipt.how not in WAYS:
            raise ValueError(receipt.how)
        with self._context.store.write() as session:
            row, _ = self._copy(session, copy_id)
            _check(receipt, row, self._context.clock.now())
            detail = {
                "to": " ".join(receipt.to.split()),
                "relation": " ".join(receipt.relation.split()),
                "at": receipt.at.isoformat(),
                "signed": receipt.signed,
            }
            mark = self._add(session, copy_id, receipt.how, detail)
            session.flush()
            self._context.note(
                session,
                "copy.receipt",
                f"copy_mark:{mark.id}",
                digest=receipt_digest(mark),
                reason=receipt.how,
            )

    def seen(self, session: Session, what: What, row: Copy) -> None:
        """Who makes a copy sees the record; one for a parent says itself what it is for."""
        loaded = self._records.loaded(session, row.record_id)
        told = row.kind.endswith(("parent", "notice"))
        purpose = Purpose("parent") if told else NO_PURPOSE
        self._openings.note(session, what, loaded, Rights(self._context, loaded), purpose)

    def _add(
        self, session: Session, copy_id: str, what: str, detail: dict[str, Any] | None = None
    ) -> CopyMark:
        mark = CopyMark(
            id=str(uuid.uuid4()),
            copy_id=copy_id,
            what=what,
            detail=detail,
            by_user=self._context.actor.user_id,
            at=self._context.clock.now(),
        )
        session.add(mark)
        return mark

    def _copy(self, session: Session, copy_id: str) -> tuple[Copy, Rights]:
        """A copy that the person may handle. Raises NoSuchRecord, Denied."""
        row = session.get(Copy, copy_id)
        if row is None:
            raise NoSuchRecord
        rights = Rights(self._context, self._records.loaded(session, row.record_id))
        rights.require_sight()
        if not rights.may(_REPRINT[row.kind]):
            raise self._context.refusal(_REPRINT[row.kind])
        return row, rights


def _check(receipt: Receipt, copy: Copy, now: datetime) -> None:
    if not copy.sealed or copy.kind not in _TO_PARENTS:
        raise CopyRefused(
            "receipt-of-draft",
            "Only a sealed copy for a parent is handed over.",
            "Release the paper first, then say who received it.",
        )
    if not 0 < len(receipt.to.strip()) <= _LONGEST or len(receipt.relation) > _LONGEST:
        raise CopyRefused(
            "receipt-nobody", "It is not said who received it.", "Write the person's name."
        )
    if receipt.at > now or receipt.at < copy.made_at:
        raise CopyRefused(
            "receipt-time",
            "It cannot be received before it was printed, or later than now.",
            "Correct the day or the time.",
        )


def _row(row: Copy, by: str, marks: dict[str, list[CopyMark]]) -> CopyLogRow:
    own = marks.get(row.id, [])
    return CopyLogRow(
        copy_id=row.id,
        number=row.number,
        kind=row.kind,  # type: ignore[arg-type]  # only our own kinds are written
        for_whom=row.for_whom,
        made_at=row.made_at,
        made_by=by,
        sealed=row.sealed,
        sha256=row.sha256,
        marks=tuple((one.what, one.at) for one in own),
        paper=row.paper,
        receipts=tuple(_receipt(one) for one in own if one.what in WAYS),
        reprints=tuple(
            (one.detail["why"], one.detail["words"], one.at) for one in own if one.what == REPRINTED
        ),
        override=row.override["reason"] if row.override else "",
    )


def _receipt(mark: CopyMark) -> Receipt:
    told = mark.detail or {}
    at = datetime.fromisoformat(told["at"])
    return Receipt(mark.what, told["to"], told["relation"], at, told["signed"])  # type: ignore[arg-type]  # only our own ways are written


def _marks(session: Session, copies: Sequence[str]) -> dict[str, list[CopyMark]]:
    found: dict[str, list[CopyMark]] = {}
    rows = session.scalars(
        select(CopyMark).where(CopyMark.copy_id.in_(copies)).order_by(CopyMark.at)
    )
    for row in rows:
        found.setdefault(row.copy_id, []).append(row)
    return found
