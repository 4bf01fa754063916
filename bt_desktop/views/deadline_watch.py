"""Looks each minute how many deadlines wait: the number on the rail, and words that count down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bt_desktop.views.desk import Desk
from bt_desktop.views.tasks import Lane

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineCounts
    from bt_desktop.services.workspace import Workspace

MINUTE_MS = 60_000


class DeadlineWatch(QObject):
    """`ticked` each minute; `counted(counts)` whenever the numbers were read anew."""

    ticked = Signal()
    counted = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.tick)
        self._minute.start()

    @Slot()
    def tick(self) -> None:
        """A minute has passed."""
        self.ticked.emit()
        self.look()

    @Slot()
    def look(self) -> None:
        """Read the numbers; nothing is read from records that are locked by now."""
        if self._workspace.locked:
            return
        deadlines = self._workspace.deadlines
        self._desk.tasks.run(self, deadlines.counts, self._tell, lane=Lane.READ)

    def _tell(self, counts: DeadlineCounts) -> None:
        self.counted.emit(counts)
