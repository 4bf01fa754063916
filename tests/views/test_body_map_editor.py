"""The body map on the page: drawing and list make the same mark, left is the person's own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.form_engine.body import FIGURES, atlas
from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.form_engine.definition import Choice, Field, Form, Section
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.views import FieldView
from bt_desktop.views.editors.body_map import BESIDE, BodyMapEditor
from bt_desktop.views.theme import Theme
from tests.form_engine.small_form import NOON
from tests.views.access_kit import faults, out_of_order, walk

TYPES = (Choice("bruise", {"en": "Bruise"}), Choice("cut", {"en": "Cut"}))
PLACES = [(region.id, view) for region in atlas().regions.values() for view in region.views]


class Page:
    """The editor of one question, bound to a session as on the page of a form."""

    def __init__(self, bot: QtBot, kept: dict[str, Any] | None = None) -> None:
        asked = Field("map", "body_map", "s", label={"en": "Drawing"}, choices="list")
        section = Section(name="s", label={"en": "S"}, fields=(asked,))
        form = Form("f", "1", {"en": "F"}, "student", "F", (section,), {"list": TYPES})
        self.session = FormSession(form, {"map": kept} if kept else {}, now=lambda: NOON)
        self.editor = BodyMapEditor(TYPES)
        bot.addWidget(self.editor)
        self.editor.changed.connect(self._changed)
        self.editor.resize(560, 1000)
        self.editor.describe("Drawing", "")
        self.show()
        self.editor.show()
        self.editor.activateWindow()
        QApplication.processEvents()

    @property
    def view(self) -> FieldView:
        return self.session.view("/map")

    @property
    def marks(self) -> list[dict[str, Any]]:
        value = self.view.value
        return list(value["marks"]) if value else []

    def show(self) -> None:
        self.editor.set_view(self.view)
        self.editor.set_typed(self.view.typed)

    def _changed(self) -> None:
        self.session.set("/map", self.editor.typed())
        assert self.view.issue is None
        self.show()

    def undo(self) -> None:
        self.session.undo()
        self.show()

    def click(self, view: str, x: float, y: float) -> None:
        figure = self.editor.figure
        if view not in figure.sheet.views:
            self.turn(atlas().sheet_of(view).id)
        point(figure, QEvent.Type.MouseButtonPress, figure.point_of(view, x, y))

    def turn(self, sheet: str) -> None:
        next(chip for chip in self.editor.sheets if chip.name == sheet).click()
        QApplication.processEvents()

    def choose(self, text: str) -> None:
        line = self.editor.regions
        line.setFocus()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def said(self) -> str:
        label = self.editor.message
        return label.text() if not label.isHidden() else ""


def point(figure: Any, kind: QEvent.Type, at: QPointF) -> None:
    pressed = kind == QEvent.Type.MouseButtonPress
    button = Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton
    glob = QPointF(figure.mapToGlobal(at))
    event = QMouseEvent(kind, at, glob, button, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(figure, event)


def placed(region: str, view: str, figure: str = "child", **more: Any) -> dict[str, Any]:
    x, y = drawing(figure, view).anchor(region)
    return {"view": view, "region": region, "x": x, "y": y, **more}


def kept(*marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"figure": "child", "marks": [{"n": n, **m} for n, m in enumerate(marks, 1)], **more}


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    made = Page(qtbot)
    yield made
    made.editor.settle()


# --- one way as good as the other ----------------------------------------------------------------


def test_a_click_and_the_list_make_the_same_mark_of_every_region(page: Page) -> None:
    editor = page.editor
    rows = {row.key: row for row in editor.regions.matching("")}
    for region in atlas().regions.values():
        view = region.views[0]
        page.click(view, *drawing("child", view).anchor(region.id))
        editor.regions.box.chosen.emit(rows[f"{view}/{region.id}"])
        by_click, by_list = page.marks
        assert (by_click["region"], by_click["view"]) == (region.id, view)
        assert by_list == {**by_click, "n": 2, "x": by_list["x"], "y": by_list["y"]}
        assert abs(by_click["x"] - by_list["x"]) < 0.001
        assert abs(by_click["y"] - by_list["y"]) < 0.001
        editor.set_typed(None)
        page.session.set("/map", None)


def test_every_region_of_every_picture_is_under_the_pointer_at_its_anchor(page: Page) -> None:
    figure = page.editor.figure
    for region, view in PLACES:
        figure.show_sheet(atlas().sheet_of(view))
        found = figure.spot_at(figure.point_of(view, *drawing("child", view).anchor(region)))
        assert found is not None
        assert found[0] == (view, region)


def test_every_region_is_in_the_list_and_found_by_its_words(page: Page) -> None:
    line = page.editor.regions
    listed = {row.key.split("/")[1] for row in line.matching("")}
    assert listed == set(atlas().regions)
    assert [row.title for row in line.matching("left forearm")] == [
        "Left forearm, front",
        "Left forearm, back",
    ]
    assert line.matching("axilla")[0].title == "Left armpit"
    assert line.matching("tummy")[0].title == "Upper belly"
    assert line.matching("tail") != []  # the tailbone
    assert line.matching("wheel") == []


def test_a_region_is_typed_and_marked_without_the_mouse(page: Page) -> None:
    page.choose("right knee")
    page.choose("occiput")
    assert [(m["n"], m["region"], m["view"]) for m in page.marks] == [
        (1, "knee_right", "front"),
        (2, "back_of_head", "head_back"),
    ]
    assert page.editor.figure.sheet.id == "head"
    assert page.editor.regions.text() == ""
    assert page.editor.regions.hasFocus()


def test_arrows_walk_to_every_region_of_a_sheet_and_enter_marks_it(page: Page) -> None:
    figure = page.editor.figure
    arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
    for sheet in atlas().sheets:
        page.turn(sheet.id)
        figure.setFocus()
        QTest.keyClick(figure, Qt.Key.Key_Home)
        start = figure.spot()
        assert start is not None
        seen, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            for arrow in arrows:
                figure.go_to(*here)
                QTest.keyClick(figure, arrow)
                there = figure.spot()
                if there is not None and there not in seen:
                    seen.add(there)
                    waiting.append(there)
        wanted = {(v, r) for v in sheet.views for r in drawing("child", v).shapes}
        assert seen == wanted, sheet.id
    QTest.keyClick(figure, Qt.Key.Key_Return)
    QTest.keyClick(figure, Qt.Key.Key_Space)
    assert len(page.marks) == 2
    spot = figure.spot()
    assert spot is not None
    assert (page.marks[0]["view"], page.marks[0]["region"]) == spot


def test_the_region_walked_to_is_said(page: Page) -> None:
    figure = page.editor.figure
    figure.setFocus()
    figure.go_to("front", "forearm_left")
    assert figure.accessibleName() == "Drawing: Left forearm, front"
    assert page.editor.area.said.text() == "Left forearm, front"
    QTest.keyClick(figure, Qt.Key.Key_Return)
    figure.go_to("front", "forearm_left")
    assert figure.accessibleName() == "Drawing: Left forearm, front · mark 1"
    assert "Page Down" in figure.accessibleDescription()
    QTest.keyClick(figure, Qt.Key.Key_PageDown)
    assert figure.sheet.id == "head"
    assert figure.spot() is not None


# --- where a click falls -------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES)
def test_the_right_half_of_the_front_is_the_person_s_left(page: Page, figure: str) -> None:
    next(chip for chip in page.editor.figures if chip.name == figure).click()
    regions = atlas().regions
    for view in atlas().views.values():
        if view.left not in ("left", "right"):
            continue
        picture = drawing(figure, view.id)
        net = [(x / 40, y / 40) for x in range(1, 40) for y in range(1, 40)]
        for half in ("left", "right"):
            x, y = next(
                (x, y)
                for x, y in net
                if (x < 0.45 if half == "left" else x > 0.55)
                and regions[picture.region_at(x, y) or "chin"].side != "middle"
            )
            page.click(view.id, x, y)
            side = "left" if half == view.left else "right"
            assert page.marks[-1]["region"].endswith(side), (view.id, half)
            assert page.marks[-1]["view"] == view.id


def test_the_sides_of_the_head_are_what_they_are_called(page: Page) -> None:
    for view, side in (("head_left", "left"), ("head_right", "right")):
        page.click(view, *drawing("child", view).anchor(f"ear_{side}"))
        assert page.marks[-1]["region"] == f"ear_{side}"


def test_a_click_beside_the_figure_marks_nothing_and_says_what_to_do(page: Page) -> None:
    page.click("front", 0.02, 0.02)
    assert page.marks == []
    assert page.said() == f"▲ {BESIDE}"
    point(page.editor.figure, QEvent.Type.MouseButtonPress, QPointF(1, 1))
    assert page.marks == []
    page.click("front", *drawing("child", "front").anchor("face"))
    assert page.said() == ""
    assert [m["region"] for m in page.marks] == ["face"]


def test_the_region_under_the_pointer_is_named(page: Page) -> None:
    figure = page.editor.figure
    at = figure.point_of("back", *drawing("child", "back").anchor("lower_back_left"))
    point(figure, QEvent.Type.MouseMove, at)
    assert page.editor.area.said.text() == "Left lower back"
    point(figure, QEvent.Type.MouseMove, QPointF(1, 1))
    assert page.editor.area.said.text() == ""


# --- marks ---------------------------------------------------------------------------------------


def test_marks_of_one_place_do_not_hide_each_other(page: Page) -> None:
    for _ in range(4):
        page.choose("left forearm, front")
    badges = page.editor.figure.badges()
    assert [badge.lines for badge in badges] == [("1",), ("2",), ("3",), ("4",)]
    assert len({(badge.x, badge.y) for badge in badges}) == 4


def test_a_click_on_a_number_opens_its_mark(page: Page) -> None:
    for _ in range(2):
        page.choose("left forearm, front")
    first = page.editor.figure.badges()[0]
    point(page.editor.figure, QEvent.Type.MouseButtonPress, QPointF(first.x, first.y))
    assert len(page.marks) == 2
    assert page.editor.details.title.text() == "Mark 1 · Left forearm, front"
    assert page.editor.table.currentIndex().row() == 0


def test_what_is_said_of_a_mark_is_kept_with_it(page: Page) -> None:
    page.choose("right knee")
    details = page.editor.details
    QTest.keyClicks(details.type, "bru")
    QTest.keyClick(details.type, Qt.Key.Key_Return)
    for line, typed in zip(details.sizes, ("20", "12.5"), strict=True):
        QTest.keyClicks(line, typed)
    QTest.keyClicks(details.color, "blue and green")
    QTest.keyClicks(details.note, "oval ")
    (mark,) = page.marks
    assert {k: mark[k] for k in ("type", "size_1", "size_2", "color", "note")} == {
        "type": "bruise",
        "size_1": 20,
        "size_2": 12.5,
        "color": "blue and green",
        "note": "oval ",
    }
    cells = [str(page.editor.table.rows.index(0, c).data()) for c in range(7)]
    assert cells == [
        "1", "Knee, front", "Right", "Bruise", "20 × 12.5 mm", "blue and green", "oval ",
    ]  # fmt: skip


def test_a_size_takes_digits_only_and_may_be_measured_in_inches(page: Page) -> None:
    page.choose("right knee")
    details = page.editor.details
    details.units["in"].click()
    QTest.keyClicks(details.sizes[0], "abc1.25x")
    assert details.sizes[0].text() == "1.25"
    assert page.marks[0]["size_1"] == 31.75
    assert page.view.value["unit"] == "in"
    details.units["mm"].click()
    assert details.sizes[0].text() == "31.75"
    assert "unit" not in page.view.value


def test_a_kind_that_is_not_in_the_list_is_not_taken(page: Page) -> None:
    page.choose("right knee")
    line = page.editor.details.type
    line.setFocus()
    QTest.keyClicks(line, "wound")
    page.editor.regions.setFocus()
    assert line.text() == ""
    assert "type" not in page.marks[0]


def test_it_begins_as_the_figure_that_other_answers_tell(page: Page) -> None:
    editor = page.editor
    editor.begin_with("adult")
    assert [chip.name for chip in editor.figures if chip.isChecked()] == ["adult"]
    page.choose("left knee")
    assert page.session.view("/map").value["figure"] == "adult"
    editor.begin_with("child")  # what is marked stays what it is
    assert page.session.view("/map").value["figure"] == "adult"


def test_a_figure_that_was_chosen_by_hand_stays(page: Page) -> None:
    page.editor.begin_with("adult")
    next(chip for chip in page.editor.figures if chip.name == "child").click()
    page.editor.begin_with("adult")
    assert [chip.name for chip in page.editor.figures if chip.isChecked()] == ["child"]


def test_delete_takes_a_mark_away_and_undo_brings_it_back(page: Page) -> None:
    for name in ("left knee", "right knee", "forehead"):
        page.choose(name)
    before = page.marks
    table = page.editor.table
    page.editor._pick(2)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert [(m["n"], m["region"]) for m in page.marks] == [(1, "knee_left"), (2, "forehead")]
    assert "Mark 2, Right knee, front, was taken away." in page.said()
    page.undo()
    assert page.marks == before
    figure = page.editor.figure
    page.turn("body")
    figure.setFocus()
    figure.go_to("front", "knee_left")
    QTest.keyClick(figure, Qt.Key.Key_Delete)
    assert [m["region"] for m in page.marks] == ["knee_right", "forehead"]
    page.editor.details.remove.click()
    assert len(page.marks) == 1


def test_enter_in_the_table_goes_to_the_details(page: Page) -> None:
    page.choose("left knee")
    page.editor.table.setFocus()
    QTest.keyClick(page.editor.table, Qt.Key.Key_Return)
    assert page.editor.details.type.hasFocus()


def test_typing_on_in_a_note_is_one_step_for_undo(page: Page) -> None:
    told: list[bool] = []
    page.choose("left knee")
    page.editor.changed.connect(lambda: told.append(page.editor.holds_text))
    QTest.keyClicks(page.editor.details.note, "ab")
    page.editor.details.remove.click()
    assert told == [True, True, False]
    assert not page.editor.holds_text


def test_the_other_figure_keeps_every_mark_in_its_region(page: Page) -> None:
    for region, view in PLACES[:40]:
        page.click(view, *drawing("child", view).anchor(region))
    before = [(m["n"], m["region"], m["view"]) for m in page.marks]
    page.editor.figures[1].click()
    assert page.view.value["figure"] == "adult"
    assert [(m["n"], m["region"], m["view"]) for m in page.marks] == before
    page.undo()
    assert page.view.value["figure"] == "child"
    assert page.editor.figures[0].isChecked()


def test_what_was_chosen_before_there_were_drawings_is_still_told(qtbot: QtBot) -> None:
    page = Page(qtbot, {"regions": ["wrist", "hand or finger"]})
    assert page.editor.earlier.text() == "Named before there was a drawing: wrist, hand or finger."
    assert not page.editor.earlier.isHidden()
    page.choose("left wrist")
    assert page.view.value["regions"] == ["wrist", "hand or finger"]
    page.editor.details.remove.click()
    assert page.view.value == {"regions": ["wrist", "hand or finger"]}


def test_a_signed_body_can_be_looked_at_but_not_marked(qtbot: QtBot) -> None:
    page = Page(qtbot, kept(placed("knee_left", "front"), placed("crown", "head_top", note="x")))
    editor = page.editor
    editor.setEnabled(False)
    assert editor.isEnabled()
    page.click("front", *drawing("child", "front").anchor("face"))
    editor.figure.setFocus()
    editor.figure.go_to("front", "knee_left")
    QTest.keyClick(editor.figure, Qt.Key.Key_Return)
    QTest.keyClick(editor.figure, Qt.Key.Key_Delete)
    QTest.keyClick(editor.table, Qt.Key.Key_Delete)
    assert len(page.marks) == 2
    editor._pick(2)
    assert editor.figure.sheet.id == "head"
    assert editor.details.note.isReadOnly()
    assert editor.details.remove.isHidden()
    assert editor.regions.isHidden()


def test_an_answer_that_cannot_be_read_is_shown_as_none(page: Page) -> None:
    page.editor.set_typed('{"figure": "dog"}')
    assert page.editor.typed() is None
    page.editor.set_typed("not a map")
    assert page.editor.typed() is None


# --- many, large, and heard ----------------------------------------------------------------------


def many(count: int) -> dict[str, Any]:
    dice = random.Random(2)
    return kept(*(placed(*dice.choice(PLACES), type="bruise") for _ in range(count)))


def test_three_hundred_marks_are_all_there_and_one_more_fits(qtbot: QtBot) -> None:
    page = Page(qtbot, many(300))
    assert page.editor.table.rows.rowCount() == 300
    told: list[int] = []
    for sheet in atlas().sheets:
        page.turn(sheet.id)
        told += [n for badge in page.editor.figure.badges() for n in badge.numbers]
    assert sorted(told) == list(range(1, 301))
    page.choose("chin")
    assert page.marks[-1]["n"] == 301
    assert page.editor.table.currentIndex().row() == 300
    assert page.editor.table.height() < 500


def test_five_hundred_are_the_most(qtbot: QtBot) -> None:
    page = Page(qtbot, many(500))
    page.choose("chin")
    assert len(page.marks) == 500
    assert "holds 500 marks" in page.said()


def test_the_drawing_is_zoomed_to_twice_its_size(page: Page) -> None:
    figure, area = page.editor.figure, page.editor.area
    before = figure.width()
    area.larger.click()
    QTest.keyClick(figure, Qt.Key.Key_Plus)
    assert area.zoom() == 200
    assert abs(figure.width() - 2 * before) <= 2
    assert not area.larger.isEnabled()
    page.click("front", *drawing("child", "front").anchor("face"))
    assert [m["region"] for m in page.marks] == ["face"]
    at = QPointF(figure.rect().center())
    wheel = QWheelEvent(
        at,
        QPointF(figure.mapToGlobal(at)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(figure, wheel)
    assert area.zoom() == 150
    QTest.keyClick(figure, Qt.Key.Key_Minus)
    assert area.zoom() == 100


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The program's own look, in which targets have their sizes."""
    Theme(mode="light").apply(qapp)
    yield
    qapp.setStyleSheet("")


@pytest.mark.usefixtures("dressed")
def test_all_of_it_is_reached_and_named_by_keyboard_and_ear(qtbot: QtBot) -> None:
    page = Page(qtbot, many(12))
    page.editor._pick(1)
    QApplication.processEvents()
    assert faults(page.editor) == []
    reached = walk(page.editor)
    assert out_of_order(reached) == []
    assert {page.editor.figure, page.editor.regions, page.editor.table} <= set(reached)
    row = page.editor.table.rows.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert row == "Type Bruise"
