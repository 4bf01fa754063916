"""Backups: those that are there, one more, the second place, and how one is put back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_folder
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import Table, TableCard
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.waiting import Waiting
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.backups import Backup, SecondPlace
    from bt_desktop.services.drill import Trial
    from bt_desktop.services.workspace import Workspace

KIND_WORDS = {
    "daily": "The day's",
    "exit": "When the program was closed",
    "hand": "By hand",
    "before": "Before an update",
}
_ABOUT = (
    "One is made each day and when the program is closed, encrypted and checked. Seven days, five "
    "weeks and twelve months are kept, and the newest good one always."
)
_HOW_BACK = (
    "To put one back: lock, then “Put a backup back” on the page where you sign in. The records of "
    "now are renamed and stay; nothing is overwritten."
)
_NO_SECOND = (
    "None yet. A fire or a broken disk takes this computer and its backups together: choose a "
    "stick or a share."
)


def size_words(size: int) -> str:
    """“3.4 MB”."""
    return f"{size / 1_000_000:,.1f} MB"


def second_words(place: SecondPlace, now: datetime) -> str:
    """Where the second copy goes and how old it is, with what to do."""
    if place.state == "none":
        return _NO_SECOND
    last = (
        f"Last copied {moment_words(place.last_at, now)}." if place.last_at else "Never used yet."
    )
    more = {
        "fine": "",
        "remind": " It is time for another.",
        "overdue": " That is too long ago: connect it and copy now.",
    }
    return f"{place.path}\n{last}{more[place.state]}"


def trial_words(trial: Trial | None, now: datetime) -> str:
    """When a backup was tried out last, and what came of it."""
    if trial is None:
        return "Not tried out yet. Once a month the newest one is put back in a corner and opened."
    when = moment_words(trial.at, now)
    if not trial.good:
        return (
            f"Last tried out: {when}; it could not be opened whole. Make another now and try it "
            "out; keep the old ones."
        )
    records = "1 record" if trial.records == 1 else f"{trial.records:,} records"
    return f"Last tried out: {when}; {records} opened, all of it checked, nothing left behind."


class BackupModel(RowsModel["Backup"]):
    """Backups, newest first."""

    HEADS = ("Made", "Why", "Size", "Holds")

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row = self.row(index)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        counts = dict(row.counts)
        holds = f"{counts.get('records', 0):,} records, {counts.get('students', 0):,} students"
        return (
            moment_words(row.made_at.astimezone(self._now().tzinfo), self._now()),
            KIND_WORDS.get(row.kind, row.kind),
            "" if row.damaged else size_words(row.size),
            "Damaged: cannot be used" if row.damaged else holds,
        )[index.column()]


def _tried(trial: Trial) -> tuple[str, Tone]:
    if trial.good:
        return "The backup was put back in a corner and opened whole.", Tone.OK
    return "The backup could not be opened whole. Make another now.", Tone.DANGER


class BackupsSection(QWidget):
    """The backups of this computer, and the place for a second copy."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.banner = Banner(desk.theme, self)
        self.make = PrimaryButton("Back up now", self)
        self.make.clicked.connect(self.back_up)
        self.make.setVisible(workspace.backups.may_make)
        head = QHBoxLayout()
        head.addWidget(SectionTitle("Backups", self))
        head.addStretch(1)
        head.addWidget(self.make)
        self.waiting = Waiting("Backup", self)
        self.waiting.canceled.connect(self._cancel)
        self.model = BackupModel(desk.clock.now, self)
        self.card = TableCard(self)
        self.table = Table(desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Backups")
        self.table.setModel(self.model)
        self.table.set_shares(30, 30, 14, 26)
        self.table.drop_below(2, 560)
        self.card.inside.addWidget(self.table)
        self.empty = Muted("None yet: the first is made a minute after somebody signs in.", self)
        self.check = SecondaryButton("Check the chosen one", self)
        self.check.clicked.connect(self.check_chosen)
        self.try_out = SecondaryButton("Try the newest one out", self)
        self.try_out.setAccessibleDescription("Puts it back in a corner, opens it, throws it away")
        self.try_out.clicked.connect(self.try_newest)
        self.tried = Muted("", self)
        foot = FlowLayout(gap=12)
        foot.addWidget(self.check)
        foot.addWidget(self.try_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(Muted(_ABOUT, self))
        for widget in (self.waiting, self.card, self.empty):
            column.addWidget(widget)
        column.addLayout(foot)
        column.addWidget(self.tried)
        column.addWidget(Muted(_HOW_BACK, self))
        column.addSpacing(4)
        column.addWidget(SectionTitle("A second place", self))
        column.addWidget(self._second())
        column.addStretch(1)
        self._progress: object = None
        self._may = workspace.backups.may_make
        self.show_backups(((), None, None))

    def _second(self) -> Card:
        card = Card(self, margin=20, spacing=12)
        self.place = plain_label("", "", card)
        self.place.setWordWrap(True)
        self.choose = SecondaryButton("Choose…", card)
        self.choose.setAccessibleName("Choose the second place")
        self.choose.clicked.connect(self.choose_second)
        self.copy = SecondaryButton("Copy the newest there now", card)
        self.copy.clicked.connect(self.copy_now)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.choose)
        row.addWidget(self.copy)
        row.addStretch(1)
        card.column.addWidget(self.place)
        card.column.addLayout(row)
        return card

    @Slot()
    def load(self) -> None:
        """Look at what is there."""
        backups, drill = self._workspace.backups, self._workspace.drill
        self._desk.tasks.run(
            self,
            lambda: (backups.all(), backups.second(), drill.last()),
            self.show_backups,
            lane=Lane.READ,
        )

    def show_backups(
        self, known: tuple[tuple[Backup, ...], SecondPlace | None, Trial | None]
    ) -> None:
        """Show them, where the second copy goes, and the last trial."""
        rows, place, trial = known
        self.tried.setText(trial_words(trial, self._desk.clock.now()))
        self.tried.setVisible(bool(rows))
        self.try_out.setVisible(bool(rows) and self._may)
        self.model.set_rows(rows)
        self.table.rows_changed()
        self.card.setVisible(bool(rows))
        self.check.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if rows:
            self.table.setCurrentIndex(self.model.index(0, 0))
        if place is not None:
            self.place.setText(second_words(place, self._desk.clock.now()))
        self.choose.setVisible(self._may)
        self.copy.setVisible(self._may and place is not None and place.state != "none")
        self.copy.setEnabled(bool(rows))

    # --- deeds ---------------------------------------------------------------------------------

    @Slot()
    def back_up(self) -> None:
        """Make one now."""
        from bt_desktop.services.work_progress import Progress

        self._progress = progress = Progress()
        backups = self._workspace.backups
        self._run(
            lambda: backups.make(progress), "Making the backup…",
            lambda made: f"The backup is made and checked ({size_words(made.size)}).", progress,
        )  # fmt: skip

    @Slot()
    def check_chosen(self) -> None:
        """Check the chosen one again, every byte and the whole trail in it."""
        index = self.table.currentIndex()
        if not index.isValid():
            self.banner.tell("Choose a backup in the table first.", Tone.INFO)
            return
        from bt_desktop.services.work_progress import Progress

        self._progress = progress = Progress()
        name, backups = self.model.row(index).name, self._workspace.backups
        self._run(
            lambda: backups.verify(name, progress), "Checking the backup…",
            lambda _: "This backup is whole and unchanged.", progress,
        )  # fmt: skip

    @Slot()
    def try_newest(self) -> None:
        """Put the newest one back in a corner, open it, throw it away."""
        from bt_desktop.services.work_progress import Progress

        self._progress = progress = Progress()
        drill = self._workspace.drill
        self._run(
            lambda: drill.try_out(progress), "Trying the backup out…", _tried, progress,
        )  # fmt: skip

    @Slot()
    def choose_second(self) -> None:
        """Choose the folder for second copies."""
        path = choose_folder(self, "A folder on a stick or a share")
        if path is not None:
            backups = self._workspace.backups
            self._run(
                lambda: backups.set_second(path), "Looking at the folder…",
                lambda _: "Chosen. Copy the newest backup there now.",
            )  # fmt: skip

    @Slot()
    def copy_now(self) -> None:
        """Copy the newest one to the second place."""
        from bt_desktop.services.work_progress import Progress

        self._progress = progress = Progress()
        backups = self._workspace.backups
        self._run(
            lambda: backups.copy_to_second(progress), "Copying the backup…",
            lambda _: "Copied, and checked there.", progress,
        )  # fmt: skip

    def _run(
        self,
        work: Callable[[], object],
        words: str,
        done: Callable[[Any], str | tuple[str, Tone]],
        progress: object = None,
    ) -> None:
        self.banner.clear()
        self._enable(False)
        self.waiting.begin(words, progress, may_stop=progress is not None)  # type: ignore[arg-type]  # Progress, loaded late

        def over(result: object) -> None:
            self._end()
            said = done(result)
            text, tone = (said, Tone.OK) if isinstance(said, str) else said
            self.banner.tell(text, tone)
            self.load()

        self._desk.tasks.run(self, work, over, self._failed, lane=Lane.BACKUP)

    def _failed(self, problem: BaseException) -> None:
        self._end()
        if not isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
            return
        tone = Tone.INFO if problem.code == "canceled" else Tone.DANGER
        self.banner.tell(str(problem), tone)
        self.load()

    def _end(self) -> None:
        self.waiting.end()
        self._enable(True)

    def _enable(self, on: bool) -> None:
        for button in (self.make, self.check, self.try_out, self.choose, self.copy):
            button.setEnabled(on)

    @Slot()
    def _cancel(self) -> None:
        cancel = getattr(self._progress, "cancel", None)
        if cancel is not None:
            cancel()
