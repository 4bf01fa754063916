"""Each rule of giving medicine: what it stops, just where, who may allow it, and that what has
happened is recorded all the same."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.dose_request import DoseRequest, Override
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Consent, ContainerCheck, Identified, Quantity
from bt_desktop.services.health.problems import DoseRefused, WitnessRefused
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import check
from bt_desktop.services.health.settings import MedicationSettings
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, mateo
from tests.health.dose_kit import (
    NOON,
    as_it_happened,
    because,
    noon_dose,
    prn_dose,
    spoken,
    stopped,
)
from tests.health.kit import (
    ALL_TICKS,
    YEAR_BEGINS,
    active_order,
    as_needed,
    at,
    stocked,
    terms,
    tom,
)

REASON = "The nurse looked at it with me"


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(12, 1))
    return school.sign_in("maria")


@pytest.fixture
def order(maria: Workspace, child: str) -> str:
    return active_order(maria, terms(child))


def lifted(maria: Workspace, request: DoseRequest, rule: str, **told: str) -> None:
    """Stopped by exactly this rule; with the reason and what it needs it is given as allowed."""
    assert stopped(maria, request) == [rule]
    vague = replace(request, overrides=(because(rule, "ok", **told),))
    assert stopped(maria, vague) == [rule], "a reason says something"
    allowed = replace(request, overrides=(because(rule, REASON, **told),))
    made = maria.health.doses.record(allowed).dose
    assert [(one.rule, one.role) for one in made.overridden] == [(rule, "nurse")]
    assert made.overridden[0].reason.startswith(REASON)
    assert made.broken == ()


def never_lifted(maria: Workspace, request: DoseRequest, rule: str) -> None:
    """Nobody may allow it before; what has happened is a deviation on record."""
    anyhow = replace(request, overrides=(because(rule, REASON, prescriber_call="Dr. Lane 9:10"),))
    assert stopped(maria, anyhow) == [rule]
    made = as_it_happened(maria, request)
    assert made.broken == (rule,)
    assert made.deviation


def recordable(maria: Workspace, request: DoseRequest, rule: str) -> str:
    """Done already and allowed by nobody: a deviation on record; the entry's id."""
    made = as_it_happened(maria, replace(request, id=str(uuid.uuid4())))
    assert made.broken == (rule,)
    return made.id


def test_everything_in_order_is_not_stopped(maria: Workspace, child: str, order: str) -> None:
    assert [one for one in spoken(maria, noon_dose(child, order)).values() if one.stops] == []


def test_r01_identified_twice_or_by_an_adult(maria: Workspace, child: str, order: str) -> None:
    once = Identified(frozenset(("photo",)))
    never_lifted(maria, noon_dose(child, order, identified=once), "R1")
    by_adult = Identified(frozenset(), "Priya Raman", "teacher")
    assert "R1" not in spoken(maria, noon_dose(child, order, identified=by_adult))
    nameless = Identified(frozenset(), " ", "teacher")
    assert "R1" in spoken(maria, noon_dose(child, order, identified=nameless))


def test_r02_two_students_of_one_name_in_one_grade(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    admin = school.sign_in("tom")
    admin.people.add_student(mateo(birth_date=date(2017, 8, 1)))
    request = noon_dose(child, order, birth_date_retyped=False)
    assert stopped(maria, request) == ["R2"]
    assert "Mateo Núñez-Okafor" in spoken(maria, request)["R2"].why
    assert "R2" not in spoken(maria, replace(request, birth_date_retyped=True))
    lifted(maria, request, "R2")


def test_r02_a_stranger_raises_no_alert(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.sign_in("tom").people.add_student(NewStudent("Ines", "Oyelaran", grade="4"))
    assert "R2" not in spoken(maria, noon_dose(child, order, birth_date_retyped=False))


def test_r03_the_statements_and_the_review(maria: Workspace, child: str) -> None:
    orders = maria.health.orders
    bare = orders.add(terms(child))
    never_lifted(maria, noon_dose(child, bare), "R3")
    orders.consent(bare, "prescriber", Consent("A. Prescriber", YEAR_BEGINS, licence="MD"))
    orders.review(bare)
    orders.consent(bare, "parent", Consent("Rosa Núñez", YEAR_BEGINS, by_phone=True))
    by_phone = noon_dose(child, bare, due_at=NOON + timedelta(minutes=1))
    lifted(maria, by_phone, "R3")


def test_r03_a_nurse_has_not_looked_at_it(maria: Workspace, child: str) -> None:
    orders = maria.health.orders
    unseen = orders.add(terms(child))
    orders.consent(unseen, "prescriber", Consent("A. Prescriber", YEAR_BEGINS, licence="MD"))
    orders.consent(unseen, "parent", Consent("Rosa Núñez", YEAR_BEGINS))
    lifted(maria, noon_dose(child, unseen), "R3")
    recordable(maria, noon_dose(child, unseen, due_at=NOON + timedelta(minutes=1)), "R3")


def by_phone(maria: Workspace, order: str) -> None:
    """The parent's paper is taken back; the mother agreed on the telephone."""
    maria.health.orders.consent(order, "parent", Consent("Rosa Núñez", YEAR_BEGINS, by_phone=True))


def test_r03_unseen_by_a_nurse_and_agreed_to_by_telephone(maria: Workspace, child: str) -> None:
    orders = maria.health.orders
    unseen = orders.add(terms(child))
    orders.consent(unseen, "prescriber", Consent("A. Prescriber", YEAR_BEGINS, licence="MD"))
    by_phone(maria, unseen)
    request = noon_dose(child, unseen)
    told = spoken(maria, request)["R3"].what
    assert "No nurse has reviewed" in told
    assert "telephone" in told
    lifted(maria, request, "R3")


def test_r04_is_heard_although_a_paper_is_missing(maria: Workspace, child: str) -> None:
    held = active_order(maria, terms(child))
    maria.health.orders.hold(held, "Rash, asked the doctor")
    by_phone(maria, held)
    assert stopped(maria, noon_dose(child, held)) == ["R3", "R4"]
    not_yet = active_order(maria, terms(child, start=date(2026, 11, 13)))
    by_phone(maria, not_yet)
    assert stopped(maria, noon_dose(child, not_yet)) == ["R3", "R4"]
    assert "November 13" in spoken(maria, noon_dose(child, not_yet))["R4"].what


@pytest.mark.parametrize("state", ["upcoming", "expired", "discontinued", "hold"])
def test_r04_the_order_holds_today(maria: Workspace, child: str, state: str) -> None:
    changes = {
        "upcoming": {"start": date(2026, 11, 13)},
        "expired": {"stop": date(2026, 11, 11)},
    }.get(state, {})
    order = active_order(maria, terms(child, **changes))
    if state == "discontinued":
        maria.health.orders.discontinue(order, "The course is over")
    if state == "hold":
        maria.health.orders.hold(order, "Rash, asked the doctor")
    lifted(maria, noon_dose(child, order), "R4")
    recordable(maria, noon_dose(child, order, due_at=NOON + timedelta(minutes=1)), "R4")


def test_r04_the_last_day_is_a_day_of_it(maria: Workspace, child: str) -> None:
    order = active_order(maria, terms(child, stop=date(2026, 11, 12)))
    assert stopped(maria, noon_dose(child, order)) == []


def test_r05_the_label_says_something_else(maria: Workspace, child: str, order: str) -> None:
    good = date(2027, 8, 1)
    label = ContainerCheck(ALL_TICKS - {"strength"}, original=True, expires_on=good)
    maria.health.orders.container(order, label)
    lifted(maria, noon_dose(child, order), "R5")
    recordable(maria, noon_dose(child, order, due_at=NOON + timedelta(minutes=1)), "R5")
    label = ContainerCheck(ALL_TICKS - {"prescriber"}, original=True, expires_on=good)
    maria.health.orders.container(order, label)
    assert "R5" not in spoken(maria, noon_dose(child, order))


def test_r06_out_of_date(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, terms(child), expires=date(2026, 11, 11))
    never_lifted(maria, noon_dose(child, order), "R6")
    good = active_order(maria, terms(child), expires=date(2026, 11, 12))
    assert "R6" not in spoken(maria, noon_dose(child, good)), "its last day is a good day"
    school.clock.set(at(9, 0, day=date(2026, 11, 13)))
    assert "R6" not in spoken(maria, noon_dose(child, good)), "it was good when it was given"


def test_r07_more_and_less_than_ordered(maria: Workspace, child: str, order: str) -> None:
    more = noon_dose(child, order, given=Quantity(Decimal("10.5"), "mg"))
    assert stopped(maria, replace(more, overrides=(because("R7", REASON),))) == ["R7"], (
        "only with the prescriber's word"
    )
    lifted(maria, more, "R7", prescriber_call="Dr. Lane at 9:10")
    less = noon_dose(child, order, given=Quantity(Decimal(5), "mg"))
    found = spoken(maria, replace(less, due_at=NOON + timedelta(minutes=1)))["R7"]
    assert (found.level, found.needs) == ("warn", ("reason",))
    other = noon_dose(child, order, given=Quantity(Decimal(10), "ml"))
    assert "R7" in stopped(maria, replace(other, due_at=NOON + timedelta(minutes=1)))
    recordable(maria, replace(more, due_at=NOON + timedelta(minutes=2)), "R7")


def test_r09_as_needed_one_minute_early(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    maria.health.doses.record(prn_dose(child, order, at(12, 1)))
    school.clock.set(at(16, 0))
    early = prn_dose(child, order, at(16, 0))
    assert stopped(maria, early) == ["R9"]
    assert "4:01 pm" in spoken(maria, early)["R9"].what
    entry = recordable(maria, replace(early, at=at(15, 59)), "R9")
    maria.health.doses.strike(entry, "It was a wrong entry")
    lifted(maria, early, "R9", prescriber_call="Mother, 3:50 pm")


def test_r09_to_the_minute(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    maria.health.doses.record(prn_dose(child, order, at(12, 1)))
    school.clock.set(at(16, 1))
    assert stopped(maria, prn_dose(child, order, at(16, 1))) == []


def test_r09_the_dose_at_home_counts_and_is_asked_for(maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    home = prn_dose(child, order, at(12, 1), home_dose_at=at(8, 2))
    assert stopped(maria, home) == ["R9"]
    assert "R9" not in spoken(maria, replace(home, home_dose_at=at(8, 1)))
    asked = spoken(maria, prn_dose(child, order, at(12, 1), home_asked=False))["R9"]
    assert asked.level == "warn"


def test_r10_the_most_of_a_day(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    for hour in (8, 12):
        school.clock.set(at(hour, 5))
        maria.health.doses.record(prn_dose(child, order, at(hour, 1)))
    school.clock.set(at(17, 0))
    third = prn_dose(child, order, at(17, 0))
    entry = recordable(maria, third, "R10")
    maria.health.doses.strike(entry, "It was a wrong entry")
    lifted(maria, third, "R10")


def test_r11_for_the_ordered_symptom(maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    lifted(maria, prn_dose(child, order, at(12, 1), symptom=" "), "R11")
    other = spoken(maria, prn_dose(child, order, at(12, 1), symptom="sore knee"))["R11"]
    assert (other.level, other.needs) == ("warn", ("reason",))
    said = prn_dose(child, order, at(12, 1), symptom="A bad headache since math")
    assert "R11" not in spoken(maria, said)
    recordable(maria, prn_dose(child, order, at(6, 0), symptom=""), "R11")


def test_r13_too_early_late_and_much_too_late(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(11, 29))
    early = noon_dose(child, order, at=at(11, 29))
    assert stopped(maria, early) == ["R13"]
    assert spoken(maria, early)["R13"].next == "Wait until 11:30 am."
    school.clock.set(at(12, 31))
    late = spoken(maria, noon_dose(child, order, at=at(12, 31)))["R13"]
    assert (late.level, late.needs) == ("warn", ("reason",))
    school.clock.set(at(13, 1))
    much = noon_dose(child, order, at=at(13, 1))
    entry = recordable(maria, much, "R13")
    maria.health.doses.strike(entry, "It was a wrong entry")
    lifted(maria, much, "R13")


@pytest.mark.parametrize("rule", ["R7", "R11", "R13"])
def test_a_warning_that_asks_for_a_reason_has_one_before_the_dose_is_given(
    school: School, maria: Workspace, child: str, rule: str
) -> None:
    order = active_order(maria, as_needed(child) if rule == "R11" else terms(child))
    school.clock.set(at(12, 31))
    request = {
        "R7": noon_dose(child, order, at=at(12, 30), given=Quantity(Decimal(5), "mg")),
        "R11": prn_dose(child, order, at(12, 30), symptom="sore knee"),
        "R13": noon_dose(child, order, at=at(12, 31)),
    }[rule]
    assert spoken(maria, request)[rule].needs == ("reason",)
    with pytest.raises(DoseRefused, match="Write why"):
        maria.health.doses.record(replace(request, reason="late"))
    made = maria.health.doses.record(replace(request, reason="The bus was late")).dose
    assert (made.reason, made.broken) == ("The bus was late", ())
    again = as_it_happened(maria, replace(request, id=str(uuid.uuid4()), due_at=at(12, 1)))
    assert again.reason == "", "what is done is written down without one"


def test_r13_an_order_has_a_window_of_its_own(maria: Workspace, child: str) -> None:
    narrow = active_order(maria, terms(child, window_min=10))
    assert stopped(maria, noon_dose(child, narrow, due_at=at(12, 12))) == ["R13"]
    wide = active_order(maria, terms(child, window_min=60))
    assert stopped(maria, noon_dose(child, wide, due_at=at(13, 1))) == []


def test_r14_the_same_dose_twice(maria: Workspace, child: str, order: str) -> None:
    maria.health.doses.record(noon_dose(child, order))
    twice = noon_dose(child, order)
    assert "12:01 pm" in spoken(maria, twice)["R14"].what
    recordable(maria, twice, "R14")
    lifted(maria, twice, "R14")


def test_r14_a_dose_given_without_naming_its_time(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    unnamed = noon_dose(child, order, due_at=None)
    assert maria.health.doses.record(unnamed).dose.broken == ()
    school.clock.set(at(12, 10))
    assert stopped(maria, noon_dose(child, order, at=at(12, 10))) == ["R14"]
    again = noon_dose(child, order, due_at=None, at=at(12, 10))
    assert stopped(maria, again) == ["R14"]


def test_r13_holds_without_a_time_named(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(9, 0))
    assert stopped(maria, noon_dose(child, order, due_at=None, at=at(9, 0))) == ["R13"]


def test_r14_an_as_needed_dose_twice_in_two_seconds(maria: Workspace, child: str) -> None:
    order = active_order(maria, as_needed(child))
    maria.health.doses.record(prn_dose(child, order, at(12, 0, second=10)))
    assert "R14" in stopped(maria, prn_dose(child, order, at(12, 0, second=12)))


def test_r15_a_dose_of_the_future_was_not_given(maria: Workspace, child: str, order: str) -> None:
    ahead = noon_dose(child, order, at=at(12, 2))
    with pytest.raises(DoseRefused, match="not come yet"):
        as_it_happened(maria, ahead)
    assert as_it_happened(maria, replace(ahead, at=at(12, 1))).broken == ()


def test_r15_a_clock_set_back_an_hour_does_not_lose_a_dose(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, as_needed(child))
    maria.health.doses.record(prn_dose(child, order, at(12, 1)))
    school.clock.set(at(11, 1))
    second = prn_dose(child, order, at(11, 1))
    assert stopped(maria, second) == ["R9"], "what was entered before stands, whatever the clock"
    assert as_it_happened(maria, second).broken == ("R9",)


def test_r16_entered_later(school: School, maria: Workspace, child: str, order: str) -> None:
    school.clock.set(at(14, 0))
    same_day = noon_dose(child, order, at=at(12, 1))
    assert spoken(maria, same_day)["R16"].level == "warn"
    school.clock.set(at(9, 0, day=date(2026, 11, 13)))
    yesterday = noon_dose(child, order, at=at(12, 1))
    dana = delegate(school, maria, order, child)
    own = replace(yesterday, overrides=(because("R16", REASON),))
    assert "R16" in stopped(dana, own), "a nurse or an administrator allows it"
    lifted(maria, yesterday, "R16")
    found = maria.health.doses.one(yesterday.id)
    assert (found.late_entry, found.at) == (True, at(12, 1))


def test_r16_what_was_not_given_on_another_day_is_marked_late_and_no_error(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(9, 0, day=date(2026, 11, 13)))
    away = noon_dose(child, order, at=at(12, 1), outcome="A", identified=Identified())
    assert spoken(maria, away)["R16"].level == "warn"
    with pytest.raises(DoseRefused, match="late entry"):
        maria.health.doses.record(away)
    made = maria.health.doses.record(replace(away, reason="Was ill at home, told by the office"))
    assert (made.dose.late_entry, made.dose.broken) == (True, ())


def test_r16_more_than_a_week_ago_an_administrator_signs(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(9, 0, day=date(2026, 11, 20)))
    old = noon_dose(child, order, at=at(12, 1))
    own = replace(old, overrides=(because("R16", REASON),))
    assert stopped(maria, own) == ["R16"]
    with pytest.raises(WrongPassword):
        maria.health.doses.record(
            replace(old, overrides=(Override("R16", REASON, (), tom(school, "no such word")),))
        )
    signed = replace(old, overrides=(Override("R16", REASON, (), tom(school)),))
    made = maria.health.doses.record(signed).dose
    assert [(one.by_user, one.role) for one in made.overridden] == [
        (school.users["tom"], "administrator")
    ]
    recordable(maria, replace(old, due_at=NOON - timedelta(minutes=1)), "R16")


@pytest.mark.parametrize("allergies", ["methylphenidate", "Ritalin", "peanuts, stimulants"])
def test_r17_an_allergy(
    school: School, maria: Workspace, child: str, order: str, allergies: str
) -> None:
    school.sign_in("tom").people.update_student(child, mateo(allergies=allergies))
    request = noon_dose(child, order)
    assert stopped(maria, request) == ["R17"]
    lifted(maria, request, "R17", prescriber_call="Dr. Lane at 9:10")
    recordable(maria, replace(request, due_at=NOON + timedelta(minutes=1)), "R17")


def test_r17_unknown_is_not_none(school: School, maria: Workspace, child: str, order: str) -> None:
    assert spoken(maria, noon_dose(child, order))["R17"].level == "warn"
    school.sign_in("tom").people.update_student(child, mateo(allergies="none known"))
    assert "R17" not in spoken(maria, noon_dose(child, order))


def delegate(school: School, maria: Workspace, order: str, child: str) -> Workspace:
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], child, frozenset((order,)), date(2026, 9, 1),
            date(2027, 6, 11), controlled=True, consented_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    return school.sign_in("dana")


def test_r18_whoever_gives_it_may(school: School, maria: Workspace, child: str, order: str) -> None:
    dana = delegate(school, maria, order, child)
    request = noon_dose(child, order)
    assert stopped(dana, request) == ["R18"], "as shipped, a nurse gives what is controlled"
    nurse = Second(school.users["maria"], PASSWORD)
    allowed = replace(request, overrides=(Override("R18", REASON, (), nurse),))
    made = dana.health.doses.record(allowed).dose
    assert [(one.by_user, one.role) for one in made.overridden] == [
        (school.users["maria"], "nurse")
    ]
    later = replace(request, due_at=NOON + timedelta(minutes=1))
    recordable(dana, later, "R18")
    maria.health.settings.save(
        MedicationSettings(who_gives_controlled="trained", who_gives_reason="Board policy 5141")
    )
    assert "R18" not in spoken(dana, later)


def test_r18_licensed_staff_where_the_school_says_so(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    maria.health.settings.save(
        MedicationSettings(who_gives_controlled="licensed", who_gives_reason="Board policy 5141")
    )
    dana = delegate(school, maria, order, child)
    request = noon_dose(child, order)
    assert "a nurse or licensed staff" in spoken(dana, request)["R18"].what
    [held] = maria.health.delegation.all()
    maria.health.delegation.give(replace(held, license="LVN 554 210"))
    assert "R18" not in spoken(dana, request)


def test_r18_a_delegate_gives_what_is_delegated(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, as_needed(child))
    dana = delegate(school, maria, order, child)
    made = dana.health.doses.record(prn_dose(child, order, at(12, 1))).dose
    assert (made.by_user, made.broken) == (school.users["dana"], ())


def test_r19_a_witness_where_the_school_says_so(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    lot = stocked(maria, school, order)
    request = noon_dose(child, order, lot_id=lot)
    assert stopped(maria, request) == []
    maria.health.settings.save(MedicationSettings(witness_on_dose=True))
    next_dose = noon_dose(child, order, lot_id=lot, due_at=NOON + timedelta(minutes=1))
    never_lifted(maria, next_dose, "R19")
    with pytest.raises(WitnessRefused) as refused:
        maria.health.doses.record(
            replace(
                next_dose, id=str(uuid.uuid4()), due_at=at(12, 2), password=PASSWORD,
                second=Second(school.users["maria"], PASSWORD),
            )
        )  # fmt: skip
    assert refused.value.why == "same"
    by_two = noon_dose(
        child, order, lot_id=lot, due_at=at(12, 3), password=PASSWORD, second=tom(school)
    )
    assert maria.health.doses.record(by_two).dose.witness == school.users["tom"]


def test_r20_a_count_of_29_where_the_ledger_says_30(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    lot = stocked(maria, school, order)
    count = NewMove(lot, "count", counted=Decimal(29))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    request = noon_dose(child, order, lot_id=lot)
    assert "-1 tablet" in spoken(maria, request)["R20"].what
    alone = replace(request, overrides=(because("R20", REASON),))
    assert stopped(maria, alone) == ["R20"], "a nurse and an administrator, not one of them"
    by_tom = Override("R20", REASON, (), tom(school))
    assert stopped(maria, replace(request, overrides=(by_tom,))) == ["R20"]
    vague = replace(by_tom, reason="ok")
    assert stopped(maria, replace(alone, overrides=(*alone.overrides, vague))) == ["R20"]
    together = replace(request, overrides=(*alone.overrides, by_tom))
    assert maria.health.doses.waiting(together) == ()
    made = maria.health.doses.record(together).dose
    assert {(one.by_user, one.role) for one in made.overridden} == {
        (school.users["maria"], "nurse"),
        (school.users["tom"], "administrator"),
    }
    assert made.broken == ()
    recordable(maria, replace(request, due_at=NOON + timedelta(minutes=1)), "R20")


def test_r20_the_due_dose_of_a_stopped_container_is_recorded_as_it_happened(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    lot = stocked(maria, school, order)
    count = NewMove(lot, "count", counted=Decimal(29))
    maria.health.stock.move(count, password=PASSWORD, second=tom(school))
    assert as_it_happened(maria, noon_dose(child, order, lot_id=lot)).deviation
    [balance] = maria.health.stock.balances()
    assert (balance.office, balance.stopped) == (29, True)


def test_r21_more_than_there_is(school: School, maria: Workspace, child: str) -> None:
    order = active_order(maria, terms(child, takes=Decimal(2)))
    lot = stocked(maria, school, order, 1)
    request = noon_dose(child, order, lot_id=lot)
    assert "1 tablet is left" in spoken(maria, request)["R21"].what
    lifted(maria, request, "R21")
    recordable(maria, replace(request, due_at=NOON + timedelta(minutes=1)), "R21")


@pytest.mark.parametrize("code", ["R", "O", "W", "N", "V"])
def test_r23_why_it_was_not_given(maria: Workspace, child: str, order: str, code: str) -> None:
    request = noon_dose(child, order, outcome=code)
    with pytest.raises(DoseRefused, match="Write why"):
        as_it_happened(maria, request)
    assert as_it_happened(maria, replace(request, reason="she said so")).outcome == code


def test_r23_an_absence_needs_no_reason(maria: Workspace, child: str, order: str) -> None:
    assert maria.health.doses.record(noon_dose(child, order, outcome="A")).dose.broken == ()


def test_r12_how_it_worked_is_asked_for_after_an_hour() -> None:
    facts = blank() | {"prn": True, "was_given": True, "effect_minutes": 60}
    assert check("task", facts | {"minutes_since": 59}) == ()
    assert [one.rule for one in check("task", facts | {"minutes_since": 60})] == ["R12"]
    assert check("task", facts | {"minutes_since": 90, "effect_told": True}) == ()


def test_r24_the_parent_is_told_of_what_was_not_given() -> None:
    none = blank() | {"outcome": "N"}
    assert [one.rule for one in check("task", none)] == ["R24"]
    assert check("task", none | {"parent_told": True}) == ()
    refused = blank() | {"outcome": "R", "refused_in_row": 1}
    assert check("task", refused) == ()
    assert [one.rule for one in check("task", refused | {"refused_in_row": 2})] == ["R24"]
