"""A box that says or asks something shows every word of it, however large the type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import ask, tell_box
from bt_desktop.views.theme import Theme

LONG = (
    "The records are open in another window that does not answer. "
    "Close that window, or wait a moment, then start the program again."
)


@pytest.fixture(params=[100, 200])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(mode="light", scale=request.param)
    theme.apply(qapp)
    yield theme
    Theme(mode="light").apply(qapp)


def cut_off(box: QMessageBox) -> list[str]:
    """The words of which not all is seen."""
    found = []
    for label in box.findChildren(QLabel):
        if not label.text():
            continue
        if label.wordWrap():
            lacks = label.height() < label.heightForWidth(label.width())
        else:
            lacks = label.width() < label.sizeHint().width()
        if lacks:
            found.append(label.text())
    return found


@pytest.mark.usefixtures("look")
def test_what_is_told_is_told_to_the_end(qtbot: QtBot) -> None:
    box = tell_box(None, LONG)
    qtbot.waitExposed(box)
    assert cut_off(box) == []
    box.close()


@pytest.mark.usefixtures("look")
def test_what_is_asked_is_asked_to_the_end(qtbot: QtBot) -> None:
    seen = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        QApplication.processEvents()  # it is laid out as it is shown
        seen.append(cut_off(box))
        box.buttons()[1].click()

    QTimer.singleShot(0, answer)
    assert ask(None, LONG, "Take it back", "Leave it as it is", more=LONG) is False
    assert seen == [[]]
