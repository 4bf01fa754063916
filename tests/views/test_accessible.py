"""Every page by keyboard and by ear: names, roles, buddies, targets, and the order of Tab."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.clock import SetClock
from bt_desktop.models.people import Student
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.first_run import FirstRun
from bt_desktop.views.form_dialogs import CopiesMade
from bt_desktop.views.form_event_sheets import AlsoSheet, JoinSheet, TakeOutSheet
from bt_desktop.views.home import HomePage
from bt_desktop.views.print_again import PrintAgain
from bt_desktop.views.widgets.sheet import Sheet
from tests.event_kit import type_in
from tests.factory import School, signed_report
from tests.first_aid import SCENARIOS, begun_first_aid
from tests.services.picture_maker import png
from tests.services.review_kit import amend
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office

pytestmark = pytest.mark.slow  # by page; `test_every_window.py` walks all of them


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def all_right(root: QWidget) -> None:
    """One page: named, big enough, and walked through by Tab in reading order."""
    QApplication.processEvents()
    assert faults(root) == []
    reached = walk(root)
    assert groups_of_one(reached, controls(root)) == []
    assert out_of_order(reached) == []


def test_the_unlock_page(office: Office) -> None:
    office.open_door()
    office.settle()
    all_right(office.window.unlock_page)


@pytest.mark.parametrize("place", ["home", "records", "students", "deadlines", "notices"])
def test_a_place_of_the_shell(office: Office, school: School, place: str) -> None:
    signed_report(school)
    office.sign_in("tom")
    office.shell.go(place)
    office.settle()
    all_right(office.window)


@pytest.mark.parametrize(
    "section",
    ["school", "holds", "calendar", "staff", "accounts", "log", "access", "violence", "computer"],
)
def test_a_section_of_the_settings(office: Office, section: str) -> None:
    office.sign_in("tom")
    office.shell.go("settings")
    office.shell.page.show_section(section)  # type: ignore[attr-defined]  # SettingsPage
    office.settle()
    all_right(office.window)


def test_a_student_and_the_roster(office: Office, school: School) -> None:
    office.sign_in("tom")
    office.shell.open_student(school.ids["mateo"])
    office.settle()
    all_right(office.window)
    office.shell.open_roster()
    office.settle()
    all_right(office.window)


def test_bringing_people_in_and_ending_the_year(
    office: Office, school: School, tmp_path: Path
) -> None:
    office.sign_in("tom")
    office.shell.open_roster()
    page = office.shell.page
    table = tmp_path / "students.csv"
    table.write_text("ID,Name,Password,DOB\n7,Ada Ito,x,03/04/2016\n", encoding="utf-8")
    page.show_way("tables")  # type: ignore[union-attr]  # RosterPage
    page.tables.open_tables((table,))  # type: ignore[union-attr]  # as above
    office.settle()
    all_right(office.window)
    page.show_way("photos")  # type: ignore[union-attr]  # as above
    page.photos.look(tmp_path)  # type: ignore[union-attr]  # as above
    office.settle()
    all_right(office.window)
    office.shell.open_year()
    office.settle()
    all_right(office.window)


def test_the_papers_of_a_record(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    office.workspace.records.attach(record, "a.png", "image/png", png(), "photo")
    office.shell.open_record(record)
    office.settle()
    office.shell.page.deeds.do("papers")  # type: ignore[union-attr]  # FormPage
    office.settle()
    all_right(office.window)


def test_who_saw_what(office: Office, school: School) -> None:
    signed_report(school)
    office.sign_in("tom")
    office.shell.open_access_log(school.ids["mateo"])
    office.settle()
    all_right(office.window)


def begin(workspace: Workspace) -> str:
    return workspace.records.start("restraint")


def test_every_section_of_a_report(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("dana")
    fresh = begin(office.workspace)
    for which in (fresh, record):
        office.shell.open_record(which)
        office.settle()
        page = office.shell.page
        for section in page.draft.sections():  # type: ignore[attr-defined]  # FormPage
            if section.relevant:
                page.open_section(section.name)  # type: ignore[attr-defined]  # FormPage
                office.settle()
                assert faults(office.window) == [], section.name
                assert out_of_order(walk(office.window)) == [], section.name


def test_the_event_of_a_record_and_its_sheets(office: Office, school: School) -> None:
    ber = signed_report(school)
    office.sign_in("dana")
    w, shell = office.workspace, office.shell
    shell.start("incident")
    office.until(lambda: shell.starting.sheet is not None)
    sheet = shell.starting.sheet
    assert sheet is not None
    all_right(sheet)
    sheet.reject()
    incident = w.events.start("incident", w.records.open(ber).event_id)
    type_in(w, incident, {"/hands_on": ["held"]})
    shell.open_record(incident)
    office.settle()
    assert len(shell.page.event_strip.remarks()) == 3  # type: ignore[union-attr]  # FormPage
    assert faults(office.window) == []
    assert out_of_order(walk(office.window)) == []
    students = ((school.ids["huy"], "Huy"), (school.ids["lucja"], "Łucja"))
    near = w.events.records(w.records.open(ber).event_id)
    for made in (
        AlsoSheet(office.desk, w, incident, students, shell),
        JoinSheet(office.desk, w, incident, near, shell),
        TakeOutSheet(office.desk, w, incident, shell),
    ):
        made.open_sheet()
        all_right(made)
        made.reject()


def test_an_alert_before_a_release_and_a_copy_printed_again(office: Office, school: School) -> None:
    record = signed_report(school)
    with school.sign_in("tom")._context.store.write() as session:
        student = session.get_one(Student, school.ids["mateo"].partition(":")[2])
        student.custody_alert = "Court order of May 3."
    office.sign_in("tom")
    office.workspace.copies.school_copy(record)
    office.shell.open_record(record, {"deed": "parent_copy"})
    office.settle()
    over = office.shell.page.stack.currentWidget()  # type: ignore[union-attr]  # FormPage
    next(iter(over.choices.values())).click()
    office.settle()
    all_right(over)
    [row] = office.workspace.copies.log(record)
    log = CopiesMade(office.desk, [row], lambda at: at, office.shell)
    log.open()
    log.table.selectRow(0)
    all_right(log)
    log.reject()
    sheet = PrintAgain(office.desk, office.workspace, row, office.shell)
    sheet.open_sheet()
    all_right(sheet)
    sheet.reject()


def test_a_call_that_is_due_on_home(office: Office, school: School) -> None:
    signed_report(school)
    office.sign_in("dana")
    office.shell.go("home")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HomePage)
    assert any(card.report.isVisible() for card in page.deadlines.list.cards)
    all_right(page)


def test_the_body_map_of_a_first_aid_report(office: Office) -> None:
    office.sign_in("dana")
    assert office.workspace is not None
    office.shell.open_record(office.workspace.records.start("first_aid"))
    office.settle()
    page = office.shell.page
    page.open_section("body")  # type: ignore[attr-defined]  # FormPage
    office.settle()
    editor = page.blocks()["/body_marks"].editor  # type: ignore[attr-defined]  # FormPage
    for region in ("left knee", "nape"):
        row = editor.regions.matching(region)[0]
        editor.regions.box.chosen.emit(row)
    office.settle()
    assert [m["region"] for m in editor.typed()["marks"]] == ["knee_left", "neck_back"]
    assert faults(office.window) == []
    assert out_of_order(walk(office.window)) == []


@pytest.mark.parametrize(("who", "figure"), [("student", "child"), ("staff", "adult")])
def test_the_body_of_a_grown_person_is_grown(office: Office, who: str, figure: str) -> None:
    office.sign_in("dana")
    office.shell.open_record(office.workspace.records.start("first_aid"))
    office.settle()
    page = office.shell.page
    page.draft.put("/person_type", who)  # type: ignore[union-attr]  # FormPage
    page.open_section("body")  # type: ignore[union-attr]  # as above
    office.settle()
    editor = page.blocks()["/body_marks"].editor  # type: ignore[union-attr]  # as above
    assert [chip.name for chip in editor.figures if chip.isChecked()] == [figure]


@pytest.mark.parametrize("deed", ["review", "compare"])
def test_a_review_and_two_versions_side_by_side(office: Office, school: School, deed: str) -> None:
    record = signed_report(school)
    amend(school.sign_in("dana"), record, location_detail="Room 15")
    office.sign_in("tom")
    all_right(office.window)  # home, with what waits
    office.shell.open_record(record)
    office.settle()
    all_right(office.window)
    office.shell.page.deeds.do(deed)  # type: ignore[attr-defined]  # FormPage
    office.settle()
    assert faults(office.window) == []
    assert out_of_order(walk(office.window)) == []


def test_the_first_run(qtbot: QtBot, clock: SetClock, tmp_path: Path) -> None:
    office = Office(qtbot, School(tmp_path / "new vault", clock), tmp_path / "settings")
    office.window.begin()
    office.until(lambda: isinstance(office.window.stack.currentWidget(), FirstRun))
    office.settle()
    wizard = office.window.stack.currentWidget()
    assert isinstance(wizard, FirstRun)
    for _ in range(4):
        all_right(wizard)
        if wizard.step is wizard.school:
            wizard.school.name.setText("Maple Creek Elementary")
        wizard.go_on()
        office.settle()


@pytest.mark.parametrize("deed", ["add_student", "add_account"])
def test_a_sheet_closes_with_esc_and_enter_does_not_save_it(office: Office, deed: str) -> None:
    office.sign_in("tom")
    if deed == "add_student":
        office.shell.go("students")
        office.settle()
        office.shell.page.add_student()  # type: ignore[attr-defined]  # StudentsPage
    else:
        office.shell.go("settings")
        office.shell.page.show_section("accounts")  # type: ignore[attr-defined]  # SettingsPage
        office.settle()
        named = {b.text(): b for b in office.window.findChildren(QPushButton) if b.isVisible()}
        named["Add an account"].click()
    office.settle()
    sheet = next(
        one for one in QApplication.allWidgets() if isinstance(one, Sheet) and one.isVisible()
    )
    all_right(sheet)
    first = controls(sheet)[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert sheet.isVisible()
    QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Escape)
    office.until(lambda: not sheet.isVisible())
    office.settle()


def test_what_is_wrong_is_said_to_a_screen_reader(office: Office) -> None:
    office.sign_in("tom")
    office.shell.go("students")
    office.settle()
    office.shell.page.add_student()  # type: ignore[attr-defined]  # StudentsPage
    office.settle()
    sheet = next(
        one for one in QApplication.allWidgets() if isinstance(one, Sheet) and one.isVisible()
    )
    sheet.deed.click()
    office.settle()
    wrong = [frame for frame in sheet.frames.values() if frame.says()]
    assert wrong
    for frame in wrong:
        heard = frame.editor.focusProxy() or frame.editor
        assert frame.says() in heard.accessibleDescription()
    sheet.reject()


def test_alt_keys_of_a_page_do_not_clash(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    office.shell.open_record(record)
    office.settle()
    letters = [
        button.shortcut().toString()
        for button in office.window.findChildren(QPushButton)
        if button.isVisible() and not button.shortcut().isEmpty()
    ]
    assert len(letters) >= 3
    assert len(set(letters)) == len(letters), letters


def test_the_pages_over_a_report(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    office.shell.open_record(record)
    office.settle()
    page = office.shell.page
    page.head.asked.emit("parent_copy")  # type: ignore[attr-defined]  # FormPage
    office.settle()
    assert faults(office.window) == []
    assert out_of_order(walk(office.window)) == []
    page.head.asked.emit("check")  # type: ignore[attr-defined]  # FormPage
    office.settle()
    assert faults(office.window) == []
    assert out_of_order(walk(office.window)) == []


def test_every_section_of_first_aid_with_its_alarm(office: Office, school: School) -> None:
    nurse = school.sign_in("maria")
    typed = dict(SCENARIOS["exception"]) | {"/head_checks[2]/head_checked_at": "1037"}
    record = begun_first_aid(school, nurse, typed)
    nurse.lock()
    office.sign_in("maria")
    office.shell.open_record(record)
    office.until(lambda: getattr(office.shell.page, "draft", None) is not None)
    office.settle()
    page = office.shell.page
    for section in ("head_checks", "vitals", "what_next", "exception"):
        page.open_section(section)  # type: ignore[union-attr]  # FormPage
        office.settle()
        all_right(office.window)
