"""What a damaged write-ahead log takes away is told: the note beside the database knows of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security import watermark
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services.computer import doubts_in_words
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import School

WAL = f"{DATABASE_NAME}-wal"


@pytest.fixture
def tom(school: School) -> Workspace:
    return school.sign_in("tom")


def killed(school: School, where: Path) -> School:
    """The vault as a program that is killed now leaves it."""
    left = school.copied_to(where, SetClock(school.clock.now()))
    for name in (WAL, f"{DATABASE_NAME}-shm"):
        assert (left.folder / name).exists()
    return left


def size_of_log(school: School) -> int:
    return (school.folder / WAL).stat().st_size


def draft_saved(workspace: Workspace, record: str, room: str) -> None:
    workspace.records.save_draft(record, "report", {"location_detail": room})


def codes(workspace: Workspace) -> list[str]:
    return [one.code for one in workspace.doubts]


def test_after_a_kill_there_is_nothing_to_tell(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    draft_saved(tom, tom.records.start(), "Room 1")
    left = killed(school, tmp_path / "left")
    again = left.sign_in("tom")
    assert again.doubts == ()
    left.close()


def test_an_entry_that_went_with_the_log_is_missed_for_good(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    before = size_of_log(school)
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    left = killed(school, tmp_path / "left")
    os.truncate(left.folder / WAL, before)
    for _ in range(2):  # nothing is written into it: the doubt stands as it is
        again = left.sign_in("tom")
        assert codes(again) == ["database-older"]
        assert again.held.held
        assert not again.log.verify().holds
        left.close()


def test_saves_that_went_with_the_log_are_told_once_and_to_the_trail(
    school: School, tom: Workspace, tmp_path: Path
) -> None:
    record = tom.records.start()
    draft_saved(tom, record, "Room 1")
    before = size_of_log(school)
    draft_saved(tom, record, "Room 2")
    left = killed(school, tmp_path / "left")
    os.truncate(left.folder / WAL, before)
    again = left.sign_in("tom")
    assert codes(again) == [watermark.MISSING]
    assert "drafts" in doubts_in_words(again.doubts)[0]
    assert again.records.open(record).answers["location_detail"] == "Room 1"
    left.close()
    once_more = left.sign_in("tom")
    assert once_more.doubts == ()
    assert "saves.missing" in [one.action for one in once_more.log.entries(10)]
    left.close()


def test_one_flipped_bit_in_the_log_is_told(school: School, tom: Workspace, tmp_path: Path) -> None:
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    left = killed(school, tmp_path / "left")
    log = left.folder / WAL
    data = bytearray(log.read_bytes())
    data[100] ^= 4
    log.write_bytes(data)
    assert codes(left.sign_in("tom")) == ["database-older"]
    left.close()


@pytest.mark.parametrize("note", [b"", b"nothing of ours", b"m1 9 9 " + b"0" * 64, b"\xff" * 160])
def test_a_note_that_is_none_is_no_alarm(school: School, tom: Workspace, note: bytes) -> None:
    tom.lock()
    (school.folder / watermark.FILE_NAME).write_bytes(note)
    assert school.sign_in("tom").doubts == ()
    assert watermark.watch(school.folder, school.open[-1]._context.keys).read() is not None


def test_an_older_note_is_no_alarm(school: School, tom: Workspace) -> None:
    before = (school.folder / watermark.FILE_NAME).read_bytes()
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    tom.lock()
    (school.folder / watermark.FILE_NAME).write_bytes(before)
    assert school.sign_in("tom").doubts == ()


def test_the_note_of_another_vault_is_none(school: School, tom: Workspace) -> None:
    other = watermark.Watermark(school.folder, lambda: bytes(32))
    assert other.read() is None


def test_what_changes_nothing_does_not_count(tom: Workspace) -> None:
    context = tom._context
    mark = watermark.watch(context.folder, context.keys)
    before = mark.read()
    with context.store.write():
        pass
    with context.store.read() as session:
        assert before is not None
        assert watermark.commits(session) == before.commits
    assert mark.read() == before


def test_a_note_that_cannot_be_written_stops_nobody(school: School, tom: Workspace) -> None:
    (school.folder / watermark.FILE_NAME).unlink()
    (school.folder / watermark.FILE_NAME).mkdir()
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    assert tom.people.search("okoro")


def test_a_restored_vault_starts_a_note_of_its_own(school: School, tom: Workspace) -> None:
    from bt_desktop.services import restore
    from tests.factory import FAST, PASSWORD

    made = tom.backups.make()
    tom.people.add_student(NewStudent("Lost", "Withthedisk"))
    tom.lock()
    told = restore.restore(
        made.folder, school.folder, school.users["tom"], PASSWORD, school.clock, kdf_policy=FAST
    )
    assert any(name.startswith(watermark.FILE_NAME) for name in told.aside)
    assert school.sign_in("tom").doubts == ()


def test_two_threads_leave_the_note_of_the_later(school: School, tom: Workspace) -> None:
    mark = watermark.watch(school.folder, tom._context.keys)
    newest = mark.read()
    assert newest is not None
    ahead = watermark.Mark(newest.commits + 5, newest.head)
    mac_key = tom._context.keys.sub_key(watermark.MAC_PURPOSE)
    mark.note(ahead, mac_key)
    mark.note(watermark.Mark(newest.commits + 4, newest.head), mac_key)
    assert mark.read() == ahead


def test_the_note_says_nothing_of_anybody(school: School, tom: Workspace) -> None:
    tom.people.add_student(NewStudent("Quillon", "Ashgrove"))
    note = (school.folder / watermark.FILE_NAME).read_bytes()
    assert len(note) == 160
    assert b"Ashgrove" not in note
    assert (school.folder / watermark.FILE_NAME).stat().st_mode & 0o777 == 0o600
