"""Tables mapped in the window, a folder of photos, the end of the year, my students."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import answer_next
from bt_desktop.views.roster_page import RosterPage
from bt_desktop.views.students import StudentsPage
from bt_desktop.views.year_page import ExceptionSheet, YearPage
from tests.factory import School
from tests.services.csv_kit import AERIES, put
from tests.services.picture_maker import jpeg
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.sign_in("tom")
    return made


def import_page(office: Office, way: str) -> RosterPage:
    office.shell.open_roster()
    office.settle()
    page = office.shell.page
    assert isinstance(page, RosterPage)
    page.show_way(way)
    return page


def test_a_table_is_mapped_looked_at_and_brought_in(office: Office, tmp_path: Path) -> None:
    view = import_page(office, "tables").tables
    answer_next(put(tmp_path, AERIES))
    view.zip.click()
    office.until(lambda: bool(view.mappings))
    [mapping] = view.mappings
    office.settle()
    assert view.look.isEnabled()
    assert mapping.lacks() == ""
    meanings = {row.column.header: row.meaning.currentText() for row in mapping.rows}
    assert meanings["Last Name"] == "Last name"
    assert "Peanuts, bees" in shown_text(mapping)
    view.look.click()
    office.until(view.result.isVisible)
    assert "2 students" in view.facts["added"].text()
    assert office.workspace.people.search("aaliyah") == ()
    view.go.click()
    office.until(lambda: "Imported" in view.banner.text())
    assert office.workspace.people.search("aaliyah")
    view.open_tables((tmp_path / "students.csv",))
    office.until(lambda: "Known from last time" in shown_text(view))


def test_what_is_missing_is_named_and_nothing_is_read_twice(office: Office, tmp_path: Path) -> None:
    view = import_page(office, "tables").tables
    view.open_tables((put(tmp_path, "Kid,Family,DOB\nAda,Ito,03/04/2016\n"),))
    office.until(lambda: bool(view.mappings))
    [mapping] = view.mappings
    assert "first and last name" in view.lacks.text()
    assert not view.look.isEnabled()
    for place, key in ((0, "given"), (1, "given")):
        meaning = mapping.rows[place].meaning
        meaning.setCurrentIndex(meaning.findData(key))
    assert "two columns mean" in mapping.lacks()
    meaning = mapping.rows[1].meaning
    meaning.setCurrentIndex(meaning.findData("family"))
    office.until(lambda: "how the dates are written" in view.lacks.text())
    assert "03/04/2016" in mapping.order_frame.hint.text()
    mapping.order.setCurrentIndex(mapping.order.findData("day-first"))
    assert view.look.isEnabled()
    assert mapping.choice().date_order == "day-first"
    office.settle()


def test_a_workbook_is_told_in_a_sentence(office: Office, tmp_path: Path) -> None:
    view = import_page(office, "tables").tables
    view.open_tables((put(tmp_path, b"PK\x03\x04xl", "students.xlsx"),))
    office.until(lambda: "Excel workbook" in view.banner.text())


def test_a_folder_of_photos(office: Office, school: School, tmp_path: Path) -> None:
    view = import_page(office, "photos").photos
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("Okafor_Mateo.jpg", "Kowalczyk_Lucja.jpg", "Nobody.jpg"):
        (folder / name).write_bytes(jpeg())
    answer_next(folder)
    view.folder.click()
    office.until(view.result.isVisible)
    assert "2 photos found their student; 1 file will not be used" in view.facts.text()
    assert office.workspace.photos.thumb(school.ids["mateo"]) is None
    view.go.click()
    office.until(lambda: "2 photos kept" in view.banner.text())
    assert office.workspace.photos.thumb(school.ids["mateo"])


def test_the_year_is_ended_with_an_exception_and_taken_back(office: Office, school: School) -> None:
    office.shell.open_year()
    office.settle()
    page = office.shell.page
    assert isinstance(page, YearPage)
    office.until(lambda: page.model.rowCount() == 3)
    assert page.chips["left"].text() == "Leaves this school 3"  # grade 4 is the highest here
    page.top.setCurrentIndex(page.top.findData("5"))
    office.until(lambda: page.chips["promoted"].text() == "Goes up 3")
    assert page.plan is not None
    line = next(one for one in page.plan.lines if one.student_id == school.ids["mateo"])
    sheet = ExceptionSheet(office.desk, line, page)
    sheet.saved.connect(page._changed)
    sheet.deed_choice.setCurrentIndex(sheet.deed_choice.findData("retained"))
    sheet.save()
    office.until(lambda: page.chips["retained"].text() == "Stays in this grade 1")
    answer_next(True)
    page.go.click()
    office.until(lambda: "ended for 3 students" in page.banner.text())
    people = office.workspace.people
    assert people.get(school.ids["mateo"]).grade == "4"
    assert people.get(school.ids["huy"]).grade == "5"
    office.until(page.before.isVisible)
    answer_next(True)
    page.undo.click()
    office.until(lambda: "as they were before" in page.banner.text())
    assert people.get(school.ids["huy"]).grade == "4"
    office.settle()


def test_my_students(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    tom = school.sign_in("tom")
    tom.caseloads.add(school.ids["dana"], [school.ids["huy"]])
    tom.lock()
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    office.shell.go("students")
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentsPage)
    assert not page.bring.isVisible()
    assert not page.year.isVisible()
    assert page.model.rowCount() == 3
    page.mine.click()
    office.until(lambda: page.model.rowCount() == 1)
    page.filter.setText("mateo")
    office.until(lambda: page.model.rowCount() == 0)
    assert "Nobody found" in page.count.text()
    page.filter.setText("ngu")
    office.until(lambda: page.model.rowCount() == 1)
