"""People sign what they wrote: Ed25519 over the digest of a frozen revision.

Each kind of thing is signed under a name of its own, so that a signature made for one can never
pass for another.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REVISION = b"bt-revision-v1"
AUDIT = b"bt-audit-v1"
HEALTH = b"bt-health-v1"
DIGEST_BYTES = 32


def _message(domain: bytes, data: bytes) -> bytes:
    return domain + b"\0" + data


def sign(key: Ed25519PrivateKey, domain: bytes, data: bytes) -> bytes:
    """The 64-byte signature of `data` as a thing of `domain`."""
    return key.sign(_message(domain, data))


def verify(public: bytes, domain: bytes, data: bytes, signature: bytes) -> bool:
    """Was `data` signed, as a thing of `domain`, by the holder of the raw public key?"""
    return holds(public_key(public), domain, data, signature)


def public_key(public: bytes) -> Ed25519PublicKey | None:
    """The raw public key, ready to be asked many times; None where it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        return None


def holds(key: Ed25519PublicKey | None, domain: bytes, data: bytes, signature: bytes) -> bool:
    """As `verify`, with a key that was made before."""
    if key is None:
        return False
    try:
        key.verify(signature, _message(domain, data))
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_digest(key: Ed25519PrivateKey, digest: bytes) -> bytes:
    """Sign the SHA-256 digest of a revision. Raises ValueError when it is no such digest."""
    if len(digest) != DIGEST_BYTES:
        raise ValueError("a revision's digest has 32 bytes")
    return sign(key, REVISION, digest)


def verify_digest(public: bytes, digest: bytes, signature: bytes) -> bool:
    """Is that the key holder's signature of the revision with this digest?"""
    return len(digest) == DIGEST_BYTES and verify(public, REVISION, digest, signature)
