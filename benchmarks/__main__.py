"""`make bench`: run every benchmark of this folder, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run all, or the ones named on the command line; the number that failed to run."""
    here = Path(__file__).parent
    names = sys.argv[1:] or sorted(f.stem for f in here.glob("*.py") if not f.stem.startswith("_"))
    failed = 0
    for name in names:
        print(f"\n== {name}", flush=True)
        failed += bool(
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        )
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
