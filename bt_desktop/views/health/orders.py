"""Students with orders: found by two letters, narrowed to what waits, holds, ended or ends soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.model import STOCK_SUBJECT, Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_words import ENDED, expires_soon, waits_words
from bt_desktop.views.widgets.buttons import Chip, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE, TONE_ROLE, Table, TableCard
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

NAME, GRADE, MEDICINES, STATE = range(4)
FEWEST_LETTERS = 2
_MOST_FOUND = 30
FILTERS = (
    ("all", "All"),
    ("waiting", "Waiting"),
    ("active", "Active"),
    ("expiring", "Ending soon"),
    ("ended", "Ended"),
)
_STOCK_NAME = "The school’s own stock"
_LONGEST_STATE = "2 waiting · 3 active"


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A student of the list with the orders that the filter leaves."""

    student_id: str
    name: str
    grade: str
    same_name: bool
    orders: tuple[Order, ...]
    note: str = ""

    def medicines(self) -> str:
        """Their medicines, each once, in the order they were entered."""
        return ", ".join(dict.fromkeys(one.terms.medicine.name for one in self.orders))

    def state(self) -> tuple[str, str]:
        """“1 waiting · 2 active” and its tone."""
        if not self.orders:
            return "No orders yet", "plain"
        waiting = sum(one.status == "waiting" for one in self.orders)
        held = sum(one.status == "hold" for one in self.orders)
        active = sum(one.status in ("active", "upcoming") for one in self.orders)
        parts = [
            f"{count} {word}"
            for count, word in ((waiting, "waiting"), (held, "on hold"), (active, "active"))
            if count
        ]
        if not parts:
            return "All ended", "plain"
        return " · ".join(parts), "warn" if waiting or held else "ok"


def keeps(which: str, order: Order, today: date) -> bool:
    """Whether a filter leaves an order."""
    if which == "waiting":
        return order.status in ("waiting", "hold")
    if which == "active":
        return order.status in ("active", "upcoming")
    if which == "expiring":
        return bool(expires_soon(order, today))
    if which == "ended":
        return order.status in ENDED
    return True


class StudentsWithOrders(RowsModel[StudentLine]):
    """The lines of the list."""

    HEADS = ("Student", "Grade", "Medicines", "Orders")

    def line(self, index: QModelIndex | QPersistentModelIndex) -> StudentLine:
        """The line of a row."""
        return self._rows[index.row()]

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        word, tone = row.state()
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, row.grade, row.medicines(), word)[column]
        if role == TONE_ROLE and column == STATE:
            return tone
        if role == DETAIL_ROLE and column == NAME and row.same_name:
            return "same name: check the birth date"
        if role == DETAIL_ROLE and column == MEDICINES:
            return row.note
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._heard(row, column, word)
        return None

    def _heard(self, row: StudentLine, column: int, word: str) -> str | None:
        if column == NAME and row.same_name:
            return f"{row.name}, same name as another student"
        if column == MEDICINES:
            return ". ".join(part for part in (row.medicines(), row.note) if part)
        return word if column == STATE else None


class OrdersSection(QWidget):
    """The list; a row opens the student's health file."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self.filter = SearchLine(desk.theme, "Two letters of a name: any student", parent=self)
        self.filter.textChanged.connect(self.load)
        self.filter.returnPressed.connect(self._open_first)
        self.stock = SecondaryButton("The school’s own stock…", self)
        self.stock.setAccessibleDescription("Standing orders for epinephrine, naloxone, inhalers")
        self.stock.clicked.connect(lambda: page.student_asked.emit(STOCK_SUBJECT))
        self.stock.setVisible(workspace.health.may_edit_orders)
        self.chips: dict[str, Chip] = {}
        self.which = FILTERS[0][0]
        self._group = QButtonGroup(self)
        flow = FlowLayout()
        for key, words in FILTERS:
            chip = self.chips[key] = Chip(words, self)
            chip.setAccessibleName(f"Show: {words}")
            chip.clicked.connect(lambda _=False, which=key: self.choose(which))
            self._group.addButton(chip)
            flow.addWidget(chip)
        self.chips[self.which].setChecked(True)
        self.model = StudentsWithOrders(self)
        self.card = TableCard(self)
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Students with orders")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(28, 8, 42, 22)
        self.table.drop_below(GRADE, 620)
        self.table.drop_below(MEDICINES, 480)
        self.table.keep_whole(STATE, _LONGEST_STATE)
        self.table.opened.connect(self._open)
        self.card.inside.addWidget(self.table)
        self.says = Muted("", self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 1)
        head.addWidget(self.stock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(flow)
        column.addWidget(self.card)
        column.addWidget(self.says)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin with typing."""
        self.filter.setFocus()

    def choose(self, which: str) -> None:
        """Narrow the list to orders that are so."""
        self.which = which
        self.chips[which].setChecked(True)
        self.load()

    @Slot()
    def load(self) -> None:
        """Read what the filter and the letters ask for."""
        self._desk.tasks.latest(self, "orders", self._read(), self.show_lines)

    def _read(self) -> Callable[[], tuple[StudentLine, ...]]:
        workspace, which, text = self._workspace, self.which, self.filter.text().strip()
        return lambda: read_lines(workspace, which, text)

    def show_lines(self, lines: tuple[StudentLine, ...]) -> None:
        """Show these, or say why there is nothing."""
        self.model.set_rows(lines)
        self.table.rows_changed()
        self.card.setVisible(bool(lines))
        self.says.setText(self._words(lines))

    def _words(self, lines: tuple[StudentLine, ...]) -> str:
        if lines:
            return ""
        if len(self.filter.text().strip()) >= FEWEST_LETTERS:
            return "Nobody found. Any part of any name will do."
        if self.which != "all":
            return "No order is like that now."
        if not self._workspace.health.may_edit_orders:
            return "Nothing is delegated to you today."
        return "No orders yet. Type two letters of a student’s name, open them, and enter one."

    @Slot()
    def _open_first(self) -> None:
        if self.model.rowCount():
            self._open(self.model.index(0, 0))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self._page.student_asked.emit(self.model.line(index).student_id)


def read_lines(workspace: Workspace, which: str, text: str) -> tuple[StudentLine, ...]:
    """The lines of the list (on a worker): whoever has orders, and by their letters also whoever
    has none yet."""
    health = workspace.health
    today = health.orders.today()
    by_student: dict[str, list[Order]] = {}
    for order in health.overview.orders():
        if keeps(which, order, today):
            by_student.setdefault(order.terms.student_id, []).append(order)
    stock = by_student.pop(STOCK_SUBJECT, [])
    if len(text) >= FEWEST_LETTERS:
        found: Iterable[PersonHit] = workspace.people.search(text, ("student",), _MOST_FOUND)
        if which != "all" or not health.may_edit_orders:
            found = [one for one in found if one.id in by_student]
    else:
        found = workspace.people.among(by_student)
    lines = [
        StudentLine(
            one.id, one.name, one.grade, one.same_name, tuple(by_student.get(one.id, ())),
            _note(by_student.get(one.id, ()), today),
        )
        for one in found
    ]  # fmt: skip
    if stock and len(text) < FEWEST_LETTERS:
        own = StudentLine(STOCK_SUBJECT, _STOCK_NAME, "", False, tuple(stock), _note(stock, today))
        lines.insert(0, own)
    return tuple(lines)


def _note(orders: Iterable[Order], today: date) -> str:
    """What most needs doing, in words."""
    kept = list(orders)
    waits = next((waits_words(one) for one in kept if waits_words(one)), "")
    return waits or next((told for one in kept if (told := expires_soon(one, today))), "")
