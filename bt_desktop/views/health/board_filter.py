"""The line at the head of the board: letters narrow it, arrows move in it, Enter opens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.inputs import SearchLine

_HINT = "Two letters of a name"
_HELP = (
    "Up and Down choose a line, Enter opens it. Where two letters leave only one dose that is due, "
    "it opens by itself."
)


class BoardFilter(SearchLine):
    """`moved(1 or -1)` on the arrows."""

    moved = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, _HINT, parent=parent)
        self.setAccessibleName("Find on the board: two letters of a name")
        self.setAccessibleDescription(_HELP)
        self.setToolTip(f"{_HINT}. {_HELP}")  # the hint is cut short in a narrow window

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self.moved.emit(steps[Qt.Key(event.key())])
                return True
        return super().event(event)
