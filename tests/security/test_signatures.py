"""Signatures of people, and what they can never be mistaken for."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bt_desktop.security import signing

DIGEST = bytes(range(32))


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


def public(key):
    return key.public_key().public_bytes_raw()


def test_a_signature_holds_for_its_key_and_digest_only(key):
    signature = signing.sign_digest(key, DIGEST)
    assert signing.verify_digest(public(key), DIGEST, signature)
    assert not signing.verify_digest(public(key), bytes(32), signature)
    assert not signing.verify_digest(public(Ed25519PrivateKey.generate()), DIGEST, signature)
    for at in range(64):
        hurt = bytearray(signature)
        hurt[at] ^= 1
        assert not signing.verify_digest(public(key), DIGEST, bytes(hurt))


def test_a_signature_for_one_thing_never_passes_for_another(key):
    signature = signing.sign(key, signing.AUDIT, DIGEST)
    assert signing.verify(public(key), signing.AUDIT, DIGEST, signature)
    assert not signing.verify_digest(public(key), DIGEST, signature)


@pytest.mark.parametrize("bad", [b"", bytes(31), bytes(33)])
def test_only_a_digest_is_signed(key, bad):
    with pytest.raises(ValueError, match="32 bytes"):
        signing.sign_digest(key, bad)
    assert not signing.verify_digest(public(key), bad, bytes(64))


@pytest.mark.parametrize("junk", [b"", bytes(31), bytes(32)])
def test_junk_is_no_public_key(junk):
    assert not signing.verify_digest(junk, DIGEST, bytes(64))
    assert not signing.verify_digest(bytes(32), DIGEST, junk)
