"""Power cuts: what the disk holds when the computer stops in the middle of the work.

The real program works once under `strace`; then the disk is put together again as a cut at any of
its writes may have left it, and the records are opened on that disk.
"""

from __future__ import annotations

import math
import os
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from faults._child import Ended, in_child, read_lines
from faults._disk import TRACED, Change, Recorder, Tree, after_cut, said
from faults._judge import look, verdict_of
from faults._school import Base
from faults._tally import Bench, Tally, Verdict

WORK = ("enter", "save", "save", "sign", "save", "attach", "dose", "save", "seal", "save", "lock")
SESSIONS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("work", WORK, 6),
    ("backup", ("enter", "save", "backup", "second", "save", "lock"), 2),
    ("restore", ("save", "restore", "enter", "save"), 2),
    ("account", ("enter", "account", "save", "lock"), 1),
)
"""What is done under `strace`, and its share of the cuts."""


@dataclass
class Recorded:
    """A session that was recorded: the disk before it and every change."""

    base: Base
    begun: Tree
    changes: list[Change]


def run(bench: Bench, base: Base) -> Tally:
    """`bench.tries` cuts, at any of the changes of each session."""
    tally = Tally("power cut")
    if shutil.which("strace") is None:
        tally.skipped = "there is no strace here (apt-get install strace)"
        return tally
    chance = bench.chance
    sessions = SESSIONS[:1] if bench.short else SESSIONS
    shares = sum(share for _, _, share in sessions)
    until = bench.began
    for name, deeds, share in sessions:
        until += bench.seconds * share / shares
        recorded = record(bench.folder / name, base, WORK[:4] if bench.short else deeds)
        for number in range(math.ceil(bench.tries * share / shares)):
            at = chance.randint(1, len(recorded.changes))
            seed = chance.randrange(1 << 30)
            root = bench.folder / f"cut-{name}-{number}"
            found = in_child(lambda _say, r=recorded, a=at, s=seed, f=root: cut(r, a, s, f))
            told = f"{name}: cut after change {at} of {len(recorded.changes)}, chance {seed}"
            tally.add(told, verdict_of(found), may_tell=False)
            shutil.rmtree(root, ignore_errors=True)
            if time.monotonic() > until:
                break  # each session has its share of the time
    return tally


def record(folder: Path, base: Base, deeds: tuple[str, ...]) -> Recorded:
    """Do `deeds` once, with every system call written down."""
    now = base.copied_to(folder / "root")
    recorder = Recorder(now.root)
    about, log = folder / "base.pickle", folder / "calls"
    about.write_bytes(pickle.dumps(now))
    done = subprocess.run(
        ["strace", "-f", "-xx", "-s", "67108864", "-e", f"trace={TRACED}", "-o", str(log),
         sys.executable, "-m", "faults._session", str(about), *deeds],
        cwd=Path(__file__).parents[1], env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the session failed: {done.stdout[-500:]} {done.stderr[-2000:]}")
    changes = recorder.read(log)
    log.unlink()
    if said(changes).decode("ascii") != done.stdout:
        raise RuntimeError("the record does not hold all that was said")
    return Recorded(now, recorder.begun, changes)


def cut(recorded: Recorded, at: int, seed: int, root: Path) -> Verdict:
    """Put the disk of a cut together in `root`, open the records there and look."""
    before = recorded.changes[:at]
    after_cut(recorded.begun, before, Random(seed)).put_down(root)
    now = recorded.base.at(root)
    now.acks += read_lines(said(before), Ended()).said
    now.school.clock.set(now.school.clock.now().replace(year=2027, month=1))
    return look(now)
