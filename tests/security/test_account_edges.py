"""Accounts to the letter: what each change writes, whom it asks, what it leaves as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bt_desktop.security import accounts, rotation, vault
from bt_desktop.security.accounts import KeyReplaced, PublicKeys
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.keyfile import KeyFile, Slot
from bt_desktop.security.keys import FailedSignIns, Keys, key_id
from bt_desktop.security.problems import (
    BadName,
    KeyFileAltered,
    NameTaken,
    NoSuchUser,
    RecoveryKeyWrong,
    RecoveryNotConfirmed,
    WeakPassword,
    WrongPassword,
)
from bt_desktop.security.recovery import (
    new_recovery_secret,
    read_recovery_key,
    recovery_private_key,
    written,
)
from bt_desktop.security.throttle import Attempts
from tests.security.conftest import ADMIN_PASSWORD, QUICK, STAFF_PASSWORD, School, confirmed

NEW = "saddle-copper-moon-55"
NAME = ("The password is mostly a name or a common word.",)
KNOWN = KdfPolicy(floor=QUICK.floor)
"""Takes what an account was hardened with before; without one it would measure this computer."""


@pytest.fixture
def keys(school: School) -> Keys:
    return school.admin()


def slot_of(school: School, user_id: str) -> Slot:
    slot = school.store.load().slot(user_id)
    assert slot is not None
    return slot


def public_of(slot: Slot) -> PublicKeys:
    return PublicKeys(slot.user_id, slot.name, key_id(slot.signing_public), slot.signing_public)


def one_edition_later(school: School, keys: Keys, before: KeyFile, **changed: Any) -> None:
    """Nothing but that is different, and whoever holds the keys sealed it."""
    after = school.store.load()
    assert after == replace(before, **changed).sealed_again(keys.sub_key(vault.MAC_PURPOSE))
    assert keys.edition == after.edition == before.edition + 1


def test_an_account_that_is_added(school: School, keys: Keys) -> None:
    before = school.store.load()
    user_id = accounts.add_user(school.folder, keys, " Nia  Okoro", NEW, policy=KNOWN)
    slot = slot_of(school, user_id)
    assert (slot.name, slot.disabled, set(slot.sealed)) == ("Nia Okoro", False, {1})
    assert slot.kdf == slot_of(school, school.admin_id).kdf, "as the administrator's"
    assert accounts.public_keys(school.folder, user_id) == public_of(slot)
    one_edition_later(school, keys, before, users=(*before.users, slot))
    nia = vault.unlock(school.folder, user_id, NEW, school.clock, policy=QUICK)
    assert nia.database_key == keys.database_key


def test_no_password_is_mostly_the_person_s_or_the_school_s_name(
    school: School, keys: Keys
) -> None:
    folder, clock, staff = school.folder, school.clock, school.staff_id
    recovery = accounts.begin_recovery(folder, school.recovery_key)
    deeds: list[tuple[str, Callable[[str], object]]] = [
        ("niaokoro", lambda p: accounts.add_user(folder, keys, "Nia Okoro", p, policy=QUICK)),
        ("devinpark", lambda p: accounts.reset_password(folder, keys, staff, p, policy=QUICK)),
        ("devinpark", lambda p: accounts.change_password(folder, staff, "x", p, clock)),
        ("rosavance", lambda p: recovery.complete(school.admin_id, p, clock, policy=QUICK)),
    ]
    before = school.store.path.read_bytes()
    for name, deed in deeds:
        for password in (f"{name}#kv7qm", "aldercreekelementary#kv7qm"):
            with pytest.raises(WeakPassword) as told:
                deed(password)
            assert told.value.problems == NAME
    assert school.store.path.read_bytes() == before


def test_names_that_are_changed(school: School, keys: Keys) -> None:
    before = school.store.load()
    rosa, devin = before.users
    accounts.rename_user(school.folder, keys, school.staff_id, " Devin  Ito ")
    one_edition_later(school, keys, before, users=(rosa, replace(devin, name="Devin Ito")))
    before = school.store.load()
    accounts.rename_user(school.folder, keys, school.staff_id, "DEVIN Ito")
    one_edition_later(school, keys, before, users=(rosa, replace(devin, name="DEVIN Ito")))
    before = school.store.load()
    accounts.rename_school(school.folder, keys, " Birch  Hill ")
    one_edition_later(school, keys, before, school_name="Birch Hill")
    for name, problem in (("rosa VANCE", NameTaken), (" ", BadName)):
        with pytest.raises(problem):
            accounts.rename_user(school.folder, keys, school.staff_id, name)
    with pytest.raises(BadName):
        accounts.rename_school(school.folder, keys, "")
    with pytest.raises(NoSuchUser):
        accounts.rename_user(school.folder, keys, "nobody", "Nia")


def counted(school: School, attempts: Attempts) -> None:
    school.store.change_door(lambda now: now.with_tries(school.staff_id, attempts))


GUESSED = Attempts(20, 9_000, 8_000, "run", 7, unreported=2, first_unreported=8_500)
UNTOLD = Attempts(last=9_000, unreported=2, first_unreported=8_500)


def reset(school: School, keys: Keys) -> None:
    accounts.reset_password(school.folder, keys, school.staff_id, NEW, policy=QUICK)


def opened_again(school: School, keys: Keys) -> None:
    accounts.enable_user(school.folder, keys, school.staff_id)


@pytest.mark.parametrize("deed", [reset, opened_again])
def test_an_account_that_is_opened_waits_no_more_and_its_tries_are_still_to_be_told(
    school: School, keys: Keys, deed: Callable[[School, Keys], None]
) -> None:
    counted(school, GUESSED)
    deed(school, keys)
    assert school.store.load().attempts == {school.staff_id: UNTOLD}
    counted(school, replace(GUESSED, unreported=0, first_unreported=0))
    deed(school, keys)
    assert school.store.load().attempts == {}


def test_an_account_that_is_closed_and_opened_again(school: School, keys: Keys) -> None:
    before = school.store.load()
    rosa, devin = before.users
    accounts.disable_user(school.folder, keys, school.staff_id)
    closed = replace(devin, disabled=True, sealed={})
    one_edition_later(school, keys, before, users=(rosa, closed))
    before = school.store.load()
    accounts.enable_user(school.folder, keys, school.staff_id)
    slot = slot_of(school, school.staff_id)
    assert replace(slot, sealed=devin.sealed) == devin
    one_edition_later(school, keys, before, users=(rosa, slot))
    assert school.staff().database_key == keys.database_key


def test_a_password_that_is_changed(school: School, keys: Keys) -> None:
    before, old = school.store.load(), slot_of(school, school.staff_id)
    accounts.change_password(
        school.folder, school.staff_id, STAFF_PASSWORD, NEW, school.clock, policy=KNOWN
    )
    slot = slot_of(school, school.staff_id)
    same = replace(slot, salt=old.salt, nonce=old.nonce, bundle=old.bundle)
    assert (same, slot.salt != old.salt) == (old, True)
    after = school.store.load()
    assert after.edition == before.edition + 1
    assert after.mac_holds(keys.sub_key(vault.MAC_PURPOSE))
    again = school.staff(NEW)
    assert (again.database_key, again.key_id) == (keys.database_key, key_id(old.signing_public))


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, deed: Callable[[], object]) -> None:
    """Somebody else does that while the password is hardened."""
    real = getattr(accounts, name)

    def slow(*given: Any) -> Slot:
        monkeypatch.setattr(accounts, name, real)
        deed()
        slot: Slot = real(*given)
        return slot

    monkeypatch.setattr(accounts, name, slow)


@pytest.mark.parametrize("kind", ["renamed", "edited"])
def test_a_password_is_not_changed_in_an_account_that_was_changed_meanwhile(
    school: School, keys: Keys, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "renamed": lambda: accounts.rename_user(school.folder, keys, school.staff_id, "Devin Ito"),
        "edited": lambda: school.store.change(lambda now: replace(now, school_name="Birch")),
    }
    meanwhile(monkeypatch, "with_password", deeds[kind])
    with pytest.raises(KeyFileAltered):
        accounts.change_password(
            school.folder, school.staff_id, STAFF_PASSWORD, NEW, school.clock, policy=QUICK
        )
    with pytest.raises(WrongPassword):
        vault.check_password(school.folder, school.staff_id, NEW, school.clock)


def test_a_password_that_is_reset_gives_new_keys_under_the_name_of_now(
    school: School, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = slot_of(school, school.staff_id)
    accounts.disable_user(school.folder, keys, school.staff_id)
    rename = accounts.rename_user
    meanwhile(
        monkeypatch, "new_slot", lambda: rename(school.folder, keys, school.staff_id, "Devin Ito")
    )
    replaced = accounts.reset_password(school.folder, keys, school.staff_id, NEW, policy=KNOWN)
    slot = slot_of(school, school.staff_id)
    new = replace(public_of(slot), sign_in_name="Devin Park")
    assert replaced == KeyReplaced(school.staff_id, key_id(old.signing_public), new)
    assert slot.signing_public != old.signing_public
    assert (slot.name, slot.disabled, set(slot.sealed)) == ("Devin Ito", False, {1})
    assert slot.kdf == slot_of(school, school.admin_id).kdf
    assert school.staff(NEW).database_key == keys.database_key


def test_tries_that_were_told_are_not_told_again(school: School) -> None:
    assert accounts.failed_sign_ins(school.folder) == ()
    counted(school, GUESSED)
    untold = FailedSignIns(school.staff_id, 2, 8_500, 9_000)
    assert accounts.failed_sign_ins(school.folder) == (untold,)
    accounts.mark_reported(school.folder, [replace(untold, count=1)])
    left = school.store.load().tries(school.staff_id)
    assert left == replace(GUESSED, unreported=1, first_unreported=9_000)
    accounts.mark_reported(school.folder, accounts.failed_sign_ins(school.folder))
    assert accounts.failed_sign_ins(school.folder) == ()
    assert school.store.load().tries(school.staff_id).count == 20


# --- while the key changes ---------------------------------------------------------------------


def test_while_the_key_changes_both_are_sealed_to_whoever_is_let_in(
    school: School, keys: Keys
) -> None:
    waiting = accounts.replace_recovery_key(school.folder, keys, school.clock)
    rotation.begin(school.folder, keys)
    held = {2: bytes(keys.database_key), 1: bytes(keys.previous_key or b"")}
    recovery = accounts.begin_recovery(school.folder, school.recovery_key)
    assert recovery.database_keys == (keys.database_key, keys.previous_key)
    assert recovery.database_key == keys.database_key
    user_id = accounts.add_user(school.folder, keys, "Nia Okoro", NEW, policy=QUICK)
    accounts.disable_user(school.folder, keys, school.staff_id)
    accounts.enable_user(school.folder, keys, school.staff_id)
    printed = confirmed(waiting)
    assert printed is keys
    anew = accounts.begin_recovery(school.folder, waiting.recovery_key)
    assert anew.database_keys == (keys.database_key, keys.previous_key)
    for who, password in ((user_id, NEW), (school.staff_id, STAFF_PASSWORD)):
        theirs = vault.unlock(school.folder, who, password, school.clock, policy=QUICK)
        assert {2: bytes(theirs.database_key), 1: bytes(theirs.previous_key or b"")} == held


# --- the recovery key --------------------------------------------------------------------------


def test_the_recovery_key_gives_an_account_back(school: School, keys: Keys) -> None:
    counted(school, GUESSED)
    accounts.disable_user(school.folder, keys, school.staff_id)
    before, old = school.store.load(), slot_of(school, school.staff_id)
    school.clock.advance(timedelta(days=3))
    recovery = accounts.begin_recovery(school.folder, school.recovery_key)
    assert recovery.vault_id == keys.vault_id
    assert recovery.database_keys == (keys.database_key, None)
    recovered = recovery.complete(school.staff_id, NEW, school.clock, policy=KNOWN)
    assert school.store.load() == before, "not before it is confirmed"
    mine = confirmed(recovered)
    after, slot = school.store.load(), slot_of(school, school.staff_id)
    assert (slot.name, slot.disabled, slot.kdf) == ("Devin Park", False, old.kdf)
    assert recovered.replaced == KeyReplaced(
        school.staff_id, key_id(old.signing_public), public_of(slot)
    )
    assert (mine.user_id, mine.sign_in_name) == (school.staff_id, "Devin Park")
    assert (mine.key_id, mine.database_key) == (key_id(slot.signing_public), keys.database_key)
    assert (mine.edition, mine.generation, mine.previous_key) == (after.edition, 1, None)
    assert after.recovery.made == int(school.clock.now().timestamp())
    assert after.recovery.public != before.recovery.public
    expected = replace(
        before, users=(before.users[0], slot), recovery=after.recovery,
        attempts={school.staff_id: UNTOLD}, last_user=school.staff_id,
    )  # fmt: skip
    assert after == expected.sealed_again(keys.sub_key(vault.MAC_PURPOSE))
    old_sheet = recovery_private_key(read_recovery_key(school.recovery_key), keys.vault_id)
    assert recovered.former.private_bytes_raw() == old_sheet.private_bytes_raw()
    anew = accounts.begin_recovery(school.folder, recovered.recovery_key)
    assert anew.database_key == keys.database_key
    assert school.staff(NEW).key_id == mine.key_id
    assert vault.check_password(school.folder, school.admin_id, ADMIN_PASSWORD, school.clock)


def test_a_recovery_key_that_is_replaced(school: School, keys: Keys) -> None:
    before = school.store.load()
    school.clock.advance(timedelta(days=3))
    created = accounts.replace_recovery_key(school.folder, keys, school.clock)
    assert school.store.load() == before
    confirmed(created)
    recovery = school.store.load().recovery
    assert recovery.made == int(school.clock.now().timestamp())
    one_edition_later(school, keys, before, recovery=recovery)
    anew = accounts.begin_recovery(school.folder, created.recovery_key)
    assert anew.database_keys == (keys.database_key, None)


def test_a_sheet_is_tried_and_nothing_of_it_stays(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, begun = school.store.load(), []
    real = accounts.begin_recovery

    def kept(folder: Path, typed: str) -> accounts.Recovery:
        begun.append(real(folder, typed))
        return begun[0]

    with monkeypatch.context() as watched:
        watched.setattr(accounts, "begin_recovery", kept)
        assert accounts.try_recovery_key(school.folder, school.recovery_key) == (
            before.recovery.public
        )
    assert begun[0].database_key == bytearray(32), "wiped"
    assert school.store.load() == before
    other = written(new_recovery_secret())
    with pytest.raises(RecoveryKeyWrong):
        accounts.try_recovery_key(school.folder, other)


def test_a_new_sheet_tells_its_public_side(school: School, keys: Keys) -> None:
    created = accounts.replace_recovery_key(school.folder, keys, school.clock)
    with pytest.raises(RecoveryNotConfirmed):
        created.require_met({1: "AAAAAA"})
    confirmed(created)
    assert created.public == school.store.load().recovery.public
    recovery = accounts.begin_recovery(school.folder, created.recovery_key)
    assert recovery.public == created.public
    recovered = recovery.complete(school.staff_id, NEW, school.clock, policy=KNOWN)
    confirmed(recovered)
    assert recovered.public == school.store.load().recovery.public


def test_a_sheet_opens_no_key_file_that_was_altered(school: School) -> None:
    for how in ({"school_name": "Edited"}, {"generation": 2}):
        good = school.store.load()
        school.store.change(lambda now: replace(now, **how))  # noqa: B023 - called at once
        with pytest.raises(KeyFileAltered):
            accounts.begin_recovery(school.folder, school.recovery_key)
        school.store.change(lambda _: good)  # noqa: B023 - called at once
    assert accounts.begin_recovery(school.folder, school.recovery_key)
