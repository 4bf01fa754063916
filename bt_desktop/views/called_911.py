"""“Was 911 called?”: yes, no, or nothing said, as the emergency pages ask it."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from bt_desktop.views.widgets.buttons import Chip


class Called911(QWidget):
    """Two chips, of which none is chosen until somebody does. `answer` is yes, no or ""."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.chips = {"yes": Chip("Yes", self), "no": Chip("No", self)}
        self._group = QButtonGroup(self)
        for chip in self.chips.values():
            chip.setAccessibleName(f"911 was called: {chip.text()}")
            self._group.addButton(chip)
            row.addWidget(chip)
        row.addStretch(1)
        self.setFocusProxy(self.chips["yes"])

    @property
    def answer(self) -> str:
        """What was chosen."""
        return next((key for key, chip in self.chips.items() if chip.isChecked()), "")

    def clear(self) -> None:
        """Nothing is said any more (a group that lets none be taken back has to be told)."""
        self._group.setExclusive(False)
        for chip in self.chips.values():
            chip.setChecked(False)
        self._group.setExclusive(True)
