"""Medicine on a trip: planned, signed out by two, given on the way, counted back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import SelfCarry
from bt_desktop.services.health.problems import (
    AwayRefused,
    StockRefused,
    TripRefused,
    WitnessRefused,
)
from bt_desktop.services.health.trip_model import CountedBack, OnTheWay, TripItem, TripMedicine
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, as_needed, at, stocked, terms, tom
from tests.health.test_simulated_year import Killed, MortalClock
from tests.often import often

TODAY = date(2026, 11, 12)
ZOO = NewAway("trip", TODAY, TODAY, time(9), time(14), "Zoo")


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(8))
    return school.sign_in("maria")


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def order(maria: Workspace, child: str) -> str:
    return active_order(maria, terms(child))


@pytest.fixture
def lot(school: School, maria: Workspace, order: str) -> str:
    """Thirty tablets of a controlled medicine."""
    return stocked(maria, school, order)


@pytest.fixture
def trip(school: School, maria: Workspace, child: str) -> str:
    return maria.health.trips.plan(ZOO, [child, school.ids["lucja"]], leader="Priya Raman")


def item(school: School, trip: str, order: str, lot: str | None, **changes: object) -> TripItem:
    made = TripItem("", trip, "", order, giver=school.users["maria"], lot_id=lot, amount=Decimal(1))
    return replace(made, **changes)  # type: ignore[arg-type]  # names checked by TripItem


def planned(school: School, maria: Workspace, trip: str, order: str, lot: str, much: int) -> str:
    return maria.health.trips.take_along(item(school, trip, order, lot, amount=Decimal(much)))


def sent(school: School, maria: Workspace, trip: str) -> None:
    maria.health.trips.send(trip, password=PASSWORD, second=tom(school))


def stands(maria: Workspace, lot: str) -> Balance:
    return next(one for one in maria.health.stock.balances(also_empty=True) if one.lot.id == lot)


def medicine(workspace: Workspace, trip: str, order: str) -> TripMedicine:
    view = workspace.health.trips.view(trip)
    return next(m for c in view.children for m in c.medicines if m.order.id == order)


def test_a_trip_with_one_dose_goes_out_and_comes_back(
    school: School, maria: Workspace, child: str, trip: str, order: str, lot: str
) -> None:
    before = medicine(maria, trip, order)
    assert (before.needs, before.state, before.goes) == (1, "planned", False)
    made = planned(school, maria, trip, order, lot, 1)
    [line] = maria.health.trips.list()
    assert (line.trip.name, line.trip.leader, line.medicines, line.out) == (
        "Zoo", "Priya Raman", 1, 0,
    )  # fmt: skip
    school.clock.set(at(8, 50))
    sent(school, maria, trip)
    assert (stands(maria, lot).office, stands(maria, lot).trips) == (29, {trip: 1})
    out = maria.health.stock.ledger(lot)[-1]
    assert (out.kind, out.carried_by, out.method) == ("trip_out", "Maria Chen", "envelope")
    assert out.witness == school.users["tom"]
    school.clock.set(at(14, 10))
    [due] = medicine(maria, trip, order).open_doses
    told = OnTheWay(made, due.due_at, "given", at(12, 5), two_identifiers=True)
    dose = maria.health.trips.record(trip, told).dose
    assert (dose.location, dose.used, dose.broken) == ("trip", 1, ())
    assert (stands(maria, lot).office, stands(maria, lot).trips) == (29, {})
    assert medicine(maria, trip, order).state == "back", "nothing is out any more"
    assert maria.health.board.today().scheduled[0].words.startswith("Given 12:05 pm")
    assert school.sign_in("tom").log.verify().holds


def test_a_trip_back_with_29_where_30_is_expected_is_a_discrepancy(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    made = planned(school, maria, trip, order, lot, 30)
    sent(school, maria, trip)
    school.clock.set(at(14, 10))
    maria.health.trips.bring_back(
        trip, [CountedBack(made, Decimal(29))], password=PASSWORD, second=tom(school)
    )
    short = stands(maria, lot)
    assert (short.office, short.away, short.mismatch, short.stopped) == (30, 0, -1, True)
    line = maria.health.stock.ledger(lot)[-1]
    assert (line.kind, line.change, line.expected, line.counted) == ("trip_in", 30, 30, 29)
    assert medicine(maria, trip, order).state == "short"
    right = NewMove(lot, "adjust", Decimal(-1), reason="one is missing since the zoo")
    with pytest.raises(StockRefused, match="report first"):
        maria.health.stock.move(right, password=PASSWORD, second=tom(school))
    maria.health.stock.move(
        replace(right, incident="the report"), password=PASSWORD, second=tom(school)
    )
    assert (stands(maria, lot).office, stands(maria, lot).stopped) == (29, False)
    assert medicine(maria, trip, order).state == "back"


def test_what_was_forgotten_on_the_slip_is_found_by_counting_again(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    made = planned(school, maria, trip, order, lot, 5)
    sent(school, maria, trip)
    school.clock.set(at(14, 10))
    maria.health.trips.bring_back(
        trip, [CountedBack(made, Decimal(4))], password=PASSWORD, second=tom(school)
    )
    [due] = medicine(maria, trip, order).open_doses
    told = OnTheWay(made, due.due_at, "given", at(12), two_identifiers=True)
    maria.health.trips.record(trip, told)
    count = NewMove(lot, "count", counted=Decimal(29))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    assert (stands(maria, lot).office, stands(maria, lot).stopped) == (29, False)


def test_what_was_dropped_on_the_way_is_wasted_by_two_and_the_rest_comes_back(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    made = planned(school, maria, trip, order, lot, 3)
    sent(school, maria, trip)
    school.clock.set(at(14, 10))
    back = CountedBack(made, Decimal(2), Decimal(1), "Fell into the pond", "lost in the water")
    with pytest.raises(TripRefused, match="More was wasted"):
        maria.health.trips.bring_back(trip, [replace(back, wasted=Decimal(4))])
    lines = maria.health.trips.bring_back(trip, [back], password=PASSWORD, second=tom(school))
    assert [one.kind for one in lines] == ["wasted", "trip_in"]
    assert {one.witness for one in lines} == {school.users["tom"]}
    assert (stands(maria, lot).office, stands(maria, lot).stopped) == (29, False)
    with pytest.raises(TripRefused, match="Nothing of this trip is out"):
        maria.health.trips.bring_back(trip, [back], password=PASSWORD, second=tom(school))


def test_the_witness_of_a_trip_is_not_who_gives_it_out(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    planned(school, maria, trip, order, lot, 2)
    for second, why in ((None, "nobody"), (Second(school.users["maria"], PASSWORD), "same")):
        with pytest.raises(WitnessRefused) as refused:
            maria.health.trips.send(trip, password=PASSWORD, second=second)
        assert refused.value.why == why
    assert stands(maria, lot).trips == {}


@pytest.mark.parametrize("ticks", often([4, 10], range(0, 14, 2)))
def test_killed_between_the_signatures_and_the_ledger_nothing_or_all_is_out(
    school: School, child: str, ticks: int
) -> None:
    clock = MortalClock(at(8))
    school.clock = clock
    maria = school.sign_in("maria")
    order = active_order(maria, terms(child))
    prn = active_order(maria, as_needed(child))
    lots = [stocked(maria, school, order), stocked(maria, school, prn)]
    trip = maria.health.trips.plan(ZOO, [child])
    for one, lot in zip((order, prn), lots, strict=True):
        planned(school, maria, trip, one, lot, 2)
    clock.dies_after = ticks
    try:
        sent(school, maria, trip)
        done = True
    except Killed:
        done = False
    clock.dies_after = None
    maria = school.sign_in("maria")
    out = [stands(maria, lot).trips.get(trip, 0) for lot in lots]
    assert out == ([2, 2] if done else [0, 0])
    if not done:
        sent(school, maria, trip)
        assert [stands(maria, lot).trips for lot in lots] == [{trip: 2}, {trip: 2}]
    assert school.sign_in("tom").log.verify().holds


def test_what_is_not_back_the_day_after_waits_for_whoever_counts_it(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    made = planned(school, maria, trip, order, lot, 2)
    sent(school, maria, trip)
    assert maria.health.trips.waiting() == (), "they are still out"
    school.clock.set(at(8, day=date(2026, 11, 13)))
    assert [one.trip.name for one in maria.health.trips.waiting()] == ["Zoo"]
    assert school.sign_in("olga").health.trips.waiting() == ()
    maria.health.trips.bring_back(
        trip, [CountedBack(made, Decimal(1))], password=PASSWORD, second=tom(school)
    )
    assert [one.short for one in maria.health.trips.waiting()] == [1]
    count = NewMove(lot, "count", counted=Decimal(30))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    assert maria.health.trips.waiting() == ()


# --- who gives it ------------------------------------------------------------------------------


def delegated(school: School, maria: Workspace, order: str, until: date) -> None:
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], school.ids["mateo"], frozenset((order,)), date(2026, 9, 1),
            until, consented_on=date(2026, 9, 1),
        )
    )  # fmt: skip


def test_a_delegate_gives_it_on_the_trip_and_writes_it_down(
    school: School, maria: Workspace, child: str, trip: str
) -> None:
    prn = active_order(maria, as_needed(child))
    lot = stocked(maria, school, prn)
    delegated(school, maria, prn, date(2027, 6, 11))
    dana_id = school.users["dana"]
    givers = maria.health.trips.givers(trip, prn)
    assert [(one.name, one.why) for one in givers] == [
        ("Maria Chen", "nurse"), ("Dana Whitcomb", "skill check until Jun 11, 2027"),
    ]  # fmt: skip
    made = maria.health.trips.take_along(
        item(school, trip, prn, lot, giver=dana_id, amount=Decimal(2))
    )
    maria.health.trips.send(trip)
    school.clock.set(at(14, 10))
    dana = school.sign_in("dana")
    told = OnTheWay(made, None, "given", at(11), symptom="headache", two_identifiers=True)
    dose = dana.health.trips.record(trip, told).dose
    assert (dose.by_user, dose.location, dose.broken) == (dana_id, "trip", ())
    assert [one.id for one in medicine(maria, trip, prn).given] == [dose.id]
    with pytest.raises(Denied):
        dana.health.trips.bring_back(trip, [CountedBack(made, Decimal(1))])
    maria.health.trips.bring_back(trip, [CountedBack(made, Decimal(1))])
    assert (stands(maria, lot).office, stands(maria, lot).stopped) == (29, False)


def test_a_nurse_who_copies_the_slip_names_who_gave_it(
    school: School, maria: Workspace, child: str, trip: str
) -> None:
    prn = active_order(maria, as_needed(child))
    lot = stocked(maria, school, prn)
    delegated(school, maria, prn, date(2027, 6, 11))
    giver = school.users["dana"]
    made = maria.health.trips.take_along(item(school, trip, prn, lot, giver=giver))
    maria.health.trips.send(trip)
    school.clock.set(at(14, 10))
    told = OnTheWay(made, None, "given", at(11), symptom="headache", two_identifiers=True)
    dose = maria.health.trips.record(trip, told).dose
    assert dose.reason == "Given on the trip by Dana Whitcomb, from the slip."
    assert (dose.by_user, dose.special["given_by"]) == (school.users["maria"], giver)


def test_a_skill_check_that_ran_out_yesterday_takes_nothing_along(
    school: School, maria: Workspace, child: str, trip: str
) -> None:
    prn = active_order(maria, as_needed(child))
    lot = stocked(maria, school, prn)
    delegated(school, maria, prn, date(2026, 11, 11))
    made = item(school, trip, prn, lot, giver=school.users["dana"])
    [problem] = maria.health.trips.problems(made)
    assert problem.field == "giver"
    assert problem.sentence.startswith(
        "The skill check of Dana Whitcomb holds until November 11, 2026 only."
    )
    with pytest.raises(TripRefused, match="skill check of Dana"):
        maria.health.trips.take_along(made)


def test_a_skill_check_that_runs_out_between_plan_and_trip_is_told_at_the_door(
    school: School, maria: Workspace, child: str
) -> None:
    prn = active_order(maria, as_needed(child))
    lot = stocked(maria, school, prn)
    delegated(school, maria, prn, TODAY)
    trip = maria.health.trips.plan(ZOO, [child])
    maria.health.trips.take_along(item(school, trip, prn, lot, giver=school.users["dana"]))
    [given] = maria.health.delegation.all(child)
    maria.health.delegation.end(given.id, "She is ill this week")
    with pytest.raises(TripRefused, match=r"Ibuprofen.*Nobody delegated"):
        maria.health.trips.send(trip)
    assert stands(maria, lot).trips == {}


def test_a_controlled_medicine_is_given_by_whom_the_school_allows(
    school: School, maria: Workspace, child: str, trip: str, order: str, lot: str
) -> None:
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], child, frozenset((order,)), date(2026, 9, 1),
            date(2027, 6, 11), controlled=True, consented_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    dana = item(school, trip, order, lot, giver=school.users["dana"])
    assert "may not give what is controlled" in maria.health.trips.problems(dana)[0].sentence
    decided = replace(
        maria.health.settings.get(), who_gives_controlled="trained",
        who_gives_reason="The board decided so on August 3",
    )  # fmt: skip
    maria.health.settings.save(decided)
    assert maria.health.trips.problems(dana) == ()


def test_a_parent_goes_along_or_the_student_carries_it(
    school: School, maria: Workspace, child: str, trip: str, order: str, lot: str
) -> None:
    trips = maria.health.trips
    nobody = item(school, trip, order, lot, how="parent")
    assert [one.field for one in trips.problems(nobody)] == ["giver_name"]
    trips.take_along(replace(nobody, giver_name="Rosa Núñez"))
    sent(school, maria, trip)
    assert maria.health.stock.ledger(lot)[-1].carried_by == "Rosa Núñez"
    alone = item(school, trip, order, None, how="self", amount=Decimal(0))
    assert [one.field for one in trips.problems(alone)] == ["how"]
    carried = active_order(
        maria, as_needed(child, self_carry=SelfCarry(competent=True, release=True, shown=True))
    )
    trips.take_along(replace(alone, order_id=carried))
    assert medicine(maria, trip, carried).goes


# --- what cannot be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(31)}, "amount"),
        ({"lot_id": None}, "amount"),
        ({"lot_id": "none"}, "lot"),
        ({"giver": ""}, "giver"),
        ({"giver": "nobody"}, "giver"),
    ],
)
def test_what_cannot_be_planned(
    school: School,
    maria: Workspace,
    trip: str,
    order: str,
    lot: str,
    changes: dict[str, object],
    field: str,
) -> None:
    made = item(school, trip, order, lot, **changes)
    assert [one.field for one in maria.health.trips.problems(made)] == [field]
    with pytest.raises(TripRefused):
        maria.health.trips.take_along(made)


def test_an_order_that_ends_before_the_trip_does_not_go(
    school: School, maria: Workspace, child: str
) -> None:
    short = active_order(maria, terms(child, stop=date(2026, 11, 11)))
    trip = maria.health.trips.plan(ZOO, [child])
    made = item(school, trip, short, None, how="self")
    assert "order" in [one.field for one in maria.health.trips.problems(made)]


def test_whoever_stays_at_school_leaves_their_medicine_there(
    school: School, maria: Workspace, child: str, trip: str, order: str, lot: str
) -> None:
    planned(school, maria, trip, order, lot, 1)
    sent(school, maria, trip)
    with pytest.raises(TripRefused, match="Count it back first"):
        maria.health.trips.leave_out(trip, [child], "He is ill today")
    [along] = [m.item for _, m in maria.health.trips.view(trip).along if m.item]
    maria.health.trips.bring_back(
        trip, [CountedBack(along.id, Decimal(1))], password=PASSWORD, second=tom(school)
    )
    maria.health.trips.leave_out(trip, [child], "He is ill today")
    assert [one.id for one in maria.health.trips.view(trip).children] == [school.ids["lucja"]]
    maria.health.trips.leave_out(trip, [school.ids["lucja"]], "The bus broke down")
    assert maria.health.trips.list() == ()
    with pytest.raises(AwayRefused):
        maria.health.trips.view(trip)


def test_the_front_office_plans_who_goes_and_sees_no_medicine(
    school: School, maria: Workspace, child: str, order: str, lot: str
) -> None:
    olga = school.sign_in("olga").health.trips
    trip = olga.plan(ZOO, [child], place="City zoo")
    planned(school, maria, trip, order, lot, 1)
    assert [(one.medicines, one.out) for one in olga.list()] == [(None, None)]
    assert [one.medicines for one in olga.view(trip).children] == [()]
    with pytest.raises(Denied):
        olga.send(trip)
    assert maria.health.trips.view(trip).trip.place == "City zoo"
    olga.add_students(trip, [school.ids["huy"]])
    assert len(olga.view(trip).children) == 2


def test_a_dose_of_the_slip_is_recorded_once(
    school: School, maria: Workspace, trip: str, order: str, lot: str
) -> None:
    made = planned(school, maria, trip, order, lot, 2)
    sent(school, maria, trip)
    school.clock.set(at(14, 10))
    [due] = medicine(maria, trip, order).open_doses
    told = OnTheWay(made, due.due_at, "given", at(12), two_identifiers=True)
    maria.health.trips.record(trip, told)
    with pytest.raises(TripRefused, match="already"):
        maria.health.trips.record(trip, told)
    assert stands(maria, lot).trips == {trip: 1}
