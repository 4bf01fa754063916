"""Another database key, as the key file tells it: both keys first, then the new one alone.

    stable, generation n: the key sealed to everybody and to the recovery key
    rotating, generation n+1: the new *and* the former key sealed to each of them
    stable, generation n+1: the former key is nowhere any more

While it says `rotating`, the database is under the one or the other, and whoever signs in holds
both (design/security.md §2.6). Whoever has no open account gets neither.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bt_desktop.errors import KnownError
from bt_desktop.security.keyfile import KeyFile, KeyFileStore, State
from bt_desktop.security.keys import Keys, hkdf, taken_over
from bt_desktop.security.problems import KeyFileAltered
from bt_desktop.security.vault import MAC_PURPOSE, sealed_recovery, sealed_to

_KEY_BYTES = 32


def begin(folder: Path, keys: Keys) -> None:
    """Seal a new database key beside the one of now to everybody; it is on the disk afterwards.

    `keys` then hold the new one, and the former as `previous_key`. Raises KeyFileAltered (also
    when a change is under way already), and what reading and writing the key file raise.
    """
    if keys.previous_key is not None:
        raise KeyFileAltered
    new = taken_over(secrets.token_bytes(_KEY_BYTES))
    _turn(folder, keys, new, keys.generation + 1, keys.database_key)


def finish(folder: Path, keys: Keys) -> None:
    """The database is under the new key, and was checked: the former one is sealed to nobody.

    Raises as `begin`; then both stay sealed, and the next who signs in finishes it.
    """
    _turn(folder, keys, keys.database_key, keys.generation, None)


def take_back(folder: Path, keys: Keys) -> None:
    """The database is still under the former key: the new one is given up. Raises as `begin`."""
    if keys.previous_key is None:
        raise KeyFileAltered
    _turn(folder, keys, keys.previous_key, keys.generation - 1, None)


def _turn(
    folder: Path, keys: Keys, key: bytearray, generation: int, former: bytearray | None
) -> None:
    """Seal `key` (and `former`, while the change is under way) to everybody; `keys` follow."""
    held = {generation: key} if former is None else {generation: key, generation - 1: former}
    state: State = "stable" if former is None else "rotating"
    checked_by = keys.sub_key(MAC_PURPOSE)
    sealed_by = hkdf(key, keys.vault_id, MAC_PURPOSE)

    def change(now: KeyFile) -> KeyFile:
        if now.vault_id != keys.vault_id or not now.mac_holds(checked_by):
            raise KeyFileAltered
        users = tuple(
            slot if slot.disabled else sealed_to(slot, keys.vault_id, held) for slot in now.users
        )
        recovery = sealed_recovery(now.recovery, keys.vault_id, held)
        changed = replace(now, generation=generation, state=state, users=users, recovery=recovery)
        return changed.sealed_again(sealed_by)

    store = KeyFileStore(folder)
    try:
        edition = store.change(change).edition
    except BaseException:
        with suppress(KnownError):  # the first of both copies may have been written
            there = store.peek()
            if (there.generation, there.state) == (generation, state) and there.mac_holds(
                sealed_by
            ):
                keys.turn_to(key, generation, former, there.edition)
        raise
    keys.turn_to(key, generation, former, edition)
