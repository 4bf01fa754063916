"""The way back from a sheet, also where what had opened it is made anew meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget


class WayBack(QObject):
    """Watches what had the keyboard in a window when a sheet opened over it.

    A list of cards that is made anew after the deed takes the button with it, and the window would
    begin at its very first thing. Then the keyboard goes to what bears the same name, or, where
    nothing does and nothing else has it, to what stands nearest. Whoever has gone elsewhere
    meanwhile stays there.
    """

    def __init__(self, window: QWidget, opener: QWidget) -> None:
        """`opener` has the keyboard of `window`."""
        super().__init__(window)
        self._window, self._kind, self._name = window, type(opener), _name_of(opener)
        self._place = opener.mapTo(window, opener.rect().center())
        self._lost = False
        opener.installEventFilter(self)
        opener.destroyed.connect(self._gone)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hidden while it has the keyboard of its window."""
        if event.type() == QEvent.Type.Hide and self._window.focusWidget() is watched:
            self._lost = True
            QTimer.singleShot(0, self, self._stays)
        return False

    @Slot()
    def _stays(self) -> None:
        self._lost = (
            False  # hidden and not gone: the page went, and whoever showed another leads on
        )

    @Slot()
    def _gone(self) -> None:
        # Nothing is touched while it is being destroyed; then all that comes anew is there, too.
        lost = self._lost
        QTimer.singleShot(0, self, lambda: self._look(lost))

    def _look(self, lost: bool) -> None:
        self.deleteLater()
        nowhere = self._window.focusWidget() is None
        if not self._window.isVisible() or not (lost or nowhere):
            return
        here = [one for one in self._window.findChildren(QWidget) if _is_stop(one, self._window)]
        same = [one for one in here if type(one) is self._kind and _name_of(one) == self._name]
        target = min(same or (here if nowhere else []), key=self._far, default=None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _far(self, one: QWidget) -> int:
        place: QPoint = one.mapTo(self._window, one.rect().center())
        return (place - self._place).manhattanLength()


def keep_way_back(over: QWidget | None) -> None:
    """To be called before a sheet opens over `over`: see `WayBack`."""
    window = over.window() if over is not None else None
    if window is None:
        return
    for before in window.findChildren(WayBack, options=Qt.FindChildOption.FindDirectChildrenOnly):
        before.deleteLater()
    opener = window.focusWidget()
    if opener is not None and opener is not window:
        WayBack(window, opener)


def _name_of(widget: QWidget) -> str:
    return widget.accessibleName() or str(getattr(widget, "text", str)())


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    return bool(
        widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
    )
