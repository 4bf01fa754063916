"""How far the records had come: a number and the newest audit entry, noted after every commit.

A power cut or a kill loses nothing. But the write-ahead log that a killed program leaves may be cut
off or hurt by the disk, and SQLite then goes back to the last whole transaction without a word
(security §2.8). The note beside the database says that there was more. It is overwritten in place
and not synced: it can only lag behind the database, which is, so it raises no false alarm.
docs/decisions/0027 says why it is not a line of `anchors.log` each time.
"""

from __future__ import annotations

import hmac
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.audit import AuditEntry
from bt_desktop.models.prepared import driver_of
from bt_desktop.security import anchors, audit
from bt_desktop.security.anchors import AnchorFinding
from bt_desktop.security.atomic import read_small
from bt_desktop.security.audit import Head
from bt_desktop.security.keys import Keys

FILE_NAME = "records.mark"
MAC_PURPOSE = "watermark"
MISSING = "saves-missing"
_LINE = re.compile(
    r"(?P<told>m1 (?P<commits>[0-9]{1,10}) (?P<seq>[0-9]{1,15}) (?P<hash>[0-9a-f]{64})) "
    r"(?P<mac>[0-9a-f]{32}) *\n\Z"
)
_BYTES = 160
"""Every note has this length, less than a sector: one takes the place of the other whole."""
_CHANGES = "bt_changes"
_AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Windows would put another character before the end of the line."""
_HEAD = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"  # at each save: no mapper


@dataclass(frozen=True, slots=True)
class Mark:
    """`commits` that changed the records since they were made, and the newest entry then."""

    commits: int
    head: Head


def commits(session: Session) -> int:
    """How many commits changed this database. SQLite keeps it for us (`user_version`)."""
    return int(session.connection().exec_driver_sql("PRAGMA user_version").scalar_one())


class Watermark:
    """The note of one vault. It is a `Store.about_to_commit`; from any thread.

    `mac_key` gives the vault's sub-key for `MAC_PURPOSE` as it is now: database keys change.
    """

    def __init__(self, folder: Path, mac_key: Callable[[], bytes]) -> None:
        self._path = folder / FILE_NAME
        self._mac_key = mac_key
        self._guard = threading.Lock()
        self._furthest = 0

    def read(self) -> Mark | None:
        """The note; None when there is none, or none that this vault wrote."""
        try:
            text = read_small(self._path, _BYTES).decode("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        match = _LINE.match(text)
        if match is None or not self._fits(match["told"], match["mac"]):
            return None
        return Mark(int(match["commits"]), Head(int(match["seq"]), match["hash"]))

    def __call__(self, session: Session) -> Callable[[], None]:
        """Count a commit that changes something; what is to be done once it is on the disk."""
        session.flush()
        connection = session.connection()
        driver = driver_of(session)
        if driver.total_changes == connection.info.get(_CHANGES, 0):
            return _nothing
        connection.info[_CHANGES] = driver.total_changes
        # Straight to the driver, in the same transaction: this is part of every save.
        count = int(driver.execute("PRAGMA user_version").fetchone()[0]) + 1
        driver.execute(f"PRAGMA user_version = {count}")
        row = driver.execute(_HEAD).fetchone()
        head = Head(0, audit.GENESIS.hex()) if row is None else Head(row[0], row[1].hex())
        mac_key = self._mac_key()
        return lambda: self.note(Mark(count, head), mac_key)

    def note(self, mark: Mark, mac_key: bytes) -> None:
        """The records have come so far. What cannot be noted is not: the records are there."""
        with self._guard, suppress(OSError):
            if mark.commits <= self._furthest:
                return  # another thread was quicker, and further
            told = f"m1 {mark.commits} {mark.head.seq} {mark.head.hash}"
            line = f"{told} {_mac(mac_key, told)}".ljust(_BYTES - 1) + "\n"
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | _AS_IT_IS, 0o600)
            try:
                os.write(handle, line.encode("ascii"))
            finally:
                os.close(handle)
            self._furthest = mark.commits

    def _fits(self, told: str, mac: str) -> bool:
        return hmac.compare_digest(mac, _mac(self._mac_key(), told))


def _mac(mac_key: bytes, told: str) -> str:
    return hmac.digest(mac_key, b"bt-mark-v1\0" + told.encode("ascii"), "sha256").hex()[:32]


def _nothing() -> None:
    pass


def watch(folder: Path, keys: Keys) -> Watermark:
    """The note of the vault that these keys open."""
    return Watermark(folder, lambda: keys.sub_key(MAC_PURPOSE))


def look(session: Session, folder: Path, keys: Keys, now: datetime) -> tuple[AnchorFinding, ...]:
    """What the note says is missing in the database; call it before `anchors.log` is read.

    Entries of the trail that are gone are handed to that file, which keeps them for good and is
    compared next. Where only saves are gone (drafts, settings), the finding `saves-missing` says
    so, `seq` being the newest entry.
    """
    mark = watch(folder, keys).read()
    if mark is None:
        return ()
    known = session.get(AuditEntry, mark.head.seq)
    if mark.head.seq and (known is None or known.hash.hex() != mark.head.hash):
        with suppress(KnownError):
            mac_key = keys.sub_key(anchors.MAC_PURPOSE)
            anchors.note(folder / anchors.FILE_NAME, mark.head, keys.edition, now, mac_key)
        return ()
    if mark.commits > commits(session):
        return (AnchorFinding(MISSING, audit.head(session).seq, "file"),)
    return ()
