"""Before signing: all answers in the look of the print, what is open, and a way back to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.services.record_check import blocking
from bt_desktop.views.answer_sheet import answer_sheet
from bt_desktop.views.compare import LineRow
from bt_desktop.views.editors.text import Line
from bt_desktop.views.feedback import Banner
from bt_desktop.views.form_aside import MissingLine
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.form_engine.views import SectionView
    from bt_desktop.services.results.records import PartState, Signed
    from bt_desktop.services.results.versions import Comparison
    from bt_desktop.views.desk import Desk
    from bt_desktop.views.form_draft import Draft

PART_MEANING = {
    "report": "This is my report. It is complete and true as far as I know.",
    "statement": "This is my own account, complete and true as far as I know.",
    "nurse": "I made this check and recorded what I found.",
    "override": "I allow the return to class and answer for it.",
    "review": "I reviewed this report.",
    "follow_up": "I recorded these decisions.",
    "debrief": "I recorded this debrief.",
}
SHEET_WIDTH = 760


class CheckAnswers(QWidget):
    """The page before the signature.

    Signals: `back`; `change(path)` to go to a question or a section; `sign_asked`;
    `next_asked(deed)` after signing (`print`, `parent_copy`, `notice`).
    """

    back = Signal()
    change = Signal(str)
    sign_asked = Signal()
    next_asked = Signal(str)

    def __init__(
        self,
        desk: Desk,
        draft: Draft,
        part_key: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._draft, self.part_key = desk, draft, part_key
        self.part = part_key.split(":", maxsplit=1)[0]
        self.banner = Banner(desk.theme, self)
        self.sign_button = PrimaryButton("&Sign…", self)
        self.sign_button.clicked.connect(self.sign_asked)
        self.lines: list[MissingLine] = []
        self.reasons: dict[str, Line] = {}
        self._body = QWidget(self)
        self._body.setObjectName("clear")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(36, 24, 36, 32)
        self._column.setSpacing(16)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget(scroll)
        holder.setObjectName("clear")
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self._body, 20)
        line.addStretch(1)
        self._body.setMaximumWidth(desk.theme.px(SHEET_WIDTH) + 72)
        scroll.setWidget(holder)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._head())
        box.addWidget(scroll, 1)
        self._fill()

    # --- building -------------------------------------------------------------------------------

    def _head(self) -> QFrame:
        head = QFrame(self)
        head.setObjectName("formHead")
        self.back_link = LinkButton("‹ &Back to the form", head)
        self.back_link.setAccessibleName("Back to the form")
        self.back_link.clicked.connect(self.back)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.addWidget(self.back_link)
        row.addStretch(1)
        row.addWidget(self.sign_button)
        tab_as_laid_out(head)
        return head

    def _fill(self) -> None:
        draft = self._draft
        self._column.addWidget(PageTitle("Check your answers", self._body))
        title = say(draft.record.form.title)
        subject = draft.subject_name()
        self._column.addWidget(Muted(" · ".join(p for p in (title, subject) if p), self._body))
        self._column.addWidget(self.banner)
        errors = [i for i in self.issues() if i.severity == "error"]
        warnings = [i for i in self.issues() if i.severity == "warning"]
        if errors:
            self._column.addWidget(self._problems(errors))
        if warnings:
            self._column.addWidget(self._warnings(warnings))
        for section in draft.sections():
            if section.part == self.part and section.relevant:
                self._column.addWidget(self._sheet(section))
        self._column.addStretch(1)
        self._allow()

    def issues(self) -> tuple[Issue, ...]:
        """What the session finds in this part; nothing where it is only withdrawn."""
        if self._withdraws():
            return ()
        return blocking(self._draft.session, self.part)

    def _withdraws(self) -> bool:
        state = self._state()
        return state is not None and state.amending == "entered_in_error"

    def _state(self) -> PartState | None:
        parts = self._draft.record.parts
        return next((p for p in parts if p.key == self.part_key), None)

    def meaning(self) -> str:
        """What the signature says."""
        if self._withdraws():
            return "This was entered in error. It is kept, and marked so."
        state, meaning = self._state(), PART_MEANING.get(self.part, "I signed this part.")
        return f"{meaning} I amended it." if state is not None and state.amending else meaning

    def show_changes(self, found: Comparison) -> None:
        """What this amendment changes, at the head of the page."""
        card = Card(self._body, edge="accent", spacing=0, margin=16)
        count = len(found.changes)
        title = "What you change" if count else "Nothing is changed yet"
        if found.newer.kind == "entered_in_error":
            title = "This marks it as entered in error; no answer is changed"
        card.column.addWidget(SectionTitle(title, card))
        card.column.addWidget(Muted(f"Reason: {found.newer.reason}", card))
        card.column.addSpacing(6)
        for line in found.changes:
            card.column.addWidget(Hairline(card))
            card.column.addWidget(LineRow(line, card))
        self._column.insertWidget(self._column.indexOf(self.banner) + 1, card)

    def _problems(self, issues: Sequence[Issue]) -> QWidget:
        card = Card(self._body, edge="danger", spacing=2)
        count = len(issues)
        title = SectionTitle(
            "One answer is missing" if count == 1 else f"{count} answers are missing", card
        )
        card.column.addWidget(title)
        for number, issue in enumerate(issues, 1):
            line = MissingLine(card)
            line.show_issue(number, issue.sentence, issue.path, issue.sentence)
            line.clicked.connect(lambda _=False, p=issue.path: self.change.emit(p))
            card.column.addWidget(line)
            self.lines.append(line)
        return card

    def _warnings(self, issues: Sequence[Issue]) -> QWidget:
        card = Card(self._body, edge="warn", spacing=8)
        card.column.addWidget(SectionTitle("Say why, then it can be signed", card))
        for issue in issues:
            words = plain_label(issue.sentence.replace("&", "&&"), "", card)
            words.setWordWrap(True)
            link = LinkButton("Change", card)
            line = Line(card)  # after the link, as it stands below it
            line.setPlaceholderText("Reason")
            line.setAccessibleName(f"Reason for {issue.where}")
            line.setAccessibleDescription(issue.sentence)
            words.setBuddy(line)
            line.textEdited.connect(lambda text, p=issue.path: self._reason(p, text))
            row = QHBoxLayout()
            row.addWidget(words, 1)
            link.setAccessibleName(f"Change {issue.where}")
            link.clicked.connect(lambda _=False, p=issue.path: self.change.emit(p))
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
            card.column.addLayout(row)
            card.column.addWidget(line)
            self.reasons[issue.path] = line
        return card

    def _reason(self, path: str, text: str) -> None:
        self._draft.put_reason(path, text)
        self._allow()

    def _sheet(self, section: SectionView) -> QWidget:
        may = self._draft.may_edit(section.name)
        change = (lambda: self.change.emit(f"/{section.name}")) if may else None
        return answer_sheet(self._draft, section, self._body, change)

    def _allow(self) -> None:
        """Signing waits until nothing is missing and every reason is given."""
        state = self._state()
        open_points = [i for i in self.issues() if i.severity in {"error", "warning"}]
        mine = state is not None and state.state == "open" and state.may_sign
        self.sign_button.setEnabled(mine and not open_points)
        why = ""
        if open_points:
            why = f"{len(open_points)} open"
        elif state is not None and not state.may_sign:
            why = state.why_not
        self.sign_button.setToolTip(why)
        self.sign_button.setAccessibleDescription(why)


class SignedPage(QWidget):
    """After the signature: the record's number, and what comes next."""

    next_asked = Signal(str)
    back = Signal()

    def __init__(
        self,
        desk: Desk,
        signed: Signed,
        form_title: str,
        may: frozenset[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = Card(self, margin=32, spacing=14)
        at = signed.at
        self.title = PageTitle(signed.number or "Signed", card)
        card.column.addWidget(plain_label("✓ Signed and frozen", "okText", card))
        card.column.addWidget(self.title)
        hour = f"{at:%I:%M %p}".lstrip("0").lower()
        told = f"{form_title}, signed {at:%A, %B} {at.day} at {hour}."
        card.column.addWidget(plain_label(told, "", card))
        card.column.addWidget(Muted(f"Entry {signed.audit_seq} of the history.", card))
        card.column.addSpacing(8)
        card.column.addWidget(SectionTitle("What comes next", card))
        self.buttons: dict[str, QWidget] = {}
        steps = (
            ("school_copy", "Print the school's copy", "school_copy"),
            ("parent_copy", "Prepare the parent's copy", "parent_copy"),
            ("notice", "Log a call to the parent", "add_notice"),
        )
        for deed, words, need in steps:
            if need not in may:
                continue
            make = PrimaryButton if deed == "school_copy" else SecondaryButton
            button = make(words, card)
            button.clicked.connect(lambda _=False, d=deed: self.next_asked.emit(d))
            card.column.addWidget(button)
            self.buttons[deed] = button
        link = LinkButton("Back to the record", card)
        link.clicked.connect(self.back)
        card.column.addWidget(link)
        self._first: QWidget = next(iter(self.buttons.values()), link)
        self._first.setAccessibleDescription(
            f"Signed and frozen: {self.title.text()}. {told} What comes next."
        )
        card.setFixedWidth(desk.theme.px(520))
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

    def first_focus(self) -> QWidget:
        """What comes next; it tells a screen reader that all is signed."""
        return self._first
