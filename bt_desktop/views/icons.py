"""The icons: SVG lines in `resources/icons`, drawn in a token's color, sharp at any scale."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from bt_desktop import paths
from bt_desktop.views.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPaintEvent


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (paths.resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def draw_icon(painter: QPainter, rect: QRectF, name: str, color: str) -> None:
    """Draw icon `name` in `color` (`#RRGGBB`) into `rect`."""
    from PySide6.QtSvg import QSvgRenderer  # deferred: first needed when something is painted

    text = _source(name).replace("currentColor", color)
    QSvgRenderer(QByteArray(text.encode())).render(painter, rect)


def icon(theme: Theme, name: str, tint: str = "ink") -> QIcon:
    """The icon `name` in the color of token `tint`, following the theme."""
    from PySide6.QtGui import QIcon  # deferred: the unlock page has no QIcon

    from bt_desktop.views.icon_engine import TintedEngine

    return QIcon(TintedEngine(theme, name, tint))


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
