"""How a sheet of Letter paper lies, and where on it text may stand. All in points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A sheet of `wide` x `high`: `margin` left, right and above, `foot` the lowest line of text.

    `head` is the room of the first page's head, `gap` stands between text and foot. `body` is the
    most that stands on one page, a little less: what is higher has to be split.
    """

    name: str
    wide: float
    high: float
    margin: float
    foot: float
    head: float
    gap: float
    body: float

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.wide - 2 * self.margin

    @property
    def right(self) -> float:
        """The right margin."""
        return self.wide - self.margin

    @property
    def top(self) -> float:
        """Under the upper margin."""
        return self.high - self.margin


UPRIGHT = Shape("upright", 612.0, 792.0, margin=54.0, foot=40.0, head=50.0, gap=10.0, body=590.0)
"""Margins of 0.75 in: 504 points of text on a line."""

LYING = Shape("lying", 792.0, 612.0, margin=36.0, foot=24.0, head=42.0, gap=6.0, body=430.0)
"""Margins of 0.5 in, for what is wider than high: 720 points on a line."""
