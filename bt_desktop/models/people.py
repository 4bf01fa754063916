"""Students, guardians, staff and their trainings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Day, Moment


class Student(Base):
    """A student. `source_id` is the roster's id; `plans` are words parted by spaces (`iep bip`).

    `medical_alert` is what speaks against a hold; `sensitive` says that the student gets services
    of which a parent may not be told (minor's consent), so that no paper goes out by itself;
    `case_manager` is a staff member's bare id; `left_on` the last day at this school.
    """

    __tablename__ = "student"
    __table_args__ = (Index(None, "family", "given", "id"),)

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
    allergies: Mapped[str] = mapped_column(Text, default="", server_default="")
    medical_alert: Mapped[str] = mapped_column(Text, default="", server_default="")
    custody_alert: Mapped[str] = mapped_column(Text, default="", server_default="")
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=text("0"))
    phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    case_manager: Mapped[str | None] = mapped_column(Text)
    left_on: Mapped[date | None] = mapped_column(Day)
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


class StudentPhoto(Base):
    """A student's photo (JPEG or PNG) with a small picture of it."""

    __tablename__ = "student_photo"

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumb: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class SchoolClass(Base):
    """A class of the roster; `kind` is `homeroom` or `scheduled`."""

    __tablename__ = "school_class"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    source_id: Mapped[str | None] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)


class ClassMember(Base):
    """Who is in a class: `person_id` is `student:<uuid>` or `staff:<uuid>`."""

    __tablename__ = "class_member"

    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Text, primary_key=True, index=True)


class Caseload(Base):
    """A student is among a staff member's own; ids are bare.

    `source` is `class`, `manager` (the student's case manager) or `hand`; the first two follow the
    roster, the last stays until a hand takes it away or the year ends.
    """

    __tablename__ = "caseload"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), primary_key=True, index=True)
    source: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class StudentMove(Base):
    """A student came, left or changed grade; rows are only ever added.

    `kind` is `entered`, `left`, `transferred`, `promoted`, `retained`, `graduated`, or `undone`
    where a rollover was taken back; `batch` names the rollover that the row belongs to.
    """

    __tablename__ = "student_move"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    on: Mapped[date] = mapped_column(Day)
    from_grade: Mapped[str] = mapped_column(Text, default="")
    to_grade: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    batch: Mapped[str] = mapped_column(Text, default="")
    by_user: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
