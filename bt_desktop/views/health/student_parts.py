"""Parts of a student's health file: the allergies on top, and cards of orders under a title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.catalogue import allergies_known
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_card import OrderCard
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person

_NOT_ASKED = (
    "Nothing is written down. Ask the family; enter it on the student’s page, “none "
    "known” where there are none."
)


class AllergyCard(Card):
    """What the student must not get; that nothing is written down is said as well."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=2)
        self._icon = IconLabel(desk.theme, "warn", "warn", 20, self)
        self._head = plain_label("Allergies", "strong", self)
        self.words = plain_label("", "", self)
        self.words.setWordWrap(True)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self._head)
        text.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        self.column.addLayout(row)

    def show_person(self, person: Person) -> None:
        """Show this student's allergies, and what else speaks against a medicine."""
        known = allergies_known(person.allergies)
        allergies = person.allergies if known else _NOT_ASKED
        self.words.setText("\n".join(part for part in (allergies, person.health_note) if part))
        self.setProperty("edge", "warn" if not known else "danger")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(f"Allergies: {self.words.text()}")


class CardGroup(QWidget):
    """Cards under a title."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        if title:
            self._column.addWidget(SectionTitle(title, self))
        self._fixed = self._column.count()
        self.hide()

    def show_cards(self, cards: list[OrderCard]) -> None:
        """Show these instead."""
        while self._column.count() > self._fixed:
            item = self._column.takeAt(self._fixed)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for card in cards:
            self._column.addWidget(card)
        self.setVisible(bool(cards))
