"""Months in the window: looked through, printed, explained, closed and signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.clock import SetClock
from bt_desktop.services.health.months import last_of
from bt_desktop.views.health.month_list import OPEN, STATE, STUDENT
from bt_desktop.views.health.months import MonthsSection
from bt_desktop.views.preview import PdfPreview
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, terms
from tests.health.month_kit import MONTH, Month, at, over
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_orders import all_right, fill, save, sheet_of


def january(lived: Month, folder: Path) -> School:
    """The month that was lived through, with a second order that is complete."""
    school = lived.school.copied_to(folder, SetClock(at(15, 0, last_of(MONTH))))
    active_order(school.sign_in("maria"), terms(school.ids["lucja"]))
    school.clock.set(over())
    return school


@pytest.fixture
def nurse(qtbot: QtBot, lived: Month, tmp_path: Path) -> Iterator[Office]:
    school = lived.school.copied_to(tmp_path / "vault", SetClock(over()))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.sign_in("maria")
    yield made
    school.close()


def section_of(office: Office) -> MonthsSection:
    office.shell.go("health", "months")
    office.settle()
    section = office.shell.page.section("months")  # type: ignore[union-attr]  # HealthPage
    assert isinstance(section, MonthsSection)
    return section


def cells(section: MonthsSection) -> list[list[str]]:
    model = section.model
    return [
        [str(model.index(row, column).data()) for column in range(5)]
        for row in range(model.rowCount())
    ]


def opened(office: Office) -> MonthsSection:
    section = section_of(office)
    section.table.setFocus()
    section.table.setCurrentIndex(section.model.index(0, 0))
    QTest.keyClick(section.table, Qt.Key.Key_Return)
    office.settle()
    assert section.one.isVisible()
    return section


def test_the_last_month_that_is_over_is_shown_with_what_is_open(nurse: Office) -> None:
    section = section_of(nurse)
    assert section.month.currentText() == "January 2027"
    [row] = cells(section)
    assert row == [
        "Mateo Núñez-Okafor", "Methylphenidate 10 mg tablet", "19", "1", "Open cells",
    ]  # fmt: skip
    heard = section.model.index(0, OPEN).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Open cells: 1"
    assert not section.close_all.isEnabled()
    beside = section.close_all.y()
    section.resize(440, 700)  # the room that a text of 200 % leaves in a narrow window
    nurse.settle()
    assert section.close_all.y() > beside, "the button stands below"


def test_another_month_is_chosen_and_lists_are_narrowed(nurse: Office) -> None:
    section = section_of(nurse)
    section.month.setCurrentIndex(section.month.findText("February 2027"))
    nurse.settle()
    assert cells(section)[0][STATE] == "Not over yet"
    section.chips["closed"].click()
    assert section.model.rowCount() == 0
    assert "No record is like that now." in shown_text(section)
    section.chips["all"].click()
    QTest.keyClicks(section.filter, "nobody")
    assert section.model.rowCount() == 0
    section.filter.clear()
    QTest.keyClicks(section.filter, "nunez methyl")
    assert cells(section)[0][STUDENT] == "Mateo Núñez-Okafor"


def test_a_month_is_closed_by_keyboard_once_its_open_cell_is_explained(nurse: Office) -> None:
    section = opened(nurse)
    page = section.one
    assert "Friday, January 22, 12:00 pm" in shown_text(page)
    page.buttons["close"].click()
    sheet = sheet_of(nurse)
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wrong = {key for key, frame in sheet.frames.items() if frame.says()}
    assert wrong == {"cell0", "name"}
    fill(sheet, {"cell0": "Nobody remembers it", "name": "Maria Chen", "password": "not hers"})
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    nurse.settle()
    assert "password" in sheet.frames["password"].says().lower()
    fill(sheet, {"password": PASSWORD})
    save(nurse, sheet)
    assert "Closed and signed by Maria Chen on" in page.facts.text()
    assert "One time is not documented." in page.facts.text()
    assert not page.buttons["close"].isVisible()
    assert not page.buttons["after"].isEnabled()
    assert "Not documented: Nobody remembers it" in shown_text(page)
    page.back.click()
    nurse.settle()
    assert cells(section)[0][STATE] == "Closed"


def test_a_record_is_looked_at_and_one_comes_back_to_it(nurse: Office) -> None:
    section = opened(nurse)
    section.one.buttons["print"].click()
    nurse.settle()
    preview = nurse.shell.page
    assert isinstance(preview, PdfPreview)
    assert preview.copy.file_name == "MAR 2027-01.pdf"
    assert preview.document.pageCount() == 2
    preview.back.emit()
    nurse.settle()
    assert nurse.shell.page.section("months").one.isVisible()  # type: ignore[union-attr]  # HealthPage
    section.one.buttons["year"].click()
    nurse.settle()
    preview = nurse.shell.page
    assert isinstance(preview, PdfPreview)
    assert preview.document.pageCount() == 1


def test_a_note_after_the_closing_stands_on_the_addendum(nurse: Office, lived: Month) -> None:
    nurse.workspace.health.months.close(lived.order, MONTH, PASSWORD, reason="Nobody remembers it")
    page = opened(nurse).one
    assert not page.buttons["after"].isEnabled()
    page.buttons["note"].click()
    sheet = sheet_of(nurse)
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "few words" in sheet.frames["text"].says()
    fill(sheet, {"text": "The substitute teacher remembers it."})
    save(nurse, sheet)
    assert "The substitute teacher remembers it." in shown_text(page)
    page.buttons["after"].click()
    nurse.settle()
    preview = nurse.shell.page
    assert isinstance(preview, PdfPreview)
    assert preview.copy.file_name == "MAR 2027-01 addendum.pdf"


def test_all_complete_records_are_closed_with_one_signature(
    qtbot: QtBot, lived: Month, tmp_path: Path
) -> None:
    nurse = Office(qtbot, january(lived, tmp_path / "vault"), tmp_path / "settings")
    nurse.sign_in("maria")
    section = section_of(nurse)
    section.chips["complete"].click()
    [row] = cells(section)
    assert row[STUDENT] == "Łucja Kowalczyk"
    section.close_all.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"name": "Maria Chen", "password": PASSWORD})
    save(nurse, sheet)
    nurse.until(section.banner.isVisible)
    assert "One record is closed and signed." in section.banner.text()
    section.chips["all"].click()
    nurse.settle()
    states = {row[STUDENT]: row[STATE] for row in cells(section)}
    assert states == {"Mateo Núñez-Okafor": "Open cells", "Łucja Kowalczyk": "Closed"}


def test_a_wrong_password_closes_nothing(nurse: Office, lived: Month) -> None:
    section = section_of(nurse)
    section._close_all(("Maria Chen", "not hers"))
    nurse.until(section.banner.isVisible)
    assert cells(section)[0][STATE] == "Open cells"


def test_a_school_without_orders_says_so(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("maria")
    section = section_of(office)
    assert section.month.currentText() == "November 2026"
    assert "No order held in this month" in shown_text(section)
    assert not section.close_all.isEnabled()


def test_only_who_closes_months_is_shown_them(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    active_order(school.sign_in("maria"), terms(school.ids["mateo"]))
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    office.shell.go("health")
    office.settle()
    assert "months" not in office.shell.page.chips  # type: ignore[union-attr]  # HealthPage
    assert date(2026, 11, 12) == school.clock.now().date()


def test_many_open_cells_are_explained_at_once_or_one_by_one(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    month = Month(school, school.sign_in("maria"))
    month.begin()
    school.clock.set(over())
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("maria")
    page = opened(office).one
    assert len(page.view.open_cells) == 19  # type: ignore[union-attr]  # shown
    page.buttons["close"].click()
    sheet = sheet_of(office)
    fill(sheet, {"cell0": "The nurse was ill that day", "name": "Maria Chen",
                 "password": PASSWORD})  # fmt: skip
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert {key for key, frame in sheet.frames.items() if frame.says()} == {"all"}
    fill(sheet, {"all": "The binder was lost in the move"})
    save(office, sheet)
    closed = page.view.line.closed  # type: ignore[union-attr]  # shown
    assert closed is not None
    reasons = [one.reason for one in closed.explained]
    assert reasons == ["The nurse was ill that day", *["The binder was lost in the move"] * 18]


def test_what_happened_at_an_open_time_is_entered_late_from_the_month(
    qtbot: QtBot, lived: Month, tmp_path: Path
) -> None:
    school = lived.school.copied_to(tmp_path / "vault", SetClock(at(15, 0, date(2027, 1, 29))))
    office = Office(qtbot, school, tmp_path / "settings")
    office.window.resize(1280, 800)
    office.sign_in("maria")
    section = section_of(office)
    section.month.setCurrentIndex(section.month.findText("January 2027"))
    office.settle()
    page = opened(office).one
    [button] = page.enter
    assert button.accessibleName() == "Enter what happened on Friday, January 22, 12:00 pm"
    button.click()
    office.settle()
    panel = section.enter.panel
    assert panel.isVisible()
    assert "Late entry for Friday, January 22, 12:00 pm." in section.enter.banner.text()
    panel.body.outcome.choose("A")
    panel.body.more.at.setText("12:00 pm")
    panel.body.changed.emit()
    office.settle()
    assert panel.body.stops.cards == {}
    panel.deed.click()
    office.settle()
    assert panel.body.frames["reason"].says() == "Write why it is entered now."
    panel.body.amount.reason.setText("Found in the attendance list")
    panel.body.amount.reason.textEdited.emit(panel.body.amount.reason.text())
    office.settle()
    panel.deed.click()
    office.settle()
    assert page.isVisible(), panel.banner.text()
    assert page.enter == []
    assert "20 entries." in page.facts.text()


def test_a_time_the_board_of_that_day_does_not_list_stays_for_the_closing(
    nurse: Office, lived: Month
) -> None:
    nurse.workspace.health.orders.discontinue(lived.order, "Another medicine")
    section = opened(nurse)
    section._enter("no such order", at(12, 0, date(2027, 1, 22)))
    nurse.settle()
    assert "Say why it stays open" in section.enter.banner.text()
    section.enter.back.click()
    nurse.settle()
    assert section.one.isVisible()


def test_a_screen_reader_hears_every_part_of_it(nurse: Office) -> None:
    section = section_of(nurse)
    all_right(nurse.shell)
    section.ask_close_all()
    nurse.settle()
    all_right(sheet_of(nurse))
    sheet_of(nurse).reject()
    page = opened(nurse).one
    all_right(nurse.shell)
    for deed in ("close", "note"):
        page.buttons[deed].click()
        all_right(sheet_of(nurse))
        sheet_of(nurse).reject()
        nurse.settle()
