"""Cards of deadlines one below the other, and the deeds on them: on home and on their page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.deadline_card import DeadlineCard
from bt_desktop.views.desk import Desk

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.workspace import Workspace


class DeadlineList(QWidget):
    """Signals: `go(line)` to open the record at the right place, `changed` after a deed here,
    `shown` when there are other cards (their place in the order of Tab is the page's to give)."""

    go = Signal(object)
    changed = Signal()
    shown = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.cards: list[DeadlineCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_lines(self, lines: Sequence[DeadlineLine], now: datetime) -> None:
        """Show these, the late ones first, then the nearest; keeps the focus where it was."""
        focused = next((c.line for c in self.cards if c.go.hasFocus()), None)
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        ordered = sorted(lines, key=lambda line: (not line.late(now), line.due))
        self.cards = [self._card(line, now) for line in ordered]
        for card in self.cards:
            if focused is not None and _same(card.line, focused):
                card.go.setFocus()
        self.shown.emit()

    def in_order(self) -> list[QWidget]:
        """What Tab goes through, in reading order."""
        return [button for card in self.cards for button in (card.why, card.report, card.go)]

    def _card(self, line: DeadlineLine, now: datetime) -> DeadlineCard:
        card = DeadlineCard(line, now, self)
        card.asked.connect(self._do)
        card.report_asked.connect(self.go)
        card.excuse_asked.connect(self._excuse)
        self._column.addWidget(card)
        return card

    @Slot()
    def tell(self) -> None:
        """Say every card anew: a minute has passed."""
        now = self._desk.clock.now()
        for card in self.cards:
            card.tell(now)

    @Slot(object)
    def _do(self, line: DeadlineLine) -> None:
        if line.outside and line.may_excuse:
            from bt_desktop.views.deadline_sheets import DoneSheet  # deferred: the form engine

            sheet = DoneSheet(self._desk, self._workspace, line, self.window())
            sheet.saved.connect(lambda _: self.changed.emit())
            sheet.open_sheet()
            return
        if line.ends_by == "notice" and line.may_call:
            from bt_desktop.views.log_call import open_log_call  # deferred, as above

            open_log_call(
                self._desk, self._workspace, line.record_id, self, lambda _: self.changed.emit()
            )
            return
        self.go.emit(line)

    @Slot(object)
    def _excuse(self, line: DeadlineLine) -> None:
        from bt_desktop.views.deadline_sheets import ReasonSheet  # deferred, as above

        sheet = ReasonSheet(self._desk, self._workspace, line, self.window())
        sheet.saved.connect(lambda _: self.changed.emit())
        sheet.open_sheet()


def _same(one: DeadlineLine, other: DeadlineLine) -> bool:
    return (one.record_id, one.rule, one.task) == (other.record_id, other.rule, other.task)
