"""What the health office writes down: sealed entries and files, added, found again, verified.

An entry is sealed under its subject's key, signed by its writer and announced to the audit trail
in the same transaction. The trail learns that something was written, never what.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, UnaryExpression, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.operators import custom_op

from bt_desktop.models.health import HealthEntry, HealthFile
from bt_desktop.models.types import micros
from bt_desktop.security import vault
from bt_desktop.security.canonical import canonical
from bt_desktop.security.health_keys import NotReadable, boxed
from bt_desktop.security.keys import key_id
from bt_desktop.security.permissions import Action, may_some
from bt_desktop.security.problems import WrongPassword
from bt_desktop.security.signing import HEALTH, sign
from bt_desktop.services.context import Context
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.problems import WitnessRefused
from bt_desktop.services.health.stored import from_bytes, to_bytes
from bt_desktop.services.results.export import Second

Value = TypeVar("Value")
ADDED, FILED = "health.add", "health.file"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that the signed-in person can read: where it stands and what it says (JSON)."""

    id: str
    count: int
    subject: str
    kind: str
    about: str
    day: date
    made_at: datetime
    by_user: str
    second_user: str | None
    data: bytes

    def value(self, kind: type[Value]) -> Value:
        """What it says, as a value of that type."""
        return from_bytes(self.data, kind)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who proved their password for one deed."""

    user_id: str
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which entry something was read: its count and its id."""

    count: int = 0
    id: str = ""


NOTHING_READ = Mark()


class Undone(Exception):
    """What was read was rolled back since; read anew."""


class HealthBox:
    """Adds entries and reads those that the signed-in person holds the key of."""

    def __init__(self, context: Context, keys: HealthKeys) -> None:
        self._context = context
        self.keys = keys

    # --- who signs -----------------------------------------------------------------------------

    def own_again(self, password: str) -> Signer:
        """The signed-in person's password again. Slow; raises as `vault.unlock`."""
        user_id = self._context.actor.user_id
        return self._signer(user_id, password)

    def witness(self, second: Second | None, action: Action) -> Signer:
        """The second person of a controlled deed, who signs with their own password (R19).

        Slow. Raises WitnessRefused for nobody, for oneself, for somebody whose role may not; and
        as `vault.unlock` for a wrong password, which counts against their account.
        """
        from bt_desktop.models.school import Account

        if second is None:
            raise WitnessRefused("nobody")
        if second.user_id == self._context.actor.user_id:
            raise WitnessRefused("same")
        with self._context.store.read() as session:
            row = session.get(Account, second.user_id)
            able = row is not None and row.active and may_some(row.role, action)
        if not able:
            raise WitnessRefused("role")
        return self._signer(second.user_id, second.password)

    def _signer(self, user_id: str, password: str) -> Signer:
        context = self._context
        try:
            key = vault.check_password(context.folder, user_id, password, context.clock)
        except WrongPassword as wrong:
            wrong.user_id = user_id
            raise
        return Signer(user_id, key)

    # --- adding --------------------------------------------------------------------------------

    def add(  # noqa: PLR0913 - what an entry is, by keyword after its value
        self,
        session: Session,
        subject: str,
        kind: str,
        value: Any,
        *,
        about: str = "",
        day: date,
        at: datetime | None = None,
        second: Signer | None = None,
        id: str | None = None,
    ) -> str:
        """Write something down about a subject; returns the entry's id.

        `value` is a dataclass of `model`; `at` when it happened (left out: now); `second` signs
        the same bytes. In the caller's transaction, with its line in the audit trail.
        """
        context, now = self._context, self._context.clock.now()
        public = self.keys.public(session, subject)
        cipher = self.keys.cipher(session, subject)
        entry_id, data = id or str(uuid.uuid4()), to_bytes(value)
        label = f"{kind}|{entry_id}"
        sealed = (
            cipher.seal(data, label)
            if cipher is not None
            else boxed(data, context.keys.vault_id, subject, public, label)
        )
        row = HealthEntry(
            id=entry_id,
            count=(session.scalar(select(func.max(HealthEntry.count))) or 0) + 1,
            subject=subject,
            kind=kind,
            about=about,
            day=day,
            at_us=micros(at or now),
            boxed=cipher is None,
            sealed=sealed,
            by_user=context.actor.user_id,
            made_at=now,
            key_id=context.keys.key_id,
            second_user=second.user_id if second else None,
            second_key_id=key_id(second.key.public_key()) if second else None,
        )
        told = entry_bytes(row)
        row.signature = sign(context.keys.signing, HEALTH, told)
        row.second_signature = sign(second.key, HEALTH, told) if second else None
        session.add(row)
        session.flush()
        context.note(
            session, ADDED, f"entry:{entry_id}", digest=hashlib.sha256(told).hexdigest(),
            reason=kind,
        )  # fmt: skip
        return entry_id

    def put_file(self, session: Session, subject: str, data: bytes) -> str:
        """Keep a scan, a photo or a paper, sealed; returns its id. An entry must name it."""
        context = self._context
        public = self.keys.public(session, subject)
        cipher = self.keys.cipher(session, subject)
        file_id = str(uuid.uuid4())
        label = f"file|{file_id}"
        sealed = (
            cipher.seal(data, label)
            if cipher is not None
            else boxed(data, context.keys.vault_id, subject, public, label)
        )
        row = HealthFile(
            id=file_id,
            subject=subject,
            sealed=(b"\0" if cipher is not None else b"\1") + sealed,
            size=len(data),
            by_user=context.actor.user_id,
            at=context.clock.now(),
        )
        session.add(row)
        session.flush()
        context.note(session, FILED, f"file:{file_id}", digest=file_digest(row))
        return file_id

    # --- finding -------------------------------------------------------------------------------

    def read(
        self,
        session: Session,
        *kinds: str,
        subject: str | None = None,
        about: str | None = None,
        first: date | None = None,
        last: date | None = None,
        after: int = 0,
    ) -> Iterator[Kept]:
        """Entries of these kinds in the order they were made, as far as the person can open them.

        `first` to `last` narrow the school day (both inclusive), `after` the count. Raises
        NotReadable for an entry whose key is held but which was changed.
        """
        wanted = select(HealthEntry)
        if after:  # few are new; asked for the kinds too, SQLite walks all of those kinds instead
            wanted = wanted.where(HealthEntry.count > after)
        else:
            wanted = wanted.where(HealthEntry.kind.in_(kinds))
        if subject is not None:
            wanted = wanted.where(HealthEntry.subject == subject)
        if about is not None:
            wanted = wanted.where(HealthEntry.about == about)
        day = HealthEntry.day if about is None else of_no_index(HealthEntry.day)
        if first is not None:
            wanted = wanted.where(day >= first)
        if last is not None:
            wanted = wanted.where(day <= last)
        for row in session.scalars(wanted.order_by(HealthEntry.count)):
            kept = self._opened(session, row) if row.kind in kinds else None
            if kept is not None:
                yield kept

    def news(self, session: Session, read: Mark) -> Mark | None:
        """Up to where there is something to read after `read`; None where nothing is new.

        Raises Undone where what was read up to is not there any more: it was read inside a
        transaction that was rolled back, and another entry may have its number now.
        """
        if read.count and self._id_at(session, read.count) != read.id:
            raise Undone
        newest = session.scalar(select(func.max(HealthEntry.count))) or 0
        return Mark(newest, self._id_at(session, newest)) if newest > read.count else None

    def _id_at(self, session: Session, count: int) -> str:
        wanted = select(HealthEntry.id).where(HealthEntry.count == count)
        return session.scalar(wanted) or ""

    def one(self, session: Session, entry_id: str) -> Kept | None:
        """An entry by its id; None where there is none, or it cannot be read."""
        row = session.get(HealthEntry, entry_id)
        return None if row is None else self._opened(session, row)

    def file(self, session: Session, file_id: str) -> bytes:
        """A kept file. Raises NotReadable without its key, KeyError where there is none."""
        row = session.get(HealthFile, file_id)
        if row is None:
            raise KeyError(file_id)
        cipher = self.keys.cipher(session, row.subject)
        if cipher is None:
            raise NotReadable
        sealed = row.sealed
        return cipher.open(sealed[1:], f"file|{file_id}", boxed=sealed[:1] == b"\1")

    def _opened(self, session: Session, row: HealthEntry) -> Kept | None:
        cipher = self.keys.cipher(session, row.subject)
        if cipher is None:
            return None
        return Kept(
            row.id,
            row.count,
            row.subject,
            row.kind,
            row.about,
            row.day,
            row.made_at,
            row.by_user,
            row.second_user,
            cipher.open(row.sealed, f"{row.kind}|{row.id}", boxed=row.boxed),
        )


def of_no_index(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column that SQLite looks up in no index (a unary plus): what belongs to one order is found
    by that, never by reading a whole month of the school."""
    return UnaryExpression(column.expression, operator=custom_op("+"), type_=column.type)


def entry_bytes(row: HealthEntry) -> bytes:
    """What is signed of an entry: everything but the signatures, the content as its digest."""
    return canonical(
        {
            "id": row.id,
            "count": row.count,
            "subject": row.subject,
            "kind": row.kind,
            "about": row.about,
            "day": row.day.isoformat(),
            "at": str(row.at_us),
            "boxed": bool(row.boxed),
            "sealed": hashlib.sha256(row.sealed).hexdigest(),
            "by": row.by_user,
            "made_at": row.made_at.isoformat(),
            "second": row.second_user or "",
        }
    )


def file_digest(row: HealthFile) -> str:
    """The SHA-256 (hex) of all that is kept of a file."""
    sealed = hashlib.sha256(row.sealed).hexdigest()
    told = [row.id, row.subject, sealed, str(row.size), row.by_user, row.at.isoformat()]
    return hashlib.sha256(canonical(told)).hexdigest()
