"""A line to pick one student by any part of any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.shell_search import Finding, Findings, finding_of_person
from bt_desktop.views.widgets.inputs import SearchLine

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_SHOWN = 8


class _Students(Findings):
    """What stands under the line: students only."""

    nothing_words = "Nobody found. Any part of any name will do."

    def look(self, text: str) -> tuple[Finding, ...]:
        found = self._workspace.people.search(text.strip(), ("student",), _SHOWN)
        return tuple(finding_of_person(one) for one in found)


class StudentPick(QWidget):
    """`chosen(student_id, name)`. `offered` is False for a role without the directory."""

    chosen = Signal(str, str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.offered = workspace.people.may_search
        self.line = SearchLine(desk.theme, "Any part of a name", parent=self)
        self.list: _Students | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)

    def showEvent(self, event: QShowEvent) -> None:
        """The list hangs in the window, so that nothing cuts it off."""
        super().showEvent(event)
        if self.list is None:
            self.list = _Students(self._desk, self._workspace, self.line, self.window())
            self.list.chosen.connect(self._take)

    def clear(self) -> None:
        """Empty the line."""
        self.line.clear()

    def _take(self, _kind: str, student_id: str) -> None:
        name = self.list.model.title_of(student_id) if self.list is not None else ""
        self.chosen.emit(student_id, name)
