"""Who may give a medicine on all days of a trip: nurses, and staff whose skill check holds (R18).

A school may say that only nurses, or licensed staff, give what is controlled; a trip is no
exception. Some states let nurses delegate hardly anything (PA, health-office §1.11): then a parent
goes along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.school import Account
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.settings import MedicationSettings, medication_settings
from bt_desktop.services.health.trip_model import Giver
from bt_desktop.services.record_load import holders


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who could give medicine: accounts with their roles, names, what is delegated."""

    roles: Mapping[str, str]  # of open accounts, by user id
    names: Mapping[str, str]
    delegations: tuple[Delegation, ...]
    settings: MedicationSettings

    @classmethod
    def read(cls, session: Session, delegations: Iterable[Delegation]) -> Staffing:
        """As the store has it now."""
        wanted = select(Account.user_id, Account.role).where(Account.active)
        return cls(
            {user: role for user, role in session.execute(wanted)},
            {user: one.name for user, one in holders(session).items()},
            tuple(delegations),
            medication_settings(session),
        )


def possible_givers(staff: Staffing, order: Order, days: tuple[date, date]) -> tuple[Giver, ...]:
    """Everybody who may give it from the first to the last day, nurses first, then by name."""
    found = {
        user: Giver(user, staff.names.get(user, ""), "nurse")
        for user, role in staff.roles.items()
        if role == Role.NURSE.value
    }
    for user_id, until in _held(order, staff.delegations, staff.settings, days).items():
        if user_id in staff.roles and user_id not in found:
            said = f"skill check until {until:%b} {until.day}, {until.year}"
            found[user_id] = Giver(user_id, staff.names.get(user_id, ""), said)
    return tuple(sorted(found.values(), key=lambda one: (one.why != "nurse", one.name.casefold())))


def _held(
    order: Order,
    delegations: Iterable[Delegation],
    settings: MedicationSettings,
    days: tuple[date, date],
) -> Mapping[str, date]:
    """By user, until when a delegation of this order holds that covers all days."""
    first, last = days
    found: dict[str, date] = {}
    for one in delegations:
        covers = one.checked_on <= first and last <= one.until
        if order.id in one.order_ids and covers and _by_school(order, one, settings):
            found[one.user_id] = max(one.until, found.get(one.user_id, one.until))
    return found


def _by_school(order: Order, one: Delegation, settings: MedicationSettings) -> bool:
    if not order.terms.medicine.controlled:
        return True
    who = settings.who_gives_controlled
    licensed = who == "licensed" and bool(one.license.strip())
    return one.controlled and (who == "trained" or licensed)


def why_not(
    user_id: str, order: Order, delegations: Iterable[Delegation], last: date, name: str
) -> str:
    """Why somebody is none of them, in a sentence that says what to do next."""
    mine = [one for one in delegations if one.user_id == user_id and order.id in one.order_ids]
    over = [one.until for one in mine if one.until < last]
    if mine and len(over) == len(mine):
        until = max(over)
        return (
            f"The skill check of {name} holds until {until:%B} {until.day}, {until.year} only. "
            "Check their skill again under Delegation, or choose somebody else."
        )
    if mine and order.terms.medicine.controlled:
        return (
            f"{name} may not give what is controlled: the school’s setting says who may. Choose "
            "a nurse, or somebody whose delegation says so."
        )
    return f"Nobody delegated this medicine to {name}. Do that under Delegation first."
