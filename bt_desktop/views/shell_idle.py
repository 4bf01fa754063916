"""How long nobody touched the program: the cover at 3 minutes, the lock at 15, and after sleep."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from bt_desktop.clock import Clock
from bt_desktop.views.presence import ACTED

COVER_AFTER_S = 3 * 60
LOCK_AFTER_S = 15 * 60
_LOOK_EVERY_MS = 5_000
_SLEPT_S = 45
"""The wall clock ran on by this much more than the steady one: the computer was asleep."""

_TOUCHES = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
    QEvent.Type.InputMethod,
    ACTED,
}


class IdleWatch(QObject):
    """Emits `cover_due` and `lock_due` (after sleep `slept` before it); `look()` is called by a
    timer, or by a test.

    Input is seen at the windows themselves (each window that gets the focus is watched), so that
    no event of the many inside a page costs anything. What is done without input (`presence`) is
    told to the window, too. The clock is passed in.
    """

    lock_after_s = LOCK_AFTER_S
    cover_due = Signal()
    lock_due = Signal()
    slept = Signal()

    def __init__(self, app: QGuiApplication, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._touched = clock.monotonic()
        self._looked = (clock.monotonic(), clock.now())
        self._covered = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        app.focusWindowChanged.connect(self._watch)
        if (window := app.focusWindow()) is not None:
            self._watch(window)

    def start(self) -> None:
        """Begin counting (after unlocking)."""
        self.touch()
        self._looked = (self._clock.monotonic(), self._clock.now())
        self._timer.start()

    def stop(self) -> None:
        """Stop counting (while locked)."""
        self._timer.stop()

    @Slot()
    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self._clock.monotonic()
        self._covered = False

    @Slot()
    def look(self) -> None:
        """See how long nobody was there, and whether the computer slept meanwhile."""
        if not self._timer.isActive():
            return
        steady, wall = self._clock.monotonic(), self._clock.now()
        before, wall_before = self._looked
        self._looked = (steady, wall)
        slept = (wall - wall_before).total_seconds() - (steady - before) > _SLEPT_S
        idle = steady - self._touched
        if slept:
            self.slept.emit()
        if idle >= LOCK_AFTER_S or slept:
            self.lock_due.emit()
        elif idle >= COVER_AFTER_S and not self._covered:
            self._covered = True
            self.cover_due.emit()

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES and not self._covered:
            self._touched = self._clock.monotonic()
        return False
