"""A BER returned, corrected, countersigned, amended: through the real window, by keyboard.

What comes out of it is held against the store: every signature, the trail, and what a program that
is not ours reads in the copy of both versions.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.verification import check
from bt_desktop.views.check_answers import CheckAnswers, SignedPage
from bt_desktop.views.compare import ComparePage
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.home import HomePage
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.review_page import ReviewPage
from bt_desktop.views.sign import SignDialog
from tests.factory import PASSWORD, School, signed_report
from tests.journeys.hands import Hands, click, press
from tests.paper import pdf as outside
from tests.views.shell_kit import Office, shown_text

REMARK = "Say which of the two holds ended when he was calm."
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """One computer on which several people work one after the other."""

    def __init__(self, bot: QtBot, school: School, settings: Path) -> None:
        self.office = Office(bot, school, settings)
        self.office.window.resize(1280, 900)
        self.bot, self.hands = bot, Hands(bot)

    @property
    def page(self) -> FormPage:
        page = self.office.shell.page
        assert isinstance(page, FormPage)
        return page

    @property
    def home(self) -> HomePage:
        page = self.office.shell.page
        assert isinstance(page, HomePage)
        return page

    def sit_down(self, who: str) -> None:
        """Unlock; home is shown."""
        self.office.sign_in(who)
        self.office.shell.go("home")
        self.office.settle()

    def get_up(self) -> None:
        """Ctrl+L."""
        window = self.office.window
        window.activateWindow()
        self.hands.until(window.isActiveWindow)
        with self.bot.waitSignal(window.locked, timeout=20_000):
            QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_L, CTRL)
        self.hands.until(lambda: window.unlock_page.who.count() > 0)
        self.office.settle()

    def open_first(self) -> FormPage:
        """Press the button of what waits first on home."""
        press(self.home.waiting.rows[0].go, Qt.Key.Key_Space)
        self.hands.until(lambda: isinstance(self.office.shell.page, FormPage))
        self.hands.until(lambda: self.page.draft is not None)
        self.office.settle()
        return self.page

    def top(self, kind: type[QWidget]) -> QWidget:
        """Wait until a page of this kind lies over the record."""
        self.hands.until(lambda: isinstance(self.page.stack.currentWidget(), kind))
        self.office.settle()
        return self.page.stack.currentWidget()

    def sign(self, name: str) -> None:
        """The dialog: the name typed as a signature, the password, Enter."""
        self.hands.until(lambda: self.page.deeds.sign_dialog is not None)
        dialog = self.page.deeds.sign_dialog
        assert isinstance(dialog, SignDialog)
        self.hands.write(dialog.signature.name, name)
        self.hands.write(dialog.password, PASSWORD)
        press(dialog.password, Qt.Key.Key_Return)
        done = self.top(SignedPage)
        self.page.deeds.sign_dialog = None
        assert "Signed and frozen" in shown_text(done)

    def type(self, path: str, text: str) -> None:
        """Type over the answer of a question of the report."""
        self.page.jump(path)
        target = self.page.blocks()[path].editor.focus_target()
        self.hands.write(target, text)
        press(target, Qt.Key.Key_Tab)

    def check_and_sign(self, name: str) -> None:
        """The answers, what changes at their head, then the signature."""
        press(self.page.head.sign, Qt.Key.Key_Space)
        sheet = self.top(CheckAnswers)
        assert isinstance(sheet, CheckAnswers)
        self.hands.until(lambda: "What you change" in shown_text(sheet))
        click(sheet.sign_button)
        self.sign(name)


@pytest.fixture
def desk(qtbot: QtBot, school: School, tmp_path: Path) -> Desk:
    return Desk(qtbot, school, tmp_path / "settings")


def send_back(desk: Desk) -> None:
    """The principal reads, and returns it with one remark."""
    page = desk.open_first()
    press(page.head.sign, Qt.Key.Key_Space)
    review = desk.top(ReviewPage)
    assert isinstance(review, ReviewPage)
    press(review.send_back, Qt.Key.Key_Space)
    desk.hands.until(lambda: bool(review.lines))
    blocks = review._blocks()
    path = "/review_remarks[1]/remark"
    target = blocks[path].editor.focus_target()
    desk.hands.write(target, REMARK)
    desk.hands.until(lambda: not review.issues())
    press(review.send_back, Qt.Key.Key_Space)
    desk.sign("Tom Becker")


def countersign(desk: Desk) -> None:
    """He looks at what the author changed, answers every point, and countersigns."""
    page = desk.open_first()
    press(page.head.sign, Qt.Key.Key_Space)
    review = desk.top(ReviewPage)
    assert isinstance(review, ReviewPage)
    desk.hands.until(lambda: REMARK in shown_text(review.earlier))
    points = [p for p in review._blocks() if p.startswith("/review_")]
    desk.hands.use(review._blocks()["/forwarded_on"].editor, "t")
    for path in points:
        block = review._blocks().get(path)
        if block is None or not block.isVisible() or block.field.type != "select_one":
            continue
        if path != "/review_result":
            no = "yes" if path == "/review_duration" else "no"
            desk.hands.use(block.editor, no)
    desk.hands.write(review._blocks()["/review_findings"].editor.focus_target(), "As it should be.")
    desk.hands.until(lambda: review.view is not None)
    press(review.countersign, Qt.Key.Key_Space)
    desk.office.settle()
    assert [issue.sentence for issue in review.issues()] == []
    desk.sign("Tom Becker")


def correct(desk: Desk) -> None:
    """The author reads the remark at home, answers it, types, signs."""
    said = shown_text(desk.home)
    assert "Returned to you" in said
    assert REMARK in said
    page = desk.open_first()
    assert page.head.pill.text() == "Returned to you"
    desk.hands.until(lambda: bool(page.deeds.versions.top.lines))
    press(page.head.sign, Qt.Key.Key_Space)
    go_on(desk, "The second hold ended when he was calm")
    desk.type("/location_detail", "Room 14, by the window")
    desk.check_and_sign("Dana Whitcomb")


def go_on(desk: Desk, reason: str) -> None:
    """Say why on the sheet; the report opens again."""
    page, sheet = desk.page, desk.page.deeds.versions.sheet
    assert sheet is not None
    desk.hands.write(sheet.reason, reason)
    click(sheet.deed)
    desk.hands.until(lambda: page.draft is not None and page.draft.may_edit("holds"))
    desk.office.settle()


def amend(desk: Desk, record: str) -> None:
    """Later the author finds the room was another one."""
    assert not desk.home.waiting.isVisible()
    desk.office.shell.open_record(record)
    desk.hands.until(lambda: desk.page.draft is not None)
    desk.office.settle()
    desk.page.deeds.do("amend")
    sheet = desk.page.deeds.versions.sheet
    assert sheet is not None
    press(sheet.kinds.buttons["correction"], Qt.Key.Key_Space)
    go_on(desk, "I looked at the room plan again")
    desk.type("/location_detail", "Room 15")
    desk.check_and_sign("Dana Whitcomb")
    assert desk.page.head.pill.text() == "Amended Nov 13"


def compare_and_print(desk: Desk) -> str:
    """Both versions side by side, then on paper; the words that another program reads there."""
    page = desk.open_first()
    page.deeds.do("compare")
    compare = desk.top(ComparePage)
    assert isinstance(compare, ComparePage)
    desk.hands.until(lambda: bool(compare.rows))
    assert [(row.line.old, row.line.new) for row in compare.rows] == [
        ("Room 14, by the window", "Room 15")
    ]
    press(compare.back_link, Qt.Key.Key_Space)
    page.deeds.do("both")
    preview = desk.top(PdfPreview)
    assert isinstance(preview, PdfPreview)
    return outside.words(preview.copy.pdf)


# A key let go after its press has shut the input finds nobody; any keyboard does that.
@pytest.mark.slow
@pytest.mark.qt_log_ignore("Keyboard event not accepted", extend=True)
def test_a_report_goes_back_and_forth(desk: Desk, school: School) -> None:
    record, clock = signed_report(school), school.clock

    desk.sit_down("tom")
    assert "Waiting for your review" in shown_text(desk.home)
    send_back(desk)
    desk.get_up()

    clock.set(clock.now() + timedelta(minutes=20))
    desk.sit_down("dana")
    correct(desk)
    desk.get_up()

    clock.set(clock.now() + timedelta(minutes=20))
    desk.sit_down("tom")
    assert "corrected by its author" in shown_text(desk.home)
    countersign(desk)
    assert desk.page.head.pill.text() == "Final"
    copy = desk.office.workspace.copies.school_copy(record)
    desk.get_up()

    clock.set(clock.now() + timedelta(days=1))
    desk.sit_down("dana")
    amend(desk, record)
    desk.get_up()

    desk.sit_down("tom")
    assert "amended after its review" in shown_text(desk.home)
    words = compare_and_print(desk)
    for told in (REMARK, "Room 14, by the window", "Room 15", "Report, version 1", "Correction"):
        assert told in words, told
    workspace = desk.office.workspace
    found = check(copy.pdf, (workspace.copies.school_ca_pem(),), workspace.copies.amended_since)
    assert found.sentence.startswith("Genuine; amended on November 13, 2026 (correction)")
    assert workspace.log.verify().holds
    desk.get_up()
