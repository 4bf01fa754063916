"""Every story but the long ones: `make test`; those: `make long`.

Three things make it quicker and change nothing that is tested: what Python compiles is kept, and
made before the workers begin (many machines that build switch that off); the
folders of stories lie in memory where there is room; and there is a worker more than the machine
has cores, because stories wait for the disk.

Qt has died in processes that had run thousands of windows' stories, where the style sheet changes
(docs/decisions/0034-style-sheet.md). Should a worker die again, the story it was in is run once
more, alone, and the end says so; a story that fails is never run again.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 6 << 30
DAILY = ["tests", "-m", "not slow and not walk"]
_DIED = re.compile(r"worker 'gw\d+' crashed while running '(.+)'")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)")


@contextmanager
def stories_folder() -> Iterator[Path]:
    """Where the stories' vaults lie: in memory, if six gigabytes are free there, else on disk."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="stories-", dir=MEMORY if roomy else None) as folder:
        yield Path(folder)


def run(words: list[str], env: Mapping[str, str]) -> tuple[int, list[str], list[str]]:
    """Run pytest and show what it says; its status, the stories that failed, those it died in."""
    failed: list[str] = []
    died: list[str] = []
    command = [sys.executable, "-m", "pytest", "-q", "-ra", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True
    ) as tests:
        for line in tests.stdout or ():
            print(line, end="", flush=True)
            if found := _DIED.search(line):
                died.append(found[1])
            elif found := _FAILED.match(line):
                failed.append(found[1])
    return tests.returncode, failed, died


def compile_first(env: Mapping[str, str]) -> None:
    """On a fresh clone: compile program and stories once, not in each of the workers."""
    halves = (["tests/views", "tests/journeys", "tests/health"], ["tests"])
    look = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--no-summary"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        subprocess.Popen([*look, *halves[0]], cwd=ROOT, env=dict(env), **quiet),
        subprocess.Popen(
            [*look, *halves[1], *(f"--ignore={one}" for one in halves[0])],
            cwd=ROOT, env=dict(env), **quiet,
        ),
    ):  # fmt: skip
        pass  # what is wrong with a story is said when it runs


def main() -> int:
    """Run them all; 0 when every story passed."""
    workers, words = (sys.argv[1] if len(sys.argv) > 1 else "3"), sys.argv[2:] or DAILY
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    if not any(ROOT.glob("tests/__pycache__/conftest.*.pyc")):
        compile_first(env)
    with stories_folder() as folder:
        shared = [f"--basetemp={folder / 'all'}", "-n", workers, "--dist", "worksteal"]
        status, failed, died = run([*shared, *words], env)
        if not status or not died or not set(failed) <= set(died):
            return status
        print(f"\n== Qt died in {len(died)} stories; each runs once more, alone", flush=True)
        alone = [run([f"--basetemp={folder / 'one'}", "-n", "0", one], env)[0] for one in died]
        print(f"\n== Qt died in: {', '.join(died)}", flush=True)
        return max(alone)


if __name__ == "__main__":
    raise SystemExit(main())
