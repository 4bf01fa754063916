"""Which papers of medicine parents are still to get: worked out from what is on record. Pure.

A paper is owed for a dose as needed or in an emergency, for doses that were not given though the
student was there (unless a parent was told already), for medicine that runs low or out of date or
has to go home, and for medicine that changed hands. It is owed until it was made, or somebody wrote
down that none is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bt_desktop.services.health.catalogue import known
from bt_desktop.services.health.dose_log import Doses
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import (
    STOCK_SUBJECT,
    DoseRecord,
    Lot,
    Move,
    Order,
    Quantity,
)
from bt_desktop.services.health.overview import Supply, last_day
from bt_desktop.services.health.paper_model import PaperDue, PaperKind, PaperMark, ParentPaper
from bt_desktop.services.health.times import clock_words, day_of
from bt_desktop.services.school_days import SchoolCalendar

DAYS = 14
"""How many days back a dose, or medicine that changed hands, still owes a paper; and after how
many a parent is asked again for more of it."""
_EXPIRES_SOON = 30
"""From so many days before its last good day on the parent is asked (domain §1.11)."""
_YEAR_ENDS_SOON = 21
"""So many days before the last school day parents are asked to fetch what is left (5 CCR 609)."""
_HANDS: Mapping[str, PaperKind] = {
    "received": "receipt",
    "returned": "receipt",
    "destroyed": "disposal",
}
_SUPPLY: tuple[PaperKind, ...] = ("low", "expiry", "pick_up")
OVER = ("discontinued", "expired")
"""States of an order after which its medicine goes home."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Medicine that changed hands: the container, the line of the ledger, what was there after."""

    lot: Lot
    move: Move
    after: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What the papers are worked out from. `names` are the students', by id."""

    now: datetime
    calendar: SchoolCalendar
    orders: Mapping[str, Order]
    doses: Doses
    supplies: tuple[Supply, ...]
    handed: tuple[Handed, ...]
    papers: tuple[ParentPaper, ...]
    marks: Mapping[str, tuple[PaperMark, ...]]
    names: Mapping[str, str]
    told: frozenset[str]  # ids that a paper was made about
    parent_told: Callable[[str], bool]  # of a dose, after it was recorded

    @property
    def today(self) -> date:
        """The school's day."""
        return day_of(self.now, self.calendar)

    def recent(self, moment: datetime) -> bool:
        """Whether it is of the last days."""
        return day_of(moment, self.calendar) >= self.today - timedelta(days=DAYS)

    def local(self, moment: datetime) -> datetime:
        """On the school's clocks."""
        return moment.astimezone(self.calendar.zone)


def all_due(facts: Facts) -> tuple[PaperDue, ...]:
    """What waits: today's first, then the oldest first."""
    found = [*_given(facts), *_missed(facts), *_supply(facts), *_hands(facts)]
    waits = [one for one in found if not _waived(facts, one)]
    return tuple(sorted(waits, key=lambda one: (not one.today, one.at, one.key)))


def one_due(facts: Facts, key: str) -> PaperDue | None:
    """The paper of this key: one that waits, or one about a dose that was asked for."""
    kind, _, dose_id = key.partition(":")
    for due in all_due(facts):
        if due.key == key or (kind == due.kind == "not_given" and dose_id in due.about):
            return due
    dose = facts.doses.one(dose_id) if kind == "given" else None
    if dose is None or not dose.was_given or dose.id in facts.told:
        return None
    return _of_dose(facts, dose)


def _waived(facts: Facts, due: PaperDue) -> bool:
    return any(one.what == "waived" for one in facts.marks.get(due.key, ()))


# --- doses ---------------------------------------------------------------------------------------


def _given(facts: Facts) -> Iterable[PaperDue]:
    for dose in facts.doses.standing:
        asked = dose.due_at is None or dose.emergency
        if dose.outcome != "given" or not asked or dose.id in facts.told:
            continue
        if facts.recent(dose.at) and dose.student_id in facts.names:
            yield _of_dose(facts, dose)


def _of_dose(facts: Facts, dose: DoseRecord) -> PaperDue:
    order = facts.orders.get(dose.order_id or "")
    at = facts.local(dose.at)
    what = medicine_words(order.terms.medicine) if order is not None else dose.medicine_text
    said = f"{'Emergency dose' if dose.emergency else 'Given'} at {clock_words(at)}"
    return _due(
        facts, f"given:{dose.id}", "given", dose.student_id, what, (dose.id,), at, said,
        emergency=dose.emergency, sensitive=is_sensitive(order, dose.medicine_text),
    )  # fmt: skip


def is_sensitive(order: Order | None, medicine_text: str = "") -> bool:
    """Whether papers about this medicine wait for somebody's decision (R31)."""
    kinds = medication_lists().kinds
    if order is not None:
        kind = kinds.get(order.terms.kind)
        if kind is not None and kind.sensitive:
            return True
        medicine_text = order.terms.medicine.name
    found = known(medicine_text)
    kind = kinds.get(found.name.casefold()) if found is not None else None
    return kind is not None and kind.sensitive


def counts_as_missed(dose: DoseRecord) -> bool:
    """Whether the student was there and the medicine did not do what it was for."""
    code = medication_lists().outcomes.get(dose.outcome)
    return code is not None and code.reason_required


def _missed(facts: Facts) -> Iterable[PaperDue]:
    by_order: dict[str, list[DoseRecord]] = {}
    for dose in facts.doses.standing:
        knows = dose.parent_called or dose.id in facts.told or facts.parent_told(dose.id)
        if counts_as_missed(dose) and facts.recent(dose.at) and not knows:
            by_order.setdefault(dose.order_id or "", []).append(dose)
    for order_id, doses in by_order.items():
        order = facts.orders.get(order_id)
        if order is None or doses[0].student_id not in facts.names:
            continue
        last = facts.local(doses[-1].due_at or doses[-1].at)
        code = medication_lists().outcomes[doses[-1].outcome].said
        said = f"{code} at {clock_words(last)}"
        if len(doses) > 1:
            said = f"{len(doses)} doses, the last: {said[0].lower()}{said[1:]}"
        yield _due(
            facts, f"not_given:{doses[-1].id}", "not_given", doses[-1].student_id,
            medicine_words(order.terms.medicine), tuple(one.id for one in doses), last, said,
            sensitive=is_sensitive(order),
        )  # fmt: skip


# --- stock ---------------------------------------------------------------------------------------


def _supply(facts: Facts) -> Iterable[PaperDue]:
    for supply in facts.supplies:
        lot = supply.balance.lot
        if lot.subject == STOCK_SUBJECT or lot.subject not in facts.names:
            continue
        kind, said = _wanted(facts, supply)
        if kind is None or asked_lately(facts, lot.id):
            continue
        yield _due(
            facts, f"{kind}:{lot.id}:{facts.today}", kind, lot.subject,
            medicine_words(lot.medicine), (lot.id,), facts.local(facts.now), said,
            sensitive=is_sensitive(facts.orders.get(lot.order_id or ""), lot.medicine.name),
        )  # fmt: skip


def _wanted(facts: Facts, supply: Supply) -> tuple[PaperKind | None, str]:
    """What a parent is asked for about a container: to pick it up, for a newer one, for more."""
    lot, lists = supply.balance.lot, medication_lists()
    left = lists.amount(Quantity(supply.balance.office, lot.unit))
    order = facts.orders.get(lot.order_id or "")
    there = supply.balance.office > 0
    if there and order is not None and order.status in OVER:
        return "pick_up", f"The order has ended, {left} left"
    if there and supply.expiry_step == 0:
        return "pick_up", f"Out of date, {left} left"
    if there and year_is_over(facts):
        return "pick_up", f"The school year ends soon, {left} left"
    if supply.low and order is not None:
        days = supply.days_left or 0
        return "low", f"{left} left, for {days} school day{'' if days == 1 else 's'}"
    if there and supply.expires_in is not None and supply.expires_in <= _EXPIRES_SOON:
        days = supply.expires_in
        return "expiry", f"Out of date in {days} day{'' if days == 1 else 's'}"
    return None, ""


def year_is_over(facts: Facts) -> bool:
    """Whether the school year ends within weeks: what is left goes home then (5 CCR 609)."""
    ends = last_day(facts.calendar, facts.today)
    return ends is not None and (ends - facts.today).days <= _YEAR_ENDS_SOON


def asked_lately(facts: Facts, lot_id: str) -> bool:
    """Whether a parent got a paper about this container within the last days."""
    return any(facts.recent(one.at) for one in supply_papers(facts, lot_id)) or any(
        mark.what == "waived" and facts.recent(mark.at)
        for key, marks in facts.marks.items()
        if lot_id in key
        for mark in marks
    )


def supply_papers(facts: Facts, lot_id: str) -> tuple[ParentPaper, ...]:
    """The papers that asked for more of a container, or to pick it up; oldest first."""
    return tuple(one for one in facts.papers if one.kind in _SUPPLY and lot_id in one.about)


def _hands(facts: Facts) -> Iterable[PaperDue]:
    for one in facts.handed:
        kind = _HANDS.get(one.move.kind)
        if kind is None or one.move.id in facts.told or not facts.recent(one.move.at):
            continue
        if one.lot.subject not in facts.names:
            continue
        amount = medication_lists().amount(Quantity(abs(one.move.change), one.lot.unit))
        did = {"received": "brought", "returned": "taken home", "destroyed": "destroyed"}
        yield _due(
            facts, f"{kind}:{one.move.id}", kind, one.lot.subject, medicine_words(one.lot.medicine),
            (one.move.id,), facts.local(one.move.at), f"{amount} {did[one.move.kind]}",
            sensitive=is_sensitive(facts.orders.get(one.lot.order_id or ""), one.lot.medicine.name),
        )  # fmt: skip


def _due(  # noqa: PLR0913 - what a line is made of, each thing by itself
    facts: Facts,
    key: str,
    kind: PaperKind,
    student_id: str,
    medicine: str,
    about: tuple[str, ...],
    at: datetime,
    says: str,
    *,
    emergency: bool = False,
    sensitive: bool = False,
) -> PaperDue:
    return PaperDue(
        key=key,
        kind=kind,
        student_id=student_id,
        student=facts.names.get(student_id, ""),
        medicine=medicine,
        about=about,
        at=at,
        says=says,
        today=day_of(at, facts.calendar) == facts.today,
        attempts=tuple(one for one in facts.marks.get(key, ()) if one.what == "attempt"),
        emergency=emergency,
        sensitive=sensitive,
    )
