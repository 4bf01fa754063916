"""What stands behind a `QIcon` of ours; apart, because the unlock page needs none."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from bt_desktop.views.icons import draw_icon
from bt_desktop.views.theme import Theme


class TintedEngine(QIconEngine):
    """Draws in the token's color of the moment, so that a change of theme needs no new icon."""

    def __init__(self, theme: Theme, name: str, tint: str) -> None:
        super().__init__()
        self._theme, self._name, self._tint = theme, name, tint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        tint = "muted" if mode == QIcon.Mode.Disabled else self._tint
        draw_icon(painter, QRectF(rect), self._name, getattr(self._theme.tokens, tint))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # Qt's own name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        logical = QSize(round(size.width() / scale), round(size.height() / scale))
        self.paint(painter, QRect(QPoint(0, 0), logical), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return TintedEngine(self._theme, self._name, self._tint)
