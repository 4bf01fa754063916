"""The printed recovery key of an open vault: is it still at hand, and another in its place.

A lost sheet is replaced by an administrator; where there is a second one, they agree. The old one
opens the records until two groups of the new one were typed back: at no moment does neither.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bt_desktop.errors import KnownError
from bt_desktop.security import accounts, vault
from bt_desktop.security.accounts import NewRecovery
from bt_desktop.security.permissions import Action
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services import recovery_pending
from bt_desktop.services.context import Context
from bt_desktop.services.health.escrow_paper import sheet_holder
from bt_desktop.services.health.keys import HealthKeys, SheetStanding, trusted_key_file
from bt_desktop.services.problems import SecondForRecoveryNeeded, SecondNeeded
from bt_desktop.services.recovery_pending import Pending
from bt_desktop.services.results.export import Second
from bt_desktop.services.second_person import agreed, seconds_for

Why = Literal["lost", "copied", "other"]
YEAR = timedelta(days=365)
"""So long after it was last seen it is asked whether the sheet can still be found (security design
§2.5)."""
STEPS = ("written-down", "switched", "told")
"""The steps of a replacement by name, each told to `reached` when it lies behind (for stories)."""


@dataclass(frozen=True, slots=True)
class RecoveryStanding:
    """How it stands with the sheet: when it was made, when somebody last had it in their hands
    since (None: never), whether it is time to look for it, who could agree to another ((user id,
    name)), and whether it opens what the health office keeps."""

    made_at: datetime
    seen_at: datetime | None
    due: bool
    seconds: tuple[tuple[str, str], ...]
    health: SheetStanding


class NewSheet:
    """A new recovery key that waits to be printed and asked back; the old one opens until then.

    For the lane that writes.
    """

    def __init__(
        self,
        context: Context,
        health: HealthKeys,
        made: NewRecovery,
        pending: Pending,
        reached: Callable[[str], None],
    ) -> None:
        self._context = context
        self._health = health
        self._made = made
        self._pending = pending
        self._reached = reached

    @property
    def recovery_key(self) -> str:
        """The new key as it is printed: six groups of six."""
        return self._made.recovery_key

    @property
    def asked(self) -> tuple[int, ...]:
        """The numbers of the groups that are asked back."""
        return tuple(self._made.challenge.groups)

    @property
    def asks_for_a_key_change(self) -> bool:
        """Whether the key of the records is to be changed once this is confirmed."""
        return self._pending.why in recovery_pending.OWES

    def recovery_sheet(self) -> bytes:
        """The key on a page to be printed and locked away (PDF, in memory only)."""
        from bt_desktop.services.recovery_paper import sheet  # deferred: loads reportlab

        context = self._context
        return sheet(context.store, context.keys.vault_id, self.recovery_key, context.clock)

    def confirm(self, *groups: str) -> None:
        """Put it in the old one's place, with the groups that `asked` names, in order.

        Raises RecoveryNotConfirmed, StorageFull, StorageReadOnly (each may be tried again),
        KeyFileAltered.
        """
        answers = dict(zip(self.asked, groups, strict=False))
        self._made.require_met(answers)
        context, pending = self._context, self._pending
        with context.store.write() as session:
            recovery_pending.begin(session, pending)
            self._health.seal_to_new_sheet(session, self._made.public)
        self._reached("written-down")
        self._made.confirm(answers)
        self._reached("switched")
        with context.store.write() as session:

            def tell(action: str, about: str, reason: str | None) -> None:
                context.note(session, action, about, reason=reason)

            recovery_pending.finish(session, pending, tell, context.clock.now())
            self._health.sheet_replaced(session)
        self._reached("told")

    def give_up(self) -> None:
        """Nobody wants it any more: the old one stays. Where a confirmation had failed half way,
        what the key file knows counts; what cannot be settled now is at the next sign-in."""
        if self._context.store.closed:
            return
        with suppress(KnownError):
            recovery_pending.settle(self._context, self._health)


class RecoveryService:
    """Asks for the sheet once a year, and replaces it."""

    def __init__(self, context: Context, health: HealthKeys) -> None:
        self._context = context
        self._health = health
        self.reached: Callable[[str], None] = lambda _: None

    @property
    def may(self) -> bool:
        """Whether the signed-in person looks after the sheet."""
        return self._context.may(Action.RECOVERY_KEY_REPLACE)

    def standing(self) -> RecoveryStanding:
        """How it stands with the sheet. Raises Denied."""
        context = self._context
        context.require(Action.RECOVERY_KEY_REPLACE)
        seconds = seconds_for(context, Action.RECOVERY_KEY_REPLACE)
        made_at, seen_at = self._last()
        with context.store.read() as session:
            health = self._health.sheet_standing(session)
        due = self._is_due(seen_at or made_at)
        return RecoveryStanding(made_at, seen_at, due, seconds, health)

    def due(self) -> bool:
        """Whether home asks for the sheet: a year since it was last seen; only who looks after it
        is asked."""
        if not self.may:
            return False
        try:
            made_at, seen_at = self._last()
        except KnownError:  # a key file that is hurt is told elsewhere
            return False
        return self._is_due(seen_at or made_at)

    def found(self, recovery_key: str) -> None:
        """The sheet is still at hand: its key, typed in, opens these records. It is kept nowhere;
        the trail and the settings say that it was seen.

        Raises Denied, RecoveryKeyMistyped, RecoveryKeyWrong, KeyFileAltered.
        """
        context = self._context
        context.require(Action.RECOVERY_KEY_REPLACE)
        public = accounts.try_recovery_key(context.folder, recovery_key)
        with context.store.write() as session:
            context.note(session, "recovery.found", "vault")
            recovery_pending.see(session, sheet_holder(public), context.clock.now())

    def replace(self, password: str, why: Why, second: Second | None = None) -> NewSheet:
        """Make a new recovery key; nothing is changed before it is confirmed. Slow.

        `password` is one's own; where there is a second administrator, they agree with theirs.
        Raises Denied, PasswordNeeded, SecondForRecoveryNeeded, and as `vault.unlock` for either
        password (`WrongPassword.user_id` says whose).
        """
        context = self._context
        context.require(Action.RECOVERY_KEY_REPLACE)
        context.require_password()
        me = context.actor.user_id
        try:
            vault.check_password(context.folder, me, password, context.clock)
        except WrongPassword as wrong:
            wrong.user_id = me
            raise
        agreeing = self._agreed(second)
        recovery_pending.settle(context, self._health)
        former = sheet_holder(trusted_key_file(context.folder, context).recovery.public)
        made = accounts.replace_recovery_key(context.folder, context.keys, context.clock)
        pending = Pending(why, me, agreeing, former, sheet_holder(made.public))
        return NewSheet(context, self._health, made, pending, self.reached)

    # --- within --------------------------------------------------------------------------------

    def _agreed(self, second: Second | None) -> str:
        """Who agreed; blank where there is no second administrator."""
        context, action = self._context, Action.RECOVERY_KEY_REPLACE
        if not seconds_for(context, action):
            return ""
        try:
            return agreed(context, action, second)
        except SecondNeeded:
            raise SecondForRecoveryNeeded from None
        except WrongPassword as wrong:
            wrong.user_id = second.user_id if second is not None else ""
            raise

    def _last(self) -> tuple[datetime, datetime | None]:
        """When the sheet was made, and when it was last seen since."""
        context = self._context
        sheet = trusted_key_file(context.folder, context).recovery
        made_at = datetime.fromtimestamp(sheet.made, UTC)
        with context.store.read() as session:
            return made_at, recovery_pending.seen(session, sheet_holder(sheet.public))

    def _is_due(self, last: datetime) -> bool:
        return self._context.clock.now() - last >= YEAR
