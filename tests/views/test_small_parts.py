"""The parts that windows are made of, each alone: named, with a role, large enough, never cut.

What only shows now and then (news, an offer to bring back) is in few of the scenes that are walked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.views.editors.people import PersonChip
from bt_desktop.views.feedback import Banner, CrashSheet, Tone
from bt_desktop.views.form_rows import RemovedRow
from bt_desktop.views.state_chips import StateChips
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import ActionButton, Chip, FilterChip, LinkButton
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, SearchLine, TextBox, TextLine
from bt_desktop.views.widgets.waiting import Waiting
from tests.views import look_kit as look
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, past_tab, walk
from tests.views.shell_kit import app


def news(theme: Theme) -> Banner:
    banner = Banner(theme)
    banner.tell("The disk is full. Make room, then save.", Tone.WARN, action="Look", act=print)
    return banner


def wrong(theme: Theme, editor: QWidget) -> FieldFrame:
    frame = FieldFrame(theme, "Day", editor, hint="As it was", required=True)
    frame.say("This is no date.")
    return frame


def removed(_theme: Theme) -> RemovedRow:
    row = RemovedRow()
    row.show_removed("Hold 2")
    return row


def waiting(_theme: Theme) -> Waiting:
    part = Waiting("Backing up")
    part.show()
    return part


def chosen(_theme: Theme) -> Chip:
    chip = Chip("Late")
    chip.setChecked(True)
    return chip


PARTS: dict[str, Callable[[Theme], QWidget]] = {
    "news": news,
    "a field that is wrong": lambda theme: wrong(theme, TextLine()),
    "a password": lambda theme: wrong(theme, PasswordLine()),
    "a text": lambda theme: wrong(theme, TextBox()),
    "a day": lambda theme: wrong(theme, DayLine(date(2026, 11, 12))),
    "a choice": lambda theme: wrong(theme, Choice()),
    "a search": lambda theme: SearchLine(theme, "Any part of a name", keys="Ctrl+K"),
    "a person": lambda _theme: PersonChip("staff:1", "Dana Whitcomb"),
    "a filter": lambda theme: FilterChip(theme, "Form: Incident report"),
    "a chip that is on": chosen,
    "states": lambda _theme: StateChips(("draft", "signed")),
    "a deed": lambda theme: ActionButton(theme, "New report", icon_name="plus", keys="Ctrl+N"),
    "a link": lambda _theme: LinkButton("All records"),
    "an offer": removed,
    "waiting": waiting,
    "a fault of ours": lambda theme: CrashSheet(theme, "KeyError at form.py:1"),
}


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_alone(qtbot: QtBot, part: str, scale: int) -> None:
    theme = Theme(mode="light", scale=scale)
    theme.apply(app())
    ground = QWidget()
    qtbot.addWidget(ground)
    column = QVBoxLayout(ground)
    made = PARTS[part](theme)
    button = isinstance(made, QPushButton)  # as wide as it wants to be
    column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft if button else Qt.AlignmentFlag(0))
    after = TextLine()
    after.setAccessibleName("What comes after")
    column.addWidget(after)
    column.addStretch(1)
    ground.resize(theme.px(700), theme.px(500))
    ground.show()
    made.show()
    app().processEvents()
    assert controls(ground) != [after]
    assert faults(ground) == []
    assert past_tab(ground) == []
    assert look.cut(ground) == []
    assert look.overlaps(ground) == []
    assert look.only_color(ground) == []
    assert look.errors_unheard(ground) == []
    reached = walk(ground)
    assert after in reached  # whatever it is, Tab leaves it
    assert groups_of_one(reached, controls(ground)) == []
    assert out_of_order(reached) == []
