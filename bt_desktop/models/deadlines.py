"""Deadlines of records, kept so that lists can search them; computed anew from the facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class Deadline(Base):
    """One date of one deadline of one record.

    `slot` counts the readings of a rule (0 is its own), the repeats of a threshold, the requests
    for a copy. `owner` is `author` or a role's word; `anchor` names the moment its clock started
    at; `due_us` are microseconds since 1970 in UTC. `state` is `open`, `done`, `owed` (done late,
    and nobody has said why) or `void` (the facts it rested on changed). `evidence` names what
    ended it, never a tick: `notice:<uuid>`, `revision:<uuid>`, `copy:<uuid>`, or `told:<user>` with
    `evidence_note` for what happens outside of these records. `late_reason` is why it was missed.
    `fallback`: weekdays were counted.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("record_id", "rule", "task", "slot"),
        Index(None, "state", "due_us"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    rule: Mapped[str] = mapped_column(Text)
    task: Mapped[str] = mapped_column(Text)
    slot: Mapped[int] = mapped_column(default=0)
    reading: Mapped[str] = mapped_column(Text, default="")
    label: Mapped[str] = mapped_column(Text, default="")
    cite: Mapped[str] = mapped_column(Text, default="")
    verified: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str] = mapped_column(Text, default="")
    within: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at_once: Mapped[bool] = mapped_column(default=False)
    fallback: Mapped[bool] = mapped_column(default=False)
    anchor: Mapped[str] = mapped_column(Text, default="")
    anchor_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    due_us: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    evidence_note: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    late_by: Mapped[str] = mapped_column(Text, default="")
    late_at: Mapped[datetime | None] = mapped_column(Moment)
