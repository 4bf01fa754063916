"""What the health office has to finish before a school year ends, to be ticked off by hand."""

from __future__ import annotations

from collections.abc import Sequence

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Notice,
    Rich,
    Title,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import EndedOrder, OpenTask, Sweep, ToReturn
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.order_copy import day, rows
from bt_desktop.paper.shape import LYING

TITLE = "End of the school year"
_LAW = (
    "Medicine that is not used, ended or out of date goes back to the parent where that is "
    "possible, and is else disposed of before the school year ends (5 CCR 609)."
)
_BOX = "☐"
_RETURN = (Column("Done", 0.5), Column("Student", 1.5), Column("Grade", 0.6),
           Column("Medicine", 2.2), Column("Left", 0.9), Column("Parent asked", 1.8),
           Column("Dispose by", 1.1))  # fmt: skip
_ORDERS = (Column("Done", 0.5), Column("Student", 1.5), Column("Grade", 0.6),
           Column("Medicine", 2.4), Column("Ends", 1.1), Column("Why", 2.0))  # fmt: skip
_TASKS = (Column("Done", 0.5), Column("Student", 1.5), Column("What is open", 4.4),
          Column("Since", 1.1))  # fmt: skip


def sweep(paper: Sweep, head: Letterhead, mark: CopyMark) -> bytes:
    """The list as PDF bytes; the same input gives the same bytes."""
    sheet = Sheet(
        title=f"{TITLE} {paper.school_year}",
        head_right=(TITLE, paper.school_year),
        running=f"{TITLE} · {paper.school_year}",
        foot="Confidential: it names students. For the health office only.",
    )
    return build(sweep_blocks(paper), head, mark, sheet, shape=LYING)


def sweep_blocks(paper: Sweep) -> list[Block]:
    """What stands on it, in order."""
    counted = (
        ("Medicine to return or dispose of", len(paper.medicines)),
        ("Orders that end", len(paper.orders)),
        ("Not finished", len(paper.tasks)),
    )
    return [
        Title(TITLE, f"School year {paper.school_year}, as of {words.moment(paper.as_of)}."),
        Fields(
            rows(
                ("Last school day", day(paper.last_day)),
                *((label, str(count)) for label, count in counted),
            )
        ),
        Notice(_LAW),
        *_table("Medicine to return or dispose of", _RETURN, [*map(_return, paper.medicines)]),
        *_table("Orders that end", _ORDERS, [*map(_ended, paper.orders)]),
        *_table("Not finished", _TASKS, [*map(_task, paper.tasks)]),
    ]


def _table(
    title: str, columns: tuple[Column, ...], lines: Sequence[tuple[Rich, ...]]
) -> list[Block]:
    if not lines:
        return [Heading(title), Narrative("Nothing.")]
    return [Heading(title), Grid(columns, tuple(lines))]


def _return(one: ToReturn) -> tuple[Rich, ...]:
    medicine = f"{one.medicine} (controlled: two people)" if one.controlled else one.medicine
    asked = one.asked or "not yet"
    return _BOX, one.student, one.grade, medicine, one.left, asked, day(one.by)


def _ended(one: EndedOrder) -> tuple[Rich, ...]:
    return _BOX, one.student, one.grade, one.medicine, day(one.ended_on), one.why


def _task(one: OpenTask) -> tuple[Rich, ...]:
    return _BOX, one.student, one.what, day(one.since)
