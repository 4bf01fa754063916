"""The anchor slip: the newest entry of the audit trail on a day, signed and filed away from here.

Paper in another building cannot be put back with the database (design/security.md §3.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Fields,
    Heading,
    Narrative,
    Notice,
    Row,
    Title,
    ToSign,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build

_LEAD = (
    "Every signature, copy and sign-in is an entry of the records' trail, chained to the one "
    "before. This slip keeps the newest of them on paper."
)
_WHY = (
    "Whoever put an old copy of the records back, or wrote their history anew, cannot change this "
    "paper. Held against it, the records show that they still have this entry, or that they do not."
)
_FILE = (
    "Sign it and file it where the records' computer is not: with the principal's papers, or at "
    "the district office. Keep the slips as long as the records are kept, the newest in front."
)
_CHECK = (
    "1. Open the records, and choose “Check a printed copy”.\n"
    "2. Scan the square code at the foot, or type the code above; blanks and line ends do not "
    "matter.\n"
    "3. The program says whether the records have that entry as it was. If they do not, change "
    "nothing, and tell an administrator."
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip says: the vault, and the number and hash (hex) of the newest entry."""

    vault_id: str
    seq: int
    hash: str


def anchor_slip(slip: Slip, head: Letterhead, mark: CopyMark) -> bytes:
    """The page as PDF bytes; `mark` bears the same head of the trail, and the square code."""
    sheet = Sheet(
        title="Anchor slip",
        head_right=("Anchor slip", words.long_day(mark.made_at.date())),
        foot=f"Printed by {mark.made_by}. Keep it away from the records' computer.",
    )
    return build(_blocks(slip, head, mark), head, mark, sheet)


def _blocks(slip: Slip, head: Letterhead, mark: CopyMark) -> list[Block]:
    return [
        Title(f"Anchor slip: entry {slip.seq:,}", _LEAD),
        Fields(
            (
                Row("School", head.school_name),
                Row("Records", slip.vault_id),
                Row("Made", words.moment(mark.made_at)),
                Row("Newest entry", f"No. {slip.seq:,}"),
                Row("Its hash", _in_fours(slip.hash)),
                Row("Code of the square", mark.qr_payload),
            )
        ),
        Notice(_WHY, "What it is for"),
        Heading("Where it belongs"),
        Narrative(_FILE),
        Heading("To check the records against it"),
        Narrative(_CHECK),
        ToSign(("Principal (name and signature)", "Date"), 40),
        ToSign(("Filed where, by whom",), 26),
    ]


def _in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
