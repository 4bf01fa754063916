"""Look for the system libraries that Qt's own wheels expect on Linux.

With `--tests`, also for the commands that the tests look at PDFs with; with `--faults` for those
that the fault suite breaks things with. On Debian and Ubuntu what is
missing is named with the one line that installs it, and installed when we are root. Elsewhere
(Windows, macOS) Qt's wheels bring everything, and only the commands are looked for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# Shared object -> Debian/Ubuntu package, read off `ldd` and `dpkg -S` (Debian 12, PySide6 6.12).
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}

# Command -> Debian/Ubuntu package: other people's eyes on our PDFs.
COMMANDS = {
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "certutil": "libnss3-tools",
    "qpdf": "qpdf",
}
# What the program is heard with, on a screen and a bus of its own (Linux alone has them).
if sys.platform.startswith("linux"):
    COMMANDS |= {
        "xvfb-run": "xvfb",
        "openbox": "openbox",
        "dbus-run-session": "dbus",
        "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    }

# The same for `make faults`: to write system calls down, to make them fail, to move the clock.
BREAKING = {"strace": "strace", "fiu-run": "fiu-utils", "faketime": "faketime"}

_MODULES = ("QtWidgets", "QtPdf", "QtPdfWidgets", "QtPrintSupport", "QtSvg", "QtNetwork")
_PLUGINS = ("platforms/libqxcb.so", "platforms/libqoffscreen.so", "printsupport/*.so")


def _files() -> Iterator[Path]:
    import PySide6  # only looked at, never loaded: loading is what would fail

    root = Path(PySide6.__file__).parent
    for module in _MODULES:
        yield from root.glob(f"{module}.*.so")
    for plugin in _PLUGINS:
        yield from (root / "Qt" / "plugins").glob(plugin)


def missing() -> set[str]:
    """Names of shared objects that Qt needs and this machine lacks."""
    found: set[str] = set()
    for file in _files():
        told = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False)
        found.update(re.findall(r"^\s*(\S+) => not found", told.stdout, re.MULTILINE))
    return {name for name in found if name.startswith("lib") and not name.startswith("libQt6")}


def missing_commands(commands: Mapping[str, str]) -> dict[str, str]:
    """Of these commands those that this machine lacks, each with its package."""
    return {name: pack for name, pack in commands.items() if shutil.which(name) is None}


def lacking(commands: Mapping[str, str]) -> dict[str, str]:
    """What is missing, each with the package that brings it (empty where we know none)."""
    found: dict[str, str] = {}
    if sys.platform.startswith("linux") and shutil.which("ldd"):
        found |= {name: PACKAGES.get(name, "") for name in missing()}
    return found | missing_commands(commands)


def main() -> int:
    """0: nothing is missing (any more); 3: something is, and what to type was said."""
    commands = (COMMANDS if "--tests" in sys.argv[1:] else {}) | (
        BREAKING if "--faults" in sys.argv[1:] and sys.platform.startswith("linux") else {}
    )
    found = lacking(commands)
    if not found:
        return 0
    print("This machine lacks what the program or its tests need: " + ", ".join(sorted(found)))
    packages = sorted({package for package in found.values() if package})
    if not packages or shutil.which("apt-get") is None:
        print("Install these with this system's own package manager, then try again.")
        return 3
    line = "apt-get update && apt-get install -y " + " ".join(packages)
    if os.geteuid() != 0:
        print(f"Install them with:\n    sudo sh -c '{line}'")
        return 3
    print(f"Installing them:\n    {line}")
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    if done.returncode == 0 and not lacking(commands):
        return 0
    print(done.stdout[-2000:] + done.stderr[-2000:])
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
