"""One account's slot: the person's own keys behind the password, the database key sealed to them.

    password -> Argon2id -> AES-256-GCM -> { X25519 seed, Ed25519 seed }
    database key -> HPKE -> the X25519 key

So an administrator can let somebody in, or shut out, without anyone's password, and nobody can
sign with another's key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import SALT_BYTES, KdfParams, derive
from bt_desktop.security.keyfile import NONCE_BYTES, Slot
from bt_desktop.security.keys import taken_over, wipe

_SEED = 32
RECOVERY = "recovery"  # stands for the user's id where the database key is sealed to the sheet

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class WrongKey(Exception):
    """These keys do not open that blob (kept inside this package)."""


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """A person's two private keys."""

    sealing: X25519PrivateKey
    signing: Ed25519PrivateKey

    @classmethod
    def new(cls) -> OwnKeys:
        """Fresh random keys."""
        return cls(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())


def _header(slot: Slot, vault_id: str) -> bytes:
    """What the bundle is bound to: weaker parameters or swapped keys make it unreadable."""
    return canonical(
        {
            "what": "bt-bundle-v1",
            "vault": vault_id,
            "user": slot.user_id,
            "m": slot.kdf.memory_kib,
            "t": slot.kdf.passes,
            "p": slot.kdf.lanes,
            "salt": slot.salt.hex(),
            "x25519": slot.sealing_public.hex(),
            "ed25519": slot.signing_public.hex(),
        }
    )


def new_slot(
    vault_id: str, user_id: str, name: str, password: str, own: OwnKeys, params: KdfParams
) -> Slot:
    """An account with `own` keys behind `password`; no database key is sealed to it yet.

    Takes as long as `params` ask for. Raises NotEnoughMemory.
    """
    slot = Slot(
        user_id=user_id,
        name=name,
        disabled=False,
        kdf=params,
        salt=secrets.token_bytes(SALT_BYTES),
        nonce=b"",
        bundle=b"",
        sealing_public=own.sealing.public_key().public_bytes_raw(),
        signing_public=own.signing.public_key().public_bytes_raw(),
        sealed={},
    )
    return with_password(slot, vault_id, password, own, params)


def with_password(
    slot: Slot, vault_id: str, password: str, own: OwnKeys, params: KdfParams
) -> Slot:
    """The same account and keys behind another password (or the same, hardened anew)."""
    salted = replace(slot, kdf=params, salt=secrets.token_bytes(SALT_BYTES))
    secret = bytearray(own.sealing.private_bytes_raw() + own.signing.private_bytes_raw())
    nonce = secrets.token_bytes(NONCE_BYTES)
    try:
        cipher = AESGCM(derive(password, salted.salt, params))
        bundle = cipher.encrypt(nonce, secret, _header(salted, vault_id))
    finally:
        wipe(secret)
    return replace(salted, nonce=nonce, bundle=bundle)


def open_slot(slot: Slot, vault_id: str, password: str) -> OwnKeys:
    """The person's keys. Raises WrongKey for another password or a changed slot.

    Takes as long as the slot's parameters ask for. Raises NotEnoughMemory.
    """
    cipher = AESGCM(derive(password, slot.salt, slot.kdf))
    seeds = bytearray(2 * _SEED)
    try:
        cipher.decrypt_into(slot.nonce, slot.bundle, _header(slot, vault_id), seeds)
        return OwnKeys(
            X25519PrivateKey.from_private_bytes(seeds[:_SEED]),
            Ed25519PrivateKey.from_private_bytes(seeds[_SEED:]),
        )
    except InvalidTag as problem:
        raise WrongKey from problem
    finally:
        wipe(seeds)


def _context(vault_id: str, generation: int, holder: str) -> bytes:
    return f"bt-dek|{vault_id}|{generation}|{holder}".encode()


def seal_key(
    database_key: bytearray, public: bytes, vault_id: str, generation: int, holder: str
) -> bytes:
    """The database key of that generation, for the holder of the X25519 key only (80 bytes)."""
    info = _context(vault_id, generation, holder)
    return _SUITE.encrypt(database_key, X25519PublicKey.from_public_bytes(public), info)


def unseal_key(
    blob: bytes, own: X25519PrivateKey, vault_id: str, generation: int, holder: str
) -> bytearray:
    """The database key out of `blob`. Raises WrongKey for another key, vault, generation, user."""
    try:
        return taken_over(_SUITE.decrypt(blob, own, _context(vault_id, generation, holder)))
    except InvalidTag as problem:
        raise WrongKey from problem
