"""Doses: checked before they are given, recorded as they happened, explained afterwards.

Before a dose the rules may stop it; what has happened is recorded whatever they say, and a rule
that nobody allowed makes it a deviation, which asks for the medication-error report (domain §5).
An emergency dose needs no order. A dose, its line in the ledger and both signatures are written in
one transaction, so a program that is killed leaves all of them or none.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox, Signer
from bt_desktop.services.health.dose_allow import Allowances, Allowing
from bt_desktop.services.health.dose_around import Surroundings
from bt_desktop.services.health.dose_facts import (
    Around,
    facts_of,
    needs_witness,
)
from bt_desktop.services.health.dose_log import Doses, read_doses
from bt_desktop.services.health.dose_made import LONGEST, Made, dose_of
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.entries import DOSE, EFFECT, STRUCK, Struck
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import (
    DoseRecord,
    Effect,
    Lot,
    Order,
)
from bt_desktop.services.health.months import require_open
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import DoseRefused, DoseStopped
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.rules import (
    Finding,
    allowed,
    check,
    may_allow,
    unexplained,
)
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.times import day_of
from bt_desktop.services.openings import Openings

_LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel of one dose shows beside the order: where everything around it stands."""

    order: Order
    doses: tuple[DoseRecord, ...]  # of the last days, newest first
    balances: tuple[Balance, ...]
    similar: tuple[str, ...]
    allergies: str
    birth_date: date | None
    may_allow: frozenset[str]
    witness: bool
    day: date


class DoseService:
    """Checks and records doses."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        stock: StockService,
        openings: Openings,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._stock = stock
        self._openings = openings
        self._allowing = Allowing(context, box)
        self._place = Surroundings(context, box, book, reaching, stock)

    # --- before ----------------------------------------------------------------------------------

    def panel(self, order_id: str, due_at: datetime | None = None) -> Panel:
        """Everything around one dose. Raises DoseRefused for no such order, NotYours."""
        with self._context.store.read() as session:
            standing = self._book.order(session, order_id)
            if standing is None:
                raise DoseRefused("There is no such order, or your account cannot open it.")
            request = DoseRequest("", standing.terms.student_id, order_id, due_at=due_at)
            around = self._place.around(session, request)
            balances = self._stock.balances_in(session, standing.terms.student_id)
        order = around.order
        assert order is not None  # noqa: S101 - it was found a moment ago
        student = around.student
        return Panel(
            order,
            tuple(reversed(around.doses.of_order(order_id))),
            tuple(one for one in balances if one.lot.order_id == order_id),
            tuple(f"{one.given} {one.family}" for one in around.similar),
            student.allergies if student is not None else "",
            student.birth_date if student is not None else None,
            frozenset(
                one.rule
                for one in check("give", facts_of(request, around))
                if may_allow(one, self._context.actor.role, own=True)
            ),
            needs_witness(around, request),
            around.day,
        )

    def check(self, request: DoseRequest) -> tuple[Finding, ...]:
        """What the rules say of a dose as it stands in the panel; stops first. Writes nothing."""
        with self._context.store.read() as session:
            around = self._place.around(session, request)
            return check("give", facts_of(request, around), emergency=request.emergency)

    def waiting(self, request: DoseRequest) -> tuple[Finding, ...]:
        """The stops of `check` that nothing in the request lifts yet."""
        with self._context.store.read() as session:
            around = self._place.around(session, request)
            findings = check("give", facts_of(request, around), emergency=request.emergency)
            words = self._allowing.words(session, request)
        return tuple(one for one in findings if one.stops and not allowed(one, words))

    # --- recording -------------------------------------------------------------------------------

    def record(self, request: DoseRequest) -> Recorded:
        """Record a dose, given or not. The same request twice is one dose.

        Slow where two people sign or somebody else allows a stop. Raises DoseStopped (nothing is
        recorded; say `happened` if it is done), DoseRefused, MonthClosed, WitnessRefused, NotYours,
        Denied, and as `vault.unlock` for a wrong password.
        """
        allowances, signers = self._allowing.allowances(request), self._allowing.signers(request)
        with self._context.store.write() as session:
            return self._recorded(session, request, allowances, signers)

    def _recorded(
        self,
        session: Session,
        request: DoseRequest,
        allowances: Allowances,
        signers: tuple[Signer | None, Signer | None],
    ) -> Recorded:
        kept = self._box.one(session, request.id)
        if kept is not None and kept.kind == DOSE:
            return Recorded(kept.value(DoseRecord), again=True)
        around = self._place.around(session, request)
        if not request.happened:
            require_open(session, self._box, request.order_id, self._day(request, around))
        findings = check("give", facts_of(request, around), emergency=request.emergency)
        _refuse(findings)
        open_stops = tuple(
            one
            for one in findings
            if one.stops and not allowed(one, [word for word, _ in allowances])
        )
        if not request.happened:
            if open_stops:
                raise DoseStopped(open_stops)
            _ask_why(findings, request)
        made = Made(findings, open_stops, allowances, signers[1], self._context.actor.user_id)
        dose = dose_of(request, around, made)
        self._write(session, dose, around, signers, request)
        return Recorded(dose)

    def emergency(self, request: DoseRequest) -> Recorded:
        """Record an emergency dose: no order, no rule and no role stops it. Finished later.

        Whoever has no key to the student's file puts it in without being able to read it.
        Raises DoseRefused when it says neither who nor what, or lies in the future.
        """
        self._context.require(Action.DOSE_EMERGENCY)
        if request.order_id is None and not request.medicine_text.strip():
            raise DoseRefused("Write what was given.")
        return self.record(replace(request, emergency=True, happened=True))

    # --- afterwards ------------------------------------------------------------------------------

    def effect(self, dose_id: str, text: str, *, worse: bool, at: datetime | None = None) -> str:
        """How an as-needed dose worked (R12); returns the entry's id."""
        said = " ".join(text.split())[:LONGEST]
        if len(said) < 3:
            raise DoseRefused("Write in a few words how it worked.")
        context = self._context
        with context.store.write() as session:
            dose = self._place.found(session, dose_id, to_write=True)
            now = context.clock.now()
            made = Effect(str(uuid.uuid4()), dose_id, at or now, said, worse, context.actor.user_id)
            return self._box.add(
                session, dose.student_id, EFFECT, made, about=dose_id,
                day=self._place.day_of(session, dose.due_at or dose.at), at=made.at, id=made.id,
            )  # fmt: skip

    def strike(
        self, dose_id: str, reason: str, instead: DoseRequest | None = None
    ) -> Recorded | None:
        """Take an entry out of the account with the reason, and put another in its place.

        The struck entry stays in the store and on paper. What it took from the stock is given back
        by the correction's own line. Raises as `record`.
        """
        said = " ".join(reason.split())
        if len(said) < _LEAST_REASON:
            raise DoseRefused("Say in a few words what was wrong with the entry.")
        ready = None
        if instead is not None:
            new = replace(instead, replaces=dose_id, happened=True)
            ready = new, self._allowing.allowances(new), self._allowing.signers(new)
        with self._context.store.write() as session:
            dose = self._place.found(session, dose_id, to_write=True)
            day = self._place.day_of(session, dose.due_at or dose.at)
            require_open(session, self._box, dose.order_id, day)
            that_day = read_doses(session, self._box, first=day, last=day, subject=dose.student_id)
            if dose_id in that_day.struck:
                raise DoseRefused("This entry was struck already.")
            self._box.add(
                session, dose.student_id, STRUCK, Struck(dose_id, said), about=dose_id, day=day
            )
            self._give_back(session, dose, said)
            return None if ready is None else self._recorded(session, *ready)

    def one(self, dose_id: str) -> DoseRecord:
        """A dose by its id. Raises DoseRefused for none, NotYours."""
        with self._context.store.read() as session:
            return self._place.found(session, dose_id)

    def of_student(self, student_id: str, first: date, last: date) -> Doses:
        """A student's doses of these school days, both inclusive; an opening of their record.

        Raises NotYours, Denied.
        """
        with self._context.store.read() as session:
            reach = self._reaching.require_student(session, self._place.today(session), student_id)
            found = read_doses(session, self._box, first=first, last=last, subject=student_id)
            found.standing = [
                one for one in found.standing if reach.sees_order(one.order_id or "", student_id)
            ]
        self._openings.shown_health(student_id)
        return found

    # --- within ----------------------------------------------------------------------------------

    # --- writing

    def _write(
        self,
        session: Session,
        dose: DoseRecord,
        around: Around,
        signers: tuple[Signer | None, Signer | None],
        request: DoseRequest,
    ) -> None:
        self._box.add(
            session,
            dose.student_id,
            DOSE,
            dose,
            about=dose.order_id or "",
            day=self._day(request, around),
            at=dose.at,
            second=signers[1],
            id=dose.id,
        )
        if around.balance is not None and dose.used is not None:
            wasted = medication_lists().outcomes[dose.outcome].stock == "wasted"
            taken = NewMove(
                around.balance.lot.id,
                "wasted" if wasted else "given",
                dose.used,
                at=dose.at,
                reason=dose.reason,
                trip=request.trip,
            )
            self._stock.take_in(session, around.balance.lot, taken, dose.id, signers)
        if dose.deviation:
            self._context.note(session, "dose.deviation", f"entry:{dose.id}")

    def _give_back(self, session: Session, dose: DoseRecord, reason: str) -> None:
        """What a struck entry took from a container was not taken: a line of its own says so."""
        if dose.lot_id is None or not dose.used:
            return
        lot: Lot = self._stock.lot_in(session, dose.lot_id)
        back = NewMove(lot.id, "given", -dose.used, at=dose.at, reason=reason)
        self._stock.take_in(session, lot, back, dose.id)

    def _day(self, request: DoseRequest, around: Around) -> date:
        """The school day a dose counts for: of its scheduled time, else of when it was given."""
        return day_of(request.due_at or request.at or around.now, around.calendar)


def _refuse(findings: Iterable[Finding]) -> None:
    """What must be answered whatever happened: a time to come, a reason left out."""
    asked = [one for one in findings if one.level == "ask"]
    if asked:
        raise DoseRefused(f"{asked[0].what} {asked[0].next}")


def _ask_why(findings: Iterable[Finding], request: DoseRequest) -> None:
    """A warning that wants a reason has it before the dose is given; done is done without one."""
    asked = unexplained(findings, request.reason)
    if asked:
        raise DoseRefused(f"{asked[0].what} {asked[0].next}")
