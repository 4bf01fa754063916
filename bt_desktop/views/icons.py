"""The icons: SVG lines in `resources/icons`, drawn in a token's color, sharp at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from bt_desktop import paths
from bt_desktop.views.theme import Theme


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (paths.resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def draw_icon(painter: QPainter, rect: QRectF, name: str, color: str) -> None:
    """Draw icon `name` in `color` (`#RRGGBB`) into `rect`."""
    text = _source(name).replace("currentColor", color)
    QSvgRenderer(QByteArray(text.encode())).render(painter, rect)


class _TintedEngine(QIconEngine):
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
        return _TintedEngine(self._theme, self._name, self._tint)


def icon(theme: Theme, name: str, tint: str = "ink") -> QIcon:
    """The icon `name` in the color of token `tint`, following the theme."""
    return QIcon(_TintedEngine(theme, name, tint))


class IconLabel(QWidget):
    """An icon as a widget of its own: decoration, never the only carrier of a meaning."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        tint: str = "ink",
        size: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name, self._tint, self._size = theme, name, tint, size
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._resize)
        self._resize()

    def show_icon(self, name: str, tint: str) -> None:
        """Show another icon, or the same in another color."""
        self._name, self._tint = name, tint
        self.update()

    def _resize(self) -> None:
        side = self._theme.px(self._size)
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = getattr(self._theme.tokens, self._tint)
        draw_icon(painter, QRectF(self.rect()), self._name, color)
