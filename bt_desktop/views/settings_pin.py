"""The PIN in the settings of this computer: set, removed, or why there can be none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.pin_sheet import PinSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.pin import PinKeeper
    from bt_desktop.services.workspace import Workspace

_SET = "A PIN is set. It opens the records after they locked, until the computer locks or sleeps."
_NONE = "No PIN is set: after a lock the password is typed."


class PinCard(QWidget):
    """What concerns the PIN. `keeper` loads what it needs: called on a worker first."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        keeper: Callable[[], PinKeeper],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._keeper = desk, workspace, keeper
        card = Card(self)
        self.says = plain_label("", "", card)
        self.says.setWordWrap(True)
        self.set = SecondaryButton("Set a PIN…", card)
        self.set.clicked.connect(self.set_pin)
        self.remove = SecondaryButton("Remove the PIN", card)
        self.remove.clicked.connect(self.remove_pin)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.set)
        row.addWidget(self.remove)
        row.addStretch(1)
        card.column.addWidget(self.says)
        card.column.addLayout(row)
        self.about = Muted(
            "It opens for eight hours after the password was typed. Signing, amending, exporting, "
            "breaking the glass and accounts need the password all the same.",
            card,
        )
        card.column.addWidget(self.about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("PIN", self))
        column.addWidget(card)
        self._show("", None)
        self.says.setText("The keyring of this computer is being asked.")

    @Slot()
    def load(self) -> None:
        """Ask whether there is one, and whether there can be one."""
        workspace, keeper = self._workspace, self._keeper

        def ask() -> tuple[str, bool]:
            pins = keeper()
            offered = pins.offered()
            mine = offered is not None and offered.user_id == workspace.actor.user_id
            return ("" if mine else pins.reason_against(workspace)), mine

        self._desk.tasks.run(
            self, ask, lambda found: self._show(*found), lambda _: None, lane=Lane.ASIDE
        )

    def _show(self, why_not: str, mine: bool | None) -> None:
        self.says.setText(why_not or (_SET if mine else _NONE))
        self.set.setVisible(mine is False and not why_not)
        self.remove.setVisible(bool(mine))
        self.about.setVisible(not why_not)

    @Slot()
    def set_pin(self) -> None:
        """Open the sheet."""
        sheet = PinSheet(self._desk, self._workspace, self._keeper(), self)
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()

    @Slot()
    def remove_pin(self) -> None:
        """Let go of it."""
        keeper, workspace = self._keeper, self._workspace
        self._desk.tasks.run(self, lambda: keeper().remove(workspace), lambda _: self.load())
