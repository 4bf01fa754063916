"""On home, for who looks after the backups: what about them cannot wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.drill import Worry


class BackupWorries(Card):
    """`asked` to see the backups. Hidden while nothing is wrong with them."""

    asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=16, spacing=8)
        self._theme = theme
        self.column.addWidget(SectionTitle("Backups", self))
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.column.addLayout(self.lines)
        self.go = LinkButton("Look at the backups", self)
        self.go.clicked.connect(self.asked)
        self.column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_worries(self, worries: Sequence[Worry]) -> None:
        """Show them; red where it is urgent, with a sign besides the color."""
        while (item := self.lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for worry in worries:
            self.lines.addWidget(self._line(worry))
        self.setProperty("edge", "danger" if any(one.urgent for one in worries) else "warn")
        self.style().unpolish(self)
        self.style().polish(self)
        self.go.setAccessibleDescription(" ".join(one.sentence for one in worries))
        self.setVisible(bool(worries))

    def _line(self, worry: Worry) -> QWidget:
        holder = QWidget(self)
        words = plain_label(worry.sentence, "", holder)
        words.setWordWrap(True)
        tint = "danger" if worry.urgent else "warn"
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(
            IconLabel(self._theme, "warn", tint, 16, holder), 0, Qt.AlignmentFlag.AlignTop
        )
        row.addWidget(words, 1)
        return holder
