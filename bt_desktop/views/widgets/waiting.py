"""What stands on a page while a piece of work takes longer than a second: words, a bar, Cancel."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from bt_desktop.services.work_progress import Progress
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.text import Muted

PATIENCE_MS = 1000
"""From when on waiting is shown as such."""
LOOK_MS = 120
"""How often the bar follows the worker."""


class Waiting(QWidget):
    """Hidden until work that was begun takes longer than a second. `canceled` on Cancel."""

    canceled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: Progress | None = None
        self._may_stop = False
        self.words = Muted("", self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(name)
        self.cancel = SecondaryButton("Cancel", self)
        self.cancel.setAccessibleName(f"Cancel: {name.lower()}")
        self.cancel.clicked.connect(self.canceled)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(row)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self._follow = QTimer(self)
        self._follow.setInterval(LOOK_MS)
        self._follow.timeout.connect(self._look)
        self.hide()

    def begin(
        self, words: str, progress: Progress | None = None, *, may_stop: bool = False
    ) -> None:
        """Work begins: `progress` is followed, without one the bar only moves."""
        self.hide()
        self._progress, self._may_stop = progress, may_stop
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.cancel.setVisible(may_stop)
        self._patience.start()
        if progress is not None:
            self._follow.start()

    def give_up(self) -> None:
        """The records are about to be locked: what may be stopped ends, and leaves nothing."""
        if self._progress is not None and self._may_stop:
            self._progress.cancel()

    def end(self) -> None:
        """The work is over."""
        self._progress = None
        self._patience.stop()
        self._follow.stop()
        self.hide()

    @Slot()
    def _look(self) -> None:
        if self._progress is not None and self._progress.total:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(self._progress.share * 100))
