"""The emergency card: allergies, rescue medicines, whom to call; for everybody, without asking.

Orders are sealed, so what stands on the card is put there by a nurse: when a rescue order becomes
active or ends, its text is offered and confirmed, and kept plainly. To read it leaves a line in the
student's access log; nobody is asked for a purpose, a password or a role (security design §6).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from bt_desktop.models.health import EmergencyCard as Row
from bt_desktop.models.people import Student, StudentPhoto
from bt_desktop.paper.mar_content import says_none
from bt_desktop.security import audit
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.card_model import (
    CardBody,
    CardContact,
    CardDue,
    EmergencyCard,
)
from bt_desktop.services.health.card_offer import differs, offered
from bt_desktop.services.health.card_rows import KEPT, card_digest
from bt_desktop.services.health.model import STOCK_SUBJECT, Order
from bt_desktop.services.health.order_book import OrderBook, Standing
from bt_desktop.services.health.stored import from_bytes, to_bytes
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people_rows import bare, guardians_of, people
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.record_load import holders
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.school_calendar import school_calendar

SAFETY = Purpose("safety")
_MOST_LINES, _LONGEST_LINE = 12, 200


class CardService:
    """Reads, prints, offers and keeps."""

    def __init__(self, context: Context, book: OrderBook, openings: Openings) -> None:
        self._context = context
        self._book = book
        self._openings = openings

    @property
    def may_read(self) -> bool:
        """Whether the role reads and prints cards."""
        return self._context.may(Action.EMERGENCY_CARD)

    @property
    def may_confirm(self) -> bool:
        """Whether the role confirms what stands on them."""
        return self._context.may(Action.ORDER_REVIEW)

    def get(self, student_id: str) -> EmergencyCard:
        """A student's card; a look at the student's data. Raises Denied, KeyError."""
        self._context.require(Action.EMERGENCY_CARD)
        with self._context.store.read() as session:
            card = self._card(session, student_id)
        self._openings.shown_health(student_id, "card", SAFETY)
        return card

    def printed(self, student_id: str) -> PrintedCopy:
        """The card on one page, sealed. Raises Denied, KeyError."""
        context = self._context
        context.require(Action.EMERGENCY_CARD)
        from bt_desktop.services.health.card_paper import card_paper  # deferred: loads reportlab

        with context.store.read() as session:
            card = self._card(session, student_id)
            photo = session.get(
                StudentPhoto, bare(student_id), options=[undefer(StudentPhoto.data)]
            )
            picture = bytes(photo.data) if photo is not None else None
            pdf = card_paper(session, context, card, picture, audit.head(session))
        digest = hashlib.sha256(pdf).hexdigest()
        with context.looking() as session:
            seen = [Seen(student_id, None, own=False)]
            self._openings.note_students(session, "print", seen, SAFETY)
            context.note(session, "card.print", student_id, digest=digest)
        return PrintedCopy(f"card:{digest[:16]}", 0, pdf, True, digest, "emergency-card.pdf")

    def card_in(self, session: Session, student_id: str) -> EmergencyCard:
        """As `get`, in the transaction of a service beside it, which leaves the line itself."""
        return self._card(session, student_id)

    # --- the nurse's deed ----------------------------------------------------------------------

    def offer(self, student_id: str) -> CardBody:
        """What the card would say by today's orders, to be looked through. Raises Denied."""
        self._context.require(Action.ORDER_REVIEW)
        with self._context.store.read() as session:
            body = self._card(session, student_id).body
            found = offered(body, self._orders(session, student_id))
        self._openings.shown_health(student_id)
        return found

    def confirm(self, student_id: str, body: CardBody) -> None:
        """Keep what the card says; the one before is gone. Raises Denied, KeyError."""
        context = self._context
        context.require(Action.ORDER_REVIEW)
        with context.store.write() as session:
            student = session.get(Student, bare(student_id))
            if student is None:
                raise KeyError(student_id)
            made = replace(_tidy(body), known=_said(student))
            row = Row(
                student_id=student_id,
                body=json.loads(to_bytes(made)),
                by_user=context.actor.user_id,
                updated_at=context.clock.now(),
            )
            session.merge(row)
            session.flush()
            context.note(session, KEPT, student_id, digest=card_digest(row))

    def due(self) -> tuple[CardDue, ...]:
        """The cards that say something else than the orders do today; none for other roles."""
        if not self.may_confirm:
            return ()
        with self._context.store.read() as session:
            today = self._today(session)
            by_student: dict[str, list[Order]] = {}
            for one in self._book.orders(session):
                if one.terms.student_id != STOCK_SUBJECT:
                    by_student.setdefault(one.terms.student_id, []).append(one.on(today))
            bodies = {row.student_id: _body(row.body) for row in session.scalars(select(Row))}
            found = {}
            for student, orders in by_student.items():
                came, ended = differs(bodies.get(student, CardBody()), orders)
                if came or ended:
                    found[student] = came, ended
            known = people(session, found)
        return tuple(
            CardDue(one, known[one].name, *found[one])
            for one in sorted(found, key=lambda one: known[one].name if one in known else "")
            if one in known and known[one].active
        )

    # --- within --------------------------------------------------------------------------------

    def _card(self, session: Session, student_id: str) -> EmergencyCard:
        student = session.get(Student, bare(student_id))
        if student is None:
            raise KeyError(student_id)
        row = session.get(Row, student_id)
        body = _with_known(_body(row.body) if row is not None else CardBody(), student)
        by = holders(session).get(row.by_user) if row is not None else None
        return EmergencyCard(
            student_id=student_id,
            name=whole_name(student),
            birth_date=student.birth_date,
            grade=student.grade,
            teacher=student.teacher,
            body=body,
            contacts=tuple(
                CardContact(one.name, one.relation, one.phone, one.language, one.needs_interpreter)
                for one in guardians_of(session, bare(student_id))
                if not one.no_contact
            ),
            confirmed_at=row.updated_at if row is not None else None,
            confirmed_by=by.name if by is not None else "",
        )

    def _orders(self, session: Session, student_id: str) -> Iterable[Order]:
        today = self._today(session)
        standing: tuple[Standing, ...] = self._book.of_student(session, student_id)
        return [one.on(today) for one in standing]

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _body(kept: Any) -> CardBody:
    return from_bytes(json.dumps(kept).encode(), CardBody)


def _with_known(body: CardBody, student: Student) -> CardBody:
    """What the directory knows as well: an allergy that came to be known later is never hidden."""
    none = says_none(student.allergies)
    allergies = _more(body.allergies, body.known, "" if none else student.allergies)
    return replace(
        body,
        allergies=allergies,
        no_allergies=(body.no_allergies or none) and not allergies,
        conditions=_more(body.conditions, body.known, student.medical_alert, student.health_note),
    )


def _said(student: Student) -> tuple[str, ...]:
    """What the directory says that belongs on a card."""
    told = (student.allergies, student.medical_alert, student.health_note)
    return tuple(said for one in told if (said := " ".join(one.split())))


def _more(lines: tuple[str, ...], seen: tuple[str, ...], *known: str) -> tuple[str, ...]:
    """The lines, and what is said in none of them and was not seen when they were confirmed."""
    told = " ".join(lines).casefold()
    said = (" ".join(one.split()) for one in known)
    return (
        *lines,
        *(one for one in said if one and one not in seen and one.casefold() not in told),
    )


def _tidy(body: CardBody) -> CardBody:
    allergies = _lines(body.allergies)
    return replace(
        body,
        allergies=allergies,
        no_allergies=body.no_allergies and not allergies,
        conditions=_lines(body.conditions),
    )


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    found = (" ".join(one.split())[:_LONGEST_LINE] for one in lines)
    return tuple(one for one in found if one)[:_MOST_LINES]
