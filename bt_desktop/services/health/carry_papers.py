"""Agreements to carry one's own medicine: what the law asks first, and what is there. Pure."""

from __future__ import annotations

from typing import Literal

from bt_desktop.paper.health_content import SelfCarryPaper, State
from bt_desktop.paper.mar_content import Student
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.order_papers import ordered

CarryKind = Literal["epinephrine", "inhaler", "other"]
STATES: dict[str, State] = {"us-ca": "us-ca", "us-ok": "us-ok"}


def carry_kind(order: Order) -> CarryKind:
    """Whose law is cited: of epinephrine (EC 49423), of inhaled medicine (49423.1), of none."""
    kind = order.terms.kind
    if kind == "epinephrine":
        return "epinephrine"
    return "inhaler" if kind == "inhaler" else "other"


def carry_ticks(order: Order) -> frozenset[str]:
    """The conditions that are fulfilled, by the keys of `paper.self_carry.boxes`."""
    carry, parent = order.terms.self_carry, order.parent
    told = {
        "prescriber": "prescriber" not in order.missing,
        "parent": "parent" not in order.missing,
        "contact": parent is not None and parent.may_contact_prescriber,
        "competent": carry is not None and carry.competent,
        "release": carry is not None and carry.release,
        "shown": carry is not None and carry.shown,
        "backup_at_school": carry is not None and carry.backup_at_school,
        "notice": carry is not None and carry.acknowledged,
        "acknowledged": carry is not None and carry.acknowledged,
    }
    return frozenset(key for key, there in told.items() if there)


def carry_paper(
    order: Order, student: Student, school_year: str, pack: str, *, blank: bool = False
) -> SelfCarryPaper:
    """The agreement; `blank`: its boxes are ticked by hand. Always to be signed by hand."""
    return SelfCarryPaper(
        student=student,
        order=ordered(order),
        school_year=school_year,
        state=STATES.get(pack, ""),
        kind=carry_kind(order),
        ticks=None if blank else carry_ticks(order),
    )


def carry_missing(order: Order, pack: str) -> tuple[str, ...]:
    """The sentences of the conditions that are not fulfilled."""
    from bt_desktop.paper.self_carry import boxes  # deferred: loads reportlab

    paper = carry_paper(order, Student(""), "", pack)
    ticks = paper.ticks or frozenset()
    return tuple(box.text for box in boxes(paper) if box.key not in ticks)
