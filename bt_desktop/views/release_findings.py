"""The numbered list of names found in a parent's text, each with its three ways to settle it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class _Together:
    """What is settled with one press: its words, what is said of several, the decision, its way."""

    several: str
    one_by_one: str
    decision: Decision
    press: str


TOGETHER = {
    "ordinary_word": _Together(
        "are ordinary words, near or like the name of a student who was not there",
        "ordinary words",
        "not_a_name",
        "All are ordinary words",
    ),
    "own_child": _Together(
        "name the parent's own child, one letter from another student's name",
        "the parent's own child",
        "own_child",
        "All are their own child",
    ),
    "own_family": _Together(
        "name the child's own family, one letter from another name",
        "the child's own family",
        "own_child",
        "All are their own family",
    ),
    "staff": _Together(
        "name a staff member, one letter from a student's name",
        "staff members",
        "staff",
        "All are staff members",
    ),
}
"""Suggestions that come in numbers: in a school of 600 many words are one letter from a name."""
FEWEST_TOGETHER = 2


class FindingsList(Card):
    """`decided(keys, decision)` for a press on one of the ways; `shown(key)` to go to the place."""

    decided = Signal(object, str)
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
        self._apart: set[str] = set()
        self._last: tuple[Any, ...] = ((), {}, {}, "")
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
        self._last = (findings, decided, labels, text)
        self._clear()
        left = sum(1 for f in findings if f.key not in decided)
        count = len(findings)
        self.words.setText(
            f"{left} must be settled before this can be released."
            if left
            else "Every one is settled."
            if count
            else "The text was compared with every student of the school."
        )
        groups = self._groups(findings)
        what = "name" if count == 1 else "names and words near a name" if groups else "names"
        self.title.setText(f"{count} {what} found" if count else "No other student's name found")
        grouped = {finding.key for found in groups.values() for finding in found}
        alone = [finding for finding in findings if finding.key not in grouped]
        rows = [
            self._row(number, finding, decided.get(finding.key), labels, text)
            for number, finding in enumerate(alone, 1)
        ]
        rows += [self._group_row(what, found, decided) for what, found in groups.items()]
        for number, row in enumerate(rows, 1):
            self._rows.addWidget(row)
            if number < len(rows):
                self._rows.addWidget(Hairline(self))
        self.show()
        if held is not None:
            self._focus_after(held, findings, decided)

    def _groups(self, findings: Sequence[NameFinding]) -> dict[str, list[NameFinding]]:
        """What can be settled with one press, by suggestion: never a child of the event, never a
        name that somebody else surely bears, never what is to be looked at one by one."""
        groups: dict[str, list[NameFinding]] = {}
        for finding in findings:
            what = finding.suggestion
            likely = what == "ordinary_word" or finding.why == "near"
            if what in TOGETHER and likely and not finding.letter and what not in self._apart:
                groups.setdefault(what, []).append(finding)
        return {what: found for what, found in groups.items() if len(found) >= FEWEST_TOGETHER}

    def _take_apart(self, what: str) -> None:
        self._apart.add(what)
        self.show_findings(*self._last)

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

    def _group_row(
        self, what: str, found: Sequence[NameFinding], decided: Mapping[str, Decision]
    ) -> QWidget:
        """One row for all of them, each word once and how often it stands there."""
        told = TOGETHER[what]
        holder, row, words = self._blank_row()
        counts = Counter(finding.word.lower() for finding in found)
        listed = ", ".join(f"“{w}”" + (f" ({n} times)" if n > 1 else "") for w, n in counts.items())
        done = all(finding.key in decided for finding in found)
        head = f"{len(found)} places probably {told.several}"
        line = plain_label(head, "" if done else "strong", holder)
        line.setWordWrap(True)
        words.addWidget(line)
        words.addWidget(Muted(listed, holder))
        keys = tuple(finding.key for finding in found)
        if done:
            row.addWidget(plain_label(f"✓ {told.one_by_one}", "okText", holder))
            self._button(row, holder, keys, told.decision, "Take back", head)
            return holder
        self._button(row, holder, keys, told.decision, told.press, listed)
        apart = LinkButton("One by one", holder)
        apart.setAccessibleName(f"Settle one by one: {listed}")
        apart.clicked.connect(partial(self._take_apart, what))
        row.addWidget(apart, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _blank_row(self) -> tuple[QWidget, QHBoxLayout, QVBoxLayout]:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        row.addLayout(words, 1)
        return holder, row, words

    def _row(
        self,
        number: int,
        finding: NameFinding,
        decision: Decision | None,
        labels: Mapping[str, str],
        text: str,
    ) -> QWidget:
        holder, row, words = self._blank_row()
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
        if decision is not None:
            row.addWidget(plain_label(f"✓ {SETTLED[decision]}", "okText", holder))
            self._button(row, holder, (finding.key,), decision, "Take back", head)
            return holder
        said = finding.stand_in
        self._button(row, holder, (finding.key,), "replaced", f"Replace with {said}", head)
        self._button(row, holder, (finding.key,), "not_a_name", "Not a name", head)
        if "staff" in finding.also:
            self._button(row, holder, (finding.key,), "staff", "A staff member", head)
        own = "Their own family" if "own_family" in finding.also else "Their own child"
        self._button(row, holder, (finding.key,), "own_child", own, head)
        return holder

    def _button(
        self,
        row: QHBoxLayout,
        holder: QWidget,
        keys: tuple[str, ...],
        decision: str,
        words: str,
        about: str,
    ) -> None:
        button = LinkButton(words, holder)
        button.setAccessibleName(f"{words}: {about}")
        press: Callable[[], None] = partial(self.decided.emit, keys, decision)
        button.clicked.connect(press)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons.update({(key, decision): button for key in keys})


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
