"""What a search of the list found: each record in two lines, the words that matched in bold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bt_desktop.views.marked_text import paint_marked
from bt_desktop.views.records_model import IN_ERROR
from bt_desktop.views.state_words import summary_state
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.table import CellDelegate, menu_place, state_tone
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.records import RecordSummary
    from bt_desktop.services.results.search import TextHit

_ROW = Qt.ItemDataRole.UserRole
_SELECTED = QStyle.StateFlag.State_Selected
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A record that was found, and why: by its number, its student, or words in its text."""

    record: RecordSummary
    why: str
    snippet: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    place: int | None = None


def row_of_text(hit: TextHit) -> FoundRow:
    """A record found by its words."""
    why = f"{hit.part}, in an earlier version" if hit.earlier else hit.part
    return FoundRow(hit.record, why, hit.snippet, hit.spans, hit.place)


class FoundModel(QAbstractListModel):
    """The rows, in order."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = now
        self.rows: tuple[FoundRow, ...] = ()

    def set_rows(self, rows: tuple[FoundRow, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            state = summary_state(row.record, self.now())
            said = (*self.head(row), state, row.why, row.snippet)
            return ", ".join(part for part in said if part)
        return None

    def head(self, row: FoundRow) -> tuple[str, ...]:
        """What stands in the first line: number or form, student, when, and what it is."""
        record = row.record
        when = moment_words(record.event_at or record.updated_at, self.now())
        title = record.number or record.title
        kept_apart = "confidential" if record.confidential else ""
        return tuple(filter(None, (title, record.subject_name, when, kept_apart)))


class FoundDelegate(QStyledItemDelegate):
    """Two lines: what it is and its state, then where the words stand."""

    def __init__(self, theme: Theme, model: FoundModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self._cells = CellDelegate(theme, self)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(62))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FoundRow = index.data(_ROW)
        theme, px, rect = self._theme, self._theme.px, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & _SELECTED:
            painter.fillRect(rect, theme.color("accent_weak"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("raised"))
        if index.row() < len(self._model.rows) - 1:
            painter.setPen(theme.color("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(px(14), px(6), -px(12), -px(6))
        half = inner.height() // 2
        head = QRect(inner.x(), inner.y(), inner.width(), half)
        pill = self._paint_state(painter, head, row, bool(option.state & _SELECTED))
        first = QRect(inner.x(), inner.y(), inner.width() - pill - px(10), half)
        title, *rest = self._model.head(row)
        void = row.record.state == IN_ERROR
        painter.setPen(theme.color("muted" if void else "ink"))
        used = paint_marked(painter, first, title, ((0, len(title)),), theme, 15)
        if void:
            middle = first.center().y() + px(1)
            painter.drawLine(first.left(), middle, first.left() + used, middle)
        painter.setPen(theme.color("muted"))
        beside = first.adjusted(used + px(10), 0, 0, 0)
        paint_marked(painter, beside, " · ".join(rest), (), theme, 13)
        self._paint_why(painter, QRect(inner.x(), inner.y() + half, inner.width(), half), row)
        painter.restore()

    def _paint_state(self, painter: QPainter, line: QRect, row: FoundRow, chosen: bool) -> int:
        word = summary_state(row.record, self._model.now())
        font = self._theme.font(13, weight=600)
        wide = QFontMetrics(font).horizontalAdvance(word) + self._theme.px(18)
        box = QRect(line.right() - wide, line.y(), wide, line.height())
        self._cells.paint_pill(painter, box, word, state_tone(row.record.state), chosen=chosen)
        return wide

    def _paint_why(self, painter: QPainter, line: QRect, row: FoundRow) -> None:
        theme = self._theme
        painter.setPen(theme.color("muted"))
        why = f"{row.why}:" if row.snippet else row.why
        used = paint_marked(painter, line, why, (), theme, 13)
        painter.setPen(theme.color("ink"))
        rest = line.adjusted(used + theme.px(6), 0, 0, 0)
        paint_marked(painter, rest, row.snippet, row.spans, theme, 13)


class FoundList(QListView):
    """The rows as tall as they are many. `opened(record_id)` on Enter and on a click;
    `menu_asked(record, where)` as a table's."""

    opened = Signal(str)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.found = FoundModel(now, self)
        self.setModel(self.found)
        self.setItemDelegate(FoundDelegate(theme, self.found, self))
        self.setAccessibleName("What was found")
        self.setObjectName("foundList")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._open)
        theme.changed.connect(self.updateGeometry)

    def show_rows(self, rows: tuple[FoundRow, ...]) -> None:
        """Show these; whoever was on one of them stays there."""
        at = self.currentIndex().row()
        was = self.found.rows[at].record.id if self.hasFocus() and at >= 0 else ""
        self.found.set_rows(rows)
        if rows and not self.go_to(was):
            self.setCurrentIndex(self.found.index(0))
        self.updateGeometry()

    def go_to(self, record_id: str) -> bool:
        """Make the row of a record the current one; False where there is none."""
        for place, row in enumerate(self.found.rows):
            if row.record.id == record_id:
                self.setCurrentIndex(self.found.index(place))
                return True
        return False

    def sizeHint(self) -> QSize:
        tall = self.found.rowCount() * self._theme.px(62) + 4
        return QSize(super().sizeHint().width(), tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (found := menu_place(self, event)) is not None:
            index, place = found
            self.menu_asked.emit(self.found.rows[index.row()].record, place)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.found.rows[index.row()].record.id)
