"""What the program does by itself while people work: the weekly look at the whole trail, the
monthly trial of the newest backup.

It waits its turn behind the day's backup, on the lane that nobody waits for. Good news is no news;
bad news is a red page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from bt_desktop.services.drill import Trial
    from bt_desktop.services.work_progress import Progress
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

PATIENCE_MS = 90_000
"""Half a minute after the day's backup (`backup_watch`)."""
LOOK_MS = 400


class QuietWork(QWidget):
    """In the foot: what is being done and how far it is, and a way to stop it for today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: Progress | None = None
        self._words = ""
        self.words = plain_label("", "footText", self)
        self.stop = LinkButton("Stop", self)
        self.stop.setProperty("small", True)
        self.stop.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.stop)
        self._follow = QTimer(self)
        self._follow.setInterval(LOOK_MS)
        self._follow.timeout.connect(self.look)
        self.hide()

    def begin(self, words: str, progress: Progress) -> None:
        """Work has begun; shown from the first look on, so that what is short is never seen."""
        self._words, self._progress = words, progress
        self.stop.setAccessibleName(f"Stop: {words}")
        self._follow.start()

    def end(self) -> None:
        """The work is over."""
        self._follow.stop()
        self._progress = None
        self.hide()

    @Slot()
    def look(self) -> None:
        """Follow the worker."""
        if self._progress is not None and self._progress.total:
            self.words.setText(f"{self._words}: {round(self._progress.share * 100)} %")
            self.show()

    @Slot()
    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self.stop.setEnabled(False)


class Upkeep(QObject):
    """Of one open vault. `held` where something does not fit; `failed(sentence)` where it could
    not be done."""

    held = Signal()
    failed = Signal(str)

    def __init__(
        self, desk: Desk, workspace: Workspace, shown: QuietWork, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._shown = desk, workspace, shown
        self._progress: Progress | None = None
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self.work)

    def start(self) -> None:
        """Count from now."""
        self._timer.start()

    @Slot()
    def work(self) -> None:
        """Do what is due, one thing after the other."""
        self._run("Checking the records", self._workspace.log.verify_week, self._checked)

    def _try_out(self) -> None:
        self._run("Trying a backup out", self._workspace.drill.monthly, self._tried)

    def stop(self) -> None:
        """The vault is about to be locked: what is under way ends, and leaves nothing behind."""
        self._timer.stop()
        if self._progress is not None:
            self._progress.cancel()

    def _run(
        self, words: str, deed: Callable[[Progress], Any], done: Callable[[Any], None]
    ) -> None:
        from bt_desktop.services.work_progress import Progress  # deferred: the first window is Qt

        self._words = words
        self._progress = progress = Progress()
        self._shown.stop.setEnabled(True)
        self._shown.begin(words, progress)

        def over(result: Any) -> None:
            self._shown.end()
            done(result)

        self._desk.tasks.run(self, lambda: deed(progress), over, self._trouble, lane=Lane.BACKUP)

    def _checked(self, _: object) -> None:
        if self._workspace.held.held:
            self.held.emit()
        else:
            self._try_out()

    def _tried(self, trial: Trial | None) -> None:
        if trial is not None and not trial.good:
            self.failed.emit(
                "The newest backup was tried out and could not be opened whole. Make another one "
                "in the settings, under Backups."
            )

    def _trouble(self, problem: BaseException) -> None:
        self._shown.end()
        if self._workspace.locked or getattr(problem, "code", "") == "canceled":
            return
        said = str(problem) if isinstance(problem, KnownError) else "The program made a mistake."
        self.failed.emit(f"{self._words} did not work. {said}")
