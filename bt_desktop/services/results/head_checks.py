"""Head checks as the services hand them out: what was checked, what is due, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CheckState = Literal["done", "late", "due", "coming", "open"]


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """One of the four checks of the CDC HEADS UP checklist.

    `point` is `0`, `15`, `30` or `leaving`; `row` its place among the rows of the form (from 1),
    0 where none was begun. `done` and `late` are checked (`late`: more than five minutes late),
    `due` waits now, `coming` later, `open` (only `leaving`) waits for no time.
    """

    point: str
    state: CheckState
    due: datetime | None
    row: int = 0
    checked_at: datetime | None = None
    late_by: int = 0


@dataclass(frozen=True, slots=True)
class WaitingCheck:
    """A check with a time that nobody has made yet. `who` is the given name and an initial."""

    record_id: str
    who: str
    point: str
    due: datetime
    row: int
