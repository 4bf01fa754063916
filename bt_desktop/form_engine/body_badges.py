"""Where the pictures of a sheet go, and where the numbers of its marks go, on screen and paper.

Plain arithmetic without ink: the window calls it with pixels, the paper with points. Numbers never
hide each other: marks of one place fan out around it, and where they pile up one badge bundles
them ("12–18"). The same marks give the same badges.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Numbered = tuple[int, float, float]
"""A mark's number and where it lies."""

FAN = 6
"""Marks of one place that still get a circle each; more are bundled."""
_PIECES = 9
"""Characters of one line in a bundle: `12–18, 9`."""
_LINES = 2
_RING = 0.62
_RINGS = 7
_ANGLES = 12
_FULL = 0.5
"""Share of a page that badges can cover at most, found by trying: circles leave gaps."""
# how far marks may lie apart (in circles) to be bundled, and how many still fan out then
_TRIES = (
    (0.4, FAN), (1.2, FAN), (1.8, 3), (2.2, 2), (2.6, 1), (3.2, 1), (4.0, 1), (5.0, 1), (6.5, 1),
    (9.0, 1), (14.0, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """One picture of a sheet: its top left corner and how many units of the page one of its is."""

    view: str
    left: float
    top: float
    scale: float
    width: float
    height: float

    def at(self, x: float, y: float) -> Point:
        """Where a point given in fractions of the picture lies on the page."""
        return (self.left + x * self.width, self.top + y * self.height)

    def fraction(self, x: float, y: float) -> Point | None:
        """The fractions of a point of the page; None where it lies outside the picture."""
        across, down = (x - self.left) / self.width, (y - self.top) / self.height
        return (across, down) if 0 <= across <= 1 and 0 <= down <= 1 else None


@dataclass(frozen=True, slots=True)
class Badge:
    """A circle with a number, or a pill with several: its middle, its size, its marks' places."""

    numbers: tuple[int, ...]
    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    high: float
    places: tuple[Point, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies on it."""
        return abs(x - self.x) <= self.wide / 2 and abs(y - self.y) <= self.high / 2

    def strays(self) -> Iterator[Point]:
        """The places that the badge does not cover, and a line must lead to."""
        return (place for place in self.places if not self.holds(*place))


def arrange(
    sizes: Sequence[tuple[str, float, float]],
    width: float,
    height: float,
    *,
    gap: float,
    caption: float,
) -> tuple[Placed, ...]:
    """Pictures (view, width, height) in rows, as large as `width` by `height` allows, all at one
    scale, each with room for a `caption` under it, the rows centered."""
    best: tuple[float, list[Sequence[tuple[str, float, float]]]] = (0.0, [])
    for across in range(1, len(sizes) + 1):
        rows = [sizes[at : at + across] for at in range(0, len(sizes), across)]
        free_wide = width - gap * (across + 1)
        free_high = height - (gap + caption) * len(rows)
        widest = max(sum(w for _, w, _ in row) for row in rows)
        tallest = sum(max(h for _, _, h in row) for row in rows)
        scale = min(free_wide / widest, free_high / tallest)
        if scale > best[0]:
            best = (scale, rows)
    scale, rows = best
    made: list[Placed] = []
    top = gap / 2
    for row in rows:
        used = sum(w for _, w, _ in row) * scale + gap * (len(row) - 1)
        left, high = (width - used) / 2, max(h for _, _, h in row) * scale
        for view, w, h in row:
            made.append(Placed(view, left, top + high - h * scale, scale, w * scale, h * scale))
            left += w * scale + gap
        top += high + gap + caption
    return tuple(made)


def ranges(numbers: Iterable[int]) -> list[str]:
    """Numbers in few words: three or more in a row as `12–18`."""
    ordered = sorted(numbers)
    runs: list[list[int]] = [[ordered[0]]] if ordered else []
    for before, number in pairwise(ordered):
        if number == before + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    made: list[str] = []
    for run in runs:
        made += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)
    return made


def bundle(numbers: Sequence[int]) -> tuple[str, ...]:
    """The lines of a badge; what does not fit into them is counted: `+14`."""
    pieces = ranges(numbers)
    lines: list[str] = []
    told = 0
    for piece in pieces:
        joined = f"{lines[-1]}, {piece}" if lines else piece
        if lines and len(joined) <= _PIECES:
            lines[-1] = joined
        elif len(lines) < _LINES:
            lines.append(piece)
        else:
            break
        told += _count(piece)
    left = len(numbers) - told
    if left:
        lines[-1] = f"{lines[-1]} +{left}"
    return tuple(lines)


def _count(piece: str) -> int:
    first, _, last = piece.partition("–")
    return int(last) - int(first) + 1 if last else 1


def badges(
    marks: Sequence[Numbered], size: float, char: float, width: float, height: float
) -> tuple[Badge, ...]:
    """The badges of marks on a page of `width` by `height`. `size` is a circle's diameter, `char`
    the width of one character."""
    for apart, fan in _TRIES:
        made = _Layout(size, char, width, height).try_all(_clusters(marks, apart * size), fan)
        if made is not None:
            return made
    layout = _Layout(size, char, width, height)
    return tuple(layout.badge(cluster) for cluster in _clusters(marks, math.inf))


def _clusters(marks: Sequence[Numbered], apart: float) -> list[list[Numbered]]:
    """Marks that lie together: each joins the nearest first mark that is not farther than this."""
    if apart == math.inf:
        return [list(marks)]
    made: list[list[Numbered]] = []
    cells: dict[tuple[int, int], list[list[Numbered]]] = {}
    for mark in marks:
        i, j = int(mark[1] // apart), int(mark[2] // apart)
        beside = [(i + di, j + dj) for di in (-1, 0, 1) for dj in (-1, 0, 1)]
        near = [cluster for cell in beside for cluster in cells.get(cell, ())]
        best = min(near, key=lambda c: _distance(c[0], mark), default=None)
        if best is not None and _distance(best[0], mark) <= apart:
            best.append(mark)
        else:
            made.append([mark])
            cells.setdefault((i, j), []).append(made[-1])
    return made


def _distance(one: Numbered, other: Numbered) -> float:
    return math.hypot(one[1] - other[1], one[2] - other[2])


class _Layout:
    """Places badges one after the other where there is still room."""

    def __init__(self, size: float, char: float, width: float, height: float) -> None:
        self._size, self._char = size, char
        self._width, self._height = width, height
        self._rows: dict[int, list[tuple[float, float, float, float]]] = {}

    def try_all(self, clusters: list[list[Numbered]], fan: int) -> tuple[Badge, ...] | None:
        """A badge for each mark or bundle; None where one found no room."""
        wanted: list[list[Numbered]] = []
        for cluster in clusters:
            wanted += [cluster] if len(cluster) > fan else [[mark] for mark in cluster]
        wished = [self.badge(group) for group in wanted]
        if not wished or not self._have_room(wished):
            return () if not wished else None
        made: list[Badge] = []
        for badge in sorted(wished, key=lambda b: (-len(b.numbers), b.numbers)):
            found = self._fit(badge)
            if found is None:
                return None
            made.append(found)
        return tuple(sorted(made, key=lambda badge: badge.numbers))

    def _have_room(self, wished: Sequence[Badge]) -> bool:
        """Whether so many badges can fit about where the marks lie at all: spares a long search."""
        reach = self._size * _RING * _RINGS
        wide = max(b.x for b in wished) - min(b.x for b in wished) + 2 * reach
        high = max(b.y for b in wished) - min(b.y for b in wished) + 2 * reach
        room = min(wide, self._width) * min(high, self._height)
        return sum(b.wide * b.high for b in wished) <= _FULL * room

    def badge(self, group: Sequence[Numbered]) -> Badge:
        """The badge of a group, in the middle of its marks, kept on the page."""
        numbers = tuple(n for n, _, _ in group)
        places = tuple((x, y) for _, x, y in group)
        lines = bundle(numbers)
        longest = max(map(len, lines))
        wide = max(self._size, self._char * longest + self._size * 0.5)
        high = self._size * (1 + 0.86 * (len(lines) - 1))
        x, y = (sum(axis) / len(axis) for axis in zip(*places, strict=True))
        x = min(max(x, wide / 2), max(self._width - wide / 2, wide / 2))
        y = min(max(y, high / 2), max(self._height - high / 2, high / 2))
        return Badge(numbers, lines, x, y, wide, high, places)

    def _fit(self, badge: Badge) -> Badge | None:
        """The badge where it is free, as near to its marks as can be."""
        half_wide, half_high, row = badge.wide / 2, badge.high / 2, self._size * 2
        most_x, most_y = self._width - half_wide, self._height - half_high
        for dx, dy in _SPIRAL:
            x = min(max(badge.x + dx * self._size, half_wide), most_x)
            y = min(max(badge.y + dy * self._size, half_high), most_y)
            rows = range(int((y - half_high) // row), int((y + half_high) // row) + 1)
            if all(
                abs(x - ox) >= half_wide + ow or abs(y - oy) >= half_high + oh
                for at in rows
                for ox, oy, ow, oh in self._rows.get(at, ())
            ):
                for at in rows:
                    self._rows.setdefault(at, []).append((x, y, half_wide, half_high))
                return Badge(badge.numbers, badge.lines, x, y, badge.wide, badge.high, badge.places)
        return None


def _spiral() -> Iterator[Point]:
    """Steps outward in rings, the first one at the place itself."""
    yield (0.0, 0.0)
    for ring in range(1, _RINGS + 1):
        for step in range(_ANGLES):
            angle = math.tau * (step / _ANGLES) - math.pi / 2
            yield (math.cos(angle) * ring * _RING, math.sin(angle) * ring * _RING)


_SPIRAL = tuple(_spiral())
