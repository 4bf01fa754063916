"""A student leaves the school, or comes back: the day, where to, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.student_edit import GRADES, choice, line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from bt_desktop.services.results.people import Person
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.services.year import Move


class MoveSheet(Sheet):
    """Let a student leave, or let one come back. `saved` after it."""

    def __init__(
        self, desk: Desk, workspace: Workspace, person: Person, parent: QWidget | None = None
    ) -> None:
        self._leaves = person.active
        title = "The student leaves this school" if person.active else "The student comes back"
        deed = "Mark as left" if person.active else "Bring back"
        super().__init__(desk, title, deed, parent, wide=440)
        self._workspace, self._student = workspace, person.id
        today = desk.clock.now().date()
        self.on = DayLine(today, today)
        self.grade = choice(GRADES, person.grade)
        self.note = line()
        self.column.addWidget(
            Muted(
                "Records, drafts and deadlines stay. The student is not offered in new reports."
                if person.active
                else "The student is offered in new reports again.",
                self,
            )
        )
        self.add("on", "Last day here" if person.active else "First day here", self.on)
        if not person.active:
            self.add("grade", "Grade", self.grade)
        where = "Where to, if it is known" if person.active else "Where from, if it is known"
        self.add("note", where, self.note)
        self.on_save(self._collect_move)

    def _collect_move(self) -> Callable[[], None] | None:
        try:
            day = self.on.day()
        except ValueError as wrong:
            self.frames["on"].say(str(wrong))
            return None
        if day is None:
            self.frames["on"].say("Write the day.")
            return None
        year, which, note = self._workspace.year, self._student, self.note.text().strip()
        if self._leaves:
            return lambda: year.leave(which, day, note)
        grade = str(self.grade.currentData() or "")
        return lambda: year.enter(which, day, grade, note)


WORDS = {
    "entered": "Came to this school",
    "left": "Left this school",
    "transferred": "Left this school",
    "promoted": "Went up",
    "retained": "Stayed in the grade",
    "graduated": "Graduated",
    "undone": "The end of the year was taken back",
}


def move_words(move: Move) -> str:
    """`Went up: grade 4 to 5 · Jun 11, 2027`."""
    said = WORDS.get(move.kind, move.kind)
    if move.to_grade and move.to_grade != move.from_grade:
        said += f": grade {move.from_grade or '?'} to {move.to_grade}"
    return " · ".join(part for part in (said, full_date(move.on), move.note) if part)
