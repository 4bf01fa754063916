"""A line that offers a list while one types, apart from any question of a form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from bt_desktop.views.editors.choices import ListLine, folded
from bt_desktop.views.editors.suggest import Suggestion


class OptionLine(ListLine):
    """One of `options` (value, label, and further words it is found under).

    With `free`, any text is a value, too. `chosen` when the value changed by hand.
    """

    chosen = Signal()

    def __init__(
        self,
        options: Sequence[tuple[str, str] | tuple[str, str, str]],
        *,
        free: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._options = [(o[0], o[1], o[2] if len(o) == 3 else "") for o in options]
        self._labels = {value: label for value, label, _ in self._options}
        self._free = free
        self._value = ""
        self.textEdited.connect(self._typed)
        self.asked.connect(lambda: self._open(""))
        self.box.chosen.connect(self._take)

    def value(self) -> str:
        """The chosen value, or the free text; blank where there is none."""
        return self._value

    def show_value(self, value: str) -> None:
        """Show this value, without `chosen`; what is being typed stays."""
        if value == self._value and (self.hasFocus() or self.text() == self._label(value)):
            return
        self._value = value
        self.setText(self._label(value))
        self.setCursorPosition(0)

    def matching(self, text: str) -> list[Suggestion]:
        """The options that hold every word of `text`: what it says whole first, then those that
        begin with it."""
        wanted = folded(text).split()
        rows: list[tuple[bool, bool, Suggestion]] = []
        for value, label, also in self._options:
            flat = folded(label)
            if all(word in flat or word in folded(also) for word in wanted):
                spans = tuple(
                    (flat.index(w), flat.index(w) + len(w))
                    for w in wanted
                    if w in flat and len(flat) == len(label)
                )
                begins = not wanted or flat.startswith(wanted[0])
                other = flat != folded(text)
                rows.append((other, not begins, Suggestion(value, label, spans=spans)))
        return [row for _, _, row in sorted(rows, key=lambda found: found[:2])]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Text that is no option goes back to the option chosen."""
        super().focusOutEvent(event)
        if not self._free and self.text() != self._label(self._value):
            rows = self.matching(self.text()) if self.text().strip() else []
            if len(rows) == 1:
                self._take(rows[0])
            self.setText(self._label(self._value))

    def _label(self, value: str) -> str:
        return self._labels.get(value, value)

    def _open(self, text: str) -> None:
        if not self.isReadOnly():
            rows = self.matching(text)
            at = next((i for i, row in enumerate(rows) if row.key == self._value), 0)
            self.box.show_rows(rows, current=at)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._open(text)
        else:
            self.box.close_list()
        exact = next((v for v, label, _ in self._options if folded(label) == folded(text)), None)
        value = exact or (text if self._free else "" if not text.strip() else None)
        if value is not None and value != self._value:
            self._value = value
            self.chosen.emit()

    def _take(self, row: Suggestion) -> None:
        self._value = row.key
        self.setText(row.title)
        self.chosen.emit()
