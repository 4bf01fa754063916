"""Scenes of backups: those that are there, the second place, putting one back, leaving."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from bt_desktop.services.backups import FOLDER, listed
from bt_desktop.services.work_progress import Progress
from bt_desktop.views.leaving import LeavingPage
from bt_desktop.views.restore_sheet import RestoreSheet

if TYPE_CHECKING:
    from tools.screens import Stage


def _leaving(stage: Stage) -> LeavingPage:
    """The page while the last backup of the day is made."""
    page, progress = LeavingPage(stage.desk), Progress()
    progress.begin(100)
    progress.step(62)
    page.follow(progress)
    page.waiting.show()
    page.waiting._look()
    return page


def backups(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """On a copy of the vault: the scenes of others show it as it was."""
    name = f"{stage.theme.tokens.name}-{stage.theme.scale}"
    folder = stage.told.folder / f"backups-{name}"
    shutil.copytree(stage.told.demo.vault, folder)
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    stick = stage.told.folder / f"Stick-{name}"
    stick.mkdir()
    window, shell = stage.signed_in("tom", folder)
    kept = shell._workspace.backups
    shell.go("settings", "backups")
    yield "backups-none", window
    kept.make()
    stage.told.clock.advance(timedelta(seconds=40))
    kept.make()
    (listed(folder / FOLDER)[1].folder / "backup.json").unlink()
    kept.set_second(stick)
    kept.copy_to_second()
    section = shell.page.section("backups")  # type: ignore[union-attr]  # SettingsPage
    section.back_up()  # type: ignore[union-attr]  # BackupsSection
    stage.settle()
    section.try_newest()  # type: ignore[union-attr]  # as above
    stage.settle()
    for label in section.findChildren(QLabel):  # type: ignore[union-attr]  # as above
        label.setText(label.text().replace(str(stick), "E:\\Maple Creek backups"))
    yield "backups", window
    newest = listed(folder / FOLDER)[0].folder / "records.db"
    with newest.open("r+b") as file:
        file.seek(5000)
        file.write(b"???")
    section.try_newest()  # type: ignore[union-attr]  # as above
    stage.settle()
    shell.go("home")
    stage.settle()
    yield "home-backups", window
    yield "leaving", _leaving(stage)
    window.lock()
    stage.settle()
    sheet = RestoreSheet(stage.desk, window._door, window)
    sheet.open_sheet()
    stage.settle()
    yield "restore!", sheet
    sheet.save()
    yield "restore-wrong!", sheet
    sheet.reject()
    stage.close(window)
    shutil.rmtree(folder)
