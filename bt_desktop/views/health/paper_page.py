"""A page of the health office over which a kept scan or photo can be laid."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.entries import Document
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_card import DOCUMENT_WORDS
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.page import Page


class PaperPage(Page):
    """`_back` is the page's way out; it has the focus again when the paper is lifted."""

    _back: LinkButton

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, wide: int = 0) -> None:
        super().__init__(desk.theme, parent, wide=wide)
        self._desk = desk
        self._over: QWidget | None = None

    def _lay(self, document: Document, data: bytes) -> None:
        from bt_desktop.views.attachment_view import AttachmentView  # deferred: loads QtPdf

        words = DOCUMENT_WORDS.get(document.kind, DOCUMENT_WORDS["other"])
        over = self._over = AttachmentView(self._desk, document, data, self, kind=words)
        over.back.connect(self._lift)
        self.scroll_area.hide()
        self._ground.addWidget(over, 1)
        over.leave.setFocus()

    @Slot()
    def _lift(self) -> None:
        if self._over is not None:
            self._over.hide()
            self._over.deleteLater()
            self._over = None
        self.scroll_area.show()
        self._back.setFocus()
