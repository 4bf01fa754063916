"""What the rules ask about a dose, worked out from order, stock, day and request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bt_desktop.models.people import Student
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.catalogue import allergies_known, conflict
from bt_desktop.services.health.dose_log import Doses
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger import Balance, expired
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import (
    AsNeeded,
    DoseRecord,
    Order,
    OrderTerms,
    Quantity,
    plain,
)
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import LEAST_WORDS
from bt_desktop.services.health.settings import WHO_WORDS, MedicationSettings, WhoGives
from bt_desktop.services.health.similar import Called
from bt_desktop.services.health.times import (
    already,
    availability,
    clock_words,
    day_of,
    due_of,
    school_days_between,
    timing,
)
from bt_desktop.services.school_days import SchoolCalendar

LATE_ENTRY = timedelta(minutes=15)
"""Written down so long after it happened, an entry is marked as late (design)."""
_MONTH = timedelta(days=30)
_MISSING_WORDS = {
    "prescriber": "the prescriber's",
    "parent": "the parent's",
    "review": "the nurse's review",
}
_STOPS = frozenset(tick.code for tick in medication_lists().container_ticks.values() if tick.stops)


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around a dose that is not in the request itself."""

    order: Order | None
    student: Student | None
    doses: Doses
    balance: Balance | None
    similar: tuple[Called, ...]
    delegations: tuple[Delegation, ...]
    settings: MedicationSettings
    calendar: SchoolCalendar
    role: Role
    user_id: str
    now: datetime
    day: date


def window_of(terms: OrderTerms, settings: MedicationSettings) -> timedelta:
    """The minutes on either side: the order's own, else the school's (for what must be on time)."""
    minutes = terms.window_min
    if minutes is None:
        minutes = settings.critical_window_min if terms.time_critical else settings.window_min
    return timedelta(minutes=minutes)


def is_late_entry(at: datetime, now: datetime) -> bool:
    """Whether something that happened then and is written now is marked as a late entry."""
    return now.astimezone(UTC) - at.astimezone(UTC) > LATE_ENTRY


def needs_witness(around: Around, request: DoseRequest) -> bool:
    """Whether two people must sign: waste of a controlled medicine; a dose by the setting."""
    if around.order is None or not around.order.terms.medicine.controlled:
        return False
    code = medication_lists().outcomes[request.outcome]
    if code.stock == "wasted":
        return True
    return code.is_given and around.settings.witness_on_dose


def facts_of(request: DoseRequest, around: Around) -> Mapping[str, Any]:
    """The facts of `rule_facts.FACTS` that a dose has; the rest is blank."""
    code = medication_lists().outcomes[request.outcome]
    at = request.at or around.now
    facts = blank()
    facts |= {
        "giving": code.is_given,
        "outcome": request.outcome,
        "outcome_words": code.said,
        "reason_needed": code.reason_required,
        "reason_told": len(" ".join(request.reason.split())) >= LEAST_WORDS,
        "future": at.astimezone(UTC) > around.now.astimezone(UTC),
        "identified": request.identified.enough,
        "name_alert": bool(around.similar),
        "similar_names": ", ".join(f"{one.given} {one.family}" for one in around.similar),
        "birth_date_retyped": request.birth_date_retyped,
        "witness_needed": needs_witness(around, request),
        "witness_given": request.second is not None and request.second.user_id != around.user_id,
        "parent_told": request.parent_called,
    }
    facts |= _late(at, around)
    facts |= _student(around)
    happened = day_of(request.due_at or at, around.calendar)
    if around.order is not None:
        facts |= _order(around.order, happened)
        facts |= _giver(around.order, around)
        facts |= _dose(request, around.order.terms)
        facts |= _when(request, around.order.terms, around, at)
    facts |= _stock(request, around, happened)
    return facts


def _late(at: datetime, around: Around) -> dict[str, Any]:
    happened = day_of(at, around.calendar)
    return {
        "late_entry": is_late_entry(at, around.now),
        "other_day": happened < around.day,
        "back_days": school_days_between(happened, around.day, around.calendar),
        "back_limit": around.settings.back_limit,
    }


def _student(around: Around) -> dict[str, Any]:
    if around.student is None:
        return {"allergies_known": True}
    allergies = around.student.allergies
    name = around.order.terms.medicine.name if around.order is not None else ""
    return {
        "allergy": conflict(allergies, name) if name else "",
        "allergies_known": allergies_known(allergies),
    }


def _order(order: Order, day: date) -> dict[str, Any]:
    terms, check = order.terms, order.container
    ticks = check.ticks if check is not None else frozenset()
    missing = [_MISSING_WORDS[one] for one in order.missing if one != "review"]
    upcoming = order.status == "waiting" and day < terms.start  # both are said: R3 and R4
    return {
        "order_state": "upcoming" if upcoming else order.status,
        "starts": day_words(terms.start),
        "ends": day_words(terms.stop),
        "prescriber_on_paper": "prescriber" not in order.missing,
        "parent_on_paper": "parent" not in order.missing,
        "phone_consent": order.parent is not None and order.parent.by_phone,
        "reviewed": bool(order.reviewed_by),
        "missing": " and ".join(missing),
        "label_checked": check is not None,
        "label_differs": check is not None and not ticks >= _STOPS,
        "controlled": terms.medicine.controlled,
    }


def _giver(order: Order, around: Around) -> dict[str, Any]:
    mine = [one for one in around.delegations if order.id in one.order_ids]
    who = around.settings.who_gives_controlled
    return {
        "is_nurse": around.role is Role.NURSE,
        "delegated": bool(mine),
        "controlled_allowed": any(one.controlled and _by_school(who, one) for one in mine),
        "who_gives_controlled": WHO_WORDS[who],
    }


def _by_school(who: WhoGives, delegation: Delegation) -> bool:
    """Whether the school lets a delegate give what is controlled."""
    return who == "trained" or (who == "licensed" and bool(delegation.license.strip()))


def _dose(request: DoseRequest, terms: OrderTerms) -> dict[str, Any]:
    given, lists = request.given or terms.dose, medication_lists()
    same = given.unit == terms.dose.unit
    return {
        "dose_above": same and given.amount > terms.dose.amount,
        "dose_below": same and given.amount < terms.dose.amount,
        "dose_unit_differs": not same,
        "dose_given": lists.amount(given),
        "dose_ordered": lists.amount(terms.dose),
    }


def _when(request: DoseRequest, terms: OrderTerms, around: Around, at: datetime) -> dict[str, Any]:
    doses = around.doses.of_order(terms.id)
    if request.replaces is not None:
        doses = [one for one in doses if one.id != request.replaces]
    due_at = due_of(terms, request.due_at, at, around.calendar)
    named = [
        replace(one, due_at=due_of(terms, one.due_at, one.at, around.calendar)) for one in doses
    ]
    former = already(named, terms.id, due_at, at)
    facts: dict[str, Any] = {
        "already": former is not None,
        "already_at": clock_words(former.at.astimezone(around.calendar.zone)) if former else "",
        "prn": terms.prn is not None,
        "refused_in_row": refused_in_row(doses) + (request.outcome == "R"),
    }
    if due_at is not None:
        window = window_of(terms, around.settings)
        due = due_at.astimezone(around.calendar.zone)
        facts |= {
            "timing": timing(due, at, window),
            "due": clock_words(due),
            "opens": clock_words(due - window),
            "window": int(window.total_seconds() // 60),
        }
    if terms.prn is not None:
        facts |= _as_needed(request, terms.prn, around, at, doses)
    return facts


def _as_needed(
    request: DoseRequest, prn: AsNeeded, around: Around, at: datetime, doses: Sequence[DoseRecord]
) -> dict[str, Any]:
    day = day_of(at, around.calendar)
    stand = availability(
        prn, doses, day, around.calendar, now=around.now, at=at, home_at=request.home_dose_at
    )
    said = request.symptom.strip().casefold()
    ordered = [one.strip().casefold() for one in prn.symptoms]
    month = [one for one in doses if one.was_given and at - one.at <= _MONTH]
    return {
        "prn_early": stand.again_at is not None,
        "prn_again": clock_words(stand.again_at) if stand.again_at else "",
        "prn_last": clock_words(stand.last_at) if stand.last_at else "",
        "prn_interval": span_words(prn.interval_min),
        "prn_left": stand.left,
        "prn_most": prn.most_per_day,
        "prn_month": len(month),
        "prn_often": around.settings.often_in_month,
        "home_asked": request.home_asked or request.home_dose_at is not None,
        "symptom_told": bool(said),
        "symptom_ordered": any(said == one or one in said for one in ordered),
        "symptoms": ", ".join(prn.symptoms),
    }


def _stock(request: DoseRequest, around: Around, day: date) -> dict[str, Any]:
    order, stand = around.order, around.balance
    container = order.container if order is not None else None
    last = stand.lot.expires_on if stand is not None else None
    if last is None and container is not None:
        last = container.expires_on
    over = last is not None and day > last
    facts: dict[str, Any] = {
        "medicine_expired": over or (stand is not None and expired(stand.lot, day)),
        "expires": day_words(last) if last is not None else "",
    }
    if stand is None:
        return facts
    lists, unit = medication_lists(), stand.lot.unit
    takes = request.used if request.used is not None else takes_of(request, order)
    there = stand.trips.get(request.trip, stand.office) if request.trip else stand.office
    return facts | {
        "count_mismatch": stand.stopped,
        "mismatch": f"{plain(stand.mismatch)} {unit}" if stand.mismatch is not None else "",
        "balance_short": takes > there,
        "balance": lists.amount(Quantity(there, unit)),
        "takes": lists.amount(Quantity(takes, unit)),
    }


def takes_of(request: DoseRequest, order: Order | None) -> Decimal:
    """How much of the counted stock a dose takes: the order's, in proportion to what was given."""
    if order is None:
        return request.used if request.used is not None else Decimal(1)
    terms = order.terms
    if request.given is None or request.given.unit != terms.dose.unit:
        return terms.takes
    return terms.takes * request.given.amount / terms.dose.amount


def refused_in_row(doses: Sequence[DoseRecord]) -> int:
    """How many of the newest entries in a row say that it was refused."""
    count = 0
    for one in reversed(doses):
        if one.outcome != "R":
            break
        count += 1
    return count


def day_words(day: date) -> str:
    """“November 12, 2026”."""
    return f"{day:%B} {day.day}, {day.year}"


def span_words(minutes: int) -> str:
    """“4 hours”, “90 minutes”."""
    if minutes and minutes % 60 == 0:
        hours = minutes // 60
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{minutes} minutes"
