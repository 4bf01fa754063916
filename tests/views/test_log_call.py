"""One call logged in three keys; who, which number and which language come from the roster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewGuardian
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.desk import Desk
from bt_desktop.views.log_call import LogCall, open_log_call
from tests.factory import School, fill
from tests.views.form_kit import dressed_desk


class Phone:
    """A window with a sheet for one call over it."""

    def __init__(self, bot: QtBot, school: School, who: str = "dana") -> None:
        self.bot, self.school = bot, school
        self.workspace: Workspace = school.sign_in(who)
        self.desk: Desk = dressed_desk(school)
        self.under = QWidget()
        self.under.resize(1280, 800)
        self.under.show()
        self.sheet: LogCall | None = None

    def take(self, record: str) -> LogCall:
        """Open the sheet and wait until it can be filled."""
        sheet = open_log_call(self.desk, self.workspace, record, self.under)
        self.bot.waitSignal(sheet.ready).wait()
        sheet.activateWindow()
        self.sheet = sheet
        return sheet

    def leave(self) -> None:
        self.bot.waitUntil(self.desk.tasks.is_idle)
        if self.sheet is not None and self.sheet in self.under.findChildren(LogCall):
            self.sheet.reject()
        self.under.close()
        self.under.deleteLater()
        self.desk.tasks.close()


@pytest.fixture
def record(school: School) -> str:
    school.sign_in("tom").people.update_guardian(
        school.ids["mateo"],
        school.ids["rosa"],
        NewGuardian("Rosa", "Núñez", "mother", "es", needs_interpreter=True, phone="555 0188"),
    )
    dana = school.sign_in("dana")
    made = dana.records.start()
    fill(school, dana, made)
    dana.lock()
    return made


@pytest.fixture
def phone(qtbot: QtBot, school: School) -> Iterator[Phone]:
    made = Phone(qtbot, school)
    yield made
    made.leave()


def choose(sheet: LogCall, name: str, chip: str) -> None:
    """Choose a chip by keyboard from where the focus is."""
    here = QApplication.focusWidget()
    for _ in range(8):
        if here is not None and getattr(here, "name", "") == chip:
            break
        assert here is not None
        QTest.keyClick(here, Qt.Key.Key_Right)
        here = QApplication.focusWidget()
    assert here is not None
    QTest.keyClick(here, Qt.Key.Key_Space)
    assert sheet.row is not None
    assert sheet.row.view(sheet.row.at(name)).value == chip


def test_a_routine_call_is_an_arrow_a_space_and_ctrl_enter(phone: Phone, record: str) -> None:
    sheet = phone.take(record)
    phone.bot.waitUntil(lambda: getattr(QApplication.focusWidget(), "name", "") == "reached")
    choose(sheet, "notice_outcome", "no_answer")
    with phone.bot.waitSignal(sheet.logged):
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    [notice] = phone.workspace.records.notices(record)
    assert notice.row | {"notice_time": ""} == notice.row | {
        "notice_to": "parent",
        "notice_person": phone.school.ids["rosa"],
        "notice_relation": "mother",
        "notice_number": "555 0188",
        "notice_date": "2026-11-12",
        "notice_time": "",
        "notice_method": "phone",
        "notice_by": phone.school.ids["dana"],
        "notice_outcome": "no_answer",
    }
    assert "notice_language" not in notice.row  # it is asked once somebody was reached


def test_a_reached_mother_is_told_of_with_language_interpreter_and_decision(
    phone: Phone, record: str
) -> None:
    sheet = phone.take(record)
    row = sheet.row
    assert row is not None
    row.put(row.at("notice_outcome"), "reached")
    assert row.view(row.at("notice_language")).typed == "Spanish"
    for name, typed in (
        ("notice_interpreter", "yes"),
        ("notice_interpreter_name", "Phone service"),
        ("notice_note", "Told her what happened."),
        ("notice_decision", "picks_up"),
        ("notice_paper_home", "yes"),
    ):
        row.put(row.at(name), typed)
    with phone.bot.waitSignal(sheet.logged):
        sheet.add()
    [notice] = phone.workspace.records.notices(record)
    assert notice.row["notice_language"] == "Spanish"
    assert notice.row["notice_decision"] == "picks_up"
    assert notice.row["notice_interpreter_name"] == "Phone service"


def test_what_is_missing_is_said_and_nothing_is_kept(phone: Phone, record: str) -> None:
    sheet = phone.take(record)
    sheet.add()
    phone.bot.waitUntil(
        lambda: any(b.error.text() for c in sheet.columns for b in c.blocks.values())
    )
    assert sheet.add_button.isEnabled()
    assert phone.workspace.records.notices(record) == ()


def test_somebody_else_opens_the_rest_and_forgets_the_roster(phone: Phone, record: str) -> None:
    sheet = phone.take(record)
    sheet.choices[""].setChecked(True)
    assert sheet.row is not None
    row = sheet.row.row()
    assert "notice_person" not in row
    assert "notice_number" not in row
    sheet.choices[phone.school.ids["rosa"]].setChecked(True)
    assert sheet.row.row()["notice_number"] == "555 0188"


def test_a_number_that_was_typed_stays_when_another_guardian_is_chosen(
    phone: Phone, record: str
) -> None:
    tom = phone.school.sign_in("tom")
    paul = tom.people.add_guardian(
        phone.school.ids["mateo"],
        NewGuardian("Paul", "Okafor", "father", phone="555 0199", no_contact=True),
    )
    sheet = phone.take(record)
    assert sheet.row is not None
    assert sheet.row.row()["notice_person"] == phone.school.ids["rosa"]  # not who may not be called
    sheet.row.put(sheet.row.at("notice_number"), "555 7777")
    sheet.choices[paul].setChecked(True)
    kept = sheet.row.row()
    assert (kept["notice_person"], kept["notice_number"]) == (paul, "555 7777")
    assert kept["notice_relation"] == "father"


def test_a_student_without_a_guardian_asks_for_the_name(phone: Phone) -> None:
    from tests.first_aid import begun_first_aid

    record = begun_first_aid(phone.school, phone.workspace)
    sheet = phone.take(record)
    assert list(sheet.choices) == [""]
    assert sheet.choices[""].isChecked()


def test_enter_alone_adds_nothing(phone: Phone, record: str) -> None:
    sheet = phone.take(record)
    choose(sheet, "notice_outcome", "message")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert phone.workspace.records.notices(record) == ()
