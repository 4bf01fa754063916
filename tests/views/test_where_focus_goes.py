"""Where the keyboard goes after a deed: to what comes next, never to some corner of the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bt_desktop.views.form_page import FormPage
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.students import StudentsPage
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import PASSWORD, School, fill, signed_report
from tests.services.many_records import Made, put
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.window.activateWindow()
    return made


def here(office: Office) -> QWidget | None:
    """What has the keyboard in the window (or will, once the window is in front again)."""
    office.settle()
    return office.window.focusWidget()


def called(office: Office) -> str:
    """What a screen reader calls it."""
    found = here(office)
    assert found is not None
    return found.accessibleName() or getattr(found, "text", str)()


def filled(school: School, who: str = "dana") -> str:
    """A report that is complete and not signed."""
    author = school.sign_in(who)
    record = author.records.start("restraint")
    fill(school, author, record)
    author.lock()
    return record


def form_page(office: Office, record: str) -> FormPage:
    office.shell.open_record(record)
    office.settle()
    page = office.shell.page
    assert isinstance(page, FormPage)
    return page


def sign(office: Office, page: FormPage, name: str = "Dana Whitcomb") -> None:
    """Check and sign, as a hand does it."""
    page.head.sign.setFocus()
    page.deeds.do("check")
    sheet: Any = page.stack.currentWidget()
    for line in sheet.reasons.values():
        QTest.keyClicks(line, "As it was")
    sheet.sign_button.click()
    dialog = page.deeds.sign_dialog
    assert dialog is not None
    QTest.keyClicks(dialog.signature.name, name)
    QTest.keyClicks(dialog.password, PASSWORD)
    dialog.sign_button.click()
    office.settle()


# --- a record ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "name", "deed"),
    [("dana", "Dana Whitcomb", "notice"), ("tom", "Tom Becker", "school_copy")],
)
def test_after_signing_comes_what_can_be_done_with_the_signed_record(
    office: Office, school: School, who: str, name: str, deed: str
) -> None:
    record = filled(school, who)
    office.sign_in(who)
    page = form_page(office, record)
    sign(office, page, name)
    done: Any = page.stack.currentWidget()
    first = done.buttons[deed]
    assert here(office) is first
    told = first.accessibleDescription()
    assert told.startswith("Signed and frozen: BER-2026-0001. Behavior Emergency Report, signed")
    done.back.emit()
    assert here(office) is page.head.print_draft


def test_a_record_that_is_only_read_begins_at_its_first_deed(
    office: Office, school: School
) -> None:
    record = signed_report(school)
    office.sign_in("dana")
    page = form_page(office, record)
    assert here(office) is page.head.print_draft
    page.open_section("when_where")
    assert here(office) is page.head.print_draft


def test_who_does_not_sign_yet_is_back_where_one_asked(office: Office, school: School) -> None:
    record = filled(school)
    office.sign_in("dana")
    page = form_page(office, record)
    page.deeds.do("check")
    sheet: Any = page.stack.currentWidget()
    assert here(office) is sheet.back_link
    for line in sheet.reasons.values():
        QTest.keyClicks(line, "As it was")
    sheet.sign_button.setFocus()
    sheet.sign_button.click()
    dialog = page.deeds.sign_dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert here(office) is sheet.sign_button


def test_from_a_page_over_the_record_one_is_back_where_one_had_left_it(
    office: Office, school: School
) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    page = form_page(office, record)
    page.head.more.setFocus()
    for deed in ("school_copy", "parent_copy", "papers"):
        page.deeds.do(deed)
        office.settle()
        over: Any = page.stack.currentWidget()
        assert here(office) is not over
        assert over.isAncestorOf(here(office)), deed
        over.back.emit()
        assert here(office) is page.head.more, deed


def test_a_draft_is_gone_on_with_at_the_question_one_was_at(office: Office, school: School) -> None:
    record = filled(school)
    office.sign_in("dana")
    page = form_page(office, record)
    page.open_section("when_where")
    place = page.blocks()["/location_detail"].editor.focus_target()
    place.setFocus()
    page.deeds.do("print")
    office.settle()
    over: Any = page.stack.currentWidget()
    over.back.emit()
    assert here(office) is place


# --- rows of a record ----------------------------------------------------------------------------


@pytest.fixture
def rows(office: Office, school: School) -> FormPage:
    """The people of a report, three rows, the first of them open."""
    record = filled(school)
    office.sign_in("dana")
    page = form_page(office, record)
    page.open_section("people")
    office.settle()
    return page


def cards(page: FormPage) -> Any:
    return page.pane.cards  # type: ignore[union-attr]  # a section of rows


def test_a_row_that_is_taken_out_is_offered_back_and_comes_back(
    office: Office, rows: FormPage
) -> None:
    cards(rows)[1].edit.click()
    cards(rows)[1].remove.click()
    assert called(office) == "Bring back Person 2"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    office.settle()
    assert rows.focused_block() is not None
    assert rows.focused_block().path.startswith("/people[2]/")  # type: ignore[union-attr]  # as above


def test_undo_and_redo_of_a_row_stay_at_its_place(office: Office, rows: FormPage) -> None:
    cards(rows)[1].edit.click()
    cards(rows)[1].remove.click()
    office.settle()
    rows.undo()
    office.settle()
    assert rows.focused_block().path.startswith("/people[2]/")  # type: ignore[union-attr]  # a question
    rows.redo()
    assert called(office).startswith("Edit Person 2")
    rows.undo()
    office.settle()
    assert rows.focused_block().path.startswith("/people[2]/")  # type: ignore[union-attr]  # as above


def test_a_row_that_was_begun_by_mistake_is_undone(office: Office, rows: FormPage) -> None:
    before = len(cards(rows))
    rows.pane.add_button.click()  # type: ignore[union-attr]  # a section of rows
    office.settle()
    assert rows.focused_block().path.startswith(f"/people[{before + 1}]/")  # type: ignore[union-attr]  # as above
    rows.undo()
    assert here(office) is rows.pane.add_button  # type: ignore[union-attr]  # as above
    assert len(cards(rows)) == before
    rows.redo()
    office.settle()
    assert rows.focused_block().path.startswith(f"/people[{before + 1}]/")  # type: ignore[union-attr]  # as above


def test_undo_of_an_answer_stays_at_the_question(office: Office, rows: FormPage) -> None:
    rows.open_section("when_where")
    place = rows.blocks()["/location_detail"].editor.focus_target()
    place.setFocus()
    QTest.keyClicks(place, " by the door")
    rows.undo()
    assert here(office) is place


# --- sheets --------------------------------------------------------------------------------------


def button(office: Office, name: str) -> QPushButton:
    """What is pressed by this name, with the keyboard on it."""
    office.settle()
    found = next(
        one
        for one in office.window.findChildren(QPushButton)
        if one.isVisible() and (one.accessibleName() or one.text()) == name
    )
    found.setFocus()
    return found


def sheet_over(office: Office, name: str) -> Sheet:
    """The sheet that opens when this is pressed."""
    button(office, name).click()
    office.settle()
    return next(
        one for one in QApplication.allWidgets() if isinstance(one, Sheet) and one.isVisible()
    )


def test_from_a_sheet_one_is_back_at_what_opened_it(office: Office) -> None:
    office.sign_in("tom")
    office.shell.go("settings", "staff")
    sheet = sheet_over(office, "Change Dana Whitcomb")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert called(office) == "Change Dana Whitcomb"
    sheet = sheet_over(office, "Change Dana Whitcomb")
    sheet.save()
    office.until(lambda: not isValid(sheet) or not sheet.isVisible())
    assert called(office) == "Change Dana Whitcomb"  # another button: the list was made anew
    office.settle()
    assert called(office) == "Change Dana Whitcomb"


def test_who_is_called_otherwise_now_is_where_they_were(office: Office, school: School) -> None:
    office.sign_in("tom")
    office.shell.open_student(school.ids["mateo"])
    sheet = sheet_over(office, "Change Rosa Núñez")
    sheet.frames["given"].editor.setText("Rosalía")  # type: ignore[attr-defined]  # a line
    sheet.save()
    office.until(lambda: "Change Rosalía Núñez" in shown_text(office.window))
    assert called(office) == "Change Rosalía Núñez"


# --- lists ---------------------------------------------------------------------------------------


def many(school: School, count: int) -> None:
    tom = school.sign_in("tom")
    put(school, tom, [Made("incident", days=n) for n in range(count)])
    tom.lock()


def listed(office: Office) -> RecordsPage:
    office.shell.go("records")
    office.settle()
    page = office.shell.page
    assert isinstance(page, RecordsPage)
    return page


def open_row(office: Office, page: RecordsPage, place: int) -> str:
    """Go to a row and press Enter; the record that opened."""
    page.table.setFocus()
    page.table.selectRow(place)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    office.settle()
    assert isinstance(office.shell.page, FormPage)
    return office.shell.page.record_id


def test_back_from_a_record_one_is_on_its_row(office: Office, school: School) -> None:
    many(school, 5)
    office.sign_in("tom")
    page = listed(office)
    record = open_row(office, page, 3)
    office.shell.page.left_page.emit()  # type: ignore[union-attr]  # FormPage
    assert here(office) is page.table
    assert page.model.record(page.table.currentIndex()).id == record


def test_back_from_a_record_far_down_its_row_is_still_there(office: Office, school: School) -> None:
    many(school, 60)
    office.sign_in("tom")
    page = listed(office)
    page.more.click()
    office.settle()
    record = open_row(office, page, 57)
    office.shell.page.left_page.emit()  # type: ignore[union-attr]  # FormPage
    assert here(office) is page.table
    assert page.model.record(page.table.currentIndex()).id == record
    assert page.model.rowCount() == 60
    listed(office)
    assert page.model.rowCount() == 50


def test_back_from_a_record_that_was_found_by_its_words(office: Office, school: School) -> None:
    many(school, 4)
    signed_report(school)
    office.sign_in("tom")
    page = listed(office)
    page.filter.setText("mateo")
    office.until(lambda: page.found.isVisible() and page.found.found.rowCount() > 2)
    office.settle()
    page.found.setFocus()
    QTest.keyClick(page.found, Qt.Key.Key_Down)
    wanted = page.found.found.rows[1].record.id
    QTest.keyClick(page.found, Qt.Key.Key_Return)
    office.settle()
    office.shell.page.left_page.emit()  # type: ignore[union-attr]  # FormPage
    assert here(office) is page.found
    assert page.found.found.rows[page.found.currentIndex().row()].record.id == wanted


def test_back_from_a_record_that_the_list_does_not_show_one_may_search(
    office: Office, school: School
) -> None:
    many(school, 3)
    record = signed_report(school)
    office.sign_in("tom")
    page = listed(office)
    page.bar.student.chosen.emit(school.ids["huy"], "Huy")
    office.settle()
    form_page(office, record).left_page.emit()
    assert here(office) is page.filter


def test_back_from_a_student_one_is_on_their_row(office: Office, school: School) -> None:
    office.sign_in("tom")
    office.shell.go("students")
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentsPage)
    assert here(office) is page.filter
    page.table.setFocus()
    page.table.selectRow(1)
    student = page.model.student(page.table.currentIndex()).id
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    office.settle()
    office.shell.page.back_asked.emit()  # type: ignore[union-attr]  # StudentPage
    assert here(office) is page.table
    assert page.model.student(page.table.currentIndex()).id == student


def test_a_list_that_is_read_again_keeps_the_row(office: Office, school: School) -> None:
    many(school, 5)
    office.sign_in("tom")
    page = listed(office)
    page.table.setFocus()
    page.table.selectRow(2)
    record = page.model.record(page.table.currentIndex()).id
    many(school, 1)
    page.read()
    office.settle()
    assert page.model.rowCount() == 6
    assert page.model.record(page.table.currentIndex()).id == record


@pytest.mark.parametrize("place", ["home", "deadlines", "notices"])
def test_a_place_is_begun_at_its_top_the_first_time(office: Office, place: str) -> None:
    office.sign_in("tom")
    office.shell.go("records")
    office.settle()
    office.shell._pages.pop("home")  # as if it had not been shown yet
    office.shell.go(place)
    page = office.shell.page
    assert page is not None
    assert here(office) is page
    assert page.accessibleName()
