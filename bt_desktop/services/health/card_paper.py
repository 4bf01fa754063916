"""The emergency card as paper: values in, sealed PDF out."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.paper.emergency_card import emergency_card
from bt_desktop.paper.health_content import Contact, EmergencyCard, Rescue
from bt_desktop.paper.mar_content import Student
from bt_desktop.paper.seal import seal as sealed
from bt_desktop.security.audit import Head
from bt_desktop.services.context import Context
from bt_desktop.services.health import card_model
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.school_seal import seal_pems
from bt_desktop.services.trail_mark import trail_mark


def card_paper(
    session: Session,
    context: Context,
    card: card_model.EmergencyCard,
    photo: bytes | None,
    trail: Head,
) -> bytes:
    """The card on one page. `photo` is a JPEG."""
    now = context.clock.now()
    seal = seal_pems(session)
    mark = trail_mark(trail, seal.ca_cert, now, context.actor.name)
    pdf = emergency_card(_content(card, photo, context), letterhead(session), mark)
    return sealed(pdf, seal.cert, seal.key, seal.ca_cert, now)


def _content(
    card: card_model.EmergencyCard, photo: bytes | None, context: Context
) -> EmergencyCard:
    body = card.body
    return EmergencyCard(
        student=Student(card.name, card.birth_date, grade=card.grade),
        allergies=body.allergies,
        rescue=tuple(
            Rescue(
                one.medicine, one.dose, one.route, one.when, one.stored, one.then,
                one.expires_on, one.carried,
            )
            for one in body.rescue
        ),
        contacts=tuple(
            Contact(one.name, one.relation, tuple(filter(None, (one.phone,))))
            for one in card.contacts
        ),
        as_of=card.confirmed_at or context.clock.now(),
        no_allergies=body.no_allergies,
        conditions=body.conditions,
        doctor=Contact(body.doctor, "", tuple(filter(None, (body.doctor_phone,))))
        if body.doctor
        else None,
        photo=photo,
    )  # fmt: skip
