"""`make bench`: run every benchmark of this folder, each in a process of its own.

Each row reads `work: value, floor, ratio (budget)`; nothing fails for being slow, because a busy
machine is. `BENCH_QUICK=1` runs a short round; `python -m benchmarks store paper` only these.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def modules() -> list[str]:
    """The names of the benchmarks."""
    here = Path(__file__).parent
    return sorted(f.stem for f in here.glob("*.py") if not f.stem.startswith("_"))


def main() -> int:
    """Run all, or the ones named on the command line; the number that failed to run."""
    names = sys.argv[1:] or modules()
    failed = 0
    for name in names:
        print(f"\n== {name}", flush=True)
        failed += bool(
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        )
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
