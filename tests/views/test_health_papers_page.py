"""Papers for parents in the window: one key prints what is ready, the rest is looked at first."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.health.paper_sheet import PaperSheet
from bt_desktop.views.health.papers import PapersSection
from bt_desktop.views.notices_page import NoticesPage
from bt_desktop.views.preview import PdfPreview
from tests.factory import PASSWORD, School
from tests.first_aid import signed_medication_error
from tests.health.test_parent_papers import REASON, emergency, flag, given, put
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_orders import all_right

PATIENCE_MS = 30_000


@pytest.fixture
def nurse(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.sign_in("maria")
    return made


def section_of(office: Office) -> PapersSection:
    office.shell.go("health", "papers")
    office.settle()
    section = office.shell.page.section("papers")  # type: ignore[union-attr]  # HealthPage
    assert isinstance(section, PapersSection)
    return section


def sheet_of(office: Office, section: PapersSection) -> PaperSheet:
    office.settle()
    assert isinstance(section.sheet, PaperSheet)
    return section.sheet


def press(office: Office, sheet: PaperSheet) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.settle()


def preview_of(office: Office) -> PdfPreview:
    office.until(lambda: isinstance(office.shell.page, PdfPreview))
    page = office.shell.page
    assert isinstance(page, PdfPreview)
    return page


def told(page: PdfPreview) -> str:
    return " ".join(one.extract_text() for one in PdfReader(io.BytesIO(page.copy.pdf)).pages)


def test_one_key_prints_all_that_is_ready_and_leaves_the_rest(
    nurse: Office, school: School
) -> None:
    mateo = school.ids["mateo"]
    given(nurse.workspace, mateo)
    emergency(nurse.workspace, mateo)
    given(nurse.workspace, mateo, symptom="Łucja hit him on the head")
    section = section_of(nurse)
    assert section.summary.text() == ("2 papers are ready to print. 1 has words to look at first.")
    section.setFocus()
    QTest.keyClick(section, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page = preview_of(nurse)
    nurse.settle()
    assert len(PdfReader(io.BytesIO(page.copy.pdf)).pages) == 2
    assert "EARLIEST NEXT DOSE" in told(page)
    page.became.emit("printed")
    nurse.settle()
    made = nurse.workspace.health.parent_papers.made()
    assert [[mark.what for mark in row.marks] for row in made] == [["printed"]] * 2
    page.back.emit()
    nurse.settle()
    section = section_of(nurse)
    assert [one.state for one in section.due] == ["text"]
    assert not section.print_button.isEnabled()
    assert len(section.made_rows) == 2


def test_the_paper_of_a_medication_error_waits_among_todays_notices(
    nurse: Office, school: School
) -> None:
    signed_medication_error(school)
    section = section_of(nurse)
    assert section.reports.text() == "Today’s notices: papers of 1 signed report"
    section.reports.click()
    nurse.settle()
    assert isinstance(nurse.shell.page, NoticesPage)
    assert [one.title for one in nurse.shell.page.due] == ["Medication error report"]


def test_an_empty_list_says_what_will_be_here(nurse: Office) -> None:
    section = section_of(nurse)
    assert section.summary.text().startswith("No parent is waiting for a paper")
    assert not section.print_button.isEnabled()


def test_another_childs_name_is_taken_out_before_it_is_made(nurse: Office, school: School) -> None:
    given(nurse.workspace, school.ids["mateo"], symptom="Kowalczyk hit him on the head")
    section = section_of(nurse)
    [row] = section.rows.values()
    row.go.click()
    sheet = sheet_of(nurse, section)
    assert sheet.findings.isVisible()
    press(nurse, sheet)
    assert "Settle every word" in sheet.banner.text()
    key = next(key for key, way in sheet.findings.buttons if way == "replaced")
    sheet.findings.buttons[key, "replaced"].click()
    nurse.settle()
    assert sheet.lines["reason"].toPlainText() == "another student hit him on the head"
    assert not sheet.findings.isVisible()
    press(nurse, sheet)
    words = told(preview_of(nurse))
    assert "Kowalczyk" not in words
    assert "Another student hit him" in words


def test_a_word_that_is_no_name_is_settled_and_taken_back(nurse: Office, school: School) -> None:
    given(nurse.workspace, school.ids["mateo"], symptom="Huy hit him")
    section = section_of(nurse)
    next(iter(section.rows.values())).go.click()
    sheet = sheet_of(nurse, section)
    key = next(key for key, way in sheet.findings.buttons if way == "not_a_name")
    sheet.findings.buttons[key, "not_a_name"].click()
    sheet.findings.buttons[key, "not_a_name"].click()
    press(nurse, sheet)
    assert "Settle every word" in sheet.banner.text()
    sheet.findings.buttons[key, "not_a_name"].click()
    press(nurse, sheet)
    assert "Huy hit him" in told(preview_of(nurse))


def test_an_administrator_lets_a_stopped_paper_go_at_the_nurses_side(
    nurse: Office, school: School
) -> None:
    given(nurse.workspace, school.ids["mateo"])
    flag(school, custody_note="Weekends only")
    section = section_of(nurse)
    [row] = section.rows.values()
    assert "custody note" in shown_text(row)
    row.go.click()
    sheet = sheet_of(nurse, section)
    assert "Weekends only" in shown_text(sheet)
    assert not sheet.administrator.who.isVisible()
    press(nurse, sheet)
    assert sheet.banner.text() == "Choose who gets it."
    sheet.recipients.choices[school.ids["rosa"]].setChecked(True)
    press(nurse, sheet)
    assert "Say why" in sheet.banner.text()
    sheet.recipients.why.setPlainText(REASON)
    press(nurse, sheet)
    assert "Choose who lets it go" in sheet.frames["administrator"].says()
    sheet.administrator.who.setCurrentIndex(1)
    sheet.administrator.password.edit.setText("not the password at all")
    press(nurse, sheet)
    assert sheet.frames["administrator_password"].says()
    sheet.administrator.password.edit.setText(PASSWORD)
    press(nurse, sheet)
    assert "MED-2026-0001" in told(preview_of(nurse))
    section = section_of(nurse)
    assert "Let go in spite of a flag" in shown_text(section)


def test_somebody_with_no_contact_is_not_chosen_where_another_may_have_it(
    nurse: Office, school: School
) -> None:
    mateo = school.ids["mateo"]
    father = NewGuardian("Emeka", "Okafor", "father", no_contact=True)
    school.sign_in("tom").people.add_guardian(mateo, father)
    given(nurse.workspace, mateo)
    section = section_of(nurse)
    [due] = section.due
    assert (due.state, due.for_whom) == ("ready", "Rosa Núñez")
    section.open_paper(due.key)
    sheet = sheet_of(nurse, section)
    assert "no-contact" in shown_text(sheet)
    chosen = sheet.recipients.recipient()
    assert chosen is not None
    assert chosen.name == "Rosa Núñez"
    sheet.reject()
    nurse.settle()


def test_a_call_who_got_it_and_that_none_is_needed_are_logged(
    nurse: Office, school: School
) -> None:
    mateo = school.ids["mateo"]
    given(nurse.workspace, mateo)
    emergency(nurse.workspace, mateo)
    section = section_of(nurse)
    keys = {due.kind + str(due.emergency): due.key for due in section.due}
    section.rows[keys["givenFalse"]].call.click()
    assert section.sheet is not None
    section.sheet.ended.setCurrentIndex(1)  # type: ignore[attr-defined]  # CalledSheet
    section.sheet.save()
    nurse.settle()
    assert "Rosa Núñez called today" in shown_text(section)
    assert "left a message" in shown_text(section)
    section.rows[keys["givenTrue"]].waive.click()
    section.sheet.save()
    assert "Write in a few words" in section.sheet.frames["words"].says()
    section.sheet.words.setPlainText("The mother was here")  # type: ignore[attr-defined]  # WaiveSheet
    section.sheet.save()
    nurse.settle()
    assert list(section.rows) == [keys["givenFalse"]]
    nurse.workspace.health.parent_papers.release(keys["givenFalse"])
    section.load()
    nurse.settle()
    [row] = section.made_rows.values()
    row.got.click()
    section.sheet.save()
    nurse.settle()
    assert "Handed over to Rosa Núñez" in shown_text(section)
    [row] = section.made_rows.values()
    row.again.click()
    section.sheet.save()
    nurse.settle()
    assert "MED-2026-0001" in told(preview_of(nurse))


def test_nobody_but_a_nurse_is_shown_the_section(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    office.shell.go("health")
    office.settle()
    assert "papers" not in office.shell.page.chips  # type: ignore[union-attr]  # HealthPage


def test_a_sensitive_student_waits_for_a_decision(nurse: Office, school: School) -> None:
    given(nurse.workspace, school.ids["mateo"])
    put(school, sensitive=True)
    section = section_of(nurse)
    assert section.summary.text() == "1 waits for a decision."


def test_the_board_leads_to_the_paper_that_tells_a_parent(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    dose = emergency(nurse.workspace, mateo)
    nurse.shell.go("health", "today")
    nurse.settle()
    board = nurse.shell.page.section("today")  # type: ignore[union-attr]  # HealthPage
    row = board.list.tasks.rows["unfinished", dose]
    paper = next(one for one in row.deeds if one.text() == "Paper for the parent…")
    paper.click()
    nurse.settle()
    nurse.until(lambda: nurse.shell.page.section("papers") is not None)  # type: ignore[union-attr]  # HealthPage
    section = nurse.shell.page.section("papers")  # type: ignore[union-attr]  # HealthPage
    sheet = sheet_of(nurse, section)
    assert "Epinephrine 0.3 mg auto-injector" in shown_text(sheet)
    press(nurse, sheet)
    assert "Ask your doctor or pharmacy first" in told(preview_of(nurse))


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_the_section_and_its_sheets_by_keyboard_and_by_ear(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    nurse.workspace.health.parent_papers.release(f"given:{given(nurse.workspace, mateo)}")
    given(nurse.workspace, mateo, symptom="Huy hit him")
    emergency(nurse.workspace, mateo)
    emergency(nurse.workspace, mateo, medicine_text="Narcan nasal spray")
    section = section_of(nurse)
    assert sorted(one.state for one in section.due) == ["ready", "stopped", "text"]
    all_right(section)
    for due in section.due:
        section.open_paper(due.key)
        sheet = sheet_of(nurse, section)
        for choice in sheet.recipients.choices.values():
            choice.setChecked(True)
        all_right(sheet)
        sheet.reject()
        nurse.settle()
    [made] = section.made_rows.values()
    due = section.due[0]
    for open_ in (
        lambda: section.log_call(due),
        lambda: section.waive(due),
        made.got.click,
        made.again.click,
    ):
        open_()
        assert section.sheet is not None
        nurse.settle()
        all_right(section.sheet)
        section.sheet.reject()
        nurse.settle()
