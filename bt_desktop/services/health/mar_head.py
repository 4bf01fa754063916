"""The head of a medication record: the order in the words of paper, and its school year. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bt_desktop.paper.mar_content import Ordered
from bt_desktop.services.health.dose_facts import span_words
from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_source import MarSource


def ordered(source: MarSource) -> Ordered:
    """The order in the words of paper."""
    standing, terms = source.standing, source.standing.terms
    lists, check = medication_lists(), standing.container
    route, form = lists.routes.get(terms.route), lists.forms.get(terms.medicine.form)
    dose = lists.amount(terms.dose)
    if terms.dose.unit != terms.counted_in:
        dose += f" ({lists.amount(replace(terms.dose, amount=terms.takes, unit=terms.counted_in))})"
    prescriber, parent = standing.prescriber, standing.parent
    return Ordered(
        medicine=terms.medicine.name,
        strength=terms.medicine.strength,
        form=form.said.lower() if form is not None else terms.medicine.form,
        schedule=terms.medicine.schedule,
        dose=dose,
        route=route.said.lower() if route is not None else terms.route,
        times=() if terms.prn is not None else tuple(sorted(terms.times)),
        as_needed=_terms(source),
        reason=terms.reason,
        instructions=terms.instructions,
        prescriber=", ".join(filter(None, (prescriber.name, prescriber.licence)))
        if prescriber is not None
        else "",
        prescriber_phone=prescriber.phone if prescriber is not None else "",
        parent=parent.name if parent is not None else "",
        parent_phone=source.parent_phone,
        start=terms.start,
        stop=standing.ended_on or terms.stop,
        expires_on=_expires(source),
        rx_number=(check.rx_number if check is not None else "")
        or next((lot.rx_number for lot in reversed(source.lots) if lot.rx_number), ""),
        storage=terms.storage,
    )


def _terms(source: MarSource) -> str:
    prn = source.standing.terms.prn
    if prn is None:
        return ""
    said = f"for {' or '.join(prn.symptoms)}"
    if prn.interval_min:
        said += f"; at least {span_words(prn.interval_min)} apart"
    return f"{said}; at most {prn.most_per_day} a day"


def _expires(source: MarSource) -> date | None:
    """The soonest last good day of what is there, else what the label said."""
    left: dict[str, Decimal] = {}
    for one in source.moves:
        left[one.lot.id] = left.get(one.lot.id, NOTHING) + one.move.change
    there = [lot.expires_on for lot in source.lots if left.get(lot.id, NOTHING) > 0]
    check = source.standing.container
    return min(
        (day for day in there if day is not None),
        default=check.expires_on if check is not None else None,
    )
