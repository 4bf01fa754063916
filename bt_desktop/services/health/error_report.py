"""What a dose that went wrong tells the medication error report. Pure functions.

The answers are handed to `RecordService.start("medication_error", answers=…)`; the person looks
them through, adds the rest and signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bt_desktop.services.health.model import DoseRecord, OrderTerms

FORM = "medication_error"

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "R1": "practice",
        "R2": "practice",
        "R3": "no_parent",
        "R4": "no_prescription",
        "R5": "practice",
        "R6": "expired",
        "R7": "wrong_dose",
        "R8": "wrong_dose",
        "R9": "wrong_time",
        "R10": "extra",
        "R11": "practice",
        "R13": "wrong_time",
        "R14": "extra",
        "R17": "wrong_medicine",
        "R18": "practice",
        "R19": "practice",
        "R20": "count",
        "R21": "count",
    }
)
"""The type of error (domain §1.10) that a broken rule (§5) speaks for. It is offered, and whoever
writes the report corrects it: a rule cannot know that it was the wrong child."""

_NO_SHOW = "O"


def answers_of(
    dose: DoseRecord, order: OrderTerms | None = None, given_by: str | None = None
) -> dict[str, Any]:
    """The answers that a dose and its order tell, by the report's questions.

    `given_by` is the staff id of the dose's giver. What the dose does not say is left out.
    """
    day = dose.due_at or dose.at
    told: dict[str, Any] = {
        "about": "student",
        "reached": "yes",
        "student": dose.student_id,
        "error_types": error_types(dose),
        "event_date": day.date(),
        "event_began": dose.at if dose.was_given else day,
        "given_any": "yes" if dose.was_given else "no",
    }
    if order is not None:
        told |= _ordered(order, dose)
    if dose.was_given:
        told |= _given(dose, order, given_by)
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def error_types(dose: DoseRecord) -> tuple[str, ...]:
    """The types that the dose itself speaks for; none where somebody has to say."""
    found = [TYPES[rule] for rule in dose.broken if rule in TYPES]
    if not dose.was_given and dose.outcome == _NO_SHOW:
        found = ["omitted"]
    return tuple(dict.fromkeys(found))


def _ordered(order: OrderTerms, dose: DoseRecord) -> dict[str, Any]:
    return {
        "medicine": order.medicine.title,
        "controlled": "yes" if order.medicine.controlled else "no",
        "ordered_any": "yes",
        "ordered_dose": str(order.dose),
        "ordered_as_needed": "yes" if order.prn is not None else "no",
        "ordered_time": dose.due_at.time() if dose.due_at is not None else None,
        "ordered_route": order.route,
    }


def _given(dose: DoseRecord, order: OrderTerms | None, given_by: str | None) -> dict[str, Any]:
    named = dose.medicine_text or (order.medicine.title if order is not None else "")
    return {
        "medicine": order.medicine.title if order is not None else named,
        "given_medicine": named,
        "given_dose": str(dose.given) if dose.given is not None else "",
        "given_at": dose.at,
        "given_route": dose.route,
        "given_by": given_by,
    }


__all__ = ["FORM", "TYPES", "answers_of", "error_types"]
