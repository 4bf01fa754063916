"""The school's seal as the store keeps it; its authority's key is sealed to administrators."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.models.school import SchoolSeal, SealAuthority
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.keys import Keys

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class SealPems:
    """What a copy is sealed with (PEM)."""

    ca_cert: bytes
    cert: bytes
    key: bytes = field(repr=False)


def _context(vault_id: str, seal_id: int, user_id: str) -> bytes:
    return f"bt-school-ca|{vault_id}|{seal_id}|{user_id}".encode()


def make_seal(session: Session, keys: Keys, school_name: str, clock: Clock) -> None:
    """Make the school's authority and seal; the authority's key is sealed to `keys`' owner."""
    from bt_desktop.paper.seal import make_school_authority  # deferred: loads the PDF signer

    made = make_school_authority(school_name, clock.now())
    row = SchoolSeal(
        ca_cert_pem=made.ca_cert_pem,
        seal_cert_pem=made.seal_cert_pem,
        seal_key_pem=made.seal_key_pem,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _seal_to(
        session, row.id, keys.vault_id, keys.user_id, keys.sealing.public_key(), made.ca_key_pem
    )


def current_seal(session: Session) -> SchoolSeal:
    """The certificates and the key in use."""
    return session.scalars(select(SchoolSeal).order_by(SchoolSeal.id.desc()).limit(1)).one()


def seal_pems(session: Session) -> SealPems:
    """The seal in use, as bytes."""
    row = current_seal(session)
    return SealPems(row.ca_cert_pem, row.seal_cert_pem, row.seal_key_pem)


def authority_key(session: Session, keys: Keys, seal_id: int) -> bytes | None:
    """The authority's private key (PEM) for an administrator it is sealed to, else None."""
    row = session.get(SealAuthority, (seal_id, keys.user_id))
    if row is None:
        return None
    info = _context(keys.vault_id, seal_id, keys.user_id)
    return bytes(_SUITE.decrypt(row.sealed_key, keys.sealing, info))


def share_authority(session: Session, folder: Path, keys: Keys, user_id: str) -> None:
    """Seal every authority's key that `keys`' owner can open to another administrator."""
    slot = KeyFileStore(folder).load().slot(user_id)
    if slot is None:
        return
    public = X25519PublicKey.from_public_bytes(slot.sealing_public)
    for seal_id in session.scalars(select(SchoolSeal.id)).all():
        pem = authority_key(session, keys, seal_id)
        if pem is not None:
            _seal_to(session, seal_id, keys.vault_id, user_id, public, pem)


def unshare_authority(session: Session, user_id: str) -> None:
    """Take the authority's key away from somebody who is no administrator any more."""
    session.execute(delete(SealAuthority).where(SealAuthority.user_id == user_id))


def _seal_to(
    session: Session, seal_id: int, vault_id: str, user_id: str, public: X25519PublicKey, pem: bytes
) -> None:
    sealed = _SUITE.encrypt(pem, public, _context(vault_id, seal_id, user_id))
    session.merge(SealAuthority(seal_id=seal_id, user_id=user_id, sealed_key=sealed))
