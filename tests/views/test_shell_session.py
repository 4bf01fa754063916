"""The computer's session is locked, and the records lock with it."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.views.shell_session import (
    MessageFilter,
    SessionWatch,
    _Message,
    bus_label,
    hear_buses,
    watch_session,
)
from bt_desktop.views.widgets.waiting import Waiting
from tests.factory import School
from tests.views.shell_kit import Office


class Wire:
    """A bus at the edge of the program: remembers what was asked of it."""

    def __init__(self, connected: bool = True) -> None:
        self.connected = connected
        self.heard: list[tuple[Any, ...]] = []

    def isConnected(self) -> bool:
        return self.connected

    def connect(self, *where: Any) -> bool:
        self.heard.append(where)
        return True


def told(watch: SessionWatch) -> list[int]:
    calls: list[int] = []
    watch.away.connect(lambda: calls.append(1))
    return calls


@pytest.mark.parametrize(
    ("number", "word", "locks"),
    [
        (0x02B1, 0x7, True),  # the session was locked
        (0x02B1, 0x2, True),  # another user is let in (fast user switching)
        (0x02B1, 0x4, True),  # taken over from afar
        (0x02B1, 0x6, True),  # logged off
        (0x02B1, 0x1, False),  # back again
        (0x02B1, 0x8, False),  # unlocked
        (0x0218, 0x4, True),  # going to sleep
        (0x0218, 0x12, False),  # woken
        (0x0100, 0x7, False),  # a key
    ],
)
def test_messages_of_windows_tell_of_a_lock_and_of_sleep(
    qtbot: QtBot, number: int, word: int, locks: bool
) -> None:
    watch = SessionWatch()
    calls = told(watch)
    message = _Message(None, number, word)
    at = ctypes.addressof(message)
    assert MessageFilter(watch).nativeEventFilter(b"windows_generic_MSG", at) == (False, 0)
    assert bool(calls) is locks
    MessageFilter(watch).nativeEventFilter(b"xcb_generic_event_t", at)
    assert len(calls) == int(locks)


def test_the_buses_of_linux_are_asked_for_lock_sleep_and_screen_saver(qtbot: QtBot) -> None:
    watch, system, session = SessionWatch(), Wire(), Wire()
    hear_buses(watch, system, session, "2")
    assert [where[3] for where in system.heard] == [
        "PrepareForSleep", "Lock", "PropertiesChanged",
    ]  # fmt: skip
    assert system.heard[1][1] == "/org/freedesktop/login1/session/_32"
    assert {where[3] for where in session.heard} == {"ActiveChanged"}
    hear_buses(watch, Wire(connected=False), None, "2")
    assert bus_label("c3") == "c3"


def test_the_bus_can_tell_that_another_users_session_is_shown(qtbot: QtBot) -> None:
    """The slot is one that D-Bus can call; only the loss of the screen counts."""
    watch = SessionWatch()
    calls = told(watch)
    signature = "session_changed(QString,QVariantMap,QStringList)"
    assert watch.metaObject().indexOfSlot(signature) >= 0
    for changed in ({"IdleHint": True}, {"Active": True}, {"LockedHint": False}):
        watch.session_changed("org.freedesktop.login1.Session", changed, [])
    assert not calls
    watch.session_changed("org.freedesktop.login1.Session", {"Active": False}, [])
    watch.session_changed("org.freedesktop.login1.Session", {"LockedHint": True}, [])
    assert len(calls) == 2


def test_waking_up_and_the_end_of_the_screen_saver_lock_nothing(qtbot: QtBot) -> None:
    watch = SessionWatch()
    calls = told(watch)
    watch.going_away(False)
    assert not calls
    watch.going_away(True)
    assert calls


def test_a_system_that_tells_nothing_is_no_fault(qtbot: QtBot) -> None:
    watch = SessionWatch()
    assert watch_session(watch, 0, "darwin") is None
    assert watch_session(watch, 0, "linux") is None
    assert watch_session(watch, 0, "win32") is None  # no such library here


def test_the_records_lock_with_the_session(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    watch = office.window.findChild(QObject, "sessionWatch")
    assert isinstance(watch, SessionWatch)
    watch.session_locked()
    office.until(lambda: office.window.shell is None)
    assert office.window.workspace is None


def test_what_somebody_waits_for_ends_with_the_lock(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    """A long check holds a key open: it ends as by Cancel, the keys do not wait for it."""
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    check, import_ = (Waiting(name, office.shell) for name in ("Checking", "Importing"))
    stopped, whole = Progress(), Progress()
    check.begin("Checking…", stopped, may_stop=True)
    import_.begin("Importing…", whole)
    office.window.lock()
    office.until(lambda: office.window.workspace is None)
    with pytest.raises(Canceled):
        stopped.step()
    whole.step()  # what must not stop in the middle goes on
