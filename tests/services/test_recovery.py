"""The recovery sheet: replaced while the records are open, looked for each year, killed midway."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bt_desktop.errors import Denied, StorageFull
from bt_desktop.models.health import HealthGrant
from bt_desktop.models.school import Setting
from bt_desktop.models.store import connect
from bt_desktop.security import keyfile, watermark
from bt_desktop.security.health_keys import ESCROW
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import (
    RecoveryKeyMistyped,
    RecoveryKeyWrong,
    RecoveryNotConfirmed,
    WrongPassword,
)
from bt_desktop.services import access, closed
from bt_desktop.services.health.escrow_paper import sheet_holder, sheets
from bt_desktop.services.health.model import Medicine
from bt_desktop.services.problems import SecondForRecoveryNeeded
from bt_desktop.services.recovery import STEPS, NewSheet
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import FAST, PASSWORD, School
from tests.health.kit import active_order, terms
from tests.services import sheet_replacer

NEW_PASSWORD = "eleven quiet herons over the lake"
linux = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def tom(school: School) -> Workspace:
    return school.sign_in("tom")


@pytest.fixture
def kept(school: School) -> Iterator[School]:
    """The nurse wrote an order down: there is an escrow."""
    maria = school.sign_in("maria")
    active_order(maria, terms(school.ids["mateo"]))
    maria.lock()
    yield school
    school.close()


def groups(sheet: NewSheet | access.SetUp) -> list[str]:
    printed = sheet.recovery_key.split("-")
    return [printed[number - 1] for number in sheet.asked]


def replaced(workspace: Workspace, why: str = "other", second: Second | None = None) -> NewSheet:
    sheet = workspace.recovery.replace(PASSWORD, why, second)  # type: ignore[arg-type]  # one of three
    sheet.confirm(*groups(sheet))
    return sheet


def used(school: School, printed: str, who: str = "tom") -> Workspace:
    """The password is forgotten: the sheet gives another."""
    recovering = access.recover(school.folder, printed, school.clock, kdf_policy=FAST)
    made = recovering.complete(school.users[who], NEW_PASSWORD)
    school.recovery_key = made.recovery_key
    workspace = made.confirm(*groups(made))
    school.open.append(workspace)
    return workspace


def told(workspace: Workspace) -> list[tuple[str, str]]:
    return [
        (one.action, one.detail)
        for one in workspace.log.entries(200)
        if one.action.startswith("recovery.")
    ]


def holds_escrow(workspace: Workspace) -> bool:
    with workspace._context.store.read() as session:
        return workspace.health_keys.holds_escrow(session)


# --- another in its place ------------------------------------------------------------------------


def test_the_new_sheet_opens_and_the_old_one_does_not(school: School, tom: Workspace) -> None:
    sheet = tom.recovery.replace(PASSWORD, "other")
    assert sheet.recovery_sheet()[:5] == b"%PDF-"
    assert school.opens_with(school.recovery_key), "until it is confirmed"
    assert not school.opens_with(sheet.recovery_key)
    with pytest.raises(RecoveryNotConfirmed):
        sheet.confirm("AAAAAA", "BBBBBB")
    assert school.opens_with(school.recovery_key)
    sheet.confirm(*groups(sheet))
    assert school.opens_with(sheet.recovery_key)
    assert not school.opens_with(school.recovery_key)
    assert told(tom) == [("recovery.replaced", "other")]
    assert tom.log.verify().holds
    assert tom.key_change.standing().owed is None, "nobody else had the old one"
    tom.lock()
    again = used(school, sheet.recovery_key)
    assert ("recovery.used", "") in told(again)


def test_given_up_the_old_sheet_stays(school: School, tom: Workspace) -> None:
    sheet = tom.recovery.replace(PASSWORD, "lost")
    sheet.give_up()
    assert school.opens_with(school.recovery_key)
    assert told(tom) == []
    assert tom.key_change.standing().owed is None
    tom.lock()
    sheet.give_up()


@pytest.mark.parametrize("why", ["lost", "copied"])
def test_a_sheet_that_somebody_may_have_asks_for_another_key(
    school: School, tom: Workspace, why: str
) -> None:
    replaced(tom, why)
    owed = tom.key_change.standing().owed
    assert owed is not None
    assert owed.why == f"recovery-{why}"
    [gap] = [gap for gap in tom.school.set_up_gaps() if gap.code == "key-change"]
    assert "recovery sheet" in gap.sentence
    tom.key_change.change()
    assert tom.key_change.standing().owed is None
    assert school.opens_with(school.recovery_key) is False


def test_one_own_password_and_that_of_a_second_administrator(
    school: School, tom: Workspace
) -> None:
    priya = school.users["priya"]
    with pytest.raises(WrongPassword) as wrong:
        tom.recovery.replace("not the password of Tom", "lost")
    assert wrong.value.user_id == tom.actor.user_id
    tom.accounts.set_role(priya, Role.ADMINISTRATOR)
    assert [one[0] for one in tom.recovery.standing().seconds] == [priya]
    for second in (
        None,
        Second(school.users["dana"], PASSWORD),
        Second(tom.actor.user_id, PASSWORD),
    ):
        with pytest.raises(SecondForRecoveryNeeded):
            tom.recovery.replace(PASSWORD, "lost", second)
    with pytest.raises(WrongPassword) as wrong:
        tom.recovery.replace(PASSWORD, "lost", Second(priya, "not the password of Priya"))
    assert wrong.value.user_id == priya
    replaced(tom, "lost", Second(priya, PASSWORD))
    entries = {one.action: one.object for one in tom.log.entries(5)}
    assert entries["recovery.agreed"] == f"user:{priya}"
    assert entries["recovery.replaced"] == f"user:{tom.actor.user_id}"


@pytest.mark.parametrize("who", ["dana", "olga", "maria", "amir"])
def test_nobody_else_has_to_do_with_the_sheet(school: School, who: str) -> None:
    workspace = school.sign_in(who)
    school.clock.advance(timedelta(days=500))
    assert not workspace.recovery.may
    assert not workspace.recovery.due()
    for deed in (
        workspace.recovery.standing,
        lambda: workspace.recovery.replace(PASSWORD, "lost"),
        lambda: workspace.recovery.found(school.recovery_key),
    ):
        with pytest.raises(Denied):
            deed()
    assert school.opens_with(school.recovery_key)


def test_what_changes_between_making_and_confirming_it_stays(
    school: School, tom: Workspace
) -> None:
    sheet = tom.recovery.replace(PASSWORD, "other")
    tom.accounts.disable(school.users["dana"])
    tom.key_change.change()
    sheet.confirm(*groups(sheet))
    assert KeyFileStore(school.folder).peek().generation == 2
    assert school.opens_with(sheet.recovery_key)


# --- what the health office keeps --------------------------------------------------------------


def test_it_opens_what_the_health_office_keeps_at_once(kept: School) -> None:
    tom = kept.sign_in("tom")
    assert tom.recovery.standing().health == "sealed"
    sheet = replaced(tom, "lost")
    assert tom.recovery.standing().health == "sealed"
    with tom._context.store.read() as session:
        today = KeyFileStore(kept.folder).peek().recovery.public
        assert sheets(session) == {sheet_holder(today)}, "and the old one does not any more"
    tom.lock()
    again = used(kept, sheet.recovery_key)
    assert holds_escrow(again)
    again.accounts.reset_password(kept.users["maria"], NEW_PASSWORD)
    again.lock()
    maria = kept.sign_in("maria", NEW_PASSWORD)
    [order] = maria.health.orders.of_student(kept.ids["mateo"])
    assert order.terms.medicine.name == Medicine("Methylphenidate", "", "").name


def test_a_school_without_a_health_office_owes_nothing(tom: Workspace) -> None:
    assert tom.recovery.standing().health == "nothing"
    replaced(tom)
    assert tom.recovery.standing().health == "nothing"


def test_an_administrator_who_cannot_open_it_leaves_it_to_one_who_can(kept: School) -> None:
    """Priya's hold on it is of another password: her page says so; Tom's next sign-in does it."""
    tom = kept.sign_in("tom")
    priya = kept.users["priya"]
    tom.accounts.set_role(priya, Role.ADMINISTRATOR)
    with tom._context.store.write() as session:
        session.get_one(HealthGrant, (ESCROW, priya)).sealed = bytes(80)
    tom.lock()
    hers = kept.sign_in("priya")
    assert not holds_escrow(hers)
    sheet = replaced(hers, "lost", Second(kept.users["tom"], PASSWORD))
    assert hers.recovery.standing().health == "administrator"
    hers.lock()
    tom = kept.sign_in("tom")
    assert tom.recovery.standing().health == "sealed"
    tom.lock()
    again = used(kept, sheet.recovery_key)
    assert holds_escrow(again)


def test_an_escrow_that_nobody_can_open_any_more_is_made_anew(kept: School) -> None:
    """The only administrator's hold on it is of another password, and the sheet is lost: a nurse
    seals what she holds to another one when she signs in."""
    tom = kept.sign_in("tom")
    with tom._context.store.write() as session:
        session.get_one(HealthGrant, (ESCROW, tom.actor.user_id)).sealed = bytes(80)
    sheet = replaced(tom, "lost")
    assert tom.recovery.standing().health == "nurse"
    assert tom.log.verify().holds
    tom.lock()
    kept.sign_in("olga").lock()
    tom = kept.sign_in("tom")
    assert tom.recovery.standing().health == "nurse"
    tom.lock()
    kept.sign_in("maria").lock()
    tom = kept.sign_in("tom")
    assert tom.recovery.standing().health == "sealed"
    grants = [one for one in tom.log.entries(50) if one.action == "health.grant"]
    assert "escrow" in grants[0].detail
    tom.lock()
    again = used(kept, sheet.recovery_key)
    again.accounts.reset_password(kept.users["maria"], NEW_PASSWORD)
    again.lock()
    maria = kept.sign_in("maria", NEW_PASSWORD)
    assert maria.health.orders.of_student(kept.ids["mateo"])


# --- is it still there ---------------------------------------------------------------------------


def test_once_a_year_it_is_asked_for(school: School, tom: Workspace) -> None:
    recovery = tom.recovery
    first = recovery.standing()
    assert (first.seen_at, first.due) == (None, False)
    assert first.made_at.date() <= date(2026, 11, 12)
    school.clock.advance(timedelta(days=364))
    assert not recovery.due()
    school.clock.advance(timedelta(days=2))
    assert recovery.due()
    assert recovery.standing().due
    before = KeyFileStore(school.folder).peek()
    recovery.found(school.recovery_key.lower().replace("-", " "))
    assert KeyFileStore(school.folder).peek() == before, "nothing of it is kept"
    assert not recovery.due()
    assert recovery.standing().seen_at == school.clock.now()
    assert told(tom) == [("recovery.found", "")]
    school.clock.advance(timedelta(days=365))
    assert recovery.due()
    replaced(tom)
    assert not recovery.due(), "who printed it has it"
    assert recovery.standing().seen_at == school.clock.now()


def test_what_is_typed_must_be_the_key_of_these_records(school: School, tom: Workspace) -> None:
    school.clock.advance(timedelta(days=400))
    old = school.recovery_key
    replaced(tom)
    school.clock.advance(timedelta(days=400))
    for typed, problem in (
        ("ABC", RecoveryKeyMistyped),
        (f"{old[:-1]}{'A' if old[-1] != 'A' else 'B'}", RecoveryKeyMistyped),
        (old, RecoveryKeyWrong),
    ):
        with pytest.raises(problem):
            tom.recovery.found(typed)
    assert tom.recovery.due()
    assert ("recovery.found", "") not in told(tom)


def test_a_key_file_that_was_changed_is_told_where_that_is_looked_for(
    school: School, tom: Workspace
) -> None:
    school.clock.advance(timedelta(days=400))
    store = KeyFileStore(school.folder)
    store.save(replace(store.peek(), school_name="Edited"))
    assert not tom.recovery.due()


# --- what can go wrong ---------------------------------------------------------------------------


def full_after(disk: pytest.MonkeyPatch, copies: int) -> None:
    """The disk takes so many copies of the key file, then it is full."""
    real, count = keyfile.write_atomically, [0]

    def fails(path: object, data: bytes) -> None:
        count[0] += 1
        if count[0] > copies:
            raise StorageFull
        real(path, data)  # type: ignore[arg-type]  # handed on

    disk.setattr(keyfile, "write_atomically", fails)


@pytest.mark.parametrize("copies_written", [0, 1])
def test_a_full_disk_leaves_one_sheet_that_opens_and_it_can_be_tried_again(
    kept: School, monkeypatch: pytest.MonkeyPatch, copies_written: int
) -> None:
    tom = kept.sign_in("tom")
    sheet = tom.recovery.replace(PASSWORD, "copied")
    with monkeypatch.context() as disk:
        full_after(disk, copies_written)
        with pytest.raises(StorageFull):
            sheet.confirm(*groups(sheet))
    assert [kept.opens_with(kept.recovery_key), kept.opens_with(sheet.recovery_key)].count(
        True
    ) == 1
    sheet.confirm(*groups(sheet))
    assert kept.opens_with(sheet.recovery_key)
    assert told(tom) == [("recovery.replaced", "copied")]
    assert tom.recovery.standing().health == "sealed"


@pytest.mark.parametrize("copies_written", [0, 1])
def test_given_up_after_a_full_disk_what_the_key_file_knows_counts(
    kept: School, monkeypatch: pytest.MonkeyPatch, copies_written: int
) -> None:
    tom = kept.sign_in("tom")
    sheet = tom.recovery.replace(PASSWORD, "copied")
    with monkeypatch.context() as disk:
        full_after(disk, copies_written)
        with pytest.raises(StorageFull):
            sheet.confirm(*groups(sheet))
    sheet.give_up()
    new = bool(copies_written)
    assert kept.opens_with(sheet.recovery_key) is new
    assert kept.opens_with(kept.recovery_key) is not new
    assert told(tom) == ([("recovery.replaced", "copied")] if new else [])
    with tom._context.store.read() as session:
        today = KeyFileStore(kept.folder).peek().recovery.public
        assert sheets(session) == {sheet_holder(today)}
        assert session.get(Setting, "recovery_replacing") is None


def after_kill(school: School, new: str, step: str) -> None:
    """The next who signs in finds one sheet that opens, and a trail that says so."""
    switched = step != "written-down"
    assert school.opens_with(new) is switched
    assert school.opens_with(school.recovery_key) is not switched
    school.sign_in("dana").lock()
    tom = school.sign_in("tom")
    assert told(tom) == ([("recovery.replaced", "copied")] if switched else [])
    owed = tom.key_change.standing().owed
    assert (owed is not None) is switched
    assert tom.recovery.standing().health == "sealed"
    assert tom.log.verify().holds
    with tom._context.store.read() as session:
        assert len(sheets(session)) == 1
        assert session.get(Setting, "recovery_replacing") is None
    tom.lock()


@linux
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_one_sheet_that_opens(kept: School, step: str) -> None:
    new = sheet_replacer.replace(kept.folder, kept.users["tom"], PASSWORD, step)
    after_kill(kept, new, step)
    if step != "written-down":
        kept.recovery_key = new
    again = used(kept, kept.recovery_key)
    assert holds_escrow(again)


@linux
@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_the_sheet_that_opens_can_be_used_right_away(kept: School, step: str) -> None:
    """Nobody could sign in between: the password was forgotten as well."""
    new = sheet_replacer.replace(kept.folder, kept.users["tom"], PASSWORD, step)
    switched = step != "written-down"
    again = used(kept, new if switched else kept.recovery_key)
    assert holds_escrow(again)
    expected = [("recovery.used", "")] + ([("recovery.replaced", "copied")] if switched else [])
    assert told(again) == expected
    assert again.log.verify().holds
    with again._context.store.read() as session:
        assert len(sheets(session)) == 1


@linux
@pytest.mark.parametrize("step", ["begun", "switched"])
def test_a_kill_while_the_sheet_is_used_leaves_one_that_opens(kept: School, step: str) -> None:
    """Its use, and that the key is to be changed, are told by the next who signs in."""
    new = sheet_replacer.use(kept.folder, kept.users["tom"], kept.recovery_key, NEW_PASSWORD, step)
    switched = step == "switched"
    assert kept.opens_with(new) is switched
    assert kept.opens_with(kept.recovery_key) is not switched
    kept.sign_in("dana").lock()
    tom = kept.sign_in("tom", NEW_PASSWORD if switched else PASSWORD)
    assert told(tom) == ([("recovery.used", "")] if switched else [])
    owed = tom.key_change.standing().owed
    assert (owed.why if owed is not None else "") == ("recovery-used" if switched else "")
    tom.lock()
    again = used(kept, new if switched else kept.recovery_key)
    assert holds_escrow(again), "what the health office keeps is not lost by it"


def test_a_page_put_back_while_the_program_was_closed_shows_when_the_sheet_is_used(
    school: School, tom: Workspace
) -> None:
    key = bytearray(tom._context.keys.database_key)
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    tom.lock()
    hand = connect(school.folder / keyfile.DATABASE_NAME, key)
    hand.execute("UPDATE student SET given = 'Eve' WHERE given = 'Ada'")
    hand.close()
    held = used(school, school.recovery_key)
    assert held.held.held
    held.lock()
    assert school.sign_in("dana").held.held, "and to the next, too"


def test_saves_that_are_missing_are_told_to_who_used_the_sheet(
    school: School, tom: Workspace
) -> None:
    """The write-ahead log of a kill was cut off: what a draft lost is not forgotten over it."""
    mac_key = tom._context.keys.sub_key(watermark.MAC_PURPOSE)
    noted = watermark.Watermark(school.folder, lambda: mac_key)
    tom.lock()
    mark = noted.read()
    assert mark is not None
    (school.folder / closed.FILE_NAME).unlink()
    noted.note(replace(mark, commits=mark.commits + 1), mac_key)
    again = used(school, school.recovery_key)
    assert "saves-missing" in [one.code for one in again.doubts]
    assert ("recovery.used", "") in told(again)


def test_the_sheet_is_used_on_records_that_may_only_be_read(school: School, tom: Workspace) -> None:
    """An old database was put back: nothing is written into it, and the way in stays open."""
    import shutil

    tom.lock()
    saved = school.folder.with_name("saved.db")
    shutil.copy(school.folder / keyfile.DATABASE_NAME, saved)
    tom = school.sign_in("tom")
    tom.lock()
    shutil.copy(saved, school.folder / keyfile.DATABASE_NAME)
    held = used(school, school.recovery_key)
    assert held.held.held
    assert not held.recovery.may
    assert not held.recovery.due()
    held.held.accept(NEW_PASSWORD, "the computer was replaced over the weekend")
    held.lock()
    again = school.sign_in("tom", NEW_PASSWORD)
    assert ("recovery.used", "") in told(again)
    owed = again.key_change.standing().owed
    assert owed is not None
    assert owed.why == "recovery-used"
