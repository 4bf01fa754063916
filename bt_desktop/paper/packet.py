"""One student's medication record in one file: orders, statements and logs, pages counted through.

5 CCR 601 as districts adopted it: the record is the provider's statement, the parent's statement,
the log, and any other document (health-office §1.1; the text itself is unverified).
"""

from __future__ import annotations

from collections.abc import Sequence

from bt_desktop.paper import words
from bt_desktop.paper.appendix import Appendix, AppendixFile
from bt_desktop.paper.content import (
    Block,
    Column,
    Grid,
    Heading,
    Narrative,
    NewPage,
    Small,
    Title,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import Packet
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar import mar_blocks, spanned
from bt_desktop.paper.mar_content import MarSheet
from bt_desktop.paper.mar_year import year_blocks
from bt_desktop.paper.order_copy import order_blocks, student_facts
from bt_desktop.paper.packet_around import around_blocks

TITLE = "Medication record"
_CONTENTS = (Column("What", 2.2), Column("Of", 3.0), Column("State and hash", 2.6))
_LEAD = "Orders, the statements of prescriber and parent, and the log, as the school keeps them."


def packet(
    paper: Packet, head: Letterhead, mark: CopyMark, files: Sequence[AppendixFile] = ()
) -> bytes:
    """The record as PDF bytes, not yet sealed. `files` are the scans of the two statements."""
    sheet = Sheet(
        title=f"{TITLE} {paper.school_year}",
        head_right=(TITLE, paper.school_year),
        running=f"{TITLE} · {paper.student.name} · {paper.school_year}",
        foot=f"As of {words.moment(paper.as_of)}. Confidential.",
    )
    scans = Appendix(files)
    return scans.laid_in(build(packet_blocks(paper, scans.blocks), head, mark, sheet))


def packet_blocks(paper: Packet, scans: Sequence[Block] = ()) -> list[Block]:
    """What stands in it, in order; `scans` are the pages of the statements."""
    blocks: list[Block] = [
        Title(f"{TITLE} of {paper.student.name}", _LEAD),
        student_facts(paper.student),
        *([Narrative(f"Made for: {paper.purpose}.")] if paper.purpose else []),
        Heading("What is in it"),
        _contents(paper),
        *around_blocks(paper),
    ]
    for order in paper.orders:
        blocks += [NewPage(lying=False), *order_blocks(order)]
    blocks += scans
    for sheet in paper.sheets:
        heading = Heading(f"Log of {spanned(sheet)}: {sheet.order.title}", sheet.number or "")
        blocks += [NewPage(lying=True), heading, *mar_blocks(sheet), *_proof(sheet)]
    for year in paper.years:
        heading = Heading(f"School year {year.school_year}: {year.order.title}", year.number or "")
        blocks += [NewPage(lying=True), heading, *year_blocks(year)]
    return blocks


def _contents(paper: Packet) -> Block:
    lines: list[tuple[str, str, str]] = []
    lines += [("Order", order.order.title, order.status) for order in paper.orders]
    for sheet in paper.sheets:
        closed = "closed" if sheet.closed else "not closed"
        state = f"{closed}, {sheet.digest[:16]}…" if sheet.digest else closed
        lines.append((f"Log of {spanned(sheet)}", sheet.order.title, state))
    lines += [(f"Log of {year.school_year}", year.order.title, "") for year in paper.years]
    if not lines:
        return Narrative("No medicine was ordered for this student.")
    return Grid(_CONTENTS, tuple(lines))


def _proof(sheet: MarSheet) -> list[Block]:
    return [Small(f"Record hash of this log {sheet.digest}")] if sheet.digest else []
