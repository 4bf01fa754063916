"""Who it is and that everything agrees: confirmed with one key before a dose is given."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Identified
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.views.health.dose_read import PanelView

_ASKED = {"name_said": "said the whole name", "birth_date": "said the birth date"}
_TICK = "Checked: student, medicine, dose, route, time"


class ConfirmBox(QCheckBox):
    """Space confirms; Enter goes on (`go`); letters mean that somebody is still typing a name."""

    go = Signal()
    letters = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.go.emit()
            return
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        if plain and event.text().isalpha():
            self.letters.emit(event.text())
            return
        super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed."""

    identified: Identified
    rights: frozenset[str]
    birth_date_retyped: bool


class DoseConfirm(Card):
    """`go` on Enter, `letters(text)` when somebody goes on typing a name, `changed`."""

    go = Signal()
    letters = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, margin=14, spacing=6)
        self._view: PanelView | None = None
        today = desk.clock.now().date()
        self.fields = FieldColumn(desk.theme, self)
        self.birth = DayLine(today)
        self.fields.add(
            "birth", "Name alert: ask for the birth date and type it", self.birth, required=True
        )
        self.birth.textEdited.connect(self.changed)
        self.who = plain_label("", "strong", self)
        self.who.setWordWrap(True)
        self.box = ConfirmBox(_TICK, self)
        self.box.toggled.connect(self._toggled)
        self.box.go.connect(self.go)
        self.box.letters.connect(self.letters)
        self.keys = Muted("Space confirms, Enter records.", self)
        self.by_adult = LinkButton("An adult said who it is…", self)
        self.by_adult.clicked.connect(self._ask_adult)
        self.adult = FieldColumn(desk.theme, self)
        self.adult_name, self.relation = TextLine(), TextLine(hint="teacher, mother")
        self.adult.add("adult", "Name of the adult", self.adult_name)
        self.adult.add("relation", "Who they are", self.relation)
        self.adult.pair("adult", "relation")
        for line in (self.adult_name, self.relation):
            line.textEdited.connect(self.changed)
        self.says = plain_label("", "dangerText", self)
        self.says.setWordWrap(True)
        self._sign = IconLabel(desk.theme, "warn", "danger", 18, self)
        for widget in (self.fields, self.who, self.box, self.keys, self.by_adult, self.adult):
            self.column.addWidget(widget)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.says, 1)
        self.column.addLayout(below)

    def show_view(self, view: PanelView) -> None:
        """Ask it of this student."""
        self._view = view
        first = view.first_name
        asked = " and ".join(_ASKED[one] for one in self._second())
        if view.photo is not None:
            self.who.setText(f"It is {first}: the photo is theirs, and {first} {asked}.")
        else:
            self.who.setText(f"It is {first}, who {asked}. There is no photo.")
        self.box.setChecked(False)
        self.box.setAccessibleName(f"{self.who.text()} {_TICK}")
        self.box.setAccessibleDescription("Space confirms, Enter records the dose")
        self.fields.setVisible(bool(view.panel.similar))
        self.birth.clear()
        self.adult.hide()
        self.by_adult.show()
        self.adult_name.clear()
        self.relation.clear()
        self.say("")
        self.set_edge(False)

    def _second(self) -> tuple[str, ...]:
        """What is asked beside the photo; both where there is none."""
        view = self._view
        if view is None:
            return ()
        if view.photo is None:
            return ("name_said", "birth_date")
        return (view.settings.second_identifier,)

    def first(self) -> QWidget:
        """Where one begins."""
        return self.birth if not self.fields.isHidden() else self.box

    def answers(self) -> Confirmed:
        """What was confirmed, as far as it goes."""
        view = self._view
        born: date | None = None
        with suppress(ValueError):  # half typed
            born = self.birth.day()
        known = view is not None and born is not None and born == view.panel.birth_date
        if not self.box.isChecked() or view is None:
            return Confirmed(Identified(), frozenset(), known)
        by = set(self._second())
        if view.photo is not None:
            by.add("photo")
        if known:
            by.add("birth_date")
        adult, relation = self.adult_name.text().strip(), self.relation.text().strip()
        if not self.adult.isHidden() and adult:
            by = by & {"photo"}
        prn = view.panel.order.terms.prn is not None
        rights = medication_lists().rights
        ticked = frozenset(code for code, one in rights.items() if prn or not one.prn)
        return Confirmed(Identified(frozenset(by), adult, relation), ticked, known)

    def problem(self) -> QWidget | None:
        """What is still to be confirmed: where it is said and the focus goes; None if nothing."""
        told, view = self.answers(), self._view
        if not self.fields.isHidden() and not told.birth_date_retyped:
            frame = self.fields.frames["birth"]
            typed = self.birth.text().strip()
            wrong = "That is not this student’s birth date. Is it the right child?"
            frame.say(wrong if typed else "Ask the student for the birth date and type it.")
            return self.birth
        if not self.box.isChecked():
            self.say("Look at the student and the label, then confirm with Space.")
            return self.box
        if view is not None and not told.identified.enough:
            self.adult.frames["relation"].say("Write who it is.")
            return self.relation
        return None

    def say(self, text: str) -> None:
        """Say below what is missing."""
        self.says.setText(text)
        self.says.setVisible(bool(text))
        self._sign.setVisible(bool(text))

    def set_edge(self, on: bool) -> None:
        """A bar at the left where it is confirmed."""
        self.setProperty("edge", "ok" if on else "")
        self.style().unpolish(self)
        self.style().polish(self)

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self.say("")
        self.set_edge(on)
        self.changed.emit()

    @Slot()
    def _ask_adult(self) -> None:
        self.by_adult.hide()
        self.adult.show()
        self.adult_name.setFocus()
