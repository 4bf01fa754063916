"""Finding a person by any part of any name, fast enough for a keystroke among 50,000.

Every word of every name is kept folded (lower case, no accents) in one sorted list; the people
who bear a word lie in one array in the same order, so that all words with one beginning are one
slice. People are numbered in the order of their names, so the smallest numbers come first.
"""

from __future__ import annotations

import heapq
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bt_desktop.services.names import fold

_MOST_INSIDE = 1000


def words_of(text: str) -> list[str]:
    """The folded words of a name: `Núñez-Okafor` is `nunez` and `okafor`."""
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in the index. `names` are all their names; `sort` is what lists go by."""

    id: str
    names: tuple[str, ...]
    sort: str
    same: str

    def words(self) -> frozenset[str]:
        """Every folded word a search may hit, names joined by a hyphen also as one."""
        found: set[str] = set()
        for name in self.names:
            words = words_of(name)
            found.update(words)
            for chunk in fold(name).split():
                joined = "".join(c for c in chunk if c.isalnum())
                if joined:
                    found.add(joined)
        return frozenset(found)


class NameIndex:
    """The index of one kind of people. Built once, then kept in step by `put` and `drop`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._build(entries)

    def _build(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda one: (one.sort, one.id))
        self._numbers = {one.id: number for number, one in enumerate(self._entries)}
        self._same = Counter(one.same for one in self._entries)
        self._fresh: dict[str, Entry] = {}
        self._gone: set[str] = set()
        self._texts: list[str] = []
        bearers: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            words = entry.words()
            self._texts.append(" " + " ".join(words))
            for word in words:
                bearers.setdefault(word, []).append(number)
        self._words = sorted(bearers)
        self._people = array("L")
        self._starts = array("L", [0])
        for word in self._words:
            self._people.extend(bearers[word])
            self._starts.append(len(self._people))
        self._text = "\n".join(self._words)
        self._offsets = array("L")
        offset = 0
        for word in self._words:
            self._offsets.append(offset)
            offset += len(word) + 1

    def __len__(self) -> int:
        return len(self._entries) - len(self._gone) + len(self._fresh)

    def put(self, entry: Entry) -> None:
        """Add or change a person."""
        self.drop(entry.id)
        self._fresh[entry.id] = entry
        self._same[entry.same] += 1
        if len(self._fresh) > 500:
            self._build(list(self._all()))

    def drop(self, person_id: str) -> None:
        """Take a person out."""
        former = self._fresh.pop(person_id, None)
        number = self._numbers.get(person_id)
        if former is None and number is not None and person_id not in self._gone:
            former = self._entries[number]
        if number is not None:
            self._gone.add(person_id)
        if former is not None:
            self._same[former.same] -= 1

    def _all(self) -> Iterator[Entry]:
        yield from (one for one in self._entries if one.id not in self._gone)
        yield from self._fresh.values()

    def has_namesake(self, person_id: str) -> bool:
        """Whether somebody else bears the same name."""
        entry = self._fresh.get(person_id)
        if entry is None:
            number = self._numbers.get(person_id)
            entry = None if number is None else self._entries[number]
        return entry is not None and self._same[entry.same] > 1

    def search(self, text: str, limit: int) -> list[str]:
        """Ids of people whose names hold every word of `text`, whole beginnings first."""
        words = words_of(text)
        if not words:
            return []
        fresh = self._fresh_hits(words)
        found = self._beginning_so(words, limit)
        if len(found) + len(fresh) < limit:
            known = set(found)
            found += [n for n in self._holding(words, limit * 2) if n not in known]
        hits = [self._entries[number] for number in found] + fresh
        if fresh:
            hits.sort(key=lambda one: (one.sort, one.id))
        return [one.id for one in hits[:limit]]

    def _fresh_hits(self, words: Sequence[str]) -> list[Entry]:
        return [
            entry
            for entry in self._fresh.values()
            if all(any(word in own for own in entry.words()) for word in words)
        ]

    def _beginning_so(self, words: Sequence[str], limit: int) -> list[int]:
        """The first people who have, for each of the words, a word that begins so."""
        slices = [self._slice(word) for word in words]
        rarest = min(range(len(words)), key=lambda at: slices[at][1] - slices[at][0])
        first, last = slices[rarest]
        others = [" " + word for at, word in enumerate(words) if at != rarest]
        return self._smallest(self._people[first:last], others, limit)

    def _slice(self, word: str) -> tuple[int, int]:
        """Where the bearers of all words that begin so lie."""
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + "\U0010ffff", first)
        return self._starts[first], self._starts[last]

    def _holding(self, words: Sequence[str], limit: int) -> list[int]:
        """The first people whose words have these inside, found by the longest of them.

        A piece that is inside thousands of words tells nobody apart; the search stops there.
        """
        longest = max(words, key=len)
        people: list[int] = []
        at = -1
        for _ in range(_MOST_INSIDE):
            at = self._text.find(longest, at + 1)
            if at < 0:
                break
            number = bisect_left(self._offsets, at + 1) - 1
            people.extend(self._people[self._starts[number] : self._starts[number + 1]])
            at = self._offsets[number] + len(self._words[number])
        return self._smallest(people, [word for word in words if word != longest], limit)

    def _smallest(self, people: Iterable[int], others: Sequence[str], limit: int) -> list[int]:
        """The first of these people who have the other pieces too."""
        fitting = set(people)
        for piece in others:
            texts = self._texts
            fitting = {n for n in fitting if piece in texts[n]}
        if self._gone:
            fitting = {n for n in fitting if self._entries[n].id not in self._gone}
        return heapq.nsmallest(limit, fitting)


def matched_spans(name: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where in `name` the words of `text` are found, as (start, end), each word once."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(unicodedata.normalize("NFC", name)):
        for letter in fold(character) or (" " if not character.isalnum() else ""):
            letters.append(letter)
            places.append(place)
    plain = "".join(letters)
    spans = []
    for word in words_of(text):
        at = _best_place(plain, word)
        if at >= 0:
            spans.append((places[at], places[at + len(word) - 1] + 1))
    return tuple(sorted(set(spans)))


def _best_place(plain: str, word: str) -> int:
    """Where a word begins with it, else where it stands inside one; -1 if nowhere."""
    at = plain.find(word)
    while at > 0 and plain[at - 1].isalnum():
        at = plain.find(word, at + 1)
    return at if at >= 0 else plain.find(word)
