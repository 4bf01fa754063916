"""Autosave, unlock to home list, student search, the first page of a long list, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2

from benchmarks._row import at_99, in_turns, quick, row, took
from benchmarks._vault import (
    FAST,
    PASSWORD,
    add_records,
    add_students,
    made_up_name,
    open_vault,
)
from bt_desktop.clock import SystemClock
from bt_desktop.models.store import connect
from bt_desktop.services import access

FEW, SCHOOL, MANY, STUDENTS = 10_000, 100_000, 1_000_000, 50_000
if quick():
    FEW, SCHOOL, MANY, STUDENTS = 500, 1_000, 5_000, 2_000


def autosave(folder: Path) -> None:
    """One change of a draft kept, against a raw insert of the same bytes with the same pragmas."""
    workspace = open_vault(folder / "autosave")
    record = workspace.records.start()
    answers = {"narrative": "x" * 4000, "location_detail": "Room 14"}
    turn = iter(range(100_000))

    def save() -> None:
        answers["activity"] = str(next(turn))
        workspace.records.save_draft(record, "report", answers)

    raw = connect(folder / "raw.db", bytearray(range(32)))
    raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    body = "x" * 4200

    def insert() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO t (body) VALUES (?)", (body,))
        raw.execute("COMMIT")

    took(save, 20)
    took(insert, 20)
    got, floor = in_turns(5 if quick() else 20, save, insert, each=20)
    row("autosave of a draft", got, floor, "ratio 3.00")
    raw.close()
    workspace.lock()


def _homes(vault: Path) -> tuple[Callable[[], float], Callable[[], float]]:
    """Unlocking up to the home list, and its floor: the key and one question to raw SQLCipher.

    Each returns its milliseconds; locking again is not part of them.
    """
    user = access.vault_status(vault).users[0].user_id

    def to_home() -> float:
        started = time.perf_counter()
        w = access.unlock(vault, user, PASSWORD, SystemClock(), kdf_policy=FAST)
        w.records.recent(10)
        w.records.drafts()
        taken = time.perf_counter() - started
        w.lock()
        return taken * 1000

    def floor() -> float:
        from bt_desktop.security import vault as door

        started = time.perf_counter()
        keys = door.unlock(vault, user, PASSWORD, SystemClock(), policy=FAST)
        c: dbapi2.Connection = connect(vault / "records.db", keys.database_key)
        c.execute("SELECT count(*) FROM sqlite_master").fetchone()
        taken = time.perf_counter() - started
        c.close()
        keys.wipe()
        return taken * 1000

    return to_home, floor


def long_lists(folder: Path) -> None:
    """Home's first page in a young and in an old school, unlocking before it, memory after it."""
    pages = []
    for count in (FEW, MANY):
        workspace = open_vault(folder / f"list{count}")
        add_records(workspace, count)
        pages.append(workspace)

    def first_page(workspace: access.Workspace) -> None:
        workspace.records.recent(10)
        workspace.records.drafts()

    few, many = pages
    got, floor = in_turns(30, lambda: first_page(many), lambda: first_page(few))
    row(f"home list, {MANY:,} records (floor: {FEW:,})", got, floor, "ratio 1.50")
    few.lock()
    many.lock()
    school = open_vault(folder / f"list{SCHOOL}")
    add_records(school, SCHOOL)
    school.lock()
    for count in (SCHOOL, MANY):
        to_home, least = _homes(folder / f"list{count}")
        to_home()
        turns = [(to_home(), least()) for _ in range(5 if quick() else 15)]
        got, floor = (statistics.median(side) for side in zip(*turns, strict=True))
        row(f"unlock to home list, {count:,} records", got, floor, f"{floor + 150:.0f} ms")
    memory(folder / f"list{SCHOOL}")


_IMPORTS = """
import os, resource, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
import sqlalchemy.orm, sqlcipher3, cryptography.hazmat.primitives.hpke, argon2, yaml, rfc8785
import bt_desktop.app, bt_desktop.views.shell, bt_desktop.services.access
def told():
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmRSS")))
"""
_BARE = (
    _IMPORTS
    + """
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.show()
app.processEvents()
told()
"""
)
_OURS = (
    _IMPORTS
    + """
from benchmarks._vault import FAST, PASSWORD
from bt_desktop.clock import SystemClock
from bt_desktop.views.desk import make_desk
from bt_desktop.views.door import Door
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.theme import Theme
app = QApplication([])
theme = Theme(mode="light")
theme.apply(app)
vault = Path(sys.argv[1])
door = Door(vault, SystemClock(), FAST)
desk = make_desk(theme, SystemClock())
window = bt_desktop.app.AppWindow(desk, door, Preferences(vault.parent / "settings"), app)
window.show()
window.enter(door.unlock(door.status().users[0].user_id, PASSWORD))
while not desk.tasks.is_idle():
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
told()
sys.stdout.flush()
window.workspace.lock()
os._exit(0)
"""
)


def memory(vault: Path) -> None:
    """What the open window holds, against a process that imports the same libraries."""
    if not sys.platform.startswith("linux"):
        print("memory: measured on Linux only")
        return
    held = []
    for code in (_OURS, _BARE):
        done = subprocess.run(
            [sys.executable, "-c", code, str(vault)],
            env=os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
            check=True,
            capture_output=True,
            text=True,
        )
        held.append(int(done.stdout.split()[0]) / 1024)
    got, floor = held
    row(f"memory, unlocked, {SCHOOL:,} records", got, floor, f"{floor + 60:.0f} MiB", unit="MiB")


def search(folder: Path) -> None:
    """Each keystroke of typing a student's name."""
    workspace = open_vault(folder / "search")
    add_students(workspace, STUDENTS)
    workspace.people.search("a")
    times = []
    for n in range(0, min(4000, STUDENTS), 400 if quick() else 40):
        given, family = made_up_name(n)
        text = f"{family[:4]} {given}" if n % 80 else f"{given} {family}"
        for end in range(1, len(text) + 1):
            times += took(lambda t=text[:end]: workspace.people.search(t), 1)
    name = f"student search keystroke, {STUDENTS:,} students, p99 of {len(times)} (floor: a frame)"
    row(name, at_99(times), 16.0, "15 ms")
    workspace.lock()


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        autosave(folder)
        search(folder)
        long_lists(folder)


if __name__ == "__main__":
    main()
