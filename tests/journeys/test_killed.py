"""Nothing acknowledged is lost, whenever the program dies (promise 1 of the product).

The real window types, signs and seals over a real vault in a process of its own, which is killed at
a random moment, time after time, always on the same vault. After each kill everything that the
program had acknowledged is looked for again.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factory import PASSWORD, School

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("BT_KILLS", "12"))
"""Three at each of the moments below; the fault suite runs many more (`BT_KILLS`)."""
# What the program must have begun before it is killed, and the seconds within which it then is.
MOMENTS = (("started", 1.2), ("signing", 0.5), ("sealing", 2.0), ("sealed", 0.8))


@dataclass
class Heard:
    """What the killed programs had said."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def last_saved(self) -> dict[str, dict[str, Any]]:
        """Record id -> the answers acknowledged last, unless it was being signed since."""
        saved: dict[str, dict[str, Any]] = {}
        for line in self.lines:
            if "saved" in line:
                saved[line["saved"]] = line["answers"]
            if "signing" in line:
                saved.pop(line["signing"], None)
        return saved

    def changed_since(self, record: str) -> dict[str, list[Any]]:
        """Field -> each value it was given after the last acknowledged save of a record."""
        changed: dict[str, list[Any]] = {}
        for line in self.lines:
            if line.get("saved") == record:
                changed.clear()
            if line.get("changed") == record:
                changed.setdefault(line["field"], []).append(line["value"])
        return changed

    def of(self, word: str) -> list[dict[str, Any]]:
        """The lines that say `word`."""
        return [line for line in self.lines if word in line]


class Programs:
    """Starts the program over a vault, lets it get so far, kills it at random soon after."""

    def __init__(self, school: School) -> None:
        words = [sys.executable, "-m", "tests.journeys.typist", str(school.folder)]
        env = {"QT_QPA_PLATFORM": "offscreen", "BT_DESKTOP_HOME": str(school.folder.parent)}
        self._starter = subprocess.Popen(
            [*words, school.users["tom"], PASSWORD],
            cwd=ROOT, env=os.environ | env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        self._text = b""

    def run_and_kill(self, seed: int, heard: Heard) -> None:
        """One program, from its start to its end; what it said goes into `heard`."""
        starter, self._text = self._starter, b""
        assert starter.stdin is not None
        starter.stdin.write(b"%d\n" % seed)
        starter.stdin.flush()
        self._until("begun", 120)
        born = json.loads(self._text.split(b"\n")[0])["begun"]
        begun, within = MOMENTS[seed % len(MOMENTS)]
        self._until(begun, 120)
        self._read_for(random.Random(seed).uniform(0.0, within))
        os.kill(born, signal.SIGKILL)
        self._until("ended", 30)
        # The last line it was saying may be cut off by the kill; `ended` then stands behind it.
        said = self._text[: self._text.rindex(b'{"ended"')].split(b"\n")
        heard.lines += [json.loads(line) for line in said[1:-1]]

    def end(self) -> None:
        """No further program."""
        self._starter.kill()
        self._starter.communicate()

    def _until(self, word: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while f'{{"{word}"'.encode() not in self._text:
            if self._starter.poll() is not None or time.monotonic() > end:
                self._starter.kill()
                said = self._starter.communicate()[1].decode()
                pytest.fail(f"the program never got to {word}: {said[-2000:]}")
            self._take(0.2)

    def _read_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._take(left)

    def _take(self, seconds: float) -> None:
        """What is said next, if it is within so many seconds."""
        assert self._starter.stdout is not None
        out = self._starter.stdout.fileno()
        if select.select([out], [], [], seconds)[0]:
            self._text += os.read(out, 1 << 20)


def look_again(school: School, heard: Heard) -> None:
    """Every acknowledged answer, signature and copy is there, and the trail holds together."""
    workspace = school.sign_in("tom")
    try:
        for record, answers in heard.last_saved().items():
            kept = workspace.records.open(record).answers
            newer = heard.changed_since(record)
            lost = {
                name: value
                for name, value in answers.items()
                if not later_than(kept.get(name), value)
                and kept.get(name) not in newer.get(name, ())
            }
            assert not lost, f"lost of {record}: {sorted(lost)}"
        for line in heard.of("signed"):
            opened = workspace.records.open(line["signed"])
            assert opened.number == line["number"]
            assert opened.part("report").revision_id == line["revision"]
        for line in heard.of("sealed"):
            copies = {c.copy_id: c.sha256 for c in workspace.copies.log(line["sealed"])}
            assert copies[line["copy"]] == line["sha256"]
        numbers = sorted(s.number for s in workspace.records.recent(500) if s.number)
        assert numbers == [f"BER-2026-{n:04}" for n in range(1, len(numbers) + 1)], "a gap"
        assert workspace.log.verify().holds
    finally:
        workspace.lock()


def later_than(kept: Any, acknowledged: Any) -> bool:
    """Whether `kept` is what was acknowledged, or that with more typed since."""
    if isinstance(acknowledged, list) and isinstance(kept, list) and len(kept) >= len(acknowledged):
        return all(later_than(k, a) for k, a in zip(kept, acknowledged, strict=False))
    if isinstance(acknowledged, dict) and isinstance(kept, dict):
        return all(later_than(kept.get(name), value) for name, value in acknowledged.items())
    return bool(kept == acknowledged)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_was_acknowledged_is_found_after_a_kill(school: School) -> None:
    heard, programs = Heard(), Programs(school)
    try:
        for seed in range(KILLS):
            programs.run_and_kill(seed, heard)
            look_again(school, heard)
    finally:
        programs.end()
    for word in ("saved", "signed", "sealed"):
        assert heard.of(word), f"the program never got as far as {word}: the test shows nothing"
