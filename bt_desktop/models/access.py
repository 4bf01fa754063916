"""Who saw what: the record of access that the law asks for, by student."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class Opening(Base):
    """One opening, print or export that showed a student's data; rows are only ever added.

    Kept for 34 CFR 99.32 and California EC 49064: who, when, what, for which purpose. `what` is
    a word of `services.results.access.What`; `purpose` is a word of our list, `detail` what the
    person wrote to it. `own` says that the student was one of their own. `batch` names the deed:
    the audit trail announces the rows of one deed together (an export has many, and a record in
    which several students had a part has one for each).
    """

    __tablename__ = "opening"
    __table_args__ = (Index(None, "student_id", "at_us"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    at_us: Mapped[int]
    user_id: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    student_id: Mapped[str | None] = mapped_column(Text)
    record_id: Mapped[str | None] = mapped_column(Text, index=True)
    own: Mapped[bool]
    purpose: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    batch: Mapped[str] = mapped_column(Text, index=True)
