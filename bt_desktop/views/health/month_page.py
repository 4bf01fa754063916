"""One order's month: what says nothing yet, its paper, its notes, and the closing."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.month_views import MonthPaper, MonthView
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.month_sheets import CloseSheet, NoteSheet
from bt_desktop.views.health.month_words import (
    STATES,
    cell_words,
    month_name,
    standing_words,
    state_words,
)
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage


class MonthPage(QWidget):
    """`back_asked` to go back to all records of the month; `changed` when something was done;
    `enter_asked(order_id, due_at)` to say what happened at an open time."""

    back_asked = Signal()
    changed = Signal()
    enter_asked = Signal(str, object)

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self.view: MonthView | None = None
        self._order, self._month = "", date.min
        self.sheet: Sheet | None = None
        self.back = LinkButton("‹ All records of the month", self)
        self.back.clicked.connect(self.back_asked)
        self.banner = Banner(desk.theme, self)
        self.name = SectionTitle("", self)
        self.name.setWordWrap(True)
        self.whose = Muted("", self)
        self.facts = plain_label("", "", self)
        self.facts.setWordWrap(True)
        self.enter: list[SecondaryButton] = []
        self._pill: Pill | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.whose)
        self._head.addLayout(words, 1)
        self._cells, self._notes = Card(self, spacing=8), Card(self, spacing=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.banner)
        column.addLayout(self._head)
        column.addWidget(self.facts)
        column.addLayout(self._deeds())
        column.addWidget(self._cells)
        column.addWidget(self._notes)
        column.addStretch(1)

    def _deeds(self) -> FlowLayout:
        self.buttons: dict[str, QPushButton] = {}
        row = FlowLayout()
        for key, make, word, deed in (
            ("close", PrimaryButton, "Close the month…", self.close_month),
            ("print", SecondaryButton, "View and print", partial(self.show_paper, "record")),
            ("after", SecondaryButton, "What came after the closing", partial(self.show_paper,
                                                                              "addendum")),
            ("year", SecondaryButton, "School year on a page", self.show_year),
            ("note", SecondaryButton, "Write a note…", self.write_note),
        ):  # fmt: skip
            button = self.buttons[key] = make(word, self)
            button.clicked.connect(lambda _=False, do=deed: do())
            row.addWidget(button)
        return row

    def open_month(self, order_id: str, month: date) -> None:
        """Show this order's month."""
        self._order, self._month = order_id, month
        self.banner.clear()
        self.load()

    @Slot()
    def load(self) -> None:
        """Read it again."""
        months, order, month = self._workspace.health.months, self._order, self._month
        self._desk.tasks.latest(
            self, "month", lambda: months.view(order, month), self.show_view, self._refused
        )

    def show_view(self, view: MonthView) -> None:
        """Show what was read."""
        self.view = view
        line = view.line
        self.name.setText(f"{line.medicine}, {month_name(line.month)}")
        grade = f", grade {line.grade}" if line.grade else ""
        self.whose.setText(f"{line.student}{grade}")
        self.facts.setText(standing_words(view, self._desk.clock.now()))
        if self._pill is not None:
            self._head.removeWidget(self._pill)
            self._pill.hide()
            self._pill.deleteLater()
        self._pill = Pill(state_words(line), STATES[line.state][1], self)
        self._head.addWidget(self._pill, 0, Qt.AlignmentFlag.AlignTop)
        closed = line.closed is not None
        may_print = self._workspace.health.months.may_print
        self.buttons["close"].setVisible(view.may_close)
        self.buttons["print"].setVisible(may_print)
        self.buttons["print"].setText("View and print" if not closed else "The closed record")
        self.buttons["after"].setVisible(closed and may_print)
        self.buttons["after"].setEnabled(view.has_addendum)
        self.buttons["year"].setVisible(may_print and not line.as_needed)
        self._show_cells(view)
        self._show_notes(view)
        tab_as_laid_out(self)

    def _show_cells(self, view: MonthView) -> None:
        card = self._cells
        _empty(card)
        self.enter = []
        cells = () if view.line.closed is not None else view.open_cells
        card.setVisible(bool(cells))
        if cells:
            card.column.addWidget(SectionTitle("Says nothing yet", card))
        for due in cells:
            row = QHBoxLayout()
            row.setSpacing(12)
            words = plain_label(cell_words(due), "", card)
            words.setWordWrap(True)
            button = SecondaryButton("Enter what happened…", card)
            button.setAccessibleName(f"Enter what happened on {cell_words(due)}")
            button.clicked.connect(partial(self._enter, due))
            row.addWidget(words, 1)
            row.addWidget(button)
            self.enter.append(button)
            card.column.addLayout(row)

    def _show_notes(self, view: MonthView) -> None:
        card = self._notes
        _empty(card)
        closed = view.line.closed
        told = [
            (cell_words(one.due_at), f"Not documented: {one.reason}")
            for one in (closed.explained if closed is not None else ())
        ]
        now = self._desk.clock.now()
        told += [(moment_words(one.at, now), one.text) for one in view.notes]
        card.setVisible(bool(told))
        if told:
            card.column.addWidget(SectionTitle("Notes", card))
        for when, text in told:
            card.column.addWidget(Muted(when, card))
            words = plain_label(text, "", card)
            words.setWordWrap(True)
            card.column.addWidget(words)

    # --- deeds -----------------------------------------------------------------------------------

    def _enter(self, due: datetime, _clicked: bool = False) -> None:
        self.enter_asked.emit(self._order, due)

    def close_month(self) -> None:
        """Explain what is open, and sign."""
        if self.view is not None:
            self._open_sheet(CloseSheet(self._desk, self._workspace, self.view, self))

    def write_note(self) -> None:
        """A note behind the record, or on the addendum of a closed one."""
        if self.view is not None:
            self._open_sheet(NoteSheet(self._desk, self._workspace, self.view, self))

    def _open_sheet(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(self._was_saved)
        sheet.open_sheet()

    @Slot(object)
    def _was_saved(self, _result: object) -> None:
        self.load()
        self.changed.emit()

    def show_paper(self, which: str) -> None:
        """The record, or what came after it was closed, as a PDF to look at and print."""
        months, order, month = self._workspace.health.months, self._order, self._month
        shown = partial(self._show_paper, which)
        self._busy(True)
        self._desk.tasks.run(
            self, lambda: months.printed(order, month), shown, self._refused, lane=Lane.READ
        )

    def show_year(self) -> None:
        """The school year of the order on one page."""
        months, order = self._workspace.health.months, self._order
        self._busy(True)
        self._desk.tasks.run(
            self, lambda: months.year(order), self._show_year, self._refused, lane=Lane.READ
        )

    def _show_paper(self, which: str, paper: MonthPaper) -> None:
        pdf = paper.addendum if which == "addendum" else paper.pdf
        name = f"MAR {self._month:%Y-%m}"
        title = f"Medication record, {month_name(self._month)}"
        if which == "addendum":
            name, title = f"{name} addendum", f"{title}: after the closing"
        if pdf is not None:
            self._preview(pdf, name, title)
        else:
            self._busy(False)

    def _show_year(self, pdf: bytes) -> None:
        self._preview(pdf, "MAR school year", "Medication record of the school year")

    def _preview(self, pdf: bytes, name: str, title: str) -> None:
        self._busy(False)
        digest = hashlib.sha256(pdf).hexdigest()
        self._page.paper_asked.emit(PrintedCopy("", 0, pdf, True, digest, f"{name}.pdf"), title)

    def _busy(self, on: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(not on)
        if not on and self.view is not None:
            self.buttons["after"].setEnabled(self.view.has_addendum)

    def _refused(self, problem: BaseException) -> None:
        self._busy(False)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)


def _empty(card: Card) -> None:
    """Take everything out of a card."""
    while (item := card.column.takeAt(0)) is not None:
        inner = item.layout()
        while inner is not None and (one := inner.takeAt(0)) is not None:
            if (widget := one.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
