"""Stock: what came, what went, what is there; controlled medicines by two people.

The balance is computed and never typed. A controlled medicine's line bears the signatures of two
different people, each made with their own password; both and the line are written in one
transaction, so a program that is killed in between leaves none of them (domain §1.8, R19 to R22).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox, Signer
from bt_desktop.services.health.entries import LOT, MOVE
from bt_desktop.services.health.ledger import NOTHING, TWO_PEOPLE, Balance, balance, signed
from bt_desktop.services.health.ledger_checks import NewMove, line_problem, lot_problem
from bt_desktop.services.health.model import STOCK_SUBJECT, Lot, Move, MoveKind
from bt_desktop.services.health.problems import StockRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.rules import Finding
from bt_desktop.services.health.stock_rules import line_stopped, spoken, standing
from bt_desktop.services.results.export import Second
from bt_desktop.services.school_calendar import school_calendar


class StockService:
    """Lots and their ledgers."""

    def __init__(self, context: Context, box: HealthBox, reaching: Reaching) -> None:
        self._context = context
        self._box = box
        self._reaching = reaching

    # --- reading -------------------------------------------------------------------------------

    def balances(
        self, subject: str | None = None, *, also_empty: bool = False
    ) -> tuple[Balance, ...]:
        """Where every lot (of one student, or of STOCK_SUBJECT) stands, as far as it is reached."""
        with self._context.store.read() as session:
            return self.balances_in(session, subject, also_empty=also_empty)

    def balances_in(
        self, session: Session, subject: str | None = None, *, also_empty: bool = False
    ) -> tuple[Balance, ...]:
        """As `balances`, in the caller's session."""
        reach = self._reaching.now(session, self._today(session))
        lots = [
            kept.value(Lot)
            for kept in self._box.read(session, LOT, subject=subject)
            if reach.sees_student(kept.subject) or kept.subject == STOCK_SUBJECT
        ]
        moves: dict[str, list[Move]] = {lot.id: [] for lot in lots}
        for kept in self._box.read(session, MOVE, subject=subject):
            if kept.about in moves:
                moves[kept.about].append(kept.value(Move))
        found = (balance(lot, moves[lot.id]) for lot in lots)
        return tuple(one for one in found if also_empty or not one.empty() or not one.moves)

    def ledger(self, lot_id: str) -> tuple[Move, ...]:
        """Every line of a lot, oldest first. Raises StockRefused, NotYours."""
        with self._context.store.read() as session:
            lot = self.lot_in(session, lot_id)
            self._reaching.require_student(session, self._today(session), lot.subject)
            return self._moves(session, lot_id)

    def lot_in(self, session: Session, lot_id: str) -> Lot:
        """A lot by its id. Raises StockRefused for none, or one that cannot be opened."""
        kept = self._box.one(session, lot_id)
        if kept is None or kept.kind != LOT:
            raise StockRefused("There is no such container, or your account cannot open it.")
        return kept.value(Lot)

    def balance_in(self, session: Session, lot: Lot) -> Balance:
        """Where one lot stands."""
        return balance(lot, self._moves(session, lot.id))

    def spoken(self, lot: Lot, move: NewMove) -> tuple[Finding, ...]:
        """All that the rules say of it, answered or not; stops first. Reads nothing."""
        return spoken(lot, move)

    def standing(self, lot: Lot, move: NewMove) -> tuple[Finding, ...]:
        """What the rules say of a line that somebody is about to write and nothing in it answers.

        Reads nothing.
        """
        return standing(lot, move, self._context.actor.role)

    # --- writing -------------------------------------------------------------------------------

    def receive(
        self, lot: Lot, move: NewMove, *, password: str = "", second: Second | None = None
    ) -> str:
        """A container came in; returns the lot's id. Controlled: counted and signed by two.

        Slow where two people sign. Raises StockRefused, WitnessRefused, and as `vault.unlock`.
        """
        self._context.require(Action.STOCK_EDIT)
        made = replace(lot, id=str(uuid.uuid4()))
        _refuse(lot_problem(made))
        coming = replace(move, lot_id=made.id, kind="received")
        signers = self._signers(made, "received", password, second)
        with self._context.store.write() as session:
            self._box.add(
                session, made.subject, LOT, made, about=made.order_id or "",
                day=self._today(session), id=made.id,
            )  # fmt: skip
            self._line(session, made, coming, signers)
        return made.id

    def move(self, move: NewMove, *, password: str = "", second: Second | None = None) -> Move:
        """A line of the ledger. A controlled medicine's is signed by two people (R19).

        Slow where two people sign. Raises StockRefused, WitnessRefused, Denied, and as
        `vault.unlock` for a wrong password.
        """
        self._context.require(Action.STOCK_EDIT)
        if move.kind == "given":
            raise StockRefused("A dose takes from the stock by itself when it is recorded.")
        with self._context.store.read() as session:
            lot = self.lot_in(session, move.lot_id)
        signers = self._signers(lot, move.kind, password, second)
        with self._context.store.write() as session:
            return self._line(session, lot, move, signers)

    def moves(
        self, lines: Sequence[NewMove], *, password: str = "", second: Second | None = None
    ) -> tuple[Move, ...]:
        """Several lines that are one deed (a trip goes out): all are written, or none.

        Two people sign those of controlled medicines, each once. Slow then; raises as `move`.
        """
        self._context.require(Action.STOCK_EDIT)
        if any(line.kind == "given" for line in lines):
            raise StockRefused("A dose takes from the stock by itself when it is recorded.")
        with self._context.store.read() as session:
            lots = {line.lot_id: self.lot_in(session, line.lot_id) for line in lines}
        two = [line for line in lines if self._needs_two(lots[line.lot_id], line.kind)]
        both: tuple[Signer | None, Signer | None] = (None, None)
        if two:
            both = self._signers(lots[two[0].lot_id], two[0].kind, password, second)
        with self._context.store.write() as session:
            return tuple(
                self._line(session, lots[line.lot_id], line, both if line in two else (None, None))
                for line in lines
            )

    def take_in(
        self,
        session: Session,
        lot: Lot,
        taken: NewMove,
        dose_id: str,
        signers: tuple[Signer | None, Signer | None] = (None, None),
    ) -> Move:
        """A dose (or what was spilled of it) takes from a lot, in the transaction of the dose.

        Never refused for its balance: what happened is written down (R21 makes it a deviation).
        """
        return self._line(session, lot, taken, signers, dose_id=dose_id, happened=True)

    # --- within --------------------------------------------------------------------------------

    def _signers(
        self, lot: Lot, kind: MoveKind, password: str, second: Second | None
    ) -> tuple[Signer | None, Signer | None]:
        """Whoever does it and the second person, each by their own password."""
        if not self._needs_two(lot, kind):
            return None, None
        witness = self._box.witness(second, Action.STOCK_WITNESS)
        return self._box.own_again(password), witness

    @staticmethod
    def _needs_two(lot: Lot, kind: MoveKind) -> bool:
        return lot.medicine.controlled and kind in TWO_PEOPLE

    def _line(
        self,
        session: Session,
        lot: Lot,
        new: NewMove,
        signers: tuple[Signer | None, Signer | None],
        *,
        dose_id: str | None = None,
        happened: bool = False,
    ) -> Move:
        context, now = self._context, self._context.clock.now()
        before = self.balance_in(session, lot)
        if not happened:
            _refuse(line_problem(lot, new, before, now))
            _refuse(line_stopped(lot, new, context.actor.role))
        witness = signers[1]
        made = Move(
            str(uuid.uuid4()),
            lot.id,
            new.kind,
            signed(new.kind, new.amount),
            new.at or now,
            now,
            context.actor.user_id,
            counted=new.counted,
            expected=_expected(new, before),
            witness=witness.user_id if witness else "",
            dose_id=dose_id,
            reason=" ".join(new.reason.split()),
            method=new.method,
            carried_by=" ".join(new.carried_by.split()),
            relation=new.relation,
            adult=new.adult,
            agency=new.agency,
            receipt=new.receipt,
            trip=new.trip,
            incident=new.incident,
            allowed=() if happened else tuple(sorted(new.allowed)),
        )
        self._box.add(
            session,
            lot.subject,
            MOVE,
            made,
            about=lot.id,
            day=self._today(session),
            at=made.at,
            second=witness,
            id=made.id,
        )
        return made

    def _moves(self, session: Session, lot_id: str) -> tuple[Move, ...]:
        return tuple(
            kept.value(Move)
            for kept in self._box.read(session, MOVE, about=lot_id)
            if kept.kind == MOVE
        )

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise StockRefused(problem)


def _expected(new: NewMove, before: Balance) -> Decimal | None:
    """What the ledger says of what was counted: all of it, or what is out on the trip."""
    if new.counted is None:
        return None
    return before.trips.get(new.trip, NOTHING) if new.kind == "trip_in" else before.office


def total(balances: Iterable[Balance]) -> Decimal:
    """What is in the office of these lots together."""
    return sum((one.office for one in balances), NOTHING)
