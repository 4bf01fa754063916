"""What stories of the health office share: orders of the children, and their stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import (
    AsNeeded,
    Consent,
    ContainerCheck,
    Lot,
    Medicine,
    Order,
    OrderTerms,
    Quantity,
)
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.conftest import PACIFIC
from tests.factory import PASSWORD, School

YEAR_BEGINS, YEAR_ENDS = date(2026, 8, 17), date(2027, 6, 11)
METHYLPHENIDATE = Medicine("Methylphenidate", "10 mg", "tablet", schedule="C-II")
IBUPROFEN = Medicine("Ibuprofen", "200 mg", "tablet", "otc")
ALL_TICKS = frozenset(("student", "medicine", "strength", "dose", "route", "time", "prescriber"))


def terms(student: str, **changes: object) -> OrderTerms:
    """Ten milligrams of methylphenidate at noon, for the school year."""
    made = OrderTerms(
        "",
        student,
        METHYLPHENIDATE,
        Quantity(Decimal(10), "mg"),
        "oral",
        "ADHD",
        YEAR_BEGINS,
        YEAR_ENDS,
        times=(time(12),),
        counted_in="tablet",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names checked by OrderTerms


def as_needed(student: str, **changes: object) -> OrderTerms:
    """Ibuprofen for a headache, four hours apart, two a day at most."""
    values: dict[str, object] = {
        "medicine": IBUPROFEN,
        "dose": Quantity(Decimal(200), "mg"),
        "reason": "headache",
        "times": (),
        "prn": AsNeeded(("headache",), 240, 2),
    }
    return terms(student, **(values | changes))


def active_order(nurse: Workspace, order: OrderTerms, *, expires: date | None = None) -> str:
    """An order with both statements, a checked container and the nurse's review; its id."""
    orders = nurse.health.orders
    order_id = orders.add(order)
    orders.consent(
        order_id,
        "prescriber",
        Consent("A. Prescriber", YEAR_BEGINS, licence="MD", phone="(555) 010-0199"),
    )
    orders.consent(order_id, "parent", Consent("Rosa Núñez", YEAR_BEGINS))
    check = ContainerCheck(ALL_TICKS, original=True, expires_on=expires or date(2027, 8, 1))
    orders.container(order_id, check)
    orders.review(order_id)
    return order_id


def order_of(nurse: Workspace, order_id: str) -> Order:
    """The order as it stands today."""
    return nurse.health.orders.get(order_id)


def stocked(
    nurse: Workspace,
    school: School,
    order_id: str,
    amount: int = 30,
    *,
    expires: date | None = None,
) -> str:
    """A container of an order's medicine, brought by a parent and counted by two; its lot's id."""
    order = order_of(nurse, order_id).terms
    lot = Lot(
        "",
        order.student_id,
        order.medicine,
        order.counted_in,
        order_id,
        rx_number="7714402",
        expires_on=expires or date(2027, 8, 1),
    )
    coming = NewMove(
        "", "received", Decimal(amount), carried_by="Rosa Núñez", relation="mother", adult=True
    )
    return nurse.health.stock.receive(lot, coming, password=PASSWORD, second=tom(school))


def tom(school: School, password: str = PASSWORD) -> Second:
    """The principal as the second person."""
    return Second(school.users["tom"], password)


def at(hour: int, minute: int = 0, day: date | None = None, second: int = 0) -> datetime:
    """A moment of Thursday 12 November 2026 (or of another day), in California."""
    on = day or date(2026, 11, 12)
    return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=PACIFIC)


MINUTE = timedelta(minutes=1)
