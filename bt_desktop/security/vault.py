"""The vault's door: is there one, making one, opening it, checking a password again.

Everything here reads and writes files and may take seconds: never call it on the window's thread.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bt_desktop.clock import Clock, SystemClock
from bt_desktop.security import throttle
from bt_desktop.security.atomic import storage_errors
from bt_desktop.security.kdf import PRODUCTION, KdfPolicy
from bt_desktop.security.keyfile import (
    DATABASE_NAME,
    KeyFile,
    KeyFileStore,
    RecoverySlot,
    Slot,
    clean_name,
    set_aside,
)
from bt_desktop.security.keys import FailedSignIns, Keys, hkdf, taken_over, wipe
from bt_desktop.security.passwords import password_problems
from bt_desktop.security.problems import (
    KeyFileAltered,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileNewer,
    NoSuchUser,
    NotEnoughMemory,
    RecoveryNotConfirmed,
    SlotDisabled,
    Throttled,
    VaultExists,
    WeakPassword,
    WrongPassword,
)
from bt_desktop.security.recovery import (
    RecoveryChallenge,
    new_recovery_secret,
    recovery_private_key,
    written,
)
from bt_desktop.security.slots import (
    RECOVERY,
    OwnKeys,
    WrongKey,
    new_slot,
    open_slot,
    seal_key,
    unseal_key,
    with_password,
)

VaultKind = Literal["none", "ready", "missing", "damaged", "newer"]
MAC_PURPOSE = "key-file-mac"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class UserSlot:
    """An account as it is seen before anybody has signed in.

    `locked_out`: closed after 20 wrong tries; `failures`: how many there were in a row.
    """

    user_id: str
    sign_in_name: str
    disabled: bool
    locked_out: bool = False
    failures: int = 0


@dataclass(frozen=True, slots=True)
class VaultState:
    """What lies in a folder.

    none: nothing (or a set-up that was never finished) · ready · missing: records without their
    key file · damaged: a key file that cannot be used, nor its copy · newer: of a newer program.
    """

    kind: VaultKind
    school_name: str = ""
    users: tuple[UserSlot, ...] = ()
    last_user_id: str | None = None

    def named(self, sign_in_name: str) -> UserSlot | None:
        """The account with that sign-in name, in any case."""
        wanted = " ".join(sign_in_name.split()).casefold()
        return next((one for one in self.users if one.sign_in_name.casefold() == wanted), None)


def vault_state(folder: Path) -> VaultState:
    """Look at a folder without changing it. Raises KeyFileUnreadable."""
    try:
        file = KeyFileStore(folder).peek()
    except KeyFileMissing:
        return VaultState("missing" if (folder / DATABASE_NAME).exists() else "none")
    except KeyFileDamaged:
        return VaultState("damaged")
    except KeyFileNewer:
        return VaultState("newer")
    if not file.finished:
        return VaultState("none")
    users = tuple(_seen(file, slot) for slot in file.users)
    last = file.last_user if file.slot(file.last_user) else None
    return VaultState("ready", file.school_name, users, last)


def _seen(file: KeyFile, slot: Slot) -> UserSlot:
    tries = file.tries(slot.user_id)
    return UserSlot(slot.user_id, slot.name, slot.disabled, tries.exhausted, tries.count)


# --- making ----------------------------------------------------------------------------------


def require_strong(password: str, *names: str) -> None:
    """Raises WeakPassword."""
    problems = password_problems(password, names)
    if problems:
        raise WeakPassword(problems)


@dataclass(slots=True)
class Created:
    """A vault, or a new recovery key, that waits for the recovery key to be confirmed.

    After `create_vault`, build the database with `keys.database_key` *before* `confirm`: what is
    found unfinished at the next start is set aside and set-up begins again. `recovery_key` is
    shown and printed once; `challenge.groups` are the numbers of the groups to ask back.
    """

    keys: Keys
    recovery_key: str
    challenge: RecoveryChallenge
    store: KeyFileStore
    finish: Callable[[KeyFile], KeyFile]

    def require_met(self, answers: Mapping[int, str]) -> None:
        """Raise RecoveryNotConfirmed unless these are the two groups asked back."""
        if not self.challenge.is_met(self.recovery_key, answers):
            raise RecoveryNotConfirmed

    def confirm(self, answers: Mapping[int, str]) -> Keys:
        """Finish with the two groups asked back (by group number).

        Raises RecoveryNotConfirmed (may be tried again), KeyFileAltered, StorageFull,
        StorageReadOnly.
        """
        self.require_met(answers)
        file = self.store.change(proven(self.keys, self.finish))
        self.keys.edition = file.edition
        return self.keys


def proven(keys: Keys, how: Callable[[KeyFile], KeyFile]) -> Callable[[KeyFile], KeyFile]:
    """A change by somebody who has the vault open: the HMAC must hold before, and is renewed.

    The change raises KeyFileAltered when it does not, or the file is another vault's.
    """
    mac_key = keys.sub_key(MAC_PURPOSE)

    def checked(now: KeyFile) -> KeyFile:
        if now.vault_id != keys.vault_id or not now.mac_holds(mac_key):
            raise KeyFileAltered
        return how(now).sealed_again(mac_key)

    return checked


def create_vault(
    folder: Path,
    *,
    school_name: str,
    admin_name: str,
    password: str,
    clock: Clock,
    policy: KdfPolicy = PRODUCTION,
) -> Created:
    """Begin a vault with its first administrator; it counts once its recovery key is confirmed.

    Raises VaultExists, KeyFileMissing (records without keys lie there), KeyFileDamaged,
    KeyFileNewer, BadName, WeakPassword, NotEnoughMemory, StorageFull, StorageReadOnly.
    """
    school, name = clean_name(school_name), clean_name(admin_name)
    require_strong(password, name, school)
    store = KeyFileStore(folder)
    with storage_errors():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_room(store)
    vault_id, user_id = str(uuid.uuid4()), str(uuid.uuid4())
    database_key = taken_over(secrets.token_bytes(_KEY_BYTES))
    own = OwnKeys.new()
    slot = new_slot(vault_id, user_id, name, password, own, policy.choose())
    slot = sealed_to(slot, vault_id, {1: database_key})
    recovery, printed = new_recovery(vault_id, {1: database_key}, clock)
    begun = KeyFile(vault_id, school, recovery, (slot,), edition=0, last_user=user_id)
    begun = begun.sealed_again(hkdf(database_key, vault_id, MAC_PURPOSE))
    with store.locked():
        store.save(begun)
    keys = held_keys(begun, slot, own, {1: database_key})
    challenge = RecoveryChallenge.new()
    return Created(keys, printed, challenge, store, lambda now: replace(now, finished=True))


def _make_room(store: KeyFileStore) -> None:
    """Set an unfinished set-up aside; refuse anything that might be somebody's records."""
    database = store.folder / DATABASE_NAME
    if not store.is_there():
        if database.exists():
            raise KeyFileMissing
        return
    if store.peek().finished:
        raise VaultExists
    with storage_errors():
        for path in (store.path, store.copy, database):
            set_aside(path, "unfinished")
        for suffix in ("-wal", "-shm"):
            set_aside(database.with_name(DATABASE_NAME + suffix), "unfinished")


def new_recovery(
    vault_id: str, database_keys: Mapping[int, bytearray], clock: Clock
) -> tuple[RecoverySlot, str]:
    """A fresh recovery key for these database keys (by generation): its slot, and as printed."""
    secret = new_recovery_secret()
    public = recovery_private_key(secret, vault_id).public_key().public_bytes_raw()
    slot = RecoverySlot(public, {}, int(clock.now().timestamp()))
    return sealed_recovery(slot, vault_id, database_keys), written(secret)


def sealed_recovery(
    slot: RecoverySlot, vault_id: str, database_keys: Mapping[int, bytearray]
) -> RecoverySlot:
    """The recovery slot with these database keys (by generation) sealed to it."""
    sealed = {
        generation: seal_key(key, slot.public, vault_id, generation, RECOVERY)
        for generation, key in database_keys.items()
    }
    return replace(slot, sealed=sealed)


def sealed_to(slot: Slot, vault_id: str, database_keys: Mapping[int, bytearray]) -> Slot:
    """The slot with these database keys (by generation) sealed to its holder."""
    sealed = {
        generation: seal_key(key, slot.sealing_public, vault_id, generation, slot.user_id)
        for generation, key in database_keys.items()
    }
    return replace(slot, sealed=sealed)


def held_keys(
    file: KeyFile, slot: Slot, own: OwnKeys, database_keys: Mapping[int, bytearray]
) -> Keys:
    """The keys in the hands of the account's owner (database keys by generation)."""
    return Keys(
        vault_id=file.vault_id,
        user_id=slot.user_id,
        sign_in_name=slot.name,
        generation=file.generation,
        edition=file.edition,
        database_key=database_keys[file.generation],
        previous_key=database_keys.get(file.generation - 1),
        signing=own.signing,
        sealing=own.sealing,
        failed_sign_ins=unreported(file),
    )


def unreported(file: KeyFile) -> tuple[FailedSignIns, ...]:
    told = (
        FailedSignIns(user_id, tries.unreported, tries.first_unreported, tries.last)
        for user_id, tries in file.attempts.items()
        if tries.unreported
    )
    return tuple(sorted(told, key=lambda one: (one.first_at, one.user_id)))


# --- opening ---------------------------------------------------------------------------------


def unlock(
    folder: Path, user_id: str, password: str, clock: Clock, *, policy: KdfPolicy = PRODUCTION
) -> Keys:
    """Sign in: the keys of that account.

    Raises WrongPassword, Throttled, SlotDisabled, NoSuchUser, NotEnoughMemory (not counted),
    KeyFileMissing, KeyFileDamaged, KeyFileAltered, KeyFileNewer, KeyFileUnreadable, StorageFull,
    StorageReadOnly (a try that cannot be counted is not made).
    """
    store = KeyFileStore(folder)
    watch = SystemClock()  # how fast this computer is, whatever time a story tells
    began = watch.monotonic()
    file, slot, own = _try_password(store, user_id, password, clock)
    seconds = watch.monotonic() - began
    failures = file.tries(user_id).count - 1
    file, slot, repaired = _checked_mac(store, file, slot, own)
    database_keys = unsealed(file, slot, own)
    mac_key = hkdf(database_keys[file.generation], file.vault_id, MAC_PURPOSE)
    hardened = None
    if policy.is_dated(slot.kdf, seconds):
        with suppress(NotEnoughMemory):  # the password was right: the next sign-in hardens it
            hardened = with_password(slot, file.vault_id, password, own, policy.choose())

    def let_in(now: KeyFile) -> KeyFile:
        if not now.mac_holds(mac_key):
            raise KeyFileAltered
        if hardened is not None and now.slot(user_id) == slot:
            now = now.with_slot(hardened).sealed_again(mac_key)
        now = now.with_tries(user_id, throttle.succeeded(now.tries(user_id)))
        return replace(now, last_user=user_id)

    file = store.change(let_in)
    keys = held_keys(file, slot, own, database_keys)
    keys.failures = failures
    keys.repaired = repaired
    return keys


def checked_keys(store: KeyFileStore, file: KeyFile, slot: Slot, own: OwnKeys) -> Keys:
    """The keys of somebody whose own keys are at hand already (a PIN opened them).

    Raises KeyFileAltered, and what reading and writing the key file raise.
    """
    file, slot, repaired = _checked_mac(store, file, slot, own)
    keys = held_keys(file, slot, own, unsealed(file, slot, own))
    keys.repaired = repaired
    return keys


def check_password(folder: Path, user_id: str, password: str, clock: Clock) -> Ed25519PrivateKey:
    """The password again, for signing: the person's signing key. Throttled and raises as `unlock`.

    The database key is not touched.
    """
    return opened(KeyFileStore(folder), user_id, password, clock)[2].signing


def opened(
    store: KeyFileStore, user_id: str, password: str, clock: Clock
) -> tuple[KeyFile, Slot, OwnKeys]:
    """A throttled check of the password that ends the row of wrong tries. Raises as `unlock`."""
    _, slot, own = _try_password(store, user_id, password, clock)
    file = store.change_door(
        lambda now: now.with_tries(user_id, throttle.succeeded(now.tries(user_id)))
    )
    return file, slot, own


def _try_password(
    store: KeyFileStore, user_id: str, password: str, clock: Clock
) -> tuple[KeyFile, Slot, OwnKeys]:
    """Count the try on the disk first, then look at the password."""
    file = store.change_door(lambda now: _counted(store, now, user_id, clock))
    slot = _slot(file, user_id)
    try:
        own = open_slot(slot, file.vault_id, password)
    except NotEnoughMemory:
        store.change_door(
            lambda now: now.with_tries(user_id, throttle.forgiven(now.tries(user_id)))
        )
        raise
    except WrongKey:
        tries = file.tries(user_id)
        wait = throttle.wait_after(tries.count)
        raise WrongPassword(tries.count, wait, disabled=tries.exhausted) from None
    return file, slot, own


def _counted(store: KeyFileStore, now: KeyFile, user_id: str, clock: Clock) -> KeyFile:
    slot, tries = _slot(now, user_id), now.tries(user_id)
    if slot.disabled:
        raise SlotDisabled(by_guessing=False)
    if tries.exhausted:
        raise SlotDisabled(by_guessing=True)
    wait = throttle.remaining(tries, clock)
    if wait > 0:
        if throttle.set_back(tries, clock):
            store.save_door(now.with_tries(user_id, throttle.restarted(tries, clock)))
        raise Throttled(tries.count, wait)
    return now.with_tries(user_id, throttle.tried(tries, clock))


def _slot(file: KeyFile, user_id: str) -> Slot:
    slot = file.slot(user_id)
    if slot is None:
        raise NoSuchUser
    return slot


def unsealed(file: KeyFile, slot: Slot, own: OwnKeys) -> dict[int, bytearray]:
    """The database keys sealed to an account, by generation; the file's generation is among them.

    Raises KeyFileAltered when they are not sealed to the person who just proved the password.
    """
    if file.generation not in slot.sealed:
        raise KeyFileAltered
    try:
        return {
            generation: unseal_key(blob, own.sealing, file.vault_id, generation, slot.user_id)
            for generation, blob in slot.sealed.items()
        }
    except WrongKey as problem:
        raise KeyFileAltered from problem


def _mac_holds(file: KeyFile, slot: Slot, own: OwnKeys) -> bool:
    try:
        held = unsealed(file, slot, own)
    except KeyFileAltered:
        return False
    try:
        return file.mac_holds(hkdf(held[file.generation], file.vault_id, MAC_PURPOSE))
    finally:
        for key in held.values():
            wipe(key)


def _checked_mac(
    store: KeyFileStore, file: KeyFile, slot: Slot, own: OwnKeys
) -> tuple[KeyFile, Slot, bool]:
    """The file, if its HMAC holds; else its copy (True), if that one's does and it is no older.

    Raises KeyFileAltered when neither does.
    """
    if _mac_holds(file, slot, own):
        return file, slot, False
    with store.locked():
        second = store.second()
        if second is None or second.edition < file.edition:
            raise KeyFileAltered
        theirs = second.slot(slot.user_id)
        if theirs is None or theirs.bundle != slot.bundle or not _mac_holds(second, theirs, own):
            raise KeyFileAltered
        store.put_back(second)
    return second, theirs, True
