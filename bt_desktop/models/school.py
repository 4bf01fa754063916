"""The school, its settings, accounts and seal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class School(Base):
    """The one school of this vault."""

    __tablename__ = "school"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vault_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(Text, default="")
    pack: Mapped[str] = mapped_column(Text, default="")
    training_program: Mapped[str] = mapped_column(Text, default="")
    timezone: Mapped[str] = mapped_column(Text, default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)


def school_row(session: Session) -> School:
    """The one row of the school. The session holds it to its end: SQLAlchemy forgets a row that
    nobody holds, and the school is asked for many times in one look."""
    row = session.get_one(School, 1)
    session.info["school"] = row
    return row


class Setting(Base):
    """One setting of the school, by name."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Account(Base):
    """An account: the key file's user, tied to a staff member and a role."""

    __tablename__ = "account"

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    sign_in_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SchoolSeal(Base):
    """The school's certificates and the key that seals copies (PEM); the newest row is in use."""

    __tablename__ = "school_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    ca_cert_pem: Mapped[bytes] = mapped_column(LargeBinary)
    seal_cert_pem: Mapped[bytes] = mapped_column(LargeBinary)
    seal_key_pem: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SealAuthority(Base):
    """The key of the school's certificate authority, sealed (HPKE) to one administrator."""

    __tablename__ = "seal_authority"

    seal_id: Mapped[int] = mapped_column(ForeignKey("school_seal.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("account.user_id"), primary_key=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
