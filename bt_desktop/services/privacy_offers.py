"""Names typed by hand in a narrative, offered as tokens: few, and seldom wrong.

The net under the parent's copy must miss nothing; an offer must annoy nobody. So a whole name is
offered for anyone, a first or family name alone for those who are at the event already, and for
others only where it is capital within a sentence, no ordinary word, and one person's alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bt_desktop.services.names_common import is_common
from bt_desktop.services.privacy_index import NameIndex
from bt_desktop.services.privacy_words import Word, words_of

_GAP = re.compile(r"[ \t\u00a0]{1,2}|-|['’]")
_MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A name typed by hand: where it stands and whom it may mean, the likeliest first."""

    start: int
    end: int
    word: str
    candidates: tuple[str, ...]

    @property
    def ambiguous(self) -> bool:
        """Whether more than one person bears this name: then the writer chooses."""
        return len(self.candidates) > 1


def find_offers(
    text: str, index: NameIndex, event: Collection[str] = (), most: int = 5
) -> tuple[Offer, ...]:
    """The names in `text` to be offered as tokens, in order, none overlapping.

    `index` holds students and staff together, `event` the ids of those already at the event.
    """
    words = words_of(text)
    there = {index.number_of[i] for i in event if i in index.number_of}
    found = []
    done = 0
    for at, word in enumerate(words):
        run = None if at < done else _longest(text, words, at, index, there)
        if run is None:
            continue
        count, numbers = run
        done = at + count
        start, end = word.start, words[done - 1].end
        ids = tuple(index.people[n].id for n in sorted(numbers)[:most])
        found.append(Offer(start, end, text[start:end], ids))
    return tuple(found)


def _longest(
    text: str, words: Sequence[Word], at: int, index: NameIndex, there: set[int]
) -> tuple[int, set[int]] | None:
    """The most words from `at` on that name one person, and who that is."""
    best = None
    for count, numbers in _shared(text, words, at, index):
        if count == 1:
            chosen = _alone(words[at], numbers, index, there)
        else:
            run = words[at : at + count]
            chosen = {n for n in numbers if _is_whole(run, n, index)}
            if not any(word.capital for word in run):
                chosen &= there
        if chosen:
            best = (count, chosen & there or chosen)
    return best


def _shared(
    text: str, words: Sequence[Word], at: int, index: NameIndex
) -> Iterator[tuple[int, set[int]]]:
    numbers: set[int] | None = None
    for count, word in enumerate(words[at : at + _MOST_PARTS], start=1):
        if count > 1 and not _GAP.fullmatch(text[words[at + count - 2].end : word.start]):
            return
        bearers = {*index.exact.get(word.plain, ()), *index.nicks.get(word.plain, ())}
        numbers = bearers if numbers is None else numbers & bearers
        if not numbers:
            return
        yield count, numbers


def _is_whole(run: Sequence[Word], number: int, index: NameIndex) -> bool:
    """Whether these names of the person are different ones, and a family name among them.

    Without a family name `Bill will come` would take the verb in.
    """
    family = any("family" in index.kinds(number, word.plain) for word in run)
    return family and len({word.plain for word in run}) > 1


def _alone(word: Word, numbers: set[int], index: NameIndex, there: set[int]) -> set[int]:
    near = numbers & there
    exact = set(index.exact.get(word.plain, ()))
    if near and (word.proper or not is_common(word.plain)):
        return near
    usual = is_common(word.plain) or not word.capital or len(word.plain) < 3
    return exact if len(exact) == 1 and not usual else set()
