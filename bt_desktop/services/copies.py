"""Copies on paper: the school's, drafts, and for parents; a parent's waits until each name in it is
settled and nothing stands against the person who gets it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.security.permissions import STAFF_INJURY, Action
from bt_desktop.services import gates
from bt_desktop.services import parent_text as texts
from bt_desktop.services.context import Context
from bt_desktop.services.copies_given import amended, given, replaced
from bt_desktop.services.copy_log import CopyLog
from bt_desktop.services.copy_making import make
from bt_desktop.services.copy_order import Order
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.openings import Openings
from bt_desktop.services.parent_papers import named_paper, paper_info, papers_of
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.privacy import NameFinding, ParentText
from bt_desktop.services.problems import CopyRefused, UnsettledNames
from bt_desktop.services.recipients import recipients_of
from bt_desktop.services.record_document import Printable, letters_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.records import RecordService
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import (
    Again,
    Amended,
    CopyLogRow,
    GivenCopy,
    PaperInfo,
    PrintedCopy,
    Receipt,
    Settled,
)
from bt_desktop.services.results.people import Guardian
from bt_desktop.services.school_seal import current_seal

if TYPE_CHECKING:
    from bt_desktop.paper.notice_papers import Paper
    from bt_desktop.paper.verify import Verdict

_IN_ERROR = "entered in error"


class CopyService:
    """Makes and keeps copies of records."""

    def __init__(
        self, context: Context, records: RecordService, people: PeopleService, openings: Openings
    ) -> None:
        self._context = context
        self._records = records
        self._people = people
        self._log = CopyLog(context, records, openings)

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
                order = replace(self._draft_order(session, loaded), files=files)
            else:
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

    # --- for parents ---------------------------------------------------------------------------

    def papers(self, record_id: str) -> tuple[PaperInfo, ...]:
        """The papers that this record has for parents, the usual one first.

        Raises CopyRefused where there is none, and says why.
        """
        with self._context.store.read() as session:
            loaded = self._for_parents(session, record_id)
            made = self._made_of(session, loaded)
            return tuple(paper_info(one, made.document) for one in papers_of(made.document))

    def recipients(self, record_id: str) -> tuple[Guardian, ...]:
        """Who could get a paper about the subject; `allowed`, `why_not` and `stops` say who may."""
        self._context.require(Action.GUARDIAN_READ)
        with self._context.store.read() as session:
            loaded = self._records.loaded(session, record_id)
            self._rights(loaded).require_sight()
            return self._recipients(session, loaded)

    def may_override(self, record_id: str) -> bool:
        """Whether the signed-in person may release a paper in spite of what stops it."""
        with self._context.store.read() as session:
            rights = self._rights(self._records.loaded(session, record_id))
            return rights.may(Action.PARENT_COPY_OVERRIDE)

    def _recipients(self, session: Session, loaded: Loaded) -> tuple[Guardian, ...]:
        subject = loaded.subject_id or ""
        of_student = subject.startswith("student:") and not loaded.form.is_confidential
        student = session.get(Student, bare(subject)) if of_student else None
        if student is None:
            return ()
        today = self._context.clock.now().date()
        decides = self._rights(loaded).may(Action.PARENT_COPY_OVERRIDE)
        return recipients_of(session, student, today, tell_alert=decides)

    def begin_parent_text(self, record_id: str, paper: str | None = None) -> ParentText:
        """What is told to the parent: begun from the narrative, tokens turned into letters; blank
        for a paper that needs no text. `paper` left out is the usual one."""
        index = self._people.names_of_families()
        with self._context.store.write() as session:
            loaded = self._for_parents(session, record_id)
            made = self._made_of(session, loaded)
            chosen = named_paper(made.document, paper)
            letters = texts.give_letters(session, loaded, made)
            needed = chosen is None or chosen.text == "needed"
            begun = texts.begun_text(made, letters) if needed else texts.Begun("")
            net = texts.net(session, index, loaded.subject_id, letters)
        self._records.looked_into(loaded, Purpose("parent"))
        return texts.parent_text(begun, net, letters)

    def findings(self, record_id: str, text: str) -> tuple[NameFinding, ...]:
        """Every word of the text that is or nearly is the name of another child or its parent."""
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

    def _made_of(self, session: Session, loaded: Loaded) -> Printable:
        signed = loaded.report is not None
        return self._records.printable(session, loaded, signed_only=signed)

    def release_parent_copy(  # what is decided at once, each thing by itself
        self,
        record_id: str,
        guardian_id: str,
        text: str,
        settled: Sequence[Settled],
        *,
        paper: str | None = None,
        reason: str = "",
    ) -> PrintedCopy:
        """The sealed paper for one guardian (or the student of 18).

        `paper` is the name of a paper of this record, "" its whole parent's copy; left out, the
        usual one. `reason` is an administrator's, for a person whom a flag stops. Raises
        UnsettledNames while a finding is not settled, CopyRefused where the person may not have
        it, nothing is told, the text is too long, or the report is not signed.
        """
        with self._context.store.write() as session:
            index = self._people.names_of_families()  # now: nobody can be added until this is done
            loaded = self._records.loaded(session, record_id)
            rights = self._rights(loaded)
            rights.require_sight()
            refuse_confidential(loaded)
            rights.require(Action.PARENT_COPY_RELEASE)
            _require_signed(loaded)
            guardian = self._recipient(session, loaded, guardian_id)
            override = gates.released(guardian, rights, reason)
            made = self._records.printable(session, loaded, signed_only=True)
            chosen = named_paper(made.document, paper)
            _require_text(chosen, text)
            letters = texts.give_letters(session, loaded, made)
            net = _passed(texts.net(session, index, loaded.subject_id, letters), text, settled)
            session.flush()
            made = self._records.printable(session, loaded, signed_only=True)  # with the letters
            order = Order(
                "parent" if chosen is None else "notice",
                record_id,
                made,
                letterhead(session),
                guardian,
                text,
                self._told(settled),
                net.names_a_child,
                chosen,
                override,
                replaces=replaced(session, loaded, bare(guardian.id)),
            )
        return self._made(order)

    def _told(self, settled: Sequence[Settled]) -> tuple[dict[str, Any], ...]:
        """The decisions as they are kept with the copy: made by whoever releases it."""
        return tuple(asdict(one) | {"by": self._context.actor.staff_id} for one in settled)

    def draft_parent_print(
        self,
        record_id: str,
        text: str,
        settled: Sequence[Settled] = (),
        *,
        paper: str | None = None,
    ) -> PrintedCopy:
        """The parent's paper as it would look, DRAFT across each page, not sealed.

        A draft is paper too: it waits for the same names as a release. Raises UnsettledNames.
        """
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            loaded = self._for_parents(session, record_id)
            made = self._made_of(session, loaded)
            chosen = named_paper(made.document, paper)
            letters = letters_of(session, loaded.row.event_id)
            net = _passed(texts.net(session, index, loaded.subject_id, letters), text, settled)
            order = Order(
                "draft_parent" if chosen is None else "draft_notice",
                record_id,
                made,
                letterhead(session),
                None,
                text,
                self._told(settled),
                net.names_a_child,
                chosen,
            )
        return self._made(order)

    def _made(self, order: Order) -> PrintedCopy:
        return make(self._context, order, self._records.keeper, self._log.seen)

    def _recipient(self, session: Session, loaded: Loaded, guardian_id: str) -> Guardian:
        """The person, who must be this student's. Raises CopyRefused."""
        if loaded.subject_id is None:
            raise texts.no_subject()
        for guardian in self._recipients(session, loaded):
            if guardian.id == guardian_id:
                return guardian
        raise CopyRefused(
            "recipient-unknown",
            "This person is not entered as a guardian of this student.",
            "Add the guardian to the student first.",
        )

    # --- afterwards ----------------------------------------------------------------------------

    def log(self, record_id: str) -> tuple[CopyLogRow, ...]:
        """The copies of a record, newest first."""
        return self._log.log(record_id)

    def pdf(self, copy_id: str, reason: str = "") -> PrintedCopy:
        """The very bytes of a copy made earlier; an audited deed, past the same gates as before.

        `reason` is an administrator's, for a person whom a flag stops by now.
        """
        return self._log.pdf(copy_id, reason)

    def print_again(self, copy_id: str, why: Again, words: str = "") -> PrintedCopy:
        """The same once more, for a reason that stays with the copy (`CopyLog.print_again`)."""
        return self._log.print_again(copy_id, why, words)

    def mark(self, copy_id: str, what: Literal["previewed", "printed", "saved"]) -> None:
        """Write down what became of a copy."""
        self._log.mark(copy_id, what)

    def receive(self, copy_id: str, receipt: Receipt) -> None:
        """Write down who received a copy for a parent, when and how."""
        self._log.receive(copy_id, receipt)

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


def _passed(net: texts.Net, text: str, settled: Sequence[Settled]) -> texts.Net:
    """The net that this text went through. Raises UnsettledNames."""
    waiting = net.open(text, settled)
    if waiting:
        raise UnsettledNames(tuple((one.start, one.end) for one in waiting))
    return net


def _require_text(paper: Paper | None, text: str) -> None:
    if (paper is None or paper.text == "needed") and not text.strip():
        raise CopyRefused(
            "text-missing",
            "Nothing is told to the parent yet.",
            "Write what happened, without any other child's name.",
        )


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
