"""A medication record says what is in the store: every dose, what is missing, what was left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bt_desktop.paper.mar_content import MarCell, MarDay, MarSheet
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.mar_fill import fill, fill_year
from bt_desktop.services.health.mar_slots import open_cells
from bt_desktop.services.health.mar_source import MarSource, Place
from bt_desktop.services.health.months import last_of
from bt_desktop.services.school_days import Day
from tests.factory import PASSWORD, School
from tests.health.dose_kit import because
from tests.health.kit import as_needed, stocked, terms, tom
from tests.health.month_kit import (
    ABSENT,
    LATE,
    LEFT_OPEN,
    MONTH,
    NEW_YEAR,
    NEXT_MORNING,
    NO_SCHOOL,
    REFUSED,
    WASTED,
    Month,
    at,
)
from tests.paper import pdf

MINUS = "\N{MINUS SIGN}"


def source(month: Month, first: date = MONTH, last: date | None = None) -> MarSource:
    health = month.maria.health
    with month.maria._context.store.read() as session:
        place = Place.read(session, month.school.clock.now())
        reader = health.months._reader
        standing = reader.found(session, place, month.order)
        return reader.read(session, place, standing, first, last or last_of(first))


def sheet(month: Month) -> MarSheet:
    return fill(source(month))


def day(made: MarSheet, on: date) -> MarDay:
    return made.days[on.day - 1]


def cell(made: MarSheet, on: date) -> MarCell | None:
    return day(made, on).cells[0]


# --- the grid ------------------------------------------------------------------------------------


def test_every_day_of_the_month_stands_in_it(month: Month) -> None:
    made = sheet(month)
    assert [one.day for one in made.days] == [date(2027, 1, day) for day in range(1, 32)]
    assert made.times == (time(12),)
    assert (made.controlled, made.school_year, made.window_min) == (True, "2026–2027", 30)


def test_weekends_and_days_without_school_are_off(month: Month) -> None:
    made = sheet(month)
    assert [one.day.day for one in made.days if one.off == "weekend"] == [
        2, 3, 9, 10, 16, 17, 23, 24, 30, 31,
    ]  # fmt: skip
    assert [one.day for one in made.days if one.off == "no_school"] == [NEW_YEAR, NO_SCHOOL]


def test_a_cell_shows_initials_codes_and_what_is_left(month: Month) -> None:
    made = sheet(month)
    assert cell(made, date(2027, 1, 4)) == MarCell("MC", "39")
    assert cell(made, REFUSED) == MarCell("R", parent_called=True)
    assert cell(made, ABSENT) == MarCell("A")
    assert cell(made, LEFT_OPEN) is None
    assert cell(made, LATE) == MarCell("MC", "37", time(12, 50), parent_called=True)
    assert cell(made, NEXT_MORNING) == MarCell("MC", "26", late=True)


def test_a_wasted_tablet_is_counted_beside_the_dose_that_was_given(month: Month) -> None:
    made = sheet(month)
    assert cell(made, WASTED) == MarCell("MC", "29")
    assert (day(made, WASTED).moved, day(made, WASTED).remaining) == ((f"{MINUS}1",), "29")
    [wasted] = made.back.removals
    assert (wasted.kind, wasted.quantity, wasted.how) == (
        "Wasted", "1 tablet", "It fell into the sink.",
    )  # fmt: skip
    assert wasted.other is not None
    assert wasted.other.name == "Tom Becker"


def test_what_is_left_goes_down_the_page_and_fits_the_ledger(month: Month) -> None:
    made = sheet(month)
    left = [int(one.remaining) for one in made.days if one.remaining]
    assert left == sorted(left, reverse=True)
    [stand] = month.maria.health.stock.balances(month.mateo)
    assert Decimal(left[-1]) == stand.office


def test_a_day_to_come_is_empty_and_tells_no_count(month: Month) -> None:
    month.school.clock.set(at(13, 0, date(2027, 1, 20)))
    made = sheet(month)
    assert open_cells(source(month)) == ()
    assert cell(made, date(2027, 1, 25)) == MarCell("MC", "27")  # it is in the store
    assert day(made, date(2027, 1, 29)).remaining == ""


def test_a_time_is_open_once_its_window_is_over(month: Month) -> None:
    for moment, count in ((at(12, 30, LEFT_OPEN), 0), (at(12, 31, LEFT_OPEN), 1)):
        month.school.clock.set(moment)
        assert len(open_cells(source(month))) == count
    assert open_cells(source(month)) == (at(12, 0, LEFT_OPEN),)


def test_before_the_review_after_the_end_and_on_hold_no_dose_is_ordered(month: Month) -> None:
    """The order was entered and reviewed on the last day of December."""
    made = fill(source(month, date(2026, 12, 1)))
    assert [one.off for one in made.days[:1]] == ["outside"]
    assert made.days[30].off == ""
    orders, clock = month.maria.health.orders, month.school.clock
    orders.hold(month.order, "The doctor wants to wait")
    clock.set(at(9, 0, date(2027, 2, 4)))
    orders.resume(month.order, "The doctor called back")
    clock.set(at(15, 0, date(2027, 2, 9)))
    orders.discontinue(month.order, "Another medicine")
    clock.set(at(9, 0, date(2027, 3, 1)))
    february = source(month, date(2027, 2, 1))
    made = fill(february)
    held = [one.day.day for one in made.days if one.cells[0] == MarCell(due=False)]
    assert held == [1, 2, 3]  # on the fourth it was resumed before noon
    assert [due.day for due in open_cells(february)] == [4, 5, 8, 9]
    assert all(one.off in ("outside", "weekend") for one in made.days[9:])
    told = [note.text for note in made.back.notes]
    assert told == [
        "On hold: The doctor wants to wait.",
        "Given again: The doctor called back.",
        "Order ended: Another medicine.",
    ]


def test_a_time_after_an_early_bell_says_so_by_itself(month: Month) -> None:
    principal = month.school.sign_in("tom")
    principal.calendar.set_days([Day(LEFT_OPEN, "early", bell=time(11, 30))])
    assert cell(sheet(month), LEFT_OPEN) == MarCell("E")
    assert open_cells(source(month)) == ()


def test_an_absence_the_office_took_down_says_so_by_itself(month: Month) -> None:
    month.school.sign_in("olga").health.away.add(
        (month.mateo,), NewAway("absent", LEFT_OPEN, LEFT_OPEN)
    )
    made = sheet(month)
    assert cell(made, LEFT_OPEN) == MarCell("A")
    assert open_cells(source(month)) == ()
    [note] = [one for one in made.back.notes if one.at.date() == LEFT_OPEN]
    assert (note.code, note.text, note.by) == ("A", "Absent.", "Olga Petrenko")
    assert month.maria.health.months.lines(MONTH)[0].state == "complete"


def test_two_people_of_the_same_initials_are_told_apart(month: Month, school: School) -> None:
    from bt_desktop.services.health.mar_fill import _initials

    taken: set[str] = set()
    for name, made in (
        ("Maria Chen", "MC"), ("Mina Cho", "MCh"), ("Mark Chavez", "MC2"), ("Núria Ó Briain", "NB"),
        ("", "??"),
    ):  # fmt: skip
        taken.add(_initials(name, taken))
        assert made in taken


# --- behind it -----------------------------------------------------------------------------------


def test_every_code_has_its_explanation_with_a_name(month: Month) -> None:
    notes = {note.at.date(): note for note in sheet(month).back.notes}
    assert (notes[REFUSED].code, notes[REFUSED].text) == ("R", "Refused: His stomach hurt.")
    assert (notes[ABSENT].code, notes[ABSENT].text) == ("A", "Absent.")
    assert notes[LATE].text == "Given at 12:50 pm. The class was on the playground."
    late = notes[NEXT_MORNING]
    assert late.code == "*"
    assert late.text == (
        "Given at 12:03 pm. Entered later, allowed by Maria Chen: The computer was being repaired."
    )
    assert late.written_at == at(8, 15, NEXT_MORNING + timedelta(days=1))
    assert {note.by for note in notes.values()} == {"Maria Chen"}


def test_a_struck_entry_stays_on_paper_and_out_of_the_account(month: Month) -> None:
    health, on = month.maria.health, date(2027, 1, 29)
    health.doses.strike(month.doses[on].id, "It was his brother")
    made = sheet(month)
    assert cell(made, on) is None
    assert day(made, on).remaining == "24"
    assert day(made, on).moved == ()
    [note] = [one for one in made.back.notes if one.at.date() == on]
    assert note.text == ("Struck: “Given, 12:02 pm”, entered by Maria Chen. It was his brother.")


def test_a_correction_shows_both(month: Month) -> None:
    on = date(2027, 1, 29)
    right = month.request(
        on, at(12, 20, on), lot_id=month.lot, reason="Wrong time at first",
        overrides=(because("R16", "The time was wrong"),),
    )  # fmt: skip
    month.maria.health.doses.strike(month.doses[on].id, "The time was wrong", right)
    made = sheet(month)
    shown = cell(made, on)
    assert shown is not None
    assert (shown.mark, shown.remaining, shown.late) == ("MC", "23", True)


def test_counts_stand_with_both_people_and_what_was_missing(month: Month) -> None:
    first, second = sheet(month).back.counts
    assert (first.expected, first.counted, first.difference) == ("23", "22", f"{MINUS}1")
    assert (second.difference, second.note) == ("0", "In the lid")
    assert second.witness is not None
    assert (second.by.name, second.witness.name) == ("Maria Chen", "Tom Becker")


def test_what_came_and_went_is_told_where_it_happened(month: Month) -> None:
    stock, clock = month.maria.health.stock, month.school.clock
    clock.set(at(8, 0, date(2027, 2, 2)))
    stocked(month.maria, month.school, month.order, 30)
    clock.set(at(15, 0, date(2027, 2, 3)))
    home = NewMove(
        month.lot, "returned", Decimal(3), carried_by="Rosa Núñez", relation="mother", adult=True
    )
    stock.move(home, password=PASSWORD, second=tom(month.school))
    made = fill(source(month, date(2027, 2, 1)))
    [receipt] = made.back.receipts
    assert (receipt.quantity, receipt.before, receipt.total) == ("30", "23", "53")
    assert (receipt.parent.name, receipt.staff.name) == ("Rosa Núñez", "Maria Chen")
    [removal] = made.back.removals
    assert (removal.kind, removal.quantity) == ("Returned to the family", "3 tablets")
    assert removal.how == "Second person: Tom Becker."
    assert made.days[1].moved == ("+30",)
    assert [made.days[n].remaining for n in (0, 1, 2)] == ["23", "53", "50"]


# --- as needed, a year ---------------------------------------------------------------------------


def test_an_as_needed_order_has_a_row_for_each_dose_and_its_effect(school: School) -> None:
    month = Month(school, school.sign_in("maria"))
    month.begin(as_needed(school.ids["mateo"]))
    on = date(2027, 1, 5)
    dose = month.give(on, 9, 5, due_at=None, symptom="headache", home_asked=True, lot_id=None)
    school.clock.set(at(10, 0, on))
    month.maria.health.doses.effect(dose.id, "gone, back in class", worse=False)
    month.give(on, 14, 10, due_at=None, symptom="headache", home_asked=True, lot_id=None)
    school.clock.set(at(9, 0, date(2027, 2, 1)))
    made = sheet(month)
    assert made.times == (None, None)
    assert made.order.as_needed == "for headache; at least 4 hours apart; at most 2 a day"
    first, second = day(made, on).cells
    assert (first, second) == (MarCell("MC", actual=time(9, 5)), MarCell("MC", actual=time(14, 10)))
    told, later = made.back.as_needed
    assert (told.symptom, told.dose, told.effect) == ("headache", "200 mg", "gone, back in class")
    assert told.checked_at == at(10, 0, on)
    assert later.effect == ""
    assert open_cells(source(month)) == ()


def test_a_year_stands_on_a_page(month: Month) -> None:
    made = fill_year(source(month, date(2026, 8, 1), date(2027, 6, 30)))
    assert len(made.months) == 11
    assert made.cells[REFUSED].mark == "R"
    assert made.cells[NEXT_MORNING] == MarCell("MC", late=True)
    assert LEFT_OPEN not in made.cells
    assert LEFT_OPEN not in made.off
    assert made.off[date(2026, 9, 1)] == "outside"
    assert made.off[NO_SCHOOL] == "no_school"


# --- on paper ------------------------------------------------------------------------------------


@pytest.fixture
def printed(month: Month) -> Callable[[], list[str]]:
    return lambda: pdf.pages(month.maria.health.months.printed(month.order, MONTH).pdf)


def test_the_page_tells_the_month(printed: Callable[[], list[str]]) -> None:
    front, back = printed()
    for told in (
        "Mateo Núñez-Okafor", "Methylphenidate 10 mg tablet (C-II, controlled)", "12:00 pm",
        "A. Prescriber, MD, (555) 010-0199", "Rosa Núñez", "January 2027", "12:50p", "MC*",
        f"{MINUS}1/", "As of Feb 1, 2027, 9:00 am. Entries can still be added.",
    ):  # fmt: skip
        assert told in " ".join(front.split())
    assert front.count("☐") == 2  # the open cell, and the legend
    for told in ("His stomach hurt", "It fell into the sink", "Tom Becker", "In the lid"):
        assert told in back


def test_four_times_a_day_stand_below_each_other(school: School) -> None:
    month = Month(school, school.sign_in("maria"))
    clocks = (time(8), time(10), time(12), time(14))
    month.begin(terms(school.ids["mateo"], times=clocks), 60)
    on = date(2027, 1, 4)
    month.give(on, 10, 4, due_at=at(10, 0, on))
    school.clock.set(at(11, 0, on))
    made = sheet(month)
    assert made.times == clocks
    assert [one.mark if one else "" for one in day(made, on).cells] == ["", "MC", "", ""]
    assert open_cells(source(month)) == (at(8, 0, on),)
