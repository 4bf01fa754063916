"""The visit log: a line to type at the head, the day below for whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import VisitLine
from bt_desktop.services.health.visit_report import FORM, answers_of
from bt_desktop.services.health.visits import DayCount
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone, choose_save
from bt_desktop.views.health.visit_entry import VisitEntry
from bt_desktop.views.health.visit_sheet import VisitSheet
from bt_desktop.views.health.visit_strike import StrikeSheet
from bt_desktop.views.health.visit_table import (
    CARE,
    COMPLAINT,
    LONGEST_WENT,
    LONGEST_WHEN,
    WENT,
    WHEN,
    VisitsModel,
)
from bt_desktop.views.preview import write_whole
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.when import day_words

if TYPE_CHECKING:
    from bt_desktop.services.results.export import ListFile
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_READS_NOTHING = (
    "What is kept here only the nurse reads. Yours can be taken back until the next one."
)
_EMPTY = "No visit on this day. Type the first one above."


@dataclass(frozen=True, slots=True)
class DayView:
    """A day, read in one go. `now` on the school's clocks."""

    day: date
    now: datetime
    lines: tuple[VisitLine, ...]
    count: DayCount | None


def read_day_of(workspace: Workspace, day: date | None) -> DayView:
    """A day of the log (today, where none is named), on a worker."""
    visits = workspace.health.visits
    now = visits.now()
    which = day or now.date()
    lines = visits.day(which, also_struck=True)
    return DayView(which, now, lines, visits.counts(which, which).get(which))


def count_words(count: DayCount | None) -> str:
    """“7 visits · 2 sent home · Stomach ache 3, Headache 2”."""
    if count is None:
        return ""
    lists = visit_lists()
    often = [
        f"{lists.complaint(code) or 'in other words'} {many}"
        for code, many in list(count.complaints.items())[:4]
    ]
    parts = (
        f"{count.visits} visit{'' if count.visits == 1 else 's'}",
        f"{count.sent_home} sent home" if count.sent_home else "",
        ", ".join(often),
    )
    return " · ".join(part for part in parts if part)


class VisitsSection(QWidget):
    """The line, and the day."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._day: date | None = None
        self._view: DayView | None = None
        self.sheet: Sheet | None = None
        self.may_read = workspace.health.visits.may_read
        self.entry = VisitEntry(desk, workspace, self)
        self.entry.kept.connect(self._kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.entry)
        if self.may_read:
            self._build_day(column)
        else:
            column.addWidget(Muted(_READS_NOTHING, self))
        column.addStretch(1)
        tab_as_laid_out(self)

    def _build_day(self, column: QVBoxLayout) -> None:
        self.title = SectionTitle("", self)
        self.counts = Muted("", self)
        self.before = LinkButton("‹ Day before", self)
        self.before.clicked.connect(lambda: self._step(-1))
        self.after = LinkButton("Day after ›", self)
        self.after.clicked.connect(lambda: self._step(1))
        self.today = LinkButton("Today", self)
        self.today.clicked.connect(self.show_today)
        self.export = SecondaryButton("Save as a table…", self)
        self.export.setVisible(self._workspace.health.visit_export.may)
        self.export.clicked.connect(self.save_day)
        head = FlowLayout(gap=16)
        for widget in (self.title, self.before, self.today, self.after, self.export):
            head.addWidget(widget)
        self.model = VisitsModel(self._desk.clock.now().tzinfo, self)  # type: ignore[arg-type]  # clocks are aware
        self.card = TableCard(self)
        self.table = Table(self._desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Visits of the day")
        self.table.setModel(self.model)
        self.table.set_shares(20, 26, 24, 16, 14)
        self.table.keep_whole(WHEN, LONGEST_WHEN)
        self.table.keep_whole(WENT, LONGEST_WENT)
        self.table.drop_below(CARE, 900)
        self.table.drop_below(COMPLAINT, 560)
        self.table.opened.connect(lambda _: self._offer())
        self.table.menu_asked.connect(self._menu)
        self.table.selectionModel().currentRowChanged.connect(self._offer)
        self.empty = Muted(_EMPTY, self.card)
        self.empty.setContentsMargins(12, 8, 12, 8)
        self.card.inside.addWidget(self.table)
        self.card.inside.addWidget(self.empty)
        column.addLayout(head)
        column.addWidget(self.counts)
        column.addWidget(self._deeds())
        column.addWidget(self.card)

    def _deeds(self) -> QWidget:
        """What can be done with the chosen line, each with its key in the table."""
        holder = QWidget(self)
        row = FlowLayout(holder)
        self.deeds: dict[str, ActionButton] = {}
        for key, words, letter, deed in (
            ("left", "Left now", "L", self.leave),
            ("report", "First-aid report", "F", self.report),
            ("dose", "Medicine", "D", self.dose),
            ("correct", "Correct…", "C", self.correct),
            ("strike", "Take out…", "T", self.strike),
        ):
            button = ActionButton(self._desk.theme, words, keys=letter, parent=holder)
            button.clicked.connect(deed)
            self.deeds[key] = button
            row.addWidget(button)
            shortcut = QShortcut(QKeySequence(letter), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)
        return holder

    # --- what the page asks ----------------------------------------------------------------------

    def begin(self) -> None:
        """One begins at the line."""
        self.entry.line.setFocus()

    @Slot()
    def load(self) -> None:
        """Read the day again."""
        if not self.may_read:
            return
        workspace, day = self._workspace, self._day
        self._desk.tasks.run(
            self, lambda: read_day_of(workspace, day), self.show_day, lane=Lane.READ
        )

    def show_day(self, view: DayView) -> None:
        """Show what was read, with the same line chosen."""
        chosen = self.chosen()
        self._view = view
        self.model.zone = view.now.tzinfo or self.model.zone
        self.model.set_rows(view.lines)
        today = view.day == view.now.date()
        self.title.setText("Today" if today else day_words(view.day, year=True))
        self.counts.setText(count_words(view.count))
        self.counts.setVisible(bool(view.count))
        self.table.setVisible(bool(view.lines))
        self.empty.setVisible(not view.lines)
        self.after.setEnabled(not today)
        self.today.setEnabled(not today)
        self.export.setEnabled(view.count is not None)
        self.table.rows_changed()
        which = chosen.state.visit.id if chosen is not None else ""
        place = next((i for i, one in enumerate(view.lines) if one.state.visit.id == which), -1)
        if place >= 0:
            self.table.setCurrentIndex(self.model.index(place, 0))
        self._offer()

    def chosen(self) -> VisitLine | None:
        """The line that is chosen, if any."""
        index = self.table.currentIndex()
        return self.model.row(index) if index.isValid() else None

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def _offer(self) -> None:
        line = self.chosen()
        counts = line is not None and line.state.counts
        visit = line.state.visit if line is not None else None
        for key, button in self.deeds.items():
            button.setEnabled(counts)
            name = f"{button.text()}: {line.name}" if line is not None else button.text()
            button.setAccessibleName(name)
            if key == "left" and visit is not None and visit.left_at is not None:
                button.setEnabled(False)
            if key == "dose" and (visit is None or visit.student_id is None):
                button.setEnabled(False)
        made = line is not None and bool(line.state.record_id)
        self.deeds["report"].setText("Open the report" if made else "First-aid report")

    @Slot(QModelIndex, QPoint)
    def _menu(self, _index: QModelIndex, where: QPoint) -> None:
        self._offer()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self.deeds.values():
            action = menu.addAction(button.text(), button.click)
            action.setEnabled(button.isEnabled())
        menu.popup(where)

    @Slot()
    def leave(self) -> None:
        """They leave now."""
        line = self.chosen()
        if line is None or self._view is None:
            return
        visits, which = self._workspace.health.visits, line.state.visit.id
        went = line.state.visit.disposition

        def work() -> None:
            visits.leave(which, visits.now().replace(second=0, microsecond=0), went)

        self._desk.tasks.run(self, work, lambda _: self.load(), self._refused)

    @Slot()
    def report(self) -> None:
        """Begin a first-aid report with what the visit says; or open the one that was begun."""
        line = self.chosen()
        if line is None or self._view is None:
            return
        if line.state.record_id:
            self._page.record_asked.emit(line.state.record_id)
            return
        workspace, visit, zone = self._workspace, line.state.visit, self.model.zone

        def work() -> str:
            record = workspace.records.start(FORM, answers=answers_of(visit, zone))
            workspace.health.visits.link(visit.id, record_id=record)
            return record

        self._desk.tasks.run(self, work, self._page.record_asked.emit, self._refused)

    @Slot()
    def dose(self) -> None:
        """Go to the student's medicine on today's board; whoever has no board, to their orders."""
        line = self.chosen()
        student = line.state.visit.student_id if line is not None else None
        if student and "today" in self._page.chips:
            self._page.show_section("today", student)
        elif student:
            self._page.student_asked.emit(student)

    @Slot()
    def correct(self) -> None:
        """Strike the visit and put another in its place."""
        line, view = self.chosen(), self._view
        if line is not None and view is not None:
            self._open(VisitSheet(self._desk, self._workspace, line, view.now, self))

    @Slot()
    def strike(self) -> None:
        """Take the visit out of the account."""
        line = self.chosen()
        if line is not None:
            self._open(StrikeSheet(self._desk, self._workspace, line, self))

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()

    @Slot()
    def save_day(self) -> None:
        """Take the day out as a table."""
        view = self._view
        if view is None:
            return
        path = choose_save(
            self, "Save the visits of this day", f"visits-{view.day}.csv", "CSV (*.csv)"
        )
        if path is None:
            return
        target = path if path.suffix else path.with_suffix(".csv")
        export, day = self._workspace.health.visit_export, view.day

        def work() -> ListFile:
            made = export.day(day)
            write_whole(target, made.data)
            return made

        def told(made: ListFile) -> None:
            visits = "1 visit" if made.records == 1 else f"{made.records} visits"
            self._page.banner.tell(
                f"{visits} saved. The file is not encrypted: keep it where only you get at it.",
                Tone.OK,
            )

        self._desk.tasks.run(self, work, told, self._refused)

    # --- days ------------------------------------------------------------------------------------

    @Slot()
    def show_today(self) -> None:
        """Back to today."""
        self._day = None
        self.load()

    def _step(self, days: int) -> None:
        if self._view is not None:
            day = self._view.day + timedelta(days=days)
            self._day = None if day >= self._view.now.date() else day
            self.load()

    @Slot()
    def _kept(self) -> None:
        self._day = None
        self.load()

    def _refused(self, problem: BaseException) -> None:
        self._desk.feedback.report(self._page, problem)
        self.load()
