"""Every window, page, sheet and dialog, as the pictures show them, by keyboard, ear and eye."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bt_desktop import views
from bt_desktop.views.desk import make_desk
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.focus_ring import FocusRing
from tests.views import look_kit as look
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import app
from tools.screens import ACTS, SIZE, Act, Stage, Told


class Walk(Stage):
    """A stage on which nothing is photographed."""

    def pose(self, name: str, widget: QWidget) -> None:
        """As the picture would be taken."""
        if not name.endswith("!"):
            widget.resize(SIZE)
        widget.show()
        widget.activateWindow()
        self.settle()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("pictures") / "demo")


def of(name: str) -> Act:
    return next(one for one in ACTS if one.__name__ == name)


@pytest.fixture
def stage(qapp: QApplication, told: Told, tmp_path: Path, request) -> Iterator[Walk]:
    mode, scale = request.param
    theme = Theme(mode=mode, scale=scale)
    theme.apply(app())
    mine = told.again(tmp_path / "school")
    desk = make_desk(theme, mine.clock)
    made = Walk(mine, app(), theme, desk, tmp_path / "settings", tmp_path)
    yield made
    desk.tasks.close()


@pytest.mark.parametrize("stage", [("light", 100), ("dark", 200)], indirect=True, ids=str)
@pytest.mark.parametrize("act", [one.__name__ for one in ACTS])
def test_every_scene(stage: Walk, act: str) -> None:
    import time

    found = {}
    seen: dict[str, str] = {}
    small = stage.theme.scale == 100
    spent = {}
    known = set()

    def timed(what, f, *a):
        t = time.perf_counter()
        r = f(*a)
        spent[what] = spent.get(what, 0) + time.perf_counter() - t
        return r

    t0 = time.perf_counter()
    scenes = of(act)(stage)
    while True:
        try:
            name, widget = next(scenes)
        except StopIteration:
            break
        except Exception as e:
            import traceback
            found["BROKE"] = [traceback.format_exc()]
            break
        stage.pose(name, widget)
        root = widget.window()
        for one in look.shown(root):
            seen.setdefault(type(one).__name__, name)
        wrong = []
        if small:
            wrong += timed("faults", faults, root)
            reached = []
            try:
                reached = timed("walk", walk, root)
            except AssertionError as e:
                wrong.append("WALK " + str(e).split("\n")[0])
            if groups_of_one(reached, controls(root)): wrong.append("REACHED " + " | ".join(look.called(x) for x in reached))
            wrong += [f"not reached: {x}" for x in groups_of_one(reached, controls(root))]
            wrong += [f"order: {x}" for x in out_of_order(reached)]
        wrong += timed("cut", look.cut, root)
        wrong += timed("overlaps", look.overlaps, root)
        wrong += timed("scroll", look.does_not_scroll, root)
        wrong += timed("faint", look.faint, root, known)
        wrong += timed("color", look.only_color, root)
        if root.width() > 1280 or root.height() > 800:
            wrong.append(f"is {root.width()} x {root.height()}")
        if wrong:
            found[name] = wrong
    out = Path(os.environ["A11Y_OUT"]) / f"{act}-{stage.theme.scale}.txt"
    lines = [f"{n}: {w}" for n, ws in found.items() for w in ws]
    spent["all"] = time.perf_counter() - t0
    out.write_text(
        "\n".join(lines)
        + f"\nSPENT {spent}\n"
        + "\n".join(f"SEEN {k} {v}" for k, v in seen.items())
    )
