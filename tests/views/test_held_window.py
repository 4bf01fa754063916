"""Records that may only be read, in the window: the red page, the banner, the ways out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.models.store import connect
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services import closed
from bt_desktop.services.results.people import NewStudent
from bt_desktop.views.held_page import HeldPage, KnownSheet
from bt_desktop.views.restore_sheet import RestoreSheet
from tests.factory import PASSWORD, School, signed_report
from tests.views.shell_kit import Office


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


@pytest.fixture
def old(school: School, tmp_path: Path) -> str:
    """A signed report; then a student was entered and a backup made, and all that is undone by
    yesterday's database. Returns the record."""
    record = signed_report(school)
    school.close()
    shutil.copy(school.folder / DATABASE_NAME, tmp_path / "yesterday.db")
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Lost", "Sinceyesterday"))
    tom.backups.make()
    school.close()
    shutil.copy(tmp_path / "yesterday.db", school.folder / DATABASE_NAME)
    return record


def held_page(office: Office) -> HeldPage:
    page = office.shell.page
    assert isinstance(page, HeldPage)
    office.settle()
    return page


def dialog(kind: Any) -> Any:
    [found] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
    return found


def test_what_happened_is_said_and_stays_above_every_page(office: Office, old: str) -> None:
    office.sign_in("tom")
    held_page(office)
    said = office.all_text()
    assert "can only be read now" in said
    assert "missing here" in said
    assert "notes beside the records (anchors.log), today 3:30 pm" in said
    assert "more than what lies here" in said
    assert not office.shell.bar.new.isEnabled()
    office.shell.go("records")
    office.settle()
    assert office.shell.held_banner.isVisible()
    office.shell.open_record(old)
    office.settle()
    assert "BER-2026-0001" in office.all_text()
    assert office.shell.held_banner.isVisible()
    office.shell.held_banner.button.click()
    held_page(office)


def test_every_place_can_be_gone_to(office: Office, old: str) -> None:
    office.sign_in("maria")
    for place in ("home", "records", "students", "deadlines", "health", "settings", "notices"):
        office.shell.go(place)
        office.settle()
        assert "fault of the program" not in office.all_text(), place
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    assert "Núñez-Okafor" in office.all_text()
    office.shell.open_card(office.school.ids["mateo"])
    office.settle()
    assert "fault of the program" not in office.all_text()
    titles = [one.windowTitle() for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert "Something went wrong" not in titles


def test_an_administrator_says_that_it_is_known(office: Office, old: str) -> None:
    office.sign_in("tom")
    page = held_page(office)
    page.accept[0].click()
    sheet = dialog(KnownSheet)
    sheet.save()
    assert sheet.frames["reason"].says()
    sheet.reason.setPlainText("The disk was replaced on Monday.")
    sheet.password.edit.setText("not my password")
    sheet.save()
    office.until(lambda: "password" in sheet.frames["password"].says().lower())
    sheet.password.edit.setText(PASSWORD)
    sheet.save()
    office.until(lambda: office.window.workspace is None)
    office.settle()
    office.sign_in("tom")
    assert office.shell.held_banner.isHidden()
    assert office.workspace.records.start()


def test_others_are_told_to_fetch_one(office: Office, old: str) -> None:
    office.sign_in("dana")
    page = held_page(office)
    assert not page.accept[0].isVisible()
    assert "An administrator decides this" in office.all_text()


def test_a_backup_is_put_back_from_there(office: Office, old: str, school: School) -> None:
    office.sign_in("tom")
    held_page(office).back[0].click()
    office.until(lambda: office.window.workspace is None)
    office.settle()
    sheet = dialog(RestoreSheet)
    office.settle()
    sheet.who.setCurrentIndex(sheet.who.findData(school.users["tom"]))
    sheet.password.edit.setText(PASSWORD)
    sheet.save()
    office.until(lambda: "as they were" in office.window.unlock_page.note.text())
    office.sign_in("tom")
    assert office.shell.held_banner.isHidden()
    assert office.workspace.people.search("sinceyesterday")


def test_what_the_stick_tells_a_little_later_holds_them_too(
    office: Office, school: School, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    tom = school.sign_in("tom")
    tom.backups.set_second(stick)
    school.close()
    shutil.copytree(school.folder, tmp_path / "yesterday")
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Lost", "Sinceyesterday"))
    tom.backups.make()
    tom.backups.copy_to_second()
    school.close()
    shutil.rmtree(school.folder)
    shutil.copytree(tmp_path / "yesterday", school.folder)
    office.sign_in("tom")
    office.until(office.shell.held_banner.isVisible)
    held_page(office)
    assert "the notes at the second place" in office.all_text()


def test_the_weeks_check_says_nothing_where_all_is_well(office: Office) -> None:
    office.sign_in("dana")
    assert office.workspace.log.week_due()
    upkeep: Any = office.window._upkeep
    upkeep._timer.timeout.emit()  # the patience is over
    office.settle()
    assert not office.workspace.log.week_due()
    assert office.shell.held_banner.isHidden()
    assert office.shell.banner.text() == ""
    assert office.shell.foot.work.isHidden()


def test_how_far_it_is_stands_in_the_foot_and_it_can_be_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bt_desktop.security.audit.STEP", 1)
    office.sign_in("dana")
    work, upkeep = office.shell.foot.work, office.window._upkeep
    assert upkeep is not None
    real = office.workspace.log.verify_week

    def stopped(progress: Any) -> Any:
        progress.begin(200)
        progress.done = 84
        work._progress = progress
        progress.cancel()
        return real(progress)

    monkeypatch.setattr(office.workspace.log, "verify_week", stopped)
    upkeep.work()
    assert work._progress is not None
    work._progress.begin(200)
    work._progress.done = 84
    work.look()
    assert work.words.text() == "Checking the records: 42 %"
    work.stop.click()
    office.settle()
    assert work.isHidden()
    assert office.workspace.log.week_due(), "another time"
    assert office.shell.banner.text() == ""


def test_a_file_that_was_changed_while_it_was_closed_is_told_on_the_red_page(
    office: Office, school: School
) -> None:
    tom = school.sign_in("tom")
    key = bytearray(tom._context.keys.database_key)
    school.close()
    connection = connect(school.folder / DATABASE_NAME, key)
    connection.execute("UPDATE student SET custody_alert = 'none'")
    connection.close()
    office.sign_in("dana")
    held_page(office)
    assert "not the one that was closed after entry" in office.all_text()
    assert office.shell.held_banner.isVisible()


def test_the_weeks_check_that_finds_something_turns_the_page_red(
    office: Office, school: School
) -> None:
    signed_report(school)
    tom = school.sign_in("tom")
    key = bytearray(tom._context.keys.database_key)
    school.close()
    connection = connect(school.folder / DATABASE_NAME, key)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE revision SET signer_user = 'somebody'")
    connection.close()
    (school.folder / closed.FILE_NAME).unlink()  # as after a kill: else the sign-in tells
    office.sign_in("dana")
    upkeep = office.window._upkeep
    assert upkeep is not None
    upkeep.work()
    office.until(office.shell.held_banner.isVisible)
    held_page(office)
    assert "do not agree at entry" in office.all_text()
