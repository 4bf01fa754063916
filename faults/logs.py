"""The write-ahead log that a killed program left: cut off, flipped, gone; and a whole old vault."""

from __future__ import annotations

import os
import shutil
import signal

from bt_desktop.security.keyfile import DATABASE_NAME
from faults._child import Say, in_child
from faults._judge import judged
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict
from faults.pages import damage

WAL = f"{DATABASE_NAME}-wal"
WORK = ("enter", "save", "sign", "save", "attach", "dose", "save", "save")


def wal(bench: Bench, base: Base) -> Tally:
    """Half of the tries cut the log off somewhere, half flip a bit of it; once it is gone."""
    tally = Tally("-wal cut off and flipped")
    chance = bench.chance
    now = base.copied_to(bench.folder / "day")
    ended = in_child(lambda say: _work_and_die(now, say))
    now.acks += ended.said
    size = (now.vault / WAL).stat().st_size
    assert ended.signal == signal.SIGKILL
    assert size > 100_000
    for number in range(bench.tries):
        at, bit = chance.randrange(size), 1 << chance.randrange(8)
        tried = now.at(shutil.copytree(now.root, bench.folder / str(number)))
        tried.vault.chmod(0o700)
        if number == 0:
            (tried.vault / WAL).unlink()
            name = "gone"
        elif number % 2:
            os.truncate(tried.vault / WAL, at)
            name = f"cut off after {at} of {size} bytes"
        else:
            damage(tried.vault / WAL, lambda data, a=at, b=bit: _flip(data, a, b))
            name = f"bit {bit} of byte {at} of {size}"
        tally.add(name, judged(tried))
        shutil.rmtree(tried.root)
        if bench.over():
            break
    return tally


def _flip(data: bytearray, at: int, bit: int) -> None:
    data[at] ^= bit


def _work_and_die(base: Base, say: Say) -> None:
    hands = Hands(base, say)
    for deed in WORK:
        hands.do(deed)
    os.kill(os.getpid(), signal.SIGKILL)


def yesterday(bench: Bench, base: Base) -> Tally:
    """The database of yesterday, quietly put back, with and without its key file."""
    tally = Tally("yesterday's database")
    for names in ((DATABASE_NAME,), (DATABASE_NAME, "vault.keys.json", "vault.keys.json.bkup")):
        for deeds in (("save", "sign", "lock"), ("save", "account", "lock"), ("enter", "sign")):
            root = bench.folder / str(tally.tried)
            now = base.copied_to(root)
            in_child(lambda say, n=now, d=deeds: _do(n, say, d))
            for old in names:
                shutil.copyfile(base.vault / old, now.vault / old)
            for beside in ("-wal", "-shm"):
                (now.vault / f"{DATABASE_NAME}{beside}").unlink(missing_ok=True)
            verdict = judged(now)
            if verdict.kind == "whole":
                verdict = Verdict("silent", why="nobody noticed")
            tally.add(f"{', '.join(names)} after {', '.join(deeds)}", verdict)
            shutil.rmtree(root)
    return tally


def _do(base: Base, say: Say, deeds: tuple[str, ...]) -> None:
    hands = Hands(base, say)
    for deed in deeds:
        hands.do(deed)
