"""What was looked at while nothing could be written: kept sealed beside, told to the trail later.

Records that are open for reading only are still read, and who read them belongs into the access
log. Each look is a line, sealed with a sub-key of the database key (what somebody says of their
purpose can hold a name). At the person's next sign-in that may write, their own lines become rows
and entries under their own signature. A kill in between tells a look once.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from bt_desktop.models.access import Opening
from bt_desktop.security.atomic import locked, storage_errors, write_atomically
from bt_desktop.security.keys import Keys

FILE_NAME = "looked-at.sealed"
_PURPOSE, _CONTEXT = "held-log", b"bt-held-v1"
_NONCE = 12
_COLUMNS = ("id", "user_id", "role", "what", "student_id", "record_id", "own", "purpose", "detail",
            "batch")  # fmt: skip


def add(folder: Path, keys: Keys, line: Mapping[str, Any]) -> None:
    """One more line, on the disk before this returns. Raises StorageFull, StorageReadOnly."""
    nonce = secrets.token_bytes(_NONCE)
    told = json.dumps(line, sort_keys=True).encode("ascii")
    sealed = nonce + AESGCM(keys.sub_key(_PURPOSE)).encrypt(nonce, told, _CONTEXT)
    with storage_errors(), locked(folder / f"{FILE_NAME}.lock"):
        handle = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as out:
            out.write(b"\n" + base64.b64encode(sealed) + b"\n")  # whole after a torn one, too
            out.flush()
            os.fsync(out.fileno())


def opening_line(rows: list[Opening]) -> dict[str, Any]:
    """The rows of one look."""
    return {
        "kind": "opening",
        "rows": [
            {name: getattr(row, name) for name in _COLUMNS} | {"at": row.at.isoformat()}
            for row in rows
        ],
    }


def lines(folder: Path, keys: Keys) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """Each line as it lies there, and what it says (None: torn, or sealed with another key).

    Raises StorageReadOnly, StorageTrouble where the file cannot be read.
    """
    with storage_errors(names=True):
        try:
            data = (folder / FILE_NAME).read_bytes()
        except FileNotFoundError:
            return
    box = AESGCM(keys.sub_key(_PURPOSE))
    for line in filter(None, data.splitlines()):
        try:
            sealed = base64.b64decode(line, validate=True)
            told = json.loads(box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _CONTEXT))
        except (ValueError, InvalidTag):
            told = None
        yield line, told


def rows_of(session: Session, told: Mapping[str, Any]) -> list[Opening]:
    """The rows of an opening that are not there yet; all of them, or none."""
    made = [
        Opening(at=(at := datetime.fromisoformat(one["at"])), at_us=round(at.timestamp() * 1e6),
                **{name: one[name] for name in _COLUMNS})
        for one in told["rows"]
    ]  # fmt: skip
    return [] if any(session.get(Opening, row.id) is not None for row in made) else made


def keep_only(folder: Path, kept: list[bytes]) -> None:
    """What is left after somebody's lines were told; no file where nothing is left."""
    with storage_errors(), locked(folder / f"{FILE_NAME}.lock"):
        if kept:
            write_atomically(folder / FILE_NAME, b"".join(line + b"\n" for line in kept))
        else:
            (folder / FILE_NAME).unlink(missing_ok=True)
