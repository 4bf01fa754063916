"""Another database key to the letter: what the key file and the keys hold after each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bt_desktop.errors import KnownError, StorageFull
from bt_desktop.security import accounts, keyfile, rotation, vault
from bt_desktop.security.keyfile import KeyFile
from bt_desktop.security.keys import Keys
from bt_desktop.security.problems import KeyFileAltered
from bt_desktop.security.recovery import read_recovery_key, recovery_private_key
from tests.security.conftest import QUICK, School

Held = tuple[bytes, bytes | None, int, int]


@pytest.fixture
def keys(school: School) -> Keys:
    """Rosa's; the account of a third person is closed."""
    rosa = school.admin()
    nia = accounts.add_user(school.folder, rosa, "Nia Okoro", "saddle-copper-moon-55", policy=QUICK)
    accounts.disable_user(school.folder, rosa, nia)
    return rosa


def held(keys: Keys) -> Held:
    former = keys.previous_key
    return (bytes(keys.database_key), former and bytes(former), keys.generation, keys.edition)


def sealed(school: School, keys: Keys) -> dict[int, bytes]:
    """What is sealed to everybody and to the sheet, which must all be the same."""
    file = school.store.load()
    own = vault.OwnKeys(keys.sealing, keys.signing)
    rosa, devin, nia = file.users
    mine = {one: bytes(key) for one, key in vault.unsealed(file, rosa, own).items()}
    sheet = recovery_private_key(read_recovery_key(school.recovery_key), file.vault_id)
    for generation, blob in file.recovery.sealed.items():
        key = vault.unseal_key(blob, sheet, file.vault_id, generation, vault.RECOVERY)
        assert key == mine[generation]
    assert set(devin.sealed) == set(file.recovery.sealed) == set(mine)
    assert not nia.sealed, "whoever left gets neither"
    return mine


def standing(school: School, keys: Keys) -> tuple[str, int, int]:
    file = school.store.load()
    assert file.mac_holds(keys.sub_key(vault.MAC_PURPOSE)), "sealed by who holds the key of now"
    return file.state, file.generation, file.edition


def test_both_keys_first_then_the_new_one_alone(school: School, keys: Keys) -> None:
    old, _, _, edition = held(keys)
    before = keys.database_key
    rotation.begin(school.folder, keys)
    new = bytes(keys.database_key)
    assert (len(new), new != old) == (32, True)
    assert held(keys) == (new, old, 2, edition + 1)
    assert standing(school, keys) == ("rotating", 2, edition + 1)
    assert sealed(school, keys) == {1: old, 2: new}
    between = school.staff()
    assert held(between)[:3] == (new, old, 2)
    rotation.finish(school.folder, keys)
    assert held(keys) == (new, None, 2, edition + 2)
    assert standing(school, keys) == ("stable", 2, edition + 2)
    assert sealed(school, keys) == {2: new}
    assert before == bytes(32), "the former one is nowhere any more"
    rotation.begin(school.folder, keys)
    assert set(sealed(school, keys)) == {2, 3}


def test_a_new_key_that_is_given_up(school: School, keys: Keys) -> None:
    old, _, _, edition = held(keys)
    with pytest.raises(KeyFileAltered):
        rotation.take_back(school.folder, keys)
    rotation.begin(school.folder, keys)
    new, now = keys.database_key, held(keys)
    with pytest.raises(KeyFileAltered):
        rotation.begin(school.folder, keys)
    assert held(keys) == now
    rotation.take_back(school.folder, keys)
    assert held(keys) == (old, None, 1, edition + 2)
    assert standing(school, keys) == ("stable", 1, edition + 2)
    assert sealed(school, keys) == {1: old}
    assert new == bytes(32)


ALTERED: dict[str, Callable[[KeyFile, bytes], KeyFile]] = {
    "edited": lambda now, _: replace(now, school_name="Birch"),
    "of another vault": lambda now, key: replace(
        now, vault_id="0f0e0d0c-0b0a-4a08-8706-050403020100"
    ).sealed_again(key),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_a_key_file_that_was_altered_is_left_alone(school: School, keys: Keys, kind: str) -> None:
    before = held(keys)
    key = keys.sub_key(vault.MAC_PURPOSE)
    file = school.store.change(lambda now: ALTERED[kind](now, key))
    with pytest.raises(KeyFileAltered):
        rotation.begin(school.folder, keys)
    assert school.store.load() == file
    assert held(keys) == before


class Disk:
    """Fills at the write of that number; `writes` is what it was given."""

    def __init__(self, patch: pytest.MonkeyPatch, full_at: int) -> None:
        self._real, self._full_at, self.writes = keyfile.write_atomically, full_at, 0
        self.instead: Callable[[Path], None] = lambda _: None
        patch.setattr(keyfile, "write_atomically", self._write)

    def _write(self, path: Path, data: bytes) -> None:
        self.writes += 1
        if self.writes == self._full_at:
            self.instead(path)
            raise StorageFull
        self._real(path, data)


@pytest.mark.parametrize("deed", [rotation.begin, rotation.finish, rotation.take_back])
@pytest.mark.parametrize("copies", [0, 1])
def test_the_keys_follow_what_is_on_a_disk_that_fills(
    school: School,
    keys: Keys,
    monkeypatch: pytest.MonkeyPatch,
    deed: Callable[[Path, Keys], None],
    copies: int,
) -> None:
    if deed is not rotation.begin:
        rotation.begin(school.folder, keys)
    before, file = held(keys), school.store.load()
    with monkeypatch.context() as full:
        Disk(full, copies + 1)
        with pytest.raises(StorageFull):
            deed(school.folder, keys)
    after = school.store.load()
    if not copies:
        assert (held(keys), after) == (before, file), "nothing was written"
    assert standing(school, keys) == (after.state, keys.generation, keys.edition)
    former = () if keys.previous_key is None else (keys.generation - 1,)
    assert set(sealed(school, keys)) == {keys.generation, *former}
    assert (after.state == "rotating") is (keys.previous_key is not None)


@pytest.mark.parametrize("kind", ["strangers", "nothing"])
def test_what_lies_there_after_a_disk_failed_may_be_none_of_ours(
    school: School, keys: Keys, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Somebody else's change of the same number, or no key file at all: the keys stay."""
    before, strangers = held(keys), school.store.load()
    strangers = replace(strangers, generation=2, state="rotating").sealed_again(b"s" * 32)

    def instead(path: Path) -> None:
        if kind == "strangers":
            path.write_bytes(keyfile.to_bytes(strangers))
        else:
            for one in (school.store.path, school.store.copy):
                one.unlink()

    with monkeypatch.context() as full:
        Disk(full, 1).instead = instead
        with pytest.raises(KnownError) as told:
            rotation.begin(school.folder, keys)
    assert isinstance(told.value, StorageFull)
    assert held(keys) == before
