"""The facts that papers of medicine are worked out from, read from the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_log import read_doses
from bt_desktop.services.health.dose_notes import read_notes
from bt_desktop.services.health.entries import LOT, MOVE, PAPER, PAPER_MARK
from bt_desktop.services.health.ledger import balance
from bt_desktop.services.health.model import Lot, Move
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.overview import per_school_day, supply
from bt_desktop.services.health.paper_due import DAYS, Facts, Handed
from bt_desktop.services.health.paper_model import PaperMark, ParentPaper
from bt_desktop.services.health.settings import medication_settings
from bt_desktop.services.health.times import day_of
from bt_desktop.services.people_rows import people
from bt_desktop.services.school_calendar import school_calendar

_HANDS = ("received", "returned", "destroyed")


def read_facts(
    session: Session,
    context: Context,
    box: HealthBox,
    book: OrderBook,
    student_id: str | None = None,
) -> Facts:
    """Of one student, or of everybody whose file can be opened."""
    now = context.clock.now()
    calendar = school_calendar(session, now)
    today = day_of(now, calendar)
    since = today - timedelta(days=DAYS + 1)
    doses = read_doses(session, box, first=since, subject=student_id)
    notes = read_notes(session, box, since)
    orders = {one.terms.id: one.on(today) for one in book.orders(session)}
    lots = [kept.value(Lot) for kept in box.read(session, LOT, subject=student_id)]
    moves: dict[str, list[Move]] = {lot.id: [] for lot in lots}
    for kept in box.read(session, MOVE, subject=student_id):
        if kept.about in moves:
            moves[kept.about].append(kept.value(Move))
    settings = medication_settings(session)
    taken = {one.id: per_school_day(one) for one in orders.values()}
    supplies = tuple(
        supply(balance(lot, moves[lot.id]), taken.get(lot.order_id or "", Decimal(0)), today,
               settings)
        for lot in lots
    )  # fmt: skip
    papers = tuple(kept.value(ParentPaper) for kept in box.read(session, PAPER, subject=student_id))
    marks: dict[str, tuple[PaperMark, ...]] = {}
    for kept in box.read(session, PAPER_MARK, subject=student_id):
        marks[kept.about] = (*marks.get(kept.about, ()), kept.value(PaperMark))
    wanted = {one.student_id for one in doses.standing} | {lot.subject for lot in lots}
    found = people(session, {one for one in wanted if one.startswith("student:")})
    names = {one: person.name for one, person in found.items() if person.active}
    return Facts(
        now,
        calendar,
        orders,
        doses,
        supplies,
        tuple(_handed(lots, moves)),
        papers,
        marks,
        names,
        frozenset(one for paper in papers for one in paper.about if paper.kind not in _ASKS),
        notes.parent_told,
    )


_ASKS = ("low", "expiry", "pick_up")
"""Papers after which the same container is asked about again."""


def _handed(lots: Iterable[Lot], moves: dict[str, list[Move]]) -> Iterable[Handed]:
    for lot in lots:
        own = moves[lot.id]
        for place, move in enumerate(own):
            if move.kind in _HANDS:
                yield Handed(lot, move, balance(lot, own[: place + 1]).office)
