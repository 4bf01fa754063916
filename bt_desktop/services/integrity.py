"""Whether what is kept is what was signed: rows and trail compared, both ways.

The chain shows that nobody changed the trail. A row beside it (an old page put back, a change by
hand) shows only when every signed revision, every copy, notice, attachment and opening is held
against its own entry, and the columns beside a signed body against what was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.access import Opening
from bt_desktop.models.audit import AuditEntry, AuditKey
from bt_desktop.models.away import StudentAway
from bt_desktop.models.copies import Copy, CopyMark
from bt_desktop.models.health import EmergencyCard, HealthEntry, HealthFile, HealthGlass
from bt_desktop.models.records import (
    Attachment,
    DraftPart,
    EventLink,
    FormText,
    Notice,
    Record,
    Revision,
)
from bt_desktop.models.violence import ViolentIncident
from bt_desktop.security.audit import STEP
from bt_desktop.security.keys import key_id
from bt_desktop.security.signing import HEALTH, verify, verify_digest
from bt_desktop.services.account_check import AccountCheck
from bt_desktop.services.canonical import digest_of
from bt_desktop.services.health.away_rows import AWAY_ADDED, away_digest
from bt_desktop.services.health.box import ADDED, FILED, entry_bytes, file_digest
from bt_desktop.services.health.card_rows import KEPT, card_digest
from bt_desktop.services.health.glass_steps import STEPS, step_digest
from bt_desktop.services.health.month_check import MonthCheck
from bt_desktop.services.health.months import CLOSED
from bt_desktop.services.results.copies import REPRINTED, WAYS

_REPORT = "report"


class RecordAltered(KnownError):
    """A signed part is not what was signed: it must not be printed or sealed."""

    def __init__(self) -> None:
        super().__init__(
            "record-altered",
            "A signed part of this record is not what was signed.",
            "Do not delete anything. Tell an administrator, and look into the audit trail.",
        )


def _sha256(held: Any) -> str:
    """The SHA-256 (hex) of bytes; of anything else (a column changed by hand) of nothing."""
    return hashlib.sha256(held if isinstance(held, bytes) else b"").hexdigest()


def is_intact(row: Revision) -> bool:
    """Whether a revision is, byte for byte, what its signer signed, and stands where it belongs.

    What the columns beside the body say (which record, which part, who, when, the picture of the
    signature) must be what the body says: nothing else of a row is signed.
    """
    digest = _sha256(row.body)
    if digest != row.digest or not verify_digest(
        row.public_key, bytes.fromhex(digest), row.signature
    ):
        return False
    told = json.loads(row.body)
    beside = {
        "record": row.record_id,
        "part": row.part_key,
        "revision": row.count,
        "signed_at": row.signed_at.isoformat(),
        "ink": digest_of(row.ink),
    }
    return (
        all(told[name] == value for name, value in beside.items())
        and told["signer"]["user"] == row.signer_user
        and row.key_id == key_id(row.public_key)
    )


def is_headed(record: Record, report: Revision | None) -> bool:
    """Whether a record bears the number, event and form that its signed report says."""
    if report is None:
        return record.number is None
    told = json.loads(report.body)
    return bool(
        told["number"] == record.number
        and told["event"] == record.event_id
        and told["form_digest"] == record.form_digest
    )


def copy_terms(copy: Copy) -> str:
    """The SHA-256 (hex) of all that is kept of a copy beside its bytes: for whom, by whom, when,
    of which revisions, the text told to the parent, what was settled and what was overridden.

    What came with the second version of the store is told only where there is any: the digests of
    older copies stay what they were.
    """
    later = {"paper": copy.paper, "override": copy.override}
    return digest_of(
        {name: value for name, value in later.items() if value}
        | {
            "record": copy.record_id,
            "number": copy.number,
            "kind": copy.kind,
            "guardian": copy.guardian_id,
            "for_whom": copy.for_whom,
            "sealed": bool(copy.sealed),
            "sha256": copy.sha256,
            "record_digest": copy.record_digest,
            "revisions": copy.revisions,
            "text": copy.text,
            "settled": copy.settled,
            "file_name": copy.file_name,
            "by": copy.by_user,
            "made_at": copy.made_at.isoformat(),
        }
    )


def receipt_digest(mark: CopyMark) -> str:
    """The SHA-256 (hex) of what is kept about somebody's receiving a copy."""
    return digest_of(
        [mark.copy_id, mark.what, mark.detail, mark.by_user, mark.at.isoformat()],
    )


def notice_digest(notice: Notice) -> str:
    """The SHA-256 (hex) of a row of the log of notices: which record, what, by whom, when."""
    return digest_of(
        [notice.record_id, notice.count, notice.row, notice.by_user, notice.at.isoformat()]
    )


VIOLENCE_ADD = "violence.add"
"""The entry that a line was added: the year, how many it has now, and the digest of all."""


def violence_digest(session: Session, year: int) -> str:
    """The SHA-256 (hex) of all lines that the log of violent incidents has of a year.

    Of all together and in no order, so that no entry of the audit trail leads to one line.
    """
    rows = session.scalars(select(ViolentIncident).where(ViolentIncident.year == year))
    return digest_of(sorted(digest_of([r.year, r.count, r.row, r.at.isoformat()]) for r in rows))


def link_digest(link: EventLink) -> str:
    """The SHA-256 (hex) of two events joined or taken apart: which, how, why, by whom, when."""
    return digest_of(
        [link.event_id, link.other_id, link.deed, link.reason, link.by_user, link.at.isoformat()]
    )


OPENING = "opening.add"
"""The entry that announces the rows of one opening; its object is their batch."""


def openings_digest(rows: Iterable[Opening]) -> str:
    """The SHA-256 (hex) of the rows of one opening: who saw what of whom, when and for what."""
    told = sorted(
        [row.id, row.at.isoformat(), str(row.at_us), row.user_id, row.role, row.what,
         row.student_id or "", row.record_id or "", str(bool(row.own)), row.purpose, row.detail]
        for row in rows
    )  # fmt: skip
    return digest_of(told)


@dataclass(slots=True)
class _Holding:
    """Holds rows against entries; remembers which rows were announced, by action."""

    session: Session
    keys: dict[bytes, str]
    named: dict[str, tuple[bytes, str]]
    seen: dict[str, set[str]] = field(default_factory=dict)

    def fault(self, told: dict[str, Any]) -> str | None:
        """What is wrong with the row that an entry announced; None for other entries too."""
        if told["action"] == OPENING:
            return self._openings(told)
        if told["action"] in STEPS:
            return self._glass(told)
        known = _ANNOUNCED.get(told["action"])
        if known is None:
            return None
        kind, table, same = known
        bare = told["object"].partition(":")[2]
        self.seen.setdefault(told["action"], set()).add(bare)
        row = self.session.get(table, bare)
        if row is None:
            return f"{kind}-missing"
        fits = same(row, told) and _SIGNED.get(table, _nobody_signs)(self, row, told)
        self.session.expunge(row)  # the bytes of thousands of copies need not stay in memory
        return None if fits else f"{kind}-changed"

    def _openings(self, told: dict[str, Any]) -> str | None:
        batch = told["object"].partition(":")[2]
        self.seen.setdefault(OPENING, set()).add(batch)
        rows = self.session.scalars(select(Opening).where(Opening.batch == batch)).all()
        if not rows:
            return "opening-missing"
        by_them = {row.user_id for row in rows} == {told["user"]}
        fits = by_them and openings_digest(rows) == told["digest"]
        for row in rows:
            self.session.expunge(row)
        return None if fits else "opening-changed"

    def _glass(self, told: dict[str, Any]) -> str | None:
        glass_id, step = told["object"].partition(":")[2], STEPS[told["action"]]
        self.seen.setdefault(step, set()).add(glass_id)
        row = self.session.get(HealthGlass, (glass_id, step))
        if row is None:
            return "glass-missing"
        fits = step_digest(row) == told["digest"] and row.by_user == told["user"]
        return None if fits else "glass-changed"

    def by_signer(self, row: Revision, told: dict[str, Any]) -> bool:
        """Whether a revision was signed with a key of whom the entry names."""
        return bool(self.keys.get(row.public_key) == row.signer_user == told["user"])

    def by_writers(self, row: HealthEntry, told: dict[str, Any]) -> bool:
        """Whether an entry of the health office bears the signatures of those it names."""
        bytes_ = entry_bytes(row)
        signers = [(row.key_id, row.by_user, row.signature)]
        if row.second_user is not None:
            signers.append((row.second_key_id or "", row.second_user, row.second_signature or b""))
        people = {user for _, user, _ in signers}
        return len(people) == len(signers) and all(
            self.named.get(key, (b"", ""))[1] == user
            and verify(self.named[key][0], HEALTH, bytes_, signature)
            for key, user, signature in signers
        )

    def unannounced(self) -> str | None:
        """A kind of row of which one has no entry."""
        for action, (kind, table, _) in _ANNOUNCED.items():
            known = self.seen.get(action, set())
            wanted = select(table.id)
            if action in _MARKS:  # other marks say only that a copy was printed or saved
                wanted = wanted.where(CopyMark.what.in_(_MARKS[action]))
            if any(one not in known for one in self.session.scalars(wanted)):
                return f"{kind}-unannounced"
        steps = self.session.execute(select(HealthGlass.step, HealthGlass.glass_id))
        if any(one not in self.seen.get(step, set()) for step, one in steps):
            return "glass-unannounced"
        known = self.seen.get(OPENING, set())
        batches = self.session.scalars(select(Opening.batch).distinct())
        return "opening-unannounced" if any(one not in known for one in batches) else None


def _same_revision(row: Revision, told: dict[str, Any]) -> bool:
    return bool(is_intact(row) and row.digest == told["digest"] and row.count == told["object_ver"])


def _same_copy(row: Copy, told: dict[str, Any]) -> bool:
    return bool(
        _sha256(row.pdf) == told["digest"] == row.sha256 and row.number == told["object_ver"]
    )


def _same_terms(row: Copy, told: dict[str, Any]) -> bool:
    return bool(copy_terms(row) == told["digest"] and row.by_user == told["user"])


def _same_notice(row: Notice, told: dict[str, Any]) -> bool:
    return bool(notice_digest(row) == told["digest"] and row.by_user == told["user"])


def _same_receipt(row: CopyMark, told: dict[str, Any]) -> bool:
    return bool(receipt_digest(row) == told["digest"] and row.by_user == told["user"])


def _same_attachment(row: Attachment, told: dict[str, Any]) -> bool:
    return bool(_sha256(row.data) == told["digest"] == row.sha256 and row.by_user == told["user"])


def _same_link(row: EventLink, told: dict[str, Any]) -> bool:
    return bool(link_digest(row) == told["digest"] and row.by_user == told["user"])


def _same_entry(row: HealthEntry, told: dict[str, Any]) -> bool:
    return bool(_sha256(entry_bytes(row)) == told["digest"] and row.by_user == told["user"])


def _same_file(row: HealthFile, told: dict[str, Any]) -> bool:
    return bool(file_digest(row) == told["digest"] and row.by_user == told["user"])


def _same_away(row: StudentAway, told: dict[str, Any]) -> bool:
    return bool(away_digest(row) == told["digest"] and row.by_user == told["user"])


def _nobody_signs(holding: _Holding, row: Any, told: dict[str, Any]) -> bool:
    return True


_SIGNED: dict[Any, Callable[[_Holding, Any, dict[str, Any]], bool]] = {
    Revision: _Holding.by_signer,
    HealthEntry: _Holding.by_writers,
}
"""Which rows bear signatures of their own, and whether these are of whom the entry names."""

_ANNOUNCED: dict[str, tuple[str, Any, Callable[[Any, dict[str, Any]], bool]]] = {
    "record.sign": ("revision", Revision, _same_revision),
    "copy.make": ("copy", Copy, _same_copy),
    "copy.terms": ("copy", Copy, _same_terms),
    "notice.add": ("notice", Notice, _same_notice),
    "copy.receipt": ("receipt", CopyMark, _same_receipt),
    "copy.again": ("reprint", CopyMark, _same_receipt),
    "attachment.add": ("attachment", Attachment, _same_attachment),
    "event.link": ("event-link", EventLink, _same_link),
    ADDED: ("health", HealthEntry, _same_entry),
    FILED: ("health-file", HealthFile, _same_file),
    AWAY_ADDED: ("away", StudentAway, _same_away),
}
"""Which entries announce a row: what kind it is, its table, and whether it is what was told."""

_MARKS: dict[str, tuple[str, ...]] = {"copy.receipt": WAYS, "copy.again": (REPRINTED,)}
"""Which marks of copies an entry announces."""


def first_fault(
    session: Session, step: Callable[[int], object] | None = None
) -> tuple[int, str] | None:
    """The first entry whose row is not as it says, with a code; None if all fit. `step` is told of
    so many more entries (`audit.STEP`), and may raise to stop.

    Codes: revision, copy, receipt, reprint, notice, attachment, opening, health, health-file,
    glass, away, card, account, month or violence (a year), each with -changed, -missing, or (number
    0, for a row without an entry) -unannounced; record-changed and form-changed (number 0) for a
    record whose number, event, form or student is not what its report was signed with.
    """
    known = session.scalars(select(AuditKey)).all()
    keys = {key.public: key.user_id for key in known}
    named = {key.key_id: (key.public, key.user_id) for key in known}
    holding = _Holding(session, keys, named)
    years: dict[int, dict[str, Any]] = {}
    cards: dict[str, dict[str, Any]] = {}
    months, accounts = MonthCheck(session), AccountCheck(session)
    for number, told in enumerate(_entries(session), 1):
        if step is not None and not number % STEP:
            step(STEP)
        code = holding.fault(told)
        if code is not None:
            return told["seq"], code
        accounts.hear(told)
        if told["action"] == VIOLENCE_ADD:
            years[told["counts"]["year"]] = told
        elif told["action"] == KEPT:
            cards[told["object"]] = told
        elif told["action"] == CLOSED:
            months.told.append(told)
    for year, told in years.items():
        if violence_digest(session, year) != told["digest"]:
            return told["seq"], "violence-changed"
    fault = _card_fault(session, cards) or months.fault() or accounts.fault()
    if fault is not None:
        return fault
    code = holding.unannounced() or _violence_unannounced(session, years) or _heading_fault(session)
    return None if code is None else (0, code)


def _card_fault(session: Session, cards: dict[str, dict[str, Any]]) -> tuple[int, str] | None:
    """The first emergency card that is not as a nurse confirmed it last."""
    rows = {row.student_id: row for row in session.scalars(select(EmergencyCard))}
    for student, told in cards.items():
        row = rows.pop(student, None)
        if row is None:
            return told["seq"], "card-missing"
        if card_digest(row) != told["digest"] or row.by_user != told["user"]:
            return told["seq"], "card-changed"
    return (0, "card-unannounced") if rows else None


def _violence_unannounced(session: Session, years: Collection[int]) -> str | None:
    """A line of a year for which no line was ever added."""
    found = session.scalars(select(ViolentIncident.year).distinct())
    return "violence-unannounced" if any(year not in years for year in found) else None


def _entries(session: Session) -> Iterator[dict[str, Any]]:
    """The entries about rows that are kept for good, oldest first."""
    wanted = select(AuditEntry.body).order_by(AuditEntry.seq)
    for body in session.scalars(wanted.execution_options(yield_per=500)):
        yield json.loads(body)


def _heading_fault(session: Session) -> str | None:
    """Whether every record bears what its newest report says, and every form is itself."""
    for form in session.scalars(select(FormText)):
        if _sha256(form.text.encode("utf-8")) != form.digest:
            return "form-changed"
    reports = select(Revision).where(Revision.part_key == _REPORT).order_by(Revision.count)
    newest = {row.record_id: row for row in session.scalars(reports)}
    amended = set(session.scalars(select(DraftPart.record_id).where(DraftPart.part_key == _REPORT)))
    for record in session.scalars(select(Record)):
        report = newest.get(record.id)
        if not is_headed(record, report):
            return "record-changed"
        if report is None or record.id in amended:
            continue
        if json.loads(report.body)["subject"] != record.subject_id:
            return "record-changed"
    return None
