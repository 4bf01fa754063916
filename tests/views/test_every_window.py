"""Every window, page, sheet and dialog, as the pictures show them: by keyboard, by ear, by eye.

The scenes are those of `tools/screens.py`, one table for both. At 100 % in light each is walked
through by Tab and heard; at 200 % in dark nothing may be cut off, lie over something else, be out
of reach or too faint. A page that no scene shows is reported: it needs a scene.

In `make long`, at each landing, each act goes on until each of its pages was walked at 100 %
(`SHOWN`); `make walk` goes through all scenes, in both looks.
"""

from __future__ import annotations

import importlib
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop import views
from bt_desktop.security.atomic import locked
from bt_desktop.views.desk import make_desk
from bt_desktop.views.shell_window import AppWindow
from bt_desktop.views.theme import Theme
from tests.views import look_kit as look
from tests.views.access_kit import (
    controls,
    faults,
    groups_of_one,
    out_of_order,
    past_tab,
    walk,
)
from tests.views.shell_kit import app
from tests.views.window_table import BASES, EXCUSED, SHOWN
from tools.screens import ACTS, SIZE, Stage, Told
from tools.screens_health import entered

KINDS = ("Page", "Section", "Sheet", "Window", "Dialog", "Step", "Panel", "Preview")
"""How a class is called that is a place of its own (beside what is a dialog or a main window)."""
Check = Callable[[QWidget], list[str]]
PAGE_TIMERS = 30
"""So many milliseconds pages wait before they show what is beside them (side column, offers)."""
WITH_MEDICINE = {"health_orders", "health_stock", "health_papers", "health_trips", "in_emergencies"}
"""Acts that begin with the same orders: they are entered once."""


class Walk(Stage):
    """A stage on which nothing is photographed, and waited no longer than pages need."""

    def settle(self) -> None:
        loop, tasks = QEventLoop(), self.desk.tasks
        tasks.idle.connect(loop.quit)
        self.app.processEvents()
        while not tasks.is_idle():
            QTimer.singleShot(20_000, loop, loop.quit)
            loop.exec()
            self.app.processEvents()  # what came may ask for more
        tasks.idle.disconnect(loop.quit)
        QTimer.singleShot(PAGE_TIMERS, loop, loop.quit)
        loop.exec()
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
def schools(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Told]:
    """The demo's school, and with medicine (True); told once, by whichever worker is first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "told-schools"
    folder.mkdir(exist_ok=True)
    facts = folder / "facts.pickle"
    with locked(folder / "lock"):
        if not facts.exists():
            told = Told(folder / "plain")
            with_medicine = told.again(folder / "medicine")
            entered(with_medicine.demo)
            facts.write_bytes(pickle.dumps(told.facts()))
    known = pickle.loads(facts.read_bytes())  # noqa: S301 - what was written just now
    names = {False: "plain", True: "medicine"}
    return {which: Told.known(folder / name, known) for which, name in names.items()}


@pytest.fixture
def stage(
    qtbot: QtBot,
    schools: dict[bool, Told],
    tmp_path: Path,
    look_of: tuple[str, int],
    act: str,
) -> Iterator[Walk]:
    """A window's stage in one look, over a school of its own."""
    mode, scale = look_of
    theme = Theme(mode=mode, scale=scale)
    theme.apply(app())
    mine = schools[act in WITH_MEDICINE].again(tmp_path / "school")
    made = Walk(mine, app(), theme, make_desk(theme, mine.clock), tmp_path / "settings", tmp_path)
    yield made
    for window in app().topLevelWidgets():
        if not isinstance(window, AppWindow):
            window.close()
            continue
        if window.workspace is not None:
            window.workspace.lock()
        window.hide()  # closed in the middle of something, it would ask
        window.deleteLater()
    made.desk.tasks.close()


def go_through(stage: Walk, act: str, check: Check, *, whole: bool = True) -> None:
    """The scenes of an act: what `check` finds in each, and whether all was shown.

    Not `whole`: they end where each page that the act must show was seen.
    """
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    scenes = next(one for one in ACTS if one.__name__ == act)
    for name, widget in scenes(stage):
        root = stage.pose(name, widget)
        seen |= {type(one).__name__ for one in (root, *look.shown(root))}
        wrong = [one for one in check(root) if not one.startswith(tuple(EXCUSED))]
        if wrong:
            found[name] = wrong
        if not whole and set(SHOWN[act]) <= seen:
            break
    assert found == {}
    assert set(SHOWN.get(act, ())) - seen == set()


def by_keyboard_and_ear(root: QWidget) -> list[str]:
    """Names, roles, sizes; reached and left by Tab, in reading order."""
    reached = walk(root)
    missed = groups_of_one(reached, controls(root))
    return [
        *faults(root),
        *past_tab(root),
        *(f"not reached: {one}" for one in missed),
        *out_of_order(reached),
    ]


def by_all() -> Check:
    """Seen as it stands first, for the walk moves the focus: what it opened may close."""
    measured: set[tuple[object, ...]] = set()
    return lambda root: [
        *look.cut(root),
        *look.overlaps(root),
        *look.faint(root, measured),
        *look.only_color(root),
        *look.errors_unheard(root),
        *by_keyboard_and_ear(root),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("look_of", [("light", 100)], ids=["light-100"])
@pytest.mark.parametrize("act", list(SHOWN))
def test_each_page_by_keyboard_by_ear_and_by_eye(stage: Walk, act: str) -> None:
    go_through(stage, act, by_all(), whole=False)


@pytest.mark.walk
@pytest.mark.parametrize("look_of", [("light", 100)], ids=["light-100"])
@pytest.mark.parametrize("act", [one.__name__ for one in ACTS])
def test_every_window_by_keyboard_and_ear(stage: Walk, act: str) -> None:
    go_through(stage, act, by_all())


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
            *look.cut_cells(root),
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
    known = shown | BASES
    assert places() - known == set()
    assert known - places() == set()  # and the table names none that is gone


def test_the_table_of_scenes_names_acts_that_exist() -> None:
    assert set(SHOWN) <= {one.__name__ for one in ACTS}
