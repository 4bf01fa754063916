"""Home, records: what waits, what was, and how to begin."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.records import RecordFilter, State
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.home import HomePage, greeting
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.widgets.when import clock_words, moment_words
from tests.factory import School
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def home(office: Office) -> HomePage:
    page = office.shell.page
    assert isinstance(page, HomePage)
    return page


def test_an_empty_home_tells_how_to_begin(office: Office) -> None:
    office.sign_in("dana")
    said = shown_text(home(office))
    assert "Nothing is half written" in said
    assert "Behavior Emergency Report" in said
    assert "Finish setting up" not in said  # a technician cannot finish it


def test_the_administrator_sees_what_set_up_lacks(office: Office) -> None:
    office.sign_in("tom")
    said = shown_text(home(office))
    assert "Add an administrator" in said
    home(office).gap.emit("second-administrator")
    office.settle()
    assert "Add an account" in office.all_text()


def test_a_draft_stands_there_with_how_far_it_is(office: Office) -> None:
    office.sign_in("dana")
    office.workspace.records.start("restraint")
    office.shell.go("home")
    office.settle()
    said = shown_text(home(office))
    assert "no student yet" in said
    assert "Continue" in said


def test_the_greeting_follows_the_hour(office: Office) -> None:
    office.sign_in("dana")
    assert home(office).head.text().endswith(", Dana")
    assert [greeting(hour) for hour in (7, 11, 12, 16, 17, 22)] == [
        *["Good morning"] * 2,
        *["Good afternoon"] * 2,
        *["Good evening"] * 2,
    ]


def test_records_narrowed_to_nothing_say_so(office: Office) -> None:
    office.sign_in("dana")
    office.workspace.records.start("restraint")
    office.shell.go("records")
    office.settle()
    page = office.shell.page
    assert isinstance(page, RecordsPage)
    assert page.model.rowCount() == 1
    page.show_filters(RecordFilter(states=("signed",)))
    office.settle()
    assert page.model.rowCount() == 0
    assert "Nothing found" in shown_text(page)
    page.clear()
    office.settle()
    assert page.model.rowCount() == 1
    QTest.keyClicks(page.filter, "BER-2026-9")
    office.until(lambda: "Nothing found" in shown_text(page))


def test_no_records_yet_offers_to_start_one(office: Office) -> None:
    office.sign_in("dana")
    office.shell.go("records")
    office.settle()
    assert "No records yet" in office.all_text()


def test_times_are_said_as_people_say_them(school: School) -> None:
    now = school.clock.now().replace(hour=11, minute=30)
    assert clock_words(now) == "11:30 am"
    assert moment_words(now - timedelta(hours=1), now) == "today 10:30 am"
    assert moment_words(now - timedelta(days=1), now) == "yesterday 11:30 am"
    assert moment_words(now - timedelta(days=3), now) == "Nov 9, 11:30 am"
    assert moment_words(now - timedelta(days=365), now) == "Nov 12, 2025, 11:30 am"


def test_an_empty_paper_form_is_shown_and_saved_for_when_the_power_is_out(
    office: Office, tmp_path: Path
) -> None:
    office.sign_in("dana")
    home(office).empty.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) == len(office.workspace.records.forms())
    QTest.keyClick(menu, Qt.Key.Key_Return)
    office.until(lambda: isinstance(office.shell.page, PdfPreview))
    page = office.shell.page
    assert isinstance(page, PdfPreview)
    assert page.document.pageCount() > 1
    assert "Draft" not in shown_text(page)
    answer_next(tmp_path / "empty.pdf")
    page.save_button.click()
    assert (tmp_path / "empty.pdf").read_bytes().startswith(b"%PDF")
    page.back.emit()
    office.settle()
    assert isinstance(office.shell.page, HomePage)


def test_the_backup_gap_says_what_to_do_and_leads_there(office: Office) -> None:
    office.sign_in("tom")
    buttons = home(office).findChildren(QPushButton)
    [link] = [one for one in buttons if one.text() == "Choose a second place"]
    assert "a stick or a share" in link.accessibleDescription()
    link.click()
    office.settle()
    assert "A second place" in office.all_text()


def test_every_state_that_a_record_can_have_can_be_chosen_in_the_list(office: Office) -> None:
    office.sign_in("tom")
    office.shell.go("records")
    page = office.shell.page
    assert isinstance(page, RecordsPage)
    assert set(page.bar.state.chips) == set(get_args(State))
