"""Orders: entered, made active by two documents and a nurse, changed only by a new one.

Two statements (prescriber, parent) and the nurse's review make an order active (EC 49423; 70 O.S.
1-116.2; domain §1.1). A change of drug, dose, times or reason ends it and begins another (5 CCR
600); nothing is edited away.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import (
    CONSENT,
    CONTAINER,
    DOCUMENT,
    ORDER,
    STEP,
    ConsentGiven,
    ContainerSeen,
    Document,
    OrderStep,
)
from bt_desktop.services.health.model import (
    STOCK_SUBJECT,
    Consent,
    ContainerCheck,
    Order,
    OrderTerms,
    Quantity,
)
from bt_desktop.services.health.order_book import OrderBook, Standing
from bt_desktop.services.health.problems import OrderRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.openings import Openings
from bt_desktop.services.people_rows import bare
from bt_desktop.services.results.people import Problem
from bt_desktop.services.school_calendar import school_calendar

_MOST_TIMES = 4  # a page of the MAR has so many rows (domain §1.6)
_LONGEST_NAME = 120
_LEAST_REASON = 5
_MOST_BYTES = 20_000_000
OVER_MAXIMUM = "R8"
"""Where `special` says who confirmed a dose above the label's or the weight's most (R8)."""
_CONFIRMED = 10


class OrderService:
    """Enters, reads and moves orders."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        openings: Openings,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._openings = openings

    # --- reading -------------------------------------------------------------------------------

    def today(self) -> date:
        """The school's day."""
        with self._context.store.read() as session:
            return self._today(session)

    def get(self, order_id: str) -> Order:
        """One order as it stands today. Raises OrderRefused for none, NotYours."""
        with self._context.store.read() as session:
            return self._found(session, order_id).on(self._today(session))

    def of_student(self, student_id: str) -> tuple[Order, ...]:
        """A student's orders, newest first; an opening of the student's record.

        Raises NotYours, Denied.
        """
        with self._context.store.read() as session:
            today = self._today(session)
            reach = self._reaching.require_student(session, today, student_id)
            found = [
                one.on(today)
                for one in self._book.of_student(session, student_id)
                if reach.sees_order(one.terms.id, student_id)
            ]
        self._openings.shown_health(student_id)
        return tuple(reversed(found))

    def history(self, order_id: str) -> tuple[tuple[str, str, str, str], ...]:
        """What was done to an order: (ISO moment, user id, step, reason), oldest first."""
        with self._context.store.read() as session:
            return tuple(
                (at.isoformat(), user, step, reason)
                for at, user, step, reason in self._found(session, order_id).log
            )

    def documents(self, student_id: str, order_id: str | None = None) -> tuple[Document, ...]:
        """The kept scans and photos of a student's health file (of one order), oldest first."""
        with self._context.store.read() as session:
            reach = self._reaching.require_student(session, self._today(session), student_id)
            found = [
                kept.value(Document)
                for kept in self._box.read(session, DOCUMENT, subject=student_id)
            ]
        return tuple(
            one
            for one in found
            if (order_id is None or one.order_id == order_id)
            and (reach.everything or student_id in reach.glass)
        )

    def document_data(self, document_id: str) -> bytes:
        """The bytes of a kept scan. Raises OrderRefused for none, NotYours."""
        with self._context.store.read() as session:
            kept = self._box.one(session, document_id)
            if kept is None or kept.kind != DOCUMENT:
                raise OrderRefused("There is no such paper, or your account cannot open it.")
            document = kept.value(Document)
            reach = self._reaching.require_student(session, self._today(session), document.subject)
            if not (reach.everything or document.subject in reach.glass):
                raise OrderRefused("There is no such paper, or your account cannot open it.")
            data = self._box.file(session, document.file_id)
        self._openings.shown_health(document.subject)
        return data

    # --- entering ------------------------------------------------------------------------------

    def problems(self, terms: OrderTerms) -> tuple[Problem, ...]:
        """What is wrong with an order's terms, by field; empty when it can be entered."""
        return tuple(term_problems(terms))

    def add(self, terms: OrderTerms) -> str:
        """Enter an order; returns its id. It waits for its documents and the nurse's review.

        Raises OrderRefused (with the problems), Denied.
        """
        self._context.require(Action.ORDER_EDIT)
        with self._context.store.write() as session:
            return self._add(session, terms)

    def consent(self, order_id: str, who: str, consent: Consent) -> None:
        """The prescriber's or the parent's statement. A later one counts."""
        if who not in ("prescriber", "parent"):
            raise ValueError(who)
        self._context.require(Action.ORDER_EDIT)
        if not consent.name.strip():
            raise OrderRefused("Write the name of whoever gave this statement.")
        with self._context.store.write() as session:
            order, today = self._open(session, order_id)
            if consent.signed_on is not None and consent.signed_on > today:
                raise OrderRefused("The statement is dated in the future. Look at the date again.")
            given = ConsentGiven(
                order_id, "prescriber" if who == "prescriber" else "parent", consent
            )
            self._write(session, order, CONSENT, given, today)

    def container(self, order_id: str, check: ContainerCheck) -> None:
        """The container was held against the order."""
        self._context.require(Action.ORDER_EDIT)
        with self._context.store.write() as session:
            order, today = self._open(session, order_id)
            self._write(session, order, CONTAINER, ContainerSeen(order_id, check), today)

    def keep_document(
        self,
        student_id: str,
        data: bytes,
        *,
        kind: str,
        name: str,
        media_type: str,
        order_id: str | None = None,
    ) -> str:
        """Keep a scan or photo, sealed with the student's key; returns its id.

        Raises OrderRefused for an empty or too large file (20 MB), Denied.
        """
        self._context.require(Action.ORDER_EDIT)
        if not data or len(data) > _MOST_BYTES:
            raise OrderRefused("The file is empty or larger than 20 MB. Scan it again, smaller.")
        context = self._context
        with context.store.write() as session:
            file_id = self._box.put_file(session, student_id, data)
            document = Document(
                str(uuid.uuid4()),
                student_id,
                kind,
                name[:_LONGEST_NAME],
                media_type,
                len(data),
                hashlib.sha256(data).hexdigest(),
                file_id,
                context.actor.user_id,
                context.clock.now(),
                order_id,
            )
            self._box.add(
                session,
                student_id,
                DOCUMENT,
                document,
                about=order_id or "",
                day=self._today(session),
                id=document.id,
            )
        return document.id

    # --- moving on -----------------------------------------------------------------------------

    def review(self, order_id: str) -> Order:
        """The nurse looked at everything: the order counts, once both statements are there."""
        self._context.require(Action.ORDER_REVIEW)
        return self._step(order_id, "review", "")

    def hold(self, order_id: str, reason: str) -> Order:
        """No doses until it is resumed."""
        return self._step(order_id, "hold", _reason(reason))

    def resume(self, order_id: str, reason: str) -> Order:
        """Doses again."""
        return self._step(order_id, "resume", _reason(reason))

    def discontinue(self, order_id: str, reason: str) -> Order:
        """End it today, for good."""
        return self._step(order_id, "end", _reason(reason))

    def change(self, order_id: str, terms: OrderTerms, reason: str) -> str:
        """End an order and enter the one that takes its place; returns the new one's id.

        The new one waits for its own statements: the provider's is needed anew where medicine,
        dose, times or reason change (5 CCR 600). Raises OrderRefused.
        """
        self._context.require(Action.ORDER_EDIT)
        why = _reason(reason)
        with self._context.store.write() as session:
            order, today = self._open(session, order_id)
            if terms.student_id != order.terms.student_id:
                raise OrderRefused("A changed order stays with the same student.")
            self._write(session, order, STEP, OrderStep(order_id, "end", today, why), today)
            return self._add(session, replace(terms, replaces=order_id))

    # --- within --------------------------------------------------------------------------------

    def _step(self, order_id: str, step: str, reason: str) -> Order:
        self._context.require(Action.ORDER_EDIT)
        with self._context.store.write() as session:
            order, today = self._open(session, order_id)
            done = OrderStep(order_id, step, today, reason)  # type: ignore[arg-type]  # of the four
            self._write(session, order, STEP, done, today)
            return self._found(session, order_id).on(today)

    def _add(self, session: Session, terms: OrderTerms) -> str:
        problems = term_problems(terms)
        if problems:
            raise OrderRefused(problems[0].sentence, tuple(problems))
        subject = terms.student_id
        if subject != STOCK_SUBJECT and session.get(Student, bare(subject)) is None:
            raise OrderRefused("This student is not in the school's list any more.")
        made = replace(terms, id=str(uuid.uuid4()))
        self._box.add(
            session, subject, ORDER, made, about=made.id, day=self._today(session), id=made.id
        )
        return made.id

    def _write(
        self, session: Session, order: Standing, kind: str, value: object, today: date
    ) -> None:
        self._box.add(session, order.terms.student_id, kind, value, about=order.terms.id, day=today)

    def _open(self, session: Session, order_id: str) -> tuple[Standing, date]:
        """An order that has not ended, and today."""
        order, today = self._found(session, order_id), self._today(session)
        if order.ended_on is not None:
            raise OrderRefused("This order has ended. Enter a new one.")
        return order, today

    def _found(self, session: Session, order_id: str) -> Standing:
        order = self._book.order(session, order_id)
        if order is None:
            raise OrderRefused("There is no such order, or your account cannot open it.")
        self._reaching.require_order(
            session, self._today(session), order_id, order.terms.student_id
        )
        return order

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if len(said) < _LEAST_REASON:
        raise OrderRefused("Say in a few words why.")
    return said


def term_problems(terms: OrderTerms) -> list[Problem]:
    """What is wrong with the terms of an order, by field (domain §1.2)."""
    found = [
        Problem(field, code, text)
        for field, code, text, wrong in (
            ("medicine", "missing", "Write the name of the medicine.",
             not terms.medicine.name.strip()),
            ("medicine", "long", "The name of the medicine is too long.",
             len(terms.medicine.name) > _LONGEST_NAME),
            ("route", "missing", "Choose how it is given.", not terms.route),
            ("reason", "missing", "Write what it is given for.", not terms.reason.strip()),
            ("stop", "before", "The last day is before the first.", terms.stop < terms.start),
            ("stop", "long", "An order holds for one school year at most; it is renewed each year.",
             (terms.stop - terms.start).days > 366),
            ("takes", "amount", "Write how much of the counted stock one dose takes.",
             not _positive(terms.takes)),
        )
        if wrong
    ]  # fmt: skip
    return [*found, *_dose_problems(terms), *_when_problems(terms)]


def _positive(amount: Decimal) -> bool:
    return amount.is_finite() and amount > 0


def _dose_problems(terms: OrderTerms) -> list[Problem]:
    if not _positive(terms.dose.amount) or not terms.dose.unit.strip():
        text = "Write the dose as a number with its unit, such as 10 mg."
        return [Problem("dose", "amount", text)]
    most = terms.most_per_dose
    confirmed = len(terms.special.get(OVER_MAXIMUM, "").strip()) >= _CONFIRMED
    if most is not None and _more(terms.dose, most) and not confirmed:
        text = (
            f"The dose is more than the most that the label or the weight allows ({most}). "
            "Call the prescriber, and write who confirmed it and when."
        )
        return [Problem("dose", "R8", text)]
    return []


def _more(dose: Quantity, most: Quantity) -> bool:
    return dose.unit == most.unit and dose.amount > most.amount


def _when_problems(terms: OrderTerms) -> list[Problem]:
    if terms.prn is None:
        if not terms.times and terms.kind == "regular":
            return [Problem("times", "missing", "Write when it is given, or that it is as needed.")]
        if len(terms.times) > _MOST_TIMES or len(set(terms.times)) != len(terms.times):
            return [Problem("times", "many", "Up to four different times a day.")]
        return []
    problems = []
    if not any(one.strip() for one in terms.prn.symptoms):
        text = "Write what it is given for: the symptom that the prescriber names."
        problems.append(Problem("symptoms", "missing", text))
    if terms.prn.interval_min < 0 or terms.prn.most_per_day < 1:
        text = "Write the least time between two doses and the most in a day."
        problems.append(Problem("prn", "amount", text))
    return problems
