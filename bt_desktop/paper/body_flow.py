"""Draws the body's vectors and the numbers of its marks on a page; black on white, no color.

`blocks` alone makes one of these, from a `BodyFigure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.body_badges import Badge, Placed, arrange, badges
from bt_desktop.form_engine.body_drawing import Drawing, Step, drawing
from bt_desktop.form_engine.definition import say
from bt_desktop.paper import fonts
from bt_desktop.paper.content import BodyFigure

_INK, _HINT, _BORDER = HexColor("#14181D"), HexColor("#4A535E"), HexColor("#C9D0D8")
_WHITE = HexColor("#FFFFFF")
_LINE, _THIN, _HAIR = 0.9, 0.5, 0.35
NUMBER_SIZE = 7.5
"""Points: the smallest type that is still read without effort from a copied page."""
_CIRCLE = NUMBER_SIZE * 1.5
_CAPTION, _CAPTION_SIZE, _LETTER_SIZE = 13.0, 8.5, 11.0
_GAP = 14.0


class BodyFlowable(Flowable):  # type: ignore[misc]  # reportlab has no types
    """One figure over the width of its place, as high as its pictures come out."""

    def __init__(self, block: BodyFigure) -> None:
        super().__init__()
        self._block = block
        self._placed: tuple[Placed, ...] = ()

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The pictures side by side, as large as fits into the block's height."""
        sizes = [(each.view, each.width, each.height) for each in self._drawings()]
        self._placed = arrange(sizes, width, self._block.height, gap=_GAP, caption=_CAPTION)
        self.width = width
        self.height = max(p.top + p.height for p in self._placed) + _CAPTION + _GAP / 2
        return self.width, self.height

    def _drawings(self) -> tuple[Drawing, ...]:
        return tuple(drawing(self._block.figure, view) for view in self._block.views)

    def draw(self) -> None:
        """All pictures, then all numbers over them."""
        canvas = self.canv
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for placed, picture in zip(self._placed, self._drawings(), strict=True):
            self._draw_picture(canvas, picture, placed)
        shown = self.badges()
        for badge in shown:
            self._draw_leaders(canvas, badge)
        for badge in shown:
            self._draw_badge(canvas, badge)

    def badges(self) -> tuple[Badge, ...]:
        """The numbers and where they stand, from the top left corner."""
        places = {placed.view: placed for placed in self._placed}
        marks = [
            (mark.n, *places[mark.view].at(mark.x, mark.y))
            for mark in self._block.marks
            if mark.view in places
        ]
        char = stringWidth("0", fonts.BOLD, NUMBER_SIZE)
        return badges(marks, _CIRCLE, char, self.width, self.height)

    def _draw_picture(self, canvas: Any, picture: Drawing, placed: Placed) -> None:
        for shape in picture.shapes.values():
            self._draw_path(canvas, shape.path, placed, _BORDER, _HAIR, fill=True)
        for steps in picture.hints:
            self._draw_path(canvas, steps, placed, _HINT, _THIN)
        for steps in picture.lines:
            self._draw_path(canvas, steps, placed, _INK, _LINE)
        x, y = picture.letter_at
        canvas.setFillColor(_INK)
        canvas.setFont(fonts.BOLD, _LETTER_SIZE)
        left, top = placed.left + x * placed.scale, placed.top + y * placed.scale
        canvas.drawCentredString(left, self.height - top, picture.letter)
        canvas.setFont(fonts.REGULAR, _CAPTION_SIZE)
        caption = fonts.printable(say(atlas().views[placed.view].label))
        foot = self.height - placed.top - placed.height - _CAPTION_SIZE - 1
        canvas.drawCentredString(placed.left + placed.width / 2, foot, caption)

    def _draw_path(
        self,
        canvas: Any,
        steps: Iterable[Step],
        placed: Placed,
        color: HexColor,
        line: float,
        *,
        fill: bool = False,
    ) -> None:
        path = canvas.beginPath()
        for command, numbers in steps:
            at = [
                placed.left + number * placed.scale
                if place % 2 == 0
                else self.height - placed.top - number * placed.scale
                for place, number in enumerate(numbers)
            ]
            {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}[command](*at)
        canvas.setStrokeColor(color)
        canvas.setLineWidth(line)
        canvas.setFillColor(_WHITE)
        canvas.drawPath(path, stroke=1, fill=int(fill))

    def _draw_leaders(self, canvas: Any, badge: Badge) -> None:
        canvas.setStrokeColor(_INK)
        canvas.setFillColor(_INK)
        canvas.setLineWidth(_THIN)
        for x, y in badge.strays():
            canvas.line(badge.x, self.height - badge.y, x, self.height - y)
            canvas.circle(x, self.height - y, 1.2, stroke=0, fill=1)

    def _draw_badge(self, canvas: Any, badge: Badge) -> None:
        left, foot = badge.x - badge.wide / 2, self.height - badge.y - badge.high / 2
        canvas.setStrokeColor(_INK)
        canvas.setFillColor(_WHITE)
        canvas.setLineWidth(_LINE)
        corner = min(badge.wide, badge.high / len(badge.lines)) / 2
        canvas.roundRect(left, foot, badge.wide, badge.high, corner, stroke=1, fill=1)
        canvas.setFillColor(_INK)
        canvas.setFont(fonts.BOLD, NUMBER_SIZE)
        step = badge.high / len(badge.lines)
        for place, text in enumerate(badge.lines):
            middle = foot + badge.high - step * (place + 0.5)
            canvas.drawCentredString(badge.x, middle - NUMBER_SIZE * 0.34, text)
