"""Keeping other children out of a parent's paper: tokens, letters, offers and the net beneath.

Pure functions over texts and names; no store, no clock. The front door of the `privacy_*` files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bt_desktop.services.names import PersonNames
from bt_desktop.services.privacy_index import NameIndex
from bt_desktop.services.privacy_net import NameNet
from bt_desktop.services.privacy_offers import Offer, find_offers
from bt_desktop.services.privacy_settle import (
    Decision,
    NameFinding,
    ParentText,
    replace_all,
    replace_finding,
    still_settled,
    unsettled,
)
from bt_desktop.services.privacy_tokens import (
    Token,
    assign_letters,
    find_tokens,
    letter_name,
    render_letters,
    render_names,
    students_of,
    token,
)

__all__ = [
    "Decision",
    "NameFinding",
    "NameIndex",
    "NameNet",
    "NamedOffer",
    "Offer",
    "ParentText",
    "PersonNames",
    "StudentNames",
    "Token",
    "assign_letters",
    "find_names",
    "find_offers",
    "find_tokens",
    "letter_name",
    "name_offers",
    "render_letters",
    "render_names",
    "replace_all",
    "replace_finding",
    "still_settled",
    "students_of",
    "token",
    "unsettled",
]

StudentNames = PersonNames


def find_names(
    text: str,
    others: Sequence[PersonNames] | NameIndex,
    subject: PersonNames,
    staff: Sequence[PersonNames] = (),
    letters: Mapping[str, str] | None = None,
    family: Collection[str] = (),
) -> tuple[NameFinding, ...]:
    """Every place in `text` where a student other than `subject` is, or nearly is, named.

    `others` is the whole roster (left students too) and its guardians, `family` the ids of the
    subject's own; `letters` are the students of the event, who
    are looked for more generously. For many texts build a `NameIndex` once, and a `NameNet` per
    event.
    """
    index = others if isinstance(others, NameIndex) else NameIndex(others)
    return NameNet(index, subject, staff, letters, family).find(text)


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """An offer for one person: what was typed where, and whom it may mean by id and name."""

    start: int
    end: int
    word: str
    person_id: str
    name: str


class HasOfferedNames(Protocol):
    """Whoever knows the people to offer (`PeopleService`)."""

    def offered_names(self) -> NameIndex:
        """The names of active students and staff."""


def name_offers(
    people: HasOfferedNames, text: str, event: Sequence[str] = ()
) -> tuple[NamedOffer, ...]:
    """Names typed by hand in `text`, to be offered as tokens, at most one person for a place.

    `event` are the ids of people at the event; those who have a token in `text` count too. Where
    two people bear the name nothing is offered: the writer chooses with `@`, so that accepting
    all offers at once never puts the wrong child in.
    """
    index = people.offered_names()
    there = {*event, *(found.id for found in find_tokens(text))}
    return tuple(
        NamedOffer(offer.start, offer.end, offer.word, offer.candidates[0],
                   _named(index, offer.candidates[0]))
        for offer in find_offers(text, index, there)
        if not offer.ambiguous
    )  # fmt: skip


def _named(index: NameIndex, person_id: str) -> str:
    return index.people[index.number_of[person_id]].short
