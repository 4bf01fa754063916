"""Accounts: added, closed, opened again; passwords changed and reset; the recovery key used."""

from __future__ import annotations

import pytest

from bt_desktop.security import accounts, signing, vault
from bt_desktop.security.keys import key_id
from bt_desktop.security.problems import (
    BadName,
    KeyFileAltered,
    NameTaken,
    NoSuchUser,
    RecoveryKeyMistyped,
    RecoveryKeyWrong,
    RecoveryNotConfirmed,
    SlotDisabled,
    Throttled,
    WeakPassword,
    WrongPassword,
)
from bt_desktop.security.vault import unlock, vault_state

NEW = "saddle-copper-moon-55"
PASSWORD = "violet-harbor-tractor-91"
STAFF = "plum-rocket-window-77"


def test_a_name_signs_in_once(school, quick):
    keys = school.admin()
    for taken in ("Devin Park", "devin park", " Devin  PARK"):
        with pytest.raises(NameTaken):
            accounts.add_user(school.folder, keys, taken, NEW, policy=quick)
    with pytest.raises(BadName):
        accounts.add_user(school.folder, keys, "", NEW, policy=quick)
    with pytest.raises(WeakPassword):
        accounts.add_user(school.folder, keys, "Nia Okoro", "niaokoro2026", policy=quick)
    assert len(vault_state(school.folder).users) == 2


def test_public_keys_are_told(school):
    told = accounts.public_keys(school.folder, school.staff_id)
    assert told.sign_in_name == "Devin Park"
    assert told.key_id == school.staff().key_id == key_id(told.signing_public)
    with pytest.raises(NoSuchUser):
        accounts.public_keys(school.folder, "nobody")


def test_renaming(school):
    keys = school.admin()
    accounts.rename_user(school.folder, keys, school.staff_id, "Devin Park-Ito")
    accounts.rename_user(school.folder, keys, school.staff_id, "DEVIN Park-Ito")
    with pytest.raises(NameTaken):
        accounts.rename_user(school.folder, keys, school.staff_id, "rosa vance")
    accounts.rename_school(school.folder, keys, "Birch Hill")
    state = vault_state(school.folder)
    assert state.school_name == "Birch Hill"
    assert state.named("devin park-ito").sign_in_name == "DEVIN Park-Ito"
    assert school.staff()


def test_a_closed_account_holds_no_database_key_any_more(school):
    keys = school.admin()
    accounts.disable_user(school.folder, keys, school.staff_id)
    slot = school.store.load().slot(school.staff_id)
    assert slot.disabled
    assert not slot.sealed
    with pytest.raises(SlotDisabled):
        school.staff()
    accounts.enable_user(school.folder, keys, school.staff_id)
    assert school.staff().database_key == keys.database_key


def test_opening_an_account_by_editing_the_file_does_not_work(school, rewrite):
    accounts.disable_user(school.folder, school.admin(), school.staff_id)
    for path in (school.store.path, school.store.copy):
        rewrite(path, lambda e: e["body"]["users"][1].update(disabled=False))
    with pytest.raises(KeyFileAltered):
        school.staff()


def test_changing_ones_password_keeps_ones_keys(school, quick):
    before = school.staff()
    accounts.change_password(school.folder, school.staff_id, STAFF, NEW, school.clock, policy=quick)
    with pytest.raises(WrongPassword):
        school.staff()
    after = school.staff(NEW)
    assert after.key_id == before.key_id
    assert after.database_key == before.database_key
    assert after.failures == 1


def test_changing_the_password_needs_the_old_one(school, quick):
    with pytest.raises(WeakPassword):
        accounts.change_password(
            school.folder, school.staff_id, STAFF, "short", school.clock, policy=quick
        )
    for _ in range(5):
        with pytest.raises(WrongPassword):
            accounts.change_password(
                school.folder, school.staff_id, "no", NEW, school.clock, policy=quick
            )
    with pytest.raises(Throttled):
        accounts.change_password(
            school.folder, school.staff_id, STAFF, NEW, school.clock, policy=quick
        )


def test_changing_the_password_in_an_altered_file_is_refused(school, quick, rewrite):
    for path in (school.store.path, school.store.copy):
        rewrite(path, lambda e: e["body"].update(school="Birch Hill"))
    with pytest.raises(KeyFileAltered):
        accounts.change_password(
            school.folder, school.staff_id, STAFF, NEW, school.clock, policy=quick
        )


def test_a_reset_gives_new_keys_so_that_nobody_signs_as_another(school, quick):
    admin, old = school.admin(), school.staff()
    signed = signing.sign_digest(old.signing, bytes(32))
    replaced = accounts.reset_password(school.folder, admin, school.staff_id, NEW, policy=quick)
    new = school.staff(NEW)
    assert replaced.old_key_id == old.key_id
    assert replaced.new.key_id == new.key_id != old.key_id
    assert replaced.new.signing_public == new.signing.public_key().public_bytes_raw()
    assert not signing.verify_digest(replaced.new.signing_public, bytes(32), signed)
    assert new.database_key == admin.database_key
    with pytest.raises(WrongPassword):
        school.staff(STAFF)


def test_a_reset_opens_an_account_closed_by_guessing(school, quick):
    from datetime import timedelta

    for _ in range(20):
        with pytest.raises(WrongPassword):
            unlock(school.folder, school.staff_id, "no", school.clock, policy=quick)
        school.clock.advance(timedelta(minutes=15))
    accounts.reset_password(school.folder, school.admin(), school.staff_id, NEW, policy=quick)
    keys = school.staff(NEW)
    assert [(one.user_id, one.count) for one in keys.failed_sign_ins] == [(school.staff_id, 20)]


def test_a_change_of_accounts_in_an_altered_file_is_refused(school, rewrite):
    keys = school.admin()
    for path in (school.store.path, school.store.copy):
        rewrite(path, lambda e: e["body"].update(school="Birch Hill"))
    with pytest.raises(KeyFileAltered):
        accounts.disable_user(school.folder, keys, school.staff_id)


@pytest.mark.parametrize(
    "deed",
    [
        lambda school, keys: accounts.disable_user(school.folder, keys, "nobody"),
        lambda school, keys: accounts.enable_user(school.folder, keys, "nobody"),
        lambda school, keys: accounts.rename_user(school.folder, keys, "nobody", "X"),
        lambda school, keys: accounts.reset_password(school.folder, keys, "nobody", NEW),
        lambda school, keys: accounts.change_password(
            school.folder, "nobody", "a", NEW, school.clock
        ),
    ],
    ids=range(5),
)
def test_nobody_is_told_apart_from_a_wrong_password(school, deed):
    with pytest.raises(NoSuchUser):
        deed(school, school.admin())


def test_every_change_is_a_new_edition(school):
    keys = school.admin()
    before = keys.edition
    accounts.rename_school(school.folder, keys, "Birch Hill")
    assert keys.edition == before + 1 == school.admin().edition


# --- the recovery key --------------------------------------------------------------------------


def test_the_printed_key_gives_an_administrator_back_the_vault(school, quick, confirm):
    old = school.admin()
    typed = school.recovery_key.lower().replace("-", " ")
    recovery = accounts.begin_recovery(school.folder, typed)
    recovered = recovery.complete(school.admin_id, NEW, school.clock, policy=quick)
    assert school.admin(), "nothing has changed before the new key is confirmed"
    with pytest.raises(RecoveryNotConfirmed):
        recovered.confirm({})
    keys = confirm(recovered)
    assert keys.database_key == old.database_key
    assert recovered.replaced.old_key_id == old.key_id
    assert recovered.replaced.new.key_id == keys.key_id != old.key_id
    again = unlock(school.folder, school.admin_id, NEW, school.clock, policy=quick)
    assert again.key_id == keys.key_id
    with pytest.raises(RecoveryKeyWrong):
        accounts.begin_recovery(school.folder, school.recovery_key)
    assert accounts.begin_recovery(school.folder, recovered.recovery_key)
    assert school.staff(), "the others sign in as before"


def test_the_printed_key_opens_a_closed_account(school, quick, confirm):
    accounts.disable_user(school.folder, school.admin(), school.admin_id)
    recovery = accounts.begin_recovery(school.folder, school.recovery_key)
    confirm(recovery.complete(school.admin_id, NEW, school.clock, policy=quick))
    assert unlock(school.folder, school.admin_id, NEW, school.clock, policy=quick)


def test_the_recovered_database_key_is_the_one(school):
    recovery = accounts.begin_recovery(school.folder, school.recovery_key)
    assert recovery.database_key == school.admin().database_key
    assert recovery.vault_id == school.admin().vault_id


def test_recovery_refuses(school, quick, begun, tmp_path, clock):
    other = vault.create_vault(
        tmp_path / "other",
        school_name="Birch Hill",
        admin_name="Jo Marsh",
        password=PASSWORD,
        clock=clock,
        policy=quick,
    )
    with pytest.raises(RecoveryKeyWrong):
        accounts.begin_recovery(school.folder, other.recovery_key)
    with pytest.raises(RecoveryKeyMistyped):
        accounts.begin_recovery(school.folder, school.recovery_key[:-1])
    recovery = accounts.begin_recovery(school.folder, school.recovery_key)
    with pytest.raises(WeakPassword):
        recovery.complete(school.admin_id, "short", clock, policy=quick)
    with pytest.raises(NoSuchUser):
        recovery.complete("nobody", NEW, clock, policy=quick)


@pytest.mark.parametrize(
    "how",
    [
        lambda b: b.update(school="Birch Hill"),
        lambda b: b["recovery"].update(sealed={}),
        lambda b: b["recovery"].update(sealed=b["users"][0]["sealed"]),
    ],
    ids=range(3),
)
def test_recovery_in_an_altered_file_is_refused(school, rewrite, how):
    for path in (school.store.path, school.store.copy):
        rewrite(path, lambda e: how(e["body"]))
    with pytest.raises(KeyFileAltered):
        accounts.begin_recovery(school.folder, school.recovery_key)


def test_a_new_recovery_key_can_be_printed_at_any_time(school, confirm):
    keys = school.admin()
    fresh = accounts.replace_recovery_key(school.folder, keys, school.clock)
    assert accounts.begin_recovery(school.folder, school.recovery_key), "until it is confirmed"
    assert confirm(fresh) is keys
    with pytest.raises(RecoveryKeyWrong):
        accounts.begin_recovery(school.folder, school.recovery_key)
    assert accounts.begin_recovery(school.folder, fresh.recovery_key)


def test_a_new_recovery_key_undoes_nothing_that_happened_meanwhile(school, quick, confirm):
    keys = school.admin()
    fresh = accounts.replace_recovery_key(school.folder, keys, school.clock)
    added = accounts.add_user(school.folder, keys, "Nia Okoro", NEW, policy=quick)
    confirm(fresh)
    assert unlock(school.folder, added, NEW, school.clock, policy=quick)


def test_a_name_taken_while_the_password_was_hardened(school, quick, monkeypatch):
    keys = school.admin()
    real = accounts.new_slot

    def slow(*args):
        monkeypatch.setattr(accounts, "new_slot", real)
        accounts.add_user(school.folder, keys, "Nia Okoro", NEW, policy=quick)
        return real(*args)

    monkeypatch.setattr(accounts, "new_slot", slow)
    with pytest.raises(NameTaken):
        accounts.add_user(school.folder, keys, "nia okoro", NEW, policy=quick)
    assert len(vault_state(school.folder).users) == 3
