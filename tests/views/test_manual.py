"""F1: the manual is at hand on every page, fits it, and says nothing that is not so."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop import paths
from bt_desktop.security.permissions import Role
from bt_desktop.views.manual import ManualWindow
from bt_desktop.views.manual_pages import ROLES, SPOTS, Chapter, Spot, read_manual, spot_for
from tests.factory import School, signed_report
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office

ROOT = Path(__file__).resolve().parents[2]
_PICTURE = re.compile(r"!\[([^]]*)\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)#]*)#?([^)]*)\)")
_NAMED = re.compile(r"\*\*([^*]+)\*\*")
WHOLE = 300_000
"""The most that a picture of the manual may weigh, in bytes."""


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


@cache
def manual() -> dict[str, Chapter]:
    return {one.key: one for one in read_manual(paths.manual_dir())}


def shown(office: Office) -> ManualWindow:
    """The manual, once it is read."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ManualWindow)]
    window = next(one for one in found if one.isVisible())
    office.settle()
    return window


def at(window: ManualWindow) -> Spot:
    return window._at


# --- what it says -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SPOTS))
def test_the_place_of_every_page_is_a_heading(name: str) -> None:
    spot = SPOTS[name]
    assert spot.heading in manual()[spot.chapter].headings


def test_every_role_has_a_chapter() -> None:
    assert set(ROLES) == {role.value for role in Role}
    assert set(ROLES.values()) <= set(manual())


@pytest.mark.parametrize("key", sorted(manual()))
def test_every_picture_is_there_and_described_and_every_link_leads_somewhere(key: str) -> None:
    text = manual()[key].text
    for alt, name in _PICTURE.findall(text):
        picture = paths.manual_dir() / name
        assert picture.is_file(), name
        assert picture.stat().st_size < WHOLE, name
        assert len(alt) >= 12, name
    for chapter, heading in _LINK.findall(text):
        target = manual()[Path(chapter).stem.split("-", 1)[-1] or key]
        assert heading in target.headings


def test_no_picture_lies_there_that_nobody_sees() -> None:
    used = {name for one in manual().values() for _, name in _PICTURE.findall(one.text)}
    lying = {f"pictures/{one.name}" for one in (paths.manual_dir() / "pictures").iterdir()}
    assert lying == used


@cache
def words_of_the_program() -> set[str]:
    """Every text that the window's code or a form holds, without the marks of Alt keys."""
    words: set[str] = set()
    for file in (ROOT / "bt_desktop" / "views").rglob("*.py"):
        if file.name.startswith("manual"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value.replace("&", ""))
    return words


@pytest.mark.parametrize("key", sorted(manual()))
def test_every_button_and_menu_that_is_named_exists(key: str) -> None:
    named = set(_NAMED.findall(manual()[key].text)) - {"bold"}
    assert named
    assert named - words_of_the_program() == set()


# --- how it opens -----------------------------------------------------------------------------


def test_f1_opens_it_at_the_page_one_is_on(office: Office, school: School) -> None:
    record = signed_report(school)
    office.open_door()
    office.press(Qt.Key.Key_F1)
    window = shown(office)
    assert at(window) == SPOTS["UnlockPage"]
    office.sign_in("tom")
    shell = office.shell
    for go, name in (
        (lambda: shell.go("students"), "StudentsPage"),
        (lambda: shell.go("settings", "calendar"), "SettingsPage:calendar"),
        (lambda: shell.go("deadlines"), "DeadlinesPage"),
        (lambda: shell.open_record(record), "FormPage"),
    ):
        go()
        office.settle()
        office.window.activateWindow()
        office.until(office.window.isActiveWindow)
        QTest.keyClick(office.window, Qt.Key.Key_F1)
        assert shown(office) is window  # one manual, not a heap of them
        assert at(window) == SPOTS[name]
        caret = window.text.textCursor()
        assert caret.block().text() == SPOTS[name].heading
        assert 0 <= window.text.cursorRect(caret).top() < window.text.viewport().height()
    shell.page.deeds.do("parent_copy")  # type: ignore[union-attr]  # FormPage
    office.settle()
    assert spot_for("administrator", office.window) == SPOTS["ReleasePage"]


def test_f1_in_a_sheet_opens_it_too(office: Office) -> None:
    office.sign_in("tom")
    office.shell.go("students")
    office.settle()
    office.shell.page.add_student()  # type: ignore[union-attr]  # StudentsPage
    office.settle()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    window = shown(office)
    assert at(window) == SPOTS["StudentsPage"]
    window.go(Spot("nurse"))  # and it can be used while the sheet waits
    assert at(window) == Spot("nurse")
    sheet.reject()  # type: ignore[attr-defined]  # a Sheet


def test_where_nothing_fits_it_opens_at_the_chapter_of_the_role(office: Office) -> None:
    assert spot_for("nurse", office.window.cover.title) == Spot("nurse")
    assert spot_for("", office.window.cover.title) == Spot("everybody")


def test_on_a_covered_screen_f1_uncovers_as_any_key_does(office: Office) -> None:
    office.sign_in("dana")
    office.window.cover_up()
    QTest.keyClick(office.window.cover, Qt.Key.Key_F1)
    assert office.window.stack.currentWidget() is office.shell
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, ManualWindow)]


def test_it_closes_with_the_lock_and_with_the_window(office: Office) -> None:
    office.sign_in("dana")
    office.window.show_manual()
    window = shown(office)
    window.destroyed.connect(lambda: gone.append(True))
    gone: list[bool] = []
    office.window.lock()
    office.until(lambda: bool(gone))


# --- how it is used -----------------------------------------------------------------------------


def test_back_find_and_esc_by_keyboard(office: Office) -> None:
    office.open_door()
    office.window.show_manual()
    window = shown(office)
    first = at(window)
    window.go(Spot("nurse", "Stock and counts"))
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert at(window) == first
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.line.hasFocus()
    QTest.keyClicks(window.line, "recovery key, once")
    QTest.keyClick(window.line, Qt.Key.Key_Return)
    assert at(window).chapter == "administrator"
    assert window.text.textCursor().selectedText() == "recovery key, once"
    assert window.said.text() == f"In: {manual()['administrator'].title}"
    window.line.setText("zeppelin")
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.said.text() == "Not found"
    window.line.clear()
    window.text.setFocus()
    with office.bot.waitSignal(window.destroyed):
        QTest.keyClick(window.text, Qt.Key.Key_Escape)


def test_pictures_are_as_wide_as_the_text_at_most(office: Office) -> None:
    office.open_door()
    office.window.show_manual()
    window = shown(office)
    for wide in (700, 1200):
        window.resize(wide, 700)
        office.settle()
        room = window.text.viewport().width()
        widths = [image.width() for _, _, image in window.text._pictures(window.text.document())]
        assert len(widths) >= 5
        assert all(0.6 * room < one <= room for one in widths)


def test_it_is_reached_by_keyboard_and_said_aloud(office: Office) -> None:
    office.open_door()
    office.window.show_manual()
    window = shown(office)
    assert faults(window) == []
    reached = walk(window)
    assert groups_of_one(reached, controls(window)) == []
    assert out_of_order(reached) == []
    assert window.text in reached
