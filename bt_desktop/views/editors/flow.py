"""The flow of chips in which the line to type in takes what room is left."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayoutItem, QSizePolicy

from bt_desktop.views.widgets.flow import FlowLayout


class FillingFlow(FlowLayout):
    """As `FlowLayout`, but a widget whose policy is Expanding fills the rest of its line."""

    def _arrange(self, rect: QRect, *, dry: bool) -> int:
        inner = rect.marginsRemoved(self.contentsMargins())
        x, y, line = inner.x(), inner.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            wide = min(size.width(), max(1, inner.width()))
            if x + wide > inner.right() + 1 and line > 0:
                x, y, line = inner.x(), y + line + self._gap, 0
            if _expands(item):
                wide = max(wide, inner.right() + 1 - x)
            if not dry:
                item.setGeometry(QRect(QPoint(x, y), QSize(wide, size.height())))
            x += wide + self._gap
            line = max(line, size.height())
        return y + line - rect.y() + self.contentsMargins().bottom()


def _expands(item: QLayoutItem) -> bool:
    widget = item.widget()
    if widget is None:
        return False
    return widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
