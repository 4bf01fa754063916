"""A student's orders and doses as FHIR: what `fhir.resources` accepts, and what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.medicationadministration import MedicationAdministration
from fhir.resources.R4B.medicationrequest import MedicationRequest

from bt_desktop.services.health.fhir import bundle
from bt_desktop.services.health.model import Medicine, Outcome, Quantity
from bt_desktop.services.health.student_file import WITHHELD, StudentFile, read_student_file
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.dose_kit import as_it_happened, noon_dose, prn_dose
from tests.health.kit import active_order, as_needed, at, stocked, terms, tom
from tests.health.test_parent_papers import emergency, given

HOSTILE = '=HYPERLINK("http://x";"y")\x00\x07\n<script>alert(\'1\')</script> \u202e {}'


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def held(nurse: Workspace, student: str) -> StudentFile:
    health, context = nurse.health, nurse._context
    with context.store.read() as session:
        index = nurse.people.names_of_families()
        return read_student_file(
            session, context, health.export._box, health.export._book, index, student
        )


def made(nurse: Workspace, student: str) -> dict[str, Any]:
    """The bundle as somebody reads it who knows FHIR only; each resource is accepted."""
    written: dict[str, Any] = json.loads(json.dumps(bundle(held(nurse, student))))
    Bundle.model_validate(written)
    return written


def all_of(written: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [one["resource"] for one in written["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def the(written: dict[str, Any], kind: str) -> dict[str, Any]:
    [one] = all_of(written, kind)
    return one


def test_an_order_says_when_how_much_and_by_whom(maria: Workspace, mateo: str) -> None:
    active_order(maria, terms(mateo, times=(time(12), time(8, 15)), instructions="With food"))
    order = the(made(maria, mateo), "MedicationRequest")
    MedicationRequest.model_validate(order)
    assert (order["status"], order["intent"]) == ("active", "order")
    assert order["medicationCodeableConcept"]["text"] == "Methylphenidate 10 mg tablet"
    assert order["requester"]["display"] == "A. Prescriber, MD"
    assert order["authoredOn"] == "2026-08-17"
    assert order["reasonCode"] == [{"text": "ADHD"}]
    assert order["dispenseRequest"]["validityPeriod"] == {
        "start": "2026-08-17", "end": "2027-06-11"
    }  # fmt: skip
    [dosage] = order["dosageInstruction"]
    assert dosage["timing"]["repeat"]["timeOfDay"] == ["08:15:00", "12:00:00"]
    assert dosage["timing"]["repeat"]["dayOfWeek"] == ["mon", "tue", "wed", "thu", "fri"]
    assert dosage["asNeededBoolean"] is False
    assert dosage["patientInstruction"] == "With food"
    assert dosage["doseAndRate"] == [
        {"doseQuantity": {"value": 10, "unit": "mg", "system": "http://unitsofmeasure.org",
                          "code": "mg"}}
    ]  # fmt: skip
    assert order["note"] == [{"text": "Controlled (C-II)"}]


def test_an_as_needed_order_has_its_symptoms_interval_and_most(
    maria: Workspace, mateo: str
) -> None:
    active_order(maria, as_needed(mateo))
    [dosage] = the(made(maria, mateo), "MedicationRequest")["dosageInstruction"]
    assert dosage["asNeededCodeableConcept"] == {"text": "headache"}
    assert "asNeededBoolean" not in dosage
    repeat = dosage["timing"]["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 4, "h")
    assert dosage["maxDosePerPeriod"]["numerator"]["value"] == 400
    assert dosage["maxDosePerPeriod"]["denominator"]["code"] == "d"


def test_every_state_of_an_order_has_a_status(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    ended = active_order(maria, terms(mateo))
    orders.discontinue(ended, "The dose was raised")
    replaced = active_order(maria, terms(mateo, medicine=Medicine("Guanfacine", "1 mg", "tablet")))
    orders.change(replaced, terms(mateo, dose=Quantity(Decimal("2.5"), "mg")), "Dose raised")
    hold = active_order(maria, as_needed(mateo))
    orders.hold(hold, "A rash was seen")
    active_order(maria, terms(mateo, start=date(2026, 8, 17), stop=date(2026, 11, 1)))
    found = {one["id"]: one for one in all_of(made(maria, mateo), "MedicationRequest")}
    assert sorted(one["status"] for one in found.values()) == [
        "completed", "draft", "on-hold", "stopped", "stopped"
    ]  # fmt: skip
    assert found[ended]["statusReason"] == {"text": "The dose was raised"}
    [new] = [one for one in found.values() if one["status"] == "draft"]
    assert new["priorPrescription"] == {"reference": f"urn:uuid:{replaced}"}
    [rate] = new["dosageInstruction"][0]["doseAndRate"]
    assert rate["doseQuantity"]["value"] == 2.5


def test_a_dose_says_who_as_identifiers_and_never_by_name(
    maria: Workspace, school: School, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    lot = stocked(maria, school, order)
    request = noon_dose(
        mateo, order, lot_id=lot, password=PASSWORD, second=tom(school), happened=True
    )
    maria.health.doses.record(request)
    written = made(maria, mateo)
    dose = the(written, "MedicationAdministration")
    MedicationAdministration.model_validate(dose)
    assert dose["status"] == "completed"
    assert dose["effectiveDateTime"] == "2026-11-12T12:01:00-08:00"
    assert dose["request"] == {"reference": f"urn:uuid:{order}"}
    assert [one["function"]["text"] for one in dose["performer"]] == ["Performer", "Witness"]
    actors = [one["actor"]["identifier"]["value"] for one in dose["performer"]]
    assert actors == [maria.actor.user_id, school.users["tom"]]
    assert dose["dosage"]["dose"]["code"] == "mg"
    assert dose["dosage"]["route"] == {"text": "By mouth"}
    for name in ("Maria", "Chen", "Becker"):
        assert name not in json.dumps(written)


@pytest.mark.parametrize("code", ["A", "X", "E", "F", "N", "O", "R", "W", "T", "S"])
def test_what_was_not_given_is_not_done_and_says_why(
    maria: Workspace, mateo: str, code: Outcome
) -> None:
    order = active_order(maria, terms(mateo))
    as_it_happened(maria, noon_dose(mateo, order, outcome=code, reason="as it was"))
    dose = the(made(maria, mateo), "MedicationAdministration")
    assert dose["status"] == "not-done"
    [why] = dose["statusReason"]
    assert why["coding"][0]["code"] == code
    assert why["coding"][0]["system"] == "urn:school:mar-code"
    assert "dosage" not in dose


def test_a_vomited_dose_was_given_and_says_so(maria: Workspace, mateo: str) -> None:
    order = active_order(maria, terms(mateo))
    as_it_happened(maria, noon_dose(mateo, order, outcome="V", reason="on the floor"))
    dose = the(made(maria, mateo), "MedicationAdministration")
    assert dose["status"] == "completed"
    assert "threw up" in dose["note"][0]["text"]


def test_a_struck_entry_is_entered_in_error_and_stays(maria: Workspace, mateo: str) -> None:
    order = active_order(maria, as_needed(mateo))
    wrong = as_it_happened(maria, prn_dose(mateo, order, at(9)))
    maria.health.doses.strike(wrong.id, "It was another child")
    dose = the(made(maria, mateo), "MedicationAdministration")
    assert dose["status"] == "entered-in-error"
    assert {"text": "Struck: It was another child"} in dose["note"]


def test_an_emergency_dose_without_an_order_has_its_words(maria: Workspace, mateo: str) -> None:
    emergency(maria, mateo)
    dose = the(made(maria, mateo), "MedicationAdministration")
    assert dose["medicationCodeableConcept"] == {"text": "Epinephrine 0.3 mg auto-injector"}
    assert "request" not in dose
    assert dose["dosage"]["dose"]["value"] == 0.3
    assert dose["reasonCode"] == [{"text": "bee sting, could not breathe"}]


def test_an_emergency_dose_of_which_nobody_wrote_how_much(maria: Workspace, mateo: str) -> None:
    emergency(maria, mateo, given=None)
    dose = the(made(maria, mateo), "MedicationAdministration")
    assert dose["dosage"] == {"text": "Amount not written down"}


def test_an_effect_is_a_note(maria: Workspace, mateo: str) -> None:
    dose = given(maria, mateo)
    maria.health.doses.effect(dose, "Better", worse=False, at=at(11))
    told = the(made(maria, mateo), "MedicationAdministration")
    assert {"text": "Effect at 2026-11-12T11:00:00-08:00: Better"} in told["note"]


def test_hostile_text_is_one_plain_line(maria: Workspace, mateo: str) -> None:
    order = active_order(
        maria,
        terms(mateo, medicine=Medicine(HOSTILE, "1", "tablet"), reason=HOSTILE,
              instructions=HOSTILE),
    )  # fmt: skip
    as_it_happened(maria, noon_dose(mateo, order, site=HOSTILE, symptom=HOSTILE))
    emergency(maria, mateo, medicine_text=HOSTILE, symptom=HOSTILE)
    text = json.dumps(made(maria, mateo), ensure_ascii=False)
    for mark in ("\x00", "\x07", "\\u0000", "\\n", "\u202e"):
        assert mark not in text


def test_it_is_of_one_student_and_names_no_other(
    maria: Workspace, school: School, mateo: str
) -> None:
    given(maria, mateo, symptom="Łucja Kowalczyk hit him")
    other = active_order(maria, terms(school.ids["lucja"], reason="only hers"))
    as_it_happened(maria, noon_dose(school.ids["lucja"], other))
    written = made(maria, mateo)
    text = json.dumps(written, ensure_ascii=False)
    for part in ("Kowalczyk", "Łucja", "only hers", other):
        assert part not in text
    assert the(written, "MedicationAdministration")["reasonCode"] == [{"text": WITHHELD}]
    student = the(written, "Patient")
    assert student["name"][0]["text"] == "Mateo Núñez-Okafor"
    assert student["birthDate"] == "2017-03-09"
    assert {one["fullUrl"] for one in written["entry"]} >= {f"urn:uuid:{student['id']}"}


def test_the_same_file_gives_the_same_bundle(maria: Workspace, mateo: str) -> None:
    given(maria, mateo)
    file = held(maria, mateo)
    assert bundle(file) == bundle(replace(file))
