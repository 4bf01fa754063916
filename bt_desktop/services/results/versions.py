"""Signed versions of a part, and what differs between two of them, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bt_desktop.services.revision_diff import Piece

__all__ = ["Comparison", "Line", "LineKind", "Piece", "Version"]

LineKind = Literal["same", "added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Version:
    """One signed version of a part.

    `count` is its number (1 is the first); 0 stands for what is typed and not signed yet. `kind`
    is that of an amendment, empty for a first version and for a review made anew; `kind_words`
    says it. `happened_at` is when what a late entry tells took place.
    """

    revision_id: str
    part_key: str
    part_title: str
    count: int
    kind: str
    kind_words: str
    reason: str
    by_name: str
    by_title: str
    signed_at: datetime | None
    happened_at: datetime | None = None
    answers_remarks: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One question in both versions. `pieces` are given for a text that changed, word by word."""

    section: str
    section_title: str
    question: str
    kind: LineKind
    old: str
    new: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of one part, question by question in the form's order."""

    older: Version
    newer: Version
    lines: tuple[Line, ...]

    @property
    def changes(self) -> tuple[Line, ...]:
        """Only what differs."""
        return tuple(line for line in self.lines if line.kind != "same")
