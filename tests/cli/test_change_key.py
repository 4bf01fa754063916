"""`change-key` without a window."""

from __future__ import annotations

from bt_desktop import paths
from bt_desktop.one_at_a_time import OneAtATime
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.permissions import Role
from tests.cli.conftest import Run
from tests.factory import PASSWORD, School

TOM = ("--user", "Tom Becker", "--password-stdin")


def generation(school: School) -> int:
    return KeyFileStore(school.folder).peek().generation


def test_the_key_is_changed_when_it_is_owed(run: Run, school: School) -> None:
    words = ("change-key", "--vault", school.folder, *TOM)
    said = run(*words, "--look", stdin=PASSWORD)
    assert (said.status, said.out) == (0, "No change is owed.\n"), said.err
    tom = school.sign_in("tom")
    tom.accounts.disable(school.users["dana"])
    tom.lock()
    said = run(*words, "--look", stdin=PASSWORD)
    assert said.status == 1
    assert "account was closed" in said.out
    assert generation(school) == 1
    said = run(*words, stdin=PASSWORD)
    assert (said.status, said.err) == (0, "")
    assert "same password" in said.out
    assert generation(school) == 2
    assert run(*words, "--look", stdin=PASSWORD).status == 0
    assert run("audit", "verify", "--vault", school.folder, *TOM, stdin=PASSWORD).status == 0


def test_a_second_administrator_types_theirs_after_it(run: Run, school: School) -> None:
    tom = school.sign_in("tom")
    tom.accounts.set_role(school.users["priya"], Role.ADMINISTRATOR)
    tom.lock()
    words = ("change-key", "--vault", school.folder, *TOM)
    for second, typed in (((), ""), (("--second", "Dana Whitcomb"), PASSWORD)):
        said = run(*words, *second, stdin=f"{PASSWORD}\n{typed}\n")
        assert said.status == 3
        assert "two administrators" in said.err
    said = run(*words, "--second", "priya raman", stdin=f"{PASSWORD}\nnot this one\n")
    assert said.status == 3
    assert generation(school) == 1
    said = run(*words, "--second", "priya raman", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert said.status == 0, said.err
    assert generation(school) == 2


def test_not_while_the_window_has_it_open(run: Run, school: School) -> None:
    window = OneAtATime(school.folder, paths.settings_dir())
    assert window.hold()
    said = run("change-key", "--vault", school.folder, *TOM, stdin=PASSWORD)
    window.release()
    assert said.status == 3
    assert "close it first" in said.err
    assert generation(school) == 1


def test_a_technician_does_not(run: Run, school: School) -> None:
    who = ("--user", "Dana Whitcomb", "--password-stdin")
    said = run("change-key", "--vault", school.folder, *who, stdin=PASSWORD)
    assert said.status == 3
    assert generation(school) == 1
