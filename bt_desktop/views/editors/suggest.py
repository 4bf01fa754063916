"""The list that opens under a line while typing: options or people, never taking the focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.announce import announce

Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole
MOST_ROWS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row: a title with the spans that match what was typed, and quieter details."""

    key: str
    title: str
    details: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    flag: str = ""
    payload: Any = field(default=None, compare=False)

    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(part for part in (self.title, self.details, self.flag) if part)


class SuggestBox(QFrame):
    """A list over the window under `anchor`; the anchor keeps the focus and gets the keys.

    `chosen(Suggestion)` is emitted for Enter, Tab or a click. Up and Down move, Escape closes.
    It is a child of the window and no pop-up window, so it never grabs keyboard or mouse.
    """

    chosen = Signal(object)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        anchor.destroyed.connect(self.deleteLater)  # it is a child of the window by then
        self.setObjectName("suggestBox")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list = QListWidget(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(_RowPainter(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.itemClicked.connect(self._take)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(self._list)
        self.hide()

    def show_rows(
        self, rows: Sequence[Suggestion], at: QRect | None = None, *, current: int = 0
    ) -> None:
        """Show these rows under the anchor (or under `at`, in the anchor's coordinates)."""
        self._list.clear()
        if not rows:
            self.close_list()
            return
        for row in rows:
            item = QListWidgetItem(row.title)
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken())
            self._list.addItem(item)
        self._list.setCurrentRow(current)
        self._place(at or self._anchor.rect(), len(rows))
        self.show()
        self.raise_()
        self._announce()

    def close_list(self) -> None:
        """Close, choosing nothing; no name is left in it."""
        if self.is_open():
            self.hide()
            self._list.clear()

    def is_open(self) -> bool:
        """Whether rows are on show."""
        return not self.isHidden()

    def current(self) -> Suggestion | None:
        """The marked row."""
        item = self._list.currentItem()
        row: Suggestion | None = item.data(_ROW) if item is not None else None
        return row

    def rows(self) -> tuple[Suggestion, ...]:
        """All rows on show."""
        return tuple(self._list.item(i).data(_ROW) for i in range(self._list.count()))

    def take_key(self, event: QKeyEvent) -> bool:
        """Handle a key of the anchor; True if it belonged to the list."""
        if not self.is_open():
            return False
        key = event.key()
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 5,
            Qt.Key.Key_PageUp: -5,
        }
        if key in steps:
            self._move(steps[Qt.Key(key)])
            return True
        if key == Qt.Key.Key_Escape:
            self.close_list()
            return True
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and plain:
            row = self.current()
            self.close_list()
            if row is not None:
                self.chosen.emit(row)
            return True
        return False

    def _move(self, by: int) -> None:
        count = self._list.count()
        if not count:
            return
        wanted = self._list.currentRow() + by
        if abs(by) == 1:
            wanted %= count
        self._list.setCurrentRow(min(max(wanted, 0), count - 1))
        self._announce()

    def _take(self, item: QListWidgetItem) -> None:
        row = item.data(_ROW)
        self.close_list()
        self.chosen.emit(row)

    def _announce(self) -> None:
        row = self.current()
        if row is not None and isinstance(self._anchor, QLineEdit):
            place = f"{self._list.currentRow() + 1} of {self._list.count()}: {row.spoken()}"
            self._anchor.setAccessibleDescription(place)
            if self._anchor.hasFocus():
                announce(self._anchor, place, now=False)

    def _place(self, at: QRect, count: int) -> None:
        window = self._anchor.window()
        self.setParent(window)
        height = min(count, MOST_ROWS_SHOWN) * self._list.sizeHintForRow(0) + 4
        below = self._anchor.mapTo(window, at.bottomLeft() + QPoint(0, 3))
        width = max(at.width(), self.fontMetrics().averageCharWidth() * 46)
        width = min(width, window.width() - 16)
        left = min(below.x(), window.width() - width - 8)
        top = below.y()
        if top + height > window.height() - 4:
            above = self._anchor.mapTo(window, at.topLeft()).y() - 3 - height
            top = above if above > 0 else max(0, window.height() - height - 4)
        self.setGeometry(max(8, left), top, width, height)


class _RowPainter(QStyledItemDelegate):
    """Paints the title with what matches in bold, then the details, smaller and quieter."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is as high as a control."""
        base = super().sizeHint(option, index)
        return QSize(base.width(), round(option.fontMetrics.height() * 1.75))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row: Suggestion = index.data(_ROW)
        self.initStyleOption(option, index)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        palette = option.palette
        ink = palette.color(QPalette.ColorRole.Text)
        quiet = palette.color(QPalette.ColorRole.Text)
        quiet.setAlphaF(0.72)  # still more than 4.5:1 on both grounds
        area = option.rect.adjusted(12, 0, -8, 0)
        painter.save()
        bold = option.font
        bold.setWeight(bold.Weight.Bold)
        x = area.left()
        for text, strong in pieces(row.title, row.spans):
            painter.setFont(bold if strong else option.widget.font())
            painter.setPen(ink)
            x += self._write(painter, area, x, text)
        small = option.widget.font()
        small.setPixelSize(max(9, round(small.pixelSize() * 13 / 15)))
        painter.setFont(small)
        painter.setPen(ink if chosen else quiet)
        tail = " · ".join(part for part in (row.flag, row.details) if part)
        if tail:
            room = area.right() - x
            text = painter.fontMetrics().elidedText(f" · {tail}", Qt.TextElideMode.ElideRight, room)
            self._write(painter, area, x, text)
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, area: QRect, x: int, text: str) -> int:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        rect = QRect(x, area.top(), max(0, area.right() - x), area.height())
        painter.drawText(rect, flags, text)
        return painter.fontMetrics().horizontalAdvance(text)


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text at the spans (start, end) that match: [(piece, matches)]."""
    out: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spans):
        if start > at:
            out.append((text[at:start], False))
        if end > max(at, start):
            out.append((text[max(at, start) : end], True))
            at = end
    if at < len(text):
        out.append((text[at:], False))
    return out


class CloseOnLeave(QObject):
    """Closes a suggestion list when its anchor loses the focus or is hidden."""

    def __init__(self, anchor: QWidget, box: SuggestBox) -> None:
        super().__init__(anchor)
        self._box = box
        anchor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the anchor."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._box.close_list()
        return super().eventFilter(watched, event)
