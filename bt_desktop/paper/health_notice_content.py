"""What the health office's papers for parents say, as plain values that the services fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class MedicineGiven:
    """A dose that was given as needed. `next_at`: the earliest next dose; None says to ask.

    `medicine` and `dose` in plain words ("Ibuprofen 200 mg tablet", "1 tablet (200 mg)").
    `hours` is the least time between two doses, in words ("6 hours").
    """

    child: str
    medicine: str
    dose: str
    route: str
    at: datetime
    reason: str
    next_at: datetime | None
    hours: str = ""
    most_reached: bool = False  # no more today
    response: str = ""
    checked_at: datetime | None = None
    called_911: bool = False
    by: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A dose that was not given: when it was due, and the code of why ("" for none written)."""

    due: datetime
    code: str


@dataclass(frozen=True, slots=True)
class MedicineNotGiven:
    """Doses of one medicine that were not given, oldest first."""

    child: str
    medicine: str
    missed: tuple[Missed, ...]
    by: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class SupplyNotice:
    """That medicine is low, gets out of date or has to be picked up.

    `left` in words; `lasts` the last day it is enough for; `by` until when to bring or pick up;
    `asked` are earlier notices ("a letter on May 20").
    """

    kind: Literal["low", "expiry", "pick_up"]
    child: str
    medicine: str
    left: str
    by: date | None = None
    lasts: date | None = None
    expires_on: date | None = None
    why: Literal["", "ended", "expired", "year_end"] = ""
    asked: tuple[str, ...] = ()
    writer: str = ""
    number: str = ""


HealthNotice = MedicineGiven | MedicineNotGiven | SupplyNotice
