"""Accounts, the school's own data and the trail: by administrators, told to the trail."""

from __future__ import annotations

import pytest

from bt_desktop.errors import Denied
from bt_desktop.models.school import SealAuthority
from bt_desktop.security import accounts as keyfile_accounts
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import NameTaken, SlotDisabled, WeakPassword, WrongPassword
from bt_desktop.services import access
from bt_desktop.services.problems import LastAdministrator, PictureRefused
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.school_seal import authority_key, current_seal
from tests.factory import FAST, PASSWORD, School

OTHER = "nine copper bells over the river"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_an_administrator_adds_an_account_for_somebody_new(school: School) -> None:
    tom = school.sign_in("tom")
    user = tom.accounts.add("Nadia", OTHER, Role.NURSE, NewStaff("Nadia", "Saleh", "Nurse"))
    school.users["nadia"] = user
    nadia = school.sign_in("nadia", OTHER)
    assert (nadia.actor.name, nadia.actor.role) == ("Nadia Saleh", Role.NURSE)
    assert [one.name for one in tom.accounts.list() if one.own] == ["Tom Becker"]
    assert tom.log.verify().holds


def test_a_name_that_is_taken_and_a_weak_password_add_nothing(school: School) -> None:
    tom = school.sign_in("tom")
    before = tom.accounts.list()
    with pytest.raises(NameTaken):
        tom.accounts.add("dana whitcomb", OTHER, Role.NURSE, school.ids["dana"])
    with pytest.raises(WeakPassword):
        tom.accounts.add("Nadia", "nurse123", Role.NURSE, school.ids["dana"])
    assert tom.accounts.list() == before


def test_an_account_cut_short_by_a_kill_is_added_again(school: School) -> None:
    tom = school.sign_in("tom")
    context = tom._context
    left = keyfile_accounts.add_user(context.folder, context.keys, "Nadia", PASSWORD, policy=FAST)
    with pytest.raises(SlotDisabled):
        access.unlock(school.folder, left, PASSWORD, school.clock, kdf_policy=FAST)
    user = tom.accounts.add("Nadia", OTHER, Role.NURSE, NewStaff("Nadia", "Saleh", "Nurse"))
    assert user == left
    school.users["nadia"] = user
    assert school.sign_in("nadia", OTHER).actor.role is Role.NURSE
    assert tom.log.verify().holds


@pytest.mark.parametrize("who", ["dana", "olga", "maria", "amir"])
def test_nobody_else_touches_accounts_school_or_roles(school: School, who: str) -> None:
    workspace = school.sign_in(who)
    accounts = workspace.accounts
    user = school.users["priya"]
    for deed in (
        lambda: accounts.add("X", OTHER, Role.ADMINISTRATOR, school.ids["dana"]),
        lambda: accounts.disable(user),
        lambda: accounts.enable(user),
        lambda: accounts.reset_password(user, OTHER),
        lambda: accounts.set_role(user, Role.ADMINISTRATOR),
        lambda: accounts.set_role(workspace.actor.user_id, Role.ADMINISTRATOR),
        lambda: workspace.school.update(name="Other"),
        lambda: workspace.school.set_hold_names(["A"]),
    ):
        with pytest.raises(Denied):
            deed()
    assert workspace.school.set_up_gaps() == ()


def test_the_last_administrator_stays_one(school: School) -> None:
    tom = school.sign_in("tom")
    with pytest.raises(Denied):
        tom.accounts.disable(school.users["tom"])
    tom.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    priya = school.sign_in("priya")
    priya.accounts.set_role(school.users["tom"], Role.TECHNICIAN)
    tom.lock()
    with pytest.raises(Denied):
        school.sign_in("tom").accounts.disable(school.users["dana"])
    with pytest.raises((LastAdministrator, Denied)):
        priya.accounts.set_role(school.users["priya"], Role.NURSE)


def test_home_asks_for_a_second_administrator_until_there_is_one(school: School) -> None:
    tom = school.sign_in("tom")
    assert [gap.code for gap in tom.school.set_up_gaps()] == [
        "second-administrator",
        "calendar",
        "backup",
    ]
    tom.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    assert [gap.code for gap in tom.school.set_up_gaps()] == ["calendar", "backup"]
    tom.backups.set_second(school.folder.parent)
    assert [gap.code for gap in tom.school.set_up_gaps()] == ["calendar"]


def test_the_seals_authority_goes_to_administrators_alone(school: School) -> None:
    tom = school.sign_in("tom")
    tom.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    keys = {}
    for who in ("tom", "priya", "dana"):
        context = school.sign_in(who)._context
        with context.store.read() as session:
            seal = current_seal(session)
            keys[who] = authority_key(session, context.keys, seal.id)
    assert keys["dana"] is None
    assert keys["tom"] == keys["priya"]
    assert b"PRIVATE KEY" in (keys["tom"] or b"")
    tom.accounts.set_role(school.users["priya"], Role.TECHNICIAN)
    with tom._context.store.read() as session:
        assert session.get(SealAuthority, (1, school.users["priya"])) is None


def test_a_new_password_opens_and_the_old_one_does_not(school: School) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(WrongPassword):
        dana.accounts.change_password("not my password at all", OTHER)
    dana.accounts.change_password(PASSWORD, OTHER)
    dana.lock()
    with pytest.raises(WrongPassword):
        school.sign_in("dana", PASSWORD)
    school.sign_in("dana", OTHER)


def test_a_password_given_by_an_administrator_brings_new_signing_keys(school: School) -> None:
    before = school.sign_in("dana")._context.keys.key_id
    tom = school.sign_in("tom")
    tom.accounts.reset_password(school.users["dana"], OTHER)
    dana = school.sign_in("dana", OTHER)
    assert dana._context.keys.key_id != before
    assert tom.log.verify().holds


def test_the_schools_data_are_changed_and_the_sign_in_page_follows(school: School) -> None:
    tom = school.sign_in("tom")
    changed = tom.school.update(name="Maple Creek K-8", phone="(555) 010-0199", logo=PNG)
    assert (changed.name, changed.phone, changed.logo) == ("Maple Creek K-8", "(555) 010-0199", PNG)
    assert changed.address == "400 Orchard Way, Maple Creek, CA 95000"
    assert access.vault_status(school.folder).school_name == "Maple Creek K-8"
    assert tom.school.update(logo=b"").logo is None
    with pytest.raises(PictureRefused):
        tom.school.update(logo=b"GIF89a")


def test_a_technician_reads_only_their_own_entries(school: School) -> None:
    dana = school.sign_in("dana")
    dana.records.start()
    assert {entry.actor for entry in dana.log.entries()} == {"Dana Whitcomb"}
    with pytest.raises(Denied):
        dana.log.verify()
    with pytest.raises(Denied):
        school.sign_in("olga").log.entries()
    amir = school.sign_in("amir")
    assert len({entry.actor for entry in amir.log.entries()}) > 2
    page = amir.log.entries(limit=3)
    assert [one.seq for one in amir.log.entries(limit=3, before=page[-1].seq)] == [
        page[-1].seq - 1 - step for step in range(3)
    ]
