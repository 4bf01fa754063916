"""What SQLite says went wrong, told as a problem of the world; decided in one place."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from bt_desktop.errors import (
    KnownError,
    StorageDamaged,
    StorageFull,
    StorageReadOnly,
    StorageTrouble,
)


class StorageBusy(KnownError):
    """Another program holds the database for longer than we wait."""

    def __init__(self) -> None:
        super().__init__(
            "storage-busy",
            "Another program is using the file with the records.",
            "Close the other program (a backup, a virus scan, a second window), then try again.",
        )


class VaultLocked(KnownError):
    """The vault was locked meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "vault-locked",
            "The records are locked.",
            "Sign in again; what was saved is there.",
        )


class RecordsHeld(KnownError):
    """The records are open for reading only, until somebody has looked into what does not fit."""

    def __init__(self) -> None:
        super().__init__(
            "records-held",
            "The records are open for reading only: they do not fit what was seen of them before.",
            "Nothing can be written until an administrator has looked into it; the red page says "
            "how. Write on paper meanwhile.",
        )


class StorageOutdated(KnownError):
    """The encryption library on this computer is older than is safe."""

    def __init__(self) -> None:
        super().__init__(
            "storage-outdated",
            "The database library of this installation is too old to be trusted with records.",
            "Install the program again; it brings the right one.",
        )


_BY_NAME: dict[str, Callable[[], KnownError]] = {
    "SQLITE_FULL": StorageFull,
    "SQLITE_READONLY": StorageReadOnly,
    "SQLITE_PERM": StorageReadOnly,
    "SQLITE_CORRUPT": StorageDamaged,
    # With a key that a sealed slot vouches for, "not a database" means damage (security §2.8).
    "SQLITE_NOTADB": StorageDamaged,
    "SQLITE_IOERR": StorageTrouble,
    "SQLITE_CANTOPEN": StorageTrouble,
    "SQLITE_BUSY": StorageBusy,
    "SQLITE_LOCKED": StorageBusy,
}


# SQLite's own words (sqlite3_errstr), which never vary: the driver's online backup tells no name.
_BY_WORDS = {
    "database or disk is full": "SQLITE_FULL",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "access permission denied": "SQLITE_PERM",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
    "disk I/O error": "SQLITE_IOERR",
    "unable to open database file": "SQLITE_CANTOPEN",
    "database is locked": "SQLITE_BUSY",
    "database table is locked": "SQLITE_LOCKED",
}


_LEAST_ROOM = 64 * 1024
"""SQLite needs 32 kB for the index of its write-ahead log, and a page or two for the log."""


def known(error: BaseException, database: Path | None = None) -> KnownError | None:
    """The problem of the world behind a driver's or SQLAlchemy's error; None means a bug.

    Extended result codes (`SQLITE_IOERR_WRITE`) count as their first two words. A disk without room
    for what SQLite needs beside the `database` is said to fail; then it is told that it is full.
    """
    problem = _behind(error)
    if database is not None and isinstance(problem, StorageTrouble) and _no_room(database):
        return StorageFull()
    return problem


def _no_room(database: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(database.parent).free < _LEAST_ROOM
    return False


def _behind(error: BaseException) -> KnownError | None:
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return _from_os(cause)
    name = str(getattr(cause, "sqlite_errorname", "") or _BY_WORDS.get(str(cause), ""))
    return next((kind() for key, kind in _BY_NAME.items() if name.startswith(key)), None)


def _from_os(error: OSError) -> KnownError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFull()
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageReadOnly()
    return StorageTrouble()


@contextmanager
def mapped_errors(database: Path | None = None) -> Iterator[None]:
    """Turn driver errors that are problems of the world into `KnownError`s.

    `database` is the file they are about, whose disk may be full.
    """
    try:
        yield
    except (DBAPIError, dbapi2.Error, OSError) as error:
        problem = known(error, database)
        if problem is None:
            raise
        raise problem from error
