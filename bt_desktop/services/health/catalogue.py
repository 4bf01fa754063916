"""Common school medicines: suggested while typing, and held against a list of allergies (R17).

The list warns and suggests; what counts is the order and the label. Words are compared without
case and accents, whole words only ("insulin" is not found in "insulinoma").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bt_desktop.form_engine.yaml_tree import Table
from bt_desktop.services.health.data_files import Rows, read_data

FILE = "medicines"
_KEYS = ("code", "name", "also", "class", "schedule", "forms")
_SCHEDULES = ("C-II", "C-III", "C-IV", "C-V")
_NONE = re.compile(
    r"\W*(no|none|nil|nka|nkda|no known( drug)?( allergies)?|none known|keine|ninguna)\W*\Z", re.I
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A medicine of the list."""

    code: str
    name: str
    also: tuple[str, ...]
    classes: tuple[str, ...]
    schedule: str
    forms: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.name, *self.also)


def suggestions(typed: str, limit: int = 6) -> tuple[Known, ...]:
    """Medicines of which some name begins so, the own name first."""
    start = _plain(typed)
    if len(start) < _FEWEST:
        return ()
    own = [one for one in medicines() if _plain(one.name).startswith(start)]
    also = [
        one
        for one in medicines()
        if one not in own and any(_plain(name).startswith(start) for name in one.also)
    ]
    return tuple((own + also)[:limit])


def known(name: str) -> Known | None:
    """The medicine of the list that a written name names, whatever stands around it."""
    words = _words(name)
    for one in medicines():
        if any(_within(_words(called), words) for called in one.names()):
            return one
    return None


def allergies_known(allergies: str) -> bool:
    """Whether something is written: allergies, or that there are none."""
    return bool(allergies.strip())


def conflict(allergies: str, medicine: str) -> str:
    """What of a list of allergies speaks against a medicine: the written word, or blank.

    By the medicine's own words, by another name of it, or by its class ("penicillins").
    """
    if not allergies.strip() or _NONE.match(allergies):
        return ""
    found = known(medicine)
    against = [_words(medicine)[:1]]
    if found is not None:
        against += [_words(name) for name in (*found.names(), *found.classes)]
    for written in re.split(r"[,;/\n]|\band\b", allergies):
        words = [_singular(word) for word in _words(written)]
        if any(one and _within([_singular(word) for word in one], words) for one in against):
            return " ".join(written.split())
    return ""


def _within(wanted: list[str], words: list[str]) -> bool:
    """Whether these words stand there, in this order and beside each other."""
    size = len(wanted)
    return bool(wanted) and any(words[i : i + size] == wanted for i in range(len(words)))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", _plain(text))


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold().strip())
    return "".join(one for one in split if not unicodedata.combining(one))


@lru_cache(maxsize=1)
def medicines() -> tuple[Known, ...]:
    """The shipped list."""
    return load_medicines()


def load_medicines(folder: Path | None = None) -> tuple[Known, ...]:
    """The list of a folder. Raises FormFaults."""
    return read_data(FILE, _read, folder)


def _read(rows: Rows, tree: Table) -> tuple[Known, ...]:
    found = rows.by_code(
        FILE,
        (
            (rows.code(row), row, _known(rows, row))
            for row in rows.each(tree, FILE, _KEYS, "medicine")
        ),
    )
    return tuple(found.values())


def _known(rows: Rows, row: Table) -> Known:
    schedule = rows.word(row, "schedule")
    if schedule and schedule not in _SCHEDULES:
        rows.unknown(row, "schedule", schedule, _SCHEDULES)
    return Known(
        rows.code(row),
        rows.word(row, "name"),
        rows.words(row, "also"),
        rows.words(row, "class"),
        schedule,
        rows.words(row, "forms"),
    )
