"""Process start to unlock window shown, against a bare PySide6 window with one label.

Budget (architecture): <= 1.3 x. Each side is started alternately, so that a busy machine is busy
for both; the median of the runs counts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9

_BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.show()
QTimer.singleShot(0, lambda: (print(time.monotonic(), flush=True), app.quit()))
app.exec()
"""

# As `bt-desktop open` goes (`cli.window`), with a first turn of the loop that tells the time.
_OURS = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from bt_desktop.cli.window import quiet_start
quiet_start()
from bt_desktop import app
def begin(window):
    tell = lambda: (print(time.monotonic(), flush=True), app.QApplication.quit())
    QTimer.singleShot(0, tell)
app.AppWindow.begin = begin
app.main(Path(sys.argv[1]))
"""


def _seconds(code: str, *words: str, env: dict[str, str]) -> float:
    """From the start of the process to the first turn of the loop after `show` (one clock)."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=env, check=True, capture_output=True, text=True
    )
    return float(done.stdout.splitlines()[0]) - started


def main() -> None:
    """Print the row."""
    from benchmarks._vault import small_vault  # heavy: services and all below

    with tempfile.TemporaryDirectory() as folder:
        vault = small_vault(Path(folder))
        env = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "BT_DESKTOP_HOME": folder,
            # as installed: with bytecode, of our modules too
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
        }
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        bare, ours = [], []
        _seconds(_BARE, env=env)
        _seconds(_OURS, str(vault), env=env)
        for _ in range(RUNS):
            bare.append(_seconds(_BARE, env=env))
            ours.append(_seconds(_OURS, str(vault), env=env))
    floor, got = statistics.median(bare), statistics.median(ours)
    print(
        f"start to unlock window: {got * 1000:.0f} ms, floor {floor * 1000:.0f} ms, "
        f"ratio {got / floor:.2f} (budget 1.30)"
    )


if __name__ == "__main__":
    main()
