"""Today: the board of the day, with the panel of one dose beside it.

The noon line goes by keyboard alone: two letters, a look and Space, Enter; then the next child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bt_desktop.services.health.board_model import Board, Line, Unfinished
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.health.board_list import RING, BoardList
from bt_desktop.views.health.board_order import BY_TIME, key_of, meant, only_due
from bt_desktop.views.health.board_words import DONE
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.dose_finish import FinishEmergency
from bt_desktop.views.health.dose_panel import DoseKept, DosePanel
from bt_desktop.views.tokens import SPACE_6
from bt_desktop.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

EVERY_MS = 60_000
"""How often the board is read again by itself."""
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
        self.sheet: Sheet | None = None
        self._busy = self._stale = self._catch_up = self._read_once = False
        self._came_for = ""  # the student whose medicine somebody came for
        self._typed_open = ""  # the letters by which the panel opened by itself
        self._letters = 0
        self.list = BoardList(desk, workspace, page.board_order or BY_TIME, self)
        self.list.opened.connect(self.open_line)
        self.list.arranged.connect(page.keep_board_order)
        self.list.emergency.clicked.connect(page.emergency_asked)
        self.list.tasks.line_asked.connect(self.open_line)
        self.list.tasks.finish_asked.connect(self.finish)
        self.list.tasks.paper_asked.connect(lambda key: page.show_section("papers", key))
        self.list.tasks.done.connect(self.load)
        self.filter = self.list.filter
        self.filter.textEdited.connect(self._typed)
        self.filter.returnPressed.connect(self._open_chosen)
        self.panel = DosePanel(desk, workspace, self)
        self.panel.kept.connect(self._kept)
        self.panel.closed.connect(self._back)
        self.panel.struck.connect(self._struck)
        self.panel.busy.connect(self._recording)
        self.panel.letters.connect(self._go_on_typing)
        self.panel.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6 - RING, 0, SPACE_6, SPACE_6)
        row.setSpacing(16 - RING)
        row.addWidget(self.list, 1)
        row.addWidget(self.panel)
        self._minute = QTimer(self)
        self._minute.setInterval(EVERY_MS)
        self._minute.timeout.connect(self.load)
        desk.theme.changed.connect(self._size_up)

    # --- what the page asks ----------------------------------------------------------------------

    def begin(self) -> None:
        """One begins at the line."""
        if self.panel.isHidden():
            self.filter.setFocus()
        else:
            self.panel.begin()

    def errand(self, student_id: str) -> None:
        """Somebody came for one student's medicine, from the visit log."""
        self._came_for = student_id

    @Slot()
    def load(self) -> None:
        """Read the board again; what is chosen and what is typed stays."""
        workspace = self._workspace
        self._desk.tasks.latest(self, "board", lambda: read_board(workspace), self.show_board)

    def show_board(self, view: BoardView) -> None:
        """Show what was read; the name typed while a dose was recorded is looked for now."""
        self._stale, self._read_once = False, True
        self.list.model.show_faces(view.thumbs)
        self.list.show_board(view.board)
        if self._came_for:
            self._look_for(self._came_for)
        catch_up, self._catch_up = self._catch_up, False
        if catch_up and self.filter.hasFocus() and self.filter.text():
            self._typed(self.filter.text())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        self._size_up()
        if self._read_once:
            self.load()  # it stood still while it was hidden

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
        self.list.setVisible(beside or self.panel.isHidden())
        self._page.show_head(beside or self.panel.isHidden())
        self.list.tasks.give_room(self.height() >= px(_ROOMY))
        if beside:
            self.panel.setFixedWidth(px(_PANEL))
        else:
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(16_777_215)  # Qt's own most

    # --- finding ---------------------------------------------------------------------------------

    @Slot(str)
    def _typed(self, text: str) -> None:
        """Where one more letter leaves one dose that is due, it opens by itself."""
        grown, self._letters = len(text) > self._letters, len(text)
        if self._busy or self._stale or not grown:
            return
        line = only_due(meant(self.list.lines, text), text)
        if line is not None:
            self._typed_open = text
            self.open_line(line)

    def _look_for(self, student_id: str) -> None:
        """Narrow the board to a student, and open the line where there is one to give; who has no
        medicine here today is shown with their orders."""
        self._came_for = ""
        lines = [one for one in self.list.lines if one.child.id == student_id]
        if not lines:
            self._page.student_asked.emit(student_id)
            return
        self.filter.setText(lines[0].child.name)
        self.filter.setFocus()
        open_ones = [one for one in lines if one.state not in DONE]
        if len(open_ones) == 1:
            self.open_line(open_ones[0])

    @Slot(str)
    def _go_on_typing(self, letters: str) -> None:
        """Somebody was not done typing: the letters go on in the line."""
        if not self._typed_open:
            return
        text, self._typed_open = self._typed_open + letters, ""
        self.panel.leave()
        self.filter.setText(text)
        self._typed(text)

    # --- one dose --------------------------------------------------------------------------------

    @Slot()
    def _open_chosen(self) -> None:
        line = self.list.chosen()
        if line is not None and not self._busy and not self._stale:
            self.open_line(line)

    @Slot(object)
    def open_line(self, line: Line) -> None:
        """Open the panel of a line."""
        if self._busy:
            return
        self.list.mark(line)
        if self.panel.line is not None and key_of(self.panel.line) == key_of(line):
            self.begin()
            return

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
        self._typed_open, self._letters = "", 0
        self._size_up()
        self.list.to_top()
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot(bool)
    def _recording(self, on: bool) -> None:
        """While a dose is being recorded the next name can be typed."""
        self._busy = on
        if on:
            self._stale = True
            self._letters = 0
            self.filter.clear()
            self.filter.setFocus()
        else:
            self._stale = False

    @Slot(object)
    def _kept(self, kept: DoseKept) -> None:
        """It is on record: the next one."""
        self._stale = self._catch_up = True
        self._typed_open, self._letters = "", 0
        line, dose = kept.line, kept.recorded.dose
        words = f"{said('outcomes', dose.outcome)}: {line.child.name}, {line.medicine}."
        announce(self, words)
        if kept.news:
            self.list.banner.tell(kept.news, Tone.WARN)
        else:
            self.list.banner.clear()
        self._size_up()
        self.list.next_after(line)
        self.filter.setFocus()
        self.load()
        if kept.report:
            self._page.record_asked.emit(kept.report)

    @Slot()
    def _struck(self) -> None:
        self.list.banner.tell(
            "The entry was taken out. It can be given and recorded anew.", Tone.OK
        )
        self._back()
        self.filter.clear()
        self.load()
