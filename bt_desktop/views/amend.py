"""The sheet on which an amendment is begun: of which part, of what kind, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.state_words import KINDS, Kind, part_words
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, UnderChoice

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

LEAST_REASON = 10
_TOO_SHORT = (
    f"Say it so that somebody else understands it later: {LEAST_REASON} characters or more."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that may be amended: its key, what it is called, which kinds are allowed."""

    key: str
    title: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was begun."""

    part_key: str
    kind: str


class KindChoice(QWidget):
    """The kinds of amendment, each with the line that says when it is the right one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        self._lines: dict[str, UnderChoice] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for kind in KINDS:
            self._add(kind, box)

    def _add(self, kind: Kind, box: QVBoxLayout) -> None:
        button = QRadioButton(kind.title, self)
        button.setAccessibleName(kind.title)
        button.setAccessibleDescription(kind.says)
        line = UnderChoice(kind.says, button, self)
        line.leave_below(6)
        self.group.addButton(button)
        box.addWidget(button)
        box.addWidget(line)
        self.buttons[kind.word], self._lines[kind.word] = button, line

    def offer(self, kinds: Sequence[str]) -> None:
        """Show only these; the first is chosen where what was chosen is not among them."""
        for word, button in self.buttons.items():
            button.setVisible(word in kinds)
            self._lines[word].setVisible(word in kinds)
        if self.kind() not in kinds and kinds:
            self.choose("correction" if "correction" in kinds else kinds[0])

    def kind(self) -> str:
        """The kind that is chosen; empty for none."""
        return next((word for word, one in self.buttons.items() if one.isChecked()), "")

    def choose(self, word: str) -> None:
        """Choose one."""
        self.buttons[word].setChecked(True)


class AmendSheet(Sheet):
    """Asks for part, kind and reason, then opens the part again. `saved(Chosen)`.

    With `change` an amendment in progress gets another kind or reason. With `answers` (the remarks
    of a reviewer) it is a correction that answers them.
    """

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        parts: Sequence[Part],
        parent: QWidget | None = None,
        *,
        change: tuple[str, str] | None = None,
        answers: Sequence[str] = (),
    ) -> None:
        title = "Correct what was returned" if answers else "Amend"
        super().__init__(desk, title, "Save" if change else "&Go on", parent, wide=560)
        self._workspace, self._record_id = workspace, record_id
        self._parts, self._change, self._answers = parts, change, answers
        self._now = desk.clock.now()
        self._explain()
        self.part = QComboBox()
        for one in parts:
            self.part.addItem(one.title, one.key)
        self.part.setAccessibleName("Which part?")
        frame = self.add("part", "Which part?", self.part)
        frame.setVisible(len(parts) > 1)
        self.kinds = KindChoice()
        self._kind_frame = self.add("kind", "What kind of amendment is it?", self.kinds)
        self._kind_frame.setVisible(not answers)
        self.day = DayLine(self._now.date())
        self.time = QLineEdit()
        self.time.setPlaceholderText("1012, 10:12 or 3pm")
        self._day_frame = self.add("day", "On which day did it happen?", self.day, required=True)
        self._time_frame = self.add("time", "At what time?", self.time, required=True)
        self.pair("day", "time")
        self.reason = GrowingText(3)
        asked = "What did you put right?" if answers else "Why?"
        hint = (
            "The reviewer reads this first."
            if answers
            else "Printed with the amendment, with your name and the time."
        )
        self.add("reason", asked, self.reason, hint=hint, required=True)
        self.part.currentIndexChanged.connect(self._offer)
        self.kinds.group.buttonToggled.connect(self._show_times)  # a screen reader clicks none
        self._offer()
        if change:
            self.kinds.choose(change[0])
            self.reason.setPlainText(change[1])
        self._show_times()
        self.on_save(self._collect_all)

    def _explain(self) -> None:
        if self._answers:
            lines = "\n".join(f"{n}. {text}" for n, text in enumerate(self._answers, 1))
            self.column.addWidget(Muted(f"The reviewer asked:\n{lines}"))
        self.column.addWidget(
            Muted(
                "What was signed stays as it is. What you write becomes a later version with your "
                "signature."
            )
        )

    def open_sheet(self) -> None:
        """Show it, with the hands at the first thing to choose."""
        super().open_sheet()
        if self._answers or self._change:
            self.reason.setFocus()
        elif len(self._parts) == 1:
            self.kinds.buttons[self.kinds.kind()].setFocus()

    def _offer(self) -> None:
        self.kinds.offer(self._chosen_part().kinds)
        self._show_times()

    def _chosen_part(self) -> Part:
        return self._parts[max(0, self.part.currentIndex())]

    def _show_times(self, *_: object) -> None:
        late = self.kinds.kind() == "late_entry" and not self._answers
        self._day_frame.setVisible(late)
        self._time_frame.setVisible(late)

    def kind(self) -> str:
        """The kind that is asked for."""
        return "correction" if self._answers else self.kinds.kind()

    def _collect_all(self) -> Callable[[], Any] | None:
        kind, key = self.kind(), self._chosen_part().key
        reason = self.reason.toPlainText().strip()
        happened = self._happened() if kind == "late_entry" else None
        if kind == "late_entry" and happened is None:
            return None
        if len(reason) < LEAST_REASON:
            self.frames["reason"].say(_TOO_SHORT)
            return None
        records, record_id = self._workspace.records, self._record_id
        deed = records.change_amendment if self._change else records.amend

        def work() -> Chosen:
            deed(record_id, key, kind, reason, happened)
            return Chosen(key, kind)

        return work

    def _happened(self) -> datetime | None:
        """When it happened; what is wrong with it is said beside the line."""
        day = self.frames["day"].read(self.day.day, "Say on which day it happened.")
        if day is None:
            return None
        clock = self.frames["time"].read(
            lambda: read_clock(self.time.text(), self._now),
            "Say at what time, as 1012, 10:12 or 3pm.",
        )
        if clock is None:
            return None
        at = datetime.combine(day, clock, self._now.tzinfo)
        if at > self._now:
            self.frames["time"].say("This time has not come yet.")
            return None
        return at


def parts_of(record: Any) -> tuple[Part, ...]:
    """The parts of an open record that the person may amend now."""
    return tuple(
        Part(one.key, _title(one, record), one.amend_kinds)
        for one in record.parts
        if one.amend_kinds
    )


def _title(part: Any, record: Any) -> str:
    words = part_words(part.key)
    whose = f" of {part.signer_name}" if part.signer_name else ""
    return f"{words[:1].upper()}{words[1:]}{whose}"
