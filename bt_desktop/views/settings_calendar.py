"""Settings, "School calendar": terms, the bell, days that differ, and a calendar file taken in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.calendar_day import DayEditor
from bt_desktop.views.calendar_import import ImportSheet
from bt_desktop.views.calendar_month import MonthGrid
from bt_desktop.views.calendar_terms import BellSheet, TermsCard, saved_words
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_open
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.when import clock_words

if TYPE_CHECKING:
    from pathlib import Path

    from bt_desktop.services.results.deadlines import CalendarImport, CalendarView
    from bt_desktop.services.workspace import Workspace

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class CalendarSection(QWidget):
    """Read by everybody, changed by administrators. Every change counts open deadlines anew."""

    changed = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.view: CalendarView | None = None
        self.month = desk.clock.now().date().replace(day=1)
        self._after: date | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.banner = Banner(desk.theme, self)
        head = QHBoxLayout()
        head.addWidget(SectionTitle("School calendar", self))
        head.addStretch(1)
        self.take = SecondaryButton("Import .ics…", self)
        self.take.setAccessibleDescription("Shows what would change before anything does")
        self.take.clicked.connect(self.choose_file)
        head.addWidget(self.take)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(
            Muted("Deadlines are counted by this calendar: which days are school days, and when "
                  "each of them ends.", self)
        )  # fmt: skip
        self.missing = Card(self, margin=12, spacing=4, edge="warn")
        self._missing_words = plain_label("", "", self.missing)
        self._missing_words.setWordWrap(True)
        self.missing.column.addWidget(self._missing_words)
        self.missing.hide()
        column.addWidget(self.missing)
        self.terms = TermsCard(desk, workspace, self)
        self.terms.changed.connect(self._edited)
        column.addWidget(self.terms)
        column.addWidget(self._bell_card())
        column.addWidget(self._month_card())
        column.addStretch(1)

    # --- building --------------------------------------------------------------------------------

    def _bell_card(self) -> Card:
        card = Card(self, margin=12, spacing=8)
        row = QHBoxLayout()
        self.bell_words = plain_label("", "", card)
        self.bell_words.setWordWrap(True)
        row.addWidget(self.bell_words, 1)
        self.bell = LinkButton("Change", card)
        self.bell.setAccessibleName("Change the bell")
        self.bell.clicked.connect(self.change_bell)
        row.addWidget(self.bell)
        card.column.addLayout(row)
        return card

    def _month_card(self) -> Card:
        card = Card(self, margin=12, spacing=10)
        head = QHBoxLayout()
        self.month_name = plain_label("", "strong", card)
        self.before = SecondaryButton("‹", card)
        self.after = SecondaryButton("›", card)
        self.now = LinkButton("This month", card)
        for button, words, by in (
            (self.before, "The month before", -1),
            (self.after, "The next month", 1),
        ):
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, b=by: self.turn(b))
        self.now.clicked.connect(self.this_month)
        head.addWidget(self.month_name)
        head.addStretch(1)
        head.addWidget(self.now)
        head.addWidget(self.before)
        head.addWidget(self.after)
        card.column.addLayout(head)
        self.grid = MonthGrid(self._desk.theme, self._desk.clock.now().date(), card)
        self.grid.chosen.connect(self._days_chosen)
        self.grid.turned.connect(self.turn)
        card.column.addWidget(self.grid)
        self.editor = DayEditor(self._desk, self._workspace, card)
        self.editor.changed.connect(self._edited)
        self.editor.refused.connect(lambda text: self.banner.tell(text, Tone.DANGER))
        card.column.addWidget(self.editor)
        for first, second in (
            (self.now, self.before),
            (self.before, self.after),
            (self.after, self.grid),
        ):
            QWidget.setTabOrder(first, second)
        return card

    # --- reading ---------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the calendar."""
        self._desk.tasks.run(self, self._workspace.calendar.get, self.show_view, lane=Lane.READ)

    def show_view(self, view: CalendarView) -> None:
        """Show it."""
        self.view = view
        self._missing_words.setText("\n".join(view.missing))
        self.missing.setVisible(bool(view.missing))
        self.take.setVisible(view.may_edit)
        self.bell.setVisible(view.may_edit)
        self.editor.setVisible(view.may_edit)
        self.terms.show_terms(view)
        bell = f"The bell rings at {clock_words(view.bell)}." if view.bell else "No bell yet."
        place = view.zone.rpartition("/")[2].replace("_", " ")
        zone = f" Times are those of {place}." if place else ""
        self.bell_words.setText(f"{bell} Then a school day is over for a deadline.{zone}")
        self._show_month(self._after)
        self._after = None

    def _show_month(self, day: date | None = None) -> None:
        if self.view is None:
            return
        self.month_name.setText(f"{_MONTHS[self.month.month - 1]} {self.month.year}")
        self.grid.show_month(self.month, self.view.calendar, day)

    @Slot(int)
    def turn(self, by: int) -> None:
        """Show another month."""
        year, month = divmod(self.month.year * 12 + self.month.month - 1 + by, 12)
        self.month = date(year, month + 1, 1)
        self._show_month()

    @Slot()
    def this_month(self) -> None:
        """Show the month that holds today."""
        self.month = self._desk.clock.now().date().replace(day=1)
        self._show_month()

    @Slot(object, object)
    def _days_chosen(self, first: date, last: date) -> None:
        if self.view is not None:
            self.editor.show_days(first, last, self.view.calendar)

    # --- changing --------------------------------------------------------------------------------

    @Slot(str)
    def _edited(self, words: str) -> None:
        self.banner.tell(words, Tone.OK)
        span = self.grid.span()
        self._after = span[0] if span and self.grid.days.in_month(span[0]) else None
        self.changed.emit()
        self.load()

    @Slot()
    def change_bell(self) -> None:
        """Ask for the usual end of the day."""
        sheet = BellSheet(self._desk, self._workspace, self.view.bell if self.view else None, self)
        sheet.saved.connect(lambda moved: self._edited(saved_words(moved)))
        sheet.open_sheet()

    @Slot()
    def choose_file(self) -> None:
        """Choose a calendar file and show what it would change."""
        path = choose_open(self, "Import a calendar", "Calendar (*.ics)")
        if path is not None:
            self.look_into(path)

    def look_into(self, path: Path) -> None:
        """Show what this file would change."""
        calendar = self._workspace.calendar

        def show(found: CalendarImport) -> None:
            sheet = ImportSheet(self._desk, self._workspace, found, path.name, self)
            sheet.saved.connect(lambda moved: self._edited(saved_words(moved)))
            sheet.open_sheet()

        self._desk.tasks.run(self, lambda: calendar.look_into_file(path), show, lane=Lane.READ)


__all__ = ["CalendarSection"]
