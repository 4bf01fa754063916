"""Before a report is begun: is it about something already written today?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from bt_desktop.services.results.events import EventToday
from bt_desktop.views.desk import Desk
from bt_desktop.views.event_words import about_words, event_words
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, SectionTitle, UnderChoice

NEW = ""
"""What is chosen for an event that nobody wrote about yet."""


class StartSheet(QDialog):
    """Choose the event with the arrows, begin with Enter; Esc begins nothing.

    `chosen(event_id)`; the id is empty for something new, which is chosen at first: a report is
    never put beside another without a person saying so.
    """

    chosen = Signal(str)

    def __init__(
        self, desk: Desk, title: str, events: Sequence[EventToday], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Start: {title}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self._now = desk.clock.now()
        inner = QWidget()
        inner.setObjectName("ground")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(4, 4, 12, 4)
        self._column.setSpacing(4)
        self._add(NEW, "Something new", "")
        for event in events:
            about = about_words(event.records, self._now)
            self._add(event.event_id, event_words(event, self._now), about)
        self._column.addStretch(1)
        self._inner = inner
        scroll = Scroll(self)
        scroll.setWidget(inner)
        cancel = SecondaryButton("Cancel", self)  # before the deed, as it stands
        cancel.clicked.connect(self.reject)
        self.start = PrimaryButton("Start", self)
        self.start.clicked.connect(self.begin)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.start)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 16, 20)
        box.setSpacing(10)
        box.addWidget(SectionTitle("Is it about something already written today?", self))
        box.addWidget(Muted(f"{title}: when, where and who need not be told twice.", self))
        box.addWidget(scroll, 1)
        box.addLayout(buttons)
        self._desk = desk

    def _add(self, event_id: str, words: str, about: str) -> None:
        choice = QRadioButton(words.replace("&", "&&"), self)
        choice.setAccessibleDescription(about)
        self.group.addButton(choice)
        self.choices[event_id] = choice
        self._column.addWidget(choice)
        if about:
            told = UnderChoice(about, choice, self)
            told.leave_below(6)
            self._column.addWidget(told)
        if len(self.choices) == 1:
            choice.setChecked(True)

    def open_sheet(self) -> None:
        """Show it, with the first choice under the keys."""
        px = self._desk.theme.px
        wide, tall = px(560), self._inner.sizeHint().height() + px(150)
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            wide, tall = min(wide, window.width() - 40), min(tall, window.height() - 60)
        self.resize(wide, tall)
        self.open()
        self.choices[NEW].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def begin(self) -> None:
        """Begin, about what is chosen."""
        event = next((key for key, one in self.choices.items() if one.isChecked()), NEW)
        self.accept()
        self.chosen.emit(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter begins: there is nothing here that could be lost by it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.begin()
            return
        super().keyPressEvent(event)
