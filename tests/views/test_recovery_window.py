"""The recovery sheet in the window: looked for once a year, not found, replaced; or given up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.permissions import Role
from bt_desktop.views.home import HomePage
from bt_desktop.views.manual import ManualWindow
from bt_desktop.views.manual_pages import Spot
from bt_desktop.views.recovery_sheets import FindSheet, NewKeySheet, ReplaceSheet
from bt_desktop.views.settings_keys import KeysSection
from bt_desktop.views.settings_recovery import RecoveryCard
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, terms
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(qtbot, school, tmp_path_factory.mktemp("settings"))


def section_of(office: Office) -> KeysSection:
    office.shell.go("settings", "keys")
    office.settle()
    found = office.shell.page.section("keys")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, KeysSection)
    return found


def card_of(office: Office) -> RecoveryCard:
    return section_of(office).recovery


def asking(office: Office, why: str = "lost") -> ReplaceSheet:
    card = card_of(office)
    card.replace.click()
    [sheet] = card.findChildren(ReplaceSheet)
    sheet.why.setCurrentIndex(sheet.why.findData(why))
    sheet.password.edit.setText(PASSWORD)
    return sheet


def new_key(office: Office, why: str = "lost") -> NewKeySheet:
    sheet = asking(office, why)
    sheet.deed.click()
    office.settle()
    [new] = card_of(office).findChildren(NewKeySheet)
    return new


def printed(sheet: NewKeySheet) -> str:
    return sheet._made.recovery_key


def type_groups(sheet: NewKeySheet) -> None:
    groups = printed(sheet).split("-")
    for line, number in zip(sheet.confirm.lines, sheet._made.asked, strict=True):
        line.setText(groups[number - 1])


def test_a_lost_sheet_is_replaced_and_the_key_is_owed(office: Office, school: School) -> None:
    maria = school.sign_in("maria")
    active_order(maria, terms(school.ids["mateo"]))
    maria.lock()
    office.sign_in("tom")
    sheet = new_key(office)
    new = printed(sheet)
    for group in new.split("-"):
        assert group in shown_text(sheet)
    sheet.deed.click()
    assert sheet.asks
    assert new.split("-")[0] not in shown_text(sheet)
    sheet.deed.click()
    assert "Six letters" in sheet.confirm.frames[0].says()
    for line in sheet.confirm.lines:
        line.setText("AAAAAA")
    sheet.deed.click()
    office.settle()
    assert "do not match" in sheet.confirm.frames[-1].says()
    assert school.opens_with(school.recovery_key)
    sheet.back.click()
    assert new.split("-")[0] in shown_text(sheet)
    sheet.deed.click()
    type_groups(sheet)
    sheet.deed.click()
    office.settle()
    section = section_of(office)
    assert "the old one opens these records no more" in shown_text(section.recovery)
    assert "change the key of the records, above" in shown_text(section.recovery)
    assert section.pill.isVisible()
    assert "recovery sheet was lost" in section.why.text()
    assert not section.recovery.health.isVisible()
    assert school.opens_with(new)
    assert not school.opens_with(school.recovery_key)
    assert "recovery.replaced" in [one.action for one in office.workspace.log.entries(5)]


def test_cancel_at_either_step_leaves_the_old_sheet(office: Office, school: School) -> None:
    office.sign_in("tom")
    before = KeyFileStore(school.folder).peek().recovery
    for steps in (0, 1):
        sheet = new_key(office)
        for _ in range(steps):
            sheet.deed.click()
        sheet.reject()
        office.settle()
        assert KeyFileStore(school.folder).peek().recovery == before
    assert school.opens_with(school.recovery_key)
    assert office.workspace.key_change.standing().owed is None
    assert "holds from now on" not in shown_text(card_of(office))


def test_locking_while_the_new_key_is_shown_leaves_the_old_sheet(
    office: Office, school: School
) -> None:
    office.sign_in("tom")
    new_key(office)
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert school.opens_with(school.recovery_key)
    office.sign_in("tom")
    assert office.workspace.log.verify().holds


def test_what_is_missing_is_said_and_a_wrong_password_beside_whose_it_was(
    office: Office, school: School
) -> None:
    office.sign_in("tom")
    office.workspace.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    sheet = asking(office)
    sheet.why.setCurrentIndex(0)
    sheet.password.edit.setText("")
    sheet.deed.click()
    assert sheet.frames["why"].says()
    sheet.why.setCurrentIndex(1)
    sheet.deed.click()
    assert sheet.frames["password"].says()
    sheet.password.edit.setText("not the password of Tom")
    sheet.deed.click()
    assert "Choose who agrees" in sheet.frames["second"].says()
    sheet.second.setCurrentIndex(1)
    sheet.deed.click()
    assert sheet.frames["second_password"].says()
    sheet.theirs.edit.setText(PASSWORD)
    sheet.deed.click()
    office.settle()
    assert "not the password" in sheet.frames["password"].says()
    sheet.password.edit.setText(PASSWORD)
    sheet.theirs.edit.setText("not the password of Priya")
    sheet.deed.click()
    office.settle()
    assert "not the password" in sheet.frames["second_password"].says()
    assert not sheet.frames["password"].says()
    sheet.password.edit.setText(PASSWORD)
    sheet.theirs.edit.setText(PASSWORD)
    sheet.deed.click()
    office.settle()
    [new] = card_of(office).findChildren(NewKeySheet)
    new.deed.click()
    type_groups(new)
    new.deed.click()
    office.settle()
    agreed = [one.object for one in office.workspace.log.entries(9) if "agreed" in one.action]
    assert agreed == [f"user:{school.users['priya']}"]


def test_a_year_later_home_asks_for_it_and_it_is_found(office: Office, school: School) -> None:
    office.sign_in("tom")
    home = office.shell.page
    assert isinstance(home, HomePage)
    assert not home.sheet.isVisible()
    school.clock.advance(timedelta(days=366))
    office.shell.go("settings")
    office.shell.go("home")
    office.settle()
    assert "recovery sheet still be found" in shown_text(home.sheet)
    home.sheet.go.click()
    office.settle()
    card = card_of(office)
    assert card.pill.isVisible()
    card.look.click()
    [sheet] = card.findChildren(FindSheet)
    sheet.deed.click()
    assert sheet.frames["key"].says()
    sheet.line.setText(school.recovery_key[:-1])
    sheet.deed.click()
    office.settle()
    assert "36 letters" in sheet.frames["key"].says()
    sheet.line.setText(school.recovery_key)
    sheet.deed.click()
    office.settle()
    assert "opens these records" in shown_text(card)
    assert not card.pill.isVisible()
    assert "in their hands on Nov 13, 2027" in card.since.text()
    office.shell.go("home")
    office.settle()
    assert not home.sheet.isVisible()


def test_the_manual_opens_at_the_recovery_sheet(office: Office) -> None:
    office.sign_in("tom")
    sheet = asking(office)
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    office.settle()
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, ManualWindow)]
    [manual] = [one for one in shown if one.isVisible()]
    assert manual._at == Spot("administrator", "The recovery sheet")
    manual.close()


def test_not_found_leads_to_another(office: Office, school: School) -> None:
    office.sign_in("tom")
    card = card_of(office)
    card.look.click()
    [sheet] = card.findChildren(FindSheet)
    sheet.line.setText("ABC")
    sheet.lost.click()
    office.settle()
    assert card.findChildren(ReplaceSheet)


def test_nobody_else_is_asked_for_it(office: Office, school: School) -> None:
    school.clock.advance(timedelta(days=366))
    office.sign_in("olga")
    home = office.shell.page
    assert isinstance(home, HomePage)
    assert not home.sheet.isVisible()
