"""Shows one of several widgets, as tall as that one (a stack is as tall as its tallest)."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget


class OneOf(QWidget):
    """Holds widgets, shows one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget | None = None

    def add(self, widget: QWidget) -> None:
        """Hold one more; the first one is shown."""
        self._column.addWidget(widget)
        widget.setVisible(self._shown is None)
        if self._shown is None:
            self._shown = widget

    def show_only(self, widget: QWidget) -> None:
        """Show this one."""
        if self._shown is not None and self._shown is not widget:
            self._shown.hide()
        self._shown = widget
        widget.show()
        self.updateGeometry()
