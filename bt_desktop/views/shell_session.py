"""When the person locks the computer's session or sends it to sleep, the records lock with it.

Linux: logind over D-Bus (the session's `Lock` and `Active`, `PrepareForSleep`) and the desktop's
screen saver. Windows: the session notifications of the terminal services and the power broadcast.
macOS tells nobody without a framework that is not among the dependencies: there the idle watch
alone covers and locks, also after sleep.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)

_LOGIND = "org.freedesktop.login1"
_SAVERS = ("org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver")
_WM_POWERBROADCAST, _PBT_APMSUSPEND = 0x0218, 0x0004
_WM_WTSSESSION_CHANGE, _WTS_SESSION_LOCK = 0x02B1, 0x0007
_WTS_AWAY = {0x0002, 0x0004, 0x0006, _WTS_SESSION_LOCK}
"""Console and remote disconnect (another user is let in), logoff, lock (winuser.h)."""
_NOTIFY_FOR_THIS_SESSION = 0


class Bus(Protocol):
    """What is asked of a D-Bus connection."""

    def isConnected(self) -> bool:
        """Whether there is a bus at all."""

    def connect(self, *where: Any) -> bool:
        """Hear a signal."""


class SessionWatch(QObject):
    """Emits `away` when the session was locked, another user was let in, or the computer goes to
    sleep."""

    away = Signal()

    @Slot()
    def session_locked(self) -> None:
        """Logind's `Lock`, or the session notification of Windows."""
        self.away.emit()

    @Slot("QString", "QVariantMap", "QStringList")
    def session_changed(self, _interface: str, changed: dict[str, Any], _rest: list[str]) -> None:
        """A property of the session: it is not the active one any more (another user's is)."""
        if changed.get("Active") is False or changed.get("LockedHint") is True:
            self.away.emit()

    @Slot(bool)
    def going_away(self, begins: bool) -> None:
        """`PrepareForSleep` and the screen saver's `ActiveChanged`: only their beginning counts."""
        if begins:
            self.away.emit()


class MessageFilter(QAbstractNativeEventFilter):
    """Reads the window messages of Windows that tell of a lock or of sleep."""

    def __init__(self, watch: SessionWatch) -> None:
        super().__init__()
        self._watch = watch

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: Any
    ) -> tuple[bool, int]:
        """Look at a message; it goes on to everybody else."""
        name = kind.data() if isinstance(kind, QByteArray) else bytes(kind)
        if name in (b"windows_generic_MSG", b"windows_dispatcher_MSG") and int(message):
            told = _Message.from_address(int(message))
            locked = told.message == _WM_WTSSESSION_CHANGE and told.wParam in _WTS_AWAY
            sleeps = told.message == _WM_POWERBROADCAST and told.wParam == _PBT_APMSUSPEND
            if locked or sleeps:
                self._watch.session_locked()
        return False, 0


class _Message(ctypes.Structure):
    """The head of `MSG` (winuser.h), as far as it is read."""

    _fields_ = (("hwnd", ctypes.c_void_p), ("message", ctypes.c_uint), ("wParam", ctypes.c_size_t))


def watch_session(
    watch: SessionWatch, window_id: int, platform: str = sys.platform
) -> QAbstractNativeEventFilter | None:
    """Begin to listen, as this system allows. Never raises: the idle watch is there, too.

    Returns what has to be kept for as long as it is to be heard.
    """
    try:
        if platform.startswith("linux"):
            _listen_on_linux(watch, os.environ)
        elif platform == "win32":
            return _listen_on_windows(watch, window_id)
    except (ImportError, OSError, AttributeError):
        return None
    return None


def _listen_on_linux(watch: SessionWatch, environment: Mapping[str, str]) -> None:
    from PySide6.QtDBus import QDBusConnection

    hear_buses(
        watch,
        QDBusConnection.systemBus() if _has_system_bus(environment) else None,
        QDBusConnection.sessionBus() if environment.get("DBUS_SESSION_BUS_ADDRESS") else None,
        environment.get("XDG_SESSION_ID", ""),
    )


def hear_buses(
    watch: SessionWatch, system: Bus | None, session: Bus | None, session_id: str
) -> None:
    """Connect the signals of logind (`system`) and of the screen saver (`session`)."""
    if system is not None and system.isConnected():
        manager = (_LOGIND, "/org/freedesktop/login1", f"{_LOGIND}.Manager")
        system.connect(*manager, "PrepareForSleep", watch, SLOT("going_away(bool)"))
        if session_id:
            path = f"/org/freedesktop/login1/session/{bus_label(session_id)}"
            where = (_LOGIND, path, f"{_LOGIND}.Session")
            system.connect(*where, "Lock", watch, SLOT("session_locked()"))
            told = (_LOGIND, path, "org.freedesktop.DBus.Properties", "PropertiesChanged")
            slot = SLOT("session_changed(QString,QVariantMap,QStringList)")
            system.connect(*told, watch, slot)
    if session is not None and session.isConnected():
        for saver in _SAVERS:
            path = "/" + saver.replace(".", "/")
            session.connect(saver, path, saver, "ActiveChanged", watch, SLOT("going_away(bool)"))


def bus_label(text: str) -> str:
    """A session's name as a part of an object path: `2` is `_32` (systemd's `bus_label_escape`)."""
    return "".join(
        c if c.isascii() and (c.isalpha() or (c.isdigit() and at)) else f"_{ord(c):02x}"
        for at, c in enumerate(text)
    )


def _has_system_bus(environment: Mapping[str, str]) -> bool:
    named = environment.get("DBUS_SYSTEM_BUS_ADDRESS")
    return bool(named) or os.path.exists("/run/dbus/system_bus_socket")


def _listen_on_windows(watch: SessionWatch, window_id: int) -> QAbstractNativeEventFilter:
    terminal = ctypes.WinDLL("wtsapi32")  # type: ignore[attr-defined]  # there on Windows only
    terminal.WTSRegisterSessionNotification(ctypes.c_void_p(window_id), _NOTIFY_FOR_THIS_SESSION)
    messages = MessageFilter(watch)
    application = QCoreApplication.instance()
    if application is not None:
        application.installNativeEventFilter(messages)
    return messages
