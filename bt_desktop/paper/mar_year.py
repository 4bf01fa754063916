"""A school year of one dose a day on one page: a small calendar of school days for each month."""

from __future__ import annotations

import calendar
from datetime import date

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Calendars, Gap, MiniDay, MiniMonth, Small
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar import OFF_MARKS, legend, order_facts, shade, signer_key
from bt_desktop.paper.mar_content import OPEN, MarCell, YearSheet
from bt_desktop.paper.shape import LYING

TITLE = "Medication record of the school year"
_FEW = 4
"""People whose key is one line: with more of them the calendars are a little lower."""


def mar_year(sheet: YearSheet, head: Letterhead, mark: CopyMark) -> bytes:
    """The record as PDF bytes, not yet sealed; the same input gives the same bytes."""
    paper = Sheet(
        title=sheet.number or f"MAR {sheet.school_year}",
        head_right=(TITLE, sheet.school_year),
        running=f"{sheet.student.name} · {sheet.order.title} · {sheet.school_year}",
        foot=f"Record hash {sheet.digest}" if sheet.digest else "",
        record_number=sheet.number,
        record_digest=sheet.digest,
    )
    return build(year_blocks(sheet), head, mark, paper, shape=LYING)


def year_blocks(sheet: YearSheet) -> list[Block]:
    """What stands on the page, in order."""
    months = tuple(_month(sheet, first) for first in sheet.months)
    return [
        order_facts(sheet.student, sheet.order, sheet.school_year),
        Gap(5),
        Calendars(months, week=17.0 if len(sheet.signers) > _FEW else 20.0),
        legend(sheet.codes),
        signer_key(sheet.signers),
        Small(f"As of {words.moment(sheet.as_of)}. Notes stand in the record of each month."),
    ]


def _month(sheet: YearSheet, first: date) -> MiniMonth:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    school = [[day if day.month == first.month else None for day in week[:5]] for week in weeks]
    shown = tuple(
        tuple(_day(sheet, day) if day else None for day in week) for week in school if any(week)
    )
    return MiniMonth(f"{words.MONTHS[first.month - 1]} {first.year}", shown)


def _day(sheet: YearSheet, day: date) -> MiniDay:
    off = sheet.off.get(day, "")
    cell = sheet.cells.get(day)
    if cell is not None:
        mark = _mark(cell)
    elif off:
        mark = OFF_MARKS.get(off, "")
    else:
        mark = OPEN if day < sheet.as_of.date() else ""
    return MiniDay(str(day.day), mark, shade(off))


def _mark(cell: MarCell) -> str:
    return "ME" if cell.error else cell.mark + "*" * cell.late
