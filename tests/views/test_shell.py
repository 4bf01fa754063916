"""Inside: places, keys, search, cover, lock and back again to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.workspace import Workspace
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import answer_next
from tests.factory import PASSWORD, School
from tests.views.shell_kit import Office, shown_text


class SlowPage(QWidget):
    """Stands in for a record's page: one line that is saved when asked to, or cannot be."""

    foot = Signal(str, str)
    left_page = Signal()
    other_asked = Signal(str)
    kept: dict[str, str] = {}  # noqa: RUF012 - shared on purpose: it is the "store"
    full = False

    def __init__(self, desk: Desk, workspace: Workspace, record_id: str) -> None:
        super().__init__()
        self.desk, self.record_id = desk, record_id
        self.line = QLineEdit(self.kept.get(record_id, ""), self)
        self.line.setAccessibleName("What happened")
        QVBoxLayout(self).addWidget(self.line)
        self.clean = True
        self.line.textEdited.connect(lambda: setattr(self, "clean", False))

    def flush(self) -> None:
        text = self.line.text()

        def save() -> None:
            if SlowPage.full:
                raise OSError(28, "no space")
            SlowPage.kept[self.record_id] = text

        def saved(_: object) -> None:
            self.clean = True
            self.foot.emit("Saved 11:30:00", "BER · California")

        self.desk.tasks.run(self, save, saved, lambda _: None)

    def unsaved(self) -> bool:
        return not self.clean

    def place(self) -> Mapping[str, Any]:
        return {"cursor": self.line.cursorPosition()}

    def restore(self, place: Mapping[str, Any]) -> None:
        self.line.setFocus()
        self.line.setCursorPosition(place["cursor"])


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    SlowPage.kept.clear()
    SlowPage.full = False
    return Office(qtbot, school, tmp_path / "settings", record_page=SlowPage)


def page_of(office: Office) -> SlowPage:
    page = office.shell.page
    assert isinstance(page, SlowPage)
    return page


def test_ctrl_n_lets_choose_a_form_and_opens_what_is_begun(office: Office) -> None:
    office.sign_in("dana")
    office.shell.new_report()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    titles = [action.text() for action in menu.actions()]
    assert "Incident report" in titles
    for _ in range(titles.index("Behavior Emergency Report")):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    office.settle()
    assert len(office.workspace.records.drafts()) == 1


def test_ctrl_l_locks_and_the_page_comes_back_to_the_letter(office: Office) -> None:
    office.sign_in("dana")
    office.shell.start("restraint")
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    QTest.keyClicks(page_of(office).line, "He kicked the do")
    page_of(office).line.setCursorPosition(4)
    workspace = office.workspace
    office.window.lock()
    assert "kicked" not in office.all_text()  # covered at once, before the save is done
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert workspace.locked
    assert office.window.workspace is None
    assert "11:30 is safe" in office.window.unlock_page.note.text()
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert page_of(office).line.text() == "He kicked the do"
    assert page_of(office).line.cursorPosition() == 4


def test_who_unlocks_after_somebody_else_begins_at_home(office: Office) -> None:
    office.sign_in("dana")
    office.shell.start("restraint")
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    office.choose("tom")
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert not isinstance(office.shell.page, SlowPage)


def test_a_lock_that_would_lose_a_change_does_not_lock(office: Office) -> None:
    office.sign_in("dana")
    office.shell.start("restraint")
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    QTest.keyClicks(page_of(office).line, "x")
    SlowPage.full = True
    office.window.lock()
    office.settle()
    assert office.window.shell is not None
    assert "Not locked" in office.shell.banner.text()
    assert page_of(office).line.text() == "x"
    SlowPage.full = False
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    assert SlowPage.kept == {next(iter(SlowPage.kept)): "x"}


def test_leaving_a_record_saves_it_first_and_brings_it_back_if_it_cannot(office: Office) -> None:
    office.sign_in("dana")
    office.shell.start("restraint")
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    page = page_of(office)
    QTest.keyClicks(page.line, "y")
    SlowPage.full = True
    office.shell.go("home")
    office.settle()
    assert office.shell.page is page
    SlowPage.full = False
    office.shell.go("home")
    office.settle()
    assert office.shell.page is not page
    assert "y" in SlowPage.kept.values()


def test_three_minutes_cover_and_a_key_lifts(office: Office) -> None:
    office.sign_in("dana")
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    assert "Núñez" in office.all_text()
    office.school.clock.advance(timedelta(minutes=2, seconds=50))
    office.window.idle.look()
    assert "Núñez" in office.all_text()
    office.school.clock.advance(timedelta(seconds=11))
    office.window.idle.look()
    said = office.all_text()
    assert "Covered" in said
    assert "Núñez" not in said
    assert "Dana" not in said
    QTest.keyClick(office.window.cover, Qt.Key.Key_Space)
    assert "Núñez" in office.all_text()
    assert not office.workspace.locked


def test_the_cover_hides_other_windows_too(office: Office, qtbot: QtBot) -> None:
    office.sign_in("dana")
    office.window.verify()
    others = [w for w in QApplication.topLevelWidgets() if w.windowTitle().startswith("Check")]
    assert others[0].isVisible()
    office.window.cover_up()
    assert not others[0].isVisible()
    office.window.uncover()
    assert others[0].isVisible()
    others[0].close()


def test_fifteen_minutes_lock(office: Office) -> None:
    office.sign_in("dana")
    office.school.clock.advance(timedelta(minutes=3, seconds=1))
    office.window.idle.look()
    office.school.clock.advance(timedelta(minutes=12))
    office.window.idle.look()
    office.until(lambda: office.window.shell is None)


def test_a_touch_begins_the_count_anew(office: Office) -> None:
    office.sign_in("dana")
    office.school.clock.advance(timedelta(minutes=2, seconds=50))
    handle = office.window.windowHandle()
    office.window.idle._watch(handle)
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    office.school.clock.advance(timedelta(seconds=20))
    office.window.idle.look()
    assert office.window.stack.currentWidget() is office.shell


def test_waking_up_locks(office: Office) -> None:
    office.sign_in("dana")
    idle = office.window.idle
    idle.look()
    steady, wall = idle._looked
    idle._looked = (steady, wall - timedelta(minutes=10))
    idle.look()
    office.until(lambda: office.window.shell is None)


def test_search_finds_by_any_part_of_a_name_and_opens_with_enter(office: Office) -> None:
    office.sign_in("dana")
    office.shell.focus_search()
    QTest.keyClicks(office.shell.bar.search, "oka mat")
    office.until(office.shell.findings.isVisible)
    office.settle()
    index = office.shell.findings.model.index(0)
    assert "Mateo Núñez-Okafor, grade 4" in str(index.data())
    QTest.keyClick(office.shell.bar.search, Qt.Key.Key_Return)
    office.settle()
    assert "Rosa Núñez" in shown_text(office.shell)


def test_search_that_finds_nothing_says_so(office: Office) -> None:
    office.sign_in("dana")
    QTest.keyClicks(office.shell.bar.search, "zzz")
    office.until(office.shell.findings.isVisible)
    assert "Nothing found" in office.shell.findings.nothing.text()
    QTest.keyClick(office.shell.bar.search, Qt.Key.Key_Escape)
    assert office.shell.findings.isHidden()


def test_the_title_never_holds_a_name(office: Office) -> None:
    assert office.window.windowTitle() == "bt_desktop"
    office.sign_in("dana")
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    assert office.window.windowTitle() == "bt_desktop"


def test_a_narrow_window_shows_icons_with_the_words_as_tips(office: Office) -> None:
    office.sign_in("dana")
    office.window.resize(1200, 800)
    wide = office.shell.rail.width()
    office.window.resize(900, 700)
    assert office.shell.rail.width() < wide
    assert office.shell.rail.button("home").toolTip().startswith("Home")
    assert office.shell.rail.button("home").accessibleName() == "Home, you are here"


def test_text_at_200_percent_keeps_everything_reachable(office: Office) -> None:
    office.sign_in("dana")
    office.theme.set_scale(200)
    for key in ("home", "records", "students", "settings"):
        office.shell.go(key)
        office.settle()
        page = office.shell.page
        assert page is not None
        assert page.minimumSizeHint().width() <= office.window.width()


def test_every_place_can_be_reached_and_left_by_tab(office: Office) -> None:
    office.sign_in("tom")
    office.window.activateWindow()
    for key in ("home", "records", "students", "settings"):
        office.shell.go(key)
        office.settle()
        seen: list[QWidget] = []
        office.shell.bar.search.setFocus()
        for _ in range(80):
            office.press(Qt.Key.Key_Tab)
            now = QApplication.focusWidget()
            if now is None or now in seen:
                break
            seen.append(now)
        assert len(seen) > 5, key
        for widget in seen:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_closing_the_window_locks_first(office: Office) -> None:
    office.sign_in("dana")
    workspace = office.workspace
    office.window.close()
    office.until(lambda: not office.window.isVisible())
    assert workspace.locked


def test_closing_with_a_change_that_cannot_be_saved_asks(office: Office) -> None:
    office.sign_in("dana")
    office.shell.start("restraint")
    office.until(lambda: isinstance(office.shell.page, SlowPage))
    QTest.keyClicks(page_of(office).line, "z")
    SlowPage.full = True
    answer_next(False)
    office.window.close()
    office.settle()
    assert office.window.isVisible()
    SlowPage.full = False


def test_the_window_remembers_its_size(office: Office) -> None:
    office.window.resize(710, 620)
    office.window.close()
    assert office.prefs.geometry is not None
    again = Office(office.bot, office.school, office.settings)
    assert again.window.size().width() == 710
