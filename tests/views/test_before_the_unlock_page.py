"""What stands between a start and the unlock page: nothing that the page does not need
(docs/decisions/0007-start.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.factory import School

# As a start goes, up to the first turn of the loop; tells each module and each of Qt's sets of
# names that was made by then (Qt for Python makes those of a class when it is first named).
_START = """
import enum, sys
from pathlib import Path
made = set()
make = enum.EnumType.__new__
def watched(kind, name, *rest, **more):
    made.add(name)
    return make(kind, name, *rest, **more)
enum.EnumType.__new__ = watched
from PySide6.QtCore import QTimer
from bt_desktop import app
def begin(window):
    def tell():
        print(" ".join(sorted(made)))
        print(" ".join(sorted(sys.modules)))
        app.QApplication.quit()
    QTimer.singleShot(0, tell)
app.AppWindow.begin = begin
app.main(Path(sys.argv[1]))
"""


def test_neither_the_store_nor_paper_nor_the_styles_names_are_loaded(
    school: School, tmp_path: Path
) -> None:
    env = os.environ | {"BT_DESKTOP_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    env.pop("COVERAGE_PROCESS_START", None)
    done = subprocess.run(
        [sys.executable, "-c", _START, str(school.folder)],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names, modules = (set(line.split()) for line in done.stdout.splitlines())
    assert "WindowModality" in names  # Qt's own: the watch works
    for style, spoken in (("StandardPixmap", "TextBoundaryType"), ("PrimitiveElement", "Event")):
        assert not {style, spoken} & names
    heavy = {"sqlalchemy", "sqlcipher3", "cryptography", "argon2", "reportlab", "pyhanko", "yaml",
             "keyring", "alembic"}  # fmt: skip
    assert not heavy & modules
