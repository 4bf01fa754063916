"""What became of papers of medicine: which were made, who got each how, who was called about what.

Everything is an entry of the student's health file; nothing is changed or taken away.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.gates import (
    REASON_AT_LEAST,
    SENSITIVE_MEDICINE,
    alert_digest,
    alert_of,
    held_back,
)
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_notes import read_notes
from bt_desktop.services.health.entries import (
    DOSE_NOTE,
    PAPER,
    PAPER_MARK,
    STRUCK,
    DoseNote,
    Struck,
)
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.paper_due import is_sensitive
from bt_desktop.services.health.paper_model import (
    CallResult,
    PaperMark,
    PaperRow,
    ParentPaper,
    What,
)
from bt_desktop.services.health.paper_problems import AdministratorNeeded
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people_rows import bare, people
from bt_desktop.services.problems import CopyRefused, NoSuchRecord, ReasonNeeded
from bt_desktop.services.recipients import recipients_of
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.access import What as Looked
from bt_desktop.services.results.copies import AGAIN, WAYS, Again, PrintedCopy, Receipt
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import Guardian
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.second_person import agreed, seconds_for

_OVERRIDE = Action.PARENT_COPY_OVERRIDE
_LONGEST = 200
_LEAST = 5
_KNOWN_DAYS = 30
MARKED, AGAIN_PRINTED = "paper.mark", "paper.again"
_LEAVES: dict[str, Looked] = {"printed": "print", "saved": "save"}


class PaperLog:
    """The papers that were made."""

    def __init__(
        self, context: Context, box: HealthBox, book: OrderBook, openings: Openings
    ) -> None:
        self._context, self._box, self._book = context, box, book
        self._openings = openings

    @property
    def may(self) -> bool:
        """Whether the role makes papers of medicine."""
        return self._context.may(Action.HEALTH_PRINT)

    # --- reading ---------------------------------------------------------------------------------

    def made(self, student_id: str | None = None) -> tuple[PaperRow, ...]:
        """The papers of one student, or of all, newest first, without pages. Raises Denied."""
        self._context.require(Action.HEALTH_PRINT)
        with self._context.store.read() as session:
            who = {user: one.name for user, one in holders(session).items()}
            marks: dict[str, list[PaperMark]] = {}
            for kept in self._box.read(session, PAPER_MARK, subject=student_id):
                marks.setdefault(kept.about, []).append(kept.value(PaperMark))
            found = [
                kept.value(ParentPaper)
                for kept in self._box.read(session, PAPER, subject=student_id)
            ]
            known = people(session, {one.student_id for one in found})
            struck = {
                kept.about: kept.value(Struck).reason
                for kept in self._box.read(session, STRUCK, subject=student_id)
            }
        return tuple(
            PaperRow(
                one,
                known[one.student_id].name if one.student_id in known else "",
                who.get(one.by_user, ""),
                tuple(marks.get(one.id, ())),
                next((struck[about] for about in one.about if about in struck), ""),
            )
            for one in reversed(found)
        )

    def pdf(self, paper_id: str, reason: str = "", second: Second | None = None) -> PrintedCopy:
        """The very bytes of a paper made earlier, past the same gates as before.

        `reason` and `second` are an administrator's, for somebody whom a flag stops by now. Raises
        CopyRefused, NoSuchRecord, Denied, and as `release` of `ParentPapers`.
        """
        self._context.require(Action.HEALTH_PRINT)
        self._pass_again(paper_id, reason, second)
        with self._context.store.write() as session:
            return self._bytes(session, paper_id)

    def print_again(
        self, paper_id: str, why: Again, words: str = "", second: Second | None = None
    ) -> PrintedCopy:
        """The same once more, for a reason that stays with the paper. As `pdf`; raises ReasonNeeded
        for another reason without words."""
        if why not in AGAIN:
            raise ValueError(why)
        words = " ".join(words.split())
        if why == "other" and len(words) < REASON_AT_LEAST:
            raise ReasonNeeded(REASON_AT_LEAST)
        self._context.require(Action.HEALTH_PRINT)
        self._pass_again(paper_id, words, second)
        with self._context.store.write() as session:
            made = self._bytes(session, paper_id)
            self._mark(session, paper_id, "reprinted", words=words, code=why)
            self._context.note(session, AGAIN_PRINTED, f"paper:{paper_id}", reason=why)
            return made

    # --- what became of it -----------------------------------------------------------------------

    def mark(self, paper_id: str, what: What) -> None:
        """It was previewed, printed or saved; what leaves the program is a look at the file."""
        self._context.require(Action.HEALTH_PRINT)
        if what not in ("previewed", "printed", "saved"):
            raise ValueError(what)
        with self._context.store.write() as session:
            paper = self._mark(session, paper_id, what)
            if what in _LEAVES:
                seen = [Seen(paper, None, own=False)]
                self._openings.note_students(session, _LEAVES[what], seen, Purpose("parent"))

    def receive(self, paper_id: str, receipt: Receipt) -> None:
        """Somebody got it, in one of the ways of other copies. Raises CopyRefused."""
        self._context.require(Action.HEALTH_PRINT)
        if receipt.how not in WAYS:
            raise ValueError(receipt.how)
        self._received(paper_id, receipt.how, receipt)

    def slip_back(self, paper_id: str, receipt: Receipt) -> None:
        """The slip came back, signed by somebody. Raises CopyRefused."""
        self._context.require(Action.HEALTH_PRINT)
        self._received(paper_id, "slip", receipt)

    def attempt(self, about: str, to: str, result: CallResult, words: str = "") -> None:
        """The parent was called about a paper (its id), or about one that waits (its key)."""
        self._context.require(Action.HEALTH_PRINT)
        if not 0 < len(to.strip()) <= _LONGEST:
            raise CopyRefused("receipt-nobody", "It is not said who was called.", "Write the name.")
        with self._context.store.write() as session:
            self._mark(session, about, "attempt", to=to, code=result, words=words)

    def waive(self, key: str, words: str) -> None:
        """No paper is needed for what waits; the reason stays. Raises ReasonNeeded."""
        self._context.require(Action.HEALTH_PRINT)
        if len(" ".join(words.split())) < _LEAST:
            raise ReasonNeeded(_LEAST)
        with self._context.store.write() as session:
            self._mark(session, key, "waived", words=words)

    # --- within ----------------------------------------------------------------------------------

    def recipients_in(
        self,
        session: Session,
        papers: tuple[ParentPaper, ...],
        student_id: str,
        *,
        sensitive: bool,
    ) -> tuple[Guardian, ...]:
        """Who could get a paper about this student, with all that stands against each (R31)."""
        student = session.get_one(Student, bare(student_id))
        digest = alert_digest(alert_of(student))
        decided = frozenset(
            one.guardian_id
            for one in papers
            if one.student_id == student_id and one.override and one.override.alert == digest
        )
        found = recipients_of(
            session, student, self._today(session), tell_alert=True, decided=decided
        )
        return held_back(found, SENSITIVE_MEDICINE) if sensitive else found

    def administrator(self, second: Second | None) -> str:
        """The staff id of the administrator who lets a stopped paper go: whoever is signed in, or
        `second`. Slow where that is somebody else. Raises AdministratorNeeded, and as
        `vault.unlock`."""
        from bt_desktop.models.school import Account

        context = self._context
        if context.may(_OVERRIDE):
            return context.actor.staff_id
        able = dict(seconds_for(context, _OVERRIDE))
        if second is None or second.user_id not in able:
            raise AdministratorNeeded(anybody=bool(able))
        user_id = agreed(context, _OVERRIDE, second)
        with context.store.read() as session:
            return f"staff:{session.get_one(Account, user_id).staff_id}"

    def _pass_again(self, paper_id: str, reason: str, second: Second | None) -> None:
        """What has been noted since stops a paper that was made before, too."""
        with self._context.store.read() as session:
            paper = self._paper(session, paper_id)
            papers = tuple(
                kept.value(ParentPaper)
                for kept in self._box.read(session, PAPER, subject=paper.student_id)
            )
            found = self.recipients_in(
                session, papers, paper.student_id, sensitive=is_sensitive(None, paper.medicine)
            )
        whom = next((one for one in found if one.id == paper.guardian_id), None)
        if whom is None:
            raise CopyRefused(
                "recipient-unknown",
                "Whom this paper was made for is not this student’s guardian any more.",
                "Make a new paper for somebody who is.",
            )
        let = set(paper.override.stops) if paper.override is not None else set()
        stops = [one for one in whom.stops if one.code not in let]
        if not stops:
            return
        if not reason.strip():
            raise CopyRefused("recipient-refused", stops[0].why, stops[0].who)
        if len(reason.strip()) < REASON_AT_LEAST:
            raise ReasonNeeded(REASON_AT_LEAST)
        by = self.administrator(second)
        with self._context.store.write() as session:
            codes = " ".join(one.code for one in stops)
            self._context.note(session, "paper.override", f"paper:{paper_id}", reason=codes)
            self._mark(session, paper_id, "overruled", to=by, code=codes, words=reason)

    def _bytes(self, session: Session, paper_id: str) -> PrintedCopy:
        paper = self._paper(session, paper_id)
        data = self._box.file(session, paper.file_id)
        seen = [Seen(paper.student_id, None, own=False)]
        self._openings.note_students(session, "copy", seen, Purpose("parent"))
        name = f"{paper.number}.pdf"
        return PrintedCopy(paper.id, 1, data, True, paper.sha256, name)

    def _paper(self, session: Session, paper_id: str) -> ParentPaper:
        kept = self._box.one(session, paper_id)
        if kept is None or kept.kind != PAPER:
            raise NoSuchRecord
        return kept.value(ParentPaper)

    def _received(self, paper_id: str, what: What, receipt: Receipt) -> None:
        if not 0 < len(receipt.to.strip()) <= _LONGEST or len(receipt.relation) > _LONGEST:
            raise CopyRefused(
                "receipt-nobody", "It is not said who received it.", "Write the person’s name."
            )
        with self._context.store.write() as session:
            paper = self._paper(session, paper_id)
            if receipt.at > self._context.clock.now() or receipt.at < paper.at:
                raise CopyRefused(
                    "receipt-time",
                    "It cannot be received before it was printed, or later than now.",
                    "Correct the day or the time.",
                )
            self._mark(
                session, paper_id, what, to=receipt.to, relation=receipt.relation,
                at=receipt.at, signed=receipt.signed,
            )  # fmt: skip
            self._tell_of_doses(session, paper)

    def _tell_of_doses(self, session: Session, paper: ParentPaper) -> None:
        """Whoever got a paper about doses knows of them: nobody is asked to tell them again."""
        if paper.kind not in ("given", "not_given"):
            return
        context, day = self._context, self._today(session)
        known = read_notes(session, self._box, day - timedelta(days=_KNOWN_DAYS))
        for dose_id in paper.about:
            kept = self._box.one(session, dose_id)
            if kept is None or known.parent_told(dose_id):
                continue
            note = DoseNote(
                str(uuid.uuid4()), dose_id, "parent", f"Paper {paper.number}",
                context.clock.now(), context.actor.user_id,
            )  # fmt: skip
            self._box.add(
                session, paper.student_id, DOSE_NOTE, note, about=dose_id, day=kept.day, id=note.id
            )

    def _mark(  # noqa: PLR0913 - what a mark is, by keyword
        self,
        session: Session,
        about: str,
        what: What,
        *,
        at: datetime | None = None,
        to: str = "",
        relation: str = "",
        words: str = "",
        code: str = "",
        signed: bool = False,
    ) -> str:
        """Write down what became of a paper, or of one that waits; returns the student's id."""
        context, now = self._context, self._context.clock.now()
        student_id = self._student_of(session, about)
        mark = PaperMark(
            about, what, at or now, context.actor.user_id, " ".join(to.split()),
            " ".join(relation.split()), " ".join(words.split()), code, signed,
        )  # fmt: skip
        entry = self._box.add(
            session, student_id, PAPER_MARK, mark, about=about, day=self._today(session),
            at=mark.at, id=str(uuid.uuid4()),
        )  # fmt: skip
        context.note(session, MARKED, f"entry:{entry}", reason=what)
        return student_id

    def _student_of(self, session: Session, about: str) -> str:
        """Whose paper it is: of its own entry, or of the dose, container or line that it is about.

        Raises NoSuchRecord.
        """
        for part in about.split(":"):
            kept = self._box.one(session, part)
            if kept is not None:
                return kept.subject
        raise NoSuchRecord

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()
