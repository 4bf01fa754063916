"""Students, guardians, staff and their trainings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Day, Moment


class Student(Base):
    """A student. `source_id` is the roster's id; `plans` are words parted by spaces (`iep bip`)."""

    __tablename__ = "student"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    source_id: Mapped[str | None] = mapped_column(Text, unique=True)
    given: Mapped[str] = mapped_column(Text, default="")
    middle: Mapped[str] = mapped_column(Text, default="")
    family: Mapped[str] = mapped_column(Text, default="")
    preferred: Mapped[str] = mapped_column(Text, default="")
    family_first: Mapped[bool] = mapped_column(default=False)
    birth_date: Mapped[date | None] = mapped_column(Day)
    grade: Mapped[str] = mapped_column(Text, default="")
    teacher: Mapped[str] = mapped_column(Text, default="")
    student_number: Mapped[str] = mapped_column(Text, default="")
    home_language: Mapped[str] = mapped_column(Text, default="")
    plans: Mapped[str] = mapped_column(Text, default="")
    health_note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Staff(Base):
    """A staff member; may or may not have an account."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    source_id: Mapped[str | None] = mapped_column(Text, unique=True)
    given: Mapped[str] = mapped_column(Text, default="")
    middle: Mapped[str] = mapped_column(Text, default="")
    family: Mapped[str] = mapped_column(Text, default="")
    preferred: Mapped[str] = mapped_column(Text, default="")
    family_first: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Training(Base):
    """A certificate of a staff member; `until` is its last valid day."""

    __tablename__ = "training"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    program: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(Day)
    certificate: Mapped[str] = mapped_column(Text, default="")


class Guardian(Base):
    """A parent or guardian."""

    __tablename__ = "guardian"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    source_id: Mapped[str | None] = mapped_column(Text, unique=True)
    given: Mapped[str] = mapped_column(Text, default="")
    middle: Mapped[str] = mapped_column(Text, default="")
    family: Mapped[str] = mapped_column(Text, default="")
    preferred: Mapped[str] = mapped_column(Text, default="")
    family_first: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(Text, default="")
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Guardianship(Base):
    """What a guardian is to one student: the flags are of the pair, not of the person."""

    __tablename__ = "guardianship"
    __table_args__ = (Index(None, "guardian_id"),)

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("guardian.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(Text, default="")
    may_receive_copies: Mapped[bool] = mapped_column(default=True)
    no_contact: Mapped[bool] = mapped_column(default=False)
    custody_note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
