"""The paper with the recovery key: printed once at set-up, kept in a safe, never on a disk."""

from __future__ import annotations

import re
from datetime import datetime

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Blank,
    Block,
    Fields,
    Groups,
    Heading,
    Narrative,
    Notice,
    Row,
    Title,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build

_FOOT = "Keep this paper in a safe place. Whoever holds it can open the records."


def recovery_sheet(head: Letterhead, vault_id: str, recovery_key: str, made_at: datetime) -> bytes:
    """The page as PDF bytes. `recovery_key` is printed in its own groups, numbered.

    The key stands in the page alone, neither in the PDF's title nor anywhere else in the file.
    """
    mark = CopyMark(kind="recovery", copy_number=0, made_at=made_at, made_by="")
    sheet = Sheet(title="Recovery key", head_right=("Recovery key",), foot=_FOOT)
    return build(_blocks(head, vault_id, recovery_key, made_at), head, mark, sheet)


def _blocks(head: Letterhead, vault_id: str, recovery_key: str, made_at: datetime) -> list[Block]:
    groups = tuple(group for group in re.split(r"[\s-]+", recovery_key) if group)
    return [
        Title(
            "Recovery key for the school's records",
            "With this key an administrator can open the records again when every password is "
            "forgotten. It is the only other way in: nobody else, and no company, has a copy.",
        ),
        Groups(groups),
        Notice(
            "It opens everything. Lock it away like a check book: in the school's safe, or sealed "
            "in an envelope at the district office. Do not photograph it, scan it or mail it.",
            "Keep this paper safe",
            strong=True,
        ),
        Heading("To use it"),
        Narrative(
            "1. Start the program. In the window that asks for the password, choose "
            "“Use the recovery key”.\n"
            "2. Type the groups above in order. Capital or small letters, spaces and dashes make "
            "no difference.\n"
            "3. Choose a new password, then print a new recovery key and destroy this paper."
        ),
        Heading("What it belongs to"),
        Fields(
            (
                Row("School", head.school_name),
                Row("Records", vault_id),
                Row("Made", words.moment(made_at)),
                Row("Kept by (name, place)", Blank()),
                Row("Opened on, by", Blank(2)),
            )
        ),
    ]
