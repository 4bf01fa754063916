"""How a person's name is put together, and the people that answers point at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

_REFERENCE = re.compile(
    r"\b(?:student|staff|guardian):"
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
)


class Named(Protocol):
    """Whatever has the parts of a name."""

    @property
    def given(self) -> str:
        """The given name."""

    @property
    def middle(self) -> str:
        """The middle name."""

    @property
    def family(self) -> str:
        """The family name."""

    @property
    def family_first(self) -> bool:
        """Whether the family name goes first."""


def whole_name(person: Named) -> str:
    """The name as it is read: `Mateo Núñez-Okafor`, family name first where it goes first."""
    order = (
        (person.family, person.middle, person.given)
        if person.family_first
        else (person.given, person.family)
    )
    return " ".join(part for part in order if part)


def strings_in(value: Any) -> Iterator[str]:
    """Every text inside JSON, at any depth, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings_in(inner)


def people_in(value: Any) -> tuple[str, ...]:
    """The ids of all people that answers or tokens in texts name, in order, each once."""
    found: dict[str, None] = {}
    for text in strings_in(value):
        if ":" in text:
            found.update(dict.fromkeys(_REFERENCE.findall(text)))
    return tuple(found)
