"""At the head of the dose panel: whose dose it is, and what is given from which container."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.catalogue import allergies_known
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.board_words import are_none
from bt_desktop.views.health.dose_read import PanelView
from bt_desktop.views.health.dose_words import (
    due_words,
    give_words,
    last_words,
    lot_words,
    usual_lot,
)
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.health.stock_words import much
from bt_desktop.views.pictures import Portrait
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted, Pill, plain_label
from bt_desktop.views.widgets.when import full_date

_SIDE = 72
_NO_ALLERGIES = "Allergies are not written down. Ask, and have them written."
_NO_LOT = "No container is in the ledger: nothing is counted down by this dose."


class DoseHead(QWidget):
    """Photo, birthday, grade, allergies, and who could be taken for the child."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.portrait = Portrait(desk.theme, _SIDE, self)
        self.facts = plain_label("", "", self)
        self.facts.setWordWrap(True)
        self.allergies = plain_label("", "dangerText", self)
        self.allergies.setWordWrap(True)
        self.alert = plain_label("", "nameAlert", self)
        self.alert.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.facts, self.allergies):
            words.addWidget(label)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.alert)

    def show_view(self, view: PanelView) -> None:
        """Show whose dose it is."""
        child = view.line.child
        initials = "".join(name[:1] for name in (child.called, child.family)).upper()
        self.portrait.show_person(initials, view.photo)
        born = f"born {full_date(child.birth_date)}" if child.birth_date else "no birth date"
        parts = (
            f"called {child.called}" if child.called not in ("", child.given) else "",
            born,
            f"grade {child.grade}" if child.grade else "",
        )
        self.facts.setText(" · ".join(part for part in parts if part))
        known = allergies_known(child.allergies)
        self.allergies.setText(f"Allergies: {child.allergies}" if known else _NO_ALLERGIES)
        self.allergies.setObjectName("" if are_none(child.allergies) else "dangerText")
        self.allergies.style().unpolish(self.allergies)
        self.allergies.style().polish(self.allergies)
        others = ", ".join(view.panel.similar)
        self.alert.setText(f"NAME ALERT: not to be mistaken for {others}.")
        self.alert.setVisible(bool(others))


class DoseOrder(Card):
    """What is given. `changed`: another container was chosen; `last_asked` for the last entry."""

    changed = Signal()
    last_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, margin=14, spacing=4)
        self.medicine = plain_label("", "strong", self)
        self.medicine.setWordWrap(True)
        self.controlled = Pill("", "accent", self)
        self.give = plain_label("", "bigNumber", self)
        self.give.setWordWrap(True)
        self.facts = Muted("", self)
        self.lot = Choice(self)
        self.frame = FieldFrame(desk.theme, "From", self.lot, parent=self)
        self.no_lot = Muted(_NO_LOT, self)
        self.lot.currentIndexChanged.connect(self._count_back)
        self.lot.currentIndexChanged.connect(self.changed)
        self._view: PanelView | None = None
        self.after = plain_label("", "strong", self)
        self.after.setWordWrap(True)
        self.last = LinkButton("Look at the last entry", self)
        self.last.clicked.connect(self.last_asked)
        row = QHBoxLayout()
        row.addWidget(self.medicine, 1)
        row.addWidget(self.controlled, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        for widget in (self.give, self.facts, self.last, self.frame, self.after, self.no_lot):
            self.column.addWidget(widget)

    def show_view(self, view: PanelView) -> None:
        """Show it."""
        panel, terms = view.panel, view.panel.order.terms
        self.medicine.setText(medicine_title(terms))
        self.controlled.setText(terms.medicine.schedule)
        self.controlled.setAccessibleName(f"Controlled, {terms.medicine.schedule}")
        self.controlled.setVisible(terms.medicine.controlled)
        self.give.setText(f"Give {give_words(terms)}, {due_words(view.line.due_at)}")
        facts = [
            last_words(panel, view.now),
            f"For {terms.reason}." if terms.reason else "",
            terms.instructions,
            f"The order holds until {full_date(terms.stop)}.",
        ]
        self.facts.setText(" ".join(one for one in facts if one))
        self.last.setVisible(view.line.due_at is None and bool(panel.doses))
        rows: list[tuple[str, object]] = [
            (lot_words(one, panel.day), one.lot.id) for one in panel.balances
        ]
        self.frame.setVisible(bool(rows))
        self.no_lot.setVisible(not rows)
        if rows:
            rows.append(("Not from a container of the ledger", ""))
        self.lot.fill(rows, usual_lot(panel))
        self._view = view
        self._count_back()

    @Slot()
    def _count_back(self) -> None:
        """Of a controlled medicine: how many are left after this dose, to be counted."""
        view, lot = self._view, self.lot_id
        balances = view.panel.balances if view is not None else ()
        stands = next((one for one in balances if one.lot.id == lot), None)
        if view is None or stands is None or not stands.lot.medicine.controlled:
            self.after.hide()
            return
        left = stands.office - view.panel.order.terms.takes
        self.after.setText(f"Count after it: {much(stands.lot, left)}.")
        self.after.show()

    @property
    def lot_id(self) -> str | None:
        """The container that is chosen."""
        return str(self.lot.currentData() or "") or None
