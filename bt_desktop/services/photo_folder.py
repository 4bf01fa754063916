"""Whose pictures lie in a folder: by student number, else by a name that only one student bears."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bt_desktop.errors import KnownError
from bt_desktop.services import pictures
from bt_desktop.services.names import fold
from bt_desktop.services.work_progress import Progress

MOST_FILES = 20_000
"""A district's folder; more is no folder of photos."""

_ENDINGS = (".jpg", ".jpeg", ".png")
_NOT_PICTURES = (".txt", ".csv", ".db", ".ini", ".ds_store", ".md")  # what lies beside photos
_WORDS = re.compile(r"[^\W_]+")
_TAIL = re.compile(r"[\s_(-]*(copy|photo|\(?\d{1,2}\)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Owner:
    """A student whom a picture can belong to."""

    student_id: str
    given: str
    middle: str
    family: str
    preferred: str
    number: str
    has_photo: bool = False

    @property
    def name(self) -> str:
        """The name to show."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Matched:
    """A picture and whose it is. `replaces`: there is a photo already."""

    path: Path
    student_id: str
    name: str
    by: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that will not be used, and why, in a sentence. `code`: nobody, several, twice, kind,
    large, broken, unreadable."""

    file: str
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class FolderPreview:
    """What bringing a folder in would do. `without` counts active students who stay without one."""

    matched: tuple[Matched, ...]
    left_out: tuple[LeftOut, ...]
    without: int


class FolderUnreadable(KnownError):
    """The folder cannot be read, or is no folder of photos."""


_WHY = {
    "nobody": "No active student has this number or name.",
    "several": "Several students have this name. Name the file by the student number.",
    "twice": "Another file in the folder is this student's, too. The first one is used.",
    "kind": "This file is not a PNG or JPEG picture.",
    "large": "This picture is larger than 25 MB or 64 million pixels.",
    "broken": "This picture is damaged, or far too narrow to show a face.",
    "unreadable": "This file could not be read.",
}


def look_at(folder: Path, owners: Sequence[Owner], progress: Progress) -> FolderPreview:
    """Matches the pictures of a folder (and of the folders in it). Raises FolderUnreadable."""
    files = _files(folder)
    book = _Book(owners)
    matched: dict[str, Matched] = {}
    left: list[LeftOut] = []
    progress.begin(len(files))
    for path in files:
        progress.step()
        found, by = book.owner_of(path.stem)
        code = by if found is None else ""
        if found is not None or path.suffix.lower() not in _ENDINGS:
            code = _fault(path)
        if found is not None and not code and found.student_id in matched:
            code = "twice"
        if found is None or code:
            left.append(LeftOut(path.name, code, _WHY[code]))
            continue
        matched[found.student_id] = Matched(path, found.student_id, found.name, by, found.has_photo)
    without = sum(1 for o in owners if not o.has_photo and o.student_id not in matched)
    return FolderPreview(tuple(matched.values()), tuple(left), without)


def _files(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            raise FolderUnreadable(
                "photos-no-folder",
                "There is no such folder.",
                "Choose the folder in which the photos lie.",
            )
        found = sorted(_inside(folder, 2))
    except OSError:
        raise FolderUnreadable(
            "photos-unreadable",
            "The folder could not be read.",
            "Check that the drive is still connected, then choose it again.",
        ) from None
    if len(found) > MOST_FILES:
        raise FolderUnreadable(
            "photos-too-many",
            "There are more than 20,000 files in this folder.",
            "Choose the folder that holds the photos of this school alone.",
        )
    return found


def _inside(folder: Path, deep: int) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        kind = entry.lstat().st_mode
        if stat.S_ISDIR(kind) and deep > 1:
            yield from _inside(entry, deep - 1)
        elif stat.S_ISREG(kind) and entry.suffix.lower() not in _NOT_PICTURES:
            yield entry


def _fault(path: Path) -> str:
    """What is wrong with a file, as a code; empty for a picture. Unpacks nothing."""
    if path.suffix.lower() not in _ENDINGS:
        return "kind"
    try:
        if path.stat().st_size > pictures.MOST_BYTES:
            return "large"
        pictures.facts(path.read_bytes())
    except OSError:
        return "unreadable"
    except pictures.PictureUnusable as problem:
        return problem.code.removeprefix("picture-")
    return ""


class _Book:
    """Finds the owner of a file name."""

    def __init__(self, owners: Iterable[Owner]) -> None:
        self._numbers: dict[str, list[Owner]] = {}
        self._names: dict[frozenset[str], list[Owner]] = {}
        for one in owners:
            if one.number:
                self._numbers.setdefault(number_key(one.number), []).append(one)
            for words in _spellings(one):
                known = self._names.setdefault(words, [])
                if one not in known:
                    known.append(one)

    def owner_of(self, stem: str) -> tuple[Owner | None, str]:
        """(owner, `number` or `name`), or (None, `nobody` or `several`)."""
        by_number = self._numbers.get(number_key(stem), [])
        if len(by_number) == 1:
            return by_number[0], "number"
        if by_number:
            return None, "several"
        words = _WORDS.findall(fold(stem))
        for word in words:  # 1001_Brooks_Aaliyah
            mine = self._numbers.get(number_key(word), []) if any(map(str.isdigit, word)) else []
            if len(mine) == 1:
                return mine[0], "number"
        for spelled in (stem, _TAIL.sub("", stem)):
            found = self._names.get(frozenset(_WORDS.findall(fold(spelled))), [])
            if len(found) == 1:
                return found[0], "name"
            if found:
                return None, "several"
        return None, "nobody"


def _spellings(one: Owner) -> Iterator[frozenset[str]]:
    for given in filter(None, (one.given, one.preferred)):
        for middle in {"", one.middle}:
            words = frozenset(_WORDS.findall(fold(f"{given} {middle} {one.family}")))
            if len(words) > 1:
                yield words
        for part in _WORDS.findall(fold(one.family)):  # one half of a double name
            if len(part) > 2:
                yield frozenset((*_WORDS.findall(fold(given)), part))


def number_key(number: str) -> str:
    """A student number as it is compared: spreadsheets drop zeros at its beginning."""
    plain = "".join(number.split()).upper()
    return plain.lstrip("0") or plain
