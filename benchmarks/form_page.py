"""One keystroke in the report: parse, recompute, repaint; floor is a frame of 16 ms, budget 8 ms.

A report with ten holds and ten checks, all rows open; each keystroke is a real key event to the
focused line, handled to the end and painted, the sidebar and the numbered list brought up to date
as part of it where they are due (on the page itself they follow 40 ms later).
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks._row import at_99, quick, row
from benchmarks._vault import open_vault
from bt_desktop.clock import SystemClock
from bt_desktop.views.desk import make_desk
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.theme import Theme

KEYS = 80 if quick() else 400
FRAME_MS = 16.0
SETTLE_MS = 400
ROWS = 10


def fill(page: FormPage) -> None:
    """Ten holds and ten checks, so that there is something to recompute."""
    draft = page.draft
    assert draft is not None
    draft.put("/what_happened", ["physical_restraint"])
    draft.put("/event_date", "t")
    for section, began, ended in (("holds", "start", "end"), ("monitoring", "check_time", "")):
        while len(draft.session.rows(section)) < ROWS:
            draft.add_row(section)
        for number in range(1, ROWS + 1):
            draft.put(f"/{section}[{number}]/{began}", f"00{number + 10}")
            if ended:
                draft.put(f"/{section}[{number}]/{ended}", f"00{number + 12}")


def wait(app: QApplication, ready: object) -> None:
    """Let the lanes deliver until `ready()`."""
    while not ready():  # type: ignore[operator]  # a callable
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


def keystrokes(
    app: QApplication, page: FormPage, path: str, text: str
) -> list[tuple[float, float]]:
    """Milliseconds of each key, by the clock and by the processor (of the window's thread): sent,
    handled, side columns brought up to date, painted."""
    line = page.blocks()[path].editor.focus_target()
    line.setFocus()
    QTest.qWait(SETTLE_MS)  # opening the section is not typing in it
    took = []
    for number in range(KEYS):
        started, worked = time.perf_counter(), time.thread_time()
        if number % 40 == 39:
            QTest.keyClick(line, Qt.Key.Key_Backspace)
        else:
            QTest.keyClick(line, text[number % len(text)])
        if page.is_side_due():
            page.update_side()
        app.processEvents()
        took.append(((time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000))
    return took


def report(name: str, took: list[tuple[float, float]]) -> None:
    """The rows of one kind of keystroke; a busy machine moves the second less."""
    clock, worked = [c for c, _ in took], [w for _, w in took]
    row(f"keystroke, {name}, p99", at_99(clock), FRAME_MS, "8 ms")
    row(f"  of it processor time, p99 (median {statistics.median(worked):.2f} ms)",
        at_99(worked), FRAME_MS, "8 ms")  # fmt: skip


def main() -> None:
    """Measure the three kinds of keystrokes that matter."""
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_vault(Path(folder) / "vault")
        theme = Theme(mode="light")
        theme.apply(app)
        desk = make_desk(theme, SystemClock())
        page = FormPage(desk, workspace, workspace.records.start())
        page.resize(1280, 800)
        page.show()
        wait(app, lambda: page.draft is not None)
        fill(page)
        page.open_section("when_where")
        report("text", keystrokes(app, page, "/activity", "math, whole class "))
        page.open_section("holds")
        path = f"/holds[{ROWS}]/held_by_others"
        if path not in page.blocks():
            page.jump(path)
        report("text in a row of ten", keystrokes(app, page, path, "a nurse who passed "))
        page.open_section("behavior")
        path = next(p for p, b in page.blocks().items() if b.field.looks("narrative"))
        report("narrative", keystrokes(app, page, path, "He threw the book. "))
        wait(app, desk.tasks.is_idle)
        page.hide()
        desk.tasks.close()
        workspace.lock()


if __name__ == "__main__":
    main()
