"""Deadlines in the window: home, their page, beside a form, the calendar in the settings."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.clock import SetClock
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.calendar_import import ImportSheet
from bt_desktop.views.calendar_terms import BellSheet, TermSheet
from bt_desktop.views.deadline_sheets import DoneSheet, ReasonSheet
from bt_desktop.views.deadlines_page import DeadlinesPage
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.home import HomePage
from bt_desktop.views.log_call import LogCall
from bt_desktop.views.settings_calendar import CalendarSection
from tests.factory import School
from tests.services.deadline_kit import DAYS_OFF, PACIFIC, TERMS
from tests.services.test_ics import day, ics
from tests.views.form_kit import sit_down
from tests.views.shell_kit import Office, shown_text

WHY = "The line was busy all afternoon."


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def enter_calendar(workspace: Workspace) -> None:
    """Terms, days off, a bell at 15:10."""
    workspace.calendar.set_terms(TERMS)
    workspace.calendar.set_days(DAYS_OFF)
    workspace.calendar.set_bell(time(15, 10))


def begin(workspace: Workspace, school: School, form: str = "restraint", **more: Any) -> str:
    """A report of a hold on Thursday at 10:09, begun."""
    record = workspace.records.start(form)
    told: dict[str, Any] = {
        "what_happened": ["physical_restraint"],
        "student": school.ids["mateo"],
        "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:09:00-08:00",
        "plan_status": "iep",
        "bip_status": "none",
    }
    workspace.records.save_draft(record, "report", told | more)
    return record


def at(day_: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day_, hour, minute, tzinfo=PACIFIC)


def later(office: Office, clock: SetClock, moment: datetime) -> None:
    """Time passes, with somebody at the computer all the while."""
    office.window.idle.stop()  # else it locks: nobody touched it for days
    clock.set(moment)


def home(office: Office) -> HomePage:
    page = office.shell.page
    assert isinstance(page, HomePage)
    return page


def go(office: Office, place: str, section: str = "") -> Any:
    office.shell.go(place, section)
    office.settle()
    return office.shell.page


def sheet_of(office: Office, kind: type[Any]) -> Any:
    """The open sheet of a kind."""
    office.until(lambda: any(s.isVisible() for s in office.window.findChildren(kind)))
    return next(s for s in office.window.findChildren(kind) if s.isVisible())


# --- home ----------------------------------------------------------------------------------------


def test_home_says_by_when_the_parent_must_be_told_and_counts_down(
    office: Office, clock: SetClock
) -> None:
    office.sign_in("tom")
    enter_calendar(office.workspace)
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.sign_in("dana")
    assert not home(office).deadlines.isVisible(), "nothing is due, nothing is shown"
    begin(office.workspace, office.school)
    page = go(office, "home")
    said = shown_text(page)
    assert "Mateo N.-O.: parent must be told by 3:10 pm tomorrow" in said
    assert "Mateo N.-O.: report must be signed by the end of today" in said
    assert "school day 63" in said
    assert "2 open" in office.shell.rail.button("deadlines").accessibleName()
    later(office, clock, at(13, 14, 28))
    office.shell.watch.tick()
    office.settle()
    said = shown_text(page)
    assert "parent must be told by 3:10 pm today: 42 minutes left" in said
    assert "1 late" in office.shell.rail.button("deadlines").accessibleName()
    later(office, clock, at(13, 15, 11))
    office.shell.watch.tick()
    office.settle()
    assert "parent had to be told by 3:10 pm today. Late by 1 minute" in shown_text(page)
    tones = [card.property("edge") for card in page.deadlines.list.cards]
    assert tones == ["danger", "danger"]


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_call_is_logged_from_home_without_leaving_it(office: Office, way: str) -> None:
    office.sign_in("dana")
    record = begin(office.workspace, office.school)
    page = go(office, "home")
    card = next(c for c in page.deadlines.list.cards if c.line.rule == "T1")
    assert card.go.text() == "Log a call"
    if way == "mouse":
        QTest.mouseClick(card.go, Qt.MouseButton.LeftButton)
    else:
        card.report.setFocus(Qt.FocusReason.TabFocusReason)
        office.press(Qt.Key.Key_Tab)
        assert card.go.hasFocus(), "the deed follows the link in the order of Tab"
        office.press(Qt.Key.Key_Return)
    sheet = sheet_of(office, LogCall)
    office.until(lambda: getattr(QApplication.focusWidget(), "name", "") == "reached")
    assert sheet.row.view(sheet.row.at("notice_person")).value == office.school.ids["rosa"]
    office.press(Qt.Key.Key_Space)
    for block in (b for c in sheet.columns for b in c.blocks.values() if b.isVisible()):
        if block.path.endswith("notice_interpreter_name"):
            block.editor.focus_target().setFocus()
            QTest.keyClicks(block.editor.focus_target(), "Agent 4471")
    with office.bot.waitSignal(sheet.logged, timeout=20_000):
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.settle()
    assert office.shell.page is page
    assert "T1" not in {c.line.rule for c in page.deadlines.list.cards}, "ended by evidence"
    assert len(office.workspace.records.notices(record)) == 1


def test_an_auditor_opens_the_report_and_logs_nothing(office: Office) -> None:
    begin(office.school.sign_in("dana"), office.school)
    office.sign_in("amir")
    page = go(office, "deadlines")
    page.choose("whose", "all")
    office.settle()
    card = next(c for c in page.list.cards if c.line.rule == "T1")
    assert card.go.text() == "Open"
    assert card.report.isHidden()
    card.go.click()
    office.until(lambda: isinstance(office.shell.page, FormPage))
    office.settle()


def test_the_report_behind_a_call_can_be_read_first(office: Office) -> None:
    office.sign_in("dana")
    begin(office.workspace, office.school)
    page = go(office, "home")
    card = next(c for c in page.deadlines.list.cards if c.line.rule == "T1")
    card.report.click()
    office.until(lambda: isinstance(office.shell.page, FormPage))
    office.settle()
    assert not office.shell.page.findChildren(LogCall)


def test_more_than_three_lead_to_the_page_of_all(office: Office) -> None:
    office.sign_in("dana")
    for _ in range(2):
        begin(office.workspace, office.school)
    page = go(office, "home")
    assert len(page.deadlines.list.cards) == 3
    page.deadlines.all.click()
    office.settle()
    assert isinstance(office.shell.page, DeadlinesPage)


# --- the page ------------------------------------------------------------------------------------


def test_the_page_narrows_and_takes_a_reason(office: Office, clock: SetClock) -> None:
    office.sign_in("tom")
    begin(office.workspace, office.school)
    page = go(office, "deadlines")
    assert [c.line.rule for c in page.list.cards] == ["T2", "T1", "T4"]
    page.chips["span:late"].click()
    office.settle()
    assert "Nothing is late" in shown_text(page)
    page.chips["span:week"].click()
    office.settle()
    assert [c.line.rule for c in page.list.cards] == ["T2", "T1", "T4"]
    later(office, clock, at(14, 9))
    page.chips["span:late"].click()
    office.settle()
    late = {c.line.rule: c for c in page.list.cards}
    assert set(late) == {"T1", "T2"}
    assert late["T1"].why.isVisible()
    late["T1"].why.click()
    sheet = sheet_of(office, ReasonSheet)
    sheet.text.setPlainText("busy")
    sheet.save()
    office.settle()
    assert "at least 10 characters" in shown_text(sheet)
    sheet.text.setPlainText(WHY)
    sheet.save()
    office.settle()
    office.until(lambda: WHY in shown_text(page))
    late = {c.line.rule: c for c in page.list.cards}
    assert not late["T1"].why.isVisible()
    assert f"Why: {WHY} (Tom Becker)" in late["T1"].reason.text()


def test_an_empty_page_says_what_will_be_here(office: Office) -> None:
    office.sign_in("dana")
    page = go(office, "deadlines")
    assert "Nothing is due" in shown_text(page)
    assert "comes by itself" in shown_text(page)
    page.chips["span:week"].click()
    office.settle()
    assert "Nothing is due this week" in shown_text(page)


def test_one_s_own_are_exported(office: Office, tmp_path: Path) -> None:
    office.sign_in("dana")
    begin(office.workspace, office.school)
    page = go(office, "deadlines")
    answer_next(tmp_path / "mine.ics")
    page.export.click()
    office.settle()
    data = (tmp_path / "mine.ics").read_bytes()
    assert b"Tell the parent" in data
    assert b"Mateo" not in data
    assert "Exported" in shown_text(page)
    answer_next(tmp_path / "no" / "such" / "folder.ics")
    page.export.click()
    office.settle()
    assert "could not be written" in shown_text(page)
    answer_next(None)
    page.export.click()


def test_what_is_done_outside_is_told_with_when_and_how(office: Office, clock: SetClock) -> None:
    office.sign_in("tom")
    record = begin(
        office.workspace, office.school, "staff_injury",
        staff_member=office.school.ids["dana"], person_caused="yes",
    )  # fmt: skip
    page = go(office, "deadlines")
    card = next(c for c in page.list.cards if c.line.rule == "T10")
    assert card.go.text() == "Say when"
    card.go.click()
    sheet = sheet_of(office, DoneSheet)
    sheet.clock.setText("half past")
    sheet.save()
    assert "not a time" in shown_text(sheet)
    sheet.clock.setText("11:30 pm")
    sheet.how.setPlainText("By phone, case 26-1180.")
    sheet.save()
    assert "not come yet" in shown_text(sheet)
    sheet.day.setText("soon")
    sheet.save()
    assert "not a day" in shown_text(sheet)
    sheet.day.setText("11/12/2026")
    sheet.clock.setText("11:05 am")
    sheet.save()
    office.settle()
    office.until(lambda: all(c.line.rule != "T10" for c in page.list.cards))
    lines = office.workspace.deadlines.of_record(record)
    assert [line.state for line in lines if line.rule == "T10"] == ["done"]


# --- beside a form -------------------------------------------------------------------------------


def test_beside_the_form_the_nearest_follows_what_is_typed(qtbot: QtBot, school: School) -> None:
    sitting = sit_down(qtbot, school)
    aside = sitting.page.aside.deadlines
    assert not aside.isVisible()
    sitting.answer("/what_happened", ["physical_restraint"])
    sitting.answer("/event_date", "2026-11-12")
    sitting.answer("/event_began", "10:09")
    sitting.answer("/plan_status", "iep")
    sitting.answer("/bip_status", "none")
    qtbot.waitUntil(lambda: len(aside.lines) == 3, timeout=20_000)
    said = shown_text(aside)
    assert "Complete and sign the report by the end of today" in said
    assert "Tell the parent by the end of tomorrow" in said
    assert "counted Monday to Friday" not in aside.below.text(), "the same day needs no calendar"
    sitting.page.tell_deadlines()
    sitting.page.deeds.do("copy_requested")
    qtbot.waitUntil(lambda: len(aside.lines) == 4, timeout=20_000)
    assert "Written down" in shown_text(sitting.page)
    sitting.leave()


# --- the calendar --------------------------------------------------------------------------------


def calendar_of(office: Office) -> CalendarSection:
    page = go(office, "settings", "calendar")
    section = page.section("calendar")
    assert isinstance(section, CalendarSection)
    office.settle()
    return section


def test_an_empty_calendar_says_what_is_missing(office: Office) -> None:
    office.sign_in("tom")
    said = shown_text(calendar_of(office))
    assert "count Monday to Friday" in said
    assert "The bell is not entered" in said
    assert "No terms yet" in said
    home_page = go(office, "home")
    home_page.gap.emit("calendar")
    office.settle()
    assert "School calendar" in office.all_text()


def test_days_are_marked_by_keyboard_and_by_mouse(office: Office) -> None:
    office.sign_in("tom")
    section = calendar_of(office)
    grid, editor = section.grid, section.editor
    assert section.month_name.text() == "November 2026"
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Right)  # from today, Thursday 12, to Friday 13
    assert editor.begin.text() == "11/13/2026"
    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert (editor.begin.text(), editor.end.text()) == ("11/13/2026", "11/20/2026")
    spot = grid.visualRect(grid.days.index_of(date(2026, 11, 25))).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert editor.begin.text() == "11/25/2026"
    editor.end.setText("11/30/2026")
    editor.chips["no_school"].click()
    editor.label.setText("Thanksgiving break")
    editor.save.click()
    office.settle()
    days = office.workspace.calendar.get().calendar.days
    assert sorted(d.day for d in days) == [25, 26, 27, 30], "weekends stay as they are"
    assert days[date(2026, 11, 26)].label == "Thanksgiving break"
    assert "No open deadline moved" in shown_text(section)
    model = grid.days
    spoken = model.data(model.index_of(date(2026, 11, 26)), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Thursday, November 26, No school, Thanksgiving break"
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert section.month_name.text() == "December 2026"
    section.before.click()
    section.now.click()
    assert section.month_name.text() == "November 2026"


def test_an_early_day_needs_its_bell_and_a_mark_can_be_taken_away(office: Office) -> None:
    office.sign_in("tom")
    section = calendar_of(office)
    editor = section.editor
    section.grid.choose(date(2026, 11, 18), date(2026, 11, 18))
    editor.chips["early"].click()
    editor.save.click()
    assert "Say at what time school ends." in shown_text(editor)
    editor.bell.setText("noonish")
    editor.save.click()
    assert "not a time" in shown_text(editor)
    editor.bell.setText("12:30 pm")
    editor.save.click()
    office.settle()
    mark = office.workspace.calendar.get().calendar.days[date(2026, 11, 18)]
    assert (mark.kind, mark.bell) == ("early", time(12, 30))
    section.grid.choose(date(2026, 11, 18), date(2026, 11, 18))
    assert editor.kind == "early"
    editor.end.setText("11/17/2026")
    editor.save.click()
    assert "before the first day" in shown_text(editor)
    editor.end.setText("11/17/2029")
    editor.save.click()
    assert "longer than a summer" in shown_text(editor)
    editor.end.setText("11/18/2026")
    editor.chips["usual"].click()
    editor.save.click()
    office.settle()
    assert office.workspace.calendar.get().calendar.days == {}


def test_terms_and_the_bell_are_entered_changed_and_removed(office: Office) -> None:
    office.sign_in("tom")
    section = calendar_of(office)
    section.terms.add.click()
    sheet = sheet_of(office, TermSheet)
    sheet.save()
    assert "Say on which day" in shown_text(sheet)
    sheet.name.setText("Fall")
    sheet.begins.setText("8/17/2026")
    sheet.ends.setText("8/1/2026")
    sheet.save()
    assert "before the first day" in shown_text(sheet)
    sheet.ends.setText("12/18/2026")
    sheet.bell.setText("nope")
    sheet.save()
    assert "not a time" in shown_text(sheet)
    sheet.bell.setText("")
    sheet.save()
    office.settle()
    office.until(lambda: "Fall · Aug 17, 2026 to Dec 18, 2026" in shown_text(section))
    section.terms.edit(0)
    sheet = sheet_of(office, TermSheet)
    sheet.summer.setChecked(True)
    sheet.bell.setText("noon")
    sheet.save()
    office.settle()
    office.until(lambda: "summer session · ends 12:00 pm" in shown_text(section))
    section.bell.click()
    bell = sheet_of(office, BellSheet)
    bell.clock.setText("later")
    bell.save()
    assert "not a time" in shown_text(bell)
    bell.clock.setText("3:10 pm")
    bell.save()
    office.settle()
    office.until(lambda: "The bell rings at 3:10 pm." in shown_text(section))
    answer_next(False)
    section.terms.remove(0)
    answer_next(True)
    section.terms.remove(0)
    office.settle()
    office.until(lambda: "No terms yet" in shown_text(section))


def test_a_file_shows_what_it_would_change_first(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "school.ics"
    file.write_bytes(ics(
        day("20261126", "20261128", "Thanksgiving"),
        day("20261120", title="Minimum day"),
        day("20260817", title="First day of school"),
        "SUMMARY:no date",
    ))  # fmt: skip
    office.sign_in("tom")
    section = calendar_of(office)
    answer_next(file)
    section.take.click()
    sheet = sheet_of(office, ImportSheet)
    assert "1 entry could not be read" in shown_text(sheet)
    assert "2 days will change" in sheet.sum.text()
    assert office.workspace.calendar.get().calendar.empty
    texts = [sheet.list.item(i).text() for i in range(sheet.list.count())]
    assert any("First day of school" in t and "does not sound like" in t for t in texts)
    sheet.save()
    office.settle()
    office.until(lambda: not office.workspace.calendar.get().calendar.empty)
    days = office.workspace.calendar.get().calendar.days
    assert sorted(d.day for d in days) == [26, 27]
    answer_next(file)
    section.take.click()
    again = sheet_of(office, ImportSheet)
    assert "1 entry stands in the calendar already" in shown_text(again)
    assert not again.deed.isEnabled()
    again.reject()
    bad = tmp_path / "bad.ics"
    bad.write_bytes(b"hello")
    answer_next(bad)
    section.take.click()
    office.settle()
    office.until(lambda: "cannot be read as a calendar" in office.all_text())


def test_who_may_not_change_the_calendar_reads_it(office: Office) -> None:
    office.sign_in("dana")
    section = calendar_of(office)
    assert not section.take.isVisible()
    assert not section.editor.isVisible()
    assert not section.bell.isVisible()
    assert not section.terms.add.isVisible()
