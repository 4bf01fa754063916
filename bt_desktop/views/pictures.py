"""Pictures from bytes: shown from memory, within bounds, never from a file."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bt_desktop.views.icons import draw_icon
from bt_desktop.views.theme import Theme


def image_of(data: bytes) -> QImage:
    """The picture; a null image for bytes that are none."""
    image = QImage()
    image.loadFromData(data)
    return image


class Portrait(QWidget):
    """A face, or the initials of somebody without a photo. `side` is in pixels at 100 %."""

    def __init__(self, theme: Theme, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._side = theme, side
        self._image = QImage()
        self._initials = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_person(self, initials: str, photo: bytes | None) -> None:
        """Show the photo, or the initials."""
        self._initials = initials
        self._image = image_of(photo) if photo else QImage()
        self.setAccessibleName("Photo" if not self._image.isNull() else "No photo")
        self.update()

    @property
    def has_photo(self) -> bool:
        """Whether a photo is on show."""
        return not self._image.isNull()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._side)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(box, 8, 8)
        painter.setClipPath(path)
        painter.fillRect(box, self._theme.color("accent_weak"))
        if not self._image.isNull():
            self._paint_photo(painter, box)
        else:
            painter.setPen(self._theme.color("accent"))
            painter.setFont(self._theme.font(max(13, self._side // 3), weight=600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._initials)

    def _paint_photo(self, painter: QPainter, box: QRectF) -> None:
        """Filled; of a tall photo the upper part is kept, where the face is."""
        size = self._image.size().scaled(
            box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        top = -(size.height() - box.height()) * 0.2
        left = -(size.width() - box.width()) / 2
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)


class Thumb(QWidget):
    """The small picture of a file, or the icon of a paper. `side` is in pixels at 100 %."""

    def __init__(
        self, theme: Theme, side: int, picture: bytes | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._side = theme, side
        self._image = image_of(picture) if picture else QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._side)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        painter.fillRect(box, self._theme.color("raised"))
        if self._image.isNull():
            inset = box.width() * 0.28
            ink = QColor(self._theme.color("muted")).name()
            draw_icon(painter, box.adjusted(inset, inset, -inset, -inset), "record", ink)
        else:
            size = self._image.size().scaled(
                box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            left, top = (box.width() - size.width()) / 2, (box.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.setPen(self._theme.color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
