"""JSON with one spelling (RFC 8785), and its digest: what is signed and what the trail names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bt_desktop.security.canonical import canonical


def exact(value: Any) -> Any:
    """JSON with whole numbers as integers: `2.0` minutes are 2, however they were counted.

    What is left of fractions (a place on a body map, dollars and cents) has one spelling in
    RFC 8785, so the digest does not depend on the computer.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, Mapping):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [exact(inner) for inner in value]
    return value


def digest_of(value: Any) -> str:
    """The SHA-256 (hex) of a value's one spelling."""
    return hashlib.sha256(canonical(exact(value))).hexdigest()
