"""Keys of the health office: one pair for each subject (a student, the stock, the office).

    subject's private key --HPKE--> each nurse, each delegate of that student, the escrow
    escrow's private key  --HPKE--> each administrator, and the printed recovery key
    what is written       --AES-256-GCM under a key from the subject's private key (holders)
                          --HPKE to the subject's public key (whoever may only put in)

So the database key alone opens nothing here (security design §2.1, architecture decision 4).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bt_desktop.security.keys import hkdf

ESCROW = "escrow"
RECOVERY = "recovery"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_NONCE = 12


class NotReadable(Exception):
    """These keys do not open that, or it was changed (kept below the services' own words)."""


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The key of a subject in the hands of a holder."""

    vault_id: str
    subject: str
    private: X25519PrivateKey = field(repr=False)

    @classmethod
    def new(cls, vault_id: str, subject: str) -> SubjectKey:
        """A fresh key."""
        return cls(vault_id, subject, X25519PrivateKey.generate())

    @property
    def public(self) -> bytes:
        """What others need to put something in (32 bytes)."""
        return self.private.public_key().public_bytes_raw()

    def granted_to(self, holder: str, public: bytes) -> bytes:
        """This key, sealed to the holder of the X25519 key `public`."""
        info = _grant(self.vault_id, self.subject, holder)
        return _SUITE.encrypt(
            self.private.private_bytes_raw(), X25519PublicKey.from_public_bytes(public), info
        )

    def cipher(self) -> SubjectCipher:
        """What seals and opens entries under this key; costs one derivation."""
        secret = hkdf(self.private.private_bytes_raw(), self.vault_id, f"health|{self.subject}")
        return SubjectCipher(self, AESGCM(secret))


@dataclass(frozen=True, slots=True)
class SubjectCipher:
    """Seals and opens what belongs to one subject. `label` binds bytes to their place."""

    key: SubjectKey = field(repr=False)
    aes: AESGCM = field(repr=False)

    def seal(self, data: bytes, label: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self.aes.encrypt(nonce, data, _place(self.key.subject, label))

    def open(self, sealed: bytes, label: str, *, boxed: bool = False) -> bytes:
        """What `seal` (or `boxed`) was given. Raises NotReadable for anything else."""
        try:
            if boxed:
                info = _box(self.key.vault_id, self.key.subject, label)
                return bytes(_SUITE.decrypt(sealed, self.key.private, info))
            return self.aes.decrypt(
                sealed[:_NONCE], sealed[_NONCE:], _place(self.key.subject, label)
            )
        except (InvalidTag, ValueError) as problem:
            raise NotReadable from problem


def boxed(data: bytes, vault_id: str, subject: str, public: bytes, label: str) -> bytes:
    """`data` for the subject's holders alone; whoever puts it in cannot read it again."""
    info = _box(vault_id, subject, label)
    return _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(public), info)


def taken_up(
    sealed: bytes, own: X25519PrivateKey, vault_id: str, subject: str, holder: str
) -> SubjectKey:
    """The subject's key out of the grant made to `holder`. Raises NotReadable."""
    try:
        raw = _SUITE.decrypt(sealed, own, _grant(vault_id, subject, holder))
        return SubjectKey(vault_id, subject, X25519PrivateKey.from_private_bytes(bytes(raw)))
    except (InvalidTag, ValueError) as problem:
        raise NotReadable from problem


def _grant(vault_id: str, subject: str, holder: str) -> bytes:
    return f"bt-health-grant-v1|{vault_id}|{subject}|{holder}".encode()


def _box(vault_id: str, subject: str, label: str) -> bytes:
    return f"bt-health-box-v1|{vault_id}|{subject}|{label}".encode()


def _place(subject: str, label: str) -> bytes:
    return f"bt-health-v1|{subject}|{label}".encode()
