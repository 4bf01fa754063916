"""One deadline as a card: what must happen by when, how far it is, and the deed that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.deadline_words import deed_words, detail, edge, headline
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine


class DeadlineCard(Card):
    """Signals: `asked(line)` for its deed, `excuse_asked(line)` to say why it is late,
    `report_asked(line)` to read the report first, where the deed is a call.

    `tell(now)` says it anew: words change with the minutes, nothing has to be read for that.
    """

    asked = Signal(object)
    excuse_asked = Signal(object)
    report_asked = Signal(object)

    def __init__(self, line: DeadlineLine, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=14, spacing=4, edge=edge(line, now))
        self.line = line
        self.head = plain_label("", "strong", self)
        self.head.setWordWrap(True)
        self.below = Muted("", self)
        self.reason = Muted("", self)
        self.why = LinkButton("Say why it is late", self)
        self.why.clicked.connect(lambda: self.excuse_asked.emit(self.line))
        self.report = LinkButton("Open the report", self)
        self.report.clicked.connect(lambda: self.report_asked.emit(self.line))
        self.go = SecondaryButton(deed_words(line), self)
        self.go.clicked.connect(lambda: self.asked.emit(self.line))
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self.head)
        words.addWidget(self.below)
        words.addWidget(self.reason)
        links = FlowLayout(gap=14)
        links.addWidget(self.why)
        links.addWidget(self.report)
        words.addLayout(links)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(row)
        self.column.setContentsMargins(20, 14, 20, 14)
        self.tell(now)

    def tell(self, now: datetime) -> None:
        """Say it as it is now."""
        line = self.line
        said = headline(line, now)
        self.head.setText(said)
        self.below.setText(detail(line, now))
        given = line.dates[0].late_reason
        self.reason.setText(f"Why: {given} ({line.dates[0].late_by})" if given else "")
        self.reason.setVisible(bool(given))
        was = "is" if line.done_at is None else "was"
        self.why.setText(f"Say why it {was} late")
        self.why.setVisible(line.needs_reason(now) and line.may_excuse)
        self.why.setAccessibleDescription(said)
        calls = line.ends_by == "notice" and line.may_call
        self.report.setVisible(line.state == "open" and calls)
        self.report.setAccessibleName(f"Open the report: {said}")
        self.go.setAccessibleName(f"{self.go.text()}: {said}")
        self.go.setVisible(line.state == "open")
        if self.property("edge") != edge(line, now):
            self.setProperty("edge", edge(line, now))
            self.style().unpolish(self)
            self.style().polish(self)
