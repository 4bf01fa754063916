"""What opens over a page, by keyboard and by ear: sheets, dialogs, previews, two versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.school_days import Term
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.calendar_import import ImportSheet
from bt_desktop.views.calendar_terms import BellSheet, TermSheet
from bt_desktop.views.deadline_sheets import DoneSheet, ReasonSheet
from bt_desktop.views.export_sheet import ExportSheet
from bt_desktop.views.form_dialogs import CopiesMade
from bt_desktop.views.log_call import LogCall
from bt_desktop.views.people_staff import StaffSheet
from bt_desktop.views.print_choice import PrintChoice
from bt_desktop.views.purpose_sheet import PurposeSheet
from bt_desktop.views.receipt_sheet import ReceiptSheet
from bt_desktop.views.saved_views_row import ViewSheet
from bt_desktop.views.sign import SignDialog
from bt_desktop.views.start_sheet import StartSheet
from bt_desktop.views.student_edit import GuardianSheet, HealthSheet, StudentSheet
from bt_desktop.views.student_moves import MoveSheet
from bt_desktop.views.student_team import AddStaff, CaseloadSheet
from tests.factory import School, signed_report
from tests.services.picture_maker import png
from tests.services.review_kit import amend
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office

pytestmark = pytest.mark.slow  # by page; `test_every_window.py` walks all of them

HOLIDAY = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Maple Creek//Calendar//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20270102
SUMMARY:Winter break
END:VEVENT
END:VCALENDAR
"""
TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def all_right(office: Office, root: QWidget) -> None:
    """Named, big enough, and walked through by Tab in reading order."""
    office.settle()
    assert faults(root) == []
    reached = walk(root)
    assert groups_of_one(reached, controls(root)) == []
    assert out_of_order(reached) == []


def opened(dialog: QDialog) -> QDialog:
    """Shown as the program shows it."""
    getattr(dialog, "open_sheet", dialog.open)()
    return dialog


def of_people(office: Office, school: School) -> list[Callable[[], QDialog]]:
    desk, w, shell = office.desk, office.workspace, office.shell
    mateo, dana = school.ids["mateo"], school.ids["dana"]
    student = w.people.get(mateo)
    staff = next(one for one in w.people.staff() if one.id == dana)
    return [
        lambda: StudentSheet(desk, w, student, shell),
        lambda: HealthSheet(desk, w, student, shell),
        lambda: GuardianSheet(desk, w, mateo, w.people.guardians(mateo)[0], shell),
        lambda: StaffSheet(desk, w, staff, shell),
        lambda: CaseloadSheet(desk, w, staff, shell),
        lambda: AddStaff(desk, w, mateo, shell),
        lambda: MoveSheet(desk, w, student, shell),
    ]


def of_the_calendar(office: Office, _school: School) -> list[Callable[[], QDialog]]:
    desk, w, shell = office.desk, office.workspace, office.shell
    term = Term(date(2026, 8, 17), date(2026, 12, 18), "Fall")
    found = w.calendar.look_into(HOLIDAY)
    return [
        lambda: ImportSheet(desk, w, found, "school.ics", shell),
        lambda: TermSheet(desk, w, (term,), 0, term, shell),
        lambda: BellSheet(desk, w, time(15, 10), shell),
    ]


def of_lists(office: Office, _school: School) -> list[Callable[[], QDialog]]:
    desk, w, shell = office.desk, office.workspace, office.shell
    every = RecordFilter()
    return [
        lambda: ExportSheet(desk, w, every, w.export.plan(every), shell),
        lambda: ViewSheet(desk, w, RecordFilter(form="restraint"), None, shell),
        lambda: PurposeSheet(desk, w.openings.usual, shell),
        lambda: StartSheet(desk, "Incident report", w.events.today(), shell),
    ]


@pytest.mark.parametrize("of", [of_people, of_the_calendar, of_lists])
def test_the_sheets_of_a_place(
    office: Office, school: School, of: Callable[[Office, School], list[Callable[[], QDialog]]]
) -> None:
    signed_report(school)
    office.sign_in("tom")
    for make in of(office, school):
        dialog = opened(make())
        all_right(office, dialog)
        dialog.reject()


def test_the_sheets_of_a_record(office: Office, school: School) -> None:
    record = signed_report(school)
    clerk = school.sign_in("olga")
    clerk.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    copies = clerk.copies.log(record)
    clerk.lock()
    office.sign_in("tom")
    desk, w, shell = office.desk, office.workspace, office.shell
    w.records.attach(record, "a.png", "image/png", png(), "photo")
    late = w.deadlines.of_record(record)[0]
    made: list[Callable[[], QDialog]] = [
        lambda: LogCall(desk, w, record, shell),
        lambda: ReceiptSheet(desk, w, record, copies[0], shell),
        lambda: CopiesMade(desk, copies, lambda at: at, shell),
        lambda: PrintChoice(desk, w.records.attachments(record), draft=False, parent=shell),
        lambda: ReasonSheet(desk, w, late, shell),
        lambda: DoneSheet(desk, w, late, shell),
    ]
    for make in made:
        dialog = opened(make())
        all_right(office, dialog)
        dialog.reject()


def test_signing_and_amending(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("dana")
    w: Workspace = office.workspace
    office.shell.open_record(record)
    office.settle()
    versions = office.shell.page.deeds.versions  # type: ignore[union-attr]  # FormPage
    office.shell.page.deeds.do("amend")  # type: ignore[union-attr]  # as above
    office.until(lambda: versions.sheet is not None)
    for kind in ("correction", "late_entry", "entered_in_error"):
        versions.sheet.kinds.buttons[kind].setChecked(True)
        all_right(office, versions.sheet)
    versions.sheet.reject()
    dialog = opened(SignDialog(office.desk, w, record, "report", "I wrote this.", office.shell))
    all_right(office, dialog)
    dialog.reject()
    assert w.records.open(record).state == "signed"


@pytest.mark.parametrize("deed", ["school_copy", "parent_copy", "compare", "papers"])
def test_the_pages_over_a_record(office: Office, school: School, deed: str) -> None:
    record = signed_report(school)
    amend(school.sign_in("dana"), record, location_detail="Room 15")
    office.sign_in("tom")
    office.workspace.records.attach(record, "a.png", "image/png", png(), "photo")
    office.shell.open_record(record)
    office.settle()
    page = office.shell.page
    page.deeds.do(deed)  # type: ignore[union-attr]  # FormPage
    office.settle()
    all_right(office, office.window)
    if deed == "papers":
        over = page.stack.currentWidget()  # type: ignore[union-attr]  # as above
        over.view(office.workspace.records.attachments(record)[0])
        all_right(office, office.window)
