"""A PDF on the screen from memory, then printed or saved; no file of it lies about in between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QResizeEvent
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError, StorageFull
from bt_desktop.views.feedback import Banner, Tone, choose_save
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Pill, plain_label

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.views.desk import Desk

    Marked = Callable[[Literal["previewed", "printed", "saved"]], None]

PRINT_DPI = 300
_PAGE_EDGES = 16
COMFORTABLE = 1.3
"""Zoom at which a page of body text reads like the window's own text."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; readable by its owner alone.

    Raises `StorageFull`, or a `KnownError` when the place cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        if problem.errno in {28, 122}:  # ENOSPC, EDQUOT
            raise StorageFull from None
        raise _NotWritten from None


class _NotWritten(KnownError):
    """The place chosen for a copy cannot be written."""

    def __init__(self) -> None:
        super().__init__(
            "copy-not-written",
            "The file could not be written there.",
            "Choose another folder, then save again.",
        )


class PdfPreview(QWidget):
    """Shows a copy and lets it be printed or saved.

    Signals: `back`; `became(what)` with `printed` or `saved` once it really happened.
    `printer_dialog(printer, parent) -> bool` can be replaced in tests (a printer is an edge).
    """

    back = Signal()
    became = Signal(str)

    def __init__(
        self,
        desk: Desk,
        copy: PrintedCopy,
        title: str,
        *,
        printer_dialog: Callable[[QPrinter, QWidget], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self.copy = desk, copy
        self._printer_dialog = printer_dialog or ask_printer
        self.banner = Banner(desk.theme, self)
        # Children are deleted in the order in which they were made: first the view, whose own
        # thread reads the document, then the document, then the bytes it reads from.
        self.view = QPdfView(self)
        self.document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._buffer.setData(copy.pdf)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self._zoom()
        self.view.setDocument(self.document)
        self.view.setAccessibleName(f"{title}, {self.document.pageCount()} pages")
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.print_button = ActionButton(
            desk.theme, "&Print…", icon_name="print", kind="primary", parent=self
        )
        self.save_button = ActionButton(desk.theme, "&Save…", icon_name="save", parent=self)
        self.print_button.setAccessibleName(f"Print: {title}")
        self.save_button.setAccessibleName(f"Save: {title}")
        self.print_button.clicked.connect(self.print_pages)
        self.save_button.clicked.connect(self.save)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head(title))
        box.addWidget(self.banner)
        box.addWidget(self.view, 1)
        tab_as_laid_out(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page is never wider than the window."""
        super().resizeEvent(event)
        self._zoom()

    def _zoom(self) -> None:
        points = self.document.pagePointSize(0).width()
        room = self.width() - self.view.verticalScrollBar().sizeHint().width() - _PAGE_EDGES
        fits = room / (points * self.logicalDpiX() / 72) if points > 0 and room > 0 else COMFORTABLE
        self.view.setZoomFactor(min(COMFORTABLE * self._desk.theme.factor, fits))

    def _head(self, title: str) -> QFrame:
        head = QFrame(self)
        head.setObjectName("formHead")
        back = LinkButton("‹ &Back", head)
        back.clicked.connect(self.back)
        pages = self.document.pageCount()
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.setSpacing(12)
        row.addWidget(back)
        row.addWidget(plain_label(title, "strong", head))
        if self.copy.copy_id:  # an empty form is nobody's copy
            sealed = self.copy.sealed
            row.addWidget(
                Pill("Sealed" if sealed else "Draft, not sealed", "ok" if sealed else "warn", head)
            )
        row.addWidget(plain_label(f"{pages} page{'' if pages == 1 else 's'}", "muted", head))
        row.addStretch(1)
        row.addWidget(self.save_button)
        row.addWidget(self.print_button)
        return head

    def save(self) -> None:
        """Save under a name that holds nobody's name."""
        path = choose_save(self, "Save this copy", self.copy.file_name, "PDF (*.pdf)")
        if path is None:
            return
        try:
            write_whole(path if path.suffix else path.with_suffix(".pdf"), self.copy.pdf)
        except KnownError as problem:
            self.banner.tell(str(problem), Tone.DANGER)
            return
        self.banner.tell(
            "Saved. Outside the vault this file is not encrypted: "
            "keep it where only those may read it who should."
            if self.copy.copy_id
            else "Saved.",
            Tone.OK,
        )
        self.became.emit("saved")

    def print_pages(self) -> None:
        """Print through the system's dialog; said to be printed only once the spooler took it."""
        from PySide6.QtPrintSupport import QPrinter  # loads the printing system

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.copy.file_name.removesuffix(".pdf"))
        if not self._printer_dialog(printer, self):
            return
        self.print_button.setEnabled(False)
        done = print_document(self.document, printer)
        self.print_button.setEnabled(True)
        if not done:
            self.banner.tell(
                "The printer did not take the pages. Check it, then print again.", Tone.DANGER
            )
            return
        self.banner.tell("Handed to the printer.", Tone.OK)
        self.became.emit("printed")


def ask_printer(printer: QPrinter, parent: QWidget) -> bool:
    """The system's own print dialog."""
    from PySide6.QtPrintSupport import QPrintDialog  # loads the printing system

    return bool(QPrintDialog(printer, parent).exec())


def print_document(document: QPdfDocument, printer: QPrinter) -> bool:
    """Paint the pages of a document on a printer; False when it refused."""
    from PySide6.QtPrintSupport import QPrinter as Printer

    painter = QPainter()
    if not painter.begin(printer):
        return False
    first = max(1, printer.fromPage() or 1)
    last = min(document.pageCount(), printer.toPage() or document.pageCount())
    for number in range(first - 1, last):
        if number > first - 1 and not printer.newPage():
            painter.end()
            return False
        _paint_page(document, number, painter, printer)
    return painter.end() and printer.printerState() is not Printer.PrinterState.Error


def _paint_page(document: QPdfDocument, number: int, painter: QPainter, printer: QPrinter) -> None:
    points = document.pagePointSize(number)
    size = QSize(round(points.width() * PRINT_DPI / 72), round(points.height() * PRINT_DPI / 72))
    picture: QImage = document.render(number, size, QPdfDocumentRenderOptions())
    paper = painter.viewport()
    fitted = picture.size().scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left = (paper.width() - fitted.width()) // 2
    white = QImage(picture.size(), QImage.Format.Format_RGB32)
    white.fill(Qt.GlobalColor.white)
    inner = QPainter(white)
    inner.drawImage(0, 0, picture)
    inner.end()
    painter.drawImage(
        painter.viewport().adjusted(
            left, 0, left + fitted.width() - paper.width(), fitted.height() - paper.height()
        ),
        white,
    )


__all__ = ["PdfPreview", "ask_printer", "print_document", "write_whole"]
