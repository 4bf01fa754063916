"""What was written about a closed month afterwards, on a page of its own (R26)."""

from __future__ import annotations

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Gap, Grid, Heading, Small
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar import order_facts, signer_key
from bt_desktop.paper.mar_back import NOTES, note_cells
from bt_desktop.paper.mar_content import Addendum
from bt_desktop.paper.shape import LYING

TITLE = "Addendum to a medication record"


def mar_addendum(sheet: Addendum, head: Letterhead, mark: CopyMark) -> bytes:
    """The page as PDF bytes, not yet sealed; the same input gives the same bytes."""
    month = f"{words.MONTHS[sheet.month.month - 1]} {sheet.month.year}"
    paper = Sheet(
        title=f"MAR {sheet.month:%Y-%m} addendum",
        head_right=(TITLE, month),
        running=f"{sheet.student.name} · {sheet.order.title} · {month} · after the closing",
        foot=f"Record hash of the closed month {sheet.digest}" if sheet.digest else "",
        record_digest=sheet.digest,
    )
    return build(addendum_blocks(sheet, month), head, mark, paper, shape=LYING)


def addendum_blocks(sheet: Addendum, month: str) -> list[Block]:
    """What stands on it, in order."""
    closed = sheet.closed
    told = (
        f"The record of {month} was closed by {closed.name} on {words.moment(closed.at)} and is "
        "not changed any more. This was written afterwards."
    )
    rows = tuple(note_cells(note, always=True) for note in sheet.notes)
    return [
        order_facts(sheet.student, sheet.order, sheet.school_year),
        Gap(5),
        Heading("After the closing"),
        Small(told),
        Grid(NOTES, rows) if rows else Small("Nothing."),
        signer_key(sheet.signers),
        Small(f"As of {words.moment(sheet.as_of)}."),
    ]
