"""All deadlines: one's own or everybody's, the late ones, this week's; a file of one's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.deadline_list import DeadlineList
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone, choose_save
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import Chip, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle

if TYPE_CHECKING:
    from pathlib import Path

    from bt_desktop.services.results.deadlines import DeadlineLine, Whose
    from bt_desktop.services.workspace import Workspace

Span = Literal["all", "late", "week"]
Read = tuple[tuple["DeadlineLine", ...], tuple["DeadlineLine", ...]]
_MOST = 200
_WIDE = 860
_WHOSE: tuple[tuple[Whose, str], ...] = (("mine", "Mine"), ("all", "Everybody's"))
_SPANS: tuple[tuple[Span, str], ...] = (
    ("all", "Any day"),
    ("late", "Late"),
    ("week", "Due this week"),
)
_EMPTY = {
    "all": ("Nothing is due", "What must be done after a report stands here, the nearest first. It "
            "comes by itself from what a report says, and goes when the record shows that it is "
            "done."),
    "late": ("Nothing is late", "What is over its time stands here until it is done."),
    "week": ("Nothing is due this week", "Choose “Any day” to see what comes later."),
}  # fmt: skip


class DeadlinesPage(Page):
    """`opened(line)` when a record is to be opened at the right place; `changed` after a deed."""

    title = "Deadlines"
    opened = Signal(object)
    changed = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=_WIDE)
        self._desk, self._workspace = desk, workspace
        self.whose: Whose = "mine"
        self.span: Span = "all"
        head = QHBoxLayout()
        head.addWidget(PageTitle("Deadlines", self))
        head.addStretch(1)
        self.export = SecondaryButton("Export mine as .ics…", self)
        self.export.setAccessibleDescription("For your own calendar program; no child is named")
        self.export.clicked.connect(self.save_ics)
        head.addWidget(self.export)
        self.column.addLayout(head)
        self.column.addLayout(self._filters())
        self.list = self._new_list()
        self.column.addWidget(self.list)
        self.empty = self._empty()
        self.column.addWidget(self.empty)
        self.owed_title = SectionTitle("Done late, without a reason yet", self)
        self.owed = self._new_list()
        self.column.addWidget(self.owed_title)
        self.column.addWidget(self.owed)
        self.column.addStretch(1)
        self.owed_title.hide()

    def _filters(self) -> FlowLayout:
        self.chips: dict[str, Chip] = {}
        flow = FlowLayout()
        for name, options in (("whose", _WHOSE), ("span", _SPANS)):
            if self.chips:
                gap = QWidget(self)
                gap.setFixedWidth(16)
                flow.addWidget(gap)
            for key, word in options:
                chip = Chip(word, self)
                chip.setChecked(getattr(self, name) == key)
                chip.clicked.connect(lambda _=False, n=name, k=key: self.choose(n, k))
                self.chips[f"{name}:{key}"] = chip
                flow.addWidget(chip)
        return flow

    def _new_list(self) -> DeadlineList:
        made = DeadlineList(self._desk, self._workspace, self)
        made.go.connect(self.opened)
        made.changed.connect(self.load)
        made.changed.connect(self.changed)
        return made

    def _empty(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 16, 0, 24)
        column.setSpacing(8)
        self._empty_title = SectionTitle("", box)
        self._empty_words = Muted("", box)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        box.hide()
        return box

    def choose(self, name: str, key: str) -> None:
        """Narrow the list: `whose` (mine, all) or `span` (all, late, week)."""
        setattr(self, name, key)
        for which, chip in self.chips.items():
            group, _, value = which.partition(":")
            chip.setChecked(getattr(self, group) == value)
        self.load()

    @Slot()
    def load(self) -> None:
        """Read the list."""
        deadlines, whose = self._workspace.deadlines, self.whose
        until = self._until(self._desk.clock.now())

        def work() -> Read:
            return deadlines.open(whose, until, _MOST), deadlines.owed(whose)

        self._desk.tasks.latest(self, "list", work, self.show_lines)

    def _until(self, now: datetime) -> datetime | None:
        """Up to when: now for what is late, Sunday's end for this week."""
        if self.span == "all":
            return None
        if self.span == "late":
            return now
        sunday = now + timedelta(days=6 - now.weekday())
        return sunday.replace(hour=23, minute=59, second=59)

    def show_lines(self, read: Read) -> None:
        """Show these, or say why there is nothing."""
        lines, owed = read
        now = self._desk.clock.now()
        self.list.show_lines(lines, now)
        self.owed.show_lines(owed, now)
        self.owed_title.setVisible(bool(owed))
        self.owed.setVisible(bool(owed))
        self.list.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        title, words = _EMPTY[self.span]
        self._empty_title.setText(title)
        self._empty_words.setText(words)

    @Slot()
    def tell_deadlines(self) -> None:
        """A minute has passed."""
        self.list.tell()

    @Slot()
    def save_ics(self) -> None:
        """Write one's own deadlines to a file for another calendar program."""
        path = choose_save(self, "Export my deadlines", "deadlines.ics", "Calendar (*.ics)")
        if path is None:
            return
        deadlines = self._workspace.deadlines
        self._desk.tasks.run(
            self,
            lambda: _write(path, deadlines.export()),
            lambda _: self.banner.tell(
                "Exported. The file names records by number and no child; it does not follow "
                "later changes.",
                Tone.OK,
            ),
            lane=Lane.READ,
        )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError:
        raise KnownError(
            "ics-not-written",
            "The file could not be written.",
            "Choose a folder that you may write to, then export again.",
        ) from None
