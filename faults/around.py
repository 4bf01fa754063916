"""What stands around the records: a second program, the clock, the keyring, memory, threads."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import pickle
import resource
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bt_desktop.clock import SystemClock
from bt_desktop.errors import KnownError
from bt_desktop.security import vault
from bt_desktop.security.device import OsKeyring
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.security.problems import NotEnoughMemory
from bt_desktop.services import access
from faults._child import Ended, Say, in_child, read_lines
from faults._judge import judged, look, verdict_of
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict
from tests.factory import CHEAP, PASSWORD, SETUP

ROOT = Path(__file__).parents[1]
ENV = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "QT_QPA_PLATFORM": "offscreen"}

# --- a second program -----------------------------------------------------------------------------

_PROGRAM = """
import sys, json
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from bt_desktop.one_at_a_time import OneAtATime
app = QCoreApplication(sys.argv)
only = OneAtATime(Path(sys.argv[1]), Path(sys.argv[2]))
held = only.take()
print(json.dumps({"held": held, "answered": False if held else only.call_the_other()}), flush=True)
if held:
    app.exec()
"""


def second(bench: Bench, base: Base) -> Tally:
    """The program started twice; the first one stopped; the first one killed."""
    tally = Tally("started twice")
    now = base.copied_to(bench.folder / "vault")
    words = [sys.executable, "-c", _PROGRAM, str(now.vault), str(bench.folder)]

    def start() -> tuple[subprocess.Popen[str], dict[str, bool]]:
        program = subprocess.Popen(
            words, cwd=ROOT, env=os.environ | ENV, stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        return program, json.loads(program.stdout.readline())

    first, told = start()
    rows = {"alone": (told["held"], "")}
    again, told = start()
    good = not told["held"] and told["answered"]
    rows["while the first runs"] = (good, "The first window comes forward.")
    again.wait()
    first.send_signal(signal.SIGSTOP)
    again, told = start()
    good = not told["held"] and not told["answered"]
    rows["while the first hangs"] = (good, "It is open already and does not answer.")
    again.wait()
    first.kill()
    first.wait()
    last, told = start()
    rows["after the first was killed"] = (told["held"], "")
    last.kill()
    last.wait()
    for name, (good, sentence) in rows.items():
        verdict = judged(now)
        tally.add(name, verdict if good and verdict.kind == "whole" and not sentence
                  else Verdict("told", sentence) if good and verdict.kind == "whole"
                  else Verdict("silent", why=f"{name}: {verdict.why}"))  # fmt: skip
    return tally


# --- the clock ------------------------------------------------------------------------------------

_TIMES = (
    ("a day back", "2026-11-12 09:00:00", "America/Los_Angeles", True),
    ("ten years on", "2036-11-13 12:00:00", "America/Los_Angeles", False),
    ("clocks go forward, Los Angeles", "2027-03-14 01:59:58", "America/Los_Angeles", False),
    ("clocks go back, Los Angeles", "2027-11-07 01:59:58", "America/Los_Angeles", False),
    ("clocks go forward, Berlin", "2027-03-28 01:59:58", "Europe/Berlin", False),
    ("half an hour back, Lord Howe", "2027-04-04 01:59:58", "Australia/Lord_Howe", False),
    ("another time zone meanwhile", "2027-01-10 12:00:00", "Asia/Tokyo", False),
)


def clocks(bench: Bench, base: Base) -> Tally:
    """Work under another time (libfaketime): the order holds, a clock put back is in the trail."""
    tally = Tally("clock moved")
    if shutil.which("faketime") is None:
        tally.skipped = "there is no faketime here (apt-get install faketime)"
        return tally
    for name, at, zone, back in _TIMES:
        if bench.over():
            break
        now = base.copied_to(bench.folder / str(tally.tried))
        about = bench.folder / "base.pickle"
        now.school.clock = SystemClock()  # type: ignore[assignment]  # a real one, faked from outside
        about.write_bytes(pickle.dumps(now))
        deeds = ["enter", "save", "zone", "save", "attach", "lock"]
        done = subprocess.run(
            ["faketime", at, sys.executable, "-m", "faults._session", str(about), *deeds],
            cwd=ROOT, env=os.environ | ENV | {"TZ": zone, "DONT_FAKE_MONOTONIC": "1"},
            capture_output=True, check=False,
        )  # fmt: skip
        now = base.at(now.root)
        now.acks += read_lines(done.stdout, Ended()).said
        if done.returncode:
            tally.add(
                name, Verdict("silent", "it stopped", (done.stdout + done.stderr).decode()[-900:])
            )
            continue
        found = verdict_of(in_child(lambda _say, n=now, b=back: _in_order(n, b)))
        tally.add(name, found, may_tell=back)
        shutil.rmtree(now.root)
    return tally


def _in_order(now: Base, back: bool) -> Verdict:
    verdict = look(now)
    tom = now.school.sign_in("tom")
    entries = tom.log.entries(500)
    moved = [one for one in entries if one.action == "clock_moved"]
    tom.lock()
    order = [one.seq for one in entries]
    if verdict.kind != "whole" or order != sorted(order, reverse=True):
        return Verdict("silent", verdict.sentence, f"the order is wrong; {verdict.why}")
    if back and not moved:
        return Verdict("silent", why="the clock went back and the trail does not say so")
    return Verdict("told", "The trail says: clock_moved.") if back else verdict


# --- the keyring ----------------------------------------------------------------------------------


class _Backend:
    """A keyring that misbehaves in one way; it passes for the Secret Service."""

    def __init__(self, how: str, ends: threading.Event) -> None:
        self.how, self.ends = how, ends
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, _who: str) -> str | None:
        self._misbehave()
        if self.how == "lies":
            return "something else"
        return self.kept.get(service)

    def set_password(self, service: str, _who: str, value: str) -> None:
        self._misbehave()
        if self.how == "2,560 bytes" and len(value.encode("utf-16-le")) > 2560:
            raise OSError(1783, "The stub received bad data")
        if self.how != "forgets":
            self.kept[service] = value

    def delete_password(self, service: str, _who: str) -> None:
        self.kept.pop(service, None)

    def _misbehave(self) -> None:
        from keyring.errors import KeyringLocked, NoKeyringError

        if self.how == "none":
            raise NoKeyringError("none")
        if self.how == "locked":
            raise KeyringLocked("locked")
        if self.how == "raises":
            raise RuntimeError("D-Bus said something")
        if self.how == "hangs":
            self.ends.wait()


_Backend.__module__, _Backend.__qualname__ = "keyring.backends.SecretService", "Keyring"


def keyrings(bench: Bench, base: Base) -> Tally:
    """A keyring that is none, locked, hangs, lies, forgets: the password works, and it is said."""
    tally = Tally("keyring")
    for how in ("none", "locked", "raises", "hangs", "lies", "forgets", "2,560 bytes"):
        now = base.copied_to(bench.folder / str(tally.tried))

        def work(say: Say, how: str = how, now: Base = now) -> Verdict:
            tom = now.school.sign_in("tom")
            backend = _Backend(how, threading.Event())
            keyring = OsKeyring(lambda: backend, timeout_s=0.2)
            tom.computer._keyring = keyring
            computer = tom.computer.look()
            hands = Hands(now, lambda **what: now.acks.append(what), tom=tom)
            hands.do("save")
            hands.lock()
            left = look(now)
            if left.kind != "whole":
                return Verdict("silent", left.sentence, left.why)
            works = how in ("2,560 bytes",)
            if computer.usable is not works and how != "lies":
                return Verdict("silent", computer.sentence, "it is told to work")
            return Verdict("told", computer.sentence)

        tally.add(how, verdict_of(in_child(work)))
    return tally


# --- memory ---------------------------------------------------------------------------------------


def no_memory(bench: Bench, base: Base) -> Tally:
    """Argon2id gets no memory: that is said, it is no wrong try, and afterwards it opens."""
    tally = Tally("no memory for Argon2id")
    policy = KdfPolicy(floor=CHEAP, params=KdfParams(256 * 1024, 1, 1))

    def work(_say: Say) -> Verdict:
        folder = bench.folder / "vault"
        made = access.set_up(folder, SETUP, base.school.clock, kdf_policy=policy)
        groups = made.recovery_key.split("-")
        made.confirm(*(groups[n - 1] for n in made.asked)).lock()
        user = vault.vault_state(folder).users[0].user_id
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + (64 << 20)
        before = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
        try:
            access.unlock(folder, user, PASSWORD, base.school.clock, kdf_policy=policy)
        except NotEnoughMemory as problem:
            told = str(problem)
        except KnownError as problem:
            return Verdict("silent", str(problem), "it is memory that is missing")
        else:
            return Verdict("silent", why="the limit did not bite: nothing was shown")
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)
        if vault.vault_state(folder).users[0].failures:
            return Verdict("silent", told, "it was counted as a wrong try")
        access.unlock(folder, user, PASSWORD, base.school.clock, kdf_policy=policy).lock()
        return Verdict("told", told)

    if not Path("/proc/self/statm").exists():
        tally.skipped = "memory can be limited on Linux only"
        return tally
    tally.add("256 MiB asked, 64 MiB there", verdict_of(in_child(work)))
    return tally


def keys_gone(bench: Bench, base: Base) -> Tally:
    """After locking, the database key is nowhere in this process and its file is not open."""
    tally = Tally("keys after locking")
    if not Path("/proc/self/mem").exists():
        tally.skipped = "memory can be looked through on Linux only"
        return tally
    for name, deeds in (
        ("signed in", ()), ("saved", ("save",)), ("signed", ("sign",)), ("sealed", ("seal",)),
        ("backup", ("backup",)), ("dose", ("dose",)),
    ):  # fmt: skip
        now = base.copied_to(bench.folder / name)

        def work(say: Say, now: Base = now, deeds: tuple[str, ...] = deeds) -> Verdict:
            hands = Hands(now, say)
            key = hands.tom.records.context.keys.database_key
            masked = bytes(byte ^ 0x5A for byte in key)  # what is looked for must not be found here
            for deed in deeds:
                hands.do(deed)
            found = _copies(masked)
            hands.lock()
            gc.collect()
            left = _copies(masked)
            opened = [os.readlink(f"/proc/self/fd/{fd}") for fd in _handles()]
            if not found:
                return Verdict("silent", why="the key was not found while it was open, either")
            if left or any(DATABASE_NAME in path for path in opened):
                return Verdict("silent", why=f"{left} copies of the key, open: {opened}")
            return Verdict("whole")

        tally.add(name, verdict_of(in_child(work)))
    return tally


def _handles() -> list[str]:
    return [fd for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]


def _copies(masked: bytes) -> int:
    """How often the bytes behind the mask stand in the memory of this process."""
    wanted = (ctypes.c_ubyte * len(masked))(*(byte ^ 0x5A for byte in masked))
    here = ctypes.addressof(wanted)
    count = 0
    with open("/proc/self/maps", encoding="ascii") as maps, open("/proc/self/mem", "rb", 0) as mem:
        for line in maps.read().splitlines():
            span, rights = line.split()[:2]
            if "rw" not in rights or "[v" in line:
                continue
            start, end = (int(n, 16) for n in span.split("-"))
            count += _in_span(mem, start, end, wanted, here)
    ctypes.memset(here, 0, len(masked))
    return count


def _in_span(mem: Any, start: int, end: int, wanted: Any, here: int) -> int:
    count, step, size = 0, 1 << 20, len(wanted)
    buffer = bytearray(step + size)
    for at in range(start, end, step):
        try:
            mem.seek(at)
            got = mem.readinto(memoryview(buffer)[: min(step + size - 1, end - at)])
        except (OSError, ValueError, OverflowError):
            return count
        found = buffer.find(memoryview(wanted), 0, got)
        while found >= 0:
            address = at + found
            own = ctypes.addressof((ctypes.c_char * len(buffer)).from_buffer(buffer))
            if address != here and not own <= address < own + len(buffer):
                count += 1
            found = buffer.find(memoryview(wanted), found + 1, got)
    buffer[:] = bytes(len(buffer))
    return count


# --- threads --------------------------------------------------------------------------------------


def threads(bench: Bench, base: Base) -> Tally:
    """Six threads commit a hundred times each, to records of their own, in one open vault."""
    tally = Tally("six threads at once")
    commits = 10 if bench.short else 100

    def work(_say: Say) -> Verdict:
        now = base.copied_to(bench.folder / "vault")
        tom = now.school.sign_in("tom")
        records = [tom.records.start() for _ in range(6)]
        problems: list[str] = []

        def commit(record: str) -> None:
            try:
                for n in range(commits):
                    tom.records.save_draft(record, "report", {"location_detail": f"Room {n + 1}"})
            except Exception as problem:
                problems.append(repr(problem))

        lanes = [threading.Thread(target=commit, args=(record,)) for record in records]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        kept = [tom.records.open(one).answers.get("location_detail") for one in records]
        holds = tom.log.verify().holds
        tom.lock()
        if problems or kept != [f"Room {commits}"] * 6 or not holds:
            return Verdict("lost", why=f"{problems[:2]} {kept} {holds}")
        return look(now)

    tally.add(f"6 × {commits} commits", verdict_of(in_child(work)), may_tell=False)
    return tally
