"""How wide the columns of a table are: by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bt_desktop.paper.content import Rich

_LINE = 96
"""Characters of body type on one line of the page, about."""

# The spaces inside `10:12 – 10:14 am` and `Nov 12, 2026`: a column is made wide enough for them.
_BOUND = re.compile(
    r"(?<=:\d\d) (?=[–ap])|(?<=–) (?=\d)|(?<=^[A-Z][a-z]{2}) (?=\d)|(?<=\d,) (?=\d)"
)


def text_of(rich: Rich) -> str:
    """The words of a rich text."""
    return rich if isinstance(rich, str) else "".join(span.text for span in rich)


def column_shares(heads: Sequence[str], rows: Sequence[Sequence[Rich]]) -> list[float]:
    """Widths by content: no column narrower than its longest word, the rest by length of text."""
    columns = list(zip(heads, *(map(text_of, row) for row in rows), strict=True))
    bound = [[_BOUND.sub("_", cell) for cell in column] for column in columns]
    longest = [max((len(w) for cell in c for w in cell.split()), default=1) for c in bound]
    least = [min(word, 24) + 2.6 for word in longest]
    widest = [max(len(head) / 2, *map(len, cells)) for head, *cells in columns]
    wish = [max(min(w, 50.0) - word, 0) + 0.4 for w, word in zip(widest, longest, strict=True)]
    free = max(_LINE - sum(least), 0.0)
    return [own + free * part / sum(wish) for own, part in zip(least, wish, strict=True)]
