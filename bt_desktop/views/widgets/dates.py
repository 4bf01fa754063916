"""A day as it is typed: tolerant (3/9/2017, 2017-03-09, Mar 9 2017), may be blank."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from PySide6.QtWidgets import QLineEdit, QWidget

from bt_desktop.form_engine.typed_moments import Unreadable, parse_time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"^\s*(\d{1,4})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})\s*$")
_WORDS = re.compile(r"^\s*([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\s*$")
_CENTURY = 100


def read_day(typed: str, today: date) -> date | None:
    """The day that was typed; None for blank. Raises ValueError with a sentence.

    American order (month first), year first where it has four digits; a year of two digits is
    the nearest one not in the future by more than ten years.
    """
    text = typed.strip()
    if not text:
        return None
    try:
        if found := _WORDS.match(text):
            month = _MONTHS.index(found[1][:3].lower()) + 1
            return date(int(found[3]), month, int(found[2]))
        if found := _NUMBERS.match(text):
            one, two, three = (int(part) for part in found.groups())
            if one > _CENTURY:
                return date(one, two, three)
            return date(_year(three, today), one, two)
    except ValueError:
        pass
    raise ValueError("This is not a day. Write it as month/day/year, for example 3/9/2017.")


def _year(typed: int, today: date) -> int:
    if typed >= _CENTURY:
        return typed
    year = today.year // _CENTURY * _CENTURY + typed
    return year - _CENTURY if year > today.year + 10 else year


def read_clock(typed: str, now: datetime) -> time | None:
    """The time of day that was typed (`3:10 pm`, `1510`); None for blank. Raises ValueError."""
    try:
        return parse_time(typed, now)
    except Unreadable:
        raise ValueError("This is not a time. Write it as 3:10 pm or 15:10.") from None


class DayLine(QLineEdit):
    """A line for a day. `day()` is None when blank and raises ValueError with a sentence."""

    def __init__(self, today: date, day: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.setPlaceholderText("month/day/year")
        if day is not None:
            self.setText(f"{day.month}/{day.day}/{day.year}")

    def day(self) -> date | None:
        """What was typed."""
        return read_day(self.text(), self._today)
