"""Notes that may be left while nobody is signed in: sealed at once, opened at the next sign-in.

A dose in an emergency must not wait for a password. Whoever writes one down needs nothing but the
public side of a key pair, which lies beside the key file; the private side is derived from the
database key, so that only somebody who signs in can read it again. The file of a note says nothing
but its number: no name, no time, and a size that is one of few.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bt_desktop.security.atomic import (
    read_small,
    storage_errors,
    sweep_parts,
    sync_folder,
    write_atomically,
)
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keys import Keys, hkdf
from bt_desktop.security.problems import NoNotesHere, TooManyNotes

PUBLIC_NAME = "emergency.pub.json"
FOLDER_NAME = "emergency-notes"
PURPOSE = "emergency-note"
SUFFIX, DAMAGED = ".note", ".damaged"
MOST_NOTES = 200
"""So many lie there at most: a keyboard that nobody watches must not fill the disk."""
MOST_BYTES = 24 * 1024
"""Of a note's content. Its file is a third larger."""
_STEP = 4 * 1024
_LENGTH = 4
_KEY_FORMAT, _NOTE_FORMAT, _VERSION = "bt-emergency-key", "bt-emergency-note", 1
_MOST_FILE = 2 * MOST_BYTES
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

Published = Literal["same", "written", "changed"]
CHANGED = "emergency-key-changed"
"""The code of the doubt when another hand changed the public side."""


class NotOurs(Exception):
    """This is no note that these keys open (kept below the services' own words)."""


# --- the public side -------------------------------------------------------------------------


def publish(folder: Path, keys: Keys) -> Published:
    """Put the public side beside the key file, at each sign-in.

    `same`: it lay there · `written`: there was none · `changed`: another lay there, so what was
    left since may be sealed to somebody else. Raises StorageFull, StorageReadOnly.
    """
    path = folder / PUBLIC_NAME
    data = _key_file(keys.vault_id, _pair(keys.database_key, keys.vault_id))
    found = _read(path)
    if found == data:
        return "same"
    sweep_parts(path)
    write_atomically(path, data)
    former = keys.previous_key
    if former is not None and found == _key_file(keys.vault_id, _pair(former, keys.vault_id)):
        return "same"  # a change of the database key was interrupted
    return "written" if found is None else "changed"


def can_leave(folder: Path) -> bool:
    """Whether a note can be left: somebody signed in here once."""
    return _public(folder) is not None


def _pair(secret: bytearray, vault_id: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(hkdf(secret, vault_id, PURPOSE))


def _key_file(vault_id: str, pair: X25519PrivateKey) -> bytes:
    public = base64.b64encode(pair.public_key().public_bytes_raw()).decode("ascii")
    told = {"format": _KEY_FORMAT, "version": _VERSION, "vault": vault_id, "x25519": public}
    return canonical({**told, "sum": hashlib.sha256(canonical(told)).hexdigest()})


def _public(folder: Path) -> tuple[str, X25519PublicKey] | None:
    """The vault's id and the key that notes are sealed to; None for none, or a damaged one."""
    data = _read(folder / PUBLIC_NAME)
    if data is None:
        return None
    try:
        told = json.loads(data)
        vault_id = str(uuid.UUID(told["vault"]))
        raw = base64.b64decode(told["x25519"], validate=True)
        public = X25519PublicKey.from_public_bytes(raw)
        body = {"format": _KEY_FORMAT, "version": _VERSION, "vault": vault_id,
                "x25519": told["x25519"]}  # fmt: skip
        whole = told == {**body, "sum": hashlib.sha256(canonical(body)).hexdigest()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return (vault_id, public) if whole else None


# --- leaving ---------------------------------------------------------------------------------


def leave(folder: Path, note_id: str, content: bytes) -> None:
    """Keep a note, sealed, on the disk before this returns; nobody here can read it again.

    Raises NoNotesHere, TooManyNotes, StorageFull, StorageReadOnly; ValueError for too much.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("too long")
    known = _public(folder)
    if known is None:
        raise NoNotesHere
    vault_id, public = known
    place = folder / FOLDER_NAME
    with storage_errors():
        place.mkdir(mode=0o700, exist_ok=True)
        if sum(1 for _ in place.iterdir()) >= MOST_NOTES:
            raise TooManyNotes
    sealed = _SUITE.encrypt(_padded(content), public, _info(vault_id, note_id))
    told = {
        "format": _NOTE_FORMAT,
        "version": _VERSION,
        "vault": vault_id,
        "id": note_id,
        "sealed": base64.b64encode(sealed).decode("ascii"),
    }
    write_atomically(place / f"{note_id}{SUFFIX}", canonical(told))


def _padded(content: bytes) -> bytes:
    """Filled up to a whole number of steps, so that the size does not tell how much was said."""
    whole = len(content).to_bytes(_LENGTH, "big") + content
    return whole + bytes(-len(whole) % _STEP)


def _info(vault_id: str, note_id: str) -> bytes:
    return f"bt-emergency-note-v1|{vault_id}|{note_id}".encode()


# --- taking in -------------------------------------------------------------------------------


def waiting(folder: Path) -> tuple[Path, ...]:
    """The notes that lie there, the oldest first."""
    return tuple(sorted(_lying(folder, SUFFIX), key=_when))


def damaged(folder: Path) -> int:
    """How many lie there that nobody could open."""
    return sum(1 for _ in _lying(folder, DAMAGED))


def opened(path: Path, keys: Keys) -> tuple[str, bytes]:
    """A note's id and content. Raises NotOurs for what is damaged, or sealed to another key."""
    told = _told(path)
    note_id, sealed = _parts(told, keys.vault_id)
    if path.name != f"{note_id}{SUFFIX}":
        raise NotOurs
    for secret in filter(None, (keys.database_key, keys.previous_key)):
        with suppress(InvalidTag):
            pair = _pair(secret, keys.vault_id)
            whole = bytes(_SUITE.decrypt(sealed, pair, _info(keys.vault_id, note_id)))
            length = int.from_bytes(whole[:_LENGTH], "big")
            return note_id, whole[_LENGTH : _LENGTH + length]
    raise NotOurs


def remove(path: Path) -> None:
    """A note was filed: its file goes. One that cannot go is passed over the next time."""
    with suppress(OSError):
        path.unlink()
        sync_folder(path.parent)


def keep_damaged(path: Path) -> None:
    """A note that nobody can open is kept, under a name that is not looked at again."""
    with suppress(OSError):
        path.rename(path.with_name(path.name + DAMAGED))


def _lying(folder: Path, suffix: str) -> Iterator[Path]:
    with suppress(OSError):
        for path in (folder / FOLDER_NAME).iterdir():
            if path.name.endswith(suffix) and not path.name.startswith("."):
                yield path


def _when(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name


def _told(path: Path) -> dict[str, Any]:
    data = _read(path)
    if data is None:
        raise NotOurs
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise NotOurs from None
    if not isinstance(told, dict):
        raise NotOurs
    return told


def _parts(told: dict[str, Any], vault_id: str) -> tuple[str, bytes]:
    """Id and sealed bytes of a whole note of this vault."""
    known = {"format": _NOTE_FORMAT, "version": _VERSION, "vault": vault_id}
    try:
        note_id = str(uuid.UUID(told["id"]))
        sealed = base64.b64decode(told["sealed"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurs from None
    if {name: told.get(name) for name in known} != known or note_id != told["id"]:
        raise NotOurs
    return note_id, sealed


def _read(path: Path) -> bytes | None:
    """The bytes of a small file; None where there is none, it cannot be read, or it is no small
    one."""
    try:
        data = read_small(path, _MOST_FILE)
    except OSError:
        return None
    return data if len(data) <= _MOST_FILE else None
