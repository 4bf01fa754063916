"""One student's medication record filled from their file: orders, stock, visits, papers. Pure.

What staff wrote in free text is left out where it may name another child, in the logs too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bt_desktop.paper.health_content import (
    GivenPaper,
    OfficeVisit,
    OrderCopy,
    Packet,
    StockLine,
    UnorderedDose,
)
from bt_desktop.paper.mar_content import MarBack, MarSheet
from bt_desktop.services.health.ledger import Balance, balance
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import DoseRecord, Quantity
from bt_desktop.services.health.order_book import Standing
from bt_desktop.services.health.order_papers import order_copy, student_words
from bt_desktop.services.health.paper_model import TITLES
from bt_desktop.services.health.student_file import StudentFile
from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.school_days import school_year_words

_STEPS = {
    "entered": "Entered",
    "prescriber": "Prescriber's statement",
    "parent": "Parent's statement",
    "container": "Container checked",
    "review": "Reviewed by the nurse",
    "hold": "Put on hold",
    "resume": "Resumed",
    "end": "Ended",
}
_PHONE = "by_phone"


def packet_of(file: StudentFile, sheets: Iterable[MarSheet], purpose: str) -> Packet:
    """The whole record as of now."""
    lots = balances(file)
    return Packet(
        student=student_words(file.student),
        school_year=school_year_words(file.today, file.calendar),
        orders=tuple(order_of(file, one, lots) for one in file.own),
        sheets=tuple(cleaned(one, file.clean) for one in sheets),
        as_of=file.local(file.now),
        purpose=purpose,
        unordered=tuple(_unordered(file)),
        stock=tuple(_stock(lots)),
        visits=tuple(_visits(file)),
        papers=tuple(
            GivenPaper(file.local(one.at), TITLES[one.kind], one.number, one.for_whom)
            for one in file.papers
        ),
    )


def balances(file: StudentFile) -> tuple[Balance, ...]:
    """Where the student's containers stand."""
    return tuple(balance(lot, file.moves[lot.id]) for lot in file.lots)


def order_of(file: StudentFile, standing: Standing, lots: Iterable[Balance]) -> OrderCopy:
    """An order with everything that was done to it."""
    names = {user: one.name for user, one in file.people.items()}
    copy = order_copy(standing.on(file.today), student_words(file.student), names, lots)
    ordered = replace(
        copy.order,
        reason=file.clean(copy.order.reason),
        instructions=file.clean(copy.order.instructions),
    )
    return replace(
        copy,
        order=ordered,
        side_effects=file.clean(copy.side_effects),
        call_parent_when=file.clean(copy.call_parent_when),
        call_911_when=file.clean(copy.call_911_when),
        past=tuple(_past(file, standing)),
    )


def _past(file: StudentFile, standing: Standing) -> Iterable[tuple[datetime, str]]:
    for at, user, step, reason in standing.log:
        said = _STEPS.get(step, step)
        why = "by telephone" if reason == _PHONE else file.clean(reason)
        by = file.name(user)
        told = f"{said}: {why}" if why else said
        yield file.local(at), f"{told} ({by})" if by else told


def _unordered(file: StudentFile) -> Iterable[UnorderedDose]:
    why = {dose.id: reason for dose, reason in file.doses.struck.values()}
    every: list[DoseRecord] = [
        *file.doses.standing,
        *(dose for dose, _ in file.doses.struck.values()),
    ]
    own = {one.terms.id for one in file.own}
    for dose in sorted(every, key=lambda one: file.doses.counts.get(one.id, 0)):
        if dose.order_id in own:
            continue
        order = file.orders.get(dose.order_id or "")
        yield UnorderedDose(
            file.local(dose.at),
            medicine_words(order.terms.medicine)
            if order is not None
            else file.clean(dose.medicine_text),
            medication_lists().amount(dose.given) if dose.given is not None else "",
            file.clean(dose.symptom or dose.reason),
            file.name(dose.by_user),
            file.clean(why.get(dose.id, "")),
        )


def _stock(lots: Iterable[Balance]) -> Iterable[StockLine]:
    lists = medication_lists()
    for one in lots:
        left = lists.amount(Quantity(one.office, one.lot.unit))
        medicine = medicine_words(one.lot.medicine)
        yield StockLine(medicine, left, one.lot.expires_on, one.counted_on)


def _visits(file: StudentFile) -> Iterable[OfficeVisit]:
    lists = visit_lists()
    for state in file.visits:
        one = state.visit
        yield OfficeVisit(
            file.local(one.came_at),
            file.local(one.left_at) if one.left_at is not None else None,
            lists.complaint(one.complaint, file.clean(one.words)),
            lists.cared(one.care),
            lists.went(one.disposition),
        )


def cleaned(sheet: MarSheet, clean: Callable[[str], str]) -> MarSheet:
    """A log without free text that may name another child."""
    back = sheet.back
    return replace(
        sheet,
        order=replace(
            sheet.order,
            reason=clean(sheet.order.reason),
            instructions=clean(sheet.order.instructions),
            as_needed=clean(sheet.order.as_needed),
        ),
        back=MarBack(
            notes=tuple(replace(one, text=clean(one.text)) for one in back.notes),
            as_needed=tuple(
                replace(one, symptom=clean(one.symptom), effect=clean(one.effect))
                for one in back.as_needed
            ),
            receipts=back.receipts,
            removals=tuple(replace(one, how=clean(one.how)) for one in back.removals),
            counts=tuple(replace(one, note=clean(one.note)) for one in back.counts),
        ),
    )
