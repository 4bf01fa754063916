"""Parts of the sheet of an order: when, what for and until when, whether the student carries it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from bt_desktop.services.health.model import AsNeeded, OrderTerms, SelfCarry
from bt_desktop.views.health.order_parts import Reading, box_of, choice, code_of
from bt_desktop.views.health.typed import read_count, read_span, read_times, times_text
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import SectionTitle

if TYPE_CHECKING:
    from bt_desktop.views.widgets.sheet import Sheet

SET, PRN, EMERGENCY = "set", "prn", "emergency"
WHEN = [("At set times", SET), ("As needed", PRN), ("Only in an emergency", EMERGENCY)]
CARRY = (
    ("competent", "The prescriber confirms that the student can"),
    ("release", "The parent signed the release of liability"),
    ("acknowledged", "The parent signed the school’s notice"),
    ("shown", "The student showed the nurse how"),
    ("backup_at_school", "A second one is kept at school"),
)
"""What self-carry asks (EC 49423, 49423.1; 70 O.S. 1-116.3)."""


class WhenPart:
    """Set times, or as needed with its limits."""

    def __init__(self, sheet: Sheet, terms: OrderTerms | None, now: Callable[[], datetime]) -> None:
        self._sheet, self._now = sheet, now
        sheet.column.addWidget(SectionTitle("When"))
        prn = terms.prn if terms else None
        self.when = Choice()
        known = PRN if prn else SET if terms is None or terms.times else EMERGENCY
        self.when.fill([(word, code) for word, code in WHEN], known)
        self.times = line(times_text(terms.times) if terms else "")
        self.symptoms = line(", ".join(prn.symptoms) if prn else "")
        self.interval = line(_interval(prn)[0])
        self.span = Choice()
        self.span.fill([("hours", "hours"), ("minutes", "minutes")], _interval(prn)[1])
        self.most = line(str(prn.most_per_day) if prn else "")
        self.parent_when = line(prn.call_parent_when if prn else "")
        self.emergency_when = line(prn.call_911_when if prn else "")
        self.window = line(str(terms.window_min) if terms and terms.window_min else "")
        sheet.add("when", "Given", self.when)
        sheet.add("times", "Times", self.times, required=True, hint="8:15 am, 12:00 pm")
        sheet.add("symptoms", "For what", self.symptoms, required=True,
                  hint="The symptoms that the prescriber names, with commas between")  # fmt: skip
        sheet.add("interval", "Least time between two", self.interval, required=True)
        sheet.add("span", "In", self.span)
        sheet.pair("interval", "span")
        sheet.add("prn", "Most in a school day", self.most, required=True)
        sheet.add("parent_when", "When the parent is called", self.parent_when)
        sheet.add("emergency_when", "When 911 is called", self.emergency_when)
        sheet.add("window", "Minutes early or late", self.window, hint="Blank: as the school says")
        self.critical = sheet.tick(
            "The time is critical (insulin, seizures)", terms.time_critical if terms else False
        )
        self.when.currentIndexChanged.connect(self._show)
        self._show()

    def read(self, reading: Reading) -> dict[str, object]:
        """Times or limits, the window, whether time is critical."""
        when = code_of(self.when)
        found: dict[str, object] = {"times": (), "prn": None}
        if when == SET:
            none: tuple[time, ...] = ()
            found["times"] = reading.take(
                "times", lambda: read_times(self.times.text(), self._now()), none
            )
        if when == PRN:
            found["prn"] = self._limits(reading)
        window = reading.take("window", lambda: read_count(self.window.text()), None)
        return found | {
            "window_min": window or None,
            "time_critical": self.critical.isChecked(),
        }

    def _limits(self, reading: Reading) -> AsNeeded:
        span = code_of(self.span)
        interval = reading.take("interval", lambda: read_span(self.interval.text(), span), 0)
        most = reading.take("prn", lambda: read_count(self.most.text()), None)
        return AsNeeded(
            tuple(part.strip() for part in self.symptoms.text().split(",") if part.strip()),
            interval,
            most or 0,
            self.parent_when.text().strip(),
            self.emergency_when.text().strip(),
        )

    def _show(self) -> None:
        when = code_of(self.when)
        for key in ("times", "window"):
            self._sheet.frames[key].setVisible(when == SET)
        for key in ("symptoms", "interval", "span", "prn", "parent_when", "emergency_when"):
            self._sheet.frames[key].setVisible(when == PRN)


def _interval(prn: AsNeeded | None) -> tuple[str, str]:
    if prn is None:
        return "", "hours"
    hours, rest = divmod(prn.interval_min, 60)
    return (str(prn.interval_min), "minutes") if rest else (str(hours), "hours")


class RestPart:
    """Why, how long, what else to know."""

    def __init__(self, sheet: Sheet, terms: OrderTerms | None, today: date, stop: date) -> None:
        sheet.column.addWidget(SectionTitle("What for, and until when"))
        self.reason = line(terms.reason if terms else "")
        self.start = DayLine(today, terms.start if terms else today)
        self.stop = DayLine(today, terms.stop if terms else stop)
        self.instructions = box_of(terms.instructions if terms else "")
        self.effects = box_of(terms.side_effects if terms else "")
        self.storage = choice("storage", terms.storage if terms else "", blank="Not chosen")
        self.first = Choice()
        known = terms.first_dose_at_home if terms else None
        self.first.fill([("Not asked", None), ("Yes", True), ("No", False)], known)
        sheet.add("reason", "What it is given for", self.reason, required=True)
        sheet.add("start", "First day", self.start, required=True)
        sheet.add("stop", "Last day", self.stop, required=True)
        sheet.pair("start", "stop")
        sheet.add("instructions", "Instructions", self.instructions)
        sheet.add("side_effects", "What to look out for", self.effects)
        sheet.add("storage", "Kept", self.storage)
        sheet.add("first_dose", "First dose was given at home", self.first)
        sheet.pair("storage", "first_dose")

    def read(self, reading: Reading) -> dict[str, object]:
        """Reason, days, texts, storage."""
        return {
            "reason": " ".join(self.reason.text().split()),
            "start": _day(reading, "start", self.start),
            "stop": _day(reading, "stop", self.stop),
            "instructions": self.instructions.toPlainText().strip(),
            "side_effects": self.effects.toPlainText().strip(),
            "storage": code_of(self.storage),
            "first_dose_at_home": self.first.currentData(),
        }


def _day(reading: Reading, key: str, typed: DayLine) -> date:
    def read() -> date:
        day = typed.day()
        if day is None:
            raise ValueError("Write the day.")
        return day

    return reading.take(key, read, date.min)


class CarryPart:
    """Whether the student carries it, with the boxes that the law asks to be ticked."""

    def __init__(self, sheet: Sheet, terms: OrderTerms | None) -> None:
        kept = terms.self_carry if terms else None
        sheet.column.addWidget(SectionTitle("Carried by the student"))
        self.carries = sheet.tick("The student carries and takes it themselves", kept is not None)
        self.boxes: dict[str, QCheckBox] = {
            key: sheet.tick(words, bool(kept and getattr(kept, key))) for key, words in CARRY
        }
        self.carries.toggled.connect(self._show)
        self._show(self.carries.isChecked())

    def read(self) -> SelfCarry | None:
        """The ticks; None where the student carries nothing."""
        if not self.carries.isChecked():
            return None
        return SelfCarry(**{key: box.isChecked() for key, box in self.boxes.items()})

    def _show(self, on: bool) -> None:
        for box in self.boxes.values():
            box.setVisible(on)
