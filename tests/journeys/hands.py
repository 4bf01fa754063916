"""Hands on keyboard and mouse: whatever the widget, what is told is typed into it as a person does.

Nothing here reaches past the widgets. What no keyboard of the test can type (an accent) comes as an
input method would bring it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors import Editor
from bt_desktop.views.editors.choices import CheckListEditor, ChipsEditor, OneOfManyEditor
from bt_desktop.views.editors.people import PeopleEditor
from bt_desktop.views.editors.plain import AcknowledgeEditor
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.form_section import SectionPane

PATIENCE_MS = 20_000


def press(
    widget: QWidget,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """A key."""
    QTest.keyClick(widget, key, modifiers)


def click(button: QAbstractButton) -> None:
    """A click of the mouse in the middle of a button that can be pressed."""
    assert button.isEnabled(), f"{button.text()} cannot be pressed"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def type_keys(widget: QWidget, text: str) -> None:
    """Type into whatever has the focus there; letters beyond ASCII as an input method does."""
    for letter in text:
        if letter.isascii():
            QTest.keyClick(widget, letter)
            continue
        event = QInputMethodEvent()
        event.setCommitString(letter)
        QApplication.sendEvent(widget, event)


class Hands:
    """One person's hands. `names` says who is meant by `@key`; `used`, which editors were used."""

    def __init__(self, bot: QtBot) -> None:
        self.bot = bot
        self.names: Mapping[str, str] = {}
        self.used: set[str] = set()

    def until(self, met: Callable[[], bool]) -> None:
        """Wait for something to be so, never for a time."""
        self.bot.waitUntil(met, timeout=PATIENCE_MS)

    def focus(self, widget: QWidget) -> None:
        """Go into a widget."""
        widget.window().activateWindow()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.until(widget.hasFocus)

    def write(self, widget: QWidget, text: str) -> None:
        """Go into a line or box and type over what is there."""
        self.focus(widget)
        if isinstance(widget, QLineEdit | QTextEdit):
            widget.selectAll()
        type_keys(widget, text)

    # --- the form ------------------------------------------------------------------------

    def answer(self, page: FormPage, path: str, told: Any) -> None:
        """Go to the question at `path` (its section, its row) and answer it in its own editor."""
        draft = page.draft
        assert draft is not None
        section = draft.section_of(path)
        if page.section != section:
            page.open_section(section)
        self._have_row(page, section, path)
        block = page.blocks()[path]
        assert block.isVisible(), f"{path} is not asked"
        if draft.view(path).value is not None and _same(draft.view(path).value, told):
            return  # the roster or the vocabulary of the form has answered it already
        self.use(block.editor, told)
        self.until(lambda: draft.view(path).value is not None)
        assert draft.view(path).issue is None or draft.view(path).issue.severity != "error"

    def _have_row(self, page: FormPage, section: str, path: str) -> None:
        if "[" not in path:
            return
        draft, wanted = page.draft, int(path.partition("[")[2].partition("]")[0])
        assert draft is not None
        while len(draft.session.rows(section)) < wanted:
            pane = page.pane
            assert isinstance(pane, SectionPane)
            assert pane.add_button is not None
            rows = len(pane.cards)
            click(pane.add_button)
            self.until(lambda n=rows: len(page.pane.cards) == n + 1)  # type: ignore[misc,union-attr]  # the pane is built anew
        if path not in page.blocks():
            pane = page.pane
            assert isinstance(pane, SectionPane)
            click(pane.cards[wanted - 1].edit)
            self.until(lambda: path in page.blocks())

    def use(self, editor: Editor, told: Any) -> None:
        """Answer in this editor."""
        self.used.add(type(editor).__name__)
        if isinstance(editor, ChipsEditor):
            self._press_chips(editor, told if isinstance(told, list) else [told])
        elif isinstance(editor, CheckListEditor):
            for name in told:
                self._check(editor, name)
        elif isinstance(editor, OneOfManyEditor):
            label = next(say(c.label) for c in editor._choices if c.name == told)
            self.write(editor.line, label)
            press(editor.line, Qt.Key.Key_Tab)
        elif isinstance(editor, PeopleEditor):
            for key in told if isinstance(told, list) else [told]:
                self._name_person(editor, self.names[key.removeprefix("@")])
        elif isinstance(editor, AcknowledgeEditor):
            self.focus(editor.box)
            press(editor.box, Qt.Key.Key_Space)
        else:
            target = editor.focus_target()
            self.write(target, told)
            press(target, Qt.Key.Key_Tab)

    def _press_chips(self, editor: ChipsEditor, names: list[str]) -> None:
        self.focus(editor.focus_target())
        for name in names:
            for _ in editor.chips:
                here = QApplication.focusWidget()
                if getattr(here, "name", None) == name:
                    break
                assert here is not None
                press(here, Qt.Key.Key_Right)
            here = QApplication.focusWidget()
            assert here is not None
            press(here, Qt.Key.Key_Space)

    def _check(self, editor: CheckListEditor, name: str) -> None:
        label = next(say(c.label) for c in editor._shown if c.name == name)
        self.write(editor.filter, label)
        press(editor.filter, Qt.Key.Key_Down)
        rows = editor.list
        for _ in range(rows.count()):
            item = rows.currentItem()
            if item.data(Qt.ItemDataRole.UserRole) == name:
                break
            press(rows, Qt.Key.Key_Down)
        press(rows, Qt.Key.Key_Space)

    def _name_person(self, editor: PeopleEditor, name: str) -> None:
        self.write(editor.line, name)
        self.until(editor.line.box.is_open)
        chosen = len(editor.chips)
        press(editor.line, Qt.Key.Key_Return)
        self.until(lambda: len(editor.chips) > chosen)


def _same(value: Any, told: Any) -> bool:
    return str(value) == str(told) or (isinstance(value, str) and ":" not in value)
