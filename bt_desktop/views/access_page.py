"""One student's access log: who saw the records and what for; narrowed by days, printed, sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import (
    DETAIL_ROLE,
    LONGEST_MOMENT,
    STRONG_ROLE,
    Table,
    TableCard,
)
from bt_desktop.views.widgets.text import Muted, PageTitle
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.access import AccessLog, AccessRow
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace

WHEN, WHO, WHAT, WHY = range(4)
_DAY = 150


class AccessModel(RowsModel["AccessRow"]):
    """The lines as rows, newest first."""

    HEADS = ("When", "Who", "What", "What for")

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row: AccessRow = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (moment_words(row.at, self._now()), row.who, row.what, row.purpose)[column]
        number = " · ".join(filter(None, (row.number, "had a part" if row.part else "")))
        beside = {WHO: row.title or row.role, WHAT: number}.get(column, "")
        if role == DETAIL_ROLE:
            return beside or None
        if role == STRONG_ROLE and column == WHO:
            return row.kind == "given"
        if role == Qt.ItemDataRole.AccessibleTextRole and beside:
            return f"{self.data(index)}, {beside}"
        if role == Qt.ItemDataRole.ToolTipRole:
            said = (row.who, row.title, row.role, row.what, number, row.purpose)
            return "\n".join(filter(None, said))
        return None


class AccessPage(Page):
    """`back_asked`; `printed(copy)` with the paper to be shown."""

    title = "Access log"
    back_asked = Signal()
    printed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        student_id: str,
        *,
        listed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.theme, parent)
        self._back = (
            ("Access logs", "the list of access logs") if listed else ("Student", "the student")
        )
        self._desk, self._workspace, self._id = desk, workspace, student_id
        self.model = AccessModel(desk.clock.now, self)
        self._lay_out()

    def _lay_out(self) -> None:
        word, said = self._back
        back = LinkButton(f"‹ {word}", self)
        back.setAccessibleName(f"Back to {said}")
        back.clicked.connect(self.back_asked)
        self.head = PageTitle("Who saw what", self)
        self.head.setWordWrap(True)
        self.print = ActionButton(self._desk.theme, "Print…", icon_name="print", parent=self)
        self.print.setAccessibleName("Print this access log")
        self.print.clicked.connect(self.print_log)
        self.print.setVisible(self._workspace.access_log.may_print)
        head = QHBoxLayout()
        head.addWidget(self.head, 1)
        head.addWidget(self.print, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(head)
        self.column.addWidget(
            Muted(
                "Everybody who opened, printed, copied or exported records of this student, and "
                "who was given a copy (California EC 49064, 34 CFR 99.32). Reports about others in "
                "which this student had a part are in it. Looking at a list is not part of it.",
                self,
            )
        )
        self.column.addLayout(self._days())
        self.column.addWidget(self._table_card())
        self.nothing = Muted("Nobody opened a record of this student in this time.", self)
        self.nothing.hide()
        self.column.addWidget(self.nothing)
        self.column.addStretch(1)

    def _days(self) -> QHBoxLayout:
        today = self._desk.clock.now().date()
        self.since, self.until = DayLine(today), DayLine(today)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.frames: dict[str, FieldFrame] = {}
        for key, label, line in (("since", "From", self.since), ("until", "To", self.until)):
            frame = FieldFrame(self._desk.theme, label, line, parent=self)
            frame.setFixedWidth(self._desk.theme.px(_DAY))
            line.editingFinished.connect(self.load)
            self.frames[key] = frame
            row.addWidget(frame, 0, Qt.AlignmentFlag.AlignTop)
        self.count = Muted("", self, wrap=False)
        row.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        return row

    def _table_card(self) -> QFrame:
        self.card = TableCard(self)
        inside = self.card.inside
        self.table = Table(self._desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Who saw what")
        self.table.setModel(self.model)
        self.table.set_shares(15, 25, 32, 28)
        self.table.keep_whole(WHEN, LONGEST_MOMENT)
        self.table.setCursor(Qt.CursorShape.ArrowCursor)
        inside.addWidget(self.table)
        return self.card

    # --- reading -------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the log between the days that were typed."""
        days = self._typed()
        if days is None:
            return
        log, which = self._workspace.access_log, self._id
        since, until = days
        self._desk.tasks.latest(self, "log", lambda: log.read(which, since, until), self.show_log)

    def _typed(self) -> tuple[date | None, date | None] | None:
        """The days; None where one of them is none (which is said beside it)."""
        found: list[date | None] = []
        for key, line in (("since", self.since), ("until", self.until)):
            try:
                found.append(line.day())
                self.frames[key].say("")
            except ValueError as problem:
                self.frames[key].say(str(problem))
                return None
        return found[0], found[1]

    def show_log(self, log: AccessLog) -> None:
        """Show it."""
        self.head.setText(f"Who saw what: {log.student_name}")
        self.model.set_rows(log.rows)
        self.table.rows_changed()
        self.card.setVisible(bool(log.rows))
        self.nothing.setVisible(not log.rows)
        number = len(log.rows)
        self.count.setText("1 line" if number == 1 else f"{number:,} lines")

    # --- printing ------------------------------------------------------------------------------

    @Slot()
    def print_log(self) -> None:
        """Make the paper, seal it, and show it to be printed or saved."""
        days = self._typed()
        if days is None:
            return
        log, which = self._workspace.access_log, self._id
        since, until = days
        self.print.setEnabled(False)
        self._desk.tasks.run(
            self, lambda: log.printed(which, since, until), self._show_paper, self._not_printed,
            lane=Lane.READ,
        )  # fmt: skip

    def _show_paper(self, made: PrintedCopy) -> None:
        self.print.setEnabled(True)
        self.printed.emit(made)

    def _not_printed(self, problem: BaseException) -> None:
        self.print.setEnabled(True)
        self._desk.feedback.report(self, problem)
