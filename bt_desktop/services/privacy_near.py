"""Words that are one letter (or two) apart: found by the letters left out of both."""

from __future__ import annotations

from collections.abc import Iterable


def apart(one: str, other: str, most: int = 1) -> int:
    """How many letters must be added, left out, changed or swapped with a neighbor; at most
    `most` + 1 is told (the exact number beyond does not matter)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before = row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a != b))
            if j > 1 and a == other[j - 2] and one[i - 2] == b:  # wins nothing in the first row
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def shortened(word: str, letters: int) -> set[str]:
    """The word, and the word with up to `letters` letters left out."""
    found = {word}
    fresh = {word}
    for _ in range(letters):
        fresh = {w[:i] + w[i + 1 :] for w in fresh for i in range(len(w)) if len(w) > 1}
        found |= fresh
    return found


class Neighbors:
    """Finds the words of a fixed list that are at most `letters` apart from a given one."""

    def __init__(self, words: Iterable[str], letters: int = 1) -> None:
        self._letters = letters
        self._by_rest: dict[str, list[str]] = {}
        for word in words:
            for rest in shortened(word, letters):
                self._by_rest.setdefault(rest, []).append(word)

    def of(self, word: str) -> list[str]:
        """The words near to `word` (itself too, if it is in the list), sorted."""
        close: set[str] = set()
        for rest in shortened(word, self._letters):
            close.update(self._by_rest.get(rest, ()))
        return sorted(w for w in close if apart(word, w, self._letters) <= self._letters)
