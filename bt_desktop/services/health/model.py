"""What the health office keeps, as plain values: orders, doses, stock, delegation, visits.

Frozen, without any store. Amounts are `Decimal` (a tablet and a half is `1.5`), never floats;
moments are aware datetimes on the school's clocks; times of day are the school's. Codes of routes,
units, outcomes and kinds are those of `forms/medication_lists.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

MedicineKind = Literal["rx", "otc", "herbal"]
OrderKind = Literal[
    "regular", "seizure", "epinephrine", "inhaler", "naloxone", "diabetes"
]  # what is given is asked apart for each of them
OrderStatus = Literal["draft", "waiting", "active", "hold", "discontinued", "expired", "upcoming"]
"""`draft`: terms incomplete or not handed in · `waiting`: for a document or the nurse's review ·
`active` · `hold` · `discontinued` · `expired`: its last day is over · `upcoming`: before its first
day. The last two are worked out from the day."""
Outcome = Literal[
    "given", "A", "X", "E", "F", "N", "O", "R", "W", "T", "V", "S"
]  # MAR legend, domain §1.5; ME and * are marks of an entry, PC a modifier
Location = Literal["office", "class", "trip", "other"]
MoveKind = Literal[
    "received", "given", "wasted", "returned", "destroyed", "trip_out", "trip_in", "count", "adjust"
]
STOCK_SUBJECT = "school:stock"
"""Whose key seals the school's own medicines (stock epinephrine, naloxone, inhaler)."""
OFFICE_SUBJECT = "school:office"
"""Whose key seals what no student is known for yet: notes of the locked screen, visitors."""


# --- orders ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Medicine:
    """A drug as it is ordered. `schedule` is blank or C-II to C-V; `form` a code (`tablet`)."""

    name: str
    strength: str = ""
    form: str = ""
    kind: MedicineKind = "rx"
    schedule: str = ""
    ndc: str = ""

    @property
    def controlled(self) -> bool:
        """Whether it is counted and witnessed."""
        return bool(self.schedule)

    @property
    def title(self) -> str:
        """“Methylphenidate 10 mg tablet”."""
        return " ".join(part for part in (self.name, self.strength, self.form) if part)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much: `10 mg`, `1 tablet`."""

    amount: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.unit}".strip()


def plain(amount: Decimal) -> str:
    """A number without an exponent or needless zeros: `10`, `2.5`."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """The terms of a PRN order. `interval_min`: least minutes between two doses."""

    symptoms: tuple[str, ...]
    interval_min: int
    most_per_day: int
    call_parent_when: str = ""
    call_911_when: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who said so on paper: the prescriber, or the parent. `document` is a kept scan's id.

    `by_phone` marks a parent's consent taken by telephone, which bridges until the paper comes.
    """

    name: str
    signed_on: date | None = None
    document: str | None = None
    phone: str = ""
    licence: str = ""  # prescriber: MD, DO, NP, PA …
    guardian_id: str | None = None
    may_contact_prescriber: bool = False
    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class SelfCarry:
    """What the law asks before a student carries their own medicine (EC 49423, 49423.1)."""

    competent: bool = False  # the prescriber confirms it
    release: bool = False  # the parent's release of liability
    shown: bool = False  # the student showed the nurse how
    backup_at_school: bool = False
    acknowledged: bool = False  # the parent's signed acknowledgment (70 O.S. 1-116.3)


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What is ordered. Never changed: a change of drug, dose, times or reason is a new order
    (5 CCR 600), which names the one it replaces.

    `takes` is how much of the counted stock one dose uses, in `counted_in` (two tablets: 2,
    `tablet`). `special` holds what a kind asks for beside the rest, by field name.
    """

    id: str
    student_id: str  # or STOCK_SUBJECT for a standing order of the school's own stock
    medicine: Medicine
    dose: Quantity
    route: str
    reason: str
    start: date
    stop: date
    kind: OrderKind = "regular"
    times: tuple[time, ...] = ()
    prn: AsNeeded | None = None
    takes: Decimal = Decimal(1)
    counted_in: str = "tablet"
    instructions: str = ""
    side_effects: str = ""
    window_min: int | None = None  # None: the school's own
    time_critical: bool = False
    most_per_dose: Quantity | None = None  # label or weight maximum, for R8
    first_dose_at_home: bool | None = None
    self_carry: SelfCarry | None = None
    storage: str = ""
    special: dict[str, str] = field(default_factory=dict)
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class ContainerCheck:
    """The label held against the order, and what the container is (domain §1.2)."""

    ticks: frozenset[str]  # of student, medicine, strength, dose, route, time, prescriber
    original: bool
    rx_number: str = ""
    filled_on: date | None = None
    expires_on: date | None = None
    pharmacy: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order with everything that was done to it, as it stands on a day."""

    terms: OrderTerms
    status: OrderStatus
    prescriber: Consent | None = None
    parent: Consent | None = None
    container: ContainerCheck | None = None
    reviewed_by: str = ""  # user id of the nurse
    reviewed_at: datetime | None = None
    ended_on: date | None = None
    end_reason: str = ""
    entered_at: datetime | None = None
    missing: tuple[str, ...] = ()  # what it waits for, as codes: prescriber, parent, review …

    @property
    def id(self) -> str:
        """The order's id."""
        return self.terms.id


# --- doses -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overridden:
    """A rule that was passed over, by whom, with what reason."""

    rule: str
    by_user: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Identified:
    """How the student was known: two of `photo`, `birth_date`, `name_said`, or by an adult."""

    by: frozenset[str] = frozenset()
    adult_name: str = ""
    adult_relation: str = ""

    @property
    def enough(self) -> bool:
        """R1: two identifiers, or the name and relation of the adult who confirmed."""
        return len(self.by) >= 2 or bool(self.adult_name.strip() and self.adult_relation.strip())


@dataclass(frozen=True, slots=True)
class DoseRecord:
    """One dose, given or not, as it was recorded. Never changed: a correction strikes it and puts
    another in its place (`replaces`).

    `due_at` is the scheduled moment (None: PRN or emergency); `at` when it really was;
    `entered_at` is the system's and cannot be chosen. `home_dose_at` is the last dose before
    school as the parent told. `deviation` says that a rule was broken and nobody could allow it.
    """

    id: str
    order_id: str | None  # None: an emergency dose without an order
    student_id: str
    outcome: Outcome
    at: datetime
    entered_at: datetime
    by_user: str
    due_at: datetime | None = None
    given: Quantity | None = None
    route: str = ""
    site: str = ""
    location: Location = "office"
    reason: str = ""
    symptom: str = ""
    home_dose_at: datetime | None = None
    identified: Identified = field(default_factory=Identified)
    rights: frozenset[str] = frozenset()
    witness: str = ""  # user id
    parent_called: bool = False
    lot_id: str | None = None
    used: Decimal | None = None  # of the lot, in its unit
    late_entry: bool = False
    overridden: tuple[Overridden, ...] = ()
    broken: tuple[str, ...] = ()  # rules broken without anybody who may allow it
    medicine_text: str = ""  # an emergency dose without an order: what was given
    emergency: bool = False
    special: dict[str, str] = field(default_factory=dict)
    replaces: str | None = None

    @property
    def deviation(self) -> bool:
        """Whether a rule was broken with nobody allowing it: a medication error is reported."""
        return bool(self.broken)

    @property
    def was_given(self) -> bool:
        """Whether medicine reached the student (also one that was vomited)."""
        return self.outcome in ("given", "V")


@dataclass(frozen=True, slots=True)
class Effect:
    """How a PRN dose worked, asked for later (R12)."""

    id: str
    dose_id: str
    at: datetime
    text: str
    worse: bool
    by_user: str


# --- stock -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lot:
    """A container that is counted: of one student's order, or of the school."""

    id: str
    subject: str  # student id or STOCK_SUBJECT
    medicine: Medicine
    unit: str
    order_id: str | None = None
    rx_number: str = ""
    expires_on: date | None = None
    storage: str = ""
    estimated: bool = False  # liquids and gels: counts are estimates and marked so


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the ledger. `change` is signed; a `count` changes nothing and tells `counted`.

    `carried_by` and `agency` tell who brought or took it away; `adult` that they were one.
    """

    id: str
    lot_id: str
    kind: MoveKind
    change: Decimal
    at: datetime
    entered_at: datetime
    by_user: str
    counted: Decimal | None = None
    expected: Decimal | None = None
    witness: str = ""
    dose_id: str | None = None
    reason: str = ""
    method: str = ""
    carried_by: str = ""
    relation: str = ""
    adult: bool | None = None
    agency: str = ""
    receipt: str = ""
    trip: str = ""
    incident: str | None = None  # the report of a discrepancy
    allowed: tuple[str, ...] = ()  # rules that `by_user` allowed, with the reason
