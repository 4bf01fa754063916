"""Smooth curves through points, and the closed shapes that are put together from pieces of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
Segment = tuple[Point, Point, Point, Point]
"""A cubic Bézier: where it begins, its two handles, where it ends."""


@dataclass(frozen=True)
class Piece:
    """A run of Bézier segments, each beginning where the last one ended."""

    segments: tuple[Segment, ...]

    @property
    def start(self) -> Point:
        return self.segments[0][0]

    @property
    def end(self) -> Point:
        return self.segments[-1][3]

    def back(self) -> Piece:
        """The same run the other way round."""
        return Piece(tuple((d, c, b, a) for a, b, c, d in reversed(self.segments)))

    def moved(self, by: Callable[[Point], Point]) -> Piece:
        """The same run with every point put elsewhere."""
        return Piece(tuple(tuple(by(p) for p in s) for s in self.segments))  # type: ignore[misc]

    def mirrored(self) -> Piece:
        """The same run on the other side of the axis x = 0."""
        return self.moved(lambda p: (-p[0], p[1]))

    def part(self, first: int, last: int) -> Piece:
        """From the `first` knot to the `last`; backwards where `last` comes before it."""
        if last < first:
            return self.part(last, first).back()
        return Piece(self.segments[first:last])

    def __add__(self, other: Piece) -> Piece:
        if math.dist(self.end, other.start) > 0.05:
            raise ValueError(f"a gap between {self.end} and {other.start}")
        return Piece(self.segments + other.segments)


def smooth(*knots: Point, ease: float = 1 / 6, closed: bool = False) -> Piece:
    """A curve through `knots` (Catmull-Rom): `ease` says how wide it swings, 0 is straight.

    Where it begins or ends on the axis x = 0 it crosses it square, so that a half and its mirror
    image meet without a corner.
    """
    ends = (
        (knots[-1], knots[0]) if closed else (_beyond(knots[0], knots[1]), _beyond(*knots[:-3:-1]))
    )
    row = [ends[0], *knots, ends[1]] if not closed else [knots[-1], *knots, knots[0], knots[1]]
    made: list[Segment] = []
    for before, one, two, after in zip(row, row[1:], row[2:], row[3:], strict=False):
        made.append((
            one,
            (one[0] + (two[0] - before[0]) * ease, one[1] + (two[1] - before[1]) * ease),
            (two[0] - (after[0] - one[0]) * ease, two[1] - (after[1] - one[1]) * ease),
            two,
        ))  # fmt: skip
    return Piece(tuple(made))


def _beyond(end: Point, inner: Point) -> Point:
    """The knot that would follow the end of an open curve."""
    return (-inner[0], inner[1]) if end[0] == 0 else end


def straight(*knots: Point) -> Piece:
    """Straight lines from knot to knot."""
    return smooth(*knots, ease=0.0)


def loop(*pieces: Piece) -> Piece:
    """A closed shape of pieces that meet; the gap from the last to the first is drawn straight."""
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole + piece
    if math.dist(whole.start, whole.end) > 0.05:
        whole = whole + straight(whole.end, whole.start)
    return whole


def oval(x: float, y: float, wide: float, high: float, lean: float = 0.0) -> Piece:
    """An ellipse around (x, y), `wide` and `high` across, leaning by `lean` degrees."""
    turn = math.radians(lean)
    knots = []
    for step in range(12):
        angle = math.tau * step / 12
        dx, dy = wide / 2 * math.cos(angle), high / 2 * math.sin(angle)
        knots.append((x + dx * math.cos(turn) - dy * math.sin(turn),
                      y + dx * math.sin(turn) + dy * math.cos(turn)))  # fmt: skip
    return smooth(*knots, closed=True)


def finger(base: Point, tip: Point, wide: float, narrow: float) -> Piece:
    """A finger or toe from the middle of its base to its tip, `wide` there and `narrow` here."""
    length = math.dist(base, tip) or 1.0
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length

    def at(along: float, aside: float) -> Point:
        return (base[0] + ux * along * length - uy * aside,
                base[1] + uy * along * length + ux * aside)  # fmt: skip

    w, n = wide / 2, narrow / 2
    return smooth(at(0, w), at(0.45, w * 0.96), at(0.8, n), at(0.96, n * 0.62), at(1, 0),
                  at(0.96, -n * 0.62), at(0.8, -n), at(0.45, -w * 0.96), at(0, -w))  # fmt: skip


@dataclass
class Sketch:
    """What stands in one picture: regions in the order they are laid on, strokes, the letter."""

    name: str
    regions: list[tuple[str, list[Piece]]] = field(default_factory=list)
    strokes: list[Piece] = field(default_factory=list)
    hints: list[Piece] = field(default_factory=list)
    letter: tuple[str, Point] | None = None

    def region(self, name: str, *loops: Piece) -> None:
        """A region of one or several closed shapes; it covers what was laid on before."""
        self.regions.append((name, list(loops)))

    def both(self, name: str, *loops: Piece, right_half: str, left_half: str) -> None:
        """A region of the right half of the picture, and its mirror image in the left half."""
        self.region(f"{name}_{right_half}", *loops)
        self.region(f"{name}_{left_half}", *(p.mirrored() for p in loops))

    def stroke(self, *pieces: Piece, mirror: bool = False) -> None:
        """Lines of the outline."""
        self.strokes += [*pieces, *(p.mirrored() for p in pieces if mirror)]

    def hint(self, *pieces: Piece, mirror: bool = False) -> None:
        """Thin lines that help to find one's way (a collarbone, an eye)."""
        self.hints += [*pieces, *(p.mirrored() for p in pieces if mirror)]

    def points(self) -> Iterable[Point]:
        """Every point and handle of every line."""
        pieces: Sequence[Piece] = [
            *self.strokes,
            *self.hints,
            *(p for _, r in self.regions for p in r),
        ]
        return (point for piece in pieces for segment in piece.segments for point in segment)
