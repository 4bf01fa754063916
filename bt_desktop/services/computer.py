"""What this computer's own keyring remembers of these records, and whether it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bt_desktop.security import anchors, emergency
from bt_desktop.security.anchors import Anchor, AnchorFinding
from bt_desktop.security.audit import head as newest
from bt_desktop.security.device import DeviceMemory, KeyringOutcome, KeyStore, OsKeyring
from bt_desktop.services.context import Context

ANSWER_S = 15.0
"""How long the keyring may take here: nobody waits for it, but the program cannot end before."""

_SENTENCES = {
    "database-older": (
        "These records are older than what was seen before: entries {seq} and before are missing. "
        "Somebody may have put back an old copy. Tell an administrator before you go on."
    ),
    "history-differs": (
        "The history of these records is not the one seen before (entry {seq}). "
        "Tell an administrator before you go on, and change nothing."
    ),
    "key-file-older": (
        "An older key file was put back beside these records. "
        "Passwords changed since then are undone. Tell an administrator."
    ),
    "anchors-altered": (
        "The notes beside the database (anchors.log) were changed by another hand. "
        "Tell an administrator."
    ),
    emergency.CHANGED: (
        "The key for notes of the locked screen was changed by another hand "
        "(emergency.pub.json) and is put right now. Such notes may have been lost or read: ask "
        "who gave medicine meanwhile, and tell an administrator."
    ),
}


def doubts_in_words(doubts: Sequence[AnchorFinding]) -> tuple[str, ...]:
    """Each doubt once, in a sentence that says what to do."""
    told = {d.code: _SENTENCES[d.code].format(seq=d.seq) for d in doubts}
    return tuple(told.values())


@dataclass(frozen=True, slots=True)
class ThisComputer:
    """How asking this computer's keyring went.

    `keyring` names it for people, empty where there is none; `sentence` says what that means for
    the person; `usable` whether it did its work; `doubts` is what does not fit with what it
    remembered (see `doubts_in_words`).
    """

    keyring: str
    sentence: str
    usable: bool
    doubts: tuple[AnchorFinding, ...]


class ComputerService:
    """Asks the keyring, which may show a prompt of the system and take its time.

    `keyring` is for tests; left out, it is the system's own.
    """

    def __init__(self, context: Context, keyring: KeyStore | None = None) -> None:
        self._context = context
        self._keyring = keyring

    def look(self) -> ThisComputer:
        """Compare the trail with the head this computer saw last, then let it remember today's.

        Does not raise for anything a keyring does. A head that does not fit is not overwritten,
        so that the doubt stands until somebody has looked into it.
        """
        context = self._context
        keyring = self._keyring or OsKeyring(timeout_s=ANSWER_S)
        memory = DeviceMemory(keyring, context.keys.vault_id, context.keys.user_id)
        remembered = memory.recall()
        edition = context.keys.edition
        with context.store.read() as session:
            head = newest(session)
            seen = (
                (Anchor(remembered.head, remembered.edition, "keyring"),) if remembered.head else ()
            )
            doubts = anchors.compare(session, seen, edition=edition)
        outcome = remembered.outcome
        if outcome.usable and not doubts:
            outcome = memory.remember(head, edition)
        name = keyring.name() if outcome is not KeyringOutcome.NO_KEYRING_HERE else ""
        return ThisComputer(name, outcome.value, outcome.usable, doubts)
