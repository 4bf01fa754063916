"""The numbered list of names found in a parent's text, each with its three ways to settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.privacy import Decision, NameFinding
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

WHY = {
    "name": "is a student's name",
    "nickname": "is a pet name of a student",
    "near": "is nearly a student's name",
    "inside": "holds a student's name",
    "joined": "reads together as a student's name",
    "short": "may be a student's name",
    "initials": "may be a student's initials",
}
SETTLED = {
    "not_a_name": "not a name",
    "own_child": "the parent's own child",
    "replaced": "replaced",
    "staff": "a staff member",
}
ALSO = {
    "own_child": "the parent's own child",
    "own_family": "the child's own family",
    "staff": "a staff member",
}
"""Whose name it is besides: nobody guesses which is meant."""
PROBABLY = {
    "own_child": "It is probably the parent's own child.",
    "own_family": "It is probably the child's own family.",
    "staff": "It is probably a staff member.",
    "ordinary_word": "It is probably an ordinary word.",
}
AROUND = 22


class FindingsList(Card):
    """`decided(key, decision)` for a press on one of the ways; `shown(key)` to go to the place."""

    decided = Signal(str, str)
    shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=6)
        self.title = SectionTitle("", self)
        self.words = Muted("", self)
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.column.addLayout(self._rows)
        self.buttons: dict[tuple[str, str], LinkButton] = {}
        self.hide()

    def show_findings(
        self,
        findings: Sequence[NameFinding],
        decided: Mapping[str, Decision],
        labels: Mapping[str, str],
        text: str,
    ) -> None:
        """List what was found; what is settled says how, and can be taken back."""
        held = next((key for key, b in self.buttons.items() if b.hasFocus()), None)
        self._clear()
        left = sum(1 for f in findings if f.key not in decided)
        count = len(findings)
        names = "name" if count == 1 else "names"
        self.title.setText(f"{count} {names} found" if count else "No other student's name found")
        self.words.setText(
            f"{left} must be settled before this can be released."
            if left
            else "Every one is settled."
            if count
            else "The text was compared with every student of the school."
        )
        for number, finding in enumerate(findings, 1):
            self._rows.addWidget(self._row(number, finding, decided.get(finding.key), labels, text))
            if number < count:
                self._rows.addWidget(Hairline(self))
        self.show()
        if held is not None:
            self._focus_after(held, findings, decided)

    def _focus_after(
        self,
        held: tuple[str, str],
        findings: Sequence[NameFinding],
        decided: Mapping[str, Decision],
    ) -> None:
        """The keyboard goes on to the next open finding."""
        if held in self.buttons and held[0] not in decided:
            self.buttons[held].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        for finding in findings:
            button = self.buttons.get((finding.key, "replaced"))
            if finding.key not in decided and button is not None:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _clear(self) -> None:
        self.buttons = {}
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _row(
        self,
        number: int,
        finding: NameFinding,
        decision: Decision | None,
        labels: Mapping[str, str],
        text: str,
    ) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        named = labels.get(finding.student_id, "another student")
        others = len(finding.candidates) - 1
        more = f" or {others} other{'s' if others > 1 else ''}" if others > 0 else ""
        what = WHY.get(finding.why, "may be a name")
        if finding.is_parent:
            what = "is or is nearly the name of another child's parent"
        head = f"{number}. “{finding.word}” {what}: {named}{more}"
        line = plain_label(head, "strong" if decision is None else "", holder)
        line.setWordWrap(True)
        words.addWidget(line)
        probably = PROBABLY.get(finding.suggestion, "") or _also(finding)
        around = f"…{_around(text, finding)}…"
        words.addWidget(Muted(" ".join(p for p in (around, probably) if p), holder))
        row.addLayout(words, 1)
        if decision is not None:
            row.addWidget(plain_label(f"✓ {SETTLED[decision]}", "okText", holder))
            self._button(row, holder, finding, decision, "Take back", head)
            return holder
        said = finding.stand_in
        self._button(row, holder, finding, "replaced", f"Replace with {said}", head)
        self._button(row, holder, finding, "not_a_name", "Not a name", head)
        if "staff" in finding.also:
            self._button(row, holder, finding, "staff", "A staff member", head)
        own = "Their own family" if "own_family" in finding.also else "Their own child"
        self._button(row, holder, finding, "own_child", own, head)
        return holder

    def _button(
        self,
        row: QHBoxLayout,
        holder: QWidget,
        finding: NameFinding,
        decision: str,
        words: str,
        about: str,
    ) -> None:
        button = LinkButton(words, holder)
        button.setAccessibleName(f"{words}: {about}")
        press: Callable[[], None] = partial(self.decided.emit, finding.key, decision)
        button.clicked.connect(press)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons[finding.key, decision] = button


def _also(finding: NameFinding) -> str:
    """Whose name it is besides, so that the person who releases it decides."""
    if not finding.also:
        return ""
    whose = " and ".join(ALSO[who] for who in finding.also)
    have = "has" if len(finding.also) == 1 else "have"
    return f"{whose[:1].upper()}{whose[1:]} {have} this name too."


def _around(text: str, finding: NameFinding) -> str:
    start, end = max(0, finding.start - AROUND), min(len(text), finding.end + AROUND)
    return " ".join(text[start:end].split())
