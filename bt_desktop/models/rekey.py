"""Another key for an encrypted database, alone with its file; and whether it came out whole.

SQLCipher writes every page anew in one transaction, so a kill leaves all of the old or all of the
new (design/security.md §2.6: 80 kills). Which of the two it is nobody knows until it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sqlcipher3 import dbapi2

from bt_desktop.errors import StorageDamaged
from bt_desktop.models.faults import mapped_errors
from bt_desktop.models.store import connect, raw_key_literal

Connection: TypeAlias = dbapi2.Connection


@contextmanager
def alone(path: Path, key: bytearray) -> Iterator[Connection]:
    """A connection beside which there is none, in this program or another, until it is closed.

    Raises StorageBusy where somebody has the database open, StorageDamaged for another key.
    """
    with mapped_errors():
        connection = connect(path, key, alone=True)
        try:
            # in WAL mode the lock is taken by the first look, and kept
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield connection
        finally:
            connection.close()


def change(connection: Connection, key: bytearray) -> None:
    """Write every page anew under `key` (32 bytes, the caller wipes it). About 30 MB a second."""
    literal = raw_key_literal(key)
    with mapped_errors():
        try:
            connection.reset_key(literal)
        finally:
            literal[:] = bytes(len(literal))


def check(path: Path, key: bytearray) -> None:
    """Every page and every table of a database that nobody has open. Raises StorageDamaged."""
    with alone(path, key) as connection:
        # pages that still lie in the write-ahead log would look damaged (security §2.8)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        bad_pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if bad_pages or connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StorageDamaged


def is_under(path: Path, key: bytearray) -> bool:
    """Whether `key` opens the database. Raises StorageBusy, StorageTrouble."""
    try:
        with alone(path, key):
            return True
    except StorageDamaged:
        return False
