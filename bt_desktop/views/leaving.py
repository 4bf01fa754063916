"""What stands in the window while the last backup of the day is made before it closes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.work_progress import Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.text import Muted, PageTitle
from bt_desktop.views.widgets.waiting import Waiting

_WIDE = 420


class LeavingPage(QWidget):
    """Covers what was shown. `waiting.canceled`: go without a backup."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.title = PageTitle("Closing", self)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = Muted("Everything is saved. A backup is made first.", self)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting = Waiting("Backup", self)
        self.waiting.cancel.setText("Close without it")
        self.waiting.setFixedWidth(desk.theme.px(_WIDE))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.waiting)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addStretch(1)

    def follow(self, progress: Progress) -> None:
        """Show how far it is, from a second on."""
        self.waiting.canceled.connect(progress.cancel)
        self.waiting.begin("Making the backup…", progress, may_stop=True)
