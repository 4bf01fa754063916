"""The order at the head of a medication record, with what its containers said then. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bt_desktop.paper.mar_content import Ordered
from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.mar_source import MarSource
from bt_desktop.services.health.order_papers import order_words


def ordered(source: MarSource) -> Ordered:
    """The order in the words of paper."""
    standing, check = source.standing, source.standing.container
    return order_words(
        standing.terms,
        standing.prescriber,
        standing.parent,
        parent_phone=source.parent_phone,
        stop=standing.ended_on or standing.terms.stop,
        expires_on=_expires(source),
        rx_number=(check.rx_number if check is not None else "")
        or next((lot.rx_number for lot in reversed(source.lots) if lot.rx_number), ""),
    )


def _expires(source: MarSource) -> date | None:
    """The soonest last good day of what is there, else what the label said."""
    left: dict[str, Decimal] = {}
    for one in source.moves:
        left[one.lot.id] = left.get(one.lot.id, NOTHING) + one.move.change
    there = [lot.expires_on for lot in source.lots if left.get(lot.id, NOTHING) > 0]
    check = source.standing.container
    return min(
        (day for day in there if day is not None),
        default=check.expires_on if check is not None else None,
    )
