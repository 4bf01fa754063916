"""Lanes after their end: nobody waits for a reading, and a writing is told as not done."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bt_desktop.views.tasks import Lane, RecordsClosed, Tasks


def test_what_is_to_be_written_after_the_end_is_told_as_not_saved(qtbot: QtBot) -> None:
    owner, told, tasks = QObject(), [], Tasks(lambda _owner, problem: told.append(problem))
    tasks.close()
    tasks.run(owner, lambda: told.append("written"), lane=Lane.WRITE)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert isinstance(told[0], RecordsClosed)
    assert tasks.is_idle()


@pytest.mark.parametrize("lane", [Lane.READ, Lane.ASIDE])
def test_what_is_to_be_read_after_the_end_is_not_read(qtbot: QtBot, lane: Lane) -> None:
    owner, told, tasks = QObject(), [], Tasks(lambda _owner, problem: told.append(problem))
    tasks.run(owner, lambda: "before", told.append, lane=lane)
    qtbot.waitUntil(tasks.is_idle)
    tasks.close()
    future = tasks.run(owner, lambda: "after", told.append, lane=lane)
    qtbot.waitUntil(tasks.is_idle)
    assert future.cancelled()
    assert told == ["before"]


class Held:
    """Stands for a widget that hangs on a piece of work; tells on which thread it ends."""

    def __init__(self, ends: list[str]) -> None:
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)


@pytest.mark.parametrize("fails", [False, True])
def test_what_hangs_on_the_work_ends_on_the_windows_thread(qtbot: QtBot, fails: bool) -> None:
    """A widget destroyed on a lane's thread takes the whole program along, later and elsewhere."""
    ends: list[str] = []
    owner, told = QObject(), []
    tasks = Tasks(lambda _owner, problem: told.append(type(problem)))

    def begin() -> None:
        held = Held(ends)

        def work() -> int:
            if fails:
                raise ValueError(str(held is None))
            return id(held) and 1

        tasks.run(owner, work, lambda _one: told.append(held is None), lane=Lane.READ)

    for _ in range(300):
        begin()
    qtbot.waitUntil(tasks.is_idle)
    tasks.close()
    assert len(told) == 300
    assert ends == [threading.current_thread().name] * 300
