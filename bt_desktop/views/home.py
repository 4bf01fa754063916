"""The first page after unlocking: go on writing, what was written last, start, finish set-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.clock import local_at
from bt_desktop.views.deadline_panel import DeadlinePanel, read_deadlines
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.home_lines import HealthLines, HealthWaits, read_health_waits
from bt_desktop.views.home_notices import NoticesCard
from bt_desktop.views.home_waiting import WaitingLists, Waits, read_waits
from bt_desktop.views.home_worries import Worries
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.records_list import RecordsModel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import (
    LinkButton,
    PrimaryButton,
    SecondaryButton,
    TogglePressed,
)
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.progress import ProgressLine
from bt_desktop.views.widgets.table import LONGEST_MOMENT, LONGEST_STATE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label
from bt_desktop.views.widgets.when import clock_words, day_words, moment_words

if TYPE_CHECKING:
    from bt_desktop.services.drill import Worry
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.results.records import FormInfo, RecordSummary
    from bt_desktop.services.results.school import Gap
    from bt_desktop.services.workspace import Workspace

_ONE_COLUMN_BELOW = 820
_RIGHT_WIDE = 340
_NOON, _EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the page shows, read in one go."""

    called: str
    drafts: tuple[RecordSummary, ...]
    recent: tuple[RecordSummary, ...]
    forms: tuple[FormInfo, ...]
    gaps: tuple[Gap, ...]
    deadlines: tuple[DeadlineLine, ...] = ()
    school_day: int | None = None
    notices: int = 0
    waits: Waits = field(default_factory=Waits)
    health: HealthWaits = field(default_factory=HealthWaits)
    worries: tuple[Worry, ...] = ()
    sheet_due: bool = False


SHEET_DUE = "recovery-sheet"
LOOK_FOR_SHEET = (
    "Can the recovery sheet still be found? Nobody has had it in their hands for a year."
)
KEY_OWED = "key-change"
"""A gap that cannot wait: it stands first on the right, not with what is left to set up."""
GAP_DEEDS = {
    "second-administrator": "Add an administrator",
    "roster": "Import the roster",
    "calendar": "Enter the calendar",
    "backup": "Choose a second place",
    KEY_OWED: "Change the key",
}
"""What can be done about a gap from here, by its code."""


def read_home(workspace: Workspace) -> HomeView:
    """Everything the page shows (on a worker)."""
    records = workspace.records
    try:
        called = workspace.people.get(workspace.actor.staff_id).called
    except KeyError:
        called = workspace.actor.name
    recent = tuple(r for r in records.recent(8) if r.state != "draft")
    return HomeView(
        called,
        records.drafts(),
        recent,
        records.forms(),
        workspace.school.set_up_gaps(),
        read_deadlines(workspace),
        workspace.calendar.school_day(),
        workspace.notices.count(),
        read_waits(workspace),
        read_health_waits(workspace),
        workspace.drill.worries(),
        workspace.recovery.due(),
    )


def greeting(hour: int) -> str:
    """Good morning, afternoon or evening."""
    if hour < _NOON:
        return "Good morning"
    return "Good afternoon" if hour < _EVENING else "Good evening"


class DraftRow(QWidget):
    """One draft: form, student, when, how far, and Continue."""

    opened = Signal(str)

    def __init__(
        self, desk: Desk, draft: RecordSummary, *, first: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        now = desk.clock.now()
        left = QVBoxLayout()
        left.setSpacing(1)
        title = plain_label(draft.title, "strong", self)
        left.addWidget(title)
        when = moment_words(draft.event_at, now) if draft.event_at else ""
        facts = [draft.subject_name or "no student yet", when, draft.place]
        told = Muted(" · ".join(f for f in facts if f), self)
        left.addWidget(told)
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addStretch(1)
        if draft.progress > 0:
            middle.addWidget(ProgressLine(desk.theme, draft.progress, self))
        self.state = Muted(draft_words(draft, now), self)
        for words in (title, told, self.state):
            words.setWordWrap(True)  # large type in a narrow window
        middle.addWidget(self.state)
        middle.addStretch(1)
        kind = PrimaryButton if first else SecondaryButton
        self.go = kind("Continue", self)
        self.go.setAccessibleName(
            f"Continue {draft.title}, {draft.subject_name or 'no student yet'}, {self.state.text()}"
        )
        self.go.clicked.connect(lambda: self.opened.emit(draft.id))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(16)
        row.addLayout(left, 5)
        row.addLayout(middle, 3)
        row.addWidget(self.go)


def draft_words(draft: RecordSummary, now: datetime) -> str:
    """How far a draft is: "5 answers missing · saved 10:42 am"."""
    local = local_at(draft.updated_at, now)
    saved = f"saved {clock_words(local)}"
    if draft.state != "draft":
        return f"begun, not signed · {saved}"
    if draft.waits_for_my_signature:
        return f"waits for your signature · {saved}"
    if draft.progress <= 0:
        return "started, not filled"
    if draft.missing == 0:
        return f"complete, not signed · {saved}"
    answers = "1 answer" if draft.missing == 1 else f"{draft.missing} answers"
    return f"{answers} missing · {saved}"


class StartRow(TogglePressed):
    """One form that can be started."""

    def __init__(self, form: FormInfo, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("rowButton")
        self.setAccessibleName(f"Start {form.title}")
        self.setAccessibleDescription(form.hint)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        letter = plain_label(form.title[:1], "startLetter", self)
        letter.setMinimumWidth(letter.fontMetrics().horizontalAdvance("W") + 4)  # titles line up
        words = QVBoxLayout()
        words.setSpacing(1)
        title, hint = plain_label(form.title, "", self), Muted(form.hint, self)
        title.setWordWrap(True)
        for label in (title, hint):
            words.addWidget(label)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(18)
        row.addWidget(letter)
        row.addLayout(words, 1)
        for child in (letter, title, hint):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()


class HomePage(Page):
    """`opened(record_id)`, `start(form)`, `gap(code)` (what to finish), `all_asked`.

    `empty_asked` to print an empty paper form.
    """

    title = "Home"
    opened = Signal(str)
    start = Signal(str)
    gap = Signal(str)
    all_asked = Signal()
    empty_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self.head = PageTitle(greeting(desk.clock.now().hour), self)
        self.day = plain_label("", "mutedBody", self)
        self.day.setContentsMargins(0, 0, 0, 3)
        self._title = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._title.setSpacing(12)
        self._title.addWidget(self.head)
        self._title.addWidget(self.day, 0, Qt.AlignmentFlag.AlignBottom)
        self._title.addStretch(1)
        self.column.addLayout(self._title)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(20)
        self._left, self._right = QWidget(self), QWidget(self)
        self.left, self.right = QVBoxLayout(self._left), QVBoxLayout(self._right)
        for side in (self._left, self._right):
            side.setProperty("column", True)  # Tab goes down one, then the other
        for half in (self.left, self.right):
            half.setContentsMargins(0, 0, 0, 0)
            half.setSpacing(12)
        self._halves.addWidget(self._left, 1)
        self._halves.addWidget(self._right, 0)
        self.column.addLayout(self._halves)
        self.column.addStretch(1)
        self._build_left()
        self._build_right()
        desk.theme.changed.connect(self._fold)

    def _build_left(self) -> None:
        self.deadlines = DeadlinePanel(self._desk, self._workspace, self._left)
        self.deadlines.list.shown.connect(self._order)
        self.left.addWidget(self.deadlines)
        self.health = HealthLines(self._desk, self._left)
        self.left.addWidget(self.health)
        self.waiting = WaitingLists(self._desk, self._left)
        self.waiting.opened.connect(self.opened)
        self.left.addWidget(self.waiting)
        self.left.addWidget(SectionTitle("Continue writing", self._left))
        self.drafts = Card(self._left, margin=0, spacing=0)
        self.left.addWidget(self.drafts)
        self.left.addSpacing(8)
        row = QHBoxLayout()
        row.addWidget(SectionTitle("Recent", self._left))
        row.addStretch(1)
        self.all = LinkButton("All records", self._left)
        self.all.clicked.connect(self.all_asked)
        row.addWidget(self.all)
        self.left.addLayout(row)
        self.recent_card = TableCard(self._left)
        inside = self.recent_card.inside
        self.model = RecordsModel(self._desk.clock.now, self)
        self.recent = Table(self._desk.theme, fit=True, parent=self.recent_card)
        self.recent.setAccessibleName("Recent records")
        self.recent.setModel(self.model)
        self.recent.setColumnHidden(3, True)
        self.recent.set_shares(28, 28, 24, 0, 20)
        self.recent.keep_whole(2, LONGEST_MOMENT)
        self.recent.keep_whole(4, LONGEST_STATE)
        self.recent.drop_below(2, 420)
        self.recent.opened.connect(lambda index: self.opened.emit(self.model.record(index).id))
        self.no_recent = Muted("Signed records will stand here, newest first.", self.recent_card)
        self.no_recent.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.recent)
        inside.addWidget(self.no_recent)
        self.left.addWidget(self.recent_card)
        self.left.addStretch(1)

    def _put_worries(self, column: QVBoxLayout) -> None:
        """At the head of a column: where there is only one, of the whole page."""
        for place, card in enumerate((self.keys, self.sheet, self.backups)):
            column.insertWidget(place, card)

    def _build_right(self) -> None:
        theme = self._desk.theme
        self.keys = Worries(theme, "Keys", GAP_DEEDS[KEY_OWED], self._right)
        self.keys.asked.connect(lambda: self.gap.emit(KEY_OWED))
        self.sheet = Worries(theme, "Recovery sheet", "Look for the sheet", self._right)
        self.sheet.asked.connect(lambda: self.gap.emit(SHEET_DUE))
        self.backups = Worries(theme, "Backups", "Look at the backups", self._right)
        self.backups.asked.connect(lambda: self.gap.emit("backup"))
        self._put_worries(self.right)
        self.right.addWidget(SectionTitle("Start a report", self._right))
        self.starts = Card(self._right, margin=6, spacing=0)
        self.right.addWidget(self.starts)
        self.empty = LinkButton("Print an empty paper form", self._right)
        self.empty.setAccessibleDescription("For when the power is out")
        self.empty.clicked.connect(self.empty_asked)
        self.right.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignLeft)
        self.right.addSpacing(8)
        self.notices = NoticesCard(self._right)
        self.right.addWidget(self.notices)
        self.finish_title = SectionTitle("Finish setting up", self._right)
        self.finish = Card(self._right, margin=16, spacing=8)
        self.right.addWidget(self.finish_title)
        self.right.addWidget(self.finish)
        self.right.addStretch(1)
        self.finish_title.hide()
        self.finish.hide()

    @Slot()
    def load(self) -> None:
        """Read what the page shows."""
        workspace = self._workspace
        self._desk.tasks.run(self, lambda: read_home(workspace), self.show_view, lane=Lane.READ)

    def show_view(self, view: HomeView) -> None:
        """Show it."""
        now = self._desk.clock.now()
        self.head.setText(f"{greeting(now.hour)}, {view.called}")
        self.day.setText(day_words(now.date()))
        if view.school_day is not None:
            self.day.setText(f"{day_words(now.date())} · school day {view.school_day}")
        self.deadlines.show_lines(view.deadlines)
        self.health.show_waits(view.health)
        self.waiting.show_waits(view.waits)
        self._show_drafts(view.drafts)
        self.model.set_rows(view.recent)
        self.recent.setVisible(bool(view.recent))
        self.no_recent.setVisible(not view.recent)
        self.all.setVisible(bool(view.recent or view.drafts))
        self.recent.rows_changed()
        _empty(self.starts)
        for form in view.forms:
            row = StartRow(form, self.starts)
            row.clicked.connect(lambda _=False, f=form.form: self.start.emit(f))
            self.starts.column.addWidget(row)
        self.notices.show_count(view.notices)
        self.backups.show_worries([(one.sentence, one.urgent) for one in view.worries])
        self.keys.show_worries([(gap.sentence, True) for gap in view.gaps if gap.code == KEY_OWED])
        self.sheet.show_worries([(LOOK_FOR_SHEET, False)] if view.sheet_due else [])
        self._show_gaps(tuple(gap for gap in view.gaps if gap.code != KEY_OWED))
        self._order()

    @Slot()
    def _order(self) -> None:
        """Tab goes down the left column, then the right, whatever was made anew."""
        worries: list[QWidget] = [self.keys.go, self.sheet.go, self.backups.go]
        one_column = self._halves.direction() is QBoxLayout.Direction.TopToBottom
        chain = worries if one_column else []
        chain = [*chain, *self.deadlines.list.in_order(), self.deadlines.all]
        chain += [row.go for row in (*self.health.rows, *self.waiting.rows)]
        chain += [*_inside(self.drafts, DraftRow), self.all, self.recent]
        chain += [] if one_column else worries
        chain += [*_inside(self.starts, StartRow), self.empty, self.notices.go]
        chain += _inside(self.finish, LinkButton)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    @Slot()
    def tell_deadlines(self) -> None:
        """A minute has passed."""
        self.deadlines.tell()

    def _show_drafts(self, drafts: tuple[RecordSummary, ...]) -> None:
        _empty(self.drafts)
        if not drafts:
            words = Muted(
                "Nothing is half written. What you start is kept here until you sign it, "
                "also when you lock or close the program.",
                self.drafts,
            )
            words.setContentsMargins(12, 14, 12, 14)
            self.drafts.column.addWidget(words)
        for i, draft in enumerate(drafts):
            if i:
                self.drafts.column.addWidget(Hairline(self.drafts))
            row = DraftRow(
                self._desk, draft, first=i == 0 and not self.waiting.rows, parent=self.drafts
            )
            row.opened.connect(self.opened)
            self.drafts.column.addWidget(row)

    def _show_gaps(self, gaps: tuple[Gap, ...]) -> None:
        _empty(self.finish)
        self.finish_title.setVisible(bool(gaps))
        self.finish.setVisible(bool(gaps))
        for gap in gaps:
            self.finish.column.addWidget(self._gap_row(gap))

    def _gap_row(self, gap: Gap) -> QWidget:
        holder = QWidget(self.finish)
        words = QVBoxLayout()
        words.setSpacing(2)
        says = plain_label(gap.sentence, "", holder)
        says.setWordWrap(True)
        words.addWidget(says)
        if (deed := GAP_DEEDS.get(gap.code)) is not None:
            link = LinkButton(deed, holder)
            link.setAccessibleDescription(gap.sentence)
            link.clicked.connect(lambda: self.gap.emit(gap.code))
            words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(10)
        sign = IconLabel(self._desk.theme, "circle", "muted", 16, holder)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    @Slot()
    def _fold(self) -> None:
        px = self._desk.theme.px
        one = self.width() < px(_ONE_COLUMN_BELOW)
        way = QBoxLayout.Direction.TopToBottom if one else QBoxLayout.Direction.LeftToRight
        if self._halves.direction() != way:
            self._halves.setDirection(way)
            self._put_worries(self.left if one else self.right)
            self._order()
            self._title.setDirection(way)
            self._title.setSpacing(0 if one else 12)
        if one:
            self._right.setMinimumWidth(0)
            self._right.setMaximumWidth(16_777_215)
        else:
            self._right.setFixedWidth(px(_RIGHT_WIDE))


def _inside(card: Card, kind: type[QWidget]) -> list[QWidget]:
    """The widgets of a kind in a card, in order; those that were put away are not in it."""
    rows = [item.widget() for i in range(card.column.count()) if (item := card.column.itemAt(i))]
    found: list[QWidget] = []
    for row in rows:
        if isinstance(row, DraftRow):
            found.append(row.go)
        elif isinstance(row, kind):
            found.append(row)
        elif row is not None:
            found += row.findChildren(kind)
    return found


def _empty(card: Card) -> None:
    while (item := card.column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
