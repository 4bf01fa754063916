"""Parts of the sheet of an order: the medicine and the dose; how what is typed is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, cast

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.catalogue import Known
from bt_desktop.services.health.model import (
    Medicine,
    MedicineKind,
    OrderTerms,
    Quantity,
    plain,
)
from bt_desktop.services.health.order_hints import of_one
from bt_desktop.views.health.choices import form_defaults, rows
from bt_desktop.views.health.medicine_line import MedicineLine
from bt_desktop.views.health.typed import understood
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import Choice, TextBox
from bt_desktop.views.widgets.text import SectionTitle

if TYPE_CHECKING:
    from bt_desktop.views.widgets.sheet import Sheet

T = TypeVar("T")
NO_AMOUNT = Decimal(0)


class Reading:
    """Reads what was typed; what cannot be read is said beside its field and spoils `good`."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.good = True

    def take(self, key: str, read: Callable[[], T], otherwise: T) -> T:
        """What `read` gives; `otherwise` where it raises ValueError with a sentence."""
        try:
            return read()
        except ValueError as wrong:
            self._sheet.frames[key].say(str(wrong))
            self.good = False
            return otherwise


def choice(name: str, chosen: str, *, blank: str = "Choose") -> Choice:
    """A box of one of the lists."""
    made = Choice()
    made.fill(rows(name, blank=blank), chosen)
    return made


def code_of(box: Choice) -> str:
    """The code that is chosen."""
    return str(box.currentData() or "")


def box_of(text: str, lines: int = 2) -> TextBox:
    """Several lines with a text in them."""
    made = TextBox(lines=lines, most=8)
    made.setPlainText(text)
    return made


class MedicinePart:
    """Name, strength, form, whether prescribed, schedule."""

    def __init__(self, sheet: Sheet, drug: Medicine | None) -> None:
        sheet.column.addWidget(SectionTitle("Medicine"))
        self.name = MedicineLine()
        self.name.setText(drug.name if drug else "")
        self.strength = line(drug.strength if drug else "", "10 mg, 100 mg/5 ml")
        self.form = choice("forms", drug.form if drug else "")
        self.kind = choice("medicine_kinds", drug.kind if drug else "rx", blank="")
        self.schedule = choice("schedules", drug.schedule if drug else "", blank="")
        sheet.add("medicine", "Medicine", self.name, required=True, hint="As the paper names it")
        sheet.add("strength", "Strength", self.strength)
        sheet.add("form", "Form", self.form)
        sheet.pair("strength", "form")
        sheet.add("kind_of_medicine", "Prescribed or not", self.kind)
        sheet.add("schedule", "Controlled", self.schedule)
        sheet.pair("kind_of_medicine", "schedule")
        self.name.picked.connect(self._know)

    def read(self) -> Medicine:
        """The medicine as it was typed."""
        return Medicine(
            " ".join(self.name.text().split()),
            " ".join(self.strength.text().split()),
            code_of(self.form),
            cast("MedicineKind", code_of(self.kind) or "rx"),
            code_of(self.schedule),
        )

    def _know(self, one: Known) -> None:
        """A medicine of the list was chosen: its schedule, and its form where it has but one."""
        self.schedule.setCurrentIndex(max(0, self.schedule.findData(one.schedule)))
        if len(one.forms) == 1 and not code_of(self.form):
            self.form.setCurrentIndex(max(0, self.form.findData(one.forms[0])))


class DosePart:
    """How much, how, and how much of the counted stock that is."""

    def __init__(self, sheet: Sheet, terms: OrderTerms | None, drug: MedicinePart) -> None:
        self._sheet, self._drug, self._offered = sheet, drug, ""
        sheet.column.addWidget(SectionTitle("Dose"))
        self.amount = line(plain(terms.dose.amount) if terms else "", "10, 2.5, 1/2")
        self.unit = choice("units", terms.dose.unit if terms else "mg", blank="")
        self.route = choice("routes", terms.route if terms else "")
        self.takes = line(plain(terms.takes) if terms else "", "Blank: worked out")
        self.counted_in = choice("units", terms.counted_in if terms else "tablet", blank="")
        most = terms.most_per_dose if terms else None
        self.most = line(plain(most.amount) if most else "")
        sheet.add("dose", "Dose, as a number", self.amount, required=True)
        sheet.add("unit", "Unit of the dose", self.unit)
        sheet.pair("dose", "unit")
        sheet.add("route", "How it is given", self.route, required=True)
        sheet.add("takes", "One dose takes of the stock", self.takes)
        sheet.add("counted_in", "Counted in", self.counted_in)
        sheet.pair("takes", "counted_in")
        sheet.add("most", "Most for one dose", self.most, hint="By label or weight, in that unit")
        self.amount.textEdited.connect(self._say_understood)
        drug.form.currentIndexChanged.connect(self._know_form)

    def read(self, reading: Reading, drug: Medicine) -> dict[str, object]:
        """Dose, route, what it takes of the stock, and the most."""
        unit = code_of(self.unit)
        amount = reading.take("dose", lambda: read_amount(self.amount.text()), None)
        most = reading.take("most", lambda: read_amount(self.most.text()), None)
        dose = Quantity(amount if amount is not None else NO_AMOUNT, unit)
        takes = reading.take("takes", lambda: read_amount(self.takes.text()), None)
        return {
            "dose": dose,
            "route": code_of(self.route),
            "counted_in": code_of(self.counted_in),
            "takes": takes if takes is not None else self._worked_out(drug, dose),
            "most_per_dose": Quantity(most, unit) if most is not None else None,
        }

    def _worked_out(self, drug: Medicine, dose: Quantity) -> Decimal:
        """Twenty milligrams of a 10 mg tablet are two; one where it cannot be told."""
        counted = code_of(self.counted_in)
        if dose.unit == counted:
            return dose.amount
        if "/" in drug.strength or counted in ("mg", "mcg", "g", "ml"):
            return Decimal(1)
        today = date.min
        told = of_one(OrderTerms("", "", drug, dose, "", "", today, today))
        return told if told is not None and told > 0 else Decimal(1)

    def _know_form(self) -> None:
        counted, _, routes = form_defaults(code_of(self._drug.form))
        if counted:
            self.counted_in.setCurrentIndex(max(0, self.counted_in.findData(counted)))
        if code_of(self.route) in ("", self._offered):  # not one that somebody chose
            self._offered = routes[0] if len(routes) == 1 else ""
            self.route.setCurrentIndex(max(0, self.route.findData(self._offered)))

    def _say_understood(self, typed: str) -> None:
        self._sheet.frames["dose"].say(understood(typed), "muted")
