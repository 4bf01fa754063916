"""Signing keys that the audit trail does not know yet, told to it before anything is signed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.models.audit import AuditKey
from bt_desktop.security import audit
from bt_desktop.security.keys import Keys


def announce_key(session: Session, keys: Keys, clock: Clock) -> None:
    """Tell the trail of the person's signing key, where it does not know it.

    A new password or the recovery key brings a new one, and the program may have been killed
    between changing the key file and telling.
    """
    known = session.get(AuditKey, keys.key_id)
    if known is not None and known.retired_seq is None:
        return
    system = audit.system_actor(session, keys.vault_id)
    public = keys.signing.public_key().public_bytes_raw()
    audit.add_key(session, system, clock, keys.user_id, keys.sign_in_name, public)
