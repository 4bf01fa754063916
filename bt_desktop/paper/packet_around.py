"""What stands in a student's medication record beside orders and logs: four tables."""

from __future__ import annotations

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Column, Grid, Heading
from bt_desktop.paper.health_content import Packet
from bt_desktop.paper.order_copy import day

_UNORDERED = (
    Column("When", 1.75),
    Column("Medicine", 1.8),
    Column("Dose", 0.8),
    Column("Why", 1.8),
    Column("By", 1.1),
)
_STOCK = (Column("Medicine", 2.6), Column("Left", 1.0), Column("Good until"), Column("Counted"))
_VISITS = (
    Column("Came", 1.75),
    Column("Left", 0.7),
    Column("With", 1.6),
    Column("Care", 1.6),
    Column("Went to", 1.1),
)
_PAPERS = (Column("When", 1.5), Column("What", 1.8), Column("Number", 1.1), Column("For", 1.6))


def around_blocks(paper: Packet) -> list[Block]:
    """The tables that hold something."""
    made: list[Block] = []
    if paper.unordered:
        made += [Heading("Emergency doses without an order"), _unordered(paper)]
    if paper.stock:
        there = tuple(
            (one.medicine, one.left, day(one.expires_on), day(one.counted_on))
            for one in paper.stock
        )
        made += [Heading("What is at school"), Grid(_STOCK, there)]
    if paper.visits:
        came = tuple(
            (
                words.moment(one.came),
                words.clock(one.left) if one.left is not None else "",
                one.complaint,
                one.care,
                one.went,
            )
            for one in paper.visits
        )
        made += [Heading("Visits to the health office"), Grid(_VISITS, came)]
    if paper.papers:
        went = tuple((words.moment(one.at), one.what, one.number, one.whom) for one in paper.papers)
        made += [Heading("Papers for parents"), Grid(_PAPERS, went)]
    return made


def _unordered(paper: Packet) -> Grid:
    lines = tuple(
        (
            words.moment(one.at),
            one.medicine,
            one.dose,
            f"Struck: {one.struck}" if one.struck else one.why,
            one.by,
        )
        for one in paper.unordered
    )
    return Grid(_UNORDERED, lines)
