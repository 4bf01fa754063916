"""Opening the encrypted database: key, pragmas, pool, transactions, and what can go wrong."""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from bt_desktop.errors import StorageDamaged, StorageReadOnly
from bt_desktop.models import schema
from bt_desktop.models.dialect import URL, engine_options
from bt_desktop.models.faults import (
    RecordsHeld,
    StorageBusy,
    StorageOutdated,
    VaultLocked,
    known,
    mapped_errors,
)

# Fixed here: the WAL-reset corruption (3.51.3) and two FTS5 memory faults (security §0).
SAFE_SQLITE = (3, 53, 3)
PLAIN_HEADER = b"SQLite format 3\x00"

_PRAGMAS = (
    "cipher_log_level=NONE",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE walks past the append-only triggers
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=ON",
    "checkpoint_fullfsync=ON",
    "wal_autocheckpoint=1000",
)
_ALONE = ("cipher_log_level=NONE", "locking_mode=EXCLUSIVE")
_HEX = b"0123456789abcdef"
_WRITE, _HELD = "bt_write", "bt_held"
_ONLY_READS, _CHANGES, _KEPT = "only_reads", "changes", "kept"
_T = TypeVar("_T")
_LONGEST_WAIT_S = 10


def raw_key_literal(key: bytearray) -> bytearray:
    """`x'<64 hex>'` of a 32-byte key, in memory that the caller wipes."""
    literal = bytearray(b"x'")
    for byte in key:
        literal.append(_HEX[byte >> 4])
        literal.append(_HEX[byte & 15])
    literal += b"'"
    return literal


def connect(path: Path, key: bytearray, *, alone: bool = False) -> dbapi2.Connection:
    """One keyed connection after the recipe of security §2.8. Raises the driver's errors.

    `alone`: no other connection, of this program or another, beside it (SQLITE_BUSY where there
    is one).
    """
    connection = dbapi2.connect(str(path), timeout=5, check_same_thread=False, isolation_level=None)
    try:
        literal = raw_key_literal(key)
        try:
            connection.set_key(literal)
        finally:
            literal[:] = bytes(len(literal))
        for pragma in (*(_ALONE if alone else ()), *_PRAGMAS):
            connection.execute("PRAGMA " + pragma)
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise StorageOutdated
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            raise StorageDamaged
    except BaseException:
        connection.close()
        raise
    return connection


class Store:
    """The open database. `read` and `write` give a session each; rows must not leave them.

    Safe to use from several threads. After `close` the key is wiped and no file is open. While it
    is held, nothing can be written: the engine refuses it (`PRAGMA query_only`), too.
    `about_to_commit` is asked at the end of each writing session and gives what is to be done once
    that session is on the disk.
    """

    def __init__(self, path: Path, key: bytearray) -> None:
        self.path = path
        self._key = bytearray(key)
        self.about_to_commit: Callable[[Session], Callable[[], None]] | None = None
        self._closed = False
        self._set_aside = False
        self._held = False
        self._in_use = 0
        self._free = threading.Condition()
        self._engine = _engine(path, self._key)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the store; whatever it changes is dropped."""
        with self._session(write=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are kept together at the end, or not at all on any error.

        Raises RecordsHeld while the store is held.
        """
        if self._held and not self._closed:
            raise RecordsHeld
        with self._session(write=True) as session:
            yield session
            if self._held:  # held by another thread meanwhile: what follows would not fit either
                raise RecordsHeld
            afterwards = self.about_to_commit(session) if self.about_to_commit else None
            session.connection().info.pop(_KEPT, None)
            session.commit()
            if afterwards is not None:
                afterwards()

    @property
    def held(self) -> bool:
        """Whether the store is open for reading only."""
        return self._held

    def hold(self) -> None:
        """From now on nothing is written; what is being written is dropped."""
        self._held = True

    def release(self) -> None:
        """Let it be written again."""
        self._held = False

    @contextmanager
    def _session(self, *, write: bool) -> Iterator[Session]:
        with self._kept_open(), mapped_errors(self.path), self._engine.connect() as plain:
            held = self._held
            connection = plain.execution_options(**{_WRITE: write, _HELD: held})
            try:
                with Session(connection, expire_on_commit=False) as session:
                    session.begin()
                    session.info[_ONLY_READS] = not write
                    session.info[_CHANGES] = _changes(connection)
                    yield session
            except (DBAPIError, dbapi2.Error) as error:
                if held and isinstance(known(error), StorageReadOnly):
                    raise RecordsHeld from error
                raise
            except (ValueError, TypeError) as error:
                self._require_whole(error)
                raise

    def _require_whole(self, error: Exception) -> None:
        """A value made no sense: raise StorageDamaged where that comes of a damaged page."""
        try:
            connection = connect(self.path, self._key)
        except dbapi2.Error:
            raise StorageDamaged from error
        try:
            schema.require_whole(connection)
        except StorageDamaged as damaged:
            raise damaged from error
        finally:
            connection.close()

    @contextmanager
    def _kept_open(self) -> Iterator[None]:
        """Closing waits for whoever is inside; who comes later is told that it is locked."""
        with self._free:
            self._free.wait_for(lambda: not self._set_aside)
            if self._closed:
                raise VaultLocked
            self._in_use += 1
        try:
            yield
        finally:
            with self._free:
                self._in_use -= 1
                self._free.notify_all()

    @contextmanager
    def set_aside(self) -> Iterator[Path]:
        """Nobody has the file open: whoever is inside ends first (ten seconds at most), whoever
        comes waits. Never use the store itself meanwhile. Raises VaultLocked, StorageBusy.
        """
        with self._free:
            if self._closed:
                raise VaultLocked
            self._set_aside = True
            quiet = self._free.wait_for(lambda: not self._in_use, timeout=_LONGEST_WAIT_S)
        try:
            if not quiet:
                raise StorageBusy
            self._engine.dispose()
            yield self.path
        finally:
            with self._free:
                self._set_aside = False
                self._free.notify_all()

    def turn_to(self, key: bytearray) -> None:
        """The key of the file was changed (while it was set aside): go on with this one."""
        if not self._closed:
            self._key[:] = key

    def is_under(self, key: bytearray) -> bool:
        """Whether this is the key that the store was opened with."""
        return hmac.compare_digest(self._key, key)

    def backup_to(
        self,
        target: Path,
        key: bytearray | None = None,
        progress: schema.Progress | None = None,
    ) -> None:
        """Copy the store to a new file and verify the copy, while others go on writing.

        Encrypted with the same key, or with `key` (32 bytes, the caller wipes it). `progress`
        as `schema.verified_copy`.
        """
        with self._kept_open(), mapped_errors():
            schema.verified_copy(
                self.path,
                target,
                lambda path: connect(path, self._key),
                connect_target=None if key is None else lambda path: connect(path, key),
                progress=progress,
            )

    def require_sound(self) -> None:
        """Look at each page of the file, and whether indexes and rows agree, while others go on.

        20 MB take a quarter of a second. Raises StorageDamaged, VaultLocked.
        """
        with self._kept_open(), mapped_errors(self.path):
            connection = connect(self.path, self._key)
            try:
                schema.require_sound(connection, self.path)
            finally:
                connection.close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def close(self) -> None:
        """Give back every file handle and wipe the key; calling it again does nothing.

        Waits for work that is being written (ten seconds at most), so that nothing is cut short.
        """
        with self._free:
            if self._closed:
                return
            self._closed = True
            self._free.wait_for(
                lambda: not (self._in_use or self._set_aside), timeout=_LONGEST_WAIT_S
            )
        self._engine.dispose()
        self._key[:] = bytes(len(self._key))


def read_once(session: Session, what: Hashable, read: Callable[[], _T]) -> _T:
    """What `read` gives, under the name `what`: once in a session that only reads, and in those
    after it on the same connection as long as nobody commits anything; each time in one that
    writes. It must be a value that nobody changes, and that the records may keep till they are
    locked.

    Another connection's commit shows in `PRAGMA data_version`
    (https://sqlite.org/pragma.html#pragma_data_version), one's own drops what is kept.
    """
    connection = session.connection()
    if not session.info.get(_ONLY_READS) or _changes(connection) != session.info[_CHANGES]:
        return read()
    kept: dict[Hashable, _T] | None = session.info.get(_KEPT)
    if kept is None:
        version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        former, kept = connection.info.get(_KEPT, (None, {}))
        if former != version:
            kept = {}
            connection.info[_KEPT] = (version, kept)
        session.info[_KEPT] = kept
    if what not in kept:
        kept[what] = read()
    return kept[what]


def _changes(connection: Connection) -> int:
    """The rows that this connection changed since it was opened."""
    count: int = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]  # it is open
    return count


def open_store(path: Path, key: bytearray) -> Store:
    """Open the database at `path` with its raw 32-byte key, moving an older one on first.

    Raises StorageDamaged, StorageNewer, StorageFull, StorageReadOnly, StorageTrouble.
    """
    _assert_safe_library()
    if not path.is_file() or path.stat().st_size == 0:
        raise StorageDamaged
    _refuse_plain(path)
    with mapped_errors(path):
        schema.bring_up_to_date(path, lambda where: connect(where, key))
    return Store(path, key)


def create_store(path: Path, key: bytearray) -> Store:
    """Make an empty database at `path` (readable by its owner alone) and open it."""
    _assert_safe_library()
    with mapped_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        schema.create(path, lambda where: connect(where, key))
    _refuse_plain(path)
    return Store(path, key)


def _assert_safe_library() -> None:
    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise StorageOutdated


def _refuse_plain(path: Path) -> None:
    """A driver without encryption would write plain text and say nothing."""
    with mapped_errors(), path.open("rb") as file:
        if file.read(len(PLAIN_HEADER)) == PLAIN_HEADER:
            raise StorageDamaged


def _engine(path: Path, key: bytearray) -> Engine:
    engine = create_engine(
        URL,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=3,
        max_overflow=0,
        pool_use_lifo=True,  # the connection of the last session has the pages in its memory
        pool_recycle=-1,
        pool_reset_on_return="rollback",
        execution_options=engine_options(),
        hide_parameters=True,  # an exception must never carry a name or a word of a report
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Writers queue at once; a forgotten reader must never lock them out (security §2.8)."""
    options: Any = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection  # at each session: nothing in between
    held = bool(options.get(_HELD))
    if held is not connection.info.get(_HELD, False):  # a connection of the pool remembers it
        driver.execute(f"PRAGMA query_only={'ON' if held else 'OFF'}")
        connection.info[_HELD] = held
    driver.execute("BEGIN IMMEDIATE" if options.get(_WRITE) else "BEGIN")
