"""What the health office keeps, sealed: the store alone reads none of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Day, Moment


class HealthKey(Base):
    """The public side of a subject's key: a student's, the school's stock, the office, the escrow.

    Whoever knows it can put something in; only the holders of a `HealthGrant` can read.
    """

    __tablename__ = "health_key"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    by_user: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


class HealthGrant(Base):
    """A subject's private key, sealed to one holder: a user's id, `escrow`, or `recovery`.

    `why` is `nurse`, `delegate`, `escrow`, `administrator` or `recovery`.
    """

    __tablename__ = "health_grant"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    why: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class HealthEntry(Base):
    """One thing written down in the health office, sealed; rows are only ever added.

    `count` is the order in which entries were made, without a gap. `subject` says whose key opens
    it, `kind` what it is, `about` what it belongs to (an order, a lot, a visit), `day` the school
    day it counts for, `at_us` when it happened (microseconds since 1970, UTC). `boxed`: put in by
    somebody who cannot read it (the subject's public key); else under the subject's own key.
    `signature` is the writer's over all of this; `second_user` signed the same bytes with theirs.
    """

    __tablename__ = "health_entry"
    __table_args__ = (
        Index(None, "kind", "day"),
        Index(None, "kind", "about", "count"),
        Index(None, "subject", "count"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(unique=True)
    subject: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date] = mapped_column(Day)
    at_us: Mapped[int]
    boxed: Mapped[bool]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    by_user: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)
    key_id: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    second_user: Mapped[str | None] = mapped_column(Text)
    second_key_id: Mapped[str | None] = mapped_column(Text)
    second_signature: Mapped[bytes | None] = mapped_column(LargeBinary)


class HealthFile(Base):
    """A scan, photo or paper of the health office, sealed; rows are only ever added.

    What it is (name, kind, digest of its content) stands in the sealed entry that names it.
    """

    __tablename__ = "health_file"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class HealthGlass(Base):
    """One step of breaking the glass on a student's health file; rows are only ever added.

    `step` is `open` (until when, why, who agreed to it), `close` (how) or `review`; `detail` is
    what was written to it. Plain, so that those who review it need no key of the student.
    """

    __tablename__ = "health_glass"

    glass_id: Mapped[str] = mapped_column(Text, primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    student_id: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    detail: Mapped[str] = mapped_column(Text, default="")
    second_user: Mapped[str | None] = mapped_column(Text)


class EmergencyCard(Base):
    """What everybody may read of a student in an emergency, as a nurse confirmed it last.

    Outside of what is sealed, on purpose: `body` holds allergies, rescue medicines and what to do
    (`services.health.card`). The audit trail holds its digest.
    """

    __tablename__ = "emergency_card"

    student_id: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[Any] = mapped_column(JSON)
    by_user: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Moment)
