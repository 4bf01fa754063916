"""A dose is recorded once, as it happened, with what it took; what nobody allowed shows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.health.model import DoseRecord, Quantity
from bt_desktop.services.health.problems import DoseRefused, DoseStopped, NotYours
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.dose_kit import NOON, as_it_happened, noon_dose, prn_dose, stopped
from tests.health.kit import active_order, as_needed, at, order_of, stocked, terms, tom
from tests.health.test_simulated_year import Killed, MortalClock

DAY = date(2026, 11, 12)


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(12, 2))
    return school.sign_in("maria")


@pytest.fixture
def order(maria: Workspace, mateo: str) -> str:
    return active_order(maria, terms(mateo))


@pytest.fixture
def lot(school: School, maria: Workspace, order: str) -> str:
    return stocked(maria, school, order)


def left(maria: Workspace, lot: str) -> Decimal:
    [stand] = [one for one in maria.health.stock.balances(also_empty=True) if one.lot.id == lot]
    return stand.office


def doses(maria: Workspace, mateo: str) -> list[DoseRecord]:
    return maria.health.doses.of_student(mateo, DAY, DAY).standing


def test_a_dose_is_given_and_the_tablet_is_gone(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    made = maria.health.doses.record(noon_dose(mateo, order, lot_id=lot)).dose
    assert (made.outcome, str(made.given), made.route) == ("given", "10 mg", "oral")
    assert not made.deviation
    assert not made.late_entry
    assert left(maria, lot) == 29
    [line] = [one for one in maria.health.stock.ledger(lot) if one.kind == "given"]
    assert line.dose_id == made.id


def test_the_same_request_twice_is_one_dose(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    request = noon_dose(mateo, order, lot_id=lot)
    first = maria.health.doses.record(request)
    again = maria.health.doses.record(request)
    assert (again.again, again.dose) == (True, first.dose)
    assert len(doses(maria, mateo)) == 1
    assert left(maria, lot) == 29


def test_half_a_dose_takes_half(maria: Workspace, mateo: str, order: str, lot: str) -> None:
    half = noon_dose(
        mateo, order, lot_id=lot, given=Quantity(Decimal(5), "mg"), reason="order says so"
    )
    maria.health.doses.record(half)
    assert left(maria, lot) == Decimal("29.5")


def test_a_refusal_takes_nothing_and_vomiting_took_it(
    school: School, maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    refused = noon_dose(mateo, order, lot_id=lot, outcome="R", reason="would not come")
    maria.health.doses.record(refused)
    assert left(maria, lot) == 30
    school.clock.advance(timedelta(days=1))
    vomited = noon_dose(
        mateo, order, lot_id=lot, outcome="V", reason="five minutes later",
        due_at=NOON + timedelta(days=1), at=NOON + timedelta(days=1),
    )  # fmt: skip
    maria.health.doses.record(vomited)
    assert left(maria, lot) == 29


def test_what_fell_on_the_floor_is_wasted_before_two_people(
    school: School, maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    spilled = noon_dose(mateo, order, lot_id=lot, outcome="S", reason="fell on the floor")
    assert stopped(maria, spilled) == ["R19"]
    by_two = replace(spilled, password=PASSWORD, second=tom(school))
    made = maria.health.doses.record(by_two).dose
    assert made.witness == school.users["tom"]
    assert left(maria, lot) == 29
    assert not made.was_given
    again = noon_dose(mateo, order, lot_id=lot)
    maria.health.doses.record(again)  # the next tablet is the dose
    assert left(maria, lot) == 28
    assert school.sign_in("tom").log.verify().holds


def test_a_wrong_entry_is_struck_and_another_put_in_its_place(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    wrong = maria.health.doses.record(noon_dose(mateo, order, lot_id=lot)).dose
    right = noon_dose(mateo, order, lot_id=lot, outcome="R", reason="she spat it out unseen")
    recorded = maria.health.doses.strike(wrong.id, "It was refused, not taken", right)
    assert recorded is not None
    assert [one.id for one in doses(maria, mateo)] == [recorded.dose.id]
    assert recorded.dose.replaces == wrong.id
    found = maria.health.doses.of_student(mateo, DAY, DAY)
    assert found.struck[wrong.id] == (wrong, "It was refused, not taken")
    assert left(maria, lot) == 30
    with pytest.raises(DoseRefused, match="already"):
        maria.health.doses.strike(wrong.id, "It was refused, not taken")


def test_a_late_entry_bears_both_times(maria: Workspace, mateo: str, order: str) -> None:
    maria.health.doses  # noqa: B018 - signed in at two past noon
    early = noon_dose(mateo, order, at=at(11, 40))
    made = maria.health.doses.record(early).dose
    assert made.late_entry
    assert (made.at, made.entered_at) == (at(11, 40), at(12, 2))


def test_an_emergency_needs_no_order_and_no_role(school: School, mateo: str) -> None:
    school.clock.set(at(13, 0))
    dana = school.sign_in("dana")
    request = noon_dose(
        mateo, "", order_id=None, due_at=None, at=at(12, 55), medicine_text="EpiPen Jr, left thigh"
    )
    made = dana.health.doses.emergency(request).dose
    assert made.emergency
    with pytest.raises(NotYours):
        dana.health.doses.of_student(mateo, DAY, DAY)
    dana.lock()
    maria = school.sign_in("maria")
    [found] = doses(maria, mateo)
    assert found == made
    assert school.sign_in("tom").log.verify().holds


def test_an_emergency_says_what_and_who(school: School, mateo: str) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(DoseRefused, match="what was given"):
        dana.health.doses.emergency(noon_dose(mateo, "", order_id=None, due_at=None))
    with pytest.raises(DoseRefused, match="student"):
        dana.health.doses.emergency(
            noon_dose("student:nobody", "", order_id=None, due_at=None, medicine_text="EpiPen")
        )
    with pytest.raises(Denied):
        school.sign_in("amir").health.doses.emergency(
            noon_dose(mateo, "", order_id=None, medicine_text="EpiPen")
        )


def test_an_expired_inhaler_in_an_emergency_is_recorded_and_told(
    school: School, maria: Workspace, mateo: str
) -> None:
    inhaler = as_needed(mateo, kind="inhaler")
    order = active_order(maria, inhaler, expires=date(2026, 11, 1))
    request = prn_dose(mateo, order, at(12, 1), symptom="wheezing", emergency=True)
    assert maria.health.doses.check(request)[0].rule == "R6"
    assert all(not one.stops for one in maria.health.doses.check(request))
    made = maria.health.doses.emergency(request).dose
    assert (made.order_id, made.broken) == (order, ())
    calm = prn_dose(mateo, order, at(12, 1), symptom="wheezing")
    assert stopped(maria, calm) == ["R6", "R9", "R14"]


def test_the_effect_of_an_as_needed_dose_is_told_later(
    school: School, maria: Workspace, mateo: str
) -> None:
    order = active_order(maria, as_needed(mateo))
    made = maria.health.doses.record(prn_dose(mateo, order, at(12, 1))).dose
    school.clock.advance(timedelta(minutes=61))
    with pytest.raises(DoseRefused):
        maria.health.doses.effect(made.id, " ", worse=False)
    maria.health.doses.effect(made.id, "Headache gone", worse=False)
    found = maria.health.doses.of_student(mateo, DAY, DAY)
    assert found.effects[made.id].text == "Headache gone"


def test_nothing_is_half_written_when_the_ledger_refuses(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    """The dose, its line and the signatures are one transaction."""
    broken = noon_dose(mateo, order, lot_id="no such container")
    with pytest.raises(Exception, match="container"):
        maria.health.doses.record(broken)
    assert doses(maria, mateo) == []
    assert left(maria, lot) == 30


def test_a_colleague_without_delegation_neither_gives_nor_looks(
    school: School, maria: Workspace, mateo: str, order: str
) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(DoseRefused, match="cannot open it"):
        dana.health.doses.record(noon_dose(mateo, order))
    with pytest.raises(DoseRefused):
        dana.health.doses.panel(order)


def test_ten_times_the_dose_stops_and_is_recordable_as_a_deviation(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    thousand = noon_dose(mateo, order, lot_id=lot, given=Quantity(Decimal(1000), "mg"))
    assert stopped(maria, thousand) == ["R7", "R21"]
    made = as_it_happened(maria, thousand)
    assert made.broken == ("R7", "R21")
    assert left(maria, lot) == 30 - 100, "what happened is written down, and stands out"
    assert order_of(maria, order).terms.dose.amount == 10


def test_the_panel_shows_what_is_around_the_dose(
    maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    panel = maria.health.doses.panel(order, NOON)
    assert [one.lot.id for one in panel.balances] == [lot]
    assert panel.birth_date == date(2017, 3, 9)
    assert (panel.doses, panel.similar) == ((), ())
    maria.health.doses.record(noon_dose(mateo, order, lot_id=lot))
    assert len(maria.health.doses.panel(order, NOON).doses) == 1


def test_a_stop_is_a_sentence_for_people(maria: Workspace, mateo: str, order: str) -> None:
    with pytest.raises(DoseStopped) as stop:
        maria.health.doses.record(noon_dose(mateo, order, given=Quantity(Decimal(15), "mg")))
    [finding] = stop.value.findings
    assert finding.text() == (
        "15 mg is more than ordered (10 mg). Only the prescriber may raise a dose. "
        "A nurse can allow it, with a reason. Look at the number and the unit again."
    )


def test_killed_between_the_witness_s_signature_and_the_ledger_all_of_it_is_there_or_nothing(
    school: School, maria: Workspace, mateo: str, order: str, lot: str
) -> None:
    maria.lock()
    dropped = noon_dose(
        mateo, order, lot_id=lot, outcome="S", reason="It fell into the sink",
        password=PASSWORD, second=tom(school),
    )  # fmt: skip
    for breath in range(60):
        clock = MortalClock(at(12, 2))
        school.clock = clock
        workspace = school.sign_in("maria")
        clock.dies_after = breath
        with suppress(Killed):
            workspace.health.doses.record(dropped)
            break
        clock.dies_after = None
        workspace.lock()
        again = school.sign_in("maria")
        assert (doses(again, mateo), left(again, lot)) == ([], 30)
        again.lock()
    clock.dies_after = None
    assert breath > 5, "it was killed at each of these moments before"
    [dose] = doses(workspace, mateo)
    [line] = [one for one in workspace.health.stock.ledger(lot) if one.kind == "wasted"]
    assert (dose.witness, line.witness, line.dose_id) == (
        school.users["tom"], school.users["tom"], dose.id,
    )  # fmt: skip
    assert left(workspace, lot) == 29
    assert school.sign_in("tom").log.verify().holds
