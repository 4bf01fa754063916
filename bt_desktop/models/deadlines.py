"""Deadlines of records, kept so that lists can search them; computed anew from the facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class Deadline(Base):
    """One deadline of one record under one reading of its rule.

    `owner` is a role's word; `due_us` are microseconds since 1970 in UTC; `state` is `open`, `done`
    or `void` (the facts it rested on changed). `evidence` names what ended it (`notice:<uuid>`,
    `revision:<uuid>`, `copy:<uuid>`), never a tick. `late_reason` is why it was missed.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("record_id", "rule", "reading"),
        Index(None, "state", "due_us"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    rule: Mapped[str] = mapped_column(Text)
    reading: Mapped[str] = mapped_column(Text, default="")
    task: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text, default="")
    cite: Mapped[str] = mapped_column(Text, default="")
    verified: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    anchor_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    due_us: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    late_by: Mapped[str] = mapped_column(Text, default="")
    late_at: Mapped[datetime | None] = mapped_column(Moment)
