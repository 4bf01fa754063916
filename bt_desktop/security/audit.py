"""The audit trail: who did what, when, each entry signed and chained to the one before.

An entry holds ids, codes, counts and digests, never a name or a word of a report, so that the
trail can be shown to an auditor. It is added in the transaction of the deed it tells of. What the
chain cannot see by itself, its end cut off or an old database put back, is seen by comparing its
head with what was noted outside (`anchors`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import bt_desktop
from bt_desktop.clock import Clock
from bt_desktop.models.audit import SYSTEM_USER, AuditEntry, AuditKey, AuditSystemKey
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keys import FailedSignIns, Keys, key_id
from bt_desktop.security.permissions import Role
from bt_desktop.security.signing import AUDIT, holds, public_key, sign

VERSION = 1
GENESIS = bytes(32)
CLOCK_BACK_S = 120  # security design §1, threat 14

KEY_ADDED = "key_added"
KEY_REPLACED = "key_replaced"
CLOCK_MOVED = "clock_moved"
SIGN_IN_FAILED = "sign_in_failed"

_ACTION = re.compile(r"[a-z][a-z0-9]*([_.][a-z0-9]+)*\Z")
_CODE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*\Z")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OBJECT = re.compile(
    rf"[a-z]+(_[a-z]+)*(:({_UUID}|[0-9a-f]{{16,64}}|[0-9]+|[A-Z]{{2,6}}(-[0-9]+)+))?\Z"
)
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_USER = re.compile(rf"(system|{_UUID})\Z")
_LONGEST = 80
_NEWEST = select(func.max(AuditEntry.seq)).scalar_subquery()
STEP = 100
"""Entries between two words of progress: about 20 ms."""


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Whoever writes an entry: a person with a signing key, or this installation (`system`).

    `device` is an id of this computer without a name in it.
    """

    vault_id: str
    user_id: str
    role: str
    signing: Ed25519PrivateKey
    device: str = ""

    @classmethod
    def of(cls, keys: Keys, role: Role | str, device: str = "") -> AuditActor:
        """The person who holds these keys."""
        return cls(keys.vault_id, keys.user_id, Role(role).value, keys.signing, device)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is read. Times: `at` with the local offset it was written in."""

    seq: int
    hash: str
    prev: str
    at: datetime
    user_id: str
    role: str
    key_id: str
    action: str
    object: str
    object_version: int | None
    digest: str | None
    reason: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and its hash in hex. An empty trail: 0 and zeros."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What looking at the chain told.

    `first_bad` is the entry where it breaks and `reason` a code: gap, prev, hash, signature, key,
    body, checkpoint, key-unannounced; both None when it holds. `checked` counts good entries.
    """

    checked: int
    head: Head
    first_bad: int | None = None
    reason: str | None = None

    @property
    def holds(self) -> bool:
        """Nothing was found wrong."""
        return self.first_bad is None


class NotForTheTrail(ValueError):
    """A bug: something was to be written that may hold a person's name or free text."""


def _require(pattern: re.Pattern[str], text: str) -> str:
    if len(text) > _LONGEST or not pattern.match(text):
        raise NotForTheTrail
    return text


def head(session: Session) -> Head:
    """The newest entry's number and hash."""
    row = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq == _NEWEST)
    ).first()
    return Head(0, GENESIS.hex()) if row is None else Head(row.seq, row.hash.hex())


def append(  # noqa: PLR0913 - what an entry tells, by keyword after the object
    session: Session,
    actor: AuditActor,
    clock: Clock,
    action: str,
    object: str,
    *,
    version: int | None = None,
    digest: str | bytes | None = None,
    reason: str | None = None,
    counts: Mapping[str, int] | None = None,
) -> Entry:
    """Add an entry in the caller's transaction, which must be one that may write.

    `object` is `kind`, or `kind:id` with a UUID, a number, hex digits or a record's number;
    `reason` is a short code (free text belongs to the record); `digest` a SHA-256. Raises
    NotForTheTrail for anything else. Adds a `clock_moved` entry first when the computer's clock
    went back by more than two minutes since the last entry.
    """
    last = _last(session)
    now = clock.now()
    if action != CLOCK_MOVED and last is not None:
        back = (_moment(last.at_utc) - now).total_seconds()
        if back > CLOCK_BACK_S:
            watcher = _system_actor(session, actor.vault_id, actor.device)
            append(session, watcher, clock, CLOCK_MOVED, "clock", counts={"seconds": int(back)})
            last = _last(session)
    seq = last.seq + 1 if last else 1
    previous = last.hash if last else GENESIS
    body = canonical(
        {
            "v": VERSION,
            "vault": actor.vault_id,
            "seq": seq,
            "prev": previous.hex(),
            "at_utc": now.astimezone(UTC).isoformat(timespec="milliseconds"),
            "at_local": now.isoformat(timespec="milliseconds"),
            "tz": _zone(now),
            "boot_ms": int(clock.monotonic() * 1000),
            "user": _require(_USER, actor.user_id),
            "role": actor.role,
            "key": key_id(actor.signing.public_key()),
            "device": actor.device,
            "action": _require(_ACTION, action),
            "object": _require(_OBJECT, object),
            "object_ver": version,
            "digest": _digest(digest),
            "reason": None if reason is None else _require(_CODE, reason),
            "counts": {_require(_CODE, name): _number(n) for name, n in (counts or {}).items()},
            "app": bt_desktop.__version__,
        }
    )
    sig = sign(actor.signing, AUDIT, body)
    row = AuditEntry(seq=seq, body=body, sig=sig, hash=_hash(body, sig))
    session.add(row)
    session.flush()
    return _entry(row)


def _zone(now: datetime) -> str:
    return re.sub(r"[^A-Za-z0-9+:/_-]", "", f"{now:%Z}")[:40]


def _number(value: int) -> int:
    if not isinstance(value, int):
        raise NotForTheTrail
    return value


def _digest(digest: str | bytes | None) -> str | None:
    if digest is None:
        return None
    return _require(_HEX, digest.hex() if isinstance(digest, bytes) else digest)


def _hash(body: bytes, sig: bytes) -> bytes:
    return hashlib.sha256(AUDIT + b"\0" + body + sig).digest()


@dataclass(frozen=True, slots=True)
class _Last:
    seq: int
    hash: bytes
    at_utc: str


def _last(session: Session) -> _Last | None:
    row = session.execute(
        select(AuditEntry.seq, AuditEntry.hash, AuditEntry.body).where(AuditEntry.seq == _NEWEST)
    ).first()
    return None if row is None else _Last(row.seq, row.hash, json.loads(row.body)["at_utc"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _entry(row: AuditEntry) -> Entry:
    told = json.loads(row.body)
    return Entry(
        seq=row.seq,
        hash=row.hash.hex(),
        prev=told["prev"],
        at=_moment(told["at_local"]),
        user_id=told["user"],
        role=told["role"],
        key_id=told["key"],
        action=told["action"],
        object=told["object"],
        object_version=told["object_ver"],
        digest=told["digest"],
        reason=told["reason"],
        counts=told["counts"],
    )


def entries(
    session: Session, *, limit: int = 100, before: int | None = None, user_id: str | None = None
) -> tuple[Entry, ...]:
    """The newest entries first, `before` that number; of one person where `user_id` is given."""
    wanted = select(AuditEntry).order_by(AuditEntry.seq.desc())
    if before is not None:
        wanted = wanted.where(AuditEntry.seq < before)
    found: list[Entry] = []
    for row in session.scalars(wanted.execution_options(yield_per=200)):
        entry = _entry(row)
        if user_id is None or entry.user_id == user_id:
            found.append(entry)
        if len(found) == limit:
            break
    return tuple(found)


def entry_at(session: Session, seq: int) -> Entry | None:
    """The entry of that number, where its own signature holds; else None."""
    row = session.get(AuditEntry, seq)
    told = None if row is None else _told(row.body)
    if row is None or told is None or told.get("seq") != seq:
        return None
    key = session.get(AuditKey, str(told.get("key")))
    if key is None or key.user_id != told.get("user"):
        return None
    return _entry(row) if holds(public_key(key.public), AUDIT, row.body, row.sig) else None


# --- keys --------------------------------------------------------------------------------------


def begin(session: Session, vault_id: str, clock: Clock, device: str = "") -> Entry:
    """Make this installation's own key and the first entry, in a new database."""
    signing = Ed25519PrivateKey.generate()
    session.add(AuditSystemKey(id=1, seed=signing.private_bytes_raw()))
    system = AuditActor(vault_id, SYSTEM_USER, SYSTEM_USER, signing, device)
    return add_key(session, system, clock, SYSTEM_USER, SYSTEM_USER, _public(signing))


def _public(signing: Ed25519PrivateKey) -> bytes:
    return signing.public_key().public_bytes_raw()


def system_actor(session: Session, vault_id: str, device: str = "") -> AuditActor:
    """This installation, for what no person did. `begin` must have been called."""
    return _system_actor(session, vault_id, device)


def _system_actor(session: Session, vault_id: str, device: str) -> AuditActor:
    seed = session.execute(select(AuditSystemKey.seed)).scalar_one()
    signing = Ed25519PrivateKey.from_private_bytes(seed)
    return AuditActor(vault_id, SYSTEM_USER, SYSTEM_USER, signing, device)


def add_key(
    session: Session,
    actor: AuditActor,
    clock: Clock,
    user_id: str,
    sign_in_name: str,
    public: bytes,
) -> Entry:
    """Let entries be signed with this public key from now on; retires the user's former key.

    The entry that announces it is `key_added`, or `key_replaced` where there was one before.
    """
    former = session.scalars(
        select(AuditKey).where(AuditKey.user_id == user_id, AuditKey.retired_seq.is_(None))
    ).first()
    action = KEY_ADDED if former is None else KEY_REPLACED
    object = "installation" if user_id == SYSTEM_USER else f"user:{user_id}"
    digest = hashlib.sha256(public).hexdigest()
    entry = append(session, actor, clock, action, object, digest=digest)
    if former is not None:
        former.retired_seq = entry.seq
    session.add(
        AuditKey(
            key_id=key_id(public),
            user_id=user_id,
            name=sign_in_name,
            public=public,
            from_seq=entry.seq,
        )
    )
    session.flush()
    return entry


def append_failed_sign_ins(
    session: Session, vault_id: str, clock: Clock, failed: tuple[FailedSignIns, ...]
) -> None:
    """Tell of wrong tries while the vault was locked (then call `accounts.mark_reported`)."""
    for one in failed:
        append(
            session,
            system_actor(session, vault_id),
            clock,
            SIGN_IN_FAILED,
            f"user:{one.user_id}",
            counts={"tries": one.count, "first_at": one.first_at, "last_at": one.last_at},
        )


# --- verifying ---------------------------------------------------------------------------------


class _Row(NamedTuple):
    """An entry as it lies there, without a mapped object: a full check reads every one."""

    seq: int
    body: bytes
    sig: bytes
    hash: bytes


@dataclass(slots=True)
class _Chain:
    """Walks the entries in order and says what is wrong with one."""

    keys: Mapping[str, AuditKey]
    vault_id: str | None
    seq: int
    hash: bytes
    announced: dict[int, str | None] = field(default_factory=dict)
    _public: dict[str, Ed25519PublicKey | None] = field(default_factory=dict)

    def fault(self, row: _Row) -> str | None:
        if row.seq != self.seq + 1:
            return "gap"
        told = _told(row.body)
        if told is None or told.get("seq") != row.seq or told.get("v") != VERSION:
            return "body"
        if told.get("prev") != self.hash.hex():
            return "prev"
        if row.hash != _hash(row.body, row.sig):
            return "hash"
        if self.vault_id is not None and told.get("vault") != self.vault_id:
            return "body"
        fault = self._signature_fault(row, told)
        if fault is None and told.get("action") in (KEY_ADDED, KEY_REPLACED):
            self.announced[row.seq] = told.get("digest")
        return fault

    def _signature_fault(self, row: _Row, told: Mapping[str, Any]) -> str | None:
        key = self.keys.get(str(told.get("key")))
        if key is None or key.user_id != told.get("user") or key_id(key.public) != key.key_id:
            return "key"
        if row.seq < key.from_seq or (key.retired_seq is not None and row.seq > key.retired_seq):
            return "key"
        if key.key_id not in self._public:  # made once, not at each of thousands of entries
            self._public[key.key_id] = public_key(key.public)
        return None if holds(self._public[key.key_id], AUDIT, row.body, row.sig) else "signature"

    def step(self, row: _Row) -> None:
        self.seq, self.hash = row.seq, row.hash


def _told(body: bytes) -> dict[str, Any] | None:
    """What a body says; None where it is not the one spelling (RFC 8785) of what it says."""
    try:
        told = json.loads(body, parse_float=_no_float)
        whole = isinstance(told, dict) and canonical(told) == body
    except (ValueError, RecursionError):
        return None
    return told if whole else None


def _no_float(_: str) -> float:
    raise ValueError("a body holds whole numbers only")


def verify(
    session: Session,
    *,
    vault_id: str | None = None,
    since: Head | None = None,
    step: Callable[[int], object] | None = None,
) -> AuditVerdict:
    """Look at every entry, or at those after `since` (a head that was verified before).

    Looks at the order, the links, the hashes, the signatures and that each key was announced.
    0.2 ms an entry: run a long one in a worker. `step` is told of so many more entries, and may
    raise to stop.
    """
    start = since or Head(0, GENESIS.hex())
    if start.seq:
        known = session.get(AuditEntry, start.seq)
        if known is None or known.hash.hex() != start.hash:
            return AuditVerdict(0, head(session), start.seq, "checkpoint")
    keys = {key.key_id: key for key in session.scalars(select(AuditKey))}
    chain = _Chain(keys, vault_id, start.seq, bytes.fromhex(start.hash))
    checked = 0
    for row in _rows_after(session, start.seq):
        fault = chain.fault(row)
        if fault is not None:
            return AuditVerdict(checked, head(session), row.seq, fault)
        chain.step(row)
        checked += 1
        if step is not None and not checked % STEP:
            step(STEP)
    bad = _unannounced(keys.values(), chain.announced, start.seq)
    return AuditVerdict(checked, head(session), bad, None if bad is None else "key-unannounced")


def _rows_after(session: Session, seq: int) -> Iterator[_Row]:
    columns = (AuditEntry.seq, AuditEntry.body, AuditEntry.sig, AuditEntry.hash)
    wanted = select(*columns).where(AuditEntry.seq > seq).order_by(AuditEntry.seq)
    for row in session.execute(wanted.execution_options(yield_per=500)):
        yield _Row(*row)


def _unannounced(
    keys: Iterator[AuditKey] | Any, announced: Mapping[int, str | None], since: int
) -> int | None:
    """The first key after `since` whose entry does not name it."""
    bad = [
        key.from_seq
        for key in keys
        if key.from_seq > since
        and announced.get(key.from_seq) != hashlib.sha256(key.public).hexdigest()
    ]
    return min(bad, default=None)
