"""Pages of reviews and amendments: what they show, where they lead, what they refuse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.versions import Line, Piece
from bt_desktop.views.compare import ComparePage, marked, spoken
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.review_page import ReviewPage
from tests.factory import PASSWORD, School, ink, signed_report
from tests.services.review_kit import REMARK, amend, change, review
from tests.views.form_kit import PATIENCE_MS, Sitting, sit_down
from tests.views.shell_kit import shown_text


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


@pytest.fixture
def seat(qtbot: QtBot, school: School) -> Iterator[list[Sitting]]:
    """Sittings to leave at the end."""
    seats: list[Sitting] = []
    yield seats
    for one in seats:
        one.leave()


def take_seat(seat: list[Sitting], qtbot: QtBot, school: School, who: str, record: str) -> Sitting:
    made = sit_down(qtbot, school, who, record)
    made.settle()
    seat.append(made)
    return made


def reviewing(sitting: Sitting, qtbot: QtBot) -> ReviewPage:
    sitting.page.deeds.do("review")
    qtbot.waitUntil(
        lambda: sitting.page.deeds.versions.review_page is not None, timeout=PATIENCE_MS
    )
    sitting.settle()
    page = sitting.page.deeds.versions.review_page
    assert page is not None
    return page


def until_said(qtbot: QtBot, widget: QWidget, words: str) -> None:
    """Until a widget says this: what is laid out anew is shown a moment later."""
    qtbot.waitUntil(lambda: words in shown_text(widget), timeout=PATIENCE_MS)


def deeds_of(sitting: Sitting) -> dict[str, bool]:
    return {
        action.text().replace("&", ""): action.isEnabled()
        for action in sitting.page.head.menu.actions()
    }


def test_a_review_stands_beside_the_facts_and_asks_for_a_remark(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    tom = take_seat(seat, qtbot, school, "tom", record)
    assert tom.page.head.sign.text() == "Re&view…"
    assert tom.page.head.pill.text() == "Waiting for review"
    until_said(qtbot, tom.page.deeds.versions.top, "Waits for your review")
    page = reviewing(tom, qtbot)
    said = shown_text(page)
    assert "Room 14" in said
    assert "Was the student face down at any time?" in said
    QTest.mouseClick(page.send_back, Qt.MouseButton.LeftButton)
    tom.settle()
    [line] = page.lines
    assert line.path.endswith("/remark")
    assert page.panes[-1].name == "review_remarks"
    tom.draft.put(line.path, REMARK)
    qtbot.waitUntil(lambda: page.open_card.isHidden() or not page.lines, timeout=PATIENCE_MS)
    tom.wait_saved()
    QTest.mouseClick(page.send_back, Qt.MouseButton.LeftButton)
    dialog = tom.page.deeds.sign_dialog
    assert dialog is not None
    until_said(qtbot, dialog, "return it to its author")
    dialog.reject()
    tom.settle()


def test_a_review_names_what_is_open_before_it_is_countersigned(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    tom = take_seat(seat, qtbot, school, "tom", record)
    page = reviewing(tom, qtbot)
    QTest.mouseClick(page.countersign, Qt.MouseButton.LeftButton)
    tom.settle()
    assert len(page.lines) > 5
    assert page.open_card.isVisible()
    assert tom.draft.view("/review_result").value == "complete"
    assert page.isAncestorOf(page.focusWidget())


def test_a_reviewer_is_told_that_the_report_was_amended_meanwhile(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    tom = take_seat(seat, qtbot, school, "tom", record)
    page = reviewing(tom, qtbot)
    amend(school.sign_in("dana"), record, location_detail="Room 15")
    page.look()
    tom.settle()
    assert "changed after you began" in page.banner.text()
    page.banner._act()  # type: ignore[misc]  # “Compare”
    qtbot.waitUntil(lambda: tom.page.deeds.versions.compare_page is not None, timeout=PATIENCE_MS)
    tom.settle()
    shown = tom.page.deeds.versions.compare_page
    assert shown is not None
    until_said(qtbot, shown, "Room 15")
    shown.back.emit()
    tom.settle()
    assert tom.page.stack.currentWidget() is page
    assert tom.workspace.records.reviews.view(record).news == ""


def test_remarks_stand_above_the_report_and_jump(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    review(school, school.sign_in("tom"), record, back=True)
    dana = take_seat(seat, qtbot, school, "dana", record)
    top = dana.page.deeds.versions.top
    until_said(qtbot, top, "Returned by Tom Becker")
    [line] = top.lines
    assert REMARK in line.accessibleName()
    line.click()
    assert dana.page.section == "holds"
    assert dana.page.head.sign.text() == "&Correct…"
    dana.page.head.sign.click()
    sheet = dana.page.deeds.versions.sheet
    assert sheet is not None
    sheet.deed.click()
    until_said(qtbot, sheet, "10 characters")
    sheet.reason.setPlainText("I named the hold that ended it")
    sheet.deed.click()
    qtbot.waitUntil(lambda: dana.page.draft.may_edit("holds"), timeout=PATIENCE_MS)  # type: ignore[union-attr]  # read again
    dana.settle()
    until_said(qtbot, top, "You are writing: correction of the report")
    assert "Correct the report…" not in shown_text(top)


def test_an_amendment_is_chosen_explained_changed_and_discarded(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    dana = take_seat(seat, qtbot, school, "dana", record)
    dana.page.deeds.do("amend")
    sheet = dana.page.deeds.versions.sheet
    assert sheet is not None
    said = shown_text(sheet)
    for words in ("Addendum", "It only adds", "Both times are kept", "no parent gets a copy"):
        assert words in said
    sheet.kinds.buttons["late_entry"].click()
    sheet.reason.setPlainText("I forgot the second check")
    sheet.day.setText("11/12/2026")
    sheet.time.setText("11pm")
    sheet.deed.click()
    until_said(qtbot, sheet, "has not come yet")
    sheet.time.setText("1020")
    sheet.deed.click()
    qtbot.waitUntil(lambda: dana.page.draft.may_edit("holds"), timeout=PATIENCE_MS)  # type: ignore[union-attr]  # read again
    dana.settle()
    top = dana.page.deeds.versions.top
    until_said(qtbot, top, "late entry of the report")
    top.links["change:report"].click()
    again = dana.page.deeds.versions.sheet
    assert again is not None
    assert again.reason.toPlainText() == "I forgot the second check"
    again.kinds.choose("addendum")
    again.deed.click()
    qtbot.waitUntil(lambda: "addendum of the report" in shown_text(top), timeout=PATIENCE_MS)
    answer_next(True)
    top.links["discard:report"].click()
    qtbot.waitUntil(lambda: not dana.page.draft.may_edit("holds"), timeout=PATIENCE_MS)  # type: ignore[union-attr]  # read again
    dana.settle()
    assert dana.workspace.records.open(record).part("report").version == 1


def test_a_page_says_why_a_deed_is_not_offered(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    dana = take_seat(seat, qtbot, school, "dana", record)
    said = deeds_of(dana)
    assert said["Amend…"]
    assert said["Review: This part is signed by whoever reviews it."] is False
    priya = take_seat(seat, qtbot, school, "priya", record)
    assert deeds_of(priya)["Amend: A part is amended by whoever signed it."] is False


def test_what_was_entered_in_error_and_old_copies_are_said_above(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    olga = school.sign_in("olga")
    text = "Mateo threw a book. He was held twice and was calm at 10:19."
    olga.copies.release_parent_copy(record, school.ids["rosa"], text, ())
    dana = school.sign_in("dana")
    amend(dana, record, location_detail="Room 15")
    tom = take_seat(seat, qtbot, school, "tom", record)
    top = tom.page.deeds.versions.top
    until_said(qtbot, top, "Given before the amendment of November 12")
    assert "Copy 1 for Rosa Núñez" in shown_text(top)
    amend(dana, record, "entered_in_error", "This was another child's report")
    tom.page.reload()
    tom.settle()
    until_said(qtbot, top, "Entered in error")
    assert "went out before it was withdrawn" in shown_text(top)
    assert tom.page.head.pill.text() == "Entered in error"


def test_versions_are_stepped_through_by_keys(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    worker = school.sign_in("dana")
    amend(worker, record, location_detail="Room 15")
    amend(worker, record, "correction", "It was Room 16 after all", location_detail="Room 16")
    dana = take_seat(seat, qtbot, school, "dana", record)
    dana.page.deeds.do("compare")
    dana.settle()
    page = dana.page.deeds.versions.compare_page
    assert isinstance(page, ComparePage)
    assert [(row.line.old, row.line.new) for row in page.rows] == [("Room 15", "Room 16")]
    assert "It was Room 16 after all" in page.about.text()
    QTest.keyClick(page.earlier, Qt.Key.Key_Space)
    dana.settle()
    assert [(row.line.old, row.line.new) for row in page.rows] == [("Room 14", "Room 15")]
    assert not page.earlier.isEnabled()
    page.only.setChecked(False)
    assert len(page.rows) > 30
    page.resize(600, 700)
    assert page.rows[0]._grid.getItemPosition(page.rows[0]._grid.indexOf(page.rows[0].new))[0] == 2


def test_an_amendment_is_seen_before_it_is_signed(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    worker = school.sign_in("dana")
    worker.records.amend(record, "report", "correction", "The room was another one")
    change(worker, record, location_detail="Room 15")
    dana = take_seat(seat, qtbot, school, "dana", record)
    dana.page.deeds.do("check")
    dana.settle()
    qtbot.waitUntil(lambda: "What you change" in shown_text(dana.page), timeout=PATIENCE_MS)
    assert "Reason: The room was another one" in shown_text(dana.page)


def test_a_wrong_student_leads_to_a_record_written_anew(
    qtbot: QtBot, school: School, record: str, seat: list[Sitting]
) -> None:
    worker = school.sign_in("dana")
    worker.records.amend(record, "report", "correction", "It was Huy, not Mateo")
    change(worker, record, student=school.ids["huy"])
    dana = take_seat(seat, qtbot, school, "dana", record)
    asked: list[str] = []
    dana.page.other_asked.connect(asked.append)
    sheet = dana.page.deeds.check_sheet("report")
    dana.page.show_over(sheet)
    dana.settle()
    dana.page.deeds._sign(sheet)
    dialog = dana.page.deeds.sign_dialog
    assert dialog is not None
    answer_next(True)
    dialog._failed(_another())
    dana.settle()
    qtbot.waitUntil(
        lambda: "marks it as entered in error" in shown_text(dana.page), timeout=PATIENCE_MS
    )
    signed = dana.workspace.records.sign_part(record, "report", PASSWORD, ink())
    dana.page.deeds.signed(sheet, signed)
    [new] = asked
    assert dana.workspace.records.open(new).answers["student"] == school.ids["huy"]


def _another() -> Exception:
    from bt_desktop.services.problems import AnotherRecord

    return AnotherRecord("whom it is about")


# --- words ------------------------------------------------------------------------------------


def test_changes_are_said_in_words_signs_and_marks_not_in_color() -> None:
    line = Line(
        "s", "S", "Where <b>?", "changed", "Room 14", "Room 15",
        (Piece("same", "Room "), Piece("removed", "14"), Piece("added", "15 & more")),
    )  # fmt: skip
    assert marked(line, "old") == "Room <b><s>14</s></b>"
    assert marked(line, "new") == "Room <b><u>15 &amp; more</u></b>"
    assert spoken(line) == "Where <b>?, changed. Before: Room 14. Now: Room 15"
    plain = Line("s", "S", "Q", "added", "", "<img src=x>")
    assert marked(plain, "new") == "&lt;img src=x&gt;"
    assert spoken(plain) == "Q, added. Before: no answer. Now: <img src=x>"
