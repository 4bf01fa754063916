"""On home: how many parents are still to get a paper, and the way to them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, SectionTitle


class NoticesCard(Card):
    """`asked` to see them. Hidden while no paper is due."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=16, spacing=4)
        self.words = Muted("", self)
        self.words.setWordWrap(True)
        self.go = LinkButton("Today's notices", self)
        self.go.clicked.connect(self.asked)
        self.column.addWidget(SectionTitle("Papers for parents", self))
        self.column.addWidget(self.words)
        self.column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_count(self, count: int) -> None:
        """So many are due."""
        papers = "1 signed report has" if count == 1 else f"{count} signed reports have"
        self.words.setText(f"{papers} a paper that no parent got yet.")
        self.go.setAccessibleDescription(self.words.text())
        self.setVisible(count > 0)
