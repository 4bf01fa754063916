"""Orders in words: what is given, when, where it stands, what it waits for."""

from __future__ import annotations

from datetime import date

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import STOCK_SUBJECT, Consent, Order, OrderTerms, Quantity
from bt_desktop.services.health.times import times_words
from bt_desktop.views.health.choices import said
from bt_desktop.views.widgets.when import full_date

STATUS: dict[str, tuple[str, str]] = {
    "draft": ("Draft", "plain"),
    "waiting": ("Waiting", "warn"),
    "active": ("Active", "ok"),
    "hold": ("On hold", "warn"),
    "discontinued": ("Discontinued", "plain"),
    "expired": ("Over", "plain"),
    "upcoming": ("Not begun", "accent"),
}
"""The pill of each status: word and tone."""
MISSING = {
    "prescriber": "the prescriber’s statement",
    "parent": "the parent’s statement",
    "review": "the nurse’s review",
}
_STEPS = {
    "entered": "Entered",
    "prescriber": "Prescriber’s statement",
    "parent": "Parent’s statement",
    "container": "Container checked",
    "review": "Reviewed by the nurse",
    "hold": "Put on hold",
    "resume": "Resumed",
    "end": "Discontinued",
}
ENDED = ("discontinued", "expired")
SOON_DAYS = 30
"""An order that ends within so many days, or whose container does, is shown as expiring."""
_HOUR = 60


def medicine_title(terms: OrderTerms) -> str:
    """“Methylphenidate 10 mg tablet”, the form in its own words."""
    drug = terms.medicine
    form = said("forms", drug.form).lower() if drug.form else ""
    return " ".join(part for part in (drug.name, drug.strength, form) if part)


def amount_words(quantity: Quantity) -> str:
    """“2 tablets”."""
    return medication_lists().amount(quantity)


def dose_words(terms: OrderTerms) -> str:
    """“10 mg by mouth at 12:00 pm on school days”."""
    how = said("routes", terms.route)
    words = f"{amount_words(terms.dose)} {how[:1].lower()}{how[1:]}"
    return f"{words}, {when_words(terms)}"


def when_words(terms: OrderTerms) -> str:
    """“at 12:00 pm on school days”, or as needed with its limits."""
    if terms.prn is None:
        if not terms.times:
            return "in an emergency"
        return f"at {times_words(sorted(terms.times))} on school days"
    prn = terms.prn
    words = f"as needed for {', '.join(prn.symptoms)}"
    if prn.interval_min:
        words += f", at least {span_words(prn.interval_min)} apart"
    return f"{words}, at most {prn.most_per_day} a day"


def span_words(minutes: int) -> str:
    """“4 hours”, “90 minutes”."""
    if minutes % _HOUR == 0 and minutes:
        hours = minutes // _HOUR
        return "1 hour" if hours == 1 else f"{hours} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def status_words(order: Order) -> tuple[str, str]:
    """The pill of an order: word and tone."""
    return STATUS[order.status]


def waits_words(order: Order) -> str:
    """“Waits for the parent’s statement and the nurse’s review.”, blank where it waits for nothing
    (or has ended)."""
    if order.status in ENDED or not order.missing:
        return ""
    words = [MISSING.get(code, code) for code in order.missing]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"Waits for {listed}."


def expires_soon(order: Order, today: date) -> str:
    """What about it ends within a month, in words; blank where nothing does."""
    if order.status in ENDED:
        return ""
    if (order.terms.stop - today).days <= SOON_DAYS:
        return f"The order ends {full_date(order.terms.stop)}."
    ends = order.container.expires_on if order.container is not None else None
    if ends is not None and ends < today:
        return f"The container expired {full_date(ends)}."
    if ends is not None and (ends - today).days <= SOON_DAYS:
        return f"The container expires {full_date(ends)}."
    return ""


def consent_words(consent: Consent | None) -> str:
    """“A. Prescriber, MD, signed Aug 17, 2026”; what is missing where something is."""
    if consent is None:
        return "not there yet"
    who = ", ".join(part for part in (consent.name, consent.licence) if part)
    if consent.by_phone:
        return f"{who}, by phone: the paper is still to come"
    if consent.signed_on is None:
        return f"{who}, without a date of signing"
    return f"{who}, signed {full_date(consent.signed_on)}"


def step_words(step: str, reason: str) -> str:
    """A line of the history."""
    if reason == "by_phone":
        reason = "by phone"
    words = _STEPS.get(step, step)
    return f"{words}: {reason}" if reason else words


def is_stock(student_id: str) -> bool:
    """Whether it is the school's own stock rather than a student."""
    return student_id == STOCK_SUBJECT
