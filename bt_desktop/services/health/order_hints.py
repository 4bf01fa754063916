"""What looks odd about an order without being wrong: said beside the field, and confirmed.

Pure. A hint never stops an order; whoever enters it says that the paper really says so, and that
is kept with the order (`CHECKED`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from bt_desktop.services.health.catalogue import conflict, known
from bt_desktop.services.health.lists import MedicationLists, medication_lists
from bt_desktop.services.health.model import Medicine, OrderTerms, Quantity, plain
from bt_desktop.services.results.people import Problem

CHECKED = "checked"
"""Where `special` says which hints were confirmed, as codes joined by spaces."""
_TENFOLD = 10
_IN_MCG = {"mcg": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)}
_STRENGTH = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-zµ]+)\b", re.I | re.ASCII)


def order_hints(
    terms: OrderTerms, *, allergies: str = "", before: OrderTerms | None = None
) -> tuple[Problem, ...]:
    """What to look at again, by field. `before` is the order that this one takes the place of."""
    lists = medication_lists()
    found = (
        _against_allergies(terms, allergies),
        _not_marked_controlled(terms),
        _tenfold(terms, before, lists),
        _takes(terms, lists),
        _way_in(terms, lists),
        _first_dose(terms),
    )
    return tuple(one for one in found if one is not None)


def confirmed(terms: OrderTerms) -> frozenset[str]:
    """The codes of the hints that were confirmed when the order was entered."""
    return frozenset(terms.special.get(CHECKED, "").split())


def strength_of(medicine: Medicine) -> Quantity | None:
    """“10 mg”, also of “100 mg/5 ml”; None where the strength names no amount."""
    found = _STRENGTH.match(medicine.strength.replace("µ", "mc"))
    if found is None:
        return None
    amount = Decimal(found[1].replace(",", "."))
    return Quantity(amount, found[2].lower()) if amount else None


def of_one(terms: OrderTerms) -> Decimal | None:
    """How many of the strength a dose is (two tablets of 10 mg for 20 mg); None: not comparable."""
    strength = strength_of(terms.medicine)
    if strength is None:
        return None
    dose = terms.dose
    if dose.unit == strength.unit:
        return dose.amount / strength.amount
    if dose.unit in _IN_MCG and strength.unit in _IN_MCG:
        whole, part = dose.amount * _IN_MCG[dose.unit], strength.amount * _IN_MCG[strength.unit]
        return whole / part
    return None


def _against_allergies(terms: OrderTerms, allergies: str) -> Problem | None:
    against = conflict(allergies, terms.medicine.name)
    if not against:
        return None
    text = f"The list of allergies says “{against}”. Call the prescriber before it is given (R17)."
    return Problem("medicine", "allergy", text)


def _not_marked_controlled(terms: OrderTerms) -> Problem | None:
    one = known(terms.medicine.name)
    if one is None or not one.schedule or terms.medicine.schedule:
        return None
    text = (
        f"{one.name} is usually {one.schedule}. A controlled medicine is counted, and two people "
        "sign for it."
    )
    return Problem("schedule", "schedule", text)


def _tenfold(
    terms: OrderTerms, before: OrderTerms | None, lists: MedicationLists
) -> Problem | None:
    dose = lists.amount(terms.dose)
    if before is not None and before.dose.unit == terms.dose.unit and before.dose.amount:
        told = _far(terms.dose.amount / before.dose.amount)
        if told:
            text = f"{dose} is {told} than the order before ({lists.amount(before.dose)})."
            return Problem("dose", "tenfold", f"{text} Look at the number and the unit again.")
    times = of_one(terms)
    told = _far(times) if times is not None else ""
    if not told:
        return None
    text = f"{dose} is {told} than usual for a strength of {terms.medicine.strength.strip()}."
    return Problem("dose", "tenfold", f"{text} Look at the number and the unit again.")


def _far(times: Decimal) -> str:
    if times >= _TENFOLD:
        return f"{plain(times.quantize(Decimal(1)))} times more"
    return "ten times less" if 0 < times <= Decimal(1) / _TENFOLD else ""


def _takes(terms: OrderTerms, lists: MedicationLists) -> Problem | None:
    unit, times = lists.units.get(terms.counted_in), of_one(terms)
    if unit is None or not unit.counted or times is None or "/" in terms.medicine.strength:
        return None
    if times == terms.takes or _far(times):
        return None
    one = lists.amount(Quantity(times, terms.counted_in))
    text = f"{lists.amount(terms.dose)} of {terms.medicine.strength.strip()} is {one}."
    return Problem("takes", "takes", text)


def _way_in(terms: OrderTerms, lists: MedicationLists) -> Problem | None:
    form, route = lists.forms.get(terms.medicine.form), lists.routes.get(terms.route)
    if form is None or route is None or not form.routes or terms.route in form.routes:
        return None
    usual = " or ".join(lists.routes[one].said.lower() for one in form.routes)
    return Problem("route", "route", f"{form.said}: usually {usual}. Look at the paper again.")


def _first_dose(terms: OrderTerms) -> Problem | None:
    """Recommended, not demanded (Montana's school nurse guide)."""
    if terms.first_dose_at_home is not False:
        return None
    text = "A first dose is best given at home, where somebody can watch. Talk to the parent."
    return Problem("first_dose", "first_dose", text)
