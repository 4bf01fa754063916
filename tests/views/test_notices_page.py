"""Today's notices: what is due, one key for all that is ready, the rest one by one."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.home import HomePage
from bt_desktop.views.log_call import LogCall
from bt_desktop.views.notices_page import NoticesPage
from tests.factory import School, signed_report
from tests.first_aid import signed_first_aid
from tests.views.form_kit import dressed_desk

PATIENCE_MS = 30_000


class Office:
    """The page before somebody of the office."""

    def __init__(self, bot: QtBot, school: School, who: str = "olga") -> None:
        self.bot, self.school = bot, school
        self.workspace = school.sign_in(who)
        self.desk = dressed_desk(school)
        self.page = NoticesPage(self.desk, self.workspace)
        self.page.resize(1080, 800)
        self.page.show()
        self.page.activateWindow()
        self.page.load()
        self.settle()

    def settle(self) -> None:
        self.bot.waitUntil(self.desk.tasks.is_idle, timeout=PATIENCE_MS)

    def leave(self) -> None:
        self.settle()
        self.page.hide()
        self.page.deleteLater()
        self.desk.tasks.close()


@pytest.fixture
def full(school: School) -> School:
    """Two head injuries that are ready, and a hold that somebody has to read first."""
    school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother", "pl")
    )
    signed_first_aid(school, "A")
    signed_first_aid(school, "C")
    signed_report(school)
    return school


@pytest.fixture
def office(qtbot: QtBot, full: School) -> Iterator[Office]:
    made = Office(qtbot, full)
    yield made
    made.leave()


def test_one_key_prints_all_that_is_ready_and_leaves_the_rest(office: Office) -> None:
    page = office.page
    assert page.summary.text() == ("2 papers are ready to print. 1 has a text to read first.")
    printed: list[tuple[PrintedCopy, tuple[PrintedCopy, ...]]] = []
    page.printed.connect(lambda whole, made: printed.append((whole, made)))
    page.setFocus()
    with office.bot.waitSignal(page.printed, timeout=PATIENCE_MS):
        QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    whole, made = printed[0]
    assert len(made) == 2
    assert len(PdfReader(io.BytesIO(whole.pdf)).pages) == 2
    office.settle()
    assert [one.state for one in page.due] == ["text"]
    assert page.progress.isHidden()
    assert not page.print_button.isEnabled()


def test_it_can_be_stopped_and_what_is_made_is_kept(office: Office) -> None:
    page = office.page
    page.print_ready()
    page.stop()
    with office.bot.waitSignal(page.printed, timeout=PATIENCE_MS):
        pass
    office.settle()
    assert len(page.ready()) == 1


def test_a_row_leads_to_its_paper_and_to_a_call(office: Office) -> None:
    page = office.page
    due = next(one for one in page.due if one.state == "text")
    row = page.rows[due.record_id]
    with office.bot.waitSignal(page.opened) as asked:
        row.go.click()
    assert asked.args == [due.record_id]
    row.call.click()
    office.bot.waitUntil(lambda: bool(page.findChildren(LogCall)), timeout=PATIENCE_MS)
    sheet = page.findChildren(LogCall)[0]
    office.settle()
    sheet.reject()


def test_an_empty_list_says_what_will_be_here(qtbot: QtBot, school: School) -> None:
    made = Office(qtbot, school)
    assert made.page.summary.text().startswith("No parent is waiting for a paper.")
    assert not made.page.print_button.isEnabled()
    made.leave()


def test_home_says_how_many_are_due(qtbot: QtBot, full: School) -> None:
    desk = dressed_desk(full)
    home = HomePage(desk, full.sign_in("olga"))
    home.show()
    home.load()
    qtbot.waitUntil(lambda: not home.notices.isHidden(), timeout=PATIENCE_MS)
    assert home.notices.words.text() == "3 signed reports have a paper that no parent got yet."
    with qtbot.waitSignal(home.notices.asked):
        home.notices.go.click()
    qtbot.waitUntil(desk.tasks.is_idle, timeout=PATIENCE_MS)
    home.hide()
    home.deleteLater()
    desk.tasks.close()
