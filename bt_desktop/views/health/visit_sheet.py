"""A visit corrected: the one before is struck, with the reason, and this stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.visit_lists import Row, visit_lists
from bt_desktop.services.health.visit_model import NewVisit, VisitLine
from bt_desktop.views.desk import Desk
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.buttons import Chip
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.when import clock_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


class VisitSheet(Sheet):
    """Everything of a visit, to be put right; `saved` with the new visit's id."""

    def __init__(
        self, desk: Desk, workspace: Workspace, line: VisitLine, now: datetime, parent: QWidget
    ) -> None:
        super().__init__(desk, "Correct this visit", "Correct", parent, wide=560)
        self._workspace, self._line, self._now = workspace, line, now
        visit, lists = line.state.visit, visit_lists()
        self._student = visit.student_id
        self.column.addWidget(
            Muted("The visit as it was stays in the store, struck, with the reason.", self)
        )
        self.name = plain_label(line.name, "strong", self)
        self.column.addWidget(self.name)
        self.pick = StudentPick(desk, workspace, self)
        self.pick.chosen.connect(self._choose)
        self.add("student", "Another student", self.pick, hint="Only if it was somebody else.")
        came = visit.came_at.astimezone(now.tzinfo)
        left = visit.left_at.astimezone(now.tzinfo) if visit.left_at is not None else None
        self.day = DayLine(now.date(), came.date())
        self.came = TextLine()
        self.came.setText(clock_words(came))
        self.left = TextLine(hint="blank: still here")
        self.left.setText(clock_words(left) if left is not None else "")
        self.add("day", "Day", self.day, required=True)
        self.add("came_at", "In", self.came, required=True)
        self.add("left_at", "Out", self.left)
        self.pair("day", "came_at", "left_at")
        self.complaint = _choice(lists.complaints.values(), visit.complaint)
        self.words = TextLine()
        self.words.setText(visit.words)
        self.add("complaint", "Came with", self.complaint)
        self.add("words", "In other words", self.words)
        self.care = _Chips(list(lists.care.values()), visit.care)
        self.add("care", "What was done", self.care)
        self.went = _choice(lists.dispositions.values(), visit.disposition)
        self.add("disposition", "Went to", self.went)
        self.reason = TextLine()
        self.add("reason", "What was wrong?", self.reason, required=True)
        self.on_save(self._collect_visit)

    def _choose(self, student_id: str, name: str) -> None:
        self._student = student_id
        self.name.setText(name)
        self.pick.clear()

    def _collect_visit(self) -> Callable[[], str] | None:
        frames, now = self.frames, self._now
        day = frames["day"].read(self.day.day, "Write the day.")
        came = frames["came_at"].read(
            lambda: read_clock(self.came.text(), now), "Write when they came."
        )
        try:
            left = read_clock(self.left.text(), now)
        except ValueError as problem:
            frames["left_at"].say(str(problem))
            return None
        if day is None or came is None:
            return None
        came_at = datetime.combine(day, came, now.tzinfo)
        new = NewVisit(
            self._student,
            came_at,
            "" if self._student else self._line.state.visit.who,
            str(self.complaint.currentData() or ""),
            self.care.chosen(),
            str(self.went.currentData() or ""),
            datetime.combine(day, left, now.tzinfo) if left is not None else None,
            self.words.text(),
        )
        visits, which, reason = (
            self._workspace.health.visits,
            self._line.state.visit.id,
            self.reason,
        )
        why = reason.text()
        return lambda: visits.replace(which, new, why)


class _Chips(QWidget):
    """Several of a list."""

    def __init__(self, rows: list[Row], chosen: tuple[str, ...]) -> None:
        super().__init__()
        flow = FlowLayout(self)
        self.chips: dict[str, Chip] = {}
        for row in rows:
            chip = self.chips[row.code] = Chip(row.said, self)
            chip.setChecked(row.code in chosen)
            flow.addWidget(chip)
        self.setFocusProxy(next(iter(self.chips.values())))

    def chosen(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(code for code, chip in self.chips.items() if chip.isChecked())


def _choice(rows: object, chosen: str) -> Choice:
    box = Choice()
    box.fill([("Not said", ""), *((row.said, row.code) for row in rows)], chosen)  # type: ignore[attr-defined]  # rows of a list
    return box
