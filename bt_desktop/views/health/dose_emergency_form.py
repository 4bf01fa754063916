"""The questions of an emergency dose: who and what is enough; an order offers the rest."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.emergency_note import Called, EmergencyNote
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.model import STOCK_SUBJECT, Order, Quantity, plain
from bt_desktop.services.health.rules import Finding
from bt_desktop.views.called_911 import Called911
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import units_word
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_words import lot_words, usual_lot_of, warn_words
from bt_desktop.views.health.order_words import is_stock, medicine_title
from bt_desktop.views.night_note import given_at
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.text import plain_label
from bt_desktop.views.widgets.when import clock_words, moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_NO_ORDER = "Without an order: as it is written below"
_CALLED = {"yes": "911 was called.", "no": "911 was not called."}
_UNSAID = "(not written down)"


@dataclass(frozen=True, slots=True)
class Rescue:
    """What a student's orders offer for it, as far as the person may read them."""

    orders: tuple[Order, ...] = ()
    balances: tuple[Balance, ...] = ()


def read_rescue(workspace: Workspace, student_id: str) -> Rescue:
    """The student's active orders, emergency medicines first, then those of the school's own stock,
    with their containers (on a worker).

    Nothing where the person holds no key: the dose is recorded all the same."""
    health = workspace.health
    active: list[Order] = []
    balances: list[Balance] = []
    for subject in (student_id, STOCK_SUBJECT):
        try:
            found = health.orders.of_student(subject)
        except KnownError:
            continue
        active += [one for one in found if one.status == "active"]
        balances += health.stock.balances(subject)
    active.sort(
        key=lambda one: (
            is_stock(one.terms.student_id), one.terms.kind == "regular", one.terms.prn is None
        )
    )  # fmt: skip
    return Rescue(tuple(active), tuple(balances))


def order_words(order: Order) -> str:
    """The medicine; of the school's own stock it is said."""
    words = medicine_title(order.terms)
    return f"{words} (the school’s own stock)" if is_stock(order.terms.student_id) else words


class EmergencyForm(FieldColumn):
    """The fields. `complete(now)` is the dose, or where something is missing, said beside it."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self._student, self.name = "", ""
        self._rescue = Rescue()
        self._id = ""
        self.column.setSpacing(14)
        self._build_who()
        self._build_what()

    def _build_who(self) -> None:
        self.pick = StudentPick(self._desk, self._workspace, self)
        self.pick.chosen.connect(self.choose)
        self.add("student", "Who got it?", self.pick, required=True)
        self.who = plain_label("", "strong", self)
        self.who.setWordWrap(True)
        self.unknown = LinkButton("Nobody knows the name…", self)
        self.column.addWidget(self.who)
        self.column.addWidget(self.unknown)

    def _build_what(self) -> None:
        self.order, self.lot = Choice(), Choice()
        self.add("order", "By which order?", self.order)
        self.order.currentIndexChanged.connect(self._order_chosen)
        self.add("lot", "From", self.lot)
        self.lot.currentIndexChanged.connect(self._ask_rules)
        self.medicine = TextLine()
        self.add("medicine", "Which medicine?", self.medicine, required=True)
        self.dose, self.at = TextLine(), TextLine(hint="now")
        self.add("dose", "How much?", self.dose)
        self.add("at", "When?", self.at)
        self.pair("dose", "at")
        self.at.textChanged.connect(self._tell_when)
        self.happened = TextBox(lines=3, most=6)
        self.add("happened", "What happened?", self.happened)
        self.called = Called911(self)
        self.add("called_911", "Was 911 called?", self.called)
        self.parent_called = QCheckBox("A parent was called", self)
        self.parent_called.setAccessibleName("A parent was called")
        self.column.addWidget(self.parent_called)
        self.warns = plain_label("", "warnText", self)
        self.warns.setWordWrap(True)
        self.column.addWidget(self.warns)

    def begin(self) -> None:
        """Empty, with the focus where one begins."""
        self._student, self.name, self._id = "", "", str(uuid.uuid4())
        self.pick.clear()
        for line in (self.medicine, self.dose, self.at):
            line.clear()
        self.happened.clear()
        self.parent_called.setChecked(False)
        self.called.clear()
        self._show_rescue(Rescue())
        self.who.hide()
        self.unknown.show()
        self.clear_says()
        self.pick.setFocus()

    @Slot(str, str)
    def choose(self, student_id: str, name: str) -> None:
        """It is this student's."""
        self._student, self.name = student_id, name
        self.who.setText(name)
        self.who.show()
        self.unknown.hide()
        self.frames["student"].say("")
        workspace = self._workspace
        self._desk.tasks.latest(
            self, "rescue", lambda: read_rescue(workspace, student_id), self._show_rescue
        )
        self.medicine.setFocus()

    def _show_rescue(self, rescue: Rescue) -> None:
        self._rescue = rescue
        rows: list[tuple[str, object]] = [(order_words(one), one.id) for one in rescue.orders]
        self.order.fill([(_NO_ORDER, ""), *rows], "")
        self.frames["order"].setVisible(bool(rows))
        self._order_chosen()

    def _chosen(self) -> Order | None:
        which = str(self.order.currentData() or "")
        return next((one for one in self._rescue.orders if one.id == which), None)

    @Slot()
    def _order_chosen(self) -> None:
        order = self._chosen()
        self.frames["medicine"].setVisible(order is None)
        self.frames["dose"].set_label(
            f"How much ({units_word(order.terms.dose.unit)})?" if order else "How much?"
        )
        lots: list[Balance] = []
        if order is not None:
            lots = [one for one in self._rescue.balances if one.lot.order_id == order.id]
            self.dose.setText(plain(order.terms.dose.amount))
            self.medicine.setText(medicine_title(order.terms))
        today = self._desk.clock.now().date()
        rows: list[tuple[str, object]] = [(lot_words(one, today), one.lot.id) for one in lots]
        self.lot.fill([*rows, ("Not from a container of the ledger", "")],
                      usual_lot_of(lots, today))  # fmt: skip
        self.frames["lot"].setVisible(bool(lots))
        self._ask_rules()

    @Slot()
    def _ask_rules(self) -> None:
        """What is out of date or off is said; nothing stops an emergency."""
        request = self._request(self._desk.clock.now())
        if request is None or request.order_id is None:
            self._warn(())
            return
        doses = self._workspace.health.doses
        self._desk.tasks.latest(
            self, "rules", lambda: doses.check(request), self._warn, lambda _: None
        )

    def _warn(self, findings: tuple[Finding, ...]) -> None:
        told = [warn_words(one) for one in findings if one.rule != "R16"]
        self.warns.setText("\n".join(told))
        self.warns.setVisible(bool(told))

    def _request(self, at: datetime) -> DoseRequest | None:
        """The dose as it stands there; None where the amount cannot be read."""
        order, amount = self._chosen(), self.dose.text().strip()
        given: Quantity | None = None
        if order is not None and amount:
            try:
                found = read_amount(amount)
            except ValueError as problem:
                self.frames["dose"].say(str(problem))
                return None
            given = Quantity(found, order.terms.dose.unit) if found is not None else None
        called = _CALLED.get(self.called.answer, "")
        happened = self.happened.toPlainText().strip()
        words = self.medicine.text().strip()
        return DoseRequest(
            self._id,
            self._student,
            order.id if order is not None else None,
            at=at,
            given=given,
            reason="\n".join(part for part in (happened, called) if part),
            lot_id=str(self.lot.currentData() or "") or None if order is not None else None,
            parent_called=self.parent_called.isChecked(),
            medicine_text="" if order is not None else ", ".join(filter(None, (words, amount))),
            emergency=True,
            happened=True,
        )

    def complete(self, now: datetime) -> DoseRequest | QWidget:
        """The dose as it is to be recorded; or where something is missing, said beside it."""
        self.clear_says()
        missing: list[QWidget] = []
        if not self._student:
            self.frames["student"].say("Find the student, or say below that nobody knows the name.")
            missing.append(self.pick)
        if not self.medicine.text().strip():
            self.frames["medicine"].say("Write what was given.")
            missing.append(self.medicine)
        at = self.frames["at"].read(lambda: given_at(self.at.text(), now), "Write when.")
        if at is not None and at > now + timedelta(minutes=1):
            self.frames["at"].say(
                f"That is later than this computer's clock ({clock_words(now)}). Look at it again."
            )
            at = None
        if missing:
            return missing[0]
        if at is None:
            return self.at
        return self._request(min(at, now)) or self.dose

    @property
    def holds_words(self) -> bool:
        """Whether something stands there."""
        typed = any(line.text().strip() for line in (self.medicine, self.at))
        return bool(typed or self._student or self.happened.toPlainText().strip())

    def as_note(self, now: datetime) -> EmergencyNote:
        """What stands there, as a note that somebody finishes later."""
        try:
            at = given_at(self.at.text(), now)
        except ValueError:
            at = now
        return EmergencyNote(
            "", self.name or _UNSAID, self.medicine.text().strip() or _UNSAID, at, now,
            self.dose.text().strip(), self.happened.toPlainText().strip(),
            cast("Called", self.called.answer), self._workspace.actor.name,
        )  # fmt: skip

    @Slot()
    def _tell_when(self) -> None:
        now, frame = self._desk.clock.now(), self.frames["at"]
        try:
            at = given_at(self.at.text(), now)
        except ValueError:
            frame.say("")
            return
        frame.say(moment_words(at, now) if self.at.text().strip() else "", "muted")
