"""JSON with one spelling (RFC 8785): what is signed, summed and sealed is spelled like this."""

from __future__ import annotations

import json
from typing import Any

_EXACT = 2**53  # beyond it a number has no one spelling in RFC 8785 (§3.2.2.3)


def canonical(value: object) -> bytes:
    """RFC 8785 JSON: one value, one spelling. Raises ValueError for what has none."""
    if _is_plain(value):
        return _ENCODE(value).encode("utf-8")
    import rfc8785  # deferred: not needed before a fraction is spelled

    return bytes(rfc8785.dumps(value))  # type: ignore[arg-type]  # its own alias is recursive


def _is_plain(value: Any) -> bool:
    """Whether the standard library spells it the same way, thirty times as fast (a story compares
    the two): no fractions, no number past 2**53, names of members in ASCII."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_EXACT < value < _EXACT)
    if kind is dict:
        return all(
            type(key) is str and key.isascii() and (type(one) is str or _is_plain(one))
            for key, one in value.items()
        )
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return False


_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
