"""The form of a backup: what lies in its folder, what its manifest says, which ones are kept.

A backup is a folder of three files: `records.db` (the database, under a key of its own that comes
from the database key), `vault.keys.json` (the key file as it was: whoever could sign in then can
open the backup) and `backup.json` (the manifest: sizes, digests, the head of the trail, counts,
signed by whoever was signed in). docs/backup-format.md describes it for other programs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bt_desktop.errors import KnownError
from bt_desktop.security.atomic import read_small
from bt_desktop.security.audit import Head
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME
from bt_desktop.security.keys import hkdf

FORMAT, VERSION = "bt-desktop-backup", 1
MANIFEST = "backup.json"
FILES = (DATABASE_NAME, FILE_NAME)
PURPOSE = "backup"
_CONTEXT = b"bt-backup-v1\0"
_MOST = 1 << 16
DAILY, WEEKLY, MONTHLY, BY_HAND = 7, 5, 12, 10
"""How many are kept of each (design/security.md §5.3); of those made by hand the newest ten."""
_NAME = re.compile(r"(?P<at>[0-9]{8}T[0-9]{6})Z-(?P<kind>daily|exit|hand|before)(?:-[0-9]+)?\Z")
KINDS = ("daily", "exit", "hand", "before")


class BackupDamaged(KnownError):
    """A backup that is not whole, or was changed."""

    def __init__(self, remedy: str = "Take another one, and find out what happened to it.") -> None:
        super().__init__("backup-damaged", "This backup is not whole, or was changed.", remedy)


class BackupNewer(KnownError):
    """A backup of a newer program."""

    def __init__(self) -> None:
        super().__init__(
            "backup-newer", "This backup was made by a newer version of the program.",
            "Restore it with that version.",
        )  # fmt: skip


class NoBackup(KnownError):
    """Nothing of that name, or no backup."""

    def __init__(self) -> None:
        super().__init__(
            "no-backup", "There is no backup here.",
            "Choose the folder that holds backup.json, records.db and vault.keys.json.",
        )  # fmt: skip


class BackupOfFormerKey(KnownError):
    """A backup from before a change of the database key, which this person did not hold then."""

    def __init__(self) -> None:
        super().__init__(
            "backup-of-former-key",
            "This backup is from before the key was changed, and your account does not open it.",
            "Whoever had an account at that time can put it back with their password of then.",
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `made_at` is UTC; `files` name, (bytes, SHA-256 in hex)."""

    vault_id: str
    made_at: datetime
    kind: str
    app: str
    schema: str
    head: Head
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]
    by_user: str
    signer: bytes  # the raw Ed25519 public key


def backup_key(database_key: bytes | bytearray, vault_id: str) -> bytearray:
    """The raw key of a backup's database: a sub-key of the database key (HKDF-SHA256)."""
    return bytearray(hkdf(database_key, vault_id, PURPOSE))


def name_of(at: datetime, kind: str) -> str:
    """The folder's name: `20261127T160512Z-daily`. Sorts by time, names nobody."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}"


def told_by(name: str) -> tuple[datetime, str] | None:
    """When and how the backup of that name was made; None for a name that is not ours."""
    match = _NAME.match(name)
    if match is None:
        return None
    try:
        at = datetime.strptime(match["at"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return at, match["kind"]


def digest(path: Path) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a file."""
    with path.open("rb") as source:
        found = hashlib.file_digest(source, "sha256").hexdigest()
    return path.stat().st_size, found


def _body(manifest: Manifest) -> bytes:
    told = {
        "format": FORMAT,
        "version": VERSION,
        "vault": manifest.vault_id,
        "made_at": manifest.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "kind": manifest.kind,
        "app": manifest.app,
        "schema": manifest.schema,
        "head": {"seq": manifest.head.seq, "hash": manifest.head.hash},
        "counts": dict(manifest.counts),
        "files": {
            name: {"bytes": size, "sha256": hashed}
            for name, (size, hashed) in manifest.files.items()
        },
        "by": manifest.by_user,
        "key": base64.b64encode(manifest.signer).decode("ascii"),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")


def written(manifest: Manifest, signing: Ed25519PrivateKey) -> bytes:
    """The bytes of `backup.json`: what it says, and the signature over exactly those bytes."""
    body = _body(manifest)
    signature = base64.b64encode(signing.sign(_CONTEXT + body)).decode("ascii")
    return b'{"manifest":' + body + b',"signature":"' + signature.encode("ascii") + b'"}\n'


def read_manifest(folder: Path) -> Manifest:
    """What the backup in a folder says of itself; its signature fits, whoever signed it.

    Whether the signer is one of the vault's people is told by the database inside. Raises
    NoBackup, BackupDamaged, BackupNewer.
    """
    try:
        data = read_small(folder / MANIFEST, _MOST)
    except (FileNotFoundError, NotADirectoryError):
        raise NoBackup from None
    if len(data) > _MOST:
        raise BackupDamaged
    try:
        told = json.loads(data)
        if told["manifest"]["format"] == FORMAT and int(told["manifest"]["version"]) > VERSION:
            raise BackupNewer
        manifest = _manifest(told["manifest"])
        signature = base64.b64decode(told["signature"], validate=True)
        signer = Ed25519PublicKey.from_public_bytes(manifest.signer)
        signer.verify(signature, _CONTEXT + _body(manifest))
    except BackupNewer:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature, RecursionError):
        raise BackupDamaged from None
    return manifest


def _manifest(told: Mapping[str, Any]) -> Manifest:
    if told["format"] != FORMAT or told["version"] != VERSION or told["kind"] not in KINDS:
        raise ValueError("no manifest of ours")
    files = {str(k): (int(v["bytes"]), str(v["sha256"])) for k, v in told["files"].items()}
    if set(files) != set(FILES):
        raise ValueError("other files")
    made_at = datetime.fromisoformat(told["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("no time zone")
    return Manifest(
        str(told["vault"]),
        made_at,
        str(told["kind"]),
        str(told["app"]),
        str(told["schema"]),
        Head(int(told["head"]["seq"]), str(told["head"]["hash"])),
        {str(name): int(count) for name, count in told["counts"].items()},
        files,
        str(told["by"]),
        base64.b64decode(told["key"], validate=True),
    )


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file is there, byte for byte. Raises BackupDamaged."""
    for name, told in manifest.files.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or digest(path) != told:
            raise BackupDamaged


def outdated(names: Iterable[str], last_good: str | None) -> frozenset[str]:
    """Which backups are not kept any more: seven days, five weeks, twelve months, newest of each.

    Those made by hand and before an update count for themselves (the newest ten). `last_good` is
    never among them, nor is a name that is not ours.
    """
    known = sorted(
        ((told, name) for name in names if (told := told_by(name)) is not None), reverse=True
    )
    stay: set[str | None] = {last_good}
    by_hand = [name for (_, kind), name in known if kind in ("hand", "before")]
    stay.update(by_hand[:BY_HAND])
    routine = [(at, name) for (at, kind), name in known if kind in ("daily", "exit")]
    for most, span in (
        (DAILY, lambda at: at.date()),
        (WEEKLY, lambda at: at.isocalendar()[:2]),
        (MONTHLY, lambda at: (at.year, at.month)),
    ):
        newest: dict[object, str] = {}
        for at, name in routine:
            newest.setdefault(span(at), name)
        stay.update(list(newest.values())[:most])
    return frozenset(name for _, name in known if name not in stay)
