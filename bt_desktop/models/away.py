"""When single students are not at school, or leave it: absences, field trips."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Day, Moment


class StudentAway(Base):
    """A student is away; rows are only ever added.

    `kind` is `absent`, `early`, `late` or `trip`, or `back`, which takes the row `ends` back and
    says why in `reason`. `leaves` and `returns` are times of the school's clocks (`11:30`), blank
    where it is the whole day; `trip_id` binds the rows of one trip, `name` is what it is called.
    Outside of what is sealed, on purpose: who is at school is no health data.
    """

    __tablename__ = "student_away"
    __table_args__ = (Index(None, "last", "first"), Index(None, "student_id", "last"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    student_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    first: Mapped[date] = mapped_column(Day)
    last: Mapped[date] = mapped_column(Day)
    leaves: Mapped[str] = mapped_column(Text, default="")
    returns: Mapped[str] = mapped_column(Text, default="")
    trip_id: Mapped[str] = mapped_column(Text, default="", index=True)
    name: Mapped[str] = mapped_column(Text, default="")
    ends: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
