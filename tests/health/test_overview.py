"""What lists of orders and stock show: how long it lasts, how long it is good, who signed."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bt_desktop.services.health.count_report import answers_of_count
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import STOCK_SUBJECT, Lot
from bt_desktop.services.health.overview import Supply
from bt_desktop.services.health.problems import StockRefused
from bt_desktop.services.school_days import Term
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import IBUPROFEN, active_order, as_needed, stocked, terms, tom


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


def supply_of(workspace: Workspace, lot: str) -> Supply:
    found = workspace.health.overview.supplies(also_empty=True)
    return next(one for one in found if one.balance.lot.id == lot)


@pytest.mark.parametrize(("amount", "days", "low"), [(30, 15, False), (11, 5, True), (1, 0, True)])
def test_how_long_it_lasts_is_counted_in_school_days(
    school: School, maria: Workspace, amount: int, days: int, low: bool
) -> None:
    order = active_order(maria, terms(school.ids["mateo"], times=(time(8, 15), time(12))))
    found = supply_of(maria, stocked(maria, school, order, amount))
    assert (found.days_left, found.low) == (days, low)


def test_what_is_as_needed_or_ended_lasts_nobody_knows_how_long(
    school: School, maria: Workspace
) -> None:
    order = active_order(maria, as_needed(school.ids["mateo"]))
    assert supply_of(maria, stocked(maria, school, order)).days_left is None
    ended = active_order(maria, terms(school.ids["mateo"]))
    lot = stocked(maria, school, ended)
    maria.health.orders.discontinue(ended, "The course is over")
    assert supply_of(maria, lot).days_left is None


@pytest.mark.parametrize(
    ("in_days", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (7, 7), (0, 7), (-1, 0)]
)
def test_expiry_is_warned_of_in_steps(
    school: School, maria: Workspace, in_days: int, step: int | None
) -> None:
    today = maria.health.orders.today()
    order = active_order(maria, terms(school.ids["mateo"]))
    lot = stocked(maria, school, order, expires=today + timedelta(days=in_days))
    found = supply_of(maria, lot)
    assert (found.expires_in, found.expiry_step) == (in_days, step)


def test_a_lot_is_shown_with_what_was_left_after_every_line(
    school: School, maria: Workspace
) -> None:
    lot = stocked(maria, school, active_order(maria, terms(school.ids["mateo"])))
    waste = NewMove(lot, "wasted", Decimal(1), reason="dropped it", method="flushed")
    maria.health.stock.move(waste, password=PASSWORD, second=tom(school))
    view = maria.health.overview.lot(lot)
    assert [(line.move.kind, line.after) for line in view.lines] == [
        ("wasted", 29),
        ("received", 30),
    ]
    names = maria.health.overview.names()
    assert names[view.lines[0].move.witness] == "Tom Becker, Principal"


def test_the_witness_is_somebody_else_who_may(school: School, maria: Workspace) -> None:
    offered = dict(maria.health.overview.witnesses())
    assert school.users["maria"] not in offered
    assert school.users["amir"] not in offered, "an auditor signs for nothing"
    assert offered[school.users["tom"]] == "Tom Becker"


def test_an_order_holds_until_the_school_year_ends(school: School, maria: Workspace) -> None:
    assert maria.health.overview.year_end() == date(2027, 6, 30)
    school.sign_in("tom").calendar.set_terms(
        [
            Term(date(2026, 8, 17), date(2026, 12, 18), "Fall"),
            Term(date(2027, 1, 4), date(2027, 6, 11), "Spring"),
            Term(date(2027, 6, 21), date(2027, 7, 16), "Extended year", summer=True),
        ]
    )
    assert maria.health.overview.year_end() == date(2027, 6, 11)


def test_a_delegate_sees_the_orders_that_were_delegated(school: School, maria: Workspace) -> None:
    mateo = school.ids["mateo"]
    active_order(maria, terms(mateo))
    given = active_order(maria, as_needed(mateo))
    today = maria.health.orders.today()
    maria.health.delegation.give(
        Delegation("", school.users["dana"], mateo, frozenset((given,)), today,
                   today + timedelta(days=30), consented_on=today)
    )  # fmt: skip
    dana, olga = school.sign_in("dana"), school.sign_in("olga")
    assert [one.id for one in dana.health.overview.orders()] == [given]
    assert (dana.health.reaches_some(), dana.health.reaches(mateo)) == (True, True)
    assert not dana.health.reaches(school.ids["lucja"])
    assert olga.health.overview.orders() == ()
    assert not olga.health.reaches_some()
    with pytest.raises(StockRefused):
        olga.health.overview.lot(stocked(maria, school, given))


def test_a_count_that_does_not_come_out_begins_its_report(school: School, maria: Workspace) -> None:
    lot = stocked(maria, school, active_order(maria, terms(school.ids["mateo"])))
    count = NewMove(lot, "count", counted=Decimal("28.5"))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    view = maria.health.overview.lot(lot)
    told = answers_of_count(view.supply.balance, [one.move for one in reversed(view.lines)])
    record = maria.records.start("medication_error", answers=told)
    answers = maria.records.open(record).answers
    assert answers["student"] == school.ids["mateo"]
    assert answers["error_types"] == ["count", "missing"]
    assert (answers["count_expected"], answers["count_found"]) == (30, Decimal("28.5"))


def test_too_much_of_the_schools_own_stock_is_of_no_student(maria: Workspace) -> None:
    coming = NewMove("", "received", Decimal(20), carried_by="District warehouse")
    lot = maria.health.stock.receive(Lot("", STOCK_SUBJECT, IBUPROFEN, "tablet"), coming)
    maria.health.stock.move(NewMove(lot, "count", counted=Decimal(21)))
    view = maria.health.overview.lot(lot)
    told = answers_of_count(view.supply.balance, [one.move for one in reversed(view.lines)])
    assert (told["about"], told["error_types"], "student" in told) == ("stock", ("count",), False)
    assert told["count_unit"] == "tablets"
    maria.records.start("medication_error", answers=told)
