"""Notes of the locked screen in the window: told on home, finished by the nurse."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.security import emergency
from bt_desktop.services.health.emergency_note import EmergencyNote, leave
from bt_desktop.views.health.notes import NotesSection
from bt_desktop.views.health.page import HealthPage
from tests.factory import School
from tests.health.kit import active_order, at, terms
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text


def left(school: School, **changes: object) -> None:
    values: dict[str, object] = {
        "id": "", "who": "Kim in room 4", "medicine": "methylphenidate", "dose": "1 tablet",
        "at": at(10, 5), "noted_at": at(10, 5), "happened": "Took it by mistake",
        "called_911": "no", "by": "Ana",
    }  # fmt: skip
    leave(school.folder, EmergencyNote(**(values | changes)), school.clock)  # type: ignore[arg-type]  # its own


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    maria = school.sign_in("maria")
    active_order(maria, terms(school.ids["mateo"]))
    maria.lock()
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


def section_of(office: Office) -> NotesSection:
    office.shell.go("health", "notes")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    section = page.section("notes")
    assert isinstance(section, NotesSection)
    return section


def test_the_nurse_is_led_from_home_to_the_note_and_makes_it_a_dose(office: Office) -> None:
    left(office.school)
    office.sign_in("maria")
    home = office.shell.page
    assert "1 emergency dose was noted while the program was locked" in office.all_text()
    home.health.rows[0].go.click()  # type: ignore[union-attr]  # the home page
    office.settle()
    section = section_of(office)
    words = shown_text(section)
    for part in ("Kim in room 4: methylphenidate, 1 tablet", "given today 10:05 am",
                 "written by Ana", "911 was not called", "Took it by mistake"):  # fmt: skip
        assert part in words
    [button] = section.finish.values()
    button.click()
    sheet = section.sheet
    assert sheet is not None
    sheet.save()
    assert "Choose the student" in sheet.frames["student"].says()
    mateo = office.school.ids["mateo"]
    sheet._choose(mateo, "Mateo Núñez-Okafor")
    office.settle()
    assert "Methylphenidate" in sheet.order.currentText(), "the order that is meant is offered"
    assert sheet.at.text() == "10:05 am"
    assert "Noted at a locked screen by Ana, as “Kim in room 4”." in sheet.reason.toPlainText()
    sheet.at.setText("10:10a")
    sheet.save()
    office.settle()
    assert section.finish == {}
    assert "No note waits" in shown_text(section)
    day = at(10).date()
    [dose] = office.workspace.health.doses.of_student(mateo, day, day).standing
    assert (dose.emergency, dose.at) == (True, at(10, 10))
    office.shell.go("home")
    office.settle()
    assert "noted while the program was locked" not in shown_text(office.shell.page)  # type: ignore[arg-type]  # home


def test_a_time_that_cannot_be_is_said_and_nothing_is_lost(office: Office) -> None:
    left(office.school, at=at(23))
    office.sign_in("maria")
    section = section_of(office)
    assert "Check the time" in shown_text(section)
    assert "later than the computer’s clock was" in shown_text(section)
    next(iter(section.finish.values())).click()
    sheet = section.sheet
    assert sheet is not None
    sheet._choose(office.school.ids["mateo"], "Mateo Núñez-Okafor")
    office.settle()
    sheet.save()
    office.settle()
    assert sheet.banner.text()
    assert office.workspace.health.night_notes.count() == 1
    sheet.at.setText("no time")
    sheet.save()
    assert "not a time" in sheet.frames["at"].says()


def test_what_is_no_students_dose_is_set_aside(office: Office) -> None:
    left(office.school)
    office.sign_in("maria")
    section = section_of(office)
    [note] = office.workspace.health.night_notes.waiting()
    section.open_aside(note)
    assert section.sheet is not None
    section.sheet.reason.setText("A visitor")
    section.sheet.save()
    office.settle()
    assert section.finish == {}


def test_a_damaged_one_is_told_to_the_nurse(office: Office) -> None:
    left(office.school)
    [path] = emergency.waiting(office.school.folder)
    path.write_bytes(b"?")
    office.sign_in("maria")
    assert "cannot be opened" in office.shell.banner.text()
    section = section_of(office)
    assert "1 note of the locked screen could not be opened" in shown_text(section)


@pytest.mark.parametrize(("who", "told"), [("tom", True), ("olga", False), ("dana", False)])
def test_others_are_told_and_read_nothing(office: Office, who: str, told: bool) -> None:
    left(office.school)
    office.sign_in(who)
    home = shown_text(office.shell.page)  # type: ignore[arg-type]  # the home page
    assert ("1 emergency dose was noted" in home) is told
    assert "Kim" not in office.all_text()
    office.shell.go("health")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert "notes" not in page.chips


def test_it_is_named_and_walked_through_in_order(office: Office) -> None:
    left(office.school)
    left(office.school, who="Lee")
    office.sign_in("maria")
    section = section_of(office)
    assert len(section.finish) == 2
    page = office.shell.page
    assert page is not None
    assert faults(page) == []
    reached = walk(page)
    assert groups_of_one(reached, controls(page)) == []
    assert out_of_order(reached) == []
