"""A student's health file on paper or as a file: what is printed, what is taken out, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from bt_desktop.services.health.health_export import Kind
from bt_desktop.services.health.model import Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import choose_save
from bt_desktop.views.health.for_what import ForWhat
from bt_desktop.views.health.order_words import ENDED, medicine_title
from bt_desktop.views.preview import write_whole
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.results.export import ListFile
    from bt_desktop.services.workspace import Workspace

RECORD = "Medication record"
_FORMATS: Sequence[tuple[str, Kind, str]] = (
    ("Orders and doses for another system (FHIR R4, JSON)", "fhir", "JSON (*.json)"),
    ("Orders as a table (CSV)", "orders", "CSV (*.csv)"),
    ("Doses as a table (CSV)", "doses", "CSV (*.csv)"),
)
_FILES: dict[str, tuple[str, str]] = {
    kind: (f"{word}.{ending}", words)
    for (_, kind, words), word, ending in zip(
        _FORMATS, ("medication", "orders", "doses"), ("json", "csv", "csv"), strict=True
    )
}


class FileOut(QWidget):
    """Two buttons of a student's health file. `paper_asked(copy, title)` to show a paper;
    `saved(count)` once a file is written; `refused(problem)`."""

    paper_asked = Signal(object, str)
    saved = Signal(int)
    refused = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._id = desk, workspace, student_id
        self._orders: tuple[Order, ...] = ()
        self.sheet: Sheet | None = None
        self.print = SecondaryButton("Print…", self)
        self.print.setAccessibleName("Print from this health file")
        self.print.clicked.connect(self.offer)
        self.export = SecondaryButton("Export…", self)
        self.export.setAccessibleName("Export this health file")
        self.export.clicked.connect(self.open_export)
        row = FlowLayout(self)
        row.addWidget(self.print)
        row.addWidget(self.export)
        self.print.setVisible(workspace.health.packets.may)
        self.export.setVisible(workspace.health.export.may)

    def show_orders(self, orders: tuple[Order, ...]) -> None:
        """The orders whose copies can be printed."""
        self._orders = orders

    def papers(self) -> list[tuple[str, Callable[[], None]]]:
        """What can be printed, in words, and the deed."""
        health = self._workspace.health
        made: list[tuple[str, Callable[[], None]]] = [(f"{RECORD}…", self.open_packet)]
        for order in self._orders:
            ended = " (ended)" if order.status in ENDED else ""
            words = f"Copy of the order: {medicine_title(order.terms)}{ended}"
            made.append((words, partial(self._make, partial(health.packets.order, order.id),
                                        "Medication order")))  # fmt: skip
        return made

    @Slot()
    def offer(self) -> None:
        """Let choose what is printed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, deed in self.papers():
            menu.addAction(words.replace("&", "&&"), deed)
        menu.popup(self.print.mapToGlobal(QPoint(0, self.print.height() + 4)))
        menu.setActiveAction(menu.actions()[0])

    def _make(self, work: Callable[[], PrintedCopy], title: str) -> None:
        self._desk.tasks.run(
            self,
            work,
            lambda copy: self.paper_asked.emit(copy, title),
            self.refused.emit,
            lane=Lane.READ,
        )

    @Slot()
    def open_packet(self) -> None:
        """Ask what the medication record is for, then make it."""
        sheet = PacketSheet(self._desk, self._workspace, self._id, self)
        sheet.saved.connect(lambda copy: self.paper_asked.emit(copy, RECORD))
        self._open(sheet)

    @Slot()
    def open_export(self) -> None:
        """Ask in which form and what for, then where to."""
        sheet = TakeOutSheet(self._desk, self._workspace, self._id, self)
        sheet.saved.connect(lambda made: self.saved.emit(made.records))
        self._open(sheet)

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.open_sheet()


class PacketSheet(Sheet):
    """`saved(PrintedCopy)`."""

    def __init__(self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget) -> None:
        super().__init__(desk, RECORD, "Make it", parent)
        self._packets, self._id = workspace.health.packets, student_id
        self.column.addWidget(
            Muted(
                "Every order, the log of each month, stock, visits and papers for parents of this "
                "student, sealed. Words that may name another student are left out.",
                self,
            )
        )
        self.why = ForWhat(self)
        self.months = self.tick("With the log of each month", True)
        self.scans = self.tick("With the scans of the statements", True)
        self.on_save(self._collected)

    def _collected(self) -> Callable[[], Any] | None:
        purpose = self.why.read()
        if purpose is None:
            return None
        packets, which = self._packets, self._id
        scans, months = self.scans.isChecked(), self.months.isChecked()
        return lambda: packets.packet(which, purpose, scans=scans, months=months)


class TakeOutSheet(Sheet):
    """`saved(ListFile)` once the file is where the person said."""

    def __init__(self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget) -> None:
        super().__init__(desk, "Export this health file", "Choose where to…", parent, wide=520)
        self._export, self._id = workspace.health.export, student_id
        self.column.addWidget(
            Muted(
                "All orders and doses of this student, also what was struck. Outside the vault the "
                "file is not encrypted. Who exported what for is written down.",
                self,
            )
        )
        self.format = Choice()
        self.format.fill([(words, kind) for words, kind, _ in _FORMATS], "fhir")
        self.add("format", "As what?", self.format)
        self.why = ForWhat(self)
        self.on_save(self._collected)

    def _collected(self) -> Callable[[], Any] | None:
        purpose = self.why.read()
        if purpose is None:
            return None
        kind: Kind = self.format.currentData()
        name, words = _FILES[kind]
        path = choose_save(self, "Export this health file", name, words)
        if path is None:
            return None
        target = path if path.suffix else path.with_suffix(f".{name.rpartition('.')[2]}")
        export, which = self._export, self._id

        def work() -> ListFile:
            made = export.file(which, kind, purpose)
            write_whole(target, made.data)
            return made

        return work
