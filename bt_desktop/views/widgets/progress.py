"""How far a draft is, as a thin line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bt_desktop.views.theme import Theme


class ProgressLine(QWidget):
    """A line filled to `share` (0 to 1). The number is also said in words by whoever uses it."""

    def __init__(self, theme: Theme, share: float = 0.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._share = theme, share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{round(share * 100)} percent filled")

    def set_share(self, share: float) -> None:
        """Fill to `share`."""
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleName(f"{round(self._share * 100)} percent filled")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(rect, radius, radius)
        if self._share > 0:
            rect.setWidth(max(rect.height(), rect.width() * self._share))
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(rect, radius, radius)
