"""What stands on the other papers of the health office, as plain values that the services fill.

Amounts are words ("30 tablets"). Moments are aware and printed in the offset they carry. `None`
and "" print "not entered", or a line to write on where the paper is a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.paper.document import Hand
from bt_desktop.paper.mar_content import MarSheet, Ordered, Student, YearSheet

State = Literal["", "us-ca", "us-ok"]
"""Whose law a form cites; "" cites none."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: a parent, another adult, the doctor. `phones` in the order to try them."""

    name: str
    relation: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescue:
    """An emergency medicine: `when` it is given, `then` what to do after it, `stored` where."""

    medicine: str
    dose: str
    route: str
    when: str
    stored: str
    then: str = ""
    expires_on: date | None = None
    carried: bool = False  # the student carries it


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """What whoever is there needs in an emergency, and nothing else of the health file.

    `allergies` are single lines, the worst first; none of them and `no_allergies` False prints
    "not entered". `photo` is a JPEG.
    """

    student: Student
    allergies: tuple[str, ...]
    rescue: tuple[Rescue, ...]
    contacts: tuple[Contact, ...]
    as_of: datetime
    no_allergies: bool = False
    conditions: tuple[str, ...] = ()
    doctor: Contact | None = None
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class OrderCopy:
    """An order as it stands. `status` in words; `label` are the ticks of the container's label in
    words; `past` what was done to it, oldest first."""

    student: Student
    order: Ordered
    status: str
    prescriber_signed: date | None = None
    parent_signed: date | None = None
    may_contact_prescriber: bool = False
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    side_effects: str = ""
    call_parent_when: str = ""
    call_911_when: str = ""
    self_carry: bool = False
    label: tuple[str, ...] = ()
    pharmacy: str = ""
    filled_on: date | None = None
    past: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TripMedicine:
    """A medicine that goes on a trip: its order, what was signed out, its sheet for the days."""

    order: OrderCopy
    amount: str
    sheet: MarSheet
    container: str = ""  # how it travels: the original container, a labelled envelope


@dataclass(frozen=True, slots=True)
class TripStudent:
    """A student who goes, with what goes along for them."""

    student: Student
    medicines: tuple[TripMedicine, ...]
    contacts: tuple[Contact, ...] = ()
    rescue: tuple[Rescue, ...] = ()


@dataclass(frozen=True, slots=True)
class TripPacket:
    """A trip, as of a moment. `trained` are the adults who may give the medicines."""

    name: str
    place: str
    first: date
    last: date
    leader: str
    trained: tuple[str, ...]
    students: tuple[TripStudent, ...]
    as_of: datetime
    school_phone: str = ""


@dataclass(frozen=True, slots=True)
class SelfCarryPaper:
    """An agreement to carry one's own medicine. `ticks` are the keys that are fulfilled (see
    `self_carry.boxes`); None prints all boxes empty, to be ticked by hand. `hands` are those who
    signed, each with their part: prescriber, parent, student, nurse."""

    student: Student
    order: Ordered
    school_year: str = ""
    state: State = ""
    kind: Literal["epinephrine", "inhaler", "other"] = "other"
    ticks: frozenset[str] | None = None
    hands: tuple[tuple[str, Hand, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationForm:
    """The two statements an order needs. Without a student and an order it is a blank form; what
    is blank in a filled one is a line to write on."""

    state: State = ""
    school_year: str = ""
    student: Student | None = None
    order: Ordered | None = None
    symptom: str = ""
    interval: str = ""
    most_per_day: str = ""
    call_when: str = ""
    side_effects: str = ""


@dataclass(frozen=True, slots=True)
class EndedOrder:
    """An order that ends with the school year, or has ended and is not tidied up."""

    student: str
    grade: str
    medicine: str
    ended_on: date | None
    why: str


@dataclass(frozen=True, slots=True)
class ToReturn:
    """Medicine that must go home, or be disposed of by `by`."""

    student: str
    grade: str
    medicine: str
    left: str
    asked: str = ""  # the notices so far: "letter May 20, called May 27"
    by: date | None = None
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What is not finished: an effect not asked for, a month not closed, an error report."""

    student: str
    what: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is left to do before the school year ends. Of staff, for staff: it names students."""

    school_year: str
    as_of: datetime
    orders: tuple[EndedOrder, ...]
    medicines: tuple[ToReturn, ...]
    tasks: tuple[OpenTask, ...]
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class MedicineReceipt:
    """Medicine that an adult brought or took home, counted by both, with both signatures."""

    kind: Literal["delivered", "returned"]
    at: datetime
    child: str
    medicine: str
    amount: str
    adult: Hand
    staff: Hand
    relation: str = ""
    rx_number: str = ""
    expires_on: date | None = None
    total: str = ""  # what the school has after it
    number: str = ""


@dataclass(frozen=True, slots=True)
class DisposalPaper:
    """Medicine that was destroyed or handed over to be. `asked` are the notices to the parent."""

    at: datetime
    student: Student
    medicine: str
    amount: str
    reason: str
    method: str
    staff: Hand
    witness: Hand
    controlled: bool = False
    schedule: str = ""
    rx_number: str = ""
    agency: str = ""
    officer: str = ""
    receipt: str = ""
    asked: tuple[tuple[date, str], ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class UnorderedDose:
    """An emergency dose that no order stands behind, in words."""

    at: datetime
    medicine: str
    dose: str
    why: str
    by: str
    struck: str = ""  # why the entry was wrong


@dataclass(frozen=True, slots=True)
class StockLine:
    """A container as it stands: what is left, until when it is good, when it was counted."""

    medicine: str
    left: str
    expires_on: date | None = None
    counted_on: date | None = None


@dataclass(frozen=True, slots=True)
class OfficeVisit:
    """A visit to the health office, in words."""

    came: datetime
    left: datetime | None
    complaint: str
    care: str
    went: str


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """A paper about medicine that went to a parent."""

    at: datetime
    what: str
    number: str
    whom: str


@dataclass(frozen=True, slots=True)
class Packet:
    """One student's medication record: statements (as files beside it), orders, and logs.

    `purpose` says what it was made for; what is left out of the logs (emergency doses without an
    order, stock, visits, papers for parents) stands in tables of its own.
    """

    student: Student
    school_year: str
    orders: tuple[OrderCopy, ...]
    sheets: tuple[MarSheet, ...]
    as_of: datetime
    years: tuple[YearSheet, ...] = ()
    purpose: str = ""
    unordered: tuple[UnorderedDose, ...] = ()
    stock: tuple[StockLine, ...] = ()
    visits: tuple[OfficeVisit, ...] = ()
    papers: tuple[GivenPaper, ...] = ()
