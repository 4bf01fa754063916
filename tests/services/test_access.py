"""The way in: set up, sign in, lock, recover."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import (
    RecoveryNotConfirmed,
    SlotDisabled,
    WeakPassword,
    WrongPassword,
)
from bt_desktop.services import access, places
from bt_desktop.services.problems import InvalidPerson, PlaceRefused
from tests.factory import FAST, PASSWORD, SETUP, School, set_up


def test_a_school_is_set_up_and_its_administrator_is_signed_in(
    tmp_path: Path, clock: SetClock
) -> None:
    assert access.vault_status(tmp_path / "vault").kind == "none"
    workspace, _ = set_up(tmp_path / "vault", clock)
    assert workspace.actor.name == "Tom Becker"
    assert workspace.actor.role is Role.ADMINISTRATOR
    school = workspace.school.get()
    assert (school.name, school.pack) == ("Maple Creek Elementary", "us-ca")
    assert workspace.copies.school_ca_pem().startswith(b"-----BEGIN CERTIFICATE")
    workspace.lock()
    assert access.vault_status(tmp_path / "vault").kind == "ready"


def test_set_up_counts_only_after_the_recovery_key_was_asked_back(
    tmp_path: Path, clock: SetClock
) -> None:
    folder = tmp_path / "vault"
    made = access.set_up(folder, SETUP, clock, kdf_policy=FAST)
    assert access.vault_status(folder).kind == "none"
    with pytest.raises(RecoveryNotConfirmed):
        made.confirm("AAAAAA", "BBBBBB")
    groups = made.recovery_key.split("-")
    workspace = made.confirm(*(groups[number - 1].lower() for number in made.asked))
    assert access.vault_status(folder).kind == "ready"
    workspace.lock()


def test_a_set_up_that_was_given_up_is_begun_anew(tmp_path: Path, clock: SetClock) -> None:
    folder = tmp_path / "vault"
    access.set_up(folder, SETUP, clock, kdf_policy=FAST).give_up()
    workspace, _ = set_up(folder, clock)
    workspace.lock()
    assert access.vault_status(folder).kind == "ready"


def test_a_weak_password_and_a_nameless_administrator_leave_nothing_behind(
    tmp_path: Path, clock: SetClock
) -> None:
    with pytest.raises(WeakPassword):
        set_up(tmp_path / "a", clock, replace(SETUP, admin_password="password1234"))
    with pytest.raises(InvalidPerson):
        set_up(tmp_path / "b", clock, replace(SETUP, admin_given="", admin_family=" "))
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "a" / "records.db").exists()


@pytest.mark.parametrize(
    "folder",
    [
        "/home/office/OneDrive/records",
        "/home/office/OneDrive - Maple Creek USD/records",
        "/home/office/Dropbox/records",
        "/Users/office/Library/CloudStorage/GoogleDrive/records",
        "//server/share/records",
    ],
)
def test_a_synced_or_shared_folder_is_refused(folder: str) -> None:
    with pytest.raises(PlaceRefused):
        places.refuse_unsafe(Path(folder), environ={}, mounts="/dev/sda1 / ext4 rw 0 0")


def test_a_network_drive_is_refused_and_the_disk_beside_it_is_not() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nnas:/share /mnt/the\\040share nfs4 rw 0 0\n"
    with pytest.raises(PlaceRefused):
        places.refuse_unsafe(Path("/mnt/the share/records"), environ={}, mounts=mounts)
    places.refuse_unsafe(Path("/mnt/records"), environ={}, mounts=mounts)
    places.refuse_unsafe(Path("/home/dropboxes/records"), environ={}, mounts=mounts)


def test_the_variable_that_onedrive_sets_is_heeded(tmp_path: Path) -> None:
    with pytest.raises(PlaceRefused):
        places.refuse_unsafe(tmp_path / "x", environ={"OneDrive": str(tmp_path)}, mounts="")


def test_set_up_in_a_synced_folder_writes_nothing(tmp_path: Path, clock: SetClock) -> None:
    folder = tmp_path / "Dropbox" / "records"
    with pytest.raises(PlaceRefused):
        access.set_up(folder, SETUP, clock, kdf_policy=FAST)
    assert not folder.exists()


def test_everybody_of_the_school_signs_in_as_what_they_are(school: School) -> None:
    for who in school.users:
        workspace = school.sign_in(who)
        assert workspace.actor.staff_id == school.ids[who]
        workspace.lock()


def test_wrong_passwords_are_told_at_the_next_sign_in_and_in_the_trail(school: School) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            school.sign_in("dana", "not the password at all")
    workspace = school.sign_in("dana")
    assert workspace.failures == 3
    workspace.lock()
    office = school.sign_in("tom")
    told = [entry for entry in office.log.entries() if entry.action == "sign_in_failed"]
    assert [entry.object for entry in told] == [f"user:{school.users['dana']}"]
    assert "tries 3" in told[0].detail
    assert office.log.verify().holds
    office.lock()
    assert school.sign_in("tom").failures == 0


def test_locking_lets_go_of_every_file_and_wipes_the_keys(school: School) -> None:
    workspace = school.sign_in("dana")
    keys = workspace._context.keys
    workspace.people.search("mateo")
    workspace.lock()
    workspace.lock()
    assert workspace.locked
    assert keys.wiped
    assert not any(keys.database_key)
    handles = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    assert not [handle for handle in handles if str(school.folder) in handle]


def test_the_signed_in_person_is_asked_for_the_password_again(school: School) -> None:
    workspace = school.sign_in("dana")
    workspace.reauthenticate(PASSWORD)
    with pytest.raises(WrongPassword):
        workspace.reauthenticate("something else entirely")


def test_the_recovery_key_gives_an_administrator_a_new_password(
    school: School, clock: SetClock
) -> None:
    clock.advance(timedelta(days=30))
    recovering = access.recover(school.folder, school.recovery_key, clock, kdf_policy=FAST)
    assert [name for _, name in recovering.administrators] == ["Tom Becker"]
    made = recovering.complete(school.users["tom"], "a brand new quiet mountain path")
    assert made.recovery_key != school.recovery_key
    groups = made.recovery_key.split("-")
    workspace = made.confirm(*(groups[number - 1] for number in made.asked))
    assert workspace.log.verify().holds
    assert "recovery.used" in [entry.action for entry in workspace.log.entries()]
    workspace.lock()
    with pytest.raises(WrongPassword):
        school.sign_in("tom", PASSWORD)
    school.sign_in("tom", "a brand new quiet mountain path")


def test_a_recovery_that_is_given_up_changes_nothing(school: School, clock: SetClock) -> None:
    recovering = access.recover(school.folder, school.recovery_key, clock, kdf_policy=FAST)
    recovering.give_up()
    assert recovering._recovery.database_key == bytearray(32), "wiped"
    school.sign_in("tom")


def test_an_account_that_was_shut_out_cannot_come_in(school: School) -> None:
    office = school.sign_in("tom")
    office.accounts.disable(school.users["dana"])
    with pytest.raises(SlotDisabled):
        school.sign_in("dana")
    office.accounts.enable(school.users["dana"])
    school.sign_in("dana")
