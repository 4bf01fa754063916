"""The students: found by any part of any name, opened by Enter or a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import ActionButton, Chip, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE, SORT_ROLE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.workspace import Workspace

NAME, GRADE, TEACHER, BORN = range(4)
PAGE = 100
"""So many students are read at a time."""


class StudentsModel(RowsModel["PersonHit"]):
    """Students as rows."""

    HEADS = ("Name", "Grade", "Teacher", "Born")

    def student(self, index: QModelIndex | QPersistentModelIndex) -> PersonHit:
        """The student of a row."""
        return self._rows[index.row()]

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE and column == BORN:
            return row.birth_date.toordinal() if row.birth_date else 0
        if role in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            return (row.name, row.grade, row.teacher, full_date(row.birth_date))[column]
        if role == DETAIL_ROLE and column == NAME and row.same_name:
            return "same name: check the birth date"
        if role == Qt.ItemDataRole.AccessibleTextRole and column == NAME and row.same_name:
            return f"{row.name}, same name as another student"
        return None


class StudentsPage(Page):
    """`opened(student_id)`, `import_asked`, `year_asked` to end the school year."""

    title = "Students"
    opened = Signal(str)
    import_asked = Signal()
    year_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self.model = StudentsModel(self)
        self._make_head()
        self.card = TableCard(self)
        inside = self.card.inside
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Students")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(48, 12, 24, 18)
        self.table.drop_below(TEACHER, 600)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.student(index).id))
        inside.addWidget(self.table)
        self.column.addWidget(self.card)
        self.count = Muted("", self)
        self.more = SecondaryButton("Show more", self)
        self.more.clicked.connect(self.load_more)
        self.more.hide()
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.count, 1)
        below.addWidget(self.more)
        self.column.addLayout(below)
        self.scroll_area.verticalScrollBar().valueChanged.connect(self._near_the_end)
        self._reading = False
        self.empty = self._empty()
        self.column.addWidget(self.empty)
        self.column.addStretch(1)

    def _make_head(self) -> None:
        """Title and buttons; below them what narrows the list."""
        desk, workspace = self._desk, self._workspace
        self.add = ActionButton(desk.theme, "Add a student", icon_name="plus", parent=self)
        self.add.clicked.connect(self.add_student)
        self.bring = ActionButton(desk.theme, "Import people", icon_name="upload", parent=self)
        self.bring.clicked.connect(self.import_asked)
        self.bring.setVisible(workspace.tables.may_import)
        self.year = SecondaryButton("End the school year…", self)
        self.year.clicked.connect(self.year_asked)
        self.year.setVisible(workspace.year.may_end)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(PageTitle("Students", self))
        deeds = FlowLayout(gap=12, at_end=True)  # at 200 % they do not fit in one line
        for deed in (self.year, self.bring, self.add):
            deeds.addWidget(deed)
        head.addLayout(deeds, 1)
        self.column.addLayout(head)
        self.filter = SearchLine(desk.theme, "Any part of any name, in any order", parent=self)
        self.filter.textChanged.connect(self.load)
        self.mine = Chip("My students", self)
        self.mine.toggled.connect(self.load)
        find = QHBoxLayout()
        find.setSpacing(12)
        find.addWidget(self.filter, 1)
        find.addWidget(self.mine)
        self.column.addLayout(find)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Opened: begin with typing. (A focus proxy would take the buttons out of Tab's way.)"""
        super().focusInEvent(event)
        self.filter.setFocus(event.reason())

    def _empty(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(8)
        column.addWidget(SectionTitle("No students yet", box))
        column.addWidget(
            Muted(
                "Import the roster that the student information system exports (OneRoster, or any "
                "table as CSV), or add students by hand.",
                box,
            )
        )
        bring = PrimaryButton("Import a roster", box)
        bring.clicked.connect(self.import_asked)
        add = SecondaryButton("Add a student", box)
        add.clicked.connect(self.add_student)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(bring)
        row.addWidget(add)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)
        box.hide()
        return box

    @Slot()
    def load(self) -> None:
        """Read what the filter asks for."""
        self._reading = True
        self._desk.tasks.latest(self, "students", self._read(0), self.show_students)

    def come_back(self, student_id: str) -> None:
        """Back from a student: on their row, where the list has it."""
        target = self.table if self.table.go_to(student_id) else self.filter
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reading = True
        shown = max(PAGE, self.model.rowCount())
        read = self._read(0, shown)
        self._desk.tasks.latest(
            self, "students", read, lambda rows: self.show_students(rows, shown)
        )

    @Slot()
    def load_more(self) -> None:
        """Read the next students of the same list."""
        if not self._reading:
            self._reading = True
            read = self._read(self.model.rowCount())
            self._desk.tasks.latest(self, "students", read, self.show_more)

    def _read(self, skip: int, most: int = PAGE) -> Callable[[], tuple[PersonHit, ...]]:
        """Reads one student more than are shown, so that it is known whether there are more."""
        text, people = self.filter.text().strip(), self._workspace.people
        caseloads, own = self._workspace.caseloads, self.mine.isChecked()

        def read() -> tuple[PersonHit, ...]:
            if own:
                return people.among(caseloads.mine(), text)[skip : skip + most + 1]
            if text:
                return people.search(text, ("student",), skip + most + 1)[skip:]
            return people.students(most + 1, skip=skip)

        return read

    def show_students(self, rows: tuple[PersonHit, ...], most: int = PAGE) -> None:
        """Show so many of these, or say why there is nothing."""
        self.model.set_rows(rows[:most])
        narrowed = bool(self.filter.text().strip()) or self.mine.isChecked()
        self.card.setVisible(bool(rows))
        self.empty.setVisible(not rows and not narrowed)
        self._say(len(rows) > most)
        if not rows:
            self.count.setText(self._nobody() if narrowed else "")

    def _nobody(self) -> str:
        """Why there is nothing to show."""
        if self.mine.isChecked() and not self.filter.text().strip():
            return (
                "No student is yours yet. Classes of the roster make them yours; the office can "
                "add others on a student’s page."
            )
        return "Nobody found. Any part of any name will do."

    def show_more(self, rows: tuple[PersonHit, ...]) -> None:
        """Show these below the others."""
        self.model.add_rows(rows[:PAGE])
        self._say(len(rows) > PAGE)
        if self.more.isHidden() and self.more.hasFocus():
            self.table.setFocus()

    def _say(self, more: bool) -> None:
        self._reading = False
        self.table.rows_changed()
        shown = self.model.rowCount()
        words = "1 student" if shown == 1 else f"{shown:,} students"
        self.count.setText(
            f"The first {words}. Type a part of a name, or go on." if more else words
        )
        self.more.setVisible(more)

    @Slot()
    def _near_the_end(self) -> None:
        bar = self.scroll_area.verticalScrollBar()
        if self.more.isVisible() and bar.maximum() - bar.value() < bar.pageStep() // 2:
            self.load_more()

    @Slot()
    def add_student(self) -> None:
        """Add a student by hand."""
        from bt_desktop.views.student_edit import StudentSheet

        sheet = StudentSheet(self._desk, self._workspace, None, self)
        sheet.saved.connect(lambda which: self.opened.emit(str(which)))
        sheet.open_sheet()
