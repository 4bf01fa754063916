"""Places on the body, chosen from a list (a drawn figure comes with the first-aid form)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.editors.choices import Chip
from bt_desktop.views.editors.protocol import Editor, Typed, as_data
from bt_desktop.views.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

REGIONS = (
    "head",
    "face",
    "eye",
    "mouth or teeth",
    "neck",
    "shoulder",
    "upper arm",
    "elbow",
    "forearm",
    "wrist",
    "hand or finger",
    "chest",
    "back",
    "abdomen",
    "hip or groin",
    "thigh",
    "knee",
    "lower leg",
    "ankle",
    "foot",
)


class BodyMapEditor(Editor):
    """Regions as chips; kept as `{"regions": [...]}`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._other: dict[str, Any] = {}
        holder = QWidget(self)
        flow = FlowLayout(holder)
        self.chips = [Chip(name, name.capitalize(), holder) for name in REGIONS]
        for chip in self.chips:
            flow.addWidget(chip)
            chip.clicked.connect(self.changed)
            chip.stepped.connect(self._step)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(holder)
        self.watch(*self.chips)

    def typed(self) -> Typed:
        """The regions, with whatever else an earlier version kept; None where none is chosen."""
        regions = [chip.name for chip in self.chips if chip.isChecked()]
        return {**self._other, "regions": regions} if regions else None

    def set_typed(self, typed: Typed) -> None:
        """Press these regions."""
        value = as_data(typed)
        self._other = {key: kept for key, kept in value.items() if key != "regions"}
        for chip in self.chips:
            chip.setChecked(chip.name in value.get("regions", ()))

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self.setEnabled(not view.read_only)

    def describe(self, name: str, description: str) -> None:
        """Name every chip."""
        for chip in self.chips:
            chip.setAccessibleName(f"{name}: {chip.text()}")
            chip.setAccessibleDescription(description)

    def _step(self, by: int) -> None:
        sender = self.sender()
        if isinstance(sender, Chip):
            place = (self.chips.index(sender) + by) % len(self.chips)
            self.chips[place].setFocus(Qt.FocusReason.TabFocusReason)
