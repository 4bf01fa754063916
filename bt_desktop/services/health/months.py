"""Months of the medication record: closed and signed they are not changed any more (R25, R26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.problems import MonthClosed

MONTH = "month_closed"


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month of one order, closed: `entries` are the ids it holds, `digest` of its page."""

    order_id: str
    month: date  # its first day
    by_user: str
    at: datetime
    entries: int
    open_cells: int
    reason: str = ""
    digest: str = ""


def closed(session: Session, box: HealthBox, order_id: str | None, day: date) -> ClosedMonth | None:
    """The closing of an order's month that a day lies in; None while it is open."""
    if order_id is None:
        return None
    first = day.replace(day=1)
    found = [
        kept.value(ClosedMonth)
        for kept in box.read(session, MONTH, about=order_id, first=first, last=first)
    ]
    return found[-1] if found else None


def require_open(session: Session, box: HealthBox, order_id: str | None, day: date) -> None:
    """Raise MonthClosed where the month was closed."""
    if closed(session, box, order_id, day) is not None:
        raise MonthClosed
