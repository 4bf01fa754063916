"""The board's own column: the line to find with, what is to do, the lines of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.board_model import Board, Line
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.board_filter import BoardFilter
from bt_desktop.views.health.board_order import ORDERS, arranged, due_first, key_of, meant
from bt_desktop.views.health.board_table import BoardModel, BoardTable
from bt_desktop.views.health.board_tasks import BoardTasks
from bt_desktop.views.health.board_words import DUE_NOW, counts_words, day_notes, empty_words
from bt_desktop.views.widgets.buttons import ActionButton, Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.table import TableCard
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

RING = 4
"""Room around what takes the focus, so that its ring is not cut off by the scroll area."""


class BoardList(Scroll):
    """`opened(Line)` by a click or Enter in the table; `arranged(by)` when the order was chosen."""

    opened = Signal(object)
    arranged = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, by: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._board: Board | None = None
        self.lines: tuple[Line, ...] = ()
        self._last = ""  # whose dose was recorded last
        self.by = by
        self.holder = holder = QWidget()
        holder.setObjectName("ground")
        self.filter = BoardFilter(desk.theme, holder)
        self.filter.textChanged.connect(self._letters_changed)
        self.filter.moved.connect(self._move)
        self.emergency = ActionButton(
            desk.theme, "Emergency dose", keys="F9", kind="danger", parent=holder
        )
        self.counts = plain_label("", "strong", holder)
        self.note, self.banner = Banner(desk.theme, holder), Banner(desk.theme, holder)
        self.tasks = BoardTasks(desk, workspace, holder)
        self.model = BoardModel(self)
        self.card = TableCard(holder)
        self.table = BoardTable(desk.theme, self.card)
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.arrange()
        self.table.opened.connect(self._open_index)
        self.card.inside.addWidget(self.table)
        self.empty = Muted("", holder)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 1)
        head.addWidget(self.emergency)
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        orders = FlowLayout()
        for key, words in ORDERS:
            chip = self.chips[key] = Chip(words, self.holder)
            chip.clicked.connect(lambda _=False, which=key: self.arrange(which))
            self._group.addButton(chip)
            orders.addWidget(chip)
        self.chips[self.by].setChecked(True)
        orders.addWidget(self.counts)
        column = QVBoxLayout(self.holder)
        column.setContentsMargins(RING, RING, RING, RING)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(orders)
        for widget in (self.note, self.banner, self.tasks, self.card, self.empty):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(self.holder)
        tab_as_laid_out(self.holder)

    # --- showing ---------------------------------------------------------------------------------

    def show_board(self, board: Board) -> None:
        """Show the day, with the same line chosen."""
        self._board = board
        self.counts.setText(counts_words(board))
        words = day_notes(board)
        if words and words != self.note.text():
            self.note.tell(words, Tone.INFO)
        elif not words:
            self.note.clear()
        self.tasks.show_board(board)
        self.lines = arranged(board, self.by)
        self._narrow(keep=True)

    def arrange(self, by: str) -> None:
        """By time or by student."""
        self.by = by
        self.chips[by].setChecked(True)
        self.arranged.emit(by)
        if self._board is not None:
            self.lines = arranged(self._board, by)
            self._narrow(keep=True)

    @Slot()
    def _letters_changed(self) -> None:
        self._narrow(keep=False)

    def _narrow(self, *, keep: bool) -> None:
        """Show the lines that are meant; `keep` the one that is chosen, else the first due one."""
        before, typed = self.chosen(), self.filter.text()
        self.tasks.set_aside(bool(typed.strip()))
        lines = meant(self.lines, typed)
        self.model.set_rows(lines)
        self.table.rows_changed()
        self.card.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if self._board is not None and not lines:
            reads = self._workspace.health.may_read
            self.empty.setText(empty_words(self._board, typed, reads_all=reads))
        kept = None
        if before is not None and (keep or not typed.strip()):
            kept = next((one for one in lines if key_of(one) == key_of(before)), None)
        same = [one for one in lines if one.child.id == self._last and one.state in DUE_NOW]
        wanted = kept or due_first(same or lines)
        if wanted is not None:
            self.table.setCurrentIndex(self.model.index(lines.index(wanted), 0))

    def to_top(self) -> None:
        """Where one finds the next child."""
        self.verticalScrollBar().setValue(0)

    def next_after(self, line: Line) -> None:
        """A dose is on record: the same child's other one is next, else the first that is due."""
        self._last = line.child.id
        self.table.setCurrentIndex(QModelIndex())
        self.to_top()

    # --- choosing --------------------------------------------------------------------------------

    def chosen(self) -> Line | None:
        """The line that is chosen."""
        index = self.table.currentIndex()
        return self.model.row(index) if index.isValid() else None

    def mark(self, line: Line) -> None:
        """Choose a line, if it is shown."""
        keys = [key_of(one) for one in self.model.rows()]
        if key_of(line) in keys:
            self._mark(keys.index(key_of(line)))

    def _mark(self, row: int) -> None:
        """Choose a row, and bring it into view: the table is as tall as its rows."""
        index = self.model.index(row, 0)
        self.table.setCurrentIndex(index)
        rect = self.table.visualRect(index)
        top = self.table.viewport().mapTo(self.holder, rect.topLeft())
        half = rect.height() // 2
        self.ensureVisible(top.x(), top.y() + half, 0, half + rect.height())

    @Slot(int)
    def _move(self, by: int) -> None:
        count = self.model.rowCount()
        if count:
            self._mark(min(max(self.table.currentIndex().row() + by, 0), count - 1))

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.row(index))
