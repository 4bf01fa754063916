"""Another database key: all stays readable, a leaver is shut out, a kill anywhere is mended."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied, StorageDamaged, StorageFull
from bt_desktop.models import rekey
from bt_desktop.models.school import Setting
from bt_desktop.models.store import connect, open_store
from bt_desktop.security import backup, rotation
from bt_desktop.security.backup import BackupDamaged, BackupOfFormerKey
from bt_desktop.security.keyfile import DATABASE_NAME, KeyFileStore
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import SlotDisabled, WrongPassword
from bt_desktop.security.replacing import StillOpen
from bt_desktop.services import access, restore
from bt_desktop.services.health import emergency_note
from bt_desktop.services.health.emergency_note import EmergencyNote
from bt_desktop.services.key_change import STEPS
from bt_desktop.services.problems import SecondAdministratorNeeded
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import FAST, PASSWORD, School, fill
from tests.health.kit import active_order, terms
from tests.often import often
from tests.services import key_changer
from tests.services.picture_maker import png

ROUNDS = int(os.environ.get("BT_ROUNDS", "0"))
"""How often each kill is tried; a few where nobody asks for more."""
linux = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def tom(school: School) -> Workspace:
    return school.sign_in("tom")


def key_of(workspace: Workspace) -> bytearray:
    """A copy of the raw key, as somebody with tools keeps one."""
    return bytearray(workspace._context.keys.database_key)


def opens(folder: Path, key: bytearray) -> bool:
    try:
        open_store(folder / DATABASE_NAME, key).close()
    except StorageDamaged:
        return False
    return True


def open_files(folder: Path) -> list[str]:
    """What this program holds open in there (Linux; elsewhere nothing is known)."""
    names = []
    with suppress(FileNotFoundError):
        for one in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                names.append(os.readlink(one))
    return [name for name in names if name.startswith(str(folder))]


def files_of(school: School) -> tuple[str, int]:
    file = KeyFileStore(school.folder).peek()
    return file.state, file.generation


@pytest.fixture(scope="module")
def filled(founded: School, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A draft, a picture, an order of the health office, a note of the locked screen."""
    folder = tmp_path_factory.mktemp("filled") / "vault"
    school = founded.copied_to(folder, SetClock(founded.clock.now()))
    dana = school.sign_in("dana")
    school.ids["draft"] = record = dana.records.start()
    fill(school, dana, record)
    dana.records.attach(record, "door.png", "image/png", png(), "photo")
    dana.lock()
    maria = school.sign_in("maria")
    school.ids["order"] = active_order(maria, terms(school.ids["mateo"]))
    maria.lock()
    leave_note(school)
    return school


@pytest.fixture
def full(filled: School, tmp_path: Path, clock: SetClock) -> Iterator[School]:
    """The same for one story."""
    made = filled.copied_to(tmp_path / "full", clock)
    yield made
    made.close()
    assert not open_files(made.folder), "locked, nothing of the vault is open any more"


def leave_note(school: School) -> None:
    """Somebody notes an emergency dose while nobody is signed in."""
    now = school.clock.now()
    note = EmergencyNote("", "Kim, grade 2", "EpiPen Jr", now, now, "one", "hives", "no", "Dana")
    emergency_note.leave(school.folder, note, school.clock)


def all_there(school: School, notes: int = 1) -> None:
    """Everything that `full` wrote is read by whom it is for, and the trail holds."""
    dana = school.sign_in("dana")
    assert dana.doubts == ()
    opened = dana.records.open(school.ids["draft"])
    assert opened.answers
    [picture] = dana.records.attachments(school.ids["draft"])
    assert dana.records.attachment_data(picture.id)[:4] == png()[:4]
    dana.lock()
    maria = school.sign_in("maria")
    [order] = maria.health.orders.of_student(school.ids["mateo"])
    assert order.terms.medicine.name == "Methylphenidate"
    assert len(maria.health.night_notes.waiting()) == notes
    assert maria.health.night_notes.damaged() == 0
    maria.lock()
    tom = school.sign_in("tom")
    assert tom.log.verify().holds
    assert tom.doubts == ()
    tom.lock()


def test_everything_is_readable_under_the_new_key_and_nothing_under_the_old(full: School) -> None:
    tom = full.sign_in("tom")
    old = key_of(tom)
    told = tom.key_change.change()
    assert told.no_backup == ""
    assert files_of(full) == ("stable", 2)
    newest = next(one for one in tom.log.entries(5) if one.action == "key.changed")
    assert (newest.object, newest.detail) == ("vault", "asked, generation 2")
    assert tom.people.search("mateo"), "the same sign-in goes on"
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    tom.lock()
    all_there(full)
    assert not opens(full.folder, old)
    for slot in KeyFileStore(full.folder).peek().users:
        assert set(slot.sealed) == {2}
    assert set(KeyFileStore(full.folder).peek().recovery.sealed) == {2}


def test_a_second_change_and_a_third(full: School) -> None:
    tom = full.sign_in("tom")
    for generation in (2, 3, 4):
        tom.key_change.change()
        assert files_of(full) == ("stable", generation)
    tom.lock()
    all_there(full)


def test_the_recovery_key_of_the_sheet_opens_what_the_new_key_holds(school: School) -> None:
    tom = school.sign_in("tom")
    tom.key_change.change()
    tom.lock()
    recovering = access.recover(school.folder, school.recovery_key, school.clock, kdf_policy=FAST)
    begun = recovering.complete(school.users["tom"], "eleven quiet herons over the lake")
    groups = begun.recovery_key.split("-")
    again = begun.confirm(*(groups[n - 1] for n in begun.asked))
    owed = again.key_change.standing().owed
    assert owed is not None
    assert owed.why == "recovery-used", "its use asks for another change"
    assert again.school.set_up_gaps()[0].code == "key-change"
    again.lock()


def test_a_note_left_while_the_key_changes_is_not_lost(full: School) -> None:
    tom = full.sign_in("tom")
    tom.key_change.reached = lambda step: leave_note(full) if step == "rekeyed" else None
    tom.key_change.change()
    tom.lock()
    leave_note(full)
    all_there(full, notes=3)


def test_notes_beside_the_database_keep_the_check_of_their_time(full: School) -> None:
    lines = (full.folder / "anchors.log").read_text("ascii").splitlines()
    tom = full.sign_in("tom")
    tom.key_change.change()
    tom.lock()
    after = (full.folder / "anchors.log").read_text("ascii").splitlines()
    assert after[: len(lines)] == lines, "only added to"
    assert len(after) > len(lines)
    assert full.sign_in("tom").doubts == ()
    forged = [line.replace(line[-4:], "0000") for line in lines[-1:]]
    (full.folder / "anchors.log").write_text("\n".join([*after, *forged]) + "\n", "ascii")
    assert [one.code for one in full.sign_in("tom").doubts] == ["anchors-altered"]


# --- backups of before ---------------------------------------------------------------------------


def test_a_backup_of_before_opens_with_the_key_file_in_it(full: School, tmp_path: Path) -> None:
    tom = full.sign_in("tom")
    before = tom.backups.make()
    tom.key_change.change()
    kinds = [one.kind for one in tom.backups.all()]
    assert kinds.count("before") == 1, "one is made before the key is touched"
    assert kinds[0] == "hand", "and one after, under the new key"
    for one in tom.backups.all():
        assert tom.backups.verify(one.name).counts["students"] == 3
    tom.lock()
    restore.restore(
        before.folder, tmp_path / "new", full.users["tom"], PASSWORD, full.clock, kdf_policy=FAST
    )
    other = access.unlock(
        tmp_path / "new", full.users["maria"], PASSWORD, full.clock, kdf_policy=FAST
    )
    assert other.health.orders.of_student(full.ids["mateo"])
    other.lock()


def test_a_backup_of_before_put_back_asks_for_another_change(school: School) -> None:
    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.key_change.change()
    tom.lock()
    restore.restore(
        made.folder, school.folder, school.users["tom"], PASSWORD, school.clock, kdf_policy=FAST
    )
    again = school.sign_in("tom")
    owed = again.key_change.standing().owed
    assert owed is not None
    assert owed.why == "older-restored"
    again.key_change.change()
    assert again.key_change.standing().owed is None
    assert again.log.verify().holds


def test_a_backup_that_the_own_account_never_opened_says_so(school: School) -> None:
    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.accounts.reset_password(school.users["dana"], "eleven quiet herons over the lake")
    tom.key_change.change()
    dana = school.sign_in("dana", "eleven quiet herons over the lake")
    with pytest.raises(BackupOfFormerKey):
        dana.backups.verify(made.name)
    assert tom.backups.verify(made.name)


def test_a_backup_of_before_by_a_stranger_is_none(school: School) -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.key_change.change()
    stranger = Ed25519PrivateKey.generate()
    manifest = replace(
        backup.read_manifest(made.folder), signer=stranger.public_key().public_bytes_raw()
    )
    (made.folder / backup.MANIFEST).write_bytes(backup.written(manifest, stranger))
    with pytest.raises(BackupDamaged):
        tom.backups.verify(made.name)


# --- who leaves ----------------------------------------------------------------------------------


def test_a_leaver_with_the_old_key_opens_nothing_that_is_written_later(
    full: School, tmp_path: Path
) -> None:
    dana = full.sign_in("dana")
    kept = key_of(dana)
    dana.lock()
    shutil.copytree(full.folder, tmp_path / "taken")
    tom = full.sign_in("tom")
    tom.key_change.close_account(full.users["dana"])
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    reason = next(one for one in tom.log.entries(9) if one.action == "key.changed").detail
    assert reason == "account-closed, generation 2"
    tom.lock()
    assert not opens(full.folder, kept)
    with pytest.raises(SlotDisabled):
        full.sign_in("dana")
    assert opens(tmp_path / "taken", kept), "what was copied before stays open: SECURITY.md says so"
    tom = full.sign_in("tom")
    tom.accounts.enable(full.users["dana"])
    tom.lock()
    all_there(full)


def test_closing_alone_owes_a_change_until_it_is_done(school: School, tom: Workspace) -> None:
    assert tom.key_change.standing().owed is None
    tom.accounts.disable(school.users["dana"])
    school.clock.advance(timedelta(days=3))
    tom.accounts.disable(school.users["priya"])
    owed = tom.key_change.standing().owed
    assert owed is not None
    assert owed.why == "account-closed"
    assert owed.since.date() == date(2026, 11, 12), "since the first"
    [gap] = [gap for gap in tom.school.set_up_gaps() if gap.code == "key-change"]
    assert "account was closed" in gap.sentence
    tom.key_change.change()
    assert tom.key_change.standing().owed is None
    assert "key-change" not in [gap.code for gap in tom.school.set_up_gaps()]


def test_a_year_after_the_last_it_is_time_for_one(school: School, tom: Workspace) -> None:
    tom.key_change.change()
    school.clock.advance(timedelta(days=364))
    assert tom.key_change.standing().owed is None
    school.clock.advance(timedelta(days=1))
    owed = tom.key_change.standing().owed
    assert owed is not None
    assert owed.why == "yearly"


@pytest.mark.parametrize("who", ["dana", "olga", "maria", "amir"])
def test_nobody_else_changes_the_key(school: School, who: str) -> None:
    workspace = school.sign_in(who)
    assert not workspace.key_change.may
    for deed in (
        workspace.key_change.standing,
        workspace.key_change.change,
        lambda: workspace.key_change.close_account(school.users["priya"]),
    ):
        with pytest.raises(Denied):
            deed()
    assert files_of(school) == ("stable", 1)


def test_where_there_are_two_administrators_both_agree(school: School, tom: Workspace) -> None:
    priya = school.users["priya"]
    tom.accounts.set_role(priya, Role.ADMINISTRATOR)
    assert [one[0] for one in tom.key_change.standing().seconds] == [priya]
    for second in (
        None,
        Second(school.users["dana"], PASSWORD),
        Second(tom.actor.user_id, PASSWORD),
    ):
        with pytest.raises(SecondAdministratorNeeded):
            tom.key_change.change(second)
    with pytest.raises(WrongPassword):
        tom.key_change.change(Second(priya, "not the password of Priya"))
    assert files_of(school) == ("stable", 1)
    tom.key_change.change(Second(priya, PASSWORD))
    told = {one.action: one.object for one in tom.log.entries(5)}
    assert told["key.agreed"] == f"user:{priya}"
    assert files_of(school) == ("stable", 2)


def test_the_one_who_leaves_need_not_agree(school: School, tom: Workspace) -> None:
    priya, dana = school.users["priya"], school.users["dana"]
    tom.accounts.set_role(priya, Role.ADMINISTRATOR)
    assert tom.key_change.standing(besides=priya).seconds == ()
    tom.key_change.close_account(priya)
    assert files_of(school) == ("stable", 2)
    tom.accounts.set_role(dana, Role.ADMINISTRATOR)
    tom.accounts.set_role(school.users["olga"], Role.ADMINISTRATOR)
    with pytest.raises(SecondAdministratorNeeded):
        tom.key_change.close_account(dana, Second(dana, PASSWORD))
    assert next(one.active for one in tom.accounts.list() if one.user_id == dana)


# --- what can go wrong ---------------------------------------------------------------------------


def test_records_that_another_program_has_open_are_left_alone(
    school: School, tom: Workspace
) -> None:
    other = connect(school.folder / DATABASE_NAME, key_of(tom))
    other.execute("SELECT count(*) FROM setting").fetchone()
    try:
        with pytest.raises(StillOpen):
            tom.key_change.change()
    finally:
        other.close()
    assert files_of(school) == ("stable", 1)
    assert tom.people.search("mateo")
    tom.key_change.change()


def test_it_can_be_stopped_until_the_key_is_touched(school: School, tom: Workspace) -> None:
    progress = Progress()
    tom.key_change.reached = lambda _: progress.cancel()
    with pytest.raises(Canceled):
        tom.key_change.change(progress=progress)
    assert files_of(school) == ("stable", 1)
    tom.key_change.reached = lambda _: None
    tom.key_change.change(progress=Progress())
    assert files_of(school) == ("stable", 2)


def test_a_lock_stops_what_has_not_touched_the_key(school: School, tom: Workspace) -> None:
    tom.key_change.reached = lambda _: tom.key_change.stop()
    with pytest.raises(Canceled):
        tom.key_change.change(progress=Progress())
    assert files_of(school) == ("stable", 1)


class Killed(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("step", often(["both-sealed", "rekeyed"], STEPS))
def test_an_error_at_any_step_leaves_records_that_go_on(full: School, step: str) -> None:
    tom = full.sign_in("tom")

    def stumble(name: str) -> None:
        if name == step:
            raise StorageFull

    tom.key_change.reached = stumble
    with pytest.raises(StorageFull):
        tom.key_change.change()
    assert tom.people.search("mateo"), "the same sign-in goes on"
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    tom.accounts.add("Nadia", "nine copper bells over the river", Role.NURSE, full.ids["olga"])
    tom.backups.make()
    tom.lock()
    all_there(full)
    state, generation = files_of(full)
    assert state == "stable"
    assert generation == (1 if STEPS.index(step) < STEPS.index("rekeyed") else 2)


def test_a_disk_that_fills_while_the_pages_are_written(
    school: School, tom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise StorageFull

    with monkeypatch.context() as broken:
        broken.setattr(rekey, "change", no_room)
        with pytest.raises(StorageFull):
            tom.key_change.change()
    assert files_of(school) == ("stable", 1)
    tom.key_change.change()
    assert files_of(school) == ("stable", 2)


@pytest.mark.parametrize("deed", ["begin", "finish"])
def test_a_disk_that_fills_between_both_copies_of_the_key_file(
    school: School, tom: Workspace, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    from bt_desktop.security import keyfile

    real, written = keyfile.write_atomically, [0]
    fails_at = {"begin": 2, "finish": 4}[deed]

    def second_fails(path: Path, data: bytes) -> None:
        written[0] += 1
        if written[0] == fails_at:
            raise StorageFull
        real(path, data)

    def from_here(name: str) -> None:
        if name == "alone":
            monkeypatch.setattr(keyfile, "write_atomically", second_fails)

    tom.key_change.reached = from_here
    with pytest.raises(StorageFull):
        tom.key_change.change()
    assert tom.people.search("mateo")
    tom.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    tom.lock()
    again = school.sign_in("tom")
    assert again.log.verify().holds
    assert files_of(school)[0] == "stable"


def test_a_change_that_is_under_way_is_not_begun_again(school: School, tom: Workspace) -> None:
    from bt_desktop.security.problems import KeyFileAltered

    context = tom._context
    rotation.begin(school.folder, context.keys)
    with pytest.raises(KeyFileAltered):
        rotation.begin(school.folder, context.keys)
    rotation.take_back(school.folder, context.keys)
    with pytest.raises(KeyFileAltered):
        rotation.take_back(school.folder, context.keys)
    assert files_of(school) == ("stable", 1)


# --- kills ---------------------------------------------------------------------------------------


def run_until(school: School, step: str, seconds: float = 0.0) -> list[str]:
    """Another program changes the key and dies; the steps that it had told."""
    status, told = key_changer.run(school.folder, school.users["tom"], PASSWORD, step, seconds)
    killed = (-signal.SIGKILL, -signal.SIGALRM)
    assert status in killed or (seconds and status == 0)
    return told


def mended(school: School, notes: int) -> int:
    """The next who signs in, whoever it is, finds a whole vault; the generation of its key."""
    assert access.vault_status(school.folder).kind == "ready"
    leave_note(school)  # sealed to whichever key lies there
    all_there(school, notes)
    state, generation = files_of(school)
    assert state == "stable"
    tom = school.sign_in("tom")
    told = [one.detail for one in tom.log.entries(40) if one.action == "key.changed"]
    assert len(told) == generation - 1, "the trail tells of each change once"
    tom.lock()
    return generation


@linux
@pytest.mark.parametrize("step", often(["both-sealed", "rekeyed"], STEPS))
def test_a_kill_at_any_step_is_mended_by_the_next_who_signs_in(full: School, step: str) -> None:
    for more in range(ROUNDS or 1):
        before = files_of(full)[1]
        assert run_until(full, step)[-1] == step
        changed = STEPS.index(step) >= STEPS.index("rekeyed")
        assert mended(full, more + 2) == before + changed


@linux
def test_kills_at_random_moments_while_the_pages_are_written(full: School) -> None:
    tom = full.sign_in("tom")
    with tom._context.store.write() as session:  # enough pages for a tenth of a second
        session.merge(Setting(name="filler", value="x" * 5_000_000))
    tom.lock()
    chance = random.Random(20261127)
    for more in range(ROUNDS or 2):
        run_until(full, "both-sealed", chance.uniform(0.001, 0.1))
        mended(full, more + 2)


@linux
@pytest.mark.parametrize("step", ["both-sealed", "rekeyed"])
def test_the_recovery_key_opens_a_vault_whose_change_was_killed(full: School, step: str) -> None:
    run_until(full, step)
    recovering = access.recover(full.folder, full.recovery_key, full.clock, kdf_policy=FAST)
    begun = recovering.complete(full.users["tom"], PASSWORD + " and one more")
    groups = begun.recovery_key.split("-")
    again = begun.confirm(*(groups[n - 1] for n in begun.asked))
    assert files_of(full) == ("stable", 1 if step == "both-sealed" else 2)
    assert again.log.verify().holds
    again.lock()
    full.sign_in("dana").lock()
