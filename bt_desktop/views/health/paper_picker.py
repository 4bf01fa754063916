"""One scan or photo to keep with a statement: chosen, dropped or pasted; shown small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.attachments_page import MEDIA
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import choose_open
from bt_desktop.views.pictures import Thumb
from bt_desktop.views.student_photo import read_file
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.text import Muted

KINDS = "PDF or picture (*.pdf *.png *.jpg *.jpeg)"
_THUMB = 56
_MOST_SHOWN = 8_000_000
_WRONG_KIND = "Only PDF, PNG and JPEG files can be kept."
_NO_PICTURE = "There is no picture in the clipboard. Copy one, then paste."


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to keep. `read` gives its bytes, on a worker."""

    name: str
    media_type: str
    read: Callable[[], bytes]


class PaperPicker(QWidget):
    """`paper` is what was chosen, None for nothing. `changed` when it is another."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.paper: Paper | None = None
        self.setAcceptDrops(True)
        self.choose = SecondaryButton("Choose a scan or photo…", self)
        self.choose.clicked.connect(self._choose)
        self.paste = SecondaryButton("Paste a picture", self)
        self.paste.clicked.connect(self._paste)
        self.away = LinkButton("Take it away", self)
        self.away.clicked.connect(lambda: self._take(None, None))
        self.says = Muted("", self)
        self._place = QHBoxLayout()
        self._place.setSpacing(12)
        self._thumb: QWidget | None = None
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.paste)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.says)
        words.addWidget(self.away)
        self._place.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(buttons)
        column.addLayout(self._place)
        self.setFocusProxy(self.choose)
        self._take(None, None)

    def take_file(self, path: Path) -> None:
        """Keep this file; what cannot be kept is said."""
        kind = MEDIA.get(path.suffix.lower())
        if kind is None:
            self.says.setText(_WRONG_KIND)
            self.says.show()
            return
        small = path.stat().st_size <= _MOST_SHOWN if path.exists() else False
        shown = path.read_bytes() if small and kind.startswith("image/") else None
        self._take(Paper(path.name, kind, lambda: read_file(path)), shown)

    def _take(self, paper: Paper | None, shown: bytes | None) -> None:
        self.paper = paper
        if self._thumb is not None:
            self._place.removeWidget(self._thumb)
            self._thumb.deleteLater()
            self._thumb = None
        if paper is not None:
            self._thumb = Thumb(self._desk.theme, _THUMB, shown, self)
            self._place.insertWidget(0, self._thumb)
        self.says.setText(f"{paper.name}: kept, encrypted, once you save." if paper else "")
        self.says.setVisible(paper is not None)
        self.away.setVisible(paper is not None)
        self.changed.emit()

    @Slot()
    def _choose(self) -> None:
        path = choose_open(self, "Choose a scan or photo", KINDS)
        if path is not None:
            self.take_file(path)

    @Slot()
    def _paste(self) -> None:
        if not self._take_held(QGuiApplication.clipboard().mimeData()):
            self.says.setText(_NO_PICTURE)
            self.says.show()

    def _take_held(self, held: QMimeData | None) -> bool:
        if held is None:
            return False
        paths = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]
        if paths:
            self.take_file(paths[0])
            return True
        image = held.imageData() if held.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return False
        data = _png(image)
        self._take(Paper("Pasted picture.png", "image/png", lambda: data), data)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take_held(event.mimeData()):
            event.acceptProposedAction()


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a name
    return bytes(held.data())
