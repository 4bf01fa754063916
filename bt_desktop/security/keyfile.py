"""The key file: who may open the vault, and the sealed keys; its format and its two copies.

`vault.keys.json` is read before anybody has proved anything, so it is treated as hostile: small,
bounded, one exact spelling. It carries a plain checksum, which tells damage from a wrong
password, and an HMAC under a key that only an unlocked vault has, which tells an edit. Outside
the HMAC stands only what must change while the vault is locked: the failure counters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from bt_desktop.errors import StorageReadOnly
from bt_desktop.security.atomic import (
    locked,
    read_small,
    storage_errors,
    sweep_parts,
    write_atomically,
)
from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import SALT_BYTES, KdfParams
from bt_desktop.security.problems import (
    BadName,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileNewer,
    KeyFileUnreadable,
)
from bt_desktop.security.throttle import Attempts

FILE_NAME = "vault.keys.json"
COPY_SUFFIX = ".bkup"
LOCK_SUFFIX = ".lock"
DATABASE_NAME = "records.db"

FORMAT = "bt-desktop-keys"
VERSION = 1
MAX_BYTES = 1 << 20  # 40 users take about 25 kB
MAX_USERS = 500
MAX_NAME = 120

SEALED_BYTES = 80  # an HPKE-sealed 32-byte key: 32 encapsulated + 32 + 16 tag
BUNDLE_BYTES = 80  # two 32-byte seeds + 16 tag
NONCE_BYTES = 12

State = Literal["stable", "rotating"]
_Damaged = Literal["damaged"]
_DAMAGED: _Damaged = "damaged"
_STATES: tuple[State, ...] = ("stable", "rotating")


class Malformed(Exception):
    """These bytes are no key file of ours (kept inside this package: callers see KnownErrors)."""


class MadeByNewer(Exception):
    """These bytes are a whole, unhurt key file of a version that this program does not know."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One account: its keys, hardened by a password, and the database key sealed to it.

    `sealed` maps a generation of the database key to the blob; empty while the account is closed.
    """

    user_id: str
    name: str
    disabled: bool
    kdf: KdfParams
    salt: bytes
    nonce: bytes
    bundle: bytes
    sealing_public: bytes
    signing_public: bytes
    sealed: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class RecoverySlot:
    """The database key sealed to the printed recovery key; `made`: whole UTC seconds."""

    public: bytes
    sealed: Mapping[int, bytes]
    made: int


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of a key file.

    `generation` counts database keys, `edition` every change made with the vault open. `mac` is
    the HMAC over everything but itself and the door (`attempts`, `last_user`).
    """

    vault_id: str
    school_name: str
    recovery: RecoverySlot
    users: tuple[Slot, ...]
    generation: int = 1
    edition: int = 1
    state: State = "stable"
    finished: bool = False
    mac: bytes = bytes(32)
    attempts: Mapping[str, Attempts] = field(default_factory=dict)
    last_user: str = ""

    def slot(self, user_id: str) -> Slot | None:
        """The account of that id."""
        return next((slot for slot in self.users if slot.user_id == user_id), None)

    def with_slot(self, slot: Slot) -> KeyFile:
        """The same file with this account in place of its former self, or added."""
        if self.slot(slot.user_id) is None:
            return replace(self, users=(*self.users, slot))
        users = tuple(slot if one.user_id == slot.user_id else one for one in self.users)
        return replace(self, users=users)

    def tries(self, user_id: str) -> Attempts:
        """The failure counters of that account."""
        return self.attempts.get(user_id, Attempts())

    def with_tries(self, user_id: str, attempts: Attempts) -> KeyFile:
        """The same file with these counters; untouched ones are not kept."""
        kept = {one: tries for one, tries in self.attempts.items() if one != user_id}
        if attempts != Attempts():
            kept[user_id] = attempts
        return replace(self, attempts=kept)

    def sealed_again(self, mac_key: bytes) -> KeyFile:
        """The next edition, with its HMAC."""
        following = replace(self, edition=self.edition + 1)
        return replace(following, mac=following.expected_mac(mac_key))

    def expected_mac(self, mac_key: bytes) -> bytes:
        """HMAC-SHA256 over everything that must not change while the vault is locked."""
        covered = _body(self)
        del covered["door"], covered["mac"]
        return hmac.new(mac_key, b"bt-keys-mac-v1\0" + canonical(covered), "sha256").digest()

    def mac_holds(self, mac_key: bytes) -> bool:
        """Was the file last changed by somebody who had the vault open?"""
        return hmac.compare_digest(self.mac, self.expected_mac(mac_key))


def clean_name(name: str) -> str:
    """A school or sign-in name as it is kept: trimmed. Raises BadName."""
    name = " ".join(name.split())
    good = 1 <= len(name) <= MAX_NAME and all(letter.isprintable() for letter in name)
    if not good:
        raise BadName
    return name


# --- writing -------------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _blobs(sealed: Mapping[int, bytes]) -> dict[str, str]:
    return {str(generation): _b64(blob) for generation, blob in sealed.items()}


def _slot_json(slot: Slot) -> dict[str, Any]:
    return {
        "id": slot.user_id,
        "name": slot.name,
        "disabled": slot.disabled,
        "kdf": {"m": slot.kdf.memory_kib, "t": slot.kdf.passes, "p": slot.kdf.lanes},
        "salt": _b64(slot.salt),
        "nonce": _b64(slot.nonce),
        "bundle": _b64(slot.bundle),
        "x25519": _b64(slot.sealing_public),
        "ed25519": _b64(slot.signing_public),
        "sealed": _blobs(slot.sealed),
    }


def _attempts_json(attempts: Attempts) -> dict[str, Any]:
    return {
        "count": attempts.count,
        "last": attempts.last,
        "former": attempts.former,
        "run": attempts.run,
        "ticks": attempts.ticks,
        "unreported": attempts.unreported,
        "first": attempts.first_unreported,
    }


def _body(file: KeyFile) -> dict[str, Any]:
    return {
        "vault": file.vault_id,
        "school": file.school_name,
        "generation": file.generation,
        "edition": file.edition,
        "state": file.state,
        "finished": file.finished,
        "users": [_slot_json(slot) for slot in file.users],
        "recovery": {
            "x25519": _b64(file.recovery.public),
            "sealed": _blobs(file.recovery.sealed),
            "made": file.recovery.made,
        },
        "mac": _b64(file.mac),
        "door": {
            "attempts": {one: _attempts_json(tries) for one, tries in file.attempts.items()},
            "last_user": file.last_user,
        },
    }


def to_bytes(file: KeyFile) -> bytes:
    """The file as it lies on the disk. Every version keeps the envelope and its checksum."""
    return _with_sum(canonical({"format": FORMAT, "version": VERSION, "body": _body(file)}))


def _with_sum(envelope: bytes) -> bytes:
    """The envelope with the SHA-256 of its one spelling, in its place in that spelling.

    Spelled by hand, because spelling it all twice was a tenth of a sign-in.
    """
    before, mark, version = envelope.rpartition(b',"version":')
    told = hashlib.sha256(envelope).hexdigest().encode("ascii")
    return b"".join((before, b',"sum":"', told, b'"', mark, version))


# --- reading -------------------------------------------------------------------------------


def from_bytes(data: bytes) -> KeyFile:
    """Read a key file. Raises Malformed for what is no whole key file, MadeByNewer."""
    if len(data) > MAX_BYTES:
        raise Malformed
    try:
        envelope = json.loads(data)
        if not isinstance(envelope, dict):
            raise Malformed
        envelope.pop("sum", None)
        spelled = canonical(envelope)
    except (ValueError, RecursionError) as problem:
        raise Malformed from problem
    if _with_sum(spelled) != data or envelope.get("format") != FORMAT:
        raise Malformed
    version = envelope.get("version")
    if type(version) is not int:  # True is no version, though it equals 1
        raise Malformed
    if version > VERSION:
        raise MadeByNewer
    if version != VERSION or set(envelope) != {"format", "version", "body"}:
        raise Malformed
    try:
        file = _read_body(_Reader(envelope["body"]))
    except ValueError as problem:
        raise Malformed from problem
    return file


class _Reader:
    """Takes one JSON object apart, each key once, each of the type and size it must have."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise Malformed
        self._left = dict(value)

    def _take(self, key: str, kind: type) -> Any:
        value = self._left.pop(key, None)
        if type(value) is not kind:  # exactly: True is no int here
            raise Malformed
        return value

    def text(self, key: str, longest: int) -> str:
        value: str = self._take(key, str)
        if len(value) > longest:
            raise Malformed
        return value

    def ident(self, key: str) -> str:
        return _ident(self._take(key, str))

    def flag(self, key: str) -> bool:
        value: bool = self._take(key, bool)
        return value

    def number(self, key: str, least: int = 0) -> int:
        value: int = self._take(key, int)
        if value < least:
            raise Malformed
        return value

    def blob(self, key: str, size: int) -> bytes:
        return _blob(self._take(key, str), size)

    def state(self, key: str) -> State:
        value = self._take(key, str)
        for known in _STATES:
            if value == known:
                return known
        raise Malformed

    def object(self, key: str) -> _Reader:
        return _Reader(self._left.pop(key, None))

    def objects(self, key: str, most: int) -> list[_Reader]:
        value: list[object] = self._take(key, list)
        if len(value) > most:
            raise Malformed
        return [_Reader(one) for one in value]

    def each(self) -> Iterator[str]:
        yield from tuple(self._left)

    def done(self) -> None:
        if self._left:
            raise Malformed


def _ident(text: str) -> str:
    if str(uuid.UUID(text)) != text:  # ValueError for what is no UUID at all
        raise Malformed
    return text


def _blob(text: str, size: int) -> bytes:
    data = base64.b64decode(text)
    if len(data) != size or _b64(data) != text:  # which other letters between would change
        raise Malformed
    return data


def _read_sealed(reader: _Reader) -> dict[int, bytes]:
    sealed = {}
    for key in reader.each():
        if not (key.isdigit() and key == str(int(key)) and len(key) <= 9):
            raise Malformed
        sealed[int(key)] = reader.blob(key, SEALED_BYTES)
    return sealed


def _read_slot(reader: _Reader) -> Slot:
    kdf = reader.object("kdf")
    params = KdfParams(kdf.number("m"), kdf.number("t"), kdf.number("p"))
    kdf.done()
    slot = Slot(
        user_id=reader.ident("id"),
        name=_kept_name(reader.text("name", MAX_NAME)),
        disabled=reader.flag("disabled"),
        kdf=params,
        salt=reader.blob("salt", SALT_BYTES),
        nonce=reader.blob("nonce", NONCE_BYTES),
        bundle=reader.blob("bundle", BUNDLE_BYTES),
        sealing_public=reader.blob("x25519", 32),
        signing_public=reader.blob("ed25519", 32),
        sealed=_read_sealed(reader.object("sealed")),
    )
    reader.done()
    return slot


def _kept_name(text: str) -> str:
    try:
        if clean_name(text) == text:
            return text
    except BadName as problem:
        raise Malformed from problem
    raise Malformed


def _read_attempts(reader: _Reader) -> Attempts:
    attempts = Attempts(
        count=reader.number("count"),
        last=reader.number("last"),
        former=reader.number("former"),
        run=reader.text("run", 32),
        ticks=reader.number("ticks"),
        unreported=reader.number("unreported"),
        first_unreported=reader.number("first"),
    )
    reader.done()
    return attempts


def _read_recovery(reader: _Reader) -> RecoverySlot:
    slot = RecoverySlot(
        public=reader.blob("x25519", 32),
        sealed=_read_sealed(reader.object("sealed")),
        made=reader.number("made"),
    )
    reader.done()
    return slot


def _read_body(reader: _Reader) -> KeyFile:
    door = reader.object("door")
    tries = door.object("attempts")
    attempts = {_ident(one): _read_attempts(tries.object(one)) for one in tries.each()}
    last_user = door.text("last_user", 36)
    door.done()
    file = KeyFile(
        vault_id=reader.ident("vault"),
        school_name=_kept_name(reader.text("school", MAX_NAME)),
        recovery=_read_recovery(reader.object("recovery")),
        users=tuple(_read_slot(one) for one in reader.objects("users", MAX_USERS)),
        generation=reader.number("generation", 1),
        edition=reader.number("edition", 1),
        state=reader.state("state"),
        finished=reader.flag("finished"),
        mac=reader.blob("mac", 32),
        attempts=attempts,
        last_user=last_user,
    )
    reader.done()
    idents = [slot.user_id for slot in file.users]
    if not idents or len(set(idents)) != len(idents):
        raise Malformed
    return file


# --- the two copies on the disk --------------------------------------------------------------


class KeyFileStore:
    """The key file of one vault folder and its second copy (`.bkup`).

    The copy is written after each successful write, never with bytes that were not read back
    whole, and takes the main file's place when that is missing or damaged. What was damaged is
    renamed aside, never deleted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.copy = folder / (FILE_NAME + COPY_SUFFIX)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile."""
        with locked(self.folder / (FILE_NAME + LOCK_SUFFIX)):
            yield

    def is_there(self) -> bool:
        """Is there a key file, or at least its copy (whole or not)?"""
        return self.path.exists() or self.copy.exists()

    def peek(self) -> KeyFile:
        """The key file, or its copy, without repairing anything. Raises as `load`."""
        return self._load()[0]

    def load(self) -> KeyFile:
        """The key file; from its copy, which then takes its place, when it is hurt or gone.

        Raises KeyFileMissing, KeyFileDamaged, KeyFileNewer, KeyFileUnreadable.
        """
        file, hurt = self._load()
        if hurt:
            # a folder that cannot be written must not keep anybody from reading
            with suppress(StorageReadOnly):
                self.put_back(file)
        return file

    def _load(self) -> tuple[KeyFile, bool]:
        main = self._read(self.path)
        if isinstance(main, KeyFile):
            return main, False
        second = self._read(self.copy)
        if isinstance(second, KeyFile):
            return second, True
        raise KeyFileMissing if main is second is None else KeyFileDamaged

    def second(self) -> KeyFile | None:
        """The copy, when it is whole."""
        try:
            file = self._read(self.copy)
        except KeyFileNewer:
            return None
        return file if isinstance(file, KeyFile) else None

    def put_back(self, file: KeyFile) -> None:
        """Set what lies at the main place aside, and write `file` there."""
        set_aside(self.path, "damaged")
        write_atomically(self.path, to_bytes(file))

    def save(self, file: KeyFile, second: KeyFile | None = None) -> None:
        """Write both copies; the second only when the first reads back as it was written.

        The second holds the same, or `second` where that is given.

        Raises StorageFull, StorageReadOnly, and KeyFileDamaged when the disk does not keep
        what it was given (the copy then still holds the former state).
        """
        data = to_bytes(file)
        from_bytes(data)  # what we could not read again is never written
        sweep_parts(self.path)
        sweep_parts(self.copy)
        write_atomically(self.path, data)
        with storage_errors(names=True):
            kept = self.path.read_bytes()
        if kept != data:
            raise KeyFileDamaged
        write_atomically(self.copy, data if second is None else to_bytes(second))

    def change(self, how: Callable[[KeyFile], KeyFile]) -> KeyFile:
        """Read, change and write both copies as one step, under the lock.

        Only for who has the vault open and has seen the HMAC hold: see `change_door`.
        """
        with self.locked():
            before = self.load()
            after = how(before)
            if after != before:
                self.save(after)
            return after

    def change_door(self, how: Callable[[KeyFile], KeyFile]) -> KeyFile:
        """The same for the failure counters alone, while nobody has proved anything yet.

        The copy gets the counters and keeps the rest of itself, so that a main file that was
        altered with a new checksum never takes the place of a good copy.
        """
        with self.locked():
            before = self.load()
            after = how(before)
            if after != before:
                self.save_door(after)
            return after

    def save_door(self, file: KeyFile) -> None:
        """Write the counters of `file` (under the lock); raises as `save`."""
        second = self.second()
        if second is not None:
            second = replace(second, attempts=file.attempts, last_user=file.last_user)
        self.save(file, second)

    def _read(self, path: Path) -> KeyFile | _Damaged | None:
        try:
            data = read_small(path, MAX_BYTES)
        except FileNotFoundError:
            return None
        except PermissionError as problem:
            raise KeyFileUnreadable from problem
        except OSError:
            return _DAMAGED
        try:
            return from_bytes(data)
        except Malformed:
            return _DAMAGED
        except MadeByNewer as problem:
            raise KeyFileNewer from problem


def set_aside(path: Path, why: str) -> Path | None:
    """Rename `path` to a free name beside it; None when there was nothing."""
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside
