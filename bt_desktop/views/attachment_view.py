"""A paper or photo of a record on the screen, from memory; no file of it lies about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.services.attachments import PURPOSES
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.services.health.entries import Document
    from bt_desktop.services.results.records import Attachment
    from bt_desktop.views.desk import Desk

_EDGE = 24


class AttachmentView(QWidget):
    """One file, kept with a record or with an order. `back` to go on."""

    back = Signal()

    def __init__(
        self,
        desk: Desk,
        one: Attachment | Document,
        data: bytes,
        parent: QWidget | None = None,
        *,
        kind: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self.shown = self._pdf(data) if one.media_type == "application/pdf" else _picture(data)
        head = QFrame(self)
        head.setObjectName("formHead")
        self.leave = LinkButton("‹ &Back", head)
        self.leave.clicked.connect(self.back)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.setSpacing(12)
        row.addWidget(self.leave)
        row.addWidget(plain_label(one.name, "strong", head))
        kind = kind or PURPOSES.get(getattr(one, "purpose", ""), PURPOSES["other"])
        row.addWidget(plain_label(kind, "muted", head))
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        if self.shown is None:
            words = plain_label(
                "This file is damaged and cannot be shown. It is kept as it was handed in; save a "
                "copy to open it elsewhere.",
                "mutedBody",
                self,
            )
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(words, 1)
        else:
            (self.shown.focusProxy() or self.shown).setAccessibleName(f"{kind}: {one.name}")
            box.addWidget(self.shown, 1)

    def _pdf(self, data: bytes) -> QWidget | None:
        # Children are deleted in the order in which they were made (see `preview.PdfPreview`).
        view = QPdfView(self)
        document = QPdfDocument(self)
        buffer = QBuffer(self)
        buffer.setData(data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        if document.pageCount() < 1:
            view.hide()
            return None
        view.setPageMode(QPdfView.PageMode.MultiPage)
        view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        view.setDocument(document)
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return view


def _picture(data: bytes) -> QWidget | None:
    """The picture, upright, as wide as there is room; None for a damaged one."""
    from PySide6.QtGui import QImageReader

    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        return None
    area, fitted = Scroll(), _Fitted(image)
    area.setWidget(fitted)
    area.setFocusProxy(fitted)
    return area


class _Fitted(QLabel):
    """A picture within the width it gets, never larger than it is. It takes the focus, so that a
    screen reader names it; the arrows scroll it."""

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self._image = image
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._fits(width).height() + 2 * _EDGE

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _fits(self, width: int) -> QSize:
        room = QSize(max(50, width - 2 * _EDGE), 100_000)
        size = self._image.size()
        return size if size.width() <= room.width() else size.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio
        )  # fmt: skip

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._fits(self.width())
        left = (self.width() - size.width()) / 2
        painter.drawImage(QRectF(left, _EDGE, size.width(), size.height()), self._image)
