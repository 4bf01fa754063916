"""What became of a dose: given or not, how much, why not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QVBoxLayout, QWidget

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.list_values import OutcomeCode
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Outcome, Quantity, plain
from bt_desktop.views.health.choices import units_word
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.typed import understood
from bt_desktop.views.widgets.buttons import Chip, LinkButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine

if TYPE_CHECKING:
    from bt_desktop.views.health.dose_read import PanelView

GIVEN: Outcome = "given"
_FIRST = ("given", "R", "A")
_MORE = "More…"


class DoseOutcome(QWidget):
    """Chips of the outcome codes (domain §1.5), the usual ones first. `changed` on a choice."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.chips: dict[str, Chip] = {}
        self.code: Outcome = GIVEN
        self._group = QButtonGroup(self)
        flow = FlowLayout()
        outcomes = medication_lists().outcomes
        for code in (*_FIRST, *(one for one in outcomes if one not in _FIRST)):
            chip = self.chips[code] = Chip(outcomes[code].said, self)
            chip.setAccessibleName(f"What became of it: {outcomes[code].said}")
            chip.clicked.connect(lambda _=False, which=code: self.choose(which))
            self._group.addButton(chip)
            flow.addWidget(chip)
            chip.setVisible(code in _FIRST)
        self.more = LinkButton(_MORE, self)
        self.more.setAccessibleName("More: what else may have become of it")
        self.more.clicked.connect(self.show_more)
        flow.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(flow)

    def begin(self) -> None:
        """Given, as it mostly is."""
        self._fold(True)
        self.choose(GIVEN)

    def choose(self, code: str) -> None:
        """Say what became of it."""
        self.code = cast("Outcome", code)
        self.chips[code].setChecked(True)
        self.changed.emit()

    @Slot()
    def show_more(self) -> None:
        """Show every code."""
        self._fold(False)
        self.chips["X"].setFocus()

    @property
    def told(self) -> OutcomeCode:
        """The code with what it asks for."""
        return medication_lists().outcomes[self.code]

    def _fold(self, folded: bool) -> None:
        for code, chip in self.chips.items():
            chip.setVisible(code in _FIRST or not folded)
        self.more.setVisible(folded)


class DoseAmount:
    """How much was given and how much was wasted, and the reason; fields of the panel's column."""

    def __init__(self, fields: FieldColumn) -> None:
        self._fields = fields
        self._view: PanelView | None = None
        self.reason = TextLine()
        fields.add("reason", "Reason", self.reason)
        self.parent_called = QCheckBox("A parent was called")
        self.parent_called.setAccessibleName("A parent was called")
        fields.column.addWidget(self.parent_called)

    def add_amounts(self, fields: FieldColumn) -> None:
        """The fields of the folded part."""
        self._more = fields
        self.given, self.wasted = TextLine(), TextLine()
        fields.add("given", "Amount given", self.given)
        fields.add("wasted", "Wasted besides", self.wasted)
        fields.pair("given", "wasted")
        for key, line in (("given", self.given), ("wasted", self.wasted)):
            line.textEdited.connect(
                lambda text, which=key: fields.frames[which].say(understood(text), "muted")
            )

    def show_view(self, view: PanelView) -> None:
        """Begin anew, with the ordered dose."""
        self._view = view
        terms = view.panel.order.terms
        frames = self._more.frames
        frames["given"].set_label(f"Amount given ({units_word(terms.dose.unit)})")
        frames["wasted"].set_label(f"Wasted besides ({units_word(terms.counted_in)})")
        self.given.setText(plain(terms.dose.amount))
        for line in (self.wasted, self.reason):
            line.clear()
        self.parent_called.setChecked(False)

    def ask_reason(self, why: str, *, needed: bool) -> None:
        """Whether a reason is needed, and for what."""
        frame = self._fields.frames["reason"]
        frame.set_label("Reason", why)
        frame.set_required(needed)
        frame.setVisible(needed)

    def read_given(self) -> Quantity | None:
        """How much was given. Raises ValueError."""
        view = self._view
        amount = read_amount(self.given.text())
        if amount is None or view is None:
            return None
        return Quantity(amount, view.panel.order.terms.dose.unit)

    def read_wasted(self) -> Decimal | None:
        """How much was wasted besides, of the container. Raises ValueError."""
        amount = read_amount(self.wasted.text())
        return amount if amount else None
