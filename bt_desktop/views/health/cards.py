"""Emergency cards that say something else than the orders do, for a nurse to confirm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.card_model import CardBody, CardDue
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.card_sheet import CardSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_LEAD = (
    "A rescue medicine came or ended, and the emergency card does not say so yet. Look at what is "
    "offered, and confirm it: everybody reads it then."
)
_NOTHING = "Every emergency card says what the orders say."


def due_words(due: CardDue) -> str:
    """“New: Albuterol 90 mcg. Ended: Epinephrine.”"""
    parts = (
        f"New: {', '.join(due.came)}." if due.came else "",
        f"Ended: {', '.join(due.ended)}." if due.ended else "",
    )
    return " ".join(part for part in parts if part)


class CardsSection(QWidget):
    """Those cards, by name."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace = desk, workspace
        self.sheet: CardSheet | None = None
        self.buttons: dict[str, SecondaryButton] = {}
        self.lead = Muted("", self)
        self.card = Card(self, margin=0, spacing=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.lead)
        column.addWidget(self.card)
        column.addStretch(1)
        self.card.hide()

    @Slot()
    def load(self) -> None:
        """Read them."""
        card = self._workspace.health.card
        self._desk.tasks.run(self, card.due, self.show_due, lane=Lane.READ)

    def show_due(self, due: tuple[CardDue, ...]) -> None:
        """Show them."""
        while (item := self.card.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        self.lead.setText(_LEAD if due else _NOTHING)
        self.card.setVisible(bool(due))
        for place, one in enumerate(due):
            if place:
                self.card.column.addWidget(Hairline(self.card))
            self.card.column.addWidget(self._row(one))
        tab_as_laid_out(self)

    def _row(self, due: CardDue) -> QWidget:
        row = QWidget(self.card)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain_label(due.name, "strong", row))
        words.addWidget(Muted(due_words(due), row))
        button = self.buttons[due.student_id] = SecondaryButton("Look at it…", row)
        button.setAccessibleName(f"Look at the card of {due.name}")
        button.clicked.connect(partial(self.open_card, due.student_id))
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(14)
        line.addLayout(words, 1)
        line.addWidget(button)
        return row

    def open_card(self, student_id: str, _clicked: bool = False) -> None:
        """What the orders offer."""
        card = self._workspace.health.card

        def show(body: CardBody) -> None:
            self.sheet = CardSheet(self._desk, self._workspace, student_id, body, self)
            self.sheet.saved.connect(lambda _: self.load())
            self.sheet.open_sheet()

        self._desk.tasks.run(self, lambda: card.offer(student_id), show, lane=Lane.READ)
