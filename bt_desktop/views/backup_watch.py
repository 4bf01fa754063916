"""Backups by themselves: one a minute after signing in where the day has none, one when leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bt_desktop.errors import KnownError
from bt_desktop.views.tasks import Lane

if TYPE_CHECKING:
    from bt_desktop.services.work_progress import Progress
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

PATIENCE_MS = 60_000
"""People sign in to write something down; the backup waits until they have begun."""


class BackupWatch(QObject):
    """Of one open vault. `failed(sentence)` where a backup could not be made."""

    failed = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._progress: Progress | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self.daily)

    def start(self) -> None:
        """Count from now."""
        self._timer.start()

    @Slot()
    def daily(self) -> None:
        """Make the day's backup where there is none yet."""
        progress = self._begin()
        backups = self._workspace.backups
        self._desk.tasks.run(
            self, lambda: backups.daily(progress), None, self._trouble, lane=Lane.BACKUP
        )

    def leaving(self, over: Callable[[], None]) -> Progress:
        """One more where something was written since; `over` is called whatever came of it."""
        self.stop()
        progress = self._begin()
        backups = self._workspace.backups
        self._desk.tasks.run(
            self, lambda: backups.at_exit(progress), lambda _: over(), lambda _: over(),
            lane=Lane.BACKUP,
        )  # fmt: skip
        return progress

    def stop(self) -> None:
        """The vault is about to be locked: what is under way ends, and leaves nothing behind."""
        self._timer.stop()
        if self._progress is not None:
            self._progress.cancel()

    def _begin(self) -> Progress:
        from bt_desktop.services.work_progress import Progress  # deferred: the first window is Qt

        self._progress = Progress()
        return self._progress

    def _trouble(self, problem: BaseException) -> None:
        if self._workspace.locked or getattr(problem, "code", "") == "canceled":
            return
        said = str(problem) if isinstance(problem, KnownError) else "The program made a mistake."
        self.failed.emit(f"Today's backup could not be made. {said}")
