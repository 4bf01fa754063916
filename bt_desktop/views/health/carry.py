"""Students who carry their own medicine: what the law asks first, and the agreement to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.printing import CarryLine
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_words import dose_words, medicine_title
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_LEAD = (
    "Orders that say that the student carries the medicine. Print the agreement, have it signed, "
    "and keep a scan of it with the order. What is missing is said in each row."
)
_NOTHING = (
    "No order says that a student carries medicine. It is entered with the order, under "
    "“The student carries it”."
)


class CarrySection(QWidget):
    """The list."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._lines: tuple[CarryLine, ...] = ()
        self.form = ActionButton(
            desk.theme, "Print a blank authorization", icon_name="print", parent=self
        )
        self.form.clicked.connect(lambda _=False: self.print_form())
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Muted(_LEAD, self), 1)
        head.addWidget(self.form)
        self.nothing = Muted("", self)
        self.card = RowCard("Students who carry their medicine", self)
        self.card.asked.connect(self.do)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.nothing)
        column.addWidget(self.card)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin at the first row, else at the form."""
        first = next(iter(self.card.buttons.values()), self.form)
        first.setFocus()

    @Slot()
    def load(self) -> None:
        """Read who carries what."""
        printing = self._workspace.health.printing
        self._desk.tasks.latest(self, "carry", printing.carried, self.show_lines)

    def show_lines(self, lines: tuple[CarryLine, ...]) -> None:
        """Show them."""
        self._lines = lines
        self.card.show_rows(_row(one) for one in lines)
        self.nothing.setText("" if lines else _NOTHING)
        self.nothing.setVisible(not lines)
        tab_as_laid_out(self.card, after=self.form)

    @Slot(str, str)
    def do(self, deed: str, order_id: str) -> None:
        """A button of a row."""
        found = next((one for one in self._lines if one.order.id == order_id), None)
        if found is None:
            return
        if deed == "file":
            self._page.student_asked.emit(found.order.terms.student_id)
            return
        printing = self._workspace.health.printing
        self._desk.tasks.run(
            self,
            lambda: printing.self_carry(order_id, blank=deed == "blank"),
            lambda made: self._show(made, "Agreement to carry medicine"),
        )

    @Slot()
    def print_form(self) -> None:
        """The form for both statements, blank."""
        printing = self._workspace.health.printing
        self._desk.tasks.run(
            self, printing.authorization, lambda made: self._show(made, "Authorization, blank")
        )

    def _show(self, made: PrintedCopy, title: str) -> None:
        self._page.paper_asked.emit(made, title)


def _row(one: CarryLine) -> Row:
    name = f"{one.student}: {medicine_title(one.order.terms)}"
    count = len(one.missing)
    word, tone = ("Complete", "ok") if not count else (f"{count} missing", "warn")
    return Row(
        one.order.id,
        name,
        dose_words(one.order.terms),
        f"Missing: {' '.join(one.missing)}" if one.missing else "",
        word,
        tone,
        (
            ("print", "Print the agreement", f"Print the agreement: {name}"),
            ("blank", "With boxes to tick", f"Print it with boxes to tick by hand: {name}"),
            ("file", "Health file", f"Open the health file: {name}"),
        ),
    )
