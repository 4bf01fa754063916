"""What a paper of medicine says, filled from doses, containers and the ledger. Pure.

No code and no free text of the school reaches a parent but what the paper asks for: why a dose was
given, how it went, who carried the medicine. Everything else is said in sentences of the paper's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from bt_desktop.form_engine.definition import say
from bt_desktop.models.people import Student as StudentRow
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import DoseRecord, Move, Order, Quantity
from bt_desktop.services.health.overview import Supply, last_day
from bt_desktop.services.health.paper_due import OVER, Facts, Handed, supply_papers, year_is_over
from bt_desktop.services.health.paper_model import Line, PaperDue
from bt_desktop.services.health.times import day_of
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.record_load import Holder

if TYPE_CHECKING:
    from bt_desktop.paper.document import Hand
    from bt_desktop.paper.health_content import DisposalPaper, MedicineReceipt
    from bt_desktop.paper.health_notice_content import (
        HealthNotice,
        MedicineGiven,
        MedicineNotGiven,
        SupplyNotice,
    )

    Content = HealthNotice | MedicineReceipt | DisposalPaper

_PICK_UP_DAYS = 10
"""School days that a parent has to pick medicine up."""
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What a paper is filled from beside its facts: whose it is, what was typed, its number."""

    due: PaperDue
    student: StudentRow
    lines: Mapping[Line, str]
    number: str
    people: Mapping[str, Holder]
    names_a_child: Callable[[str], bool]

    def own_word(self, text: str) -> str:
        """A short word that nobody looks at one by one; left away where it names another child."""
        return "" if self.names_a_child(text) else text

    @property
    def child(self) -> str:
        """What the child is called."""
        return self.student.preferred or self.student.given or whole_name(self.student)

    def name(self, user_id: str) -> str:
        """Who is behind an account."""
        known = self.people.get(user_id)
        return known.name if known is not None else ""


def typed_lines(facts: Facts, due: PaperDue) -> dict[Line, str]:
    """What somebody typed and the paper would say, before anybody looked at it."""
    return {line: " ".join(text.split()) for line, text in _typed(facts, due).items()}


def _typed(facts: Facts, due: PaperDue) -> dict[Line, str]:
    if due.kind == "given":
        dose = _dose(facts, due.about[0])
        order = facts.orders.get(dose.order_id or "")
        effect = facts.doses.effects.get(dose.id)
        reason = dose.symptom or (order.terms.reason if order is not None else "") or dose.reason
        found: dict[Line, str] = {"reason": reason, "response": effect.text if effect else ""}
        return found if order is not None else {"medicine": dose.medicine_text, **found}
    if due.kind == "receipt":
        return {"adult": _handed(facts, due).move.carried_by}
    if due.kind == "disposal":
        move = _handed(facts, due).move
        return {"reason": move.reason, "adult": move.carried_by}
    return {}


def content(facts: Facts, page: Page) -> Content:
    """The paper of this kind, whole."""
    kind = page.due.kind
    if kind == "given":
        return _given(facts, page)
    if kind == "not_given":
        return _not_given(facts, page)
    if kind in ("receipt", "disposal"):
        one = _handed(facts, page.due)
        return _receipt(facts, page, one) if kind == "receipt" else _disposal(facts, page, one)
    return _supply(facts, page)


def medicine_of(page: Page) -> str:
    """How the paper calls the medicine."""
    return page.lines.get("medicine") or page.due.medicine


def _dose(facts: Facts, dose_id: str) -> DoseRecord:
    dose = facts.doses.one(dose_id)
    if dose is None:
        raise KeyError(dose_id)
    return dose


def _handed(facts: Facts, due: PaperDue) -> Handed:
    return next(one for one in facts.handed if one.move.id == due.about[0])


# --- doses ---------------------------------------------------------------------------------------


def _given(facts: Facts, page: Page) -> MedicineGiven:
    from bt_desktop.paper.health_notice_content import MedicineGiven

    dose = _dose(facts, page.due.about[0])
    order = facts.orders.get(dose.order_id or "")
    effect = facts.doses.effects.get(dose.id)
    route = medication_lists().routes.get(dose.route)
    next_at, hours, most = _next(facts, dose, order)
    return MedicineGiven(
        child=page.child,
        medicine=medicine_of(page),
        dose=_amount(dose, order),
        route=say(route.parents) if route is not None else dose.route,
        at=facts.local(dose.at),
        reason=_sentence(page.lines.get("reason", "")),
        next_at=next_at,
        hours=hours,
        most_reached=most,
        response=_sentence(page.lines.get("response", "")),
        checked_at=facts.local(effect.at) if effect is not None else None,
        called_911=bool(dose.special.get("called_911", "").strip() not in ("", "no")),
        by=page.name(dose.by_user),
        number=page.number,
    )


def _next(facts: Facts, dose: DoseRecord, order: Order | None) -> tuple[datetime | None, str, bool]:
    """The earliest next dose, the interval in words, and whether the day's most was given.

    Counted from the newest dose of the same medicine on record, whichever order it was given by.
    Without an as-needed order nobody here knows: the paper says to ask.
    """
    prn = order.terms.prn if order is not None else None
    if prn is None or order is None:
        return None, "", False
    name = order.terms.medicine.name.casefold()
    same = [
        one
        for one in facts.doses.standing
        if one.was_given
        and one.student_id == dose.student_id
        and (held := facts.orders.get(one.order_id or "")) is not None
        and held.terms.medicine.name.casefold() == name
    ]
    last = max((one.at for one in same), default=dose.at)
    day = day_of(dose.at, facts.calendar)
    of_day = [one for one in same if day_of(one.at, facts.calendar) == day]
    after = last + timedelta(minutes=prn.interval_min)
    return facts.local(after), _hours(prn.interval_min), len(of_day) >= prn.most_per_day


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _hours(minutes: int) -> str:
    """“6 hours”, “1 hour and 30 minutes”, “45 minutes”."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((hours, "hour"), (rest, "minute"))
        if count
    ]
    return " and ".join(parts)


def _amount(dose: DoseRecord, order: Order | None) -> str:
    """“1 tablet (200 mg)” where it is counted in pieces, else “5 mL”."""
    lists = medication_lists()
    if dose.given is None:
        return "See the medicine"
    said = lists.amount(dose.given)
    if order is None or dose.given != order.terms.dose:
        return said
    pieces = Quantity(order.terms.takes, order.terms.counted_in)
    unit = lists.units.get(pieces.unit)
    if unit is None or not unit.counted or pieces.unit == dose.given.unit:
        return said
    return f"{lists.amount(pieces)} ({said})"


def _not_given(facts: Facts, page: Page) -> MedicineNotGiven:
    from bt_desktop.paper.health_notice_content import MedicineNotGiven, Missed

    doses = [_dose(facts, one) for one in page.due.about]
    doses.sort(key=lambda one: one.due_at or one.at)
    return MedicineNotGiven(
        child=page.child,
        medicine=medicine_of(page),
        missed=tuple(Missed(facts.local(one.due_at or one.at), one.outcome) for one in doses),
        by=page.name(doses[-1].by_user),
        number=page.number,
    )


# --- stock ---------------------------------------------------------------------------------------


def _supply(facts: Facts, page: Page) -> SupplyNotice:
    from bt_desktop.paper import words
    from bt_desktop.paper.health_notice_content import SupplyNotice

    due, calendar, today = page.due, facts.calendar, facts.today
    kind = due.kind
    if kind not in ("low", "expiry", "pick_up"):
        raise ValueError(kind)
    one = next(each for each in facts.supplies if each.balance.lot.id == due.about[0])
    lot = one.balance.lot
    lasts: date | None = None
    by: date | None = lot.expires_on if kind == "expiry" else None
    if kind == "low":
        lasts = calendar.school_day_after(today, one.days_left).day if one.days_left else None
        by = lasts or calendar.school_day_after(today, 1).day
    elif kind == "pick_up":
        by = calendar.school_day_after(today, _PICK_UP_DAYS).day
        ends = last_day(calendar, today)
        if _why(facts, due, one) == "year_end" and ends is not None:
            by = ends
    asked = tuple(
        f"on {words.short_day(facts.local(each.at)).rpartition(',')[0]} on paper"
        for each in supply_papers(facts, lot.id)
    )
    return SupplyNotice(
        kind=kind,
        child=page.child,
        medicine=medicine_of(page),
        left=medication_lists().amount(Quantity(max(one.balance.office, Decimal(0)), lot.unit)),
        by=by,
        lasts=lasts,
        expires_on=lot.expires_on if kind == "expiry" else None,
        why=_why(facts, due, one),
        asked=asked,
        writer="",
        number=page.number,
    )


def _why(facts: Facts, due: PaperDue, one: Supply) -> Literal["", "ended", "expired", "year_end"]:
    if due.kind != "pick_up":
        return ""
    if one.expiry_step == 0:
        return "expired"
    order = facts.orders.get(one.balance.lot.order_id or "")
    over = order is not None and order.status in OVER
    return "ended" if over or not year_is_over(facts) else "year_end"


def _receipt(facts: Facts, page: Page, one: Handed) -> MedicineReceipt:
    from bt_desktop.paper.health_content import MedicineReceipt

    lot, move = one.lot, one.move
    return MedicineReceipt(
        kind="delivered" if move.kind == "received" else "returned",
        at=facts.local(move.at),
        child=page.child,
        medicine=medicine_of(page),
        amount=_pieces(move, lot.unit),
        adult=_hand(page.lines.get("adult", "")),
        staff=_staff(page, move.by_user),
        relation=page.own_word(move.relation),
        rx_number=lot.rx_number,
        expires_on=lot.expires_on,
        total=medication_lists().amount(Quantity(one.after, lot.unit)),
        number=page.number,
    )


def _pieces(move: Move, unit: str) -> str:
    return medication_lists().amount(Quantity(abs(move.change), unit))


def _hand(name: str) -> Hand:
    from bt_desktop.paper.document import Hand

    return Hand(name)


def _staff(page: Page, user_id: str) -> Hand:
    from bt_desktop.paper.document import Hand

    known = page.people.get(user_id)
    return Hand(known.name, known.title) if known is not None else Hand("")


def _disposal(facts: Facts, page: Page, one: Handed) -> DisposalPaper:
    from bt_desktop.paper import words
    from bt_desktop.paper.health_content import DisposalPaper
    from bt_desktop.paper.mar_content import Student

    lot, move, student = one.lot, one.move, page.student
    method = medication_lists().disposals.get(move.method)
    asked = tuple(
        (facts.local(each.at).date(), f"paper {each.number}")
        for each in supply_papers(facts, lot.id)
    )
    return DisposalPaper(
        at=facts.local(move.at),
        student=Student(
            whole_name(student), student.birth_date, student.grade, allergies=student.allergies
        ),
        medicine=medicine_of(page),
        amount=_pieces(move, lot.unit),
        reason=page.lines.get("reason", ""),
        method=method.said if method is not None else words.listed((move.method,)),
        staff=_staff(page, move.by_user),
        witness=_staff(page, move.witness),
        controlled=lot.medicine.controlled,
        schedule=lot.medicine.schedule,
        rx_number=lot.rx_number,
        agency=page.own_word(move.agency),
        officer=page.lines.get("adult", ""),
        receipt=page.own_word(move.receipt),
        asked=asked,
        number=page.number,
    )
