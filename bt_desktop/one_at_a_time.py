"""At most one program per vault; whoever starts it again brings its window forward."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_RAISE = b"raise\n"
_ANSWER_MS = 2_000


class OneAtATime(QObject):
    """At most one program per vault: a lock file in its folder, and a socket that says "come".

    `called` when somebody started the program again on the same vault.
    """

    called = Signal()

    def __init__(self, folder: Path, spare: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._server: QLocalServer | None = None
        self._callers: list[QLocalSocket] = []
        inside = folder.is_dir() and os.access(folder, os.W_OK)
        place = folder / "vault.lock" if inside else spare / f"{self._name}.lock"
        self._lock = QLockFile(str(place))
        self._lock.setStaleLockTime(0)  # never stale by age, only when its program is gone

    @cached_property
    def _name(self) -> str:
        """The socket's name: one per folder, telling nothing of it."""
        import hashlib  # deferred: not needed until the window stands

        key = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:24]
        return f"bt_desktop-{key}"

    def take(self) -> bool:
        """Be the one. False when another program has this vault open."""
        if not self.hold():
            return False
        self.listen()
        return True

    def hold(self) -> bool:
        """The first half of `take`: the lock file. `listen` may follow once the window stands."""
        return self._lock.tryLock(0) or (self._lock.error() != QLockFile.LockError.LockFailedError)

    def listen(self) -> None:
        """The second half of `take`: hear who starts the program again."""
        from PySide6.QtNetwork import QLocalServer  # deferred: the unlock page needs no network

        QLocalServer.removeServer(self._name)  # left behind by a program that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._someone_calls)
        self._server.listen(self._name)

    def call_the_other(self) -> bool:
        """Ask the program that has the vault to show itself; False when it does not answer."""
        from PySide6.QtNetwork import QLocalSocket  # deferred, as above

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
        from PySide6.QtNetwork import QLocalSocket  # deferred, as above

        gone = QLocalSocket.LocalSocketState.UnconnectedState
        for socket in [s for s in self._callers if s.state() == gone]:
            self._callers.remove(socket)
            socket.deleteLater()
