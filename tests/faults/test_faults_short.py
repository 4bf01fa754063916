"""The short part of `make faults`, and that the suite itself can tell good from bad."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults._tally import Tally, Verdict, table

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it kills what it forks")


def test_the_short_part_loses_nothing_and_is_silent_about_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "faults", "--short", "--seed", "7"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    last = next(line for line in done.stdout.splitlines() if line.startswith("all "))
    _, tried, survived, lost, silent = last.split()
    assert int(tried) > 15
    assert (survived, lost, silent) == (tried, "0", "0")


def test_a_refusal_to_open_is_a_loss_where_nothing_was_damaged() -> None:
    row = Tally("kills")
    row.add("one", Verdict("told", "The file with the records is damaged."), may_tell=False)
    assert (row.tried, row.lost, row.good) == (1, 1, False)


def test_what_is_told_survives_and_what_is_not_noticed_is_silent() -> None:
    row = Tally("pages")
    row.add("one", Verdict("told", "The file with the records is damaged."))
    row.add("two", Verdict("whole"))
    assert row.good
    row.add("three", Verdict("silent", why="a dose is gone"))
    assert (row.tried, row.survived, row.silent, row.good) == (3, 2, 1, False)
    shown = table([row])
    assert "1 × The file with the records is damaged." in shown
    assert "1 × nothing to tell: all is there" in shown


def test_a_family_that_tried_nothing_is_not_good() -> None:
    assert not Tally("nothing").good
    assert Tally("left out", skipped="there is no strace here").good
