"""What stories on a record's page share: the page over a real vault, and hands that type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bt_desktop.services.workspace import Workspace
from bt_desktop.views.desk import Desk, make_desk
from bt_desktop.views.form_draft import Draft
from bt_desktop.views.form_field import FieldBlock
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.theme import Theme
from tests.factory import School

PATIENCE_MS = 20_000
"""A busy computer takes its time; nothing waits longer than it has to."""


def dressed_desk(school: School, mode: str = "light", scale: int = 100) -> Desk:
    """A desk with the look in force and the story's clock."""
    app = QGuiApplication.instance()
    assert isinstance(app, QApplication)
    theme = Theme(mode=mode, scale=scale)
    theme.apply(app)
    return make_desk(theme, school.clock)


@dataclass
class Sitting:
    """One person before one record's page."""

    bot: QtBot
    school: School
    workspace: Workspace
    desk: Desk
    record_id: str
    page: FormPage
    foot: list[tuple[str, str]] = field(default_factory=list)

    @property
    def draft(self) -> Draft:
        """The record on the page."""
        assert self.page.draft is not None
        return self.page.draft

    def block(self, path: str) -> FieldBlock:
        """The question at this path, which must be on show."""
        return self.page.blocks()[path]

    def go(self, section: str) -> None:
        """Open a section."""
        self.page.open_section(section)

    def type(self, path: str, text: str) -> None:
        """Type into the question at this path, key by key."""
        target = self.block(path).editor.focus_target()
        focus(self.bot, target)
        QTest.keyClicks(target, text)

    def answer(self, path: str, typed: Any) -> None:
        """Answer through the same gate as the editors, without looking for the widget."""
        self.draft.put(path, typed)

    def kept(self) -> dict[str, Any]:
        """The answers as the store has them, once everything typed is acknowledged."""
        self.wait_saved()
        return self.workspace.records.open(self.record_id).answers

    def wait_saved(self) -> None:
        """Until the store has acknowledged everything."""
        self.bot.waitUntil(self.draft.is_saved, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Until nothing is under way on the lanes."""
        self.bot.waitUntil(self.desk.tasks.is_idle, timeout=PATIENCE_MS)

    def leave(self) -> None:
        """Close the page and end the lanes, as locking does."""
        page = self.page
        if isValid(page):
            page.flush()
        self.settle()
        if isValid(page):
            page.hide()
            page.deleteLater()
            self.bot.waitUntil(lambda: not isValid(page), timeout=PATIENCE_MS)
        self.desk.tasks.close()


def focus(bot: QtBot, widget: QWidget) -> None:
    """Give a widget the focus and wait until it has it."""
    widget.window().activateWindow()
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    bot.waitUntil(widget.hasFocus)


def sit_down(
    bot: QtBot,
    school: School,
    who: str = "dana",
    record_id: str | None = None,
    *,
    part_key: str = "",
    size: tuple[int, int] = (1280, 800),
) -> Sitting:
    """Sign in, start (or open) a record and wait until it is on the page.

    Whoever sits down calls `leave`: pytest-qt would put the page away before its work is done.
    """
    workspace = school.sign_in(who)
    desk = dressed_desk(school)
    record_id = record_id or workspace.records.start()
    page = FormPage(desk, workspace, record_id, part_key)
    sitting = Sitting(bot, school, workspace, desk, record_id, page)
    page.foot.connect(lambda left, right: sitting.foot.append((left, right)))
    page.resize(*size)
    with bot.waitSignal(page.ready, timeout=PATIENCE_MS):
        page.show()
    page.activateWindow()
    return sitting


def children(parent: QObject, kind: type[QWidget]) -> list[QWidget]:
    """All widgets of a kind below a parent."""
    return list(parent.findChildren(kind))
