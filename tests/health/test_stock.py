"""The ledger: computed balances, two people for what is controlled, counts that must come out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.ledger import Balance, balance, signed
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Lot, Medicine, Move, MoveKind
from bt_desktop.services.health.problems import StockRefused, WitnessRefused
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import IBUPROFEN, active_order, as_needed, at, stocked, terms, tom

ANY = "a made-up record"
TRIP = {"trip_out": "zoo", "trip_in": "zoo"}


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def lot(school: School, maria: Workspace) -> str:
    """Thirty tablets of a controlled medicine."""
    return stocked(maria, school, active_order(maria, terms(school.ids["mateo"])))


def stands(maria: Workspace, lot: str) -> Balance:
    return next(one for one in maria.health.stock.balances(also_empty=True) if one.lot.id == lot)


def by_two(maria: Workspace, school: School, lot: str, kind: MoveKind, **values: object) -> Move:
    move = NewMove(lot, kind, **values)  # type: ignore[arg-type]  # names checked by NewMove
    return maria.health.stock.move(move, password=PASSWORD, second=tom(school))


def test_what_comes_in_is_counted_by_two_and_is_there(
    school: School, maria: Workspace, lot: str
) -> None:
    assert stands(maria, lot).office == 30
    [line] = maria.health.stock.ledger(lot)
    assert (line.by_user, line.witness) == (school.users["maria"], school.users["tom"])
    assert school.sign_in("tom").log.verify().holds


def test_r19_a_controlled_line_needs_a_second_different_person(
    school: School, maria: Workspace, lot: str
) -> None:
    stock = maria.health.stock
    waste = NewMove(lot, "wasted", Decimal(1), reason="dropped on the floor", method="flushed")
    for second, why in (
        (None, "nobody"),
        (Second(school.users["maria"], PASSWORD), "same"),
        (Second(school.users["amir"], PASSWORD), "role"),
    ):
        with pytest.raises(WitnessRefused) as refused:
            stock.move(waste, password=PASSWORD, second=second)
        assert refused.value.why == why
    with pytest.raises(WrongPassword):
        stock.move(waste, password=PASSWORD, second=tom(school, "not the password at all"))
    with pytest.raises(WrongPassword):
        stock.move(waste, password="not my password at all", second=tom(school))
    assert stands(maria, lot).office == 30, "nothing was written"
    stock.move(waste, password=PASSWORD, second=tom(school))
    assert stands(maria, lot).office == 29


def test_r22_a_medicine_goes_home_with_an_adult_or_a_nurse_says_why(
    school: School, maria: Workspace, lot: str
) -> None:
    home = {"amount": Decimal(2), "carried_by": "Mateo", "adult": False}
    with pytest.raises(StockRefused, match=r"with an adult.*A nurse can allow it"):
        by_two(maria, school, lot, "returned", **home, reason="The father waits in the car")
    with pytest.raises(StockRefused, match="with an adult"):
        by_two(maria, school, lot, "returned", **home, reason="ok", allowed=frozenset(("R22",)))
    assert stands(maria, lot).office == 30
    made = by_two(
        maria, school, lot, "returned", **home, reason="The father waits in the car",
        allowed=frozenset(("R22",)),
    )  # fmt: skip
    assert (made.allowed, stands(maria, lot).office) == (("R22",), 28)
    assert maria.health.stock.ledger(lot)[-1].allowed == ("R22",)


def test_r22_a_child_that_brings_what_is_controlled_is_taken_in_and_told(
    school: School, maria: Workspace, lot: str
) -> None:
    brought = NewMove(lot, "received", Decimal(5), carried_by="Mateo", adult=False)
    container = stands(maria, lot).lot
    assert "not brought by an adult" in maria.health.stock.spoken(container, brought)[0].what
    by_two(maria, school, lot, "received", amount=Decimal(5), carried_by="Mateo", adult=False)
    assert stands(maria, lot).office == 35


def test_r32_a_take_back_by_staff_is_told_and_recordable_with_its_reason(
    school: School, maria: Workspace, lot: str
) -> None:
    taken = NewMove(lot, "destroyed", Decimal(1), method="take_back", agency="Corner Pharmacy")
    container = stands(maria, lot).lot
    assert [one.rule for one in maria.health.stock.standing(container, taken)] == ["R32"]
    with pytest.raises(StockRefused):
        maria.health.stock.move(taken, password=PASSWORD, second=tom(school))
    told = replace(taken, reason="The family moved away and cannot be reached")
    assert maria.health.stock.standing(container, told) == ()
    assert [one.rule for one in maria.health.stock.spoken(container, told)] == ["R32"]
    maria.health.stock.move(told, password=PASSWORD, second=tom(school))
    assert stands(maria, lot).office == 29


def test_what_is_not_controlled_needs_one_person(school: School, maria: Workspace) -> None:
    order = active_order(maria, as_needed(school.ids["mateo"]))
    coming = NewMove("", "received", Decimal("20"), carried_by="Rosa Núñez", adult=True)
    made = Lot("", school.ids["mateo"], IBUPROFEN, "tablet", order)
    lot = maria.health.stock.receive(made, coming)
    maria.health.stock.move(
        NewMove(lot, "wasted", Decimal("0.5"), reason="broken in half", method="trash")
    )
    assert stands(maria, lot).office == Decimal("19.5")


def test_r20_a_count_that_does_not_come_out_stops_the_lot_until_two_settle_it(
    school: School, maria: Workspace, lot: str
) -> None:
    count = by_two(maria, school, lot, "count", counted=Decimal(29))
    assert (count.expected, stands(maria, lot).mismatch) == (30, -1)
    assert stands(maria, lot).stopped
    by_two(maria, school, lot, "count", counted=Decimal(30))
    assert not stands(maria, lot).stopped, "found on the second count"
    by_two(maria, school, lot, "count", counted=Decimal(29))
    with pytest.raises(StockRefused, match="report first"):
        by_two(maria, school, lot, "adjust", amount=Decimal(-1), reason="one tablet is missing")
    with pytest.raises(StockRefused, match="what was counted"):
        by_two(maria, school, lot, "adjust", amount=Decimal(-2), reason="two missing", incident=ANY)
    by_two(maria, school, lot, "adjust", amount=Decimal(-1), reason="one is missing", incident=ANY)
    settled = stands(maria, lot)
    assert (settled.office, settled.stopped) == (29, False)


def test_a_ledger_is_not_set_right_without_a_count(
    school: School, maria: Workspace, lot: str
) -> None:
    with pytest.raises(StockRefused, match="Count it first"):
        by_two(maria, school, lot, "adjust", amount=Decimal(5), reason="found some", incident=ANY)


def test_a_liquid_is_estimated_within_a_twentieth(school: School, maria: Workspace) -> None:
    syrup = Medicine("Guaifenesin", "100 mg/5 ml", "liquid", "otc")
    coming = NewMove("", "received", Decimal(240), carried_by="Rosa Núñez", adult=True)
    made = Lot("", school.ids["mateo"], syrup, "ml", estimated=True)
    lot = maria.health.stock.receive(made, coming)
    maria.health.stock.move(NewMove(lot, "count", counted=Decimal("230.5")))
    assert not stands(maria, lot).stopped
    maria.health.stock.move(NewMove(lot, "count", counted=Decimal(200)))
    assert stands(maria, lot).mismatch == -40


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("wasted", {"amount": Decimal(1)}, "why"),
        ("wasted", {"amount": Decimal(0), "reason": "dropped it", "method": "trash"}, "above zero"),
        ("wasted", {"amount": Decimal(-1), "reason": "dropped", "method": "trash"}, "above zero"),
        ("wasted", {"amount": Decimal("NaN"), "reason": "dropped", "method": "x"}, "above zero"),
        ("wasted", {"amount": Decimal(31), "reason": "dropped", "method": "x"}, "more than"),
        ("destroyed", {"amount": Decimal(1), "reason": "expired", "method": "x"}, "handed to"),
        ("returned", {"amount": Decimal(1)}, "brought it"),
        (
            "returned",
            {"amount": Decimal(1), "carried_by": "Mateo", "adult": False},
            "with an adult",
        ),
        ("returned", {"amount": Decimal(1), "carried_by": "somebody"}, "with an adult"),
        ("trip_out", {"amount": Decimal(1)}, "trip"),
        ("trip_in", {"amount": Decimal(1), "trip": "zoo"}, "more than"),
        ("count", {}, "counted"),
        ("count", {"counted": Decimal(-1)}, "counted"),
        ("received", {"amount": Decimal(5)}, "brought it"),
    ],
)
def test_a_line_that_says_too_little_or_too_much_is_not_written(
    school: School, maria: Workspace, lot: str, kind: MoveKind, values: dict[str, object], told: str
) -> None:
    with pytest.raises(StockRefused, match=told):
        by_two(maria, school, lot, kind, **values)
    assert len(maria.health.stock.ledger(lot)) == 1


def test_a_line_of_the_future_is_not_written(school: School, maria: Workspace, lot: str) -> None:
    with pytest.raises(StockRefused, match="future"):
        by_two(maria, school, lot, "count", counted=Decimal(30), at=at(23, 0))


def test_a_trip_takes_out_and_brings_back(school: School, maria: Workspace, lot: str) -> None:
    by_two(maria, school, lot, "trip_out", amount=Decimal(2), trip="zoo")
    out = stands(maria, lot)
    assert (out.office, out.away, out.trips) == (28, 2, {"zoo": 2})
    by_two(maria, school, lot, "trip_in", amount=Decimal(1), trip="zoo")
    back = stands(maria, lot)
    assert (back.office, back.away) == (29, 1), "one is still out: given, lost or to come back"


def test_the_last_of_it_goes_home_with_an_adult(school: School, maria: Workspace, lot: str) -> None:
    by_two(
        maria, school, lot, "returned", amount=Decimal(30), carried_by="Rosa Núñez",
        relation="mother", adult=True,
    )  # fmt: skip
    assert stands(maria, lot).empty()
    assert lot not in [one.lot.id for one in maria.health.stock.balances()]


def test_another_student_and_a_colleague_see_no_stock(
    school: School, maria: Workspace, lot: str
) -> None:
    assert maria.health.stock.balances(school.ids["lucja"]) == ()
    assert school.sign_in("tom").health.stock.balances() == ()
    assert school.sign_in("dana").health.stock.balances(also_empty=True) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("received", "given", "wasted", "returned", "trip_out", "trip_in")),
            st.decimals(min_value="0.5", max_value=50, places=1),
        ),
        max_size=30,
    )
)
def test_the_balance_is_the_sum_of_its_lines(lines: list[tuple[MoveKind, Decimal]]) -> None:
    lot = Lot("l", "student:s", IBUPROFEN, "tablet")
    moves = [
        Move(
            str(n),
            "l",
            kind,
            signed(kind, amount),
            at(9),
            at(9),
            "u",
            trip="zoo" * (kind[:4] == "trip"),
        )
        for n, (kind, amount) in enumerate(lines)
    ]
    now = balance(lot, moves)
    came = sum((m.change for m in moves if m.kind == "received"), Decimal(0))
    gone = sum((m.change for m in moves if m.kind in ("given", "wasted", "returned")), Decimal(0))
    assert now.office + now.away == came + gone, "a trip moves, it makes and loses nothing"


def test_a_wrong_sum_would_show() -> None:
    """The kit's lines are told apart by kind: the property above is not true of just anything."""
    lot = Lot("l", "student:s", IBUPROFEN, "tablet")
    one = Move("1", "l", "received", Decimal(5), at(9), at(9), "u")
    assert balance(lot, [one]).office != balance(lot, [one, replace(one, id="2")]).office
