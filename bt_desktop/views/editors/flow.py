"""The flow of chips in which the line to type in takes what room is left."""

from __future__ import annotations

from PySide6.QtWidgets import QLayoutItem, QSizePolicy

from bt_desktop.views.widgets.flow import FlowLayout


class FillingFlow(FlowLayout):
    """As `FlowLayout`, but a widget whose policy is Expanding fills the rest of its line."""

    def _width_in(self, item: QLayoutItem, wide: int, room: int) -> int:
        """All that is left, where it expands."""
        return max(wide, room) if _expands(item) else wide


def _expands(item: QLayoutItem) -> bool:
    widget = item.widget()
    if widget is None:
        return False
    return widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
