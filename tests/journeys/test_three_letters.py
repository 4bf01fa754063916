"""Three head injuries, from the door to the letter in the hand: A, B and C, in the window.

The nurse writes each report, marks the head on the drawing, looks again as often as it takes, and
signs; the letter of the child who goes by ambulance leaves at once, the other two by one key of
Today's notices. What comes out is read by a program that is not ours.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.home import HomePage
from bt_desktop.views.notices_page import NoticesPage
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.release import ReleasePage
from tests.factory import School
from tests.journeys.hands import click, press
from tests.journeys.health_office import AT_THE_DOOR, AT_THE_END, SEEN, Morning
from tests.views.shell_kit import shown_text

TITLE = "First aid, injury and accident report"
CTRL = Qt.KeyboardModifier.ControlModifier
GIVEN = {"A": "Mateo", "B": "Łucja", "C": "Huy"}
FAMILY = {"A": "Núñez", "B": "Kowalczyk", "C": "Nguyễn"}
TITLES = {
    "A": "Mateo had a bump to the head. We saw no signs",
    "B": "Łucja had a bump to the head. Please see a doctor",
    "C": "Huy had a bump to the head and needs care now",
}
SAID = {
    "A": ("Check", "After 30 minutes", "Before leaving us", "No signs"),
    "B": ("Please take Łucja to a doctor today", "Headache", "until a doctor writes"),
    "C": (
        "Take Huy to an emergency room now",
        "Threw up again and again",
        "We called 911 at 10:24 am",
    ),
}
NOT_SAID = {
    "A": ("Please take", "emergency room now", "until a doctor writes"),
    "B": ("emergency room now", "We saw no signs", "911 at"),
    "C": ("to a doctor today", "We saw no signs", "No signs"),
}
BACK_TO_CLASS = {
    "/disposition": ["observed_class", "restricted"],
    "/restricted_until": "11/19/2026",
}
BY_AMBULANCE = {
    "/disposition": ["ems_transported", "emergency_room"],
    "/sent_with": "Paramedics",
    "/ems_called_at": "1024",
    "/ems_arrived_at": "1030",
    "/ems_to": "Valley Hospital",
}


def door(who: str, **changes: Any) -> dict[str, Any]:
    """What is asked first, of this child."""
    told = AT_THE_DOOR | {"/student": f"@{who}"}
    return told | {f"/{name}": value for name, value in changes.items()}


def end(**changes: Any) -> dict[str, Any]:
    """What is answered before the child goes, with changes (None: not asked)."""
    told = AT_THE_END | changes
    return {path: value for path, value in told.items() if value is not None}


class Letters(Morning):
    """The same nurse a day later (the school's seal was made on the day before), and her papers."""

    seen = SEEN + timedelta(days=1)

    def begin(self, who: str) -> None:
        """From home to the first look: who, what, and the forehead on the drawing."""
        self.start(TITLE)
        self.answer(door(who))
        x, y = drawing("child", "head_front").anchor("forehead")
        assert self.mark("head_front", x, y) == "forehead"
        assert not self.page.head_chips.isHidden()

    def finish(self, number: str, **changes: Any) -> None:
        """Call the parent, tell what happened next, sign."""
        self.log_call("reached")
        self.answer(end(**changes))
        assert self.sign().title.text() == number

    def release_now(self) -> bytes:
        """From the signed page to the sealed letter, by Enter."""
        done = self.page.stack.currentWidget()
        click(done.buttons["parent_copy"])  # type: ignore[attr-defined]  # SignedPage
        self.hands.until(lambda: isinstance(self.page.stack.currentWidget(), ReleasePage))
        page = self.page.stack.currentWidget()
        assert isinstance(page, ReleasePage)
        self.office.window.activateWindow()
        self.hands.until(page.release_button.hasFocus)
        assert page.title.text() == "Head-injury notice, letter C"
        press(page.release_button, Qt.Key.Key_Return)
        self.hands.until(lambda: isinstance(self.page.stack.currentWidget(), PdfPreview))
        preview = self.page.stack.currentWidget()
        assert isinstance(preview, PdfPreview)
        assert preview.copy.sealed
        return preview.copy.pdf

    def print_the_rest(self) -> tuple[bytes, list[bytes]]:
        """Home says how many wait; Today's notices, Ctrl+P. The print, and each sealed letter."""
        shell = self.office.shell
        shell.go("home")
        self.office.settle()
        assert isinstance(shell.page, HomePage)
        assert "2 signed reports have a paper" in shown_text(shell.page)
        click(shell.page.notices.go)
        self.office.settle()
        notices = shell.page
        assert isinstance(notices, NoticesPage)
        assert notices.summary.text() == "2 papers are ready to print."
        records = [one.record_id for one in notices.due]
        self.hands.focus(notices.print_button)
        press(notices.print_button, Qt.Key.Key_P, CTRL)
        self.hands.until(lambda: isinstance(shell.page, PdfPreview))
        self.office.settle()
        preview = shell.page
        assert isinstance(preview, PdfPreview)
        copies = self.office.workspace.copies
        sealed = [copies.pdf(copies.log(one)[0].copy_id).pdf for one in records]
        return preview.copy.pdf, sealed


def read(pdf: bytes) -> list[str]:
    """The words of each page."""
    return [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(pdf)).pages]


def holds_for(letter: str, words: str) -> None:
    """This page is that child's letter, and nobody else stands on it."""
    for said in (TITLES[letter], *SAID[letter], "next 24 hours", "one pupil larger"):
        assert said in words, (letter, said)
    for said in NOT_SAID[letter]:
        assert said not in words, (letter, said)
    folded = words.casefold()
    for other in GIVEN.keys() - {letter}:
        for name in (GIVEN[other], FAMILY[other]):
            assert name.casefold() not in folded, (letter, name)


@pytest.mark.slow
def test_three_head_injuries_bring_three_letters(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    people = school.sign_in("tom").people
    people.add_guardian(school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother", "pl"))
    people.add_guardian(school.ids["huy"], NewGuardian("Linh", "Nguyễn", "mother", "vi"))
    day = Letters(qtbot, school, tmp_path)
    day.office.sign_in("maria")

    # Huy throws up while she looks: 911, and the letter goes with him
    day.at(10)
    day.begin("huy")
    day.check(1, "1023", danger="vomiting")
    assert not day.page.head_chips.alarm.isHidden()
    day.at(21)
    day.finish("AID-2026-0001", **BY_AMBULANCE, **{"/time_out": "1035"})
    [page] = read(day.release_now())
    holds_for("C", page)

    # Łucja has a headache at the second look: her mother takes her to a doctor
    day.at(32)
    day.begin("lucja")
    day.check(1, "1016")
    day.check(2, "1031", physical="headache")
    day.finish("AID-2026-0002", **{"/time_out": "1046"})

    # nothing is seen in Mateo in four looks
    day.at(50)
    day.begin("mateo")
    for row, at in enumerate(("1017", "1031", "1046", "1055"), 1):
        day.check(row, at)
    day.finish("AID-2026-0003", **BACK_TO_CLASS, **{"/sent_with": None, "/sent_with_id": None})

    whole, letters = day.print_the_rest()
    assert len(read(whole)) == 2
    told = {page for pdf in letters for [page] in [read(pdf)]}
    assert len(told) == 2
    for letter in ("A", "B"):
        holds_for(letter, next(page for page in told if TITLES[letter] in page))
    day.office.shell.go("notices")
    day.office.settle()
    assert shown_text(day.office.shell.page).count("No parent is waiting for a paper.") == 1  # type: ignore[arg-type]  # a page is shown
