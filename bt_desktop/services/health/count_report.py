"""What a count that does not come out tells the medication error report. Pure.

As `error_report` for a dose: the answers are handed to `RecordService.start`, looked through and
signed like any. Theft or missing medicine is always an incident (domain §1.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bt_desktop.services.health.ledger import Balance, short_of
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import STOCK_SUBJECT, Lot, Move, plain


def answers_of_count(balance: Balance, moves: Sequence[Move]) -> dict[str, Any]:
    """The answers that a lot's newest count tells, by the report's questions."""
    lot = balance.lot
    count = next((move for move in reversed(moves) if _counted(lot, move)), None)
    student = None if lot.subject == STOCK_SUBJECT else lot.subject
    told: dict[str, Any] = {
        "about": "stock" if student is None else "student",
        "student": student,
        "error_types": _types(balance),
        "reached": "no",
        "medicine": lot.medicine.title,
        "controlled": "yes" if lot.medicine.controlled else "no",
        "noticed_how": "count",
        "count_unit": _unit(lot.unit),
        "count_estimated": "yes" if lot.estimated else "no",
    }
    if count is not None:
        told |= {
            "event_date": count.at.date(),
            "event_began": count.at,
            "count_expected": plain(count.expected) if count.expected is not None else "",
            "count_found": plain(count.counted) if count.counted is not None else "",
        }
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def _counted(lot: Lot, move: Move) -> bool:
    """A count, or a trip that did not bring back what was out."""
    return move.kind == "count" or bool(short_of(lot, move))


def _types(balance: Balance) -> tuple[str, ...]:
    missing = balance.mismatch is not None and balance.mismatch < 0
    return ("count", "missing") if missing else ("count",)


def _unit(code: str) -> str:
    unit = medication_lists().units.get(code)
    return unit.plural.get("en", unit.said) if unit is not None else code
