"""What assistive technology does is done: pressing, choosing, dictating, without key or click."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QButtonGroup, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.views.editors.choices import CheckListEditor, OneOfManyEditor
from bt_desktop.views.editors.choices import Chip as OptionChip
from bt_desktop.views.editors.plain import AcknowledgeEditor
from bt_desktop.views.editors.suggest import SuggestBox, Suggestion
from bt_desktop.views.editors.text import LineEditor
from bt_desktop.views.form_sidebar import SectionButton
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import Chip
from tests.factory import School
from tests.views.shell_kit import Office, app


def heard(widget: QWidget) -> QAccessibleInterface:
    """A widget as assistive technology has it."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def press(widget: QWidget) -> None:
    """Do the first of its actions, as a screen reader or voice control does."""
    deeds = heard(widget).actionInterface()
    deeds.doAction(deeds.actionNames()[0])


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Chip("Late"),
        lambda: OptionChip("late", "Late"),
        lambda: SectionButton(Theme(mode="light"), "late"),
    ],
)
def test_what_is_on_or_off_is_pressed_without_a_click(qtbot: QtBot, make: object) -> None:
    Theme(mode="light").apply(app())
    chip = make()  # type: ignore[operator]  # one of those above
    qtbot.addWidget(chip)
    pressed: list[bool] = []
    chip.clicked[bool].connect(pressed.append)
    chip.setChecked(True)
    assert pressed == []  # the program did that
    press(chip)
    assert pressed == [False]
    chip.click()
    assert pressed == [False, True]


def test_the_one_that_goes_off_for_another_is_not_pressed(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    group = QButtonGroup(holder)
    one, other = Chip("All", holder), Chip("Late", holder)
    pressed: list[str] = []
    for chip in (one, other):
        group.addButton(chip)
        chip.clicked.connect(lambda _=False, c=chip: pressed.append(c.text()))
    one.setChecked(True)
    press(other)
    assert pressed == ["Late"]
    assert not one.isChecked()


def test_what_is_dictated_into_a_question_is_an_answer(qtbot: QtBot) -> None:
    editor = LineEditor()
    qtbot.addWidget(editor)
    changed: list[object] = []
    editor.changed.connect(lambda: changed.append(editor.typed()))
    editor.set_typed("Room 14")
    assert changed == []  # the program did that
    heard(editor.line).setText(QAccessible.Text.Value, "Room 15")
    assert changed == ["Room 15"]
    QTest.keyClicks(editor.line, "b")
    assert changed == ["Room 15", "Room 15b"]


def test_what_is_acknowledged_without_a_click_is_an_answer(qtbot: QtBot) -> None:
    editor = AcknowledgeEditor("This report is complete")
    qtbot.addWidget(editor)
    changed: list[object] = []
    editor.changed.connect(lambda: changed.append(editor.typed()))
    editor.set_typed(True)
    editor.set_typed(None)
    assert changed == []  # the program did that
    press(editor.box)
    assert changed == [True]
    QTest.keyClick(editor.box, Qt.Key.Key_Space)
    assert changed == [True, None]


def test_a_list_of_names_is_emptied_when_it_closes_and_goes_with_its_line(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor = OneOfManyEditor(window)
    box = editor.line.box
    window.show()
    box.show_rows([Suggestion("1", "Mateo Núñez-Okafor"), Suggestion("2", "Łucja Kowalczyk")])
    assert box.parent() is window
    editor.settle()
    assert box.rows() == ()
    editor.deleteLater()
    qtbot.waitUntil(lambda: not window.findChildren(SuggestBox))


def test_a_row_that_is_selected_is_the_one_that_space_checks(qtbot: QtBot) -> None:
    editor = CheckListEditor()
    qtbot.addWidget(editor)
    for name in ("shout", "throw", "kick"):
        editor.list.addItem(name)
    editor.list.item(1).setSelected(True)
    assert editor.list.currentRow() == 1


def test_a_section_of_the_settings_is_chosen_without_the_keyboard(office: Office) -> None:
    office.sign_in("tom")
    office.shell.go("settings")
    page = office.shell.page
    names = [page.sections.item(row).text() for row in range(page.sections.count())]  # type: ignore[union-attr]  # SettingsPage
    page.sections.item(names.index("Accounts")).setSelected(True)  # type: ignore[union-attr]  # as above
    office.settle()
    assert page.shown == "accounts"  # type: ignore[union-attr]  # as above


def test_a_new_report_asked_for_at_once_comes_when_the_forms_are_known(office: Office) -> None:
    office.sign_in("dana")
    shell = office.shell
    shell._forms = ()  # as in the first moment
    shell.new_report()
    assert app().activePopupWidget() is None
    shell._desk.tasks.run(
        shell,
        lambda: (shell._workspace.school.get(), shell._workspace.records.forms()),
        shell._know_school,
    )
    office.settle()
    menu = app().activePopupWidget()
    assert menu is not None
    assert "Behavior Emergency Report" in [one.text() for one in menu.actions()]
    menu.close()


def wait(office: Office, **long: int) -> None:
    """So long nobody does anything."""
    office.school.clock.advance(timedelta(**long))
    office.window.idle.look()


def is_covered(office: Office) -> bool:
    return office.window.stack.currentWidget() is office.window.cover


def test_who_works_without_key_or_mouse_is_not_covered(office: Office) -> None:
    office.sign_in("dana")
    line = LineEditor(office.shell)
    wait(office, minutes=2)
    heard(line.line).setText(QAccessible.Text.Value, "dictated")
    wait(office, minutes=2)
    assert not is_covered(office)
    press(office.shell.rail.button("records"))
    office.until(lambda: isinstance(office.shell.page, RecordsPage))
    wait(office, minutes=2)
    assert not is_covered(office)
    line.set_typed("by the program itself")
    wait(office, minutes=2)
    assert is_covered(office)


def test_the_cover_is_lifted_without_key_or_mouse(office: Office) -> None:
    office.sign_in("dana")
    wait(office, minutes=4)
    assert is_covered(office)
    assert office.window.cover.go_on.hasFocus()
    press(office.window.cover.go_on)
    office.until(lambda: not is_covered(office))
    wait(office, minutes=2)
    assert not is_covered(office)
    office.window.cover.say_locking()
    assert office.window.cover.go_on.isHidden()
