"""What a health file leaves the office for: asked in a sheet, kept in the student's access log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from bt_desktop.services.results.access import LEAST_WORDS, OTHER, PURPOSES, Purpose
from bt_desktop.views.widgets.inputs import Choice, TextLine

if TYPE_CHECKING:
    from bt_desktop.views.widgets.sheet import Sheet

_USUAL = "request"


class ForWhat:
    """Two fields of a sheet: a purpose, and words where it is something else."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.code, self.words = Choice(), TextLine()
        self.code.fill([(words, code) for code, words in PURPOSES], _USUAL)
        sheet.add(
            "purpose", "What is it for?", self.code, required=True,
            hint="Stays in the student’s access log, with your name.",
        )  # fmt: skip
        sheet.add("purpose_words", "In a few words", self.words, required=True)
        self.code.currentIndexChanged.connect(self._chosen)
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        other = self.code.currentData() == OTHER
        self._sheet.frames["purpose_words"].setVisible(other)

    def read(self) -> Purpose | None:
        """What was said; None, and why beside the field, where something else was not said."""
        code = str(self.code.currentData())
        words = " ".join(self.words.text().split()) if code == OTHER else ""
        if code == OTHER and len(words) < LEAST_WORDS:
            self._sheet.frames["purpose_words"].say("Write in a few words what it is for.")
            return None
        return Purpose(code, words)
