"""What staff must know of a student at a glance: as a note on their page and in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person


def alert_lines(person: Person) -> list[tuple[str, str, str]]:
    """The alerts in full as (label, text, tone), the one against holds first."""
    found = [
        ("Medical alert, before any hold", person.medical_alert, "danger"),
        ("Allergies", person.allergies, "warn"),
        ("Custody", person.custody_alert, "warn"),
        (
            "Sensitive services",
            "A parent may not be told of all of them. Ask the office before a paper goes out."
            if person.sensitive
            else "",
            "warn",
        ),
    ]
    return [line for line in found if line[1]]


class AlertNote(QFrame):
    """The alerts of the student a form is about. Hidden while there are none.

    `show_person(person, holds_only=True)` shows only what speaks against a hold.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("card")
        self.setAccessibleName("Alerts of this student")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 12, 10)
        self._column.setSpacing(8)
        self.hide()

    def show_person(self, person: Person | None, *, holds_only: bool = False) -> None:
        """Show what this student's staff must know."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        lines = alert_lines(person) if person is not None else []
        if holds_only:
            lines = [line for line in lines if line[2] == "danger"]
        for label, text, tone in lines:
            self._column.addWidget(self._line(label, text, tone))
        edge = "danger" if any(tone == "danger" for _, _, tone in lines) else "warn"
        self.setProperty("edge", edge)
        self.style().unpolish(self)
        self.style().polish(self)
        said = " ".join(f"{label}: {text}" for label, text, _ in lines)
        self.setAccessibleDescription(said)
        self.setVisible(bool(lines))

    def _line(self, label: str, text: str, tone: str) -> QWidget:
        row = QWidget(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label(label, "strong", row))
        said = plain_label(text, "", row)
        said.setWordWrap(True)
        words.addWidget(said)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        sign = IconLabel(self._theme, "warn", tone, 18, row)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return row

    def words(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self.accessibleDescription()
