"""What was let go in cycles ends on the window's thread, however busy the lanes are."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bt_desktop.views.collector import Collector
from bt_desktop.views.tasks import Lane, Tasks


class Knot:
    """Stands for a window that hangs on itself; tells on which thread it ends."""

    def __init__(self, ends: list[str]) -> None:
        self.itself = self
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)


def busy() -> list[list[int]]:
    """Makes, and keeps, so many objects that Python would look for garbage several times."""
    return [[number] for number in range(200_000)]


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks(lambda _owner, _problem: None)
    yield made
    made.close()


def work_on_a_lane(qtbot: QtBot, tasks: Tasks) -> list[Any]:
    """What the lane made, still held."""
    told: list[Any] = []
    owner = QObject()
    tasks.run(owner, busy, told.append, lane=Lane.READ)
    qtbot.waitUntil(lambda: bool(told))
    return told


def test_a_window_in_a_cycle_ends_on_the_windows_thread(qtbot: QtBot, tasks: Tasks) -> None:
    ends: list[str] = []
    collector = Collector()
    try:
        Knot(ends)
        made = work_on_a_lane(qtbot, tasks)
        assert ends == [], "no lane looked for garbage"
        collector.look()
        assert len(made[0]) == 200_000
        assert ends == ["MainThread"]
    finally:
        collector.end()


def test_left_to_python_a_lane_would_end_it(qtbot: QtBot, tasks: Tasks) -> None:
    """Why it is taken over: the story above is not true by itself."""
    ends: list[str] = []
    Knot(ends)
    gc.enable()
    try:
        work_on_a_lane(qtbot, tasks)
    finally:
        gc.disable()
    assert ends
    assert ends != ["MainThread"]


def test_little_is_not_searched(qtbot: QtBot) -> None:
    collector = Collector()
    ends: list[str] = []
    try:
        gc.collect()
        Knot(ends)
        collector.look()
        assert ends == []
    finally:
        collector.end()
