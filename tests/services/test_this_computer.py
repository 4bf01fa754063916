"""What this computer's keyring remembers: an old copy is noticed, nobody is kept out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bt_desktop.security.device import Answer, KeyringOutcome
from bt_desktop.services.computer import ComputerService, doubts_in_words
from bt_desktop.services.workspace import Workspace
from tests.factory import School


class KeyringOnTheDesk:
    """A keyring in memory; `outcome` other than FOUND is what every question gets."""

    def __init__(self, outcome: KeyringOutcome = KeyringOutcome.FOUND) -> None:
        self.outcome = outcome
        self.items: dict[str, str] = {}

    def name(self) -> str:
        return "Keyring on the desk"

    def get(self, service: str) -> Answer:
        if self.outcome is not KeyringOutcome.FOUND:
            return Answer(self.outcome)
        if service not in self.items:
            return Answer(KeyringOutcome.NOTHING_STORED)
        return Answer(KeyringOutcome.FOUND, self.items[service])

    def set(self, service: str, value: str) -> Answer:
        if self.outcome is not KeyringOutcome.FOUND:
            return Answer(self.outcome)
        self.items[service] = value
        return Answer(KeyringOutcome.FOUND, value)

    def delete(self, service: str) -> Answer:
        self.items.pop(service, None)
        return Answer(KeyringOutcome.NOTHING_STORED)


def computer(workspace: Workspace, keyring: KeyringOnTheDesk) -> ComputerService:
    return ComputerService(workspace._context, keyring)


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
