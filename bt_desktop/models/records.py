"""Events, records, their parts, revisions and logs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class Event(Base):
    """What happened; several records can describe it."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class EventLink(Base):
    """Two events that turned out to be one, or were taken apart again; rows are only ever added.

    A signed record names its event for good, so events are joined beside it. `deed` is `join` or
    `part`, which take turns for a pair, or `leave` (a draft went into the other, new event).
    """

    __tablename__ = "event_link"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    deed: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class EventOffer(Base):
    """What was done with the facts that one record of an event offers another: so that they are
    offered once. `answer` is `used` or `left`."""

    __tablename__ = "event_offer"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Letter(Base):
    """The letter that stands for another student in every parent's copy about this event."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("event_id", "letter"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    student_id: Mapped[str] = mapped_column(Text, primary_key=True)
    letter: Mapped[str] = mapped_column(Text)


class FormText(Base):
    """A form with its pack, whole, as canonical JSON; once per version, named by its SHA-256."""

    __tablename__ = "form_text"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    pack: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)


class Record(Base):
    """One filled form about one subject.

    What lists search and sort by is kept in step with the answers (`subject_id`, `event_at`,
    `place`). `event_us` and `updated_us` are microseconds since 1970 in UTC; `event_us` is when
    the record was begun as long as nobody said when it happened. `owner_user` holds the draft,
    `entered_by` is the user who began it, `reported_by` the staff member (`staff:<uuid>`) whose
    account it is. `record_class` is `education` or `confidential` (see the form engine).
    """

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("number_prefix", "number_year", "number_count"),
        Index(None, "updated_us"),
        Index(None, "event_us", "id"),
        Index(None, "state", "updated_us"),
        Index(None, "subject_id", "event_us"),
        # What a list is narrowed to (services/record_lists.py), each in the order it is read in.
        Index(None, "form", "event_us", "id"),
        Index(None, "state", "event_us", "id"),
        Index(None, "form", "state", "event_us", "id"),
        Index(None, "reported_by", "event_us", "id"),
        Index(None, "place", "event_us", "id"),
        Index(None, "record_class", "event_us", "id"),
        Index(None, "number_count"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    form: Mapped[str] = mapped_column(Text)
    record_class: Mapped[str] = mapped_column(Text, default="education", server_default="education")
    form_digest: Mapped[str] = mapped_column(ForeignKey("form_text.digest"))
    number: Mapped[str | None] = mapped_column(Text)
    number_prefix: Mapped[str | None] = mapped_column(Text)
    number_year: Mapped[int | None]
    number_count: Mapped[int | None]
    state: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str | None] = mapped_column(Text, index=True)
    event_at: Mapped[datetime | None] = mapped_column(Moment)
    event_us: Mapped[int]
    place: Mapped[str] = mapped_column(Text, default="")
    owner_user: Mapped[str] = mapped_column(Text, index=True)
    reported_by: Mapped[str] = mapped_column(Text, index=True)
    entered_by: Mapped[str] = mapped_column(Text, index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    updated_us: Mapped[int]


class Involved(Base):
    """A staff member whom a record names: who may see it and add a statement."""

    __tablename__ = "involved"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(Text, primary_key=True, index=True)


class DraftPart(Base):
    """What is typed so far into one part. Taken away when the part is signed.

    A review, a follow-up and a debrief are drafted by each person apart: their `part_key` here is
    `review@<user id>`. `base` is what its writer looked at when they began: the revisions of the
    report and of this part (JSON). `amends` names the revision that this draft will amend, with
    the kind and the reason; `amend_at` is when what a late entry tells took place.
    """

    __tablename__ = "draft_part"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    part_key: Mapped[str] = mapped_column(Text, primary_key=True)
    owner_user: Mapped[str] = mapped_column(Text, index=True)
    answers: Mapped[str] = mapped_column(Text, default="{}")
    updated_at: Mapped[datetime] = mapped_column(Moment)
    amends: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    amend_kind: Mapped[str] = mapped_column(Text, default="")
    amend_reason: Mapped[str] = mapped_column(Text, default="")
    amend_at: Mapped[datetime | None] = mapped_column(Moment)
    base: Mapped[str] = mapped_column(Text, default="", server_default="")


class Waiting(Base):
    """What a signed record still waits for, kept so that lists can search it.

    `part` is `review`, `report` (the author corrects what was returned), `follow_up` or `debrief`.
    Worked out anew at each signature.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index(None, "part", "since_us"),)

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    since_us: Mapped[int]


class Revision(Base):
    """A part, frozen: canonical JSON, its SHA-256 (hex) and the signer's Ed25519 signature.

    Rows are only ever added. `ink` is the picture of the signature; its digest is in the body.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("record_id", "part_key", "count"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    part_key: Mapped[str] = mapped_column(Text)
    count: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(Text)
    ink: Mapped[Any] = mapped_column(JSON)
    signer_user: Mapped[str] = mapped_column(Text, index=True)
    signed_at: Mapped[datetime] = mapped_column(Moment)


class Notice(Base):
    """One row of the log of parent notices; rows are only ever added."""

    __tablename__ = "notice"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    count: Mapped[int]
    row: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Attachment(Base):
    """A file kept with a record; rows are only ever added. `thumb` is a small PNG of an image."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumb: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Handover(Base):
    """A draft given to a colleague, with the reason; rows are only ever added."""

    __tablename__ = "handover"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    from_user: Mapped[str] = mapped_column(Text)
    to_user: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
