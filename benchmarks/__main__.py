"""`make bench`: run every benchmark of this folder, each in a process of its own.

Each row reads `work: value, floor, ratio (budget)`; nothing fails for being slow, because a busy
machine is. `BENCH_QUICK=1` runs a short round; `python -m benchmarks store paper` only these;
`--write` puts the rows into RESULTS.md; `python -m benchmarks generate DIR` makes a big school.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from benchmarks._results import Row, page, read_row

HERE = Path(__file__).parent
WRITE = "--write"


def modules() -> list[str]:
    """The names of the benchmarks."""
    return sorted(f.stem for f in HERE.glob("*.py") if not f.stem.startswith("_"))


def run(name: str) -> tuple[list[Row], bool]:
    """Run one benchmark and show what it says; its rows, and whether it ran to its end."""
    rows = []
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bench:
        for line in bench.stdout or ():
            print(line, end="", flush=True)
            rows += [row for row in (read_row(line.rstrip("\n")),) if row is not None]
    return rows, bench.returncode == 0


def main() -> int:
    """Run all, or the ones named on the command line; the number that failed to run."""
    words = sys.argv[1:]
    if words[:1] == ["generate"]:
        from benchmarks._generate import main as generate  # deferred: it loads the services

        return generate(words[1:])
    names = [word for word in words if word != WRITE] or modules()
    failed, results = 0, {}
    for name in names:
        print(f"\n== {name}", flush=True)
        results[name], ran = run(name)
        failed += not ran
    if WRITE in words and not failed:
        command = " ".join(["python -m benchmarks", *words])
        text = page(command, date.today(), results)
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
