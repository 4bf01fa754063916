"""Every window, page, sheet and dialog, as the pictures show them: by keyboard, by ear, by eye.

The scenes are those of `tools/screens.py`, one table for both. At 100 % in light each is walked
through by Tab and heard; at 200 % in dark nothing may be cut off, lie over something else, be out
of reach or too faint. A page that no scene shows is reported: it needs a scene.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop import views
from bt_desktop.views.desk import make_desk
from bt_desktop.views.theme import Theme
from tests.views import look_kit as look
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import app
from tests.views.window_table import BASES, EXCUSED, NO_SCENE_YET, SHOWN
from tools.screens import ACTS, ROOT, SIZE, Stage, Told

KINDS = ("Page", "Section", "Sheet", "Window", "Dialog", "Step", "Panel", "Preview")
"""How a class is called that is a place of its own (beside what is a dialog or a main window)."""
Check = Callable[[QWidget], list[str]]


class Walk(Stage):
    """A stage on which nothing is photographed, and waited no longer than pages need."""

    def settle(self) -> None:
        for _ in range(2000):
            self.app.processEvents()
            if self.desk.tasks.is_idle():
                break
            QTest.qWait(2)
        QTest.qWait(30)  # timers of the page (side column, suggestions)
        self.app.processEvents()

    def pose(self, name: str, widget: QWidget) -> QWidget:
        """As the picture would be taken; the window."""
        if not name.endswith("!"):
            widget.resize(SIZE)
        widget.show()
        widget.activateWindow()
        self.settle()
        return widget.window()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo's school, told once."""
    return Told(tmp_path_factory.mktemp("told") / "demo")


@pytest.fixture
def stage(qtbot: QtBot, told: Told, tmp_path: Path, look_of: tuple[str, int]) -> Iterator[Walk]:
    """A window's stage in one look, over a school of its own."""
    mode, scale = look_of
    theme = Theme(mode=mode, scale=scale)
    theme.apply(app())
    mine = told.again(tmp_path / "school")
    made = Walk(mine, app(), theme, make_desk(theme, mine.clock), tmp_path / "settings", tmp_path)
    yield made
    made.desk.tasks.close()
    for window in app().topLevelWidgets():
        window.close()


def go_through(stage: Walk, act: str, check: Check) -> None:
    """Every scene of an act: what `check` finds in each, and whether all was shown."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    scenes = next(one for one in ACTS if one.__name__ == act)
    for name, widget in scenes(stage):
        root = stage.pose(name, widget)
        seen |= {type(one).__name__ for one in (root, *look.shown(root))}
        wrong = [one for one in check(root) if not one.startswith(tuple(EXCUSED))]
        if wrong:
            found[name] = wrong
    assert found == {}
    assert set(SHOWN.get(act, ())) - seen == set()


def by_keyboard_and_ear(root: QWidget) -> list[str]:
    """Names, roles, sizes; reached and left by Tab, in reading order."""
    reached = walk(root)
    missed = groups_of_one(reached, controls(root))
    return [*faults(root), *(f"not reached: {one}" for one in missed), *out_of_order(reached)]


@pytest.mark.walk
@pytest.mark.parametrize("look_of", [("light", 100)], ids=["light-100"])
@pytest.mark.parametrize("act", [one.__name__ for one in ACTS])
def test_every_window_by_keyboard_and_ear(stage: Walk, act: str) -> None:
    measured: set[tuple[object, ...]] = set()
    go_through(
        stage,
        act,
        lambda root: [
            *by_keyboard_and_ear(root),
            *look.cut(root),
            *look.overlaps(root),
            *look.faint(root, measured),
            *look.only_color(root),
            *look.errors_unheard(root),
        ],
    )


@pytest.mark.walk
@pytest.mark.parametrize("look_of", [("dark", 200)], ids=["dark-200"])
@pytest.mark.parametrize("act", [one.__name__ for one in ACTS])
def test_every_window_twice_as_large_and_dark(stage: Walk, act: str) -> None:
    measured: set[tuple[object, ...]] = set()
    go_through(
        stage,
        act,
        lambda root: [
            *look.cut(root),
            *look.overlaps(root),
            *look.does_not_scroll(root),
            *look.faint(root, measured),
            *look.larger_than(root, SIZE),
        ],
    )


def places() -> set[str]:
    """Every class of the views that is a window, a page, a sheet or a dialog."""
    found = set()
    for module in pkgutil.walk_packages(views.__path__, "bt_desktop.views."):
        for name, made in vars(importlib.import_module(module.name)).items():
            ours = isinstance(made, type) and made.__module__ == module.name
            if not ours or not issubclass(made, QWidget) or name.startswith("_"):
                continue
            if issubclass(made, (QDialog, QMainWindow)) or name.endswith(KINDS):
                found.add(name)
    return found


def test_no_page_or_sheet_is_without_a_scene() -> None:
    shown = {name for names in SHOWN.values() for name in names}
    known = shown | BASES | set(NO_SCENE_YET)
    assert places() - known == set()
    assert known - places() == set()  # and the table names none that is gone
    assert all((ROOT / story).is_file() for story in NO_SCENE_YET.values())


def test_the_table_of_scenes_names_acts_that_exist() -> None:
    assert set(SHOWN) <= {one.__name__ for one in ACTS}
