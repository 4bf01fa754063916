"""The school's calendar: its days that differ, its terms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Day


class CalendarDay(Base):
    """A day that is not as its weekday says.

    `kind` is `no_school`, `staff_day`, `early` or `school` (see `services/school_days`).

    `bell` is the end of the school day that day (`13:05`), blank where it is as always; `source`
    says where the day came from (`hand`, or the name of an imported file).
    """

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Day, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text, default="")
    bell: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="hand")


class CalendarTerm(Base):
    """A span with school on weekdays: `kind` is `term` or `summer`; both days belong to it."""

    __tablename__ = "calendar_term"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    first: Mapped[date] = mapped_column(Day)
    last: Mapped[date] = mapped_column(Day)
    bell: Mapped[str] = mapped_column(Text, default="")
