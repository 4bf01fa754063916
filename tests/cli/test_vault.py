"""`verify`, `audit verify`, `school-ca`: told from the status alone, and in a sentence."""

from __future__ import annotations

import json
import random
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bt_desktop.paper.document import Ink
from bt_desktop.paper.seal import make_school_authority
from tests.cli.conftest import Run, program
from tests.factory import PASSWORD, School, signed_report

PLACES = 200


@pytest.fixture
def summary(told: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((told / "summary.json").read_text("utf-8"))
    return found


# --- verify --------------------------------------------------------------------------------------


def test_a_copy_of_a_record_that_was_amended_since(
    run: Run, school: School, tmp_path: Path
) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom")
    file = tmp_path / "copy.pdf"
    file.write_bytes(tom.copies.school_copy(record).pdf)
    tom.lock()
    vault = ("--vault", school.folder, "--user", "Tom Becker", "--password-stdin")
    before = run("verify", file, *vault, stdin=f"{PASSWORD}\n")
    assert before.status == 0, before.err

    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "The room was another one")
    dana.records.sign_part(record, "report", PASSWORD, Ink("typed", "Dana Whitcomb"))
    dana.lock()
    said = run("verify", file, *vault, stdin=f"{PASSWORD}\n")
    assert said.status == 1
    assert "Genuine; amended on November 12, 2026 (correction)" in said.out
    assert "newest copy" in said.out


@pytest.mark.parametrize("name", ["school-copy.pdf", "parent-copy.pdf"])
def test_a_genuine_copy(run: Run, told: Path, name: str) -> None:
    said = run("verify", told / name, "--ca", told / "school-ca.pem")
    assert said.status == 0
    assert "genuine" in said.out.lower()
    assert "BER-2026-0001" in said.out


def test_as_json(run: Run, told: Path) -> None:
    said = run("verify", told / "school-copy.pdf", "--ca", told / "school-ca.pem", "--json")
    verdict = json.loads(said.out)
    assert (said.status, verdict["kind"], verdict["record"]) == (0, "genuine", "BER-2026-0001")


def test_no_flipped_byte_is_genuine(run: Run, told: Path, tmp_path: Path) -> None:
    whole = (told / "parent-copy.pdf").read_bytes()
    chance = random.Random(20261112)
    places = {chance.randrange(len(whole)) for _ in range(PLACES // 2)}
    container = re.search(rb"/Contents <[0-9A-Fa-f]+>", whole)
    assert container is not None
    places |= {chance.randrange(*container.span()) for _ in range(PLACES // 2)}
    places |= {0, len(whole) - 1, *container.span(), container.end() - 2}
    file = tmp_path / "flipped.pdf"
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        file.write_bytes(changed)
        said = run("verify", file, "--ca", told / "school-ca.pem")
        assert said.status == 1, place
    for changed in (whole + b"\n", whole[:-1], whole + whole, whole[1:]):
        file.write_bytes(changed)
        assert run("verify", file, "--ca", told / "school-ca.pem").status == 1


def test_without_a_certificate_nobody_can_tell(run: Run, told: Path) -> None:
    said = run("verify", told / "school-copy.pdf")
    assert said.status == 3
    assert "certificate" in said.out


def test_another_schools_certificate_is_a_finding(run: Run, told: Path, tmp_path: Path) -> None:
    other = make_school_authority("Elsewhere", datetime(2026, 11, 1, tzinfo=UTC))
    (tmp_path / "other.pem").write_bytes(other.ca_cert_pem)
    assert run("verify", told / "school-copy.pdf", "--ca", tmp_path / "other.pem").status == 1


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7\n", b"hello", bytes(4096), b"%PDF" * 10_000])
def test_what_is_no_copy_of_ours_is_a_finding(
    run: Run, told: Path, tmp_path: Path, body: bytes
) -> None:
    (tmp_path / "x.pdf").write_bytes(body)
    said = run("verify", tmp_path / "x.pdf", "--ca", told / "school-ca.pem")
    assert said.status == 1


def test_missing_files_are_wrong_use(run: Run, told: Path, tmp_path: Path) -> None:
    assert run("verify", tmp_path / "none.pdf", "--ca", told / "school-ca.pem").status == 2
    assert run("verify", told / "school-copy.pdf", "--ca", tmp_path / "none.pem").status == 2


def test_a_certificate_that_is_none_gets_a_sentence(run: Run, told: Path, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    said = run("verify", told / "school-copy.pdf", "--ca", tmp_path / "ca.pem")
    assert said.status in (1, 2, 3)
    assert "fault in the program" not in said.err


@pytest.mark.slow
def test_the_real_program_says_the_same(told: Path, tmp_path: Path) -> None:
    home = str(tmp_path)
    copy, ca = told / "school-copy.pdf", told / "school-ca.pem"
    assert program("verify", copy, "--ca", ca, BT_DESKTOP_HOME=home).status == 0
    assert program("verify", copy, BT_DESKTOP_HOME=home).status == 3
    assert program("verify", tmp_path / "no.pdf", BT_DESKTOP_HOME=home).status == 2


# --- commands that open a vault ------------------------------------------------------------------


def test_the_open_vault_tells_its_own_copies(run: Run, told: Path, summary: dict[str, str]) -> None:
    said = run("verify", told / "school-copy.pdf", "--vault", told / "vault", "--user",
               summary["user"], "--password-stdin", stdin=summary["password"] + "\n")  # fmt: skip
    assert said.status == 0, said.err


def test_the_trail_of_the_demo_holds(run: Run, told: Path, summary: dict[str, str]) -> None:
    words = ("audit", "verify", "--vault", told / "vault", "--user", summary["user"],
             "--password-stdin")  # fmt: skip
    said = run(*words, stdin=summary["password"])
    assert said.status == 0, said.err
    assert "holds" in said.out
    told_json = json.loads(run(*words, "--json", stdin=summary["password"]).out)
    assert told_json["ok"] is True
    assert told_json["entries"] > 10
    assert told_json["first_wrong"] is None


def test_the_certificate_is_written_to_a_file(
    run: Run, told: Path, summary: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "for the parents" / "ca.pem"
    said = run("school-ca", "--out", out, "--vault", told / "vault", "--user",
               summary["user"].upper(), "--password-stdin", stdin=summary["password"])  # fmt: skip
    assert said.status == 0, said.err
    assert out.read_bytes() == (told / "school-ca.pem").read_bytes()


def test_a_wrong_password_cannot_tell(run: Run, told: Path, tmp_path: Path) -> None:
    vault = shutil.copytree(told / "vault", tmp_path / "vault")
    said = run("audit", "verify", "--vault", vault, "--user", "Tom Becker", "--password-stdin",
               stdin="not the one\n")  # fmt: skip
    assert said.status == 3
    assert said.out == ""
    assert "password" in said.err.lower()


def test_no_password_at_all_cannot_tell(run: Run, told: Path, tmp_path: Path) -> None:
    vault = shutil.copytree(told / "vault", tmp_path / "vault")
    said = run("audit", "verify", "--vault", vault, "--user", "Tom Becker", "--password-stdin")
    assert said.status == 3


def test_where_no_vault_is_it_is_wrong_use(run: Run, tmp_path: Path) -> None:
    for words in (("audit", "verify"), ("school-ca", "--out", tmp_path / "ca.pem")):
        said = run(*words, "--vault", tmp_path / "nothing", "--password-stdin", stdin="x")
        assert said.status == 2
        assert "no records" in said.err


def test_a_name_that_nobody_has_is_wrong_use_and_names_those_who_have(run: Run, told: Path) -> None:
    said = run("audit", "verify", "--vault", told / "vault", "--user", "Nobody",
               "--password-stdin", stdin="x")  # fmt: skip
    assert said.status == 2
    assert "Tom Becker" in said.err


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\x00" * 100, b'{"format": 999}', None],
    ids=["empty", "cut", "zeros", "other", "missing"],
)
def test_a_damaged_key_file_cannot_tell(
    run: Run, told: Path, tmp_path: Path, body: bytes | None
) -> None:
    vault = shutil.copytree(told / "vault", tmp_path / "vault")
    for path in vault.glob("vault.keys.json*"):
        path.unlink() if body is None else path.write_bytes(body)
    said = run("audit", "verify", "--vault", vault, "--user", "Tom Becker", "--password-stdin",
               stdin="x")  # fmt: skip
    assert said.status == 3
    assert "key" in said.err.lower()
