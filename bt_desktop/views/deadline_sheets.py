"""Two sheets about a deadline: why it was late, and when something outside was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QWidget

from bt_desktop.views.deadline_words import headline
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.workspace import Workspace

T = TypeVar("T")


class ReasonSheet(Sheet):
    """Why it was late: kept with the deadline, under one's own name."""

    def __init__(
        self, desk: Desk, workspace: Workspace, line: DeadlineLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Say why it is late", "Keep the reason", parent)
        self.column.addWidget(Muted(headline(line, desk.clock.now()), self))
        self.text = TextBox(lines=3)
        self.add("reason", "Why", self.text, hint="It is kept, and cannot be changed.",
                 required=True)  # fmt: skip
        self._workspace, self._line = workspace, line
        self.on_save(self._work)

    def _work(self) -> Callable[[], Any] | None:
        reason, which = self.text.toPlainText(), self._line.dates[0].id
        deadlines = self._workspace.deadlines
        return lambda: deadlines.excuse(which, reason)


class DoneSheet(Sheet):
    """When and how something was done that happens outside of these records."""

    def __init__(
        self, desk: Desk, workspace: Workspace, line: DeadlineLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, line.label, "Keep it", parent)
        self._workspace, self._line = workspace, line
        now = desk.clock.now()
        self.column.addWidget(
            Muted(
                f"{headline(line, now)}. This happens outside of these records, so say when "
                "it was done and how. It stands under your name.",
                self,
            )
        )
        self.day = DayLine(now.date(), now.date())
        self.clock = TextLine(hint="10:16 am")
        self.how = TextBox(lines=3)
        self.add("day", "Day", self.day, required=True)
        self.add("clock", "Time", self.clock, required=True)
        self.pair("day", "clock")
        self.add("how", "How, and to whom", self.how,
                 hint="For example: by phone, with the name and the case number.",
                 required=True)  # fmt: skip
        self.on_save(self._work)

    def _work(self) -> Callable[[], Any] | None:
        day = self.frames["day"].read(self.day.day, "Say on which day.")
        now = self._desk.clock.now()
        clock = self.frames["clock"].read(
            lambda: read_clock(self.clock.text(), now), "Say at what time."
        )
        if day is None or clock is None:
            return None
        at = datetime.combine(day, clock, self._line.due.tzinfo)
        if at > now:
            self.frames["clock"].say("This has not come yet. Correct the day or the time.")
            return None
        deadlines, which, how = self._workspace.deadlines, self._line.dates[0].id, self.how
        text = how.toPlainText()
        return lambda: deadlines.told_done(which, at, text)
