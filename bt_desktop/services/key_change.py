"""Changing the database key, so that whoever held it before opens nothing that is written later.

The order (design/security.md §2.6): a checked backup; nobody else has the file open; both keys in
the key file, on the disk; every page anew under the new key; checked; what was sealed under the
former key taken in; the former key dropped; the trail told. A kill anywhere leaves a key file that
opens what is there, and the next who signs in finishes the change or takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models import rekey
from bt_desktop.models.faults import StorageBusy
from bt_desktop.models.rekey import Connection
from bt_desktop.security import anchors, audit, emergency, rotation
from bt_desktop.security.keys import hkdf
from bt_desktop.security.permissions import Action
from bt_desktop.security.replacing import StillOpen
from bt_desktop.services import key_owed
from bt_desktop.services.context import Context
from bt_desktop.services.key_owed import Owed
from bt_desktop.services.problems import SecondAdministratorNeeded, SecondNeeded
from bt_desktop.services.results.export import Second
from bt_desktop.services.second_person import agreed, seconds_for
from bt_desktop.services.work_progress import Progress

if TYPE_CHECKING:
    from bt_desktop.services.accounts import AccountService
    from bt_desktop.services.backups import BackupService
    from bt_desktop.services.health.night_notes import NightNotes

Reached = Callable[[str], None]
STEPS = (
    "backup", "alone", "both-sealed", "rekeyed", "checked", "former-kept", "notes-in", "dropped",
    "told",
)  # fmt: skip
"""The steps of a change by name, each told to `reached` when it lies behind (for stories)."""


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """How it stands with the database key: whether a change is owed, when it was changed last, who
    could agree to one ((user id, name); nobody: one administrator may alone)."""

    owed: Owed | None
    changed_at: datetime
    seconds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """The key was changed. `no_backup` says why none could be made after it; else blank."""

    no_backup: str = ""


class KeyChangeService:
    """Changes the database key. For the lane that writes: nothing is saved meanwhile."""

    def __init__(
        self,
        context: Context,
        accounts: AccountService,
        backups: BackupService,
        notes: NightNotes,
    ) -> None:
        self._context = context
        self._accounts = accounts
        self._backups = backups
        self._notes = notes
        self._progress: Progress | None = None
        self.reached: Reached = _nothing
        self.stage = ""

    @property
    def may(self) -> bool:
        """Whether the signed-in person may change the key."""
        return self._context.may(Action.KEY_CHANGE)

    def standing(self, besides: str = "") -> KeyStanding:
        """Whether a change is owed, and who could agree (`besides`: not this account). Raises
        Denied."""
        context = self._context
        context.require(Action.KEY_CHANGE)
        seconds = tuple(one for one in seconds_for(context, Action.KEY_CHANGE) if one[0] != besides)
        with context.store.read() as session:
            due = key_owed.owed(session, context.clock.now())
            return KeyStanding(due, key_owed.changed_at(session), seconds)

    def stop(self) -> None:
        """The records are about to be locked: a change that has not touched them yet ends."""
        if self._progress is not None:
            self._progress.cancel()

    def close_account(
        self, user_id: str, second: Second | None = None, progress: Progress | None = None
    ) -> KeyChanged:
        """Close an account and change the key, so that its holder opens nothing written later.

        The account is closed first: where the change then fails it is owed, and said so. Raises
        Denied, LastAdministrator, and as `change`.
        """
        self._context.require(Action.KEY_CHANGE)
        self._context.require_password()
        agreeing = self._agreed(second, besides=user_id)
        self._accounts.disable(user_id)
        return self._change(agreeing, progress)

    def change(self, second: Second | None = None, progress: Progress | None = None) -> KeyChanged:
        """Change the key now. Slow: two backups, and every page written anew.

        A second administrator agrees with their password, where there is one. `progress` may be
        canceled until the key is touched. Raises Denied, SecondAdministratorNeeded, as
        `vault.unlock` for their password, Canceled, StillOpen (another program has the records
        open), StorageFull, StorageReadOnly, StorageDamaged, KeyFileAltered; a change that failed
        is taken back at once, or finished at the next sign-in.
        """
        self._context.require(Action.KEY_CHANGE)
        self._context.require_password()
        return self._change(self._agreed(second), progress)

    def _agreed(self, second: Second | None, besides: str = "") -> str:
        """Who agreed; blank where there is no second administrator."""
        if not self.standing(besides).seconds:
            return ""
        if second is not None and second.user_id == besides:
            raise SecondAdministratorNeeded
        try:
            return agreed(self._context, Action.KEY_CHANGE, second)
        except SecondNeeded:
            raise SecondAdministratorNeeded from None

    def _change(self, agreeing: str, progress: Progress | None) -> KeyChanged:
        context = self._context
        self._progress = progress
        try:
            with self._backups.alone():
                self.stage = "backup"
                self._backups.before_change(progress)
                self.reached("backup")
                if progress is not None:
                    progress.begin(0)
                    progress.step(0)  # the last moment to stop
                self.stage = "change"
                self._progress = None
                _rewrite(context, self.reached)
                _complete(context, self._notes, self.reached)
            with context.store.write() as session:
                if agreeing:
                    context.note(session, "key.agreed", f"user:{agreeing}")
                _tell(session, context, audit.AuditActor.of(context.keys, context.actor.role))
            self.reached("told")
            self.stage = "after"
            return self._backup_after()
        finally:
            self.stage = ""
            self._progress = None

    def _backup_after(self) -> KeyChanged:
        """The first backup under the new key; that it failed does not undo the change."""
        try:
            self._backups.after_change()
        except KnownError as problem:
            return KeyChanged(str(problem))
        return KeyChanged()


def settle(context: Context, notes: NightNotes) -> None:
    """Finish a change that was interrupted after every page was written, at a sign-in.

    Raises StorageDamaged where the pages are not whole; a disk that is full or read-only, or a
    program that has the file open, leaves it for the next sign-in.
    """
    keys = context.keys
    if keys.previous_key is not None and context.store.is_under(keys.database_key):
        with suppress(StorageBusy):
            with context.store.set_aside() as path:
                rekey.check(path, keys.database_key)
            with suppress(KnownError):
                _complete(context, notes, _nothing)
    if keys.previous_key is not None:
        return
    with context.store.write() as session:
        if key_owed.told_generation(session) < keys.generation:
            _tell(session, context, audit.system_actor(session, keys.vault_id))


def _rewrite(context: Context, reached: Reached) -> None:
    """Every page under a new key; an error takes it back, or leaves both keys in the key file."""
    keys, store = context.keys, context.store
    with store.set_aside() as path:
        try:
            with _nobody_else(path, keys.database_key) as connection:
                reached("alone")
                rotation.begin(context.folder, keys)
                reached("both-sealed")
                rekey.change(connection, keys.database_key)
                reached("rekeyed")
            rekey.check(path, keys.database_key)
            reached("checked")
        except BaseException:
            former = keys.previous_key
            if former is not None and rekey.is_under(path, former):
                rotation.take_back(context.folder, keys)
            else:
                store.turn_to(keys.database_key)
            raise
        store.turn_to(keys.database_key)


@contextmanager
def _nobody_else(path: Path, key: bytearray) -> Iterator[Connection]:
    """The only connection to the file. Raises StillOpen where another program has one."""
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(rekey.alone(path, key))
        except StorageBusy:
            raise StillOpen from None
        yield connection


def _complete(context: Context, notes: NightNotes, reached: Reached) -> None:
    """Drop the former key, once what it alone opens or checks is taken over."""
    keys = context.keys
    former = keys.previous_key
    if former is None:
        return
    with context.store.write() as session:
        mac_key = hkdf(former, keys.vault_id, anchors.MAC_PURPOSE)
        key_owed.keep_anchor_key(session, mac_key)
    reached("former-kept")
    emergency.publish(context.folder, keys)
    notes.take_all_in()
    reached("notes-in")
    rotation.finish(context.folder, keys)
    reached("dropped")


def _tell(session: Session, context: Context, actor: audit.AuditActor) -> None:
    """The trail's entry: why, and the number of the key; nothing is owed any more."""
    now, generation = context.clock.now(), context.keys.generation
    due = key_owed.owed(session, now)
    audit.append(
        session,
        actor,
        context.clock,
        "key.changed",
        "vault",
        reason=due.why if due is not None else key_owed.ASKED,
        counts={"generation": generation},
    )
    key_owed.done(session, generation, now)


def _nothing(_step: str) -> None:
    """Nobody wants to know."""
