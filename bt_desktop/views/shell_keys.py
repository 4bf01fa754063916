"""Ctrl+F1: every key of the program on one sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import PrimaryButton
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import KeyCap, SectionTitle, plain_label

KEYS = (
    ("Everywhere", (
        ("Ctrl+K", "find a student, record or word"),
        ("Ctrl+N", "start a new report"),
        ("Ctrl+L", "lock at once"),
        ("Alt+1", "Home"),
        ("Alt+2", "Records"),
        ("Alt+3", "Students"),
        ("Alt+4", "Deadlines"),
        ("Alt+5", "Health office, where it is open to you"),
        ("Alt+6", "Settings"),
        ("F9", "record an emergency dose, also while the records are locked"),
        ("Ctrl+Shift+E", "the same"),
        ("Ctrl+P", "on Today's notices: print all that are ready"),
        ("F1", "the manual, at the place that fits"),
        ("Ctrl+F1", "this sheet"),
    )),
    ("In a report", (
        ("Ctrl+Enter", "next section"),
        ("Ctrl+F", "find a question"),
        ("Ctrl+Z", "undo"),
        ("Ctrl+Y", "redo"),
        ("Shift+F1", "why is this asked"),
        ("@", "in a long text: put in a person"),
        ("Tab", "next answer; Shift+Tab goes back"),
        ("Esc", "close a list"),
    )),
)  # fmt: skip
"""Groups of (keys, deed); the handbook and a test read it too."""


class KeysSheet(QDialog):
    """Lists the keys; closes with Esc or Enter."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        inner = QWidget()
        inner.setObjectName("ground")
        halves = QVBoxLayout(inner) if theme.factor > 1.4 else QHBoxLayout(inner)
        halves.setContentsMargins(0, 0, 12, 0)
        halves.setSpacing(32)
        for group, rows in KEYS:
            grid = QGridLayout()
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(8)
            grid.addWidget(SectionTitle(group, self), 0, 0, 1, 2)
            for i, (keys, deed) in enumerate(rows, start=1):
                grid.addWidget(KeyCap(keys, self), i, 0)
                says = plain_label(deed, "", self)
                says.setWordWrap(True)
                grid.addWidget(says, i, 1)
            grid.setColumnStretch(1, 1)
            grid.setRowStretch(len(rows) + 1, 1)
            halves.addLayout(grid)
        close = PrimaryButton("Close", self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(20)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        wide, tall = (1000, 560) if theme.factor <= 1.4 else (1120, 1400)
        room = self.screen().availableSize() if parent is None else parent.window().size()
        self.resize(min(wide, room.width() - 40), min(theme.px(tall), room.height() - 60))
