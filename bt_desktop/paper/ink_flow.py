"""Draws signatures: the strokes of a pen over a line, as large as their place allows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable

from bt_desktop.paper.document import Ink
from bt_desktop.paper.setting import HAIRLINE, INK


class Strokes(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A drawn signature as lines, scaled into its place; a typed one as its name in italics."""

    def __init__(self, ink: Ink | None, width: float = 184, height: float = 46) -> None:
        super().__init__()
        self._ink = ink
        self.width, self.height = width, height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """No wider than its place."""
        self.width = min(self.width, width)
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(HAIRLINE)
        self.canv.line(0, 0, self.width, 0)
        if self._ink is not None and self._ink.kind == "drawn":
            self._draw_strokes(self._ink)

    def _draw_strokes(self, ink: Ink) -> None:
        strokes = [_finite(stroke) for stroke in ink.strokes]
        points = [point for stroke in strokes for point in stroke]
        if not points:
            return
        left, top = (min(axis) for axis in zip(*points, strict=True))
        right, bottom = (max(axis) for axis in zip(*points, strict=True))
        scale = min(
            (self.width - 8) / max(right - left, 1.0), (self.height - 6) / max(bottom - top, 1.0), 1
        )
        self.canv.setLineWidth(1.1)
        self.canv.setLineCap(1)
        self.canv.setLineJoin(1)
        path = self.canv.beginPath()
        for stroke in strokes:
            for number, (x, y) in enumerate(stroke):
                place = path.lineTo if number else path.moveTo
                place(4 + (x - left) * scale, 4 + (bottom - y) * scale)
            if len(stroke) == 1:  # a dot: a line of no length, round at both ends
                path.lineTo(4 + (stroke[0][0] - left) * scale, 4 + (bottom - stroke[0][1]) * scale)
        self.canv.drawPath(path, stroke=1, fill=0)


def _finite(stroke: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    return [(p[0], p[1]) for p in stroke if math.isfinite(p[0]) and math.isfinite(p[1])]
