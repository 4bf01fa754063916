"""The emergency card as the services hand it out: what everybody may read, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

RESCUE_KINDS = frozenset(("seizure", "epinephrine", "inhaler", "naloxone", "diabetes"))
"""Kinds of orders (`model.OrderKind`) that stand on the card."""


@dataclass(frozen=True, slots=True)
class CardMedicine:
    """A rescue medicine: `when` it is given, `then` what to do after it, `stored` where it lies.

    `order_id` names the order it was taken from; `carried`: the student has it along.
    """

    order_id: str
    medicine: str
    dose: str
    route: str
    when: str = ""
    then: str = ""
    stored: str = ""
    carried: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class CardBody:
    """What a nurse confirms. `allergies` are single lines, the worst first; none of them and
    `no_allergies` False says that nobody asked yet. `known` is what the directory said then: what
    it says later is shown as well, until a nurse has seen it."""

    allergies: tuple[str, ...] = ()
    no_allergies: bool = False
    rescue: tuple[CardMedicine, ...] = ()
    conditions: tuple[str, ...] = ()
    doctor: str = ""
    doctor_phone: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardContact:
    """Whom to call, in this order."""

    name: str
    relation: str
    phone: str
    language: str = ""
    needs_interpreter: bool = False


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """A student's card. `confirmed_at` None: no nurse has looked at it, so it holds only what the
    directory knows."""

    student_id: str
    name: str
    birth_date: date | None
    grade: str
    teacher: str
    body: CardBody
    contacts: tuple[CardContact, ...]
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class CardDue:
    """A card that says something else than the orders: medicines that came, and that ended."""

    student_id: str
    name: str
    came: tuple[str, ...]
    ended: tuple[str, ...]
