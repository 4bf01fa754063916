"""A roster brought in: choose it, look at what would change, then import. Nothing before that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_folder, choose_open
from bt_desktop.views.roster_lists import RosterList, roster_lists
from bt_desktop.views.roster_looking import RosterLists
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.waiting import Waiting

if TYPE_CHECKING:
    from bt_desktop.services.roster import Applied, RosterPreview
    from bt_desktop.services.work_progress import Progress
    from bt_desktop.services.workspace import Workspace

_KINDS = (("student", "student", "students"), ("guardian", "guardian", "guardians"),
          ("staff", "staff member", "staff members"))  # fmt: skip


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
        self._round = 0
        self.progress = Waiting("Working on the roster", self)
        self.progress.canceled.connect(self.give_up)
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
        self.lists = RosterLists(self._desk, box)
        self.lists.links_changed.connect(self._may_import)
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
        for widget in (self.school_frame, card, self.problems_title, self.lists, self.warnings):
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
        self._busy(True, "Reading the roster. Nothing is changed by that.", may_stop=True)
        roster, this = self._workspace.roster, self._round

        def work() -> tuple[RosterPreview, tuple[RosterList, ...]]:
            preview = roster.preview(path, school=school)
            return preview, roster_lists(preview)

        def shown(found: tuple[RosterPreview, tuple[RosterList, ...]]) -> None:
            if this == self._round:
                self.show_preview(*found)

        def failed(problem: BaseException) -> None:
            if this == self._round:
                self._failed(problem)

        self._desk.tasks.run(self, work, shown, failed, lane=Lane.READ)

    @Slot()
    def give_up(self) -> None:
        """Read no further: whatever is found is thrown away."""
        self._busy(False)
        self.banner.tell("Reading was canceled. Nothing was changed.", Tone.INFO)
        (self.go if self.result.isVisible() else self.zip).setFocus()

    def show_preview(self, preview: RosterPreview, lists: tuple[RosterList, ...]) -> None:
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
        self.lists.show_lists(lists, "made_inactive" if preview.warnings else "")
        self.lists.order_tabs(self.school, self.confirmed, self.go, self.other)
        self._may_import()
        (self.confirmed if preview.warnings else self.go).setFocus()

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
        if preview is None:
            return
        something = preview.changes_anything or bool(self.lists.chosen())
        asked = bool(preview.warnings) and not self.confirmed.isChecked()
        self.go.setEnabled(something and not asked)
        self.go.setText("Import" if something else "Nothing to import")

    # --- importing -----------------------------------------------------------------------

    @Slot()
    def bring_in(self) -> None:
        """Do what the preview says."""
        preview = self._preview
        if preview is None:
            return
        work = self._deed(preview, self.confirmed.isChecked())
        self._busy(True, "Importing. It is done whole or not at all.")
        self._desk.tasks.run(self, work, self._done, self._failed)

    def _deed(self, preview: RosterPreview, confirmed: bool) -> Callable[[], Applied]:
        """The import itself, for the worker."""
        roster, links = self._workspace.roster, self.lists.chosen()
        return lambda: roster.apply(preview, confirmed=confirmed, links=links)

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

    def _busy(
        self,
        on: bool,
        says: str = "",
        *,
        going: Progress | None = None,
        may_stop: bool = False,
    ) -> None:
        self._round += 1
        if on:
            self.progress.begin(says, going, may_stop=may_stop)
        else:
            self.progress.end()
        for widget in self._set_aside():
            widget.setEnabled(not on)

    def _set_aside(self) -> tuple[QWidget, ...]:
        """What waits while a piece of work is under way."""
        return self.zip, self.folder, self.result

    @Slot()
    def _start_over(self) -> None:
        self._preview, self._path = None, None
        self.result.hide()
        self.banner.clear()
        self.zip.setFocus()
