"""Papers of medicine for parents, as plain values: what waits, what is told, what was made.

A paper is about doses, a container or a line of the ledger of one student (`about`, ids). Who got
it and what became of it is written down beside it, for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bt_desktop.services.privacy import NameFinding
from bt_desktop.services.results.people import Guardian

PaperKind = Literal["given", "not_given", "low", "expiry", "pick_up", "receipt", "disposal"]
TITLES: Mapping[PaperKind, str] = {
    "given": "Medicine given",
    "not_given": "Medicine not given",
    "low": "Medicine is running low",
    "expiry": "Medicine is getting out of date",
    "pick_up": "Please pick up medicine",
    "receipt": "Receipt for medicine",
    "disposal": "Disposal of medicine",
}
"""What each is called on the screen."""
State = Literal["ready", "text", "stopped"]
Line = Literal["medicine", "reason", "response", "adult"]
LINE_WORDS: Mapping[Line, str] = {
    "medicine": "Medicine",
    "reason": "Why",
    "response": "How it went",
    "adult": "Who brought or took it",
}
"""What somebody typed and a parent reads, by name; in this order they are one text."""


@dataclass(frozen=True, slots=True)
class LineSettled:
    """A marked word of a line that is no name of another child, or is rightly there."""

    start: int  # in the joined text of the lines
    end: int
    word: str
    decision: Literal["not_a_name", "replaced", "own_child", "staff"]
    by: str  # staff id


@dataclass(frozen=True, slots=True)
class Overruled:
    """A paper that a flag stopped and an administrator let go: which flags, why, who (staff id)."""

    stops: tuple[str, ...]
    reason: str
    by: str
    alert: str = ""  # digest of the custody alert as it read then


@dataclass(frozen=True, slots=True)
class ParentPaper:
    """A sealed paper for a parent. Never changed. `file_id` is where its bytes are kept."""

    id: str
    student_id: str
    kind: PaperKind
    about: tuple[str, ...]
    number: str
    guardian_id: str
    for_whom: str
    file_id: str
    sha256: str
    by_user: str
    at: datetime
    medicine: str = ""
    text: str = ""
    settled: tuple[LineSettled, ...] = ()
    override: Overruled | None = None


What = Literal[
    "previewed", "printed", "saved", "reprinted", "attempt", "waived", "overruled",
    "handed_over", "mailed", "emailed", "sent_home", "slip",
]  # fmt: skip
"""What became of a paper. `attempt`: the parent was called about it; `waived`: no paper is needed,
and why; `overruled`: printed again in spite of a flag; `slip`: the signed slip came back."""
CallResult = Literal["reached", "voicemail", "no_answer", "wrong_number", "declined"]


@dataclass(frozen=True, slots=True)
class PaperMark:
    """Something became of a paper (`about`: its id) or of one that waits (the key of `PaperDue`).

    `at` when it happened; `words` why it was printed again, or what was said; `to` and `relation`
    who got it, or was called."""

    about: str
    what: What
    at: datetime
    by_user: str
    to: str = ""
    relation: str = ""
    words: str = ""
    code: str = ""  # why it is printed again; how a call ended
    signed: bool = False


@dataclass(frozen=True, slots=True)
class PaperDue:
    """A paper that no parent got yet. `key` names it on a list; `about` are the ids it tells of.

    `state`: `ready` to print; `text` where words may name another child (`names` of them);
    `stopped` where somebody decides first. `why` says in a sentence what it waits for.
    `sensitive`: a kind of medicine whose papers wait (R31).
    """

    key: str
    kind: PaperKind
    student_id: str
    student: str
    medicine: str
    about: tuple[str, ...]
    at: datetime
    says: str
    state: State = "stopped"
    why: str = ""
    guardian_id: str = ""
    for_whom: str = ""
    names: int = 0
    today: bool = True
    emergency: bool = False
    sensitive: bool = False
    attempts: tuple[PaperMark, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper while it is looked at: who could get it, what was typed, which words may be names.

    `findings` are places in `whole`.
    """

    due: PaperDue
    recipients: tuple[Guardian, ...]
    lines: Mapping[Line, str]
    findings: tuple[NameFinding, ...] = ()
    seconds: tuple[tuple[str, str], ...] = ()  # who may let it go in spite of a flag
    may_override: bool = False

    @property
    def whole(self) -> str:
        """The lines as one text."""
        return joined(self.lines)


def joined(lines: Mapping[Line, str]) -> str:
    """The lines in their order, one below the other."""
    return "\n".join(lines[one] for one in LINE_WORDS if one in lines)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that was made, about whom, by whom, and what became of it, newest mark last.

    `wrong` says why an entry that it tells of was struck afterwards: the parent has to know."""

    paper: ParentPaper
    student: str
    by: str
    marks: tuple[PaperMark, ...] = field(default=())
    wrong: str = ""

    @property
    def received(self) -> PaperMark | None:
        """Who got it, if that is written down."""
        ways = ("handed_over", "mailed", "emailed", "sent_home", "slip")
        return next((one for one in reversed(self.marks) if one.what in ways), None)
