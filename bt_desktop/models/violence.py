"""The log of violent incidents at work: no person can be told from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class ViolentIncident(Base):
    """One line of the log (California Labor Code 6401.9); rows are only ever added.

    `row` is JSON of words from lists and one checked text. On purpose there is no column that
    names a record, a student or the staff member who was hurt.
    """

    __tablename__ = "violent_incident"
    __table_args__ = (UniqueConstraint("year", "count"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int]
    count: Mapped[int]
    row: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
