"""A card of rows: what it is, what is known of it, a word about its state, what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import Muted, Pill, plain_label


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `deeds` are (key, words on the button, what it is called without its row)."""

    key: str
    title: str
    about: str = ""
    more: str = ""
    pill: str = ""
    tone: str = "plain"
    deeds: Sequence[tuple[str, str, str]] = field(default=())


class RowCard(Card):
    """`asked(deed, row key)` for a button; hidden while it has no rows."""

    asked = Signal(str, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0, spacing=0)
        self.setAccessibleName(name)
        self.buttons: dict[tuple[str, str], QPushButton] = {}
        self.hide()

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show these instead."""
        empty_layout(self.column)
        self.buttons = {}
        shown = list(rows)
        for place, row in enumerate(shown):
            if place:
                self.column.addWidget(Hairline(self))
            self.column.addWidget(self._row(row))
        self.setVisible(bool(shown))

    def _row(self, row: Row) -> QWidget:
        made = QWidget(self)
        head = QHBoxLayout()
        head.setSpacing(8)
        title = plain_label(row.title, "strong", made)
        title.setWordWrap(True)
        head.addWidget(title, 1)
        if row.pill:
            head.addWidget(Pill(row.pill, row.tone, made), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        for text in (row.about, row.more):
            if text:
                words.addWidget(Muted(text, made))
        buttons = [self._button(row, one, made) for one in row.deeds]
        if len(buttons) == 1:
            line = QHBoxLayout(made)
            line.setContentsMargins(14, 10, 14, 10)
            line.setSpacing(14)
            line.addLayout(words, 1)
            line.addWidget(buttons[0])
            return made
        column = QVBoxLayout(made)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addLayout(words)
        if buttons:
            flow = FlowLayout(gap=8)
            for button in buttons:
                flow.addWidget(button)
            column.addLayout(flow)
        return made

    def _button(self, row: Row, deed: tuple[str, str, str], parent: QWidget) -> QPushButton:
        key, text, called = deed
        button = self.buttons[key, row.key] = SecondaryButton(text, parent)
        button.setAccessibleName(called)
        button.clicked.connect(lambda _=False: self.asked.emit(key, row.key))
        return button


def empty_layout(layout: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
