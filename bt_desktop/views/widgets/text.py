"""Words on a page: titles, quiet words, pills, keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QRadioButton, QSizePolicy, QWidget

STATE_TONES = {
    "draft": "plain",
    "signed": "accent",
    "returned": "warn",
    "final": "ok",
    "amended": "warn",
    "entered in error": "plain",
}
"""The pill of each state of a record (product.md, "Words we use")."""


def plain_label(text: str, name: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows `text` as it is (no markup); `name` is its style."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if name:
        label.setObjectName(name)
    return label


class PageTitle(QLabel):
    """The name of the page, 24/30 bold."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("pageTitle")
        self.setTextFormat(Qt.TextFormat.PlainText)


class SectionTitle(QLabel):
    """The name of a part of a page, 18/24 bold."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("sectionTitle")
        self.setTextFormat(Qt.TextFormat.PlainText)


class Muted(QLabel):
    """Quiet words, 13/18, that wrap."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(text, parent)
        self.setObjectName("muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)


class UnderChoice(QLabel):
    """Words below a round choice, in line with its own words at any text size."""

    def __init__(
        self, text: str, choice: QRadioButton, parent: QWidget | None = None, *, name: str = "muted"
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._choice = choice
        self._below = 0

    def leave_below(self, gap: int) -> None:
        """Some room before what follows."""
        self._below = gap
        self._indent()

    def event(self, event: QEvent) -> bool:
        """Another style or size: the words of the choice have moved."""
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._indent()
        return super().event(event)

    def _indent(self) -> None:
        self.setContentsMargins(indent_of(self._choice), 0, 0, self._below)


def indent_of(choice: QRadioButton) -> int:
    """Where the words of a round choice begin, in pixels from its left edge."""
    # here: the style's six hundred numbers would be made before the unlock page
    from PySide6.QtWidgets import QStyle, QStyleOptionButton

    option = QStyleOptionButton()
    option.initFrom(choice)
    element = QStyle.SubElement.SE_RadioButtonContents
    return choice.style().subElementRect(element, option, choice).left()


class Pill(QLabel):
    """A word on a round ground. `tone`: plain, accent, ok, warn, danger."""

    def __init__(self, text: str, tone: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("pill")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def show_word(self, text: str, tone: str) -> None:
        """Show another word in another tone."""
        self.setText(text)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)


class StatePill(Pill):
    """The state of a record as a pill."""

    def __init__(self, state: str, parent: QWidget | None = None) -> None:
        words = state.replace("_", " ")
        super().__init__(words.capitalize(), STATE_TONES.get(words, "plain"), parent)


class KeyCap(QLabel):
    """A key or chord in a small frame."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self.setObjectName("keycap")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


class KeyLine(QWidget):
    """A key and what it does."""

    def __init__(self, keys: str, deed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(KeyCap(keys, self))
        row.addWidget(Muted(deed, self), 1)
