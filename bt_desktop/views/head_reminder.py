"""A head check is due, said where nobody may read whose: on the cover and while locked.

Only the moments are handed over; they are kept in memory and tell nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from bt_desktop.clock import Clock
from bt_desktop.views.announce import announce

LOOK_EVERY_MS = 5_000
NOBODYS = "A head check is due"
"""All that may be read while nobody is signed in or the page is covered."""


class NobodysReminder(QLabel):
    """“A head check is due”, for the cover and the unlock page: never whose."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(NOBODYS, parent)
        self.setObjectName("reminder")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAccessibleName(f"Alert: {NOBODYS}")
        self._clock = clock
        self._moments: tuple[datetime, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def remind_at(self, moments: Sequence[datetime]) -> None:
        """Show it from the first of these moments on; without any, never."""
        self._moments = tuple(moments)
        if self._moments:
            self._timer.start()
        else:
            self._timer.stop()
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the clock."""
        now = self._clock.now()
        is_due = any(moment <= now for moment in self._moments)
        if is_due and self.isHidden():
            self.show()
            announce(self, NOBODYS)
            QApplication.alert(self.window())
        elif not is_due:
            self.hide()
