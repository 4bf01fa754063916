"""What is written down about a month of the medication record as a whole, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a time of a closed month says nothing. `due_at` is the scheduled moment."""

    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month of one order, closed: how many `entries` it holds and the `digest` over them (hex
    SHA-256), `explained` each of its open cells, `document` the id of its sealed page.

    `signed_as` is the name as the closer typed it.
    """

    order_id: str
    month: date  # its first day
    by_user: str
    at: datetime
    entries: int
    open_cells: int
    reason: str = ""
    digest: str = ""
    explained: tuple[Explained, ...] = ()
    document: str = ""
    signed_as: str = ""


@dataclass(frozen=True, slots=True)
class MonthNote:
    """Something to say about a month of an order, also after it was closed."""

    id: str
    order_id: str
    month: date  # its first day
    at: datetime
    text: str
    by_user: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing with where it stands in the store: what came later is not on its page."""

    month: ClosedMonth
    count: int
