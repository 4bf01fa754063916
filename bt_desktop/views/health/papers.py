"""Papers for parents: what waits today, one key that prints the ready, and what was made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.services.health.paper_model import TITLES, PaperDue, PaperRow
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.health.paper_rows import DueRow, MadeRow
from bt_desktop.views.health.paper_sheet import PaperSheet
from bt_desktop.views.health.paper_sheets import CalledSheet, GotSheet, OnceMore, WaiveSheet
from bt_desktop.views.print_run import PrintRun, refused_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import SectionTitle, plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bt_desktop.services.health.paper_model import PaperDraft
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

TITLE = "Papers for parents"
_NOTHING = (
    "No parent is waiting for a paper about medicine. A dose as needed, an emergency dose, a dose "
    "that was not given, low supply and medicine that changes hands stand here until it is made."
)
_STATES = ("ready", "text", "stopped")
_MOST_MADE = 30


@dataclass(frozen=True, slots=True)
class PapersView:
    """What the section shows, read in one go."""

    due: tuple[PaperDue, ...]
    made: tuple[PaperRow, ...]
    reports: int = 0  # signed reports (first aid, medication error) whose paper waits elsewhere


def read_papers(workspace: Workspace) -> PapersView:
    """What waits, and the newest of what was made (on a worker)."""
    papers = workspace.health.parent_papers
    return PapersView(papers.waiting(), papers.made()[:_MOST_MADE], workspace.notices.count())


class PapersSection(QWidget):
    """The list, and over it a sheet for one paper."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self.due: tuple[PaperDue, ...] = ()
        self.rows: dict[str, DueRow] = {}
        self.made_rows: dict[str, MadeRow] = {}
        self.sheet: Sheet | None = None
        self._wanted = ""
        self.print_button = ActionButton(
            desk.theme, "&Print all that are ready", icon_name="print", keys="Ctrl+P",
            kind="primary", parent=self,
        )  # fmt: skip
        self.print_button.clicked.connect(self.print_ready)
        self.print_button.setEnabled(False)
        shortcut = QShortcut(QKeySequence("Ctrl+P"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.print_ready)
        self.summary = plain_label("Looking through doses and stock…", "mutedBody", self)
        self.summary.setWordWrap(True)
        self.progress = PrintRun(desk, self)
        self.progress.finished.connect(self._printed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.summary)
        self._column.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.progress)
        self.reports = LinkButton("", self)
        self.reports.clicked.connect(page.notices_asked)
        self.reports.hide()
        self._column.addWidget(self.reports, 0, Qt.AlignmentFlag.AlignLeft)
        self._groups = {
            key: self._group(title)
            for key, title in (
                ("today", "Today"),
                ("left", "Left from the last two weeks"),
                ("made", "Made"),
            )
        }
        self._column.addStretch(1)

    def _group(self, title: str) -> tuple[SectionTitle, Card]:
        heading, card = SectionTitle(title, self), Card(self, margin=0, spacing=0)
        self._column.addWidget(heading)
        self._column.addWidget(card)
        heading.hide()
        card.hide()
        return heading, card

    def begin(self) -> None:
        """One begins at what prints everything, else at the first paper."""
        first = next(iter(self.rows.values()), None)
        target = self.print_button if self.print_button.isEnabled() or first is None else first.go
        target.setFocus()

    def errand(self, key: str) -> None:
        """Somebody came for one paper: open it once the list is read."""
        self._wanted = key

    @Slot()
    def load(self) -> None:
        """Read the list anew."""
        if self.progress.under_way:
            return
        workspace = self._workspace
        self._desk.tasks.run(self, lambda: read_papers(workspace), self.show_papers, lane=Lane.READ)

    def show_papers(self, view: PapersView) -> None:
        """Show it."""
        self.due = view.due
        self.rows, self.made_rows = {}, {}
        self._fill("today", [self._due_row(one) for one in view.due if one.today])
        self._fill("left", [self._due_row(one) for one in view.due if not one.today])
        self._fill("made", [self._made_row(one) for one in view.made])
        ready = self.ready()
        self.summary.setText(summary(view.due))
        count = view.reports
        reports = "1 signed report" if count == 1 else f"{count} signed reports"
        self.reports.setText(f"Today’s notices: papers of {reports}")
        self.reports.setVisible(count > 0)
        self.print_button.setEnabled(bool(ready))
        self.print_button.setAccessibleDescription(f"{len(ready)} ready. Key: Ctrl+P")
        tab_as_laid_out(self)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.open_paper(wanted)

    def _fill(self, key: str, rows: Sequence[QWidget]) -> None:
        heading, card = self._groups[key]
        while (item := card.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, row in enumerate(rows):
            if number:
                card.column.addWidget(Hairline(card))
            card.column.addWidget(row)
        heading.setVisible(bool(rows))
        card.setVisible(bool(rows))

    def _due_row(self, due: PaperDue) -> DueRow:
        row = self.rows[due.key] = DueRow(due, self._desk.clock.now(), self)
        row.go.clicked.connect(lambda _=False: self.open_paper(due.key))
        row.call.clicked.connect(lambda _=False: self.log_call(due))
        row.waive.clicked.connect(lambda _=False: self.waive(due))
        return row

    def _made_row(self, made: PaperRow) -> MadeRow:
        row = self.made_rows[made.paper.id] = MadeRow(made, self._desk.clock.now(), self)
        row.got.clicked.connect(lambda _=False: self.got(made))
        row.again.clicked.connect(lambda _=False: self.once_more(made))
        return row

    def ready(self) -> tuple[PaperDue, ...]:
        """What can be printed as it stands."""
        return tuple(one for one in self.due if one.state == "ready")

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def print_ready(self) -> None:
        """Make every paper that is ready, one after the other, then show them as one print."""
        ready, papers = self.ready(), self._workspace.health.parent_papers
        if self.progress.under_way or not ready:
            return
        self._page.banner.clear()
        self.print_button.setEnabled(False)
        makes = [partial(papers.release, due.key, due.guardian_id) for due in ready]
        self.progress.start(makes, self._workspace.notices.joined)

    @Slot(object, object)
    def _printed(self, whole: PrintedCopy | None, made: Sequence[PrintedCopy]) -> None:
        if self.progress.refused:
            self._page.banner.tell(refused_words(self.progress.refused), Tone.WARN)
        self.load()
        if whole is not None:
            self._page.print_asked.emit(whole, tuple(made), TITLE)

    def open_paper(self, key: str) -> None:
        """Look at one paper: for whom, what is told; then make it."""
        papers = self._workspace.health.parent_papers
        self._desk.tasks.run(self, lambda: papers.draft(key), self._show_draft, self._refused)

    def _show_draft(self, draft: PaperDraft) -> None:
        sheet = PaperSheet(self._desk, self._workspace, draft, self)
        sheet.saved.connect(lambda copy: self._show_one(copy, TITLES[draft.due.kind]))
        self._open(sheet)

    def _show_one(self, copy: PrintedCopy, title: str) -> None:
        self._page.print_asked.emit(copy, (copy,), title)

    def log_call(self, due: PaperDue) -> None:
        """Write down that the parent was called about it."""
        self._open(CalledSheet(self._desk, self._workspace, due, self))

    def waive(self, due: PaperDue) -> None:
        """Say why no paper is needed."""
        self._open(WaiveSheet(self._desk, self._workspace, due, self))

    def got(self, made: PaperRow) -> None:
        """Write down who got it."""
        self._open(GotSheet(self._desk, self._workspace, made, self))

    def once_more(self, made: PaperRow) -> None:
        """The same paper again, and why."""
        sheet = OnceMore(self._desk, self._workspace, made, self)
        sheet.saved.connect(lambda copy: self._show_one(copy, TITLES[made.paper.kind]))
        self._open(sheet)

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()

    def _refused(self, problem: BaseException) -> None:
        self._desk.feedback.report(self._page, problem)
        self.load()


def summary(due: Sequence[PaperDue]) -> str:
    """How many of each kind, in a sentence."""
    if not due:
        return _NOTHING
    counts = {state: sum(1 for one in due if one.state == state) for state in _STATES}
    said = []
    if ready := counts["ready"]:
        said.append(f"{ready} {'paper is' if ready == 1 else 'papers are'} ready to print.")
    if text := counts["text"]:
        said.append(f"{text} {'has' if text == 1 else 'have'} words to look at first.")
    if stopped := counts["stopped"]:
        said.append(f"{stopped} {'waits' if stopped == 1 else 'wait'} for a decision.")
    return " ".join(said)
