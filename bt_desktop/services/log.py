"""The audit trail as people read it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.audit import SYSTEM_USER, AuditEntry, AuditKey
from bt_desktop.models.people import Staff
from bt_desktop.models.school import Account
from bt_desktop.security import audit
from bt_desktop.security.anchors import AnchorFinding
from bt_desktop.security.audit import AuditVerdict
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.integrity import first_fault
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.results.school import LogEntry


class LogService:
    """Reads and verifies the audit trail."""

    def __init__(self, context: Context, doubts: tuple[AnchorFinding, ...] = ()) -> None:
        self._context = context
        self._doubts = doubts

    def entries(self, limit: int = 100, before: int | None = None) -> tuple[LogEntry, ...]:
        """The newest entries (older than `before`), own ones only where the role says so."""
        context = self._context
        everything = context.may(Action.LOG_READ)
        if not everything:
            context.require(Action.LOG_READ, own=True)
        user = None if everything else context.actor.user_id
        with context.store.read() as session:
            found = audit.entries(session, limit=limit, before=before, user_id=user)
            names = _account_names(session)
            return tuple(_line(entry, names) for entry in found)

    def head(self) -> tuple[int, str]:
        """The number and hash (hex) of the newest entry."""
        with self._context.store.read() as session:
            head = audit.head(session)
            return head.seq, head.hash

    def export(self) -> Iterator[str]:
        """The whole trail as lines of JSON, without a name: a head, the public keys, the entries.

        `body` is what was signed, to the letter, with `sig` and `hash`, so that another program can
        check the chain. People stand in it by their account's id. Told to the trail itself, which
        is one entry longer afterwards. Raises Denied.
        """
        context = self._context
        context.require(Action.LOG_EXPORT)
        context.require_password()
        with context.store.write() as session:
            context.note(session, "log.export", "vault")
        with context.store.read() as session:
            head = audit.head(session)
            yield _json(
                {"format": "bt-desktop-trail", "version": 1, "vault": context.keys.vault_id,
                 "seq": head.seq, "hash": head.hash}
            )  # fmt: skip
            yield from _keys_lines(session)
            rows = select(AuditEntry).order_by(AuditEntry.seq)
            for row in session.scalars(rows.execution_options(yield_per=500)):
                yield _json(
                    {
                        "seq": row.seq,
                        "body": bytes(row.body).decode("utf-8"),
                        "sig": base64.b64encode(row.sig).decode("ascii"),
                        "hash": row.hash.hex(),
                    }
                )

    def verify(self) -> AuditVerdict:
        """Look at every entry, every signed part and every copy; for the lane of long reads.

        `reason` may also be a code of `integrity.first_fault` or of `anchors.AnchorFinding`.
        """
        self._context.require(Action.LOG_VERIFY)
        with self._context.store.read() as session:
            verdict = audit.verify(session, vault_id=self._context.keys.vault_id)
            if not verdict.holds:
                return verdict
            fault = first_fault(session)
        if fault is None and self._doubts:
            fault = self._doubts[0].seq, self._doubts[0].code
        if fault is None:
            return verdict
        return replace(verdict, first_bad=fault[0], reason=fault[1])


def _keys_lines(session: Session) -> Iterator[str]:
    for key in session.scalars(select(AuditKey).order_by(AuditKey.from_seq)):
        yield _json(
            {
                "key": key.key_id,
                "public": base64.b64encode(key.public).decode("ascii"),
                "from": key.from_seq,
                "until": key.retired_seq,
            }
        )


def _json(told: Mapping[str, object]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _account_names(session: Session) -> dict[str, str]:
    rows = session.execute(select(Account.user_id, Staff).join(Staff, Staff.id == Account.staff_id))
    names = {user_id: whole_name(staff) for user_id, staff in rows}
    names[SYSTEM_USER] = "This program"
    return names


def _line(entry: audit.Entry, names: dict[str, str]) -> LogEntry:
    told = [entry.reason or ""] + [f"{name} {count}" for name, count in entry.counts.items()]
    return LogEntry(
        seq=entry.seq,
        at=entry.at,
        actor=names.get(entry.user_id, entry.user_id),
        action=entry.action,
        object=entry.object,
        detail=", ".join(part for part in told if part),
        hash=entry.hash,
    )
