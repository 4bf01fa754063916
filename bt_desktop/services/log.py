"""The audit trail as people read it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError, StorageDamaged
from bt_desktop.models.audit import SYSTEM_USER, AuditEntry, AuditKey
from bt_desktop.models.people import Staff
from bt_desktop.models.school import Account
from bt_desktop.security import anchors, audit
from bt_desktop.security.audit import AuditVerdict, Head
from bt_desktop.security.permissions import Action
from bt_desktop.services import trail_watch
from bt_desktop.services.context import Context
from bt_desktop.services.held import HoldService
from bt_desktop.services.integrity import first_fault
from bt_desktop.services.on_paper import OnPaper, code_on_paper, head_on_paper, read_code
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.results.school import LogEntry
from bt_desktop.services.work_progress import Progress

if TYPE_CHECKING:
    from bt_desktop.paper.verify import Verdict

PAGE_DAMAGED = "page-damaged"
"""Each entry fits, and a page of the file does not bear its checksum, or an index not its rows."""


class LogService:
    """Reads and verifies the audit trail."""

    def __init__(self, context: Context, held: HoldService) -> None:
        self._context = context
        self._held = held

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

    def on_paper(self, verdict: Verdict) -> OnPaper | None:
        """Whether the trail is what a genuine copy saw of it; None where the copy bears no head."""
        if verdict.audit_seq is None or verdict.audit_head is None:
            return None
        with self._context.store.read() as session:
            return head_on_paper(session, Head(verdict.audit_seq, verdict.audit_head.lower()))

    def square_code(self, text: str) -> OnPaper:
        """The same of the text of a scanned square code. Raises NoSquareCode."""
        code = read_code(text)
        with self._context.store.read() as session:
            return code_on_paper(session, code)

    def export(self) -> Iterator[str]:
        """The whole trail as lines of JSON, without a name: a head, the public keys, the entries.

        `body` is what was signed, to the letter, with `sig` and `hash`, so that another program can
        check the chain. People stand in it by their account's id. Told to the trail itself, which
        is one entry longer afterwards. Raises Denied.
        """
        context = self._context
        context.require(Action.LOG_EXPORT)
        context.require_password()
        with context.looking() as session:
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

    def verify(self, progress: Progress | None = None) -> AuditVerdict:
        """Look at every entry, every signed part, every copy and every page; for the lane of long
        reads.

        What was found is an entry of its own; where something is wrong, the week's check is due at
        once. `reason` may also be a code of `integrity.first_fault` or of `anchors.AnchorFinding`,
        `FILE_CHANGED` (after that entry: no later one tells of it) or `PAGE_DAMAGED` (number 0).
        Raises Denied, Canceled, and StorageDamaged where a page on the way cannot be read.
        """
        self._context.require(Action.LOG_VERIFY)
        return self._verify(progress)

    def week_due(self) -> bool:
        """Whether the whole trail was not looked at for a week."""
        if self._held.held:
            return False
        with self._context.store.read() as session:
            return trail_watch.full_due(session, self._context.clock.now())

    def verify_week(self, progress: Progress | None = None) -> AuditVerdict | None:
        """The same by itself, whoever signed in, once a week; None where it is not due.

        Where something is wrong, the records may only be read from then on. Raises Canceled.
        """
        if not self.week_due():
            return None
        verdict = self._verify(progress)
        self._hold(verdict)
        return verdict

    def _verify(self, progress: Progress | None) -> AuditVerdict:
        context = self._context
        with context.store.read() as session:
            if progress is not None:
                progress.begin(2 * audit.head(session).seq)
            step = None if progress is None else progress.step
            verdict = audit.verify(session, vault_id=context.keys.vault_id, step=step)
            fault = self._fault(session, verdict, step) if verdict.holds else None
        if verdict.holds and fault is None:
            fault = self._page_fault()
        if fault is not None:
            verdict = replace(verdict, first_bad=fault[0], reason=fault[1])
        self._tell(verdict)
        return verdict

    def _fault(
        self, session: Session, verdict: AuditVerdict, step: Callable[[int], object] | None
    ) -> tuple[int, str] | None:
        """What a chain that holds cannot tell: entries that are gone (the first of them), rows
        that are not as their entries say, notes beside that are not ours."""
        context = self._context
        found = (
            *self._held.findings,
            *trail_watch.compare_all(session, context.folder, context.keys),
            *self._held.warnings,
        )
        for one in found:
            if one.code == "trail-broken":
                continue  # looked at anew, or told last
            if one.code == "database-older":
                return verdict.head.seq + 1, one.code
            if one.holds:
                return one.seq, one.code
        told = next(((one.seq, one.code) for one in found if not one.holds), None)
        changed = next(
            ((one.seq, one.detail) for one in found if one.detail == trail_watch.FILE_CHANGED), None
        )
        return first_fault(session, step) or changed or told

    def _page_fault(self) -> tuple[int, str] | None:
        """A page that nobody read until now and that is damaged, or an index that does not fit."""
        try:
            self._context.store.require_sound()
        except StorageDamaged:
            return 0, PAGE_DAMAGED
        return None

    def _hold(self, verdict: AuditVerdict) -> None:
        """Where something is wrong, the records may only be read from now on."""
        context, code = self._context, verdict.reason or ""
        if code in anchors.HOLDING:
            with context.store.read() as session:
                found = trail_watch.compare_all(session, context.folder, context.keys)
            self._held.learn(found)
        elif not (verdict.holds or code in anchors.WARNING or code in self._warned()):
            self._held.learn((trail_watch.broken_at(verdict.first_bad or 0, code),))

    def _warned(self) -> set[str]:
        return {one.code for one in self._held.warnings}

    def _tell(self, verdict: AuditVerdict) -> None:
        context = self._context
        counts = {"entries": verdict.checked, "first_bad": verdict.first_bad or 0}
        with context.looking() as session:
            entry = context.note(
                session, trail_watch.VERIFIED, "vault", reason=verdict.reason or "holds",
                counts=counts,
            )  # fmt: skip
            if not context.store.held:
                trail_watch.remember(session, entry)
        if verdict.holds:
            with suppress(KnownError):  # the next sign-in looks at a few more entries
                anchors.note(
                    context.folder / anchors.FILE_NAME, verdict.head, context.keys.edition,
                    context.clock.now(), context.keys.sub_key(anchors.MAC_PURPOSE), verified=True,
                )  # fmt: skip


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
