"""The door to the letter: what set-up writes, what signing in tells, when the copy may help."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security import throttle, vault
from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.keyfile import KeyFile, KeyFileStore, from_bytes, to_bytes
from bt_desktop.security.keys import FailedSignIns, Keys, hkdf
from bt_desktop.security.problems import (
    KeyFileAltered,
    NoSuchUser,
    NotEnoughMemory,
    SlotDisabled,
    Throttled,
    WeakPassword,
    WrongPassword,
)
from bt_desktop.security.recovery import read_recovery_key
from bt_desktop.security.vault import Created, UserSlot, VaultState, create_vault, unlock
from tests.security.conftest import ADMIN_PASSWORD, QUICK, STAFF_PASSWORD, School, confirmed

ELSEWHERE = "0f0e0d0c-0b0a-4a08-8706-050403020100"
Rewrite = Callable[[Path, Callable[[dict], object]], None]


def made(folder: Path, clock: SetClock, password: str = ADMIN_PASSWORD) -> Created:
    return create_vault(
        folder, school_name=" Alder  Creek ", admin_name="Rosa  Vance", password=password,
        clock=clock, policy=QUICK,
    )  # fmt: skip


def mac_key(keys: Keys) -> bytes:
    return keys.sub_key(vault.MAC_PURPOSE)


# --- making ------------------------------------------------------------------------------------


def test_what_set_up_writes_and_gives(tmp_path: Path, clock: SetClock) -> None:
    folder = tmp_path / "of" / "the school"
    begun = made(folder, clock)
    assert folder.stat().st_mode & 0o777 == 0o700
    file, keys = KeyFileStore(folder).peek(), begun.keys
    [slot] = file.users
    assert (slot.name, slot.disabled, slot.kdf) == ("Rosa Vance", False, KdfParams(64, 1, 1))
    assert (file.school_name, file.last_user) == ("Alder Creek", slot.user_id)
    assert (file.edition, file.generation, file.state, file.finished) == (1, 1, "stable", False)
    assert (set(slot.sealed), set(file.recovery.sealed)) == ({1}, {1})
    assert file.recovery.made == int(clock.now().timestamp())
    assert file.mac_holds(hkdf(keys.database_key, file.vault_id, "key-file-mac"))
    assert len(keys.database_key) == 32
    assert (keys.vault_id, keys.user_id) == (file.vault_id, slot.user_id)
    assert (keys.sign_in_name, keys.generation, keys.edition) == ("Rosa Vance", 1, 1)
    assert (keys.previous_key, keys.failures, keys.failed_sign_ins) == (None, 0, ())
    assert confirmed(begun) is keys
    assert keys.edition == 2
    assert KeyFileStore(folder).peek() == replace(file, finished=True).sealed_again(mac_key(keys))


@pytest.mark.parametrize("password", ["Alder-Creek#kv7qm", "rosa-vance#kv7qm!"])
def test_the_first_password_is_not_mostly_a_name(
    tmp_path: Path, clock: SetClock, password: str
) -> None:
    with pytest.raises(WeakPassword) as told:
        made(tmp_path / "vault", clock, password.replace("-", ""))
    assert told.value.problems == ("The password is mostly a name or a common word.",)
    assert not (tmp_path / "vault").exists()


def test_every_file_of_a_set_up_left_in_the_middle_is_set_aside(
    tmp_path: Path, clock: SetClock, begun: Created
) -> None:
    folder = tmp_path / "vault"
    names = ["records.db", "records.db-wal", "records.db-shm"]
    for name in names:
        (folder / name).write_text(name, "ascii")
    made(folder, clock)
    names += ["vault.keys.json", "vault.keys.json.bkup"]
    assert {one.name for one in folder.glob("*.unfinished-*")} == {
        f"{name}.unfinished-1" for name in names
    }
    assert (folder / "records.db-shm.unfinished-1").read_text("ascii") == "records.db-shm"


def test_a_recovery_key_is_sealed_every_key_that_is_held(clock: SetClock) -> None:
    held = {3: bytearray(b"n" * 32), 2: bytearray(b"o" * 32)}
    slot, printed = vault.new_recovery(ELSEWHERE, held, clock)
    own = vault.recovery_private_key(read_recovery_key(printed), ELSEWHERE)
    assert slot.public == own.public_key().public_bytes_raw()
    assert {
        generation: vault.unseal_key(blob, own, ELSEWHERE, generation, vault.RECOVERY)
        for generation, blob in slot.sealed.items()
    } == held


# --- before anybody has signed in --------------------------------------------------------------


def test_what_is_seen_of_the_accounts_before_anybody_signed_in(school: School) -> None:
    def counted(now: KeyFile) -> KeyFile:
        now = now.with_tries(school.admin_id, throttle.Attempts(count=20))
        devin = now.slot(school.staff_id)
        assert devin is not None
        return replace(now.with_slot(replace(devin, disabled=True)), last_user=school.staff_id)

    school.store.change(counted)
    seen = vault.vault_state(school.folder)
    rosa = UserSlot(school.admin_id, "Rosa Vance", False, True, 20)
    devin = UserSlot(school.staff_id, "Devin Park", True, False, 0)
    school_name = "Alder Creek Elementary"
    assert seen == VaultState("ready", school_name, (rosa, devin), school.staff_id)
    assert (seen.named(" ROSA  vance"), seen.named("Devin Park")) == (rosa, devin)
    assert (seen.named("Rosa"), seen.named("")) == (None, None)


def test_what_lies_in_a_folder(school: School, tmp_path: Path) -> None:
    assert vault.vault_state(tmp_path / "nowhere") == VaultState("none")
    data = school.store.path.read_bytes()
    (school.folder / "records.db").write_bytes(b"")
    for path in (school.store.path, school.store.copy):
        path.unlink()
    assert vault.vault_state(school.folder) == VaultState("missing")
    school.store.path.write_bytes(data[:-1])
    assert vault.vault_state(school.folder) == VaultState("damaged")
    envelope = json.loads(data) | {"version": 2}
    del envelope["sum"]
    told = hashlib.sha256(canonical(envelope)).hexdigest()
    school.store.path.write_bytes(canonical(envelope | {"sum": told}))
    assert vault.vault_state(school.folder) == VaultState("newer")


def test_a_change_is_made_in_the_own_file_alone_and_sealed_anew(school: School) -> None:
    keys, file = school.admin(), school.store.load()
    change = vault.proven(keys, lambda now: replace(now, school_name="Birch"))
    after = change(file)
    assert after == replace(file, school_name="Birch").sealed_again(mac_key(keys))
    for other in (
        replace(file, vault_id=ELSEWHERE).sealed_again(mac_key(keys)),
        replace(file, school_name="Edited"),
    ):
        with pytest.raises(KeyFileAltered):
            change(other)


# --- opening -----------------------------------------------------------------------------------


def tried(school: School, *passwords: str, user_id: str = "") -> None:
    for password in passwords:
        with pytest.raises(WrongPassword):
            unlock(school.folder, user_id or school.admin_id, password, school.clock, policy=QUICK)


def test_what_a_sign_in_tells(school: School) -> None:
    at = int(school.clock.now().timestamp())
    tried(school, "one", user_id=school.staff_id)
    school.clock.advance(timedelta(seconds=5))
    tried(school, "one", "two")
    school.clock.advance(timedelta(seconds=5))
    tried(school, "three")
    keys, file = school.admin(), school.store.load()
    assert (keys.failures, keys.repaired, keys.by_pin) == (3, False, False)
    assert keys.failed_sign_ins == (
        FailedSignIns(school.staff_id, 1, at, at),
        FailedSignIns(school.admin_id, 3, at + 5, at + 10),
    )
    assert (keys.user_id, keys.sign_in_name) == (school.admin_id, "Rosa Vance")
    assert (keys.edition, keys.generation) == (file.edition, 1)
    assert file.last_user == school.admin_id
    assert file.tries(school.admin_id).count == 0
    assert file.tries(school.staff_id).count == 1
    assert file.mac_holds(mac_key(keys))
    assert school.admin().failures == 0


def test_those_who_tried_at_the_same_second_are_told_in_one_order(school: School) -> None:
    tried(school, "one")
    tried(school, "one", user_id=school.staff_id)
    told = [one.user_id for one in school.admin().failed_sign_ins]
    assert told == sorted([school.admin_id, school.staff_id])


def test_what_a_wrong_password_says(school: School) -> None:
    def counted(count: int) -> None:
        now = throttle.Attempts(count=count, run="another")
        school.store.change_door(lambda file: file.with_tries(school.admin_id, now))

    for before, wait in ((0, 0), (5, 60), (18, 900), (19, 900)):
        counted(before)
        with pytest.raises(WrongPassword) as told:
            unlock(school.folder, school.admin_id, "x", school.clock, policy=QUICK)
        problem = told.value
        assert (problem.failures, problem.wait_s) == (before + 1, wait)
        assert problem.disabled is (before == 19)
    with pytest.raises(SlotDisabled) as closed:
        school.admin()
    assert closed.value.by_guessing is True
    slot = school.store.load().slot(school.admin_id)
    assert slot is not None
    school.store.change(lambda now: now.with_slot(replace(slot, disabled=True)))
    with pytest.raises(SlotDisabled) as closed:
        school.admin()
    assert closed.value.by_guessing is False, "the administrator's word comes first"


def test_while_it_waits_nothing_is_counted(school: School) -> None:
    tried(school, *"abcde")
    before = school.store.load()
    with pytest.raises(Throttled) as told:
        school.admin()
    assert (told.value.failures, told.value.wait_s) == (5, 30)
    assert school.store.load() == before
    school.clock.advance(timedelta(seconds=29.5))
    with pytest.raises(Throttled) as told:
        school.admin()
    assert told.value.wait_s == 0.5, "to the end"
    back = SetClock(school.clock.now() - timedelta(days=1))
    with pytest.raises(Throttled) as told:
        unlock(school.folder, school.admin_id, ADMIN_PASSWORD, back, policy=QUICK)
    assert (told.value.failures, told.value.wait_s) == (5, 30)
    tries = school.store.load().tries(school.admin_id)
    assert (tries.count, tries.last) == (5, int(back.now().timestamp()))
    assert school.staff().failures == 0, "others do not wait"


def test_too_little_memory_leaves_the_tries_as_they_were(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(school, "one", "two")
    before = school.store.load()

    def starved(*_: object) -> None:
        raise NotEnoughMemory

    with monkeypatch.context() as low:
        low.setattr(vault, "open_slot", starved)
        with pytest.raises(NotEnoughMemory):
            school.admin()
    after, was = (one.tries(school.admin_id) for one in (school.store.load(), before))
    told = [(one.count, one.unreported, one.last, one.first_unreported) for one in (after, was)]
    assert told[0] == told[1]


def test_the_password_again_ends_the_row_of_wrong_ones(school: School) -> None:
    tried(school, "one", "two", user_id=school.staff_id)
    devin = school.store.load().slot(school.staff_id)
    assert devin is not None
    opened = vault.opened(school.store, school.staff_id, STAFF_PASSWORD, school.clock)
    file, slot, own = opened
    assert (file, slot) == (school.store.load(), devin)
    assert own.signing.public_key().public_bytes_raw() == devin.signing_public
    assert own.sealing.public_key().public_bytes_raw() == devin.sealing_public
    tries = file.tries(school.staff_id)
    assert (tries.count, tries.unreported) == (0, 2)
    key = vault.check_password(school.folder, school.staff_id, STAFF_PASSWORD, school.clock)
    assert key.private_bytes_raw() == own.signing.private_bytes_raw()
    with pytest.raises(NoSuchUser):
        vault.check_password(school.folder, ELSEWHERE, STAFF_PASSWORD, school.clock)


class Watching(KdfPolicy):
    """Notes what it is asked, and finds nothing dated."""

    asked: list[tuple[KdfParams, float]] = []  # noqa: RUF012 - of one story

    def is_dated(self, params: KdfParams, seconds: float) -> bool:
        self.asked.append((params, seconds))
        return False


def test_how_long_the_password_took_is_what_hardening_is_judged_by(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Watch:
        """A computer on which each look at it is a second later."""

        at = 1000.0

        def monotonic(self) -> float:
            self.at += 1
            return self.at

    monkeypatch.setattr(vault, "SystemClock", Watch)
    policy = Watching(QUICK.floor, QUICK.params)
    policy.asked.clear()
    unlock(school.folder, school.admin_id, ADMIN_PASSWORD, school.clock, policy=policy)
    assert policy.asked == [(KdfParams(64, 1, 1), 1.0)]


def test_a_password_hardened_anew_is_the_same_person_s(school: School) -> None:
    raised = KdfPolicy(floor=KdfParams(128, 2, 1), params=KdfParams(256, 2, 1))
    keys = unlock(school.folder, school.admin_id, ADMIN_PASSWORD, school.clock, policy=raised)
    file = school.store.load()
    slot = file.slot(school.admin_id)
    assert slot is not None
    assert slot.kdf == KdfParams(256, 2, 1)
    assert file.mac_holds(mac_key(keys))
    assert keys.edition == file.edition
    assert school.admin().key_id == keys.key_id


# --- the copy ----------------------------------------------------------------------------------


def altered_beside(school: School, rewrite: Rewrite, how: Callable[[KeyFile], KeyFile]) -> None:
    """The main file was edited; the copy holds what `how` makes of the good one."""
    good = from_bytes(school.store.copy.read_bytes())
    rewrite(school.store.path, lambda e: e["body"].update(school="Edited"))
    school.store.copy.write_bytes(to_bytes(how(good)))


def test_a_copy_is_believed_where_it_is_whole_ours_and_no_older(
    school: School, rewrite: Rewrite
) -> None:
    keys = school.admin()
    altered_beside(school, rewrite, lambda good: good)
    assert school.admin().repaired is True
    altered_beside(school, rewrite, lambda good: good.sealed_again(mac_key(keys)))
    newer = school.admin()
    assert newer.repaired is True
    assert newer.edition == school.store.load().edition == keys.edition + 1
    assert school.admin().repaired is False


@pytest.mark.parametrize("kind", ["none", "older", "without", "another password", "edited"])
def test_a_copy_is_not_believed(school: School, rewrite: Rewrite, kind: str) -> None:
    keys = school.admin()
    key = mac_key(keys)

    def copy(good: KeyFile) -> KeyFile:
        rosa, devin = good.users
        return {
            "none": good,
            "older": replace(good, edition=good.edition - 2).sealed_again(key),
            "without": replace(good, users=(devin,)).sealed_again(key),
            "another password": replace(
                good, users=(vault.with_password(rosa, good.vault_id, "x", own, rosa.kdf), devin)
            ).sealed_again(key),
            "edited": replace(good, school_name="Also edited"),
        }[kind]

    own = vault.OwnKeys(keys.sealing, keys.signing)
    altered_beside(school, rewrite, copy)
    if kind == "none":
        school.store.copy.unlink()
    before = school.store.path.read_bytes()
    with pytest.raises(KeyFileAltered):
        school.admin()
    held = from_bytes(school.store.path.read_bytes())
    assert held.school_name == from_bytes(before).school_name == "Edited", "left as it was"


def test_keys_that_are_sealed_to_another_generation_are_none(school: School) -> None:
    keys, file = school.admin(), school.store.load()
    slot = file.slot(school.admin_id)
    assert slot is not None
    own = vault.OwnKeys(keys.sealing, keys.signing)
    assert vault.unsealed(file, slot, own) == {1: keys.database_key}
    held = vault.sealed_to(slot, file.vault_id, {2: bytearray(32), 1: keys.database_key})
    assert vault.unsealed(file, held, own) == {2: bytearray(32), 1: keys.database_key}
    for now in (
        replace(file, generation=2).with_slot(slot),
        file.with_slot(replace(slot, sealed={1: held.sealed[2]})),
        replace(file, vault_id=ELSEWHERE),
    ):
        mine = now.slot(school.admin_id)
        assert mine is not None
        with pytest.raises(KeyFileAltered):
            vault.unsealed(now, mine, own)
