"""Every container: what is left, how long it lasts and is good, what does not come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.receive_sheet import ReceiveSheet
from bt_desktop.views.health.stock_list import (
    EXPIRES,
    LASTS,
    NOTICE,
    StockModel,
    StockView,
    keeps,
    named,
    read_stock,
    urgency,
)
from bt_desktop.views.health.stock_lot import LotPage
from bt_desktop.views.health.stock_words import (
    lot_title,
    whose,
)
from bt_desktop.views.widgets.buttons import ActionButton, Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.table import (
    Table,
    TableCard,
)
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

FILTERS = (
    ("all", "All"),
    ("low", "Low"),
    ("expiring", "Expiring"),
    ("controlled", "Controlled"),
    ("school", "The school’s own"),
    ("empty", "Empty"),
)
_LONGEST_NOTICE = "Does not come out"


class StockSection(QWidget):
    """The list, and over it one container."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: StockView | None = None
        self.which = FILTERS[0][0]
        self.sheet: ReceiveSheet | None = None
        self._wanted_order = ""
        self.list = QWidget(self)
        self.lot = LotPage(desk, workspace, page)
        self.lot.back_asked.connect(self._back)
        self.one_of = OneOf(self)
        self.one_of.add(self.list)
        self.one_of.add(self.lot)
        self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.one_of)

    def _make_list(self) -> None:
        desk = self._desk
        self.alarm = Banner(desk.theme, self.list)
        self.filter = SearchLine(desk.theme, "Medicine or student", parent=self.list)
        self.filter.textChanged.connect(self._show_rows)
        self.receive = ActionButton(
            desk.theme, "A container comes in…", icon_name="plus", kind="primary", parent=self.list
        )
        self.receive.clicked.connect(lambda _=False: self.take_in())
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        flow = FlowLayout()
        for key, words in FILTERS:
            chip = self.chips[key] = Chip(words, self.list)
            chip.setAccessibleName(f"Show: {words}")
            chip.clicked.connect(lambda _=False, which=key: self.choose(which))
            self._group.addButton(chip)
            flow.addWidget(chip)
        self.chips[self.which].setChecked(True)
        self.model = StockModel(self)
        self.card = TableCard(self.list)
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Containers")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(42, 17, 13, 13, 17)
        self.table.drop_below(LASTS, 640)
        self.table.drop_below(EXPIRES, 640)
        self.table.keep_whole(NOTICE, _LONGEST_NOTICE)
        self.table.opened.connect(lambda index: self.open_lot(self.model.row(index).balance.lot.id))
        self.card.inside.addWidget(self.table)
        self.says = Muted("", self.list)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 1)
        head.addWidget(self.receive)
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.alarm)
        column.addLayout(head)
        column.addLayout(flow)
        column.addWidget(self.card)
        column.addWidget(self.says)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin with typing, or at the container that is shown."""
        (self.filter if self.list.isVisible() else self.lot.back).setFocus()

    @Slot()
    def load(self) -> None:
        """Read the stock, and the container that is shown."""
        workspace = self._workspace
        self._desk.tasks.latest(self, "stock", lambda: read_stock(workspace), self.show_stock)
        if not self.lot.isHidden():
            self.lot.load()

    def show_stock(self, view: StockView) -> None:
        """Show what was read."""
        self._view = view
        self._show_rows()
        stopped = [one for one in view.supplies if one.balance.stopped]
        if stopped:
            lots = ", ".join(
                f"{lot_title(one.balance.lot)} ({whose(one.balance.lot, view.names)})"
                for one in stopped
            )
            self.alarm.tell(
                f"The count does not come out: {lots}. Routine doses from it wait.", Tone.DANGER
            )
        else:
            self.alarm.clear()
        if self._wanted_order:
            wanted, self._wanted_order = self._wanted_order, ""
            self.take_in(wanted)

    def choose(self, which: str) -> None:
        """Narrow the list."""
        self.which = which
        self.chips[which].setChecked(True)
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        view = self._view
        if view is None:
            return
        wanted = self.filter.text().casefold().split()
        shown = [
            one
            for one in view.supplies
            if keeps(self.which, one) and named(one, view.names, wanted)
        ]
        shown.sort(key=urgency)
        self.model.show_stock(tuple(shown), view.names)
        self.table.rows_changed()
        self.card.setVisible(bool(shown))
        self.says.setText("" if shown else self._nothing(wanted))

    def _nothing(self, wanted: list[str]) -> str:
        if wanted or self.which != "all":
            return "No container is like that now."
        return "No stock yet. Take in the first container: it is counted, and its ledger begins."

    def open_lot(self, lot_id: str) -> None:
        """Show one container."""
        self.lot.open_lot(lot_id)
        self.one_of.show_only(self.lot)
        self.lot.back.setFocus()

    @Slot()
    def _back(self) -> None:
        self.one_of.show_only(self.list)
        self.load()
        self.table.setFocus()

    def errand(self, order_id: str) -> None:
        """Somebody came here for one thing: to take in a container for an order."""
        self.one_of.show_only(self.list)
        self.take_in(order_id)

    def take_in(self, order_id: str = "") -> None:
        """A container comes in (for an order); once the stock is read, where it is not yet."""
        view = self._view
        if view is None:
            self._wanted_order = order_id
            return
        sheet = self.sheet = ReceiveSheet(
            self._desk, self._workspace, view.orders, view.names, view.hands, view.today, order_id,
            self,
        )  # fmt: skip
        sheet.saved.connect(lambda lot: self._received(str(lot)))
        sheet.open_sheet()

    def _received(self, lot_id: str) -> None:
        self.load()
        self.open_lot(lot_id)
