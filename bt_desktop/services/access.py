"""The way in: set up a vault, unlock it, recover it. Light to import: the store comes later."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock
from bt_desktop.errors import StorageDamaged, StorageFull, StorageReadOnly
from bt_desktop.security import accounts, replacing, rotation, vault
from bt_desktop.security.atomic import read_small
from bt_desktop.security.kdf import PRODUCTION, KdfPolicy
from bt_desktop.security.keyfile import (
    DATABASE_NAME,
    FILE_NAME,
    MAX_BYTES,
    MadeByNewer,
    Malformed,
    from_bytes,
)
from bt_desktop.security.keys import Keys
from bt_desktop.security.vault import VaultState
from bt_desktop.services import closed

if TYPE_CHECKING:
    from bt_desktop.models.store import Store
    from bt_desktop.services.founding import Before
    from bt_desktop.services.workspace import Workspace

__all__ = [
    "Recovering",
    "SetUp",
    "Setup",
    "VaultState",
    "recover",
    "set_up",
    "unlock",
    "vault_status",
]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the first-run window asks for. The password is not shown by `repr`.

    `admin_sign_in` is the name on the sign-in page; left out, it is the first and last name.
    """

    school_name: str
    address: str
    phone: str
    pack: str
    training_program: str
    admin_given: str
    admin_family: str
    admin_title: str
    admin_password: str = field(repr=False)
    admin_sign_in: str = ""
    contact_name: str = ""

    @property
    def sign_in_name(self) -> str:
        """The administrator's name on the sign-in page."""
        return self.admin_sign_in.strip() or f"{self.admin_given} {self.admin_family}".strip()

    @property
    def contact(self) -> str:
        """Whom a parent may ask: the name given, else the administrator."""
        return self.contact_name.strip() or f"{self.admin_given} {self.admin_family}".strip()


class SetUp:
    """A vault that is made but does not count yet: two groups of its recovery key are asked back.

    `recovery_key` is shown and printed once. `asked` are the numbers (1 to 6) of the groups that
    `confirm` wants, in this order.
    """

    def __init__(
        self, folder: Path, created: vault.Created, store: Store, clock: Clock, policy: KdfPolicy
    ) -> None:
        self._folder = folder
        self._created = created
        self._store = store
        self._clock = clock
        self._policy = policy
        self._before: Before | None = None

    @property
    def recovery_key(self) -> str:
        """The recovery key as it is printed: six groups of six."""
        return self._created.recovery_key

    @property
    def asked(self) -> tuple[int, ...]:
        """The numbers of the groups that are asked back."""
        return tuple(self._created.challenge.groups)

    @property
    def vault_id(self) -> str:
        """The vault's id, printed on the recovery sheet."""
        return self._created.keys.vault_id

    def recovery_sheet(self) -> bytes:
        """The recovery key on a page to be printed and locked away (PDF, in memory only)."""
        from bt_desktop.services.recovery_paper import sheet  # deferred: loads reportlab

        return sheet(self._store, self.vault_id, self.recovery_key, self._clock)

    def confirm(self, *groups: str) -> Workspace:
        """Confirm with the groups that `asked` names, in order; the vault is open then.

        Raises RecoveryNotConfirmed (may be tried again), StorageFull, StorageReadOnly.
        """
        answers: Mapping[int, str] = dict(zip(self.asked, groups, strict=False))
        keys = self._created.confirm(answers)
        return _open(
            self._folder, keys, self._store, self._clock, self._policy, before=self._before
        )

    def give_up(self) -> None:
        """Close what is half made; the next set-up puts it aside."""
        self._store.close()
        self._created.keys.wipe()


def vault_status(folder: Path) -> VaultState:
    """What lies in the folder: no vault, one that is ready, missing its keys, damaged or newer.

    A restore that was interrupted is carried out first. Raises StorageFull, StorageReadOnly.
    """
    if (folder / replacing.PLAN).exists():
        replacing.finish(folder)
    return vault.vault_state(folder)


def set_up(
    folder: Path, setup: Setup, clock: Clock, *, kdf_policy: KdfPolicy | None = None
) -> SetUp:
    """Make a vault in `folder`. Slow (derives a key): never on the window's thread.

    Raises PlaceRefused (synced or network folder), VaultExists, WeakPassword, BadName,
    InvalidPerson, StorageFull, StorageReadOnly.
    """
    from bt_desktop.services import founding  # deferred: loads SQLAlchemy and SQLCipher
    from bt_desktop.services.places import refuse_unsafe

    refuse_unsafe(folder)
    founding.require_complete(setup)
    policy = kdf_policy or PRODUCTION
    created = vault.create_vault(
        folder,
        school_name=setup.school_name,
        admin_name=setup.sign_in_name,
        password=setup.admin_password,
        clock=clock,
        policy=policy,
    )
    store = founding.found(folder / DATABASE_NAME, created.keys, setup, clock)
    return SetUp(folder, created, store, clock, policy)


def unlock(
    folder: Path,
    user_id: str,
    password: str,
    clock: Clock,
    *,
    kdf_policy: KdfPolicy | None = None,
    every_page: bool = False,
) -> Workspace:
    """Open the vault. Slow (derives a key): never on the window's thread.

    `every_page`: also of a large store, compare the file with how it was closed.

    Raises WrongPassword, Throttled, SlotDisabled, NoSuchUser, NotEnoughMemory, KeyFileMissing,
    KeyFileDamaged, KeyFileAltered, KeyFileNewer, StorageDamaged, StorageNewer, StorageFull,
    StorageReadOnly.
    """
    policy = kdf_policy or PRODUCTION
    hurt = not _is_whole(folder / FILE_NAME)
    keys = vault.unlock(folder, user_id, password, clock, policy=policy)
    keys.repaired = keys.repaired or hurt
    return opened(folder, keys, clock, policy, every_page=every_page)


def _is_whole(key_file: Path) -> bool:
    """Whether a key file is there and whole; if not, its copy takes its place, and that is told."""
    try:
        from_bytes(read_small(key_file, MAX_BYTES))
    except (OSError, Malformed):
        return False
    except MadeByNewer:
        pass  # refused by whoever opens it
    return True


def opened(
    folder: Path, keys: Keys, clock: Clock, policy: KdfPolicy, *, every_page: bool = False
) -> Workspace:
    """The vault, opened with keys that somebody holds (after a password, or a PIN); they are wiped
    where it does not open. Raises as `unlock`."""
    try:
        lies = closed.look(folder, None if every_page else closed.AT_SIGN_IN)
        store = _opened(folder, keys.database_key, keys.previous_key)
        return _open(folder, keys, store, clock, policy, lies)
    except BaseException:
        keys.wipe()
        raise


@dataclass(slots=True)
class Recovering:
    """The vault, opened with its recovery key: whose password is set anew?

    `administrators` are (user id, sign-in name) of the accounts that may be given one.
    """

    administrators: tuple[tuple[str, str], ...]
    _folder: Path
    _recovery: accounts.Recovery
    _store: Store
    _clock: Clock
    _policy: KdfPolicy
    _lies: closed.Lies | None

    def complete(self, user_id: str, new_password: str) -> SetUp:
        """Give that administrator a new password; the new recovery key is then asked back.

        Slow (derives a key). Raises WeakPassword, NoSuchUser.
        """
        if user_id not in dict(self.administrators):
            from bt_desktop.security.problems import NoSuchUser

            raise NoSuchUser
        recovered = self._recovery.complete(user_id, new_password, self._clock, policy=self._policy)
        made = _Recovered(self._folder, recovered, self._store, self._clock, self._policy)
        made.lies = self._lies
        return made

    def give_up(self) -> None:
        """Close the vault again; nothing was changed."""
        self._store.close()
        self._recovery.wipe()


class _Recovered(SetUp):
    """As after set-up; the trail is told once the new recovery key is confirmed."""

    _created: accounts.Recovered
    lies: closed.Lies | None = None

    def confirm(self, *groups: str) -> Workspace:
        """Confirm with the groups of the new recovery key; the vault is open then."""
        from bt_desktop.services import founding  # deferred: loads SQLAlchemy and SQLCipher

        created = self._created
        created.require_met(dict(zip(self.asked, groups, strict=False)))
        folder, store, clock = self._folder, self._store, self._clock
        if self._before is None and created.keys.previous_key is None:
            self._before = founding.look_before(folder, created.keys, store, clock, self.lies)
        founding.begin_recovery(folder, store, created, clock, self._before)
        workspace = super().confirm(*groups)
        founding.after_recovery(workspace, self._store, created.former)
        return workspace


def recover(
    folder: Path, recovery_key: str, clock: Clock, *, kdf_policy: KdfPolicy | None = None
) -> Recovering:
    """Open the vault with the printed recovery key, to give an administrator a new password.

    Raises RecoveryKeyMistyped, RecoveryKeyWrong, and what reading the vault raises.
    """
    from bt_desktop.services import founding  # deferred: loads SQLAlchemy and SQLCipher

    recovery = accounts.begin_recovery(folder, recovery_key)
    lies = closed.look(folder)
    store = _opened(folder, *recovery.database_keys)
    policy, able = kdf_policy or PRODUCTION, founding.administrators(store)
    return Recovering(able, folder, recovery, store, clock, policy, lies)


def _opened(folder: Path, newest: bytearray, former: bytearray | None) -> Store:
    """The database under the newest key, or under the former where a change was interrupted."""
    from bt_desktop.models.store import open_store  # deferred: loads SQLAlchemy and SQLCipher

    try:
        return open_store(folder / DATABASE_NAME, newest)
    except StorageDamaged:
        if former is None:
            raise
        return open_store(folder / DATABASE_NAME, former)


def _open(
    folder: Path,
    keys: Keys,
    store: Store,
    clock: Clock,
    policy: KdfPolicy,
    lies: closed.Lies | None = None,
    before: Before | None = None,
) -> Workspace:
    from bt_desktop.services import founding  # deferred: loads SQLAlchemy and SQLCipher

    try:
        if keys.previous_key is not None and store.is_under(keys.previous_key):
            with suppress(
                StorageFull, StorageReadOnly
            ):  # both keys stay sealed: nobody is kept out
                rotation.take_back(folder, keys)
        return founding.sign_in(folder, keys, store, clock, policy, lies, before)
    except BaseException:
        store.close()
        raise
