"""A trip and its medicines in words."""

from __future__ import annotations

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Quantity
from bt_desktop.services.health.trip_model import (
    TRAVELS_WORDS,
    Trip,
    TripLine,
    TripMedicine,
)
from bt_desktop.views.health.away_words import days_words, students_words, times_between

STATES: dict[str, tuple[str, str]] = {
    "planned": ("Planned", "plain"),
    "out": ("Out", "accent"),
    "back": ("Back", "ok"),
    "short": ("Does not come out", "danger"),
}
"""The pill of each state: word and tone."""


def when_words(trip: Trip) -> str:
    """“Thursday, November 12 · 9:00 am to 2:00 pm”."""
    times = times_between(trip.leaves, trip.returns)
    return " · ".join(filter(None, (days_words(trip.first, trip.last), times)))


def line_words(line: TripLine) -> str:
    """“Thursday, November 12 · 24 students · 3 medicines go along”."""
    parts = [when_words(line.trip), students_words(len(line.trip.students))]
    if line.medicines is not None:
        count = line.medicines
        parts.append(
            "no medicine planned"
            if not count
            else "1 medicine goes along"
            if count == 1
            else f"{count} medicines go along"
        )
    return " · ".join(parts)


def line_pill(line: TripLine) -> tuple[str, str]:
    """The pill of a trip in the list; blank where nothing is out."""
    if line.short:
        return STATES["short"]
    return STATES["out"] if line.out else ("", "plain")


def planned_words(medicine: TripMedicine, names: dict[str, str]) -> str:
    """“2 tablets in a labeled envelope, given by Maria Chen”."""
    item = medicine.item
    if item is None or not item.goes:
        return "Stays at school."
    if item.how == "self":
        return "The student carries it."
    giver = item.giver_name or names.get(item.giver, "").partition(",")[0]
    lot = medicine.lot
    much = medication_lists().amount(Quantity(item.amount, lot.lot.unit)) if lot is not None else ""
    return f"{much} in {TRAVELS_WORDS[item.travels]}, given by {giver}."


def doses_words(medicine: TripMedicine) -> str:
    """What of its doses is due on the way, and what was written down."""
    due, given = len(medicine.doses), len(medicine.given)
    written = due - len(medicine.open_doses)
    if medicine.order.terms.prn is not None:
        if not given:
            return "As needed."
        return "As needed: 1 dose written down." if given == 1 else f"As needed: {given} doses."
    if not due:
        return "No dose is due on the way."
    doses = "1 dose is due on the way" if due == 1 else f"{due} doses are due on the way"
    return f"{doses}, {written} written down." if written else f"{doses}."
