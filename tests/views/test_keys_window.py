"""The key of the records in the window: owed, changed, with a closed account, by two."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.permissions import Role
from bt_desktop.views.accounts import AccountsSection
from bt_desktop.views.home import HomePage
from bt_desktop.views.key_sheet import CloseAccountSheet, KeySheet
from bt_desktop.views.settings_keys import KeysSection
from tests.factory import PASSWORD, School
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def keys_of(office: Office) -> KeysSection:
    office.shell.go("settings", "keys")
    office.settle()
    found = office.shell.page.section("keys")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, KeysSection)
    return found


def accounts_of(office: Office) -> AccountsSection:
    office.shell.go("settings", "accounts")
    office.settle()
    found = office.shell.page.section("accounts")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, AccountsSection)
    return found


def generation(office: Office) -> int:
    return KeyFileStore(office.school.folder).peek().generation


def close_sheet(office: Office, who: str) -> CloseAccountSheet:
    section = accounts_of(office)
    account = next(
        one for one in office.workspace.accounts.list() if one.user_id == office.school.users[who]
    )
    section._close(account)
    office.settle()
    [sheet] = section.findChildren(CloseAccountSheet)
    return sheet


def test_a_leavers_account_is_closed_and_the_key_changed_with_it(office: Office) -> None:
    office.sign_in("tom")
    sheet = close_sheet(office, "dana")
    assert not sheet.frames["second"].isVisible(), "there is one administrator only"
    sheet.deed.click()
    office.settle()
    assert generation(office) == 2
    said = shown_text(accounts_of(office))
    assert "The account is closed. The key is changed." in said
    assert office.workspace.people.search("mateo"), "the same sign-in goes on"


def test_closed_alone_the_change_is_owed_and_home_says_so_until_it_is_done(
    office: Office,
) -> None:
    office.sign_in("tom")
    sheet = close_sheet(office, "dana")
    sheet.only.click()
    office.settle()
    assert generation(office) == 1
    assert "still to be changed" in shown_text(accounts_of(office))
    office.shell.go("home")
    office.settle()
    assert "An account was closed" in shown_text(office.shell)
    home = office.shell.page
    assert isinstance(home, HomePage)
    assert home.right.indexOf(home.keys) == 0, "first on the right, before what can be started"
    assert "An account was closed" not in shown_text(home.finish)
    office.window.resize(760, 800)
    office.settle()
    assert home.left.indexOf(home.keys) == 0, "in a narrow window first of all"
    home.keys.go.click()
    office.settle()
    section = keys_of(office)
    assert section.pill.isVisible()
    assert "owed since" in section.since.text()
    section.change.click()
    [keys] = section.findChildren(KeySheet)
    keys.deed.click()
    office.settle()
    assert generation(office) == 2
    assert not section.pill.isVisible()
    assert "same password" in shown_text(section)
    office.shell.go("home")
    office.settle()
    assert "An account was closed" not in shown_text(office.shell)


def test_a_second_administrator_agrees_with_their_own_password(
    office: Office, school: School
) -> None:
    office.sign_in("tom")
    office.workspace.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    section = keys_of(office)
    section.change.click()
    [sheet] = section.findChildren(KeySheet)
    sheet.deed.click()
    assert "Choose who agrees" in sheet.frames["second"].says()
    sheet.second.setCurrentIndex(1)
    sheet.deed.click()
    assert sheet.frames["password"].says()
    sheet.password.edit.setText("not the password of Priya")
    sheet.deed.click()
    office.settle()
    assert "not the password" in sheet.frames["password"].says()
    assert generation(office) == 1
    sheet.password.edit.setText(PASSWORD)
    sheet.deed.click()
    office.settle()
    assert generation(office) == 2


def test_cancel_stops_it_while_the_backup_is_made(office: Office) -> None:
    office.sign_in("tom")
    section = keys_of(office)
    section.change.click()
    [sheet] = section.findChildren(KeySheet)
    sheet.deed.click()
    sheet.reject()
    office.settle()
    assert sheet.isVisible(), "it is still asked"
    assert "canceled" in shown_text(sheet)
    assert generation(office) == 1
    sheet.reject()


def test_locking_stops_it_and_the_records_lock(office: Office) -> None:
    office.sign_in("tom")
    section = keys_of(office)
    section.change.click()
    [sheet] = section.findChildren(KeySheet)
    sheet.deed.click()
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert KeyFileStore(office.school.folder).peek().state == "stable"
    office.sign_in("tom")
    assert office.workspace.log.verify().holds


def test_who_may_not_change_it_is_not_shown_it(office: Office) -> None:
    office.sign_in("olga")
    office.shell.go("settings")
    office.settle()
    assert "Key of the records" not in shown_text(office.shell)
