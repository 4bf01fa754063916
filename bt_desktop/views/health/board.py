"""Today: the board of the day, with the panel of one dose beside it.

The noon line goes by keyboard alone: two letters, a look and Space, Enter; then the next child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.board import Board, Line, Unfinished
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.board_filter import BoardFilter
from bt_desktop.views.health.board_order import (
    BY_TIME,
    ORDERS,
    arranged,
    due_first,
    key_of,
    meant,
    only_due,
)
from bt_desktop.views.health.board_table import BoardModel, BoardTable
from bt_desktop.views.health.board_tasks import BoardTasks
from bt_desktop.views.health.board_words import counts_words, day_notes, empty_words
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.dose_finish import FinishEmergency
from bt_desktop.views.health.dose_panel import DoseKept, DosePanel
from bt_desktop.views.tokens import SPACE_6
from bt_desktop.views.widgets.buttons import ActionButton, Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.table import TableCard
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

EVERY_MS = 60_000
"""How often the board is read again by itself."""
_RING = 4
"""Room around what takes the focus, so that its ring is not cut off by the scroll area."""
_ROOMY = 460
"""From which height on a task stands whole above the doses (px)."""
_PANEL, _BESIDE = 424, 960
"""Width of the panel, and from which width of the section on it stands beside the board (px)."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board with the small pictures of its students."""

    board: Board
    thumbs: Mapping[str, bytes]


def read_board(workspace: Workspace) -> BoardView:
    """Today's board (on a worker)."""
    board = workspace.health.board.today()
    students = {line.child.id for line in (*board.scheduled, *board.as_needed)}
    return BoardView(board, workspace.photos.thumbs(students))


class TodaySection(QWidget):
    """The board and the panel."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: BoardView | None = None
        self.sheet: Sheet | None = None
        self._lines: tuple[Line, ...] = ()
        self._busy = self._stale = False
        self._typed_open = ""  # the letters by which the panel opened by itself
        self.by = page.board_order or BY_TIME
        self.filter = BoardFilter(desk.theme, self)
        self.filter.textChanged.connect(self._narrow)
        self.filter.textEdited.connect(self._typed)
        self.filter.returnPressed.connect(self._open_chosen)
        self.filter.moved.connect(self._move)
        self.panel = DosePanel(desk, workspace, self)
        self.panel.kept.connect(self._kept)
        self.panel.closed.connect(self._back)
        self.panel.struck.connect(self._struck)
        self.panel.busy.connect(self._recording)
        self.panel.letters.connect(self._go_on_typing)
        self.panel.hide()
        self.holder = QWidget()
        self.left = self._build_left(self.holder)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6 - _RING, 0, SPACE_6, SPACE_6)
        row.setSpacing(16 - _RING)
        row.addWidget(self.left, 1)
        row.addWidget(self.panel)
        self._minute = QTimer(self)
        self._minute.setInterval(EVERY_MS)
        self._minute.timeout.connect(self.load)
        desk.theme.changed.connect(self._size_up)

    def _build_left(self, holder: QWidget) -> Scroll:
        scroll = Scroll(self)
        holder.setObjectName("ground")
        self.counts = plain_label("", "strong", holder)
        self.note = Banner(self._desk.theme, holder)
        self.banner = Banner(self._desk.theme, holder)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 1)
        self.emergency = ActionButton(
            self._desk.theme, "Emergency dose", keys="F9", kind="danger", parent=holder
        )
        self.emergency.clicked.connect(self._page.emergency_asked)
        head.addWidget(self.emergency)
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        orders = FlowLayout()
        for key, words in ORDERS:
            chip = self.chips[key] = Chip(words, holder)
            chip.clicked.connect(lambda _=False, which=key: self.arrange(which))
            self._group.addButton(chip)
            orders.addWidget(chip)
        self.chips[self.by].setChecked(True)
        orders.addWidget(self.counts)
        self.model = BoardModel(self)
        self.card = TableCard(holder)
        self.table = BoardTable(self._desk.theme, self.card)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.opened.connect(self._open_index)
        self.card.inside.addWidget(self.table)
        self.empty = Muted("", holder)
        self.tasks = BoardTasks(self._desk, self._workspace, holder)
        self.tasks.line_asked.connect(self.open_line)
        self.tasks.finish_asked.connect(self.finish)
        self.tasks.paper_asked.connect(lambda key: self._page.show_section("papers", key))
        self.tasks.done.connect(self.load)
        column = QVBoxLayout(holder)
        column.setContentsMargins(_RING, _RING, _RING, _RING)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(orders)
        column.addWidget(self.note)
        column.addWidget(self.banner)
        column.addWidget(self.tasks)
        column.addWidget(self.card)
        column.addWidget(self.empty)
        column.addStretch(1)
        scroll.setWidget(holder)
        tab_as_laid_out(holder)
        return scroll

    # --- what the page asks ----------------------------------------------------------------------

    def begin(self) -> None:
        """One begins at the line."""
        if self.panel.isHidden():
            self.filter.setFocus()
        else:
            self.panel.begin()

    @Slot()
    def load(self) -> None:
        """Read the board again; what is chosen and what is typed stays."""
        workspace = self._workspace
        self._desk.tasks.latest(self, "board", lambda: read_board(workspace), self.show_board)

    def show_board(self, view: BoardView) -> None:
        """Show what was read."""
        self._view, self._stale = view, False
        self.model.show_faces(view.thumbs)
        self.counts.setText(counts_words(view.board))
        words = day_notes(view.board)
        if words and words != self.note.text():
            self.note.tell(words, Tone.INFO)
        elif not words:
            self.note.clear()
        self.tasks.show_board(view.board)
        self._lines = arranged(view.board, self.by)
        self._narrow()
        if self.filter.hasFocus() and self.filter.text():
            self._typed(self.filter.text())

    def arrange(self, by: str) -> None:
        """By time or by student; the next time it is so again."""
        self.by = by
        self.chips[by].setChecked(True)
        self._page.keep_board_order(by)
        if self._view is not None:
            self._lines = arranged(self._view.board, by)
            self._narrow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        self._size_up()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        px = self._desk.theme.px
        beside = self.width() >= px(_BESIDE)
        self.left.setVisible(beside or self.panel.isHidden())
        self._page.show_head(beside or self.panel.isHidden())
        self.tasks.give_room(self.height() >= px(_ROOMY))
        if beside:
            self.panel.setFixedWidth(px(_PANEL))
        else:
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(16_777_215)  # Qt's own most

    # --- finding ---------------------------------------------------------------------------------

    def chosen(self) -> Line | None:
        """The line that is chosen."""
        index = self.table.currentIndex()
        return self.model.row(index) if index.isValid() else None

    @Slot()
    def _narrow(self) -> None:
        """Show the lines that are meant, with the same one chosen, else the first that is due."""
        before = self.chosen()
        self.tasks.set_aside(bool(self.filter.text().strip()))
        lines = meant(self._lines, self.filter.text())
        self.model.set_rows(lines)
        self.table.rows_changed()
        self.card.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if self._view is not None and not lines:
            reads = self._workspace.health.may_read
            self.empty.setText(empty_words(self._view.board, self.filter.text(), reads_all=reads))
        kept = next((one for one in lines if before and key_of(one) == key_of(before)), None)
        typing = bool(self.filter.text().strip())
        wanted = (due_first(lines) if typing or kept is None else kept) or None
        if wanted is not None:
            self.table.setCurrentIndex(self.model.index(lines.index(wanted), 0))

    @Slot(str)
    def _typed(self, text: str) -> None:
        """Where the letters leave one dose that is due, it opens by itself."""
        if self._busy or self._stale:
            return
        line = only_due(meant(self._lines, text), text)
        if line is not None:
            self._typed_open = text
            self.open_line(line)

    @Slot(str)
    def _go_on_typing(self, letters: str) -> None:
        """Somebody was not done typing: the letters go on in the line."""
        if not self._typed_open:
            return
        text, self._typed_open = self._typed_open + letters, ""
        self.panel.leave()
        self.filter.setText(text)
        self._typed(text)

    def _mark(self, row: int) -> None:
        """Choose a line, and bring it into view: the table is as tall as its lines."""
        index = self.model.index(row, 0)
        self.table.setCurrentIndex(index)
        rect = self.table.visualRect(index)
        top = self.table.viewport().mapTo(self.holder, rect.topLeft())
        half = rect.height() // 2
        self.left.ensureVisible(top.x(), top.y() + half, 0, half + rect.height())

    @Slot(int)
    def _move(self, by: int) -> None:
        count = self.model.rowCount()
        if count:
            row = min(max(self.table.currentIndex().row() + by, 0), count - 1)
            self._mark(row)

    # --- one dose --------------------------------------------------------------------------------

    @Slot()
    def _open_chosen(self) -> None:
        line = self.chosen()
        if line is not None and not self._busy and not self._stale:
            self.open_line(line)

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        self.open_line(self.model.row(index))

    def open_line(self, line: Line) -> None:
        """Open the panel of a line."""
        if self._busy or (self.panel.line is not None and key_of(self.panel.line) == key_of(line)):
            return

        lines = [key_of(one) for one in self.model.rows()]
        if key_of(line) in lines:
            self._mark(lines.index(key_of(line)))

        def shown() -> None:
            self._size_up()
            self.panel.begin()

        self.panel.open_line(line, shown)

    @Slot(object)
    def finish(self, one: Unfinished) -> None:
        """Finish an emergency dose."""
        self.sheet = FinishEmergency(self._desk, self._workspace, one, self)
        self.sheet.saved.connect(lambda _: self.load())
        self.sheet.open_sheet()

    @Slot()
    def _back(self) -> None:
        """The panel was closed."""
        self._typed_open = ""
        self._size_up()
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot(bool)
    def _recording(self, on: bool) -> None:
        """While a dose is being recorded the next name can be typed."""
        self._busy = on
        if on:
            self._stale = True
            self.filter.clear()
            self.filter.setFocus()
        else:
            self._stale = False

    @Slot(object)
    def _kept(self, kept: DoseKept) -> None:
        """It is on record: the next one."""
        self._stale = True
        self._typed_open = ""
        line, dose = kept.line, kept.recorded.dose
        words = f"{said('outcomes', dose.outcome)}: {line.child.name}, {line.medicine}."
        announce(self, words)
        if kept.news:
            self.banner.tell(kept.news, Tone.WARN)
        else:
            self.banner.clear()
        self._size_up()
        self.filter.setFocus()
        self.load()
        if kept.report:
            self._page.record_asked.emit(kept.report)

    @Slot()
    def _struck(self) -> None:
        self.banner.tell("The entry was taken out. It can be given and recorded anew.", Tone.OK)
        self._back()
        self.filter.clear()
        self.load()
