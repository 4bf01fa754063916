"""Takes a text apart into words that remember where they stand, whatever is hidden inside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bt_desktop.services.names import fold
from bt_desktop.services.privacy_tokens import TOKEN

_MARKS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\U000e0000-\U000e01ef"
)
"""Combining marks and characters that show nothing: they never part a word."""

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_HUMP = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_SENTENCE_END = re.compile(r"[.!?:\n•–—\"“”(]\s*$")
_CONTRACTED = frozenset(
    ("ain", "aren", "can", "couldn", "didn", "doesn", "don", "hadn", "hasn", "haven", "isn",
     "mightn", "mustn", "needn", "shan", "shouldn", "wasn", "weren", "won", "wouldn")
)  # fmt: skip
_NOT = re.compile(r"['’ʼ´`]t\b")
_DIGITS = str.maketrans("01345789", "oleastbg")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters from `start` to `end`. `plain` is folded; `capital` is how it begins.

    `proper` says that it has a capital where no sentence begins, as names have.
    """

    start: int
    end: int
    plain: str
    capital: bool
    proper: bool


def words_of(text: str) -> list[Word]:
    """The words of a text in order. Tokens are passed over; `don't` gives no `don`."""
    shown = TOKEN.sub(lambda found: " " * len(found[0]), text)
    found = []
    for match in _WORD.finditer(shown):
        raw = match[0]
        plain = fold(raw)
        if not plain or plain.isdigit():
            continue
        if plain in _CONTRACTED and _NOT.match(shown, match.end()):
            continue
        capital = raw[0].isupper()
        before = shown[max(0, match.start() - 12) : match.start()]
        first = not before.strip() or bool(_SENTENCE_END.search(before))
        found.append(Word(match.start(), match.end(), plain, capital, capital and not first))
    return found


def humps(text: str, word: Word) -> list[Word]:
    """The parts of a word that was written together: `LucjaKowalczyk` → Lucja, Kowalczyk."""
    raw = text[word.start : word.end]
    cuts = [m.start() for m in _HUMP.finditer(raw)]
    cuts += [m.start() for m in re.finditer(r"(?<=\D)(?=\d)|(?<=\d)(?=\D)", raw)]
    if not cuts:
        return []
    ends = [*sorted(set(cuts)), len(raw)]
    parts = []
    start = 0
    for end in ends:
        plain = fold(raw[start:end])
        if len(plain) > 1 and not plain.isdigit():
            parts.append(Word(word.start + start, word.start + end, plain, True, word.proper))
        start = end
    return parts


def without_digits(plain: str) -> str:
    """Digits read as the letters they are used for: `luc1a` → `lucla`, `l0la` → `lola`."""
    return plain.translate(_DIGITS)
