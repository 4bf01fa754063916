"""Words written in pieces: over a hyphen or a line's end, with a gap, or letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bt_desktop.services.names_common import is_common
from bt_desktop.services.privacy_words import Word

_MOST_PIECES = 6
_MARK = r"[^\w\s,;:!?()\"“”]"
_TIGHT = re.compile(
    rf"{_MARK}{{1,3}}|[,;:!?()\"“”]{{1,2}}|{_MARK}{{0,2}}[-‐‑\u00ad–_][ \t]*\r?\n\s*|_{{1,3}}"
)
_APOSTROPHE = re.compile(r"\s?['’‘ʼ´`′]")
_TAILS = frozenset(("s", "t", "d", "ll", "re", "ve", "m"))
_LOOSE = re.compile(r"\s{1,8}|\s[-‐‑–—]\s")
_LETTER_GAP = re.compile(r"[^\w,;:!?()\"“”]{1,3}")


def joined_runs(
    text: str, words: Sequence[Word], longest: int
) -> Iterator[tuple[int, int, str, bool, bool]]:
    """Yields (start, end, letters, tight, common) of neighboring words put together.

    `tight` says that only marks or a hyphen at a line's end part them, so that they were one word
    or a double name; else a space or a line's end does. `common` says that each piece is an
    ordinary word by itself.
    """
    for first, word in enumerate(words):
        plain, tight, common = word.plain, True, is_common(word.plain)
        for other, after in pairwise(words[first : first + _MOST_PIECES]):
            gap = text[other.end : after.start]
            tail = after.plain in _TAILS and _APOSTROPHE.fullmatch(gap)  # Lucja's, he'd
            if not _TIGHT.fullmatch(gap):
                if not _LOOSE.fullmatch(gap):
                    break
                tight = False
            plain += after.plain
            common = common and is_common(after.plain)
            if len(plain) > longest + 2:
                break
            if not tail:
                yield word.start, after.end, plain, tight, common


def spelled_out(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int, str, bool]]:
    """Yields (start, end, letters, all capitals) of runs of single letters, and their parts."""
    run: list[Word] = []
    for word in (*words, None):
        joins = (
            word is not None
            and len(word.plain) == 1
            and (not run or _LETTER_GAP.fullmatch(text[run[-1].end : word.start]) is not None)
        )
        if joins and word is not None:
            run.append(word)
            continue
        yield from _parts(text, run)
        run = [word] if word is not None and len(word.plain) == 1 else []


def _parts(text: str, run: Sequence[Word]) -> Iterator[tuple[int, int, str, bool]]:
    for i in range(len(run)):
        for j in range(i + 1, min(len(run), i + 20) + 1):
            part = run[i:j]
            lone = len(part) == 1 and (len(run) > 1 or text[part[0].end : part[0].end + 1] != ".")
            if lone:
                continue
            capitals = all(word.capital for word in part)
            yield part[0].start, part[-1].end, "".join(w.plain for w in part), capitals
