"""A dose in words: its container, what was given last, what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bt_desktop.services.health.doses import Panel
from bt_desktop.services.health.ledger import Balance, expired
from bt_desktop.services.health.model import DoseRecord, OrderTerms, Quantity, plain
from bt_desktop.services.health.rules import Finding
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.order_words import amount_words
from bt_desktop.views.health.stock_words import much
from bt_desktop.views.widgets.when import clock_words, full_date, moment_words

OWN_FIELDS = frozenset(("R1", "R2", "R11", "R15", "R19", "R23"))
"""Rules that are asked for by a field of their own in the panel: there they are said."""
SAID_AT_HEAD = "R17"
"""That allergies are not written down stands beside the name already."""


def give_words(terms: OrderTerms) -> str:
    """“10 mg (1 tablet) by mouth”."""
    how = said("routes", terms.route)
    stock = Quantity(terms.takes, terms.counted_in)
    counted = f" ({amount_words(stock)})" if stock != terms.dose else ""
    return f"{amount_words(terms.dose)}{counted} {how[:1].lower()}{how[1:]}"


def lot_words(balance: Balance, day: date) -> str:
    """“30 tablets, good until Aug 1, 2027 · Rx 7714402”."""
    lot = balance.lot
    if expired(lot, day):
        good = f"EXPIRED {full_date(lot.expires_on)}"
    else:
        good = f"good until {full_date(lot.expires_on)}" if lot.expires_on else "no expiry date"
    rx = f" · Rx {lot.rx_number}" if lot.rx_number else ""
    return f"{much(lot, balance.office)}, {good}{rx}"


def usual_lot(panel: Panel) -> str:
    """The container to take from; blank where none is in the ledger."""
    return usual_lot_of(panel.balances, panel.day)


def usual_lot_of(balances: Iterable[Balance], day: date) -> str:
    """Of the containers that are good, the one that expires first; of expired ones, if there are
    no others; blank where nothing is there."""
    there = [one for one in balances if one.office > 0]
    good = [one for one in there if not expired(one.lot, day)] or there
    good.sort(key=lambda one: (one.lot.expires_on or date.max, one.lot.id))
    return good[0].lot.id if good else ""


def last_words(panel: Panel, now: datetime) -> str:
    """“Last given yesterday 12:03 pm”."""
    given = next((one for one in panel.doses if one.was_given), None)
    if given is None:
        return "Not given in the last days."
    return f"Last given {moment_words(given.at, now)}."


def done_words(dose: DoseRecord, names: dict[str, str], now: datetime) -> list[str]:
    """What is on record of a dose, line by line."""
    amount = amount_words(dose.given) if dose.given is not None else ""
    used = f", {plain(dose.used)} out of the container" if dose.used else ""
    parts = [
        f"{said('outcomes', dose.outcome)} {moment_words(dose.at, now)}"
        + (f", {amount}{used}" if dose.was_given and amount else ""),
        f"By {names.get(dose.by_user, 'somebody without an account')}"
        + (f", with {names[dose.witness]}" if dose.witness in names else ""),
    ]
    if dose.late_entry:
        parts.append(f"Late entry: written {moment_words(dose.entered_at, now)}")
    if dose.symptom:
        parts.append(f"For: {dose.symptom}")
    if dose.reason:
        parts.append(f"Reason: {dose.reason}")
    if dose.parent_called:
        parts.append("A parent was called")
    if dose.broken:
        parts.append("A deviation: the medication error report tells it")
    return parts


def warn_words(finding: Finding) -> str:
    """A warning in one breath."""
    return f"{finding.what} {finding.next}".strip()


def due_words(due_at: datetime | None) -> str:
    """“at 12:00 pm”, “as needed”."""
    return f"at {clock_words(due_at)}" if due_at is not None else "as needed"
