"""The long run of the fuzzing: `make fuzz`, or `python -m tests.fuzz answers --seed 7`.

The seed is printed and decides everything; what was done is noted in build/fuzz after every hundred
rounds, and the same command goes on from there. A finding names its round, which `--only` plays
again alone. Ends with 1 when there was a finding.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz import answers, files, papers
from tests.fuzz.life import DEEP, Life

BUILD = Path(__file__).resolve().parents[2] / "build" / "fuzz"
NOTED_EVERY = 100
LEAST_SHARE = 0.02
"""Of the lives, that must come to each depth: chance gives some depths to one life in twenty."""
CAMPAIGNS: dict[str, tuple[Callable[[int, int], int], int, str]] = {
    "answers": (answers.play, 1_000_000, "answers typed"),
    "papers": (papers.play, 20_000, "changed copies checked"),
    "files": (files.play, 20_000, "hostile files read"),
}


@dataclass
class Done:
    """How far a run has come."""

    rounds: int = 0
    tried: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)


def run(name: str, seed: int, count: int) -> Done:
    """Play rounds until `count` things were tried; goes on where the same run stopped."""
    play, _, word = CAMPAIGNS[name]
    noted = BUILD / f"{name}-{seed}.json"
    done = Done(**json.loads(noted.read_text("utf-8"))) if noted.exists() else Done()
    began = time.monotonic() - done.seconds
    while done.tried < count:
        try:
            done.tried += play(seed, done.rounds)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            done.findings.append(f"round {done.rounds}: {type(error).__name__} in {where.name}")
            print(f"  FOUND {done.findings[-1]}", flush=True)
        done.rounds += 1
        if done.rounds % NOTED_EVERY == 0 or done.tried >= count:
            done.seconds = time.monotonic() - began
            BUILD.mkdir(parents=True, exist_ok=True)
            noted.write_text(json.dumps(asdict(done)) + "\n", "utf-8")
    print(
        f"{name}: {done.tried:,} {word} in {done.rounds:,} rounds, {done.seconds:,.0f} s, "
        f"seed {seed}, findings: {len(done.findings)}",
        flush=True,
    )
    return done


def lives(seed: int, count: int) -> list[str]:
    """Lives of records with the program dropped in the middle; raises a finding with its steps.

    What too few of them came to (`DEEP`) comes back: nothing was shown of it.
    """
    began = time.monotonic()
    Life.reached.clear()
    run_state_machine_as_test(
        hypothesis_seed(seed)(Life),
        settings=settings(
            max_examples=count,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    played = Life.reached["lives"]
    rare = [f"hardly a life was {d}" for d in DEEP if Life.reached[d] < LEAST_SHARE * played]
    print(
        f"life: {played} lives, {time.monotonic() - began:,.0f} s, seed {seed}, of them "
        f"{', '.join(f'{d} {Life.reached[d]}' for d in DEEP)}, findings: {len(rare)}",
        flush=True,
    )
    return rare


def main() -> int:
    """`answers|papers|files|life|all [--seed S] [--count N] [--only ROUND]`."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("what", choices=[*CAMPAIGNS, "life", "all"], default="all", nargs="?")
    parser.add_argument("--seed", type=int, default=0, help="0: taken from the clock")
    parser.add_argument("--count", type=int, default=0, help="0: the full number")
    parser.add_argument("--only", type=int, help="play this round alone")
    asked = parser.parse_args()
    seed = asked.seed or int(time.time())
    print(f"seed {seed}", flush=True)
    names = list(CAMPAIGNS) if asked.what == "all" else [asked.what]
    found: list[str] = []
    if asked.what in ("life", "all"):
        names = [one for one in names if one != "life"]
        found += lives(seed, asked.count or 150)
    if asked.only is not None:
        for name in names:
            print(name, CAMPAIGNS[name][0](seed, asked.only))
        return 0
    found += [one for n in names for one in run(n, seed, asked.count or CAMPAIGNS[n][1]).findings]
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
