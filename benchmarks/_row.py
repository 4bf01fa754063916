"""One table form for every row: `work: value, floor, ratio (budget)`."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence


def quick() -> bool:
    """`BENCH_QUICK=1`: fewer runs and smaller vaults, to see that all of it works."""
    return os.environ.get("BENCH_QUICK", "") not in ("", "0")


def row(work: str, value: float, floor: float, budget: str, *, unit: str = "ms") -> str:
    """Print and return one row; `budget` says what may at most be: "ratio 1.30", "8 ms"."""
    ratio = f"{value / floor:.2f}" if floor else "-"
    line = (
        f"{work}: {_short(value)} {unit}, floor {_short(floor)} {unit}, ratio {ratio} "
        f"(budget {budget})"
    )
    print(line, flush=True)
    return line


def _short(number: float) -> str:
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.2f}"


def took(
    work: Callable[[], object], runs: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each of `runs` turns of `work`, by the wall clock unless another is given.

    `time.process_time` counts this process only: a busy machine does not count.
    """
    times = []
    for _ in range(runs):
        started = clock()
        work()
        times.append((clock() - started) * 1000)
    return times


def in_turns(
    runs: int,
    *works: Callable[[], object],
    each: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """The median of each work in milliseconds, taken in turns: a busy moment is busy for all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for kept, work in zip(times, works, strict=True):
            kept.extend(took(work, each, clock))
    return [statistics.median(kept) for kept in times]


def at_99(times: Sequence[float]) -> float:
    """The 99th percentile."""
    ordered = sorted(times)
    return ordered[max(0, int(len(ordered) * 0.99) - 1)]
