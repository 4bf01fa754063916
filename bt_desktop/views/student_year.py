"""The last 30 days and the last twelve months of a student, as numbers, a picture and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.when import MONTHS

if TYPE_CHECKING:
    from bt_desktop.services.results.students import MonthCount, StudentRecords

_TALL = 132


def month_word(month: MonthCount) -> str:
    """November 2026."""
    return f"{MONTHS[month.first.month - 1]} {month.first.year}"


class YearPicture(QWidget):
    """Twelve bars with their numbers; the same numbers are said to a screen reader."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.months: tuple[MonthCount, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_months(self, months: tuple[MonthCount, ...]) -> None:
        """Show these."""
        self.months = months
        said = "; ".join(f"{month_word(one)}: {one.total}" for one in months)
        self.setAccessibleName("Records of the last twelve months")
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(420), self._theme.px(_TALL))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(260), self._theme.px(_TALL))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.months:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, px = self._theme, self._theme.px
        foot, head = px(20), px(20)
        room = self.height() - foot - head
        most = max(1, *(one.total for one in self.months))
        step = self.width() / len(self.months)
        painter.setFont(theme.font(13))
        for number, month in enumerate(self.months):
            left, wide = round(number * step), round(step)
            tall = round(room * month.total / most)
            base = head + room
            if month.total:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent"))
                bar = min(px(26), wide - px(6))
                x = left + (wide - bar) // 2
                painter.drawRoundedRect(x, base - tall, bar, tall, px(2), px(2))
                painter.setPen(theme.color("ink"))
                above = QRect(left, base - tall - head, wide, head)
                painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(month.total))
            painter.setPen(theme.color("muted"))
            name = MONTHS[month.first.month - 1][: 3 if wide >= px(30) else 1]
            below = QRect(left, base + px(2), wide, foot)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(theme.color("line_strong"))
        painter.drawLine(0, head + room, self.width(), head + room)


class MonthsModel(RowsModel["MonthCount"]):
    """The months as rows, the newest first, a column for each form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds: tuple[str, ...] = ()

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008 - Qt's own
    ) -> int:
        return 0 if parent.isValid() else 2 + len(self.kinds)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Month", "All", *self.kinds)[section]
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        month = self._rows[index.row()]
        return (month_word(month), str(month.total), *map(str, month.numbers))[index.column()]


class StudentYear(Card):
    """Counts of the last 30 days, and the year as a picture or, on wish, as a table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=16, spacing=10)
        self._theme = theme
        self.counts = FlowLayout(gap=20)
        self.words = Muted("", self)
        self.picture = YearPicture(theme, self)
        self.model = MonthsModel(self)
        self.table_card = TableCard(self)
        inside = self.table_card.inside
        self.table = Table(theme, fit=True, parent=self.table_card)
        self.table.setAccessibleName("Records by month")
        self.table.setModel(self.model)
        inside.addWidget(self.table)
        self.table_card.hide()
        self.switch = LinkButton("Show as a table", self)
        self.switch.clicked.connect(self._switch)
        head = QHBoxLayout()
        head.addWidget(plain_label("The last twelve months", "strong", self))
        head.addStretch(1)
        head.addWidget(self.switch)
        self._year = QWidget(self)
        year = QVBoxLayout(self._year)
        year.setContentsMargins(0, 0, 0, 0)
        year.setSpacing(6)
        year.addLayout(head)
        year.addWidget(self.picture)
        year.addWidget(self.table_card)
        self.column.addWidget(SectionTitle("Last 30 days", self))
        self.column.addLayout(self.counts)
        self.column.addWidget(self.words)
        self.column.addWidget(self._year)

    def show_records(self, records: StudentRecords) -> None:
        """Show the numbers."""
        while (item := self.counts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in records.recent:
            self.counts.addWidget(self._count(one.number, one.title))
        nothing = "" if records.recent else "No record in the last 30 days. "
        whose = "" if records.everything else "Counted are the records that you may see."
        self.words.setText(f"{nothing}{whose}".strip())
        self.words.setVisible(bool(self.words.text()))
        self._year.setVisible(any(month.total for month in records.months))
        self.picture.show_months(records.months)
        self.model.kinds = records.kinds
        self.model.set_rows(tuple(reversed(records.months)))
        self.table.set_shares(24, 10, *(66 / max(1, len(records.kinds)) for _ in records.kinds))
        self.table.rows_changed()

    def _count(self, number: int, title: str) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(plain_label(str(number), "sectionTitle", holder))
        row.addWidget(plain_label(title, "", holder))
        holder.setAccessibleName(f"{title}: {number}")
        return holder

    @Slot()
    def _switch(self) -> None:
        """Picture or table: the same numbers."""
        table = self.table_card.isHidden()
        self.table_card.setVisible(table)
        self.picture.setVisible(not table)
        self.switch.setText("Show as a picture" if table else "Show as a table")
