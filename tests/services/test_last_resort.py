"""The worst days: killed in the middle, a full disk, a read-only folder, an old copy put back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.clock import SetClock
from bt_desktop.errors import KnownError, StorageDamaged, StorageNewer
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.often import often

ROOT = Path(__file__).resolve().parents[2]

WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from bt_desktop.clock import SetClock
from tests.factory import FAST, PASSWORD, ink
from bt_desktop.services import access

folder, user, record, what = sys.argv[1:5]
clock = SetClock(datetime.fromisoformat("2026-11-12T15:30:00-08:00"))
workspace = access.unlock(Path(folder), user, PASSWORD, clock, kdf_policy=FAST)
if what == "save":
    for number in range(100_000):
        workspace.records.save_draft(record, "report", {"narrative": f"change {number}"})
        print(number, flush=True)
else:
    print("ready", flush=True)
    signed = workspace.records.sign_part(record, "report", PASSWORD, ink())
    print(signed.number, flush=True)
"""


def writer(school: School, record: str, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, school.folder, school.users["dana"], record, what],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


def killed_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Kill after the first line and `seconds` more; every line the program got out."""
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)  # a random moment is the point of the story
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    return [line for line in (first + rest).splitlines() if line]


def is_sound(workspace: Workspace) -> bool:
    """The chain holds, and the pages do."""
    with workspace._context.store.write() as session:
        pages = session.execute(text("PRAGMA integrity_check")).scalar()
    return workspace.log.verify().holds and pages == "ok"


@pytest.mark.parametrize("seed", often([0], range(6)))
def test_a_kill_while_saving_loses_nothing_that_was_acknowledged(school: School, seed: int) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    dana.lock()
    pause = random.Random(seed).uniform(0.01, 0.4)
    acknowledged = int(killed_after(writer(school, record, "save"), pause)[-1])
    dana = school.sign_in("dana")
    kept = dana.records.open(record).answers["narrative"]
    assert int(kept.removeprefix("change ")) >= acknowledged
    assert is_sound(school.sign_in("tom"))


@pytest.mark.parametrize("pause", often([0.06], [0.0, 0.03, 0.06, 0.1, 0.15, 0.25]))
def test_a_kill_while_signing_leaves_the_draft_or_the_signed_report(
    school: School, pause: float
) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    before = dana.records.open(record).answers
    dana.lock()
    said = killed_after(writer(school, record, "sign"), pause)
    dana = school.sign_in("dana")
    opened = dana.records.open(record)
    if opened.state == "draft":
        assert said == ["ready"]
        assert (opened.number, opened.answers) == (None, before)
        dana.records.sign_part(record, "report", PASSWORD, ink())
    assert dana.records.open(record).number == "BER-2026-0001"
    assert is_sound(school.sign_in("tom"))


# --- no room, no right -------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size at `folder` (root only)."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill_up(ballast: Path) -> None:
    """Write until there is no room."""
    file = os.open(ballast, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        with pytest.raises(OSError, match="No space"):  # noqa: PT012 - the writing is what fails
            while True:
                os.write(file, bytes(4096))
    finally:
        os.close(file)


FULL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from bt_desktop.clock import SetClock
from bt_desktop.errors import KnownError
from tests.factory import FAST, PASSWORD
from bt_desktop.services import access

folder, user, record = sys.argv[1:4]
clock = SetClock(datetime.fromisoformat("2026-11-12T15:30:00-08:00"))
workspace = access.unlock(Path(folder), user, PASSWORD, clock, kdf_policy=FAST)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
largest = max(file.stat().st_size for file in Path(folder).iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 100_000,) * 2)
kept = 0
try:
    for number in range(1, 1000):
        workspace.records.save_draft(record, "report", {"narrative": "y" * 20_000 * number})
        kept = number
except KnownError as problem:
    print(kept, problem.code)
"""


def test_files_that_may_not_grow_are_told_and_what_was_kept_stays(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    dana.lock()
    told = subprocess.run(
        [sys.executable, "-c", FULL, school.folder, school.users["dana"], record],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    kept, code = told.stdout.split()
    assert code in ("storage-full", "storage-trouble")
    dana = school.sign_in("dana")
    assert len(dana.records.open(record).answers.get("narrative", "")) == 20_000 * int(kept)
    assert is_sound(school.sign_in("tom"))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root; see the one above")
def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(
    school: School, tmp_path: Path, clock: SetClock
) -> None:
    with small_disk(tmp_path / "stick", "3m") as disk:
        moved = school.copied_to(disk / "vault", clock)
        dana = moved.sign_in("dana")
        record = dana.records.start()
        ballast = disk / "ballast"
        dana.records.save_draft(record, "report", {"narrative": "kept"})
        fill_up(ballast)
        with pytest.raises(KnownError) as full:
            dana.records.save_draft(record, "report", {"narrative": "z" * 500_000})
        assert full.value.code == "storage-full"
        ballast.unlink()
        dana.records.save_draft(record, "report", {"narrative": "there is room again"})
        assert dana.records.open(record).answers == {"narrative": "there is room again"}
        moved.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can make a folder read-only for a test")
def test_a_read_only_folder_is_told(school: School, tmp_path: Path, clock: SetClock) -> None:
    with small_disk(tmp_path / "stick", "8m") as disk:
        moved = school.copied_to(disk / "vault", clock)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(KnownError) as refused:
            moved.sign_in("dana")
        assert refused.value.code == "storage-read-only"


# --- somebody else's hands ---------------------------------------------------------------------


def test_a_newer_database_and_a_damaged_one_are_told_apart(school: School) -> None:
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0777'"))
    tom.lock()
    with pytest.raises(StorageNewer):
        school.sign_in("tom")
    (school.folder / "records.db").write_bytes(os.urandom(8192))
    with pytest.raises(StorageDamaged):
        school.sign_in("tom")


def test_an_old_copy_put_back_is_noticed_at_the_next_sign_in(
    school: School, tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    assert tom.doubts == ()
    tom.lock()
    shutil.copy(school.folder / "records.db", tmp_path / "yesterday.db")
    signed_report(school)
    assert school.sign_in("tom").doubts == ()
    school.close()
    shutil.copy(tmp_path / "yesterday.db", school.folder / "records.db")
    codes = {doubt.code for doubt in school.sign_in("tom").doubts}
    assert "database-older" in codes


NAMES = ["mateo", "núñez", "nunez", "okafor", "kowalczyk", "łucja", "lucja", "nguyễn", "nguyen"]
WORDS = ["tablet", "shouted", "stability", "whole-class"]


def test_no_file_of_the_vault_holds_a_childs_name_or_a_word_of_the_report(
    school: School, tmp_path: Path
) -> None:
    record = signed_report(school)
    office = school.sign_in("olga")
    office.copies.school_copy(record)
    begun = office.copies.begin_parent_text(record)
    office.records.attach(record, "scan.pdf", "application/pdf", b"%PDF- Mateo shouted")
    assert begun.findings
    with pytest.raises(KnownError):
        office.copies.release_parent_copy(record, school.ids["rosa"], begun.text, ())
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"records.db", "records.db-wal", "vault.keys.json"}
    for file in files:
        held = file.read_bytes()
        for word in (*NAMES, *WORDS):
            for spelled in (word, word.title(), word.upper()):
                # Four random bytes do turn up in a file of random pages; five hardly ever.
                if len(spelled.encode()) > 4:
                    assert spelled.encode() not in held, file.name
                    assert spelled.encode("utf-16-le") not in held, file.name
