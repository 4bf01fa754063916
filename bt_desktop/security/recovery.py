"""The printed recovery key: 160 random bits in 36 letters and digits that people can copy.

It opens the database key through an X25519 key of its own and holds no signing key, so whoever
uses it can read and can name a new administrator, but can sign as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bt_desktop.security.keys import hkdf
from bt_desktop.security.problems import RecoveryKeyMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
SECRET_BYTES = 20
GROUPS = 6
GROUP_LENGTH = 6
_LETTERS = 32  # 160 bits
_CHECKS = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = str.maketrans("", "", " -\t\n\r\u00a0‐‑‒–—−_.")


def _check_letters(secret: bytes) -> str:
    digest = int.from_bytes(hashlib.sha256(b"bt-recovery-check-v1\0" + secret).digest()[:4], "big")
    return "".join(ALPHABET[(digest >> shift) & 31] for shift in (27, 22, 17, 12))


def _encode(secret: bytes) -> str:
    number = int.from_bytes(secret, "big")
    letters = "".join(ALPHABET[(number >> (5 * at)) & 31] for at in reversed(range(_LETTERS)))
    return letters + _check_letters(secret)


def written(secret: bytes) -> str:
    """The key as it is printed: six groups of six."""
    letters = _encode(secret)
    return "-".join(letters[at : at + GROUP_LENGTH] for at in range(0, len(letters), GROUP_LENGTH))


def new_recovery_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def tidied(typed: str) -> str:
    """What was typed, as it is compared: upper case, no separators, O as 0, I and L as 1."""
    return typed.translate(_IGNORED).upper().translate(_READ_AS)


def read_recovery_key(typed: str) -> bytes:
    """The 160 bits of a typed recovery key. Raises RecoveryKeyMistyped."""
    letters = tidied(typed)
    if len(letters) != _LETTERS + _CHECKS:
        raise RecoveryKeyMistyped(length=True)
    if any(letter not in ALPHABET for letter in letters):
        raise RecoveryKeyMistyped
    number = 0
    for letter in letters[:_LETTERS]:
        number = number * 32 + ALPHABET.index(letter)
    secret = number.to_bytes(SECRET_BYTES, "big")
    if _encode(secret) != letters:
        raise RecoveryKeyMistyped
    return secret


def recovery_private_key(secret: bytes, vault_id: str) -> X25519PrivateKey:
    """The recovery key's own X25519 key in that vault."""
    return X25519PrivateKey.from_private_bytes(hkdf(secret, vault_id, "bt-recovery-v1"))


@dataclass(frozen=True, slots=True)
class RecoveryChallenge:
    """Two of the six groups, asked back so that the sheet is surely in somebody's hands.

    `groups` are their numbers on the sheet, counted from 1.
    """

    groups: tuple[int, int]

    @classmethod
    def new(cls) -> RecoveryChallenge:
        """Two different groups by chance."""
        first, second = sorted(secrets.SystemRandom().sample(range(1, GROUPS + 1), 2))
        return cls((first, second))

    def is_met(self, recovery_key: str, answers: Mapping[int, str]) -> bool:
        """Do the typed `answers` (by group number) match the key as printed?"""
        printed = recovery_key.split("-")
        given = [tidied(answers.get(number, "")) for number in self.groups]
        return given == [printed[number - 1] for number in self.groups]
