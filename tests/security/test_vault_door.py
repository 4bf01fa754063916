"""The door: set-up, signing in, wrong passwords, waiting, and what tells them apart."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import KnownError, StorageFull, StorageReadOnly
from bt_desktop.security import accounts, atomic, slots, throttle, vault
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.keyfile import KeyFileStore, from_bytes, to_bytes
from bt_desktop.security.problems import (
    BadName,
    KeyFileAltered,
    KeyFileDamaged,
    KeyFileMissing,
    NoSuchUser,
    NotEnoughMemory,
    RecoveryNotConfirmed,
    SlotDisabled,
    Throttled,
    VaultExists,
    WeakPassword,
    WrongPassword,
    wait_in_words,
)
from bt_desktop.security.vault import check_password, create_vault, unlock, vault_state

PASSWORD = "violet-harbor-tractor-91"
STAFF = "plum-rocket-window-77"


def try_wrong(school, times=1, user_id=None):
    problem = None
    for _ in range(times):
        with pytest.raises((WrongPassword, Throttled, SlotDisabled)) as caught:
            unlock(school.folder, user_id or school.admin_id, "wrong", school.clock, policy=QUICK)
        problem = caught.value
    return problem


QUICK = KdfPolicy(floor=KdfParams(64, 1, 1), params=KdfParams(64, 1, 1))


# --- set-up ------------------------------------------------------------------------------------


def new(folder: Path, clock, **other):
    said = {
        "school_name": "Alder Creek Elementary",
        "admin_name": "Rosa Vance",
        "password": PASSWORD,
        **other,
    }
    return create_vault(folder, clock=clock, policy=QUICK, **said)


def test_a_vault_counts_once_its_recovery_key_is_confirmed(tmp_path, begun, confirm):
    folder = tmp_path / "vault"
    assert vault_state(folder).kind == "none"
    confirm(begun)
    state = vault_state(folder)
    assert state.kind == "ready"
    assert state.school_name == "Alder Creek Elementary"
    assert [user.sign_in_name for user in state.users] == ["Rosa Vance"]
    assert state.last_user_id == begun.keys.user_id


def test_wrong_groups_do_not_finish_set_up(tmp_path, begun):
    first, second = begun.challenge.groups
    for answers in ({}, {first: "AAAAAA", second: "BBBBBB"}, {first: ""}):
        with pytest.raises(RecoveryNotConfirmed):
            begun.confirm(answers)
    assert vault_state(tmp_path / "vault").kind == "none"


def test_a_set_up_left_in_the_middle_is_set_aside_and_begun_again(tmp_path, begun, clock, confirm):
    folder = tmp_path / "vault"
    (folder / "records.db").write_bytes(b"half a database")
    (folder / "records.db-wal").write_bytes(b"x")
    again = new(folder, clock)
    assert not (folder / "records.db").exists()
    assert (folder / "records.db.unfinished-1").read_bytes() == b"half a database"
    confirm(again)
    assert unlock(folder, again.keys.user_id, PASSWORD, clock, policy=QUICK)


def test_set_up_never_touches_what_may_be_records(tmp_path, school, clock):
    with pytest.raises(VaultExists):
        new(school.folder, clock)
    school.store.path.unlink()
    with pytest.raises(VaultExists):
        new(school.folder, clock)
    school.store.copy.write_bytes(b"broken")
    with pytest.raises(KeyFileDamaged):
        new(school.folder, clock)
    orphan = tmp_path / "orphan"
    orphan.mkdir()
    (orphan / "records.db").write_bytes(b"somebody's")
    with pytest.raises(KeyFileMissing):
        new(orphan, clock)


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"school_name": " "}, BadName),
        ({"admin_name": "\n"}, BadName),
        ({"password": "short"}, WeakPassword),
        ({"password": "rosavance2026"}, WeakPassword),
    ],
)
def test_set_up_refuses_before_it_writes(tmp_path, clock, other, problem):
    with pytest.raises(problem):
        new(tmp_path / "vault", clock, **other)
    assert not (tmp_path / "vault").exists()


def test_a_folder_that_cannot_be_made_says_so(tmp_path, clock, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageReadOnly):
        new(tmp_path / "vault", clock)


def test_nothing_secret_lies_in_the_key_file(school):
    keys = school.admin()
    for path in (school.store.path, school.store.copy):
        data = path.read_bytes()
        for secret in (PASSWORD, STAFF, school.recovery_key, school.recovery_key[:6]):
            assert secret.encode() not in data
        assert bytes(keys.database_key).hex().encode() not in data


# --- signing in --------------------------------------------------------------------------------


def test_two_people_hold_the_same_database_key_and_their_own_signing_keys(school):
    rosa, devin = school.admin(), school.staff()
    assert rosa.database_key == devin.database_key
    assert len(rosa.database_key) == 32
    assert rosa.key_id != devin.key_id
    assert (devin.sign_in_name, devin.vault_id) == ("Devin Park", rosa.vault_id)
    assert vault_state(school.folder).last_user_id == school.staff_id


def test_the_password_may_be_typed_on_any_keyboard(tmp_path, clock, confirm):
    keys = confirm(new(tmp_path / "v", clock, password="ﬁsh-Ångström-piano-lantern"))
    same = "fish-A\u030angstro\u0308m-piano-lantern"
    assert unlock(tmp_path / "v", keys.user_id, same, clock, policy=QUICK)


def test_wiped_keys_are_gone(school):
    keys = school.admin()
    held = keys.database_key
    assert keys.sub_key("drafts") != keys.sub_key("backup")
    keys.wipe()
    keys.wipe()
    assert held == bytearray(32)
    assert keys.wiped
    assert "wiped" in repr(keys)
    for use in (lambda: keys.signing, lambda: keys.sealing, lambda: keys.sub_key("x")):
        with pytest.raises(RuntimeError):
            use()


def test_a_repr_tells_no_secret(school):
    keys = school.admin()
    assert bytes(keys.database_key).hex() not in repr(keys)
    assert "Rosa" not in repr(keys)


def test_nobody_of_that_name(school):
    with pytest.raises(NoSuchUser):
        unlock(school.folder, "0" * 36, PASSWORD, school.clock, policy=QUICK)
    state = vault_state(school.folder)
    assert state.named(" devin  PARK ").user_id == school.staff_id
    assert state.named("Nobody") is None


def test_the_last_user_is_forgotten_with_the_account(school):
    school.store.change(lambda file: replace(file, last_user="0" * 36))
    assert vault_state(school.folder).last_user_id is None


# --- wrong passwords ---------------------------------------------------------------------------


def test_four_wrong_tries_are_free_then_it_waits(school):
    for number in range(1, 5):
        problem = try_wrong(school)
        assert (problem.failures, problem.wait_s, problem.disabled) == (number, 0, False)
    problem = try_wrong(school)
    assert (problem.failures, problem.wait_s) == (5, 30)
    problem = try_wrong(school)
    assert isinstance(problem, Throttled)
    assert problem.wait_s == 30
    school.clock.advance(timedelta(seconds=29))
    with pytest.raises(Throttled):
        school.admin()
    school.clock.advance(timedelta(seconds=1))
    assert school.admin().failures == 5
    assert school.admin().failures == 0


def test_twenty_wrong_passwords_close_the_account_and_delete_nothing(school):
    waits = []
    for number in range(1, 21):
        problem = try_wrong(school)
        assert isinstance(problem, WrongPassword)
        assert problem.failures == number
        waits.append(problem.wait_s)
        school.clock.advance(timedelta(seconds=problem.wait_s))
    assert waits == [0, 0, 0, 0, 30, 60, 120, 300, *[900] * 12]
    assert problem.disabled
    assert "closed" in problem.remedy
    school.clock.advance(timedelta(days=400))
    with pytest.raises(SlotDisabled) as caught:
        school.admin()
    assert caught.value.by_guessing
    seen = vault_state(school.folder).named("Rosa Vance")
    assert (seen.locked_out, seen.disabled, seen.failures) == (True, False, 20)
    assert school.staff(), "others are not locked out"
    accounts.enable_user(school.folder, school.staff(), school.admin_id)
    assert school.admin()


def test_waiting_survives_a_restart(school, monkeypatch):
    try_wrong(school, 5)
    monkeypatch.setattr(throttle, "THIS_RUN", "another")
    after_restart = SetClock(school.clock.now() + timedelta(seconds=10))
    with pytest.raises(Throttled) as caught:
        unlock(school.folder, school.admin_id, PASSWORD, after_restart, policy=QUICK)
    assert caught.value.wait_s == 20


def test_setting_the_computers_clock_forward_shortens_nothing(school):
    try_wrong(school, 5)

    class Forward:
        def now(self):
            return school.clock.now() + timedelta(days=1)

        def monotonic(self):
            return school.clock.monotonic() + 1

    with pytest.raises(Throttled) as caught:
        unlock(school.folder, school.admin_id, PASSWORD, Forward(), policy=QUICK)
    assert caught.value.wait_s == 29


def test_a_clock_set_back_gives_the_whole_wait_again_and_then_it_passes(school, monkeypatch):
    try_wrong(school, 6)
    school.clock.advance(timedelta(seconds=30))
    try_wrong(school)
    back = SetClock(school.clock.now() - timedelta(days=365))
    monkeypatch.setattr(throttle, "THIS_RUN", "another")
    with pytest.raises(Throttled) as caught:
        unlock(school.folder, school.admin_id, PASSWORD, back, policy=QUICK)
    assert caught.value.wait_s == 60
    back.advance(timedelta(seconds=60))
    assert unlock(school.folder, school.admin_id, PASSWORD, back, policy=QUICK)


def test_a_kill_before_the_password_is_looked_at_gives_no_free_try(school, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as kill:
        kill.setattr(slots, "derive", killed)
        for _ in range(5):
            with pytest.raises(KeyboardInterrupt):
                school.admin()
    with pytest.raises(Throttled):
        school.admin()


def test_a_try_is_on_the_disk_before_the_password_is_looked_at(school, monkeypatch):
    """Not only written: synced, and its folder, whatever the power does while Argon2 works."""
    done = []
    real_sync, real_derive = os.fsync, slots.derive

    def synced(handle):
        done.append("sync")
        real_sync(handle)

    def derived(*args):
        done.append(f"derive with {school.store.peek().tries(school.admin_id).count} counted")
        return real_derive(*args)

    with monkeypatch.context() as watched:
        watched.setattr(os, "fsync", synced)
        watched.setattr(slots, "derive", derived)
        with pytest.raises(WrongPassword):
            unlock(school.folder, school.admin_id, "wrong", school.clock, policy=QUICK)
    assert done[:4] == ["sync"] * 4, "both copies, and the folder after each"
    assert done[4:] == ["derive with 1 counted"]


def test_a_try_that_cannot_be_counted_is_not_made(school, monkeypatch):
    import errno

    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    def read_only(*_):
        raise OSError(errno.EROFS, "read-only")

    for fault, problem in ((full, StorageFull), (read_only, StorageReadOnly)):
        with monkeypatch.context() as disk:
            disk.setattr(atomic, "_write_through", fault)
            with pytest.raises(problem):
                school.admin()
    assert school.admin().failures == 0


def test_too_little_memory_is_no_wrong_password(school, monkeypatch):
    try_wrong(school, 5)
    school.clock.advance(timedelta(seconds=30))

    def starved(*_):
        raise NotEnoughMemory

    with monkeypatch.context() as low:
        low.setattr(slots, "derive", starved)
        for _ in range(30):
            with pytest.raises(NotEnoughMemory):
                school.admin()
    assert school.admin().failures == 5


def test_too_little_memory_for_real(school):
    """The real Argon2, 512 MiB of it, in a process that may have 400 MB."""
    story = """
import resource
from datetime import datetime, UTC
from pathlib import Path
from bt_desktop.clock import SetClock
from bt_desktop.security.kdf import KdfParams, derive
from bt_desktop.security.problems import NotEnoughMemory
derive("warm up", bytes(16), KdfParams(64, 1, 1))
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
try:
    derive("x", bytes(16), KdfParams(512 * 1024, 1, 1))
except NotEnoughMemory as problem:
    print(problem.code)
"""
    done = subprocess.run(
        [sys.executable, "-c", story], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "not-enough-memory", done.stderr


def test_two_programs_at_once_lose_no_count(school):
    """The lock is on a file, not in memory."""
    story = f"""
from dataclasses import replace
from pathlib import Path
from bt_desktop.security.keyfile import KeyFileStore
store, user = KeyFileStore(Path({str(school.folder)!r})), {school.staff_id!r}
def one_more(file):
    tries = file.tries(user)
    return file.with_tries(user, replace(tries, count=tries.count + 1))
for _ in range(40):
    store.change_door(one_more)
"""
    running = [subprocess.Popen([sys.executable, "-c", story]) for _ in range(2)]
    assert [one.wait(60) for one in running] == [0, 0]
    assert school.store.load().tries(school.staff_id).count == 80


def test_the_audit_trail_can_be_told_of_wrong_tries_later(school):
    try_wrong(school, 3)
    try_wrong(school, 1, school.staff_id)
    first = int(school.clock.now().timestamp())
    school.clock.advance(timedelta(hours=1))
    keys = school.admin()
    told = {one.user_id: one for one in keys.failed_sign_ins}
    assert told[school.admin_id].count == 3
    assert told[school.staff_id].count == 1
    assert told[school.admin_id].first_at == told[school.admin_id].last_at == first
    assert accounts.failed_sign_ins(school.folder) == keys.failed_sign_ins
    try_wrong(school)
    accounts.mark_reported(school.folder, keys.failed_sign_ins)
    left = accounts.failed_sign_ins(school.folder)
    assert [(one.user_id, one.count) for one in left] == [(school.admin_id, 1)]
    accounts.mark_reported(school.folder, left)
    assert school.admin().failed_sign_ins == ()


# --- the password again ------------------------------------------------------------------------


def test_signing_asks_for_the_password_again(school):
    key = check_password(school.folder, school.staff_id, STAFF, school.clock)
    assert key.public_key() == school.staff().signing.public_key()
    with pytest.raises(WrongPassword):
        check_password(school.folder, school.staff_id, PASSWORD, school.clock)


def test_asking_again_is_throttled_alike(school):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            check_password(school.folder, school.staff_id, "no", school.clock)
    with pytest.raises(Throttled):
        check_password(school.folder, school.staff_id, STAFF, school.clock)


# --- tampering ---------------------------------------------------------------------------------


def test_weakened_parameters_unlock_nothing(school, rewrite):
    for weaker in ({"m": 8}, {"t": 2}, {"m": 128}, {"p": 2}):
        before = school.store.path.read_bytes()
        rewrite(school.store.path, lambda e: e["body"]["users"][0]["kdf"].update(weaker))  # noqa: B023 - called at once
        with pytest.raises(WrongPassword):
            school.admin()
        school.store.path.write_bytes(before)


@pytest.mark.parametrize("name", ["salt", "nonce", "bundle", "x25519", "ed25519", "id"])
def test_a_slot_mixed_from_two_people_opens_for_neither(school, rewrite, name):
    def swap(envelope):
        first, second = envelope["body"]["users"]
        first[name], second[name] = second[name], first[name]

    rewrite(school.store.path, swap)
    for user_id, password in ((school.admin_id, PASSWORD), (school.staff_id, STAFF)):
        with pytest.raises(WrongPassword):
            unlock(school.folder, user_id, password, school.clock, policy=QUICK)


def both(school, rewrite, how):
    for path in (school.store.path, school.store.copy):
        rewrite(path, how)


@pytest.mark.parametrize(
    "how",
    [
        lambda b: b.update(school="Birch Hill"),
        lambda b: b.update(state="rotating"),
        lambda b: b["users"][1].update(name="Someone Else"),
        lambda b: b["users"][1].update(disabled=True),
        lambda b: b["users"].pop(),
        lambda b: b.update(edition=99),
        lambda b: b.update(mac=b["recovery"]["x25519"]),
        lambda b: b["recovery"].update(x25519=b["users"][1]["x25519"]),
        lambda b: b["recovery"].update(made=1),
        lambda b: b["users"][1].update(x25519=b["users"][0]["x25519"]),
        lambda b: b["users"][0].update(sealed={}),
        lambda b: b["users"][0].update(sealed=b["users"][1]["sealed"]),
        lambda b: b.update(generation=2),
    ],
    ids=range(13),
)
def test_an_edit_of_both_copies_is_told_after_the_right_password(school, rewrite, how):
    both(school, rewrite, lambda e: how(e["body"]))
    with pytest.raises(KeyFileAltered):
        school.admin()


@pytest.mark.parametrize(
    "how",
    [
        lambda b: b.update(school="Birch Hill"),
        lambda b: b["users"][0].update(sealed={}),
        lambda b: b["users"][1].update(disabled=True),
    ],
    ids=range(3),
)
def test_an_edit_of_the_main_file_alone_is_undone_from_the_copy(school, rewrite, how):
    rewrite(school.store.path, lambda e: how(e["body"]))
    keys = school.admin()
    assert keys.repaired
    assert vault_state(school.folder).school_name == "Alder Creek Elementary"
    assert not school.admin().repaired
    assert school.staff()
    assert (school.folder / "vault.keys.json.damaged-1").exists()


def test_a_wrong_try_never_spreads_an_edit_to_the_copy(school, rewrite):
    good = from_bytes(school.store.copy.read_bytes())
    rewrite(school.store.path, lambda e: e["body"].update(school="Birch Hill"))
    try_wrong(school)
    copy = from_bytes(school.store.copy.read_bytes())
    assert copy.school_name == good.school_name
    assert copy.tries(school.admin_id).count == 1, "but the copy counts too"


def test_an_older_copy_does_not_bring_an_old_password_back(school, rewrite):
    old = from_bytes(school.store.copy.read_bytes())
    accounts.change_password(
        school.folder,
        school.admin_id,
        PASSWORD,
        "saddle-copper-moon-55",
        school.clock,
        policy=QUICK,
    )
    school.store.copy.write_bytes(to_bytes(old))
    with pytest.raises(WrongPassword):
        school.admin()
    rewrite(school.store.path, lambda e: e["body"].update(school="Birch Hill"))
    with pytest.raises(KeyFileAltered):
        unlock(school.folder, school.admin_id, "saddle-copper-moon-55", school.clock, policy=QUICK)


def test_an_older_copy_does_not_undo_what_happened_since(school, rewrite, quick):
    old = school.store.copy.read_bytes()
    keys = school.admin()
    accounts.add_user(school.folder, keys, "Nia Okoro", "saddle-copper-moon-55", policy=quick)
    school.store.copy.write_bytes(old)
    rewrite(school.store.path, lambda e: e["body"].update(school="Birch Hill"))
    with pytest.raises(KeyFileAltered):
        school.admin()


def test_an_older_main_file_does_not_bring_an_old_password_back(school, rewrite, quick):
    old = school.store.path.read_bytes()
    new = "saddle-copper-moon-55"
    accounts.change_password(
        school.folder, school.admin_id, PASSWORD, new, school.clock, policy=quick
    )
    school.store.path.write_bytes(old)
    rewrite(school.store.path, lambda e: e["body"].update(school="Birch Hill"))
    with pytest.raises(KeyFileAltered):
        school.admin()


def test_an_edit_between_check_and_write_is_told(school, rewrite, monkeypatch):
    real = vault._checked_mac

    def then_edited(*args):
        result = real(*args)
        both(school, rewrite, lambda e: e["body"].update(school="Birch Hill"))
        return result

    monkeypatch.setattr(vault, "_checked_mac", then_edited)
    with pytest.raises(KeyFileAltered):
        school.admin()


def test_two_vaults_files_swapped_open_nothing(tmp_path, school, clock, confirm):
    other = tmp_path / "other"
    keys = confirm(new(other, clock, admin_name="Jo Marsh", password="saddle-copper-moon-55"))
    theirs, ours = KeyFileStore(other), school.store
    mine, his = ours.path.read_bytes(), theirs.path.read_bytes()
    for store, data in ((ours, his), (theirs, mine)):
        store.path.write_bytes(data)
        store.copy.write_bytes(data)
    swapped = unlock(school.folder, keys.user_id, "saddle-copper-moon-55", clock, policy=QUICK)
    assert swapped.database_key == keys.database_key, "his keys, which do not open our database"
    with pytest.raises(NoSuchUser):
        unlock(school.folder, school.admin_id, PASSWORD, clock, policy=QUICK)


def test_a_slot_carried_into_another_vault_opens_nothing(tmp_path, school, clock, confirm, rewrite):
    other = tmp_path / "other"
    confirm(new(other, clock))
    slot = next(
        one
        for one in __import__("json").loads(school.store.path.read_bytes())["body"]["users"]
        if one["id"] == school.admin_id
    )
    rewrite(KeyFileStore(other).path, lambda e: e["body"]["users"].append(slot))
    with pytest.raises(WrongPassword):
        unlock(other, school.admin_id, PASSWORD, clock, policy=QUICK)


# --- hardening anew ----------------------------------------------------------------------------


def test_a_password_below_the_floor_is_hardened_at_the_next_sign_in(school):
    raised = KdfPolicy(floor=KdfParams(128, 2, 1), params=KdfParams(256, 2, 1))
    with pytest.raises(WrongPassword):
        unlock(school.folder, school.admin_id, "wrong", school.clock, policy=raised)
    assert school.store.load().slot(school.admin_id).kdf == KdfParams(64, 1, 1)
    keys = unlock(school.folder, school.admin_id, PASSWORD, school.clock, policy=raised)
    slot = school.store.load().slot(school.admin_id)
    assert slot.kdf == KdfParams(256, 2, 1)
    again = unlock(school.folder, school.admin_id, PASSWORD, school.clock, policy=raised)
    assert again.key_id == keys.key_id
    assert school.store.load().slot(school.admin_id) == slot, "once is enough"


def test_too_little_memory_to_harden_anew_keeps_nobody_out(school, monkeypatch):
    raised = KdfPolicy(floor=KdfParams(128, 2, 1), params=KdfParams(256, 2, 1))
    real = slots.derive

    def starved(password, salt, params):
        if params.memory_kib >= 256:
            raise NotEnoughMemory
        return real(password, salt, params)

    with monkeypatch.context() as low:
        low.setattr(slots, "derive", starved)
        assert unlock(school.folder, school.admin_id, PASSWORD, school.clock, policy=raised)
    assert school.store.load().tries(school.admin_id).count == 0
    assert school.store.load().slot(school.admin_id).kdf == KdfParams(64, 1, 1)
    unlock(school.folder, school.admin_id, PASSWORD, school.clock, policy=raised)
    assert school.store.load().slot(school.admin_id).kdf == KdfParams(256, 2, 1), "the next time"


def test_hardening_does_not_undo_a_password_changed_meanwhile(school, monkeypatch):
    raised = KdfPolicy(floor=KdfParams(128, 2, 1), params=KdfParams(256, 2, 1))
    real = vault._checked_mac

    def meanwhile(*args):
        result = real(*args)
        if not meanwhile.done:
            meanwhile.done = True
            accounts.change_password(
                school.folder,
                school.admin_id,
                PASSWORD,
                "saddle-copper-moon-55",
                school.clock,
                policy=QUICK,
            )
        return result

    meanwhile.done = False
    monkeypatch.setattr(vault, "_checked_mac", meanwhile)
    unlock(school.folder, school.admin_id, PASSWORD, school.clock, policy=raised)
    with pytest.raises(WrongPassword):
        school.admin()


# --- a change of the database key that was interrupted -----------------------------------------


def test_while_rotating_both_database_keys_are_held(school):
    keys = school.admin()
    new_key = bytearray(os.urandom(32))
    both_keys = {1: keys.database_key, 2: new_key}

    def rotating(file):
        users = tuple(vault.sealed_to(one, file.vault_id, both_keys) for one in file.users)
        recovery, _ = vault.new_recovery(file.vault_id, both_keys, school.clock)
        file = replace(file, users=users, recovery=recovery, generation=2, state="rotating")
        from bt_desktop.security.keys import hkdf

        return file.sealed_again(hkdf(new_key, file.vault_id, vault.MAC_PURPOSE))

    school.store.change(rotating)
    held = school.admin()
    assert held.database_key == new_key
    assert held.previous_key == keys.database_key
    user = accounts.add_user(
        school.folder, held, "Nia Okoro", "saddle-copper-moon-55", policy=QUICK
    )
    assert set(school.store.load().slot(user).sealed) == {1, 2}
    held.wipe()
    assert held.previous_key == bytearray(32)


# --- the wrong context -------------------------------------------------------------------------


def test_a_sealed_key_opens_in_its_own_context_only(school):
    keys = school.admin()
    public = keys.sealing.public_key().public_bytes_raw()
    blob = slots.seal_key(keys.database_key, public, keys.vault_id, 1, keys.user_id)
    assert len(blob) == 80
    assert slots.unseal_key(blob, keys.sealing, keys.vault_id, 1, keys.user_id)
    for vault_id, generation, holder in (
        ("0" * 36, 1, keys.user_id),
        (keys.vault_id, 2, keys.user_id),
        (keys.vault_id, 1, school.staff_id),
        (keys.vault_id, 1, slots.RECOVERY),
    ):
        with pytest.raises(slots.WrongKey):
            slots.unseal_key(blob, keys.sealing, vault_id, generation, holder)
    with pytest.raises(slots.WrongKey):
        slots.unseal_key(blob, school.staff().sealing, keys.vault_id, 1, keys.user_id)


def test_waits_in_words():
    assert wait_in_words(0.2) == "1 second"
    assert wait_in_words(29.5) == "30 seconds"
    assert wait_in_words(120) == "2 minutes"
    assert wait_in_words(121) == "3 minutes"


def test_a_try_counted_against_a_closed_account(school):
    accounts.disable_user(school.folder, school.admin(), school.staff_id)
    problem = try_wrong(school, 1, school.staff_id)
    assert isinstance(problem, SlotDisabled)
    assert not problem.by_guessing
    assert school.store.load().tries(school.staff_id).count == 0


def every_problem():
    from bt_desktop.security import problems

    needs = {
        problems.WrongPin: [(3,), (1,), (0,)],
        problems.WrongPassword: [(2, 0.0), (6, 60.0)],
        problems.Throttled: [(6, 60.0)],
        problems.WeakPassword: [(("The password is too short.",),)],
    }
    for kind in vars(problems).values():
        if isinstance(kind, type) and issubclass(kind, KnownError) and kind is not KnownError:
            if kind is problems.SlotDisabled:
                yield kind(by_guessing=True)
                yield kind(by_guessing=False)
            else:
                yield from (kind(*given) for given in needs.get(kind, [()]))


def test_every_problem_says_what_and_what_to_do():
    seen = list(every_problem())
    assert len(seen) >= 19
    for problem in seen:
        assert problem.sentence.endswith(".")
        assert problem.remedy.endswith(".")
        assert problem.code == problem.code.lower()
        assert str(problem) == f"{problem.sentence} {problem.remedy}"
    sentences = {problem.sentence for problem in seen}
    assert len(sentences) >= len({problem.code for problem in seen})


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "0" * 36},
        {"kdf": KdfParams(72, 1, 1)},
        {"kdf": KdfParams(64, 2, 1)},
        {"kdf": KdfParams(64, 1, 2)},
        {"salt": bytes(16)},
        {"sealing_public": bytes(32)},
        {"signing_public": bytes(32)},
    ],
    ids=str,
)
def test_the_bundle_is_bound_to_everything_about_its_slot(school, change, monkeypatch):
    """Even with the right key: a slot that says something else about itself does not open."""
    file = school.store.load()
    slot = file.slot(school.admin_id)
    key = slots.derive(PASSWORD, slot.salt, slot.kdf)
    monkeypatch.setattr(slots, "derive", lambda *_: key)
    assert slots.open_slot(slot, file.vault_id, PASSWORD)
    with pytest.raises(slots.WrongKey):
        slots.open_slot(replace(slot, **change), file.vault_id, PASSWORD)
    with pytest.raises(slots.WrongKey):
        slots.open_slot(slot, "0" * 36, PASSWORD)


def test_a_secret_taken_over_is_overwritten_where_python_allows(monkeypatch):
    from types import SimpleNamespace

    from bt_desktop.security import keys

    fresh = os.urandom(32)
    copy = bytes(bytearray(fresh))
    assert keys.taken_over(fresh) == copy
    assert fresh == bytes(32)
    other = os.urandom(32)
    monkeypatch.setattr(keys.sys, "implementation", SimpleNamespace(name="other"))
    assert keys.taken_over(other) == other != bytes(32)
