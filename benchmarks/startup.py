"""Process start to unlock window shown, against a bare PySide6 window with one label.

Budget (architecture): <= 1.3 x. Each side is started alternately, so that a busy machine is busy
for both; the median of the runs counts. The second row is processor time, which a busy machine
moves less. What remains above the budget, and why: docs/decisions/0007-start.md.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._row import quick, row

RUNS = 3 if quick() else 11

_BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.show()
tell = lambda: (print(time.monotonic(), time.process_time(), flush=True), app.quit())
QTimer.singleShot(0, tell)
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
    tell = lambda: (
        print(time.monotonic(), time.process_time(), flush=True), app.QApplication.quit()
    )
    QTimer.singleShot(0, tell)
app.AppWindow.begin = begin
app.main(Path(sys.argv[1]))
"""


def _start(code: str, *words: str, env: dict[str, str]) -> tuple[float, float]:
    """Milliseconds from the start of the process to the first turn of the loop after `show`, by
    the clock and by the processor."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=env, check=True, capture_output=True, text=True
    )
    at, worked = done.stdout.split()[:2]
    return (float(at) - started) * 1000, float(worked) * 1000


def main() -> None:
    """Print the rows."""
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
        sides = ((_BARE,), (_OURS, str(vault)))
        for words in sides:  # once before, so that bytecode and files are there
            _start(*words, env=env)
        runs = [[_start(*words, env=env) for words in sides] for _ in range(RUNS)]
    for which, name in enumerate(("start to unlock window", "  of it processor time")):
        floor, got = (statistics.median(run[side][which] for run in runs) for side in (0, 1))
        row(name, got, floor, "ratio 1.30")


if __name__ == "__main__":
    main()
