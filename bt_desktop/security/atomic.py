"""Writing a small file so that either the old or the new one is there, whatever happens; reading
one without taking in a huge one."""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bt_desktop.errors import KnownError, StorageFull, StorageReadOnly, StorageTrouble

_TRIES = 5
_PAUSE_S = 0.2


_NAMES = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError)


@contextmanager
def storage_errors(*, names: bool = False) -> Iterator[None]:
    """Turns what the disk says into StorageFull, StorageReadOnly or StorageTrouble.

    A name that is not there, or is there already, stays what it is: callers know what it means.
    With `names` it is trouble, too: of a folder that was there a moment ago.
    """
    try:
        yield
    except OSError as problem:
        if isinstance(problem, _NAMES) and not names:
            raise
        raise _known(problem) from problem


def _known(problem: OSError) -> KnownError:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFull()
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageReadOnly()
    return StorageTrouble()  # a failing disk, a stick that was pulled out, a share that went away


def read_small(path: Path, most: int) -> bytes:
    """The bytes of a file that ought to be small; of one that is not, `most` and one more, so that
    it shows. Raises OSError as it comes."""
    with path.open("rb") as source:
        return source.read(most + 1)


def write_atomically(
    path: Path,
    data: bytes,
    *,
    replace: Callable[[Path, Path], None] = os.replace,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Put `data` at `path` (mode 0600), on the disk before this returns.

    Raises StorageFull, StorageReadOnly or StorageTrouble; then the former file is untouched. On
    Windows a virus scanner may hold the old file open for a moment, so taking its place is tried
    five times.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with storage_errors(names=True):
        try:
            _write_through(part, data)
            _take_place(part, path, replace, pause)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        sync_folder(path.parent)


def sweep_parts(path: Path) -> None:
    """Remove what a killed program left half-written beside `path` (call under the lock)."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):
            part.unlink()


def _write_through(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:  # which keeps line ends as they are on Windows, too
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _take_place(
    part: Path,
    path: Path,
    replace: Callable[[Path, Path], None],
    pause: Callable[[float], None],
) -> None:
    for _ in range(_TRIES - 1):
        try:
            replace(part, path)
        except PermissionError:
            pause(_PAUSE_S)
        else:
            return
    replace(part, path)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut (Windows does it by itself)."""
    if sys.platform == "win32":  # pragma: no cover - a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one thread or program at a time is inside, for the file lock at `path`.

    The lock goes with the process that holds it, so a kill leaves none behind.
    """
    with storage_errors(names=True):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # closing releases


def _lock(handle: int) -> None:
    if sys.platform == "win32":  # pragma: no cover - Windows only
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX)
