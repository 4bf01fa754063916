"""Backups: whole or not at all, checked, thinned out, put back beside the old."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.errors import Denied, KnownError
from bt_desktop.security import backup, replacing
from bt_desktop.security.backup import BackupDamaged, BackupNewer, NoBackup
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME
from bt_desktop.security.problems import WrongPassword
from bt_desktop.security.replacing import StillOpen
from bt_desktop.services import access, restore
from bt_desktop.services.backups import Backup, NoSuchPlace
from bt_desktop.services.restore import OtherVault, Restored
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import FAST, PASSWORD, School
from tests.often import often


@pytest.fixture
def tom(school: School) -> Workspace:
    return school.sign_in("tom")


def put_back(school: School, source: Path, folder: Path | None = None, **how: object) -> Restored:
    who = str(how.pop("who", "tom"))
    password = str(how.pop("password", PASSWORD))
    return restore.restore(
        source, folder or school.folder, school.users[who], password, school.clock,
        kdf_policy=FAST, **how,  # type: ignore[arg-type]  # progress
    )  # fmt: skip


def test_a_backup_is_whole_checked_and_told_to_the_trail(tom: Workspace) -> None:
    made = tom.backups.make()
    assert sorted(one.name for one in made.folder.iterdir()) == sorted(
        (backup.MANIFEST, DATABASE_NAME, FILE_NAME)
    )
    assert [one.name for one in tom.backups.all()] == [made.name]
    assert tom.backups.verify(made.name).counts["students"] == dict(made.counts)["students"] > 0
    newest = tom.log.entries(1)[0]
    assert (newest.action, newest.object, newest.detail) == ("backup.made", "vault", "hand")
    assert tom.log.verify().holds
    folder = tom.backups.folder
    assert sorted(one.name for one in folder.iterdir()) == [made.name, "anchors.log"]
    assert oct(made.folder.stat().st_mode & 0o777) == "0o700"


def test_nothing_in_a_backup_can_be_read_without_a_password(tom: Workspace) -> None:
    tom.people.add_student(NewStudent("Quillon", "Ashgrove"))
    made = tom.backups.make()
    for name in backup.FILES:
        data = (made.folder / name).read_bytes()
        assert b"Ashgrove" not in data
        assert b"SQLite format 3" not in data
    assert "Ashgrove" not in (made.folder / backup.MANIFEST).read_text("ascii")


def test_the_key_of_a_backup_is_not_that_of_the_records(tom: Workspace) -> None:
    from bt_desktop.errors import StorageDamaged
    from bt_desktop.models.store import open_store

    made = tom.backups.make()
    copy = shutil.copy(made.folder / DATABASE_NAME, made.folder.parent / "taken.db")
    with pytest.raises(StorageDamaged):
        open_store(Path(copy), tom._context.keys.database_key)


def test_the_first_sign_in_of_a_day_makes_one_and_the_second_none(
    school: School, tom: Workspace
) -> None:
    assert tom.backups.due()
    first = tom.backups.daily()
    assert first is not None
    assert first.kind == "daily"
    assert tom.backups.daily() is None
    school.clock.advance(timedelta(days=1))
    assert tom.backups.daily() is not None


def test_at_the_end_of_the_work_only_what_was_written_since_makes_one(tom: Workspace) -> None:
    tom.backups.make()
    assert not tom.backups.changed()
    assert tom.backups.at_exit() is None
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    made = tom.backups.at_exit()
    assert made is not None
    assert made.kind == "exit"


def test_who_may(school: School) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(Denied):
        dana.backups.make()
    assert dana.backups.daily() is not None, "the day's is made whoever signs in"


class _Stop(Progress):
    """Somebody cancels after so many steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def step(self, count: int = 1) -> None:
        self.after -= 1
        if self.after < 0:
            self.cancel()
        super().step(count)


def test_cancel_leaves_nothing_behind(tom: Workspace) -> None:
    with pytest.raises(Canceled):
        tom.backups.make(_Stop(0))
    assert tom.backups.all() == ()
    assert list(tom.backups.folder.iterdir()) == []
    assert tom.log.entries(1)[0].action != "backup.made"


def test_what_a_kill_left_is_swept_by_the_next(tom: Workspace) -> None:
    begun = tom.backups.folder / ".part-0badcafe"
    begun.mkdir(parents=True)
    (begun / DATABASE_NAME).write_bytes(b"half of it")
    tom.backups.make()
    assert not begun.exists()


# --- what was changed ----------------------------------------------------------------------------


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", [*backup.FILES, backup.MANIFEST])
@pytest.mark.parametrize("at", [0, 40, 333, 5000, -2])
def test_one_bit_changed_anywhere_is_found(
    school: School, tom: Workspace, name: str, at: int
) -> None:
    made = tom.backups.make()
    flipped(made.folder / name, at)
    with pytest.raises(BackupDamaged):
        tom.backups.verify(made.name)
    tom.lock()
    before = (school.folder / DATABASE_NAME).read_bytes()
    with pytest.raises(BackupDamaged):
        put_back(school, made.folder)
    assert (school.folder / DATABASE_NAME).read_bytes() == before


def test_a_manifest_signed_by_a_stranger_is_none(tom: Workspace) -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = tom.backups.make()
    stranger = Ed25519PrivateKey.generate()
    manifest = replace(
        backup.read_manifest(made.folder), signer=stranger.public_key().public_bytes_raw()
    )
    (made.folder / backup.MANIFEST).write_bytes(backup.written(manifest, stranger))
    assert backup.read_manifest(made.folder) == manifest, "it is well formed"
    with pytest.raises(BackupDamaged):
        tom.backups.verify(made.name)


@pytest.mark.parametrize("rest", [b"", bytes(50 * 4096)])
def test_a_stranger_who_says_that_it_is_of_an_older_program(tom: Workspace, rest: bytes) -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = tom.backups.make()
    if rest:
        (made.folder / DATABASE_NAME).write_bytes(rest)
    stranger = Ed25519PrivateKey.generate()
    manifest = replace(
        backup.read_manifest(made.folder),
        schema="0001",
        files={name: backup.digest(made.folder / name) for name in backup.FILES},
        signer=stranger.public_key().public_bytes_raw(),
    )
    (made.folder / backup.MANIFEST).write_bytes(backup.written(manifest, stranger))
    with pytest.raises(BackupDamaged):
        tom.backups.verify(made.name)


def test_files_of_two_backups_are_not_mixed(tom: Workspace) -> None:
    first = tom.backups.make()
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    second = tom.backups.make()
    shutil.copy(first.folder / DATABASE_NAME, second.folder / DATABASE_NAME)
    with pytest.raises(BackupDamaged):
        tom.backups.verify(second.name)


def test_what_cannot_be_read_is_listed_as_damaged_and_does_not_count_for_the_day(
    tom: Workspace,
) -> None:
    made = tom.backups.daily()
    assert made is not None
    (made.folder / backup.MANIFEST).write_text("{}", "ascii")
    assert [one.damaged for one in tom.backups.all()] == [True]
    assert tom.backups.due()


@given(st.binary(max_size=300) | st.from_regex(rb"\{.{0,80}\}", fullmatch=True))
def test_no_manifest_makes_it_stumble(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("m")
    (folder / backup.MANIFEST).write_bytes(data)
    with pytest.raises((BackupDamaged, BackupNewer)):
        backup.read_manifest(folder)


def test_one_of_a_newer_program_is_told(tom: Workspace) -> None:
    made = tom.backups.make()
    told = json.loads((made.folder / backup.MANIFEST).read_text("ascii"))
    told["manifest"]["version"] = 99
    (made.folder / backup.MANIFEST).write_text(json.dumps(told), "ascii")
    with pytest.raises(BackupNewer):
        tom.backups.verify(made.name)


# --- what is kept --------------------------------------------------------------------------------


def days_of(count: int, hour: int = 15) -> list[str]:
    start = datetime(2026, 11, 27, hour, tzinfo=UTC)
    return [backup.name_of(start - timedelta(days=back), "daily") for back in range(count)]


def test_seven_days_five_weeks_twelve_months_are_kept() -> None:
    names = days_of(500)
    gone = backup.outdated(names, names[0])
    stay = [name for name in names if name not in gone]
    assert stay[:7] == names[:7]
    assert len(stay) == 7 + 3 + 11, "weeks and months that a day stands for are not kept twice"
    assert backup.outdated(stay, stay[0]) == frozenset(), "thinning out again takes nothing more"


def test_the_last_good_one_stays_however_old() -> None:
    names = [*days_of(40), "20200101T120000Z-daily"]
    assert "20200101T120000Z-daily" not in backup.outdated(names, "20200101T120000Z-daily")


def test_what_is_not_ours_is_never_removed() -> None:
    names = ["holiday pictures", ".part-1", "20261399T120000Z-daily", *days_of(30)]
    assert not backup.outdated(names, None) & {"holiday pictures", ".part-1", names[2]}


@given(st.lists(st.integers(0, 900), max_size=80), st.data())
def test_whatever_there_is_the_newest_of_each_kept_span_stays(
    backs: list[int], data: st.DataObject
) -> None:
    start = datetime(2026, 11, 27, 15, tzinfo=UTC)
    names = sorted({backup.name_of(start - timedelta(hours=9 * b), "daily") for b in backs})
    good = data.draw(st.sampled_from(names)) if names else None
    gone = backup.outdated(names, good)
    assert gone <= set(names)
    assert good not in gone
    if names:
        assert names[-1] not in gone, "the newest"
    assert len(set(names) - gone) <= 7 + 5 + 12 + 1


def test_old_ones_go_when_a_new_one_is_good(school: School, tom: Workspace) -> None:
    for _ in range(9):
        tom.people.add_student(NewStudent("Ada", "Okoro"))
        assert tom.backups.daily() is not None
        school.clock.advance(timedelta(days=1))
    assert len(tom.backups.all()) == 7, "the week before them stands in its last day"


# --- putting back --------------------------------------------------------------------------------


def test_a_backup_is_put_back_beside_the_old(school: School, tom: Workspace) -> None:
    made = tom.backups.make()
    tom.people.add_student(NewStudent("Lost", "Withthedisk"))
    tom.lock()
    told = put_back(school, made.folder)
    assert DATABASE_NAME in {name.split(".replaced-")[0] for name in told.aside}
    assert all((school.folder / name).exists() for name in told.aside)
    assert not (school.folder / replacing.WORK).exists()
    again = school.sign_in("tom")
    assert again.people.search("withthedisk") == ()
    assert again.people.search("mateo")
    assert "backup.restored" in [one.action for one in again.log.entries(10)]
    assert again.log.verify().holds
    assert again.doubts == ()


def test_two_restores_of_the_same_moment_both_stay_beside(school: School, tom: Workspace) -> None:
    """By a clock that was set back: what the first put aside is not written over by the second."""
    made = tom.backups.make()
    tom.people.add_student(NewStudent("First", "Day"))
    tom.lock()
    first = put_back(school, made.folder)
    again = school.sign_in("tom")
    again.people.add_student(NewStudent("Second", "Day"))
    again.lock()
    files = {name: (school.folder / name).read_bytes() for name in (DATABASE_NAME, FILE_NAME)}
    second = put_back(school, made.folder)
    assert not set(first.aside) & set(second.aside)
    aside = {name.partition(".replaced-")[0]: name for name in second.aside}
    for name, data in files.items():
        assert (school.folder / aside[name]).read_bytes() == data
    assert school.sign_in("tom").doubts == ()


def test_a_backup_is_put_back_where_there_is_nothing(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    made = tom.backups.make()
    stick = Path(shutil.copytree(made.folder, tmp_path / "stick" / made.name))
    told = put_back(school, stick, tmp_path / "new computer")
    assert told.aside == ()
    other = access.unlock(
        tmp_path / "new computer", school.users["maria"], PASSWORD, school.clock, kdf_policy=FAST
    )
    assert other.people.search("mateo")
    other.lock()


def test_a_backup_on_a_read_only_stick_is_not_written_to(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    made = tom.backups.make()
    before = {one.name: one.read_bytes() for one in made.folder.iterdir()}
    with pytest.raises(WrongPassword):
        put_back(school, made.folder, tmp_path / "new", password="not the password at all")
    put_back(school, made.folder, tmp_path / "new")
    assert {one.name: one.read_bytes() for one in made.folder.iterdir()} == before


def test_a_nurse_puts_nothing_back(school: School, tom: Workspace, tmp_path: Path) -> None:
    made = tom.backups.make()
    with pytest.raises(Denied):
        put_back(school, made.folder, tmp_path / "new", who="maria")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_of_another_school_does_not_take_the_place_of_this(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    made = tom.backups.make()
    other = tmp_path / "other school"
    setup = access.Setup(
        "Oak Elementary", "", "", "us-ca", "", "Ida", "Lund", "", "nine copper kettles on a lawn"
    )
    begun = access.set_up(other, setup, school.clock, kdf_policy=FAST)
    groups = begun.recovery_key.split("-")
    begun.confirm(*(groups[n - 1] for n in begun.asked)).lock()
    with pytest.raises(OtherVault):
        put_back(school, made.folder, other)


@pytest.mark.skipif(os.name == "nt", reason="there the renaming tells")
def test_records_that_another_program_has_open_are_left_alone(
    school: School, tom: Workspace
) -> None:
    import subprocess
    import sys

    made = tom.backups.make()
    tom.lock()
    (school.folder / f"{DATABASE_NAME}-shm").write_bytes(bytes(32768))
    holds = subprocess.Popen(
        [sys.executable, "-c",
         "import fcntl,sys;f=open(sys.argv[1],'r+b');fcntl.lockf(f,fcntl.LOCK_SH,1,128);"
         "print('held',flush=True);sys.stdin.read()", str(school.folder / "records.db-shm")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holds.stdout is not None
    assert holds.stdout.readline() == b"held\n"
    try:
        with pytest.raises(StillOpen):
            put_back(school, made.folder)
    finally:
        holds.communicate()
    put_back(school, made.folder)


class Killed(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("step", often([3, 8], range(12)))
def test_a_kill_anywhere_while_it_is_put_back_leaves_one_whole_vault(
    school: School, tom: Workspace, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    made = tom.backups.make()
    tom.people.add_student(NewStudent("Lost", "Withthedisk"))
    tom.lock()
    real, done = os.replace, [0]

    def until(source: object, target: object) -> None:
        if done[0] == step:
            raise Killed
        done[0] += 1
        real(source, target)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", until)
        with suppress(Killed):
            put_back(school, made.folder)
    assert access.vault_status(school.folder).kind == "ready"
    again = school.sign_in("tom")
    assert again.log.verify().holds
    found = bool(again.people.search("withthedisk"))
    restored = "backup.restored" in [one.action for one in again.log.entries(10)]
    assert found != restored, "all of the old, or all of the new"
    assert not (school.folder / replacing.PLAN).exists()


def test_no_backup_here(school: School, tom: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        put_back(school, tmp_path)
    with pytest.raises(NoBackup):
        tom.backups.verify("20261127T160512Z-daily")


# --- the second place ----------------------------------------------------------------------------


def test_the_second_place_is_reminded_of_weekly(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    assert tom.backups.second().state == "none"
    stick = tmp_path / "stick"
    with pytest.raises(NoSuchPlace):
        tom.backups.set_second(stick)
    stick.mkdir()
    tom.backups.set_second(stick)
    assert tom.backups.second().state == "overdue", "chosen, and never used"
    with pytest.raises(NoBackup):
        tom.backups.copy_to_second()
    tom.backups.make()
    copied: Backup = tom.backups.copy_to_second(Progress())
    assert copied.folder.parent == stick
    assert (stick / "anchors.log").is_file()
    states = []
    for _ in range(3):
        states.append(tom.backups.second().state)
        school.clock.advance(timedelta(days=8))
    assert states == ["fine", "remind", "overdue"]
    shutil.rmtree(stick)
    with pytest.raises(KnownError, match="not there"):
        tom.backups.copy_to_second()


@pytest.mark.skipif(os.name == "nt", reason="there a rename lasts by itself")
def test_a_second_copy_lasts_through_a_power_cut_before_it_is_acknowledged(
    tom: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    tom.backups.set_second(stick)
    made = tom.backups.make()
    done: list[str] = []
    real_sync, real_replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        done.append(f"synced {os.fstat(handle).st_ino}")
        real_sync(handle)

    def replace(old: object, new: object) -> None:
        if str(new) == str(stick / made.name):
            done.append("renamed")
        real_replace(old, new)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    copied = tom.backups.copy_to_second()
    at = done.index("renamed")
    assert f"synced {copied.folder.stat().st_ino}" in done[:at], "what is in it"
    assert f"synced {stick.stat().st_ino}" in done[at:], "its name"
