"""At the door: names, passwords, waits, and files that are not as they should be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.factory import PASSWORD, School
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def test_the_right_password_opens_the_home_page(office: Office) -> None:
    shell = office.sign_in("dana")
    assert office.workspace.actor.name == "Dana Whitcomb"
    assert ", Dana" in shown_text(shell)


def test_the_page_shows_school_and_names_and_focuses_the_password(office: Office) -> None:
    office.open_door()
    page = office.window.unlock_page
    assert page.school.text() == "Maple Creek Elementary"
    assert page.who.findText("Dana Whitcomb") >= 0
    assert page.focusWidget() is page.password.edit


def test_a_wrong_password_says_so_in_place_and_leaves_the_box_empty(office: Office) -> None:
    office.open_door()
    office.choose("dana")
    office.type_password("not the one at all")
    page = office.window.unlock_page
    office.until(lambda: "not the password" in page.field.says())
    assert page.password.text() == ""
    assert "Caps Lock" in page.field.says()
    assert page.password.edit.accessibleDescription().startswith(page.field.says())
    assert page.button.isEnabled()


def test_the_fifth_wrong_password_counts_down_and_a_colleague_need_not_wait(
    office: Office,
) -> None:
    office.open_door()
    office.choose("dana")
    page = office.window.unlock_page
    for _ in range(5):
        office.type_password("wrong wrong wrong")
        office.settle()
    assert "30 seconds" in page.field.says()
    assert not page.button.isEnabled()
    office.school.clock.advance(timedelta(seconds=20))
    page.tick()
    assert "10 seconds" in page.field.says()
    office.choose("tom")
    assert page.button.isEnabled()
    office.choose("dana")
    office.school.clock.advance(timedelta(seconds=11))
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert "wrong password was tried 5 times" in office.shell.banner.text()


def test_the_wait_ends_by_itself(office: Office) -> None:
    office.open_door()
    office.choose("dana")
    page = office.window.unlock_page
    for _ in range(5):
        office.type_password("wrong wrong wrong")
        office.settle()
    office.school.clock.advance(timedelta(seconds=31))
    page.tick()
    assert page.button.isEnabled()
    assert "again now" in page.field.says()


def test_a_closed_account_is_told_apart(office: Office) -> None:
    chief = office.school.sign_in("tom")
    chief.accounts.disable(office.school.users["dana"])
    chief.lock()
    office.open_door()
    office.choose("dana")
    office.type_password(PASSWORD)
    page = office.window.unlock_page
    office.until(lambda: "closed by an administrator" in page.field.says())


def test_input_is_shut_while_the_key_is_derived(office: Office) -> None:
    office.open_door()
    office.choose("dana")
    office.type_password(PASSWORD)
    page = office.window.unlock_page
    assert page.button.text() == "Unlocking…"
    assert not page.password.isEnabled()
    assert page.password.text() == ""
    office.until(lambda: office.window.shell is not None)
    office.settle()


def test_enter_on_an_empty_box_asks_for_the_password(office: Office) -> None:
    office.open_door()
    QTest.keyClick(office.window.unlock_page.password.edit, Qt.Key.Key_Return)
    assert office.window.unlock_page.field.says() == "Type your password."


def test_a_damaged_key_file_is_said_and_nothing_can_be_typed(office: Office) -> None:
    for path in office.school.folder.glob("vault.keys.json*"):
        path.write_bytes(b"{ not a key file")
    office.window.begin()
    page = office.window.unlock_page
    office.until(page.trouble.isVisible)
    assert "damaged" in page.trouble_says.text()
    assert "Do not delete anything" in page.trouble_helps.text()
    assert not page.card.isVisible()


def test_a_missing_key_file_is_told_from_an_empty_folder(office: Office) -> None:
    for path in office.school.folder.glob("vault.keys.json*"):
        path.unlink()
    office.window.begin()
    page = office.window.unlock_page
    office.until(page.trouble.isVisible)
    assert "missing" in page.trouble_says.text()


def test_show_shows_the_letters_and_hides_them_again_when_taken(office: Office) -> None:
    office.open_door()
    box = office.window.unlock_page.password
    QTest.keyClicks(box.edit, "abc")
    box.reveal()
    assert box.edit.echoMode() is QLineEdit.EchoMode.Normal
    assert box.take() == "abc"
    assert box.edit.echoMode() is QLineEdit.EchoMode.Password
    assert box.text() == ""


def test_caps_lock_is_guessed_from_the_letters(office: Office) -> None:
    office.open_door()
    page = office.window.unlock_page
    QTest.keyClick(page.password.edit, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert page.field.says() == ""
    QTest.keyClicks(page.password.edit, "A")  # a capital without Shift
    office.bot.waitUntil(lambda: page.field.says() in {"", "Caps Lock is on"})


def test_the_recovery_key_gives_an_administrator_a_new_password(office: Office) -> None:
    office.open_door()
    office.window.unlock_page.recovery_asked.emit()
    page = office.window.stack.currentWidget()
    page.key.line.setText(office.school.recovery_key.lower().replace("-", " "))
    page.go_on()
    office.until(lambda: page.step is page.who)
    for box in (page.who.password.first, page.who.password.again):
        box.setText("nine copper kettles on the lawn")
    page.go_on()
    office.until(lambda: page.step is page.new_key)
    key = "-".join(group.text() for group in page.new_key._groups)
    assert key != office.school.recovery_key
    page.go_on()
    groups = key.split("-")
    for frame, line in zip(page.confirm.frames, page.confirm.lines, strict=True):
        line.setText(groups[int(frame.label.text().removeprefix("Group ")) - 1])
    page.go_on()
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert office.workspace.actor.name == "Tom Becker"


def test_a_mistyped_recovery_key_is_said_beside_it(office: Office) -> None:
    office.open_door()
    office.window.unlock_page.recovery_asked.emit()
    page = office.window.stack.currentWidget()
    page.key.line.setText("ABC")
    page.go_on()
    office.until(lambda: "36 letters" in page.key.frame.says())
    page.cancel.click()
    assert office.window.stack.currentWidget() is office.window.unlock_page
