"""Draws days: the grid of a medication record, and small calendars. Black on white; what is not a
school day is hatched, so that a copy of a copy still tells it.

`blocks` alone makes these, from a `DayGrid` and from `Calendars`.
"""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from bt_desktop.paper import fonts
from bt_desktop.paper.content import (
    Calendars,
    DayCell,
    DayGrid,
    DayRow,
    MiniDay,
    MiniMonth,
)
from bt_desktop.paper.setting import BAND, HAIRLINE, INK, MUTED, PAPER

_LABEL = 74.0
_WIDEST = 96.0
"""Points of a day's column at most: a trip of two days is no page of two columns."""
_HEAD = 21.0
_NOTED = 20.0
"""Points of a row with a note under its label, at least."""
_MAIN, _TOP, _FOOT = 8.5, 7.0, 6.0
_LEAST_SIZE = 4.5
_RULE = 0.9
_APART = 5.0
"""Points between two lines of the hatching."""
_HATCH = MUTED


class DayGridFlow(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A grid over the width of its place."""

    def __init__(self, block: DayGrid) -> None:
        super().__init__()
        self._block = block
        self._heights = [_row_height(row, block) for row in block.rows]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        days = max(len(self._block.days), 1)
        self._column = min((width - _LABEL) / days, _WIDEST)
        self.width = _LABEL + self._column * days
        self.height = _HEAD + sum(self._heights)
        return self.width, self.height

    def draw(self) -> None:
        """Shades first, then lines, then what is written: nothing lies over a word."""
        canvas = self.canv
        below = self.height - _HEAD
        self._draw_head(below)
        for number, day in enumerate(self._block.days):
            if day.shade:
                hatch(canvas, self._left(number), 0, self._column, below)
        canvas.setFillColor(INK)
        top = below
        for row, high in zip(self._block.rows, self._heights, strict=True):
            self._draw_row(row, top - high, high)
            top -= high
        self._draw_lines(below)

    def _left(self, number: int) -> float:
        return _LABEL + self._column * number

    def _draw_head(self, below: float) -> None:
        canvas = self.canv
        canvas.setFillColor(BAND)
        canvas.rect(0, below, self.width, _HEAD, stroke=0, fill=1)
        canvas.setFillColor(INK)
        for number, day in enumerate(self._block.days):
            middle = self._left(number) + self._column / 2
            fit(canvas, day.number, middle, below + 11, fonts.BOLD, 9, self._column - 1)
            fit(canvas, day.name, middle, below + 3, fonts.REGULAR, 6.5, self._column - 1)

    def _draw_row(self, row: DayRow, low: float, high: float) -> None:
        canvas = self.canv
        room = _LABEL - 8
        label, size = (fonts.REGULAR, 7.0) if row.slim else (fonts.BOLD, 9.0)
        base = low + (high - size) / 2 + 1.2
        if row.note:
            base += 4.5
            fit(canvas, row.note, 4, base - 8.5, fonts.REGULAR, 6.8, room, middle=False)
        fit(canvas, row.label, 4, base, label, size, room, middle=False)
        for number, cell in enumerate(row.cells):
            self._draw_cell(cell, number, low, high, slim=row.slim)

    def _draw_cell(
        self, cell: DayCell, number: int, low: float, high: float, *, slim: bool
    ) -> None:
        said = [part for part in _parts(cell) if part[0]]
        if not said:
            return
        canvas, wide, left = self.canv, self._column, self._left(number)
        put = word if self._block.days[number].shade else fit
        y = low + (high + sum(_leading(size, slim=slim) for _, size, _ in said)) / 2
        for place, (text, size, font) in enumerate(said):
            lead = _leading(size, slim=slim)
            y -= lead
            chosen, fitted = (fonts.REGULAR, lead - 0.6) if slim else (font, size)
            put(canvas, text, left + wide / 2, y + 1.8, chosen, fitted, wide - 3)
            if cell.ruled and cell.top and not place and len(said) > 1:
                canvas.setStrokeColor(INK)
                canvas.setLineWidth(0.4)
                canvas.line(left + 3, y + 0.4, left + wide - 3, y + 0.4)

    def _draw_lines(self, below: float) -> None:
        """Hairlines between days, thicker ones between times and around it all."""
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(HAIRLINE)
        for number in range(len(self._block.days)):
            canvas.line(self._left(number), 0, self._left(number), self.height)
        y = below
        for place, high in enumerate(self._heights):
            slim = self._block.rows[place].slim
            canvas.setLineWidth(HAIRLINE if slim else _RULE)
            if slim:
                canvas.setDash(1, 1.5)
            canvas.line(0, y, self.width, y)
            canvas.setDash()
            y -= high
        canvas.setLineWidth(_RULE)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)


def _row_height(row: DayRow, block: DayGrid) -> float:
    if row.slim:
        return block.slim
    stacked = max((_stacked(cell) for cell in row.cells), default=0.0)
    return max(block.least, stacked + 2, _NOTED if row.note else 0)


def _stacked(cell: DayCell) -> float:
    return sum(_leading(size, slim=False) for text, size, _ in _parts(cell) if text)


def _parts(cell: DayCell) -> tuple[tuple[str, float, str], ...]:
    """What stands in a cell from its top: the words, their size, their font."""
    return (
        (cell.top, _TOP, fonts.REGULAR),
        (cell.main, _MAIN, fonts.BOLD),
        (cell.foot, _FOOT, fonts.REGULAR),
    )


def _leading(size: float, *, slim: bool) -> float:
    return size + (0.2 if slim else 1.2)


class CalendarsFlow(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Small calendars below and beside one another."""

    _GAP, _NAME, _DAYS = 9.0, 12.0, 8.0
    _WEEKS = 5

    def __init__(self, block: Calendars) -> None:
        super().__init__()
        self._block = block
        self._one = self._NAME + self._DAYS + self._WEEKS * block.week

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        across = self._block.across
        self._wide = (width - self._GAP * (across - 1)) / across
        deep = -(-len(self._block.months) // across)
        self.width, self.height = width, deep * (self._one + self._GAP) - self._GAP
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setFillColor(INK)
        for number, month in enumerate(self._block.months):
            down, along = divmod(number, self._block.across)
            top = self.height - down * (self._one + self._GAP)
            self._draw_month(month, along * (self._wide + self._GAP), top)

    def _draw_month(self, month: MiniMonth, left: float, top: float) -> None:
        canvas = self.canv
        fit(canvas, month.name, left, top - 9, fonts.BOLD, 9, self._wide, middle=False)
        wide = self._wide / 5
        head = top - self._NAME
        for place, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri")):
            fit(canvas, name, left + wide * (place + 0.5), head - 6.5, fonts.REGULAR, 6.5, wide)
        for down, week in enumerate(month.weeks):
            low = head - self._DAYS - (down + 1) * self._block.week
            for place, day in enumerate(week):
                if day is not None:
                    self._draw_day(day, left + wide * place, low, wide)

    def _draw_day(self, day: MiniDay, left: float, low: float, wide: float) -> None:
        canvas = self.canv
        high = self._block.week
        if day.shade:
            hatch(canvas, left, low, wide, high)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(HAIRLINE)
        canvas.rect(left, low, wide, high, stroke=1, fill=0)
        put = word if day.shade else fit
        put(canvas, day.number, left + 5, low + high - 7, fonts.REGULAR, 6.5, 9)
        put(canvas, day.mark, left + wide / 2, low + 3, fonts.BOLD, _MAIN, wide - 3)


def hatch(canvas: Any, left: float, low: float, wide: float, high: float) -> None:
    """Slanting lines within a rectangle; one of each size is drawn and then referred to."""
    form = f"hatch{wide * 100:.0f}x{high * 100:.0f}"
    if not canvas.hasForm(form):
        canvas.beginForm(form, 0, 0, wide, high)
        _draw_hatch(canvas, wide, high)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(left, low)
    canvas.doForm(form)
    canvas.restoreState()


def _draw_hatch(canvas: Any, wide: float, high: float) -> None:
    path = canvas.beginPath()
    at = _APART
    while at < wide + high:
        x0, y0 = (at, 0.0) if at <= wide else (wide, at - wide)
        x1, y1 = (0.0, at) if at <= high else (at - high, high)
        path.moveTo(x0, y0)
        path.lineTo(x1, y1)
        at += _APART
    canvas.setStrokeColor(_HATCH)
    canvas.setLineWidth(0.35)
    canvas.drawPath(path, stroke=1, fill=0)


def word(canvas: Any, text: str, x: float, y: float, font: str, size: float, width: float) -> None:
    """A word around `x` as `fit` sets it, the hatching left white behind it."""
    if not text:
        return
    wide = min(stringWidth(_printable(text), font, size), width) + 2
    canvas.setFillColor(PAPER)
    canvas.rect(x - wide / 2, y - 1.3, wide, size * 0.72 + 2.2, stroke=0, fill=1)
    canvas.setFillColor(INK)
    fit(canvas, text, x, y, font, size, width)


def fit(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    font: str,
    size: float,
    width: float,
    *,
    middle: bool = True,
) -> None:
    """A word in that font, smaller where it would be wider than `width`, around or from `x`, in
    the color that is set."""
    if not text:
        return
    text = _printable(text)
    wide = stringWidth(text, font, size)
    if wide > width:
        size = max(size * width / wide, _LEAST_SIZE)
    canvas.setFont(font, size)
    (canvas.drawCentredString if middle else canvas.drawString)(x, y, text)


def _printable(text: str) -> str:
    """Most words are initials and figures, which every font has."""
    return text if text.isascii() and text.isprintable() else fonts.printable(text)
