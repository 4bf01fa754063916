"""The benchmarks can be run; how fast anything is, no test says (a busy machine would fail it)."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks._generate import main as generate
from benchmarks._results import page, read_row
from benchmarks._row import row
from benchmarks._vault import FAST, PASSWORD
from bt_desktop.clock import SystemClock
from bt_desktop.services import access

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", bench.modules())
def test_each_benchmark_has_a_way_in(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").main)


def test_a_row_says_value_floor_ratio_and_budget() -> None:
    assert row("thinking", 3, 2, "ratio 2.00") == (
        "thinking: 3.00 ms, floor 2.00 ms, ratio 1.50 (budget ratio 2.00)"
    )


def test_a_row_is_read_back_with_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    kept = read_row(row("thinking", 3, 2, "ratio 2.00"))
    missed = read_row(row("typing, p99 of 1,000 (floor: a frame)", 9, 16, "8 ms"))
    free = read_row(row("waiting", 3, 2, "none"))
    assert kept is not None
    assert missed is not None
    assert free is not None
    assert (kept.kept, missed.kept, free.kept) == (True, False, None)
    longer = read_row("all of them: 4100 ms, floor 993 ms, ratio 4.13 (budget 4 s)")
    many = read_row("board: 383 ms, floor 337 ms, ratio 1.14 (budget 1,000 ms)")
    assert longer is not None
    assert many is not None
    assert (longer.kept, many.kept) == (False, True)
    assert read_row("== store") is None
    text = page("python -m benchmarks", date(2026, 11, 27), {"mind": [kept, missed, free]})
    assert "Over budget: typing, p99 of 1,000 (floor: a frame) (9.00 ms, ratio 0.56)." in text
    assert "| thinking | 3.00 ms | 2.00 ms | 1.50 | ratio 2.00 | yes |" in text
    assert str(ROOT) not in text


def test_a_school_to_measure_on_is_made_and_opens(tmp_path: Path) -> None:
    assert generate([str(tmp_path), "--records", "30", "--students", "5"]) == 0
    user = access.vault_status(tmp_path / "vault").users[0].user_id
    workspace = access.unlock(tmp_path / "vault", user, PASSWORD, SystemClock(), kdf_policy=FAST)
    try:
        assert len(workspace.records.recent(100)) == 30
        assert len(workspace.people.search("", ("student",))) <= 5
    finally:
        workspace.lock()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["form_engine", "store"])
def test_a_short_round_runs_to_its_end(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name],
        cwd=ROOT,
        env=os.environ | {"BENCH_QUICK": "1", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if "(budget" in line]
    assert len(rows) >= 5
    assert all("floor" in line and "ratio" in line for line in rows)
