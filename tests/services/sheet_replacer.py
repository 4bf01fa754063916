"""A program that replaces or uses the recovery sheet and dies on the way: for stories of kills."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import datetime
from pathlib import Path

from bt_desktop.clock import SetClock
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.services import access, founding
from tests.services.key_changer import CHEAP, PACIFIC

LOADED = founding.sign_in
"""Loaded here, so that each program that is begun for a kill has it already."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _clock() -> SetClock:
    return SetClock(datetime(2026, 11, 12, 16, 0, tzinfo=PACIFIC))


def replace_and_die(folder: str, user: str, password: str, step: str, out: str) -> None:
    """Sign in, replace the sheet (it may have been copied), and be killed when `step` lies behind.

    The new key is written into the file `out` first, as a printer would."""
    policy = KdfPolicy(CHEAP, CHEAP)
    workspace = access.unlock(Path(folder), user, password, _clock(), kdf_policy=policy)
    workspace.recovery.reached = lambda name: _die() if name == step else None
    sheet = workspace.recovery.replace(password, "copied")
    Path(out).write_text(sheet.recovery_key, "ascii")
    printed = sheet.recovery_key.split("-")
    sheet.confirm(*(printed[number - 1] for number in sheet.asked))


def use_and_die(folder: str, user: str, printed: str, password: str, step: str, out: str) -> None:
    """Use the sheet for that account; killed before the key file is changed (`begun`), or after it
    (`switched`)."""
    policy = KdfPolicy(CHEAP, CHEAP)
    recovering = access.recover(Path(folder), printed, _clock(), kdf_policy=policy)
    made = recovering.complete(user, password)
    Path(out).write_text(made.recovery_key, "ascii")
    if step == "begun":
        made._created.store.change = lambda _: _die()  # type: ignore[assignment]  # the kill
    else:
        access._open = lambda *_, **__: _die()  # type: ignore[assignment]  # the kill
    groups = made.recovery_key.split("-")
    made.confirm(*(groups[number - 1] for number in made.asked))


def _run(target: object, *words: str) -> str:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    out = Path(words[0]).with_name("printed.txt")
    out.unlink(missing_ok=True)
    program = context.Process(target=target, args=(*words, str(out)))  # type: ignore[arg-type]  # one of two
    program.start()
    program.join(120)
    status = program.exitcode
    program.close()
    assert status == -signal.SIGKILL
    return out.read_text("ascii")


def replace(folder: Path, user: str, password: str, step: str) -> str:
    """Another program replaces the sheet and dies; the new key, as printed."""
    return _run(replace_and_die, str(folder), user, password, step)


def use(folder: Path, user: str, printed: str, password: str, step: str) -> str:
    """Another program uses the sheet and dies; the new key, as printed."""
    return _run(use_and_die, str(folder), user, printed, password, step)
