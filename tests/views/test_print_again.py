"""A copy printed once more: from the log of copies, for a reason, to the letter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.form_dialogs import CopiesMade
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.print_again import PrintAgain
from tests.factory import School, signed_report
from tests.views.form_kit import Sitting, sit_down

TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."


@pytest.fixture
def office(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    record = signed_report(school)
    olga = school.sign_in("olga").copies
    olga.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    olga.draft_parent_print(record, TOLD)
    made = sit_down(qtbot, school, "olga", record)
    yield made
    made.leave()


def copies_made(office: Sitting) -> CopiesMade:
    """The log of copies over the page."""
    office.page.deeds.do("copies")
    office.settle()
    return office.page.findChildren(CopiesMade)[-1]


def test_a_copy_is_printed_again_for_a_reason(office: Sitting) -> None:
    log = copies_made(office)
    assert not log.again_button.isEnabled()
    log.table.selectRow(0)
    assert not log.again_button.isEnabled()  # a draft: make another
    log.table.selectRow(1)
    QTest.keyClick(log.again_button, Qt.Key.Key_Space)
    [sheet] = office.page.findChildren(PrintAgain)
    assert sheet.title.text() == "Print copy 1 again"
    sheet.why.setCurrentIndex(sheet.why.findData("other"))
    sheet.save()
    assert sheet.frames["words"].says()
    QTest.keyClicks(sheet.words, "For the other home")
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.bot.waitUntil(lambda: isinstance(office.page.stack.currentWidget(), PdfPreview))
    preview = office.page.stack.currentWidget()
    assert isinstance(preview, PdfPreview)
    office.settle()
    made = office.workspace.copies.log(office.record_id)[1]
    assert preview.copy.copy_id == made.copy_id
    assert preview.copy.sha256 == made.sha256
    preview.back.emit()
    log = copies_made(office)
    became = log.table.item(1, log.HEADS.index("Became"))
    assert became is not None
    assert became.text() == "previewed, printed again: For the other home"
    log.reject()


def test_a_flag_of_today_stops_it_and_says_who_may(office: Sitting) -> None:
    ids = office.school.ids
    flagged = NewGuardian("Rosa", "Núñez", "mother", language="es", no_contact=True)
    office.school.sign_in("tom").people.update_guardian(ids["mateo"], ids["rosa"], flagged)
    log = copies_made(office)
    log.table.selectRow(1)
    log.again_button.click()
    [sheet] = office.page.findChildren(PrintAgain)
    sheet.save()
    office.settle()
    said = sheet.banner.text()
    assert "no-contact" in said
    assert "An administrator may release it" in said
    sheet.reject()
