"""The year's end: what is ended, what goes home, what is not finished; and the list on paper."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.sweep_model import Group, SweepLine
from bt_desktop.services.health.trip_model import TripItem
from bt_desktop.services.school_days import Term
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.dose_kit import prn_dose
from tests.health.kit import (
    YEAR_BEGINS,
    YEAR_ENDS,
    active_order,
    as_needed,
    at,
    stocked,
    terms,
    tom,
)
from tests.paper.pdf import text as pages_text

MAY = date(2027, 5, 28)


@pytest.fixture
def maria(school: School) -> Workspace:
    school.sign_in("tom").calendar.set_terms([Term(YEAR_BEGINS, YEAR_ENDS)])
    school.clock.set(at(8, day=MAY))
    return school.sign_in("maria")


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


def lines(maria: Workspace, group: Group) -> list[SweepLine]:
    return list(maria.health.sweep.view().of(group))


def test_a_school_without_medicine_has_nothing_to_do(maria: Workspace) -> None:
    view = maria.health.sweep.view()
    assert (view.lines, view.last_day, view.school_year) == ((), YEAR_ENDS, "2026–2027")


def test_medicine_goes_home_or_is_disposed_of_by_the_last_day(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child))
    lot = stocked(maria, school, order, 14)
    old = active_order(maria, as_needed(child), expires=date(2027, 8, 1))
    stocked(maria, school, old, 3, expires=date(2027, 6, 1))
    first, second = lines(maria, "medicine")
    assert (first.what, first.left, first.says, first.by) == (
        "Ibuprofen 200 mg tablet", "3 tablets", "Out of date by the last day", YEAR_ENDS,
    )  # fmt: skip
    assert (second.about, second.left, second.controlled) == (lot, "14 tablets", True)
    assert second.says == "Goes home on the last day"
    maria.health.orders.discontinue(order, "The doctor ended it on Monday")
    assert lines(maria, "medicine")[1].says == "The order has ended"
    home = NewMove(lot, "returned", Decimal(14), carried_by="Rosa Núñez", adult=True)
    maria.health.stock.move(home, password=PASSWORD, second=tom(school))
    assert [one.what for one in lines(maria, "medicine")] == ["Ibuprofen 200 mg tablet"]


def test_a_letter_to_the_parent_is_named_beside_the_medicine(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child))
    stocked(maria, school, order, 14)
    maria.health.orders.discontinue(order, "The doctor ended it on Monday")
    [waits] = [one for one in maria.health.parent_papers.waiting() if one.kind == "pick_up"]
    maria.health.parent_papers.release(waits.key, school.ids["rosa"])
    assert lines(maria, "medicine")[0].asked == "letter May 28"


def test_within_three_weeks_of_the_end_the_parent_is_asked_to_fetch_what_is_left(
    school: School, maria: Workspace, child: str
) -> None:
    stocked(maria, school, active_order(maria, terms(child)), 14)
    papers = maria.health.parent_papers
    school.clock.set(at(8, day=date(2027, 5, 20)))
    assert [one.kind for one in papers.waiting() if one.kind in ("pick_up", "low")] == []
    school.clock.set(at(8, day=date(2027, 5, 21)))
    [waits] = [one for one in papers.waiting() if one.kind == "pick_up"]
    assert waits.says == "The school year ends soon, 14 tablets left"
    said = " ".join(pages_text(papers.release(waits.key, school.ids["rosa"]).pdf).split())
    assert "school year" in said
    assert "June 11" in said
    assert lines(maria, "medicine")[0].asked == "letter May 21"


def test_orders_end_with_the_year_and_ended_ones_are_gone(
    school: School, maria: Workspace, child: str
) -> None:
    whole = active_order(maria, terms(child))
    over = active_order(maria, as_needed(child, stop=date(2027, 3, 1)))
    told = {one.about: (one.says, one.by) for one in lines(maria, "order")}
    assert told == {
        whole: ("Ends with the school year: a new form for the next", YEAR_ENDS),
        over: ("Over already", date(2027, 3, 1)),
    }
    maria.health.orders.discontinue(whole, "The doctor ended it on Monday")
    assert [one.about for one in lines(maria, "order")] == [over]


def test_what_is_not_finished(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, terms(child))
    lot = stocked(maria, school, order, 14)
    prn = active_order(maria, as_needed(child))
    trip = maria.health.trips.plan(NewAway("trip", MAY, MAY, time(9), time(14), "Zoo"), [child])
    maria.health.trips.take_along(
        TripItem("", trip, "", order, giver=school.users["maria"], lot_id=lot, amount=Decimal(2))
    )
    maria.health.trips.send(trip, password=PASSWORD, second=tom(school))
    count = NewMove(lot, "count", counted=Decimal(11))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    dose = maria.health.doses.record(prn_dose(child, prn, at(8, day=MAY))).dose
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], child, frozenset((prn,)), date(2026, 9, 1), YEAR_ENDS,
            consented_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    told = {one.leads: one for one in lines(maria, "task")}
    assert told["trip"].says == "2 tablets out since the trip “Zoo”: count it back"
    assert told["lot"].says == "the count does not come out by 1 tablet"
    assert told["dose"].says == "nobody asked how the dose of May 28 worked"
    assert told["dose"].about == dose.id
    assert told["delegation"].says.startswith("Dana Whitcomb may give medicine until Jun 11")
    maria.health.doses.effect(dose.id, "Headache gone", worse=False)
    assert "dose" not in {one.leads for one in lines(maria, "task")}


def test_the_list_is_printed_and_told_for_each_student(
    school: School, maria: Workspace, child: str
) -> None:
    stocked(maria, school, active_order(maria, terms(child)), 14)
    view = maria.health.sweep.view()
    made = maria.health.printing.year_end(view)
    text = pages_text(made.pdf)
    for words in ("End of the school year", "14 tablets", "controlled: two people", "Jun 11, 2027"):
        assert words in text
    tom_ = school.sign_in("tom")
    assert [one.action for one in tom_.log.entries(10)].count("sweep.print") == 1
    assert any("rint" in row.what for row in tom_.access_log.read(child).rows)
    assert tom_.log.verify().holds


def test_months_that_are_over_and_not_closed(school: School, maria: Workspace, child: str) -> None:
    school.clock.set(at(8, day=date(2027, 3, 15)))
    order = active_order(maria, terms(child))
    school.clock.set(at(8, day=MAY))
    open_ = [one for one in lines(maria, "task") if one.leads == "months"]
    assert [(one.what, one.says) for one in open_] == [
        ("March 2027", "1 medication record is not closed"),
        ("April 2027", "1 medication record is not closed"),
    ]
    month = date(2027, 3, 1)
    maria.health.months.close(
        order, month, password=PASSWORD, signed_as="Maria Chen", reason="The order came in March"
    )
    assert [one.what for one in lines(maria, "task") if one.leads == "months"] == ["April 2027"]


def test_nobody_else_reads_it(school: School, maria: Workspace) -> None:
    view = maria.health.sweep.view()
    for who in ("olga", "tom", "dana", "amir"):
        health = school.sign_in(who).health
        with pytest.raises(Denied):
            health.sweep.view()
        with pytest.raises(Denied):
            health.printing.year_end(view)
