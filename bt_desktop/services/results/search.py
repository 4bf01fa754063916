"""What a search for words found, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass

from bt_desktop.services.results.records import RecordSummary


@dataclass(frozen=True, slots=True)
class TextHit:
    """A record in whose text the words stand. `place` goes on from here (`SearchService.texts`).

    `part` is the part of the record in words; `snippet` the words around the first match, `spans`
    where in it the matches stand. `earlier`: only in a version that was amended since.
    """

    record: RecordSummary
    part: str
    snippet: str
    spans: tuple[tuple[int, int], ...]
    earlier: bool
    place: int


@dataclass(frozen=True, slots=True)
class TextHits:
    """Hits, newest event first. `more`: there are further ones.

    `behind` counts records whose newest words are not in the index yet (of those that anybody
    may read; it says nothing of what was found).
    """

    hits: tuple[TextHit, ...]
    more: bool = False
    behind: int = 0
