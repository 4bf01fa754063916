"""An order in the words of paper: what heads packets, agreements and forms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bt_desktop.models import people as tables
from bt_desktop.paper.health_content import OrderCopy
from bt_desktop.paper.mar_content import Ordered, Student
from bt_desktop.services.health.dose_facts import span_words
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Consent, Order, OrderTerms
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.school_days import SchoolCalendar

_STATUS = {
    "draft": "draft",
    "waiting": "not complete yet",
    "active": "active",
    "hold": "on hold",
    "discontinued": "discontinued",
    "expired": "over",
    "upcoming": "not begun yet",
}


def student_words(row: tables.Student) -> Student:
    """A student as health papers head them."""
    return Student(
        whole_name(row), row.birth_date, row.grade, row.teacher, row.allergies, row.student_number
    )


def ordered(order: Order, lots: Iterable[Balance] = ()) -> Ordered:
    """An order, with the soonest last day and the prescription number of its containers."""
    check = order.container
    own = [one.lot for one in lots if one.lot.order_id == order.id and not one.empty()]
    ends = [lot.expires_on for lot in own if lot.expires_on is not None]
    if not ends and check is not None and check.expires_on is not None:
        ends = [check.expires_on]
    return order_words(
        order.terms,
        order.prescriber,
        order.parent,
        parent_phone=order.parent.phone if order.parent is not None else "",
        stop=order.ended_on or order.terms.stop,
        expires_on=min(ends, default=None),
        rx_number=next((lot.rx_number for lot in own if lot.rx_number), "")
        or (check.rx_number if check is not None else ""),
    )


def order_words(
    terms: OrderTerms,
    prescriber: Consent | None,
    parent: Consent | None,
    *,
    parent_phone: str,
    stop: date,
    expires_on: date | None,
    rx_number: str,
) -> Ordered:
    """An order in the words of paper, with what its containers say."""
    lists = medication_lists()
    route, stored = lists.routes.get(terms.route), lists.storage.get(terms.storage)
    form = lists.forms.get(terms.medicine.form)
    return Ordered(
        medicine=terms.medicine.name,
        strength=terms.medicine.strength,
        form=form.said.lower() if form is not None else terms.medicine.form,
        schedule=terms.medicine.schedule,
        dose=_dose(terms),
        route=route.said.lower() if route is not None else terms.route,
        times=() if terms.prn is not None else tuple(sorted(terms.times)),
        as_needed=as_needed_words(terms),
        reason=terms.reason,
        instructions=terms.instructions,
        prescriber=", ".join(filter(None, (prescriber.name, prescriber.licence)))
        if prescriber is not None
        else "",
        prescriber_phone=prescriber.phone if prescriber is not None else "",
        parent=parent.name if parent is not None else "",
        parent_phone=parent_phone,
        start=terms.start,
        stop=stop,
        expires_on=expires_on,
        rx_number=rx_number,
        storage=stored.said if stored is not None else terms.storage,
    )


def _dose(terms: OrderTerms) -> str:
    """“10 mg (1 tablet)”."""
    lists, dose = medication_lists(), medication_lists().amount(terms.dose)
    if terms.dose.unit == terms.counted_in:
        return dose
    counted = replace(terms.dose, amount=terms.takes, unit=terms.counted_in)
    return f"{dose} ({lists.amount(counted)})"


def as_needed_words(terms: OrderTerms) -> str:
    """“for headache; at least 4 hours apart; at most 2 a day”; blank for a scheduled order."""
    prn = terms.prn
    if prn is None:
        return "" if terms.times else "in an emergency"
    said = f"for {' or '.join(prn.symptoms)}"
    if prn.interval_min:
        said += f"; at least {span_words(prn.interval_min)} apart"
    return f"{said}; at most {prn.most_per_day} a day"


def order_copy(
    order: Order, student: Student, names: Mapping[str, str], lots: Iterable[Balance] = ()
) -> OrderCopy:
    """The order with both statements, the review and the container. `names` by user id."""
    terms, check, prn = order.terms, order.container, order.terms.prn
    ticks = medication_lists().container_ticks
    return OrderCopy(
        student=student,
        order=ordered(order, lots),
        status=_STATUS.get(order.status, order.status),
        prescriber_signed=order.prescriber.signed_on if order.prescriber is not None else None,
        parent_signed=order.parent.signed_on if order.parent is not None else None,
        may_contact_prescriber=order.parent is not None and order.parent.may_contact_prescriber,
        reviewed_by=names.get(order.reviewed_by, ""),
        reviewed_at=order.reviewed_at,
        side_effects=terms.side_effects,
        call_parent_when=prn.call_parent_when if prn is not None else "",
        call_911_when=prn.call_911_when if prn is not None else "",
        self_carry=terms.self_carry is not None,
        label=tuple(
            said.said.lower() for code, said in ticks.items() if check and code in check.ticks
        ),
        pharmacy=check.pharmacy if check is not None else "",
        filled_on=check.filled_on if check is not None else None,
    )


def on_clocks(moment: datetime, calendar: SchoolCalendar) -> datetime:
    """A moment on the school's clocks, as paper prints it."""
    return moment.astimezone(calendar.zone)
