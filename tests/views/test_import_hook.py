"""What is loaded after Qt is not read by Qt once more (see `views.import_hook`)."""

from __future__ import annotations

import subprocess
import sys

STORY = """
import bt_desktop.views
import linecache
import colorsys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(["story", "-platform", "offscreen"])
label = QLabel("still there")
print(colorsys.__file__ in linecache.cache, label.text())
"""


def test_a_module_is_loaded_without_its_source_being_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STORY], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "False still there")
