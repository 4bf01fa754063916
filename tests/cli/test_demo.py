"""`bt-desktop demo` and `bt-desktop open` where nobody can see a window."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bt_desktop import cli, demo
from bt_desktop.cli import demo as demo_command
from bt_desktop.paper.verify import verify
from bt_desktop.security.permissions import Role
from tests.cli.conftest import Run, program
from tests.factory import FAST
from tests.paper import pdf


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with a cheap key derivation; all else as it is."""
    monkeypatch.setattr(
        demo_command, "Demo", lambda out, years: demo.Demo(out, policy=FAST, years=0.0)
    )


def test_the_folder_holds_what_is_promised(told: Path) -> None:
    made = {p.name for p in told.iterdir() if not p.name.startswith(".")}
    assert made == {
        "school-copy.pdf", "parent-copy.pdf", "school-ca.pem", "vault", "summary.json",
        "mar-controlled.pdf", "mar-prn.pdf", "medicine-given-notice.pdf",
    }  # fmt: skip
    summary = json.loads((told / "summary.json").read_text("utf-8"))
    assert set(summary) == {"record", "user", "password", "accounts", "copies", "seconds"}
    assert summary["record"] == "BER-2026-0001"
    assert [c["file"] for c in summary["copies"]] == ["school-copy.pdf", "parent-copy.pdf"]
    for copy in summary["copies"]:
        assert copy["sha256"] == hashlib.sha256((told / copy["file"]).read_bytes()).hexdigest()
    assert summary["seconds"]
    assert all(isinstance(s, float) and s >= 0 for s in summary["seconds"].values())


def test_a_month_of_a_controlled_medicine_lies_there_filled_from_the_vault(told: Path) -> None:
    paper = (told / "mar-controlled.pdf").read_bytes()
    front, *behind = pdf.pages(paper)
    grid = " ".join(front.split())
    for words in (
        "Marcus Delgado", "October 2026", "Methylphenidate 10 mg tablet (C-II, controlled)",
        "Penicillin (hives)", "Renata Delgado, (555) 010-0154", "MC*", "12:48p", "+30/", "−1/",
        "Closed Nov 13, 2026, 9:45 am, with one cell not documented", "Record hash",
    ):  # fmt: skip
        assert words in grid
    assert front.count("☐") == 2
    left = next(line.split()[1:] for line in front.splitlines() if "Remaining" in line)
    assert left[:4] == ["17", "16", "15", "14"]
    back = " ".join(" ".join(behind).split())
    for words in (
        "Refused: He said his stomach hurt", "Absent.", "Loretta Haines", "fell into the sink",
        "Not documented: Nobody who was here", "The computer was being repaired", "Struck:",
        "One tablet was in the lid",
    ):  # fmt: skip
        assert words in back
    assert verify(paper, (told / "school-ca.pem").read_bytes()).kind == "genuine"


def test_each_role_can_be_tried_the_auditor_too(told: Path, run: Run, tmp_path: Path) -> None:
    accounts = json.loads((told / "summary.json").read_text("utf-8"))["accounts"]
    assert {one["role"] for one in accounts} == {role.value for role in Role}
    [auditor] = [one for one in accounts if one["role"] == "auditor"]
    vault = shutil.copytree(told / "vault", tmp_path / "vault")
    out = tmp_path / "trail.jsonl"
    who = ("--vault", vault, "--user", auditor["user"], "--password-stdin")
    said = run("audit", "export", "--out", out, *who, stdin=f"{auditor['password']}\n")
    assert said.status == 0, said.err
    assert "Haddad" not in out.read_text("ascii")


def test_a_month_of_a_medicine_given_as_needed_lies_there_too(told: Path) -> None:
    front, back = pdf.pages((told / "mar-prn.pdf").read_bytes())
    assert "for headache; at least 6 hours apart; at most 1 a day" in " ".join(front.split())
    for initials in ("MC", "LH"):
        assert initials in front
    told_back = " ".join(back.split())
    for words in ("Gone, back in class.", "not documented", "not checked", "(worse)", "not given"):
        assert words in told_back


def test_the_paper_that_tells_a_mother_of_a_dose_lies_there(told: Path) -> None:
    paper = (told / "medicine-given-notice.pdf").read_bytes()
    [page] = pdf.pages(paper)
    words = " ".join(page.split())
    for part in (
        "Łucja got medicine at school", "EARLIEST NEXT DOSE 4:05 pm, Friday, November 13",
        "at least 6 hours between two doses", "1 tablet (200 mg), by mouth",
        "Headache after music", "At 11:00 am: Gone, back in class.", "in Polish",
        "for Agnieszka Kowalczyk", "MED-2026-0001",
    ):  # fmt: skip
        assert part in words, part
    for other in ("Mateo", "Delgado", "Ibuprofen Lysine"):
        assert other not in words
    assert verify(paper, (told / "school-ca.pem").read_bytes()).kind == "genuine"


@pytest.mark.slow
def test_the_real_program_tells_it_with_a_real_key_derivation(tmp_path: Path) -> None:
    said = program(
        "demo", "--event-only", "--out", tmp_path / "demo", BT_DESKTOP_HOME=str(tmp_path / "home")
    )
    assert said.status == 0, said.err
    assert "BER-2026-0001" in said.out
    assert (tmp_path / "demo" / "parent-copy.pdf").is_file()


@pytest.mark.slow
@pytest.mark.usefixtures("cheap")
def test_a_second_run_replaces_the_folder(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    assert run("demo", "--out", out).status == 0
    first = (out / "school-copy.pdf").read_bytes()
    (out / "left behind").write_text("by somebody")
    said = run("demo", "--out", out)
    assert said.status == 0
    assert "BER-2026-0001" in said.out
    assert not (out / "left behind").exists()
    assert (out / "school-copy.pdf").read_bytes() != first


def test_a_folder_that_no_demo_made_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"a school's years of work")
    said = run("demo", "--out", tmp_path)
    assert said.status == cli.WRONG_USE
    assert "name another folder" in said.err
    assert (tmp_path / "records.db").read_bytes() == b"a school's years of work"


def test_a_file_in_the_place_of_the_folder_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert run("demo", "--out", tmp_path / "file").status == cli.WRONG_USE
    assert (tmp_path / "file").read_text() == "mine"


def test_without_a_screen_open_says_so_and_names_the_demo(tmp_path: Path) -> None:
    said = program("open", "--vault", tmp_path, BT_DESKTOP_HOME=str(tmp_path), DISPLAY="")
    assert said.status == cli.CANNOT_TELL
    assert "no screen" in said.out
    assert "bt-desktop demo" in said.err


@pytest.mark.parametrize("words", [["--vault"], ["open", "--vault"]])
def test_open_may_be_left_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    said = run(*words, tmp_path)
    assert said.status == cli.CANNOT_TELL
    assert "no screen" in said.out


@pytest.mark.slow
@pytest.mark.usefixtures("cheap")
def test_without_a_screen_make_run_tells_the_event(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    said = run("open", "--or-demo", tmp_path / "demo")
    assert said.status == cli.DONE
    assert "no screen" in said.out
    assert "BER-2026-0001" in said.out


@pytest.mark.parametrize("words", [["demmo"], ["forms"], ["roster"], ["verify"], ["audit"], ["--x"],
                                   ["audit", "verify"], ["school-ca", "--out", "x"]])  # fmt: skip
def test_a_command_that_makes_no_sense_is_wrong_use(run: Run, words: list[str]) -> None:
    said = run(*words)
    assert said.status == cli.WRONG_USE
    assert "usage:" in said.err


def test_help_names_every_status(run: Run) -> None:
    said = run("--help")
    assert said.status == 0
    assert "0 done, 1 a finding, 2 wrong use, 3 cannot tell" in " ".join(said.out.split())
