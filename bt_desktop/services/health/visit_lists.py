"""What the lines of the visit log are understood by, as `forms/visit_lists.yaml` has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bt_desktop.form_engine.definition import Text, say
from bt_desktop.form_engine.yaml_tree import Table
from bt_desktop.services.health.data_files import Rows, read_data
from bt_desktop.services.names import fold

FILE = "visit_lists"
LISTS = ("complaints", "care", "dispositions")
_KEYS = ("code", "label", "words", "report")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list. `report`: usually written up as a first-aid report."""

    code: str
    label: Text
    words: tuple[str, ...] = ()
    report: bool = False

    @property
    def said(self) -> str:
        """Its words on the screen."""
        return say(self.label)


@dataclass(frozen=True, slots=True)
class VisitLists:
    """Complaints, care and dispositions, each by code in the order of the file.

    `phrases` are what people type, word by word, with the list and the code it stands for.
    """

    complaints: Mapping[str, Row]
    care: Mapping[str, Row]
    dispositions: Mapping[str, Row]
    phrases: Mapping[tuple[str, ...], tuple[str, str]]
    longest: int

    def match(self, words: Sequence[str], at: int) -> tuple[str, str, int] | None:
        """(list, code, how many words) of the longest phrase that begins there; None for none."""
        for length in range(min(self.longest, len(words) - at), 0, -1):
            found = self.phrases.get(tuple(_plain(one) for one in words[at : at + length]))
            if found is not None:
                return *found, length
        return None

    def complaint(self, code: str, words: str = "") -> str:
        """What they came with, in words; blank where nothing was said."""
        row = self.complaints.get(code)
        return ", ".join(filter(None, (row.said if row is not None else code, words)))

    def cared(self, codes: Sequence[str]) -> str:
        """What was done, in words."""
        return ", ".join(row.said if (row := self.care.get(one)) else one for one in codes)

    def went(self, code: str) -> str:
        """Where they went, in words."""
        row = self.dispositions.get(code)
        return row.said if row is not None else code


def load_visit_lists(folder: Path | None = None) -> VisitLists:
    """The lists of a folder (the shipped ones). Raises FormFaults with all that is wrong."""
    return read_data(FILE, _read, folder)


@lru_cache(maxsize=1)
def visit_lists() -> VisitLists:
    """The shipped lists, read once."""
    return load_visit_lists()


def _read(rows: Rows, tree: Table) -> VisitLists:
    rows.keys(tree, (FILE, *LISTS), "The file of visits")
    found = {name: _rows(rows, tree, name) for name in LISTS}
    phrases: dict[tuple[str, ...], tuple[str, str]] = {}
    for name, listed in found.items():
        for row in listed.values():
            for phrase in row.words:
                key = tuple(map(_plain, phrase.split()))
                if key in phrases:
                    rows.fault(tree, "duplicate", f"“{phrase}” stands in two rows.")
                phrases[key] = name, row.code
    longest = max(map(len, phrases), default=0)
    return VisitLists(found["complaints"], found["care"], found["dispositions"], phrases, longest)


def _rows(rows: Rows, tree: Table, name: str) -> dict[str, Row]:
    if not rows.rows(tree, name):
        rows.fault(tree, "missing-list", f"The list “{name}” is missing.")
    made = []
    for row in rows.each(tree, name, _KEYS, f"A row of “{name}”"):
        rows.field = rows.word(row, "code")
        one = Row(
            rows.code(row), rows.said(row), rows.words(row, "words"), rows.flag(row, "report")
        )
        made.append((one.code, row, one))
    rows.field = ""
    return rows.by_code(name, made)


def _plain(word: str) -> str:
    """As it is compared: without case, accents or a final dot."""
    return fold(word).strip(".!?")
