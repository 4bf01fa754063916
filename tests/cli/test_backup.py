"""`backup` and `restore` without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from bt_desktop.services.backups import FOLDER, listed
from tests.cli.conftest import Run
from tests.factory import PASSWORD, School

TOM = ("--user", "Tom Becker", "--password-stdin")


@pytest.fixture
def made(run: Run, school: School) -> Path:
    said = run("backup", "--vault", school.folder, *TOM, stdin=f"{PASSWORD}\n")
    assert said.status == 0, said.err
    [one] = listed(school.folder / FOLDER)
    assert one.name in said.out
    return one.folder


def test_a_backup_is_made_checked_and_put_back(run: Run, school: School, made: Path) -> None:
    said = run("backup", "--vault", school.folder, "--check", made.name, *TOM, stdin=PASSWORD)
    assert (said.status, "Whole and unchanged" in said.out) == (0, True), said.err
    (school.folder / "records.db").write_bytes(b"the disk died here")
    said = run("restore", made, "--vault", school.folder, *TOM, stdin=f"{PASSWORD}\n")
    assert said.status == 0, said.err
    assert "records.db.replaced-" in said.out
    said = run("audit", "verify", "--vault", school.folder, *TOM, stdin=f"{PASSWORD}\n")
    assert said.status == 0, said.err


def test_a_damaged_one_is_a_finding_and_changes_nothing(
    run: Run, school: School, made: Path
) -> None:
    with (made / "records.db").open("r+b") as file:
        file.seek(9000)
        file.write(b"?")
    for words in (("backup", "--check", made.name), ("restore", made)):
        said = run(*words, "--vault", school.folder, *TOM, stdin=f"{PASSWORD}\n")
        assert said.status == 1
        assert "not whole" in said.err
    assert school.sign_in("tom").people.search("mateo")


def test_wrong_password_and_no_backup(run: Run, school: School, made: Path, tmp_path: Path) -> None:
    said = run("restore", made, "--vault", tmp_path / "new", *TOM, stdin="not this one\n")
    assert said.status == 3
    said = run("restore", tmp_path, "--vault", tmp_path / "new", *TOM, stdin=PASSWORD)
    assert said.status in (2, 3)
    assert "no backup" in said.err
