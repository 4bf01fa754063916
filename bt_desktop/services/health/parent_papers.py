"""Papers of medicine for parents: which wait, who may get each, made, sealed, and logged.

The gates of every paper for parents stand here too (R31, `services/gates`), and no other child's
name gets on one (R29, `services/privacy`). Whoever makes one reads the health file: a nurse. What
a flag stops an administrator lets go at the nurse's side, with their own password and a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services import parent_text as texts
from bt_desktop.services.context import Context
from bt_desktop.services.gates import (
    CUSTODY_ALERT,
    REASON_AT_LEAST,
    alert_digest,
    alert_of,
)
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import PAPER
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.paper_due import Facts, all_due, one_due
from bt_desktop.services.health.paper_facts import read_facts
from bt_desktop.services.health.paper_fill import Page, typed_lines
from bt_desktop.services.health.paper_log import PaperLog
from bt_desktop.services.health.paper_making import PaperPress, Wanted
from bt_desktop.services.health.paper_model import (
    Line,
    LineSettled,
    Overruled,
    PaperDraft,
    PaperDue,
    ParentPaper,
    joined,
)
from bt_desktop.services.openings import Openings
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.privacy import NameFinding, NameIndex
from bt_desktop.services.problems import CopyRefused, NoSuchRecord, ReasonNeeded, UnsettledNames
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.copies import PrintedCopy, Settled
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import Guardian
from bt_desktop.services.second_person import seconds_for

_TO_PARENT = Action.PARENT_COPY_OVERRIDE


class ParentPapers(PaperLog):
    """`workspace.health.parent_papers`: what waits, and making it; what was made is in the log."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        people: PeopleService,
        openings: Openings,
    ) -> None:
        super().__init__(context, box, book, openings)
        self._people = people
        self._press = PaperPress(context, box, openings)

    # --- what waits ------------------------------------------------------------------------------

    def waiting(self, student_id: str | None = None) -> tuple[PaperDue, ...]:
        """The papers that no parent got yet, of everybody or of one student; today's first.

        Raises Denied.
        """
        self._context.require(Action.HEALTH_PRINT)
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            facts = read_facts(session, self._context, self._box, self._book, student_id)
            found = all_due(facts)
            return tuple(self._looked_at(session, index, facts, one)[0] for one in found)

    def draft(self, key: str) -> PaperDraft:
        """One of them as it would be: who could get it, what was typed. A look at the file.

        Raises CopyRefused where there is none of that key any more, Denied.
        """
        self._context.require(Action.HEALTH_PRINT)
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            facts = self._facts(session, key)
            due = _required(facts, key)
            due, guardians, findings = self._looked_at(session, index, facts, due)
            lines = typed_lines(facts, due)
        may = self._context.may(_TO_PARENT)
        seconds = () if may else seconds_for(self._context, _TO_PARENT)
        self._openings.shown_health(due.student_id)
        return PaperDraft(due, guardians, lines, findings, seconds, may)

    def findings(self, student_id: str, lines: Mapping[Line, str]) -> tuple[NameFinding, ...]:
        """Every word of these lines that is or nearly is another child's or its parent's name, in
        a paper about this student."""
        self._context.require(Action.HEALTH_PRINT)
        index = self._people.names_of_families()
        with self._context.store.read() as session:
            return texts.net(session, index, student_id, {}).find(joined(lines))

    # --- making ----------------------------------------------------------------------------------

    def release(
        self,
        key: str,
        guardian_id: str = "",
        lines: Mapping[Line, str] | None = None,
        settled: Sequence[LineSettled] = (),
        *,
        reason: str = "",
        second: Second | None = None,
    ) -> PrintedCopy:
        """The sealed paper for one guardian (or the student of 18); without one for whom it waits.

        `lines` are what was typed, as it shall stand there; left out: as it was typed. `reason` is
        an administrator's for somebody whom a flag stops, `second` the administrator who types
        their own password. Slow. Raises UnsettledNames while a word may be another child's name,
        CopyRefused where the person may not have it or it was made already, ReasonNeeded,
        AdministratorNeeded, Denied, and as `vault.unlock` for the second person's password.
        """
        context = self._context
        context.require(Action.HEALTH_PRINT)
        index = self._people.names_of_families()
        with context.store.read() as session:
            facts = self._facts(session, key)
            due, guardians, _ = self._looked_at(session, index, facts, _required(facts, key))
            guardian = _chosen(guardians, guardian_id or due.guardian_id, due)
            student = session.get_one(Student, bare(due.student_id))
            told = _same_lines(typed_lines(facts, due), lines)
            net = texts.net(session, index, due.student_id, {})
            _settle(net, joined(told), settled)
            if net.names_a_child(due.medicine) and "medicine" not in told:
                raise UnsettledNames(((0, len(due.medicine)),))
            page = Page(due, student, told, "", holders(session), net.names_a_child)
            alert = alert_of(student)
        override = self._overruled(guardian, alert, reason, second)
        kept = ParentPaper(
            id="", student_id=due.student_id, kind=due.kind, about=due.about, number="",
            guardian_id=guardian.id, for_whom=guardian.name, file_id="", sha256="", by_user="",
            at=facts.now, medicine=page.lines.get("medicine") or due.medicine, text=joined(told),
            settled=tuple(replace(one, by=context.actor.staff_id) for one in settled),
            override=override,
        )  # fmt: skip

        def still(session: Session) -> None:
            """It was not made meanwhile, and nothing came up against whoever gets it."""
            self._require_unmade(session, kept, facts.today)
            now = self._recipients(session, facts, due)
            whom = _chosen(now, guardian.id, due)
            known = {stop.code for stop in guardian.stops}
            if {stop.code for stop in whom.stops} - known:
                raise CopyRefused("recipient-refused", whom.why_not, whom.stops[0].who)

        return self._press.make(Wanted(facts, page, guardian, kept), still)

    def _overruled(
        self, guardian: Guardian, alert: str, reason: str, second: Second | None
    ) -> Overruled | None:
        """What is kept of a flag that was overruled; None where nothing stands against them."""
        if not guardian.stops:
            return None
        said = " ".join(reason.split())
        if not said:
            raise CopyRefused("recipient-refused", guardian.why_not, guardian.stops[0].who)
        if len(said) < REASON_AT_LEAST:
            raise ReasonNeeded(REASON_AT_LEAST)
        by = self.administrator(second)
        digest = alert_digest(alert) if CUSTODY_ALERT in guardian.stops else ""
        return Overruled(tuple(one.code for one in guardian.stops), said, by, digest)

    def _require_unmade(self, session: Session, kept: ParentPaper, today: date) -> None:
        """Raises CopyRefused where a paper of this kind was made about the same thing meanwhile."""
        supply = kept.kind in ("low", "expiry", "pick_up")
        for one in self._box.read(session, PAPER, subject=kept.student_id):
            paper = one.value(ParentPaper)
            again = not supply or one.day >= today
            if again and paper.kind == kept.kind and set(paper.about) & set(kept.about):
                raise _gone()

    # --- within ----------------------------------------------------------------------------------

    def _looked_at(
        self, session: Session, index: NameIndex, facts: Facts, due: PaperDue
    ) -> tuple[PaperDue, tuple[Guardian, ...], tuple[NameFinding, ...]]:
        """A paper with whom it is for, and what it waits for."""
        net = texts.net(session, index, due.student_id, {})
        lines = typed_lines(facts, due)
        findings = net.find(joined(lines))
        guardians = self._recipients(session, facts, due)
        whom = _first(guardians, lines.get("adult", ""))
        if whom is None:
            why = " ".join(dict.fromkeys(one.why_not for one in guardians))
            none = "The roster names no guardian for this student."
            return replace(due, why=why or none), guardians, findings
        due = replace(due, guardian_id=whom.id, for_whom=whom.name)
        if "medicine" not in lines and net.names_a_child(due.medicine):
            why = "The name of the medicine holds another child’s name. Mend it in the order."
            return replace(due, why=why), guardians, findings
        if findings:
            names = len(findings)
            why = f"{names} word{'' if names == 1 else 's'} may be another child’s name."
            return replace(due, state="text", names=names, why=why), guardians, findings
        return replace(due, state="ready"), guardians, findings

    def _facts(self, session: Session, key: str) -> Facts:
        """What a paper is worked out from: of its own student alone."""
        try:
            student_id = self._student_of(session, key)
        except NoSuchRecord:
            raise _gone() from None
        return read_facts(session, self._context, self._box, self._book, student_id)

    def _recipients(self, session: Session, facts: Facts, due: PaperDue) -> tuple[Guardian, ...]:
        """Who could get it, with all that stands against each (R31)."""
        return self.recipients_in(session, facts.papers, due.student_id, sensitive=due.sensitive)


def _required(facts: Facts, key: str) -> PaperDue:
    due = one_due(facts, key)
    if due is None:
        raise _gone()
    return due


def _gone() -> CopyRefused:
    return CopyRefused(
        "paper-gone",
        "There is no such paper to be made any more.",
        "It was made already, or what it tells of was changed. Look at the list again.",
    )


def _first(guardians: Sequence[Guardian], adult: str) -> Guardian | None:
    """Whom it is for: who carried the medicine, else the first who may have it."""
    allowed = [one for one in guardians if one.allowed]
    named = (one for one in allowed if one.name.casefold() == adult.strip().casefold())
    return next(named, next(iter(allowed), None))


def _chosen(guardians: Sequence[Guardian], guardian_id: str, due: PaperDue) -> Guardian:
    for one in guardians:
        if one.id == guardian_id:
            return one
    if not guardian_id:
        who = next((stop.who for one in guardians for stop in one.stops), "")
        raise CopyRefused("recipient-refused", due.why, who or "Add a guardian to the student.")
    raise CopyRefused(
        "recipient-unknown",
        "This person is not entered as a guardian of this student.",
        "Add the guardian to the student first.",
    )


def _same_lines(typed: Mapping[Line, str], lines: Mapping[Line, str] | None) -> dict[Line, str]:
    """The lines of this paper, as they were typed or as somebody made them shorter."""
    given = lines or {}
    return {one: " ".join(given.get(one, text).split()) for one, text in typed.items()}


def _settle(net: texts.Net, whole: str, settled: Sequence[LineSettled]) -> None:
    """Raises UnsettledNames for words that nobody settled."""
    made = [Settled(one.start, one.end, one.word, one.decision, one.by) for one in settled]
    waiting = net.open(whole, made)
    if waiting:
        raise UnsettledNames(tuple((one.start, one.end) for one in waiting))
