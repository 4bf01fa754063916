"""What happened at a time that says nothing: the panel of a dose, opened for a day that is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.services.health.board_model import Line
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.dose_panel import DoseKept, DosePanel
from bt_desktop.views.health.month_words import cell_words
from bt_desktop.views.widgets.buttons import LinkButton

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_TALL = 620
_NOT_THERE = (
    "The board of that day does not list this time: the order was waiting for a paper, on hold or "
    "had ended. Say why it stays open when you close the month."
)


def line_of(workspace: Workspace, order_id: str, due_at: datetime) -> Line | None:
    """The line of that day's board (on a worker)."""
    board = workspace.health.board.today(due_at.date())
    found = [one for one in board.scheduled if one.order_id == order_id and one.due_at == due_at]
    return found[0] if found else None


class MonthEnter(QWidget):
    """`left` once it is on record, or the person goes back."""

    left = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self.back = LinkButton("‹ Back to the month", self)
        self.back.clicked.connect(self.left)
        self.banner = Banner(desk.theme, self)
        self.panel = DosePanel(desk, workspace, self)
        self.panel.setMinimumHeight(desk.theme.px(_TALL))
        self.panel.kept.connect(self._kept)
        self.panel.closed.connect(self.left)
        self.panel.struck.connect(self.left)
        self.panel.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.back)
        column.addWidget(self.banner)
        column.addWidget(self.panel, 1)

    def open_cell(self, order_id: str, due_at: datetime) -> None:
        """Ask what happened then."""
        self.banner.tell(
            f"Late entry for {cell_words(due_at)}. Choose what happened and when; both times are "
            "kept.",
            Tone.INFO,
        )
        workspace = self._workspace
        self._desk.tasks.latest(
            self, "cell", lambda: line_of(workspace, order_id, due_at), self._show
        )

    def _show(self, line: Line | None) -> None:
        self.panel.setVisible(line is not None)
        if line is None:
            self.banner.tell(_NOT_THERE, Tone.WARN)
            self.back.setFocus()
            return
        self.panel.open_line(line, self.panel.begin)

    @Slot(object)
    def _kept(self, kept: DoseKept) -> None:
        self.left.emit()
        if kept.report:
            self._page.record_asked.emit(kept.report)
