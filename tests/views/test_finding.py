"""Finding a record in the window; what is asked before it is opened; who saw what."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from bt_desktop.models.access import Opening
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.views import export_sheet
from bt_desktop.views.access_page import AccessPage
from bt_desktop.views.export_sheet import ExportSheet
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.purpose_sheet import PurposeSheet
from bt_desktop.views.record_words import days_word, quick_days, words_of
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.records_model import STATE
from bt_desktop.views.saved_views_row import ViewSheet
from bt_desktop.views.settings_access import AccessSection
from bt_desktop.views.shell_search import finding_of_record
from bt_desktop.views.student_view import StudentPage
from bt_desktop.views.widgets.buttons import FilterChip
from bt_desktop.views.widgets.table import STRUCK_ROLE
from tests.conftest import AFTERNOON
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.services.many_records import Made, put
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def filled(school: School, *made: Made) -> None:
    tom = school.sign_in("tom")
    put(school, tom, list(made))
    tom.lock()


def records(office: Office) -> RecordsPage:
    """Go to the list."""
    office.shell.go("records")
    office.settle()
    page = office.shell.page
    assert isinstance(page, RecordsPage)
    return page


def choose(page: RecordsPage, box: object, value: object) -> None:
    """Choose from a box as a hand does."""
    box.setCurrentIndex(box.findData(value))  # type: ignore[attr-defined]  # a Choice
    box.activated.emit(box.currentIndex())  # type: ignore[attr-defined]


def chips(page: RecordsPage) -> list[FilterChip]:
    return [one for one in page.bar.findChildren(FilterChip) if one.isVisible()]


def sheet_of(kind: type[QWidget]) -> QWidget:
    return next(
        one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()
    )


# --- the list ------------------------------------------------------------------------------------


def test_filters_stand_as_chips_and_go_with_a_key(office: Office, school: School) -> None:
    filled(school, Made("incident", "signed"), Made("incident", "final"), Made("first_aid"))
    office.sign_in("tom")
    page = records(office)
    assert page.count.text() == "3 records"
    choose(page, page.bar.form, "incident")
    page.bar.state.chips["final"].click()
    office.settle()
    assert page.model.rowCount() == 1
    assert [one.text() for one in chips(page)] == ["Form: Incident report", "Status: Final"]
    assert chips(page)[0].accessibleName() == "Remove filter: Form: Incident report"
    chips(page)[0].setFocus()
    QTest.keyClick(chips(page)[0], Qt.Key.Key_Delete)
    office.settle()
    assert [one.text() for one in chips(page)] == ["Status: Final"]
    page.bar.clear()
    office.settle()
    assert page.model.rowCount() == 3


def test_several_states_are_chosen_at_once(office: Office, school: School) -> None:
    filled(school, *(Made("incident", state) for state in ("final", "signed", "amended", "draft")))
    office.sign_in("tom")
    page = records(office)
    for state in ("amended", "final"):
        page.bar.state.chips[state].click()
    office.settle()
    assert page.bar.filters.states == ("final", "amended")
    assert page.model.rowCount() == 2
    assert [one.text() for one in chips(page)] == ["Status: Final, Amended"]
    page.bar.state.chips["final"].click()
    office.settle()
    chips(page)[0].click()
    office.settle()
    assert not page.bar.state.states()
    assert page.model.rowCount() == 4


def test_what_was_entered_in_error_is_struck_and_said(office: Office, school: School) -> None:
    filled(school, Made("incident", "entered in error", days=1), Made("incident", number=7))
    office.sign_in("tom")
    page = records(office)
    struck = [bool(page.model.index(row, 0).data(STRUCK_ROLE)) for row in (0, 1)]
    assert struck == [False, True]
    spoken = page.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Entered in error" in str(spoken)
    assert page.model.index(1, STATE).data() == "Entered in error"
    assert not page.model.index(1, STATE).data(STRUCK_ROLE)


def test_what_is_found_stands_in_the_words_of_the_list(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    page = records(office)
    said = str(page.model.index(0, STATE).data())
    assert said == "Waiting for review"
    page.filter.setText("BER")
    office.until(page.found.isVisible)
    office.settle()
    assert page.found.found.rows[0].record.id == record
    assert said in str(page.found.found.index(0, 0).data())
    line = finding_of_record(page.found.found.rows[0].record, office.workspace.clock.now())
    assert said in line.detail


@pytest.mark.parametrize("amended", [True, False])
def test_versions_are_compared_from_the_list_by_keyboard(
    office: Office, school: School, amended: bool
) -> None:
    record = signed_report(school)
    if amended:
        dana = school.sign_in("dana")
        dana.records.amend(record, "report", "correction", "A word of it was wrong.")
        fill(school, dana, record)
        dana.records.sign_part(record, "report", PASSWORD, ink())
        dana.lock()
    office.sign_in("tom")
    page = records(office)
    page.table.setCurrentIndex(page.model.index(0, 0))
    keys = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(page.table.viewport(), QContextMenuEvent(keys, QPoint(), QPoint()))
    open_it, compare = page.menu.actions()
    assert open_it.text() == "&Open"
    assert compare.isEnabled() == amended
    if amended:
        compare.trigger()
        office.until(
            lambda: (
                getattr(office.shell.page, "deeds", None) is not None
                and office.shell.page.deeds.versions.compare_page is not None
            )  # type: ignore[union-attr]  # FormPage
        )
    page.menu.close()


def test_what_was_narrowed_last_is_there_at_the_next_sign_in(
    office: Office, school: School
) -> None:
    filled(school, Made("incident"), Made("first_aid"))
    office.sign_in("tom")
    choose(records(office), records(office).bar.form, "incident")
    office.settle()
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.sign_in("tom")
    page = records(office)
    office.until(lambda: page.model.rowCount() == 1)
    assert page.bar.filters.form == "incident"


def test_a_narrow_window_folds_the_filters_and_says_how_many_are_on(
    office: Office, school: School
) -> None:
    filled(school, Made("incident"))
    office.sign_in("tom")
    page = records(office)
    assert page.bar.panel.isVisible()
    choose(page, page.bar.form, "incident")
    office.window.resize(760, 700)
    office.settle()
    assert not page.bar.panel.isVisible()
    assert page.bar.fold.text() == "Filters (1)"
    page.bar.fold.click()
    office.settle()
    assert page.bar.panel.isVisible()


def test_days_are_chosen_by_a_word_or_typed(office: Office, school: School) -> None:
    filled(school, Made(days=0), Made(days=3), Made(days=200))
    office.sign_in("tom")
    page = records(office)
    choose(page, page.bar.when, "Today")
    office.settle()
    assert page.model.rowCount() == 1
    choose(page, page.bar.when, "own")
    assert page.bar.since.isVisible()
    page.bar.since.setText("11/1/2026")
    page.bar.since.editingFinished.emit()
    office.settle()
    assert page.model.rowCount() == 2
    page.bar.until.setText("10/1/2026")
    page.bar.until.editingFinished.emit()
    assert "before the first day" in page.bar.frames["until"].says()
    page.bar.until.setText("soon")
    page.bar.until.editingFinished.emit()
    assert page.bar.frames["until"].says()


def test_a_click_on_a_head_puts_the_rows_in_that_order(office: Office, school: School) -> None:
    filled(school, Made(student="mateo", days=0), Made(student="lucja", days=1),
           Made(student="huy", days=2))  # fmt: skip
    office.sign_in("tom")
    page = records(office)

    def order() -> list[str]:
        office.settle()
        return [str(page.model.index(n, 1).data()).split()[0] for n in range(3)]

    assert order() == ["Mateo", "Łucja", "Nguyễn"]
    page.table.horizontalHeader().sectionClicked.emit(1)
    assert order() == ["Łucja", "Nguyễn", "Mateo"]
    page.table.horizontalHeader().sectionClicked.emit(2)
    assert order() == ["Mateo", "Łucja", "Nguyễn"]
    page.table.horizontalHeader().sectionClicked.emit(2)
    assert order() == ["Nguyễn", "Łucja", "Mateo"]


def test_a_confidential_report_says_so_in_words(office: Office, school: School) -> None:
    filled(school, Made("risk"))
    office.sign_in("tom")
    page = records(office)
    said = page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Confidential" in str(said)
    assert page.bar.frames["class"].isVisible()


def test_words_of_a_report_are_found_in_the_list(office: Office, school: School) -> None:
    record = signed_report(school)
    office.sign_in("tom")
    page = records(office)
    page.filter.setText("held calm")
    office.until(lambda: page.found.isVisible() and page.found.found.rowCount() > 0)
    [row] = page.found.found.rows
    assert row.record.id == record
    assert any(row.snippet[start:end] == "calm" for start, end in row.spans)
    opened: list[str] = []
    page.opened.disconnect()
    page.opened.connect(opened.append)
    QTest.keyClick(page.found, Qt.Key.Key_Return)
    assert opened == [record]
    page.filter.setText("no such words anywhere")
    office.until(lambda: "Nothing found" in shown_text(page))
    office.settle()


def test_a_student_is_picked_by_any_part_of_a_name(office: Office, school: School) -> None:
    filled(school, Made(student="huy"), Made(student="mateo"))
    office.sign_in("tom")
    page = records(office)
    page.bar.student.line.setFocus()
    QTest.keyClicks(page.bar.student.line, "nguy")
    finder = page.bar.student.list
    assert finder is not None
    office.until(lambda: finder.model.rowCount() == 1)
    QTest.keyClick(page.bar.student.line, Qt.Key.Key_Return)
    office.settle()
    assert [one.text() for one in chips(page)] == ["Student: Nguyễn Gia Huy"]
    assert page.model.rowCount() == 1


def test_an_auditors_list_has_no_names_and_no_box_for_them(office: Office, school: School) -> None:
    filled(school, Made("incident"))
    office.sign_in("amir")
    page = records(office)
    assert not page.bar.frames["student"].isVisible()
    assert not page.export.isVisible()
    assert "Mateo" not in str(page.model.index(0, 1).data())
    office.shell.bar.search.setFocus()
    QTest.keyClicks(office.shell.bar.search, "mateo")
    office.settle()
    assert office.shell.banner.text() == ""  # a role without the directory is not scolded


def test_a_view_is_kept_shared_chosen_and_thrown_away(office: Office, school: School) -> None:
    filled(school, Made("incident"), Made("first_aid"))
    office.sign_in("tom")
    page = records(office)
    choose(page, page.bar.form, "incident")
    office.settle()
    page.views.keep.click()
    sheet = sheet_of(ViewSheet)
    assert isinstance(sheet, ViewSheet)
    sheet.save()
    assert sheet.frames["name"].says()
    sheet.name.setText("Incidents")
    assert sheet.shared is not None
    sheet.shared.setChecked(True)
    sheet.save()
    office.until(lambda: len(page.views.views) == 1)
    office.settle()
    [view] = page.views.views
    assert view.shared
    assert page.views.chips[view.id].isChecked()
    page.clear()
    office.settle()
    page.views.chips[view.id].click()
    office.settle()
    assert page.bar.filters == RecordFilter(form="incident")
    answer_next(True)
    page.views.delete(view)
    office.until(lambda: page.views.views == ())
    office.settle()


def test_the_list_is_exported_to_where_the_person_says(
    office: Office, school: School, tmp_path: Path
) -> None:
    filled(school, *(Made("incident", days=n) for n in range(30)))
    office.sign_in("tom")
    page = records(office)
    page.export.click()
    office.until(lambda: any(isinstance(w, ExportSheet) for w in QApplication.topLevelWidgets()))
    sheet = sheet_of(ExportSheet)
    assert isinstance(sheet, ExportSheet)
    sheet.save()
    assert sheet.frames["reason"].says()
    sheet.reason.setPlainText("Counts for the board")
    sheet.second.setCurrentIndex(1)
    sheet.password.setText(PASSWORD)
    target = tmp_path / "list.csv"
    answer_next(target)
    sheet.save()
    office.until(lambda: "Exported 30 records" in page.banner.text())
    rows = list(csv.reader(io.StringIO(target.read_text("utf-8-sig"))))
    assert len(rows) == 31
    assert list(tmp_path.glob(".*.part")) == []


def test_a_long_list_leaves_when_a_second_person_agrees(
    office: Office, school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "long.csv"
    monkeypatch.setattr(export_sheet, "choose_save", lambda *_: target)
    filled(school, *(Made("first_aid", days=n) for n in range(26)))
    office.sign_in("tom")
    page = records(office)
    page.export.click()
    office.until(lambda: any(isinstance(w, ExportSheet) for w in QApplication.topLevelWidgets()))
    sheet = sheet_of(ExportSheet)
    assert isinstance(sheet, ExportSheet)
    sheet.reason.setPlainText("The district asked for the numbers of the year.")
    sheet.save()
    assert sheet.frames["second"].says()
    sheet.second.setCurrentIndex(1)
    sheet.save()
    assert sheet.frames["password"].says()
    sheet.password.setText("not the nurse's")
    sheet.save()
    office.until(sheet.banner.isVisible)
    assert not target.exists()
    assert sheet.password.text() == ""
    sheet.password.setText(PASSWORD)
    sheet.save()
    office.until(target.exists)
    assert len(target.read_text("utf-8-sig").splitlines()) == 27


# --- what is asked before ------------------------------------------------------------------------


@pytest.fixture
def others(school: School) -> str:
    """Priya's report about Huy, which has nothing to do with the office."""
    priya = school.sign_in("priya")
    record = priya.records.start()
    fill(school, priya, record)
    priya.lock()
    return record


def asked_in(page: QWidget | None) -> PurposeSheet:
    asked = getattr(page, "asked_for", None)
    assert isinstance(asked, PurposeSheet)
    return asked


def openings(office: Office) -> list[tuple[str, str, str]]:
    """Each look at what is not one's own, once for all students who had a part in it."""
    with office.workspace._context.store.read() as session:
        rows = session.scalars(select(Opening).where(Opening.own.is_(False)))
        deeds = {one.batch: (one.what, one.purpose, one.detail) for one in rows}
    return list(deeds.values())


def test_enter_takes_the_usual_purpose_and_opens_the_record(office: Office, others: str) -> None:
    office.sign_in("olga", says=None)
    office.shell.open_record(others)
    page = office.shell.page
    assert isinstance(page, FormPage)
    office.until(lambda: page.asked_for is not None)
    sheet = asked_in(page)
    assert sheet.choices["parent"].isChecked()
    before = len(openings(office))
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    office.until(lambda: page.draft is not None)
    office.settle()
    assert openings(office)[before:] == [("open", "parent", "")]
    office.shell.open_record(others)
    office.settle()
    again = office.shell.page
    assert isinstance(again, FormPage)
    assert again.draft is not None  # not asked twice


def test_something_else_has_to_be_said(office: Office, others: str) -> None:
    office.sign_in("olga", says=None)
    office.shell.open_record(others)
    page = office.shell.page
    office.until(lambda: getattr(page, "asked_for", None) is not None)
    sheet = asked_in(page)
    sheet.choices["other"].setChecked(True)
    sheet.take()
    assert sheet.isVisible()
    QTest.keyClicks(sheet.words, "The insurance asks")
    sheet.everywhere.setChecked(True)
    sheet.take()
    office.settle()
    assert openings(office)[-1] == ("open", "other", "The insurance asks")


def test_whoever_does_not_say_it_goes_back_to_the_list(office: Office, others: str) -> None:
    office.sign_in("olga", says=None)
    office.shell.open_record(others)
    page = office.shell.page
    office.until(lambda: getattr(page, "asked_for", None) is not None)
    QTest.keyClick(asked_in(page), Qt.Key.Key_Escape)
    office.settle()
    assert isinstance(office.shell.page, RecordsPage)
    assert openings(office) == [] or openings(office)[-1][0] != "open"


def test_a_students_page_asks_too(office: Office, school: School) -> None:
    office.sign_in("olga", says=None)
    office.shell.open_student(school.ids["huy"])
    page = office.shell.page
    assert isinstance(page, StudentPage)
    office.until(lambda: page.asked_for is not None)
    asked_in(page).take()
    office.until(lambda: page.name.text() == "Nguyễn Gia Huy")
    office.settle()
    assert openings(office)[-1] == ("student", "parent", "")
    assert not page.log.isVisible()  # the office reads no access logs


# --- a student's page and who saw what -----------------------------------------------------------


def test_the_year_is_a_picture_with_words_and_a_table(office: Office, school: School) -> None:
    filled(school, Made("incident", days=1), Made("incident", days=40), Made("first_aid", days=2))
    office.sign_in("tom")
    office.shell.open_student(school.ids["mateo"])
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentPage)
    assert "November 2026: 2; " in page.year.picture.accessibleDescription() + "; "
    page.year.switch.click()
    assert page.year.table_card.isVisible()
    assert not page.year.picture.isVisible()
    model = page.year.model
    row = [str(model.index(0, column).data()) for column in range(model.columnCount())]
    assert row[:2] == ["November 2026", "2"]
    assert page.model.rowCount() == 3


def test_the_access_log_opens_from_the_student_and_prints(office: Office, school: School) -> None:
    signed_report(school)
    office.sign_in("tom")
    office.shell.open_student(school.ids["mateo"])
    office.settle()
    student = office.shell.page
    assert isinstance(student, StudentPage)
    student.log.click()
    office.settle()
    page = office.shell.page
    assert isinstance(page, AccessPage)
    assert "Dana Whitcomb" in [
        str(page.model.index(n, 1).data()) for n in range(page.model.rowCount())
    ]
    page.since.setText("1/1/2030")
    page.since.editingFinished.emit()
    office.settle()
    assert "Nobody opened" in shown_text(page)
    page.since.setText("when?")
    page.since.editingFinished.emit()
    assert page.frames["since"].says()
    page.since.clear()
    page.print.click()
    office.until(lambda: type(office.shell.page).__name__ == "PdfPreview")
    assert office.shell.place()["key"] == "access"


def access_section(office: Office) -> AccessSection:
    office.shell.go("settings", "access")
    office.settle()
    found = office.shell.page.section("access")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(found, AccessSection)
    return found


def names(section: AccessSection) -> list[str]:
    return [str(section.model.index(n, 0).data()) for n in range(section.model.rowCount())]


@pytest.mark.parametrize(
    ("who", "typed", "named"), [("tom", "okaf", "Mateo Núñez-Okafor"), ("amir", "", "Student ")]
)
def test_whoever_reads_access_logs_finds_any_students(
    office: Office, school: School, who: str, typed: str, named: str
) -> None:
    signed_report(school)
    office.sign_in(who)
    section = access_section(office)
    section.filter.setText(typed or pseudonym(school.ids["mateo"]).removeprefix("Student "))
    office.until(lambda: len(names(section)) == 1)
    office.settle()
    assert names(section)[0].startswith(named)
    section.table.opened.emit(section.model.index(0, 0))
    office.settle()
    page = office.shell.page
    assert isinstance(page, AccessPage)
    assert page.model.rowCount() > 0
    assert page.print.isVisible() == (who == "tom")
    page.back_asked.emit()
    office.settle()
    assert office.shell.place()["key"] == "settings"


def test_a_student_nobody_looked_at_and_one_there_is_not(office: Office) -> None:
    office.sign_in("tom")
    section = access_section(office)
    assert names(section) == []
    assert "Nobody has opened" in section.empty.text()
    section.filter.setText("huy")
    office.until(lambda: names(section) != [])
    assert section.model.index(0, 1).data() == "Nobody yet"
    section.filter.setText("zzz")
    office.until(lambda: names(section) == [])
    assert "No student found" in section.empty.text()


def test_who_may_not_read_access_logs_is_not_offered_them(office: Office) -> None:
    office.sign_in("dana")
    office.shell.go("settings")
    office.settle()
    assert "access" not in office.shell.page._made  # type: ignore[union-attr]  # SettingsPage


# --- words ---------------------------------------------------------------------------------------


def test_spans_of_days_are_said_in_words() -> None:
    today = AFTERNOON.date()
    spans = quick_days(today)
    for word, (since, until) in spans.items():
        assert days_word(since, until, today) == ("" if word == "Any time" else word)
    first = today.replace(day=1)
    assert "to" in days_word(first, today.replace(day=3), today)
    assert days_word(first, None, today).startswith("since")
    assert days_word(None, first, today).startswith("until")


def test_a_student_whose_name_is_not_known_is_still_a_filter() -> None:
    from bt_desktop.services.results.records import Facets

    said = words_of(RecordFilter(subject_id="student:x", mine=True), Facets(), {}, AFTERNOON.date())
    assert [words for _, words in said] == ["Student: one student", "Mine: only mine"]
