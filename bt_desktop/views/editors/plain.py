"""Editors that need little: a box to acknowledge, a line to read, a note, an attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.moments import clock_words, moment_of
from bt_desktop.views.editors.protocol import Editor, Typed

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView


class AcknowledgeEditor(Editor):
    """A box that is checked or blank. A screen reader turns it without a click."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(text.replace("&", "&&"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.watch(self.box)
        self._quiet = False
        self.box.toggled.connect(self._turned)

    def typed(self) -> Typed:
        """True where it is checked, None where it is blank."""
        return True if self.box.isChecked() else None

    def set_typed(self, typed: Typed) -> None:
        """Check or clear."""
        self._quiet = True
        self.box.setChecked(typed is True or typed in ("true", "OK", "yes"))
        self._quiet = False

    def _turned(self) -> None:
        if not self._quiet:
            self.changed.emit()


class ReadingEditor(Editor):
    """A calculated value or a note: read, never typed. It still can be reached by a reader.

    `moment`: the value is a moment, of which the time is shown.
    """

    def __init__(self, note: bool, parent: QWidget | None = None, *, moment: bool = False) -> None:
        super().__init__(parent)
        self._note, self._moment = note, moment
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setObjectName("noteText" if note else "calculated")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)

    def typed(self) -> Typed:
        """Never anything: the session makes the value."""
        return None

    def set_typed(self, typed: Typed) -> None:
        """Show the value."""
        if not self._note:
            shown = typed if isinstance(typed, str) and typed else "–"
            at = moment_of("datetime", typed) if self._moment else None
            self.words.setText(shown if at is None else clock_words(at))  # type: ignore[arg-type]  # of a datetime

    def set_view(self, view: FieldView) -> None:
        """A note shows its own words, with what was put into them."""
        if self._note:
            self.words.setText(say(view.label))

    def focus_target(self) -> QWidget:
        """The words (they take no focus)."""
        return self.words


class AttachmentEditor(Editor):
    """An image: attached with the record's files, named here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name: str | None = None
        self.words = QLabel(self)
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        self.set_typed(None)

    def typed(self) -> Typed:
        """The attachment's name; None where there is none."""
        return self._name

    def set_typed(self, typed: Typed) -> None:
        """Name the attachment."""
        self._name = typed if isinstance(typed, str) and typed else None
        self.words.setText(
            self._name or "Nothing attached. Use “Papers and photos…” at the head of the page."
        )

    def focus_target(self) -> QWidget:
        """The words (they take no focus)."""
        return self.words
