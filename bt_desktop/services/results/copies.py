"""Copies as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class PrintedCopy:
    """A copy as bytes of a PDF, logged under `copy_id`.

    `number` counts the copies of the record. An unsigned record's copy says DRAFT and is not
    sealed. `file_name` is what a file dialog may offer; it holds no name of a person.
    """

    copy_id: str
    number: int
    pdf: bytes
    sealed: bool
    sha256: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Settled:
    """How one marked word was settled, and by whom (a staff id).

    `start` and `end` are places in the text that is released.
    """

    start: int
    end: int
    word: str
    decision: Literal["not_a_name", "replaced", "own_child", "staff"]
    by: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What was signed after a copy was made: when, and what kind of amendment (empty: a review
    that was made anew)."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """A sealed copy that went to a parent; `amended` says what was changed since, if anything."""

    copy_id: str
    number: int
    for_whom: str
    made_at: datetime
    amended: Amended | None


@dataclass(frozen=True, slots=True)
class CopyLogRow:
    """One line of the log of copies: for whom, by whom, when, what became of it."""

    copy_id: str
    number: int
    kind: Literal["school", "parent", "draft", "draft_parent"]
    for_whom: str
    made_at: datetime
    made_by: str
    sealed: bool
    sha256: str
    marks: tuple[tuple[str, datetime], ...]
