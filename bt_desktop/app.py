"""The door with a window: starts Qt, keeps one program per vault, and catches what nobody else did.

Before the window stands, nothing is imported but Qt and our own views (architecture, decision 12).
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QDialog

from bt_desktop import __version__, paths
from bt_desktop.clock import Clock, SystemClock
from bt_desktop.views.desk import make_desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import log_fault, show_crash, tell_box
from bt_desktop.views.icons import icon
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.shell_window import AppWindow
from bt_desktop.views.theme import Theme, system_text_factor
from bt_desktop.views.widgets.focus_ring import FocusRing

_RAISE = b"raise\n"
_ANSWER_MS = 2_000
_LOG_BYTES = 256 * 1024


class OneAtATime(QObject):
    """At most one program per vault: a lock file in its folder, and a socket that says "come".

    `called` when somebody started the program again on the same vault.
    """

    called = Signal()

    def __init__(self, folder: Path, spare: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
        self._name = f"bt_desktop-{key}"
        self._server: QLocalServer | None = None
        self._callers: list[QLocalSocket] = []
        inside = folder.is_dir() and os.access(folder, os.W_OK)
        place = folder / "vault.lock" if inside else spare / f"{self._name}.lock"
        self._lock = QLockFile(str(place))
        self._lock.setStaleLockTime(0)  # never stale by age, only when its program is gone

    def take(self) -> bool:
        """Be the one. False when another program has this vault open."""
        if not self._lock.tryLock(0):
            return self._lock.error() != QLockFile.LockError.LockFailedError
        QLocalServer.removeServer(self._name)  # left behind by a program that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._someone_calls)
        self._server.listen(self._name)
        return True

    def call_the_other(self) -> bool:
        """Ask the program that has the vault to show itself; False when it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(_RAISE)
        sent = socket.waitForBytesWritten(_ANSWER_MS)
        heard = sent and socket.waitForReadyRead(_ANSWER_MS)
        socket.disconnectFromServer()
        return heard

    def release(self) -> None:
        """Let another program have the vault."""
        for socket in list(self._callers):
            socket.abort()
        self._callers.clear()
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _someone_calls(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._callers.append(socket)
            socket.readyRead.connect(self._hear)
            socket.disconnected.connect(self._hang_up)
        self._hear()

    @Slot()
    def _hear(self) -> None:
        for socket in list(self._callers):
            if bytes(socket.readAll().data()).startswith(_RAISE):
                socket.write(b"here\n")
                socket.flush()
                self.called.emit()

    @Slot()
    def _hang_up(self) -> None:
        gone = QLocalSocket.LocalSocketState.UnconnectedState
        for socket in [s for s in self._callers if s.state() == gone]:
            self._callers.remove(socket)
            socket.deleteLater()


class CrashHook:
    """Catches what nobody caught: logs kind and place, says so in words, and goes on.

    What is typed stays on the screen and in the store; the program does not end.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.window: AppWindow | None = None
        self._sheet: QDialog | None = None  # also keeps a sheet without a parent alive

    def __call__(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        place = log_fault(problem.with_traceback(trace))
        if self._sheet is not None:
            return  # one sheet at a time, however often it happens
        self._sheet = show_crash(self._theme, self.window, place)
        self._sheet.finished.connect(self._closed)

    def _closed(self) -> None:
        self._sheet = None


def start_log(folder: Path) -> None:
    """Log to `folder`/bt_desktop.log: kinds and places of faults, never a text or a name."""
    logger = logging.getLogger("bt_desktop")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        file = logging.handlers.RotatingFileHandler(
            folder / "bt_desktop.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:
        logger.addHandler(logging.NullHandler())
        return
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(file)


def make_window(
    vault: Path, app: QApplication, theme: Theme, prefs: Preferences, clock: Clock
) -> AppWindow:
    """The window over the vault in `vault`, with its collaborators put together. Not yet shown."""
    desk = make_desk(theme, clock)
    window = AppWindow(desk, Door(vault, clock), prefs, app)
    app.aboutToQuit.connect(desk.tasks.close)
    return window


def main(argv: Path | Sequence[str] | None = None) -> int:
    """Open the window; its exit status. `argv` is a vault folder, or arguments (`--vault DIR`)."""
    vault = argv if isinstance(argv, Path) else _parse(argv)
    if hasattr(os, "umask"):
        os.umask(0o077)
    app = _application()
    settings = paths.settings_dir()
    prefs = Preferences(settings)
    start_log(settings)
    theme = Theme(mode=prefs.mode, scale=prefs.scale, system_factor=system_text_factor(app))
    theme.apply(app)
    app.setWindowIcon(icon(theme, "app", "accent"))
    crash = CrashHook(theme)
    sys.excepthook = crash
    folder = vault or paths.default_vault_dir()
    only = OneAtATime(folder, settings)
    if not only.take():
        return _already_open(app, only)
    window = make_window(folder, app, theme, prefs, SystemClock())
    ring = FocusRing(theme, app)
    crash.window = window
    only.called.connect(window.come_forward)
    window.show()
    window.begin()
    status = app.exec()
    prefs.flush()
    only.release()
    ring.deleteLater()
    return status


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["bt_desktop"])
    app.setApplicationName("bt_desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("bt_desktop")
    return app


def _already_open(app: QApplication, only: OneAtATime) -> int:
    if only.call_the_other():
        return 0
    box = tell_box(
        None,
        "The records are open in another window that does not answer. "
        "Close that window, or wait a moment, then start the program again.",
    )
    box.finished.connect(app.quit)
    app.exec()
    return 3


def _parse(argv: Sequence[str] | None) -> Path | None:
    parser = argparse.ArgumentParser(prog="bt-desktop-window", description="Open the window.")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the folder of the records")
    chosen: Path | None = parser.parse_args(argv).vault
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
