"""Pages of the database: flipped, swapped, cut off, and old ones put back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bt_desktop.errors import KnownError
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services import restore
from faults._child import Say, in_child
from faults._judge import judged, look, verdict_of
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict
from tests.factory import FAST, PASSWORD

PAGE = 4096
RESTORED = 3
"""Of so many damaged vaults the backup is put back, and looked at."""


def flips(bench: Bench, base: Base) -> Tally:
    """One bit in each page: told, and the backup brings everything back that it held."""
    tally = Tally("one bit in each page")
    chance = bench.chance
    pages = (base.vault / DATABASE_NAME).stat().st_size // PAGE
    for page in _some(range(pages), bench):
        at, bit = page * PAGE + chance.randrange(PAGE), 1 << chance.randrange(8)
        now = base.copied_to(bench.folder / f"page-{page}")
        damage(now.vault / DATABASE_NAME, lambda data, a=at, b=bit: _flip(data, a, b))
        tally.add(f"page {page}, byte {at}, bit {bit}", _told(judged(now, deep=True)))
        if tally.tried <= RESTORED:
            tally.add(f"page {page}, restored", brought_back(now))
        shutil.rmtree(now.root)
        if bench.over():
            break
    return tally


def moved(bench: Bench, base: Base) -> Tally:
    """Pages swapped, the last page cut off, a ragged end, a page of zeros, everything gone."""
    tally = Tally("pages swapped and cut off")
    pages = (base.vault / DATABASE_NAME).stat().st_size // PAGE
    a, b = sorted(bench.chance.sample(range(1, pages), 2))
    harms: dict[str, Callable[[bytearray], None]] = {
        f"pages {a} and {b} swapped": lambda data: _swap(data, a, b),
        "the last page cut off": lambda data: _cut(data, PAGE),
        "ten pages cut off": lambda data: _cut(data, 10 * PAGE),
        "1,000 bytes cut off": lambda data: _cut(data, 1000),
        f"page {a} is zeros": lambda data: _zero(data, a),
        "page 0 is zeros": lambda data: _zero(data, 0),
        "1,000 bytes more": lambda data: data.extend(b"x" * 1000),
        "a page more": lambda data: data.extend(b"x" * PAGE),
        "nothing but the first page": lambda data: _cut(data, len(data) - PAGE),
        "empty": lambda data: _cut(data, len(data)),
    }
    for name, harm in harms.items():
        now = base.copied_to(bench.folder / str(tally.tried))
        damage(now.vault / DATABASE_NAME, harm)
        verdict = judged(now, deep=True)
        harmless = name.endswith("more")
        tally.add(name, verdict if harmless and verdict.kind == "whole" else _told(verdict))
        shutil.rmtree(now.root)
    return tally


def replays(bench: Bench, base: Base) -> Tally:
    """One old page put back, each in its turn, after a day's work with signatures and doses."""
    tally = Tally("one old page put back")
    old = (base.vault / DATABASE_NAME).read_bytes()
    now = base.copied_to(bench.folder / "day")
    now.acks += in_child(lambda say: _day(now, say)).said
    new = (now.vault / DATABASE_NAME).read_bytes()
    changed = [
        n for n in range(len(old) // PAGE) if old[n * PAGE : (n + 1) * PAGE] != _page(new, n)
    ]
    for page in _some(changed, bench):
        tried = now.at(shutil.copytree(now.root, bench.folder / f"page-{page}"))
        (tried.vault).chmod(0o700)
        damage(
            tried.vault / DATABASE_NAME,
            lambda data, n=page: data.__setitem__(slice(n * PAGE, (n + 1) * PAGE), _page(old, n)),
        )
        verdict = judged(tried, deep=True)
        if verdict.kind == "silent" and _only_drafts(verdict.why):
            tally.not_covered("an unsigned draft is as it was before")
        else:
            tally.add(f"page {page} of {len(changed)} changed ones", verdict)
        shutil.rmtree(tried.root)
        if bench.over():
            break
    return tally


def _only_drafts(why: str) -> bool:
    """Whether drafts alone are not what they were: the trail does not tell of them."""
    gone = why.partition("gone without a word: ")[2].split("; ")
    return all(one.startswith("a saved draft") for one in gone)


def _day(base: Base, say: Say) -> None:
    hands = Hands(base, say)
    for deed in ("save", "sign", "attach", "dose", "seal", "save", "lock"):
        hands.do(deed)


def brought_back(base: Base) -> Verdict:
    """Put the backup back over the damaged vault: all that it held is there."""

    def work(say: Say) -> Verdict:
        source = base.vault / "backups" / base.backup
        say(restoring=base.backup)
        try:
            restore.restore(
                source, base.vault, base.school.users["tom"], PASSWORD, base.school.clock,
                kdf_policy=FAST,
            )  # fmt: skip
        except KnownError as problem:
            return Verdict("lost", str(problem), "the backup could not be put back")
        base.acks.append({"restoring": base.backup})
        return look(base)

    verdict = verdict_of(in_child(work))
    return verdict if verdict.kind == "whole" else Verdict("lost", verdict.sentence, verdict.why)


def damage(path: Path, harm: Callable[[bytearray], None]) -> None:
    """Change the bytes of a file."""
    data = bytearray(path.read_bytes())
    harm(data)
    path.write_bytes(data)


def _told(verdict: Verdict) -> Verdict:
    """Damage has to be told: not to notice it is a silence."""
    if verdict.kind == "whole":
        return Verdict("silent", why="the damage was not noticed")
    return verdict


def _some(pages: Iterator[int] | range | list[int], bench: Bench) -> list[int]:
    """All of them, or as many as there are tries."""
    every = list(pages)
    if len(every) <= bench.tries:
        return every
    return sorted(Random(bench.seed).sample(every, bench.tries))


def _page(data: bytes, number: int) -> bytes:
    return data[number * PAGE : (number + 1) * PAGE]


def _flip(data: bytearray, at: int, bit: int) -> None:
    data[at] ^= bit


def _swap(data: bytearray, a: int, b: int) -> None:
    first, second = (slice(n * PAGE, (n + 1) * PAGE) for n in (a, b))
    data[first], data[second] = data[second], data[first]


def _cut(data: bytearray, size: int) -> None:
    del data[len(data) - size :]


def _zero(data: bytearray, page: int) -> None:
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
