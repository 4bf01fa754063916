"""A medication record shows every dose of a month, what is missing, and nothing that is not so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bt_desktop.paper.document import Ink
from bt_desktop.paper.mar import mar
from bt_desktop.paper.mar_content import MarCell, MarDay, MarNote, MarSheet, allergies_line
from bt_desktop.paper.mar_year import mar_year
from bt_desktop.paper.marks import read_marks
from bt_desktop.paper.seal import Authority, seal
from bt_desktop.paper.verify import verify
from tests.paper import mar_kit as kit
from tests.paper import pdf, story

OPEN = "☐"
LEGEND = 1
"""The legend names the empty box once."""


def made(sheet: MarSheet, **mark: object) -> bytes:
    return mar(sheet, story.HEAD, replace(kit.MARK, **mark))  # type: ignore[arg-type]  # any of it


def front(sheet: MarSheet) -> str:
    return pdf.pages(made(sheet))[0]


def open_cells(sheet: MarSheet) -> int:
    return pdf.words(made(sheet)).count(OPEN) - LEGEND


# --- the head ------------------------------------------------------------------------------------


def test_the_head_says_whose_medicine_it_is_and_who_ordered_it() -> None:
    told = " ".join(front(kit.controlled()).split())

    for fact in ("Maple Creek Elementary", "2026–2027", "Tiago Duarte-Łoś", "May 21, 2016",
                 "penicillin (hives), peanuts (carries epinephrine)", "September 2026",
                 "Methylphenidate 10 mg tablet (C-II, controlled)", "10 mg (1 tablet)", "by mouth",
                 "12:00 pm", "A. Okonkwo, MD, (555) 010-0177", "Inês Duarte, (555) 010-0163",
                 "Aug 17, 2026", "Jun 11, 2027", "Mar 31, 2027", "RX 60-4471"):  # fmt: skip
        assert fact in told


def test_what_was_not_entered_says_so() -> None:
    sheet = kit.empty()
    student = replace(sheet.student, allergies="", birth_date=None, room="")
    told = front(replace(sheet, student=student, order=replace(sheet.order, prescriber="",
                                                               prescriber_phone="")))  # fmt: skip

    assert told.count("not entered") == 4
    assert re.search(r"▲ not entered", told)


def test_the_foot_has_the_page_the_hash_and_the_number_on_every_page() -> None:
    pages = pdf.pages(made(kit.controlled()))

    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"MAR-2026-0041 · Oct 2, 2026, 3:10 pm · page {number} of 3" in page
        assert f"Record hash {kit.DIGEST}" in page


# --- the grid ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "month", "last"), [
    (2026, 2, 28), (2028, 2, 29), (2026, 9, 30), (2026, 10, 31),
])  # fmt: skip
def test_a_month_has_its_days(year: int, month: int, last: int) -> None:
    page = front(kit.empty(year, month))

    head = next(line.split() for line in page.splitlines() if line.split()[:2] == ["1", "2"])
    assert head == [str(day) for day in range(1, last + 1)]


def test_a_controlled_month_tells_each_day() -> None:
    page = front(kit.controlled())

    assert page.count("MC*") == 1
    remaining = next(line for line in page.splitlines() if line.split()[:1] == ["Remaining"])
    assert remaining.split()[1:9] == ["11", "10", "9", "8", "7", "6", "6", "5"]
    for sign in ("+30/", "−1/", "ME", "PC", "1:05p"):
        assert sign in page


def test_an_empty_cell_of_a_past_school_day_is_said_to_be_not_documented() -> None:
    assert open_cells(kit.controlled()) == 1
    assert "☐ not documented" in pdf.words(made(kit.controlled()))


def test_a_day_is_open_only_once_its_window_is_over() -> None:
    sheet = kit.empty()  # school on the first four days, then a weekend and Labor Day
    for moment, count in (
        (datetime(2026, 9, 1, 12, 30, tzinfo=kit.ZONE), 0),
        (datetime(2026, 9, 1, 12, 31, tzinfo=kit.ZONE), 1),
        (datetime(2026, 9, 5, 8, 0, tzinfo=kit.ZONE), 4),
        (datetime(2026, 9, 8, 8, 0, tzinfo=kit.ZONE), 4),
        (datetime(2026, 10, 1, 8, 0, tzinfo=kit.ZONE), 21),
    ):
        assert open_cells(replace(sheet, as_of=moment)) == count


def test_what_was_not_ordered_or_is_as_needed_is_never_open() -> None:
    late = datetime(2027, 1, 1, tzinfo=kit.ZONE)
    sheet = replace(kit.empty(), as_of=late)
    outside = tuple(replace(day, off=day.off or "outside") for day in sheet.days)
    undue = tuple(replace(day, cells=(MarCell(due=False),)) for day in sheet.days)

    assert open_cells(replace(sheet, days=outside)) == 0
    assert open_cells(replace(sheet, days=undue)) == 0
    assert open_cells(replace(kit.as_needed(), as_of=late)) == 0
    assert front(replace(sheet, days=undue)).count("–") >= 30


def test_a_dose_on_a_day_off_is_printed_over_the_hatching() -> None:
    sheet = kit.empty()
    days = [replace(day, cells=(MarCell("ZZ"),)) if day.off else day for day in sheet.days]

    assert front(replace(sheet, days=tuple(days))).count("ZZ") == 9


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 9])
def test_each_time_of_the_day_has_a_row_and_its_real_times(count: int) -> None:
    times = tuple(time(8 + n, 15) for n in range(count))
    pages = pdf.pages(made(kit.empty(2026, 10, times)))

    told = "\n".join(pages)
    assert len(re.findall(r"(?m)^ *\d+:15 [ap]m", told)) == count
    assert told.count("time if not ±30 min") == count
    if count <= 4:
        assert len(pages) == 1


def test_a_full_month_of_four_times_keeps_grid_key_and_closing_on_one_page() -> None:
    for code in ("", story.TRAIL_PAYLOAD):
        pages = pdf.pages(made(kit.four_times(1), qr_payload=code))
        first = pages[0]

        assert first.count("MC*") == 31 * 4
        assert first.count("12:47p") == 31 * 4
        assert all(name in first for name in ("AK", "CL", "DM", "EN", "FP", "GR", "HS", "JT"))
        assert "Not closed" in first
        assert "Notes" in pages[1]


# --- key and closing -----------------------------------------------------------------------------


def test_initials_have_a_signature_a_name_and_a_title() -> None:
    told = pdf.words(made(kit.controlled()))

    assert "Olga Petrenko Health clerk" in told
    assert "Closed Oct 2, 2026, 3:10 pm, with one cell not documented" in told


def test_a_typed_signature_is_printed_as_its_name() -> None:
    sheet = kit.controlled()
    typed = replace(kit.OLGA, name="O. Petrenko", ink=Ink("typed", "Olga P."))

    assert "Olga P." in front(replace(sheet, signers=(typed,)))


def test_an_open_month_is_not_closed() -> None:
    told = pdf.words(made(replace(kit.controlled(), closed=None)))

    assert "Not closed" in told
    assert "Closed by" not in told


# --- the pages behind ----------------------------------------------------------------------------


def test_notes_receipts_removals_and_counts_stand_behind() -> None:
    told = pdf.words(made(kit.controlled()))

    for text in ("Tiago said his stomach hurt and refused.", "Report MED-2026-0003.",
                 "Written Sep 21, 2026, 8:15 am", "RX 60-4502", "+30", "−1 tablet",
                 "Fell into the sink; washed away.", "One tablet was in the lid"):  # fmt: skip
        assert text in told


def test_an_as_needed_dose_has_its_reason_effect_and_check() -> None:
    page = pdf.pages(made(kit.as_needed()))[1]

    assert re.search(r"Sep 17, 2026, 9:05 am +headache after sports +200 mg +OP +better +10:00 am",
                     page)  # fmt: skip
    assert re.search(r"MC\* +not documented +not checked", page)


def test_an_empty_month_says_that_nothing_is_behind() -> None:
    (page,) = pdf.pages(made(kit.empty()))

    assert "No notes. No medicine received, returned, wasted or disposed of. No counts." in page


def test_a_part_without_entries_says_none() -> None:
    sheet = replace(kit.controlled(), back=replace(kit.controlled().back, receipts=()))

    assert pdf.words(made(sheet)).count("Medicine received None.") == 1


def test_sixty_notes_repeat_the_head_and_split_no_row() -> None:
    pages = pdf.pages(made(kit.four_times(60)))[1:]

    with_notes = [page for page in pages if "Note " in page]
    assert len(with_notes) > 2
    assert all("What happened" in page for page in with_notes)
    for number in range(60):
        (page,) = [p for p in pages if f"Note {number}:" in p]
        lines = page.splitlines()
        at = next(n for n, line in enumerate(lines) if f"Note {number}:" in line)
        assert "".join(lines[at : at + 3]).count("he did not want it.") >= 4


def test_a_note_longer_than_a_page_is_printed_whole() -> None:
    long = " ".join(f"word{n}" for n in range(1500))
    note = MarNote(kit.moment(9, 12, 0), "W", long, "Maria Chen")
    sheet = kit.empty()
    told = pdf.words(made(replace(sheet, back=replace(sheet.back, notes=(note,)))))

    assert all(f"word{n}" in told for n in (0, 700, 1499))


def test_every_page_behind_says_whose_it_is() -> None:
    for page in pdf.pages(made(kit.four_times(60)))[1:]:
        assert page.lstrip().startswith("Tiago Duarte-Łoś · born May 21, 2016 · Methylphenidate")


# --- a trip --------------------------------------------------------------------------------------


def test_a_trip_has_its_days_and_room_to_write() -> None:
    pages = pdf.pages(made(kit.trip()))

    assert len(pages) == 1
    told = pages[0]
    assert "Trip: Science camp, Pine Lake" in told
    assert "Oct 14, 2026 – Oct 15, 2026" in told
    assert re.search(r"(?m)^ +14 +15$", told)
    assert "Notes" in told


# --- a school year -------------------------------------------------------------------------------


def test_a_school_year_is_one_page_of_eleven_months() -> None:
    for code in ("", story.TRAIL_PAYLOAD):
        mark = replace(kit.MARK, qr_payload=code)
        pages = pdf.pages(mar_year(kit.school_year(), story.HEAD, mark))

        assert len(pages) == 1
        for month in ("August 2026", "December 2026", "January 2027", "June 2027"):
            assert month in pages[0]
        assert "Maria Chen" in pages[0]
        assert f"Record hash {kit.DIGEST}" in pages[0]


def test_a_school_year_of_eight_people_is_still_one_page() -> None:
    sheet = replace(kit.school_year(), signers=kit.four_times().signers)

    assert len(pdf.pages(mar_year(sheet, story.HEAD, kit.MARK))) == 1


def test_a_school_year_tells_its_school_days_up_to_now() -> None:
    sheet = kit.school_year()
    told = pdf.words(mar_year(sheet, story.HEAD, kit.MARK)).split()

    given = [cell for cell in sheet.cells.values() if cell.mark == "MC"]
    assert sum(word in ("MC", "MC*") for word in told) == len(given) + 1  # once in the key
    assert told.count("X") == 10 + 1 + 1  # winter break, Labor Day, the legend
    assert told.count(OPEN) == 4 + LEGEND  # the 23rd of September, October, November, February


# --- the file ------------------------------------------------------------------------------------


def test_the_page_is_letter_lying(tmp_path: Path) -> None:
    assert "792 x 612 pts (letter)" in pdf.info(made(kit.controlled()))


def test_only_our_fonts_are_in_it(tmp_path: Path) -> None:
    for sheet in (kit.controlled(), kit.as_needed(), kit.trip()):
        rows = pdf.fonts(made(sheet), tmp_path)
        assert rows
        assert all("SourceSans" in row[0] for row in rows)
        assert all("yes" in row for row in rows)


def test_the_same_month_gives_the_same_bytes_and_names_nobody_outside_its_pages() -> None:
    first = made(kit.controlled())

    assert first == made(kit.controlled())
    assert "Tiago" not in pdf.info(first)
    assert read_marks(first).record_number == "MAR-2026-0041"


def test_it_is_sealed_as_other_copies_are(authority: Authority) -> None:
    moment = story.at(9, 40, day=13)
    sealed = seal(made(kit.controlled()), authority.seal_cert_pem, authority.seal_key_pem,
                  authority.ca_cert_pem, moment)  # fmt: skip

    assert verify(sealed, authority.ca_cert_pem).kind == "genuine"


def test_strange_text_is_printed_as_typed() -> None:
    sheet = kit.empty()
    odd = replace(sheet.student, name="Ana <b> & Søn", allergies="<img src='/etc/passwd'/>")

    assert "Ana <b> & Søn" in pdf.words(made(replace(sheet, student=odd)))
    assert "/etc/passwd" in pdf.words(made(replace(sheet, student=odd)))


def test_a_single_day_works() -> None:
    day = MarDay(date(2026, 10, 14), (None,))

    assert "Oct 14, 2026" in front(replace(kit.trip(), days=(day,)))


@pytest.mark.parametrize(
    ("allergies", "told"),
    [
        ("Penicillin", "▲ Penicillin"),
        ("", "▲ not entered"),
        ("None known", "None known"),
        ("NKDA", "NKDA"),
        ("nobody knows", "▲ nobody knows"),
    ],
)
def test_a_warning_sign_stands_where_there_is_something_to_warn_of(
    allergies: str, told: str
) -> None:
    assert allergies_line(allergies) == told
