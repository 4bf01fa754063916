"""A line for the name of a medicine: common ones are offered while typing, any other may stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.catalogue import Known, suggestions
from bt_desktop.views.editors.suggest import CloseOnLeave, SuggestBox, Suggestion
from bt_desktop.views.widgets.inputs import TextLine


class MedicineLine(TextLine):
    """`picked(Known)` when one was chosen from the list. Down goes into it, Enter takes."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = SuggestBox(self)
        self.box.chosen.connect(self._take)
        CloseOnLeave(self, self.box)
        self.textEdited.connect(self._offer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list gets its keys first."""
        if not self.box.take_key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape closes the list before it closes the sheet; Tab leaves the line as it is."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.box.is_open()
        ):
            event.accept()
            return True
        return super().event(event)

    @Slot(str)
    def _offer(self, typed: str) -> None:
        rows = [
            Suggestion(one.code, one.name, " · ".join(filter(None, (one.schedule, *one.also[:2]))),
                       payload=one)
            for one in suggestions(typed)
        ]  # fmt: skip
        # Nothing is marked: a name that only begins like one of the list must not become it.
        self.box.show_rows(rows, current=-1)

    def _take(self, row: Suggestion) -> None:
        one: Known = row.payload
        self.setText(one.name)
        self.picked.emit(one)
