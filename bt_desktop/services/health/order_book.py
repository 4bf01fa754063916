"""All orders that the signed-in person can read, folded from their entries and kept in step.

Reading 2,000 orders costs a third of a second once; after that only what is new is read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import NOTHING_READ, HealthBox, Kept, Mark, Undone
from bt_desktop.services.health.entries import (
    CONSENT,
    CONTAINER,
    DELEGATION,
    DELEGATION_END,
    ORDER,
    STEP,
    ConsentGiven,
    ContainerSeen,
    Delegation,
    DelegationEnd,
    OrderStep,
)
from bt_desktop.services.health.model import (
    STOCK_SUBJECT,
    Consent,
    ContainerCheck,
    Order,
    OrderStatus,
    OrderTerms,
)

PRESCRIBER, PARENT, REVIEW = "prescriber", "parent", "review"
_ANEW = 20
"""So many new keys at once, and everything is read anew."""
_KINDS = (ORDER, CONSENT, CONTAINER, STEP, DELEGATION, DELEGATION_END)


@dataclass(frozen=True, slots=True)
class Standing:
    """An order and everything done to it, without regard to the day."""

    terms: OrderTerms
    entered_at: datetime
    prescriber: Consent | None = None
    parent: Consent | None = None
    container: ContainerCheck | None = None
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    held: bool = False
    ended_on: date | None = None
    end_reason: str = ""
    log: tuple[tuple[datetime, str, str, str], ...] = ()  # when, user, step, reason

    def missing(self) -> tuple[str, ...]:
        """What stands between the order and a first dose (EC 49423; 70 O.S. 1-116.2).

        A parent's word by telephone is no document: it lets a nurse give (R3), and still waits
        for the paper. The school's own stock has a standing order and no parent.
        """
        waits = []
        if not _on_paper(self.prescriber):
            waits.append(PRESCRIBER)
        if self.terms.student_id != STOCK_SUBJECT and not _on_paper(self.parent):
            waits.append(PARENT)
        if not self.reviewed_by:
            waits.append(REVIEW)
        return tuple(waits)

    def on(self, day: date) -> Order:
        """The order as it stands on a day."""
        missing = self.missing()
        return Order(
            self.terms,
            self._status(day, missing),
            self.prescriber,
            self.parent,
            self.container,
            self.reviewed_by,
            self.reviewed_at,
            self.ended_on,
            self.end_reason,
            self.entered_at,
            missing,
        )

    def _status(self, day: date, missing: tuple[str, ...]) -> OrderStatus:
        if self.ended_on is not None and day >= self.ended_on:
            return "discontinued"
        if day > self.terms.stop:
            return "expired"
        if self.held:
            return "hold"  # also while a paper is missing: whoever allows that must know (R3, R4)
        if missing:
            return "waiting"
        return "upcoming" if day < self.terms.start else "active"


def _on_paper(consent: Consent | None) -> bool:
    return (
        consent is not None
        and bool(consent.name.strip())
        and consent.signed_on is not None
        and not consent.by_phone
    )


@dataclass(slots=True)
class _Books:
    mark: Mark = NOTHING_READ
    held: frozenset[str] = frozenset()
    orders: dict[str, Standing] = field(default_factory=dict)
    by_student: dict[str, list[str]] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)


class OrderBook:
    """Orders and delegations by id and by student; safe to use from several threads."""

    def __init__(self, box: HealthBox) -> None:
        self._box = box
        self._guard = threading.Lock()
        self._books = _Books()

    def order(self, session: Session, order_id: str) -> Standing | None:
        """One order; None where there is none, or it cannot be read."""
        return self._fresh(session).orders.get(order_id)

    def orders(self, session: Session) -> Iterable[Standing]:
        """Every order that can be read, oldest first."""
        return tuple(self._fresh(session).orders.values())

    def of_student(self, session: Session, student_id: str) -> tuple[Standing, ...]:
        """A student's orders, oldest first (or those of the school's stock)."""
        books = self._fresh(session)
        return tuple(books.orders[one] for one in books.by_student.get(student_id, ()))

    def delegations(self, session: Session) -> tuple[Delegation, ...]:
        """The delegations that were not taken back, whatever their last day."""
        return tuple(self._fresh(session).delegations.values())

    def forget(self) -> None:
        """Let go of everything (the vault is locked)."""
        with self._guard:
            self._books = _Books()

    def _fresh(self, session: Session) -> _Books:
        with self._guard:
            books, held = self._books, self._box.keys.readable(session)
            come = held - books.held
            if not held >= books.held or len(come) > _ANEW:
                books = self._books = _Books()
            elif books.mark.count:  # what was there before its key came
                for subject in sorted(come):
                    for kept in self._box.read(session, *_KINDS, subject=subject):
                        if kept.count <= books.mark.count:
                            _put(books, kept)
            try:
                upto = self._box.news(session, books.mark)
            except Undone:
                books = self._books = _Books()
                upto = self._box.news(session, books.mark)
            if upto is not None:
                for kept in self._box.read(session, *_KINDS, after=books.mark.count):
                    _put(books, kept)
                books.mark = upto
            books.held = held
            return books


def _put(books: _Books, kept: Kept) -> None:
    if kept.kind == ORDER:
        terms = kept.value(OrderTerms)
        books.orders[terms.id] = Standing(
            terms, kept.made_at, log=((kept.made_at, kept.by_user, "entered", ""),)
        )
        books.by_student.setdefault(terms.student_id, []).append(terms.id)
    elif kept.kind == DELEGATION:
        made = kept.value(Delegation)
        books.delegations[made.id] = made
    elif kept.kind == DELEGATION_END:
        books.delegations.pop(kept.value(DelegationEnd).delegation_id, None)
    else:
        order_id, changed = _CHANGES[kept.kind](books, kept)
        if changed is not None:
            books.orders[order_id] = changed


def _consent(books: _Books, kept: Kept) -> tuple[str, Standing | None]:
    given = kept.value(ConsentGiven)
    order = books.orders.get(given.order_id)
    if order is None:
        return given.order_id, None
    order = _noted(order, kept, given.who, "by_phone" if given.consent.by_phone else "")
    if given.who == PRESCRIBER:
        return given.order_id, replace(order, prescriber=given.consent)
    return given.order_id, replace(order, parent=given.consent)


def _container(books: _Books, kept: Kept) -> tuple[str, Standing | None]:
    seen = kept.value(ContainerSeen)
    order = books.orders.get(seen.order_id)
    if order is None:
        return seen.order_id, None
    return seen.order_id, replace(_noted(order, kept, "container", ""), container=seen.check)


def _step(books: _Books, kept: Kept) -> tuple[str, Standing | None]:
    done = kept.value(OrderStep)
    order = books.orders.get(done.order_id)
    if order is None:
        return done.order_id, None
    order = _noted(order, kept, done.step, done.reason)
    if done.step == "review":
        order = replace(order, reviewed_by=kept.by_user, reviewed_at=kept.made_at)
    elif done.step == "end":
        order = replace(order, ended_on=done.on, end_reason=done.reason)
    else:
        order = replace(order, held=done.step == "hold")
    return done.order_id, order


def _noted(order: Standing, kept: Kept, step: str, reason: str) -> Standing:
    return replace(order, log=(*order.log, (kept.made_at, kept.by_user, step, reason)))


_CHANGES = {CONSENT: _consent, CONTAINER: _container, STEP: _step}
