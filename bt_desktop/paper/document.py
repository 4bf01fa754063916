"""What paper is made from: plain values, gathered by the services, that know no store and no Qt.

A `RecordDocument` is a record as it was asked and answered; a `Letterhead` is the school; a
`CopyMark` says which copy this is. Nothing here reads a clock: every moment is passed in, aware,
with the local offset, and is printed in that offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form

Answers = Mapping[str, Any]
"""Answers as JSON (see `form_engine.session`): flat by field name, a repeat as a list of rows."""

Stroke = tuple[tuple[float, float, float], ...]
"""One stroke of a pen: points (x, y, milliseconds), y growing downwards."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ink:
    """A signature as a picture: a name typed, or strokes drawn on a pad of `width` x `height`."""

    kind: Literal["typed", "drawn"]
    text: str = ""
    strokes: tuple[Stroke, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signed, and how: drawn or typed, or None where only the name is known."""

    name: str
    title: str = ""
    ink: Ink | None = None


@dataclass(frozen=True, slots=True)
class PersonSnapshot:
    """A person as they were when the record was signed (not as the roster has them today).

    `id` is `student:<uuid>`, `staff:<uuid>` or `guardian:<uuid>`; `kind` is its first word.
    `given` is the name a parent calls the child by; `name` is the whole name in its own order.
    """

    id: str
    kind: str
    name: str
    given: str = ""
    family: str = ""
    title: str = ""
    grade: str = ""
    birth_date: date | None = None
    training: str = ""
    training_until: date | None = None
    age_at_event: int | None = None


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """One signed part: by whom, in what meaning, when, and over which digest (hex SHA-256).

    `part` is the part's key (`report`, `nurse`, `statement:<n>` ...); `title` is the signer's
    job title at that moment; `key_id` names the Ed25519 key that signed.
    """

    part: str
    name: str
    title: str
    meaning: str
    at: datetime
    ink: Ink
    key_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class PartAnswers:
    """The answers of one part of which a record can hold several (a colleague's statement)."""

    key: str
    title: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file kept with the record (the scan of a signed paper), named on the school's copy."""

    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AmendedAnswer:
    """One answer before and after an amendment, in words; empty for none."""

    question: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later version of a part: what kind, of which part, by whom, when, why, and what it changed.

    `kind` and `part` are words ("Late entry", "Report"); `happened_at` is when what a late entry
    tells took place.
    """

    kind: str
    part: str
    version: int
    name: str
    title: str
    at: datetime
    reason: str
    happened_at: datetime | None = None
    changes: tuple[AmendedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version that a later one replaced, whole, with the people as they were then."""

    part: str
    title: str
    version: int
    answers: Answers
    people: Mapping[str, PersonSnapshot]
    signature: SignatureBlock


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A record, whole: what was asked (`form`) and what was answered, with all it points at.

    `answers` are the final answers of all parts, merged. `people` holds every person that an
    answer or a token in a text names, by id. `notices` are rows of the form's `notice` part.
    `letters` gives each other student of the event the letter that stands for them, by id.
    `linked` are the numbers of the event's other records that may be named on this one.
    `amendments` are told on every school's copy, oldest first; `earlier` holds the versions that a
    copy of both versions prints whole.
    """

    number: str | None
    revision: int
    state: str
    form: Form
    answers: Answers
    people: Mapping[str, PersonSnapshot]
    signatures: tuple[SignatureBlock, ...] = ()
    notices: tuple[Answers, ...] = ()
    attachments: tuple[AttachmentLine, ...] = ()
    event_at: datetime | None = None
    subject_id: str | None = None
    letters: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    statements: tuple[PartAnswers, ...] = ()
    reported_by: str = ""
    entered_by: str = ""
    digest: str = ""
    linked: tuple[str, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    earlier: tuple[EarlierVersion, ...] = ()

    @property
    def subject(self) -> PersonSnapshot | None:
        """The student (or staff member) this record is about, where one is chosen."""
        return self.people.get(self.subject_id) if self.subject_id else None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The school as it heads a page. `logo` is a PNG or JPEG, as bytes; a bad one is skipped."""

    school_name: str
    address: str = ""
    phone: str = ""
    contact: str = ""
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Which copy this is: stands in the foot of every page and in the PDF's own metadata.

    `kind` is `school`, `parent` or `blank`. `draft` prints DRAFT across each page; a draft is
    never sealed. `qr_payload` is printed as QR and as text. `audit_head` is the head of the audit
    chain when the copy was made (hex), `audit_seq` its number.
    `replaces` is when the copy was made that this one replaces for the same person.
    """

    kind: str
    copy_number: int
    made_at: datetime
    made_by: str
    for_whom: str = ""
    draft: bool = False
    qr_payload: str = ""
    audit_seq: int | None = None
    audit_head: str = ""
    replaces: datetime | None = None
