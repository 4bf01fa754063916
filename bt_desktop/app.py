"""The door with a window: starts Qt, keeps one program per vault, and catches what nobody else did.

Before the window stands, nothing is imported but Qt and our own views (architecture, decision 12).
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bt_desktop import __version__, paths
from bt_desktop.clock import Clock, SystemClock
from bt_desktop.one_at_a_time import OneAtATime
from bt_desktop.views.desk import make_desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import log_fault, show_crash, tell_box
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.shell_window import AppWindow
from bt_desktop.views.theme import STYLE, Theme, system_text_factor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

_LOG_BYTES = 256 * 1024


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
    from logging.handlers import RotatingFileHandler  # deferred: loads sockets and pickling

    logger = logging.getLogger("bt_desktop")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        file = RotatingFileHandler(
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
    gc.disable()  # `_settle` takes it over once the window stands
    app = _application()
    settings = paths.settings_dir()
    prefs = Preferences(settings)
    theme = Theme(mode=prefs.mode, scale=prefs.scale, system_factor=system_text_factor(app))
    theme.apply(app)
    crash = CrashHook(theme)
    sys.excepthook = crash
    folder = vault or paths.default_vault_dir()
    only = OneAtATime(folder, settings)
    if not only.hold():
        return _already_open(app, only)
    window = make_window(folder, app, theme, prefs, SystemClock())
    crash.window = window
    only.called.connect(window.come_forward)
    window.show()
    window.begin()
    QTimer.singleShot(0, lambda: _settle(app, theme, only, settings))
    status = app.exec()
    prefs.flush()
    only.release()
    return status


def _settle(app: QApplication, theme: Theme, only: OneAtATime, settings: Path) -> None:
    """What can wait until the window stands: log file, icon, focus ring, hearing a second start."""
    from bt_desktop.views.collector import Collector
    from bt_desktop.views.icons import icon
    from bt_desktop.views.widgets.focus_ring import FocusRing

    start_log(settings)
    only.listen()
    app.setWindowIcon(icon(theme, "app", "accent"))
    ring = FocusRing(theme, app)
    ring.follow(app.focusWidget())
    app.aboutToQuit.connect(ring.deleteLater)
    gc.collect()
    gc.freeze()  # what was loaded so far stays: no later collection looks at it again
    collector = Collector(app)
    app.aboutToQuit.connect(collector.end)


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["bt_desktop", "-style", STYLE])
        app.setProperty("style", STYLE)
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
    import argparse  # deferred: `bt-desktop` has parsed already

    parser = argparse.ArgumentParser(prog="bt-desktop-window", description="Open the window.")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the folder of the records")
    chosen: Path | None = parser.parse_args(argv).vault
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
