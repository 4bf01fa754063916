"""The right column: what is still missing (it jumps), how things stand so far, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.deadline_aside import DeadlineAside
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import TogglePressed
from bt_desktop.views.widgets.card import Hairline
from bt_desktop.views.widgets.text import KeyLine, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue

ASIDE_WIDTH = 285
MOST_SHOWN = 12
KEYS = (
    ("Ctrl+Enter", "next section"),
    ("Ctrl+F", "find a question"),
    ("Shift+F1", "why is this asked"),
    ("Ctrl+Z", "undo"),
)


class MissingLine(TogglePressed):
    """One thing that is missing: its number and where it is. Pressing it goes there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.path = ""
        self.setProperty("kind", "missing")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.number = plain_label("", "strong", self)
        self.words = plain_label("", "linkText", self)
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(8)
        row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignTop)
        for label in (self.number, self.words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_issue(self, number: int, text: str, path: str, sentence: str) -> None:
        """Show what is missing."""
        self.path = path
        self.number.setText(str(number))
        self.words.setText(text)
        said = text if sentence == text else f"{text}. {sentence}"
        self.setAccessibleName(f"{number}. {said}")
        self.setToolTip(sentence)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Long words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As tall as the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        """As tall as the words need at the width there is."""
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def minimumSizeHint(self) -> QSize:
        """As `sizeHint`."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class MissingList(QWidget):
    """The numbered list. `chosen(path)` when a line is pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label("", "strong", self)
        self.more = plain_label("", "muted", self)
        self.lines: list[MissingLine] = []
        self.sections: dict[str, str] = {}
        self._rules: list[Hairline] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.title)
        self._box.addSpacing(4)
        self._box.addWidget(self.more)

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """List what stands between this part and its signature."""
        count = len(issues)
        self.title.setText(f"Still missing: {count}" if count else "Nothing is missing")
        shown = issues[:MOST_SHOWN]
        while len(self.lines) < len(shown):
            self._add_line()
        for place, line in enumerate(self.lines):
            used = place < len(shown)
            line.setVisible(used)
            self._rules[place].setVisible(used and place < len(shown) - 1)
            if used:
                issue = shown[place]
                line.show_issue(place + 1, self._place_of(issue), issue.path, issue.sentence)
        rest = count - len(shown)
        self.more.setText(f"and {rest} more, in the sections marked “needs”" if rest > 0 else "")
        self.more.setVisible(rest > 0)

    def _place_of(self, issue: Issue) -> str:
        """Where it is, in words: “Hold 2: Hold ended”, “Injuries: Staff”."""
        section = self.sections.get(issue.section, "")
        if ":" in issue.where or not section or issue.where.startswith(section):
            return issue.where
        return f"{section}: {issue.where}"

    def _add_line(self) -> None:
        line, rule = MissingLine(self), Hairline(self)
        line.clicked.connect(self._pressed)
        place = self._box.count() - 1
        self._box.insertWidget(place, line)
        self._box.insertWidget(place + 1, rule)
        self.lines.append(line)
        self._rules.append(rule)

    def _pressed(self) -> None:
        line = self.sender()
        if isinstance(line, MissingLine):
            self.chosen.emit(line.path)


class Aside(QFrame):
    """What matters now: a part's open points, the running facts, the keys."""

    jumped = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formAside")
        self._theme = theme
        self.deadlines = DeadlineAside(self)
        self.missing = MissingList(self)
        self.missing.chosen.connect(self.jumped)
        self.facts_title = plain_label("So far", "strong", self)
        self.facts = QLabel(self)
        self.facts.setObjectName("facts")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.note = QFrame(self)
        self.note.setObjectName("card")
        self.note.setProperty("edge", "accent")
        self._note_text = plain_label("", "muted", self.note)
        self._note_text.setWordWrap(True)
        inner = QVBoxLayout(self.note)
        inner.setContentsMargins(14, 10, 12, 10)
        inner.addWidget(self._note_text)
        holder = QWidget(self)
        holder.setObjectName("clear")
        column = QVBoxLayout(holder)
        column.setContentsMargins(18, 20, 18, 16)
        column.setSpacing(6)
        for widget in (self.deadlines, self.note, self.missing):
            column.addWidget(widget)
        column.addSpacing(12)
        column.addWidget(self.facts_title)
        column.addWidget(self.facts)
        column.addSpacing(12)
        for keys, deed in KEYS:
            column.addWidget(KeyLine(keys, deed, holder))
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("clear")
        scroll.viewport().setObjectName("clear")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scroll)
        self.show_note("")
        theme.changed.connect(self._fit)
        self._fit()

    def show_facts(self, lines: Sequence[str]) -> None:
        """Show the running facts, a line each."""
        self.facts.setText("\n".join(lines))
        self.facts.setVisible(bool(lines))
        self.facts_title.setVisible(bool(lines))

    def show_note(self, text: str) -> None:
        """Show what one should know of this record (who entered it, that it is signed)."""
        self._note_text.setText(text)
        self.note.setVisible(bool(text))

    def note_text(self) -> str:
        """What the note says; empty where there is none."""
        return "" if self.note.isHidden() else self._note_text.text()

    def _fit(self) -> None:
        self.setFixedWidth(min(self._theme.px(ASIDE_WIDTH), ASIDE_WIDTH + 130))
