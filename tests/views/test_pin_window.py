"""The PIN in the window: set, typed after a lock, wrong five times, ended with the computer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.security.device import KeyringOutcome
from bt_desktop.services.computer import ComputerService
from bt_desktop.services.pin import PinKeeper
from bt_desktop.views.pin_sheet import PasswordAgainSheet, PinSheet
from bt_desktop.views.settings_pin import PinCard
from bt_desktop.views.shell_session import SessionWatch
from tests.desk_keyring import KeyringOnTheDesk
from tests.factory import FAST, PASSWORD, School
from tests.views.shell_kit import Office, shown_text

PIN = "280417"


@pytest.fixture
def keyring() -> KeyringOnTheDesk:
    return KeyringOnTheDesk()


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path, keyring: KeyringOnTheDesk) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.door._pin = PinKeeper(school.folder, school.clock, FAST, keyring)
    return made


def card_of(office: Office) -> PinCard:
    office.shell.go("settings", "computer")
    office.settle()
    found = office.shell.page.section("computer").pin  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, PinCard)
    return found


def set_pin(office: Office, keyring: KeyringOnTheDesk, who: str = "tom") -> PinCard:
    """Sign in on a computer whose keyring answers, and set a PIN in the settings."""
    office.sign_in(who)
    ComputerService(office.workspace._context, office.workspace.held, keyring).look()
    card = card_of(office)
    assert "No PIN is set" in card.says.text()
    card.set.click()
    [sheet] = card.findChildren(PinSheet)
    sheet.password.edit.setText(PASSWORD)
    for line in (sheet.pin, sheet.twice):
        line.edit.setText(PIN)
    sheet.deed.click()
    office.settle()
    return card


def lock(office: Office) -> None:
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()


def type_pin(office: Office, pin: str) -> None:
    line = office.window.unlock_page.pin.edit
    assert line.isVisible()
    QTest.keyClicks(line, pin)
    QTest.keyClick(line, Qt.Key.Key_Return)
    office.settle()


def test_a_pin_opens_after_a_lock_and_the_page_comes_back(
    office: Office, keyring: KeyringOnTheDesk
) -> None:
    card = set_pin(office, keyring)
    assert "A PIN is set" in card.says.text()
    lock(office)
    page = office.window.unlock_page
    assert page.focusWidget() is page.pin.edit
    assert not page.field.isVisible()
    type_pin(office, PIN)
    assert office.window.shell is not None
    assert office.shell.place()["key"] == "settings", "where the person was before"
    assert office.shell.bar.pin.isVisible()
    office.settle()


def test_the_password_is_the_other_way_and_another_name_is_asked_for_theirs(
    office: Office, keyring: KeyringOnTheDesk
) -> None:
    set_pin(office, keyring)
    lock(office)
    page = office.window.unlock_page
    office.choose("dana")
    assert page.field.isVisible()
    assert not page.pin_field.isVisible()
    office.choose("tom")
    assert page.pin_field.isVisible()
    page.instead.click()
    assert page.focusWidget() is page.password.edit
    assert not page.pin_field.isVisible()
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert not office.shell.bar.pin.isVisible()
    assert office.door.pin_offered() is not None, "the same person's PIN stays"


def test_five_wrong_ones_leave_the_password(office: Office, keyring: KeyringOnTheDesk) -> None:
    set_pin(office, keyring)
    lock(office)
    page = office.window.unlock_page
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        type_pin(office, "999333")
        assert left in page.pin_field.says()
        assert page.focusWidget() is page.pin.edit
    type_pin(office, "999333")
    assert not page.pin_field.isVisible()
    assert "wrong five times" in page.field.says()
    assert page.focusWidget() is page.password.edit
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert "pin.failed" in [one.action for one in office.workspace.log.entries(8)]


def test_what_needs_the_password_says_so_and_it_is_typed_at_the_top(
    office: Office, keyring: KeyringOnTheDesk
) -> None:
    set_pin(office, keyring)
    lock(office)
    type_pin(office, PIN)
    office.shell.go("settings", "keys")
    office.settle()
    section = office.shell.page.section("keys")  # type: ignore[union-attr]  # SettingsPage
    section.change.click()  # type: ignore[union-attr]  # KeysSection
    [sheet] = [one for one in section.children() if hasattr(one, "deed")]  # type: ignore[union-attr]
    sheet.deed.click()  # type: ignore[attr-defined]  # KeySheet
    office.settle()
    assert "opened with the PIN" in shown_text(sheet)  # type: ignore[arg-type]  # a sheet
    sheet.reject()  # type: ignore[attr-defined]  # KeySheet
    office.shell.bar.pin.click()
    [again] = office.shell.findChildren(PasswordAgainSheet)
    again.password.edit.setText("not the password at all")
    again.deed.click()
    office.settle()
    assert "not the password" in again.frames["password"].says()
    again.password.edit.setText(PASSWORD)
    again.deed.click()
    office.settle()
    assert not office.shell.bar.pin.isVisible()
    assert not office.workspace.pin.entered


@pytest.mark.parametrize("how", ["locked", "sleep", "another user", "woken"])
def test_the_computers_lock_sleep_and_another_user_end_it(
    office: Office, keyring: KeyringOnTheDesk, how: str
) -> None:
    set_pin(office, keyring)
    watch = office.window.findChild(QObject, "sessionWatch")
    assert isinstance(watch, SessionWatch)
    if how == "locked":
        watch.session_locked()
    elif how == "sleep":
        watch.going_away(True)
    elif how == "another user":
        watch.session_changed("org.freedesktop.login1.Session", {"Active": False}, [])
    else:  # nobody told; the wall clock ran on while the program stood still
        office.window.idle._looked = (
            office.school.clock.monotonic(), office.school.clock.now() - timedelta(hours=1)
        )  # fmt: skip
        office.window.idle.look()
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert office.door.pin_offered() is None
    page = office.window.unlock_page
    assert page.field.isVisible()
    assert not page.pin_field.isVisible()


def test_fifteen_minutes_lock_and_the_pin_opens(office: Office, keyring: KeyringOnTheDesk) -> None:
    set_pin(office, keyring)
    office.school.clock.advance(timedelta(minutes=15))
    office.window.idle.look()
    office.until(lambda: office.window.shell is None)
    office.settle()
    type_pin(office, PIN)
    assert office.window.shell is not None
    office.settle()


def test_without_a_keyring_one_line_says_why_there_is_none(
    office: Office, keyring: KeyringOnTheDesk
) -> None:
    keyring.outcome = KeyringOutcome.NO_KEYRING_HERE
    office.sign_in("tom")
    card = card_of(office)
    assert card.says.text().startswith("No PIN here: this computer has no keyring.")
    assert not card.set.isVisible()
    assert not card.about.isVisible()


def test_it_is_removed(office: Office, keyring: KeyringOnTheDesk) -> None:
    card = set_pin(office, keyring)
    card.remove.click()
    office.settle()
    assert "No PIN is set" in card.says.text()
    lock(office)
    assert office.window.unlock_page.field.isVisible()


def test_what_is_no_pin_is_said_beside_its_line(office: Office, keyring: KeyringOnTheDesk) -> None:
    office.sign_in("tom")
    ComputerService(office.workspace._context, office.workspace.held, keyring).look()
    card = card_of(office)
    card.set.click()
    [sheet] = card.findChildren(PinSheet)
    sheet.pin.edit.setText(PIN)
    sheet.deed.click()
    assert "not the same" in sheet.frames["twice"].says()
    sheet.twice.edit.setText(PIN)
    sheet.deed.click()
    assert "Type your password" in sheet.frames["password"].says()
    for line in (sheet.pin, sheet.twice):
        line.edit.setText("123456")
    sheet.password.edit.setText(PASSWORD)
    sheet.deed.click()
    office.settle()
    assert "six digits" in sheet.frames["pin"].says()
    sheet.reject()
