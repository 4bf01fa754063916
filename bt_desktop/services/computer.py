"""What this computer's own keyring remembers of these records, and whether it fits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.school import Account, Setting
from bt_desktop.security import anchors, audit, emergency, watermark
from bt_desktop.security.anchors import Anchor, AnchorFinding, Restore
from bt_desktop.security.audit import head as newest
from bt_desktop.security.device import (
    DeviceMemory,
    KeyringOutcome,
    KeyStore,
    OsKeyring,
    Remembered,
)
from bt_desktop.security.permissions import Action
from bt_desktop.services import trail_watch
from bt_desktop.services.backups import second_path
from bt_desktop.services.context import Context
from bt_desktop.services.held import HoldService
from bt_desktop.services.problems import ReasonNeeded, RestoreNotTold

ANSWER_S = 15.0
"""How long the keyring may take here: nobody waits for it, but the program cannot end before."""

REASON_AT_LEAST = 15
ACCEPTED = "restores_accepted"
"""The setting that keeps who accepted a restore on a computer, and why (the trail: a digest)."""

_SENTENCES = {
    "database-older": (
        "These records are older than what was seen before: entries {seq} and before are missing. "
        "Somebody may have put back an old copy. Tell an administrator before you go on."
    ),
    "trail-broken": (
        "The history of these records does not hold at entry {seq}: it was changed by another "
        "hand, or the disk damaged it. Tell an administrator before you go on."
    ),
    trail_watch.FILE_CHANGED: (
        "The file with the records is not the one that was closed here after entry {seq}: an old "
        "part of it was put back, it was changed by another hand, or the disk damaged it. "
        "Tell an administrator before you go on."
    ),
    "history-differs": (
        "The history of these records is not the one seen before (entry {seq}). "
        "Tell an administrator before you go on, and change nothing."
    ),
    "key-file-older": (
        "An older key file was put back beside these records. "
        "Passwords changed since then are undone. Tell an administrator."
    ),
    trail_watch.KEY_FILE_REPAIRED: (
        "The key file (vault.keys.json) was damaged, gone or changed by another hand; its copy "
        "took its place, and nothing is lost. Tell an administrator: this disk may be failing."
    ),
    "anchors-altered": (
        "The notes beside the database (anchors.log) were changed by another hand. "
        "Tell an administrator."
    ),
    watermark.MISSING: (
        "The last things that were saved here are not there any more: the disk lost or damaged "
        "them (records.db-wal), or somebody put back an old file. Nothing that was signed is "
        "missing. Look through your drafts, and tell an administrator: this disk may be failing."
    ),
    emergency.CHANGED: (
        "The key for notes of the locked screen was changed by another hand "
        "(emergency.pub.json) and is put right now. Such notes may have been lost or read: ask "
        "who gave medicine meanwhile, and tell an administrator."
    ),
}


def doubts_in_words(doubts: Sequence[AnchorFinding]) -> tuple[str, ...]:
    """Each doubt once, in a sentence that says what to do."""
    codes = {d.detail if d.detail in _SENTENCES else d.code: d.seq for d in doubts}
    return tuple(_SENTENCES[code].format(seq=seq) for code, seq in codes.items())


@dataclass(frozen=True, slots=True)
class ThisComputer:
    """How asking this computer's keyring went.

    `keyring` names it for people, empty where there is none; `sentence` says what that means for
    the person; `usable` whether it did its work; `doubts` is what does not fit with what it
    remembered (see `doubts_in_words`); `restored`: a restore that the trail tells of accounts for
    every one of them, so that an administrator may accept it here (`ComputerService.accept`).
    """

    keyring: str
    sentence: str
    usable: bool
    doubts: tuple[AnchorFinding, ...]
    restored: bool = False


class ComputerService:
    """Asks the keyring, which may show a prompt of the system and take its time.

    Looks at the second place for backups as well, which can be as slow. What does not fit there
    holds the records (`held`). `keyring` is for tests; left out, it is the system's own.
    """

    def __init__(
        self, context: Context, held: HoldService, keyring: KeyStore | None = None
    ) -> None:
        self._context = context
        self._held = held
        self._keyring = keyring

    def look(self) -> ThisComputer:
        """Compare the trail with the head this computer saw last, then let it remember today's.

        Does not raise for anything a keyring does. A head that does not fit is not overwritten,
        so that the doubt stands until somebody has looked into it.
        """
        keyring = self._asked()
        memory = self._memory(keyring, self._context.keys.user_id)
        remembered = memory.recall()
        with self._context.store.read() as session:
            head = newest(session)
            doubts = self._doubts(session, remembered)
            told = anchors.restores(session)
            place = second_path(session)
            outside = (
                ()
                if place is None
                else trail_watch.second_place(session, place, self._context.keys)
            )
        restored = bool(doubts) and _explained(doubts, told, remembered)
        self._held.learn((*doubts, *outside))
        outcome = remembered.outcome
        if outcome.usable and not doubts and not self._held.held:
            outcome = memory.remember(head, self._context.keys.edition, [one.mark for one in told])
        name = keyring.name() if outcome is not KeyringOutcome.NO_KEYRING_HERE else ""
        doubts += outside
        return ThisComputer(name, outcome.value, outcome.usable, doubts, restored and not outside)

    def accept(self, reason: str) -> ThisComputer:
        """Let this computer remember the records as they are since a restore, for everybody who
        signs in here; the warning ends. `reason` (15 characters) is kept, its digest in the trail.

        Only an administrator, and only where the trail itself tells of the restore: an entry signed
        by whoever put the backup back, in a trail that holds. Raises Denied, ReasonNeeded,
        RestoreNotTold. May take seconds, as `look`.
        """
        context = self._context
        context.require(Action.TRAIL_ACCEPT)
        context.require_password()
        reason = " ".join(reason.split())
        if len(reason) < REASON_AT_LEAST:
            raise ReasonNeeded(REASON_AT_LEAST)
        keyring = self._asked()
        seen = self._memory(keyring, context.keys.user_id).recall()
        with context.store.read() as session:
            mine = self._doubts(session, seen)
            users = tuple(session.scalars(select(Account.user_id)))
            told = _explained(mine, anchors.restores(session), seen)
            told = told and audit.verify(session, vault_id=context.keys.vault_id).holds
        if mine and not told:
            raise RestoreNotTold
        if mine:
            self._write_down(reason, max(one.seq for one in mine))
            for user_id in users:
                self._remember_anew(self._memory(keyring, user_id))
        return self.look()

    def _asked(self) -> KeyStore:
        return self._keyring or OsKeyring(timeout_s=ANSWER_S)

    def _memory(self, keyring: KeyStore, user_id: str) -> DeviceMemory:
        return DeviceMemory(keyring, self._context.keys.vault_id, user_id)

    def _doubts(self, session: Session, seen: Remembered) -> tuple[AnchorFinding, ...]:
        known = (Anchor(seen.head, seen.edition, "keyring"),) if seen.head else ()
        # A restore is accepted on each computer by itself (`accept`); it holds nobody up.
        said = trail_watch.accepted(session, trail_watch.ACCEPTED)
        return anchors.compare(session, known, edition=self._context.keys.edition, accepted=said)

    def _write_down(self, reason: str, seq: int) -> None:
        context = self._context
        digest = hashlib.sha256(reason.encode("utf-8")).hexdigest()
        with context.store.write() as session:
            before = session.get(Setting, ACCEPTED)
            line = {
                "at": context.clock.now().isoformat(), "by": context.actor.user_id,
                "seen": seq, "reason": reason,
            }  # fmt: skip
            lines = [*(before.value if before is not None else ()), line]
            session.merge(Setting(name=ACCEPTED, value=lines))
            context.note(session, "restore.accepted", "vault", digest=digest, counts={"seen": seq})

    def _remember_anew(self, memory: DeviceMemory) -> None:
        """Replace a head that the restore accounts for; any other doubt of it stands."""
        seen = memory.recall()
        if seen.head is None:
            return
        with self._context.store.read() as session:
            doubts, told = self._doubts(session, seen), anchors.restores(session)
            head = newest(session)
        if doubts and _explained(doubts, told, seen):
            memory.remember(head, self._context.keys.edition, [one.mark for one in told])


def _explained(doubts: Sequence[AnchorFinding], told: Sequence[Restore], seen: Remembered) -> bool:
    """Whether restores since that head was seen account for all that does not fit."""
    return all(anchors.explained(one, told, seen.restores) for one in doubts)
