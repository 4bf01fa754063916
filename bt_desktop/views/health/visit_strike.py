"""A visit taken out of the account: it never was, or it was entered twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.visit_model import VisitLine
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.visit_words import said_of
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


class StrikeSheet(Sheet):
    """Asks for the reason."""

    def __init__(self, desk: Desk, workspace: Workspace, line: VisitLine, parent: QWidget) -> None:
        super().__init__(desk, "Take this visit out", "Take it out", parent, wide=480)
        self._workspace, self._id = workspace, line.state.visit.id
        self.column.addWidget(plain_label(line.name, "strong", self))
        self.column.addWidget(Muted(said_of(line.state.visit), self))
        self.column.addWidget(Muted("It is struck, never deleted, and counts no more.", self))
        self.reason = TextLine()
        self.add("reason", "Why?", self.reason, required=True)
        self.on_save(self._collect_reason)

    def _collect_reason(self) -> Callable[[], None]:
        visits, which, why = self._workspace.health.visits, self._id, self.reason.text()
        return lambda: visits.strike(which, why)
