"""The students: found by any part of any name, opened by Enter or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE, SORT_ROLE, Table
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.workspace import Workspace

NAME, GRADE, TEACHER, BORN = range(4)
_HEADS = ("Name", "Grade", "Teacher", "Born")
_SHOWN = 100


class StudentsModel(QAbstractTableModel):
    """Students as rows; `set_rows` is the only way in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[PersonHit, ...] = ()

    def set_rows(self, rows: tuple[PersonHit, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def student(self, index: QModelIndex | QPersistentModelIndex) -> PersonHit:
        """The student of a row."""
        return self._rows[index.row()]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

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
    """`opened(student_id)`, `import_asked`."""

    title = "Students"
    opened = Signal(str)
    import_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self.model = StudentsModel(self)
        self.add = ActionButton(desk.theme, "Add a student", icon_name="plus", parent=self)
        self.add.clicked.connect(self.add_student)
        self.bring = ActionButton(desk.theme, "Import a roster", icon_name="upload", parent=self)
        self.bring.clicked.connect(self.import_asked)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(PageTitle("Students", self))
        head.addStretch(1)
        head.addWidget(self.bring)
        head.addWidget(self.add)
        self.column.addLayout(head)
        self.filter = SearchLine(desk.theme, "Any part of any name, in any order", parent=self)
        self.filter.textChanged.connect(self.load)
        self.column.addWidget(self.filter)
        self.card = QFrame(self)
        self.card.setObjectName("tableCard")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(1, 1, 1, 4)
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Students")
        self.table.setModel(self.model)
        self.table.set_shares(48, 12, 24, 18)
        self.table.drop_below(TEACHER, 600)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.student(index).id))
        inside.addWidget(self.table)
        self.column.addWidget(self.card)
        self.count = Muted("", self)
        self.column.addWidget(self.count)
        self.empty = self._empty()
        self.column.addWidget(self.empty)
        self.column.addStretch(1)
        self.setFocusProxy(self.filter)

    def _empty(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(8)
        column.addWidget(SectionTitle("No students yet", box))
        column.addWidget(
            Muted(
                "Import the roster that the student information system exports (OneRoster, a "
                "folder or a zip), or add students by hand.",
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
        text, people = self.filter.text().strip(), self._workspace.people

        def read() -> tuple[PersonHit, ...]:
            return people.search(text, ("student",), _SHOWN) if text else people.students(_SHOWN)

        self._desk.tasks.latest(self, "students", read, self.show_students)

    def show_students(self, rows: tuple[PersonHit, ...]) -> None:
        """Show these, or say why there is nothing."""
        self.model.set_rows(rows)
        self.table.rows_changed()
        narrowed = bool(self.filter.text().strip())
        self.card.setVisible(bool(rows))
        self.empty.setVisible(not rows and not narrowed)
        if not rows:
            self.count.setText("Nobody found. Any part of any name will do." if narrowed else "")
        elif len(rows) == _SHOWN:
            self.count.setText(f"The first {_SHOWN}. Type a part of a name to find the others.")
        else:
            self.count.setText("1 student" if len(rows) == 1 else f"{len(rows)} students")

    @Slot()
    def add_student(self) -> None:
        """Add a student by hand."""
        from bt_desktop.views.student_edit import StudentSheet

        sheet = StudentSheet(self._desk, self._workspace, None, self)
        sheet.saved.connect(lambda which: self.opened.emit(str(which)))
        sheet.open_sheet()
