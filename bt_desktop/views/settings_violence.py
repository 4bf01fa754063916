"""The log of violent incidents: lines that name nobody, to be read, printed or saved as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_save
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.results.violence import ViolentLine
    from bt_desktop.services.workspace import Workspace

_ABOUT = (
    "A line is added when a staff injury report that a person caused is signed. It says what "
    "happened and where, and names nobody who was involved. Each line is kept for five years "
    "(Labor Code 6401.9, unverified)."
)
_EMPTY = "No violent incident is in the log yet."


class ViolenceModel(RowsModel["ViolentLine"]):
    """Lines, the newest incident first."""

    HEADS = ("No.", "Date", "Place", "Type", "Who did it")

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        line = self._rows[index.row()]
        when = f"{full_date(line.day)}, {line.time}".rstrip(", ")
        kind = line.type.partition(":")[0]
        return (line.number, when, line.place, kind, line.by)[index.column()]


class ViolenceSection(QWidget):
    """The log. `preview_asked(copy)` when its paper is to be shown."""

    preview_asked = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.banner = Banner(desk.theme, self)
        self.model = ViolenceModel(self)
        self.table = self._table()
        self.paper = SecondaryButton("Print the log…", self)
        self.paper.clicked.connect(self.print_log)
        self.save = SecondaryButton("Save as a table…", self)
        self.save.clicked.connect(self.save_table)
        self.empty = Muted(_EMPTY, self)
        self.empty.setObjectName("mutedBody")
        self.detail = Card(self, spacing=6)
        self.detail_title = plain_label("", "strong", self.detail)
        self.detail_words = plain_label("", "", self.detail)
        for label in (self.detail_title, self.detail_words):
            label.setWordWrap(True)
            self.detail.column.addWidget(label)
        self._lay_out()
        self.show_lines(())

    def _table(self) -> Table:
        table = Table(self._desk.theme, fit=True, parent=self)
        table.setAccessibleName("Violent incidents")
        table.setModel(self.model)
        table.set_shares(11, 30, 20, 12, 27)
        table.drop_below(0, 640)
        table.drop_below(3, 560)
        table.selectionModel().currentRowChanged.connect(self._show_detail)
        return table

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(SectionTitle("Violent incidents", self))
        head.addStretch(1)
        head.addWidget(self.save)
        head.addWidget(self.paper)
        self.card = TableCard(self)
        inside = self.card.inside
        inside.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(Muted(_ABOUT, self))
        for widget in (self.empty, self.card, self.detail):
            column.addWidget(widget)
        column.addStretch(1)

    # --- showing ---------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the lines."""
        log = self._workspace.violence
        self._desk.tasks.run(self, log.lines, self.show_lines, lane=Lane.READ)

    def show_lines(self, lines: tuple[ViolentLine, ...]) -> None:
        """Show them."""
        self.model.set_rows(lines)
        self.table.rows_changed()
        some = bool(lines)
        self.empty.setVisible(not some)
        self.card.setVisible(some)
        for button in (self.paper, self.save):
            button.setVisible(some and self._workspace.violence.may_export)
        self.detail.setVisible(some)
        if some:
            self.table.selectRow(0)

    @Slot(QModelIndex, QModelIndex)
    def _show_detail(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid():
            return
        line = self.model.row(now)
        self.detail_title.setText(f"{line.number} · {line.place} · {line.area}")
        self.detail_words.setText(
            "\n".join(
                (
                    line.description,
                    f"{line.type}. By: {line.by}.",
                    f"What kind: {'; '.join(line.characteristics)}.",
                    f"Circumstances: {'; '.join(line.circumstances)}.",
                    f"What came of it: {'; '.join(line.consequences)}.",
                    f"Written by {line.author} on {full_date(line.written_on)}; "
                    f"keep until {full_date(line.keep_until)}.",
                )
            )
        )
        self.detail.setAccessibleName(f"Incident {line.number}")

    # --- taking it out ---------------------------------------------------------------------------

    @Slot()
    def print_log(self) -> None:
        """Show the paper, to be printed or saved."""
        log = self._workspace.violence
        self._desk.tasks.run(self, log.printed, self._shown)

    def _shown(self, copy: PrintedCopy) -> None:
        self.preview_asked.emit(copy)

    @Slot()
    def save_table(self) -> None:
        """Save the lines for a spreadsheet."""
        path = choose_save(
            self, "Save the log as a table", "violent-incident-log.csv", "Tables (*.csv)"
        )
        if path is None:
            return
        log = self._workspace.violence

        def write() -> None:
            from bt_desktop.views.preview import write_whole  # deferred: loads QtPdf

            write_whole(path, log.table())

        self._desk.tasks.run(
            self, write, lambda _: self.banner.tell("The table is saved.", Tone.OK), self._failed
        )

    def _failed(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
            return
        self._desk.feedback.report(self, problem)
