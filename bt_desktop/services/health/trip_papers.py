"""The packet of a trip, filled from the store: plain values in, what the pages say out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bt_desktop.paper.health_content import (
    Contact,
    Rescue,
    TripMedicine,
    TripPacket,
    TripStudent,
)
from bt_desktop.paper.mar_content import MarCell, MarDay, MarSheet, Student
from bt_desktop.services.health import trip_model
from bt_desktop.services.health.card_model import EmergencyCard
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import OrderTerms, Quantity
from bt_desktop.services.health.order_papers import order_copy, ordered
from bt_desktop.services.health.settings import MedicationSettings
from bt_desktop.services.health.trip_model import TRAVELS_WORDS, TripView
from bt_desktop.services.school_days import SchoolCalendar, school_year_words

CARRIED = "carried by the student"


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """Everything around a trip that its packet says. `students` as papers head them; `names` by
    user id; `as_of` on the school's clocks."""

    view: TripView
    students: Mapping[str, Student]
    cards: Mapping[str, EmergencyCard]
    names: Mapping[str, str]
    settings: MedicationSettings
    calendar: SchoolCalendar
    as_of: datetime
    phone: str


def trip_packet_of(facts: PacketFacts) -> TripPacket:
    """What stands in the packet: only students with something along, or with a rescue medicine or
    an allergy on their card, have pages."""
    trip = facts.view.trip
    givers = dict.fromkeys(
        one.giver_name or facts.names.get(one.giver, "")
        for _, medicine in facts.view.along
        if (one := medicine.item) is not None and one.how != "self"
    )
    made = (_student(facts, child) for child in facts.view.children)
    return TripPacket(
        name=trip.name,
        place=trip.place,
        first=trip.first,
        last=trip.last,
        leader=trip.leader,
        trained=tuple(name for name in givers if name),
        students=tuple(one for one in made if one is not None),
        as_of=facts.as_of,
        school_phone=facts.phone,
    )


def _student(facts: PacketFacts, child: trip_model.TripChild) -> TripStudent | None:
    along = [one for one in child.medicines if one.goes]
    card = facts.cards.get(child.id)
    if not along and (card is None or not (card.body.rescue or card.body.allergies)):
        return None
    student = _headed(facts.students[child.id], card)
    return TripStudent(
        student,
        tuple(_medicine(facts, student, one) for one in along),
        contacts=_contacts(card),
        rescue=_rescues(card),
    )


def _headed(student: Student, card: EmergencyCard | None) -> Student:
    """With the allergies of the emergency card, which is confirmed and holds the directory's."""
    if card is None:
        return student
    none = "none known" if card.body.no_allergies else ""
    return replace(student, allergies="; ".join(card.body.allergies) or none)


def _contacts(card: EmergencyCard | None) -> tuple[Contact, ...]:
    if card is None:
        return ()
    found = [
        Contact(one.name, one.relation, tuple(filter(None, (one.phone,)))) for one in card.contacts
    ]
    if card.body.doctor:
        phones = tuple(filter(None, (card.body.doctor_phone,)))
        found.append(Contact(card.body.doctor, "doctor", phones))
    return tuple(found)


def _rescues(card: EmergencyCard | None) -> tuple[Rescue, ...]:
    if card is None:
        return ()
    return tuple(
        Rescue(
            one.medicine, one.dose, one.route, one.when, one.stored, one.then, one.expires_on,
            one.carried,
        )
        for one in card.body.rescue
    )  # fmt: skip


def _medicine(facts: PacketFacts, student: Student, made: trip_model.TripMedicine) -> TripMedicine:
    item = made.item
    lots = [made.lot] if made.lot is not None else []
    copy = order_copy(made.order, student, facts.names, lots)
    amount, container = CARRIED, CARRIED
    if item is not None and made.lot is not None:
        amount = medication_lists().amount(Quantity(item.amount, made.lot.lot.unit))
        container = TRAVELS_WORDS[item.travels]
    return TripMedicine(copy, amount, slip(facts, student, made), container)


def slip(facts: PacketFacts, student: Student, made: trip_model.TripMedicine) -> MarSheet:
    """The record of the trip for one medicine, to be written on: a column for each day."""
    terms, trip = made.order.terms, facts.view.trip
    rows = _rows(terms)
    due = {one.due_at: one for one in made.doses}
    days, day = [], trip.first
    while day <= trip.last:
        cells = tuple(_cell(day, clock, due, facts.calendar) for clock in rows)
        days.append(MarDay(day, cells))
        day += timedelta(days=1)
    window = terms.window_min
    if window is None:
        settings = facts.settings
        window = settings.critical_window_min if terms.time_critical else settings.window_min
    return MarSheet(
        student=student,
        order=ordered(made.order, [made.lot] if made.lot is not None else []),
        school_year=school_year_words(trip.first, facts.calendar),
        times=rows,
        days=tuple(days),
        as_of=facts.as_of,
        window_min=window,
        controlled=terms.medicine.controlled,
        trip=trip.name,
        to_write=True,
    )


def _rows(terms: OrderTerms) -> tuple[time | None, ...]:
    if terms.prn is not None:
        return (None,) * max(1, min(terms.prn.most_per_day, 4))
    return tuple(sorted(terms.times)) or (None,)


def _cell(
    day: date,
    clock: time | None,
    due: Mapping[datetime, trip_model.TripDose],
    calendar: SchoolCalendar,
) -> MarCell | None:
    """An empty cell to write on; one that is not due while they are away is closed."""
    if clock is None or calendar.at(day, clock) in due:
        return None
    return MarCell(due=False)
