"""A copy once more: why it is printed again; the very bytes come, nothing new is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.results.copies import Again
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import CopyLogRow, PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

WHY_WORDS: Mapping[Again, str] = {
    "lost": "They lost it, or it never reached them",
    "badly_printed": "It came out of the printer badly",
    "asked": "They asked for one more",
    "other": "Another reason",
}
AGAIN_SHORT: Mapping[Again, str] = {
    "lost": "lost",
    "badly_printed": "badly printed",
    "asked": "asked for",
    "other": "another reason",
}


class PrintAgain(Sheet):
    """Asks why a copy is printed again. `saved(PrintedCopy)`."""

    def __init__(
        self, desk: Desk, workspace: Workspace, row: CopyLogRow, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, f"Print copy {row.number} again", "Show it", parent)
        self._copies, self._row = workspace.copies, row
        whom = f" for {row.for_whom}" if row.for_whom else ""
        self.column.addWidget(
            Muted(
                f"The same paper{whom}, with its seal and its number. What was changed in the "
                "record since does not stand on it.",
                self,
            )
        )
        self.why = Choice(self)
        self.why.fill([(words, why) for why, words in WHY_WORDS.items()], "lost")
        self.words = GrowingText(2, self)
        self.add("why", "Why once more?", self.why)
        self.add("words", "In a few words", self.words, hint="Stays with the copy, with your name.")
        self.on_save(self._collected)

    def _collected(self) -> Callable[[], Any] | None:
        why, words = self.why.currentData(), self.words.toPlainText()
        if why == "other" and not words.strip():
            self.frames["words"].say("Write why it is printed again.")
            return None
        return lambda: self.again(why, words)

    def again(self, why: Again, words: str) -> PrintedCopy:
        """The very bytes (on a worker)."""
        return self._copies.print_again(self._row.copy_id, why, words)
