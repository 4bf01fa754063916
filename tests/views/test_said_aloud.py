"""What a screen reader is told at the moment it happens, and by which name it knows what is there.

What is replaced is the edge: the call that hands an announcement to the system's reader.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import Tone
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.sign import SignDialog
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import School, fill, signed_report
from tests.services.many_records import Made, put
from tests.views.shell_kit import Office


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.window.activateWindow()
    return made


@pytest.fixture
def aloud(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is handed to the reader to be said."""
    said: list[str] = []
    hand_on = QAccessible.updateAccessibility

    def listen(event: Any) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())
        hand_on(event)

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(listen))
    return said


def heard(widget: QWidget) -> QAccessibleInterface:
    """A widget as a screen reader has it."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def name_of(widget: QWidget) -> str:
    return heard(widget).text(QAccessible.Text.Name)


def press(widget: QWidget) -> None:
    """Do the first of its actions, as voice control does."""
    deeds = heard(widget).actionInterface()
    deeds.doAction(deeds.actionNames()[0])


def dictate(line: QWidget, words: str) -> None:
    """Put words in through the accessibility interface."""
    heard(line).setText(QAccessible.Text.Value, words)


def opened(office: Office, record: str) -> FormPage:
    office.shell.open_record(record)
    office.settle()
    page = office.shell.page
    assert isinstance(page, FormPage)
    return page


# --- people --------------------------------------------------------------------------------------


def test_the_chip_of_a_person_is_a_button_that_says_whom_it_takes_out(
    office: Office, school: School
) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start("restraint")
    fill(school, dana, record)
    dana.lock()
    office.sign_in("dana")
    page = opened(office, record)
    page.open_section("holds")
    office.settle()
    page.pane.cards[0].edit.click()  # type: ignore[union-attr]  # a section of rows
    office.settle()
    block = next(b for b in page.blocks().values() if b.field.name == "staff_holding")
    editor: Any = block.editor
    names = [page.context.name_of(one) for one in editor.typed()]
    assert [name_of(chip) for chip in editor.chips] == [
        f"Who held?: {name}, press to remove" for name in names
    ]
    for chip in editor.chips:
        assert heard(chip).role() is QAccessible.Role.Button
        assert chip.accessibleName() in [one.accessibleName() for one in tab_stops(editor)]
        assert min(chip.width(), chip.height()) >= 24
    assert name_of(editor.line) == "Who held?"
    assert f"Chosen: {', '.join(names)}." in editor.line.accessibleDescription()
    editor.line.setFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_Backtab)
    assert editor.chips[-1].hasFocus()  # the chosen come before the line that adds to them
    press(editor.chips[0])
    office.until(editor.line.hasFocus)
    office.settle()
    assert [name_of(chip) for chip in editor.chips] == [
        f"Who held?: {name}, press to remove" for name in names[1:]
    ]
    assert names[0] not in editor.line.accessibleDescription()


def tab_stops(root: QWidget) -> list[QWidget]:
    return [
        one
        for one in root.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_the_one_person_who_is_chosen_has_the_keyboard(office: Office) -> None:
    office.sign_in("dana")
    page = opened(office, office.workspace.records.start("incident"))
    page.open_section("people")
    page.pane.add_button.click()  # type: ignore[union-attr]  # a section of rows
    office.settle()
    kind = next(b for b in page.blocks().values() if b.field.name == "involved_kind")
    page.draft.put(kind.path, "staff")  # type: ignore[union-attr]  # it is open
    office.settle()
    block = next(b for b in page.blocks().values() if b.field.name == "staff_member")
    editor: Any = block.editor
    editor.line.setFocus()
    QTest.keyClicks(editor.line, "priya")
    office.until(editor.line.box.is_open)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    [chip] = editor.chips
    assert chip.hasFocus()  # the line is not needed any more
    assert name_of(chip).endswith("Priya Raman, press to remove")


def test_names_that_are_offered_are_said_while_one_types(
    office: Office, school: School, aloud: list[str]
) -> None:
    office.sign_in("dana")
    page = opened(office, office.workspace.records.start("restraint"))
    page.jump("/student")
    office.settle()
    editor: Any = page.blocks()["/student"].editor
    editor.line.setFocus()
    QTest.keyClicks(editor.line, "kowal")
    office.until(editor.line.box.is_open)
    assert aloud[-1].startswith("1 of 2: Łucja Kowalczyk, grade")
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert aloud[-1].startswith("2 of 2: Add a person by hand")


# --- what is printed -----------------------------------------------------------------------------


def prints(office: Office) -> list[str]:
    """The names of all buttons in sight that print."""
    office.settle()
    return [
        name_of(one)
        for one in office.window.findChildren(QPushButton)
        if one.isVisible() and one.text().replace("&", "").startswith("Print")
    ]


def test_a_button_that_prints_says_what(office: Office, school: School) -> None:
    record = signed_report(school)
    dana = school.sign_in("dana")
    draft = dana.records.start("incident")
    dana.lock()
    office.sign_in("dana")
    opened(office, draft)
    assert prints(office) == ["Print draft of this report"]
    office.window.workspace.lock()  # type: ignore[union-attr]  # it is open
    office.open_door()
    office.sign_in("tom")
    page = opened(office, record)
    assert prints(office) == ["Print the school's copy of BER-2026-0001"]
    page.deeds.do("school_copy")
    assert prints(office) == ["Print: The school's copy"]
    office.shell.open_access_log(school.ids["mateo"])
    assert prints(office) == ["Print this access log"]
    office.shell.open_card(school.ids["mateo"])
    assert prints(office) == ["Print this emergency card"]


# --- searching -----------------------------------------------------------------------------------


@pytest.fixture
def records(office: Office, school: School) -> RecordsPage:
    """Five records, of which one tells of a tablet; the list before Tom."""
    signed_report(school)
    tom = school.sign_in("tom")
    put(school, tom, [Made("incident", days=n) for n in range(4)])
    tom.lock()
    office.sign_in("tom")
    office.shell.go("records")
    office.settle()
    page = office.shell.page
    assert isinstance(page, RecordsPage)
    return page


@pytest.mark.parametrize("by", ["typed", "dictated"])
def test_what_a_search_of_the_records_finds_is_said(
    office: Office, records: RecordsPage, aloud: list[str], by: str
) -> None:
    line = records.filter
    assert heard(line).role() is QAccessible.Role.EditableText
    assert name_of(line) == "Number, student, or words of a report"
    assert line.hasFocus()

    def search(words: str) -> None:
        line.clear()
        QTest.keyClicks(line, words) if by == "typed" else dictate(line, words)

    search("held calm")
    office.until(lambda: bool(aloud))
    assert aloud == ["1 found"]
    assert name_of(records.found) == "What was found"
    row = records.found.found.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "BER-2026-0001" in row
    assert "calm" in row
    search("no such words anywhere")
    office.until(lambda: len(aloud) > 1)
    assert aloud == ["1 found", "Nothing found"]


@pytest.mark.parametrize("by", ["typed", "dictated"])
def test_what_the_search_above_finds_is_said_line_by_line(
    office: Office, records: RecordsPage, aloud: list[str], by: str
) -> None:
    line = office.shell.bar.search
    assert name_of(line) == "Find a student, record or word"
    office.shell.focus_search()
    QTest.keyClicks(line, "mateo") if by == "typed" else dictate(line, "mateo")
    office.until(office.shell.findings.isVisible)
    office.settle()
    count = office.shell.findings.model.rowCount()
    assert aloud[-1].startswith(f"1 of {count}: Mateo Núñez-Okafor, grade")
    if count > 1:
        QTest.keyClick(line, Qt.Key.Key_Down)
        assert aloud[-1].startswith(f"2 of {count}: ")
    line.clear()
    QTest.keyClicks(line, "nobody at all") if by == "typed" else dictate(line, "nobody at all")
    office.until(lambda: aloud[-1] == "Nothing found")


def test_how_many_students_a_name_leaves_is_said_once(office: Office, aloud: list[str]) -> None:
    office.sign_in("tom")
    office.shell.go("students")
    office.settle()
    page: Any = office.shell.page
    assert page.filter.hasFocus()
    assert aloud == []  # nothing was asked for yet
    dictate(page.filter, "kowal")
    office.settle()
    assert aloud == ["1 found"]
    page.load()
    office.settle()
    assert aloud == ["1 found"]


def test_a_question_that_is_looked_for_is_said(office: Office, aloud: list[str]) -> None:
    office.sign_in("dana")
    page = opened(office, office.workspace.records.start("restraint"))
    page.open_find()
    office.until(page.finder.line.hasFocus)
    assert aloud == []
    QTest.keyClicks(page.finder.line, "room")
    assert aloud
    assert aloud[-1] == page.finder.list.currentItem().text()
    QTest.keyClicks(page.finder.line, " xyz")
    assert aloud[-1] == "No question found"


# --- problems ------------------------------------------------------------------------------------


def test_what_is_wrong_with_an_answer_is_said_once_when_it_is_left(
    office: Office, aloud: list[str]
) -> None:
    office.sign_in("dana")
    page = opened(office, office.workspace.records.start("restraint"))
    page.open_section("when_where")
    office.settle()
    block = page.blocks()["/event_date"]
    line = block.editor.focus_target()
    line.setFocus()
    QTest.keyClicks(line, "13/45")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    office.settle()
    wrong = block.error.text().removeprefix("▲ ")
    assert wrong
    assert aloud == [f"{block.label.text()}: {wrong}"]
    assert wrong in line.accessibleDescription()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    office.settle()
    assert len(aloud) == 1


def test_what_a_sheet_lacks_is_said_where_the_keyboard_goes(
    office: Office, aloud: list[str]
) -> None:
    office.sign_in("tom")
    office.shell.go("students")
    office.settle()
    page: Any = office.shell.page
    page.add_student()
    office.settle()
    sheet = next(o for o in QApplication.allWidgets() if isinstance(o, Sheet) and o.isVisible())
    sheet.deed.setFocus()
    QTest.keyClick(sheet.deed, Qt.Key.Key_Return)
    office.settle()
    first = next(frame for frame in sheet.frames.values() if frame.says())
    field = first.editor.focusProxy() or first.editor
    assert field.hasFocus()
    assert first.says() in field.accessibleDescription() or first.says() in aloud
    sheet.reject()


@pytest.mark.parametrize("tone", [Tone.DANGER, Tone.WARN, Tone.OK, Tone.INFO])
def test_news_above_a_page_is_said_with_what_kind_it_is(
    office: Office, aloud: list[str], tone: Tone
) -> None:
    office.sign_in("tom")
    office.shell.tell("The disk is full.", tone)
    assert aloud == [f"{tone.value[2]}: The disk is full."]


def test_a_wrong_password_is_said_at_the_door(office: Office) -> None:
    office.open_door()
    office.choose("dana")
    page = office.window.unlock_page
    entered: list[str] = []  # what a reader says of a field when the keyboard comes to it
    office.app.focusChanged.connect(
        lambda _, now: now is page.password.edit and entered.append(now.accessibleDescription())
    )
    office.type_password("not the password at all")
    office.until(lambda: bool(page.field.says()))
    assert page.password.edit.hasFocus()
    assert page.field.says() in entered[-1]


def test_a_wrong_password_is_said_at_the_signature(
    office: Office, school: School, aloud: list[str]
) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start("restraint")
    fill(school, dana, record)
    dana.lock()
    office.sign_in("dana")
    page = opened(office, record)
    dialog = SignDialog(office.desk, office.workspace, record, "report", "I wrote this.", page)
    dialog.open()
    QTest.keyClicks(dialog.signature.name, "Dana Whitcomb")
    QTest.keyClicks(dialog.password, "not the password at all")
    dialog.sign_button.click()
    office.until(lambda: bool(dialog.banner.text()))
    assert f"Problem: {dialog.banner.text()}" in aloud
    assert dialog.password.hasFocus()
    dialog.reject()
