"""Copies that were made, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class Copy(Base):
    """A copy, with its very bytes; rows are only ever added.

    `revisions` are the ids of the revisions it shows; `settled` is what the person who released
    a parent's copy decided about each marked word; `text` is what was told to the parent; `paper`
    names which of the papers for parents it is (blank: the whole parent's copy); `override` says,
    where a flag stopped it and an administrator let it go all the same, which flags and why.
    """

    __tablename__ = "copy"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    guardian_id: Mapped[str | None] = mapped_column(ForeignKey("guardian.id"))
    for_whom: Mapped[str] = mapped_column(Text, default="")
    sealed: Mapped[bool]
    sha256: Mapped[str] = mapped_column(Text, index=True)
    record_digest: Mapped[str] = mapped_column(Text)
    revisions: Mapped[Any] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    settled: Mapped[Any] = mapped_column(JSON)
    paper: Mapped[str] = mapped_column(Text, default="", server_default="")
    override: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    file_name: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


class CopyMark(Base):
    """A copy was previewed, printed or saved, or got to the parent; rows are only ever added.

    `detail` says of a copy that got to somebody: to whom, how, when, whether they signed.
    """

    __tablename__ = "copy_mark"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    copy_id: Mapped[str] = mapped_column(ForeignKey("copy.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    detail: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
