"""The lists of a roster's preview on the page: one at a time, found in by typing."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.services.names import fold
from bt_desktop.services.roster_model import RosterLink
from bt_desktop.views.desk import Desk
from bt_desktop.views.roster_lists import RosterList, RosterRow
from bt_desktop.views.widgets.buttons import Chip, LinkButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.table import TONE_ROLE, Table, TableCard
from bt_desktop.views.widgets.text import Muted

_TALL = 300
_Index = QModelIndex | QPersistentModelIndex


class RosterRowsModel(QAbstractTableModel):
    """The rows of one list, and which of its doubtful links were chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._list: RosterList | None = None
        self._rows: tuple[RosterRow, ...] = ()
        self.chosen: dict[RosterLink, None] = {}

    def show_list(self, which: RosterList, typed: str = "") -> None:
        """Show the rows of `which` that hold every word of `typed`."""
        words = fold(typed).split()
        self.beginResetModel()
        self._list = which
        self._rows = (
            tuple(row for row in which.rows if all(word in row.key for word in words))
            if words
            else which.rows
        )
        self.endResetModel()

    def turn(self, index: _Index) -> None:
        """Choose a doubtful link, or leave it again."""
        link = self._rows[index.row()].link
        if link is None:
            return
        if link in self.chosen:
            del self.chosen[link]
        else:
            self.chosen[link] = None
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), 2))

    def choose_all(self, on: bool) -> None:
        """Choose every link that is shown, or none."""
        for row in self._rows:
            if row.link is not None and on:
                self.chosen[row.link] = None
            elif row.link is not None:
                self.chosen.pop(row.link, None)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 2))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self._list is None else len(self._list.heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if (
            orientation == Qt.Orientation.Horizontal
            and role == Qt.ItemDataRole.DisplayRole
            and self._list is not None
        ):
            return self._list.heads[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if row.link is not None and index.column() == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return "Yes, link" if row.link in self.chosen else "No"
            if role == TONE_ROLE:
                return "ok" if row.link in self.chosen else "plain"
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.cells[index.column()]
        return None


class RosterLists(QWidget):
    """Chips for the lists, a line to find in them, and the table. `links_changed` when one of
    the doubtful links was chosen or left."""

    links_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lists: dict[str, RosterList] = {}
        self._now = ""
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        self._row = QWidget(self)
        self._flow = FlowLayout(self._row)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._row.setSizePolicy(policy)
        self.model = RosterRowsModel(self)
        self.model.dataChanged.connect(self.links_changed)
        self.filter = SearchLine(desk.theme, "Find in this list", parent=self)
        self.filter.textChanged.connect(self._narrow)
        self.says = Muted("", self)
        self.all, self.none = LinkButton("Link all of these", self), LinkButton("Link none", self)
        self.all.clicked.connect(lambda: self.model.choose_all(True))
        self.none.clicked.connect(lambda: self.model.choose_all(False))
        choosing = QHBoxLayout()
        choosing.setSpacing(12)
        choosing.addWidget(self.all)
        choosing.addWidget(self.none)
        choosing.addStretch(1)
        self.card = TableCard(self)
        inside = self.card.inside
        self.table = Table(desk.theme, parent=self.card)
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.opened.connect(self.model.turn)
        inside.addWidget(self.table)
        self.count = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._row)
        column.addWidget(self.says)
        column.addWidget(self.filter)
        column.addLayout(choosing)
        column.addWidget(self.card)
        column.addWidget(self.count)
        desk.theme.changed.connect(self._size_up)
        self._size_up()

    def show_lists(self, lists: tuple[RosterList, ...], first: str = "") -> None:
        """Offer every list that is not empty, `first` or the first of them shown."""
        self._lists = {one.code: one for one in lists if one.rows}
        self.model.chosen.clear()
        self._clear_chips()
        for code, one in self._lists.items():
            chip = Chip(f"{one.title} {len(one.rows):,}", self._row)
            chip.setAccessibleName(f"{one.title}: {len(one.rows):,} rows")
            chip.clicked.connect(lambda _=False, which=code: self.show_one(which))
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            chip.show()
            self.chips[code] = chip
        self.setVisible(bool(self._lists))
        if self._lists:
            self.show_one(first if first in self._lists else next(iter(self._lists)))

    def show_one(self, code: str) -> None:
        """Show one list, whole."""
        self._now = code
        self.chips[code].setChecked(True)
        which = self._lists[code]
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.says.setText(which.says)
        self.says.setVisible(bool(which.says))
        for link in (self.all, self.none):
            link.setVisible(code == "doubtful")
        self.table.setAccessibleName(which.title)
        self.table.setAccessibleDescription(which.says)
        self._narrow()
        self.table.set_shares(*which.shares)
        self.table.scrollToTop()

    def order_tabs(self, before: QWidget, *after: QWidget) -> None:
        """Tab goes from `before` through the lists to `after`; chips made later came last."""
        own = (*self.chips.values(), self.filter, self.all, self.none, self.table)
        for widget in (*own, *after):
            QWidget.setTabOrder(before, widget)
            before = widget

    def chosen(self) -> tuple[RosterLink, ...]:
        """The doubtful links that a person said are right."""
        return tuple(self.model.chosen)

    @Slot()
    def _narrow(self) -> None:
        which = self._lists.get(self._now)
        if which is None:
            return
        self.model.show_list(which, self.filter.text())
        shown, whole = self.model.rowCount(), len(which.rows)
        if shown == whole:
            self.count.setText("")
        elif shown:
            self.count.setText(f"{shown:,} of {whole:,}")
        else:
            self.count.setText("Nothing found in this list.")
        self.count.setVisible(shown != whole)

    def _clear_chips(self) -> None:
        for chip in self.chips.values():
            self._group.removeButton(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips.clear()

    @Slot()
    def _size_up(self) -> None:
        self.card.setFixedHeight(self._desk.theme.px(_TALL))
