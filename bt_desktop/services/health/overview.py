"""What the pages of orders and stock show beside one order or one lot: lists, names, supply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bt_desktop.models.school import Account
from bt_desktop.security.permissions import Action, Role
from bt_desktop.services.context import Context
from bt_desktop.services.health.ledger import NOTHING, Balance, balance, days_left
from bt_desktop.services.health.model import Move, Order
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import MedicationSettings, medication_settings
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.record_load import holders
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar
from bt_desktop.services.second_person import seconds_for

_YEAR = timedelta(days=366)
_SUMMER_BEGINS = (6, 30)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger with what was in the office after it."""

    move: Move
    after: Decimal


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot, whole: as it stands, and every line that made it so, newest first."""

    supply: Supply
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """A lot as it stands: how long it lasts and how long it is good.

    `days_left`: school days, None where nothing is taken regularly; `expires_in`: days, negative
    once it is over; `expiry_step`: the smallest of the school's warnings (60, 30, 7) that has been
    passed, 0 once it has expired, None while it is far off.
    """

    balance: Balance
    days_left: int | None
    low: bool
    expires_in: int | None
    expiry_step: int | None


class Overview:
    """Reads for lists; what is in one order or lot is read by its own service."""

    def __init__(
        self, context: Context, book: OrderBook, reaching: Reaching, stock: StockService
    ) -> None:
        self._context = context
        self._book = book
        self._reaching = reaching
        self._stock = stock

    def orders(self) -> tuple[Order, ...]:
        """Every order that is reached, as it stands today, oldest first."""
        with self._context.store.read() as session:
            return self._orders(session, self._today(session))

    def supplies(self, *, also_empty: bool = False) -> tuple[Supply, ...]:
        """Every lot that is reached, with how long it lasts and how long it is good."""
        with self._context.store.read() as session:
            today = self._today(session)
            settings = medication_settings(session)
            taken = {one.id: per_school_day(one) for one in self._orders(session, today)}
            found = self._stock.balances_in(session, also_empty=also_empty)
        return tuple(
            supply(one, taken.get(one.lot.order_id or "", NOTHING), today, settings)
            for one in found
        )

    def lot(self, lot_id: str) -> LotView:
        """One lot with its ledger. Raises StockRefused, NotYours."""
        moves = self._stock.ledger(lot_id)
        with self._context.store.read() as session:
            lot, today = self._stock.lot_in(session, lot_id), self._today(session)
            taken = {one.id: per_school_day(one) for one in self._orders(session, today)}
            settings = medication_settings(session)
        stands = supply(
            balance(lot, moves), taken.get(lot.order_id or "", NOTHING), today, settings
        )
        lines = [
            LedgerLine(move, balance(lot, moves[: place + 1]).office)
            for place, move in enumerate(moves)
        ]
        return LotView(stands, tuple(reversed(lines)))

    def names(self) -> Mapping[str, str]:
        """Who is behind each account, by user id: “Maria Chen, School nurse”."""
        with self._context.store.read() as session:
            found = holders(session)
        return {
            user: ", ".join(part for part in (one.name, one.title) if part)
            for user, one in found.items()
        }

    def witnesses(self) -> tuple[tuple[str, str], ...]:
        """(user id, name) of whoever can sign beside the signed-in person, by name."""
        return seconds_for(self._context, Action.STOCK_WITNESS)

    def allowers(self) -> tuple[tuple[str, str, Role], ...]:
        """(user id, name, role) of everybody else who can allow what a rule stops, by name."""
        found = seconds_for(self._context, Action.DOSE_OVERRIDE)
        with self._context.store.read() as session:
            return tuple(
                (user, name, Role(session.get_one(Account, user).role)) for user, name in found
            )

    def year_end(self) -> date:
        """The last day of the school year, until which an order holds unless it says otherwise."""
        with self._context.store.read() as session:
            now = self._context.clock.now()
            calendar = school_calendar(session, now)
            today = now.astimezone(calendar.zone).date()
        known = last_day(calendar, today)
        if known is not None:
            return known
        june = date(today.year, *_SUMMER_BEGINS)
        return june if june >= today else june.replace(year=today.year + 1)

    def _orders(self, session: Session, today: date) -> tuple[Order, ...]:
        reach = self._reaching.now(session, today)
        return tuple(
            one.on(today)
            for one in self._book.orders(session)
            if reach.sees_order(one.terms.id, one.terms.student_id)
        )

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def last_day(calendar: SchoolCalendar, today: date) -> date | None:
    """The last day of the school year that goes on or comes next; None where no terms say it."""
    ends = [one.ends for one in calendar.terms if not one.summer]
    return max((day for day in ends if today <= day <= today + _YEAR), default=None)


def per_school_day(order: Order) -> Decimal:
    """How much of the stock an order takes on a school day; nothing where it is as needed."""
    if order.status not in ("active", "hold", "upcoming"):
        return NOTHING
    return order.terms.takes * len(order.terms.times)


def supply(one: Balance, taken: Decimal, today: date, settings: MedicationSettings) -> Supply:
    """A balance with how long it lasts (domain §1.11) and how long it is good. Pure."""
    left = days_left(one.office, taken)
    ends = one.lot.expires_on
    expires_in = (ends - today).days if ends is not None else None
    step = None
    if expires_in is not None:
        passed = [days for days in settings.expiry_days if expires_in <= days]
        step = 0 if expires_in < 0 else min(passed, default=None)
    return Supply(
        one, left, left is not None and left <= settings.low_school_days, expires_in, step
    )
