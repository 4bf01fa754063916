"""The marks of a body as a table: what can be read, searched and heard; the picture follows it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from bt_desktop.form_engine.body import atlas, side_word
from bt_desktop.form_engine.body_marks import BodyMap, Mark
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import dress_rows

MOST_ROWS_SHOWN = 7
_NUMBER, _REGION, _SIDE, _TYPE, _SIZE, _COLOR, _NOTE = range(7)
_FITTED = {_NUMBER: "500", _SIDE: "Middle", _SIZE: "120 × 100 mm"}
_GOES_BELOW = {_NOTE: 70, _COLOR: 60, _SIZE: 50}
"""Letters of width below which a column is left out."""
_SHARES = {_REGION: 3.2, _TYPE: 3.0, _COLOR: 1.8, _NOTE: 2.0}


class MarksModel(RowsModel[Mark]):
    """One row for each mark."""

    HEADS = ("#", "Region", "Side", "Type", "Size", "Color", "Note")

    def __init__(self, types: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._types = types
        self._unit = "mm"

    def show_map(self, shown: BodyMap) -> None:
        """Show these marks; rows that stay keep their place, so nothing jumps."""
        same = len(shown.marks) == len(self._rows) and shown.unit == self._unit
        self._unit = shown.unit
        if not same:
            self.set_rows(shown.marks)
            return
        before, self._rows = self._rows, shown.marks
        for place, (old, new) in enumerate(zip(before, shown.marks, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, _NOTE))

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid():
            return None
        said = self._said(self.row(index), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            head = "Mark" if index.column() == _NUMBER else self.HEADS[index.column()]
            return f"{head} {said or 'not said'}"
        return None

    def _said(self, mark: Mark, column: int) -> str:
        region = atlas().regions.get(mark.region)
        return {
            _NUMBER: str(mark.n),
            _REGION: atlas().bare_place(mark.region, mark.view),
            _SIDE: side_word(region.side) if region is not None else "",
            _TYPE: self._types.get(mark.type, mark.type.replace("_", " ")),
            _SIZE: mark.size(self._unit),
            _COLOR: mark.color,
            _NOTE: mark.note,
        }[column]


class MarksTable(QTableView):
    """All marks. Up and down choose one, Enter goes to its details, Delete takes it away.

    Signals: `picked(n)` when another mark is chosen; `opened(n)`; `removed(n)`.
    """

    picked = Signal(int)
    opened = Signal(int)
    removed = Signal(int)

    def __init__(self, types: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("marksTable")
        self.locked = False
        self._quiet = False
        self.rows = MarksModel(types, self)
        self.setModel(self.rows)
        dress_rows(self)
        self.selectionModel().currentRowChanged.connect(self._chosen)

    def show_map(self, shown: BodyMap, chosen: int) -> None:
        """Show these marks and choose one of them, without `picked`."""
        self._quiet = True
        tall = self.sizeHint().height()
        self.rows.show_map(shown)
        if 1 <= chosen <= self.rows.rowCount():
            at = self.rows.index(chosen - 1, _REGION)
            if self.currentIndex().row() != chosen - 1:
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(at, flags.ClearAndSelect | flags.Rows)
                self.scrollTo(at)
        self._quiet = False
        if self.sizeHint().height() != tall:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As tall as its rows, up to some."""
        rows = min(self.rows.rowCount(), MOST_ROWS_SHOWN)
        head = self.horizontalHeader().sizeHint().height()
        return QSize(320, head + rows * self._row_height() + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """No less tall: the page scrolls, not a slit."""
        return QSize(160, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete takes away."""
        at = self.currentIndex()
        if at.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(at.row() + 1)
        elif at.isValid() and event.key() == Qt.Key.Key_Delete and not self.locked:
            self.removed.emit(at.row() + 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out."""
        super().resizeEvent(event)
        self.share_out()

    def share_out(self) -> None:
        """Numbers, sides and sizes get what they need, the others share the rest.

        Note, color and size, which the details below show too, go where there is no room.
        """
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        whole, metrics = self.viewport().width(), self.fontMetrics()
        letters = whole / max(1, metrics.averageCharWidth())
        for column, least in _GOES_BELOW.items():
            self.setColumnHidden(column, letters < least)
        widths = {
            column: metrics.horizontalAdvance(text) + metrics.averageCharWidth() * 3
            for column, text in _FITTED.items()
            if not self.isColumnHidden(column)
        }
        shared = [c for c in _SHARES if not self.isColumnHidden(c)]
        rest = whole - sum(widths.values())
        for column in shared:
            widths[column] = int(rest * _SHARES[column] / sum(_SHARES[c] for c in shared))
        widths[shared[-1]] += whole - sum(widths.values())
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    def _row_height(self) -> int:
        return round(self.fontMetrics().lineSpacing() * 1.55)

    def _chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._quiet:
            self.picked.emit(now.row() + 1)
