"""The months of the medication record: every order of a month, what is open, what is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.month_views import ClosedAll, MonthLine
from bt_desktop.services.names import fold
from bt_desktop.services.work_progress import Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.month_enter import MonthEnter
from bt_desktop.views.health.month_list import (
    ENTRIES,
    FILTERS,
    LONGEST_STATE,
    OPEN,
    STATE,
    MonthModel,
    keeps,
    named,
)
from bt_desktop.views.health.month_page import MonthPage
from bt_desktop.views.health.month_sheets import CloseAllSheet, close_all
from bt_desktop.views.health.month_words import month_name
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice, SearchLine
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.waiting import Waiting

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_NO_ORDERS = "No order held in this month, so it has no record."


@dataclass(frozen=True, slots=True)
class MonthsRead:
    """The months there are, the one that is shown, and its lines."""

    months: tuple[date, ...]
    month: date
    lines: tuple[MonthLine, ...]


def read_months(workspace: Workspace, wanted: date | None) -> MonthsRead:
    """What the section shows (on a worker): the wanted month, else the last one that is over."""
    service = workspace.health.months
    months = service.months()
    month = wanted if wanted in months else months[min(1, len(months) - 1)]
    return MonthsRead(months, month, service.lines(month))


class MonthsSection(QWidget):
    """The list of a month, and over it one record."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._read: MonthsRead | None = None
        self._month: date | None = None
        self._going = Progress()
        self.which = FILTERS[0][0]
        self.sheet: CloseAllSheet | None = None
        self.list = QWidget(self)
        self.one = MonthPage(desk, workspace, page)
        self.one.back_asked.connect(self._back)
        self.one.changed.connect(self._load_list)
        self.one_of = OneOf(self)
        self.one_of.add(self.list)
        self.one_of.add(self.one)
        self.enter = MonthEnter(desk, workspace, page)
        self.enter.left.connect(self._entered)
        self.one.enter_asked.connect(self._enter)
        self.one_of.add(self.enter)
        self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.one_of)

    def _make_list(self) -> None:
        desk = self._desk
        self.banner = Banner(desk.theme, self.list)
        self.month = Choice(self.list)
        self.month.setAccessibleName("Month")
        self.month.currentIndexChanged.connect(self._month_chosen)
        label = plain_label("&Month", "fieldLabel", self.list)
        label.setBuddy(self.month)
        self.filter = SearchLine(desk.theme, "Medicine or student", parent=self.list)
        self.filter.textChanged.connect(self._show_rows)
        self.close_all = ActionButton(
            desk.theme, "Close all complete…", icon_name="check", kind="primary", parent=self.list
        )
        self.close_all.clicked.connect(lambda _=False: self.ask_close_all())
        self.waiting = Waiting("Closing the month", self.list)
        self.waiting.canceled.connect(self._stop)
        self.says = Muted("", self.list)
        which = QHBoxLayout()
        which.setSpacing(12)
        which.addWidget(label)
        which.addWidget(self.month)
        which.addWidget(self.filter, 1)
        self._head = head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(which, 1)
        head.addWidget(self.close_all)
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addLayout(head)
        column.addLayout(self._chips())
        column.addWidget(self.waiting)
        column.addWidget(self._table())
        column.addWidget(self.says)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window or a large text the button stands below."""
        super().resizeEvent(event)
        beside = self.width() >= self._desk.theme.px(480)
        ways = QBoxLayout.Direction
        self._head.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _chips(self) -> FlowLayout:
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        flow = FlowLayout()
        for key, words in FILTERS:
            chip = self.chips[key] = Chip(words, self.list)
            chip.setAccessibleName(f"Show: {words}")
            chip.clicked.connect(lambda _=False, which=key: self.choose(which))
            self._group.addButton(chip)
            flow.addWidget(chip)
        self.chips[self.which].setChecked(True)
        return flow

    def _table(self) -> TableCard:
        self.model = MonthModel(self)
        self.card = TableCard(self.list)
        self.table = Table(self._desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Records of the month")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(28, 32, 10, 12, 18)
        self.table.drop_below(ENTRIES, 640)
        self.table.drop_below(OPEN, 520)
        self.table.keep_whole(STATE, LONGEST_STATE)
        self.table.opened.connect(lambda index: self.open_line(self.model.row(index)))
        self.card.inside.addWidget(self.table)
        return self.card

    def begin(self) -> None:
        """Opened: begin with typing, or at the record that is shown."""
        (self.filter if self.list.isVisible() else self.one.back).setFocus()

    # --- reading ---------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the month, and the record that is shown."""
        self._load_list()
        if not self.one.isHidden():
            self.one.load()

    @Slot()
    def _load_list(self) -> None:
        workspace, wanted = self._workspace, self._month
        self._desk.tasks.latest(
            self, "months", lambda: read_months(workspace, wanted), self.show_months
        )

    def show_months(self, read: MonthsRead) -> None:
        """Show what was read."""
        self._read, self._month = read, read.month
        self.month.fill([(month_name(one), one) for one in read.months], read.month)
        self._show_rows()

    @Slot(int)
    def _month_chosen(self, _index: int) -> None:
        self._month = self.month.currentData()
        self.load()

    def choose(self, which: str) -> None:
        """Narrow the list."""
        self.which = which
        self.chips[which].setChecked(True)
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        read = self._read
        if read is None:
            return
        wanted = fold(self.filter.text()).split()
        shown = [one for one in read.lines if keeps(self.which, one) and named(one, wanted)]
        self.model.set_rows(tuple(shown))
        self.table.rows_changed()
        self.card.setVisible(bool(shown))
        self.says.setText(self._words(read, shown))
        complete = sum(one.state == "complete" for one in read.lines)
        self.close_all.setVisible(self._workspace.health.months.may_close)
        self.close_all.setEnabled(complete > 0)
        self.close_all.setText(
            f"Close all {complete:,} complete…" if complete > 1 else "Close all complete…"
        )

    def _words(self, read: MonthsRead, shown: list[MonthLine]) -> str:
        if shown:
            return ""
        if read.lines:
            return "No record is like that now."
        return _NO_ORDERS

    # --- one record ------------------------------------------------------------------------------

    def open_line(self, line: MonthLine) -> None:
        """Show one record."""
        self.one.open_month(line.order_id, line.month)
        self._lay_over(self.one, self.one.back)

    @Slot()
    def _back(self) -> None:
        self._lay_over(self.list, self.table)
        self.load()

    @Slot(str, object)
    def _enter(self, order_id: str, due_at: datetime) -> None:
        """Say what happened at an open time."""
        self._lay_over(self.enter, self.enter.back)
        self.enter.open_cell(order_id, due_at)

    @Slot()
    def _entered(self) -> None:
        self._lay_over(self.one, self.one.back)
        self.load()

    def _lay_over(self, shown: QWidget, focus: QWidget) -> None:
        """Show one of the three from its top, with the focus where one begins."""
        self.one_of.show_only(shown)
        focus.setFocus()
        above = self.parentWidget()
        while above is not None and not isinstance(above, Scroll):
            above = above.parentWidget()
        if above is not None:
            above.verticalScrollBar().setValue(0)

    # --- closing all -----------------------------------------------------------------------------

    def ask_close_all(self) -> None:
        """Sign once under every complete record."""
        read = self._read
        if read is None:
            return
        complete = sum(one.state == "complete" for one in read.lines)
        sheet = self.sheet = CloseAllSheet(
            self._desk, self._workspace, read.month, complete, self.list
        )
        sheet.saved.connect(self._close_all)
        sheet.open_sheet()

    @Slot()
    def _stop(self) -> None:
        self._going.cancel()

    @Slot(object)
    def _close_all(self, signed: tuple[str, str]) -> None:
        read = self._read
        if read is None:
            return
        self._going = Progress()
        self.banner.clear()
        self.waiting.begin("Closing and sealing, one after the other.", self._going, may_stop=True)
        self._enable(False)
        work: Callable[[], ClosedAll] = close_all(self._workspace, read.month, signed, self._going)
        self._desk.tasks.run(self, work, self._all_closed, self._not_all, lane=Lane.READ)

    def _all_closed(self, done: ClosedAll) -> None:
        self._ended()
        many = "One record is" if done.closed == 1 else f"{done.closed:,} records are"
        left = (
            f" {len(done.left):,} could not be closed; open them to see why." if done.left else ""
        )
        self.banner.tell(f"{many} closed and signed.{left}", Tone.WARN if done.left else Tone.OK)

    def _not_all(self, problem: BaseException) -> None:
        self._ended()
        if isinstance(problem, KnownError):
            canceled = problem.code == "canceled"
            words = "Stopped. What was closed before stays closed." if canceled else str(problem)
            self.banner.tell(words, Tone.INFO if canceled else Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)

    def _ended(self) -> None:
        self.waiting.end()
        self._enable(True)
        self.load()

    def _enable(self, on: bool) -> None:
        for widget in (self.month, self.close_all, self.card):
            widget.setEnabled(on)
