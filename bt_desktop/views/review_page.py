"""A review: the author's facts at the left, to be read; the reviewer's own part at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.form_engine.definition import say
from bt_desktop.services.record_check import blocking
from bt_desktop.services.results.reviews import Fact, ReviewView
from bt_desktop.views.answer_sheet import answer_sheet
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.form_aside import MissingLine
from bt_desktop.views.form_section import SectionPane
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.form_engine.views import SectionView
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_field import FieldBlock
    from bt_desktop.views.form_page import FormPage

REVIEW = "review"
RESULT = "/review_result"
REMARKS = "review_remarks"
RETURNED, COMPLETE = "returned", "complete"
FACT_WORDS = {
    "prohibited": "▲ prohibited",
    "warning": "! warned",
    "unknown": "? not known",
    "blank": "○ left blank",
}
_ONE_COLUMN_BELOW = 900


class FactRow(QWidget):
    """A flagged fact: the word for it, where it is, what the author says of it."""

    def __init__(self, fact: Fact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact = fact
        word = plain_label(FACT_WORDS[fact.kind], "factWord", self)
        word.setProperty("tone", fact.kind)
        where = plain_label(fact.where.replace("&", "&&"), "strong", self)
        where.setWordWrap(True)
        told = f"{fact.sentence}. The author: {fact.reason}" if fact.reason else f"{fact.sentence}."
        words = plain_label(told, "", self)
        words.setWordWrap(True)
        self.setAccessibleName(f"{FACT_WORDS[fact.kind]}, {fact.where}: {told}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 6, 0, 6)
        box.setSpacing(1)
        for label in (word, where, words):
            box.addWidget(label)


class ReviewPage(QWidget):
    """Reviews one record. `back`; `sign_asked` when nothing is open; `compare_asked(older, newer)`.

    The review is typed into the page's own draft, so it is saved as it is typed and is nobody
    else's. What was signed meanwhile is said above, with the way to look at it.
    """

    back = Signal()
    sign_asked = Signal()
    compare_asked = Signal(int, int)
    discard_asked = Signal()

    def __init__(self, page: FormPage, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._page, self._draft, self._desk = page, draft, page.desk
        self._open_rows: set[str] = set()
        self._visited: set[str] = set()
        self.panes: list[SectionPane] = []
        self.lines: list[MissingLine] = []
        self.facts: list[FactRow] = []
        self.view: ReviewView | None = None
        self.banner = Banner(self._desk.theme, self)
        self.back_link = LinkButton("‹ &Back to the record", self)
        self.send_back = SecondaryButton("&Return to the author…", self)
        self.countersign = PrimaryButton("&Countersign…", self)
        self._lay_out()
        self.back_link.clicked.connect(self.back)
        self.send_back.clicked.connect(lambda: self._finish(RETURNED))
        self.countersign.clicked.connect(lambda: self._finish(COMPLETE))
        draft.changed.connect(self._changed)
        self._fill_left()
        self._build_right()
        self._build_panes()
        self.look()

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QFrame(self)
        head.setObjectName("formHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.setSpacing(10)
        row.addWidget(self.back_link)
        row.addStretch(1)
        row.addWidget(self.send_back)
        row.addWidget(self.countersign)
        self._left, self.left = self._column("clear")
        self._right, self.right = self._column("reviewSide")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(0)
        self._halves.addWidget(self._left, 11)
        self._halves.addWidget(self._right, 9)
        line = QVBoxLayout()
        line.setContentsMargins(16, 10, 16, 0)
        line.addWidget(self.banner)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        box.addLayout(line)
        box.addLayout(self._halves, 1)

    def _column(self, name: str) -> tuple[QScrollArea, QVBoxLayout]:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setProperty("column", True)
        inner = QWidget(area)
        inner.setObjectName(name)
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 16, 24, 28)
        column.setSpacing(14)
        area.setWidget(inner)
        return area, column

    def _inner(self, area: QScrollArea) -> QWidget:
        return area.widget() or area

    def _fill_left(self) -> None:
        draft, inner = self._draft, self._inner(self._left)
        title = say(draft.record.form.title)
        subject = draft.subject_name()
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(PageTitle(draft.record.number or title, inner))
        by = f"by {draft.record.reported_by_name}" if draft.record.reported_by_name else ""
        head.addWidget(Muted(" · ".join(p for p in (title, subject, by) if p), inner))
        self.left.addLayout(head)
        self.fact_card = Card(inner, edge="warn", spacing=0, margin=16)
        self.fact_card.hide()
        self.left.addWidget(self.fact_card)
        self.earlier = Card(inner, spacing=4, margin=16)
        self.earlier.hide()
        self.left.addWidget(self.earlier)
        for section in draft.sections():
            if section.relevant and section.part in ("report", "nurse", "override"):
                self.left.addWidget(answer_sheet(draft, section, inner))
        self.left.addStretch(1)

    def _build_right(self) -> None:
        """What is open, where the review is to be signed; below it the review."""
        inner = self._inner(self._right)
        self.open_card = Card(inner, edge="danger", spacing=2, margin=16)
        self.open_card.hide()
        self.right.addWidget(self.open_card)
        self._slot = QVBoxLayout()
        self._slot.setSpacing(24)
        self.right.addLayout(self._slot)
        self.right.addStretch(1)

    def _build_panes(self) -> None:
        """The sections of the review that apply, one below the other."""
        for pane in self.panes:
            pane.settle()
            self._slot.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes = []
        for section in self._sections():
            pane = SectionPane(
                self._draft,
                section,
                self._page.context,
                self._open_rows,
                self._visited,
                self._inner(self._right),
            )
            pane.restructured.connect(self._rebuild)
            self._slot.addWidget(pane)
            pane.show()
            self.panes.append(pane)
        self._shape = self._shape_now()

    def _sections(self) -> list[SectionView]:
        return [one for one in self._draft.sections() if one.part == REVIEW and one.relevant]

    def _shape_now(self) -> tuple[str, ...]:
        return tuple(one.name for one in self._sections())

    # --- what was signed meanwhile ---------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Read what the service says of this review now."""
        reviews, record_id = self._page.workspace.records.reviews, self._page.record_id
        self._desk.tasks.run(self, lambda: reviews.view(record_id), self.show_view, lane=Lane.READ)

    def show_view(self, view: ReviewView) -> None:
        """Show facts, earlier remarks, and what was signed since this review was begun."""
        self.view = view
        self._show_facts(view.facts)
        self._show_earlier(view)
        self._allow()
        if view.news:
            pair = view.compare
            if pair is not None:
                self.banner.tell(
                    view.news, Tone.WARN, action="Compare", act=lambda: self._compare(pair)
                )
            else:
                self.banner.tell(
                    view.news, Tone.WARN, action="Throw mine away…", act=self.discard_asked.emit
                )
        elif view.others:
            names = " and ".join(view.others)
            self.banner.tell(
                f"{names} has begun to review this, too. The first to sign reviews it."
            )

    def _compare(self, pair: tuple[int, int]) -> None:
        """Look at the newer version; from then on it is the one that is reviewed."""
        records, record_id = self._page.workspace.records, self._page.record_id

        def seen(_: object) -> None:
            self.compare_asked.emit(*pair)
            self.look()

        self._desk.tasks.run(self, lambda: records.look_again(record_id, REVIEW), seen)

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        _clear(self.fact_card)
        self.facts = []
        self.fact_card.setVisible(bool(facts))
        self.fact_card.column.addWidget(SectionTitle("Look at these first", self.fact_card))
        for fact in facts:
            if self.facts:
                self.fact_card.column.addWidget(Hairline(self.fact_card))
            row = FactRow(fact, self.fact_card)
            self.fact_card.column.addWidget(row)
            self.facts.append(row)

    def _show_earlier(self, view: ReviewView) -> None:
        _clear(self.earlier)
        self.earlier.setVisible(bool(view.remarks))
        self.earlier.column.addWidget(SectionTitle("Asked for in the earlier review", self.earlier))
        for number, remark in enumerate(view.remarks, 1):
            where = f"{remark.title}: " if remark.title else ""
            words = plain_label(f"{number}. {where}{remark.text}", "", self.earlier)
            words.setWordWrap(True)
            self.earlier.column.addWidget(words)
        report = self._draft.record.part("report")
        pair = (max(1, report.version - 1), report.version)
        if report.version > 1:
            link = LinkButton("See what the author changed", self.earlier)
            link.clicked.connect(lambda: self.compare_asked.emit(*pair))
            self.earlier.column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    # --- typing ----------------------------------------------------------------------------------

    @Slot(object)
    def _changed(self, paths: frozenset[str]) -> None:
        if not self._fits(paths):
            QTimer.singleShot(0, self, self._rebuild_if_needed)
        elif not self.open_card.isHidden():
            self._list_open()

    def _fits(self, paths: Iterable[str]) -> bool:
        """Whether the panes on show are those that apply, rows and all; shows these paths anew."""
        return self._shape_now() == self._shape and all(
            [pane.refresh(paths) for pane in self.panes]
        )

    def _rebuild_if_needed(self) -> None:
        if not self._fits(()):
            self._rebuild("")

    @Slot(str)
    def _rebuild(self, hint: str) -> None:
        at = self._right.verticalScrollBar().value()
        self._build_panes()
        self._right.verticalScrollBar().setValue(at)
        if hint and not hint.startswith("-"):
            self._focus(next((p for p in self._blocks() if p.startswith(hint)), ""))

    def _blocks(self) -> dict[str, FieldBlock]:
        return {path: block for pane in self.panes for path, block in pane.blocks().items()}

    def _focus(self, path: str) -> None:
        block = self._blocks().get(path)
        if block is None:
            return
        target = block.reason if block.editor.isHidden() else block.editor.focus_target()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, block, lambda: self._right.ensureWidgetVisible(block, 0, 60))

    def first_focus(self) -> QWidget:
        """Where the hands begin: the first question of the review."""
        for pane in self.panes:
            if (found := pane.first_focus()) is not None:
                return found
        return self.back_link

    # --- deciding --------------------------------------------------------------------------------

    def issues(self) -> tuple[Issue, ...]:
        """What still stands between the review and its signature."""
        return blocking(self._draft.session, REVIEW)

    def _allow(self) -> None:
        why = self.view.why_not if self.view is not None else ""
        for button in (self.send_back, self.countersign):
            button.setEnabled(not why or bool(self.view and self.view.news))
            button.setToolTip(why)
            button.setAccessibleDescription(why)
        if why and self.view is not None and not self.view.news:
            self.banner.tell(why, Tone.INFO)

    def _finish(self, result: str) -> None:
        """Say what comes of it, go to what is still open, or to the signature."""
        now = self._draft.view(RESULT).value
        decided = now not in (None, "", RETURNED) if result == COMPLETE else now == RETURNED
        if not decided:
            self._draft.put(RESULT, result)
        if result == RETURNED and not self._draft.session.rows(REMARKS):
            self._draft.add_row(REMARKS)
            self._open_rows.update(self._draft.session.row_ids(REMARKS))
        if self._shape_now() != self._shape or not decided:
            self._build_panes()
        if self.issues():
            self._say_open()
            return
        self.open_card.hide()
        self.sign_asked.emit()

    def _say_open(self) -> None:
        """List what is open at the head of the review, and go to the first of it."""
        for pane in self.panes:
            pane.show_blanks()
        self._list_open()
        self._focus(next(iter(self.issues())).path)

    def _list_open(self) -> None:
        """The list; each line jumps to its question."""
        found = self.issues()
        _clear(self.open_card)
        self.lines = []
        self.open_card.setVisible(bool(found))
        count = len(found)
        words = "One answer is still open" if count == 1 else f"{count} answers are still open"
        self.open_card.column.addWidget(SectionTitle(words, self.open_card))
        for number, issue in enumerate(found, 1):
            line = MissingLine(self.open_card)
            line.show_issue(number, issue.where, issue.path, issue.sentence)
            line.clicked.connect(lambda _=False, p=issue.path: self._focus(p))
            self.open_card.column.addWidget(line)
            self.lines.append(line)
        tab_as_laid_out(self._inner(self._right))  # made last, the list is read first

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The review below the facts where there is no room for both."""
        super().resizeEvent(event)
        one = self.width() < self._desk.theme.px(_ONE_COLUMN_BELOW)
        way = QBoxLayout.Direction.TopToBottom if one else QBoxLayout.Direction.LeftToRight
        if self._halves.direction() != way:
            self._halves.setDirection(way)


def _clear(card: Card) -> None:
    while (item := card.column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
