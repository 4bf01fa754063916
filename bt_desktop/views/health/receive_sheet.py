"""A container comes in: for whose order, how much, what the label says, who brought it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import STOCK_SUBJECT, Lot, Medicine, Order
from bt_desktop.services.results.people import Problem
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import form_defaults, unit_is_estimated
from bt_desktop.views.health.hinted_sheet import HintedSheet
from bt_desktop.views.health.medicine_line import MedicineLine
from bt_desktop.views.health.order_parts import choice, code_of
from bt_desktop.views.health.order_words import is_stock, medicine_title
from bt_desktop.views.health.stock_sheets import Hands
from bt_desktop.views.health.stock_words import STOCK_NAME
from bt_desktop.views.health.two_people import TwoPeople
from bt_desktop.views.health.typed import understood
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_NO_ORDER = "No order: the school’s own stock"
_DRUG = ("medicine", "strength", "form", "schedule")


class ReceiveSheet(HintedSheet):
    """`saved(lot id)`. `orders` are those that still run; `chosen` the one it is for."""

    anyway = "Take it in all the same"

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        orders: Sequence[Order],
        names: Mapping[str, str],
        hands: Hands,
        today: date,
        chosen: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "A container comes in", "Take it in", parent, wide=600)
        self._workspace, self._today = workspace, today
        self._orders = {one.id: one for one in orders}
        self.order = Choice()
        rows: list[tuple[str, object]] = sorted(
            (_order_words(one, names), one.id) for one in orders
        )
        self.order.fill([*rows, (_NO_ORDER, "")], chosen or (rows[0][1] if rows else ""))
        self.add("order", "For which order", self.order)
        self._add_drug()
        self._add_amount()
        self._add_label()
        self.people = TwoPeople(self, hands.own_id, hands.witnesses)
        self.order.currentIndexChanged.connect(self._take_order)
        self.schedule.currentIndexChanged.connect(self._ask_two)
        self._take_order()
        self.on_save(self._collect_lot)

    def _add_drug(self) -> None:
        self.name, self.strength = MedicineLine(), line()
        self.form, self.schedule = choice("forms", ""), choice("schedules", "", blank="")
        self.add("medicine", "Medicine", self.name, required=True)
        self.add("strength", "Strength", self.strength)
        self.add("form", "Form", self.form)
        self.pair("strength", "form")
        self.add("schedule", "Controlled", self.schedule)
        self.name.picked.connect(
            lambda one: self.schedule.setCurrentIndex(max(0, self.schedule.findData(one.schedule)))
        )
        self.form.currentIndexChanged.connect(self._know_form)

    def _add_amount(self) -> None:
        self.amount, self.unit = line(), choice("units", "tablet", blank="")
        self.carried, self.relation = line(), line(hint="mother, father, guardian")
        self.add("amount", "How much, counted together", self.amount, required=True)
        self.add("unit", "Counted in", self.unit)
        self.pair("amount", "unit")
        self.amount.textEdited.connect(
            lambda text: self.frames["amount"].say(understood(text), "muted")
        )
        self.add("carried_by", "Who brought it", self.carried, required=True)
        self.add("relation", "Relation to the student", self.relation)
        self.pair("carried_by", "relation")
        self.adult = self.tick("An adult brought it", on=True)

    def _add_label(self) -> None:
        self.rx, self.expires = line(), DayLine(self._today)
        self.storage = choice("storage", "", blank="Not chosen")
        self.add("rx", "Rx or lot number", self.rx)
        self.add("expires_on", "Expires on", self.expires)
        self.pair("rx", "expires_on")
        self.add("storage", "Kept", self.storage)

    def _take_order(self) -> None:
        order = self._orders.get(code_of(self.order))
        for key in _DRUG:
            self.frames[key].setVisible(order is None)
        if order is not None:
            terms, check = order.terms, order.container
            self.unit.setCurrentIndex(max(0, self.unit.findData(terms.counted_in)))
            self.storage.setCurrentIndex(max(0, self.storage.findData(terms.storage)))
            self.rx.setText(check.rx_number if check else "")
            ends = check.expires_on if check else None
            self.expires.setText(f"{ends.month}/{ends.day}/{ends.year}" if ends else "")
        stock = order is None or is_stock(order.terms.student_id)
        self.frames["relation"].setVisible(not stock)
        self._ask_two()

    def _know_form(self) -> None:
        counted, _, _ = form_defaults(code_of(self.form))
        if counted:
            self.unit.setCurrentIndex(max(0, self.unit.findData(counted)))

    def _ask_two(self) -> None:
        self.people.show_needed(self._medicine().controlled)

    def _medicine(self) -> Medicine:
        order = self._orders.get(code_of(self.order))
        if order is not None:
            return order.terms.medicine
        return Medicine(
            " ".join(self.name.text().split()),
            self.strength.text().strip(),
            code_of(self.form),
            "otc",
            code_of(self.schedule),
        )

    def _collect_lot(self) -> Callable[[], Any] | None:
        order, drug = self._orders.get(code_of(self.order)), self._medicine()
        amount = self.frames["amount"].read(
            lambda: read_amount(self.amount.text()), "Write how much, as a number."
        )
        good = amount is not None and self._read_expiry()
        if not drug.name:
            self.frames["medicine"].say("Write the name of the medicine.")
            good = False
        if not self.carried.text().strip():
            self.frames["carried_by"].say("Write who brought it.")
            good = False
        signed = self.people.read()
        if not good or amount is None or signed is None or self.hold_for(self._hints(drug)):
            return None
        form_estimated, unit = form_defaults(drug.form)[1], code_of(self.unit)
        lot = Lot(
            "",
            order.terms.student_id if order else STOCK_SUBJECT,
            drug,
            unit,
            order.id if order else None,
            self.rx.text().strip(),
            self.expires.day(),
            code_of(self.storage),
            estimated=form_estimated or unit_is_estimated(unit),
        )
        coming = NewMove(
            "",
            "received",
            amount,
            carried_by=self.carried.text(),
            relation=self.relation.text().strip(),
            adult=self.adult.isChecked(),
        )
        stock, (own, second) = self._workspace.health.stock, signed
        return lambda: stock.receive(lot, coming, password=own, second=second)

    def _read_expiry(self) -> bool:
        try:
            self.expires.day()
        except ValueError as wrong:
            self.frames["expires_on"].say(str(wrong))
            return False
        return True

    def _hints(self, drug: Medicine) -> list[Problem]:
        found, ends = [], self.expires.day()
        if ends is not None and ends < self._today:
            text = f"It expired {full_date(ends)}. Do not take it in; ask for another."
            found.append(Problem("expires_on", "expired", text))
        if drug.controlled and not self.adult.isChecked():
            text = "A controlled medicine is brought by an adult, who counts it with you."
            found.append(Problem("carried_by", "adult", text))
        return found

    def _done(self, result: object) -> None:
        self.people.forget()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if self.people.refused(problem):
            self.banner.clear()


def _order_words(order: Order, names: Mapping[str, str]) -> str:
    who = STOCK_NAME if is_stock(order.terms.student_id) else names.get(order.terms.student_id, "")
    return f"{who}: {medicine_title(order.terms)}"
