"""`bt-desktop roster check`: a preview without a vault, whatever lies there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.services.oneroster_maker import SECRET, large, small


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_roster_is_previewed(run: Run, tmp_path: Path, version: str, as_zip: bool) -> None:
    made = small(version)
    place = made.zip(tmp_path / "r.zip", "export/") if as_zip else made.write(tmp_path / "r")
    said = run("roster", "check", place)
    assert said.status == 0
    told = json.loads(said.out)
    assert set(told) >= {"students", "guardians", "staff", "problems"}
    assert len(told["students"]) == 3
    assert len(told["guardians"]) == 1
    assert told["problems"] == []
    assert SECRET not in said.out


def test_two_students_with_one_id_are_a_problem_with_its_line(run: Run, tmp_path: Path) -> None:
    made = small().student("s-mateo", "Aaliyah", "Brooks", grades="02")
    said = run("roster", "check", made.write(tmp_path / "r"))
    assert said.status == 0
    [problem] = json.loads(said.out)["problems"]
    assert (problem["file"], problem["line"]) == ("users.csv", 9)
    assert problem["reason"]


def test_a_file_that_ends_in_the_middle_of_a_row_is_told(run: Run, tmp_path: Path) -> None:
    made = small()
    whole = made.texts()["users.csv"]
    cut = whole[: whole.index("Whitcomb")]
    said = run("roster", "check", made.write(tmp_path / "r", users=cut))
    assert said.status == 0
    told = json.loads(said.out)
    assert len(told["students"]) == 3
    assert any(p["file"] == "users.csv" and p["line"] == 8 for p in told["problems"])


@pytest.mark.parametrize(
    ("name", "body"),
    [("notes.txt", b"no roster"), ("x.zip", b"PK\x03\x04 but not really"), ("x.csv", b"a,b\n1,2\n"),
     ("x.zip", b""), ("x.pdf", b"%PDF-1.7")],
)  # fmt: skip
def test_what_is_no_roster_is_wrong_use(run: Run, tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    said = run("roster", "check", tmp_path / name)
    assert said.status == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 2, "what it is, and what to do"


def test_an_empty_or_missing_folder_is_no_roster(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("roster", "check", tmp_path / "empty").status == 2
    assert run("roster", "check", tmp_path / "nowhere").status == 2


@pytest.mark.slow
def test_fifty_thousand_people_are_read(run: Run, tmp_path: Path) -> None:
    place = large(25_000).zip(tmp_path / "big.zip")  # each with a parent
    said = run("roster", "check", place)
    told = json.loads(said.out)
    assert said.status == 0
    assert (len(told["students"]), len(told["guardians"])) == (25_000, 25_000)
    assert told["problems"] == []
