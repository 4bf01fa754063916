"""How far a long command is, on the terminal: nothing in a file or a pipe, nothing within a second.

What a person wants stopped is stopped with Ctrl+C; what was begun then leaves nothing behind.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bt_desktop.services.work_progress import Progress

PATIENCE_S, EACH_S = 1.0, 0.25
_BAR = 30
LINE = "bt_desktop how far"


@contextmanager
def shown(words: str) -> Iterator[Progress]:
    """The progress to hand to a piece of work; a line on the terminal follows it."""
    progress = Progress()
    if not sys.stderr.isatty():
        yield progress
        return
    over = threading.Event()
    line = threading.Thread(target=_follow, args=(words, progress, over), name=LINE, daemon=True)
    line.start()
    try:
        yield progress
    finally:
        over.set()
        line.join()


def _follow(words: str, progress: Progress, over: threading.Event) -> None:
    told = ""
    wait = PATIENCE_S
    while not over.wait(wait):
        wait = EACH_S
        told = line_of(words, progress)
        print(f"\r{told}", end="", file=sys.stderr, flush=True)
    if told:
        print(f"\r{' ' * len(told)}\r", end="", file=sys.stderr, flush=True)


def line_of(words: str, progress: Progress) -> str:
    """`words`, a bar and a percentage; only the words while nobody knows how much there is."""
    if not progress.total:
        return f"{words} …"
    full = round(progress.share * _BAR)
    return f"{words} [{'#' * full}{'.' * (_BAR - full)}] {progress.share * 100:3.0f} %"
