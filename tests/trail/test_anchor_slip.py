"""The anchor slip: the trail's head on paper, found again by its code, missed after a rollback."""

from __future__ import annotations

import io
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.cli import main
from bt_desktop.errors import Denied
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.paper.verify import verify
from bt_desktop.security import anchors, watermark
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services import closed, verification
from bt_desktop.services.on_paper import read_code
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.settings_log import LogSection
from bt_desktop.views.verify_window import VerifyWindow
from tests.factory import FAST, PASSWORD, School
from tests.paper import pdf
from tests.views.shell_kit import Office, shown_text


def code_of(page: bytes) -> str:
    """The code as it stands on the page, typed by somebody without a scanner."""
    lines = pdf.words(page)
    start = lines.index("BTD1|")
    letters = "".join(lines[start:].split())
    return letters[: letters.index("|K=") + len("|K=") + 16]


def rolled_back(school: School, yesterday: Path) -> Workspace:
    """Yesterday's database, and everything in the folder that could tell is gone."""
    school.close()
    shutil.copy(yesterday, school.folder / DATABASE_NAME)
    for name in (anchors.FILE_NAME, watermark.FILE_NAME, closed.FILE_NAME):
        (school.folder / name).unlink(missing_ok=True)
    return school.sign_in("tom")


@pytest.fixture
def yesterday(school: School, tmp_path: Path) -> Path:
    school.close()
    return Path(shutil.copy(school.folder / DATABASE_NAME, tmp_path / "yesterday.db"))


def test_the_slip_says_the_newest_entry_and_can_be_signed(school: School) -> None:
    tom = school.sign_in("tom")
    made = tom.slips.make()
    newest = tom.log.entries(1)[0]
    assert newest.action == "anchor.slip"
    assert (made.file_name, made.sealed) == ("anchor-slip.pdf", True)
    text = pdf.words(made.pdf)
    assert len(pdf.pages(made.pdf)) == 1
    assert "Maple Creek Elementary" in text
    assert f"No. {newest.seq:,}" in text
    assert newest.hash in "".join(text.split())
    for word in ("Principal (name and signature)", "district office", tom.school.get().vault_id):
        assert word in text
    told = verify(made.pdf, tom.copies.school_ca_pem())
    assert told.kind == "genuine"
    assert (told.audit_seq, told.audit_head) == (newest.seq, newest.hash)
    code = read_code(code_of(made.pdf))
    assert (code.number, code.head.seq, code.head.hash) == ("", newest.seq, newest.hash)
    assert tom.log.square_code(code_of(made.pdf)).kind == "fits"


def test_an_old_database_is_found_out_by_the_slip_alone(
    school: School, yesterday: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    tom = school.sign_in("tom")
    for letter in "ABCDEFGH":
        tom.people.add_student(NewStudent(letter, "Seenlater"))
    slip, ca = tom.slips.make().pdf, tom.copies.school_ca_pem()
    tom = rolled_back(school, yesterday)
    assert not tom.held.held, "nothing else could tell"
    assert tom.log.square_code(code_of(slip)).kind == "older"
    found = verification.check(slip, (ca,), tom.copies.amended_since, tom.log.on_paper)
    assert found.kind == "records_older"
    school.close()
    monkeypatch.setattr("bt_desktop.services.access.PRODUCTION", FAST)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    words = ["verify", "--code", code_of(slip), "--vault", str(school.folder), "--json",
             "--user", "Olga Petrenko", "--password-stdin"]  # fmt: skip
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["trail"] == "older"


def test_a_week_later_it_is_time_for_another(school: School) -> None:
    tom = school.sign_in("tom")
    assert (tom.slips.standing().at, tom.slips.standing().due) == (None, False)
    tom.slips.make()
    standing = tom.slips.standing()
    assert (standing.at, standing.due) == (school.clock.now(), False)
    assert standing.seq == tom.log.head()[0]
    school.clock.advance(timedelta(days=6))
    assert not tom.slips.standing().due
    school.clock.advance(timedelta(days=1))
    assert tom.slips.standing().due


@pytest.mark.parametrize(("who", "may"), [("amir", True), ("olga", False), ("maria", False)])
def test_who_reads_the_whole_trail_makes_slips(school: School, who: str, *, may: bool) -> None:
    workspace = school.sign_in(who)
    assert workspace.slips.may is may
    if may:
        assert workspace.slips.make().pdf
        return
    for deed in (workspace.slips.make, workspace.slips.standing):
        with pytest.raises(Denied):
            deed()


def test_of_records_that_do_not_fit_there_is_no_slip(school: School, yesterday: Path) -> None:
    """It would bear witness for the wrong history."""
    school.sign_in("tom").lock()
    shutil.copy(yesterday, school.folder / DATABASE_NAME)
    tom = school.sign_in("tom")
    assert tom.held.held
    assert not tom.slips.may
    with pytest.raises(RecordsHeld):
        tom.slips.make()


# --- in the window -------------------------------------------------------------------------------


def log_of(office: Office) -> LogSection:
    office.shell.go("settings", "log")
    office.settle()
    found = office.shell.page.section("log")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, LogSection)
    return found


def test_it_is_made_under_activity_and_checked_like_a_print(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    section = log_of(office)
    assert "None was made yet" in section.last_slip.text()
    section.slip.click()
    office.settle()
    page = office.shell.page
    assert isinstance(page, PdfPreview)
    assert "Anchor slip" in shown_text(page)
    code = code_of(page.copy.pdf)
    window = VerifyWindow(office.desk, tmp_path / "settings", office.workspace, office.window)
    window.show()
    window.code.setText(code)
    window.code_go.click()
    office.settle()
    assert window.headline.text() == "These records fit the print"
    window.close()
    page.back.emit()
    office.settle()
    section = log_of(office)
    assert "of entry" in section.last_slip.text()
    assert "A week has passed" not in section.last_slip.text()
    school.clock.advance(timedelta(days=8))
    section.load()
    office.settle()
    assert "A week has passed" in section.last_slip.text()


def test_who_may_not_is_not_offered_it(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    section = log_of(office)
    assert not section.slip.isVisible()
    assert not section.last_slip.isVisible()
