"""Editors for dates and times: typed tolerantly, may be blank, say what they understood."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.editors.protocol import Editor, EditorContext, Typed
from bt_desktop.views.editors.text import Line

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def in_words(day: date, *, year: bool = True) -> str:
    """Thursday, November 12, 2026."""
    tail = f", {day.year}" if year else ""
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}{tail}"


def clock_words(moment: time | datetime) -> str:
    """10:16 am."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"


def short_date(day: date) -> str:
    """11/12/2026, as it is typed."""
    return f"{day.month}/{day.day}/{day.year}"


def moment_of(kind: str, value: object) -> date | datetime | time | None:
    """The moment that a stored answer (ISO text) means; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        if kind == "date":
            return date.fromisoformat(value)
        return time.fromisoformat(value) if kind == "time" else datetime.fromisoformat(value)
    except ValueError:
        return None


class _MomentLine(Line):
    """A line whose arrow keys step the value once it is understood."""

    def __init__(self, owner: MomentEditor) -> None:
        super().__init__(owner)
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down step by one; everything else types."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() in steps and plain and self._owner.step(steps[Qt.Key(event.key())]):
            return
        super().keyPressEvent(event)


class MomentEditor(Editor):
    """A date, a time, or both; `what` is what is typed: `date`, `time` or `datetime`.

    `kind` is what is kept where that differs (a datetime of which only the time is typed).

    What is typed goes to the session as it is (`1015`, `t`, `11/12`); on leaving, the line shows
    what was understood. Up and Down step by a day or a minute. The picker comes second: a
    calendar for dates, "Now" for times.
    """

    holds_text = True

    def __init__(
        self,
        what: str,
        context: EditorContext,
        parent: QWidget | None = None,
        *,
        kind: str = "",
    ) -> None:
        super().__init__(parent)
        self._what = what
        self._kind = kind or what
        self._context = context
        self._value: date | datetime | time | None = None
        self._with_date = what in {"date", "datetime"}
        self.line = _MomentLine(self)
        self.line.setPlaceholderText(
            {"date": "11/12 or t", "time": "10:15 or now"}.get(what, "11/12/2026 10:15 am")
        )
        self.picker = QPushButton("Calendar" if self._with_date else "Now", self)
        self.picker.setProperty("kind", "quiet")
        self.picker.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.picker.clicked.connect(self._pick)
        self.words = QLabel(self)
        self.words.setObjectName("muted")
        self._popup: QFrame | None = None
        self._lay_out()
        self.watch(self.line)
        self.line.textEdited.connect(self.changed)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line)
        row.addWidget(self.picker)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(row)
        outer.addWidget(self.words)
        self.words.hide()
        letters = {"date": 17, "time": 13}.get(self._what, 24)
        self.line.setFixedWidth(self.line.fontMetrics().averageCharWidth() * (letters + 5))

    def typed(self) -> Typed:
        """The text as typed; None where it is blank."""
        return self.line.text() or None

    def set_typed(self, typed: Typed) -> None:
        """Show this text, unless it is being typed at this moment with the same meaning."""
        text = typed if isinstance(typed, str) else ""
        if text != self.line.text():
            self.line.setText(text)

    def set_view(self, view: FieldView) -> None:
        """Take over the value understood; say it in words."""
        self.line.setReadOnly(view.read_only)
        self.picker.setVisible(not view.read_only)
        self._value = moment_of(self._kind, view.value)
        words = self._in_words()
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def understood(self) -> str | None:
        """How the line shows the value once the field was left; None where nothing is."""
        value = self._value
        if value is None:
            return None
        if self._what == "time":
            return clock_words(value) if isinstance(value, time | datetime) else None
        if isinstance(value, datetime):
            return f"{short_date(value)} {clock_words(value)}"
        return short_date(value) if isinstance(value, date) else None

    def step(self, by: int) -> bool:
        """One day or minute on or back; False where there is nothing to step from."""
        value = self._value
        if value is None or self.line.isReadOnly():
            return False
        if self._what == "date" and isinstance(value, date):
            self._put(short_date(value + timedelta(days=by)))
        elif isinstance(value, datetime):
            moved = value + timedelta(minutes=by)
            clock = clock_words(moved)
            self._put(clock if self._what == "time" else f"{short_date(moved)} {clock}")
        elif isinstance(value, time):
            moved = datetime.combine(date(2000, 1, 2), value) + timedelta(minutes=by)
            self._put(clock_words(moved))
        else:
            return False
        return True

    def caret(self) -> int:
        """The cursor's place in the line."""
        return self.line.cursorPosition()

    def set_caret(self, position: int) -> None:
        """Put the cursor there."""
        self.line.setCursorPosition(position)

    def describe(self, name: str, description: str) -> None:
        """Add the value in words to what a screen reader says."""
        words = self.words.text()
        super().describe(name, ". ".join(part for part in (words, description) if part))
        self.picker.setAccessibleName(f"{self.picker.text()}: {name}")

    def settle(self) -> None:
        """Close the calendar."""
        if self._popup is not None:
            self._popup.close()

    def _in_words(self) -> str:
        value = self._value
        if value is None or isinstance(value, time):
            return ""
        day = value.date() if isinstance(value, datetime) else value
        if self._what != "time":
            return in_words(day)
        event = self._context.event_date()
        if event is None or event == day:
            return ""
        return f"the next day, {in_words(day)}" if (day - event).days == 1 else in_words(day)

    def _put(self, text: str) -> None:
        self.line.setText(text)
        self.changed.emit()

    def _pick(self) -> None:
        if not self._with_date:
            self._put(clock_words(self._context.now()))
            self.line.setFocus()
            self.left.emit()
            return
        self._popup = _Calendar(self, self._shown_day())
        self._popup.calendar.clicked.connect(self._picked)
        self._popup.calendar.activated.connect(self._picked)
        self._popup.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 4)))
        self._popup.show()
        self._popup.calendar.setFocus()

    def _shown_day(self) -> date:
        value = self._value
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else self._context.now().date()

    def _picked(self, day: QDate) -> None:
        chosen = date(day.year(), day.month(), day.day())
        text = short_date(chosen)
        if self._what == "datetime" and isinstance(self._value, datetime):
            text = f"{text} {clock_words(self._value)}"
        if self._popup is not None:
            self._popup.close()
        self._put(text)
        self.line.setFocus()
        self.left.emit()


class _Calendar(QFrame):
    """A month in a small window of its own; Escape closes it."""

    def __init__(self, parent: QWidget, day: date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("pickerPopup")
        self.calendar = QCalendarWidget(self)
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self.calendar)
