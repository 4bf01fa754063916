"""Today's board in the window: what is due and given; found by letters; what is still to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.school_days import Day, Term
from bt_desktop.views.health.board import TodaySection
from bt_desktop.views.health.board_order import meant, only_due
from bt_desktop.views.home import HomePage
from tests.factory import School
from tests.health.board_kit import LINE, line_up, noon_order
from tests.health.dose_kit import noon_dose, prn_dose
from tests.health.kit import YEAR_BEGINS, YEAR_ENDS, active_order, as_needed, at, terms
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.board_hands import (
    board_of,
    confirm,
    doses,
    here,
    key,
    open_line,
    record,
    shown,
    turn_to,
    write,
)
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.clock.set(at(12, 2))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


@pytest.fixture
def nurse(office: Office) -> Office:
    office.sign_in("maria")
    return office


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def type_letters(office: Office, board: TodaySection, letters: str) -> None:
    board.filter.setFocus()
    for letter in letters:
        QTest.keyClick(here(), letter)
    office.settle()


def test_an_empty_board_says_what_will_be_here(nurse: Office) -> None:
    board = board_of(nurse)
    assert "No medicine is ordered for today" in board.list.empty.text()
    assert not board.list.card.isVisible()
    assert not board.list.tasks.isVisible()


def test_the_day_by_time_and_by_student_and_the_order_is_remembered(
    nurse: Office, school: School, mateo: str
) -> None:
    noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, school.ids["huy"], times=(time(9),))
    noon_order(nurse.workspace, school.ids["lucja"], times=(time(14, 30),))
    active_order(nurse.workspace, as_needed(mateo))
    board = board_of(nurse)
    assert shown(board) == [
        ("Huy", "Overdue: was due at 9:00 am"),
        ("Mateo", "Due now (12:00 pm)"),
        ("Łucja", "Due at 2:30 pm"),
        ("Mateo", "Available, 2 left today"),
    ]
    assert board.list.counts.text() == "1 late · 1 due now · 1 later"
    board.list.chips["student"].click()
    assert [who for who, _ in shown(board)] == ["Łucja", "Huy", "Mateo", "Mateo"]
    nurse.window.lock()
    nurse.until(lambda: nurse.window.shell is None)
    nurse.settle()
    nurse.sign_in("maria")
    again = board_of(nurse)
    assert again.list.chips["student"].isChecked()
    assert [who for who, _ in shown(again)] == ["Łucja", "Huy", "Mateo", "Mateo"]


def test_letters_find_any_part_of_a_name_and_the_first_that_is_due(
    nurse: Office, school: School, mateo: str
) -> None:
    noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, school.ids["lucja"], times=(time(14, 30),))
    board = board_of(nurse)
    type_letters(nurse, board, "o")
    assert [who for who, _ in shown(board)] == ["Mateo"], "Okafor"
    assert board.panel.isHidden(), "one letter opens nothing"
    board.filter.clear()
    type_letters(nurse, board, "lu")
    assert [who for who, _ in shown(board)] == ["Łucja"], "Ł is an L to whoever types"
    assert board.panel.isHidden(), "she is not due yet"
    key(nurse, Qt.Key.Key_Return)
    assert board.panel.isVisible()
    assert board.panel.title.text() == "Łucja Kowalczyk"
    key(nurse, Qt.Key.Key_Escape)
    type_letters(nurse, board, "zz")
    assert "Nobody of that name" in board.list.empty.text()
    key(nurse, Qt.Key.Key_Escape)
    assert board.filter.text() == ""
    assert len(shown(board)) == 2


def test_whoever_goes_on_typing_is_not_taken_for_confirming(
    nurse: Office, school: School, mateo: str
) -> None:
    principal = school.sign_in("tom")
    later = principal.people.add_student(
        NewStudent("Maude", "Oakley", birth_date=date(2017, 5, 5), grade="2")
    )
    principal.lock()
    noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, later, times=(time(14, 30),))
    board = board_of(nurse)
    type_letters(nurse, board, "ma")
    assert board.panel.title.text() == "Mateo Núñez-Okafor", "the only one that is due"
    assert here() is board.panel.body.confirm.box
    type_letters_here(nurse, "u")
    assert board.panel.isHidden()
    assert board.filter.text() == "mau"
    assert [who for who, _ in shown(board)] == ["Maude"]


def type_letters_here(office: Office, letters: str) -> None:
    for letter in letters:
        QTest.keyClick(here(), letter)
    office.settle()


def test_two_that_are_due_are_chosen_between(nurse: Office, school: School, mateo: str) -> None:
    principal = school.sign_in("tom")
    other = principal.people.add_student(
        NewStudent("Mary", "Oakley", birth_date=date(2017, 5, 5), grade="2")
    )
    principal.lock()
    noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, other)
    board = board_of(nurse)
    type_letters(nurse, board, "ma")
    assert board.panel.isHidden()
    assert [who for who, _ in shown(board)] == ["Mateo", "Mary"]
    key(nurse, Qt.Key.Key_Down)
    key(nurse, Qt.Key.Key_Return)
    assert board.panel.title.text() == "Mary Oakley"


def test_pure_letters_mean_whom_they_begin(nurse: Office, school: School) -> None:
    line_up(school, nurse.workspace, LINE[:3])
    lines = nurse.workspace.health.board.today().scheduled
    assert [one.child.given for one in meant(lines, "aa br")] == ["Aaliyah"]
    assert [one.child.given for one in meant(lines, "BROOKS")] == ["Aaliyah"]
    assert meant(lines, "rooks") == ()
    assert len(meant(lines, "  ")) == 3
    assert only_due(lines[:1], "a") is None
    found = only_due(lines[:1], "aa")
    assert found is not None
    assert found.child.given == "Aaliyah"
    assert only_due((replace(lines[0], state="soon"),), "aa") is None


def test_a_minute_passes_and_the_chosen_line_stays(
    nurse: Office, school: School, mateo: str
) -> None:
    noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, school.ids["huy"], times=(time(12, 45),))
    board = board_of(nurse)
    board.list.table.setCurrentIndex(board.list.model.index(1, 0))
    assert board._minute.isActive()
    turn_to(nurse, at(12, 31))
    board._minute.timeout.emit()
    nurse.settle()
    assert shown(board) == [
        ("Mateo", "Late: was due at 12:00 pm"), ("Huy", "Due now (12:45 pm)"),
    ]  # fmt: skip
    chosen = board.list.chosen()
    assert chosen is not None
    assert chosen.child.given == "Huy"


def test_a_line_chosen_among_letters_stays_over_a_refresh_and_nothing_opens(
    nurse: Office, school: School, mateo: str
) -> None:
    principal = school.sign_in("tom")
    other = principal.people.add_student(
        NewStudent("Mary", "Oakley", birth_date=date(2017, 5, 5), grade="2")
    )
    principal.lock()
    first = noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, other)
    board = board_of(nurse)
    type_letters(nurse, board, "ma")
    key(nurse, Qt.Key.Key_Down)
    nurse.workspace.health.doses.record(noon_dose(mateo, first, at=at(12, 2)))
    board.load()
    nurse.settle()
    chosen = board.list.chosen()
    assert chosen is not None
    assert chosen.child.given == "Mary"
    assert board.panel.isHidden(), "a refresh moves nobody anywhere"
    type_letters_here(nurse, "z")
    key(nurse, Qt.Key.Key_Backspace)
    assert board.filter.text() == "ma"
    assert board.panel.isHidden(), "nor does taking a letter away"
    key(nurse, Qt.Key.Key_Backspace)
    type_letters_here(nurse, "a")
    assert board.panel.title.text() == "Mary Oakley"
    board.filter.setFocus()
    key(nurse, Qt.Key.Key_Return)
    assert here() is board.panel.body.confirm.box, "Enter goes to the panel that is open"


def test_after_a_dose_the_same_child_s_other_one_is_next(
    nurse: Office, school: School, mateo: str
) -> None:
    noon_order(nurse.workspace, school.ids["huy"])
    first = noon_order(nurse.workspace, mateo)
    second = active_order(nurse.workspace, terms(mateo))
    board = board_of(nurse)
    panel = open_line(nurse, board, first)
    confirm(nurse, panel)
    record(nurse, panel)
    chosen = board.list.chosen()
    assert chosen is not None
    assert chosen.order_id == second
    key(nurse, Qt.Key.Key_Return)
    confirm(nurse, panel)
    record(nurse, panel)
    chosen = board.list.chosen()
    assert chosen is not None
    assert chosen.child.given == "Huy"


def test_a_panel_that_is_open_stays_over_a_refresh(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    confirm(nurse, panel)
    board.load()
    nurse.settle()
    assert panel.isVisible()
    assert panel.body.confirm.box.isChecked()
    record(nurse, panel)
    assert len(doses(nurse, mateo)) == 1


def test_an_order_that_ended_yesterday_is_not_on_the_board(nurse: Office, mateo: str) -> None:
    noon_order(nurse.workspace, mateo, stop=date(2026, 11, 11))
    board = board_of(nurse)
    assert shown(board) == []


def test_no_school_and_an_early_bell_are_said(nurse: Office, school: School, mateo: str) -> None:
    noon_order(nurse.workspace, mateo)
    principal = school.sign_in("tom")
    principal.calendar.set_terms([Term(YEAR_BEGINS, YEAR_ENDS)])
    days = [Day(date(2026, 11, 12), "early", time(11, 30), "Conferences")]
    principal.calendar.set_days(days)
    board = board_of(nurse)
    assert "School ends at 11:30 am today (Conferences)" in board.list.note.text()
    principal.calendar.set_days([Day(date(2026, 11, 12), "no_school", label="Snow")])
    principal.lock()
    board.load()
    nurse.settle()
    assert "No school today (Snow)" in board.list.note.text()
    assert shown(board) == []


def test_how_it_worked_is_one_key(nurse: Office, school: School, mateo: str) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(9, 40)))
    board = board_of(nurse)
    [row] = board.list.tasks.rows.values()
    assert row.title.text() == "Mateo Núñez-Okafor: did Ibuprofen 200 mg tablet help?"
    assert row.about.text() == "Given at 9:40 am for headache"
    row.deeds[0].setFocus()
    key(nurse, Qt.Key.Key_4)
    [dose] = doses(nurse, mateo)
    found = nurse.workspace.health.doses.of_student(mateo, at(12).date(), at(12).date())
    effect = found.effects[dose.id]
    assert (effect.text, effect.worse) == ("Worse", True)
    assert not board.list.tasks.isVisible()


def test_a_parent_who_was_told_is_no_task_any_more(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    none = noon_dose(mateo, order, outcome="N", reason="the box is empty")
    nurse.workspace.health.doses.record(none)
    board = board_of(nurse)
    [row] = board.list.tasks.rows.values()
    assert "none available at school" in row.title.text()
    row.deeds[0].click()  # type: ignore[attr-defined]  # a button
    write(row.words, "Rosa Nunez by phone")
    board.load()
    nurse.settle()
    assert row.words.text() == "Rosa Nunez by phone", "a refresh does not take it away"
    key(nurse, Qt.Key.Key_Return)
    assert not board.list.tasks.isVisible()
    [dose] = doses(nurse, mateo)
    assert not dose.parent_called, "the entry itself never changes"


def test_what_was_missed_yesterday_is_written_down_as_a_late_entry(
    nurse: Office, school: School, mateo: str
) -> None:
    turn_to(nurse, at(8, day=date(2026, 11, 10)))
    noon_order(nurse.workspace, mateo)
    turn_to(nurse, at(8))
    board = board_of(nurse)
    assert len(board.list.tasks.rows) == 1
    assert board.list.tasks.more.text() == "Show all 2"
    board.list.tasks.more.click()
    about = [row.about.text() for row in board.list.tasks.rows.values()]
    assert about == [
        "Wednesday, 12:00 pm: nothing is written", "Tuesday, 12:00 pm: nothing is written",
    ]  # fmt: skip
    row = next(iter(board.list.tasks.rows.values()))
    row.deeds[0].click()  # type: ignore[attr-defined]  # a button
    nurse.settle()
    panel = board.panel
    assert panel.body.more.day.text() == "11/11/2026"
    confirm(nurse, panel)
    record(nurse, panel)
    assert "Write the time of day" in panel.body.more.frames["at"].says()
    write(panel.body.more.at, "12:05")
    nurse.settle()
    assert "was on another day" in shown_text(panel.body.stops)
    write(panel.body.stops.cards["R16"].reason, "The substitute did not write it down")
    nurse.settle()
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert (dose.at, dose.late_entry) == (at(12, 5, date(2026, 11, 11)), True)
    assert [one.rule for one in dose.overridden] == ["R16"]
    assert len(board.list.tasks.rows) == 1


def test_a_delegate_sees_exactly_their_medicines(
    office: Office, school: School, mateo: str
) -> None:
    maria = school.sign_in("maria")
    mine = noon_order(maria, mateo)
    noon_order(maria, mateo, times=(time(13),))
    noon_order(maria, school.ids["huy"])
    today = maria.health.orders.today()
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], mateo, frozenset((mine,)), today,
            today + timedelta(days=30), consented_on=today,
        )
    )  # fmt: skip
    maria.lock()
    office.sign_in("dana")
    board = board_of(office)
    assert shown(board) == [("Mateo", "Due now (12:00 pm)")]
    panel = open_line(office, board, mine)
    assert not panel.body.more.frames["wasted"].isVisible()
    confirm(office, panel)
    record(office, panel)
    assert shown(board) == [("Mateo", "Given 12:02 pm by DW")]


def test_a_delegate_without_any_today_reads_why(office: Office, school: School) -> None:
    maria = school.sign_in("maria")
    order = active_order(maria, as_needed(school.ids["mateo"], stop=date(2026, 11, 30)))
    today = maria.health.orders.today()
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], school.ids["mateo"], frozenset((order,)), today,
            today + timedelta(days=30), consented_on=today,
        )
    )  # fmt: skip
    maria.health.orders.hold(order, "Asked the doctor")
    maria.lock()
    office.sign_in("dana")
    assert "Nothing is delegated to you for today" in board_of(office).list.empty.text()


def test_home_leads_to_the_board(nurse: Office, mateo: str) -> None:
    noon_order(nurse.workspace, mateo)
    nurse.shell.go("home")
    nurse.settle()
    home = nurse.shell.page
    assert isinstance(home, HomePage)
    assert "1 dose is due now" in shown_text(home.health)
    home.health.rows[0].go.click()
    nurse.settle()
    assert nurse.shell.page.shown == "today"  # type: ignore[union-attr]  # HealthPage


def test_narrow_the_panel_takes_the_place_of_the_board(nurse: Office, mateo: str) -> None:
    nurse.window.resize(800, 700)
    order = noon_order(nurse.workspace, mateo)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    assert not board.list.isVisible()
    panel.leave()
    assert board.list.isVisible()


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_the_board_and_the_panel_by_keyboard_and_by_ear(nurse: Office, mateo: str) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(9, 40)))
    active_order(nurse.workspace, terms(mateo))
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    panel.body.show_more()
    nurse.settle()
    assert faults(nurse.window) == []
    reached = walk(nurse.window)
    assert groups_of_one(reached, controls(nurse.window)) == []
    assert out_of_order(reached) == []
    heard = board.list.model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Mateo Núñez-Okafor, grade 4, Methylphenidate 10 mg tablet, 10 mg" in heard


def test_arrows_bring_the_chosen_line_into_view(nurse: Office, school: School) -> None:
    line_up(school, nurse.workspace)
    board = board_of(nurse)
    for _ in LINE:
        key(nurse, Qt.Key.Key_Down)
    chosen = board.list.chosen()
    assert chosen is not None
    assert chosen.child.family == "Pruitt"
    rect = board.list.table.visualRect(board.list.table.currentIndex())
    seen = board.list.table.viewport().mapTo(board.list.viewport(), rect.center())
    assert board.list.viewport().rect().contains(seen)
