"""Tables that go over pages: between rows, with their head again, and fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Table

from bt_desktop.paper import fonts
from bt_desktop.paper.shape import LYING, UPRIGHT, Shape


class PaperTable(Table):  # type: ignore[misc]  # reportlab has no types
    """A table that splits between rows, and inside one only if it is higher than a page."""

    _known_at = -1.0
    body = UPRIGHT.body
    opens_with = 1
    """How many rows its beginning has: a row and the line below that is bound to it are two."""

    def _calc(self, width: float, height: float) -> None:
        """Our cells are as high on any page: what was laid out for a width is not laid out again.

        reportlab does it at each wrap and split, which doubles the time of a report.
        """
        if self._known_at != width:
            super()._calc(width, height)
            self._known_at = width

    def split(self, width: float, height: float) -> list[Any]:
        self._calc(width, height)
        pieces: list[Any] = self._splitRows(height, doInRowSplit=False)
        if pieces or sum(self._rowHeights[: self.repeatRows + 1]) <= self.body:
            return pieces
        return list(self._splitRows(height, doInRowSplit=True))

    def onSplit(self, piece: Any, byRow: int = 1) -> None:
        """No line above what goes on: reportlab puts the hairline of the row before there, which
        on the next page stands below the page's own head."""
        if not piece.repeatRows:
            piece._linecmds = [c for c in piece._linecmds if (c[0], c[1][1]) != ("LINEABOVE", 0)]


class _LyingTable(PaperTable):
    """The same on a sheet that lies: its pieces are made by its class, so it is one."""

    body = LYING.body


def table(
    rows: list[list[Any]], widths: Sequence[float], style: Any, shape: Shape, heads: int = 0
) -> PaperTable:
    """Rows of flowables; `widths` in points, `style` as reportlab's, `heads` rows repeat."""
    # reportlab sets a cell's own font before it draws a paragraph in it: Helvetica unless said.
    said = [("FONT", (0, 0), (-1, -1), fonts.REGULAR, 10.5, 14), *style]
    kind = _LyingTable if shape is LYING else PaperTable
    return kind(
        rows, colWidths=list(widths), style=said, repeatRows=heads, splitInRow=1, hAlign="LEFT"
    )
