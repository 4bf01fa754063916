"""A layout that puts things side by side and goes on in the next line (chips, pills)."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then down; every item keeps the size it wants."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        gap: int = 8,
        between: int | None = None,
        at_end: bool = False,
    ) -> None:
        """`gap` between items; `between` lines, where that is another. `at_end` lets each line end
        at the right edge (buttons beside a title)."""
        super().__init__(parent)
        self._at_end = at_end
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width; Qt asks many times for each that it lays out
        self._gap = gap
        self._between = gap if between is None else between
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put `widget` at `index`."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        taken = self._items.pop(index)
        self.invalidate()
        return taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._heights = {}
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), dry=True)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, dry=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _arrange(self, rect: QRect, *, dry: bool) -> int:
        """Place the items, those of a line on its middle; the height that they take."""
        inner = rect.marginsRemoved(self.contentsMargins())
        x, y, line = inner.x(), inner.y(), 0
        placed: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            wide = min(size.width(), max(1, inner.width()))
            if x + wide > inner.right() + 1 and line > 0:
                self._set_line([] if dry else placed, line, inner)
                placed = []
                x, y, line = inner.x(), y + line + self._between, 0
            wide = self._width_in(item, wide, inner.right() + 1 - x)
            placed.append((item, QRect(QPoint(x, y), QSize(wide, size.height()))))
            x += wide + self._gap
            line = max(line, size.height())
        self._set_line([] if dry else placed, line, inner)
        return y + line - rect.y() + self.contentsMargins().bottom()

    def _width_in(self, _item: QLayoutItem, wide: int, _room: int) -> int:
        """The width of an item that wants `wide` where `room` is left in its line."""
        return wide

    def _set_line(self, placed: list[tuple[QLayoutItem, QRect]], tall: int, inner: QRect) -> None:
        left = inner.right() - placed[-1][1].right() if placed and self._at_end else 0
        for item, box in placed:
            item.setGeometry(box.translated(left, (tall - box.height()) // 2))
