"""The activity log as a table: who did what, when. Read-only; it can only grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.log import PAGE_DAMAGED
from bt_desktop.services.trail_watch import FILE_CHANGED
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.waiting import Waiting
from bt_desktop.views.widgets.when import full_date, moment_words

if TYPE_CHECKING:
    from bt_desktop.security.audit import AuditVerdict
    from bt_desktop.services.anchor_slip import SlipStanding
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.results.school import LogEntry
    from bt_desktop.services.workspace import Workspace

_PAGE = 100
_SLIP = (
    "An anchor slip keeps the newest entry on paper: sign one each week, and file it away from "
    "this computer."
)


def deed_words(action: str) -> str:
    """`account.reset_password` as "account: reset password"."""
    subject, _, deed = action.partition(".")
    return f"{subject.replace('_', ' ')}: {deed.replace('_', ' ').replace('.', ' ')}".rstrip(": ")


class LogModel(RowsModel["LogEntry"]):
    """Entries, newest first."""

    HEADS = ("No.", "When", "Who", "What", "Object")

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def last(self) -> int | None:
        """The number of the last entry shown."""
        return self._rows[-1].seq if self._rows else None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            what = deed_words(row.action) + (f" ({row.detail})" if row.detail else "")
            thing = row.object.partition(":")
            short = f"{thing[0]} {thing[2][:8]}".strip()
            return (str(row.seq), moment_words(row.at, self._now()), row.actor, what, short)[
                index.column()
            ]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.object}\n{row.hash}"
        return None


class LogSection(QWidget):
    """The log, whether its chain holds, and its newest entry on paper. `preview_asked(copy)`."""

    preview_asked = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.banner = Banner(desk.theme, self)
        self.model = LogModel(desk.clock.now, self)
        self.verify = SecondaryButton("Check the whole log", self)
        self.verify.clicked.connect(self.check)
        self._progress: Progress | None = None
        self.waiting = Waiting("Checking the log", self)
        self.waiting.canceled.connect(self._cancel)
        head = QHBoxLayout()
        head.addWidget(SectionTitle("Activity", self))
        head.addStretch(1)
        self.slip = SecondaryButton("Anchor slip…", self)
        self.slip.setAccessibleDescription(_SLIP)
        self.slip.clicked.connect(self.make_slip)
        self.last_slip = Muted("", self)
        for widget in (self.slip, self.last_slip):
            widget.setVisible(workspace.slips.may)
        head.setSpacing(8)
        head.addWidget(self.slip)
        head.addWidget(self.verify)
        card = TableCard(self)
        inside = card.inside
        self.table = Table(desk.theme, parent=card)
        self.table.setAccessibleName("Activity")
        self.table.setModel(self.model)
        self.table.set_shares(9, 24, 20, 29, 18)
        self.table.drop_below(0, 520)
        self.table.drop_below(4, 620)
        self.table.setMinimumHeight(desk.theme.px(320))
        inside.addWidget(self.table)
        self.more = SecondaryButton("Show more", self)
        self.more.clicked.connect(self._load_more)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.waiting)
        column.addWidget(
            Muted(
                "Every signature, copy, opening and sign-in, each signed by who did it and chained "
                "to the one before. Nothing in it can be changed without being noticed.",
                self,
            )
        )
        column.addWidget(self.last_slip)
        column.addWidget(card, 1)
        column.addLayout(foot)

    @Slot()
    def load(self) -> None:
        """Read the newest entries."""
        log = self._workspace.log
        self._desk.tasks.run(self, lambda: log.entries(_PAGE), self.show_entries, lane=Lane.READ)
        slips = self._workspace.slips
        if slips.may:
            self._desk.tasks.run(self, slips.standing, self.show_slip, lane=Lane.READ)

    def show_slip(self, standing: SlipStanding) -> None:
        """Say when the last slip was made."""
        if standing.at is None:
            self.last_slip.setText(f"{_SLIP} None was made yet.")
            return
        zone = self._desk.clock.now().tzinfo
        made = full_date(standing.at.astimezone(zone).date())
        late = " A week has passed: make this week's." if standing.due else ""
        self.last_slip.setText(
            f"The last anchor slip was made on {made}, of entry {standing.seq:,}.{late}"
        )

    @Slot()
    def make_slip(self) -> None:
        """Show the slip, to be printed and signed."""
        slips = self._workspace.slips
        self.slip.setEnabled(False)
        self._desk.tasks.run(self, slips.make, self._slip_made, self._slip_failed)

    def _slip_made(self, copy: PrintedCopy) -> None:
        self.slip.setEnabled(True)
        self.preview_asked.emit(copy)

    def _slip_failed(self, problem: BaseException) -> None:
        self.slip.setEnabled(True)
        self._desk.feedback.report(self, problem)

    def show_entries(self, rows: tuple[LogEntry, ...]) -> None:
        """Show them."""
        self.model.set_rows(rows)
        self.more.setVisible(len(rows) == _PAGE)

    @Slot()
    def _load_more(self) -> None:
        log, last = self._workspace.log, self.model.last()

        def grow(rows: tuple[LogEntry, ...]) -> None:
            self.model.add_rows(rows)
            self.more.setVisible(len(rows) == _PAGE)

        self._desk.tasks.run(self, lambda: log.entries(_PAGE, last), grow, lane=Lane.READ)

    @Slot()
    def check(self) -> None:
        """Verify every entry, row and page (long: on the lane that nobody waits for)."""
        self.banner.clear()
        self.verify.setEnabled(False)
        self._progress = progress = Progress()
        self.waiting.begin("Checking the whole log…", progress, may_stop=True)
        log = self._workspace.log
        self._desk.tasks.run(
            self, lambda: log.verify(progress), self._verdict, self._failed, lane=Lane.BACKUP
        )

    def _verdict(self, verdict: AuditVerdict) -> None:
        self._idle()
        if verdict.holds:
            self.banner.tell("Every entry is whole and in its place.", Tone.OK)
        else:
            self.banner.tell(
                f"{_found(verdict)} Do not delete anything; tell whoever looks after the records.",
                Tone.DANGER,
            )

    def _failed(self, problem: BaseException) -> None:
        self._idle()
        if isinstance(problem, Canceled):
            self.banner.tell("Checking was canceled.", Tone.INFO)
        else:
            self._desk.feedback.report(self, problem)

    @Slot()
    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _idle(self) -> None:
        self.waiting.end()
        self.verify.setEnabled(True)


def _found(verdict: AuditVerdict) -> str:
    """What does not fit, in a sentence."""
    if verdict.reason == PAGE_DAMAGED:
        return "Every entry fits, and a page of the file is damaged."
    if verdict.reason == FILE_CHANGED:
        return "The file is not the one that was closed before."
    where = f"at entry {verdict.first_bad:,}" if verdict.first_bad else "at a row without an entry"
    return f"The records and their trail do not agree {where}."
