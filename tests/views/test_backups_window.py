"""Backups in the window: by themselves, by hand, to a second place, when leaving, and put back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services.backups import FOLDER, Backup, listed
from bt_desktop.services.results.people import NewStudent
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.restore_sheet import RestoreSheet
from bt_desktop.views.settings_backups import BackupsSection
from tests.factory import PASSWORD, School
from tests.views.shell_kit import Office


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def there(office: Office) -> tuple[Backup, ...]:
    return listed(office.school.folder / FOLDER)


def section(office: Office) -> BackupsSection:
    office.shell.go("settings", "backups")
    office.settle()
    made = office.shell.page.section("backups")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(made, BackupsSection)
    return made


def test_the_days_backup_is_made_by_itself_for_anybody(office: Office) -> None:
    office.sign_in("dana")
    assert there(office) == ()
    watch: Any = office.window._backups
    watch._timer.timeout.emit()  # the minute is over
    office.settle()
    assert [one.kind for one in there(office)] == ["daily"]
    watch.daily()
    office.settle()
    assert len(there(office)) == 1


def test_a_backup_that_cannot_be_made_is_said_and_keeps_nobody_from_working(
    office: Office,
) -> None:
    office.sign_in("dana")
    (office.school.folder / FOLDER).write_text("in the way", "ascii")
    watch: Any = office.window._backups
    said: list[str] = []
    watch.failed.connect(said.append)
    watch.daily()
    office.settle()
    assert said
    assert "backup could not be made" in office.all_text()


def test_one_by_hand_checked_and_copied_to_a_second_place(office: Office, tmp_path: Path) -> None:
    office.sign_in("tom")
    page = section(office)
    assert page.empty.isVisible()
    page.make.click()
    office.settle()
    assert "made and checked" in page.banner.text()
    assert page.model.rowCount() == 1
    page.check.click()
    office.settle()
    assert "whole and unchanged" in page.banner.text()
    stick = tmp_path / "stick"
    stick.mkdir()
    answer_next(stick)
    page.choose.click()
    office.settle()
    assert "Never used yet" in page.place.text()
    page.copy.click()
    office.settle()
    assert "Copied, and checked there" in page.banner.text()
    assert [one.name for one in listed(stick)] == [one.name for one in there(office)]
    shutil.rmtree(stick)
    page.copy.click()
    office.settle()
    assert "Connect the drive" in page.banner.text()


def test_the_newest_is_tried_out_and_home_tells_where_it_fails(office: Office) -> None:
    office.sign_in("tom")
    page = section(office)
    page.make.click()
    office.settle()
    assert "Not tried out yet" in page.tried.text()
    page.try_out.click()
    office.settle()
    assert "opened whole" in page.banner.text()
    assert "0 records opened" in page.tried.text()
    [made] = there(office)
    with (made.folder / DATABASE_NAME).open("r+b") as file:
        file.seek(5000)
        file.write(b"???")
    page.try_out.click()
    office.settle()
    assert "could not be opened whole" in page.tried.text()
    office.shell.go("home")
    office.settle()
    home: Any = office.shell.page
    assert home.backups.isVisible()
    assert "tried out and could not be opened" in office.all_text()
    home.backups.go.click()
    office.settle()
    assert page.isVisible()


def test_once_a_month_it_is_tried_out_by_itself(office: Office) -> None:
    office.sign_in("dana")
    office.workspace.backups.daily()
    upkeep: Any = office.window._upkeep
    upkeep.work()
    office.until(lambda: office.workspace.drill.last() is not None)
    office.settle()
    trial = office.workspace.drill.last()
    assert trial is not None
    assert trial.good
    assert office.shell.banner.text() == ""


def test_a_damaged_one_is_said_to_be(office: Office) -> None:
    office.sign_in("tom")
    page = section(office)
    page.make.click()
    office.settle()
    [made] = there(office)
    with (made.folder / DATABASE_NAME).open("r+b") as file:
        file.seek(5000)
        file.write(b"???")
    page.check.click()
    office.settle()
    assert "not whole" in page.banner.text()
    (made.folder / "backup.json").unlink()
    page.load()
    office.settle()
    assert page.model.index(0, 3).data() == "Damaged: cannot be used"


def test_a_technician_sees_them_and_makes_none(office: Office) -> None:
    office.sign_in("dana")
    page = section(office)
    assert not page.make.isVisible()
    assert not page.choose.isVisible()


def test_leaving_makes_one_more_where_something_was_written(office: Office) -> None:
    office.sign_in("tom")
    office.workspace.people.add_student(NewStudent("Ada", "Okoro"))
    office.window.close()
    office.until(lambda: not office.window.isVisible())
    assert [one.kind for one in there(office)] == ["exit"]
    assert office.window.workspace is None


def test_leaving_without_it_leaves_nothing_behind(office: Office) -> None:
    office.sign_in("tom")
    watch: Any = office.window._backups
    real = watch.leaving

    def canceled_at_once(over: Any) -> Any:
        progress = real(over)
        progress.cancel()
        return progress

    watch.leaving = canceled_at_once
    office.window.close()
    office.until(lambda: not office.window.isVisible())
    assert there(office) == ()


def restore_sheet(office: Office) -> RestoreSheet:
    office.window.unlock_page.put_back.click()
    [sheet] = [one for one in QApplication.topLevelWidgets() if isinstance(one, RestoreSheet)]
    office.settle()
    return sheet


def test_a_backup_is_put_back_from_the_page_where_one_signs_in(
    office: Office, school: School
) -> None:
    office.sign_in("tom")
    office.workspace.backups.make()
    office.workspace.people.add_student(NewStudent("Lost", "Withthedisk"))
    office.window.lock()
    office.until(lambda: office.window.workspace is None)
    office.settle()
    sheet = restore_sheet(office)
    assert sheet.which.count() == 2
    sheet.save()
    assert sheet.frames["password"].says()
    sheet.who.setCurrentIndex(sheet.who.findData(school.users["tom"]))
    sheet.password.edit.setText("not the password of that time")
    sheet.save()
    office.until(lambda: "password" in sheet.frames["password"].says().lower())
    sheet.password.edit.setText(PASSWORD)
    sheet.save()
    office.until(lambda: "as they were" in office.window.unlock_page.note.text())
    office.sign_in("tom")
    assert office.workspace.people.search("withthedisk") == ()


def test_where_the_records_cannot_be_opened_the_way_to_a_backup_is_offered(
    office: Office, school: School
) -> None:
    tom = school.sign_in("tom")
    tom.backups.make()
    tom.lock()
    for path in school.folder.glob("vault.keys.json*"):
        path.write_bytes(b"{")
    office.window.begin()
    office.until(office.window.unlock_page.trouble.isVisible)
    office.window.unlock_page.trouble_back.click()
    office.settle()
    [sheet] = [one for one in QApplication.topLevelWidgets() if isinstance(one, RestoreSheet)]
    sheet.who.setCurrentIndex(sheet.who.findData(school.users["tom"]))
    sheet.password.edit.setText(PASSWORD)
    sheet.save()
    office.until(office.window.unlock_page.card.isVisible)
    office.settle()
    office.sign_in("maria")
    assert office.workspace.people.search("mateo")


def test_a_folder_without_a_backup_is_said_beside_the_field(office: Office, tmp_path: Path) -> None:
    office.open_door()
    sheet = restore_sheet(office)
    answer_next(tmp_path)
    sheet.which.setCurrentIndex(sheet.which.findData("elsewhere"))
    office.settle()
    assert "no backup" in sheet.frames["which"].says()
