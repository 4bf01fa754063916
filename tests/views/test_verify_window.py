"""A PDF is dropped on the window, with and without an open vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from bt_desktop.views.desk import make_desk
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.theme import Theme
from bt_desktop.views.verify_window import HEADLINES, VerifyWindow
from tests.factory import School
from tests.views.shell_kit import Office


@pytest.fixture
def window(qtbot: QtBot, school: School, tmp_path: Path) -> VerifyWindow:
    desk = make_desk(Theme(mode="light"), school.clock)
    made = VerifyWindow(desk, tmp_path / "settings")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda _: desk.tasks.close())
    made.show()
    return made


def test_without_a_certificate_it_cannot_tell_and_says_what_to_do(
    window: VerifyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    window.check(file)
    qtbot.waitUntil(window.verdict.isVisible)
    assert window.headline.text() == "Cannot tell"
    assert "school-ca.pem" in window.helps.text()


def test_a_file_that_is_dropped_is_judged_against_a_pinned_certificate(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    office.settle()
    window = VerifyWindow(office.desk, office.prefs.folder, office.workspace, office.window)
    window.show()
    file = tmp_path / "b.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    window.ground.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(window.verdict.isVisible)
    assert window.headline.text() in {"Not ours", "Changed"}
    window.close()


def test_a_file_that_cannot_be_read_gets_a_sentence(
    window: VerifyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answer_next(tmp_path / "nowhere.pdf")
    window.ground.choose.click()
    qtbot.waitUntil(lambda: bool(window.banner.text()))
    assert "cannot be read" in window.banner.text()


def test_every_verdict_has_words_of_its_own() -> None:
    assert set(HEADLINES) == {"genuine", "amended", "changed", "not_ours", "cannot_tell"}
    assert len({words for words, _, _ in HEADLINES.values()}) == len(HEADLINES)
