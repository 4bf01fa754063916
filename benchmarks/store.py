"""Autosave, unlock to home list, student search, the first page of a long list."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2

from benchmarks._vault import (
    FAST,
    PASSWORD,
    add_records,
    add_students,
    made_up_name,
    open_vault,
    raw_store,
)
from bt_desktop.clock import SystemClock
from bt_desktop.models.store import connect
from bt_desktop.services import access

STUDENTS = 50_000
MANY, FEW = 1_000_000, 10_000
if os.environ.get("BENCH_QUICK"):
    MANY, STUDENTS = 100_000, 10_000


def _ms(work: Callable[[], object], runs: int) -> list[float]:
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return took


def autosave(folder: Path) -> None:
    """One change of a draft kept, against a raw insert of the same bytes with the same pragmas."""
    workspace = open_vault(folder / "autosave")
    record = workspace.records.start()
    answers = {"narrative": "x" * 4000, "location_detail": "Room 14"}
    turn = iter(range(10_000))

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

    _ms(save, 20)
    _ms(insert, 20)
    got, floor = [], []
    for _ in range(10):  # in turns, so that a busy disk is busy for both
        got += _ms(save, 20)
        floor += _ms(insert, 20)
    a, b = statistics.median(got), statistics.median(floor)
    print(f"autosave of a draft: {a:.2f} ms, floor {b:.2f} ms, ratio {a / b:.2f} (budget 3.00)")
    raw.close()
    workspace.lock()


def long_lists(folder: Path) -> None:
    """Home's first page with a million records against ten thousand, and unlocking before it."""
    pages = {}
    for count in (FEW, MANY):
        workspace = open_vault(folder / f"list{count}")
        add_records(workspace, count)
        workspace.records.recent(10)
        pages[count] = statistics.median(
            _ms(lambda w=workspace: (w.records.recent(10), w.records.drafts()), 30)
        )
        workspace.lock()
    a, b = pages[MANY], pages[FEW]
    print(
        f"home list, {MANY:,} records: {a:.2f} ms, with {FEW:,}: {b:.2f} ms, "
        f"ratio {a / b:.2f} (budget 1.50)"
    )

    vault = folder / f"list{MANY}"
    user = access.vault_status(vault).users[0].user_id

    def to_home() -> None:
        w = access.unlock(vault, user, PASSWORD, SystemClock(), kdf_policy=FAST)
        w.records.recent(10)
        w.records.drafts()
        w.lock()

    def floor() -> None:
        from bt_desktop.security import vault as door

        keys = door.unlock(vault, user, PASSWORD, SystemClock(), policy=FAST)
        c: dbapi2.Connection = connect(vault / "records.db", keys.database_key)
        c.execute("SELECT count(*) FROM sqlite_master").fetchone()
        c.close()
        keys.wipe()

    to_home()
    got, least = statistics.median(_ms(to_home, 9)), statistics.median(_ms(floor, 9))
    print(
        f"unlock to home list, {MANY:,} records: floor + {got - least:.0f} ms "
        f"(budget + 150 ms; floor {least:.0f} ms with a cheap key derivation)"
    )


def search(folder: Path) -> None:
    """Each keystroke of typing a student's name, 50,000 students."""
    workspace = open_vault(folder / "search")
    add_students(workspace, STUDENTS)
    with raw_store(workspace):
        pass
    workspace.people.search("a")
    took = []
    for n in range(0, 4000, 40):
        given, family = made_up_name(n)
        text = f"{family[:4]} {given}" if n % 80 else f"{given} {family}"
        for end in range(1, len(text) + 1):
            took += _ms(lambda t=text[:end]: workspace.people.search(t), 1)
    took.sort()
    print(
        f"student search keystroke, {STUDENTS:,} students: median {took[len(took) // 2]:.2f} ms, "
        f"p99 {took[int(len(took) * 0.99)]:.2f} ms (budget 15 ms), {len(took)} keys"
    )
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
