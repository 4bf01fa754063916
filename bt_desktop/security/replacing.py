"""One set of files takes the place of another, so that a kill anywhere leaves one whole set.

The new files lie in a folder beside; a plan says what is renamed to what and is on the disk before
the first step. Whoever looks at the vault next carries the rest of it out.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from bt_desktop.errors import KnownError
from bt_desktop.security.atomic import storage_errors, sync_folder

WORK, PLAN = "restoring", "restore.plan.json"
_HELD_OPEN_BYTE = 128
"""Every connection in WAL mode holds a shared lock on this byte of the -shm file (SQLite,
os_unix.c: UNIX_SHM_DMS = UNIX_SHM_BASE + SQLITE_SHM_NLOCK = 120 + 8)."""


class StillOpen(KnownError):
    """The records are open, here or in another program."""

    def __init__(self) -> None:
        super().__init__(
            "still-open", "The records are open.",
            "Lock them and close the program on this and every other screen, then restore.",
        )  # fmt: skip


def require_closed(database: Path) -> None:
    """Raise StillOpen where another program has the database open.

    Windows keeps an open file from being renamed, so there the renaming itself tells.
    """
    beside = database.with_name(f"{database.name}-shm")
    if sys.platform == "win32" or not beside.exists():
        return
    import fcntl

    with beside.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _HELD_OPEN_BYTE)
        except OSError:
            raise StillOpen from None


def finish(folder: Path) -> bool:
    """Carry out a plan that was interrupted; whether there was one. Each step may be done already.

    Raises StillOpen, StorageFull, StorageReadOnly.
    """
    path = folder / PLAN
    if not path.is_file():
        shutil.rmtree(folder / WORK, ignore_errors=True)  # begun, and never planned
        return False
    plan = json.loads(path.read_bytes())
    with storage_errors():
        for old, new in plan["aside"]:
            if (folder / old).exists() and not (folder / new).exists():
                _rename(folder / old, folder / new)
        for name in plan["new"]:
            if (folder / WORK / name).exists():
                _rename(folder / WORK / name, folder / name)
        sync_folder(folder)
        path.unlink()
        shutil.rmtree(folder / WORK, ignore_errors=True)
        sync_folder(folder)
    return True


def _rename(old: Path, new: Path) -> None:
    try:
        os.replace(old, new)
    except PermissionError:
        raise StillOpen from None
