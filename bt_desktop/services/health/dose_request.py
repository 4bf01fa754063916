"""What somebody says they are about to give, or what happened: before it is a dose on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bt_desktop.services.health.model import (
    DoseRecord,
    Identified,
    Location,
    Outcome,
    Quantity,
)
from bt_desktop.services.results.export import Second


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody allows what a rule stops. `by` left out: whoever records it.

    `told` answers what the rule asks for beside a reason (whom was called, when), by its code.
    """

    rule: str
    reason: str
    told: tuple[tuple[str, str], ...] = ()
    by: Second | None = None


@dataclass(frozen=True, slots=True)
class DoseRequest:
    """A dose about to be given, or one that was.

    `id` is chosen by the panel that asks: the same one twice is one dose. `at` left out is now.
    `happened` says that it is already done: it is then recorded whatever the rules say, and what
    nobody may allow makes it a deviation. `birth_date_retyped` answers a name alert (R2).
    `password` and `second` sign where two people must.
    """

    id: str
    student_id: str
    order_id: str | None
    outcome: Outcome = "given"
    due_at: datetime | None = None
    at: datetime | None = None
    given: Quantity | None = None
    route: str = ""
    site: str = ""
    location: Location = "office"
    reason: str = ""
    symptom: str = ""
    home_dose_at: datetime | None = None
    home_asked: bool = False
    identified: Identified = field(default_factory=Identified)
    birth_date_retyped: bool = False
    rights: frozenset[str] = frozenset()
    lot_id: str | None = None
    used: Decimal | None = None
    parent_called: bool = False
    prescriber_called: bool = False
    special: tuple[tuple[str, str], ...] = ()
    emergency: bool = False
    medicine_text: str = ""
    happened: bool = False
    overrides: tuple[Override, ...] = ()
    password: str = field(default="", repr=False)
    second: Second | None = None
    replaces: str | None = None
    trip: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A dose on record. `again`: it was there already (the same request twice)."""

    dose: DoseRecord
    again: bool = False

    @property
    def needs_error_report(self) -> bool:
        """Whether the medication-error report has to be written."""
        return self.dose.deviation
