"""Home's panel at the top-left: the nearest deadlines of the person signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.deadline_list import DeadlineList
from bt_desktop.views.desk import Desk
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.workspace import Workspace

MOST_SHOWN = 3


def read_deadlines(workspace: Workspace) -> tuple[DeadlineLine, ...]:
    """The nearest of one's own, and one more to know that there are more (on a worker)."""
    return workspace.deadlines.open("mine", limit=MOST_SHOWN + 1)


class DeadlinePanel(QWidget):
    """Hidden while nothing is due. `go(line)` opens the record, `all_asked` the page of all."""

    go = Signal(object)
    all_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.list = DeadlineList(desk, workspace, self)
        self.list.go.connect(self.go)
        self.list.changed.connect(self.load)
        self.all = LinkButton("All deadlines", self)
        self.all.clicked.connect(self.all_asked)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addLayout(row)
        self.hide()

    @Slot()
    def load(self) -> None:
        """Read them anew."""
        workspace = self._workspace
        self._desk.tasks.run(
            self, lambda: read_deadlines(workspace), self.show_lines, lane=Lane.READ
        )

    def show_lines(self, lines: Sequence[DeadlineLine]) -> None:
        """Show the nearest."""
        self.list.show_lines(lines[:MOST_SHOWN], self._desk.clock.now())
        self.all.setVisible(len(lines) > MOST_SHOWN)
        self.setVisible(bool(lines))

    @Slot()
    def tell(self) -> None:
        """A minute has passed."""
        self.list.tell()
