"""Work in a process of its own, which may be killed, hang or fall over."""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

Say = Callable[..., None]
Acks = list[dict[str, Any]]


@dataclass
class Ended:
    """How a child ended: what it gave back, what it had said until then, and what it fell over.

    `signal` is the signal that ended it (9 for a kill), else 0; `hung` that it had to be ended.
    """

    value: Any = None
    said: Acks = field(default_factory=list)
    problem: str = ""
    signal: int = 0
    hung: bool = False


def saying(handle: int) -> Say:
    """A way to say one line of JSON that is out of the process before the next statement runs."""

    def say(**what: Any) -> None:
        line = json.dumps(what).encode("ascii") + b"\n"
        for _ in range(100):  # where writing is what fails, what is said still gets out
            with suppress(OSError):
                os.write(handle, line)
                return

    return say


class Child:
    """A forked process that does `work(say)`.

    The parent must hold no open store: SQLite's connections do not survive a fork.
    """

    def __init__(self, work: Callable[[Say], Any]) -> None:
        self.out, into = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.out)
            _run(work, into)
        os.close(into)
        self._text = b""

    def fileno(self) -> int:
        """What it says can be read here."""
        return self.out

    def hear(self) -> bool:
        """Read what it just said; False at its end."""
        some = os.read(self.out, 1 << 16)
        self._text += some
        return bool(some)

    def ended(self, *, hung: bool = False) -> Ended:
        """How it ended (waits for it)."""
        if hung:
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.out)
        _, status = os.waitpid(self.pid, 0)
        return read_lines(self._text, Ended(signal=status & 0x7F, hung=hung))


def in_child(work: Callable[[Say], Any], *, longest_s: float = 120) -> Ended:
    """Do `work(say)` in a child, and tell how that ended; after `longest_s` seconds it is ended."""
    child, end = Child(work), time.monotonic() + longest_s
    while True:
        ready, _, _ = select.select([child], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return child.ended(hung=True)
        if not child.hear():
            return child.ended()


def read_lines(text: bytes, ended: Ended) -> Ended:
    """Put what was said, a line of JSON each (the last may be cut), into `ended`."""
    for line in text.split(b"\n")[:-1]:
        told = json.loads(line)
        if "value" in told:
            ended.value = pickle.loads(bytes.fromhex(told["value"]))  # noqa: S301 - our own child
        elif "problem" in told:
            ended.problem = told["problem"]
        else:
            ended.said.append(told)
    return ended


def _run(work: Callable[[Say], Any], into: int) -> None:
    say = saying(into)
    try:
        value = work(say)
        say(value=pickle.dumps(value).hex())
    except BaseException:  # whatever it is, the parent judges it
        say(problem=traceback.format_exc()[-3000:])
    finally:
        os._exit(0)
