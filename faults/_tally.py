"""What a family found, how much it may do, and the one table at the end."""

from __future__ import annotations

import textwrap
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

Kind = Literal["whole", "told", "lost", "silent"]
NOTHING = "nothing to tell: all is there"


@dataclass(frozen=True)
class Verdict:
    """What was found when the records were opened again.

    whole: all that was acknowledged is there · told: the person was told, in `sentence` · lost:
    acknowledged, and gone for good · silent: wrong or gone, and nobody was told (or the program
    fell over). `why` is for whoever mends it.
    """

    kind: Kind
    sentence: str = ""
    why: str = ""


@dataclass
class Tally:
    """The row of one family."""

    family: str
    tried: int = 0
    survived: int = 0
    lost: int = 0
    silent: int = 0
    told: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0.0

    def not_covered(self, sentence: str) -> None:
        """A try at what the program does not promise (docs/faults.md): shown, and not counted."""
        self.told[f"not promised: {sentence}"] += 1

    def add(self, name: str, verdict: Verdict, *, may_tell: bool = True) -> None:
        """Count one try.

        `may_tell`: the records themselves were damaged, so telling it is all one can do, and a
        thing that is gone without a word is silent. Else a refusal to open is a loss.
        """
        self.tried += 1
        kind = verdict.kind
        if kind == "told" and not may_tell:
            kind = "lost"
        if kind in ("whole", "told"):
            self.survived += 1
            self.told[verdict.sentence or NOTHING] += 1
            return
        self.lost += kind == "lost"
        self.silent += kind == "silent"
        self.found.append(f"{name}: {kind}: {verdict.sentence} {verdict.why}".strip())

    @property
    def good(self) -> bool:
        """Nothing was lost, nothing happened in silence, and something was tried at all."""
        return not (self.lost or self.silent) and bool(self.tried or self.skipped)


@dataclass
class Bench:
    """What a family gets: a folder of its own, chance, and how much it may do."""

    folder: Path
    seed: int
    tries: int
    seconds: float
    short: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def chance(self) -> Random:
        """A new source of chance, the same for the same seed."""
        return Random(self.seed)

    def over(self) -> bool:
        """Whether the time of this family is used up."""
        return time.monotonic() - self.began > self.seconds


def table(tallies: list[Tally]) -> str:
    """The one table: what was tried, survived, was lost, was silent, and what people are told."""
    lines = [
        f"{'family':<30}{'tried':>7}{'survived':>10}{'lost':>6}{'silent':>8}  the person is told"
    ]
    for one in tallies:
        numbers = f"{one.tried:>7}{one.survived:>10}{one.lost:>6}{one.silent:>8}"
        said = [f"{count} × {text}" for text, count in one.told.most_common()]
        if one.skipped:
            said.append(f"left out: {one.skipped}")
        shown = [line for text in said or ["-"] for line in _wrapped(text)]
        lines.append(f"{one.family:<30}{numbers}  {shown[0]}")
        lines += [" " * 63 + line for line in shown[1:]]
    total = Tally("all")
    for one in tallies:
        total.tried += one.tried
        total.survived += one.survived
        total.lost += one.lost
        total.silent += one.silent
    lines.append(f"{'all':<30}{total.tried:>7}{total.survived:>10}{total.lost:>6}{total.silent:>8}")
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 96, subsequent_indent="    ")
