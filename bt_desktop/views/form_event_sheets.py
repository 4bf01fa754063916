"""The small sheets of an event: also write for, same event as, take out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.event_words import record_words
from bt_desktop.views.feedback import Tone
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, UnderChoice
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.events import EventRecord
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk


class AlsoSheet(Sheet):
    """For which other students of the event is the same report begun?"""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        students: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Also write for", "Start the reports", parent)
        self._events, self._record_id = workspace.events, record_id
        self.column.addWidget(
            Muted(
                "Each student gets a report of their own, to be read by their own parent. When, "
                "where, who and your story go along; what each student did is told in each.",
                self,
            )
        )
        self.boxes = {student: self.tick(name, on=True) for student, name in students}
        self.on_save(self._work)

    def open_sheet(self) -> None:
        """Show it, the first student under the keys."""
        super().open_sheet()
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _work(self) -> Callable[[], Any] | None:
        chosen = [student for student, box in self.boxes.items() if box.isChecked()]
        if not chosen:
            self.banner.tell("Mark at least one student.", Tone.WARN)
            return None
        events, record_id = self._events, self._record_id
        return lambda: events.also_for(record_id, chosen)


class JoinSheet(Sheet):
    """Which record is about the same event?"""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        records: Sequence[EventRecord],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Same event as", "Join", parent, wide=560)
        self._events, self._record_id = workspace.events, record_id
        now = desk.clock.now()
        self.group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self.column.addWidget(
            Muted(
                "Records of one event know each other, and another student has the same letter in "
                "every paper for a parent.",
                self,
            )
        )
        for record in records:
            at = moment_words(record.event_at, now) if record.event_at else ""
            facts = [record_words(record, now), at, record.place, record.subject_name]
            first, *rest = [fact for fact in facts if fact]
            choice = QRadioButton(first.replace("&", "&&"), self)
            choice.setAccessibleDescription(", ".join(rest))
            self.group.addButton(choice)
            self.choices[record.id] = choice
            self.column.addWidget(choice)
            self.column.addWidget(UnderChoice(", ".join(rest), choice, self))
        self.reason = GrowingText(2, self)
        self.add("reason", "Why are they one event?", self.reason, hint="If it is not plain.")
        self.on_save(self._work)

    def open_sheet(self) -> None:
        """Show it, the nearest record under the keys."""
        super().open_sheet()
        next(iter(self.choices.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _work(self) -> Callable[[], Any] | None:
        other = next((key for key, one in self.choices.items() if one.isChecked()), None)
        if other is None:
            self.banner.tell("Choose a record.", Tone.WARN)
            return None
        events, record_id, reason = self._events, self._record_id, self.reason.toPlainText()
        return lambda: events.join(record_id, other, reason)


class TakeOutSheet(Sheet):
    """Why does the record not belong to the event?"""

    def __init__(
        self, desk: Desk, workspace: Workspace, record_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Take out of this event", "Take out", parent)
        self._events, self._record_id = workspace.events, record_id
        self.column.addWidget(
            Muted(
                "It becomes an event of its own. The letters of other students stay as they are on "
                "every paper that was made.",
                self,
            )
        )
        self.reason = GrowingText(2, self)
        self.add("reason", "Why does it not belong?", self.reason, required=True)
        self.on_save(self._work)

    def _work(self) -> Callable[[], Any]:
        events, record_id, reason = self._events, self._record_id, self.reason.toPlainText()
        return lambda: events.take_out(record_id, reason)
