"""The real window over a real vault, with hands that type, for stories about the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.access import Purpose
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.desk import Desk, make_desk
from bt_desktop.views.door import Door
from bt_desktop.views.shell import Shell
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.shell_window import AppWindow
from bt_desktop.views.theme import Theme
from tests.factory import FAST, PASSWORD, School


class Office:
    """One computer of the school: its window, and somebody who uses it."""

    def __init__(self, bot: QtBot, school: School, settings: Path, **window: object) -> None:
        self.bot, self.school, self.settings = bot, school, settings
        self.app = app()
        self.theme = Theme(mode="light")
        self.theme.apply(self.app)
        self.desk: Desk = make_desk(self.theme, school.clock)
        self.door = Door(school.folder, school.clock, FAST)
        self.prefs = Preferences(settings)
        self.window = AppWindow(self.desk, self.door, self.prefs, self.app, **window)  # type: ignore[arg-type]  # passed through
        bot.addWidget(self.window, before_close_func=self._leave)
        self.window.show()
        self._at_the_door = False

    def _leave(self, window: AppWindow) -> None:
        if window.workspace is not None:
            window.workspace.lock()
        window.shell = None
        self.desk.tasks.close()

    def open_door(self) -> None:
        """Look at the vault, as at the start."""
        self._at_the_door = True
        self.window.begin()
        page = self.window.unlock_page
        self.until(lambda: page.who.count() > 0)

    def sign_in(
        self, who: str, password: str = PASSWORD, *, says: str | None = "interest"
    ) -> Shell:
        """The records are opened, and it is said what for (`says` None: the window asks).

        Who stands at the door already, or comes back, chooses the name, types the password and
        presses Enter. Elsewhere the records are opened right away: the door has stories of its own.
        """
        if self._at_the_door:
            self.open_door()
            self.choose(who)
            self.type_password(password)
            self.until(lambda: self.window.shell is not None)
        else:
            self._at_the_door = True
            self.window.enter(self.door.unlock(self.school.users[who], password))
        self.settle()
        if says is not None:
            self.workspace.openings.state(Purpose(says))
        return self.shell

    def choose(self, who: str) -> None:
        """Choose a name on the unlock page."""
        who_list, user = self.window.unlock_page.who, self.school.users[who]
        self.until(lambda: who_list.findData(user) >= 0)  # the page reads the names by itself
        who_list.setCurrentIndex(who_list.findData(user))

    def type_password(self, password: str) -> None:
        """Type it and press Enter."""
        line = self.window.unlock_page.password.edit
        line.setFocus()
        QTest.keyClicks(line, password)
        QTest.keyClick(line, Qt.Key.Key_Return)

    @property
    def shell(self) -> Shell:
        """The open shell."""
        assert self.window.shell is not None
        return self.window.shell

    @property
    def workspace(self) -> Workspace:
        """The open vault."""
        assert self.window.workspace is not None
        return self.window.workspace

    def until(self, met: Callable[[], bool]) -> None:
        """Wait for a condition, never for a time."""
        self.bot.waitUntil(met, timeout=20_000)

    def settle(self) -> None:
        """Until nothing is under way, and what was built is shown."""
        self.until(self.desk.tasks.is_idle)
        QApplication.sendPostedEvents()  # a layout shows what is put into it by a posted event
        self.app.processEvents()

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def all_text(self) -> str:
        """Every word the window shows now."""
        return shown_text(self.window)


def app() -> QApplication:
    """The application that pytest-qt made."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def shown_text(root: QWidget) -> str:
    """Every word that visible widgets under `root` show or say aloud."""
    words = [root.windowTitle()]
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        for ask in ("text", "toPlainText", "currentText"):
            method = getattr(widget, ask, None)
            if method is not None:
                words.append(str(method()))
        words += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    return "\n".join(words)


def center(widget: QWidget) -> QPoint:
    """The middle of a widget."""
    return widget.rect().center()
