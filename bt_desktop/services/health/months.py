"""Months of the medication record: closed and signed they are not changed any more (R25, R26).

Whether one is closed, and which entries of the store belong to it.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthEntry
from bt_desktop.services.canonical import digest_of
from bt_desktop.services.health.box import HealthBox, entry_bytes, of_no_index
from bt_desktop.services.health.entries import (
    DOSE,
    EFFECT,
    LOT,
    MONTH,
    MONTH_NOTE,
    MOVE,
    STRUCK,
)
from bt_desktop.services.health.month_model import ClosedMonth, Closing
from bt_desktop.services.health.problems import MonthClosed

CLOSED = "month.close"
"""The entry of the audit trail: which closing, the digest of what it holds, how many entries."""


def first_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def closing(session: Session, box: HealthBox, order_id: str, month: date) -> Closing | None:
    """How an order's month was closed; None while it is open."""
    found = [
        Closing(kept.value(ClosedMonth), kept.count)
        for kept in box.read(session, MONTH, about=order_id, first=month, last=month)
    ]
    return found[-1] if found else None


def closed(session: Session, box: HealthBox, order_id: str | None, day: date) -> ClosedMonth | None:
    """The closing of an order's month that a day lies in; None while it is open."""
    if order_id is None:
        return None
    found = closing(session, box, order_id, first_of(day))
    return found.month if found is not None else None


def require_open(session: Session, box: HealthBox, order_id: str | None, day: date) -> None:
    """Raise MonthClosed where the month was closed."""
    if closed(session, box, order_id, day) is not None:
        raise MonthClosed


# --- what a month holds ----------------------------------------------------------------------


def month_rows(
    session: Session, order_id: str, month: date, before: int | None = None
) -> Sequence[HealthEntry]:
    """The entries of an order's month, oldest first; those before a count, where one is named.

    Its doses and notes by the school day they count for, what was said of these doses whenever it
    was said, and what was written into the ledgers of its containers in the month. Told from the
    plain columns, so that whoever holds no key can compare them too (`integrity`).
    """
    in_month = of_no_index(HealthEntry.day).between(month, last_of(month))
    lots = select(HealthEntry.id).where(HealthEntry.kind == LOT, HealthEntry.about == order_id)
    doses = select(HealthEntry.id).where(
        HealthEntry.kind == DOSE,
        HealthEntry.about == order_id,
        in_month,
    )
    wanted = select(HealthEntry).where(
        or_(
            HealthEntry.kind.in_((DOSE, MONTH_NOTE)) & (HealthEntry.about == order_id) & in_month,
            HealthEntry.kind.in_((STRUCK, EFFECT)) & HealthEntry.about.in_(doses),
            (HealthEntry.kind == MOVE) & HealthEntry.about.in_(lots) & in_month,
        )
    )
    if before is not None:
        wanted = wanted.where(HealthEntry.count < before)
    return session.scalars(wanted.order_by(HealthEntry.count)).all()


def month_digest(rows: Sequence[HealthEntry]) -> str:
    """The SHA-256 (hex) over what was signed of each of these entries, in their order."""
    return digest_of([hashlib.sha256(entry_bytes(row)).hexdigest() for row in rows])
