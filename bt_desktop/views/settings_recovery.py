"""The recovery sheet in the settings: when it was printed and last seen, and what can be done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.recovery_sheets import FindSheet, NewKeySheet, ReplaceSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.recovery import NewSheet, RecoveryStanding
    from bt_desktop.services.workspace import Workspace

_ABOUT = (
    "The printed recovery key is the only way in when every administrator's password is forgotten. "
    "Look for the sheet once a year. Replace it when it is lost or may have been copied."
)
_DUE = "Can the recovery sheet still be found? Nobody has had it in their hands for a year."
_HEALTH = {
    "administrator": "The sheet does not open yet what the health office keeps. That is put right "
    "when an administrator signs in who can open it.",
    "nurse": "The sheet does not open yet what the health office keeps. That is put right when the "
    "nurse signs in.",
}
FOUND = "The sheet opens these records. Put it back where it was."
REPLACED = (
    "The new recovery sheet holds from now on; the old one opens these records no more. Lock the "
    "new one away."
)
NOW_THE_KEY = "Then change the key of the records, above: somebody may have the old sheet."
_A_DAY = timedelta(days=1)


class RecoveryCard(QWidget):
    """How it stands with the sheet. `changed` when another took its place."""

    changed = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._standing: RecoveryStanding | None = None
        self.banner = Banner(desk.theme, self)
        self.look = SecondaryButton("Check the sheet…", self)
        self.look.setAccessibleDescription("Type its key, to see that it can still be found")
        self.look.clicked.connect(self.find_sheet)
        self.replace = SecondaryButton("Replace the recovery sheet…", self)
        self.replace.clicked.connect(self.replace_sheet)
        card = Card(self, margin=20, spacing=8)
        self.pill = Pill("look for it", "warn", card)
        self.why = plain_label(_DUE, "strong", card)
        self.since, self.health = plain_label("", "", card), plain_label("", "", card)
        for label in (self.why, self.since, self.health):
            label.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.pill)
        row.addStretch(1)
        card.column.addLayout(row)
        for label in (self.why, self.since, self.health):
            card.column.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.look)
        buttons.addWidget(self.replace)
        buttons.addStretch(1)
        card.column.addSpacing(4)
        card.column.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("Recovery sheet", self))
        column.addWidget(self.banner)
        column.addWidget(Muted(_ABOUT, self))
        column.addWidget(card)
        for widget in (self.pill, self.why, self.health):
            widget.hide()
        for button in (self.look, self.replace):
            button.setEnabled(False)

    @Slot()
    def load(self) -> None:
        """Ask how it stands."""
        self._desk.tasks.run(
            self, self._workspace.recovery.standing, self.show_standing, lane=Lane.READ
        )

    def show_standing(self, standing: RecoveryStanding) -> None:
        """Show it."""
        self._standing = standing
        zone = self._desk.clock.now().tzinfo
        says = f"Printed on {full_date(standing.made_at.astimezone(zone).date())}."
        if standing.seen_at is not None and standing.seen_at - standing.made_at > _A_DAY:
            seen = full_date(standing.seen_at.astimezone(zone).date())
            says += f" Somebody last had it in their hands on {seen}."
        self.since.setText(says)
        for widget in (self.pill, self.why):
            widget.setVisible(standing.due)
        self.health.setText(_HEALTH.get(standing.health, ""))
        self.health.setVisible(standing.health in _HEALTH)
        for button in (self.look, self.replace):
            button.setEnabled(True)

    @Slot()
    def find_sheet(self) -> None:
        """Open the sheet on which its key is typed."""
        sheet = FindSheet(self._desk, self._workspace, self)
        sheet.saved.connect(self._found)
        sheet.replace_asked.connect(self.replace_sheet)
        sheet.open_sheet()

    @Slot(object)
    def _found(self, _: object) -> None:
        self.banner.tell(FOUND, Tone.OK)
        self.load()

    @Slot()
    def replace_sheet(self) -> None:
        """Open the sheet that asks why, and for passwords."""
        if self._standing is None:
            return
        sheet = ReplaceSheet(self._desk, self._workspace, self._standing, self)
        sheet.saved.connect(self._made)
        sheet.open_sheet()

    @Slot(object)
    def _made(self, made: NewSheet) -> None:
        sheet = NewKeySheet(self._desk, made, self)
        sheet.saved.connect(lambda _: self._replaced(made))
        sheet.open_sheet()

    def _replaced(self, made: NewSheet) -> None:
        owed = made.asks_for_a_key_change
        self.banner.tell(f"{REPLACED} {NOW_THE_KEY}" if owed else REPLACED, Tone.OK)
        self.load()
        self.changed.emit()
