"""A head injury, from the office list to the letter in the hand: A, B and C, in the window."""

from __future__ import annotations

import io

from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.notices_page import NoticesPage
from bt_desktop.views.release import ReleasePage
from tests.factory import School
from tests.first_aid import signed_first_aid
from tests.views.form_kit import dressed_desk

PATIENCE_MS = 20_000
SAID = {
    "A": "We saw no signs",
    "B": "Please see a doctor",
    "C": "needs care now",
}


def test_three_head_injuries_bring_three_letters(qtbot: QtBot, school: School) -> None:
    school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother", "pl")
    )
    records = {letter: signed_first_aid(school, letter) for letter in SAID}
    nurse = school.sign_in("maria")
    desk = dressed_desk(school)
    office = NoticesPage(desk, nurse)
    office.load()
    qtbot.waitUntil(lambda: len(office.ready()) == 3, timeout=PATIENCE_MS)
    for letter, record in records.items():
        page = ReleasePage(desk, nurse, record)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.release_button.hasFocus, timeout=PATIENCE_MS)
        assert page.title.text() == f"Head-injury notice, letter {letter}"
        with qtbot.waitSignal(page.released, timeout=PATIENCE_MS) as released:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        sheets = PdfReader(io.BytesIO(released.args[0].pdf)).pages
        told = " ".join(sheet.extract_text() for sheet in sheets)
        assert len(sheets) == 1
        for said in (SAID[letter], "Łucja", "one pupil larger", "next 24 hours", "Polish"):
            assert said in told
        for other in ("Mateo", "Huy", "Kowalczyk, Ł"):
            assert other not in told
        qtbot.waitUntil(desk.tasks.is_idle, timeout=PATIENCE_MS)
        page.hide()
        page.deleteLater()
    office.load()
    qtbot.waitUntil(lambda: not office.due, timeout=PATIENCE_MS)
    qtbot.waitUntil(desk.tasks.is_idle, timeout=PATIENCE_MS)
    office.deleteLater()
    desk.tasks.close()
