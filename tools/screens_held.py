"""Scenes of records that may only be read: the red page, the banner, saying that it is known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services.results.people import NewStudent
from bt_desktop.views.held_page import KnownSheet

if TYPE_CHECKING:
    from tools.screens import Stage


def held(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Yesterday's database was put back; a copy of the vault, so that others see it as it was."""
    folder = stage.told.folder / f"held-{stage.theme.tokens.name}-{stage.theme.scale}"
    shutil.copytree(stage.told.demo.vault, folder)
    window, shell = stage.signed_in("tom", folder)
    window.lock()
    stage.settle()
    shutil.copy(folder / DATABASE_NAME, folder / "yesterday.db")
    stage.told.clock.advance(timedelta(minutes=1))
    stage.close(window)
    window, shell = stage.signed_in("tom", folder)
    for given in ("Ada", "Bo", "Cy"):
        shell._workspace.people.add_student(NewStudent(given, "Okoro"))
    shell._workspace.backups.make()
    window.lock()
    stage.settle()
    stage.close(window)
    shutil.move(folder / "yesterday.db", folder / DATABASE_NAME)
    window, shell = stage.signed_in("tom", folder)
    stage.settle()
    yield "held", window
    sheet = KnownSheet(stage.desk, shell._workspace, window)
    sheet.open_sheet()
    yield "held-known!", sheet
    sheet.reject()
    shell.go("records")
    stage.settle()
    yield "held-records", window
    stage.close(window)
    shutil.rmtree(folder)
