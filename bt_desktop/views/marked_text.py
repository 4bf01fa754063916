"""Text in one line with the letters that matched in bold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from bt_desktop.views.theme import Theme

_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def paint_marked(
    painter: QPainter,
    box: QRect,
    text: str,
    spans: Sequence[tuple[int, int]],
    theme: Theme,
    size: int,
) -> int:
    """Draw `text` in `box` with the letters of `spans` bold; returns how wide it came out."""
    plain, bold = theme.font(size), theme.font(size, weight=700)
    at, x = 0, box.x()
    pieces: list[tuple[str, bool]] = []
    for start, end in sorted(spans):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    for piece, strong in pieces:
        painter.setFont(bold if strong else plain)
        room = max(0, box.right() - x)
        words = painter.fontMetrics().elidedText(piece, Qt.TextElideMode.ElideRight, room)
        wide = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QRect(x, box.y(), wide + 2, box.height()), _VCENTER, words)
        x += wide
        if words != piece:
            break  # cut off here: nothing stands behind the dots
    return x - box.x()
