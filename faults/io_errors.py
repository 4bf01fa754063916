"""Reads, writes, syncs and opens that fail at random (libfiu).

One process with libfiu in front of the C library forks a child for each try; the child lets a
share of one kind of call fail from then on, signs in, works and says what was acknowledged.
"""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

from bt_desktop.errors import KnownError
from faults._child import Say, in_child
from faults._judge import judged
from faults._school import Base, Hands
from faults._tally import Bench, Tally, Verdict
from faults._warm import share_compiled
from tests.services.picture_maker import png

NAMES = (
    ("posix/io/rw/pwrite", 0.03),
    ("posix/io/rw/pread", 0.03),
    ("posix/io/sync/fsync", 0.05),
    ("posix/io/rw/ftruncate", 0.10),
    ("posix/io/oc/open", 0.03),
    ("posix/io/rw/write", 0.05),
    ("posix/io/dir/rename", 0.10),
)
DEEDS = ("enter", "save", "save", "sign", "save", "attach", "save", "lock")


def run(bench: Bench, base: Base) -> Tally:
    """`bench.tries` times signing in and five commits, with each kind of call failing in turn."""
    tally = Tally("I/O errors")
    if shutil.which("fiu-run") is None:
        tally.skipped = "there is no libfiu here (apt-get install fiu-utils)"
        return tally
    about = bench.folder / "base.pickle"
    about.write_bytes(pickle.dumps(base))
    words = [
        "fiu-run", "-x", sys.executable, "-m", "faults.io_errors", str(about), str(bench.folder),
        str(bench.tries), str(bench.seed),
    ]  # fmt: skip
    worker = subprocess.Popen(
        words, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert worker.stdout is not None
    assert worker.stdin is not None
    for line in worker.stdout:
        told = json.loads(line)
        now = base.at(Path(told["root"]))
        now.acks += told["said"]
        tally.add(told["name"], _judged(now, told))
        shutil.rmtree(now.root, ignore_errors=True)
        worker.stdin.write("stop\n" if bench.over() else "go on\n")
        worker.stdin.flush()
    worker.wait()
    return tally


def _judged(now: Base, told: dict[str, str]) -> Verdict:
    if told["problem"]:
        return Verdict("silent", "the program fell over", told["problem"])
    left = judged(now)
    if left.kind == "silent":
        return Verdict("lost", left.sentence, left.why)
    if left.kind == "told":
        return Verdict("lost", left.sentence, f"afterwards it does not open: {left.why}")
    return Verdict("told", told["told"]) if told["told"] else left


def main() -> None:
    """The process with libfiu in front: a fork for each try, a line of JSON for each."""
    about, folder, tries, seed = sys.argv[1:5]
    base: Base = pickle.loads(Path(about).read_bytes())  # noqa: S301 - our own file
    chance = Random(int(seed))
    # The program's own modules are there before anything fails: it is the records' disk that does.
    share_compiled(base, Path(folder) / "warm")
    png(8, 8)  # Pillow brings its formats with the first picture
    for number in range(int(tries)):
        name, share = NAMES[number % len(NAMES)]
        root = Path(folder) / f"try-{number}"
        now = base.copied_to(root)
        share *= chance.uniform(0.2, 2)
        ended = in_child(lambda say, n=now, w=name, s=share: _work(n, w, s, say))
        told = next((one["told"] for one in ended.said if "told" in one), "")
        said = [one for one in ended.said if "told" not in one]
        line = {
            "name": f"{name} {share:.3f} (try {number})", "root": str(root), "said": said,
            "told": told, "problem": ended.problem,
        }  # fmt: skip
        print(json.dumps(line), flush=True)
        if sys.stdin.readline() != "go on\n":
            return


def _work(base: Base, name: str, share: float, say: Say) -> None:
    libfiu = ctypes.CDLL("libfiu.so.0")
    enable = libfiu.fiu_enable_random
    enable.argtypes = [
        ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_float,
    ]  # fmt: skip
    hands = Hands(base, say)
    enable(name.encode("ascii"), 1, None, 0, share)
    try:
        for deed in DEEDS:
            hands.do(deed)
    except KnownError as problem:
        say(told=str(problem), code=problem.code)
    finally:
        libfiu.fiu_disable(name.encode("ascii"))


if __name__ == "__main__":
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    main()
