"""The tables of the audit trail: entries that are only ever added, and the keys they name."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base

SYSTEM_USER = "system"


class AuditEntry(Base):
    """One entry: `body` is canonical JSON, `sig` its writer's, `hash` what the next one names."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sig: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)

    __table_args__ = ({"sqlite_strict": True},)


class AuditKey(Base):
    """A public signing key that entries may name; good from `from_seq` until `retired_seq`.

    `name` is the sign-in name when the key was added, so that old entries can be told without
    looking elsewhere; `user_id` is `system` for this installation's own key.
    """

    __tablename__ = "audit_key"

    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    from_seq: Mapped[int] = mapped_column(Integer)
    retired_seq: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = ({"sqlite_strict": True},)


class AuditSystemKey(Base):
    """The one private key of this installation, for what no person did (kept encrypted here)."""

    __tablename__ = "audit_system_key"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("id = 1", name="single"), {"sqlite_strict": True})


GUARDS = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END""",
)
"""Guard-rails against bugs of our own, not against somebody with the key (needs the pragma
`recursive_triggers=ON`, or INSERT OR REPLACE walks past them)."""
