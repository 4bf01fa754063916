"""The blocks of the health papers and the appendix: each is on the page, as it was told."""

from __future__ import annotations

import io

from PIL import Image

from bt_desktop.form_engine.body_marks import Mark
from bt_desktop.paper.content import (
    Blank,
    Block,
    BodyFigure,
    Calendars,
    Check,
    Checks,
    Column,
    DayCell,
    DayGrid,
    DayHead,
    DayRow,
    Fact,
    Facts,
    Grid,
    Key,
    KeyLine,
    MiniDay,
    MiniMonth,
    NewPage,
    Photo,
    Room,
    Small,
    Spot,
)
from bt_desktop.paper.document import Hand, Ink
from bt_desktop.paper.layout import Sheet, build
from tests.paper import pdf, story

SHEET = Sheet("BER-2026-0001", ("School's copy", "BER-2026-0001"), "BER-2026-0001", "Sealed.")
DANA = Hand("Dana Whitcomb", "Teacher", Ink("typed", "Whitcomb"))


def printed(*what: Block) -> bytes:
    return build(what, story.HEAD, story.mark(qr_payload=""), SHEET)


def test_a_ticked_statement_and_an_empty_one_can_be_told_apart() -> None:
    lines = (Check("Parent <told> & heard", done=True, note="EC 56521.1"), Check("911 was called"))
    page = pdf.words(printed(Checks(lines)))
    assert "☑ Parent <told> & heard" in page
    assert "EC 56521.1" in page
    assert "☐ 911 was called" in page


def test_facts_stand_under_their_labels_and_a_blank_leaves_room() -> None:
    told = Facts(
        ((Fact("Student", "Mateo", 2.0), Fact("Phone", Blank(2))), (Fact("Dose", "5 mg"),)),
        framed=frozenset((1,)),
    )
    [page] = pdf.pages(printed(told, Small("As of today.")))
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
    assert lines.index("Student Phone") + 1 == lines.index("Mateo")
    assert lines.index("Dose") < lines.index("5 mg") < lines.index("As of today.")


def test_a_hand_in_a_table_and_in_the_key_is_told_by_name() -> None:
    table = Grid((Column("By"), Column("What")), ((DANA, "Gave it"),))
    key = Key((KeyLine("DW", DANA, "since August"), KeyLine("PR", Hand("Priya Raman"))), across=2)
    page = pdf.words(printed(table, key))
    assert page.count("Dana Whitcomb") == 2
    assert page.count("Whitcomb") == 4, "each time as typed, and the name beside it"
    assert "Gave it" in page
    assert "since August" in page
    assert "Priya Raman" in page


def test_initials_and_names_of_the_key_are_never_broken_within_a_word() -> None:
    marks = ("MWKC-Okafor", "Wilhelmina-Charlotte", "DW")
    long = "Bartholomew-Featherstonehaugh-Kowalczyk"
    hand = Hand(f"Anneliese {long}", "Clerk", Ink("typed", long))
    for across in (1, 4):
        key = Key(tuple(KeyLine(mark, hand) for mark in marks), across)
        page = pdf.words(printed(key)).split()
        for mark in marks:
            assert mark in page
        assert page.count(long) == 6


def test_days_and_months_show_every_mark() -> None:
    days = DayGrid(
        (DayHead("12", "Th"), DayHead("14", "Sa", "hatched")),
        (DayRow("Ritalin", (DayCell("DW", "10:04", "late", ruled=True), DayCell()), "5 mg"),),
    )
    week = (MiniDay("9"), MiniDay("10", "DW"), None, MiniDay("12", "PR", "hatched"), None)
    page = pdf.words(printed(days, Calendars((MiniMonth("November 2026", (week,)),))))
    for told in ("12", "Th", "14", "Sa", "Ritalin", "5 mg", "10:04", "late", "November 2026", "PR"):
        assert told in page
    assert page.count("DW") == 2


def test_a_mark_a_picture_and_room_for_a_page_are_where_they_are_told_to_be() -> None:
    held, spots = io.BytesIO(), list[Spot]()
    Image.new("RGB", (400, 200), "white").save(held, "JPEG")
    made = printed(
        BodyFigure("child", ("front",), (Mark(7, "front", "forehead", 0.5, 0.1),)),
        Photo(held.getvalue(), "Photo of the room"),
        NewPage(),
        Room(spots, "Page 1 of the doctor's letter"),
    )
    first, second = pdf.pages(made)
    assert "7" in first.split()
    assert "Photo of the room" in first
    assert "Page 1 of the doctor's letter" in second
    [spot] = spots
    assert spot.page == 2
    assert spot.width > 400
    assert spot.height > 500
