"""Single values of a roster as exporters really write them: dates, yes and no, states, grades."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ].*)?$")
_WORDED = re.compile(
    r"(\d{1,2})[- ]([a-z]{3})[a-z]*\.?[- ,]+(\d{4})$|"
    r"([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

DayOrder = Literal["month-first", "day-first", "unknown"]


def day_order(texts: Iterable[str]) -> DayOrder:
    """What the dates of one column show about their order: 3/22/2017 tells, 1/05/2017 does not.

    Where both orders are shown, or neither, the answer is `unknown`.
    """
    month_first = day_first = False
    for text in texts:
        if found := _SLASHED.match(text):
            month_first = month_first or int(found[2]) > 12
            day_first = day_first or int(found[1]) > 12
    if month_first == day_first:
        return "unknown"
    return "month-first" if month_first else "day-first"


def parse_date(text: str, order: DayOrder = "unknown") -> tuple[date | None, bool]:
    """Text → (date or None where it is none, whether day and month could be the other way).

    `1/05/2023` is 5 January, as the United States write it, unless the column shows otherwise.
    """
    try:
        if found := _ISO.match(text) or _PLAIN.match(text):
            return date(int(found[1]), int(found[2]), int(found[3])), False
        if found := _SLASHED.match(text):
            return _slashed(int(found[1]), int(found[2]), found[3], order)
        if found := _WORDED.match(text):
            day, month, year = (
                (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
            )
            return date(int(year), _MONTHS.index(month.lower()) + 1, int(day)), False
    except ValueError:
        pass
    return None, False


def _slashed(one: int, two: int, year: str, order: DayOrder) -> tuple[date, bool]:
    full = int(year) + (2000 if len(year) == 2 else 0)
    day_first = one > 12 or (order == "day-first" and two <= 12)
    day, month = (one, two) if day_first else (two, one)
    either = one <= 12 and two <= 12 and one != two
    return date(full, month, day), either and order != "month-first"


def parse_bool(text: str) -> bool | None:
    """`TRUE`, `true`, `1`, `yes` → True, their opposites → False, anything else → None."""
    word = text.lower()
    if word in ("true", "1", "yes", "y", "t"):
        return True
    return False if word in ("false", "0", "no", "n", "f") else None


Status = Literal["active", "inactive", "deleted"]
_STATES: dict[str, Status] = {
    "": "active",
    "active": "active",
    "inactive": "inactive",
    "tobedeleted": "deleted",
    "deleted": "deleted",
}


def parse_status(text: str) -> Status | None:
    """The status of a row; a blank one is active, an unknown word is None."""
    return _STATES.get(re.sub(r"[^a-z]", "", text.lower()))


_GRADES = {
    "KG": "K", "KINDERGARTEN": "K", "TK": "TK", "PK": "PK", "PREK": "PK", "PR": "Preschool",
    "IT": "Infant/toddler", "UG": "Ungraded", "PS": "Postsecondary", "OTHER": "Other",
    "0": "K", "00": "K", "-1": "PK", "-2": "Preschool",
}  # fmt: skip


def parse_grade(text: str) -> str:
    """`09` → `9`, `KG` → `K`; of several the first is taken; an unknown word stays as it is."""
    first = split_values(text)[0] if text else ""
    word = first.upper()
    if word in _GRADES:
        return _GRADES[word]
    return str(int(first)) if first.isascii() and first.isdigit() else first


def split_values(text: str) -> tuple[str, ...]:
    """A cell with several values, parted by commas (or semicolons), blank ones left out."""
    if not text:
        return ("",)
    if "," not in text and ";" not in text:
        return (text,)
    found = tuple(v for v in (part.strip() for part in re.split(r"[,;]", text)) if v)
    return found or ("",)


def looks_mangled(name: str) -> bool:
    """Whether a name looks as if UTF-8 had been read as Windows-1252 once (`NÃºÃ±ez`)."""
    if name.isascii():
        return False
    if "\ufffd" in name:
        return True
    try:
        return name.encode("cp1252").decode("utf-8") != name
    except UnicodeError:
        return False
