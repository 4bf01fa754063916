"""F1: the manual in a window of its own, at the place that fits the page one is on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.manual_pages import Chapter, Spot, read_manual
from bt_desktop.views.shell_keys import KeysSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.text import Muted

_SPOT = Qt.ItemDataRole.UserRole


class ManualText(QTextBrowser):
    """One chapter. Pictures are never wider than the text, and grow with it."""

    def __init__(self, desk: Desk, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._folder = desk.theme, folder
        self.setObjectName("manualText")
        self.setAccessibleName("Text of the manual")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self._kept = ""
        # Pictures get their size, the window its own: what was gone to stays at the top.
        self.verticalScrollBar().rangeChanged.connect(lambda: self._kept and self.go_to(self._kept))
        self.verticalScrollBar().actionTriggered.connect(lambda _: self._let_go())

    def show_chapter(self, chapter: Chapter) -> None:
        """Show it, from its beginning."""
        self.document().setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        self.document().setDocumentMargin(self._theme.px(20))
        self.setMarkdown(chapter.text)
        self._fit_pictures()

    def _let_go(self) -> None:
        self._kept = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._let_go()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._let_go()
        super().keyPressEvent(event)

    def go_to(self, heading: str) -> bool:
        """Bring a heading to the top and the caret to it; False where there is none."""
        self._kept = heading
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                cursor = QTextCursor(block)
                self.setTextCursor(cursor)
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + self.cursorRect(cursor).top() - self._theme.px(8))
                return True
            block = block.next()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pictures()

    def _fit_pictures(self) -> None:
        """Give every picture the width of the text, at most its own."""
        document = self.document()
        room = self.viewport().width() - 2 * document.documentMargin()
        for start, length, image in self._pictures(document):
            own = QImage(str(self._folder / image.name())).size()
            wide = min(room, own.width() * self._theme.factor)
            if own.isEmpty() or abs(image.width() - wide) < 1:
                continue
            image.setWidth(wide)
            image.setHeight(wide * own.height() / own.width())
            cursor = QTextCursor(document)
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(image)

    @staticmethod
    def _pictures(document: QTextDocument) -> list[tuple[int, int, QTextImageFormat]]:
        found = []
        block = document.begin()
        while block.isValid():
            place = block.begin()
            while not place.atEnd():
                part = place.fragment()
                form = part.charFormat()
                if form.isImageFormat():
                    found.append((part.position(), part.length(), form.toImageFormat()))
                place += 1
            block = block.next()
        return found


class ManualWindow(QWidget):
    """Contents at the left, a chapter at the right, and a line to find words with.

    Keys: Ctrl+F finds, Enter or F3 the next place, Alt+Left goes back, Esc closes.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("page")
        self.setWindowTitle("Manual")
        self._desk, self._folder = desk, folder
        self.chapters: dict[str, Chapter] = {}
        self._at, self._wanted = Spot(""), Spot("")
        self._before: list[Spot] = []
        self._build()
        self._make_keys()
        self._size_up()
        desk.tasks.run(self, lambda: read_manual(folder), self._take, lane=Lane.READ)

    def _build(self) -> None:
        desk = self._desk
        self.back = SecondaryButton("‹ Back", self)
        self.back.setAccessibleDescription("Key: Alt+Left")
        self.back.clicked.connect(self.go_back)
        self.back.setEnabled(False)
        self.line = SearchLine(desk.theme, "Find in the manual", keys="Ctrl+F", parent=self)
        self.line.returnPressed.connect(self.find_next)
        self.following = SecondaryButton("Next place", self)
        self.following.setAccessibleDescription("Key: F3")
        self.following.clicked.connect(self.find_next)
        self.said = Muted("", self, wrap=False)
        self.keys = LinkButton("All keys", self)
        self.keys.clicked.connect(self.show_keys)
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 12)
        top.setSpacing(12)
        for widget in (self.back, self.line, self.following, self.said, self.keys):
            top.addWidget(widget, 1 if widget is self.line else 0)
        self.contents = QTreeWidget(self)
        self.contents.setObjectName("manualContents")
        self.contents.setHeaderHidden(True)
        self.contents.setAccessibleName("Contents of the manual")
        self.contents.currentItemChanged.connect(self._chosen)
        self.text = ManualText(desk, self._folder, self)
        self.text.anchorClicked.connect(self._follow)
        self.halves = QSplitter(Qt.Orientation.Horizontal, self)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.contents)
        self.halves.addWidget(self.text)
        self.halves.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.halves, 1)

    def _make_keys(self) -> None:
        keys = {
            "Esc": self.close,
            "Alt+Left": self.go_back,
            "Ctrl+F": self.line.setFocus,
            "F3": self.find_next,
            "Ctrl+F1": self.show_keys,
        }
        for key, deed in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(deed)

    def _size_up(self) -> None:
        room, px = self.screen().availableSize(), self._desk.theme.px
        self.resize(min(px(1040), room.width()), min(px(760), room.height()))
        self.halves.setSizes([px(270), px(770)])

    def _take(self, chapters: tuple[Chapter, ...]) -> None:
        self.chapters = {one.key: one for one in chapters}
        for chapter in chapters:
            top = QTreeWidgetItem(self.contents, [chapter.title])
            top.setData(0, _SPOT, Spot(chapter.key))
            for heading in chapter.headings:
                QTreeWidgetItem(top, [heading]).setData(0, _SPOT, Spot(chapter.key, heading))
        self.go(self._wanted)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- going somewhere -----------------------------------------------------------------

    def go(self, spot: Spot) -> None:
        """Show a place; what is shown now is gone back to by Alt+Left."""
        self._wanted = spot
        if not self.chapters:
            return  # being read: it goes there then
        if self._at.chapter and spot != self._at:
            self._before.append(self._at)
        self._show(spot)

    @Slot()
    def go_back(self) -> None:
        """The place before."""
        if self._before:
            self._show(self._before.pop())

    def _show(self, spot: Spot) -> None:
        chapter = self.chapters.get(spot.chapter) or next(iter(self.chapters.values()))
        if chapter.key != self._at.chapter:
            self.text.show_chapter(chapter)
        self._at = Spot(chapter.key, spot.heading)
        if not self.text.go_to(spot.heading):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.back.setEnabled(bool(self._before))
        self._mark()

    def _mark(self) -> None:
        """The contents show where one is."""
        self.contents.blockSignals(True)
        for number in range(self.contents.topLevelItemCount()):
            top = self.contents.topLevelItem(number)
            if top is None:
                continue
            for place in range(-1, top.childCount()):
                item = top.child(place) if place >= 0 else top
                if item is not None and item.data(0, _SPOT) == self._at:
                    self.contents.setCurrentItem(item)
            top.setExpanded(top.data(0, _SPOT).chapter == self._at.chapter)
        self.contents.blockSignals(False)

    @Slot()
    def _chosen(self) -> None:
        item = self.contents.currentItem()
        if item is not None:
            self.go(item.data(0, _SPOT))

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        """A link between places: `technician.md#Check and sign`."""
        key = Path(url.path()).stem.split("-", 1)[-1] or self._at.chapter
        self.go(Spot(key, url.fragment(QUrl.ComponentFormattingOption.FullyDecoded)))

    # --- finding words -------------------------------------------------------------------

    @Slot()
    def find_next(self) -> None:
        """The next place of the words, in this chapter and then in those that follow."""
        words = self.line.text().strip()
        if not words or not self.chapters:
            return
        if self.text.find(words):
            self._tell("")
            return
        keys = list(self.chapters)
        here = keys.index(self._at.chapter)
        for key in (*keys[here + 1 :], *keys[: here + 1]):
            if words.casefold() in self.chapters[key].text.casefold():
                self.go(Spot(key))
                self.text.moveCursor(QTextCursor.MoveOperation.Start)
                if self.text.find(words):
                    self._tell(f"In: {self.chapters[key].title}")
                    return
        self._tell("Not found")

    def _tell(self, words: str) -> None:
        self.said.setText(words)
        if words:
            announce(self.line, words)

    @Slot()
    def show_keys(self) -> None:
        """Every key of the program."""
        sheet = KeysSheet(self._desk.theme, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
