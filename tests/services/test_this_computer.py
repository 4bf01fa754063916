"""What this computer's keyring remembers: an old copy is noticed, nobody is kept out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bt_desktop.errors import Denied
from bt_desktop.security import anchors
from bt_desktop.security.device import KeyringOutcome
from bt_desktop.services import restore
from bt_desktop.services.computer import ComputerService, doubts_in_words
from bt_desktop.services.problems import ReasonNeeded, RestoreNotTold
from bt_desktop.services.workspace import Workspace
from tests.desk_keyring import KeyringOnTheDesk
from tests.factory import FAST, PASSWORD, School


def computer(workspace: Workspace, keyring: KeyringOnTheDesk) -> ComputerService:
    return ComputerService(workspace._context, workspace.held, keyring)


def test_an_old_copy_put_back_is_noticed_even_when_its_own_notes_came_with_it(
    school: School, tmp_path: Path
) -> None:
    keyring = KeyringOnTheDesk()
    school.sign_in("tom").lock()
    yesterday = tmp_path / "yesterday"
    shutil.copytree(school.folder, yesterday)

    today = school.sign_in("tom")
    assert computer(today, keyring).look().doubts == ()
    today.records.start()
    today.lock()
    later = school.sign_in("tom")
    assert computer(later, keyring).look().doubts == (), "going on as usual raises no doubt"
    later.lock()

    shutil.rmtree(school.folder)
    shutil.copytree(yesterday, school.folder)  # the whole folder, with its anchors.log
    restored = school.sign_in("tom")
    assert restored.doubts == (), "nothing inside the folder can tell"
    found = computer(restored, keyring).look()
    assert {d.code for d in found.doubts} == {"database-older"}
    assert "old copy" in doubts_in_words(found.doubts)[0]
    again = computer(restored, keyring).look()
    assert again.doubts, "the doubt stands: the keyring was not told to forget the newer head"


WHY = "The disk died; Monday's backup was put back."


def put_back(school: School, source: Path) -> None:
    restore.restore(
        source, school.folder, school.users["tom"], PASSWORD, school.clock, kdf_policy=FAST
    )


@pytest.fixture
def put_back_monday(school: School) -> KeyringOnTheDesk:
    """A backup was made, work went on and was seen here by Tom and Dana, the backup put back."""
    keyring = KeyringOnTheDesk()
    tom = school.sign_in("tom")
    made = tom.backups.make()
    tom.records.start()
    assert computer(tom, keyring).look().doubts == ()
    tom.lock()
    dana = school.sign_in("dana")
    assert computer(dana, keyring).look().doubts == ()
    dana.lock()
    put_back(school, made.folder)
    return keyring


def test_a_restore_that_the_trail_tells_of_is_accepted_by_an_administrator_with_a_reason(
    school: School, put_back_monday: KeyringOnTheDesk
) -> None:
    keyring = put_back_monday
    tom = school.sign_in("tom")
    found = computer(tom, keyring).look()
    assert found.doubts, "what was seen later is gone"
    assert found.restored, "and the restore accounts for it"
    assert computer(tom, keyring).look().doubts, "looking accepts nothing"
    with pytest.raises(ReasonNeeded):
        computer(tom, keyring).accept("broken")
    assert computer(tom, keyring).look().doubts
    assert computer(tom, keyring).accept(WHY).doubts == ()
    newest = next(one for one in tom.log.entries(5) if one.action == "restore.accepted")
    assert WHY not in newest.detail
    assert tom.log.verify().holds
    tom.lock()
    dana = school.sign_in("dana")
    assert computer(dana, keyring).look().doubts == (), "on this computer it is over for everybody"
    with pytest.raises(Denied):
        computer(dana, keyring).accept(WHY)


def test_an_old_copy_of_which_the_trail_tells_nothing_cannot_be_accepted(
    school: School, tmp_path: Path
) -> None:
    keyring = KeyringOnTheDesk()
    tom = school.sign_in("tom")
    tom.backups.make()
    tom.lock()
    shutil.copytree(school.folder, tmp_path / "yesterday")
    today = school.sign_in("tom")
    today.records.start()
    computer(today, keyring).look()
    today.lock()
    shutil.rmtree(school.folder)
    shutil.copytree(tmp_path / "yesterday", school.folder)
    tom = school.sign_in("tom")
    found = computer(tom, keyring).look()
    assert (bool(found.doubts), found.restored) == (True, False)
    with pytest.raises(RestoreNotTold):
        computer(tom, keyring).accept(WHY)
    assert computer(tom, keyring).look().doubts


def test_a_restore_does_not_account_for_what_it_left_alone(
    school: School, put_back_monday: KeyringOnTheDesk
) -> None:
    tom = school.sign_in("tom")
    with tom._context.store.read() as session:
        restored = anchors.restores(session)
    [at] = [one.seq for one in restored]

    def finding(code: str, seq: int) -> anchors.AnchorFinding:
        return anchors.AnchorFinding(code, seq, "keyring")

    assert anchors.explained(finding("history-differs", at), restored)
    assert anchors.explained(finding("database-older", at + 40), restored)
    assert not anchors.explained(finding("history-differs", at - 1), restored)
    assert anchors.explained(finding("key-file-older", at - 1), restored)
    assert not anchors.explained(finding("key-file-older", at - 2), restored)
    assert not anchors.explained(finding("anchors-altered", at + 1), restored)
    assert not anchors.explained(finding("history-differs", at + 40), ())


def test_an_old_copy_does_not_hide_behind_a_restore_that_was_accepted_before(
    school: School, put_back_monday: KeyringOnTheDesk, tmp_path: Path
) -> None:
    keyring = put_back_monday
    tom = school.sign_in("tom")
    computer(tom, keyring).accept(WHY)
    tom.lock()
    shutil.copytree(school.folder, tmp_path / "yesterday")
    tom = school.sign_in("tom")
    tom.records.start()
    assert computer(tom, keyring).look().doubts == ()
    tom.lock()
    shutil.rmtree(school.folder)
    shutil.copytree(tmp_path / "yesterday", school.folder)
    tom = school.sign_in("tom")
    found = computer(tom, keyring).look()
    assert (bool(found.doubts), found.restored) == (True, False)
    with pytest.raises(RestoreNotTold):
        computer(tom, keyring).accept(WHY)


def test_a_trail_that_does_not_hold_proves_no_restore(
    school: School, put_back_monday: KeyringOnTheDesk
) -> None:
    from sqlalchemy import text

    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("UPDATE audit SET sig = zeroblob(64) WHERE seq = 3"))
    with pytest.raises(RestoreNotTold):
        computer(tom, put_back_monday).accept(WHY)


@pytest.mark.parametrize(
    "outcome",
    [o for o in KeyringOutcome if not o.usable],
)
def test_without_a_usable_keyring_the_password_is_enough(
    school: School, outcome: KeyringOutcome
) -> None:
    workspace = school.sign_in("dana")
    found = computer(workspace, KeyringOnTheDesk(outcome)).look()
    assert not found.usable
    assert found.sentence == outcome.value
    assert "password works as usual" in found.sentence
    assert workspace.records.start(), "the records are open all the same"


def test_wrong_tries_are_told_once_at_the_next_sign_in(school: School) -> None:
    from bt_desktop.security.problems import WrongPassword

    with pytest.raises(WrongPassword):
        school.sign_in("dana", "not the password")
    workspace = school.sign_in("dana")
    assert any("wrong password was tried 1 time " in line for line in workspace.news)
    workspace.lock()
    assert school.sign_in("dana").news == ()
