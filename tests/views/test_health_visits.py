"""The visit log in the window: one line and two Enters; a day that is read; what is made of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.health.board import TodaySection
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.health.visits import VisitsSection
from tests.factory import School
from tests.health.kit import active_order, as_needed, at
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def section_of(office: Office, who: str) -> VisitsSection:
    """The visits, as somebody sees them."""
    office.sign_in(who)
    office.shell.go("health", "visits")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    section = page.section("visits")
    assert isinstance(section, VisitsSection)
    return section


def type_line(office: Office, section: VisitsSection, line: str) -> None:
    section.begin()
    QTest.keyClicks(section.entry.line, line)
    office.settle()


def enter(office: Office, section: VisitsSection) -> None:
    QTest.keyClick(section.entry.line, Qt.Key.Key_Return)
    office.settle()


def shown(section: VisitsSection) -> list[str]:
    return [
        section.model.heard(section.model.row(section.model.index(row, 0)))
        for row in range(section.model.rowCount())
    ]


# --- putting in ---------------------------------------------------------------------------------


def test_a_line_and_two_enters_keep_a_visit(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "mat stomach ache rest 10:05")
    assert section.entry.findings is not None
    assert section.entry.findings.isVisible()
    enter(office, section)
    assert "Mateo Núñez-Okafor · grade 4" in section.entry.who.text()
    assert section.entry.says.text() == (
        "Stomach ache · Rested and was watched · 10:05 am, still here"
    )
    enter(office, section)
    assert shown(section) == [
        "Mateo Núñez-Okafor, grade 4, Stomach ache · Rested and was watched, 10:05 am, still here"
    ]
    assert section.entry.line.text() == ""
    assert office.window.focusWidget() is section.entry.line
    assert "Kept: Mateo" in section.entry.news.text()


def test_the_name_can_be_chosen_first_and_the_rest_typed_after(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "luc")
    enter(office, section)
    type_line(office, section, " headache water class 9:10-9:25")
    assert section.entry.findings is not None
    assert not section.entry.findings.isVisible(), "the name is still the same"
    enter(office, section)
    [line] = shown(section)
    assert line.startswith("Łucja Kowalczyk, grade 4, Headache · Water or a snack · Back to class")
    assert "9:10 am to 9:25 am, 15 min" in line


def test_another_name_asks_again(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "mat")
    enter(office, section)
    section.entry.line.clear()
    type_line(office, section, "huy fever")
    assert section.entry.findings is not None
    assert section.entry.findings.isVisible()
    assert "whom do you mean?" in section.entry.who.text()
    QTest.keyClick(section.entry.line, Qt.Key.Key_Escape)
    section.entry.keep()
    assert "Choose the student" in section.entry.frame.says()
    assert shown(section) == []


def test_somebody_unknown_is_kept_as_a_visitor(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "zelda dizzy 911")
    assert "No student of that name" in shown_text(office.window)
    section.entry.visitor.click()
    office.settle()
    [line] = shown(section)
    assert line.startswith("zelda, Tired or dizzy · 911 called")


def test_what_cannot_be_is_said_beside_the_line_and_stays(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "mat headache 4:45p")
    enter(office, section)
    enter(office, section)
    assert "later than now" in section.entry.frame.says()
    assert section.entry.line.text() == "mat headache 4:45p"
    assert shown(section) == []


def test_the_last_one_is_taken_back(office: Office) -> None:
    section = section_of(office, "maria")
    type_line(office, section, "mat headache")
    enter(office, section)
    enter(office, section)
    section.entry.back.click()
    office.settle()
    assert "Taken back" in section.entry.news.text()
    assert not section.entry.back.isVisible()
    [line] = shown(section)
    assert "taken out: Taken back at once" in line
    assert section.counts.text() == ""


def test_the_front_office_puts_in_and_reads_nothing(office: Office, school: School) -> None:
    school.sign_in("maria").health.visits.add(NewVisit(school.ids["huy"], at(9), complaint="fever"))
    school.open[-1].lock()
    section = section_of(office, "olga")
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert list(page.chips) == ["visits", "away", "trips"]
    assert not hasattr(section, "table")
    type_line(office, section, "mat headache rest")
    enter(office, section)
    enter(office, section)
    assert "Kept: Mateo" in section.entry.news.text()
    assert "Fever" not in office.all_text()
    section.entry.back.click()
    office.settle()
    assert "Taken back" in section.entry.news.text()


def test_others_do_not_see_it(office: Office) -> None:
    office.sign_in("dana")
    assert not office.shell.rail.button("health").isVisible()


# --- the day ------------------------------------------------------------------------------------


@pytest.fixture
def day(office: Office, school: School) -> VisitsSection:
    """Three visits, the second chosen."""
    maria = school.sign_in("maria")
    visits = maria.health.visits
    mateo = school.ids["mateo"]
    visits.add(NewVisit(mateo, at(9), complaint="stomach", disposition="home", left_at=at(9, 30)))
    visits.add(NewVisit(mateo, at(10), complaint="bump", care=("ice",), words="elbow"))
    visits.add(NewVisit(None, at(11), "Mrs. Lane", words="faint"))
    before = at(10) - timedelta(days=1)
    visits.add(NewVisit(school.ids["huy"], before, complaint="lice"))
    maria.lock()
    section = section_of(office, "maria")
    section.table.setCurrentIndex(section.model.index(1, 0))
    section.table.setFocus()
    return section


def press(office: Office, section: VisitsSection, key: Qt.Key) -> None:
    QTest.keyClick(section.table, key)
    office.settle()


def test_a_day_in_numbers_and_the_day_before(office: Office, day: VisitsSection) -> None:
    assert day.counts.text() == (
        "3 visits · 1 sent home · Stomach ache 1, Bump or bruise 1, in other words 1"
    )
    assert day.title.text() == "Today"
    assert not day.after.isEnabled()
    day.before.click()
    office.settle()
    assert day.title.text() == "Wednesday, November 11, 2026"
    assert len(shown(day)) == 1
    day.after.click()
    office.settle()
    assert len(shown(day)) == 3


def test_they_leave_with_one_key(office: Office, day: VisitsSection) -> None:
    press(office, day, Qt.Key.Key_L)
    assert "10:00 am to 3:30 pm, 330 min" in shown(day)[1]
    assert not day.deeds["left"].isEnabled()


def test_a_report_begins_with_one_key(office: Office, day: VisitsSection) -> None:
    page = office.shell.page
    assert isinstance(page, HealthPage)
    asked: list[str] = []
    page.record_asked.disconnect()
    page.record_asked.connect(asked.append)
    press(office, day, Qt.Key.Key_F)
    [record] = asked
    opened = office.workspace.records.open(record)
    assert opened.answers["student"] == office.school.ids["mateo"]
    day.load()
    office.settle()
    assert day.deeds["report"].text() == "Open the report"
    press(office, day, Qt.Key.Key_F)
    assert asked == [record, record]


def test_medicine_is_one_key_away_for_a_student(office: Office, day: VisitsSection) -> None:
    page = office.shell.page
    assert isinstance(page, HealthPage)
    asked: list[str] = []
    page.student_asked.disconnect()
    page.student_asked.connect(asked.append)
    press(office, day, Qt.Key.Key_D)
    office.settle()
    assert asked == [office.school.ids["mateo"]], "no medicine today: the orders are shown"
    page.show_section("visits")
    office.settle()
    day.table.setCurrentIndex(day.model.index(2, 0))
    assert not day.deeds["dose"].isEnabled()


def test_one_key_opens_the_dose_of_whoever_came(office: Office, day: VisitsSection) -> None:
    mateo = office.school.ids["mateo"]
    order = active_order(office.workspace, as_needed(mateo))
    active_order(office.workspace, as_needed(office.school.ids["lucja"]))
    press(office, day, Qt.Key.Key_D)
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    board = page.section("today")
    assert isinstance(board, TodaySection)
    assert {one.child.id for one in board.list.model.rows()} == {mateo}
    assert board.panel.isVisible()
    assert board.panel.line is not None
    assert board.panel.line.order_id == order


def test_who_has_two_medicines_is_asked_which(office: Office, day: VisitsSection) -> None:
    mateo = office.school.ids["mateo"]
    active_order(office.workspace, as_needed(mateo))
    active_order(office.workspace, as_needed(mateo, reason="cramps"))
    press(office, day, Qt.Key.Key_D)
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    board = page.section("today")
    assert isinstance(board, TodaySection)
    assert len(board.list.model.rows()) == 2
    assert not board.panel.isVisible()
    assert board.filter.hasFocus()


def test_a_visit_is_corrected(office: Office, day: VisitsSection) -> None:
    press(office, day, Qt.Key.Key_C)
    sheet = day.sheet
    assert sheet is not None
    sheet._choose(office.school.ids["lucja"], "Łucja Kowalczyk")
    sheet.words.setText("knee")
    sheet.save()
    office.settle()
    assert "few words why" in sheet.frames["reason"].says()
    sheet.reason.setText("It was Łucja")
    sheet.left.setText("half past")
    sheet.save()
    assert "not a time" in sheet.frames["left_at"].says()
    sheet.left.setText("10:20a")
    sheet.save()
    office.settle()
    lines = shown(day)
    assert any(one.startswith("Łucja Kowalczyk") and "knee" in one for one in lines)
    assert any("taken out: It was Łucja" in one for one in lines)


def test_a_visit_is_taken_out(office: Office, day: VisitsSection) -> None:
    press(office, day, Qt.Key.Key_T)
    sheet = day.sheet
    assert sheet is not None
    sheet.reason.setText("It never was")
    sheet.save()
    office.settle()
    assert "taken out: It never was" in shown(day)[1]
    assert not any(button.isEnabled() for button in day.deeds.values())


def test_the_day_is_saved_as_a_table(office: Office, day: VisitsSection, tmp_path: Path) -> None:
    answer_next(tmp_path / "day")
    day.export.click()
    office.settle()
    assert (tmp_path / "day.csv").read_bytes().count(b"\r\n") == 4
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert "not encrypted" in page.banner.text()
    answer_next(None)
    day.export.click()


def test_it_is_named_and_walked_through_in_order(office: Office, day: VisitsSection) -> None:
    page = office.shell.page
    assert page is not None
    assert faults(page) == []
    reached = walk(page)
    assert groups_of_one(reached, controls(page)) == []
    assert out_of_order(reached) == []
