"""How the file with the records was when it was closed: noted beside, compared when it is opened.

The trail tells of what is signed and sealed. An old page of a student, a deadline or a draft that
is put back passes SQLCipher's check and SQLite's, and no entry says what should stand there. But
nobody writes while the program is closed: then each page must be the one that was left.

The note holds a digest of all pages' checksums. Each page ends in its nonce and its keyed checksum
(SQLCipher 4: 16 and 64 bytes), so that these 80 bytes stand for the page: 400 MB take 60 ms. That a
page bears its checksum is looked at elsewhere (`schema.require_whole`). docs/decisions/0040.
"""

from __future__ import annotations

import hashlib
import hmac
import mmap
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.security.atomic import read_small
from bt_desktop.security.keyfile import DATABASE_NAME

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bt_desktop.models.store import Store
    from bt_desktop.security.keys import Keys

FILE_NAME = "records.closed"
MAC_PURPOSE = "closed"
AT_SIGN_IN = 32 << 20
"""So many bytes are compared while somebody waits (about 5 ms)."""
_PAGE, _TAG, _SALT = 4096, 80, 16
_BYTES = 160
_LINE = re.compile(
    r"(?P<told>z1 (?P<commits>[0-9]{1,10}) (?P<schema>[0-9]{4}) (?P<size>[0-9]{1,15}) "
    r"(?P<digest>[0-9a-f]{64})) (?P<mac>[0-9a-f]{32}) *\n\Z"
)


@dataclass(frozen=True, slots=True)
class Lies:
    """A closed file as it lies there: its size, and the digest of its pages' checksums (hex)."""

    size: int
    digest: str


def look(folder: Path, most: int | None = AT_SIGN_IN) -> Lies | None:
    """The file with the records of a vault, before anybody opens it.

    None where it was not closed (a write-ahead log lies beside), cannot be read, or is larger than
    `most` bytes. It need not be whole.
    """
    path = folder / DATABASE_NAME
    try:
        if _is_open(path):
            return None
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size or (most is not None and size > most):
                return None
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pages:
                found = hashlib.sha256(pages[:_SALT])
                for end in range(_PAGE, size + 1, _PAGE):
                    found.update(pages[end - _TAG : end])
                found.update(pages[size - size % _PAGE :])
    except (OSError, ValueError):
        return None
    return Lies(size, found.hexdigest())


def _is_open(database: Path) -> bool:
    """Whether somebody has it open, or was killed: SQLite removes its log at the last closing."""
    log = database.with_name(f"{database.name}-wal")
    return log.exists() and log.stat().st_size > 0


@dataclass(frozen=True, slots=True)
class Closing:
    """What is to be noted once the store is closed; made while it is open."""

    commits: int
    schema: str
    mac_key: bytes

    def note(self, folder: Path) -> None:
        """Note how the file lies there now. Where that cannot be, nothing is noted: the next
        opening compares nothing, and says so where it was asked."""
        path = folder / FILE_NAME
        with suppress(OSError):
            lies = look(folder, None)
            if lies is None:
                path.unlink(missing_ok=True)
                return
            told = f"z1 {self.commits} {self.schema} {lies.size} {lies.digest}"
            line = f"{told} {_mac(self.mac_key, told)}".ljust(_BYTES - 1) + "\n"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(line.encode("ascii"))
                out.truncate()


def closing(store: Store, keys: Keys) -> Closing | None:
    """What is needed to note how `store` is closed; None while it is held: then the note stands."""
    if store.held:
        return None
    with store.read() as session:
        return Closing(*_state(session), keys.sub_key(MAC_PURPOSE))


def fits(session: Session, folder: Path, keys: Keys, lies: Lies | None) -> bool | None:
    """Whether the file lay there as it was closed; None where that cannot be told.

    `session` is the first that reads it since. A note of fewer commits is of another time (a kill,
    a power cut since), one under another key of before a change of the key. One of more commits
    than there are says that an old file was put back.
    """
    try:
        text = read_small(folder / FILE_NAME, _BYTES).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    match = _LINE.match(text)
    if match is None or not hmac.compare_digest(
        match["mac"], _mac(keys.sub_key(MAC_PURPOSE), match["told"])
    ):
        return None
    commits, version = _state(session)
    if int(match["commits"]) > commits:
        return False
    if lies is None or (int(match["commits"]), match["schema"]) != (commits, version):
        return None
    return (int(match["size"]), match["digest"]) == (lies.size, lies.digest)


def _state(session: Session) -> tuple[int, str]:
    """How many commits changed the records (`watermark`), and the version of their tables."""
    connection = session.connection()
    commits = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return int(commits), str(version)


def _mac(mac_key: bytes, told: str) -> str:
    return hmac.new(mac_key, b"bt-closed-v1\0" + told.encode("ascii"), "sha256").hexdigest()[:32]
