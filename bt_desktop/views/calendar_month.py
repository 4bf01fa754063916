"""One month of the school's calendar as a grid of days, for keyboard and mouse alike."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bt_desktop.services.school_days import Day, SchoolCalendar
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.when import clock_words, day_words

WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_ROWS = 6
_DAY_ROLE = Qt.ItemDataRole.UserRole + 1
_KINDS = {
    "no_school": "No school",
    "staff_day": "Staff only",
    "early": "Early",
    "school": "School",
}
_NONE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def kind_word(day: Day) -> str:
    """What a mark says, in a word or two: No school; Early 12:30 pm."""
    word = _KINDS[day.kind]
    return f"{word} {clock_words(day.bell)}" if day.bell is not None else word


class MonthModel(QAbstractTableModel):
    """Six weeks that hold the month, Sunday first."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.first = today.replace(day=1)
        self._school: SchoolCalendar | None = None
        self._marks: Mapping[date, Day] = {}

    def show(self, month: date, school: SchoolCalendar) -> None:
        """Show this month of this calendar."""
        self.beginResetModel()
        self.first, self._school, self._marks = month.replace(day=1), school, school.days
        self.endResetModel()

    def day(self, index: Index) -> date:
        """The day of a cell."""
        begin = self.first - timedelta(days=(self.first.weekday() + 1) % 7)
        return begin + timedelta(days=index.row() * 7 + index.column())

    def index_of(self, day: date) -> QModelIndex:
        """The cell of a day of this month."""
        begin = self.first - timedelta(days=(self.first.weekday() + 1) % 7)
        row, column = divmod((day - begin).days, 7)
        return self.index(row, column)

    def mark(self, day: date) -> Day | None:
        """What is entered for a day."""
        return self._marks.get(day)

    def is_school(self, day: date) -> bool:
        """Whether there is school."""
        return self._school is not None and self._school.is_school_day(day)

    def in_month(self, day: date) -> bool:
        """Whether a day is of the month shown."""
        return (day.year, day.month) == (self.first.year, self.first.month)

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else _ROWS

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else 7

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return WEEKDAYS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        day = self.day(index)
        if role == _DAY_ROLE:
            return day
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(day)
        if role == Qt.ItemDataRole.ToolTipRole:
            mark = self.mark(day)
            return mark.label if mark is not None and mark.label else None
        return None

    def _spoken(self, day: date) -> str:
        mark = self.mark(day)
        words = [day_words(day)]
        if mark is not None:
            words += [kind_word(mark), mark.label]
        else:
            words.append("school" if self.is_school(day) else "no school")
        if day == self.today:
            words.append("today")
        return ", ".join(word for word in words if word)


class _Cells(QStyledItemDelegate):
    """Paints a day: its number, what it is in words, its label."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(54))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, MonthModel)  # noqa: S101 - the grid has no other
        day, theme = model.day(index), self._theme
        mark, inside = model.mark(day), model.in_month(day)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        rect: QRect = option.rect
        painter.save()
        painter.fillRect(rect, theme.color(self._ground(mark, model.is_school(day), chosen)))
        if focused or day == model.today:
            painter.setPen(theme.color("accent" if focused else "line_strong"))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        pad = theme.px(5)
        box = rect.adjusted(pad, pad - 1, -pad, -pad)
        painter.setPen(theme.color("ink" if inside else "muted"))
        bold = theme.font(14)
        bold.setBold(day == model.today or mark is not None)
        painter.setFont(bold)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(flags), str(day.day))
        if mark is not None:
            self._words(painter, box, mark)
        painter.restore()

    def _ground(self, mark: Day | None, school: bool, chosen: bool) -> str:
        if chosen:
            return "accent_weak"
        if mark is not None and mark.kind == "early":
            return "warn_weak"
        if mark is not None and mark.kind == "school":
            return "ok_weak"
        return "surface" if school else "bg"

    def _words(self, painter: QPainter, box: QRect, mark: Day) -> None:
        theme = self._theme
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("warn" if mark.kind == "early" else "muted"))
        metrics = painter.fontMetrics()
        for i, text in enumerate((mark.label, kind_word(mark))):
            line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            at = box.adjusted(0, 0, 0, -i * metrics.height())
            painter.drawText(
                at, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), line
            )


class MonthGrid(QTableView):
    """Arrows move, Shift and arrows (or dragging) choose several days, Page keys turn the month.

    `chosen(first, last)` when other days are chosen; `turned(months)` to show another month.
    """

    chosen = Signal(object, object)
    turned = Signal(int)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.days = MonthModel(today, self)
        self.setModel(self.days)
        self.setItemDelegate(_Cells(theme, self))
        self.setObjectName("monthGrid")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.selectionModel().selectionChanged.connect(self._selected)
        theme.changed.connect(self._size_up)
        self._size_up()

    def show_month(self, month: date, school: SchoolCalendar, day: date | None = None) -> None:
        """Show a month; `day` is chosen, else its first or today."""
        self.days.show(month, school)
        wanted = day or (self.days.today if self.days.in_month(self.days.today) else month)
        index = self.days.index_of(wanted)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        first = self.days.first
        self.setAccessibleName(f"{months.month_name[first.month]} {first.year}")

    def span(self) -> tuple[date, date] | None:
        """The days chosen, both inclusive: from the first to the last cell in reading order."""
        found = sorted(self.days.day(index) for index in self.selectedIndexes())
        return (found[0], found[-1]) if found else None

    def choose(self, first: date, last: date) -> None:
        """Choose days of the month shown."""
        model = self.selectionModel()
        begin, end = self.days.index_of(first), self.days.index_of(last)
        model.select(QItemSelection(begin, end), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @Slot()
    def _selected(self) -> None:
        span = self.span()
        if span is not None:
            self.chosen.emit(*span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if turn is not None:
            self.turned.emit(turn)
            return
        super().keyPressEvent(event)

    @Slot()
    def _size_up(self) -> None:
        high = self._theme.px(54)
        for row in range(_ROWS):
            self.setRowHeight(row, high)
        self.setFixedHeight(high * _ROWS + self.horizontalHeader().sizeHint().height() + 2)
