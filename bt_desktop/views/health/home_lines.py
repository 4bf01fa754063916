"""At the head of home: what waits of the health office, in one line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.services.health.card_model import CardDue
from bt_desktop.services.health.glass_model import GlassUse
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.glass_words import review_words, use_words
from bt_desktop.views.home_waiting import WaitingRow, WaitItem
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.text import SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

NOTES, GLASS, CARDS = "notes", "glass", "cards"
"""The sections of the health office that the lines lead to."""
_MOST = 4


@dataclass(frozen=True, slots=True)
class HealthWaits:
    """What waits. `may_finish`: by the person signed in; others are told that it waits."""

    notes: int = 0
    may_finish: bool = False
    glass: tuple[GlassUse, ...] = field(default=())
    cards: tuple[CardDue, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.notes or self.glass or self.cards)


def read_health_waits(workspace: Workspace) -> HealthWaits:
    """Everything of it (on a worker)."""
    health = workspace.health
    notes = health.night_notes
    return HealthWaits(notes.count(), notes.may_finish, health.glass.to_review(), health.card.due())


class HealthLines(QWidget):
    """The lines; nothing at all where nothing waits. `asked(section)`."""

    asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: list[WaitingRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.hide()

    def show_waits(self, waits: HealthWaits) -> None:
        """Show them."""
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        self.setVisible(bool(waits))
        if not waits:
            return
        self._box.addWidget(SectionTitle("Health office", self))
        card = Card(self, margin=0, spacing=0)
        for place, one in enumerate(items_of(waits, self._desk.clock.now())):
            if place:
                card.column.addWidget(Hairline(card))
            row = WaitingRow(one, first=not self.rows, parent=card)
            row.opened.connect(self.asked)
            row.go.setVisible(bool(one.deed))
            card.column.addWidget(row)
            self.rows.append(row)
        self._box.addWidget(card)
        self._box.addSpacing(8)


def items_of(waits: HealthWaits, now: datetime) -> list[WaitItem]:
    """The lines in order of haste."""
    found = []
    if waits.notes:
        doses = (
            "1 emergency dose was" if waits.notes == 1 else f"{waits.notes} emergency doses were"
        )
        title = f"{doses} noted while the program was locked"
        about = (
            "Choose the student, and it is a dose on record."
            if waits.may_finish
            else ("A nurse finishes it.")
        )
        found.append(WaitItem(NOTES, title, about, "", "Finish" if waits.may_finish else ""))
    for use in waits.glass[:_MOST]:
        title = f"Sealed health file of {use.student_name}, opened in an emergency"
        about = f"{use_words(use, now)} · {review_words(use, now)[0]}"
        found.append(WaitItem(GLASS, title, about, use.reason, "Review"))
    if waits.cards:
        count = len(waits.cards)
        cards = "1 emergency card says" if count == 1 else f"{count} emergency cards say"
        names = ", ".join(one.name for one in waits.cards[:_MOST])
        more = f" and {count - _MOST} more" if count > _MOST else ""
        title = f"{cards} something else than the orders"
        found.append(WaitItem(CARDS, title, f"{names}{more}", "", "Look at them"))
    return found
