"""Which parents are still to get a paper, what each waits for, and all that is ready as one print.

A record owes a paper while it is signed, about a student, and no sealed paper for a parent was made
of it. What can go out as it stands is `ready`; where a text is told, a person reads and releases
it first; where a flag stops it, an administrator decides.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bt_desktop.clock import local_at
from bt_desktop.form_engine.definition import say
from bt_desktop.models.copies import Copy
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import Action
from bt_desktop.services import parent_text as texts
from bt_desktop.services.context import Context
from bt_desktop.services.copies import CopyService
from bt_desktop.services.parent_papers import paper_info, papers_of
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.privacy import NameIndex
from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.recipients import recipients_of
from bt_desktop.services.record_document import letters_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.records import RecordService
from bt_desktop.services.results.copies import NoticeDue, PrintedCopy
from bt_desktop.services.results.people import Guardian

DAYS = 14
"""How many days a paper that nobody released stays on the list (the record stays where it is)."""

MOST = 200
"""Records on one list; a school writes a few dozen a day."""

_SIGNED = ("signed", "returned", "final", "amended")
_TO_PARENTS = ("parent", "notice")


class NoticesDue:
    """The list of papers to be given, and printing what is ready."""

    def __init__(
        self, context: Context, records: RecordService, people: PeopleService, copies: CopyService
    ) -> None:
        self._context = context
        self._records = records
        self._people = people
        self._copies = copies

    def list(self) -> tuple[NoticeDue, ...]:
        """The papers due: today's first, then what is left of the last two weeks."""
        forms = self._context.forms(Action.PARENT_COPY_RELEASE)
        if not forms:
            return ()
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            wanted = (
                select(Record.id)
                .where(self._owing(forms))
                .order_by(Record.event_us.desc(), Record.id)
                .limit(MOST)
            )
            found = [self._due(session, index, one) for one in session.scalars(wanted)]
        return tuple(sorted(filter(None, found), key=lambda one: not one.today))

    def count(self) -> int:
        """How many papers are due, for the home page; cheap."""
        forms = self._context.forms(Action.PARENT_COPY_RELEASE)
        if not forms:
            return 0
        with self._context.store.read() as session:
            return len(
                session.scalars(select(Record.id).where(self._owing(forms)).limit(MOST)).all()
            )

    def _owing(self, forms: frozenset[str]) -> ColumnElement[bool]:
        since = micros(self._context.clock.now() - timedelta(days=DAYS))
        told = exists().where(Copy.record_id == Record.id, Copy.kind.in_(_TO_PARENTS), Copy.sealed)
        owing: ColumnElement[bool] = (
            Record.form.in_(sorted(forms))
            & (Record.record_class == "education")
            & Record.state.in_(_SIGNED)
            & Record.subject_id.startswith("student:")
            & (Record.updated_us >= since)
            & ~told
        )
        return owing

    # --- one of them ---------------------------------------------------------------------------

    def _due(self, session: Session, index: NameIndex, record_id: str) -> NoticeDue | None:
        loaded = self._records.loaded(session, record_id)
        student = session.get(Student, bare(loaded.subject_id or ""))
        if (
            loaded.report is None
            or student is None
            or not Rights(self._context, loaded).may(Action.PARENT_COPY_RELEASE)
        ):
            return None
        due = NoticeDue(
            record_id=record_id,
            number=loaded.row.number or "",
            title=say(loaded.form.title),
            student=whole_name(student),
            event_at=loaded.event_at,
            paper=None,
            state="stopped",
            why="",
            today=self._is_today(loaded),
        )
        return self._looked_at(session, index, loaded, student, due)

    def _is_today(self, loaded: Loaded) -> bool:
        now = self._context.clock.now()
        moments = [loaded.event_at, loaded.report.row.signed_at if loaded.report else None]
        return any(local_at(at, now).date() == now.date() for at in moments if at)

    def _looked_at(
        self,
        session: Session,
        index: NameIndex,
        loaded: Loaded,
        student: Student,
        due: NoticeDue,
    ) -> NoticeDue:
        """The line with its paper, for whom it is, and what it waits for."""
        made = self._records.printable(session, loaded, signed_only=True)
        try:
            paper = paper_info(papers_of(made.document)[0], made.document)
        except CopyRefused as refused:
            return replace(due, why=refused.sentence)
        due = replace(due, paper=paper)
        today = self._context.clock.now().date()
        found = recipients_of(session, student, today)
        whom = _chosen(found, loaded)
        if whom is None:
            why = " ".join(dict.fromkeys(one.why_not for one in found))
            return replace(due, why=why or "The roster names no guardian for this student.")
        due = replace(due, guardian_id=whom.id, for_whom=whom.name)
        if paper.text != "needed":
            return replace(due, state="ready")
        letters = letters_of(session, loaded.row.event_id)
        begun = texts.begun_text(made, letters)
        told = texts.parent_text(
            begun, texts.net(session, index, loaded.subject_id, letters), letters
        )
        names = len(told.findings) - len(told.settled)
        return replace(due, state="text", names=names, why=_to_read(names))

    # --- printing ------------------------------------------------------------------------------

    def release(self, due: NoticeDue) -> PrintedCopy:
        """The sealed copy of one line that is ready; kept and logged as any other."""
        return self._copies.release_parent_copy(due.record_id, due.guardian_id, "", ())

    def joined(self, copies: Sequence[PrintedCopy]) -> PrintedCopy:
        """All pages of these copies as one print, nobody's and not kept: each copy is by itself."""
        pdf = joined_pages([copy.pdf for copy in copies])
        return PrintedCopy("", 0, pdf, False, hashlib.sha256(pdf).hexdigest(), "notices.pdf")


def _chosen(found: Sequence[Guardian], loaded: Loaded) -> Guardian | None:
    """Whom the paper is for: who was reached by phone, else the first who may have it."""
    allowed = [one for one in found if one.allowed]
    reached = {
        row.get("notice_person") for row in loaded.log if row.get("notice_outcome") == "reached"
    }
    return next((one for one in allowed if one.id in reached), next(iter(allowed), None))


def _to_read(names: int) -> str:
    if not names:
        return "Read and release what is told."
    return f"{names} name{'' if names == 1 else 's'} to settle in what is told."


def joined_pages(pdfs: Sequence[bytes], progress: Callable[[int], None] | None = None) -> bytes:
    """The pages of several PDFs as one, for the printer; without their seals and their marks."""
    from pypdf import PdfReader, PdfWriter  # deferred: only a batch needs it

    writer = PdfWriter()
    for number, pdf in enumerate(pdfs, 1):
        for page in PdfReader(io.BytesIO(pdf)).pages:
            page.pop("/Annots", None)  # the field of the seal
            writer.add_page(page)
        if progress is not None:
            progress(number)
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
