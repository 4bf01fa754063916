"""What concerns this computer alone: light or dark, text size, keys, checking a copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop import __version__
from bt_desktop.views.desk import Desk
from bt_desktop.views.settings_pin import PinCard
from bt_desktop.views.shell_keys import KeysSheet
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.tokens import SCALES
from bt_desktop.views.widgets.buttons import Chip, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.computer import ThisComputer

_MODES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


class ComputerSection(QWidget):
    """Changes show at once and are remembered on this computer. `verify_asked`."""

    verify_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        prefs: Preferences,
        this_computer: Callable[[], ThisComputer | None] = lambda: None,
        pin: PinCard | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._prefs, self._this_computer = desk, prefs, this_computer
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("Look", self))
        card = Card(self)
        colors, size = (plain_label(t, "fieldLabel", card) for t in ("Colors", "Text size"))
        card.column.addWidget(colors)
        self.modes = self._chips(card, _MODES, desk.theme.set_mode, lambda: desk.theme.mode)
        card.column.addWidget(size)
        sizes = tuple((str(n), f"{n} %") for n in SCALES)
        self.scales = self._chips(
            card, sizes, lambda n: desk.theme.set_scale(int(n)), lambda: str(desk.theme.scale)
        )
        colors.setBuddy(next(iter(self.modes.values())))
        size.setBuddy(next(iter(self.scales.values())))
        card.column.addWidget(Muted("On top of the text size set in the system.", card))
        column.addWidget(card)
        column.addSpacing(4)
        column.addWidget(SectionTitle("Keyring", self))
        keyring = Card(self)
        self.keyring = plain_label("", "", keyring)
        self.keyring.setWordWrap(True)
        keyring.column.addWidget(self.keyring)
        keyring.column.addWidget(
            Muted(
                "The system's keyring remembers the newest entry of the audit trail, so that an "
                "old copy of the records is noticed. It never holds a password.",
                keyring,
            )
        )
        column.addWidget(keyring)
        column.addSpacing(4)
        self.pin = pin
        if pin is not None:
            column.addWidget(pin)
            column.addSpacing(4)
        column.addWidget(SectionTitle("Help", self))
        helps = Card(self)
        keys = SecondaryButton("Show the keys (Ctrl+F1)", helps)
        keys.clicked.connect(self._show_keys)
        check = SecondaryButton("Check a printed copy", helps)
        check.clicked.connect(self.verify_asked)
        flow = FlowLayout(gap=12)
        flow.addWidget(keys)
        flow.addWidget(check)
        helps.column.addLayout(flow)
        helps.column.addWidget(
            Muted(
                f"bt_desktop {__version__}. The screen is covered after 3 minutes without a key "
                "and locks after 15. Somebody who can attach a debugger to this computer account "
                "can read what is open on it; use an account of your own.",
                helps,
            )
        )
        column.addWidget(helps)
        column.addStretch(1)

    def load(self) -> None:
        """Say how asking the keyring went, as far as it has answered."""
        if self.pin is not None:
            self.pin.load()
        found = self._this_computer()
        if found is None:
            self.keyring.setText("The keyring of this computer was asked and has not answered yet.")
            return
        name = f"{found.keyring}: " if found.keyring else ""
        self.keyring.setText(name + found.sentence)

    def _chips(self, card, options, choose, chosen) -> dict[str, Chip]:  # type: ignore[no-untyped-def]
        flow = FlowLayout()
        chips: dict[str, Chip] = {}

        def pick(value: str) -> None:
            choose(value)
            self._prefs.keep_look(self._desk.theme)
            for each, chip in chips.items():
                chip.setChecked(each == chosen())

        for value, word in options:
            chip = chips[value] = Chip(word, card)
            chip.setChecked(value == chosen())
            chip.clicked.connect(lambda _=False, v=value: pick(v))
            flow.addWidget(chip)
        card.column.addLayout(flow)
        return chips

    @Slot()
    def _show_keys(self) -> None:
        sheet = KeysSheet(self._desk.theme, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
