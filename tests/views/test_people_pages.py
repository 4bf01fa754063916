"""Students, guardians and staff, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewStudent, Training
from bt_desktop.views.people_staff import StaffSheet, training_pill
from bt_desktop.views.student_edit import GuardianSheet, StudentSheet
from bt_desktop.views.student_view import StudentPage
from bt_desktop.views.students import PAGE, StudentsPage
from bt_desktop.views.widgets.dates import read_day
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import School
from tests.views.shell_kit import Office, shown_text

TODAY = date(2026, 11, 12)


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.sign_in("tom")
    return made


def sheet_of(kind: type[Sheet]) -> Sheet:
    for window in QApplication.topLevelWidgets():
        for found in [window, *window.findChildren(kind)]:
            if isinstance(found, kind) and found.isVisible():
                return found
    raise AssertionError(f"no {kind.__name__} is open")


def students(office: Office) -> StudentsPage:
    office.shell.go("students")
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentsPage)
    return page


def test_every_student_stands_there_by_last_name(office: Office) -> None:
    page = students(office)
    names = [str(page.model.index(row, 0).data()) for row in range(page.model.rowCount())]
    assert names == ["Łucja Kowalczyk", "Nguyễn Gia Huy", "Mateo Núñez-Okafor"] or len(names) == 3


def test_search_takes_any_part_without_accents(office: Office) -> None:
    page = students(office)
    QTest.keyClicks(page.filter, "lucj")
    office.until(lambda: page.model.rowCount() == 1)
    office.settle()
    assert page.model.index(0, 0).data() == "Łucja Kowalczyk"


def test_same_names_are_warned_of(office: Office) -> None:
    people = office.workspace.people
    people.add_student(NewStudent("Mateo", "Núñez-Okafor", birth_date=date(2018, 1, 2)))
    page = students(office)
    QTest.keyClicks(page.filter, "mateo")
    office.until(lambda: page.model.rowCount() == 2)
    office.settle()
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    assert "check the birth date" in office.all_text()


def test_a_student_added_by_hand_is_opened(office: Office) -> None:
    students(office).add_student()
    sheet = sheet_of(StudentSheet)
    assert isinstance(sheet, StudentSheet)
    sheet.given.setText("Aaliyah")
    sheet.family.setText("Brooks")
    sheet.born.setText("2/18/16")
    sheet.save()
    office.until(lambda: isinstance(office.shell.page, StudentPage))
    office.settle()
    assert "Feb 18, 2016" in office.all_text()


def test_a_sheet_says_what_is_wrong_beside_the_field(office: Office) -> None:
    students(office).add_student()
    sheet = sheet_of(StudentSheet)
    assert isinstance(sheet, StudentSheet)
    sheet.born.setText("13/45/2017")
    sheet.save()
    assert "not a day" in sheet.frames["birth_date"].says()
    sheet.born.setText("")
    sheet.save()
    office.settle()
    assert any(frame.says() for frame in sheet.frames.values())
    sheet.reject()


def test_a_guardian_with_no_contact_may_not_get_a_copy_and_it_says_why(office: Office) -> None:
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentPage)
    office.until(lambda: "May receive copies" in shown_text(page))
    page.add.click()
    sheet = sheet_of(GuardianSheet)
    assert isinstance(sheet, GuardianSheet)
    sheet.given.setText("Emeka")
    sheet.family.setText("Okafor")
    sheet.no_contact.setChecked(True)
    sheet.save()
    office.until(lambda: "Emeka Okafor" in shown_text(page))
    guardians = office.workspace.people.guardians(office.school.ids["mateo"])
    refused = next(g for g in guardians if not g.allowed)
    assert refused.why_not in shown_text(page)


def test_staff_show_until_when_their_training_is_valid(office: Office) -> None:
    office.shell.go("settings", "staff")
    office.settle()
    said = office.all_text()
    assert "Safety-Care: valid to Feb 1, 2027" in said
    assert "no restraint training on file" in said


def test_a_training_is_added_by_hand(office: Office) -> None:
    office.shell.go("settings", "staff")
    office.settle()
    section = office.shell.page.section("staff")  # type: ignore[union-attr]  # SettingsPage
    person = office.workspace.people.get(office.school.ids["priya"])
    section.edit(person)
    sheet = sheet_of(StaffSheet)
    assert isinstance(sheet, StaffSheet)
    _, program, until, _ = sheet.trainings[0]
    program.setText("CPI")
    until.setText("Oct 1 2026")
    sheet.save()
    office.until(lambda: "CPI: expired Oct 1, 2026" in office.all_text())


def test_trainings_are_told_apart_by_words() -> None:
    assert training_pill(Training("CPI", None), TODAY) == ("CPI", "ok")
    assert training_pill(Training("CPI", date(2026, 12, 1)), TODAY)[1] == "warn"
    assert training_pill(Training("CPI", date(2026, 11, 11)), TODAY)[1] == "danger"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/9/2017", date(2017, 3, 9)),
        ("03-09-17", date(2017, 3, 9)),
        ("2017-03-09", date(2017, 3, 9)),
        ("Mar 9, 2017", date(2017, 3, 9)),
        ("march 9 2017", date(2017, 3, 9)),
        ("2/1/27", date(2027, 2, 1)),
        ("5/5/58", date(1958, 5, 5)),
        ("  ", None),
    ],
)
def test_a_day_is_read_as_it_is_written_here(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["13/1/2017", "2/30/2017", "soon", "1/2", "99"])
def test_what_is_no_day_gets_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="month/day/year"):
        read_day(typed, TODAY)


def test_a_long_list_goes_on_page_by_page_to_its_end(office: Office) -> None:
    for number in range(PAGE + 30):
        office.workspace.people.add_student(
            NewStudent(given=f"Vera{number:03d}", family="Zander", birth_date=date(2016, 1, 2))
        )
    page = students(office)
    assert page.model.rowCount() == PAGE
    assert page.more.isVisible()
    page.more.click()
    office.until(lambda: page.model.rowCount() == PAGE + 33)
    assert not page.more.isVisible()
    names = [str(page.model.index(row, 0).data()) for row in range(page.model.rowCount())]
    assert len(set(names)) == PAGE + 33
    page.filter.setText("zander")
    office.settle()
    assert page.model.rowCount() == PAGE
    page.more.click()
    office.until(lambda: page.model.rowCount() == PAGE + 30)
