"""Below the month: the chosen days, and what they are to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.school_days import Day, DayKind, SchoolCalendar
from bt_desktop.views.calendar_terms import saved_words
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import Chip, PrimaryButton
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

CLEAR = "usual"
_CHOICES: tuple[tuple[str, str], ...] = (
    (CLEAR, "As its weekday"),
    ("no_school", "No school"),
    ("staff_day", "Staff only"),
    ("early", "Early day"),
    ("school", "School day"),
)
_LONGEST = timedelta(days=120)
_SATURDAY = 5


class DayEditor(QWidget):
    """From, through, what it is, its bell and its name. `changed(words)`, `refused(words)`."""

    changed = Signal(str)
    refused = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.kind = CLEAR
        today = desk.clock.now().date()
        self.begin, self.end = DayLine(today, today), DayLine(today, today)
        self.bell, self.label = TextLine(hint="12:30 pm"), TextLine(hint="Thanksgiving break")
        theme = desk.theme
        self.frames = {
            "begin": FieldFrame(theme, "From", self.begin, parent=self),
            "end": FieldFrame(theme, "Through", self.end, parent=self),
            "label": FieldFrame(theme, "Name", self.label, parent=self),
            "bell": FieldFrame(theme, "School ends at", self.bell, required=True, parent=self),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(10)
        days = QHBoxLayout()
        days.setSpacing(12)
        for key, share in (("begin", 1), ("end", 1), ("label", 2)):
            days.addWidget(self.frames[key], share)
        column.addLayout(days)
        flow = FlowLayout()
        self.chips: dict[str, Chip] = {}
        for key, word in _CHOICES:
            chip = Chip(word, self)
            chip.clicked.connect(lambda _=False, k=key: self.choose(k))
            self.chips[key] = chip
            flow.addWidget(chip)
        column.addLayout(flow)
        last = QHBoxLayout()
        last.setSpacing(12)
        last.addWidget(self.frames["bell"], 1)
        last.addStretch(2)
        self.save = PrimaryButton("Mark these days", self)
        self.save.clicked.connect(self.keep)
        last.addWidget(self.save)
        column.addLayout(last)
        self.choose(CLEAR)

    def show_days(self, first: date, last: date, calendar: SchoolCalendar) -> None:
        """Show what is entered for these days (of several, for the first)."""
        for line, day in ((self.begin, first), (self.end, last)):
            line.setText(f"{day.month}/{day.day}/{day.year}")
        mark = calendar.days.get(first)
        self.label.setText(mark.label if mark is not None else "")
        bell = mark.bell if mark is not None else None
        self.bell.setText(bell.strftime("%H:%M") if bell is not None else "")
        self.choose(mark.kind if mark is not None else CLEAR)
        for frame in self.frames.values():
            frame.say("")

    @Slot(str)
    def choose(self, kind: str) -> None:
        """What the days are to be."""
        self.kind = kind
        for key, chip in self.chips.items():
            chip.setChecked(key == kind)
        self.frames["bell"].setVisible(kind == "early")
        self.frames["label"].setVisible(kind != CLEAR)

    @Slot()
    def keep(self) -> None:
        """Mark the days, or take their marks away."""
        for frame in self.frames.values():
            frame.say("")
        work = self._work()
        if work is None:
            return
        self.save.setEnabled(False)
        self._desk.tasks.run(self, work, self._kept, self._not_kept)

    def _kept(self, moved: int) -> None:
        self.save.setEnabled(True)
        self.changed.emit(saved_words(moved))

    def _not_kept(self, problem: BaseException) -> None:
        self.save.setEnabled(True)
        if isinstance(problem, KnownError):
            self.refused.emit(str(problem))
        else:
            self._desk.feedback.report(self, problem)

    def _work(self) -> Callable[[], int] | None:
        begin = self.frames["begin"].read(self.begin.day, "Say on which day.")
        end = self.frames["end"].read(self.end.day, "Say on which day.")
        if begin is None or end is None:
            return None
        if end < begin:
            self.frames["end"].say("This is before the first day. Correct one of the two.")
            return None
        if end - begin > _LONGEST:
            self.frames["end"].say("That is longer than a summer. Correct one of the two days.")
            return None
        days = self._days(begin, end)
        calendar, kind = self._workspace.calendar, self.kind
        if kind == CLEAR:
            return lambda: calendar.clear_days(days)
        bell = None
        if kind == "early":
            now = self._desk.clock.now()
            bell = self.frames["bell"].read(
                lambda: read_clock(self.bell.text(), now), "Say at what time school ends."
            )
            if bell is None:
                return None
        label = self.label.text()
        named: DayKind = kind  # type: ignore[assignment]  # one of the choices
        return lambda: calendar.set_days([Day(day, named, bell, label) for day in days])

    def _days(self, begin: date, end: date) -> list[date]:
        """The days of the span; of a longer one only its weekdays, weekends are off anyway."""
        every = [begin + timedelta(days=i) for i in range((end - begin).days + 1)]
        if self.kind in (CLEAR, "school"):
            return every
        weekdays = [day for day in every if day.weekday() < _SATURDAY]
        return weekdays or every
