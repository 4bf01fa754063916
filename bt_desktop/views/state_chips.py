"""The states that a list is narrowed to: chips, several of which can be on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bt_desktop.views.widgets.buttons import Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.table import state_word


class StateChips(QWidget):
    """`changed(states)` when the person turns one on or off; none on means any."""

    changed = Signal(tuple)

    def __init__(self, states: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(gap=6)
        self.setLayout(row)
        self.chips: dict[str, Chip] = {}
        for state in states:
            chip = Chip(state_word(state), self)
            chip.setAccessibleName(f"Status {state_word(state)}")
            chip.clicked.connect(lambda _: self.changed.emit(self.states()))
            row.addWidget(chip)
            self.chips[state] = chip

    def states(self) -> tuple[str, ...]:
        """Those that are on, in the order in which a record goes through them."""
        return tuple(state for state, chip in self.chips.items() if chip.isChecked())

    def show_states(self, states: Iterable[str]) -> None:
        """Turn these on and the others off; emits nothing."""
        on = set(states)
        for state, chip in self.chips.items():
            chip.setChecked(state in on)
