"""The paper for a parent, on its page: two keys where nothing is told, a reason where it stops."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.models.people import Student
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.results.people import NewGuardian, NewStudent
from bt_desktop.views.release import ReleasePage
from bt_desktop.views.widgets.buttons import LinkButton
from tests.factory import School, signed_report
from tests.first_aid import signed_first_aid
from tests.views.form_kit import dressed_desk
from tests.views.shell_kit import shown_text

PATIENCE_MS = 20_000


class Desk:
    """Somebody before the page on which a paper is released."""

    def __init__(self, bot: QtBot, school: School, record: str, who: str) -> None:
        self.bot, self.school = bot, school
        self.workspace = school.sign_in(who)
        self.desk = dressed_desk(school)
        self.page = ReleasePage(self.desk, self.workspace, record)
        self.page.resize(1280, 800)
        self.page.show()
        self.page.activateWindow()
        bot.waitUntil(lambda: bool(self.page.recipients.guardians), timeout=PATIENCE_MS)
        bot.waitUntil(self.desk.tasks.is_idle, timeout=PATIENCE_MS)

    def leave(self) -> None:
        self.bot.waitUntil(self.desk.tasks.is_idle, timeout=PATIENCE_MS)
        self.page.hide()
        self.page.deleteLater()
        self.desk.tasks.close()


@pytest.fixture
def record(school: School) -> str:
    school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother", "pl", True)
    )
    return signed_first_aid(school, "B")


@pytest.fixture
def at_desk(qtbot: QtBot, school: School, record: str) -> Iterator[Desk]:
    made = Desk(qtbot, school, record, "maria")
    yield made
    made.leave()


def test_a_notice_that_needs_no_text_is_released_by_enter(at_desk: Desk) -> None:
    page = at_desk.page
    assert page.title.text() == "Head-injury notice, letter B"
    assert page.recipient() is not None
    assert page.text.toPlainText() == ""
    assert page.original.parentWidget().isHidden()
    released: list[PrintedCopy] = []
    page.released.connect(released.append)
    at_desk.bot.waitUntil(page.release_button.hasFocus, timeout=PATIENCE_MS)
    with at_desk.bot.waitSignal(page.released, timeout=PATIENCE_MS):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert released[0].sealed
    assert at_desk.workspace.copies.log(page._record_id)[0].paper == "head_injury_b"


def test_language_and_interpreter_stand_beside_the_name(at_desk: Desk) -> None:
    [choice] = at_desk.page.choices.values()
    assert choice.accessibleDescription() == "mother · Polish · needs an interpreter"


def test_a_name_in_an_added_text_stops_it(at_desk: Desk) -> None:
    page = at_desk.page
    page.text.setPlainText("She bumped into Mateo.")
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 1)
    assert not page.release_button.isEnabled()
    assert page.wait_words.text() == "1 name to settle"
    key = page.open_findings()[0].key
    page.settle(key, "replaced")
    at_desk.bot.waitUntil(page.release_button.isEnabled)
    assert page.text.toPlainText() == "She bumped into Student B."


def test_the_mother_of_another_child_is_marked_and_replaced_as_one(at_desk: Desk) -> None:
    page = at_desk.page
    page.text.setPlainText("Ms. Núñez helped her up.")
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 1)
    found = page.open_findings()[0]
    button = page.findings.buttons[found.key, "replaced"]
    assert button.text() in ("Replace with another parent", "Replace with Student B")


def test_ordinary_words_near_a_name_are_settled_with_one_press(at_desk: Desk) -> None:
    people = at_desk.school.sign_in("tom").people
    people.add_student(NewStudent("Grace", "Tabel", student_number="G1", grade="2"))
    page, findings = at_desk.page, at_desk.page.findings
    page.text.setPlainText("She is in second grade. The grade sat at the table with Huy.")
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 4, timeout=PATIENCE_MS)
    by_word = {one.word: one.key for one in page.open_findings()}
    together = findings.buttons[by_word["grade"], "not_a_name"]
    assert together is findings.buttons[by_word["table"], "not_a_name"]
    assert together.text() == "All are ordinary words"
    assert "“grade” (2 times), “table”" in together.accessibleName()
    together.setFocus()
    QTest.keyClick(together, Qt.Key.Key_Space)
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 1, timeout=PATIENCE_MS)
    assert page.open_findings()[0].word == "Huy"
    findings.buttons[by_word["grade"], "not_a_name"].click()  # Take back
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 4, timeout=PATIENCE_MS)
    one_by_one = next(b for b in findings.findChildren(LinkButton) if b.text() == "One by one")
    one_by_one.click()
    single = findings.buttons[by_word["table"], "not_a_name"]
    single.click()
    at_desk.bot.waitUntil(lambda: len(page.open_findings()) == 3, timeout=PATIENCE_MS)


def test_an_administrator_writes_why_before_it_goes_to_whom_a_flag_stops(
    qtbot: QtBot, school: School, record: str
) -> None:
    tom = school.sign_in("tom")
    barred = tom.people.add_guardian(
        school.ids["lucja"], NewGuardian("Jan", "Kowalczyk", "father", no_contact=True)
    )
    desk = Desk(qtbot, school, record, "tom")
    page = desk.page
    assert page.recipients.why_box.isHidden()
    page.choices[barred].setChecked(True)
    assert not page.recipients.why_box.isHidden()
    assert page.wait_words.text() == "Say why it is released all the same."
    assert not page.release_button.isEnabled()
    QTest.keyClicks(page.recipients.why, "The order was lifted on Monday.")
    qtbot.waitUntil(page.release_button.isEnabled)
    with qtbot.waitSignal(page.released, timeout=PATIENCE_MS):
        page.release_button.click()
    [row] = desk.workspace.copies.log(record)
    assert (row.for_whom, row.override) == ("Jan Kowalczyk", "The order was lifted on Monday.")
    desk.leave()


def test_who_decides_reads_the_alert_and_nobody_else(
    qtbot: QtBot, school: School, record: str
) -> None:
    words = "Court order of May 3: ask the office first."
    with school.sign_in("tom")._context.store.write() as session:
        row = session.get_one(Student, school.ids["lucja"].partition(":")[2])
        row.custody_alert = words
    for who in ("maria", "tom"):
        desk = Desk(qtbot, school, record, who)
        [choice] = desk.page.choices.values()
        decides = who == "tom"
        assert (words in shown_text(desk.page.recipients)) is decides
        assert (words in choice.accessibleDescription()) is decides
        assert choice.isEnabled() is decides
        assert "reads the alert and decides once" in choice.accessibleDescription()
        desk.leave()


def test_what_was_chosen_and_why_come_back_after_a_lock(
    qtbot: QtBot, school: School, record: str
) -> None:
    barred = school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Jan", "Kowalczyk", "father", no_contact=True)
    )
    desk = Desk(qtbot, school, record, "tom")
    desk.page.choices[barred].setChecked(True)
    desk.page.recipients.why.setPlainText("Half a reas")
    place = desk.page.place()
    desk.leave()
    again = ReleasePage(dressed_desk(school), school.sign_in("tom"), record)
    again.restore(place)
    again.show()
    qtbot.waitUntil(lambda: again.recipients.why.toPlainText() == "Half a reas")
    assert again.choices[barred].isChecked()
    qtbot.waitUntil(again._desk.tasks.is_idle, timeout=PATIENCE_MS)
    again.hide()
    again._desk.tasks.close()
    again.deleteLater()


def test_of_an_emergency_the_whole_copy_or_one_page(qtbot: QtBot, school: School) -> None:
    desk = Desk(qtbot, school, signed_report(school), "olga")
    page = desk.page
    assert [one.text() for one in page.papers.choices.values()] == [
        "The parent's copy",
        "Emergency notice, one page",
    ]
    assert page.title.text() == "The parent's copy"
    page.text.setPlainText("Mateo was held by two adults. He is well.")
    qtbot.waitUntil(lambda: page._checked_text == page.text.toPlainText(), timeout=PATIENCE_MS)
    page.papers.choices["restraint"].click()
    assert page.title.text() == "Emergency notice, one page"
    assert page.text.toPlainText() == "Mateo was held by two adults. He is well."
    kept = page.place()
    assert kept["paper"] == "restraint"
    [first, *_] = [one for one in page.choices.values() if one.isEnabled()]
    first.click()
    qtbot.waitUntil(page.release_button.isEnabled, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page.released, timeout=PATIENCE_MS) as told:
        page.release_button.click()
    [copy] = told.args
    assert len(PdfReader(io.BytesIO(copy.pdf)).pages) == 1
    assert desk.workspace.copies.log(page._record_id)[0].paper == "restraint"
    desk.leave()
