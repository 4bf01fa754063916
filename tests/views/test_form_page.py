"""A technician fills a report: typed times, rows, undo, jumping, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.errors import StorageFull
from bt_desktop.views.editors.choices import ChipsEditor
from bt_desktop.views.editors.people import PeopleEditor
from bt_desktop.views.form_field import FieldBlock
from bt_desktop.views.form_section import SectionPane
from tests.factory import School
from tests.views.form_kit import Sitting, focus, sit_down


@pytest.fixture
def dana(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    """Dana before a new report."""
    sitting = sit_down(qtbot, school)
    yield sitting
    sitting.leave()


def pane(sitting: Sitting) -> SectionPane:
    assert isinstance(sitting.page.pane, SectionPane)
    return sitting.page.pane


def held(sitting: Sitting) -> None:
    """Two holds happened on this day, as the triage and the dates tell."""
    sitting.answer("/what_happened", ["physical_restraint"])
    sitting.answer("/event_date", "11/12")
    sitting.answer("/event_began", "1009")
    sitting.go("holds")


def test_what_is_typed_is_in_the_store_and_the_foot_says_when(dana: Sitting) -> None:
    dana.go("when_where")
    dana.type("/activity", "Math, whole class")
    assert dana.kept()["activity"] == "Math, whole class"
    assert dana.foot[-1][0].startswith("Saved ")
    assert "California" in dana.foot[-1][1]


def test_leaving_at_once_still_hands_over_the_last_letter(dana: Sitting) -> None:
    dana.go("when_where")
    dana.type("/activity", "Mat")
    dana.page.flush()
    dana.type("/activity", "h")
    dana.page.flush()
    dana.settle()
    assert dana.workspace.records.open(dana.record_id).answers["activity"] == "Math"


def test_a_full_disk_is_said_and_nothing_is_lost(
    dana: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = dana.workspace.records
    save = records.save_draft

    def full(*_: object) -> None:
        raise StorageFull

    dana.go("when_where")
    monkeypatch.setattr(records, "save_draft", full)  # the disk is an edge: it is full now
    dana.type("/activity", "Math")
    dana.bot.waitUntil(lambda: "disk is full" in dana.page.banner.text())
    assert dana.foot[-1][0] == "Not saved yet"
    monkeypatch.setattr(records, "save_draft", save)
    dana.bot.waitUntil(dana.draft.is_saved)
    assert dana.page.banner.text() == ""
    assert dana.kept()["activity"] == "Math"


def test_a_typed_time_is_understood_when_the_field_is_left(dana: Sitting) -> None:
    dana.answer("/event_date", "11/12")
    dana.go("when_where")
    dana.type("/event_began", "1009")
    line = dana.block("/event_began").editor.focus_target()
    assert line.text() == "1009"  # type: ignore[attr-defined]  # a QLineEdit
    QTest.keyClick(line, Qt.Key.Key_Tab)
    dana.bot.waitUntil(lambda: line.text() == "10:09 am")  # type: ignore[attr-defined]


def test_an_error_waits_until_the_field_was_left_and_then_lives(dana: Sitting) -> None:
    held(dana)
    dana.type("/holds[1]/start", "1016")
    dana.type("/holds[1]/end", "1006")
    block = dana.block("/holds[1]/end")
    assert not block.error.isVisible()
    focus(dana.bot, dana.block("/holds[1]/start").editor.focus_target())
    dana.bot.waitUntil(block.error.isVisible)
    assert "hold" in block.error.text().lower()
    assert block.error.text() in "▲ " + block.editor.focus_target().accessibleDescription() or (
        block.error.text()[2:] in block.editor.focus_target().accessibleDescription()
    )
    line = block.editor.focus_target()
    focus(dana.bot, line)
    line.selectAll()  # type: ignore[attr-defined]  # a QLineEdit
    QTest.keyClicks(line, "1019")
    assert not block.error.isVisible()


def test_what_a_letter_moves_is_laid_out_with_it(dana: Sitting) -> None:
    held(dana)
    dana.go("behavior")
    block = dana.block("/danger_why")
    assert block.not_known.isVisible()
    dana.settle()
    QTest.keyClick(block.editor.focus_target(), "H")
    dana.page.update_side()

    def places() -> list[object]:
        column = [*pane(dana).findChildren(QWidget), *dana.page.aside.missing.findChildren(QWidget)]
        return [widget.geometry() for widget in column if widget.isVisible()]

    assert not block.not_known.isVisible()
    before = places()
    for _ in range(8):
        QApplication.processEvents()
    assert places() == before


def test_a_row_that_is_done_folds_into_a_sentence(dana: Sitting) -> None:
    held(dana)
    fill_hold(dana, 1, "1012", "1014")
    card = pane(dana).cards[0]
    QTest.mouseClick(card.done, Qt.MouseButton.LeftButton)
    dana.bot.waitUntil(lambda: pane(dana).cards[0].body is None)
    said = pane(dana).cards[0].accessibleName()
    assert "Hold 1" in said
    assert "10:12 – 10:14" in said
    assert "Dana Whitcomb" in said
    assert "2 min" in said


def fill_hold(sitting: Sitting, number: int, start: str, end: str) -> None:
    """A hold with everything that is required."""
    row = f"/holds[{number}]"
    sitting.answer(f"{row}/start", start)
    sitting.answer(f"{row}/end", end)
    sitting.answer(f"{row}/restraint_kind", "person")
    sitting.draft.people[sitting.school.ids["dana"]] = sitting.workspace.people.search(
        "Dana Whitcomb", ("staff",)
    )[0]
    sitting.answer(f"{row}/staff_holding", [sitting.school.ids["dana"]])
    for path in sitting.draft.session.paths("holds"):
        if not path.startswith(f"{row}/"):
            continue
        view = sitting.draft.view(path)
        if view.relevant and view.required and view.value is None:
            choice = view.choices[0].name if view.choices else "1"
            sitting.answer(path, choice)


def test_a_removed_row_can_be_brought_back(dana: Sitting) -> None:
    held(dana)
    dana.answer("/holds[1]/start", "1012")
    assert pane(dana).add_button is not None
    QTest.mouseClick(pane(dana).add_button, Qt.MouseButton.LeftButton)
    dana.bot.waitUntil(lambda: len(pane(dana).cards) == 2)
    dana.answer("/holds[2]/start", "1016")
    pane(dana).cards[0].remove.click()
    dana.bot.waitUntil(lambda: len(pane(dana).cards) == 1)
    assert pane(dana).removed.isVisible()
    assert pane(dana).removed.words.text() == "Removed hold 1"
    pane(dana).removed.link.click()
    dana.bot.waitUntil(lambda: len(pane(dana).cards) == 2)
    kept = dana.kept()["holds"]
    assert [row["start"][11:16] for row in kept] == ["10:12", "10:16"]


def test_undo_and_redo_go_across_the_form(dana: Sitting) -> None:
    dana.go("when_where")
    dana.type("/activity", "Math")
    dana.answer("/location_detail", "Room 14")
    QTest.keyClick(dana.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dana.draft.view("/location_detail").value is None
    assert dana.draft.view("/activity").value == "Math"
    QTest.keyClick(dana.page, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert dana.draft.view("/location_detail").value == "Room 14"


def test_ctrl_z_inside_a_text_box_is_the_forms_undo(dana: Sitting) -> None:
    dana.go("when_where")
    dana.type("/activity", "Math")
    line = dana.block("/activity").editor.focus_target()
    for _ in range(8):
        QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dana.draft.view("/activity").value is None
    assert line.text() == ""  # type: ignore[attr-defined]  # a QLineEdit


def test_ctrl_enter_goes_on_and_says_what_was_left_blank(dana: Sitting) -> None:
    dana.go("when_where")
    QTest.keyClick(dana.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dana.page.section == "people"
    QTest.keyClick(
        dana.page,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert dana.page.section == "when_where"
    assert dana.block("/location").error.text()


def test_only_sections_that_the_triage_makes_relevant_show(dana: Sitting) -> None:
    assert "holds" not in dana.page.sidebar.buttons
    dana.answer("/what_happened", ["physical_restraint"])
    dana.bot.waitUntil(lambda: "holds" in dana.page.sidebar.buttons)
    dana.page.sidebar.fold.click()
    assert "seclusion" in dana.page.sidebar.buttons
    assert "Does not apply" in dana.page.sidebar.buttons["seclusion"].accessibleName()


def test_a_section_says_why_it_is_asked(dana: Sitting) -> None:
    held(dana)
    assert "Asked because" in pane(dana).because.text()
    assert "What happened" in pane(dana).because.text()


def test_the_numbered_list_jumps_to_the_question(dana: Sitting) -> None:
    dana.answer("/what_happened", ["physical_restraint"])
    dana.page.update_side()
    line = next(one for one in dana.page.aside.missing.lines if one.path == "/location")
    line.click()
    assert dana.page.section == "when_where"
    dana.bot.waitUntil(dana.block("/location").editor.has_focus)


def test_ctrl_f_finds_a_question_by_a_word(dana: Sitting) -> None:
    QTest.keyClick(dana.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    find = dana.page.finder
    assert find.isVisible()
    focus(dana.bot, find.line)
    QTest.keyClicks(find.line, "language home")
    QTest.keyClick(find.line, Qt.Key.Key_Return)
    assert dana.page.section == "student_section"
    dana.bot.waitUntil(dana.block("/home_language").editor.has_focus)


def test_shift_f1_tells_why_with_cite_and_that_nobody_checked_it(dana: Sitting) -> None:
    dana.go("when_where")
    focus(dana.bot, dana.block("/location").editor.focus_target())
    QTest.keyClick(dana.page, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert dana.page.why.isVisible()
    text = dana.page.why.words.text()
    assert "EC " in text
    assert "Unverified" in text
    QTest.keyClick(dana.page.why, Qt.Key.Key_Escape)
    assert not dana.page.why.isVisible()


def test_a_required_answer_can_be_not_known_with_a_reason(dana: Sitting) -> None:
    dana.go("when_where")
    block = dana.block("/event_began")
    block.not_known.click()
    focus(dana.bot, block.reason)
    QTest.keyClicks(block.reason, "Nobody looked at a clock")
    assert dana.kept()["event_began"] == {"$unknown": "Nobody looked at a clock"}
    block.not_known.click()
    assert dana.draft.view("/event_began").unknown_reason in (None, "")


def test_choosing_the_student_fills_in_what_the_roster_knows(dana: Sitting) -> None:
    dana.go("student_section")
    editor = dana.block("/student").editor
    assert isinstance(editor, PeopleEditor)
    dana.type("/student", "mat")
    dana.bot.waitUntil(editor.line.box.is_open)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    dana.bot.waitUntil(lambda: dana.draft.view("/student_birth_date").value is not None)
    assert dana.draft.view("/student_grade").value == "4"
    assert "Mateo" in dana.draft.subject_name()


def test_the_right_column_folds_under_its_number(dana: Sitting) -> None:
    assert dana.page.aside.isVisible()
    dana.page.resize(1040, 760)
    dana.bot.waitUntil(lambda: not dana.page.aside.isVisible())
    assert "Missing" in dana.page.head.fold.text()
    dana.page.head.fold.click()
    assert dana.page.aside.isVisible()


def test_the_place_is_kept_to_the_letter(dana: Sitting, qtbot: QtBot, school: School) -> None:
    held(dana)
    dana.type("/holds[1]/held_by_others", "a passing nurse")
    line = dana.block("/holds[1]/held_by_others").editor
    line.set_caret(9)
    place = dana.page.place()
    dana.leave()
    again = sit_down(qtbot, school, record_id=dana.record_id)
    again.page.restore(place)
    assert again.page.section == "holds"
    block = again.block("/holds[1]/held_by_others")
    assert block.editor.typed() == "a passing nurse"
    assert block.editor.caret() == 9
    again.leave()


def test_prohibited_techniques_are_recorded_and_flagged(dana: Sitting) -> None:
    held(dana)
    dana.answer("/holds[1]/position", "prone")
    block = dana.block("/holds[1]/position")
    assert "not allowed" in block.error.text()
    assert "EC 49005.8" in block.error.text()
    assert block.reason.isVisible()
    focus(dana.bot, block.reason)
    QTest.keyClicks(block.reason, "He fell forward")
    assert dana.kept()["holds"][0]["$reasons"]["position"] == "He fell forward"
    assert "not allowed" in block.error.text()


@pytest.mark.parametrize("text", ["<b>&", "<img src='x'>", "“pasted” – Windows", "漢字 🙂"])
def test_odd_texts_stay_as_they_are(dana: Sitting, text: str) -> None:
    dana.go("when_where")
    dana.answer("/activity", text)
    assert dana.block("/activity").editor.typed() == text
    assert dana.kept()["activity"] == text


def test_every_question_is_named_reached_and_left_by_tab(dana: Sitting) -> None:
    for section in ("triage", "student_section", "when_where"):
        dana.go(section)
        blocks = [b for b in dana.page.blocks().values() if b.isVisible() and asks(b)]
        seen = walk(dana, len(blocks) * 6 + 40)
        for block in blocks:
            target = block.editor.focus_target()
            assert target.accessibleName() or block.editor.accessibleName(), block.path
            assert any(block.editor.isAncestorOf(widget) for widget in seen), block.path


def asks(block: FieldBlock) -> bool:
    return block.field.type not in {"note", "calculate", "image"}


def walk(sitting: Sitting, steps: int) -> list[object]:
    """Press Tab this often and note who had the focus."""
    seen: list[object] = []
    for _ in range(steps):
        widget = QApplication.focusWidget()
        if widget is None:
            break
        seen.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    return seen


def test_chips_are_reached_by_arrows_and_pressed_by_space(dana: Sitting) -> None:
    dana.go("student_section")
    editor = dana.block("/safety_plan").editor
    assert isinstance(editor, ChipsEditor)
    focus(dana.bot, editor.chips[0])
    QTest.keyClick(editor.chips[0], Qt.Key.Key_Right)
    QTest.keyClick(editor.chips[1], Qt.Key.Key_Space)
    assert dana.draft.view("/safety_plan").value == editor.chips[1].name
    assert editor.chips[0].focusPolicy() == Qt.FocusPolicy.ClickFocus
