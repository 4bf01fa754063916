"""Emergency doses that were noted at a locked screen, for a nurse to finish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.emergency_note import AHEAD, BACK, EmergencyNote
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.note_sheets import AsideSheet, FinishSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, Pill, plain_label
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_NOTHING = (
    "No note waits. What is noted at a locked screen (F9) stands here after the next sign-in."
)
DOUBTS = {
    AHEAD: "The time is later than the computer’s clock was. Ask when it was given.",
    BACK: "The computer’s clock was set back since it was noted. Ask when it was given.",
}
_CALLED = {"yes": "911 was called", "no": "911 was not called"}


@dataclass(frozen=True, slots=True)
class Notes:
    """What waits; `damaged` lie in the folder and cannot be opened."""

    waiting: tuple[EmergencyNote, ...]
    damaged: int


def title_of(note: EmergencyNote) -> str:
    """“Kim, room 4: EpiPen Jr, 1 device”."""
    return f"{note.who}: {', '.join(filter(None, (note.medicine, note.dose)))}"


def about_words(note: EmergencyNote, now: datetime) -> str:
    """When, by whom, whether 911 was called."""
    by = f"written by {note.by}" if note.by else "nobody wrote their name"
    parts = (f"given {moment_words(note.at, now)}", by, _CALLED.get(note.called_911, ""))
    return " · ".join(part for part in parts if part)


class NotesSection(QWidget):
    """The notes, oldest first."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace = desk, workspace
        self.sheet: Sheet | None = None
        self.finish: dict[str, PrimaryButton] = {}
        self.damaged = plain_label("", "warnText", self)
        self.damaged.setWordWrap(True)
        self.nothing = Muted(_NOTHING, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.damaged)
        column.addWidget(self.nothing)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.damaged.hide()
        self.nothing.hide()

    @Slot()
    def load(self) -> None:
        """Read them."""
        notes = self._workspace.health.night_notes
        self._desk.tasks.run(
            self, lambda: Notes(notes.waiting(), notes.damaged()), self.show_notes, lane=Lane.READ
        )

    def show_notes(self, found: Notes) -> None:
        """Show them."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.finish = {}
        for note in found.waiting:
            self._rows.addWidget(self._card(note))
        self.nothing.setVisible(not found.waiting)
        many = "1 note" if found.damaged == 1 else f"{found.damaged} notes"
        self.damaged.setText(
            f"{many} of the locked screen could not be opened. They are kept in the folder "
            "emergency-notes beside the records: ask who gave medicine."
        )
        self.damaged.setVisible(found.damaged > 0)
        tab_as_laid_out(self)

    def _card(self, note: EmergencyNote) -> Card:
        now = self._desk.clock.now()
        card = Card(self, spacing=6, edge="danger")
        head = QHBoxLayout()
        head.setSpacing(12)
        title = plain_label(title_of(note), "cardTitle", card)
        title.setWordWrap(True)
        head.addWidget(title, 1)
        if note.doubts:
            head.addWidget(Pill("Check the time", "warn", card))
        card.column.addLayout(head)
        card.column.addWidget(Muted(about_words(note, now), card))
        for words in (note.happened, *(DOUBTS.get(code, code) for code in note.doubts)):
            if words:
                said = plain_label(words, "", card)
                said.setWordWrap(True)
                card.column.addWidget(said)
        finish = self.finish[note.id] = PrimaryButton("Finish…", card)
        finish.setAccessibleName(f"Finish: {title_of(note)}")
        finish.clicked.connect(partial(self.open_finish, note))
        aside = LinkButton("No student’s dose…", card)
        aside.setAccessibleName(f"No student’s dose: {title_of(note)}")
        aside.clicked.connect(partial(self.open_aside, note))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(finish)
        row.addWidget(aside)
        row.addStretch(1)
        card.column.addLayout(row)
        return card

    def open_finish(self, note: EmergencyNote, _clicked: bool = False) -> None:
        """Make it a dose."""
        self._open(FinishSheet(self._desk, self._workspace, note, self))

    def open_aside(self, note: EmergencyNote, _clicked: bool = False) -> None:
        """Say why it is none."""
        self._open(AsideSheet(self._desk, self._workspace, note, self))

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()
