"""Ctrl+F: find a question by any word of it and go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.announce import announce
from bt_desktop.views.editors.choices import folded
from bt_desktop.views.editors.text import Line

if TYPE_CHECKING:
    from bt_desktop.views.form_draft import Draft

_PATH = Qt.ItemDataRole.UserRole
MOST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A question that can be gone to."""

    path: str
    label: str
    section: str


class FindPanel(QFrame):
    """A line and the questions that match. `chosen(path)`; `closed` when it was given up."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._places: Sequence[Place] = ()
        title = QLabel("Find a question", self)
        title.setObjectName("strong")
        self.line = Line(self)
        self.line.setPlaceholderText("Any word of the question")
        self.line.setAccessibleName("Find a question")
        title.setBuddy(self.line)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Questions found")
        self.line.textEdited.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(8)
        for widget in (title, self.line, self.list):
            box.addWidget(widget)
        self.hide()

    def open_with(self, places: Sequence[Place]) -> None:
        """Open over the page with these questions."""
        self._places = places
        self.line.clear()
        self._search("")
        parent = self.parentWidget()
        if parent is not None:
            width = min(parent.width() - 32, self.fontMetrics().averageCharWidth() * 64)
            height = min(parent.height() - 32, self.fontMetrics().lineSpacing() * 19)
            self.setGeometry((parent.width() - width) // 2, 16, width, height)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Close without going anywhere."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter goes there, Escape gives up."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            self.close_panel()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            self._announce()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.list.currentItem()
            if item is not None:
                self._take(item)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return True
        return False

    def _search(self, text: str) -> None:
        wanted = folded(text).split()
        self.list.clear()
        for place in self._places:
            flat = folded(f"{place.label} {place.section}")
            if all(word in flat for word in wanted):
                item = QListWidgetItem(f"{place.label}  ·  {place.section}")
                item.setData(_PATH, place.path)
                self.list.addItem(item)
                if self.list.count() >= MOST:
                    break
        self.list.setCurrentRow(0)
        self._announce()

    def _announce(self) -> None:
        item = self.list.currentItem()
        words = item.text() if item is not None else "No question found"
        self.line.setAccessibleDescription(words)
        if self.line.hasFocus() and self.line.text():
            announce(self.line, words, now=False)

    def _take(self, item: QListWidgetItem) -> None:
        path = item.data(_PATH)
        self.hide()
        self.chosen.emit(path)


def places_of(draft: Draft) -> list[Place]:
    """Every question of the record that applies now, in reading order."""
    out = []
    for section in draft.sections():
        if not section.relevant or draft.is_log(section.name):
            continue
        for path in draft.session.paths(section.name):
            view = draft.view(path)
            if view.relevant and view.field.type not in {"note", "calculate"}:
                row = path.split("[")[1].split("]")[0] if "[" in path else ""
                out.append(Place(path, say(view.label), f"{say(section.label)} {row}".strip()))
    return out
