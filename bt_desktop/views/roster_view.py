"""A roster brought in: choose it, look at what would change, then import. Nothing before that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_folder, choose_open
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.table import Table
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.roster import Applied, RosterPreview
    from bt_desktop.services.workspace import Workspace

_KINDS = (("student", "student", "students"), ("guardian", "guardian", "guardians"),
          ("staff", "staff member", "staff members"))  # fmt: skip
_SHOWN = 500


def counted(number: int, one: str, many: str) -> str:
    """1 student, 598 students."""
    return f"{number:,} {one if number == 1 else many}"


def summary(preview: RosterPreview, what: str) -> str:
    """How many of each kind: "598 students, 612 guardians"."""
    parts = [
        counted(n, one, many)
        for kind, one, many in _KINDS
        if (n := preview.count(what, kind))  # type: ignore[arg-type]  # kind is one of PersonKind
    ]
    return ", ".join(parts) or "nobody"


class ProblemsModel(QAbstractTableModel):
    """Rows that were not understood, with file, line and reason."""

    _HEADS = ("File and line", "What is wrong")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Any, ...] = ()

    def set_rows(self, rows: tuple[Any, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._HEADS[section]
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0:
                return f"{row.file}:{row.line}" if row.line else row.file
            return row.reason
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.reason
        return None


class RosterView(QWidget):
    """Emits `imported` when it is done. The import itself is one transaction on the worker."""

    imported = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._preview: RosterPreview | None = None
        self._path: Path | None = None
        self.banner = Banner(desk.theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.banner)
        column.addWidget(self._chooser())
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName("Reading the roster")
        self.progress.hide()
        column.addWidget(self.progress)
        self.result = self._result()
        column.addWidget(self.result)

    def _chooser(self) -> QWidget:
        box = QWidget(self)
        words = Muted(
            "Choose what the student information system exported as OneRoster 1.1 or 1.2: the "
            "folder of its CSV files, or the zip. Passwords in it are never read. You see what "
            "would change before anything does.",
            box,
        )
        self.zip = ActionButton(self._desk.theme, "Choose a zip…", icon_name="upload", parent=box)
        self.folder = ActionButton(
            self._desk.theme, "Choose a folder…", icon_name="folder", parent=box
        )
        self.zip.clicked.connect(self._choose_zip)
        self.folder.clicked.connect(self._choose_folder)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.zip)
        row.addWidget(self.folder)
        row.addStretch(1)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(row)
        return box

    def _result(self) -> QWidget:
        box = QWidget(self)
        self.school = Choice(box)
        self.school.currentIndexChanged.connect(self._another_school)
        self.school_frame = FieldFrame(
            self._desk.theme, "Which school?", self.school, hint="This set holds several."
        )
        card = Card(box, spacing=6)
        self.facts = {key: QLabel(card) for key in ("added", "changed", "made_inactive")}
        for label in self.facts.values():
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            card.column.addWidget(label)
        self.warnings = Card(box, margin=12, spacing=6, edge="warn")
        self.warning_words = plain_label("", "", self.warnings)
        self.warning_words.setWordWrap(True)
        self.confirmed = QCheckBox("I looked at it; import all the same", self.warnings)
        self.confirmed.toggled.connect(self._may_import)
        self.warnings.column.addWidget(self.warning_words)
        self.warnings.column.addWidget(self.confirmed)
        self.problems_title = SectionTitle("", box)
        self.problems = ProblemsModel(self)
        self.table_card = QFrame(box)
        self.table_card.setObjectName("tableCard")
        inside = QVBoxLayout(self.table_card)
        inside.setContentsMargins(1, 1, 1, 4)
        self.table = Table(self._desk.theme, parent=self.table_card)
        self.table.setAccessibleName("Rows that were not understood")
        self.table.setModel(self.problems)
        self.table.set_shares(28, 72)
        inside.addWidget(self.table)
        self.go = PrimaryButton("Import", box)
        self.go.clicked.connect(self.bring_in)
        self.other = SecondaryButton("Choose another", box)
        self.other.clicked.connect(self._start_over)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.go)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.school_frame, card, self.warnings, self.problems_title,
                       self.table_card):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(buttons)
        box.hide()
        return box

    # --- choosing ------------------------------------------------------------------------

    @Slot()
    def _choose_zip(self) -> None:
        path = choose_open(self, "Choose the roster", "OneRoster (*.zip *.csv)")
        if path is not None:
            self.read(path.parent if path.suffix.lower() == ".csv" else path)

    @Slot()
    def _choose_folder(self) -> None:
        path = choose_folder(self, "Choose the folder of the roster")
        if path is not None:
            self.read(path)

    def read(self, path: Path, school: str | None = None) -> None:
        """Read the set at `path` and show what it would change."""
        self._path = path
        self.banner.clear()
        self._busy(True)
        roster = self._workspace.roster
        self._desk.tasks.run(
            self,
            lambda: roster.preview(path, school=school),
            self.show_preview,
            self._failed,
            lane=Lane.READ,
        )

    def show_preview(self, preview: RosterPreview) -> None:
        """Show what an import would do."""
        self._busy(False)
        self._preview = preview
        self.result.show()
        self.facts["added"].setText(f"Added: {summary(preview, 'added')}")
        self.facts["changed"].setText(f"Changed: {summary(preview, 'changed')}")
        gone = summary(preview, "made_inactive")
        tail = "" if gone == "nobody" else " (nothing is deleted; old records keep them)"
        self.facts["made_inactive"].setText(f"Made inactive: {gone}{tail}")
        self._show_schools(preview)
        self.warnings.setVisible(bool(preview.warnings))
        self.warning_words.setText(" ".join(w.sentence for w in preview.warnings))
        self.confirmed.setChecked(False)
        found = len(preview.problems)
        words = f"{counted(found, 'row', 'rows')} not understood"
        self.problems_title.setText(words if found else "Every row was understood")
        self.problems.set_rows(preview.problems[:_SHOWN])
        self.table_card.setVisible(bool(found))
        self._may_import()
        self.go.setFocus()

    def _show_schools(self, preview: RosterPreview) -> None:
        several = len(preview.schools) > 1
        self.school_frame.setVisible(several)
        if several:
            rows: list[tuple[str, object]] = [("All of them", None)]
            rows += [(f"{s.name} ({s.students})", s.sourced_id) for s in preview.schools]
            self.school.fill(rows, preview.school)

    @Slot()
    def _another_school(self) -> None:
        if self._path is not None:
            chosen = self.school.currentData()
            self.read(self._path, str(chosen) if chosen else None)

    @Slot()
    def _may_import(self) -> None:
        preview = self._preview
        ready = preview is not None and preview.changes_anything
        if preview is not None and preview.warnings and not self.confirmed.isChecked():
            ready = False
        self.go.setEnabled(ready)
        nothing = preview is not None and not preview.changes_anything
        self.go.setText("Nothing to import" if nothing else "Import")

    # --- importing -----------------------------------------------------------------------

    @Slot()
    def bring_in(self) -> None:
        """Do what the preview says."""
        preview = self._preview
        if preview is None:
            return
        roster, confirmed = self._workspace.roster, self.confirmed.isChecked()
        self._busy(True)
        self._desk.tasks.run(
            self, lambda: roster.apply(preview, confirmed=confirmed), self._done, self._failed
        )

    def _done(self, applied: Applied) -> None:
        self._busy(False)
        self.result.hide()
        students = applied.added.get("student", 0) + applied.changed.get("student", 0)
        self.banner.tell(
            f"Imported: {counted(students, 'student', 'students')} added or changed.", Tone.OK
        )
        self.imported.emit()

    def _failed(self, problem: BaseException) -> None:
        self._busy(False)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)

    def _busy(self, on: bool) -> None:
        self.progress.setVisible(on)
        for widget in (self.zip, self.folder, self.result):
            widget.setEnabled(not on)

    @Slot()
    def _start_over(self) -> None:
        self._preview, self._path = None, None
        self.result.hide()
        self.banner.clear()
        self.zip.setFocus()
