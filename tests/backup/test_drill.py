"""The monthly trial of a backup: opened, counted, thrown away, and told."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bt_desktop.errors import Denied
from bt_desktop.models.store import Store
from bt_desktop.security import backup
from bt_desktop.security.backup import NoBackup
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME
from bt_desktop.services import drill
from bt_desktop.services.drill import WORK
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, signed_report


@pytest.fixture
def tom(school: School) -> Workspace:
    signed_report(school)
    return school.sign_in("tom")


def names(school: School) -> set[str]:
    return {one.name for one in school.folder.iterdir()}


def test_the_newest_backup_is_opened_counted_and_thrown_away(
    school: School, tom: Workspace
) -> None:
    with pytest.raises(NoBackup):
        tom.drill.try_out()
    made = tom.backups.make()
    before = names(school)
    files = {one.name: one.read_bytes() for one in made.folder.iterdir()}
    progress = Progress()
    trial = tom.drill.try_out(progress)
    assert (trial.good, trial.name, trial.records) == (True, made.name, 1)
    assert trial.at == school.clock.now()
    assert progress.total == 2 * backup.read_manifest(made.folder).head.seq
    assert names(school) == before
    assert {one.name: one.read_bytes() for one in made.folder.iterdir()} == files
    entry = tom.log.entries(1)[0]
    assert entry.action == "backup.tried"
    assert "records 1" in entry.detail
    assert tom.drill.last() == trial
    assert tom.log.verify().holds


def test_by_itself_once_a_month_whoever_signs_in(school: School, tom: Workspace) -> None:
    assert not tom.drill.due(), "there is none yet"
    assert tom.drill.monthly() is None
    tom.backups.make()
    dana = school.sign_in("dana")
    with pytest.raises(Denied):
        dana.drill.try_out()
    trial = dana.drill.monthly()
    assert trial is not None
    assert trial.good
    assert dana.drill.monthly() is None
    school.clock.advance(timedelta(days=31))
    assert dana.drill.due()


@pytest.mark.parametrize("name", [DATABASE_NAME, FILE_NAME])
def test_one_that_cannot_be_opened_whole_is_told_and_tried_again_the_next_day(
    school: School, tom: Workspace, name: str
) -> None:
    made = tom.backups.make()
    data = bytearray((made.folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (made.folder / name).write_bytes(data)
    trial = tom.drill.monthly()
    assert trial is not None
    assert (trial.good, trial.records, trial.code) == (False, 0, "backup-damaged")
    assert [one.code for one in tom.drill.worries()] == ["trial-failed"]
    assert not tom.drill.due()
    assert WORK not in names(school)
    school.clock.advance(timedelta(days=1, hours=1))
    assert tom.drill.due()
    tom.backups.make()
    again = tom.drill.monthly()
    assert again is not None
    assert again.good
    assert tom.drill.worries() == ()


def test_it_is_the_backups_own_key_file_that_gives_the_key(
    school: School, tom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another database key in hand than the backup's, its own still opens it."""
    tom.backups.make()
    keys = tom._context.keys
    real = bytes(keys.database_key)
    seen = []
    monkeypatch.setattr(drill, "rebuilt", lambda _s, _w, key, *_: seen.append(bytes(key)) or {})
    keys.database_key[:] = bytes(32)
    try:
        assert tom.drill.try_out().good
    finally:
        keys.database_key[:] = real
    assert seen == [real]


def test_who_got_a_new_password_since_tries_with_todays_key(school: School, tom: Workspace) -> None:
    tom.backups.make()
    tom.accounts.reset_password(school.users["olga"], "eleven purple lanterns at sea")
    olga = school.sign_in("olga", "eleven purple lanterns at sea")
    assert olga.drill.try_out().good


class Stop(Progress):
    """Somebody cancels after so many steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def step(self, count: int = 1) -> None:
        self.after -= 1
        if self.after < 0:
            self.cancel()
        super().step(count)


def test_cancel_leaves_nothing_behind(
    school: School, tom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bt_desktop.security.audit.STEP", 5)
    tom.backups.make()
    before, head = names(school), tom.log.head()
    for after in (0, 3):
        with pytest.raises(Canceled):
            tom.drill.monthly(Stop(after))
        assert names(school) == before
    assert tom.log.head() == head
    assert tom.drill.due()


def test_what_a_kill_left_is_encrypted_and_removed_by_the_next(
    school: School, tom: Workspace
) -> None:
    tom.backups.make()
    tom.lock()
    script = (
        "import os, sys\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "from bt_desktop.clock import SetClock\n"
        "from bt_desktop.security.kdf import KdfParams, KdfPolicy\n"
        "from bt_desktop.services import access, restore\n"
        "cheap = KdfParams(memory_kib=64, passes=1, lanes=1)\n"
        "clock = SetClock(datetime.fromisoformat(sys.argv[3]))\n"
        "w = access.unlock(Path(sys.argv[1]), sys.argv[2], sys.argv[4], clock,\n"
        "                  kdf_policy=KdfPolicy(floor=cheap, params=cheap))\n"
        "restore.checked = lambda *a, **k: os.kill(os.getpid(), 9)\n"
        "w.drill.monthly()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(school.folder), school.users["tom"],
         school.clock.now().isoformat(), PASSWORD],
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -9
    left = school.folder / WORK
    assert {one.name for one in left.iterdir()} >= {DATABASE_NAME}
    for one in left.iterdir():
        assert b"SQLite format 3" not in one.read_bytes()
        assert "Núñez".encode() not in one.read_bytes()
    dana = school.sign_in("dana")
    assert dana.log.verify_week() is not None
    assert dana.drill.monthly() is not None
    assert not left.exists()


def test_forty_days_without_a_trial_and_a_forgotten_second_place_are_told_on_home(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    tom.backups.set_second(stick)
    tom.backups.make()
    tom.backups.copy_to_second()
    tom.drill.try_out()
    assert tom.drill.worries() == ()
    school.clock.advance(timedelta(days=13))
    tom.backups.make()
    assert tom.drill.worries() == ()
    school.clock.advance(timedelta(days=2))
    [worry] = tom.drill.worries()
    assert (worry.code, worry.urgent) == ("second-overdue", True)
    school.clock.advance(timedelta(days=26))
    assert [one.code for one in tom.drill.worries()] == [
        "trial-old",
        "backup-old",
        "second-overdue",
    ]
    assert "41 days" in tom.drill.worries()[0].sentence
    assert school.sign_in("dana").drill.worries() == (), "who cannot do anything about it"


def test_held_records_are_not_tried(school: School, tom: Workspace) -> None:
    tom.backups.make()
    store: Store = tom._context.store
    store.hold()
    assert not tom.drill.due()
    assert tom.drill.monthly() is None
