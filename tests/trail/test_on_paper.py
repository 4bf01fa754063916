"""A printed copy remembers the head of the trail: an old database is found out by it alone."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from bt_desktop.cli import main
from bt_desktop.paper.verify import verify
from bt_desktop.security import anchors, watermark
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services import closed, verification
from bt_desktop.services.copy_order import payload
from bt_desktop.services.on_paper import NoSquareCode, read_code, trail_code
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import FAST, PASSWORD, School, signed_report

WHY = "The disk was replaced on Monday; the day before is lost."


class Printed:
    """A school's copy that was printed today, as PDF and with its square code."""

    def __init__(self, school: School, folder: Path) -> None:
        self.record = signed_report(school)
        school.close()
        shutil.copy(school.folder / DATABASE_NAME, folder / "yesterday.db")
        tom = school.sign_in("tom")
        for letter in "ABCDEFGH":
            tom.people.add_student(NewStudent(letter, "Seenlater"))
        self.pdf = tom.copies.school_copy(self.record).pdf
        self.ca = tom.copies.school_ca_pem()
        self.told = verify(self.pdf, self.ca)
        assert self.told.audit_seq is not None
        assert self.told.audit_head is not None
        head = anchors.Head(self.told.audit_seq, self.told.audit_head)
        self.code = payload("BER-2026-0001", head, self.told.record_digest or "", self.ca)
        school.close()


@pytest.fixture
def printed(school: School, tmp_path: Path) -> Printed:
    return Printed(school, tmp_path)


def forget(school: School) -> None:
    """The notes beside the records are gone, too."""
    for name in (anchors.FILE_NAME, watermark.FILE_NAME, closed.FILE_NAME):
        (school.folder / name).unlink(missing_ok=True)


def rolled_back(school: School, tmp_path: Path) -> Workspace:
    """Yesterday's database, and everything in the folder that could tell is gone."""
    school.close()
    shutil.copy(tmp_path / "yesterday.db", school.folder / DATABASE_NAME)
    forget(school)
    tom = school.sign_in("tom")
    assert not tom.held.held
    return tom


def test_the_code_says_entry_head_record_and_school(school: School, printed: Printed) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    code = read_code(printed.code)
    assert (code.number, code.head.seq) == ("BER-2026-0001", printed.told.audit_seq)
    assert code.head.hash == printed.told.audit_head
    assert code.record_digest == printed.told.record_digest
    school_print = x509.load_pem_x509_certificate(printed.ca).fingerprint(SHA256()).hex()
    assert code.school == school_print[:16]
    assert len(printed.code) <= 163, "fits the square of 53 modules (design/security.md §3.3)"
    assert read_code(f" {printed.code[:80]}\n{printed.code[80:]} ") == code


@given(st.text(max_size=40) | st.text(alphabet="BTD1|=SEQHARCK-0", max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    for told in (text, f"BTD1|{text}"):
        with pytest.raises(NoSquareCode):
            read_code(told)


def test_a_paper_of_no_record_bears_the_head_alone(
    school: School, printed: Printed, tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    head = anchors.Head(printed.told.audit_seq or 0, printed.told.audit_head or "")
    text = trail_code(head, printed.ca)
    assert len(text) <= 106, "a square of 41 modules"
    code = read_code(text)
    assert (code.number, code.head, code.record_digest) == ("", head, "")
    seen = tom.log.square_code(text)
    assert (seen.kind, "names no record" in seen.remedy) == ("fits", True)
    stranger = text[: -len("0123456789abcdef")] + "0123456789abcdef"
    assert tom.log.square_code(stranger).kind == "not_ours"
    for half in (text.replace("|K=", "|REC=|K="), printed.code.replace("BER-2026-0001|", "")):
        with pytest.raises(NoSquareCode):
            read_code(half)
    tom = rolled_back(school, tmp_path)
    assert tom.log.square_code(text).kind == "older"


def test_on_the_day_it_was_made_it_fits(school: School, printed: Printed) -> None:
    tom = school.sign_in("tom")
    assert tom.log.square_code(printed.code).kind == "fits"
    seen = tom.log.on_paper(printed.told)
    assert seen is not None
    assert seen.kind == "fits"


def test_a_code_put_together_from_parts_is_not_believed(school: School, printed: Printed) -> None:
    tom = school.sign_in("tom")
    parts = printed.code.split("|")
    other = [*parts[:1], "BER-2026-0077", *parts[2:]]
    assert tom.log.square_code("|".join(other)).kind == "not_ours"
    stranger = [*parts[:-1], "K=0123456789abcdef"]
    assert tom.log.square_code("|".join(stranger)).kind == "not_ours"
    parts[3] = "HEAD=" + "A" * 52
    assert tom.log.square_code("|".join(parts)).kind == "other"


def test_a_database_older_than_a_print_is_found_out_by_it_alone(
    school: School, printed: Printed, tmp_path: Path
) -> None:
    tom = rolled_back(school, tmp_path)
    seen = tom.log.square_code(printed.code)
    assert seen.kind == "older"
    assert f"entry {printed.told.audit_seq}" in seen.sentence
    found = verification.check(
        printed.pdf, (printed.ca,), tom.copies.amended_since, tom.log.on_paper
    )
    assert found.kind == "records_older"
    assert "copy is genuine" in found.remedy
    for _ in range(16):
        tom.people.add_student(NewStudent("Other", "Past"))
    assert tom.log.square_code(printed.code).kind == "other", "longer again, and another history"


def test_a_print_from_before_a_restore_is_told_so(
    school: School, printed: Printed, tmp_path: Path
) -> None:
    school.close()
    shutil.copy(tmp_path / "yesterday.db", school.folder / DATABASE_NAME)
    tom = school.sign_in("tom")
    assert tom.held.held
    assert tom.log.square_code(printed.code).kind == "older"
    tom.held.accept(PASSWORD, WHY)
    seen = tom.log.square_code(printed.code)
    assert seen.kind == "known"
    assert not seen.is_fine


@pytest.fixture
def command(
    school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """`bt-desktop verify … --vault …` as Olga runs it."""
    monkeypatch.setattr("bt_desktop.services.access.PRODUCTION", FAST)

    def run(*words: object) -> tuple[int, str]:
        school.close()
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        capsys.readouterr()
        status = main(
            ["verify", *map(str, words), "--vault", str(school.folder), "--user", "Olga Petrenko",
             "--password-stdin"]
        )  # fmt: skip
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_the_command_tells_it_of_a_pdf_and_of_a_code(
    school: School, printed: Printed, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    pdf = tmp_path / "copy.pdf"
    pdf.write_bytes(printed.pdf)
    status, said = command(pdf)
    assert (status, "The trail has that entry" in said) == (0, True)
    status, said = command("--code", printed.code, "--json")
    assert status == 0
    told: dict[str, Any] = json.loads(said)
    assert (told["trail"], told["trail_entry"]) == ("fits", printed.told.audit_seq)
    rolled_back(school, tmp_path)
    status, said = command(pdf, "--json")
    assert status == 1
    told = json.loads(said)
    assert (told["kind"], told["trail"]) == ("records_older", "older")
    assert told["newest_entry"] < told["trail_entry"]
    status, said = command("--code", printed.code)
    assert (status, "older than the copy" in said) == (1, True)
    status, said = command("--code", "BTD1|nonsense")
    assert (status, "square code" in said) == (2, True)


def test_in_the_window_a_scanned_code_is_compared_with_the_open_records(
    qtbot: QtBot, school: School, printed: Printed, tmp_path: Path
) -> None:
    from bt_desktop.views.verify_window import VerifyWindow
    from tests.views.shell_kit import Office

    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    window = VerifyWindow(office.desk, tmp_path / "settings", office.workspace, office.window)
    window.show()
    window.code.setText("not a code")
    window.code_go.click()
    office.settle()
    assert "not the text of a square code" in window.code_frame.says()
    window.code.setText(printed.code)
    window.code_go.click()
    office.settle()
    assert window.headline.text() == "These records fit the print"
    window.close()
    office.window.lock()
    office.until(lambda: office.window.workspace is None)
    office.settle()
    rolled_back(school, tmp_path).lock()
    office.sign_in("tom")
    window = VerifyWindow(office.desk, tmp_path / "settings", office.workspace, office.window)
    window.show()
    window.code.setText(printed.code)
    window.code_go.click()
    office.settle()
    assert window.headline.text() == "These records are older than the print"
    window.close()
