"""A disk that is full, a folder that cannot be written."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bt_desktop.errors import KnownError
from faults._child import Say, in_child
from faults._judge import judged
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict

DEEDS = (
    "enter", "save", "sign", "attach", "seal", "dose", "account", "backup", "second", "restore",
)  # fmt: skip
ROOM = (0, 4096, 24_000, 120_000, 500_000)
"""Bytes that are free when the deed begins."""
NOBODY = 65534


def full(bench: Bench, base: Base) -> Tally:
    """Each deed on a small disk with so many bytes left, then again with room."""
    tally = Tally("full disk")
    place = bench.folder / "small"
    place.mkdir()
    if not _mounted(place, "size=24m"):
        tally.skipped = "a small disk can be mounted by root only"
        return tally
    _unmounted(place)
    for deed in DEEDS:
        for room in ROOM[:1] if bench.short else ROOM:
            if bench.over():
                return tally
            with _small(place):
                now = base.copied_to(place / "root")
                tally.add(f"{deed} with {room} bytes left", _full(now, deed, room))
    return tally


def _full(now: Base, deed: str, room: int) -> Verdict:
    def work(say: Say) -> None:
        hands = Hands(now, say)
        _ = hands.maria if deed == "dose" else deed == "enter" or hands.tom
        _fill(now.root, room)
        try:
            hands.do(deed)
        except KnownError as problem:
            say(told=str(problem), code=problem.code)

    ended = in_child(work)
    (now.root / "filler").unlink(missing_ok=True)
    told = next((one for one in ended.said if "told" in one), None)
    now.acks += [one for one in ended.said if "told" not in one]
    if ended.problem:
        return Verdict("silent", "the program fell over", ended.problem)
    after = judged(now, deep=True)
    if after.kind != "whole":
        return Verdict("lost", after.sentence, after.why)
    if told is None:
        return after
    if told["code"] != "storage-full":
        return Verdict("silent", told["told"], "it is the disk that is full")
    return Verdict("told", told["told"])


def _fill(root: Path, room: int) -> None:
    """Leave so many bytes on the disk that holds `root`."""
    with (root / "filler").open("wb", buffering=0) as out:
        while (free := shutil.disk_usage(root).free) > room:
            try:
                out.write(bytes(min(1 << 20, max(1, free - room))))
            except OSError:
                return


@contextmanager
def _small(place: Path) -> Iterator[None]:
    _mounted(place, "size=24m")
    try:
        yield
    finally:
        _unmounted(place)


def _mounted(place: Path, options: str) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
    return shutil.which("mount") is not None and _went_well(words)


def _unmounted(place: Path) -> None:
    _went_well(["umount", str(place)])


def _went_well(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


# --- read only ------------------------------------------------------------------------------------


def read_only(bench: Bench, base: Base) -> Tally:
    """A folder without the right to write, to read, and (root) a disk that is read-only."""
    tally = Tally("folder cannot be written")
    for name, folder, file in (("read", 0o555, 0o444), ("nothing", 0o000, 0o000)):
        for deed in ("enter", "save"):
            now = base.copied_to(bench.folder / f"{name}-{deed}")
            tally.add(f"{deed}, allowed: {name}", _closed(now, deed, folder, file))
    place = bench.folder / "small"
    place.mkdir()
    if _mounted(place, "size=24m"):
        now = base.copied_to(place / "root")
        for deed in ("enter", "backup"):
            tally.add(f"{deed} on a read-only disk", _frozen(now, deed, place))
        _unmounted(place)
    return tally


def _closed(now: Base, deed: str, folder: int, file: int) -> Verdict:
    def work(say: Say) -> None:
        if os.getuid() == 0:
            for above in now.root.parents[:3]:
                if not os.stat(above).st_mode & 0o001:
                    os.chmod(above, os.stat(above).st_mode | 0o001)
            for path in (now.root, *now.root.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        hands = Hands(now, say)
        _ = deed == "enter" or hands.tom
        for path in now.vault.rglob("*"):
            if path.is_file():
                path.chmod(file)
        inner = [path for path in now.vault.rglob("*") if path.is_dir()]
        for path in (*reversed(inner), now.vault):
            path.chmod(folder)
        _try(hands, deed, say)

    return _told_so(now, work)


def _frozen(now: Base, deed: str, place: Path) -> Verdict:
    def work(say: Say) -> None:
        hands = Hands(now, say)
        _ = deed == "enter" or hands.tom
        if not _went_well(["mount", "-o", "remount,ro", str(place)]):
            say(told="", code="busy")  # a file is open for writing: this kernel does not freeze it
            return
        _try(hands, deed, say)

    return _told_so(now, work, lambda: _went_well(["mount", "-o", "remount,rw", str(place)]))


def _try(hands: Hands, deed: str, say: Say) -> None:
    try:
        hands.do(deed)
    except KnownError as problem:
        say(told=str(problem), code=problem.code)


def _told_so(now: Base, work: object, after: object = None) -> Verdict:
    ended = in_child(work)  # type: ignore[arg-type]  # one of the two above
    if callable(after):
        after()
    for path in (now.vault, *now.vault.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if os.getuid() == 0:
            os.chown(path, 0, 0)
    if ended.problem:
        return Verdict("silent", "the program fell over", ended.problem)
    told = next((one for one in ended.said if "told" in one), None)
    now.acks += [one for one in ended.said if "told" not in one]
    left = judged(now)
    if left.kind != "whole":
        return Verdict("lost", left.sentence, left.why)
    return left if told is None else Verdict("told", told["told"])
