"""The noon line: fourteen children and fourteen tablets, by keyboard alone.

Two letters, a look at child and label and Space, Enter. Every key that is pressed is counted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.views.health.board import TodaySection
from bt_desktop.views.health.page import HealthPage
from tests.factory import School
from tests.health.board_kit import LINE, line_up
from tests.health.kit import at
from tests.views.shell_kit import Office

MOST_KEYS = 60


class Noon:
    """The nurse's hands; `keys` counts what they press."""

    def __init__(self, office: Office, board: TodaySection) -> None:
        self.office, self.board, self.keys = office, board, 0

    def press(self, key: Qt.Key | str) -> None:
        """One key, to whatever has the focus."""
        here = QApplication.focusWidget()
        assert here is not None
        QTest.keyClick(here, key)  # type: ignore[call-overload]  # a key or a letter
        self.keys += 1

    def give(self, letters: str) -> None:
        """To whom these letters mean; without any to the next of the board, by Enter."""
        board, panel = self.board, self.board.panel
        self.office.until(board.filter.hasFocus)
        for letter in letters:
            self.press(letter)
        if panel.isHidden() and panel.line is None:
            self.press(Qt.Key.Key_Return)
        self.office.until(lambda: panel.isVisible() and panel.body.confirm.box.hasFocus())
        self.office.settle()
        self.press(Qt.Key.Key_Space)
        self.press(Qt.Key.Key_Return)
        self.office.until(panel.isHidden)
        self.office.settle()


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.clock.set(at(8))
    maria = school.sign_in("maria")
    line_up(school, maria)
    maria.lock()
    school.clock.set(at(12, 1))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.sign_in("maria")
    return made


def board_of(office: Office) -> TodaySection:
    """The health office opens at the board of today."""
    office.shell.go("health")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    board = page.section("today")
    assert isinstance(board, TodaySection)
    return board


def test_fourteen_doses_in_fewer_than_sixty_keys(office: Office, school: School) -> None:
    board = board_of(office)
    noon = Noon(office, board)
    for given, _ in LINE:
        noon.give(given[:2].lower())
    assert noon.keys < MOST_KEYS
    doses = office.workspace.health.board.today()
    assert [line.words for line in doses.scheduled] == ["Given 12:01 pm by MC"] * len(LINE)
    assert {balance.office for balance in office.workspace.health.stock.balances()} == {29}
    records = [line.record for line in doses.scheduled]
    assert all(one is not None and one.identified.enough for one in records)
    assert all(one is not None and not one.broken and not one.overridden for one in records)
    assert board.filter.text() == ""
    assert school.sign_in("tom").log.verify().holds


@pytest.mark.slow
def test_in_the_board_s_own_order_it_is_three_keys_each(office: Office) -> None:
    board = board_of(office)
    noon = Noon(office, board)
    for _ in LINE[:4]:
        noon.give("")
    assert noon.keys == 12
    given = [line.child.given for line in office.workspace.health.board.today().scheduled
             if line.state == "given"]  # fmt: skip
    assert given == [given for given, _ in LINE[:4]]
