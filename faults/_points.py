"""The points at which a child may be killed: before every change of a file or of the store.

No hook stands in the program. Python itself tells of every file that is opened for writing,
renamed, removed or made (`sys.addaudithook`); the driver tells of every statement; `os.fsync` and
`os.replace` are wrapped. A point has a number and a name: "sign 12: before COMMIT".
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from bt_desktop.models import store
from bt_desktop.services import restore

_FILES = {"os.rename": "rename", "os.remove": "remove", "os.mkdir": "make", "os.rmdir": "remove"}
_CHANGES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "CREATE", "ALTER", "DROP", "BEGIN IMMEDIATE")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Points:
    """Counts the points that this process passes in `root`; dies at number `at` (None: never)."""

    def __init__(self, root: Path, deed: str, at: int | None) -> None:
        self.names: list[str] = []
        self._root, self._deed, self._at = str(root), deed, at
        self._on = False
        # Before anybody signs in: the connections of the pool have to be heard, too.
        sys.addaudithook(self._heard)
        for module in (store, restore):
            _wrap_connect(module, self)
        _wrap(os, "fsync", self)
        _wrap(os, "replace", self)

    def watch(self) -> None:
        """Begin to count; for the rest of this process."""
        self._on = True

    def passed(self, what: str) -> None:
        """The process is about to do (or has just done) this."""
        if not self._on:
            return
        self.names.append(f"{self._deed} {len(self.names)}: {what}")
        if len(self.names) - 1 == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, str) and path.startswith(self._root) and flags & _WRITING:
                self.passed(f"before opening {_plain(path)} to write")
        elif event in _FILES and str(args[0]).startswith(self._root):
            self.passed(f"before {_FILES[event]} {_plain(str(args[0]))}")


def _plain(path: str) -> str:
    """The name without what chance put into it."""
    name = Path(path).name
    return ".part" if name.endswith(".part") or name.startswith(".part") else name


def _wrap(module: Any, name: str, points: Points) -> None:
    real = getattr(module, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        done = real(*args, **named)
        points.passed(f"after {name}")
        return done

    setattr(module, name, wrapped)


def _wrap_connect(module: Any, points: Points) -> None:
    real = module.connect

    def connect(path: Path, key: bytearray) -> Any:
        connection = real(path, key)
        connection.set_trace_callback(lambda statement: _told(points, statement))
        return connection

    module.connect = connect


def _told(points: Points, statement: str) -> None:
    words = " ".join(statement.split()[:3])
    if words.upper().startswith(_CHANGES):
        points.passed(f"before {words[:60]}")
