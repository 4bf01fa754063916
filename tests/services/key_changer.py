"""A program that changes the database key and dies on the way: for stories about kills."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bt_desktop.clock import SetClock
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.services import access, founding

PACIFIC = timezone(timedelta(hours=-8))
CHEAP = KdfParams(64, 1, 1)
LOADED = founding.sign_in
"""Loaded here, so that each program that is begun for a kill has it already."""


def change_and_die(
    folder: str, user: str, password: str, step: str, seconds: float, told: str
) -> None:
    """Sign in and change the key, writing each step that lies behind into the file `told`.

    Killed when `step` lies behind, or so many seconds later.
    """
    clock = SetClock(datetime(2026, 11, 12, 16, 0, tzinfo=PACIFIC))
    policy = KdfPolicy(CHEAP, CHEAP)
    workspace = access.unlock(Path(folder), user, password, clock, kdf_policy=policy)

    def reached(name: str) -> None:
        with Path(told).open("a", encoding="ascii") as out:
            out.write(f"{name}\n")
        if name != step:
            return
        if not seconds:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # by default it ends the program at once
        signal.setitimer(signal.ITIMER_REAL, seconds)

    workspace.key_change.reached = reached
    workspace.key_change.change()
    workspace.lock()


def run(folder: Path, user: str, password: str, step: str, seconds: float) -> tuple[int, list[str]]:
    """Another program does it; its exit status (negative: the signal), and the steps it told."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    told = folder.with_name(f"{folder.name}-steps.txt")
    told.unlink(missing_ok=True)
    words = (str(folder), user, password, step, seconds, str(told))
    program = context.Process(target=change_and_die, args=words)
    program.start()
    program.join(120)
    status = program.exitcode
    program.close()
    assert status is not None, "it neither ended nor died"
    return status, told.read_text("ascii").split()
