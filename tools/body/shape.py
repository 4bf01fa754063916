"""How a child's figure differs from a grown one's: the same knots, put elsewhere.

Both are 800 units tall. A grown person is eight heads tall, a child of six or seven about six
(the canon that drawing manuals teach); shoulders and hips follow. Knots are given for the grown
figure; `Shape` moves them along landmarks.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tools.body.curves import Point

Steps = tuple[tuple[float, float], ...]

# height of a landmark in the grown figure -> in the child's
_CHILD_HEIGHTS: Steps = (
    (-80, -60), (0, 0), (101, 130), (118, 147), (146, 172), (190, 218), (292, 312), (372, 388),
    (428, 440), (492, 492), (590, 598), (765, 770), (812, 812),
)  # fmt: skip
# height in the grown figure -> how much wider the child's is there
_CHILD_WIDTHS: Steps = (
    (0, 1.24), (80, 1.22), (98, 1.05), (112, 0.95), (128, 0.88), (232, 0.90), (292, 1.02),
    (372, 0.93), (430, 0.90), (800, 0.92),
)  # fmt: skip


def _along(steps: Steps, at: float) -> float:
    place = min(max(bisect_right([key for key, _ in steps], at), 1), len(steps) - 1)
    (a, from_), (b, to) = steps[place - 1], steps[place]
    return from_ + (to - from_) * (at - a) / (b - a)


def _held(steps: Steps, at: float) -> float:
    return _along(steps, min(max(at, steps[0][0]), steps[-1][0]))


@dataclass(frozen=True)
class Shape:
    """One of the two figures; `at` puts a knot of the trunk, `arm` one of an arm."""

    figure: str

    @property
    def is_child(self) -> bool:
        return self.figure == "child"

    def at(self, x: float, y: float) -> Point:
        """Where a knot of head, trunk or leg lies in this figure."""
        if not self.is_child:
            return (x, y)
        return (x * _held(_CHILD_WIDTHS, y), _along(_CHILD_HEIGHTS, y))

    def arm(self, x: float, y: float) -> Point:
        """Where a knot of an arm lies: its width follows the shoulder all the way down."""
        if not self.is_child:
            return (x, y)
        return (x * 0.88, _along(_CHILD_HEIGHTS, y))
