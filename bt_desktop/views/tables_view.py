"""Tables of a school's system brought in: chosen, mapped, looked at, then imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.work_progress import Progress
from bt_desktop.views.feedback import Tone, choose_several
from bt_desktop.views.roster_lists import roster_lists
from bt_desktop.views.roster_view import RosterView
from bt_desktop.views.table_mapping import TableMapping
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.csv_import import CsvPreview
    from bt_desktop.services.csv_model import CsvFile
    from bt_desktop.services.roster import Applied

_KINDS = "Tables (*.csv *.txt *.tsv)"


class TablesView(RosterView):
    """As `RosterView`, with a mapper between choosing and looking."""

    def _chooser(self) -> QWidget:
        box = QWidget(self)
        words = Muted(
            "Choose one or several CSV files: students, guardians, staff, as any system exports "
            "them. You say what each column means; it is remembered for the next time. You see "
            "what would change before anything does.",
            box,
        )
        self.zip = self.folder = ActionButton(
            self._desk.theme, "Choose tables…", icon_name="upload", parent=box
        )
        self.zip.clicked.connect(self._choose_tables)
        row = QHBoxLayout()
        row.addWidget(self.zip)
        row.addStretch(1)
        self.mappings: list[TableMapping] = []
        self._maps = QVBoxLayout()
        self._maps.setSpacing(16)
        self.everyone = QCheckBox("These tables hold every student of the school", box)
        self.everyone.setAccessibleDescription(
            "Students who are not in them become inactive. Leave it off where you are not sure."
        )
        self.everyone_says = Muted(
            "Students who are not in them become inactive. Leave it off where you are not sure.",
            box,
        )
        self.lacks = plain_label("", "dangerSmall", box)
        self.lacks.setWordWrap(True)
        self.look = PrimaryButton("Show what would change", box)
        self.look.clicked.connect(self.preview_tables)
        self._of_mapping = QWidget(box)
        mapping = QVBoxLayout(self._of_mapping)
        mapping.setContentsMargins(0, 4, 0, 0)
        mapping.setSpacing(8)
        mapping.addLayout(self._maps)
        mapping.addSpacing(4)
        mapping.addWidget(self.everyone)
        mapping.addWidget(self.everyone_says)
        mapping.addWidget(self.lacks)
        mapping.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        self._of_mapping.hide()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(row)
        column.addWidget(self._of_mapping)
        self._going = Progress()
        return box

    # --- choosing and mapping --------------------------------------------------------------

    @Slot()
    def _choose_tables(self) -> None:
        paths = choose_several(self, "Choose the tables", _KINDS)
        if paths:
            self.open_tables(paths)

    def open_tables(self, paths: tuple[Path, ...]) -> None:
        """Look at these tables and offer their columns."""
        self.banner.clear()
        self.result.hide()
        self._preview = None
        tables = self._workspace.tables
        self._busy(True, "Looking at the tables. Nothing is changed by that.")
        self._desk.tasks.run(
            self, lambda: tables.look(paths), self.show_files, self._failed, lane=Lane.READ
        )

    def show_files(self, files: tuple[CsvFile, ...]) -> None:
        """Offer the columns of these tables."""
        self._busy(False)
        for old in self.mappings:
            self._maps.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.mappings = []
        for found in files:
            mapping = TableMapping(self._desk, self._workspace, found, self._of_mapping)
            mapping.changed.connect(self._may_look)
            self._maps.addWidget(mapping)
            self.mappings.append(mapping)
        self._order_tabs()
        self._of_mapping.show()
        self.look.show()
        self._may_look()
        if self.mappings:
            self.mappings[0].first_focus().setFocus()

    def _order_tabs(self) -> None:
        """Tab goes down the page: what is made later would else come last."""
        before: QWidget = self.zip
        for mapping in self.mappings:
            for widget in mapping.in_order():
                QWidget.setTabOrder(before, widget)
                before = widget
        for widget in (self.everyone, self.look):
            QWidget.setTabOrder(before, widget)
            before = widget

    @Slot()
    def _may_look(self) -> None:
        """Say what is still to be chosen; a change of the mapping makes a preview old."""
        lacks = [words for mapping in self.mappings if (words := mapping.lacks())]
        self.lacks.setText(" ".join(lacks))
        self.lacks.setVisible(bool(lacks))
        self.look.setEnabled(bool(self.mappings) and not lacks)
        self.look.setAccessibleDescription(" ".join(lacks))
        self.result.hide()

    # --- looking and importing -------------------------------------------------------------

    @Slot()
    def preview_tables(self) -> None:
        """Read the tables as mapped and show what they would change."""
        self.banner.clear()
        self.result.hide()
        choices = [mapping.choice() for mapping in self.mappings]
        tables, everyone = self._workspace.tables, self.everyone.isChecked()
        going = self._going = Progress()
        self._busy(
            True, "Reading the tables. Nothing is changed by that.", going=going, may_stop=True
        )
        this = self._round

        def work() -> object:
            preview = tables.preview(choices, everyone=everyone, progress=going)
            return preview, roster_lists(preview)

        def shown(found: object) -> None:
            if this == self._round:
                self.show_preview(*found)  # type: ignore[misc]  # the pair of `work`

        def failed(problem: BaseException) -> None:
            if this == self._round:
                self._failed(problem)

        self._desk.tasks.run(self, work, shown, failed, lane=Lane.READ)

    def _deed(self, preview: CsvPreview, confirmed: bool) -> Callable[[], Applied]:  # type: ignore[override]  # a preview of tables
        tables = self._workspace.tables
        return lambda: tables.apply(preview, confirmed=confirmed)

    def _done(self, applied: Applied) -> None:
        self._of_mapping.hide()
        super()._done(applied)

    @Slot()
    def give_up(self) -> None:
        """Read no further."""
        self._going.cancel()
        self._busy(False)
        self.banner.tell("Reading was canceled. Nothing was changed.", Tone.INFO)
        self.look.setFocus()

    def _set_aside(self) -> tuple[QWidget, ...]:
        return *super()._set_aside(), self._of_mapping

    @Slot()
    def _start_over(self) -> None:
        self._preview = None
        self.result.hide()
        self._of_mapping.hide()
        self.banner.clear()
        self.zip.setFocus()
