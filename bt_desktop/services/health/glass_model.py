"""Breaking the glass, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bt_desktop.services.health.entries import Document
from bt_desktop.services.health.model import DoseRecord, Effect, Order
from bt_desktop.services.health.visit_model import VisitState


@dataclass(frozen=True, slots=True)
class GlassPlan:
    """What opening asks for. `seconds`: (user id, name) of who can agree, where somebody must."""

    least_reason: int
    minutes: int
    seconds: tuple[tuple[str, str], ...]
    second_needed: bool


@dataclass(frozen=True, slots=True)
class OpenGlass:
    """A student's file that is open now, in this sign-in."""

    id: str
    student_id: str
    opened_at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GlassDose:
    """A dose as it stands; `struck` says why it was taken out of the account, else blank."""

    dose: DoseRecord
    medicine: str
    by: str
    struck: str = ""


@dataclass(frozen=True, slots=True)
class GlassView:
    """A student's health file, to be read: newest first."""

    student_id: str
    orders: tuple[Order, ...]
    doses: tuple[GlassDose, ...]
    effects: tuple[Effect, ...]
    documents: tuple[Document, ...]
    visits: tuple[VisitState, ...] = ()


@dataclass(frozen=True, slots=True)
class GlassUse:
    """One use of the glass. `how` it was closed is a code (`closed`, `over`, `locked`, `killed`);
    `due` is the last school day to review it on; `own`: by the signed-in person."""

    id: str
    student_id: str
    student_name: str
    by_name: str
    own: bool
    at: datetime
    until: datetime
    reason: str
    second_name: str
    due: date
    late: bool
    closed_at: datetime | None = None
    how: str = ""
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    remark: str = ""
