"""A long sitting does not use up `None` (see `views.none_guard`)."""

from __future__ import annotations

import subprocess
import sys

STORY = """
import bt_desktop.views
from PySide6.QtCore import QObject
one = QObject()
for _ in range(300_000):
    one.setObjectName("x")
print("alive")
"""


def test_three_hundred_thousand_qt_calls_end_well() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STORY], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "alive")
