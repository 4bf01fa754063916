"""Pages of reviews and amendments: what they show, where they lead, what they refuse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.versions import Line, Piece
from bt_desktop.views.compare import ComparePage, marked, spoken
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.review_page import ReviewPage
from tests.factory import PASSWORD, School, ink, signed_report
from tests.services.review_kit import REMARK, amend, change, review
from tests.views.form_kit import Sitting, sit_down
from tests.views.shell_kit import shown_text

PATIENCE_MS = 20_000


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
    qtbot.waitUntil(made.desk.tasks.is_idle, timeout=PATIENCE_MS)
    seat.append(made)
    return made


def reviewing(sitting: Sitting, qtbot: QtBot) -> ReviewPage:
    sitting.page.deeds.do("review")
    qtbot.waitUntil(lambda: sitting.page.deeds.versions.review_page is not None)
    sitting.settle()
    page = sitting.page.deeds.versions.review_page
    assert page is not None
    return page


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
    assert "Waits for your review" in shown_text(tom.page.deeds.versions.top)
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
    qtbot.waitUntil(lambda: page.open_card.isHidden() or not page.lines)
    tom.wait_saved()
    QTest.mouseClick(page.send_back, Qt.MouseButton.LeftButton)
    dialog = tom.page.deeds.sign_dialog
    assert dialog is not None
    assert "return it to its author" in shown_text(dialog)
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
    qtbot.waitUntil(lambda: tom.page.deeds.versions.compare_page is not None)
    tom.settle()
    shown = tom.page.deeds.versions.compare_page
    assert shown is not None
    assert "Room 15" in shown_text(shown)
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
    assert "Returned by Tom Becker" in shown_text(top)
    [line] = top.lines
    assert REMARK in line.accessibleName()
    line.click()
    assert dana.page.section == "holds"
    assert dana.page.head.sign.text() == "&Correct…"
    dana.page.head.sign.click()
    sheet = dana.page.deeds.versions.sheet
    assert sheet is not None
    sheet.deed.click()
    assert "10 characters" in shown_text(sheet)
    sheet.reason.setPlainText("I named the hold that ended it")
    sheet.deed.click()
    qtbot.waitUntil(lambda: dana.page.draft.may_edit("holds"))  # type: ignore[union-attr]  # read again
    dana.settle()
    assert "You are writing: correction of the report" in shown_text(top)
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
    assert "has not come yet" in shown_text(sheet)
    sheet.time.setText("1020")
    sheet.deed.click()
    qtbot.waitUntil(lambda: dana.page.draft.may_edit("holds"))  # type: ignore[union-attr]  # read again
    dana.settle()
    top = dana.page.deeds.versions.top
    assert "late entry of the report" in shown_text(top)
    top.links["change:report"].click()
    again = dana.page.deeds.versions.sheet
    assert again is not None
    assert again.reason.toPlainText() == "I forgot the second check"
    again.kinds.choose("addendum")
    again.deed.click()
    qtbot.waitUntil(lambda: "addendum of the report" in shown_text(top))
    answer_next(True)
    top.links["discard:report"].click()
    qtbot.waitUntil(lambda: not dana.page.draft.may_edit("holds"))  # type: ignore[union-attr]  # read again
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
    said = shown_text(tom.page.deeds.versions.top)
    assert "Given before the amendment of November 12" in said
    assert "Copy 1 for Rosa Núñez" in said
    amend(dana, record, "entered_in_error", "This was another child's report")
    tom.page.reload()
    tom.settle()
    said = shown_text(tom.page.deeds.versions.top)
    assert "Entered in error" in said
    assert "went out before it was withdrawn" in said
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
    qtbot.waitUntil(lambda: "What you change" in shown_text(dana.page))
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
    qtbot.waitUntil(lambda: "marks it as entered in error" in shown_text(dana.page))
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
