"""Who may sign in: adding, closing, opening accounts; passwords; the use of the recovery key.

Each change of another's account is made by somebody who has the vault open; *whether* that person
may is decided in `services`, where the roles are. Everything here may take seconds.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bt_desktop.clock import Clock
from bt_desktop.security import throttle
from bt_desktop.security.kdf import PRODUCTION, KdfPolicy
from bt_desktop.security.keyfile import KeyFile, KeyFileStore, Slot, clean_name
from bt_desktop.security.keys import FailedSignIns, Keys, hkdf, key_id, wipe
from bt_desktop.security.problems import (
    KeyFileAltered,
    NameTaken,
    NoSuchUser,
    RecoveryKeyWrong,
)
from bt_desktop.security.recovery import (
    RecoveryChallenge,
    read_recovery_key,
    recovery_private_key,
)
from bt_desktop.security.slots import (
    RECOVERY,
    OwnKeys,
    WrongKey,
    new_slot,
    unseal_key,
    with_password,
)
from bt_desktop.security.vault import (
    MAC_PURPOSE,
    Created,
    held_keys,
    new_recovery,
    opened,
    proven,
    require_strong,
    sealed_recovery,
    sealed_to,
    unreported,
    unsealed,
)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public side of an account: for the audit trail's list of keys."""

    user_id: str
    sign_in_name: str
    key_id: str
    signing_public: bytes


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """An account got new signing keys: to be told to the audit trail (`key_replaced`)."""

    user_id: str
    old_key_id: str
    new: PublicKeys


def _public(slot: Slot) -> PublicKeys:
    return PublicKeys(slot.user_id, slot.name, key_id(slot.signing_public), slot.signing_public)


def public_keys(folder: Path, user_id: str) -> PublicKeys:
    """The public side of that account. Raises NoSuchUser and what reading the key file raises."""
    return _public(_slot(KeyFileStore(folder).load(), user_id))


def _slot(file: KeyFile, user_id: str) -> Slot:
    slot = file.slot(user_id)
    if slot is None:
        raise NoSuchUser
    return slot


def _database_keys(keys: Keys) -> dict[int, bytearray]:
    held = {keys.generation: keys.database_key}
    if keys.previous_key is not None:
        held[keys.generation - 1] = keys.previous_key
    return held


def _change(folder: Path, keys: Keys, how: Callable[[KeyFile], KeyFile]) -> KeyFile:
    file = KeyFileStore(folder).change(proven(keys, how))
    keys.edition = file.edition
    return file


def _require_free(file: KeyFile, name: str) -> None:
    if any(slot.name.casefold() == name.casefold() for slot in file.users):
        raise NameTaken


def add_user(
    folder: Path, keys: Keys, sign_in_name: str, password: str, *, policy: KdfPolicy = PRODUCTION
) -> str:
    """Add an account and return its id; its public keys are told by `public_keys`.

    Raises BadName, NameTaken, WeakPassword, NotEnoughMemory, KeyFileAltered and what reading
    and writing the key file raise.
    """
    name = clean_name(sign_in_name)
    file = KeyFileStore(folder).load()
    _require_free(file, name)
    require_strong(password, name, file.school_name)
    user_id = str(uuid.uuid4())
    params = policy.choose(_slot(file, keys.user_id).kdf)
    slot = new_slot(keys.vault_id, user_id, name, password, OwnKeys.new(), params)
    slot = sealed_to(slot, keys.vault_id, _database_keys(keys))

    def added(now: KeyFile) -> KeyFile:
        _require_free(now, name)
        return now.with_slot(slot)

    _change(folder, keys, added)
    return user_id


def rename_user(folder: Path, keys: Keys, user_id: str, sign_in_name: str) -> None:
    """Give the account another sign-in name. Raises as `add_user`, and NoSuchUser."""
    name = clean_name(sign_in_name)

    def renamed(now: KeyFile) -> KeyFile:
        slot = _slot(now, user_id)
        if slot.name.casefold() != name.casefold():
            _require_free(now, name)
        return now.with_slot(replace(slot, name=name))

    _change(folder, keys, renamed)


def rename_school(folder: Path, keys: Keys, school_name: str) -> None:
    """Change the school's name as the sign-in page shows it. Raises BadName, KeyFileAltered."""
    name = clean_name(school_name)
    _change(folder, keys, lambda now: replace(now, school_name=name))


def disable_user(folder: Path, keys: Keys, user_id: str) -> None:
    """Close the account: the database key is no longer sealed to it. Raises NoSuchUser.

    A copy of the whole folder made before can still be opened with the account's password.
    """
    _change(
        folder,
        keys,
        lambda now: now.with_slot(replace(_slot(now, user_id), disabled=True, sealed={})),
    )


def enable_user(folder: Path, keys: Keys, user_id: str) -> None:
    """Open the account again, closed by an administrator or by 20 wrong tries.

    The person's own keys and password are as they were. Raises NoSuchUser.
    """

    def enabled(now: KeyFile) -> KeyFile:
        slot = replace(_slot(now, user_id), disabled=False)
        return _unthrottled(
            now.with_slot(sealed_to(slot, keys.vault_id, _database_keys(keys))), user_id
        )

    _change(folder, keys, enabled)


def _unthrottled(file: KeyFile, user_id: str) -> KeyFile:
    """No wait any more; what the audit trail has to be told of stays."""
    tries = file.tries(user_id)
    return file.with_tries(
        user_id,
        replace(
            throttle.Attempts(),
            unreported=tries.unreported,
            first_unreported=tries.first_unreported,
            last=tries.last if tries.unreported else 0,
        ),
    )


def change_password(
    folder: Path,
    user_id: str,
    old_password: str,
    new_password: str,
    clock: Clock,
    *,
    policy: KdfPolicy = PRODUCTION,
) -> None:
    """The person's own change: same keys behind a new password.

    Raises WeakPassword, and for the old password as `unlock` (it is throttled alike).
    """
    store = KeyFileStore(folder)
    file = store.load()
    require_strong(new_password, _slot(file, user_id).name, file.school_name)
    file, slot, own = opened(store, user_id, old_password, clock)
    held = unsealed(file, slot, own)
    mac_key = hkdf(held[file.generation], file.vault_id, MAC_PURPOSE)
    for key in held.values():
        wipe(key)
    params = policy.choose(slot.kdf)
    changed = with_password(slot, file.vault_id, new_password, own, params)

    def put(now: KeyFile) -> KeyFile:
        if not now.mac_holds(mac_key) or now.slot(user_id) != slot:
            raise KeyFileAltered
        return now.with_slot(changed).sealed_again(mac_key)

    store.change(put)


def reset_password(
    folder: Path, keys: Keys, user_id: str, new_password: str, *, policy: KdfPolicy = PRODUCTION
) -> KeyReplaced:
    """An administrator gives the account a new password, and with it new keys.

    Nobody can take over another's signature: what was signed stays under the old key. Opens the
    account if it was closed. Raises NoSuchUser, WeakPassword, NotEnoughMemory, KeyFileAltered.
    """
    file = KeyFileStore(folder).load()
    old = _slot(file, user_id)
    require_strong(new_password, old.name, file.school_name)
    own = OwnKeys.new()
    params = policy.choose(_slot(file, keys.user_id).kdf)
    slot = new_slot(keys.vault_id, user_id, old.name, new_password, own, params)
    slot = sealed_to(slot, keys.vault_id, _database_keys(keys))

    def put(now: KeyFile) -> KeyFile:
        return _unthrottled(now.with_slot(replace(slot, name=_slot(now, user_id).name)), user_id)

    _change(folder, keys, put)
    return KeyReplaced(user_id, key_id(old.signing_public), _public(slot))


def failed_sign_ins(folder: Path) -> tuple[FailedSignIns, ...]:
    """Wrong tries that the audit trail has not been told of, of all accounts."""
    return unreported(KeyFileStore(folder).load())


def mark_reported(folder: Path, told: Iterable[FailedSignIns]) -> None:
    """These wrong tries are in the audit trail now (call after its transaction is committed).

    A kill between the two tells them twice, never not at all.
    """

    def marked(now: KeyFile) -> KeyFile:
        for one in told:
            now = now.with_tries(one.user_id, throttle.reported(now.tries(one.user_id), one.count))
        return now

    KeyFileStore(folder).change_door(marked)


# --- the recovery key ------------------------------------------------------------------------


class Recovery:
    """A vault opened with its recovery key: it can be read, and given to an administrator anew.

    `database_key` lets the caller look up who is an administrator; `wipe` it when done.
    """

    def __init__(
        self,
        store: KeyFileStore,
        file: KeyFile,
        keys: dict[int, bytearray],
        own: X25519PrivateKey,
    ) -> None:
        self._store = store
        self._file = file
        self._keys = keys
        self._own = own
        self.vault_id = file.vault_id
        self.public = file.recovery.public

    @property
    def database_key(self) -> bytearray:
        """The raw key of the database."""
        return self._keys[self._file.generation]

    @property
    def database_keys(self) -> tuple[bytearray, bytearray | None]:
        """The newest raw key, and the former one where a change of it was interrupted."""
        return self.database_key, self._keys.get(self._file.generation - 1)

    def complete(
        self, user_id: str, new_password: str, clock: Clock, *, policy: KdfPolicy = PRODUCTION
    ) -> Recovered:
        """Give the account of that administrator a new password and new keys, and the vault a
        new recovery key. Nothing is changed before the new recovery key is confirmed.

        Raises NoSuchUser, WeakPassword, NotEnoughMemory.
        """
        old = _slot(self._file, user_id)
        require_strong(new_password, old.name, self._file.school_name)
        own = OwnKeys.new()
        params = policy.choose(old.kdf)
        slot = new_slot(self.vault_id, user_id, old.name, new_password, own, params)
        slot = sealed_to(slot, self.vault_id, self._keys)
        recovery, printed = new_recovery(self.vault_id, self._keys, clock)
        keys = held_keys(self._file, slot, own, self._keys)

        def finish(now: KeyFile) -> KeyFile:
            now = _unthrottled(now.with_slot(slot), user_id)
            return replace(now, recovery=recovery, last_user=user_id)

        replaced = KeyReplaced(user_id, key_id(old.signing_public), _public(slot))
        challenge = RecoveryChallenge.new()
        return Recovered(
            keys, printed, challenge, self._store, finish,
            public=recovery.public, replaced=replaced, former=self._own,
        )  # fmt: skip

    def wipe(self) -> None:
        """Overwrite the database keys; nothing of this may be used any more."""
        for key in self._keys.values():
            wipe(key)


@dataclass(slots=True)
class NewRecovery(Created):
    """As `Created`: the new recovery key waits to be confirmed. `public` is its public side, to
    which more than the database is sealed."""

    public: bytes


@dataclass(slots=True)
class Recovered(NewRecovery):
    """The recovery key was used, and a new one waits to be confirmed. `replaced` is for the trail;
    `former` is the key of the sheet that was used."""

    replaced: KeyReplaced
    former: X25519PrivateKey = field(repr=False)


def replace_recovery_key(folder: Path, keys: Keys, clock: Clock) -> NewRecovery:
    """A new recovery key in place of a lost one; the old one holds until this is confirmed."""
    recovery, printed = new_recovery(keys.vault_id, _database_keys(keys), clock)
    store, challenge = KeyFileStore(folder), RecoveryChallenge.new()

    def finish(now: KeyFile) -> KeyFile:
        held = _database_keys(keys)  # the database key may have been changed meanwhile
        return replace(now, recovery=sealed_recovery(recovery, keys.vault_id, held))

    return NewRecovery(keys, printed, challenge, store, finish, public=recovery.public)


def try_recovery_key(folder: Path, recovery_key: str) -> bytes:
    """Whether the printed key opens the vault, without opening it: its public side.

    Nothing is kept or written. Raises as `begin_recovery`.
    """
    recovery = begin_recovery(folder, recovery_key)
    recovery.wipe()
    return recovery.public


def begin_recovery(folder: Path, recovery_key: str) -> Recovery:
    """Open the vault with the printed key.

    Raises RecoveryKeyMistyped, RecoveryKeyWrong, KeyFileAltered, and what reading raises.
    """
    secret = read_recovery_key(recovery_key)
    store = KeyFileStore(folder)
    file = store.load()
    own = recovery_private_key(secret, file.vault_id)
    if own.public_key().public_bytes_raw() != file.recovery.public:
        raise RecoveryKeyWrong
    try:
        keys = {
            generation: unseal_key(blob, own, file.vault_id, generation, RECOVERY)
            for generation, blob in file.recovery.sealed.items()
        }
    except WrongKey as problem:
        raise KeyFileAltered from problem
    held = keys.get(file.generation)
    if held is None or not file.mac_holds(hkdf(held, file.vault_id, MAC_PURPOSE)):
        raise KeyFileAltered
    return Recovery(store, file, keys, own)
