"""One editor for every kind, each behind the same protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.form_engine.definition import Choice, Field, Form, Section
from bt_desktop.form_engine.kinds import KINDS
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.views import FieldView
from bt_desktop.services.results.people import PersonHit
from bt_desktop.views.editors import EDITORS, make_editor
from bt_desktop.views.editors.choices import CheckListEditor, ChipsEditor, OneOfManyEditor
from bt_desktop.views.editors.ink import InkPad, SignatureEditor
from bt_desktop.views.editors.moments import MomentEditor, clock_words, in_words
from bt_desktop.views.editors.narrative import NarrativeEditor
from bt_desktop.views.editors.people import PeopleEditor
from bt_desktop.views.editors.protocol import Editor, EditorContext, NameOffer
from bt_desktop.views.editors.text import LineEditor, MultilineEditor

NOW = datetime(2026, 11, 12, 11, 30, tzinfo=timezone(timedelta(hours=-8)))
LUCJA = PersonHit("student:1", "Łucja Kowalczyk", "student", grade="4", spans=((0, 3),))
HUY = PersonHit("student:2", "Nguyễn Gia Huy", "student", grade="4", same_name=True)
DANA = PersonHit(
    "staff:1",
    "Dana Whitcomb",
    "staff",
    title="Behavior technician",
    training="Safety-Care",
    training_until=date(2026, 2, 1),
)
SIX = tuple(Choice(n, {"en": n.capitalize()}) for n in ("standing", "seated", "kneeling"))
MANY = tuple(Choice(f"c{i}", {"en": f"Option {i}, of many"}) for i in range(20))
TYPED: Mapping[str, Any] = {
    "text": "Łucja & <b>",
    "integer": "12",
    "decimal": "1.5",
    "date": "11/12/2026",
    "time": "10:16",
    "datetime": "11/12/2026 10:16",
    "select_one": "seated",
    "select_multiple": ["standing", "kneeling"],
    "acknowledge": True,
    "person": "student:1",
    "student": "student:1",
    "staff": "staff:1",
    "body_map": {"regions": ["wrist"]},
    "image": "scan",
    "signature": {"kind": "typed", "text": "Dana Whitcomb"},
}


@pytest.fixture
def context() -> EditorContext:
    """Three people are known; any search finds the two children."""
    return EditorContext(
        now=lambda: NOW,
        people={p.id: p for p in (LUCJA, HUY, DANA)},
        search=lambda _text, _kinds, done: done((LUCJA, HUY)),
    )


def form_of(*fields: Field, choices: tuple[Choice, ...] = SIX) -> Form:
    section = Section(name="s", label={"en": "S"}, fields=fields)
    return Form("f", "1", {"en": "F"}, "student", "F", (section,), {"list": choices})


def view_of(field: Field, typed: Any = None, choices: tuple[Choice, ...] = SIX) -> FieldView:
    session = FormSession(form_of(field, choices=choices), now=lambda: NOW)
    if typed is not None:
        session.set(f"/{field.name}", typed)
    return session.view(f"/{field.name}")


def field_of(kind: str, appearance: str = "") -> Field:
    listed = "list" if kind.startswith("select") else None
    return Field("q", kind, "s", label={"en": "Question"}, choices=listed, appearance=appearance)


def shown(bot: QtBot, editor: Editor) -> Editor:
    bot.addWidget(editor)
    editor.resize(500, 120)
    editor.show()
    editor.activateWindow()
    return editor


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_an_editor(kind: str, qtbot: QtBot, context: EditorContext) -> None:
    assert kind in EDITORS
    editor = shown(qtbot, make_editor(field_of(kind), SIX, context))
    editor.set_view(view_of(field_of(kind)))
    editor.describe("Question", "Something is wrong.")
    editor.set_wrong(True)
    editor.settle()


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_what_is_set_is_handed_back_and_says_nothing(
    kind: str, qtbot: QtBot, context: EditorContext
) -> None:
    editor = shown(qtbot, make_editor(field_of(kind), SIX, context))
    editor.set_view(view_of(field_of(kind)))
    with qtbot.assertNotEmitted(editor.changed):
        editor.set_typed(TYPED[kind])
    assert editor.typed() == TYPED[kind]
    editor.set_typed(None)
    assert editor.typed() is None


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_what_the_session_shows_can_be_set(kind: str, qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, make_editor(field_of(kind), SIX, context))
    view = view_of(field_of(kind), TYPED[kind])
    assert view.issue is None
    editor.set_view(view)
    editor.set_typed(view.typed)
    assert editor.typed() == TYPED[kind]


@pytest.mark.parametrize("appearance", ["", "multiline", "narrative"])
def test_tab_leaves_every_text_box(appearance: str, qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, make_editor(field_of("text", appearance), (), context))
    target = editor.focus_target()
    target.setFocus()
    qtbot.waitUntil(target.hasFocus)
    QTest.keyClicks(target, "one")
    QTest.keyClick(target, Qt.Key.Key_Tab)
    assert editor.typed() == "one"


def test_a_long_text_grows_and_keeps_every_letter(qtbot: QtBot) -> None:
    editor = shown(qtbot, MultilineEditor())
    before = editor.sizeHint().height()
    text = "Zeile 漢字 🙂 Łódź\n" * 2500
    editor.set_typed(text)
    assert editor.typed() == text
    assert editor.sizeHint().height() > before * 20


def test_pasting_takes_plain_text_only(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, NarrativeEditor(context))
    assert isinstance(editor, NarrativeEditor)
    from PySide6.QtCore import QMimeData

    pasted = QMimeData()
    pasted.setHtml("<b>“bold”</b>")
    pasted.setText("“bold”")
    editor.box.insertFromMimeData(pasted)
    assert editor.typed() == "“bold”"


def test_a_moment_is_said_in_words(context: EditorContext, qtbot: QtBot) -> None:
    assert in_words(date(2026, 11, 12)) == "Thursday, November 12, 2026"
    assert clock_words(NOW.replace(hour=0, minute=5)) == "12:05 am"
    editor = shown(qtbot, MomentEditor("date", context))
    assert isinstance(editor, MomentEditor)
    editor.set_view(view_of(field_of("date"), "t"))
    assert editor.words.text() == "Thursday, November 12, 2026"
    assert editor.understood() == "11/12/2026"


def test_arrows_step_a_time_by_a_minute(context: EditorContext, qtbot: QtBot) -> None:
    editor = shown(qtbot, MomentEditor("time", context))
    assert isinstance(editor, MomentEditor)
    editor.set_view(view_of(field_of("time"), "1016"))
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.typed() == "10:17 am"


def test_a_blank_date_stays_blank(context: EditorContext, qtbot: QtBot) -> None:
    editor = shown(qtbot, MomentEditor("date", context))
    QTest.keyClick(editor.focus_target(), Qt.Key.Key_Up)
    assert editor.typed() is None


def test_the_now_button_types_the_time(context: EditorContext, qtbot: QtBot) -> None:
    editor = shown(qtbot, MomentEditor("time", context))
    assert isinstance(editor, MomentEditor)
    editor.picker.click()
    assert editor.typed() == "11:30 am"


def test_seven_short_options_are_chips_and_more_are_a_list(context: EditorContext) -> None:
    assert isinstance(make_editor(field_of("select_one"), SIX, context), ChipsEditor)
    assert isinstance(make_editor(field_of("select_one"), MANY, context), OneOfManyEditor)
    assert isinstance(make_editor(field_of("select_multiple"), MANY, context), CheckListEditor)


def test_a_label_typed_whole_is_that_option_whatever_else_holds_its_words(qtbot: QtBot) -> None:
    editor = shown(qtbot, OneOfManyEditor())
    assert isinstance(editor, OneOfManyEditor)
    offices = (
        Choice("nurse", {"en": "The nurse's office"}),
        *(c for c in MANY),
        Choice("office", {"en": "The office"}),
    )
    editor.set_view(view_of(field_of("select_one"), choices=offices))
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    QTest.keyClicks(editor.line, "the office")
    assert [row.key for row in editor.line.box.rows()] == ["nurse", "office"]
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.typed() == "office"


def test_pressing_the_chosen_chip_again_clears_it(qtbot: QtBot) -> None:
    editor = shown(qtbot, ChipsEditor(False))
    assert isinstance(editor, ChipsEditor)
    editor.set_view(view_of(field_of("select_one")))
    editor.chips[1].click()
    assert editor.typed() == "seated"
    editor.chips[0].click()
    assert editor.typed() == "standing"
    editor.chips[0].click()
    assert editor.typed() is None


def test_a_long_list_is_typed_into_and_ignores_the_wheel(
    qtbot: QtBot, context: EditorContext
) -> None:
    editor = shown(qtbot, OneOfManyEditor())
    assert isinstance(editor, OneOfManyEditor)
    editor.set_view(view_of(field_of("select_one"), choices=MANY))
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    QTest.keyClicks(editor.line, "option 17")
    assert [row.key for row in editor.line.box.rows()] == ["c17"]
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.typed() == "c17"
    place = editor.line.rect().center()
    wheel = QWheelEvent(
        place,
        editor.line.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor.line, wheel)
    assert editor.typed() == "c17"


def test_a_check_list_is_filtered_and_checked_by_keys(qtbot: QtBot) -> None:
    editor = shown(qtbot, CheckListEditor())
    assert isinstance(editor, CheckListEditor)
    editor.set_view(view_of(field_of("select_multiple"), choices=MANY))
    editor.filter.setFocus()
    QTest.keyClicks(editor.filter, "option 3")
    QTest.keyClick(editor.filter, Qt.Key.Key_Down)
    QTest.keyClick(editor.list, Qt.Key.Key_Space)
    assert editor.typed() == ["c3"]
    assert "Option 3" in editor.summary.text()


def test_a_person_is_found_shown_and_taken_out(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, PeopleEditor("student", True, context))
    assert isinstance(editor, PeopleEditor)
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    QTest.keyClicks(editor.line, "luc")
    rows = editor.line.box.rows()
    assert rows[0].details == "grade 4"
    assert rows[1].flag.startswith("same name")
    assert rows[-1].title.startswith("Add a person by hand")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.typed() == ["student:1"]
    assert "Łucja" in editor.chips[0].accessibleName()
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert editor.typed() is None


def test_text_that_names_nobody_is_not_thrown_away(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, PeopleEditor("staff", False, context))
    assert isinstance(editor, PeopleEditor)
    QTest.keyClicks(editor.line, "the substitute")
    assert editor.typed() == "the substitute"


def test_training_that_ran_out_is_said_in_words(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, PeopleEditor("staff", True, context))
    assert isinstance(editor, PeopleEditor)
    editor.set_typed(["staff:1"])
    assert editor.notes.text() == "Dana Whitcomb: Safety-Care expired in Feb 2026."


def test_an_at_sign_names_a_person_as_a_token(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, NarrativeEditor(context))
    assert isinstance(editor, NarrativeEditor)
    editor.box.setFocus()
    qtbot.waitUntil(editor.box.hasFocus)
    QTest.keyClicks(editor.box, "It hit @luc")
    assert editor.box.box.is_open()
    QTest.keyClick(editor.box, Qt.Key.Key_Return)
    QTest.keyClicks(editor.box, " hard")
    assert editor.typed() == "It hit {@student:1} hard"
    assert editor.box.toPlainText() == "It hit Łucja Kowalczyk hard"


def test_a_token_is_deleted_as_one(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, NarrativeEditor(context))
    assert isinstance(editor, NarrativeEditor)
    editor.set_typed("hit {@student:1}")
    editor.set_caret(len("hit Łucja Kowalczyk"))
    QTest.keyClick(editor.box, Qt.Key.Key_Backspace)
    assert editor.typed() == "hit "


def test_two_tokens_side_by_side_stay_two(qtbot: QtBot, context: EditorContext) -> None:
    editor = shown(qtbot, NarrativeEditor(context))
    text = "{@student:1}{@student:2}\n🙂 {@student:1}"
    editor.set_typed(text)
    assert editor.typed() == text


def test_a_name_typed_by_hand_is_offered_and_becomes_a_token(
    qtbot: QtBot, context: EditorContext
) -> None:
    text = "🙂 {@student:2} saw Lucja and Lucja cried"
    first = text.index("Lucja")
    second = text.index("Lucja", first + 1)
    context.offers = lambda kept, done: done(
        tuple(
            NameOffer(at, at + 5, "Lucja", "student:1", "Łucja Kowalczyk")
            for at in (first, second)
            if kept == text
        )
    )
    editor = shown(qtbot, NarrativeEditor(context))
    assert isinstance(editor, NarrativeEditor)
    editor.set_typed(text)
    editor.left.emit()
    assert "Make Łucja Kowalczyk a protected name?" in editor.bar.words.text()
    editor.bar.buttons["all"].click()
    assert editor.typed() == "🙂 {@student:2} saw {@student:1} and {@student:1} cried"


def test_an_offer_that_was_refused_is_not_made_again(qtbot: QtBot, context: EditorContext) -> None:
    offer = NameOffer(0, 3, "May", "student:1", "May Lee")
    context.offers = lambda _kept, done: done((offer,))
    editor = shown(qtbot, NarrativeEditor(context))
    assert isinstance(editor, NarrativeEditor)
    editor.set_typed("May is a month")
    editor.left.emit()
    editor.bar.buttons["no"].click()
    editor.left.emit()
    assert editor.offers() == ()
    assert editor.typed() == "May is a month"


def test_a_drawn_signature_survives_a_new_size(qtbot: QtBot) -> None:
    pad = InkPad()
    qtbot.addWidget(pad)
    pad.resize(400, 140)
    pad.show()
    for at in ((30, 40), (60, 80), (90, 50)):
        place = QPoint(*at)
        if at == (30, 40):
            QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=place)
        else:
            QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(90, 50))
    strokes = [list(stroke) for stroke in pad.strokes]
    assert strokes
    pad.resize(250, 90)
    assert pad.strokes == strokes
    assert pad.size_drawn == (400.0, 140.0)
    times = [point[2] for stroke in strokes for point in stroke]
    assert times == sorted(times)


def test_a_signature_can_be_typed(qtbot: QtBot) -> None:
    editor = shown(qtbot, SignatureEditor())
    assert isinstance(editor, SignatureEditor)
    QTest.keyClicks(editor.name, "Dana Whitcomb")
    assert editor.typed() == {"kind": "typed", "text": "Dana Whitcomb"}


def test_an_editor_says_that_it_was_left(qtbot: QtBot) -> None:
    editor = shown(qtbot, LineEditor())
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    with qtbot.waitSignal(editor.left):
        editor.line.clearFocus()
