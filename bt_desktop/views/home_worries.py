"""On home, first on the right: what about the backups or the keys cannot wait, and where to go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import SectionTitle, plain_label


class Worries(Card):
    """What cannot wait about one thing, under its name; `asked` when the deed is pressed.

    Hidden while nothing is wrong with it.
    """

    asked = Signal()

    def __init__(self, theme: Theme, about: str, deed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=16, spacing=8)
        self._theme = theme
        self.column.addWidget(SectionTitle(about, self))
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.column.addLayout(self.lines)
        self.go = LinkButton(deed, self)
        self.go.clicked.connect(self.asked)
        self.column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_worries(self, worries: Sequence[tuple[str, bool]]) -> None:
        """Show each sentence; red where it is urgent (True), with a sign besides the color."""
        while (item := self.lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for sentence, urgent in worries:
            self.lines.addWidget(self._line(sentence, "danger" if urgent else "warn"))
        self.setProperty("edge", "danger" if any(urgent for _, urgent in worries) else "warn")
        self.style().unpolish(self)
        self.style().polish(self)
        self.go.setAccessibleDescription(" ".join(sentence for sentence, _ in worries))
        self.setVisible(bool(worries))

    def _line(self, sentence: str, tint: str) -> QWidget:
        holder = QWidget(self)
        words = plain_label(sentence, "", holder)
        words.setWordWrap(True)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(
            IconLabel(self._theme, "warn", tint, 16, holder), 0, Qt.AlignmentFlag.AlignTop
        )
        row.addWidget(words, 1)
        return holder
