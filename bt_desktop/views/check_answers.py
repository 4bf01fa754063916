"""Before signing: all answers in the look of the print, what is open, and a way back to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.text import Line
from bt_desktop.views.editors.tokens_text import TOKEN
from bt_desktop.views.feedback import Banner
from bt_desktop.views.form_aside import MissingLine
from bt_desktop.views.form_rows import shown_value
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.form_engine.views import SectionView
    from bt_desktop.services.results.records import Signed
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
        self.back_link.clicked.connect(self.back)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.addWidget(self.back_link)
        row.addStretch(1)
        row.addWidget(self.sign_button)
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
        """What the session finds in this part."""
        return tuple(self._draft.session.issues(self.part))

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
        card = Card(self._body, spacing=8, margin=20)
        head = QHBoxLayout()
        head.addWidget(SectionTitle(say(section.label), card))
        head.addStretch(1)
        if self._draft.may_edit(section.name):
            link = LinkButton("Change", card)
            link.setAccessibleName(f"Change {say(section.label)}")
            link.clicked.connect(lambda _=False, n=section.name: self.change.emit(f"/{n}"))
            head.addWidget(link)
        card.column.addLayout(head)
        definition = self._draft.record.form.section(section.name)
        if definition.repeat is None:
            card.column.addLayout(self._answers(self._draft.session.paths(section.name)))
            return card
        label = say(definition.repeat.label) if definition.repeat.label else "Row"
        for number, row in enumerate(self._draft.session.rows(section.name), 1):
            card.column.addWidget(plain_label(f"{label} {number}", "strong", card))
            paths = [p for p in self._draft.session.paths(section.name) if p.startswith(row + "/")]
            card.column.addLayout(self._answers(paths))
        return card

    def _answers(self, paths: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        place = 0
        for path in paths:
            view = self._draft.view(path)
            if not view.relevant or view.field.type == "note" or view.field.is_helper:
                continue
            text = self._readable(view)
            if not text and not view.required:
                continue
            question = plain_label(say(view.label), "muted", self._body)
            question.setWordWrap(True)
            answer = plain_label(text or "missing", "" if text else "dangerText", self._body)
            answer.setWordWrap(True)
            answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(question, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(answer, place, 1, Qt.AlignmentFlag.AlignTop)
            place += 1
        return grid

    def _readable(self, view: Any) -> str:
        text = shown_value(self._draft, view)
        text = TOKEN.sub(lambda found: self._draft.name_of(found[1]), text)
        if view.unknown_reason is not None:
            return f"Not known: {view.unknown_reason}"
        return (
            f"{text} (reason: {view.note})"
            if view.note and text
            else (text or (f"Left blank: {view.note}" if view.note else ""))
        )

    def _allow(self) -> None:
        """Signing waits until nothing is missing and every reason is given."""
        state = next((p for p in self._draft.record.parts if p.key == self.part_key), None)
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
        card.column.addWidget(
            plain_label(f"{form_title}, signed {at:%A, %B} {at.day} at {hour}.", "", card)
        )
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
        card.setFixedWidth(desk.theme.px(520))
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
