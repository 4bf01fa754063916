"""The rail at the left: the school, the places, and Lock at its foot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.tokens import RAIL_WIDTH
from bt_desktop.views.widgets.buttons import TogglePressed
from bt_desktop.views.widgets.text import plain_label


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the rail: its key, its word, its icon, its shortcut."""

    key: str
    word: str
    icon: str
    keys: str = ""


PLACES = (
    Place("home", "Home", "home", "Alt+1"),
    Place("records", "Records", "record", "Alt+2"),
    Place("students", "Students", "student", "Alt+3"),
    Place("deadlines", "Deadlines", "clock", "Alt+4"),
    Place("health", "Health office", "health", "Alt+5"),
    Place("settings", "Settings", "settings", "Alt+6"),
)


class RailButton(TogglePressed):
    """A place: icon, word and, where it has one, its key. Folded, it is the icon alone."""

    def __init__(
        self, theme: Theme, place: Place, *, show_keys: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self._theme = theme
        self.place = place
        self.setObjectName("railButton")
        self.setProperty("onRail", True)
        self.setAccessibleName(place.word)
        self.setAccessibleDescription(f"Key: {place.keys}" if place.keys else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = IconLabel(theme, place.icon, "rail_ink", 18, self)
        self._word = plain_label(place.word, "railText", self)
        self._keys = plain_label(place.keys if show_keys else "", "railKey", self)
        self._badge = plain_label("", "railBadge", self)
        self._badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._badge.hide()
        self._on, self._folded, self._count, self._late = False, False, 0, 0
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(10)
        for widget in (self._icon, self._word):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._keys)
        row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        for child in (self._icon, self._word, self._keys, self._badge):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(40), self._theme.px(38))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def fold(self, folded: bool) -> None:
        """Show the icon alone, with the word as tip."""
        self._word.setVisible(not folded)
        self._keys.setVisible(not folded and bool(self._keys.text()))
        self._folded = folded
        self._badge.setVisible(self._count > 0 and not folded)
        tip = f"{self.place.word} ({self.place.keys})" if self.place.keys else self.place.word
        if self._count:
            tip = f"{tip}: {self._waiting()}"
        self.setToolTip(tip if folded else self.place.keys)

    def set_count(self, count: int, late: int = 0) -> None:
        """Show how many wait there; the late ones are said in the tip and aloud."""
        self._count, self._late = count, late
        self._badge.setText(str(min(count, 99)) + ("+" if count > 99 else ""))
        self._badge.setProperty("tone", "danger" if late else "plain")
        self._badge.style().unpolish(self._badge)
        self._badge.style().polish(self._badge)
        self.fold(self._folded)
        self._name()

    def _waiting(self) -> str:
        return f"{self._count} open" + (f", {self._late} late" if self._late else "")

    def _name(self) -> None:
        words = [self.place.word]
        if self._count:
            words.append(self._waiting())
        if self._on:
            words.append("you are here")
        self.setAccessibleName(", ".join(words))

    def set_on(self, on: bool) -> None:
        """Mark as the place where we are (said aloud as well)."""
        self._on = on
        self._name()
        for widget in (self, self._word):
            widget.setProperty("on", on)
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class Rail(QFrame):
    """Emits `chosen(key)` for a place and `lock_asked`."""

    chosen = Signal(str)
    lock_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folded = False
        self.setObjectName("rail")
        self.school = QLabel(self)
        self.school.setTextFormat(Qt.TextFormat.PlainText)
        self.school.setObjectName("railSchool")
        self.school.setWordWrap(True)
        self._group = QButtonGroup(self)
        self._buttons = {p.key: RailButton(theme, p, parent=self) for p in PLACES}
        self.lock = RailButton(
            theme, Place("lock", "Lock", "lock", "Ctrl+L"), show_keys=True, parent=self
        )
        self.lock.clicked.connect(self.lock_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 18, 12, 16)
        column.setSpacing(4)
        column.addWidget(self.school)
        column.addSpacing(12)
        for key, button in self._buttons.items():
            button.clicked.connect(lambda _=False, k=key: self.chosen.emit(k))
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self.lock)
        theme.changed.connect(self._size_up)
        self._size_up()

    def set_shown(self, key: str, shown: bool) -> None:
        """Show a place, or leave it out for whom there is nothing in it."""
        self._buttons[key].setVisible(shown)

    def set_school(self, name: str) -> None:
        """The school's name at the head."""
        self.school.setText(name)

    def show_place(self, key: str) -> None:
        """Mark where we are; a key that is none of the places marks nothing."""
        for each, button in self._buttons.items():
            button.set_on(each == key)

    def fold(self, folded: bool) -> None:
        """Icons only, for narrow windows."""
        if folded == self._folded:
            return
        self._folded = folded
        self.school.setVisible(not folded)
        for button in (*self._buttons.values(), self.lock):
            button.fold(folded)
        self._size_up()

    def button(self, key: str) -> RailButton:
        """The button of a place."""
        return self._buttons[key]

    def _size_up(self) -> None:
        px = self._theme.px
        self.setFixedWidth(px(38) + 24 if self._folded else px(RAIL_WIDTH))
        self.school.setContentsMargins(px(10), 0, 0, 0)
