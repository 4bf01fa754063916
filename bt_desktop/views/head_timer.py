"""Reminders of head checks above whatever page is shown.

What is due is worked out from the drafts and the clock (`services.head_checks`), so nothing has to
be remembered over navigation or a restart. While the records are locked only the moments are kept:
the page then says that a check is due, and not whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QWidget

from bt_desktop.services.results.head_checks import WaitingCheck
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.head_chips import point_words
from bt_desktop.views.head_reminder import LOOK_EVERY_MS
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import PrimaryButton
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

ASK_EVERY_MS = 20_000


def due_words(check: WaitingCheck, more: int) -> str:
    """“Head check due now: Łucja K., 15 minutes. One more is due.”"""
    further = "" if not more else " One more is due." if more == 1 else f" {more} more are due."
    return f"Head check due now: {check.who}, {point_words(check.point)}.{further}"


class HeadWatch(QObject):
    """Knows which checks are due now. `changed(tuple of WaitingCheck)` when they differ.

    The vault is asked now and then on the lane of reads, and whenever something was saved; the
    clock is looked at more often.
    """

    changed = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._waiting: tuple[WaitingCheck, ...] = ()
        self.due: tuple[WaitingCheck, ...] = ()
        self._asking = self._timer(ASK_EVERY_MS, self.ask)
        self._looking = self._timer(LOOK_EVERY_MS, self.look)
        self.ask()

    def _timer(self, every: int, deed: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every)
        timer.timeout.connect(deed)
        timer.start()
        return timer

    @Slot()
    def ask(self) -> None:
        """Ask the vault what waits."""
        if self._workspace.locked:
            return
        checks = self._workspace.head_checks
        self._desk.tasks.latest(self, "head-checks", checks.waiting, self._know, lambda _: None)

    def _know(self, waiting: tuple[WaitingCheck, ...]) -> None:
        self._waiting = waiting
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the clock."""
        now = self._desk.clock.now()
        due = tuple(check for check in self._waiting if check.due <= now)
        if due != self.due:
            self.due = due
            self.changed.emit(due)

    def moments(self) -> tuple[datetime, ...]:
        """When the checks that wait are due; nothing that tells whose they are."""
        return tuple(check.due for check in self._waiting)


class HeadBanner(QFrame):
    """Says which check is due. `asked(record id, point)` when the person goes there."""

    asked = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("slot", "whole")  # keeps its distance on every side
        self.setProperty("tone", "danger")
        self._check: WaitingCheck | None = None
        self._told: set[tuple[str, str]] = set()
        self.words = plain_label("", "strong", self)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = PrimaryButton("Open the check", self)
        self.button.clicked.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "clock", "danger", 20, self))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    @Slot(object)
    def show_due(self, due: Sequence[WaitingCheck]) -> None:
        """Show the check that has waited longest; nothing where none is due."""
        self._check = due[0] if due else None
        self.setVisible(bool(due))
        if not due:
            self._told.clear()
            return
        text = due_words(due[0], len(due) - 1)
        self.words.setText(text)
        self.setAccessibleName(f"Alert: {text}")
        self.button.setAccessibleName(f"Open the head check of {due[0].who}")
        new = {(check.record_id, check.point) for check in due} - self._told
        if new:
            self._told |= new
            announce(self, text)
            QApplication.alert(self.window())

    @Slot()
    def _go(self) -> None:
        if self._check is not None:
            self.asked.emit(self._check.record_id, self._check.point)
