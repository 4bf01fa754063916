"""One student's orders and doses as FHIR R4 (4.0.1 and 4.3), as plain JSON values. Pure.

A Bundle of a minimal Patient, a MedicationRequest for each order and a MedicationAdministration
for each dose, also those not given and those struck (`entered-in-error`). Staff are identifiers of
their accounts, never names; prescribers are outside of the school and named. What staff wrote is
told without another child's name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.medicine_words import medicine_words
from bt_desktop.services.health.model import DoseRecord, Order, OrderTerms, Quantity, plain
from bt_desktop.services.health.student_file import StudentFile
from bt_desktop.services.person_names import whole_name

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
NDC = "http://hl7.org/fhir/sid/ndc"
MAR_CODE = "urn:school:mar-code"
STAFF, STUDENT_NUMBER = "urn:school:account", "urn:school:student-number"
_WEEK = ("mon", "tue", "wed", "thu", "fri")
_STATUS = {
    "draft": "draft",
    "waiting": "draft",
    "upcoming": "active",
    "active": "active",
    "hold": "on-hold",
    "discontinued": "stopped",
    "expired": "completed",
}
_HOUR = 60


def bundle(file: StudentFile) -> Json:
    """The whole file as one Bundle of the type `collection`."""
    entries = [patient(file)]
    entries += [request(file, one) for one in file.orders.values()]
    entries += [administration(file, dose) for dose in file.doses.standing]
    entries += [administration(file, dose, why) for dose, why in file.doses.struck.values()]
    return {
        "resourceType": "Bundle",
        "id": _id(f"bundle:{file.id}:{_instant(file.now)}"),
        "type": "collection",
        "timestamp": _instant(file.local(file.now)),
        "entry": [{"fullUrl": _urn(one["id"]), "resource": one} for one in entries],
    }


def patient(file: StudentFile) -> Json:
    """As little as tells which student it is."""
    student = file.student
    given = [one for one in (student.given, student.middle) if one]
    name: Json = {"use": "official", "text": whole_name(student)}
    if student.family:
        name["family"] = student.family
    if given:
        name["given"] = given
    made: Json = {"resourceType": "Patient", "id": _id(file.id), "name": [name]}
    if student.student_number:
        made["identifier"] = [{"system": STUDENT_NUMBER, "value": student.student_number}]
    if student.birth_date is not None:
        made["birthDate"] = student.birth_date.isoformat()
    return made


# --- orders --------------------------------------------------------------------------------------


def request(file: StudentFile, order: Order) -> Json:
    """An order. The parent's statement and the nurse's review are told in a note."""
    terms = order.terms
    made: Json = {
        "resourceType": "MedicationRequest",
        "id": _id(terms.id),
        "status": _STATUS[order.status],
        "intent": "order",
        "medicationCodeableConcept": _medicine(terms),
        "subject": {"reference": _urn(_id(file.id))},
        "reasonCode": [{"text": _text(file.clean(terms.reason))}],
        "dosageInstruction": [dosage(file, terms)],
        "dispenseRequest": {
            "validityPeriod": {
                "start": terms.start.isoformat(),
                "end": (order.ended_on or terms.stop).isoformat(),
            }
        },
    }
    if order.end_reason:
        made["statusReason"] = {"text": _text(file.clean(order.end_reason))}
    prescriber = order.prescriber
    if prescriber is not None and prescriber.name.strip():
        named = ", ".join(one for one in (prescriber.name, prescriber.licence) if one)
        made["requester"] = {"display": _text(named)}
        if prescriber.signed_on is not None:
            made["authoredOn"] = prescriber.signed_on.isoformat()
    if terms.replaces and terms.replaces in file.orders:
        made["priorPrescription"] = {"reference": _urn(_id(terms.replaces))}
    notes = [*_about(file, order)]
    if notes:
        made["note"] = [{"text": one} for one in notes]
    return made


def _about(file: StudentFile, order: Order) -> Iterable[str]:
    terms = order.terms
    if terms.medicine.schedule:
        yield f"Controlled ({terms.medicine.schedule})"
    if terms.self_carry is not None:
        yield "Carried by the student"
    if order.missing:
        yield f"Waits for: {', '.join(order.missing)}"
    if terms.side_effects:
        yield _text(f"Side effects to watch for: {file.clean(terms.side_effects)}")


def dosage(file: StudentFile, terms: OrderTerms) -> Json:
    """When, how much, how; as needed by its symptoms, with interval and the most of a day."""
    made: Json = {"text": _text(_said(terms)), "timing": {"repeat": _repeat(terms)}}
    if terms.instructions:
        made["patientInstruction"] = _text(file.clean(terms.instructions))
    if terms.prn is None:
        made["asNeededBoolean"] = not terms.times
    else:
        symptoms = file.clean(", ".join(terms.prn.symptoms)) or "as needed"
        made["asNeededCodeableConcept"] = {"text": _text(symptoms)}
        made["maxDosePerPeriod"] = {
            "numerator": quantity(_times(terms.dose, terms.prn.most_per_day)),
            "denominator": {"value": 1, "unit": "day", "system": UCUM, "code": "d"},
        }
    made["route"] = _route(terms.route)
    made["doseAndRate"] = [{"doseQuantity": quantity(terms.dose)}]
    return made


def _said(terms: OrderTerms) -> str:
    lists = medication_lists()
    dose = lists.amount(terms.dose)
    if terms.prn is not None:
        apart = f"at least {terms.prn.interval_min} minutes apart"
        return f"{dose} as needed, {apart}, at most {terms.prn.most_per_day} a day"
    if not terms.times:
        return f"{dose} in an emergency"
    times = ", ".join(f"{at:%H:%M}" for at in sorted(terms.times))
    return f"{dose} at {times} on school days"


def _repeat(terms: OrderTerms) -> Json:
    made: Json = {"boundsPeriod": {"start": terms.start.isoformat(), "end": terms.stop.isoformat()}}
    prn = terms.prn
    if prn is not None and prn.interval_min > 0:
        hours, rest = divmod(prn.interval_min, _HOUR)
        period, unit = (hours, "h") if not rest else (prn.interval_min, "min")
        return made | {"frequency": 1, "period": period, "periodUnit": unit}
    if terms.times:
        made |= {"frequency": len(terms.times), "period": 1, "periodUnit": "d"}
        made["timeOfDay"] = [at.isoformat() for at in sorted(terms.times)]
        made["dayOfWeek"] = list(_WEEK)
    return made


# --- doses ---------------------------------------------------------------------------------------


def administration(file: StudentFile, dose: DoseRecord, struck: str | None = None) -> Json:
    """A dose, given or not; `struck` is why the entry was wrong, where it was."""
    order = file.orders.get(dose.order_id or "")
    given = dose.was_given
    status = "completed" if given else "not-done"
    made: Json = {
        "resourceType": "MedicationAdministration",
        "id": _id(dose.id),
        "status": status if struck is None else "entered-in-error",
        "medicationCodeableConcept": _medicine(order.terms)
        if order is not None
        else {"text": _text(file.clean(dose.medicine_text)) or "Not written down"},
        "subject": {"reference": _urn(_id(file.id))},
        "effectiveDateTime": _instant(file.local(dose.at)),
        "performer": _performers(dose),
    }
    if not given:
        made["statusReason"] = [_outcome(dose)]
    if order is not None:
        made["request"] = {"reference": _urn(_id(order.id))}
    if dose.symptom:
        made["reasonCode"] = [{"text": _text(file.clean(dose.symptom))}]
    if given:
        made["dosage"] = _dose(file, dose)
    notes = [_text(one) for one in _notes(file, dose, struck)]
    if notes:
        made["note"] = [{"text": one} for one in notes]
    return made


def _performers(dose: DoseRecord) -> list[Json]:
    made: list[Json] = [{"function": {"text": "Performer"}, "actor": _staff(dose.by_user)}]
    if dose.witness:
        made.append({"function": {"text": "Witness"}, "actor": _staff(dose.witness)})
    return made


def _staff(user_id: str) -> Json:
    return {"identifier": {"system": STAFF, "value": user_id}}


def _outcome(dose: DoseRecord) -> Json:
    code = medication_lists().outcomes.get(dose.outcome)
    said = code.said if code is not None else dose.outcome
    coding = {"system": MAR_CODE, "code": dose.outcome, "display": said}
    return {"coding": [coding], "text": said}


def _dose(file: StudentFile, dose: DoseRecord) -> Json:
    made: Json = {"route": _route(dose.route)} if dose.route else {}
    if dose.site:
        made["site"] = {"text": _text(file.clean(dose.site))}
    if dose.given is not None:
        made["dose"] = quantity(dose.given)
    else:
        made["text"] = "Amount not written down"  # FHIR mad-1: a dose or its words
        made.pop("route", None)
        return {"text": made["text"]}
    return made


def _notes(file: StudentFile, dose: DoseRecord, struck: str | None) -> Iterable[str]:
    if dose.outcome == "V":
        yield "V: the student threw up after it"
    if dose.due_at is not None:
        yield f"Due at {_instant(file.local(dose.due_at))}"
    if dose.reason:
        yield file.clean(dose.reason)
    if dose.late_entry:
        yield f"Late entry, written {_instant(file.local(dose.entered_at))}"
    if dose.emergency:
        yield "Emergency dose"
    for one in dose.overridden:
        yield f"Rule {one.rule} allowed: {file.clean(one.reason)}"
    if dose.broken:
        yield f"Rules not kept: {', '.join(dose.broken)}"
    effect = file.doses.effects.get(dose.id)
    if effect is not None:
        yield f"Effect at {_instant(file.local(effect.at))}: {file.clean(effect.text)}"
    if struck is not None:
        yield f"Struck: {file.clean(struck)}"


# --- parts ---------------------------------------------------------------------------------------


def quantity(amount: Quantity) -> Json:
    """An amount; with its code of UCUM where the lists know one."""
    unit = medication_lists().units.get(amount.unit)
    made: Json = {"value": _number(amount.amount), "unit": amount.unit}
    if unit is not None:
        made["unit"] = unit.said
        if unit.ucum:
            made |= {"system": UCUM, "code": unit.ucum}
    return made


def _times(dose: Quantity, count: int) -> Quantity:
    return Quantity(dose.amount * count, dose.unit)


def _number(amount: Decimal) -> int | float:
    text = plain(amount)
    return float(text) if "." in text else int(text)


def _medicine(terms: OrderTerms) -> Json:
    made: Json = {"text": _text(medicine_words(terms.medicine))}
    if terms.medicine.ndc.strip():
        made["coding"] = [{"system": NDC, "code": "".join(terms.medicine.ndc.split())}]
    return made


def _route(code: str) -> Json:
    route = medication_lists().routes.get(code)
    return {"text": route.said if route is not None else _text(code) or "Not written down"}


def _text(text: str) -> str:
    """A text that JSON readers and FHIR take: one line, no control characters."""
    kept = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(kept.split())


def _instant(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _id(of: str) -> str:
    """The uuid in an id of ours; another one that is always the same for any other id."""
    bare = of.rpartition(":")[2]
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, of))


def _urn(resource_id: str) -> str:
    return f"urn:uuid:{resource_id}"
