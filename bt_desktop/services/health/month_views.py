"""What the months of the medication record are shown as: lines of a list, one month, its paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.services.health.month_model import ClosedMonth, MonthNote

State = Literal["closed", "open", "complete", "running"]
"""Of an order's month: closed and signed; over, with times that say nothing; over and complete;
not over yet."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One order in one month. `entries` counts what was recorded, `open` the times that say
    nothing, `after` what was written after the closing."""

    order_id: str
    student_id: str
    student: str
    grade: str
    medicine: str
    controlled: bool
    as_needed: bool
    month: date
    state: State
    entries: int
    open: int
    after: int = 0
    closed: ClosedMonth | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True)
class MonthView:
    """One order's month, to look through before it is closed, or after."""

    line: MonthLine
    open_cells: tuple[datetime, ...]
    notes: tuple[MonthNote, ...]
    may_close: bool
    why_not: str = ""  # a sentence, where it cannot be closed yet
    has_addendum: bool = False  # something was written after the closing


@dataclass(frozen=True, slots=True)
class MonthPaper:
    """Sealed pages. `addendum`: what was written after the closing, on pages of its own."""

    pdf: bytes
    addendum: bytes | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ClosedAll:
    """What closing all of a month came to: how many are closed now, and which were left, why."""

    closed: int
    left: tuple[tuple[str, str], ...] = ()  # order id, a sentence
