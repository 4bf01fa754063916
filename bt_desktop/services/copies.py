"""Copies on paper: made, sealed, kept, logged; a parent's copy waits until each name is settled.

A copy is built and sealed outside any transaction, then written down in one: a kill in between
leaves nothing behind, and what was written down is exactly what was handed out.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.copies import Copy, CopyMark
from bt_desktop.models.records import Record
from bt_desktop.paper.document import CopyMark as Mark
from bt_desktop.security import audit
from bt_desktop.security.permissions import STAFF_INJURY, Action
from bt_desktop.services import parent_text as texts
from bt_desktop.services.context import Context
from bt_desktop.services.copies_given import amended, given, replaced
from bt_desktop.services.copy_order import Order, built, file_name, payload
from bt_desktop.services.integrity import copy_terms
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare, guardians_of
from bt_desktop.services.privacy import NameFinding, ParentText
from bt_desktop.services.problems import CopyRefused, NoSuchRecord, UnsettledNames
from bt_desktop.services.record_document import letters_of
from bt_desktop.services.record_load import Loaded, holders
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.records import RecordService
from bt_desktop.services.results.copies import (
    Amended,
    CopyLogRow,
    GivenCopy,
    PrintedCopy,
    Settled,
)
from bt_desktop.services.results.people import Guardian
from bt_desktop.services.school_seal import current_seal, seal_pems

if TYPE_CHECKING:
    from bt_desktop.paper.verify import Verdict

_REPRINT = {
    "school": Action.SCHOOL_COPY,
    "parent": Action.PARENT_COPY_PRINT,
    "draft": Action.DRAFT_PRINT,
    "draft_parent": Action.DRAFT_PRINT,
    "osha_301": Action.SCHOOL_COPY,
}
_MOST_TRIES = 5
_IN_ERROR = "entered in error"


class CopyService:
    """Makes and keeps copies of records."""

    def __init__(self, context: Context, records: RecordService, people: PeopleService) -> None:
        self._context = context
        self._records = records
        self._people = people

    # --- the school's --------------------------------------------------------------------------

    def school_copy(
        self, record_id: str, attachments: Sequence[str] = (), *, both: bool = False
    ) -> PrintedCopy:
        """The whole record as far as it is signed, sealed; an unsigned one as a DRAFT.

        `attachments` are the ids of files kept with it that are to be printed along; `both` prints
        the earlier versions of what was amended, whole.
        """
        files = self._records.files_to_print(record_id, attachments)
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            if loaded.report is None:
                return self._made(replace(self._draft_order(session, loaded), files=files))
            self._rights(loaded).require(Action.SCHOOL_COPY)
            made = self._records.printable(session, loaded, signed_only=True, both=both)
            order = Order("school", record_id, made, letterhead(session), files=files)
        return self._made(order)

    def osha_301(self, record_id: str) -> PrintedCopy:
        """The paper equivalent to Cal/OSHA 301 of a signed staff injury report, sealed."""
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require(Action.SCHOOL_COPY)
            if loaded.form.form != STAFF_INJURY or loaded.report is None:
                raise CopyRefused(
                    "no-301",
                    "Only a signed staff injury report has this paper.",
                    "Sign the report first.",
                )
            made = self._records.printable(session, loaded, signed_only=True)
            order = Order("osha_301", record_id, made, letterhead(session))
        return self._made(order)

    def draft_print(self, record_id: str, attachments: Sequence[str] = ()) -> PrintedCopy:
        """The record as it stands, DRAFT across each page, not sealed."""
        files = self._records.files_to_print(record_id, attachments)
        with self._context.store.read() as session:
            order = self._draft_order(session, self._records.loaded(session, record_id))
        return self._made(replace(order, files=files))

    def _draft_order(self, session: Session, loaded: Loaded) -> Order:
        self._rights(loaded).require(Action.DRAFT_PRINT)
        made = self._records.printable(session, loaded)
        return Order("draft", loaded.row.id, made, letterhead(session))

    def empty_form(self, form: str = "restraint") -> PrintedCopy:
        """An empty paper form as a copy that is nobody's: no id, no number, not logged."""
        pdf = self.blank(form)
        digest = hashlib.sha256(pdf).hexdigest()
        return PrintedCopy("", 0, pdf, False, digest, f"{form}-empty-form.pdf")

    def blank(self, form: str = "restraint") -> bytes:
        """An empty paper form for when the power is out (PDF)."""
        self._context.require(Action.BLANK_PRINT, form=form)
        from bt_desktop.paper.blank import blank_form  # deferred: loads reportlab

        with self._context.store.read() as session:
            asked = self._records.shelf.today(session, form)
            head = letterhead(session)
        return blank_form(asked, head, self._context.clock.now())

    # --- the parent's --------------------------------------------------------------------------

    def recipients(self, record_id: str) -> tuple[Guardian, ...]:
        """The guardians of the subject; `allowed` and `why_not` say who may get a copy."""
        self._context.require(Action.GUARDIAN_READ)
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require_sight()
            subject = None if loaded.form.is_confidential else loaded.subject_id
            return guardians_of(session, bare(subject)) if subject else ()

    def begin_parent_text(self, record_id: str) -> ParentText:
        """What is told to the parent, begun from the narrative, tokens turned into letters."""
        index = self._people.names_of_families()
        with self._context.store.write() as session:
            loaded = self._for_parents(session, record_id)
            made = self._records.printable(session, loaded, signed_only=loaded.report is not None)
            letters = texts.give_letters(session, loaded, made)
            text = texts.begun_text(made, letters)
            net = texts.net(session, index, loaded.subject_id, letters)
        return texts.parent_text(text, net.find(text), letters)

    def findings(self, record_id: str, text: str) -> tuple[NameFinding, ...]:
        """Every word of the text that is or nearly is another student's name."""
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            loaded = self._for_parents(session, record_id)
            letters = letters_of(session, loaded.row.event_id)
            return texts.net(session, index, loaded.subject_id, letters).find(text)

    def _for_parents(self, session: Session, record_id: str) -> Loaded:
        """The record, for somebody who may write to its parents (an unsigned one: its draft)."""
        loaded = self._records.loaded(session, record_id)
        signed = loaded.report is not None
        self._rights(loaded).require_sight()
        refuse_confidential(loaded)
        self._rights(loaded).require(Action.PARENT_COPY_RELEASE if signed else Action.DRAFT_PRINT)
        return loaded

    def release_parent_copy(
        self, record_id: str, guardian_id: str, text: str, settled: Sequence[Settled]
    ) -> PrintedCopy:
        """The sealed parent copy for one guardian.

        Raises UnsettledNames while a finding is not settled, CopyRefused where the guardian may
        not have it, nothing is told, or the report is not signed.
        """
        with self._context.store.write() as session:
            index = self._people.names_of_families()  # now: nobody can be added until this is done
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require_sight()
            refuse_confidential(loaded)
            self._rights(loaded).require(Action.PARENT_COPY_RELEASE)
            _require_signed(loaded)
            guardian = _recipient(session, loaded, guardian_id)
            if not text.strip():
                raise CopyRefused(
                    "text-missing",
                    "Nothing is told to the parent yet.",
                    "Write what happened, without any other child's name.",
                )
            made = self._records.printable(session, loaded, signed_only=True)
            letters = texts.give_letters(session, loaded, made)
            net = _passed(texts.net(session, index, loaded.subject_id, letters), text, settled)
            session.flush()
            made = self._records.printable(session, loaded, signed_only=True)  # with the letters
            told, head, judge = self._told(settled), letterhead(session), net.names_a_child
            order = Order("parent", record_id, made, head, guardian, text, told, judge)
        return self._made(order)

    def _told(self, settled: Sequence[Settled]) -> tuple[dict[str, Any], ...]:
        """The decisions as they are kept with the copy: made by whoever releases it."""
        return tuple(asdict(one) | {"by": self._context.actor.staff_id} for one in settled)

    def draft_parent_print(
        self, record_id: str, text: str, settled: Sequence[Settled] = ()
    ) -> PrintedCopy:
        """The parent's copy as it would look, DRAFT across each page, not sealed.

        A draft is paper too: it waits for the same names as a release. Raises UnsettledNames.
        """
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            loaded = self._for_parents(session, record_id)
            made = self._records.printable(session, loaded, signed_only=loaded.report is not None)
            letters = letters_of(session, loaded.row.event_id)
            net = _passed(texts.net(session, index, loaded.subject_id, letters), text, settled)
            told, head, judge = self._told(settled), letterhead(session), net.names_a_child
            order = Order("draft_parent", record_id, made, head, None, text, told, judge)
        return self._made(order)

    # --- making --------------------------------------------------------------------------------

    def _made(self, order: Order) -> PrintedCopy:
        """Build, seal, then write down under the next number of the record."""
        for _ in range(_MOST_TRIES):
            with self._context.store.read() as session:
                number = _next_number(session, order.record_id)
                head = audit.head(session)
                seal = None if order.draft else seal_pems(session)
                former = self._replaced(session, order)
            mark = self._mark(order, number, head, seal.ca_cert if seal else b"", former)
            pdf = built(order, mark)
            if seal is not None:
                from bt_desktop.paper.seal import seal as sealed  # deferred: loads pyHanko

                pdf = sealed(pdf, seal.cert, seal.key, seal.ca_cert, mark.made_at)
            copy = self._written_down(order, mark, pdf)
            if copy is not None:
                return copy
        raise CopyRefused(
            "copies-crowded",
            "Several copies of this record are being made at once.",
            "Wait a moment, then print again.",
        )

    def _replaced(self, session: Session, order: Order) -> datetime | None:
        """When the copy was made that a parent's new one replaces."""
        if order.kind != "parent" or order.guardian is None:
            return None
        loaded = self._records.loaded(session, order.record_id)
        return replaced(session, loaded, bare(order.guardian.id))

    def _mark(
        self, order: Order, number: int, head: audit.Head, ca: bytes, former: datetime | None
    ) -> Mark:
        """What stands in the foot of the page and in the square code."""
        guardian = order.guardian
        code = ""
        if not order.draft and order.number is not None:
            code = payload(order.number, head, order.made.digest, ca)
        return Mark(
            kind="parent" if order.kind.endswith("parent") else "school",
            copy_number=number,
            made_at=self._context.clock.now(),
            made_by=self._context.actor.name,
            for_whom=guardian.name if guardian is not None else "",
            draft=order.draft,
            qr_payload=code,
            audit_seq=None if order.draft else head.seq,
            audit_head="" if order.draft else head.hash,
            replaces=former,
        )

    def _written_down(self, order: Order, mark: Mark, pdf: bytes) -> PrintedCopy | None:
        """Log the copy, bytes and all; None where another took its number meanwhile."""
        context = self._context
        sha256 = hashlib.sha256(pdf).hexdigest()
        copy_id = str(uuid.uuid4())
        name = file_name(order.kind, order.number, mark.copy_number)
        with context.store.write() as session:
            if _next_number(session, order.record_id) != mark.copy_number:
                return None
            row = Copy(
                id=copy_id,
                record_id=order.record_id,
                number=mark.copy_number,
                kind=order.kind,
                guardian_id=bare(order.guardian.id) if order.guardian else None,
                for_whom=mark.for_whom,
                sealed=not order.draft,
                sha256=sha256,
                record_digest=order.made.digest,
                revisions=list(order.made.revisions),
                text=order.text,
                settled=list(order.settled),
                pdf=pdf,
                file_name=name,
                by_user=context.actor.user_id,
                made_at=mark.made_at,
            )
            session.add(row)
            session.flush()
            context.note(
                session,
                "copy.make",
                f"copy:{copy_id}",
                version=mark.copy_number,
                digest=sha256,
                reason=order.kind,
            )
            context.note(session, "copy.terms", f"copy:{copy_id}", digest=copy_terms(row))
            if row.sealed:
                self._records.keeper.refresh(session, order.record_id)
        return PrintedCopy(copy_id, mark.copy_number, pdf, not order.draft, sha256, name)

    # --- afterwards ----------------------------------------------------------------------------

    def log(self, record_id: str) -> tuple[CopyLogRow, ...]:
        """The copies of a record, newest first."""
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require(Action.COPY_LOG_READ)
            rows = session.scalars(
                select(Copy).where(Copy.record_id == record_id).order_by(Copy.number.desc())
            ).all()
            names = holders(session)
            marks = _marks(session, [row.id for row in rows])
            return tuple(
                CopyLogRow(
                    copy_id=row.id,
                    number=row.number,
                    kind=row.kind,  # type: ignore[arg-type]  # only our own kinds are written
                    for_whom=row.for_whom,
                    made_at=row.made_at,
                    made_by=names[row.by_user].name if row.by_user in names else "",
                    sealed=row.sealed,
                    sha256=row.sha256,
                    marks=tuple(marks.get(row.id, ())),
                )
                for row in rows
            )

    def pdf(self, copy_id: str) -> PrintedCopy:
        """The very bytes of a copy made earlier; an audited deed."""
        with self._context.store.write() as session:
            row = self._copy(session, copy_id)
            self._context.note(session, "copy.reprint", f"copy:{copy_id}", digest=row.sha256)
            return PrintedCopy(
                row.id, row.number, bytes(row.pdf), row.sealed, row.sha256, row.file_name
            )

    def mark(self, copy_id: str, what: Literal["previewed", "printed", "saved"]) -> None:
        """Write down what became of a copy."""
        if what not in ("previewed", "printed", "saved"):
            raise ValueError(what)
        context = self._context
        with context.store.write() as session:
            row = self._copy(session, copy_id)
            session.add(
                CopyMark(
                    id=str(uuid.uuid4()),
                    copy_id=copy_id,
                    what=what,
                    by_user=context.actor.user_id,
                    at=context.clock.now(),
                )
            )
            context.note(session, f"copy.{what}", f"copy:{copy_id}", digest=row.sha256)

    def _copy(self, session: Session, copy_id: str) -> Copy:
        """A copy that the person may handle. Raises NoSuchRecord, Denied."""
        row = session.get(Copy, copy_id)
        if row is None:
            raise NoSuchRecord
        rights = self._rights(self._records.loaded(session, row.record_id))
        rights.require_sight()
        if not rights.may(_REPRINT[row.kind]):
            raise Denied(_REPRINT[row.kind].value)
        return row

    def school_ca_pem(self) -> bytes:
        """The school's certificate (public), to check copies with."""
        with self._context.store.read() as session:
            return current_seal(session).ca_cert_pem

    def school_ca_pems(self) -> tuple[bytes, ...]:
        """Every certificate the school ever sealed with, newest first."""
        from bt_desktop.models.school import SchoolSeal

        with self._context.store.read() as session:
            wanted = select(SchoolSeal.ca_cert_pem).order_by(SchoolSeal.id.desc())
            return tuple(session.scalars(wanted))

    def copy_status(self, verdict: Verdict) -> Literal["current", "amended", "unknown"]:
        """Whether a part shown on a genuine copy has a later revision by now."""
        with self._context.store.read() as session:
            row = self._sealed(session, verdict)
            if row is None:
                return "unknown"
            return "amended" if self._amended(session, row) is not None else "current"

    def amended_since(self, verdict: Verdict) -> Amended | None:
        """What was signed after a genuine copy was made, of the parts that it shows."""
        with self._context.store.read() as session:
            row = self._sealed(session, verdict)
            return None if row is None else self._amended(session, row)

    def _sealed(self, session: Session, verdict: Verdict) -> Copy | None:
        """The copy that a file says it is, where the file is that copy."""
        if verdict.record_number is None or verdict.copy_number is None:
            return None
        row = session.scalars(
            select(Copy)
            .join(Record, Record.id == Copy.record_id)
            .where(Record.number == verdict.record_number, Copy.number == verdict.copy_number)
        ).first()
        return row if row is not None and row.record_digest == verdict.record_digest else None

    def _amended(self, session: Session, row: Copy) -> Amended | None:
        return amended(self._records.loaded(session, row.record_id), row.revisions)

    def given(self, record_id: str) -> tuple[GivenCopy, ...]:
        """The copies that parents were given, newest first, and what was changed after each."""
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require(Action.COPY_LOG_READ)
            return given(session, loaded)

    def _rights(self, loaded: Loaded) -> Rights:
        return Rights(self._context, loaded)


def _next_number(session: Session, record_id: str) -> int:
    last = session.scalar(select(func.max(Copy.number)).where(Copy.record_id == record_id))
    return (last or 0) + 1


def _marks(session: Session, copies: Sequence[str]) -> dict[str, list[tuple[str, Any]]]:
    found: dict[str, list[tuple[str, Any]]] = {}
    rows = session.scalars(
        select(CopyMark).where(CopyMark.copy_id.in_(copies)).order_by(CopyMark.at)
    )
    for row in rows:
        found.setdefault(row.copy_id, []).append((row.what, row.at))
    return found


def _passed(net: texts.Net, text: str, settled: Sequence[Settled]) -> texts.Net:
    """The net that this text went through. Raises UnsettledNames."""
    waiting = net.open(text, settled)
    if waiting:
        raise UnsettledNames(tuple((one.start, one.end) for one in waiting))
    return net


def refuse_confidential(loaded: Loaded) -> None:
    """Raise CopyRefused for a record that is not the student's: nothing of it goes to a parent."""
    if loaded.form.is_confidential or loaded.row.record_class == "confidential":
        raise CopyRefused(
            "confidential",
            "This report is confidential, prepared for the district's risk management. No copy of "
            "it is made for a parent.",
            "Tell the parent from the incident or first aid report of the same event.",
        )


def _require_signed(loaded: Loaded) -> None:
    if loaded.report is None:
        raise CopyRefused(
            "not-signed",
            "The report is not signed by its author yet.",
            "A parent gets a copy after it is signed; until then print a draft.",
        )
    if loaded.row.state == _IN_ERROR:
        raise CopyRefused(
            "entered-in-error",
            "This record was entered in error, so it is not told to a parent as what happened.",
            "Print the school's copy if somebody has to see it; it says that it is in error.",
        )


def _recipient(session: Session, loaded: Loaded, guardian_id: str) -> Guardian:
    """The guardian, who must be this student's and allowed. Raises CopyRefused."""
    subject = loaded.subject_id
    if subject is None:
        raise texts.no_subject()
    for guardian in guardians_of(session, bare(subject)):
        if guardian.id == guardian_id:
            if not guardian.allowed:
                raise CopyRefused(
                    "recipient-refused",
                    guardian.why_not,
                    "Ask an administrator if the entry is out of date.",
                )
            return guardian
    raise CopyRefused(
        "recipient-unknown",
        "This person is not entered as a guardian of this student.",
        "Add the guardian to the student first.",
    )
