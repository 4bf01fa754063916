"""What is written down about orders, doses and lots after they were made: small, sealed, for good.

The kinds of entries and the values they hold (`KINDS`); everything shown is folded from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.services.health.emergency_note import EmergencyNote, NoteTaken
from bt_desktop.services.health.model import (
    Consent,
    ContainerCheck,
    DoseRecord,
    Effect,
    Lot,
    Move,
    OrderTerms,
)
from bt_desktop.services.health.month_model import ClosedMonth, MonthNote
from bt_desktop.services.health.paper_model import PaperMark, ParentPaper
from bt_desktop.services.health.trip_model import TripFacts, TripItem
from bt_desktop.services.health.visit_model import Visit, VisitLink, VisitOut, VisitStruck

ORDER, CONSENT, CONTAINER, STEP = "order", "order_consent", "order_container", "order_step"
DOSE, EFFECT, STRUCK = "dose", "dose_effect", "dose_struck"
DOSE_NOTE = "dose_note"
LOT, MOVE = "lot", "move"
DELEGATION, DELEGATION_END = "delegation", "delegation_end"
DOCUMENT = "document"
NIGHT_NOTE, NIGHT_NOTE_DONE = "night_note", "night_note_done"
VISIT, VISIT_OUT, VISIT_STRUCK = "visit", "visit_out", "visit_struck"
VISIT_LINK = "visit_link"
PAPER, PAPER_MARK = "parent_paper", "parent_paper_mark"
MONTH, MONTH_NOTE = "month_closed", "month_note"
TRIP, TRIP_ITEM = "trip", "trip_item"


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A prescriber's or a parent's statement for an order."""

    order_id: str
    who: Literal["prescriber", "parent"]
    consent: Consent


@dataclass(frozen=True, slots=True)
class ContainerSeen:
    """The container of an order was checked."""

    order_id: str
    check: ContainerCheck


@dataclass(frozen=True, slots=True)
class OrderStep:
    """A nurse did something with an order as a whole. `on` is its day."""

    order_id: str
    step: Literal["review", "hold", "resume", "end"]
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Struck:
    """An entry about a dose that was wrong, taken out of the account but never out of the store."""

    dose_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DoseNote:
    """Something was done about a dose afterwards: the parent was told, an emergency dose's account
    was completed. `words`: how, with what."""

    id: str
    dose_id: str
    what: Literal["parent", "finished"]
    words: str
    at: datetime
    by_user: str


@dataclass(frozen=True, slots=True)
class Document:
    """A kept scan, photo or paper: `kind` is `prescriber`, `parent`, `label`, `plan`, `other` or
    `paper` (one that was printed here); `file_id` where its bytes are, `sha256` of them (hex)."""

    id: str
    subject: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    file_id: str
    by_user: str
    at: datetime
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """Trained staff may give named medicines to one student.

    `checked_on` is when the nurse saw that they can; `until` the last day it holds. `controlled`
    needs the school's setting as well (R18).
    """

    id: str
    user_id: str
    student_id: str
    order_ids: frozenset[str]
    checked_on: date
    until: date
    controlled: bool = False
    consented_on: date | None = None  # 5 CCR 601: has volunteered or consented
    license: str = ""  # kind and number, of whoever is licensed (an LVN, say)
    note: str = ""


@dataclass(frozen=True, slots=True)
class DelegationEnd:
    """A delegation was taken back."""

    delegation_id: str
    reason: str


KINDS: dict[str, type] = {
    ORDER: OrderTerms,
    CONSENT: ConsentGiven,
    CONTAINER: ContainerSeen,
    STEP: OrderStep,
    DOSE: DoseRecord,
    EFFECT: Effect,
    STRUCK: Struck,
    DOSE_NOTE: DoseNote,
    LOT: Lot,
    MOVE: Move,
    DELEGATION: Delegation,
    DELEGATION_END: DelegationEnd,
    DOCUMENT: Document,
    NIGHT_NOTE: EmergencyNote,
    NIGHT_NOTE_DONE: NoteTaken,
    VISIT: Visit,
    VISIT_OUT: VisitOut,
    VISIT_STRUCK: VisitStruck,
    VISIT_LINK: VisitLink,
    PAPER: ParentPaper,
    PAPER_MARK: PaperMark,
    MONTH: ClosedMonth,
    MONTH_NOTE: MonthNote,
    TRIP: TripFacts,
    TRIP_ITEM: TripItem,
}
"""Every kind of entry and the type of its value."""
