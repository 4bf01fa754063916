"""A school to look into and to measure on: `python -m benchmarks generate DIR`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks._school import grow
from benchmarks._vault import PASSWORD, open_vault


def main(words: list[str]) -> int:
    """Make a vault in `DIR/vault` with made-up students and signed records of their years.

    The records are rows as lists, searches and students' pages read them; they have no copies and
    were signed by nobody, so the audit trail does not hold them: nothing to try an audit on.
    """
    asked = argparse.ArgumentParser(prog="python -m benchmarks generate", description=main.__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--students", type=int, default=50_000)
    told = asked.parse_args(words)
    began = time.monotonic()
    told.folder.mkdir(parents=True, exist_ok=True)
    workspace = open_vault(told.folder / "vault")
    grow(workspace, told.records, told.students)
    name = workspace.actor.name
    workspace.lock()
    print(
        f"{told.records:,} records, {told.students:,} students in {time.monotonic() - began:.0f} s"
    )
    print(f"bt-desktop --vault {told.folder / 'vault'}   ({name}: {PASSWORD})")
    return 0
