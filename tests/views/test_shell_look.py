"""The tokens meet their contrasts, the stylesheet has no hole, every icon can be drawn."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop import paths
from bt_desktop.errors import StorageFull
from bt_desktop.views.editors.choices import Chip as OptionChip
from bt_desktop.views.feedback import CrashSheet, Feedback, log_fault
from bt_desktop.views.icons import icon
from bt_desktop.views.theme import FAMILY, Theme, load_fonts
from bt_desktop.views.tokens import DARK, LIGHT, Tokens, contrast
from bt_desktop.views.widgets.buttons import Chip
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.focus_ring import FocusRing
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.page import Page
from tests.views.shell_kit import app

STYLE = paths.resources_dir() / "style"
GROUNDS = ("bg", "surface", "raised")
TEXTS = ("ink", "muted", "danger", "warn", "ok", "accent")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_every_pair_can_be_read(tokens: Tokens) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(name, f"{name}_weak") for name in ("danger", "warn", "ok", "accent")]
    pairs += [("ink", f"{name}_weak") for name in ("danger", "warn", "ok", "accent")]
    pairs += [("accent_ink", "accent"), ("accent_ink", "accent_hover")]
    pairs += [("rail_ink", "rail"), ("rail_ink", "rail_on"), ("ink", "line")]
    for text, ground in pairs:
        found = contrast(getattr(tokens, text), getattr(tokens, ground))
        assert found >= 4.5, (tokens.name, text, ground, found)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_borders_of_controls_stand_out(tokens: Tokens) -> None:
    for ground in GROUNDS:
        assert contrast(tokens.line_strong, getattr(tokens, ground)) >= 3


WEAK = tuple(f"{name}_weak" for name in ("danger", "warn", "ok", "accent"))


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_words_can_be_read_on_every_ground_they_are_painted_on(tokens: Tokens) -> None:
    """A chosen row, a card with news, a day of the calendar: any text may stand on them."""
    for text in TEXTS:
        for ground in (*GROUNDS, *WEAK, "line"):
            found = contrast(getattr(tokens, text), getattr(tokens, ground))
            assert found >= 4.5, (tokens.name, text, ground, found)


def rules() -> list[tuple[str, dict[str, str]]]:
    """The rules of the stylesheet: selector, and what it sets."""
    whole = "".join(one.read_text("utf-8") for one in sorted(STYLE.glob("*.qss")))
    whole = re.sub(r"/\*.*?\*/", "", whole, flags=re.S)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", whole):
        pairs = (line.partition(":") for line in body.split(";") if ":" in line)
        found.append((selector.strip(), {key.strip(): value.strip() for key, _, value in pairs}))
    return found


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_each_rule_that_sets_words_and_ground_sets_a_pair_that_can_be_read(tokens: Tokens) -> None:
    seen = 0
    for selector, sets in rules():
        text, ground = sets.get("color", ""), sets.get("background", "")
        if text.startswith("$") and ground.startswith("$"):
            pair = (getattr(tokens, text[1:]), getattr(tokens, ground[1:]))
            assert contrast(*pair) >= 4.5, (tokens.name, selector, text, ground)
            seen += 1
    assert seen > 30


@pytest.mark.parametrize("make", [Chip, lambda text: OptionChip("late", text)])
def test_a_chip_that_is_on_is_told_from_one_that_is_off_without_colors(
    qtbot: QtBot, make: Callable[[str], QPushButton]
) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setStyleSheet(
        "QPushButton, QPushButton:checked { color: black; background: white; font-weight: 400;"
        " border: 1px solid black; padding: 0px 13px; }"
    )
    chip = make("Late")
    chip.setParent(ground)
    chip.resize(90, 30)
    ground.show()
    off = chip.grab().toImage()
    chip.setChecked(True)
    on = chip.grab().toImage()
    inner = QRect(2, 2, 12, 26)
    assert on.copy(inner) != off.copy(inner)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", [100, 200])
def test_the_stylesheet_is_filled_in(qtbot: QtBot, mode: str, scale: int) -> None:
    sheet = Theme(mode=mode, scale=scale).stylesheet()
    assert "$" not in sheet
    assert "%icons%" not in sheet
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert QImage(path).isNull() is False, path


def test_lengths_grow_with_the_text_but_hairlines_stay(qtbot: QtBot) -> None:
    theme = Theme(scale=200)
    assert (theme.px(15), theme.px(1), theme.px(2)) == (30, 1, 2)
    assert Theme(scale=200, system_factor=2.0).factor == 2.0


def test_the_font_is_the_one_of_the_papers(qtbot: QtBot) -> None:
    load_fonts()
    assert Theme().font().family() == FAMILY


def test_every_icon_is_drawn_in_its_token(qtbot: QtBot) -> None:
    theme = Theme(mode="light")
    for file in sorted((paths.resources_dir() / "icons").glob("*.svg")):
        text = file.read_text(encoding="utf-8")
        assert QSvgRenderer(QByteArray(text.encode())).isValid(), file.name
        picture = icon(theme, file.stem, "danger").pixmap(24, 24).toImage()
        colors = {
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixelColor(x, y).alpha() > 200
        }
        assert colors, file.name


def test_a_field_is_named_and_described_for_a_screen_reader(qtbot: QtBot) -> None:
    line = TextLine()
    frame = FieldFrame(Theme(), "Began", line, hint="The first touch", required=True)
    qtbot.addWidget(frame)
    assert line.accessibleName() == "Began, required"
    assert frame.label.buddy() is line
    frame.say("Not a time.")
    assert line.accessibleDescription() == "Not a time. The first touch"


def test_the_wheel_does_not_change_what_has_no_focus(qtbot: QtBot) -> None:
    box = Choice()
    qtbot.addWidget(box)
    box.fill([("one", 1), ("two", 2)])
    center = box.rect().center().toPointF()
    event = QWheelEvent(
        center,
        center,
        box.rect().center() - box.rect().center(),
        box.rect().bottomRight(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    box.wheelEvent(event)
    assert box.currentData() == 1
    assert not event.isAccepted()


def test_tab_leaves_a_text_box(qtbot: QtBot) -> None:
    ground = QWidget()
    column = QVBoxLayout(ground)
    first, second = TextBox(), TextLine()
    column.addWidget(first)
    column.addWidget(second)
    qtbot.addWidget(ground)
    ground.show()
    ground.activateWindow()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert ground.focusWidget() is second
    assert first.toPlainText() == ""


def test_the_ring_follows_the_focus(qtbot: QtBot) -> None:
    theme = Theme()
    ring = FocusRing(theme, app())
    page = Page(theme)
    line, other = TextLine(), TextLine()
    page.column.addWidget(line)
    page.column.addWidget(other)
    qtbot.addWidget(page)
    page.show()
    line.setFocus()
    qtbot.waitUntil(ring.isVisible)
    before = ring.geometry()
    other.setFocus()
    assert ring.geometry() != before
    assert ring.width() == other.width() + 6
    app().focusChanged.disconnect(ring._follow)


def test_a_known_problem_is_said_in_the_nearest_banner(qtbot: QtBot) -> None:
    theme = Theme()
    page = Page(theme)
    inside = TextLine(page)
    qtbot.addWidget(page)
    page.show()
    Feedback(theme).report(inside, StorageFull())
    assert "disk is full" in page.banner.text()


def test_a_fault_is_logged_without_its_words(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("Mateo Núñez-Okafor bit somebody")
    except ValueError as problem:
        place = log_fault(problem)
    assert "Mateo" not in place + caplog.text
    assert "ValueError at test_shell_look.py" in place
    sheet = CrashSheet(Theme(), place)
    qtbot.addWidget(sheet)
    assert "Mateo" not in sheet._details
