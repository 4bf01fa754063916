"""What a dose as needed asks beside the rest: what the student has, and the dose at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from bt_desktop.services.health.model import AsNeeded
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import Chip
from bt_desktop.views.widgets.dates import read_clock
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import moment_words

_OTHER = "Something else"


@dataclass(frozen=True, slots=True)
class AskedPrn:
    """What was answered. `home_at` None with `home_asked`: there was none."""

    symptom: str = ""
    home_asked: bool = False
    home_at: datetime | None = None


class DosePrn(QWidget):
    """`changed` on every answer."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.chips: list[Chip] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        holder = QWidget(self)
        self._flow = FlowLayout(holder)
        self._holder = holder
        self.other = TextLine(self, hint="in the student’s own words")
        self.symptom = FieldFrame(
            desk.theme, "What does the student have?", holder, required=True, buddy=self.other,
            parent=self,
        )  # fmt: skip
        self.none = QRadioButton("No dose at home today", self)
        self.some = QRadioButton("Yes, at", self)
        for button in (self.none, self.some):
            button.setAccessibleName(f"A dose before school: {button.text()}")
            button.toggled.connect(self._home_changed)
        self.home_at = TextLine(self, hint="7:30 am")
        self.home = FieldFrame(
            desk.theme, "Last dose at home (ask, or call home)", _row(self), buddy=self.none,
            parent=self,
        )  # fmt: skip
        inside = self.home.editor.layout()
        assert isinstance(inside, QHBoxLayout)  # noqa: S101 - made a line above
        for widget in (self.none, self.some):
            inside.addWidget(widget)
        inside.addWidget(self.home_at, 1)
        self.home_at.setAccessibleName("Time of the dose at home")
        self.home_at.textEdited.connect(self._time_typed)
        self.other.textEdited.connect(self._other_typed)
        self.limits = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.symptom)
        column.addWidget(self.other)
        column.addWidget(self.home)
        column.addWidget(self.limits)

    def show_order(self, prn: AsNeeded | None) -> None:
        """Ask it of this order; of a scheduled one nothing."""
        self.setVisible(prn is not None)
        for chip in self.chips:
            self._group.removeButton(chip)
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = []
        self._group.setExclusive(False)
        for button in (self.none, self.some):
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)
        self.other.clear()
        self.home_at.clear()
        self.home_at.setEnabled(False)
        for frame in (self.symptom, self.home):
            frame.say("")
        if prn is None:
            return
        for words in prn.symptoms:
            chip = Chip(words, self._holder)
            chip.setAccessibleName(f"The student has: {words}")
            chip.clicked.connect(self._chip_pressed)
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            self.chips.append(chip)
        self.other.setAccessibleName("What the student has, in other words")
        calls = (
            f"Call the parent: {prn.call_parent_when}." if prn.call_parent_when else "",
            f"Call 911: {prn.call_911_when}." if prn.call_911_when else "",
        )
        self.limits.setText(" ".join(one for one in calls if one))
        self.limits.setVisible(bool(self.limits.text()))

    def first(self) -> QWidget:
        """Where one begins."""
        return self.chips[0] if self.chips else self.other

    def answers(self) -> AskedPrn:
        """What was answered; a time that cannot be read counts as not asked."""
        symptom = next((chip.text() for chip in self.chips if chip.isChecked()), "")
        symptom = " ".join(self.other.text().split()) or symptom
        if self.none.isChecked():
            return AskedPrn(symptom, home_asked=True)
        return AskedPrn(symptom, home_at=self._moment() if self.some.isChecked() else None)

    def _moment(self) -> datetime | None:
        now = self._desk.clock.now()
        try:
            at = read_clock(self.home_at.text(), now)
        except ValueError as problem:
            self.home.say(str(problem))
            return None
        if at is None:
            return None
        found = datetime.combine(now.date(), at, now.tzinfo)
        found = found - timedelta(days=1) if found > now else found  # the evening before
        self.home.say(moment_words(found, now), "muted")
        return found

    @Slot()
    def _chip_pressed(self) -> None:
        pressed = self.sender()
        for chip in self.chips:
            if chip is not pressed:
                chip.setChecked(False)
        self.other.clear()
        self.changed.emit()

    @Slot()
    def _other_typed(self) -> None:
        for chip in self.chips:
            chip.setChecked(False)
        self.changed.emit()

    @Slot()
    def _time_typed(self) -> None:
        self.home.say("")
        self.changed.emit()

    @Slot(bool)
    def _home_changed(self, on: bool) -> None:
        self.home_at.setEnabled(self.some.isChecked())
        if on and self.some.isChecked():
            self.home_at.setFocus()
        if on:
            self.changed.emit()


def _row(parent: QWidget) -> QWidget:
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    return holder
