"""Beside a form: the nearest deadline of this record, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.deadline_words import (
    NO_CALENDAR,
    cite_words,
    edge,
    evidence_words,
    late_words,
    other_words,
    short_headline,
)
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.workspace import Workspace

_AFTER_A_SAVE_MS = 400
_SAID_IN_SHORT = 4


class DeadlineAside(QWidget):
    """Hidden while the record has no open deadline. `refresh` after each save."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[DeadlineLine, ...] = ()
        self._desk: Desk | None = None
        self._workspace: Workspace | None = None
        self._record = ""
        self._pause = QTimer(self, singleShot=True, interval=_AFTER_A_SAVE_MS)
        self._pause.timeout.connect(self._read)
        self.card = Card(self, margin=14, spacing=3)
        self.head = plain_label("", "strong", self.card)
        self.head.setWordWrap(True)
        self.below = Muted("", self.card)
        self.card.column.addWidget(self.head)
        self.card.column.addWidget(self.below)
        self.more = [Muted("", self) for _ in range(_SAID_IN_SHORT + 1)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(6)
        column.addWidget(self.card)
        for line in self.more:
            line.setContentsMargins(2, 0, 0, 0)
            column.addWidget(line)
        self.hide()

    def watch(self, desk: Desk, workspace: Workspace, record_id: str) -> None:
        """Tell the deadlines of this record from now on."""
        self._desk, self._workspace, self._record = desk, workspace, record_id
        self._read()

    @Slot()
    def refresh(self) -> None:
        """Something was saved: look again in a moment, once for many saves."""
        if self._workspace is not None:
            self._pause.start()

    @Slot()
    def _read(self) -> None:
        desk, workspace, record = self._desk, self._workspace, self._record
        if desk is None or workspace is None:
            return
        desk.tasks.latest(
            self, "deadlines", lambda: workspace.deadlines.of_record(record), self.show_lines
        )

    def show_lines(self, lines: Sequence[DeadlineLine]) -> None:
        """Show the nearest that is open, and the next ones in a line each."""
        self.lines = tuple(line for line in lines if line.state == "open")
        self.tell()

    @Slot()
    def tell(self) -> None:
        """Say it as it is now."""
        self.setVisible(bool(self.lines))
        if not self.lines or self._desk is None:
            return
        now = self._desk.clock.now()
        first, rest = self.lines[0], self.lines[1:]
        self.head.setText(short_headline(first, now))
        date = first.dates[0]
        words = [
            late_words(first, now) if first.late(now) else date.within,
            cite_words(first, date),
            *[other_words(one, now) for one in first.dates[1:]],
            evidence_words(first, now),
            NO_CALENDAR if date.fallback else "",
        ]
        self.below.setText(" · ".join(word for word in words if word))
        said = [short_headline(line, now) for line in rest[:_SAID_IN_SHORT]]
        left = len(rest) - len(said)
        said += [f"and {left} more"] if left > 0 else []
        for place, line in enumerate(self.more):
            line.setText(said[place] if place < len(said) else "")
            line.setVisible(place < len(said))
        if self.card.property("edge") != edge(first, now):
            self.card.setProperty("edge", edge(first, now))
            self.card.style().unpolish(self.card)
            self.card.style().polish(self.card)
