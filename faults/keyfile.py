"""The key file: every byte of its header changed, cut off, empty, missing, old, weakened."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from bt_desktop.errors import KnownError
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keyfile import COPY_SUFFIX, FILE_NAME, from_bytes
from faults._child import Say, in_child
from faults._judge import open_again, verdict_of
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict

Harm = Callable[[bytes], bytes | None]


def run(bench: Bench, base: Base) -> Tally:
    """Each harm to the file alone, then (every fourth) to the file and its copy."""
    tally = Tally("key file damaged")
    good = (base.vault / FILE_NAME).read_bytes()
    older = _older(bench, base)
    harms = list(_harms(good, older, bench.chance))
    step = max(1, len(harms) // bench.tries)
    folder = bench.folder / "now"
    now = base.copied_to(folder)
    for number, (name, harm) in enumerate(harms):
        if number % step and not name.startswith("whole"):
            continue
        tally.add(name, _tried(now, good, harm(good), None))
        if number % 4 == 0:
            tally.add(f"{name}, the copy too", _tried(now, good, harm(good), harm(good)))
        if bench.over():
            break
    return tally


def _tried(base: Base, good: bytes, main: bytes | None, copy: bytes | None) -> Verdict:
    """Open with these bytes at the two places (copy None: the good one is there)."""
    for old in base.vault.glob(f"{FILE_NAME}*"):
        old.unlink()
    paths = (base.vault / FILE_NAME, base.vault / f"{FILE_NAME}{COPY_SUFFIX}")
    both = copy is not None or (main is None and copy is not None)
    for path, data in zip(paths, (main, copy if both else good), strict=True):
        if data is not None:
            path.write_bytes(data)
    verdict = verdict_of(in_child(lambda _say: _opened(base)))
    if verdict.kind == "silent" or both:
        return verdict
    if verdict.kind == "told" and not _good_left(base, good):
        return Verdict("lost", verdict.sentence, "no good key file is left")
    return verdict


def _opened(base: Base) -> Verdict:
    try:
        tom = open_again(base)
    except KnownError as problem:
        return Verdict("told", str(problem), problem.code)
    said = [one.action for one in tom.log.entries(5)]
    tom.lock()
    repaired = "key_file.repaired" in said
    return Verdict("whole", "The trail tells that the key file was repaired." if repaired else "")


def _good_left(base: Base, good: bytes) -> bool:
    """Whether the good key file is still there, at whatever name (only its counters may differ)."""
    wanted = from_bytes(good)
    for path in base.vault.glob(f"{FILE_NAME}*"):
        try:
            held = from_bytes(path.read_bytes())
        except Exception:  # noqa: S112 - a damaged one, set aside
            continue
        if held.mac == wanted.mac and held.users == wanted.users:
            return True
    return False


def _older(bench: Bench, base: Base) -> bytes:
    """What the key file was before an account was added: as `good`, of another edition."""
    now = base.copied_to(bench.folder / "older")

    def work(say: Say) -> bytes:
        hands = Hands(now, say)
        hands.do("account")
        hands.lock()
        return (now.vault / FILE_NAME).read_bytes()

    newer: bytes = in_child(work).value
    shutil.rmtree(now.root)
    return newer


def _harms(good: bytes, newer: bytes, chance: Random) -> Iterator[tuple[str, Harm]]:
    """Every harm with its name."""
    for at in range(len(good)):
        bit = 1 << chance.randrange(8)
        yield f"byte {at}, bit {bit}", lambda data, a=at, b=bit: _flipped(data, a, b)
    for size in (0, 1, 100, len(good) // 2, len(good) - 1):
        yield f"whole: cut off after {size} bytes", lambda data, s=size: data[:s]
    yield "whole: missing", lambda _data: None
    yield "whole: zeros", lambda data: bytes(len(data))
    yield "whole: an unknown edition that does not fit", lambda _data: newer
    told = json.loads(good)
    for name, change in _EDITS.items():
        yield f"whole: {name}", lambda _data, c=change: _edited(told, c)


def _flipped(data: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= bit
    return bytes(changed)


def _weaker(body: dict[str, Any]) -> None:
    for slot in body["users"]:
        slot["kdf"] = {"m": 8, "t": 1, "p": 1}


def _hungry(body: dict[str, Any]) -> None:
    for slot in body["users"]:
        slot["kdf"] = {"m": 2 * 1024 * 1024 + 1, "t": 1, "p": 1}


def _stranger(body: dict[str, Any]) -> None:
    body["users"][0]["sealed"], body["users"][1]["sealed"] = (
        body["users"][1]["sealed"], body["users"][0]["sealed"],
    )  # fmt: skip


def _generation(body: dict[str, Any]) -> None:
    body["generation"] += 1


def _edition(body: dict[str, Any]) -> None:
    body["edition"] -= 1


def _rotating(body: dict[str, Any]) -> None:
    body["state"] = "rotating"


def _unfinished(body: dict[str, Any]) -> None:
    body["finished"] = False


def _nobody(body: dict[str, Any]) -> None:
    body["users"] = []


def _opened_again(body: dict[str, Any]) -> None:
    body["users"][1]["disabled"] = not body["users"][1]["disabled"]


_EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "weaker parameters": _weaker,
    "hungry parameters": _hungry,
    "sealed keys swapped": _stranger,
    "another generation": _generation,
    "another edition": _edition,
    "said to be rotating": _rotating,
    "said to be unfinished": _unfinished,
    "nobody in it": _nobody,
    "an account opened or closed": _opened_again,
}
"""Edits by somebody who can write the file and make its plain checksum fit."""


def _edited(told: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> bytes:
    envelope = json.loads(json.dumps(told))
    envelope.pop("sum")
    change(envelope["body"])
    return canonical({**envelope, "sum": hashlib.sha256(canonical(envelope)).hexdigest()})
