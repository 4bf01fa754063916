"""The medication administration record: a month or a trip of one medicine of one student.

The first page is the grid, its key and its legend (health-office §1.6); what needs words stands on
the pages behind it. A cell of a past school day without an entry is an empty box and means "not
documented" (R25), so nobody can take it for a dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    DayCell,
    DayGrid,
    DayHead,
    DayRow,
    Fact,
    Facts,
    Gap,
    Key,
    KeyLine,
    Shade,
    Small,
    Span,
)
from bt_desktop.paper.document import CopyMark, Hand, Letterhead
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar_back import back_blocks
from bt_desktop.paper.mar_content import (
    OPEN,
    MarCell,
    MarDay,
    MarSheet,
    Off,
    Ordered,
    Signer,
    Student,
    allergies_line,
)
from bt_desktop.paper.shape import LYING

TITLE = "Medication administration record"
MOST_TIMES = 6
"""Times of a day that one grid holds; more of them stand in a second grid."""

NOT_DUE = "–"
OFF_MARKS: dict[Off, str] = {"no_school": "X", "outside": NOT_DUE}
"""What stands in the cells of a day on which nothing was due."""

_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MARKS = (
    ("(initials)", "given"),
    (OPEN, "not documented"),
    ("*", "entered late, see notes"),
    ("ME", "medication error, see report"),
    ("PC", "parent called"),
    (NOT_DUE, "no dose ordered"),
)
_COUNTED = " Over the initials: left after the dose. +30/ came, −1/ went beside doses (see behind)."


def mar(sheet: MarSheet, head: Letterhead, mark: CopyMark) -> bytes:
    """The record as PDF bytes, not yet sealed; the same input gives the same bytes."""
    return build(mar_blocks(sheet), head, mark, mar_sheet(sheet), shape=LYING)


def mar_sheet(sheet: MarSheet) -> Sheet:
    """What it is called. Its title names nobody."""
    span = spanned(sheet)
    birth_date = sheet.student.birth_date
    born = f"born {words.short_day(birth_date)}" if birth_date else ""
    what = "Trip medication record" if sheet.trip else TITLE
    return Sheet(
        title=sheet.number or f"MAR {sheet.first_day:%Y-%m}",
        head_right=(what, span),
        running=" · ".join(filter(None, (sheet.student.name, born, sheet.order.title, span))),
        foot=f"Record hash {sheet.digest}" if sheet.digest else "",
        record_number=sheet.number,
        record_digest=sheet.digest,
    )


def spanned(sheet: MarSheet) -> str:
    """September 2026; for a trip its days."""
    first, last = sheet.first_day, sheet.days[-1].day
    if not sheet.trip:
        return f"{words.MONTHS[first.month - 1]} {first.year}"
    if first == last:
        return words.short_day(first)
    return f"{words.short_day(first)} – {words.short_day(last)}"


def mar_blocks(sheet: MarSheet) -> list[Block]:
    """Everything on its pages, in order."""
    return [*front_blocks(sheet), *back_blocks(sheet)]


def front_blocks(sheet: MarSheet) -> list[Block]:
    """The page of the grid."""
    blocks: list[Block] = [order_facts(sheet.student, sheet.order, sheet.school_year), Gap(3)]
    if sheet.trip:
        blocks.insert(0, Small((Span(f"Trip: {sheet.trip}", bold=True),)))
    blocks += _grids(sheet)
    blocks.append(_legend(sheet))
    return [*blocks, signer_key(sheet.signers), Key((_closed(sheet),), across=1)]


# --- the head ------------------------------------------------------------------------------------


def order_facts(student: Student, order: Ordered, school_year: str) -> Facts:
    """Whose medicine it is and how it is given; allergies in a frame of their own."""
    given = ", ".join(words.clock(at) for at in order.times) or order.as_needed or "as needed"
    medicine = order.title + (f"  ({order.schedule}, controlled)" if order.schedule else "")
    rows = (
        (
            Fact("Student", (Span(student.name, bold=True),), 2.2),
            Fact("Birth date", _day(student.birth_date)),
            Fact("Grade", _known(student.grade), 0.6),
            Fact("Room", _known(student.room), 0.8),
            Fact("School year", _known(school_year), 0.8),
        ),
        (Fact("Allergies", allergies_line(student.allergies)),),
        (
            Fact("Medicine and strength", (Span(medicine, bold=True),), 2.2),
            Fact("Dose", (Span(_known(order.dose), bold=True),)),
            Fact("Route", _known(order.route), 0.8),
            Fact("Times" if order.times else "As needed", given, 1.8),
        ),
        (
            Fact("Prescriber", _called(order.prescriber, order.prescriber_phone), 1.5),
            Fact("Parent or guardian", _called(order.parent, order.parent_phone), 1.5),
            Fact("Start", _day(order.start), 0.7),
            Fact("Stop", _day(order.stop), 0.7),
            Fact("Medicine expires", _day(order.expires_on), 0.8),
            Fact("Prescription no.", _known(order.rx_number), 0.8),
        ),
    )
    more = ((Fact("Instructions", order.instructions),),) if order.instructions else ()
    return Facts((*rows, *more), frozenset((1,)))


def _day(day: date | None) -> str:
    return words.short_day(day) if day is not None else "not entered"


def _known(text: str) -> str:
    return text or "not entered"


def _called(name: str, phone: str) -> str:
    return ", ".join(filter(None, (name, phone))) or "not entered"


# --- the grid ------------------------------------------------------------------------------------


def _grids(sheet: MarSheet) -> list[Block]:
    days = tuple(_day_head(day) for day in sheet.days)
    places = range(len(sheet.times))
    made: list[Block] = []
    for at in range(0, len(sheet.times), MOST_TIMES):
        rows = [row for place in places[at : at + MOST_TIMES] for row in _time_rows(sheet, place)]
        if sheet.controlled and at + MOST_TIMES >= len(sheet.times):
            rows.append(_left_row(sheet))
        made += [DayGrid(days, tuple(rows), *_heights(sheet)), Gap(1)]
    return made


def _heights(sheet: MarSheet) -> tuple[float, float]:
    """Points of a row and of the slim one below: room for a pen, or what few rows leave free."""
    if sheet.to_write:
        return 30.0, 20.0
    return (26.0, 13.0) if len(sheet.times) < 3 else (18.0, 11.0)


def shade(off: Off) -> Shade:
    """Weekends and days without school are hatched."""
    return "hatched" if off in ("weekend", "no_school") else ""


def _day_head(day: MarDay) -> DayHead:
    return DayHead(str(day.day.day), _NAMES[day.day.weekday()], shade(day.off))


def _time_rows(sheet: MarSheet, place: int) -> tuple[DayRow, DayRow]:
    """A row of initials, and below it the real times."""
    due = sheet.times[place]
    cells = [_cell(sheet, day, place) for day in sheet.days]
    actual = [_actual(day.cells[place]) for day in sheet.days]
    note = "left / initials" if sheet.controlled else "" if due else "initials"
    label = words.clock(due) if due else _nth(place)
    below = f"time if not ±{sheet.window_min} min" if due else "time given"
    return (
        DayRow(label, tuple(cells), note),
        DayRow(below, tuple(actual), slim=True),
    )


def _nth(place: int) -> str:
    names = ("1st dose", "2nd dose", "3rd dose")
    return names[place] if place < len(names) else f"{place + 1}th dose"


def _cell(sheet: MarSheet, day: MarDay, place: int) -> DayCell:
    cell = day.cells[place]
    if cell is None:
        past = _past(sheet, day, sheet.times[place])
        return DayCell(main=OPEN if past else OFF_MARKS.get(day.off, ""))
    if not cell.due and not cell.mark:
        return DayCell(main=NOT_DUE)
    marks = " ".join(filter(None, ("ME" * cell.error, "PC" * cell.parent_called)))
    return DayCell(cell.remaining, cell.mark + "*" * cell.late, marks, ruled=True)


def _past(sheet: MarSheet, day: MarDay, due: time | None) -> bool:
    """Whether a dose was due on this school day, and its window is over."""
    if day.off or due is None:
        return False
    moment = datetime.combine(day.day, due, sheet.as_of.tzinfo)
    return moment + timedelta(minutes=sheet.window_min) < sheet.as_of


def _actual(cell: MarCell | None) -> DayCell:
    if cell is None or cell.actual is None:
        return DayCell()
    return DayCell(main=_short(cell.actual))


def _short(at: time) -> str:
    """12:47p: the morning and the afternoon as narrow as a column takes them."""
    return words.clock(at).replace(" ", "")[:-1]


def _left_row(sheet: MarSheet) -> DayRow:
    """What came or went beside doses, marked with a slash, over what is left at the day's end."""
    cells = tuple(
        DayCell(top="/".join(day.moved) + "/" if day.moved else "", main=day.remaining)
        for day in sheet.days
    )
    return DayRow("Remaining", cells, "in or out / left")


# --- the foot ------------------------------------------------------------------------------------


def _legend(sheet: MarSheet) -> Small:
    return legend(sheet.codes, _COUNTED if sheet.controlled else "")


def legend(codes: Sequence[tuple[str, str]], more: str = "") -> Small:
    """What the signs in a cell mean."""
    told: list[Span] = []
    for sign, meaning in (*_MARKS[:1], *codes, *_MARKS[1:]):
        bound = meaning.replace(" ", "\u00a0")
        told += [Span(sign, bold=True), Span(f"\u00a0{bound}\u00a0· ")]
    return Small((*told, Span("Hatched: weekend or no school." + more)))


def signer_key(signers: Sequence[Signer]) -> Key:
    """Whose initials are whose."""
    return Key(tuple(KeyLine(s.initials, Hand(s.name, s.title, s.ink)) for s in signers))


def _closed(sheet: MarSheet) -> KeyLine:
    closed = sheet.closed
    if closed is None and sheet.trip:
        return KeyLine("Checked by", Hand("School nurse, after the trip"))
    if closed is None:
        asked = f"As of {words.moment(sheet.as_of)}. Entries can still be added."
        return KeyLine("Not closed", Hand(asked))
    hand = Hand(closed.name, closed.title, closed.ink)
    empty = closed.open_cells
    told = f", with {words.some(empty, 'cell')} not documented" if empty else ""
    return KeyLine("Closed by", hand, f"Closed {words.moment(closed.at)}{told}")
