"""Lanes after their end: nobody waits for a reading, and a writing is told as not done."""

from __future__ import annotations

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
