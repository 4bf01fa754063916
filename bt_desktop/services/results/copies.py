"""Copies as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CopyKind = Literal[
    "school", "parent", "notice", "draft", "draft_parent", "draft_notice", "osha_301"
]
"""`parent` is the parent's copy of a whole report, `notice` a one-page paper of its own."""

Way = Literal["handed_over", "mailed", "emailed", "sent_home"]
WAYS: tuple[Way, ...] = ("handed_over", "mailed", "emailed", "sent_home")
"""How a copy gets to somebody; `sent_home`: with the child."""


Again = Literal["lost", "badly_printed", "asked", "other"]
AGAIN: tuple[Again, ...] = ("lost", "badly_printed", "asked", "other")
"""Why a copy is printed once more; `other` is said in words."""

REPRINTED = "reprinted"
"""What became of a copy that was printed once more; the mark keeps why."""


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
class PaperInfo:
    """A paper for the parents of a record's student. `name` is blank for the whole parent's copy.

    `text` says whether the school writes a text for it: `none`, `optional` or `needed`.
    """

    name: str
    label: str
    text: Literal["none", "optional", "needed"]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How one marked word was settled, and by whom (a staff id).

    `start` and `end` are places in the text that is released. `own_child` settles only names of
    the child and its family, `staff` only names of the staff.
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
class Receipt:
    """A copy got to somebody: `how`, to whom, what they are to the child, when, and whether they
    signed for it (the signed slip can be attached to the record)."""

    how: Way
    to: str
    relation: str
    at: datetime
    signed: bool = False


@dataclass(frozen=True, slots=True)
class CopyLogRow:
    """One line of the log of copies: for whom, by whom, when, what became of it.

    `override` is the reason with which an administrator released it in spite of a flag;
    `reprints` why, in what words and when it was printed again.
    """

    copy_id: str
    number: int
    kind: CopyKind
    for_whom: str
    made_at: datetime
    made_by: str
    sealed: bool
    sha256: str
    marks: tuple[tuple[str, datetime], ...]
    paper: str = ""
    receipts: tuple[Receipt, ...] = ()
    override: str = ""
    reprints: tuple[tuple[Again, str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A record whose parents are still to get a paper.

    `state`: `ready` to print; `text` where a person has to read and release what is told (`names`
    counts the words in it that may be another child's name); `stopped` where somebody has to
    decide first. `why` says in a sentence what it waits for. `today`: it happened or was signed
    today.
    """

    record_id: str
    number: str
    title: str
    student: str
    event_at: datetime | None
    paper: PaperInfo | None
    state: Literal["ready", "text", "stopped"]
    why: str
    guardian_id: str = ""
    for_whom: str = ""
    names: int = 0
    today: bool = True
