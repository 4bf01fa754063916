"""Settings: the school, holds, accounts, activity, look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.views.accounts import AccountSheet, PasswordSheet
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.key_sheet import CloseAccountSheet
from tests.factory import PASSWORD, School, ink
from tests.first_aid import begun_staff_injury
from tests.views.shell_kit import Office, shown_text

WORDS = "nine copper kettles on the lawn"


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def section(office: Office, key: str) -> Any:
    office.shell.go("settings", key)
    office.settle()
    return office.shell.page.section(key)  # type: ignore[union-attr]  # SettingsPage


def sheet(kind: type[Any]) -> Any:
    for window in QApplication.topLevelWidgets():
        if isinstance(window, kind) and window.isVisible():
            return window
    raise AssertionError(kind.__name__)


def test_the_school_is_changed(office: Office) -> None:
    office.sign_in("tom")
    school = section(office, "school")
    school.phone.setText("(555) 010-0199")
    school.keep()
    office.until(lambda: "Saved" in school.banner.text())
    assert office.workspace.school.get().phone == "(555) 010-0199"
    assert office.workspace.school.get().pack == "us-ca"


def test_a_technician_is_told_that_the_role_does_not_allow_it(office: Office) -> None:
    office.sign_in("dana")
    school = section(office, "school")
    school.phone.setText("1")
    school.keep()
    office.until(lambda: "role does not allow" in school.banner.text())


def test_the_list_of_holds_is_edited(office: Office) -> None:
    office.sign_in("tom")
    holds = section(office, "holds")
    holds.add()
    holds.list.currentItem().setText("Two-person stability hold")
    holds.add()
    holds.list.currentItem().setText("Elbow check")
    holds.move_by(-1)
    holds.keep()
    office.until(lambda: "Saved" in holds.banner.text())
    labels = [label for _, label in office.workspace.school.hold_names()]
    assert labels == ["Elbow check", "Two-person stability hold"]
    name = office.workspace.school.hold_names()[0][0]
    office.settle()
    holds.list.item(0).setText("Elbow check (new edition)")
    holds.keep()
    office.settle()
    assert office.workspace.school.hold_names()[0] == (name, "Elbow check (new edition)")


def test_a_second_administrator_is_added_and_can_sign_in(office: Office) -> None:
    office.sign_in("tom")
    accounts = section(office, "accounts")
    assert "one administrator only" in shown_text(accounts)
    accounts.add_account()
    office.settle()
    form = sheet(AccountSheet)
    form.given.setText("Ada")
    form.family.setText("Lindqvist")
    form.role.setCurrentIndex(form.role.findData("administrator"))
    form.password.first.setText(WORDS)
    form.password.again.setText(WORDS)
    form.save()
    office.until(lambda: "Ada Lindqvist" in shown_text(accounts))
    office.settle()
    assert "one administrator only" not in shown_text(accounts)
    ids = {a.name: a.user_id for a in office.workspace.accounts.list()}
    office.school.users["ada"] = ids["Ada Lindqvist"]
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    office.choose("ada")
    office.type_password(WORDS)
    office.until(lambda: office.window.shell is not None)
    office.settle()


def test_an_account_is_closed_after_asking(office: Office) -> None:
    office.sign_in("tom")
    accounts = section(office, "accounts")
    dana = next(a for a in office.workspace.accounts.list() if a.name == "Dana Whitcomb")

    def asked() -> CloseAccountSheet:
        accounts._close(dana)
        office.settle()
        return accounts.findChildren(CloseAccountSheet)[-1]

    asked().reject()
    assert dana.user_id in {a.user_id for a in office.workspace.accounts.list() if a.active}
    asked().only.click()
    office.until(lambda: "The account is closed" in shown_text(accounts))
    office.settle()


def test_ones_own_password_is_changed(office: Office) -> None:
    office.sign_in("dana")
    accounts = section(office, "accounts")
    assert not accounts.add.isVisible()
    accounts._change_own()
    form = sheet(PasswordSheet)
    form.old.setText("wrong")
    form.password.first.setText(WORDS)
    form.password.again.setText(WORDS)
    form.save()
    office.until(lambda: bool(form.banner.text()))
    form.old.setText(PASSWORD)
    form.save()
    office.until(lambda: "Done" in accounts.banner.text())
    office.workspace.reauthenticate(WORDS)


def test_the_activity_is_listed_and_its_chain_checked(office: Office) -> None:
    office.sign_in("tom")
    log = section(office, "log")
    assert log.model.rowCount() > 3
    assert "sign in" in str(log.model.index(0, 3).data())
    log.check()
    office.until(lambda: "whole and in its place" in log.banner.text())


def test_checking_the_activity_can_be_canceled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bt_desktop.security.audit.STEP", 1)
    office.sign_in("tom")
    log = section(office, "log")
    before = office.window.workspace.log.head()
    log.check()
    log.waiting.cancel.click()
    office.until(lambda: "canceled" in log.banner.text())
    assert log.verify.isEnabled()
    assert log.waiting.isHidden()
    assert office.window.workspace.log.head() == before, "nothing is told of half a check"


def test_the_activity_says_what_does_not_fit(office: Office, school: School) -> None:
    office.sign_in("tom")
    log = section(office, "log")
    with (school.folder / "records.db").open("r+b") as file:
        file.seek(100 * 4096 + 1000)  # whether anybody reads it now, or not
        file.write(bytes(8))
    log.check()
    office.until(lambda: bool(log.banner.text()))
    assert "damaged" in log.banner.text()
    assert log.verify.isEnabled()


def test_the_look_is_changed_at_once_and_remembered(office: Office) -> None:
    office.sign_in("dana")
    computer = section(office, "computer")
    computer.modes["dark"].click()
    computer.scales["150"].click()
    assert office.theme.is_dark
    assert office.theme.scale == 150
    assert (office.prefs.mode, office.prefs.scale) == ("dark", 150)


def test_the_schools_certificate_is_saved_for_whoever_checks_copies(
    office: Office, tmp_path: Path
) -> None:
    office.sign_in("tom")
    school = section(office, "school")
    answer_next(tmp_path / "school-ca.pem")
    school.certificate.click()
    office.until(lambda: "certificate is saved" in school.banner.text())
    assert (tmp_path / "school-ca.pem").read_bytes() == office.workspace.copies.school_ca_pem()


def test_the_log_of_violent_incidents_is_read_printed_and_saved(
    office: Office, school: School, tmp_path: Path
) -> None:
    writer = school.sign_in("dana")
    record = begun_staff_injury(school, writer)
    writer.records.sign_part(record, "report", PASSWORD, ink())
    writer.lock()
    office.sign_in("tom")
    log = section(office, "violence")
    office.until(lambda: log.model.rowCount() == 1)
    assert "A student bit an employee" in log.detail_words.text()
    assert "Dana" not in shown_text(log)
    answer_next(tmp_path / "log.csv")
    log.save_table()
    office.until(lambda: "saved" in log.banner.text())
    assert "A student bit" in (tmp_path / "log.csv").read_text("utf-8-sig")
    log.print_log()
    office.until(lambda: type(office.shell.page).__name__ == "PdfPreview")
    office.shell.page.back.emit()  # type: ignore[union-attr]  # PdfPreview
    office.until(lambda: type(office.shell.page).__name__ == "SettingsPage")


def test_only_who_may_read_the_log_is_offered_it(office: Office) -> None:
    office.sign_in("dana")
    office.shell.go("settings")
    assert "violence" not in office.shell.page._made  # type: ignore[union-attr]  # SettingsPage
