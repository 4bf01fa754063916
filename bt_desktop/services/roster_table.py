"""Reads one CSV table of a roster: its letters, its header, its rows, and what is wrong with them.

Only the columns that are asked for are ever taken out of a row, by their place in the header; a
password column is not among them and cannot be asked for. A row whose cells do not line up with
the header is refused as a whole, because a shifted password would land in another column.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from bt_desktop.services.roster_columns import Header, match_header
from bt_desktop.services.roster_files import Table
from bt_desktop.services.roster_model import RosterProblem

MAX_JOINED_LINES = 12
"""So many lines a quoted cell may span. An unclosed quote would otherwise swallow the school."""

_NEWLINE = re.compile(r"\r\n|\n|\r")
_OPENS = re.compile(r'(?:^|[,;\t])\s*"')  # a mark within a word, as in 6" or O"Brien, opens nothing
_UTF16_LOOK = 4096  # so many bytes are enough to tell UTF-16 without a mark


@dataclass(slots=True)
class Reading:
    """A table being read. `rows()` yields (line, cells in the order asked for); then `problems`
    holds what was wrong and `damaged` tells whether a part of the file is missing or was lost.

    `match` finds the columns in the header; `start` is the header's line (from 0) and `delimiter`
    what parts its cells, where they are known already.
    """

    table: Table
    wanted: tuple[str, ...]
    match: Callable[[Sequence[str], str], Header] = match_header
    start: int | None = None
    delimiter: str = ""
    header: Header = field(init=False)
    problems: list[RosterProblem] = field(default_factory=list)
    damaged: bool = False
    lost_ids: set[str] = field(default_factory=set)
    _lines: list[str] = field(init=False)
    _ends_open: bool = field(init=False, default=False)
    _delimiter: str = field(init=False, default=",")
    _start: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        text, notes = decode(self.table.data)
        for code, line, reason in notes:
            self._note(line, code, reason, taken=True)
        self._lines = _NEWLINE.split(text)
        self._ends_open = bool(self._lines) and self._lines[-1] != ""
        written = (i for i, line in enumerate(self._lines) if line.strip(" ,;\t"))
        self._start = next(written, 0) if self.start is None else self.start
        first = self._lines[self._start] if self._lines else ""
        self._delimiter = self.delimiter or _delimiter(first)
        self.header = self.match(self._cells(first) or [], self.table.name)
        for column, reason in self.header.notes:
            self._note(self._start + 1, "header-guessed", reason, column, taken=True)

    def has(self, column: str) -> bool:
        """Whether the header has this column."""
        return column in self.header.places

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yields (line, the wanted cells, trimmed; "" where the column is missing)."""
        pick = _picker([self.header.places.get(column) for column in self.wanted])
        width, most = self.header.width, self.header.most
        for line, cells in self._records():
            if not width <= len(cells) <= most and not self._lines_up(line, cells):
                continue
            yield line, pick(cells)

    def problem(
        self, line: int, code: str, reason: str, column: str = "", *, taken: bool = False
    ) -> None:
        """Adds a problem of this file."""
        self._note(line, code, reason, column, taken=taken)

    @property
    def lines(self) -> int:
        """How many lines the file has: the most rows that can come."""
        return len(self._lines)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        lines = self._lines
        at = self._start + 1
        while at < len(lines):
            line = lines[at]
            if not line or not line.strip(" ,;\t|"):
                at += 1
                continue
            taken = 1
            cells: list[str] | None
            if line.count('"') % 2 and _OPENS.search(line):
                cells, taken = self._joined(at)
            else:
                cells = self._cells(line)
            if cells is None or "\x00" in line:
                self._unreadable(at, line)
            elif not self._is_header_again(cells):
                yield at + 1, cells
            at += taken

    def _joined(self, at: int) -> tuple[list[str] | None, int]:
        """A cell with a line break in it: joins lines until the quotes pair and cells line up."""
        text = self._lines[at]
        for taken in range(2, MAX_JOINED_LINES + 1):
            if at + taken > len(self._lines):
                break
            text += "\n" + self._lines[at + taken - 1]
            if text.count('"') % 2 == 0:
                cells = self._cells(text, joined=True)
                if cells is not None and self.header.width <= len(cells) <= self.header.most:
                    return cells, taken
        return None, 1

    def _cells(self, line: str, *, joined: bool = False) -> list[str] | None:
        source = line.splitlines(keepends=True) if joined else (line,)
        try:
            return next(csv.reader(source, delimiter=self._delimiter), [])
        except csv.Error:  # a cell beyond csv's limit of 131,072 characters
            return None

    def _unreadable(self, at: int, line: str) -> None:
        self.damaged = True
        self.lost_ids.add(self._first_guess(line))
        last = at >= len(self._lines) - 1
        if "\x00" in line:
            self._note(
                at + 1, "unreadable", "This row holds bytes that are no text. It was not read."
            )
        elif last and self._ends_open:
            self._note(
                at + 1,
                "cut-off",
                "The file ends in the middle of this row. "
                "Export it again, or the people after it are missing.",
            )
        elif line.count('"') % 2:
            self._note(
                at + 1,
                "open-quote",
                "A quotation mark opens in this row and never closes. The row was not read.",
            )
        else:
            self._note(
                at + 1,
                "cell-too-long",
                "A cell in this row is longer than any name or number. The row was not read.",
            )

    def _first_guess(self, line: str) -> str:
        """The id of a row that could not be read, so that its person is not taken as gone."""
        place = self.header.places.get("sourcedId", 0)
        cells = line.split(self._delimiter)
        return cells[place].strip(' "') if place < len(cells) else ""

    def _lines_up(self, line: int, cells: list[str]) -> bool:
        width, most = self.header.width, self.header.most
        if len(cells) > most and not any(cell.strip() for cell in cells[most:]):
            return True
        place = self.header.places.get("sourcedId", 0)
        if place < len(cells):
            self.lost_ids.add(cells[place].strip())
        if len(cells) < width and line == len(self._lines) and self._ends_open:
            self.damaged = True
            self._note(
                line,
                "cut-off",
                "The file ends in the middle of this row. "
                "Export it again, or the people after it are missing.",
            )
        else:
            count = f"{len(cells)} cell" + ("s" if len(cells) != 1 else "")
            self._note(
                line,
                "cells-do-not-fit",
                f"This row has {count} where the header has {width}. It was not read.",
            )
        return False

    def _is_header_again(self, cells: list[str]) -> bool:
        return [cell.strip().lower() for cell in cells] == self.header.raw

    def _note(
        self, line: int, code: str, reason: str, column: str = "", *, taken: bool = False
    ) -> None:
        self.problems.append(RosterProblem(self.table.file, line, reason, column, code, taken))


def _picker(places: Sequence[int | None]) -> Callable[[list[str]], tuple[str, ...]]:
    """A function that takes the cells at `places` out of a row, trimmed and normalised."""
    known = [place for place in places if place is not None]
    if len(known) == len(places) and len(known) > 1:
        take = itemgetter(*known)
        return lambda cells: tuple(map(clean, take(cells)))
    return lambda cells: tuple("" if place is None else clean(cells[place]) for place in places)


def clean(cell: str) -> str:
    """Trims, joins runs of white space, drops invisible format characters, composes (NFC)."""
    if cell.isascii():
        return cell.strip() if "  " not in cell and cell.isprintable() else " ".join(cell.split())
    kept = "".join(c for c in cell if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _delimiter(header: str) -> str:
    """Comma, unless the header is plainly parted by semicolons or tabs (spreadsheets do that)."""
    counts = {mark: header.count(mark) for mark in ",;\t"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] > counts[","] else ","


def decode(data: bytes) -> tuple[str, list[tuple[str, int, str]]]:
    """Bytes → text and notes (code, line, reason). Marks first, then UTF-8, then Windows-1252.

    Where only some lines are not UTF-8, those lines alone are read as Windows-1252: a set put
    together from two systems keeps its accents.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            if name == "utf-8":
                return _utf8_or_windows(data[len(mark) :])
            return data.decode(name, errors="replace"), []
    if guessed := _unmarked_utf16(data):
        return data.decode(guessed, errors="replace"), []
    return _utf8_or_windows(data)


def _unmarked_utf16(data: bytes) -> str:
    head = data[:_UTF16_LOOK]
    if len(head) < 4 or b"\x00" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = len(head) // 2 * 0.7
    if odd > most and even < most / 4:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < most / 4 else ""


def _utf8_or_windows(data: bytes) -> tuple[str, list[tuple[str, int, str]]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines: list[str] = []
    first = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            first = first or number
            lines.append(line.decode("cp1252", errors="replace"))
    note = (
        "not-utf8",
        first,
        "This file is not written in UTF-8. From this line on, letters with "
        "accents were read as Windows does; check a few names.",
    )
    return "\n".join(lines), [note]
