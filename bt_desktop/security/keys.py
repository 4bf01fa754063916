"""The keys of an unlocked vault, held by one person, until they are wiped."""

from __future__ import annotations

import ctypes
import hashlib
import sys
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(secret: bytes | bytearray, vault_id: str, purpose: str) -> bytes:
    """A 32-byte key of its own for `purpose` in that vault (HKDF-SHA256)."""
    info = b"bt-sub-v1\0" + purpose.encode("utf-8")
    return HKDF(SHA256(), 32, salt=vault_id.encode("ascii"), info=info).derive(secret)


def key_id(public: Ed25519PublicKey | bytes) -> str:
    """The short name of a signing key: 16 hex digits of its public key's SHA-256."""
    raw = public if isinstance(public, bytes) else public.public_bytes_raw()
    return hashlib.sha256(raw).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FailedSignIns:
    """Wrong tries at one account that are not yet in the audit trail (whole UTC seconds)."""

    user_id: str
    count: int
    first_at: int
    last_at: int


class Keys:
    """What a person holds while the vault is open.

    `database_key` is the raw SQLCipher key (32 bytes, wiped by `wipe`); `previous_key` is there
    only while a change of the database key was interrupted. `failures` counts the wrong tries
    since the former sign-in; `failed_sign_ins` is what the audit trail still has to be told, of
    all accounts; `edition` is the key file's, for the anchors. `repaired` says that the key file
    had been changed or damaged and was put back from its copy; `by_pin` that the password was not
    typed for this sign-in.
    """

    __slots__ = (
        "_sealing",
        "_signing",
        "by_pin",
        "database_key",
        "edition",
        "failed_sign_ins",
        "failures",
        "generation",
        "previous_key",
        "repaired",
        "sign_in_name",
        "user_id",
        "vault_id",
    )

    def __init__(  # noqa: PLR0913 - the identity, then three keys; all by keyword
        self,
        *,
        vault_id: str,
        user_id: str,
        sign_in_name: str,
        generation: int,
        edition: int,
        database_key: bytearray,
        signing: Ed25519PrivateKey,
        sealing: X25519PrivateKey,
        previous_key: bytearray | None = None,
        failures: int = 0,
        failed_sign_ins: tuple[FailedSignIns, ...] = (),
        repaired: bool = False,
        by_pin: bool = False,
    ) -> None:
        self.vault_id = vault_id
        self.user_id = user_id
        self.sign_in_name = sign_in_name
        self.generation = generation
        self.edition = edition
        self.database_key = database_key
        self.previous_key = previous_key
        self.failures = failures
        self.failed_sign_ins = failed_sign_ins
        self.repaired = repaired
        self.by_pin = by_pin
        self._signing: Ed25519PrivateKey | None = signing
        self._sealing: X25519PrivateKey | None = sealing

    def __repr__(self) -> str:
        return f"<Keys of {self.user_id}{' (wiped)' if self.wiped else ''}>"

    @property
    def wiped(self) -> bool:
        """Were the keys given up?"""
        return self._signing is None

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The person's signing key. Raises RuntimeError after `wipe` (a bug in the caller)."""
        if self._signing is None:
            raise RuntimeError("the keys are wiped")
        return self._signing

    @property
    def sealing(self) -> X25519PrivateKey:
        """The key to which the database key is sealed. Raises RuntimeError after `wipe`."""
        if self._sealing is None:
            raise RuntimeError("the keys are wiped")
        return self._sealing

    @property
    def key_id(self) -> str:
        """The short name of the signing key."""
        return key_id(self.signing.public_key())

    def sub_key(self, purpose: str) -> bytes:
        """A 32-byte key for `purpose`, derived from the database key."""
        if self.wiped:
            raise RuntimeError("the keys are wiped")
        return hkdf(self.database_key, self.vault_id, purpose)

    def turn_to(
        self, database_key: bytearray, generation: int, previous_key: bytearray | None, edition: int
    ) -> None:
        """The database key was changed, or taken back; what is given up is overwritten."""
        held = (database_key, previous_key)
        for key in (self.database_key, self.previous_key):
            if key is not None and all(key is not one for one in held):
                wipe(key)
        self.database_key, self.previous_key = database_key, previous_key
        self.generation, self.edition = generation, edition

    def wipe(self) -> None:
        """Overwrite the database key and let go of the others. May be called twice.

        Python can overwrite the bytearrays; the private keys live in OpenSSL's memory, which
        clears them when the last reference goes.
        """
        wipe(self.database_key)
        if self.previous_key is not None:
            wipe(self.previous_key)
        self._signing = None
        self._sealing = None


def taken_over(fresh: bytes) -> bytearray:
    """The same secret where it can be wiped; the bytes it came in are overwritten.

    Libraries hand secrets out as immutable bytes, which Python only forgets when the memory is
    used again. Only for bytes that nobody else holds. Does without where it is not CPython.
    """
    secret = bytearray(fresh)
    if sys.implementation.name == "cpython":
        start = id(fresh) + bytes.__basicsize__ - 1  # where the content of a bytes object begins
        ctypes.memset(start, 0, len(fresh))
    return secret


def wipe(secret: bytearray) -> None:
    """Overwrite `secret` in place with zeros."""
    secret[:] = bytes(len(secret))
