"""Opens a table of a school's system: what its bytes are, where its header is, what it shows.

Nothing is computed, unpacked or run: an Excel workbook, a web page or a picture under the name of a
table is told in a sentence. Everything has a bound.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bt_desktop.errors import KnownError
from bt_desktop.services.csv_fields import FIELDS, TableKind, guesses
from bt_desktop.services.roster_columns import Header, is_secret
from bt_desktop.services.roster_files import Table
from bt_desktop.services.roster_table import Reading, decode

MOST_BYTES = 32 * 1024 * 1024
MOST_COLUMNS = 300
MOST_ROWS = 200_000
MOST_FILES = 12
SAMPLES = 3
_SAMPLE_LONG = 60
_HEADER_WITHIN = 15  # lines: titles and dates stand above the header of printed lists
_MARKS = ",;\t|"
_NEWLINE = re.compile(r"\r\n|\n|\r")
_OTHERS = (
    (b"PK\x03\x04", "table-workbook", "This is an Excel workbook or a zip file, not a CSV file."),
    (b"\xd0\xcf\x11\xe0", "table-workbook", "This is an old Excel workbook, not a CSV file."),
    (b"%PDF", "table-pdf", "This is a PDF, not a CSV file."),
    (b"\x89PNG", "table-picture", "This is a picture, not a CSV file."),
    (b"\xff\xd8\xff", "table-picture", "This is a picture, not a CSV file."),
)
_SAVE_AS = "Open it in the spreadsheet program, save it as “CSV UTF-8”, then choose that file."


class NotATable(KnownError):
    """The chosen file cannot be read as a table. `code` tells why."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table whose header was found. `columns` are its headers as they stand, `keys` the same made
    unique; `data` its bytes."""

    path: Path
    data: bytes
    start: int
    delimiter: str
    columns: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The headers, a second one of the same name with its number."""
        seen: Counter[str] = Counter()
        found = []
        for column in self.columns:
            name = " ".join(column.split()).casefold()
            seen[name] += 1
            found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(found)

    def reading(self, places: Sequence[int]) -> Reading:
        """Reads the rows, the cells at `places` only."""

        def match(cells: Sequence[str], _: str) -> Header:
            width = len(cells)
            while width and not cells[width - 1].strip():
                width -= 1
            raw = [cell.strip().lower() for cell in cells]
            return Header({str(i): i for i in range(len(cells))}, width, len(cells), raw, ())

        table = Table("table", self.path.name, self.data)
        wanted = tuple(str(place) for place in places)
        return Reading(table, wanted, match, self.start, self.delimiter)

    def samples(self) -> tuple[tuple[str, ...], ...]:
        """Up to three values of each column, none of a column of secrets."""
        open_ones = [i for i, name in enumerate(self.columns) if not is_secret(name)]
        found: dict[int, list[str]] = {i: [] for i in range(len(self.columns))}
        for number, (_, cells) in enumerate(self.reading(open_ones).rows()):
            for place, cell in zip(open_ones, cells, strict=True):
                kept = found[place]
                if cell and len(kept) < SAMPLES and cell[:_SAMPLE_LONG] not in kept:
                    kept.append(cell[:_SAMPLE_LONG])
            if number >= 200:
                break
        return tuple(tuple(found[i]) for i in range(len(self.columns)))


def open_table(path: Path) -> OpenTable:
    """The table at `path`. Raises NotATable."""
    data = _bytes(path)
    _refuse_others(data)
    text, _ = decode(data)
    lines = _NEWLINE.split(text)
    if len(lines) > MOST_ROWS:
        raise NotATable(
            "table-too-long",
            "This file has more than 200,000 rows, far more than any school has people.",
            "Export the table of this school alone.",
        )
    if text.lstrip().lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise NotATable("table-web-page", "This is a web page under the name of a table.", _SAVE_AS)
    start, delimiter, columns = _header(lines)
    if len(columns) > MOST_COLUMNS:
        raise NotATable(
            "table-too-wide",
            "This file has more than 300 columns.",
            "Export only the columns that are needed.",
        )
    return OpenTable(path, data, start, delimiter, columns)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir() or not path.is_file():
            raise NotATable(
                "table-missing", "There is no such file.", "Choose the file that was exported."
            )
        if path.stat().st_size > MOST_BYTES:
            raise NotATable(
                "table-too-large",
                "This file is larger than 32 MB, so it was not read.",
                "Export the table of this school alone.",
            )
        return path.read_bytes()
    except OSError:
        raise NotATable(
            "table-unreadable",
            "The file could not be read.",
            "Close it in other programs, or copy it to a folder of your own.",
        ) from None


def _refuse_others(data: bytes) -> None:
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise NotATable("table-empty", "This file is empty.", "Export it again.")
    for start, code, sentence in _OTHERS:
        if data.startswith(start):
            raise NotATable(code, sentence, _SAVE_AS)


def _header(lines: Sequence[str]) -> tuple[int, str, tuple[str, ...]]:
    """(line from 0, what parts the cells, the headers): the line that reads most like a header."""
    best: tuple[float, int, str, tuple[str, ...]] | None = None
    for at, line in _first_written(lines):
        for mark in _MARKS:
            cells = _cells(line, mark)
            if len([cell for cell in cells if cell]) < 2:
                continue
            score = _likeness(cells) - at * 0.01
            if best is None or score > best[0]:
                best = (score, at, mark, cells)
    if best is None:
        raise NotATable(
            "table-no-columns",
            "No columns were found in this file.",
            "Choose a CSV file whose first row names its columns.",
        )
    return best[1:]


def _first_written(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    found = 0
    for at, line in enumerate(lines):
        if line.strip(" ,;\t|"):
            yield at, line
            found += 1
        if found >= _HEADER_WITHIN:
            return


def _cells(line: str, mark: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader((line,), delimiter=mark), [])
    except csv.Error:
        return ()
    return tuple(" ".join(cell.replace("\x00", "").split())[:120] for cell in row)


def _likeness(cells: Sequence[str]) -> float:
    """How much a row reads like a header: known words count most, figures against it."""
    kinds: tuple[TableKind, ...] = tuple(FIELDS)
    known = max(sum(1 for key in guesses(cells, kind) if key) for kind in kinds)
    written = [cell for cell in cells if cell]
    figures = sum(1 for cell in written if sum(map(str.isdigit, cell)) * 2 > len(cell))
    return known * 3 - figures * 1.5 + min(len(written), 40) * 0.1
