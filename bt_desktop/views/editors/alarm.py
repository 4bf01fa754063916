"""A note that must not be overlooked: across the whole column, a sign, large words, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.announce import announce
from bt_desktop.views.editors.protocol import Editor, Typed
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

APPEARANCE = "alarm"
"""The word in a note's `appearance` that makes it one of these."""


class AlarmNote(Editor):
    """“Call 911 now”: shown as long as it applies; announced, where asked, when it begins to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarm")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: bool | None = None
        self.sign = plain_label("▲", "alarmSign", self)
        self.title = plain_label("", "alarmTitle", self)
        self.words = plain_label("", "alarmWords", self)
        for label in (self.title, self.words):
            label.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(14)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def typed(self) -> Typed:
        """Never anything: it is read."""
        return None

    def set_typed(self, typed: Typed) -> None:
        """Nothing is typed here."""

    def set_view(self, view: FieldView) -> None:
        """Show the note's words; aloud they are said once, by the alarm above the page."""
        self.say(say(view.label), say(view.hint), now=view.relevant, aloud=False)

    def say(self, title: str, words: str, *, now: bool, aloud: bool = True) -> None:
        """Show these words, as long as they hold (`now`)."""
        self.title.setText(title)
        self.words.setText(words)
        self.setAccessibleName(f"Alert: {title}. {words}")
        if now and self._shown is False and aloud:
            announce(self, f"{title}. {words}")
        self._shown = now

    def focus_target(self) -> QWidget:
        """The words (they take no focus)."""
        return self.title
