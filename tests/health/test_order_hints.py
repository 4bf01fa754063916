"""What looks odd about an order is said beside its field, and what a special kind asks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bt_desktop.services.health.model import STOCK_SUBJECT, Medicine, OrderTerms, Quantity
from bt_desktop.services.health.order_hints import of_one, order_hints, strength_of
from bt_desktop.services.health.order_special import special_problems
from tests.health.kit import METHYLPHENIDATE, as_needed, terms

SEIZURE = {
    "purpose": "Stops a long seizure",
    "trigger": "Shaking of arms and legs for five minutes",
    "circumstances": "At any time",
    "adverse": "Slow breathing",
    "call_911": "Always",
    "observation": "On the side, until the ambulance comes",
    "plan_notice": "yes",
}


def codes(made: OrderTerms, **more: object) -> list[tuple[str, str]]:
    found = order_hints(made, **more)  # type: ignore[arg-type]  # names checked by order_hints
    return [(one.field, one.code) for one in found]


def dose(amount: str, unit: str = "mg", **changes: object) -> OrderTerms:
    return terms("student:1", dose=Quantity(Decimal(amount), unit), **changes)


def test_a_usual_order_raises_no_doubt() -> None:
    assert codes(terms("student:1")) == []
    assert codes(as_needed("student:1")) == []
    assert codes(dose("20", takes=Decimal(2))) == []


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        ("1000", "mg", "100 times more than usual for a strength of 10 mg"),
        ("100", "mg", "10 times more than usual"),
        ("1", "mg", "ten times less than usual"),
        ("1", "g", "100 times more than usual"),
        ("500", "mcg", "ten times less than usual"),
    ],
)
def test_a_dose_ten_times_off_is_said(amount: str, unit: str, told: str) -> None:
    [hint] = order_hints(dose(amount, unit))
    assert (hint.field, hint.code) == ("dose", "tenfold")
    assert told in hint.sentence


@pytest.mark.parametrize("amount", ["99", "1.1", "10"])
def test_a_dose_less_than_ten_times_off_is_not(amount: str) -> None:
    ratio = Decimal(amount) / 10
    assert codes(dose(amount, takes=ratio)) == []


def test_ten_times_the_order_before_is_said() -> None:
    before = dose("10", medicine=replace(METHYLPHENIDATE, strength=""))
    after = dose("100", medicine=replace(METHYLPHENIDATE, strength=""))
    [hint] = order_hints(after, before=before)
    assert "10 times more than the order before (10 mg)" in hint.sentence
    assert codes(dose("15", takes=Decimal("1.5")), before=before) == []


def test_what_one_dose_takes_is_held_against_the_strength() -> None:
    [hint] = order_hints(dose("20", takes=Decimal(1)))
    assert (hint.field, hint.sentence) == ("takes", "20 mg of 10 mg is 2 tablets.")
    liquid = Medicine("Ibuprofen", "100 mg/5 ml", "liquid", "otc")
    assert codes(dose("200", medicine=liquid, counted_in="ml", takes=Decimal(10))) == []


def test_a_controlled_medicine_that_is_not_marked_so_is_said() -> None:
    plain = replace(METHYLPHENIDATE, schedule="")
    assert codes(terms("student:1", medicine=plain)) == [("schedule", "schedule")]
    brand = replace(plain, name="Concerta ER")
    assert codes(terms("student:1", medicine=brand)) == [("schedule", "schedule")]


def test_allergies_are_held_against_the_medicine() -> None:
    penicillin = Medicine("Amoxicillin", "250 mg", "capsule")
    made = terms("student:1", medicine=penicillin, dose=Quantity(Decimal(250), "mg"))
    assert codes(made, allergies="Peanuts, penicillins") == [("medicine", "allergy")]
    assert codes(made, allergies="none known") == []


def test_an_unusual_way_in_and_a_first_dose_at_school_are_said() -> None:
    assert codes(terms("student:1", route="rectal")) == [("route", "route")]
    assert codes(terms("student:1", first_dose_at_home=False)) == [("first_dose", "first_dose")]
    assert codes(terms("student:1", first_dose_at_home=None)) == []


@pytest.mark.parametrize(
    ("strength", "read"),
    [
        ("10 mg", Quantity(Decimal(10), "mg")),
        ("0,3 mg", Quantity(Decimal("0.3"), "mg")),
        ("90mcg", Quantity(Decimal(90), "mcg")),
        ("90 µg", Quantity(Decimal(90), "mcg")),
        ("100 mg/5 ml", Quantity(Decimal(100), "mg")),
        ("0 mg", None),
        ("extra strong", None),
        ("", None),
    ],
)
def test_a_strength_is_read(strength: str, read: Quantity | None) -> None:
    assert strength_of(Medicine("X", strength)) == read


def test_units_that_do_not_compare_are_left_alone() -> None:
    assert of_one(dose("2", "puff")) is None
    assert codes(dose("2", "puff")) == []


def test_seizure_rescue_asks_what_the_plan_must_say() -> None:
    made = terms("student:1", kind="seizure", times=())
    missing = {one.field for one in special_problems(made)}
    assert missing == {f"special.{key}" for key in SEIZURE}
    assert special_problems(replace(made, special=SEIZURE)) == ()


def test_answers_of_the_wrong_kind_are_told() -> None:
    made = terms("student:1", kind="seizure", special=SEIZURE)
    wrong = SEIZURE | {"give_after_min": "five", "plan_notice": "perhaps"}
    found = {one.field: one.code for one in special_problems(replace(made, special=wrong))}
    assert found == {
        "special.give_after_min": "unreadable",
        "special.plan_notice": "unreadable",
    }
    device = {"device": "rocket", "allergy": "bees", "action_plan": "yes"}
    epinephrine = replace(made, kind="epinephrine", special=device)
    assert [one.field for one in special_problems(epinephrine)] == ["special.device"]


def test_the_schools_own_stock_is_for_nobody_in_particular() -> None:
    assert special_problems(terms(STOCK_SUBJECT, kind="epinephrine")) == ()
