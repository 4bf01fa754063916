"""Records that are not what was seen before: open for reading only, and how that ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bt_desktop.errors import Denied
from bt_desktop.models.access import Opening
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.security import anchors, watermark
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services import closed, held_log
from bt_desktop.services.computer import ComputerService
from bt_desktop.services.problems import ReasonNeeded
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, signed_report

WHY = "The disk was replaced on Monday; the day before is lost."


def keep(school: School, where: Path) -> None:
    """Yesterday's database, as somebody could have it on a stick."""
    school.close()
    shutil.copy(school.folder / DATABASE_NAME, where)


def put_back(school: School, where: Path) -> None:
    school.close()
    for suffix in ("-wal", "-shm"):
        (school.folder / f"{DATABASE_NAME}{suffix}").unlink(missing_ok=True)
    shutil.copy(where, school.folder / DATABASE_NAME)


def forget(school: School) -> None:
    """The notes beside the records are gone, too."""
    for name in (anchors.FILE_NAME, watermark.FILE_NAME, closed.FILE_NAME):
        (school.folder / name).unlink(missing_ok=True)


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


@pytest.fixture
def old(school: School, record: str, tmp_path: Path) -> School:
    """Yesterday's database was put back quietly: a student entered since is gone."""
    keep(school, tmp_path / "yesterday.db")
    tom = school.sign_in("tom")
    for given in ("Lost", "Gone", "Missing", "Away"):
        tom.people.add_student(NewStudent(given, "Sinceyesterday"))
    put_back(school, tmp_path / "yesterday.db")
    return school


def entries(workspace: Workspace) -> int:
    return workspace.log.head()[0]


def looks(workspace: Workspace) -> list[Opening]:
    with workspace._context.store.read() as session:
        return list(session.scalars(select(Opening).order_by(Opening.at_us)))


def test_an_old_database_opens_for_reading_only(old: School, record: str) -> None:
    tom = old.sign_in("tom")
    assert tom.held.held
    [doubt] = tom.held.report().doubts
    assert (doubt.code, doubt.source) == ("database-older", "file")
    assert doubt.lacking == doubt.seq - entries(tom) > 0
    assert doubt.at == old.clock.now()
    assert tom.people.search("mateo"), "the directory is there"
    assert tom.records.open(record).number == "BER-2026-0001"
    assert tom.records.document(record)


def test_nothing_is_written_whoever_tries(old: School, record: str) -> None:
    before = old.folder.joinpath(DATABASE_NAME).read_bytes()
    tom = old.sign_in("tom")
    head = tom.log.head()
    for deed in (
        lambda: tom.people.add_student(NewStudent("Ada", "Okoro")),
        tom.records.start,
        lambda: tom.records.amend(record, "report", "correction", "A word was wrong."),
        lambda: tom.copies.school_copy(record),
        lambda: tom.school.update(name="Other"),
        lambda: tom.accounts.disable(old.users["dana"]),
        lambda: tom.accounts.change_password(PASSWORD, "eleven purple lanterns at sea"),
        tom.backups.make,
        tom.backups.daily,
    ):
        with pytest.raises(RecordsHeld) as told:
            deed()
        assert "reading only" in told.value.sentence
    assert tom.log.head() == head
    tom.lock()
    assert old.folder.joinpath(DATABASE_NAME).read_bytes() == before


def test_the_engine_refuses_even_what_goes_past_the_services(old: School) -> None:
    tom = old.sign_in("tom")
    with pytest.raises(RecordsHeld), tom._context.store.read() as session:
        session.execute(text("DELETE FROM opening"))
    with pytest.raises(RecordsHeld), tom._context.store.write():
        raise AssertionError("nobody comes this far")


def test_what_is_being_written_when_it_is_found_out_is_dropped(school: School) -> None:
    tom = school.sign_in("tom")
    store = tom._context.store
    with pytest.raises(RecordsHeld), store.write() as session:  # noqa: PT012 - it ends in between
        session.execute(text("UPDATE school SET phone = '000'"))
        store.hold()
    store.release()
    assert tom.school.get().phone != "000"


def test_who_looks_meanwhile_finds_it_in_the_access_log_later(
    old: School, record: str, tmp_path: Path
) -> None:
    dana = old.sign_in("dana")
    before = len(looks(dana))
    dana.records.open(record)
    assert len(looks(dana)) == before
    sealed = (old.folder / held_log.FILE_NAME).read_bytes()
    assert old.ids["mateo"].partition(":")[2].encode() not in sealed
    tom = old.sign_in("tom", says="review")
    tom.records.open(record)
    tom.held.accept(PASSWORD, WHY)
    mine = [row for row in looks(tom)[before:] if row.user_id == old.users["tom"]]
    assert {(row.what, row.purpose) for row in mine} == {("open", "review")}
    assert (old.folder / held_log.FILE_NAME).exists(), "Dana's are told under her own signature"
    old.close()
    dana = old.sign_in("dana")
    assert {row.user_id for row in looks(dana)[before:]} == {old.users["tom"], old.users["dana"]}
    assert not (old.folder / held_log.FILE_NAME).exists()
    assert "sign_in" in [one.action for one in old.sign_in("tom").log.entries(20)]
    assert old.sign_in("tom").log.verify().holds


def test_a_look_is_told_once_although_the_program_was_killed_in_between(
    old: School, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = old.sign_in("tom")
    before = len(looks(tom))
    tom.records.open(record)
    lines = (old.folder / held_log.FILE_NAME).read_bytes()
    tom.held.accept(PASSWORD, WHY)
    count = len(looks(tom)) - before
    (old.folder / held_log.FILE_NAME).write_bytes(b"torn\n" + lines[:-20] + b"\n" + lines)
    old.close()
    again = old.sign_in("tom")
    assert len(looks(again)) - before == count
    assert again.log.verify().holds


def test_an_administrator_says_with_password_and_reason_that_it_is_known(
    old: School, record: str
) -> None:
    with pytest.raises(Denied):
        old.sign_in("olga").held.accept(PASSWORD, WHY)
    tom = old.sign_in("tom")
    with pytest.raises(ReasonNeeded):
        tom.held.accept(PASSWORD, "I know.")
    with pytest.raises(WrongPassword):
        tom.held.accept("not my password at all", WHY)
    assert tom.held.held
    tom.held.accept(PASSWORD, WHY)
    assert not tom.held.held
    entry = next(one for one in tom.log.entries(10) if one.action == "trail.accepted")
    assert entry.actor == "Tom Becker"
    assert "until" in entry.detail
    tom.people.add_student(NewStudent("Ada", "Okoro"))
    tom.lock()
    again = old.sign_in("tom")
    assert not again.held.held
    assert again.doubts == ()
    assert again.log.verify().holds
    [known] = again.held.known()
    assert (known.seq, known.by, known.words) == (entry.seq, "Tom Becker", WHY)


def test_what_is_put_back_after_that_is_found_again(
    old: School, record: str, tmp_path: Path
) -> None:
    """The same numbers, once more: the key file's edition tells the two apart."""
    tom = old.sign_in("tom")
    lost = tom.held.report().doubts[0].seq
    tom.held.accept(PASSWORD, WHY)
    assert entries(tom) < lost
    keep(old, tmp_path / "second.db")
    tom = old.sign_in("tom")
    assert entries(tom) <= lost, "within the numbers that were said to be known"
    put_back(old, tmp_path / "second.db")
    assert old.sign_in("tom").held.held


def test_a_history_written_anew_is_found_and_can_be_said_to_be_known(
    school: School, record: str, tmp_path: Path
) -> None:
    """Yesterday's database, worked in without its notes until it is longer than before."""
    keep(school, tmp_path / "yesterday.db")
    school.sign_in("tom").people.add_student(NewStudent("Lost", "Sinceyesterday"))
    school.close()
    notes = (school.folder / anchors.FILE_NAME).read_bytes()
    put_back(school, tmp_path / "yesterday.db")
    forget(school)
    for _ in range(3):
        school.sign_in("tom").people.add_student(NewStudent("Other", "Past"))
        school.close()
    (school.folder / anchors.FILE_NAME).write_bytes(notes)
    tom = school.sign_in("tom")
    assert {one.code for one in tom.held.findings} == {"history-differs"}
    tom.held.accept(PASSWORD, WHY)
    school.close()
    assert not school.sign_in("dana").held.held


def test_the_notes_beside_the_backups_tell_where_those_beside_the_records_are_gone(
    school: School, record: str, tmp_path: Path
) -> None:
    keep(school, tmp_path / "yesterday.db")
    school.sign_in("tom").backups.make()
    put_back(school, tmp_path / "yesterday.db")
    forget(school)
    tom = school.sign_in("tom")
    assert {one.source for one in tom.held.findings} == {"backup"}
    told = tom.held.report().backup
    assert told is not None
    assert told[2] > entries(tom), "the newest backup has what is missing here"
    school.close()
    (school.folder / "backups" / anchors.FILE_NAME).unlink()
    assert school.sign_in("tom").held.held, "its manifest tells"
    school.close()
    shutil.rmtree(school.folder / "backups")
    assert not school.sign_in("tom").held.held, "nothing in this folder is left that could tell"


def test_a_strangers_backup_keeps_nobody_from_writing(
    school: School, record: str, tmp_path: Path
) -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from bt_desktop.security import backup
    from bt_desktop.security.audit import Head

    made = school.sign_in("tom").backups.make()
    stranger = Ed25519PrivateKey.generate()
    manifest = replace(
        backup.read_manifest(made.folder),
        head=Head(10**9, "ab" * 32),
        signer=stranger.public_key().public_bytes_raw(),
    )
    (made.folder / backup.MANIFEST).write_bytes(backup.written(manifest, stranger))
    school.close()
    assert not school.sign_in("tom").held.held


def test_the_notes_at_the_second_place_tell_when_it_is_connected(
    school: School, record: str, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    tom = school.sign_in("tom")
    tom.backups.set_second(stick)
    keep(school, tmp_path / "yesterday.db")
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Lost", "Sinceyesterday"))
    tom.backups.make()
    tom.backups.copy_to_second()
    put_back(school, tmp_path / "yesterday.db")
    forget(school)
    shutil.rmtree(school.folder / "backups")
    tom = school.sign_in("tom")
    assert not tom.held.held
    found = ComputerService(tom._context, tom.held).look()
    assert {one.source for one in found.doubts} == {"second"}
    assert tom.held.held
    with pytest.raises(RecordsHeld):
        tom.records.start()
    school.close()
    stick.rename(tmp_path / "pulled out")
    tom = school.sign_in("tom")
    assert ComputerService(tom._context, tom.held).look().doubts == ()


def test_a_restored_backup_is_no_loss_to_be_asked_about(school: School, record: str) -> None:
    from bt_desktop.services import restore
    from tests.factory import FAST

    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.people.add_student(NewStudent("Lost", "Withthedisk"))
    tom.backups.make()
    school.close()
    restore.restore(
        made.folder, school.folder, school.users["tom"], PASSWORD, school.clock, kdf_policy=FAST
    )
    tom = school.sign_in("tom")
    assert tom.doubts == (), "also although a newer backup lies there"
    assert not tom.held.held
    assert tom.log.verify().holds


def test_a_list_of_looks_that_cannot_be_read_keeps_nobody_out(school: School) -> None:
    """A failing disk, told by the file as a folder: the lines wait for a later sign-in."""
    (school.folder / held_log.FILE_NAME).mkdir()
    tom = school.sign_in("tom")
    assert not tom.held.held
    assert tom.records.start()
