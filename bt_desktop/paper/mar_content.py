"""What stands in a medication administration record (MAR), as plain values.

A month, a trip and a school year are filled by the services with these; paper only lays them out.
Amounts are words ("1.5", "30 tablets"): what is counted is computed where the ledger is. Moments
are aware and printed in the offset they carry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bt_desktop.paper.document import Hand, Ink

Off = Literal["", "weekend", "no_school", "outside"]
"""Why nothing is due on a day: a weekend, no school, before the start or after the stop."""

CODES: tuple[tuple[str, str], ...] = (
    ("A", "absent"),
    ("X", "no school"),
    ("E", "early dismissal"),
    ("F", "field trip"),
    ("N", "none at school"),
    ("O", "did not come"),
    ("R", "refused"),
    ("W", "withheld"),
    ("T", "transferred"),
    ("V", "vomited"),
    ("S", "spilled or dropped"),
)
"""The codes of a cell (health-office §1.5)."""

OPEN = "☐"
"""A time of a past school day that says nothing (R25)."""

_NONE = re.compile(
    r"\W*(no|none|nil|nka|nkda|no known( food| drug| medication| or| and)*( allergies)?|none known"
    r"|no allergies|keine|ninguna)\W*\Z",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Student:
    """The student as a health paper heads it. `allergies` in words; "" prints "not entered"."""

    name: str
    birth_date: date | None = None
    grade: str = ""
    room: str = ""
    allergies: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A medicine as it is ordered. `as_needed` says its terms where it has no times."""

    medicine: str
    strength: str = ""
    form: str = ""
    schedule: str = ""  # C-II … where it is controlled
    dose: str = ""
    route: str = ""
    times: tuple[time, ...] = ()
    as_needed: str = ""
    reason: str = ""
    instructions: str = ""
    prescriber: str = ""
    prescriber_phone: str = ""
    parent: str = ""
    parent_phone: str = ""
    start: date | None = None
    stop: date | None = None
    expires_on: date | None = None
    rx_number: str = ""
    storage: str = ""

    @property
    def title(self) -> str:
        """“Methylphenidate 10 mg tablet”."""
        return " ".join(filter(None, (self.medicine, self.strength, self.form)))


@dataclass(frozen=True, slots=True)
class MarCell:
    """What was recorded for one time of one day.

    `mark` is the giver's initials or a code. `remaining` is the count after it. `actual` is when,
    where that was outside of the window (for an as-needed dose: always). `late` is an entry made
    later (*); `error` that a medication error was reported (ME); `parent_called` PC. `due` False:
    no dose is ordered for this time on this day.
    """

    mark: str = ""
    remaining: str = ""
    actual: time | None = None
    late: bool = False
    error: bool = False
    parent_called: bool = False
    due: bool = True


@dataclass(frozen=True, slots=True)
class MarDay:
    """A day's column. `cells` has one entry for each row of the sheet, None where none was made.

    `moved` tells what came to the stock or left it beside doses ("+30", "−1"); `remaining` what is
    left at the day's end.
    """

    day: date
    cells: tuple[MarCell | None, ...]
    off: Off = ""
    moved: tuple[str, ...] = ()
    remaining: str = ""


@dataclass(frozen=True, slots=True)
class MarNote:
    """An explanation of a cell: when it is about, its code, the words, who wrote it when."""

    at: datetime
    code: str
    text: str
    by: str
    title: str = ""
    written_at: datetime | None = None
    ink: Ink | None = None


@dataclass(frozen=True, slots=True)
class AsNeededDose:
    """A dose of an as-needed order. `checked_at`: when the effect was looked at; one that was not
    `given` has none."""

    at: datetime
    symptom: str
    dose: str
    initials: str
    effect: str = ""
    checked_at: datetime | None = None
    late: bool = False
    given: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """Medicine that was brought: `quantity` on `before` makes `total`. `parent` handed it over."""

    at: datetime
    quantity: str
    parent: Hand
    staff: Hand
    rx_number: str = ""
    before: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """Medicine that left the stock other than as a dose: `kind` in words ("Returned to parent").

    `how` is the reason, the method or the agency and its receipt. `other` is the parent or witness.
    """

    at: datetime
    kind: str
    quantity: str
    how: str
    staff: Hand
    other: Hand | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A count of the stock by two people. `estimated`: a liquid, marked as an estimate."""

    at: datetime
    expected: str
    counted: str
    difference: str
    by: Hand
    witness: Hand | None = None
    estimated: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """One line of the key: initials, full signature, name and title."""

    initials: str
    name: str
    title: str
    ink: Ink | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Who closed the month, when; `open_cells` counts the cells that were empty then."""

    name: str
    title: str
    at: datetime
    ink: Ink | None = None
    open_cells: int = 0


@dataclass(frozen=True, slots=True)
class MarBack:
    """What stands on the pages behind the grid."""

    notes: tuple[MarNote, ...] = ()
    as_needed: tuple[AsNeededDose, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    removals: tuple[Removal, ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class MarSheet:
    """One student's one medicine over some days: those of a month, or of a trip.

    `times` heads the rows; None is the n-th dose of an as-needed order. `as_of` decides which empty
    cells are past and so "not documented". `digest` is the record's (hex SHA-256), `number` its
    number. `trip` names the trip a sheet is for. `to_write` leaves free rows for a pen.
    """

    student: Student
    order: Ordered
    school_year: str
    times: tuple[time | None, ...]
    days: tuple[MarDay, ...]
    as_of: datetime
    window_min: int = 30
    back: MarBack = MarBack()
    signers: tuple[Signer, ...] = ()
    closed: Closed | None = None
    controlled: bool = False
    codes: tuple[tuple[str, str], ...] = CODES
    number: str | None = None
    digest: str = ""
    trip: str = ""
    to_write: bool = False

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.days[0].day


@dataclass(frozen=True, slots=True)
class YearSheet:
    """One dose a day over a school year, on one page. `months` are first days, in order.

    A school day without an entry is in neither mapping; `off` says why nothing was due on a day.
    """

    student: Student
    order: Ordered
    school_year: str
    months: tuple[date, ...]
    cells: Mapping[date, MarCell]
    off: Mapping[date, Off]
    as_of: datetime
    signers: tuple[Signer, ...] = ()
    codes: tuple[tuple[str, str], ...] = CODES
    number: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was written about a month after it was closed; the closed page stays as it was.

    `month` is the month's first day, `digest` that of the closed page.
    """

    student: Student
    order: Ordered
    school_year: str
    month: date
    closed: Closed
    notes: tuple[MarNote, ...]
    as_of: datetime
    signers: tuple[Signer, ...] = ()
    digest: str = ""


def says_none(allergies: str) -> bool:
    """Whether it says in so many words that there are no allergies."""
    return _NONE.match(allergies.strip()) is not None


def allergies_line(allergies: str) -> str:
    """Allergies behind a warning sign, also where nothing is written; “none known” needs none."""
    plain = " ".join(allergies.split())
    return plain if says_none(plain) else f"▲ {plain or 'not entered'}"
