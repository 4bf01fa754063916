"""One container: how it stands, what can be done with it, and every line of its ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bt_desktop.services.health.count_report import answers_of_count
from bt_desktop.services.health.error_report import FORM
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.ledger_table import AFTER, NOTE, LedgerModel, LotFile, read_lot
from bt_desktop.views.health.stock_away import DestroySheet, ReturnSheet, WasteSheet
from bt_desktop.views.health.stock_sheets import (
    CountSheet,
    LedgerSheet,
    MoreSheet,
    SetRightSheet,
)
from bt_desktop.views.health.stock_words import (
    chips,
    lasts_words,
    left_words,
    lot_title,
    mismatch_words,
    whose,
)
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_FOR_GOOD = (
    "Nothing in a ledger is undone. A line that is wrong is set right by another line: count it "
    "with a second person, then set it right."
)
_BUTTONS: tuple[tuple[str, str, type[LedgerSheet]], ...] = (
    ("count", "Count…", CountSheet),
    ("wasted", "Waste…", WasteSheet),
    ("received", "More was brought…", MoreSheet),
    ("returned", "Return…", ReturnSheet),
    ("destroyed", "Destroy or hand over…", DestroySheet),
)


class LotPage(QWidget):
    """`back_asked` to go back to all containers."""

    back_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._file: LotFile | None = None
        self._id = ""
        self.sheet: Sheet | None = None
        self.back = LinkButton("‹ All stock", self)
        self.back.clicked.connect(self.back_asked)
        self.name = SectionTitle("", self)
        self.name.setWordWrap(True)
        self.whose = Muted("", self)
        self.left = plain_label("", "bigNumber", self)
        self.facts = Muted("", self)
        self._pills = FlowLayout()
        self.note = _Mismatch(desk, self)
        self.note.report.clicked.connect(self._write_report)
        self.note.right.clicked.connect(self._set_right)
        deeds, card = self._deeds(), self._ledger()
        top = QHBoxLayout()
        top.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.whose)
        top.addLayout(words, 1)
        top.addWidget(self.left, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(top)
        column.addLayout(self._pills)
        column.addWidget(self.facts)
        column.addWidget(self.note)
        column.addLayout(deeds)
        column.addWidget(SectionTitle("Ledger", self))
        column.addWidget(Muted(_FOR_GOOD, self))
        column.addWidget(card)
        column.addStretch(1)

    def _deeds(self) -> FlowLayout:
        self.buttons: dict[str, QPushButton] = {}
        row = FlowLayout()
        for key, word, sheet in _BUTTONS:
            make = PrimaryButton if key == "count" else SecondaryButton
            button = self.buttons[key] = make(word, self)
            button.clicked.connect(partial(self._write, sheet))
            row.addWidget(button)
        return row

    def _ledger(self) -> TableCard:
        self.model = LedgerModel(self._desk.clock.now, self)
        self.table = Table(self._desk.theme, fit=True, parent=self)
        self.table.setAccessibleName("Ledger")
        self.table.setCursor(Qt.CursorShape.ArrowCursor)
        self.table.setModel(self.model)
        self.table.set_shares(20, 13, 10, 8, 26, 23)
        self.table.drop_below(NOTE, 700)
        self.table.drop_below(AFTER, 520)
        card = TableCard(self)
        card.inside.addWidget(self.table)
        return card

    def open_lot(self, lot_id: str) -> None:
        """Show this lot."""
        self._id = lot_id
        self.load()

    @Slot()
    def load(self) -> None:
        """Read the lot again."""
        workspace, which = self._workspace, self._id
        self._desk.tasks.run(
            self, lambda: read_lot(workspace, which), self.show_lot, lane=Lane.READ
        )

    def show_lot(self, file: LotFile) -> None:
        """Show what was read."""
        self._file = file
        supply, lot = file.view.supply, file.view.supply.balance.lot
        self.name.setText(lot_title(lot))
        self.whose.setText(whose(lot, file.names))
        self.left.setText(left_words(supply.balance))
        while (item := self._pills.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        marks = [(lot.medicine.schedule, "accent")] if lot.medicine.schedule else []
        for word, tone in (*marks, *chips(supply)):
            self._pills.addWidget(Pill(word, tone, self))
        self.facts.setText(_facts(file))
        self.note.show_balance(file)
        self.buttons["count"].setText("Count again…" if supply.balance.stopped else "Count…")
        self.model.show_lines(file.view.lines, file.names)
        self.table.rows_changed()

    def _write(self, make: type[LedgerSheet], _: bool = False) -> None:
        if self._file is not None:
            balance = self._file.view.supply.balance
            self._open(make(self._desk, self._workspace, balance, self._file.hands, self))

    @Slot()
    def _set_right(self) -> None:
        file = self._file
        if file is not None:
            self._open(
                SetRightSheet(
                    self._desk, self._workspace, file.view.supply.balance, file.hands,
                    file.reports, self,
                )
            )  # fmt: skip

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(self._written)
        sheet.open_sheet()

    @Slot(object)
    def _written(self, _: object) -> None:
        self.load()
        self.buttons["count"].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _write_report(self) -> None:
        """Start the report of a count that does not come out, with what the count tells."""
        file = self._file
        if file is None:
            return
        moves = [one.move for one in reversed(file.view.lines)]
        answers = answers_of_count(file.view.supply.balance, moves)
        records = self._workspace.records
        self._desk.tasks.run(
            self, lambda: records.start(FORM, answers=answers), self._page.record_asked.emit
        )


def _facts(file: LotFile) -> str:
    supply = file.view.supply
    lot = supply.balance.lot
    counted = supply.balance.counted_on
    parts = [
        f"lasts {lasts_words(supply)}" if supply.days_left is not None else "",
        f"expires {full_date(lot.expires_on)}" if lot.expires_on else "no expiry written down",
        f"Rx {lot.rx_number}" if lot.rx_number else "",
        said("storage", lot.storage) if lot.storage else "",
        f"counted {full_date(counted)}" if counted else "not counted since it came",
        "counts are estimates" if lot.estimated else "",
    ]
    words = " · ".join(part for part in parts if part)
    return f"{words[:1].upper()}{words[1:]}"


class _Mismatch(Card):
    """What a count that did not come out stops, and what to do next."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, edge="danger")
        self.words = plain_label("", "", self)
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel(desk.theme, "warn", "danger", 20, self), 0,
                      Qt.AlignmentFlag.AlignTop)  # fmt: skip
        row.addWidget(self.words, 1)
        self.report = SecondaryButton("Write the report…", self)
        self.right = SecondaryButton("Set the ledger right…", self)
        deeds = FlowLayout()
        deeds.addWidget(self.report)
        deeds.addWidget(self.right)
        self.column.addLayout(row)
        self.column.addLayout(deeds)
        self.hide()

    def show_balance(self, file: LotFile) -> None:
        """Show it while the newest count does not come out."""
        balance = file.view.supply.balance
        self.setVisible(balance.stopped)
        stops = (
            "Routine doses from this container wait until two people have counted again; what "
            "happened can still be recorded. "
        )
        then = (
            "Count again with a second person. If it still does not come out, write the report, "
            "tell the administrator, then set the ledger right."
        )
        self.words.setText(f"{mismatch_words(balance)} {stops}{then}")
