"""Boxes to type into and to choose from, kind to the keyboard and the wheel."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from bt_desktop.views.announce import announce
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.presence import acted
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.text import KeyCap


class DictatedLine(QLineEdit):
    """A line that is edited by assistive technology as well as by keys.

    What dictation or a switch puts in through the accessibility interface is an edit as well: Qt
    tells of it as of a text that the program sets (`textChanged` alone), and it would be lost.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ours = False
        self.textChanged.connect(self._perhaps_edited)

    def setText(self, text: str | None, /) -> None:  # Qt's own name
        """As Qt's: the program sets it."""
        self._ours = True
        try:
            super().setText(text)
        finally:
            self._ours = False

    def clear(self) -> None:
        """As Qt's: the program empties it."""
        self.setText("")

    @Slot(str)
    def _perhaps_edited(self, text: str) -> None:
        if not self._ours and not self.isModified():  # what is typed makes it modified
            acted(self)
            self.textEdited.emit(text)


class TextLine(DictatedLine):
    """One line of text."""

    def __init__(self, parent: QWidget | None = None, *, hint: str = "") -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)


class TextBox(QPlainTextEdit):
    """Several lines of text; Tab leaves it. Grows from `lines` to `most` lines with its text."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3, most: int = 14) -> None:
        super().__init__(parent)
        self._lines, self._most = lines, most
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        shown = round(self.document().size().height())  # in lines, for plain text
        rows = min(self._most, max(self._lines, shown))
        chrome = self.height() - self.viewport().height() if self.isVisible() else 18
        high = rows * self.fontMetrics().lineSpacing() + max(18, chrome)
        high += round(2 * self.document().documentMargin())
        return QSize(super().sizeHint().width(), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())


class Choice(QComboBox):
    """A closed list to choose one from; the wheel turns it only while it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        view = QListView(self)  # a styled popup, not the platform's grey one
        view.setObjectName("choices")
        view.setUniformItemSizes(True)
        self.setView(view)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.currentTextChanged.connect(self._tell_whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    @Slot()
    def _tell_whole(self) -> None:
        """Words that are too long for the box stand whole in its tip."""
        room = self.width() - 2 * self.fontMetrics().height()
        whole = self.currentText()
        self.setToolTip(whole if self.fontMetrics().horizontalAdvance(whole) > room else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def fill(self, rows: list[tuple[str, object]], chosen: object = None) -> None:
        """Offer `rows` of (label, value) and choose the one whose value is `chosen`."""
        self.blockSignals(True)
        self.clear()
        for label, value in rows:
            self.addItem(label, value)
        found = next((i for i, (_, value) in enumerate(rows) if value == chosen), -1)
        self.setCurrentIndex(found if found >= 0 else (0 if rows else -1))
        self.blockSignals(False)


class PasswordLine(QWidget):
    """A password with Show beside it. `caps_lock` tells whether Caps Lock seems to be on."""

    submitted = Signal()
    changed = Signal()
    caps_lock = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = _CapsAware(self)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setObjectName("password")
        self.edit.returnPressed.connect(self.submitted)
        self.edit.textChanged.connect(self.changed)
        self.edit.caps_lock.connect(self.caps_lock)
        self._what = "password"
        self._show = QToolButton(self.edit)
        self._show.setObjectName("inline")
        self._show.setText("Show")
        self._show.setCheckable(True)
        self._show.setCursor(Qt.CursorShape.PointingHandCursor)
        self._show.setAccessibleName("Show password")
        self._show.toggled.connect(self._reveal)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        inside = QHBoxLayout(self.edit)
        inside.setContentsMargins(0, 0, 6, 0)
        inside.addStretch(1)
        inside.addWidget(self._show)

    def call_it(self, what: str) -> None:
        """What the button shows, for a screen reader (“password” where nothing is said)."""
        self._what = what
        self._reveal(False)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def take(self) -> str:
        """What was typed, and empty the box."""
        typed = self.edit.text()
        self.clear()
        return typed

    def clear(self) -> None:
        """Empty the box, its undo history too, and hide the letters again."""
        self._show.setChecked(False)
        self.edit.clear()
        self.edit.setModified(False)

    def reveal(self) -> None:
        """Show the letters (of a passphrase that was offered)."""
        self._show.setChecked(True)

    def setText(self, text: str) -> None:  # Qt's own name
        """Put `text` in (a proposed passphrase)."""
        self.edit.setText(text)

    @Slot(bool)
    def _reveal(self, on: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._show.setText("Hide" if on else "Show")
        self._show.setAccessibleName(f"{'Hide' if on else 'Show'} {self._what}")


def pin_line(parent: QWidget | None = None) -> PasswordLine:
    """A line for a PIN, hidden as a password is."""
    line = PasswordLine(parent)
    line.edit.setMaxLength(32)
    line.call_it("the PIN")
    return line


class _CapsAware(QLineEdit):
    """Guesses Caps Lock from the letters that come (Qt has no way to ask the keyboard)."""

    caps_lock = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._watch(event)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.caps_lock.emit(False)
        super().focusOutEvent(event)

    def _watch(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_CapsLock:
            self.caps_lock.emit(False)
            return
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock.emit(text.isupper() != shift)


class SearchLine(DictatedLine):
    """A line to search with: a glass at its left, its key at its right while empty.

    What it found is said aloud: by `tells_of` how many rows it left, by `tell` in other words.
    """

    def __init__(
        self, theme: Theme, hint: str, *, keys: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(False)
        self.setObjectName("search")
        self._told = ""
        self._cap: KeyCap | None = None
        self.setAccessibleName(hint.rstrip("…"))
        glass = IconLabel(theme, "search", "muted", 18, self)
        glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(10, 0, 10, 0)
        inside.addWidget(glass)
        inside.addStretch(1)
        if keys:
            self._cap = KeyCap(keys, self)
            self._cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(self._cap)
            self.textChanged.connect(self._show_cap)

    def tells_of(self, model: QAbstractItemModel) -> None:
        """Have it said how many rows were found, whenever `model` is filled anew."""
        model.modelReset.connect(lambda: self.tell(found_words(model.rowCount())))

    def tell(self, words: str) -> None:
        """Say to a screen reader what was found for what is typed here; the same words once."""
        if not self.text().strip():
            self._told = ""
        elif words != self._told:
            self._told = words
            if self.hasFocus():
                announce(self, words, now=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_cap()

    @Slot()
    def _show_cap(self) -> None:
        if self._cap is not None:
            hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
            needs = hint + self._cap.sizeHint().width() + 4 * self.fontMetrics().height()
            self._cap.setVisible(not self.text() and self.width() >= needs)

    def event(self, event: QEvent) -> bool:
        # Esc empties first and only then leaves, as in a browser's find bar.
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            self.clear()
            return True
        return super().event(event)


def found_words(count: int) -> str:
    """How many were found."""
    return f"{count:,} found" if count else "Nothing found"
