"""Fields of the dose panel, one below the other, by name: as a sheet's, without its window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.field import FieldFrame


class FieldColumn(QWidget):
    """`frames` by name, `column` for what stands between them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frames: dict[str, FieldFrame] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def add(
        self, key: str, label: str, editor: QWidget, *, hint: str = "", required: bool = False
    ) -> FieldFrame:
        """A field named `key`."""
        frame = FieldFrame(self._theme, label, editor, hint=hint, required=required, parent=self)
        self.frames[key] = frame
        self.column.addWidget(frame)
        return frame

    def pair(self, *keys: str) -> None:
        """Put fields that were added side by side."""
        row = QHBoxLayout()
        row.setSpacing(12)
        at = self.column.indexOf(self.frames[keys[0]])
        for key in keys:
            self.column.removeWidget(self.frames[key])
            row.addWidget(self.frames[key], 1, Qt.AlignmentFlag.AlignTop)
        self.column.insertLayout(at, row)

    def clear_says(self) -> None:
        """Nothing is wrong beside any field."""
        for frame in self.frames.values():
            frame.say("")
