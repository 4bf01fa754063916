"""Finds the tables of a roster in a folder or a zip and hands out their bytes, within bounds.

Nothing is ever written to disk. A zip is read member by member with a limit that does not trust
the sizes which the zip claims; names inside it are used to find a table, never as a path.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bt_desktop.errors import KnownError
from bt_desktop.services.roster_model import RosterProblem

TABLES = (
    "manifest",
    "orgs",
    "users",
    "roles",
    "userprofiles",
    "demographics",
    "classes",
    "enrollments",
)
"""The tables that are read, lower case; every other file of a set is left alone."""

MAX_TABLE = 256 * 1024 * 1024
MAX_TOTAL = 512 * 1024 * 1024
MAX_MEMBERS = 5_000
MAX_RATIO = 250
"""Repetitive CSV shrinks some 10 to 60 times; a zip bomb a thousand times and more."""

_RATIO_FREE = 4 * 1024 * 1024  # below this no ratio is a danger
_CHUNK = 1024 * 1024


class NotARoster(KnownError):
    """The chosen file or folder cannot be read as a OneRoster set. `code` tells why."""

    def __init__(self, code: str = "not-a-roster", sentence: str = "", remedy: str = "") -> None:
        super().__init__(
            code,
            sentence or "This is not a OneRoster export: it has no users.csv with people in it.",
            remedy
            or "Choose the folder or the zip file that the student system exported; it holds "
            "manifest.csv and users.csv.",
        )


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the set. `name` is its table in lower case, `file` its name as it stands."""

    name: str
    file: str
    data: bytes


def read_tables(path: Path) -> tuple[dict[str, Table], list[RosterProblem]]:
    """Returns the tables found at `path` by name, and what was odd about finding them.

    Raises `NotARoster` where there is no users.csv (nor a manifest that says it is left out), and
    where the files cannot be read at all.
    """
    with _world(path):
        if path.is_dir():
            return _from_folder(path)
        if not path.exists():
            raise NotARoster("roster-missing", "There is no such file or folder.")
        if not path.is_file():
            raise NotARoster()
        return _from_zip(path)


@contextmanager
def _world(path: Path) -> Iterator[None]:
    """Turns what the disk or the zip throws into one sentence; no path, no name in it."""
    try:
        yield
    except PermissionError:
        raise NotARoster(
            "roster-no-access",
            "This computer does not allow reading that file or folder.",
            "Copy it to a folder of your own, then choose it there.",
        ) from None
    except (OSError, ValueError) as problem:
        raise NotARoster(
            "roster-unreadable",
            "The file or folder could not be read.",
            "Check that the drive is still connected, or export the roster again.",
        ) from problem


def _from_folder(folder: Path) -> tuple[dict[str, Table], list[RosterProblem]]:
    files = {entry.name: entry for entry in sorted(folder.iterdir()) if _is_plain(entry)}
    if not any(_table_of(name) in ("users", "manifest") for name in files):
        files = _one_level_down(folder)
    return _collect(files, lambda name: _read_plain(files[name]))


def _one_level_down(folder: Path) -> dict[str, Path]:
    """An unpacked zip often is a folder within a folder."""
    found = []
    for inner in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        files = {entry.name: entry for entry in sorted(inner.iterdir()) if _is_plain(entry)}
        if any(_table_of(name) == "users" for name in files):
            found.append(files)
    if len(found) > 1:
        raise _several()
    return found[0] if found else {}


def _is_plain(entry: Path) -> bool:
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return False


def _read_plain(entry: Path) -> bytes:
    if entry.stat().st_size > MAX_TABLE:
        raise _too_large()
    return entry.read_bytes()


def _from_zip(path: Path) -> tuple[dict[str, Table], list[RosterProblem]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise _too_large()
            inside, odd = _choose_members(members)
            tables, problems = _collect(inside, lambda name: _read_member(archive, inside[name]))
            return tables, odd + problems
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        if _begins(path, b"PK"):
            raise NotARoster(
                "roster-zip-damaged",
                "The zip file is damaged or was packed in a way that cannot be read.",
                "Export the roster again, or unpack the zip and choose the folder.",
            ) from problem
        raise NotARoster() from None


def _begins(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _choose_members(
    members: Iterable[zipfile.ZipInfo],
) -> tuple[dict[str, zipfile.ZipInfo], list[RosterProblem]]:
    """The members of the folder (inside the zip) that holds users.csv, the outermost one."""
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
    odd: list[RosterProblem] = []
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or _table_of(name.name) is None or "__MACOSX" in name.parts:
            continue
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
            odd.append(
                _odd(
                    name.name,
                    "zip-path",
                    "The zip names this file by a path that leads outside of it. It was not read.",
                )
            )
            continue
        folder = folders.setdefault(name.parent, {})
        if name.name in folder:
            odd.append(
                _odd(
                    name.name,
                    "file-twice",
                    "This file stands twice in the zip. The first one was read.",
                )
            )
            continue
        folder[name.name] = member
    with_users = [f for f in folders if any(_table_of(n) == "users" for n in folders[f])]
    candidates = with_users or list(folders)
    if not candidates:
        return {}, odd
    least = min(len(folder.parts) for folder in candidates)
    outermost = [folder for folder in candidates if len(folder.parts) == least]
    if len(outermost) > 1:
        raise _several()
    return folders[outermost[0]], odd


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 0x1:
        raise NotARoster(
            "roster-zip-locked",
            "The zip file is locked with a password.",
            "Unpack it with its password and choose the folder, or export it without one.",
        )
    parts: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            swollen = size > _RATIO_FREE and size > MAX_RATIO * max(member.compress_size, 1)
            if size > MAX_TABLE or swollen:
                raise _too_large()
            parts.append(chunk)
    return b"".join(parts)


def _collect(
    names: Iterable[str], read: Callable[[str], bytes]
) -> tuple[dict[str, Table], list[RosterProblem]]:
    tables: dict[str, Table] = {}
    problems: list[RosterProblem] = []
    total = 0
    for name in names:
        table = _table_of(name)
        if table is None:
            continue
        if table in tables:
            problems.append(
                _odd(
                    name,
                    "file-twice",
                    "There are two files of this name, different "
                    "only in capitals. The first one was read.",
                )
            )
            continue
        tables[table] = Table(table, name, read(name))
        total += len(tables[table].data)
        if total > MAX_TOTAL:
            raise _too_large()
    return tables, problems


def _table_of(file_name: str) -> str | None:
    """`Users.CSV` → `users`; None for every file that is not one of our tables."""
    stem, dot, ending = file_name.strip().lower().rpartition(".")
    return stem if dot and ending == "csv" and stem in TABLES else None


def _odd(file: str, code: str, reason: str) -> RosterProblem:
    return RosterProblem(file, 0, reason, code=code)


def _too_large() -> NotARoster:
    return NotARoster(
        "roster-too-large",
        "These files are far larger than any school's roster, so they were not read.",
        "Export the roster of this school alone.",
    )


def _several() -> NotARoster:
    return NotARoster(
        "roster-several",
        "There are several rosters in there.",
        "Choose the folder of the one that you mean.",
    )
