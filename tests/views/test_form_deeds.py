"""What else is done with a record: calls logged, drafts handed over, scans kept, statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import answer_next
from bt_desktop.views.form_add_person import AddPerson
from bt_desktop.views.form_dialogs import ChooseStaff, HandOver
from bt_desktop.views.form_notices import NoticePane
from bt_desktop.views.form_page import FormPage
from tests.factory import School
from tests.views.form_kit import Sitting, focus, sit_down


@pytest.fixture
def dana(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    """Dana before a new report of a hold."""
    sitting = sit_down(qtbot, school)
    sitting.answer("/what_happened", ["physical_restraint"])
    sitting.answer("/event_date", "11/12")
    sitting.answer("/student", school.ids["mateo"])
    sitting.wait_saved()
    yield sitting
    sitting.leave()


def dialog_of(sitting: Sitting, kind: type[QDialog]) -> QDialog:
    """Wait until a dialog of this kind is open, and hand it over."""
    sitting.bot.waitUntil(lambda: bool(sitting.page.findChildren(kind)))
    return sitting.page.findChildren(kind)[0]


def log_of(sitting: Sitting) -> NoticePane:
    sitting.go("parent_told")
    assert isinstance(sitting.page.pane, NoticePane)
    sitting.settle()
    return sitting.page.pane


def tell(log: NoticePane, **answers: object) -> None:
    assert log.new is not None
    for name, typed in answers.items():
        log.new.put(f"{log.new.path}/{name}", typed)


def call(sitting: Sitting) -> dict[str, object]:
    """One attempt to reach the mother."""
    return {
        "notice_to": "parent",
        "notice_person": sitting.school.ids["rosa"],
        "notice_date": "11/12",
        "notice_time": "1045",
        "notice_method": "phone",
        "notice_by": sitting.school.ids["dana"],
        "notice_outcome": "no_answer",
    }


def test_a_call_that_lacks_something_says_what_and_is_not_logged(dana: Sitting) -> None:
    log = log_of(dana)
    log.begin()
    log.add()
    dana.bot.waitUntil(lambda: any(b.error.text() for b in log.blocks().values()))
    assert dana.workspace.records.notices(dana.record_id) == ()


def test_the_family_is_offered_where_a_call_is_logged(dana: Sitting) -> None:
    log = log_of(dana)
    log.begin()
    who = log.blocks()["/parent_told[1]/notice_person"].editor
    focus(dana.bot, who.focus_target())
    QTest.keyClick(who.focus_target(), Qt.Key.Key_Down)
    dana.settle()
    box = who.line.box  # type: ignore[attr-defined]  # PeopleEditor
    assert box.isVisible()
    assert [(row.title, row.details) for row in box.rows()] == [("Rosa Núñez", "mother")]
    QTest.keyClick(who.focus_target(), Qt.Key.Key_Return)
    assert log.new is not None
    assert log.new.row()["notice_person"] == dana.school.ids["rosa"]
    assert log.new.row()["notice_relation"] == "mother"


def test_a_guardian_is_found_by_a_part_of_the_name(dana: Sitting) -> None:
    log = log_of(dana)
    log.begin()
    who = log.blocks()["/parent_told[1]/notice_person"].editor
    focus(dana.bot, who.focus_target())
    QTest.keyClicks(who.focus_target(), "nune")
    dana.bot.waitUntil(who.line.box.is_open)  # type: ignore[attr-defined]  # PeopleEditor
    assert who.line.box.rows()[0].key == dana.school.ids["rosa"]  # type: ignore[attr-defined]  # as above


def test_a_call_is_added_to_the_log_and_read_there(dana: Sitting) -> None:
    log = log_of(dana)
    log.begin()
    tell(log, **call(dana))
    with dana.bot.waitSignal(log.added):
        log.add()
    dana.settle()
    assert len(log.notices) == 1
    assert log.new is None


def test_a_half_written_call_comes_back_after_a_lock(
    dana: Sitting, qtbot: QtBot, school: School
) -> None:
    log = log_of(dana)
    log.begin()
    tell(log, notice_note="Left a mess")
    place = dana.page.place()
    again = sit_down(qtbot, school, record_id=dana.record_id)
    again.page.restore(place)
    pane = again.page.pane
    assert isinstance(pane, NoticePane)
    assert pane.new is not None
    assert pane.new.row()["notice_note"] == "Left a mess"
    again.leave()


def test_a_draft_is_handed_over_with_a_reason(dana: Sitting) -> None:
    tom = dana.school.sign_in("tom")
    dana.leave()
    boss = sit_down(dana.bot, dana.school, "tom", dana.record_id)
    boss.page.deeds.do("hand_over")
    dialog = dialog_of(boss, HandOver)
    assert isinstance(dialog, HandOver)
    assert not dialog.deed.isEnabled()
    dialog.choices[boss.school.users["priya"]].setChecked(True)
    QTest.keyClicks(dialog.reason, "Dana was sent to the clinic")
    with boss.bot.waitSignal(boss.page.left_page):
        dialog.deed.click()
    boss.leave()
    opened = tom.records.open(dana.record_id)
    assert opened.part("report").owner_name == "Priya Raman"


def test_the_office_types_for_the_one_who_was_there(qtbot: QtBot, school: School) -> None:
    olga = sit_down(qtbot, school, "olga")
    olga.page.deeds.do("reported_by")
    dialog = dialog_of(olga, ChooseStaff)
    assert isinstance(dialog, ChooseStaff)
    dialog.person.set_typed(school.ids["dana"])
    with qtbot.waitSignal(olga.page.ready):
        dialog.deed.click()
    olga.page.update_side()
    assert olga.draft.record.reported_by_name == "Dana Whitcomb"
    assert "entered by Olga Petrenko" in olga.page.aside.note_text()
    olga.leave()


def test_a_scan_of_the_signed_paper_is_kept_encrypted(dana: Sitting, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    answer_next(scan)
    dana.page.deeds.do("attach")
    dana.bot.waitUntil(lambda: "Attached" in dana.page.banner.text())
    kept = dana.workspace.records.attachments(dana.record_id)
    assert [one.purpose for one in kept] == ["signed_paper"]


def test_a_colleague_adds_a_statement_of_their_own(dana: Sitting) -> None:
    record_id, bot, school = dana.record_id, dana.bot, dana.school
    dana.answer("/people[1]/staff_member", school.ids["priya"])
    dana.wait_saved()
    dana.leave()
    priya = sit_down(bot, school, "priya", record_id)
    with bot.waitSignal(priya.page.ready):
        priya.page.deeds.do("statement")
    assert priya.page.section == "statement"
    assert priya.draft.may_edit("statement")
    assert not priya.draft.may_edit("when_where")
    priya.answer("/statement_text", "I stood at the door.")
    priya.wait_saved()
    opened = priya.workspace.records.open(record_id)
    assert opened.statements[priya.draft.part_key]["statement_text"] == "I stood at the door."
    priya.leave()


def test_who_may_not_see_a_record_reads_why(dana: Sitting) -> None:
    workspace = dana.school.sign_in("priya")
    page = FormPage(dana.desk, workspace, dana.record_id)
    with dana.bot.waitSignal(page.refused):
        page.show()
    assert page.draft is None
    page.hide()
    page.deleteLater()
    dana.settle()


def test_a_person_who_is_not_on_the_roster_is_added_by_hand(dana: Sitting) -> None:
    taken: list[object] = []
    dana.page.context.add_person("student", "Ana Lima", taken.append)
    dialog = dialog_of(dana, AddPerson)
    assert isinstance(dialog, AddPerson)
    QTest.keyClicks(dialog.lines["birth"], "2/30/2017")
    dialog.add_button.click()
    assert "not a date" in dialog.problem.text()
    dialog.lines["birth"].setText("2/28/2017")
    dialog.add_button.click()
    dana.bot.waitUntil(lambda: bool(taken))
    assert dana.workspace.people.search("lima ana")[0].name == "Ana Lima"
