"""A white surface with a hairline, for things that belong together."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from bt_desktop.views.tokens import SPACE_3, SPACE_4


class Card(QFrame):
    """A surface; `accent` draws its frame in the accent, `edge` ("danger", "warn") a bar at left.

    Add to `.column`, a vertical layout.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        margin: int = SPACE_4,
        spacing: int = SPACE_3,
        accent: bool = False,
        edge: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("accent", accent)
        self.setProperty("edge", edge)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(spacing)

    def set_accent(self, on: bool) -> None:
        """Draw the frame in the accent, for the thing that is being worked on."""
        self.setProperty("accent", on)
        self.style().unpolish(self)
        self.style().polish(self)


class Hairline(QFrame):
    """One line between rows of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hairline")
        self.setFixedHeight(1)
