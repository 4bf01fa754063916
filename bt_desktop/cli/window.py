"""`bt-desktop open`: the window, or what to do on a machine that has no screen."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from bt_desktop.cli import CANNOT_TELL

# Qt platform plugins that draw into memory: a window "opened" there is seen by nobody.
_UNSEEN = {"offscreen", "minimal", "vnc", "linuxfb"}


def _x_answers(display: str) -> bool:
    """Whether an X server listens behind `DISPLAY`."""
    import socket  # deferred: Windows and macOS need it not

    host, _, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        for address in (f"\0/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"):  # noqa: S108 - where X's sockets are
            with socket.socket(socket.AF_UNIX) as s:
                if s.connect_ex(address) == 0:
                    return True
        return False
    try:
        with socket.create_connection((host, 6000 + int(number)), timeout=2):
            return True
    except OSError:
        return False


def has_screen() -> bool:
    """Whether a window opened here could be seen. Windows and macOS always have a screen."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _UNSEEN:
        return False
    if not sys.platform.startswith("linux"):
        return True
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), wayland).exists():
        return True
    display = os.environ.get("DISPLAY")
    return bool(display) and _x_answers(display or "")


def quiet_start() -> None:
    """No search for garbage until the window stands (`app` takes it over then): there is none."""
    gc.disable()


def open_window(vault: Path | None, or_demo: Path | None) -> int:
    """Open the window on `vault` (this computer's own when left out); its exit status.

    Without a screen: the demo into `or_demo`, or a sentence and 3.
    """
    if has_screen():
        quiet_start()
        from bt_desktop.app import main as window

        return window(vault)
    print("This machine has no screen, so no window can be opened.")
    if or_demo is None:
        print("To see what the program does, run: bt-desktop demo --out DIR", file=sys.stderr)
        return CANNOT_TELL
    print("Instead, the example event is carried through unattended.\n")
    from bt_desktop.cli.demo import run_demo

    return run_demo(or_demo)
