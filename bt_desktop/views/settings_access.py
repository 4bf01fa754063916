"""The way to a student's access log, for whoever may read those: find the student, open the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.access import LoggedStudent
    from bt_desktop.services.workspace import Workspace

NAME, LAST = range(2)
_ABOUT = (
    "Who opened, printed, copied or exported a student's records, and what for (California EC "
    "49064, 34 CFR 99.32). Find the student, then open the log to read or print it. To read a log "
    "is written down too."
)
_BY_NAME = "Any part of a name, or the whole student number"
_BY_PSEUDONYM = "Student 3F2A9C as in your lists, or the whole student number"
_NOBODY_YET = "Nobody has opened a student's record yet. Search above for any student."
_NOT_FOUND = "No student found. A number has to be whole; of a name any part will do."
_NOT_FOUND_HERE = "No student found. Type the six signs after “Student”, or the whole number."
_TYPING_PAUSE_MS = 120


class LoggedModel(RowsModel["LoggedStudent"]):
    """Students, and when anybody last looked at their records."""

    HEADS = ("Student", "Last looked at")

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            last = moment_words(row.last, self._now()) if row.last else "Nobody yet"
            return (row.name, last)[index.column()]
        if index.column() != NAME:
            return None
        grade = f"grade {row.grade}" if row.grade else ""
        number = f"number {row.number}" if row.number else ""
        beside = " · ".join(filter(None, (number, grade, "left the school" if row.left else "")))
        if role == DETAIL_ROLE:
            return beside or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.name, beside)))
        return None


class AccessSection(QWidget):
    """Finds a student. `log_asked(student_id)` for the one whose log is to be read."""

    log_asked = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._named = workspace.people.may_search
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.load)
        self.filter = SearchLine(
            desk.theme, _BY_NAME if self._named else _BY_PSEUDONYM, parent=self
        )
        self.filter.setAccessibleName("Find a student")
        self.filter.textChanged.connect(self._pause.start)
        self.model = LoggedModel(desk.clock.now, self)
        self.card = TableCard(self)
        inside = self.card.inside
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Students with an access log")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(62, 38)
        self.table.opened.connect(
            lambda index: self.log_asked.emit(self.model.row(index).student_id)
        )
        inside.addWidget(self.table)
        self.which = Muted("", self)
        self.empty = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("Access logs", self))
        column.addWidget(Muted(_ABOUT, self))
        for widget in (self.filter, self.which, self.card, self.empty):
            column.addWidget(widget)
        column.addStretch(1)
        self.show_found(())

    @Slot()
    def load(self) -> None:
        """Find what is typed; with nothing typed, those looked at last."""
        log, typed = self._workspace.access_log, self.filter.text()
        self._desk.tasks.latest(self, "logs", lambda: log.find(typed), self.show_found)

    def show_found(self, rows: tuple[LoggedStudent, ...]) -> None:
        """Show these students, or say why there is none."""
        typed = bool(self.filter.text().strip())
        self.model.set_rows(rows)
        self.table.rows_changed()
        self.card.setVisible(bool(rows))
        self.which.setText("" if typed or not rows else "Looked at last:")
        self.which.setVisible(bool(self.which.text()))
        missing = _NOT_FOUND if self._named else _NOT_FOUND_HERE
        self.empty.setText(missing if typed else _NOBODY_YET)
        self.empty.setVisible(not rows)
