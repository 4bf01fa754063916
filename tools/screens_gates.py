"""What stops a paper and what brings it back, for the pictures: an alert, a copy printed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from bt_desktop.views.form_dialogs import CopiesMade

if TYPE_CHECKING:
    from tools.screens import Stage

ALERT = "Court order of May 3, 2026: ask the office before anything is handed out. Copy in file."


def scenes(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A custody alert before the release; the log of copies and a copy printed again."""
    demo = stage.told.demo
    with demo.signed_in("tom") as tom:
        _alert(tom, demo.ids["mateo"], ALERT)
    window, shell = stage.signed_in("tom")
    shell.open_record(stage.told.unreleased)
    stage.settle()
    shell.page.deeds.do("parent_copy")  # type: ignore[union-attr]  # FormPage
    stage.settle()
    release = shell.page.deeds.release_page  # type: ignore[union-attr]  # as above
    next(iter(release.choices.values())).setChecked(True)
    stage.settle()
    yield "release-alert", window
    shell.open_record(stage.told.record)
    stage.settle()
    page = shell.page
    page.deeds.do("copies")  # type: ignore[union-attr]  # FormPage
    stage.settle()
    log = page.findChildren(CopiesMade)[-1]  # type: ignore[union-attr]  # as above
    log.table.selectRow(0)
    yield "copies-made!", log
    log.again_button.click()
    stage.settle()
    yield "print-again!", QApplication.activeModalWidget() or window
    stage.close(window)
    with demo.signed_in("tom") as tom:
        _alert(tom, demo.ids["mateo"], "")


def _alert(workspace: object, student: str, words: str) -> None:
    from bt_desktop.models.people import Student

    with workspace._context.store.write() as session:  # type: ignore[attr-defined]  # a Workspace
        session.get_one(Student, student.partition(":")[2]).custody_alert = words
