"""The key of the records: since when it is in use, whether a change is owed, and changing it; under
it the recovery sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.key_owed import WORDS
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.key_sheet import KeySheet
from bt_desktop.views.settings_recovery import RecoveryCard
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import PrimaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.key_change import KeyChanged, KeyStanding
    from bt_desktop.services.workspace import Workspace

_ABOUT = (
    "Everything is encrypted with one key, sealed to each account and to the recovery key. Change "
    "it when somebody leaves, when the recovery key was used or a copy may have been taken, and "
    "once a year."
)
DONE = "The key is changed. Everybody signs in with the same password as before."


def changed_words(told: KeyChanged) -> str:
    """What is said after a change."""
    if not told.no_backup:
        return DONE
    return f"{DONE} The backup after it could not be made: {told.no_backup}"


class KeysSection(QWidget):
    """How it stands with the key, and the way to change it."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._standing: KeyStanding | None = None
        self.banner = Banner(desk.theme, self)
        self.change = PrimaryButton("Change the key…", self)
        self.change.clicked.connect(self.change_key)
        head = QHBoxLayout()
        head.addWidget(SectionTitle("Key of the records", self))
        head.addStretch(1)
        head.addWidget(self.change)
        card = Card(self, margin=20, spacing=8)
        self.pill = Pill("change owed", "warn", card)
        self.why = plain_label("", "strong", card)
        self.why.setWordWrap(True)
        self.since = plain_label("", "", card)
        self.since.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.pill)
        row.addStretch(1)
        card.column.addLayout(row)
        card.column.addWidget(self.why)
        card.column.addWidget(self.since)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(Muted(_ABOUT, self))
        column.addWidget(card)
        self.recovery = RecoveryCard(desk, workspace, self)
        self.recovery.changed.connect(self.load_key)
        column.addSpacing(16)
        column.addWidget(self.recovery)
        column.addStretch(1)
        self.change.setEnabled(False)
        self._show_owed("")

    @Slot()
    def load(self) -> None:
        """Ask how it stands with both."""
        self.load_key()
        self.recovery.load()

    @Slot()
    def load_key(self) -> None:
        """Ask how it stands with the key."""
        self._desk.tasks.run(
            self, self._workspace.key_change.standing, self.show_standing, lane=Lane.READ
        )

    def show_standing(self, standing: KeyStanding) -> None:
        """Show it."""
        self._standing = standing
        now = self._desk.clock.now()
        owed = standing.owed
        self._show_owed(WORDS[owed.why] if owed is not None else "")
        changed = full_date(standing.changed_at.astimezone(now.tzinfo).date())
        since = f"In use since {changed}."
        if owed is not None:
            day = full_date(owed.since.astimezone(now.tzinfo).date())
            since += f" A change is owed since {day}."
        self.since.setText(since)
        self.change.setEnabled(True)

    def _show_owed(self, why: str) -> None:
        self.why.setText(why)
        for widget in (self.pill, self.why):
            widget.setVisible(bool(why))

    @Slot()
    def change_key(self) -> None:
        """Open the sheet that changes it."""
        if self._standing is None:
            return
        sheet = KeySheet(self._desk, self._workspace, self._standing, self)
        sheet.saved.connect(self._changed)
        sheet.open_sheet()

    def _changed(self, told: KeyChanged) -> None:
        self.banner.tell(changed_words(told), Tone.WARN if told.no_backup else Tone.OK)
        self.load()
