"""The values of the health office as JSON and back: one spelling, nothing lost, nothing extra."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin

from cattrs import Converter
from cattrs.errors import ForbiddenExtraKeysError

from bt_desktop.security.canonical import canonical

Value = TypeVar("Value")


class Unreadable(Exception):
    """These bytes are no such value (kept inside this package)."""


def to_bytes(value: Any) -> bytes:
    """A value as canonical JSON (RFC 8785); fields as they came by default are left out."""
    return canonical(_converter().unstructure(value))


def from_bytes(data: bytes, kind: type[Value]) -> Value:
    """The value again. Raises Unreadable for anything else."""
    try:
        return _converter().structure(json.loads(data), kind)
    except (
        ForbiddenExtraKeysError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
        ArithmeticError,
    ) as problem:
        raise Unreadable from problem


@lru_cache(maxsize=1)
def _converter() -> Converter:
    made = Converter(forbid_extra_keys=True, omit_if_default=True, detailed_validation=False)
    for kind in (datetime, date, time):
        made.register_unstructure_hook(kind, lambda value: value.isoformat())
        made.register_structure_hook(kind, _iso)
    made.register_unstructure_hook(Decimal, str)
    made.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    made.register_unstructure_hook_func(_is_set, sorted)
    made.register_structure_hook_func(
        _is_set,
        lambda held, kind: frozenset(made.structure(one, get_args(kind)[0]) for one in held),
    )
    return made


def _is_set(kind: Any) -> bool:
    return get_origin(kind) is frozenset


def _iso(text: str, kind: type[date] | type[datetime] | type[time]) -> date | datetime | time:
    return kind.fromisoformat(text)
