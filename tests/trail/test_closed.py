"""The file is compared with how it was closed: what no entry tells of does not change unseen."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bt_desktop.cli import main
from bt_desktop.clock import SetClock
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.models.store import connect
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME
from bt_desktop.services import access, closed
from bt_desktop.services.computer import doubts_in_words
from bt_desktop.services.results.people import NewStudent
from tests.factory import FAST, PASSWORD, SETUP, School

PAGE = 4096
Verify = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture
def verify(
    school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """`bt-desktop audit verify --json`: status, and what it said."""
    monkeypatch.setattr("bt_desktop.services.access.PRODUCTION", FAST)

    def run() -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        capsys.readouterr()
        status = main(
            ["audit", "verify", "--vault", str(school.folder), "--user", "Amir Haddad",
             "--password-stdin", "--json"]
        )  # fmt: skip
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def database(school: School) -> Path:
    """The file of a school that was closed."""
    school.close()
    school.sign_in("tom").lock()
    return school.folder / DATABASE_NAME


def edited(school: School, database: Path, deed: str) -> None:
    """As somebody with the key would."""
    tom = school.sign_in("tom")
    key = bytearray(tom._context.keys.database_key)
    tom.lock()
    connection = connect(database, key)
    try:
        assert connection.execute(deed).rowcount > 0
    finally:
        connection.close()


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE student SET custody_alert = 'none'",
        "UPDATE record SET state = 'draft', owner_user = 'somebody'",
        "DELETE FROM deadline",
        "UPDATE draft_part SET answers = '{ }'",
        "DELETE FROM staff WHERE id NOT IN (SELECT staff_id FROM account)",
    ],
)
def test_an_edit_that_no_entry_tells_of_is_found(
    school: School, database: Path, verify: Verify, deed: str
) -> None:
    from bt_desktop.services.results.people import NewStaff
    from tests.factory import signed_report

    signed_report(school)
    tom = school.sign_in("tom")
    tom.records.start()
    tom.people.add_staff(NewStaff("Una", "Reyes", "Aide"))
    school.close()
    assert verify()[0] == 0
    edited(school, database, deed)
    status, said = verify()
    assert (status, said["ok"], said["reason"]) == (1, False, "file-changed")
    assert f"since entry {said['first_wrong']}" in said["sentence"]
    assert verify()[0] == 1, "looking does not make it good"


def test_each_old_page_put_back_is_found(school: School, database: Path, verify: Verify) -> None:
    """A student's alert goes back with one page that passes SQLCipher's check and SQLite's."""
    old = database.read_bytes()
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Ana", "Brook"))
    tom.lock()
    new = database.read_bytes()
    kept = {path: path.read_bytes() for path in school.folder.iterdir() if path.is_file()}
    changed = [
        at for at in range(0, min(len(old), len(new)), PAGE)
        if old[at : at + PAGE] != new[at : at + PAGE]
    ]  # fmt: skip
    assert len(changed) > 3
    for at in changed:
        for path, data in kept.items():
            path.write_bytes(data)
        database.write_bytes(new[:at] + old[at : at + PAGE] + new[at + PAGE :])
        status, _ = verify()
        assert status != 0, f"the old page at {at} was taken for the newest"


def test_one_bit_in_any_page_is_found(school: School, database: Path, verify: Verify) -> None:
    whole = database.read_bytes()
    kept = {path: path.read_bytes() for path in school.folder.iterdir() if path.is_file()}
    for at in range(1000, len(whole), 23 * PAGE):
        for path, data in kept.items():
            path.write_bytes(data)
        database.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        status, said = verify()
        assert status != 0, f"byte {at}"
        assert said["reason"] in ("page-damaged", "storage-damaged", "file-changed")


@pytest.mark.parametrize("more", [b"x", bytes(PAGE)])
def test_something_at_the_end_of_the_file_is_found(
    school: School, database: Path, verify: Verify, more: bytes
) -> None:
    with database.open("ab") as file:
        file.write(more)
    assert verify()[0] == 1


def test_a_longer_file_is_found_where_nothing_can_be_compared(
    school: School, database: Path, verify: Verify
) -> None:
    (school.folder / closed.FILE_NAME).unlink()
    with database.open("ab") as file:
        file.write(bytes(PAGE))
    status, said = verify()
    assert (status, said["reason"], said["first_wrong"]) == (1, "page-damaged", 0)


def test_it_opens_for_reading_until_somebody_says_that_it_is_known(
    school: School, database: Path
) -> None:
    edited(school, database, "UPDATE student SET custody_alert = 'none'")
    olga = school.sign_in("olga")
    assert olga.held.held
    assert "not the one that was closed" in doubts_in_words(olga.doubts)[0]
    with pytest.raises(RecordsHeld):
        olga.records.start()
    olga.lock()
    tom = school.sign_in("tom")
    assert tom.held.report().doubts[0].detail == "file-changed"
    tom.held.accept(PASSWORD, "Our technician mended it with us sitting beside.")
    tom.records.start()
    tom.lock()
    again = school.sign_in("tom")
    assert not again.held.held
    again.lock()
    edited(school, database, "UPDATE student SET custody_alert = 'another'")
    assert school.sign_in("tom").held.held, "what is known is that time, and no later one"


def test_yesterdays_database_without_any_note_beside_it(
    school: School, database: Path, tmp_path: Path, verify: Verify
) -> None:
    """With `records.closed` alone left, an old file is still known for one."""
    shutil.copy(database, tmp_path / "old.db")
    school.sign_in("tom").lock()
    shutil.copy(tmp_path / "old.db", database)
    for name in ("anchors.log", "records.mark"):
        (school.folder / name).unlink()
    assert verify()[0] == 1


def test_the_notes_that_are_gone_are_told(school: School, database: Path, verify: Verify) -> None:
    (school.folder / "anchors.log").unlink()
    assert [one.code for one in school.sign_in("tom").doubts] == ["anchors-altered"]


def test_a_kill_in_the_middle_of_the_first_sign_in_raises_no_alarm(
    tmp_path: Path, clock: SetClock
) -> None:
    """Its entry is there, and `anchors.log` was not begun yet."""
    vault = tmp_path / "vault"
    made = access.set_up(vault, SETUP, clock, kdf_policy=FAST)
    groups = made.recovery_key.split("-")
    made.confirm(*(groups[number - 1] for number in made.asked)).lock()
    (vault / "anchors.log").unlink()
    [user] = access.vault_status(vault).users
    again = access.unlock(vault, user.user_id, SETUP.admin_password, clock, kdf_policy=FAST)
    assert again.doubts == ()
    assert again.log.verify().holds
    again.lock()


def test_after_a_kill_nothing_is_compared_and_nothing_is_called_wrong(
    school: School, database: Path, tmp_path: Path, verify: Verify
) -> None:
    """What a killed program leaves: a log beside, and the note of the closing before."""
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Ana", "Brook"))
    killed = tmp_path / "killed"
    shutil.copytree(school.folder, killed)
    tom.lock()
    shutil.rmtree(school.folder)
    killed.rename(school.folder)
    status, said = verify()
    assert (status, said["ok"], said["holds"], said["compared"]) == (3, False, True, False)
    assert "was not compared" in said["sentence"]
    status, said = verify()
    assert (status, said["compared"]) == (0, True)


def test_a_kill_between_closing_and_its_note_raises_no_alarm(
    school: School, database: Path, verify: Verify
) -> None:
    before = (school.folder / closed.FILE_NAME).read_bytes()
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Ana", "Brook"))
    tom.lock()
    (school.folder / closed.FILE_NAME).write_bytes(before)
    status, said = verify()
    assert (status, said["compared"]) == (3, False)


def test_a_note_of_another_hand_says_nothing(
    school: School, database: Path, verify: Verify
) -> None:
    note = school.folder / closed.FILE_NAME
    told = note.read_text("ascii")
    for other in (told.replace("z1 ", "z1 9"), "", "\xff", told[:40], told[:-20] + "0" * 20):
        note.write_bytes(other.encode("latin-1"))
        status, said = verify()
        assert (status, said["compared"]) == (3, False)
    assert verify()[1]["compared"], "the verification before closed it properly"


def test_a_store_too_large_to_compare_while_somebody_waits(
    school: School, database: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed, "AT_SIGN_IN", 4 * PAGE)
    edited(school, database, "UPDATE student SET custody_alert = 'none'")
    kept = {path: path.read_bytes() for path in school.folder.iterdir() if path.is_file()}
    tom = school.sign_in("tom")
    assert not tom.held.held
    assert not tom.compared
    tom.lock()
    for path, data in kept.items():
        path.write_bytes(data)
    assert verify()[0] == 1, "the command looks at every page"


def test_a_folder_that_cannot_be_written_keeps_nobody_from_locking(
    school: School, database: Path
) -> None:
    note = school.folder / closed.FILE_NAME
    note.unlink()
    note.mkdir()
    tom = school.sign_in("tom")
    tom.lock()
    assert tom.locked


def test_the_changed_key_and_a_restore_raise_no_alarm(school: School, database: Path) -> None:
    from bt_desktop.services import restore

    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.key_change.change()
    tom.lock()
    again = school.sign_in("tom")
    assert again.compared
    assert not again.held.held
    again.lock()
    restore.restore(
        made.folder, school.folder, school.users["tom"], PASSWORD, school.clock, kdf_policy=FAST
    )
    put_back = school.sign_in("tom")
    assert not put_back.held.held
    put_back.lock()
    last = school.sign_in("tom")
    assert last.compared
    assert not last.held.held


@pytest.mark.parametrize("harm", ["flipped", "gone", "empty"])
def test_a_key_file_that_its_copy_had_to_replace_is_told(
    school: School, database: Path, verify: Verify, harm: str
) -> None:
    file = school.folder / FILE_NAME
    if harm == "gone":
        file.unlink()
    else:
        data = bytearray(file.read_bytes() if harm == "flipped" else b"")
        data[100:101] = bytes(byte ^ 1 for byte in data[100:101])
        file.write_bytes(bytes(data))
    status, said = verify()
    assert (status, said["reason"]) == (1, "key-file-repaired")
    assert verify()[0] == 0, "it was put right"
    file.unlink()
    tom = school.sign_in("tom")
    assert "copy took its place" in tom.news[0]
    assert not tom.held.held
