"""Garbage is collected on the window's thread only.

Python looks for garbage on whichever thread happens to make the next object. Windows that were let
go lie in cycles; found from a lane, they would be destroyed on the lane's thread, and Qt falls over
at some later, innocent place (seen as a segmentation fault in `QApplication.setStyleSheet`).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 2_000
"""How often it is looked whether enough was made to be worth a search. A look costs nothing."""


class Collector(QObject):
    """Takes the search for garbage over from Python, from its making until `end`.

    Make it on the window's thread. The generations and their thresholds are Python's own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect what is due."""
        collect_due()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def collect_due() -> None:
    """Collect the oldest generation that is due, and with it the younger ones."""
    made_and_most = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [age for age, (made, most) in enumerate(made_and_most) if most and made > most]
    if due:
        gc.collect(due[-1])
