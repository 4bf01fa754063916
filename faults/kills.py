"""kill -9 at every point of every deed, and at random moments of the work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bt_desktop.clock import SetClock
from bt_desktop.services import access
from faults._child import Ended, Say, in_child
from faults._judge import judged, verdict_of
from faults._points import Points
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict
from tests.conftest import AFTERNOON
from tests.factory import FAST, SETUP, School

POINTED = (
    "save", "sign", "seal", "attach", "dose", "account", "enter", "lock", "backup", "second",
    "rotate", "restore",
)  # fmt: skip
SHORT = ("sign", "backup", "restore")
ZOO = Path(__file__).parents[1] / "tests" / "zoo"
ROUNDS = 3
EVERY = 4
"""Every fourth point is killed at three times; the second and third in what the first one left."""


def run(bench: Bench, base: Base) -> Tally:
    """Every deed at every point; `bench.tries` bounds the points of one deed."""
    tally = Tally("kill -9 at every point")
    for deed in SHORT if bench.short else POINTED:
        for name, verdict in _deed(bench, base, deed):
            tally.add(name, verdict, may_tell=False)
        if bench.over():
            tally.found.append("the time was over before every point had its turn")
            break
    return tally


def _deed(bench: Bench, base: Base, deed: str) -> Iterator[tuple[str, Verdict]]:
    counted = base.copied_to(bench.folder / f"count-{deed}")
    names = in_child(lambda say: do(counted, deed, say, None)).value
    shutil.rmtree(counted.root)
    if not names:
        yield deed, Verdict("silent", why="no point was found: the deed itself failed")
        return
    step = max(1, len(names) // bench.tries)
    for at in range(bench.seed % step, len(names), step):
        now = base.copied_to(bench.folder / f"{deed}-{at}")
        again = not bench.short and at // step % EVERY == 0
        for turn in range(ROUNDS if again else 1):
            ended = in_child(lambda say, now=now, at=at: do(now, deed, say, at))
            if ended.signal != signal.SIGKILL:
                if ended.problem:
                    yield names[at], Verdict("silent", "the program fell over", ended.problem)
                break
            now.acks += ended.said
            yield f"{names[at]} (time {turn + 1})", judged(now)
        shutil.rmtree(now.root)
        if bench.over():
            return


def do(base: Base, deed: str, say: Say, at: int | None) -> list[str]:
    """Sign in, watch, do the deed; the names of the points that were passed."""
    points = Points(base.root, deed, at)
    hands = Hands(base, say)
    if deed in ("save", "sign", "seal", "attach", "account", "backup", "second", "rotate", "lock"):
        assert hands.tom
    if deed == "dose":
        assert hands.maria
    points.watch()
    hands.do(deed)
    points.passed("after it was said")
    return points.names


# --- setting up ---------------------------------------------------------------------------------


def set_up(bench: Bench, base: Base) -> Tally:
    """Killed while a vault is set up: it is there whole, or set-up begins again."""
    tally = Tally("kill -9 while setting up")

    def work(folder: Path, at: int | None, say: Say) -> list[str]:
        points = Points(folder, "set up", at)
        points.watch()
        made = access.set_up(folder / "vault", SETUP, base.school.clock, kdf_policy=FAST)
        groups = made.recovery_key.split("-")
        workspace = made.confirm(*(groups[n - 1] for n in made.asked))
        say(set_up=workspace.actor.user_id)
        workspace.lock()
        return points.names

    names = in_child(lambda say: work(bench.folder / "count", None, say)).value
    step = max(1, len(names) // bench.tries)
    for at in range(bench.seed % step, len(names), step):
        folder = bench.folder / str(at)
        ended = in_child(lambda say, folder=folder, at=at: work(folder, at, say))
        tally.add(names[at], _set_up_left(folder, ended, base), may_tell=False)
        shutil.rmtree(folder, ignore_errors=True)
        if bench.over():
            break
    return tally


def _set_up_left(folder: Path, ended: Ended, base: Base) -> Verdict:
    def work(_say: Say) -> Verdict:
        vault = folder / "vault"
        status = access.vault_status(vault)
        if status.kind == "ready":
            user = status.users[0].user_id
            workspace = access.unlock(
                vault, user, SETUP.admin_password, base.school.clock, kdf_policy=FAST
            )
            holds = workspace.log.verify().holds
            workspace.lock()
            return Verdict("whole" if holds else "silent")
        if status.kind != "none" or ended.said:
            return Verdict("lost", why=f"the folder is {status.kind}")
        access.set_up(vault, SETUP, base.school.clock, kdf_policy=FAST).give_up()
        return Verdict("whole")

    return verdict_of(in_child(work))


# --- at random ------------------------------------------------------------------------------------


def at_random(bench: Bench, base: Base) -> Tally:
    """Killed at a random moment of typing, signing, sealing and giving, always the same vault."""
    tally = Tally("kill -9 at random while working")
    chance = bench.chance
    now = base.copied_to(bench.folder / "vault")
    for turn in range(bench.tries):
        deeds = chance.choices(("save", "sign", "attach", "dose"), (12, 3, 2, 1), k=60)
        within = chance.uniform(0.0, 0.9)
        ended = in_child(lambda say, deeds=deeds, s=within: _work(now, deeds, say, s))
        now.acks += [one for one in ended.said if "begun" not in one]
        _clock_on(now)
        tally.add(f"turn {turn}, {within:.3f} s", judged(now), may_tell=False)
        if ended.problem:
            tally.add(f"turn {turn}", Verdict("silent", "the program fell over", ended.problem))
        if bench.over():
            break
    return tally


def _work(base: Base, deeds: list[str], say: Say, within: float) -> None:
    hands = Hands(base, say)
    hands.prepare()
    assert hands.tom
    assert hands.maria
    threading.Thread(target=_die, args=(within,), daemon=True).start()
    for deed in deeds:
        hands.do(deed if hands.can(deed) else "save")
    while True:
        hands.do("save")


def _die(within: float) -> None:
    time.sleep(within)
    os.kill(os.getpid(), signal.SIGKILL)


def _clock_on(base: Base) -> None:
    """The child moved its clock on with each dose; here it is moved on as far."""
    days = 2 * sum("dosing" in one for one in base.acks) + 1
    base.school.clock.set(max(base.school.clock.now(), AFTERNOON + timedelta(days=days)))


# --- moving an older store on ---------------------------------------------------------------------


def migrate(bench: Bench, base: Base) -> Tally:
    """Killed while the vault of an older program is moved on: the old one or the new one."""
    tally = Tally("kill -9 while moving on")
    for folder in sorted(one for one in ZOO.iterdir() if one.is_dir()):
        about = json.loads((folder / "about.json").read_text("utf-8"))
        counted = _old(folder, bench.folder / f"count-{folder.name}", about)
        names = in_child(lambda say, old=counted: _move_on(old, say, None)).value
        step = max(1, len(names) // bench.tries)
        for at in range(bench.seed % step, len(names), step):
            old = _old(folder, bench.folder / f"{folder.name}-{at}", about)
            for turn in range(1 if bench.short else 2):
                ended = in_child(lambda say, old=old, at=at: _move_on(old, say, at))
                if ended.signal != signal.SIGKILL:
                    break
                found = verdict_of(
                    in_child(lambda _say, old=old, about=about: _moved_on(old, about))
                )
                tally.add(f"{folder.name} {names[at]} (time {turn + 1})", found, may_tell=False)
            shutil.rmtree(old.folder.parent)
            if bench.over():
                return tally
    return tally


def _old(zoo: Path, root: Path, about: dict[str, Any]) -> School:
    shutil.copytree(zoo, root / "vault")
    (root / "vault").chmod(0o700)
    return School(root / "vault", SetClock(AFTERNOON), about["ids"], about["users"])


def _move_on(old: School, say: Say, at: int | None) -> list[str]:
    points = Points(old.folder, "move on", at)
    points.watch()
    old.sign_in("tom")
    say(moved=True)
    points.passed("after it was said")
    return points.names


def _moved_on(old: School, about: dict[str, Any]) -> Verdict:
    tom = old.sign_in("tom")
    opened = tom.records.open(about["record"])
    draft = tom.records.open(about["draft"])
    whole = (
        (opened.number, opened.state) == ("BER-2026-0001", "signed")
        and tom.copies.log(about["record"])
        and draft.answers["event_date"] == "2026-11-12"
        and tom.log.verify().holds
    )
    tom.lock()
    return Verdict("whole" if whole else "lost")
