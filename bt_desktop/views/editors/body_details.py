"""What is said of one mark: kind, size, color, and a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.form_engine.body_marks import MOST_MM, MOST_TEXT, UNITS, Mark, in_mm, shown_size
from bt_desktop.views.editors.choices import Chip
from bt_desktop.views.editors.option_line import OptionLine
from bt_desktop.views.editors.text import Line
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.text import plain_label

COLORS = (
    "red",
    "pink",
    "purple",
    "blue",
    "black",
    "brown",
    "green",
    "yellow",
    "white",
    "same as the skin around it",
)
"""What is offered; anything may be typed. What is seen is written down, not how old it looks:
the age of a bruise cannot be told from its color (health-office notes, 2.3)."""
_TYPED_SIZE = r"\d{0,4}([.,]\d{0,2})?"
_UNIT_WORDS: Mapping[str, str] = {"mm": "millimeters", "in": "inches"}


class MarkDetails(QWidget):
    """The details of the chosen mark.

    Signals: `edited(Mark, typing)`; `unit_chosen(unit)`; `removed(n)`.
    """

    edited = Signal(object, bool)
    unit_chosen = Signal(str)
    removed = Signal(int)

    def __init__(self, types: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark: Mark | None = None
        self._unit = "mm"
        self.title = plain_label("", "strong", self)
        self.title.setWordWrap(True)
        self.remove = LinkButton("Remove", self)
        self.type = OptionLine(tuple(types.items()), free=False, parent=self)
        self.sizes = (Line(self), Line(self))
        self.units = {unit: Chip(unit, unit, self) for unit in UNITS}
        self.color = OptionLine(tuple((c, c) for c in COLORS), free=True, parent=self)
        self.color.setMaxLength(MOST_TEXT)
        self.note = Line(self)
        self.note.setMaxLength(MOST_TEXT)
        self.note.setPlaceholderText("shape, pattern, how far from what")
        self._labels: list[QLabel] = []
        self._has_types = bool(types)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title, 1)
        head.addWidget(self.remove)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            ("Type", self.type, self.type),
            ("Size", self._size_row(), self.sizes[0]),
            ("Color", self.color, self.color),
            ("Note", self.note, self.note),
        )
        for place, (text, widget, buddy) in enumerate(rows):
            label = plain_label(text, "muted", self)
            label.setBuddy(buddy)
            self._labels.append(label)
            grid.addWidget(label, place, 0)
            grid.addWidget(widget, place, 1)
        for part in (self._labels[0], self.type):
            part.setVisible(self._has_types)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addLayout(grid)

    def _size_row(self) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        wide = self.fontMetrics().horizontalAdvance("0") * 9
        fits = QRegularExpressionValidator(QRegularExpression(_TYPED_SIZE), self)
        for place, line in enumerate(self.sizes):
            line.setValidator(fits)
            line.setMinimumWidth(wide)
            if place:
                row.addWidget(plain_label("×", "muted", holder))
            row.addWidget(line, 1)
        for chip in self.units.values():
            row.addWidget(chip)
        return holder

    def _connect(self) -> None:
        self.type.chosen.connect(lambda: self._put(type=self.type.value()))
        self.color.chosen.connect(lambda: self._put(True, color=self.color.value()))
        self.note.textEdited.connect(lambda text: self._put(True, note=text))
        for key, line in zip(("size_1", "size_2"), self.sizes, strict=True):
            line.textEdited.connect(lambda text, k=key: self._put(True, **{k: self._length(text)}))
        for unit, chip in self.units.items():
            chip.clicked.connect(lambda _on=False, u=unit: self.unit_chosen.emit(u))
            chip.stepped.connect(self._step_unit)
        self.remove.clicked.connect(lambda: self.removed.emit(self.mark.n if self.mark else 0))

    def parts(self) -> tuple[QWidget, ...]:
        """Everything in it that can take the focus, in the order of Tab."""
        return (self.remove, self.type, *self.sizes, *self.units.values(), self.color, self.note)

    def first(self) -> QWidget:
        """Where the details begin."""
        return self.type if self._has_types else self.sizes[0]

    def show_mark(self, mark: Mark | None, unit: str) -> None:
        """Show another mark, or what has changed of this one; what is being typed stays as it is.

        None hides it all.
        """
        self.setVisible(mark is not None)
        other = mark is None or self.mark is None or mark.n != self.mark.n or unit != self._unit
        self.mark, self._unit = mark, unit
        if mark is None:
            return
        self.title.setText(f"Mark {mark.n} · {mark.place()}")
        self.type.show_value(mark.type)
        self.color.show_value(mark.color)
        if self.note.text() != mark.note and (other or self.note.text().strip() != mark.note):
            self.note.setText(mark.note)
        for kept, line in zip((mark.size_1, mark.size_2), self.sizes, strict=True):
            if other or self._length(line.text()) != kept:
                line.setText("" if kept is None else shown_size(kept, unit))
        for name, chip in self.units.items():
            chip.setChecked(name == unit)
            policy = Qt.FocusPolicy.StrongFocus if name == unit else Qt.FocusPolicy.ClickFocus
            chip.setFocusPolicy(policy)
        self._name_parts(mark)

    def _name_parts(self, mark: Mark) -> None:
        of = f"of mark {mark.n}, {mark.place()}"
        self.remove.setAccessibleName(f"Remove mark {mark.n}, {mark.place()}")
        self.type.setAccessibleName(f"Type {of}")
        self.color.setAccessibleName(f"Color {of}")
        self.note.setAccessibleName(f"Note {of}")
        unit = _UNIT_WORDS[self._unit]
        for line, which in zip(self.sizes, ("Size", "Size across"), strict=True):
            line.setAccessibleName(f"{which} in {unit} {of}")
        for name, chip in self.units.items():
            chip.setAccessibleName(f"Sizes in {_UNIT_WORDS[name]}")

    def lock(self, locked: bool) -> None:
        """Only to be read."""
        for line in (self.type, self.color, self.note, *self.sizes):
            line.setReadOnly(locked)
        self.remove.setVisible(not locked)
        for chip in self.units.values():
            chip.setEnabled(not locked)

    def settle(self) -> None:
        """Close the lists."""
        self.type.box.close_list()
        self.color.box.close_list()

    def _step_unit(self, _by: int) -> None:
        other = next(unit for unit in UNITS if unit != self._unit)
        self.unit_chosen.emit(other)
        self.units[other].setFocus(Qt.FocusReason.TabFocusReason)

    def _put(self, typing: bool = False, **changed: object) -> None:
        if self.mark is not None:
            self.edited.emit(replace(self.mark, **changed), typing)  # type: ignore[arg-type]  # its fields

    def _length(self, text: str) -> float | None:
        """The millimeters that were typed; None where it is no length (yet)."""
        text = text.replace(",", ".")
        if not re.search(r"\d", text):
            return None
        mm = in_mm(float(text), self._unit)
        return min(mm, MOST_MM) if mm > 0 else None
