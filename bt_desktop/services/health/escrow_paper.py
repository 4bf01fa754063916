"""The escrow's key and the printed recovery key: to which sheets it is sealed, which opens it.

A sheet goes by a hash of its public key. While another takes its place the escrow is sealed to
both, so that whichever of them the key file knows after a kill opens it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthGrant
from bt_desktop.security.health_keys import ESCROW, RECOVERY, NotReadable, SubjectKey, taken_up


def sheet_holder(public: bytes) -> str:
    """What a sheet goes by as a holder; `public` is the public side of its key."""
    return f"{RECOVERY}:{hashlib.sha256(public).hexdigest()[:16]}"


def sheets(session: Session) -> frozenset[str]:
    """The sheets to which the escrow is sealed."""
    wanted = select(HealthGrant.holder).where(HealthGrant.subject == ESCROW)
    return frozenset(session.scalars(wanted.where(HealthGrant.why == RECOVERY)))


def seal_to_sheet(
    session: Session, escrow: SubjectKey, public: bytes, by_user: str, at: datetime
) -> None:
    """Seal the escrow to a sheet, beside whichever it is sealed to already."""
    holder = sheet_holder(public)
    sealed = escrow.granted_to(holder, public)
    session.merge(
        HealthGrant(
            subject=ESCROW, holder=holder, sealed=sealed, why=RECOVERY, by_user=by_user, at=at
        )
    )
    session.flush()


def drop_sheets(session: Session, *, but: str = "", only: str = "") -> None:
    """Take the escrow's key from every sheet `but` one, or from `only` one."""
    gone = delete(HealthGrant).where(HealthGrant.subject == ESCROW, HealthGrant.why == RECOVERY)
    gone = gone.where(HealthGrant.holder == only) if only else gone.where(HealthGrant.holder != but)
    session.execute(gone)
    session.flush()


def opened_by_sheet(session: Session, vault_id: str, sheet: X25519PrivateKey) -> SubjectKey | None:
    """The escrow's key by the key of a sheet; None where it is not sealed to that one."""
    holder = sheet_holder(sheet.public_key().public_bytes_raw())
    row = session.get(HealthGrant, (ESCROW, holder))
    if row is None:
        return None
    try:
        return taken_up(row.sealed, sheet, vault_id, ESCROW, holder)
    except NotReadable:
        return None
