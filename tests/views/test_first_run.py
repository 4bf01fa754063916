"""The first run: from an empty folder to a school, by keyboard, saying what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.clock import SetClock
from bt_desktop.views.door import PackChoice, SetupChoices
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.first_run import FirstRun
from tests.factory import School
from tests.views.shell_kit import Office, shown_text

WORDS = "nine copper kettles on the lawn"


@pytest.fixture
def office(qtbot: QtBot, clock: SetClock, tmp_path: Path) -> Office:
    return Office(qtbot, School(tmp_path / "new vault", clock), tmp_path / "settings")


@pytest.fixture
def wizard(office: Office) -> FirstRun:
    office.window.begin()
    office.until(lambda: isinstance(office.window.stack.currentWidget(), FirstRun))
    office.settle()
    found = office.window.stack.currentWidget()
    assert isinstance(found, FirstRun)
    return found


def to_administrator(wizard: FirstRun) -> None:
    wizard.go_on()
    wizard.school.name.setText("Maple Creek Elementary")
    wizard.school.phone.setText("(555) 010-0140")
    wizard.go_on()
    wizard.rules.choose("us-ca", "safety_care")
    wizard.go_on()


def make_vault(office: Office, wizard: FirstRun) -> str:
    to_administrator(wizard)
    wizard.administrator.given.setText("Tom")
    wizard.administrator.family.setText("Becker")
    wizard.administrator.job.setText("Principal")
    wizard.administrator.password.first.setText(WORDS)
    wizard.administrator.password.again.setText(WORDS)
    office.settle()
    wizard.go_on()
    office.until(lambda: wizard.step is wizard.recovery)
    return "-".join(group.text() for group in wizard.recovery._groups)


def confirm(wizard: FirstRun, key: str) -> None:
    wizard.go_on()
    groups = key.split("-")
    for frame, line in zip(wizard.confirm.frames, wizard.confirm.lines, strict=True):
        line.setText(groups[int(frame.label.text().removeprefix("Group ")) - 1].lower())
    wizard.go_on()


def test_the_whole_way_to_an_open_school(office: Office, wizard: FirstRun) -> None:
    key = make_vault(office, wizard)
    assert len(key.replace("-", "")) == 36
    confirm(wizard, key)
    office.until(lambda: wizard.step is wizard.roster)
    wizard.go_on()  # skipped
    wizard.go_on()
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert office.workspace.actor.name == "Tom Becker"
    school = office.workspace.school.get()
    assert (school.name, school.pack, school.training_program) == (
        "Maple Creek Elementary",
        "us-ca",
        "safety_care",
    )
    assert WORDS not in office.all_text()


def test_missing_answers_are_said_beside_the_field(wizard: FirstRun, office: Office) -> None:
    wizard.go_on()
    wizard.go_on()
    assert wizard.step is wizard.school
    assert "name of the school" in shown_text(wizard.school)
    assert wizard.focusWidget() is wizard.school.name


def test_a_pack_that_nobody_checked_is_marked(wizard: FirstRun) -> None:
    wizard.go_on()
    wizard.school.name.setText("A school")
    wizard.go_on()
    for checked in (True, False):
        pack = PackChoice("us-xx", "Somewhere", checked)
        wizard.rules.offer(SetupChoices((pack,), (("cpi", "CPI"),)))
        assert ("Not verified" in shown_text(wizard)) is not checked
        # California's pack does require what its statute names: unverified is not "not required".
        assert "required as a matter of law" not in shown_text(wizard)
        assert ("(unverified)" in wizard.rules._pack.currentText()) is not checked


def test_a_weak_password_is_judged_in_words(wizard: FirstRun, office: Office) -> None:
    to_administrator(wizard)
    wizard.administrator.given.setText("Tom")
    wizard.administrator.family.setText("Becker")
    box = wizard.administrator.password
    QTest.keyClicks(box.first.edit, "tombecker1")
    office.settle()
    assert "at least 12" in box.frame.says()
    wizard.go_on()
    assert wizard.step is wizard.administrator
    box.first.setText(WORDS)
    office.settle()
    assert "Strong" in box.frame.says()
    box.again.setText("something else")
    wizard.go_on()
    assert "not the same" in box.frame_again.says()


def test_an_offered_passphrase_is_shown_and_will_do(wizard: FirstRun, office: Office) -> None:
    to_administrator(wizard)
    box = wizard.administrator.password
    box.take_offer()
    office.settle()
    assert box.text().count("-") == 4
    assert "Strong" in box.frame.says()


def test_the_recovery_key_is_asked_back(wizard: FirstRun, office: Office) -> None:
    key = make_vault(office, wizard)
    wizard.go_on()
    for line in wizard.confirm.lines:
        line.setText("AAAAAA")
    wizard.go_on()
    office.until(lambda: "do not match" in wizard.confirm.frames[-1].says())
    wizard.go_back()
    assert wizard.step is wizard.recovery
    confirm(wizard, key)
    office.until(lambda: wizard.step is wizard.roster)
    assert key.split("-")[0] not in shown_text(wizard)


def test_the_recovery_key_can_be_saved_as_a_page(
    wizard: FirstRun, office: Office, tmp_path: Path
) -> None:
    make_vault(office, wizard)
    answer_next(tmp_path / "key.pdf")
    wizard.recovery.save_sheet()
    office.until(lambda: "Saved" in wizard.recovery.says.text())
    assert (tmp_path / "key.pdf").read_bytes().startswith(b"%PDF")


def test_a_set_up_broken_off_begins_again(office: Office, wizard: FirstRun) -> None:
    make_vault(office, wizard)
    again = FirstRun(office.desk, office.door)
    office.bot.addWidget(again)
    again.begin()
    office.settle()
    key = make_vault(office, again)
    confirm(again, key)
    office.until(lambda: again.step is again.roster)
    assert again._workspace is not None
    again._workspace.lock()


def test_a_logo_that_is_no_picture_is_refused_in_words(wizard: FirstRun, tmp_path: Path) -> None:
    wizard.go_on()
    (tmp_path / "logo.png").write_bytes(b"not a picture")
    answer_next(tmp_path / "logo.png")
    wizard.school.choose_logo()
    assert "no PNG or JPEG" in wizard.school.logo_says.text()
    pixmap = QPixmap(8, 8)
    pixmap.fill(Qt.GlobalColor.red)
    pixmap.save(str(tmp_path / "real.png"))
    answer_next(tmp_path / "real.png")
    wizard.school.choose_logo()
    assert wizard.school.logo_bytes()


def test_a_folder_that_is_synced_is_refused_with_a_reason(
    qtbot: QtBot, clock: SetClock, tmp_path: Path
) -> None:
    office = Office(qtbot, School(tmp_path / "OneDrive" / "vault", clock), tmp_path / "settings")
    office.window.begin()
    office.until(lambda: isinstance(office.window.stack.currentWidget(), FirstRun))
    wizard = office.window.stack.currentWidget()
    assert isinstance(wizard, FirstRun)
    office.settle()
    to_administrator(wizard)
    wizard.administrator.given.setText("Tom")
    wizard.administrator.family.setText("Becker")
    wizard.administrator.password.first.setText(WORDS)
    wizard.administrator.password.again.setText(WORDS)
    wizard.go_on()
    office.until(lambda: bool(wizard.banner.text()))
    assert wizard.step is wizard.administrator
