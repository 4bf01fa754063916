"""`make faults`: run every family, print the table; 1 when anything was lost or silent.

`--short` is the part that runs with the tests; `--family WORD` (again and again) only those whose
name holds the word; `--seed N` repeats what a run printed; `--workers N` families at a time;
`--patience N` gives each N times its seconds, on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import gc
import os
import secrets
import select
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# The keyring of whoever runs this stays out of it.
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

from faults import around, disks, io_errors, keyfile, kills, logs, pages, power
from faults._child import Child, Ended
from faults._school import READY, Base, make_base
from faults._tally import Bench, Tally, Verdict, table
from faults._warm import share_compiled


@dataclass(frozen=True)
class Family:
    """A family, with its budget: tries and seconds in the full run and in the short one (0: not
    in it)."""

    name: str
    run: Callable[[Bench, Base], Tally]
    tries: int
    seconds: float
    short_tries: int = 0
    short_seconds: float = 5.0


FAMILIES = (
    Family("points", kills.run, 100, 260, 4, 8),
    Family("set-up", kills.set_up, 40, 50),
    Family("migrate", kills.migrate, 30, 80),
    Family("random", kills.at_random, 60, 100, 3, 5),
    Family("power", power.run, 400, 320, 6, 8),
    Family("full", disks.full, 50, 110),
    Family("read-only", disks.read_only, 6, 30),
    Family("io", io_errors.run, 400, 200),
    Family("flips", pages.flips, 1000, 220, 4, 6),
    Family("moved", pages.moved, 20, 30),
    Family("replay", pages.replays, 60, 60, 2, 4),
    Family("wal", logs.wal, 200, 110, 6, 6),
    Family("yesterday", logs.yesterday, 6, 30),
    Family("keyfile", keyfile.run, 500, 110, 12, 5),
    Family("second", around.second, 4, 30),
    Family("clock", around.clocks, 7, 40),
    Family("keyring", around.keyrings, 7, 20, 7, 5),
    Family("memory", around.no_memory, 1, 10),
    Family("keys", around.keys_gone, 6, 20),
    Family("threads", around.threads, 1, 20, 1, 5),
)
"""All of them; two at a time they take 15 minutes at most, whatever the machine."""


def main(words: list[str] | None = None) -> int:
    """Run; the exit status."""
    if not hasattr(os, "fork"):
        print("The fault suite kills processes that it forks: it runs on Linux and macOS.")
        return 3
    asked = _asked(words)
    seed = asked.seed if asked.seed is not None else secrets.randbelow(1_000_000)
    chosen = [one for one in FAMILIES if _wanted(one, asked)]
    print(f"seed {seed}; again: python -m faults --seed {seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bt-faults-") as place:
        base = make_base(Path(place) / "base", ready=1 if asked.short else READY)
        share_compiled(base, Path(place) / "warm")
        gc.freeze()  # what a fork does not look through, it need not copy
        tallies = _all(chosen, base, Path(place), seed, asked)
    print(table(tallies))
    print(f"{time.monotonic() - began:.0f} s")
    bad = [one for one in tallies if not one.good]
    for one in bad:
        for found in one.found[:20] or ["nothing was tried"]:
            print(f"\n{one.family}: {found}")
    return 1 if bad else 0


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the part that runs with the tests")
    parser.add_argument("--family", action="append", default=[], help="only families so named")
    parser.add_argument("--seed", type=int, help="repeat the run with this seed")
    parser.add_argument("--workers", type=int, default=2, help="families at a time")
    parser.add_argument(
        "--patience", type=float, default=1, help="times the seconds: a busy machine"
    )
    return parser.parse_args(words)


def _wanted(family: Family, asked: argparse.Namespace) -> bool:
    if asked.family:
        return any(word in family.name for word in asked.family)
    return bool(family.short_tries) or not asked.short


def _all(
    chosen: list[Family], base: Base, place: Path, seed: int, asked: argparse.Namespace
) -> list[Tally]:
    """Every family in a process of its own, `workers` at a time, longest first."""
    waiting = sorted(chosen, key=lambda one: -one.seconds)
    running: dict[Child, Family] = {}
    done: dict[str, Tally] = {}
    while waiting or running:
        while waiting and len(running) < asked.workers:
            family = waiting.pop(0)
            running[Child(lambda _say, f=family: _one(f, base, place, seed, asked))] = family
        ready, _, _ = select.select(list(running), [], [])
        for child in ready:
            if not child.hear():
                family = running.pop(child)
                done[family.name] = _tally_of(family, child.ended())
                print(_line(done[family.name]), flush=True)
    return [done[one.name] for one in chosen]


def _one(family: Family, base: Base, place: Path, seed: int, asked: argparse.Namespace) -> Tally:
    folder = place / family.name
    folder.mkdir()
    bench = Bench(
        folder,
        seed,
        family.short_tries if asked.short else family.tries,
        (family.short_seconds if asked.short else family.seconds) * asked.patience,
        asked.short,
    )
    began = time.monotonic()
    tally = family.run(bench, base)
    tally.seconds = time.monotonic() - began
    shutil.rmtree(folder, ignore_errors=True)
    return tally


def _tally_of(family: Family, ended: Ended) -> Tally:
    if isinstance(ended.value, Tally):
        return ended.value
    tally = Tally(family.name)
    tally.add(family.name, Verdict("silent", "the suite itself fell over", ended.problem))
    return tally


def _line(one: Tally) -> str:
    return (
        f"  {one.family}: {one.tried} tried, {one.lost} lost, {one.silent} silent, "
        f"{one.seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
