"""Nothing acknowledged is lost, whenever the program dies (promise 1 of the product).

The real window types, signs and seals over a real vault in a process of its own, which is killed at
a random moment, forty times over, always on the same vault. After each kill everything that the
program had acknowledged is looked for again.
"""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factory import PASSWORD, School

ROOT = Path(__file__).resolve().parents[2]
KILLS = 40
ROUNDS = 4
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


def run_and_kill(school: School, seed: int, heard: Heard) -> None:
    """Start the program, let it get so far, kill it at random soon after."""
    words = [sys.executable, "-m", "tests.journeys.typist", str(school.folder)]
    env = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "BT_DESKTOP_HOME": str(school.folder.parent),
    }
    program = subprocess.Popen(
        [*words, school.users["tom"], PASSWORD, str(seed)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stderr is not None
    begun, within = MOMENTS[seed % len(MOMENTS)]
    chance = random.Random(seed)
    out = program.stdout.fileno()
    os.set_blocking(out, False)
    text, end = b"", time.monotonic() + 120
    while f'{{"{begun}"'.encode() not in text:
        if program.poll() is not None or time.monotonic() > end:
            program.kill()
            said = program.communicate()[1].decode()
            pytest.fail(f"the program never got to {begun}: {said[-2000:]}")
        select.select([out], [], [], 0.2)
        text += program.stdout.read() or b""
    end = time.monotonic() + chance.uniform(0.0, within)
    while (left := end - time.monotonic()) > 0:
        select.select([out], [], [], left)
        text += program.stdout.read() or b""
    program.kill()
    program.wait()
    os.set_blocking(out, True)
    text += program.stdout.read() or b""
    program.stdout.close()
    program.stderr.close()
    heard.lines += [json.loads(line) for line in text.split(b"\n")[:-1]]


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
@pytest.mark.parametrize("part", range(ROUNDS))
def test_whatever_was_acknowledged_is_found_after_a_kill(school: School, part: int) -> None:
    heard = Heard()
    for n in range(KILLS // ROUNDS):
        run_and_kill(school, part * 1000 + n, heard)
        look_again(school, heard)
    for word in ("saved", "signed", "sealed"):
        assert heard.of(word), f"the program never got as far as {word}: the test shows nothing"
