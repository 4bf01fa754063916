"""A month of a controlled medicine and its like, made up, as the services hand them over."""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

from bt_desktop.paper.document import CopyMark, Hand, Ink
from bt_desktop.paper.mar_content import (
    AsNeededDose,
    Closed,
    Count,
    MarBack,
    MarCell,
    MarDay,
    MarNote,
    MarSheet,
    Off,
    Ordered,
    Receipt,
    Removal,
    Signer,
    Student,
    YearSheet,
)
from tests.paper import story

ZONE = timezone(timedelta(hours=-7))
NOON = time(12, 0)
DIGEST = "5be0cd19137e2179" * 4
LABOR_DAY = date(2026, 9, 7)


def drawn(seed: int) -> Ink:
    """A made-up scrawl."""
    points = tuple(
        (20.0 + step * 4, 40 + 22 * math.sin(step / 2.1 + seed) * math.cos(step * seed / 9), step)
        for step in range(48)
    )
    return Ink("drawn", strokes=(points, ((30, 70, 0), (190, 62, 9))), width=240, height=90)


MARIA = Signer("MC", "Maria Chen", "School nurse, RN", drawn(1))
OLGA = Signer("OP", "Olga Petrenko", "Health clerk", drawn(2))
SIGNERS = (MARIA, OLGA)
NURSE = Hand("Maria Chen", "School nurse, RN", drawn(1))
CLERK = Hand("Olga Petrenko", "Health clerk", drawn(2))
MOTHER = Hand("Inês Duarte", "Mother", drawn(3))

TIAGO = Student(
    "Tiago Duarte-Łoś", date(2016, 5, 21), "5", "14", "penicillin (hives), peanuts (carries "
    "epinephrine)",
)  # fmt: skip
METHYL = Ordered(
    medicine="Methylphenidate",
    strength="10 mg",
    form="tablet",
    schedule="C-II",
    dose="10 mg (1 tablet)",
    route="by mouth",
    times=(NOON,),
    reason="attention disorder",
    prescriber="A. Okonkwo, MD",
    prescriber_phone="(555) 010-0177",
    parent="Inês Duarte",
    parent_phone="(555) 010-0163",
    start=date(2026, 8, 17),
    stop=date(2027, 6, 11),
    expires_on=date(2027, 3, 31),
    rx_number="RX 60-4471",
)
IBUPROFEN = replace(
    METHYL,
    medicine="Ibuprofen",
    strength="200 mg",
    schedule="",
    dose="200 mg (1 tablet)",
    times=(),
    as_needed="for headache; at least 6 hours apart; at most 2 a school day",
    reason="headache",
    rx_number="",
)
MARK = CopyMark(
    "school",
    0,
    datetime(2026, 10, 2, 15, 10, tzinfo=ZONE),
    "Maria Chen",
    qr_payload=story.TRAIL_PAYLOAD,
)


def moment(day: int, hour: int, minute: int, month: int = 9) -> datetime:
    """A moment of the school year, on the school's clocks."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def off(day: date) -> Off:
    """Why nothing is due on that day."""
    if day.weekday() >= 5:
        return "weekend"
    return "no_school" if day == LABOR_DAY else ""


def month_days(year: int, month: int, rows: int, cells: Mapping[int, MarCell]) -> list[MarDay]:
    """The days of a month; `cells` are those of the first row."""
    last = calendar.monthrange(year, month)[1]
    return [
        MarDay(
            date(year, month, n), (cells.get(n), *[None] * (rows - 1)), off(date(year, month, n))
        )
        for n in range(1, last + 1)
    ]


def controlled() -> MarSheet:
    """A refusal, an absence, a wasted tablet, a late dose, a receipt, a recount; one day open."""
    left = 12
    days: list[MarDay] = []
    for plain in month_days(2026, 9, 1, {}):
        number = plain.day.day
        cell: MarCell | None = None
        moved: tuple[str, ...] = ()
        if number == 14:
            left += 30
            moved = ("+30",)
        if number == 22:
            left -= 1
            moved = ("−1",)
        if number == 10:
            cell = MarCell("R", parent_called=True)
        elif number == 16:
            cell = MarCell("A")
        elif number != 24 and not plain.off:
            left -= 1
            cell = MarCell("OP" if number % 5 == 0 else "MC", str(left))
            if number == 17:
                cell = replace(cell, actual=time(13, 5), error=True)
            if number == 18:
                cell = replace(cell, late=True)
        days.append(
            replace(plain, cells=(cell,), moved=moved, remaining="" if plain.off else str(left))
        )
    notes = (
        MarNote(moment(10, 12, 4), "R", "Tiago said his stomach hurt and refused. Mother called at "
                "12:20 pm; she asked us not to try again today.", "Maria Chen",
                "School nurse, RN", ink=drawn(1)),
        MarNote(moment(16, 12, 0), "A", "Absent all day.", "Olga Petrenko", "Health clerk"),
        MarNote(moment(17, 13, 5), "ME", "Given at 1:05 pm. The class was on the playground and "
                "nobody sent him. Report MED-2026-0003.", "Maria Chen", "School nurse, RN"),
        MarNote(moment(18, 12, 2), "*", "Given at 12:02 pm by Maria Chen, entered the next "
                "morning: the computer was being repaired.", "Maria Chen", "School nurse, RN",
                moment(21, 8, 15)),
        MarNote(moment(22, 12, 0), "S", "The first tablet fell into the sink. A second one was "
                "given.", "Maria Chen", "School nurse, RN"),
    )  # fmt: skip
    back = MarBack(
        notes=notes,
        receipts=(
            Receipt(moment(14, 7, 50), "30", MOTHER, NURSE, "RX 60-4502", "4", "34"),
        ),
        removals=(
            Removal(moment(22, 12, 3), "Wasted", "1 tablet", "Fell into the sink; washed away.",
                    NURSE, CLERK),
        ),
        counts=(
            Count(moment(14, 7, 55), "34", "34", "0", NURSE, MOTHER),
            Count(moment(25, 14, 40), "25", "24", "−1", NURSE, CLERK, note="Counted again at once"),
            Count(moment(25, 14, 52), "25", "25", "0", CLERK, NURSE,
                  note="One tablet was in the lid"),
        ),
    )  # fmt: skip
    return MarSheet(
        student=TIAGO,
        order=METHYL,
        school_year="2026–2027",
        times=(NOON,),
        days=tuple(days),
        as_of=moment(2, 15, 10, month=10),
        back=back,
        signers=SIGNERS,
        closed=Closed("Maria Chen", "School nurse, RN", moment(2, 15, 10, 10), drawn(1), 1),
        controlled=True,
        number="MAR-2026-0041",
        digest=DIGEST,
    )


def empty(year: int = 2026, month: int = 9, times: tuple[time | None, ...] = (NOON,)) -> MarSheet:
    """A month in which nothing was recorded yet, looked at on its first morning."""
    return MarSheet(
        student=TIAGO,
        order=METHYL,
        school_year="2026–2027",
        times=times,
        days=tuple(month_days(year, month, len(times), {})),
        as_of=datetime(year, month, 1, 7, 0, tzinfo=ZONE),
        controlled=True,
        digest=DIGEST,
    )


def four_times(notes: int = 0) -> MarSheet:
    """31 days, four times a day, eight people, everything marked."""
    times = (time(8, 30), time(10, 30), NOON, time(14, 15))
    days = []
    for day in month_days(2026, 10, 4, {}):
        cells: list[MarCell | None] = [
            MarCell("MC", str(120 - day.day.day * 4 + n), time(12, 47), late=True, error=True)
            for n in range(4)
        ]
        days.append(replace(day, off="", cells=tuple(cells), remaining=str(120 - day.day.day * 4)))
    people = tuple(
        Signer(f"{a}{b}", f"{a}nneliese {b}artholomew-Świątek", "Health clerk, trained", drawn(n))
        for n, (a, b) in enumerate(zip("ACDEFGHJ", "KLMNPRST", strict=True), 1)
    )
    told = tuple(
        MarNote(moment(1 + n % 30, 12, n % 60, 10), "R", f"Note {n}: " + "he did not want it. " * 4,
                "Maria Chen", "School nurse, RN")
        for n in range(notes)
    )  # fmt: skip
    return replace(
        controlled(),
        times=times,
        order=replace(METHYL, times=times, instructions="Crush and mix with a spoon of applesauce; "
                      "he drinks a full cup of water after it."),
        days=tuple(days),
        signers=people,
        back=MarBack(notes=told),
        closed=None,
    )  # fmt: skip


def as_needed() -> MarSheet:
    """Three doses of an as-needed medicine, one of them not looked after."""
    doses = (
        AsNeededDose(moment(3, 10, 20), "headache", "200 mg", "MC", "gone, back in class",
                     moment(3, 11, 15)),
        AsNeededDose(moment(17, 9, 5), "headache after sports", "200 mg", "OP", "better",
                     moment(17, 10, 0)),
        AsNeededDose(moment(17, 15, 10), "headache", "200 mg", "MC", late=True),
    )  # fmt: skip
    days = []
    for day in month_days(2026, 9, 2, {}):
        found = [dose for dose in doses if dose.at.date() == day.day]
        cells = [MarCell(d.initials, actual=d.at.time(), late=d.late) for d in found]
        days.append(replace(day, cells=(*cells, *[None] * (2 - len(cells)))))
    return replace(
        controlled(),
        order=IBUPROFEN,
        times=(None, None),
        days=tuple(days),
        back=MarBack(as_needed=doses),
        controlled=False,
        closed=None,
        number="MAR-2026-0042",
    )


def trip() -> MarSheet:
    """Two days away, to be written by hand."""
    days = tuple(MarDay(date(2026, 10, n), (None,)) for n in (14, 15))
    return replace(
        empty(), days=days, trip="Science camp, Pine Lake", to_write=True, controlled=True
    )


def school_year() -> YearSheet:
    """A school year of one dose a day, as it stands in March."""
    months = tuple(date(2026 + n // 12, n % 12 + 1, 1) for n in range(7, 18))
    cells: dict[date, MarCell] = {}
    closed: dict[date, Off] = {}
    day = date(2026, 8, 1)
    while day < date(2027, 7, 1):
        if day < date(2026, 8, 17) or day > date(2027, 6, 11):
            closed[day] = "outside"
        elif date(2026, 12, 21) <= day <= date(2027, 1, 1) or day == LABOR_DAY:
            closed[day] = "no_school"
        elif day < date(2027, 3, 9) and day.weekday() < 5 and day.day != 23:
            cells[day] = MarCell("A" if day.day == 12 else "MC", late=day.day == 4)
        day += timedelta(days=1)
    return YearSheet(
        student=TIAGO,
        order=replace(METHYL, medicine="Cetirizine", schedule="", reason="hay fever"),
        school_year="2026–2027",
        months=months,
        cells=cells,
        off=closed,
        as_of=datetime(2027, 3, 9, 16, 0, tzinfo=ZONE),
        signers=SIGNERS,
        number="MAR-2026-0043",
        digest=DIGEST,
    )
