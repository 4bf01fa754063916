"""The shipped list of medicines as values, read from `forms/medicines.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from bt_desktop.form_engine.loader import MEDICATION
from bt_desktop.form_engine.yaml_tree import Table
from bt_desktop.services.health.data_files import Rows, read_data
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import OrderKind
from bt_desktop.services.names import folded_words
from bt_desktop.services.privacy_near import Neighbors

FILE = MEDICATION[1]
NEAR_FROM = 6
"""Letters from which a word may be one letter off and still be meant."""
_KEYS = ("code", "name", "also", "contains", "class", "schedule", "forms", "rescue")
_CLASS_KEYS = ("code", "also", "crosses")


@dataclass(frozen=True, slots=True)
class Known:
    """A medicine of the list. `contains`: what is in it beside its names; `rescue`: the special
    kind of order it is mostly for."""

    code: str
    name: str
    also: tuple[str, ...]
    classes: tuple[str, ...]
    schedule: str
    forms: tuple[str, ...]
    contains: tuple[str, ...] = ()
    rescue: OrderKind = "regular"

    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class MedicineClass:
    """A class by its words. `crosses`: an allergy to one of it speaks against the others."""

    code: str
    also: tuple[str, ...] = ()
    crosses: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The list, and the classes its rows name."""

    medicines: tuple[Known, ...]
    classes: dict[str, MedicineClass]

    def class_words(self, code: str) -> tuple[str, ...]:
        """Everything a class is called."""
        return (code, *self.classes[code].also)

    def crossing(self, one: Known) -> frozenset[str]:
        """Its classes of which an allergy to one is an allergy to all."""
        return frozenset(code for code in one.classes if self.classes[code].crosses)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The shipped list."""
    return load_catalogue()


def medicines() -> tuple[Known, ...]:
    """The medicines of the shipped list."""
    return catalogue().medicines


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The list of a folder. Raises FormFaults."""
    return read_data(FILE, _read, folder)


def _read(rows: Rows, tree: Table) -> Catalogue:
    rows.keys(tree, (FILE, "classes"), "The list of medicines")
    classes = rows.by_code(
        "classes",
        (
            (one.code, row, one)
            for row in rows.each(tree, "classes", _CLASS_KEYS, "A class")
            for one in (_class(rows, row),)
        ),
    )
    found = rows.by_code(
        FILE,
        (
            (one.code, row, one)
            for row in rows.each(tree, FILE, _KEYS, "A medicine")
            for one in (_known(rows, row, classes),)
        ),
    )
    _check_names(rows, tree, found.values())
    return Catalogue(tuple(found.values()), classes)


def _class(rows: Rows, row: Table) -> MedicineClass:
    return MedicineClass(rows.code(row), rows.words(row, "also"), rows.flag(row, "crosses"))


def _known(rows: Rows, row: Table, classes: dict[str, MedicineClass]) -> Known:
    lists = medication_lists()
    schedules = tuple(filter(None, lists.schedules))
    return Known(
        rows.code(row),
        rows.word(row, "name"),
        rows.words(row, "also"),
        rows.words(row, "class", classes),
        rows.one_of(row, "schedule", schedules, ""),
        rows.words(row, "forms", lists.forms),
        rows.words(row, "contains"),
        cast("OrderKind", rows.one_of(row, "rescue", get_args(OrderKind), "regular")),
    )


def _check_names(rows: Rows, tree: Table, found: Iterable[Known]) -> None:
    """One name names one medicine: choosing it never writes another's."""
    owners: dict[tuple[str, ...], str] = {}
    for one in found:
        if not one.name:
            rows.fault(tree, "missing-name", f"The medicine “{one.code}” has no name.")
        for name in one.names():
            owner = owners.setdefault(folded_words(name), one.code)
            if owner != one.code:
                sentence = f"“{name}” names both “{owner}” and “{one.code}”."
                rows.fault(tree, "duplicate-name", sentence)


# --- words ---------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def spelled(listed: str) -> tuple[str, ...]:
    """A name of the list as words to compare: folded, in the singular. (What is typed about a
    student is never kept so.)"""
    return tuple(map(singular, folded_words(listed)))


def singular(word: str) -> str:
    """Without a plural's s."""
    return word.removesuffix("s") if len(word) > 3 else word


def meant(words: Iterable[str]) -> list[frozenset[str]]:
    """For each written word itself and, of a long one, the listed words one letter off."""
    near = _neighbors()
    return [
        frozenset((one, *(near.of(one) if len(one) >= NEAR_FROM else ())))
        for one in map(singular, words)
    ]


def stands(wanted: Sequence[str], written: Sequence[frozenset[str]]) -> bool:
    """Whether these words are meant there, in this order and beside each other."""
    size = len(wanted)
    return bool(wanted) and any(
        all(word in written[i + k] for k, word in enumerate(wanted))
        for i in range(len(written) - size + 1)
    )


def named(written: Sequence[frozenset[str]]) -> dict[Known, tuple[str, ...]]:
    """Every medicine of the list that is named there, with the words of its longest name."""
    found: dict[Known, tuple[str, ...]] = {}
    for words in written:
        for first in words:
            for name, one in _by_first_word().get(first, ()):
                if len(name) > len(found.get(one, ())) and stands(name, written):
                    found[one] = name
    return found


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Known]]]:
    found: dict[str, list[tuple[tuple[str, ...], Known]]] = {}
    for one in medicines():
        for name in map(spelled, one.names()):
            found.setdefault(name[0], []).append((name, one))
    return found


@lru_cache(maxsize=1)
def _neighbors() -> Neighbors:
    listed = catalogue()
    names = [name for one in listed.medicines for name in (*one.names(), *one.contains)]
    names += [name for code, one in listed.classes.items() for name in (code, *one.also)]
    words = {word for name in names for word in spelled(name)}
    return Neighbors(word for word in words if len(word) >= NEAR_FROM)
