"""Papers of medicine that changes hands: the receipt for a parent, and the record of a disposal."""

from __future__ import annotations

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Gap,
    Grid,
    Heading,
    Key,
    KeyLine,
    Narrative,
    Notice,
    Signed,
    Title,
    Whole,
)
from bt_desktop.paper.document import CopyMark, Hand, Letterhead
from bt_desktop.paper.health_content import DisposalPaper, MedicineReceipt
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.order_copy import day, rows, student_facts

RECEIPT = "Receipt for medicine"
DISPOSAL = "Disposal of medicine"
DEA = (
    "School staff may not take controlled medicine to a take-back or a collector for the family "
    "(DEA, 79 FR 53520, 53546). A law enforcement officer can take it."
)
_NO_CARRYING = "A student never takes medicine home: an adult picks it up."
_SAID = {
    "delivered": (
        "Medicine came to school",
        "An adult brought this medicine. A staff member and the adult counted it together.",
        "Brought by",
        "Taken in by",
        "Now at school",
    ),
    "returned": (
        "Medicine went home",
        "An adult took this medicine home. A staff member and the adult counted it together.",
        "Taken home by",
        "Given out by",
        "Still at school",
    ),
}


def medicine_receipt(paper: MedicineReceipt, head: Letterhead, mark: CopyMark) -> bytes:
    """The receipt as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=paper.number or RECEIPT,
        head_right=(RECEIPT, words.short_day(paper.at)),
        running=RECEIPT,
        foot="One for the parent, one for the school.",
        record_number=paper.number or None,
    )
    return build(receipt_blocks(paper), head, mark, sheet)


def receipt_blocks(paper: MedicineReceipt) -> list[Block]:
    """What stands on it, in order: no codes, for a parent reads it."""
    title, lead, by, staff, total = _SAID[paper.kind]
    return [
        Title(title, lead),
        Fields(
            rows(
                ("For", paper.child),
                ("Medicine", paper.medicine),
                ("Counted", paper.amount),
                ("When", f"{words.long_day(paper.at)}, {words.clock(paper.at)}"),
                ("Prescription number", paper.rx_number, True),
                ("Can be used until", day(paper.expires_on) if paper.expires_on else "", True),
                (total, paper.total, True),
            )
        ),
        Gap(6),
        Narrative(_NO_CARRYING),
        _hand(by, paper.adult, paper.relation),
        _hand(staff, paper.staff),
    ]


def _hand(heading: str, hand: Hand, relation: str = "") -> Whole:
    lines = tuple(filter(None, (relation or hand.title,)))
    return Whole((Heading(heading), Signed(hand.ink, hand.name, lines)))


def disposal(paper: DisposalPaper, head: Letterhead, mark: CopyMark) -> bytes:
    """The record as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=paper.number or DISPOSAL,
        head_right=(DISPOSAL, words.short_day(paper.at)),
        running=f"{DISPOSAL} · {paper.student.name} · {paper.medicine}",
        foot="Keep it with the student's medication record.",
        record_number=paper.number or None,
    )
    return build(disposal_blocks(paper), head, mark, sheet)


def disposal_blocks(paper: DisposalPaper) -> list[Block]:
    """What stands on it, in order."""
    law = [Notice(DEA, "Controlled medicine")] if paper.controlled else []
    return [
        Title(DISPOSAL, "Two people saw it, and both signed."),
        student_facts(paper.student),
        Fields(
            rows(
                ("Medicine", paper.medicine),
                ("Controlled", paper.schedule, True),
                ("Prescription number", paper.rx_number, True),
                ("Amount", paper.amount),
                ("When", f"{words.long_day(paper.at)}, {words.clock(paper.at)}"),
                ("Why", paper.reason),
                ("How", paper.method),
                ("Handed to", ", ".join(filter(None, (paper.agency, paper.officer))), True),
                ("Their receipt", paper.receipt, True),
            )
        ),
        *law,
        *_asked(paper),
        Heading("Signed"),
        Key((KeyLine("Disposed by", paper.staff), KeyLine("Seen by", paper.witness)), 1, 32),
    ]


def _asked(paper: DisposalPaper) -> list[Block]:
    heading = Heading("How the parent was asked to pick it up")
    if not paper.asked:
        return [heading, Narrative("Not entered.")]
    lines = tuple((words.short_day(on), how) for on, how in paper.asked)
    return [heading, Grid((Column("When", 1.0), Column("How", 4.0)), lines)]
