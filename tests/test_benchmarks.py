"""The benchmarks can be run; how fast anything is, no test says (a busy machine would fail it)."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks._row import row

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", bench.modules())
def test_each_benchmark_has_a_way_in(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").main)


def test_a_row_says_value_floor_ratio_and_budget() -> None:
    assert row("thinking", 3, 2, "ratio 2.00") == (
        "thinking: 3.00 ms, floor 2.00 ms, ratio 1.50 (budget ratio 2.00)"
    )


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
