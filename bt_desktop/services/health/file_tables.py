"""One student's orders and doses as rows for a spreadsheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import Consent, DoseRecord, Order, plain
from bt_desktop.services.health.student_file import StudentFile

ORDERS = (
    "Order", "Medicine", "Schedule", "Dose", "Unit", "Route", "Times", "As needed for",
    "Minutes apart", "Most a day", "Reason", "From", "Until", "Status", "Ended on", "Why",
    "Prescriber", "Prescriber signed", "Parent", "Parent signed", "Reviewed by", "Reviewed at",
    "Carried by the student", "Instructions", "Side effects", "Takes the place of",
)  # fmt: skip
DOSES = (
    "Dose", "Order", "Medicine", "Due", "At", "Entered", "Code", "Outcome", "Amount", "Unit",
    "Route", "Site", "Place", "Reason", "Symptom", "By", "Witness", "Late entry", "Emergency",
    "Rules allowed", "Rules not kept", "Effect", "Effect at", "Struck because",
)  # fmt: skip


def order_rows(file: StudentFile) -> Iterable[Sequence[str]]:
    """An order in each row, oldest first."""
    lists = medication_lists()
    for order in file.orders.values():
        terms, prn = order.terms, order.terms.prn
        route, unit = lists.routes.get(terms.route), lists.units.get(terms.dose.unit)
        yield (
            order.id,
            medicine_words(terms.medicine),
            terms.medicine.schedule,
            plain(terms.dose.amount),
            unit.said if unit is not None else terms.dose.unit,
            route.said if route is not None else terms.route,
            " ".join(f"{at:%H:%M}" for at in sorted(terms.times)),
            file.clean(", ".join(prn.symptoms)) if prn is not None else "",
            str(prn.interval_min) if prn is not None else "",
            str(prn.most_per_day) if prn is not None else "",
            file.clean(terms.reason),
            terms.start.isoformat(),
            terms.stop.isoformat(),
            order.status,
            _day(order.ended_on),
            file.clean(order.end_reason),
            *_signed(order.prescriber),
            *_signed(order.parent),
            file.name(order.reviewed_by),
            _moment(file, order.reviewed_at),
            _yes(terms.self_carry is not None),
            file.clean(terms.instructions),
            file.clean(terms.side_effects),
            terms.replaces or "",
        )


def dose_rows(file: StudentFile) -> Iterable[Sequence[str]]:
    """A dose in each row, as they were entered; struck ones say why."""
    why = {dose.id: reason for dose, reason in file.doses.struck.values()}
    every = [*file.doses.standing, *(dose for dose, _ in file.doses.struck.values())]
    for dose in sorted(every, key=lambda one: file.doses.counts.get(one.id, 0)):
        yield _dose_row(file, dose, file.orders.get(dose.order_id or ""), why.get(dose.id, ""))


def _dose_row(
    file: StudentFile, dose: DoseRecord, order: Order | None, struck: str
) -> Sequence[str]:
    lists = medication_lists()
    code, place = lists.outcomes.get(dose.outcome), lists.locations.get(dose.location)
    route, given = lists.routes.get(dose.route), dose.given
    unit = lists.units.get(given.unit) if given is not None else None
    effect = file.doses.effects.get(dose.id)
    return (
        dose.id,
        dose.order_id or "",
        medicine_words(order.terms.medicine)
        if order is not None
        else file.clean(dose.medicine_text),
        _moment(file, dose.due_at),
        _moment(file, dose.at),
        _moment(file, dose.entered_at),
        dose.outcome,
        code.said if code is not None else dose.outcome,
        plain(given.amount) if given is not None else "",
        (unit.said if unit is not None else given.unit) if given is not None else "",
        route.said if route is not None else dose.route,
        file.clean(dose.site),
        place.said if place is not None else dose.location,
        file.clean(dose.reason),
        file.clean(dose.symptom),
        file.name(dose.by_user),
        file.name(dose.witness),
        _yes(dose.late_entry),
        _yes(dose.emergency),
        " ".join(one.rule for one in dose.overridden),
        " ".join(dose.broken),
        file.clean(effect.text) if effect is not None else "",
        _moment(file, effect.at) if effect is not None else "",
        file.clean(struck),
    )


def _signed(consent: Consent | None) -> tuple[str, str]:
    if consent is None:
        return "", ""
    named = ", ".join(one for one in (consent.name, consent.licence) if one)
    return named, "by telephone" if consent.by_phone else _day(consent.signed_on)


def _day(on: date | None) -> str:
    return on.isoformat() if on is not None else ""


def _moment(file: StudentFile, at: datetime | None) -> str:
    return f"{file.local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def _yes(value: bool) -> str:
    return "yes" if value else ""
