"""Today's notices: which parents are still to get a paper, and one key that prints the ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.feedback import Tone
from bt_desktop.views.log_call import open_log_call
from bt_desktop.views.print_run import PrintRun, refused_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import NoticeDue, PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

_WIDE = 980
_STATES = {"ready": "✓ Ready", "text": "◐ To read first", "stopped": "▲ Stopped"}
_LOOKS = {"ready": "okText", "text": "", "stopped": "warnText"}


class DueRow(QWidget):
    """One record: whose, which paper, for whom, what it waits for; its deeds beside it."""

    def __init__(
        self,
        due: NoticeDue,
        when: str,
        open_: Callable[[], None],
        call: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.due = due
        paper = due.paper.label if due.paper is not None else due.title
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(plain_label(due.student, "strong", self))
        facts = (paper, due.number, when, f"for {due.for_whom}" if due.for_whom else "")
        about = Muted(" · ".join(part for part in facts if part), self)
        about.setWordWrap(True)
        words.addWidget(about)
        state = plain_label(_STATES[due.state], _LOOKS[due.state], self)
        words.addWidget(state)
        if due.why:
            why = Muted(due.why, self)
            why.setWordWrap(True)
            words.addWidget(why)
        self.go = SecondaryButton("Look at it" if due.state == "ready" else "Open", self)
        self.go.setAccessibleName(f"{self.go.text()}: {paper}, {due.student}, {due.number}")
        self.go.clicked.connect(open_)
        self.call = LinkButton("Log a call", self)
        self.call.setAccessibleName(f"Log a call about {due.student}, {due.number}")
        self.call.clicked.connect(call)
        deeds = QVBoxLayout()
        deeds.setSpacing(4)
        deeds.addWidget(self.go)
        deeds.addWidget(self.call, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addLayout(deeds)


class NoticesPage(Page):
    """`opened(record_id)` to prepare one paper; `printed(PrintedCopy, copies)` with all that was
    ready as one print, and the copies it is made of."""

    title = "Today's notices"
    opened = Signal(str)
    printed = Signal(object, object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=_WIDE)
        self._desk, self._workspace = desk, workspace
        self.due: tuple[NoticeDue, ...] = ()
        self.rows: dict[str, DueRow] = {}
        self._build()

    def _build(self) -> None:
        self.print_button = ActionButton(
            self._desk.theme,
            "&Print all that are ready",
            icon_name="print",
            keys="Ctrl+P",
            kind="primary",
            parent=self,
        )
        self.print_button.clicked.connect(self.print_ready)
        shortcut = QShortcut(QKeySequence("Ctrl+P"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.print_ready)
        head = QHBoxLayout()
        head.addWidget(PageTitle(self.title, self))
        head.addStretch(1)
        head.addWidget(self.print_button)
        self.column.addLayout(head)
        self.summary = plain_label("Looking through today's reports…", "mutedBody", self)
        self.summary.setWordWrap(True)
        self.column.addWidget(self.summary)
        self.progress = PrintRun(self._desk, self)
        self.progress.finished.connect(self._printed)
        self.column.addWidget(self.progress)
        self.groups: dict[bool, tuple[SectionTitle, Card]] = {}
        for today, title in ((True, "Today"), (False, "Left from the last two weeks")):
            heading, card = SectionTitle(title, self), Card(self, margin=0, spacing=0)
            self.groups[today] = (heading, card)
            self.column.addWidget(heading)
            self.column.addWidget(card)
            heading.hide()
            card.hide()
        self.column.addStretch(1)
        self.print_button.setEnabled(False)

    # --- the list --------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the list anew."""
        if self.progress.under_way:
            return
        notices = self._workspace.notices
        self._desk.tasks.run(self, notices.list, self.show_due, lane=Lane.READ)

    def show_due(self, due: tuple[NoticeDue, ...]) -> None:
        """Show it."""
        self.due = due
        self.rows = {}
        now = self._desk.clock.now()
        for today, (heading, card) in self.groups.items():
            _empty(card)
            mine = [one for one in due if one.today is today]
            for number, one in enumerate(mine):
                if number:
                    card.column.addWidget(Hairline(card))
                when = moment_words(one.event_at, now) if one.event_at else ""
                card.column.addWidget(self._row(one, when, card))
            heading.setVisible(bool(mine))
            card.setVisible(bool(mine))
        ready = self.ready()
        self.summary.setText(_summary(due))
        self.print_button.setEnabled(bool(ready))
        self.print_button.setAccessibleDescription(f"{len(ready)} ready. Key: Ctrl+P")

    def _row(self, due: NoticeDue, when: str, parent: QWidget) -> DueRow:
        row = DueRow(
            due,
            when,
            lambda: self.opened.emit(due.record_id),
            lambda: self._log_call(due.record_id),
            parent,
        )
        self.rows[due.record_id] = row
        return row

    def _log_call(self, record_id: str) -> None:
        open_log_call(self._desk, self._workspace, record_id, self, lambda _: self.load())

    def ready(self) -> tuple[NoticeDue, ...]:
        """What can be printed as it stands."""
        return tuple(one for one in self.due if one.state == "ready")

    # --- printing --------------------------------------------------------------------------------

    @Slot()
    def print_ready(self) -> None:
        """Make every paper that is ready, one after the other, then show them as one print."""
        ready, notices = self.ready(), self._workspace.notices
        if self.progress.under_way or not ready:
            return
        self.banner.clear()
        self.print_button.setEnabled(False)
        self.progress.start([partial(notices.release, due) for due in ready], notices.joined)

    @Slot()
    def stop(self) -> None:
        """Make no more; what is sealed so far is shown."""
        self.progress.stop()

    @Slot(object, object)
    def _printed(self, whole: PrintedCopy | None, made: Sequence[PrintedCopy]) -> None:
        if self.progress.refused:
            self.banner.tell(refused_words(self.progress.refused), Tone.WARN)
        self.load()
        if whole is not None:
            self.printed.emit(whole, made)


def _summary(due: Sequence[NoticeDue]) -> str:
    """How many of each kind, in a sentence."""
    if not due:
        return (
            "No parent is waiting for a paper. When a report is signed, the paper for the parents "
            "stands here until it is released."
        )
    counts = {state: sum(1 for one in due if one.state == state) for state in _STATES}
    said = []
    if ready := counts["ready"]:
        said.append(f"{ready} {'paper is' if ready == 1 else 'papers are'} ready to print.")
    if text := counts["text"]:
        said.append(f"{text} {'has' if text == 1 else 'have'} a text to read first.")
    if stopped := counts["stopped"]:
        said.append(f"{stopped} {'waits' if stopped == 1 else 'wait'} for a decision.")
    return " ".join(said)


def _empty(card: Card) -> None:
    while (item := card.column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
