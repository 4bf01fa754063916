"""Records as the services hand them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from bt_desktop.paper.document import Ink, PersonSnapshot

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form

PersonView = PersonSnapshot
State = Literal["draft", "signed", "returned", "final", "amended", "entered in error"]
Order = Literal["newest", "oldest", "number", "student", "author", "state", "form"]

__all__ = [
    "Attachment",
    "Count",
    "Facets",
    "FormInfo",
    "Ink",
    "Notice",
    "OpenRecord",
    "Order",
    "PartState",
    "PersonView",
    "RecordFilter",
    "RecordSummary",
    "Saved",
    "Signed",
    "State",
]


@dataclass(frozen=True, slots=True)
class FormInfo:
    """A form that can be started: `form` is what `start` takes, `title` and `hint` are shown."""

    form: str
    title: str
    hint: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft is in the store since `at` (aware)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A part is frozen. `number` is the record's number, None until its report is signed."""

    number: str | None
    revision_id: str
    audit_seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PartState:
    """One part of a record.

    `key` is what `save_draft` and `sign_part` take (`report`, `nurse`, `statement:<uuid>` ...).
    `why_not` says in a sentence why it cannot be signed by the person signed in, where it cannot.

    `version` counts the signed versions, `kind` is the newest one's kind of amendment (empty: none)
    and `signed_last` its moment. `amending` is the kind of an amendment in progress, `reason` its
    reason. `amend_kinds` are the kinds the person may add now; where there is none, `why_not_amend`
    says why. `may_discard`: what is typed and not signed may be thrown away.
    """

    part: str
    key: str
    owner_id: str
    owner_name: str
    state: Literal["open", "signed"]
    may_edit: bool
    may_sign: bool
    signed_at: datetime | None = None
    revision_id: str | None = None
    signer_name: str = ""
    why_not: str = ""
    version: int = 0
    kind: str = ""
    signed_last: datetime | None = None
    amending: str = ""
    reason: str = ""
    amend_kinds: tuple[str, ...] = ()
    why_not_amend: str = ""
    may_discard: bool = False


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record, opened to be read or filled.

    `answers` are those of all parts merged, frozen and draft, statements left out except one's
    own; `statements` holds each statement's answers by its part key. `may` are words of what the
    signed-in person may do with it: `hand_over`, `attach`, `add_notice`, `add_statement`,
    `school_copy`, `parent_copy`, `event_join`, `amend`, `review` (countersign or return it now),
    `compare` (there is more than one version), `correct` (it came back with remarks). `why_not`
    says of `amend` and `review` in a sentence why not. `event_has` names the forms of which the
    event has another record (see `FormSession`).
    """

    id: str
    number: str | None
    state: State
    form: Form
    answers: dict[str, Any]
    parts: tuple[PartState, ...]
    people: Mapping[str, PersonView]
    updated_at: datetime
    reported_by: str
    reported_by_name: str
    entered_by: str
    entered_by_name: str
    event_at: datetime | None
    may: frozenset[str]
    statements: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    event_id: str = ""
    event_has: frozenset[str] = frozenset()
    why_not: Mapping[str, str] = field(default_factory=dict)

    def part(self, key: str) -> PartState:
        """The part of this key; raises KeyError."""
        for one in self.parts:
            if one.key == key:
                return one
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One line of a list of records. `progress` is 0.0 to 1.0, `missing` counts answers needed.

    `confidential`: a report for the district's risk management, apart from the student's file.
    `waits_for` are the parts that a signed record waits for (`review`, `report`, `follow_up`,
    `debrief`), `amended_at` is when its newest amendment was signed.
    """

    id: str
    form: str
    title: str
    number: str | None
    state: State
    subject_id: str | None
    subject_name: str
    event_at: datetime | None
    updated_at: datetime
    author_name: str
    missing: int
    progress: float
    place: str
    mine: bool = False
    waits_for_my_signature: bool = False
    confidential: bool = False
    waits_for: tuple[str, ...] = ()
    amended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What a list of records is narrowed to; None or blank is not asked about.

    `since` and `until` are days of the event, both inclusive; `text` is a number or a part of one.
    `author` is the staff id of who reports; `deadlines` asks for records with one that is `open`
    (or `overdue`). `order` says what stands first; newest events first within it.
    """

    form: str | None = None
    states: tuple[State, ...] = ()
    subject_id: str | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    mine: bool = False
    author: str | None = None
    place: str = ""
    deadlines: Literal["", "open", "overdue"] = ""
    record_class: Literal["", "education", "confidential"] = ""
    order: Order = "newest"


@dataclass(frozen=True, slots=True)
class Count:
    """How many records a list has; `more`: at least so many, nobody counted on."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """What a list can be narrowed to: (value, label) of what the person's records hold."""

    forms: tuple[tuple[str, str], ...] = ()
    authors: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    confidential: bool = False
    deadlines: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept with a record. `purpose` is a word of `attachments.PURPOSES`; `size` in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    purpose: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of the log of parent notices; `row` holds its answers."""

    id: str
    row: Mapping[str, Any]
    at: datetime
    by_name: str
