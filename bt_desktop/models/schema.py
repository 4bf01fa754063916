"""The version of the database: made, checked, moved on behind a verified copy.

Alembic is imported only when there is something to do: opening a database of this version costs
one query.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bt_desktop.errors import KnownError, StorageDamaged, StorageNewer, StorageNotMoved
from bt_desktop.models.faults import known, mapped_errors

VERSIONS = ("0001", "0002", "0003")
"""Every version there was, oldest first; the last is what the tables of this program are."""

Connect = Callable[[Path], Any]
Progress = Callable[[int, int], None]
_AT_ONCE = 1_000
"""Pages copied between two words of progress: 4 MB, about a tenth of a second."""


def version_of(connection: Any) -> str | None:
    """The version written in an open database, None in an empty one."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchone()
    if not tables:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def create(path: Path, connect: Connect) -> None:
    """Make all tables in a new, empty database."""
    _migrate(path, connect)


def bring_up_to_date(path: Path, connect: Connect) -> None:
    """Refuse a newer database; move an older one on, after a verified copy was put beside it.

    All of it or nothing: raises StorageNotMoved with the database as it was, and no copy more.
    """
    connection = connect(path)
    try:
        version = version_of(connection)
    finally:
        connection.close()
    if version == VERSIONS[-1]:
        return
    if version is None:
        raise StorageDamaged
    if version not in VERSIONS:
        raise StorageNewer
    aside = _free_name(path, version)
    try:
        verified_copy(path, aside, connect)
        _migrate(path, connect)
    except Exception as error:
        raise _not_moved(path, version, aside, connect, error) from error


def _not_moved(
    path: Path, version: str, aside: Path, connect: Connect, error: Exception
) -> KnownError:
    """What to say of a step that failed; the copy goes when the database itself is sound.

    Otherwise every further try would leave one more copy, and fill a disk that is full.
    """
    cause = error if isinstance(error, KnownError) else known(error)
    if isinstance(cause, StorageDamaged):
        return cause
    try:
        connection = connect(path)
        try:
            sound = version_of(connection) == version and (
                connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            )
        finally:
            connection.close()
    except Exception:  # it cannot be looked at now: the copy stays
        return StorageNotMoved(cause.remedy if cause else "")
    if not sound:
        return StorageDamaged()
    aside.unlink(missing_ok=True)
    return StorageNotMoved(cause.remedy if cause else "")


def _free_name(path: Path, version: str) -> Path:
    """A name beside the database that says which version it holds and is not taken."""
    count = 1
    while (name := path.with_name(f"{path.stem}-version-{version}-copy-{count}.db")).exists():
        count += 1
    return name


def verified_copy(
    source: Path,
    target: Path,
    connect: Connect,
    *,
    connect_target: Connect | None = None,
    progress: Progress | None = None,
) -> None:
    """Copy an encrypted database to `target` (new), and check the copy.

    Under the same key, unless `connect_target` opens the copy with another. `progress(done, total)`
    is called with pages; what it raises stops the copy. The copy appears under its name only when
    it is whole; raises StorageDamaged if it is not.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with mapped_errors(part):  # while the part still takes the room that was too little
            _copy(source, part, connect, connect_target or connect, progress)
        os.replace(part, target)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def require_whole(connection: Any) -> None:
    """Raise StorageDamaged where a page of an open database does not bear its checksum.

    SQLCipher hands out zeros, and no error, for a damaged page at the end of a long value or of the
    file, and copies them so: to have been read is no proof. Looked at twice, for a page may be
    written while it is looked at. 20 MB take 0.13 s (security §2.8).
    """
    for _ in range(2):
        # What still lies in the write-ahead log would look damaged.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        if not connection.execute("PRAGMA cipher_integrity_check").fetchall():
            return
    raise StorageDamaged


def require_sound(connection: Any, path: Path) -> None:
    """As `require_whole`, and raise StorageDamaged also where SQLite finds rows and indexes that do
    not agree, or more in the file than its pages.
    """
    require_whole(connection)
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise StorageDamaged
    pages, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "page_size")
    )
    if path.stat().st_size > pages * size:
        raise StorageDamaged


def _copy(
    source: Path,
    part: Path,
    connect: Connect,
    connect_target: Connect,
    progress: Progress | None,
) -> None:
    reader, writer = connect(source), None
    try:
        writer = connect_target(part)
        if progress is None:
            reader.backup(writer)
        else:

            def told(_status: int, remaining: int, total: int) -> None:
                progress(total - remaining, total)

            reader.backup(writer, pages=_AT_ONCE, progress=told, sleep=0)
        # Pages that still lie in the write-ahead log would look damaged (security §2.8).
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        bad_pages = writer.execute("PRAGMA cipher_integrity_check").fetchall()
        if bad_pages or writer.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StorageDamaged
        require_whole(reader)
    finally:
        if writer is not None:
            writer.close()
        reader.close()
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _migrate(path: Path, connect: Connect) -> None:
    """Run the missing steps, all of them in one transaction of our own."""
    from bt_desktop.models.migrations.run import upgrade  # deferred: loads Alembic

    upgrade(lambda: connect(path))
