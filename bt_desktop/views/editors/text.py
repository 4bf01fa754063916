"""Editors for text: one line, many lines, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from bt_desktop.views.editors.protocol import Editor, Typed, leaves_undo_to_page
from bt_desktop.views.widgets.inputs import DictatedLine
from bt_desktop.views.widgets.layouts import settle_layouts

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView


class Line(DictatedLine):
    """A line of text that leaves undo to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        """Let Ctrl+Z and Ctrl+Y pass to the page."""
        if leaves_undo_to_page(event):
            event.ignore()
            return False
        return super().event(event)


class LineEditor(Editor):
    """Text on one line."""

    holds_text = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Line(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        self.watch(self.line)
        self.line.textEdited.connect(self.changed)

    def typed(self) -> Typed:
        """The text; None where it is blank."""
        return self.line.text() or None

    def set_typed(self, typed: Typed) -> None:
        """Show the text; the cursor stays where it was as far as it can."""
        text = typed if isinstance(typed, str) else ""
        if text != self.line.text():
            at = self.line.cursorPosition()
            self.line.setText(text)
            self.line.setCursorPosition(min(at, len(text)))
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self.line.setReadOnly(view.read_only)

    def caret(self) -> int:
        """The cursor's place in the line."""
        return self.line.cursorPosition()

    def set_caret(self, position: int) -> None:
        """Put the cursor there."""
        self.line.setCursorPosition(min(position, len(self.line.text())))


class NumberEditor(LineEditor):
    """A number, typed; the session reads it with the locale's separator."""

    def __init__(self, whole: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly
            if whole
            else Qt.InputMethodHint.ImhFormattedNumbersOnly
        )
        self.line.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 22)


class GrowingText(QTextEdit):
    """A plain text box that is as tall as its text, gives Tab away and leaves undo to the page.

    It is a QTextEdit (not a plain one), because it also shows tokens; it only ever takes plain
    text in, so pasting from a word processor brings no hidden markup.
    """

    def __init__(self, least_lines: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_lines = least_lines
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        """As tall as the text, at least some lines."""
        return QSize(240, self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        """Never less than what the text needs."""
        return QSize(80, self._wanted_height())

    def event(self, event: QEvent) -> bool:
        """Let Ctrl+Z and Ctrl+Y pass to the page."""
        if leaves_undo_to_page(event):
            event.ignore()
            return False
        return super().event(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take plain text only."""
        self.textCursor().insertText(source.text())
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab only ever leaves: no tabulator gets into a text."""
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
            return
        before = self.minimumHeight()
        super().keyPressEvent(event)
        if self.minimumHeight() != before:
            settle_layouts()  # a line more moves what stands below it once

    def _wanted_height(self) -> int:
        line = self.fontMetrics().lineSpacing()
        text = int(self.document().size().height()) + 1
        edge = self.height() - self.viewport().height() if self.isVisible() else 20
        return max(text, line * self._least_lines) + max(edge, 16)

    def _fit(self, *_: object) -> None:
        height = self._wanted_height()
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
            self.updateGeometry()


class MultilineEditor(Editor):
    """Text on many lines; Tab leaves it, it grows with what is typed."""

    holds_text = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = GrowingText(3, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.watch(self.box)
        self._quiet = False
        self.box.textChanged.connect(self._tell)

    def typed(self) -> Typed:
        """The text; None where it is blank."""
        return self.box.toPlainText() or None

    def set_typed(self, typed: Typed) -> None:
        """Show the text; the cursor stays where it was as far as it can."""
        text = typed if isinstance(typed, str) else ""
        if text == self.box.toPlainText():
            return
        at = self.caret()
        self._quiet = True
        self.box.setPlainText(text)
        self._quiet = False
        self.set_caret(at)

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self.box.setReadOnly(view.read_only)

    def caret(self) -> int:
        """The cursor's place in the text."""
        return self.box.textCursor().position()

    def set_caret(self, position: int) -> None:
        """Put the cursor there."""
        cursor = self.box.textCursor()
        cursor.setPosition(min(position, max(0, self.box.document().characterCount() - 1)))
        self.box.setTextCursor(cursor)

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()
