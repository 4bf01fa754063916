"""Keeping other children out of a parent's paper: tokens, letters, offers and the net beneath.

Pure functions over texts and names; no store, no clock. The front door of the `privacy_*` files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
) -> tuple[NameFinding, ...]:
    """Every place in `text` where a student other than `subject` is, or nearly is, named.

    `others` is the whole roster (left students too); `letters` are the students of the event, who
    are looked for more generously. For many texts build a `NameIndex` once, and a `NameNet` per
    event.
    """
    index = others if isinstance(others, NameIndex) else NameIndex(others)
    return NameNet(index, subject, staff, letters).find(text)
