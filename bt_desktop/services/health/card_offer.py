"""What the orders say for the emergency card, offered to the nurse who confirms it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bt_desktop.form_engine.definition import say
from bt_desktop.services.health.card_model import RESCUE_KINDS, CardBody, CardMedicine
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import Order, OrderTerms


def rescue_orders(orders: Iterable[Order]) -> tuple[Order, ...]:
    """The orders that stand on a card: of a rescue kind, and active."""
    return tuple(one for one in orders if one.terms.kind in RESCUE_KINDS and one.status == "active")


def offered(body: CardBody, orders: Iterable[Order]) -> CardBody:
    """The card with today's rescue medicines; what a nurse wrote to one that stays is kept."""
    written = {one.order_id: one for one in body.rescue}
    lines = []
    for order in rescue_orders(orders):
        fresh = _medicine(order)
        line = written.get(order.id)
        lines.append(fresh if line is None else replace(line, expires_on=fresh.expires_on))
    return replace(body, rescue=tuple(lines))


def differs(body: CardBody, orders: Iterable[Order]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The medicines that came, and those on the card that ended: by name."""
    now = {one.id: medicine_words(one.terms.medicine) for one in rescue_orders(orders)}
    then = {one.order_id: one.medicine for one in body.rescue}
    return (
        tuple(name for one, name in now.items() if one not in then),
        tuple(name for one, name in then.items() if one not in now),
    )


def _medicine(order: Order) -> CardMedicine:
    terms, lists = order.terms, medication_lists()
    route, stored = lists.routes.get(terms.route), lists.storage.get(terms.storage)
    return CardMedicine(
        order_id=order.id,
        medicine=medicine_words(terms.medicine),
        dose=lists.amount(terms.dose),
        route=say(route.parents) if route is not None else terms.route,
        when=_when(terms),
        then=_then(terms),
        stored=stored.said if stored is not None else terms.storage,
        carried=terms.self_carry is not None,
        expires_on=order.container.expires_on if order.container is not None else None,
    )


def _when(terms: OrderTerms) -> str:
    """The signs that call for it, as the order says them for its kind."""
    special, prn = terms.special, terms.prn
    told = special.get("trigger", "")
    if not told and special.get("allergy"):
        told = f"Allergic reaction to {special['allergy']}"
    if not told:
        told = ", ".join(prn.symptoms) if prn is not None else terms.reason
    after = special.get("give_after_min", "")
    return f"{told}; after {after} minutes of seizure" if after else told


def _then(terms: OrderTerms) -> str:
    special, prn = terms.special, terms.prn
    second = special.get("second_after_min", "")
    call = special.get("call_911") or (prn.call_911_when if prn is not None else "")
    parts = (
        "Call 911" if terms.kind == "epinephrine" and not call else "",
        f"Call 911: {call}" if call else "",
        f"A second dose after {second} minutes" if second else "",
        special.get("observation", ""),
    )
    return ". ".join(part.strip(" .") for part in parts if part)
