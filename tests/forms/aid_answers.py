"""Complete answer sets for the first aid report, as a person would type them.

Built like `ber_answers`: a mapping of path -> typed, rows numbered from 1 and made as needed.
Together the sets answer every question of the form.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from ber_answers import DANA, HUY, LUCJA, MARIA, MATEO, ROSA, TOM, ZONE, Answers, fill, session

from bt_desktop.form_engine import Form, FormSession, load_form

NOW = datetime(2026, 11, 13, 10, 0, tzinfo=ZONE)
REPORT_PARTS = ("report", "override", "notice", "nurse", "follow_up", "review")

NO_SIGNS = {
    "head_observed": ["none"],
    "head_physical": ["none"],
    "head_cognitive": ["none"],
    "head_emotional": ["none"],
    "head_danger": ["none"],
}
"""What is marked in a check that finds nothing."""


def check(number: int, point: str, at: str, **found: Any) -> dict[str, Any]:
    """One row of the head checks; `found` changes what is marked."""
    row = {"head_point": point, "head_checked_at": at, "head_checked_by": MARIA} | NO_SIGNS | found
    return {f"/head_checks[{number}]/{name}": typed for name, typed in row.items()}


_COMMON: dict[str, Any] = {
    "/person_type": "student",
    "/student": LUCJA,
    "/student_birth_date": "5/4/2017",
    "/student_grade": "4",
    "/student_number": "400118",
    "/health_detail": "Allergic to bee stings.",
    "/home_language": "Polish",
    "/interpreter_needed": "no",
    "/event_date": "11/12/2026",
    "/event_began": "1010",
    "/seen_at": "1015",
    "/period": "recess",
    "/location": "playground",
    "/location_detail": "By the climber",
    "/activity": "Tag",
    "/surface": "mulch",
    "/equipment": "climber",
    "/narrative": 'She came to the office holding her forehead. She said: "I slipped."',
    "/cause": "fall_height",
    "/contributing": ["wet"],
    "/accounts[1]/account_by": "student",
    "/accounts[1]/account_person": HUY,
    "/accounts[1]/account_at": "1025",
    "/accounts[1]/account_words": '"She fell off the bars."',
    "/injuries[1]/injury": "swelling",
    "/injuries[1]/injury_region": "head",
    "/injuries[1]/injury_side": "left",
    "/injuries[2]/injury": "bite_insect",
    "/injuries[2]/injury_skin_broken": "yes",
    "/injuries[2]/injury_region": "hand",
    "/head_bump": "yes",
    "/head_force": "Forehead on the lowest bar, from standing height.",
    "/head_loss": "no",
    "/head_memory": "no",
    "/head_seizure": "no",
    "/head_previous": "yes",
    "/head_previous_detail": "One, in second grade.",
    "/vitals[1]/vitals_at": "1018",
    "/vitals[1]/vitals_by": MARIA,
    "/vitals[1]/avpu": "alert",
    "/vitals[1]/pulse": "96",
    "/vitals[1]/respirations": "20",
    "/vitals[1]/blood_pressure": "104/66",
    "/vitals[1]/temperature": "98.6",
    "/vitals[1]/temperature_unit": "f",
    "/vitals[1]/temperature_site": "forehead",
    "/vitals[1]/oxygen": "98",
    "/vitals[1]/glucose": "110",
    "/vitals[1]/pain": "3",
    "/vitals[1]/pupils": "equal_reactive",
    "/vitals[1]/gcs": "15",
    "/first_aid[1]/treated": "ice",
    "/first_aid[1]/treated_at": "1016",
    "/first_aid[1]/treated_minutes": "15",
    "/first_aid[1]/treated_by": MARIA,
    "/first_aid[1]/treated_note": "Wrapped in a towel.",
    "/medicine_given": "no",
    "/supervisors": [TOM],
    "/supervision_level": "in_sight",
    "/supervisor_place": "At the gate",
    "/students_present": "40",
    "/adults_present": "2",
    "/students_involved": [MATEO],
    "/students_witness": [HUY],
    "/staff_witness": [DANA],
    "/other_witness": "A parent volunteer",
    "/unsafe_act": ["none"],
    "/unsafe_condition": ["floor"],
    "/corrective_action": "The bars are closed when wet.",
    "/work_order": "WO-77",
    "/linked_records": ["none"],
    "/written_on": "11/12/2026",
    "/report_true": True,
}

_TOLD: dict[str, Any] = {
    "/parent_told[1]/notice_to": "parent",
    "/parent_told[1]/notice_person": ROSA,
    "/parent_told[1]/notice_date": "11/12/2026",
    "/parent_told[1]/notice_time": "1040",
    "/parent_told[1]/notice_method": "phone",
    "/parent_told[1]/notice_by": MARIA,
    "/parent_told[1]/notice_outcome": "reached",
    "/parent_told[1]/notice_language": "English",
    "/parent_told[1]/notice_interpreter": "no",
    "/parent_told[1]/notice_note": "Will come at noon.",
    "/parent_told[1]/notice_relation": "mother",
    "/parent_told[1]/notice_number": "(555) 010-0188",
    "/parent_told[1]/notice_decision": "picks_up",
    "/parent_told[1]/notice_paper_home": "yes",
    "/parent_told[2]/notice_to": "care_provider",
    "/parent_told[2]/notice_provider": "House on Elm Street",
    "/parent_told[2]/notice_date": "11/12/2026",
    "/parent_told[2]/notice_time": "1045",
    "/parent_told[2]/notice_method": "email",
    "/parent_told[2]/notice_by": TOM,
    "/parent_told[2]/notice_outcome": "message",
}

_AFTER: dict[str, Any] = {
    "/examined_by": MARIA,
    "/nurse_seen_at": "1020",
    "/nurse_note": "Swelling going down.",
    "/medical_referral": "own_doctor",
    "/next_day_on": "11/13/2026",
    "/next_day_result": "No headache.",
    "/days_missed": "0.5",
    "/saw_doctor": "yes",
    "/doctor_result": "No PE for a week.",
    "/restriction_end": "11/20/2026",
    "/reviewer": TOM,
    "/review_findings": "The bars were wet.",
    "/risk_sent_on": "11/13/2026",
    "/review_result": "returned",
    "/review_remarks[1]/remark_on": "sign",
    "/review_remarks[1]/remark": "Say in which order it happened.",
}

_CHECKED = (
    check(1, "0", "1015")
    | check(2, "15", "1030")
    | check(3, "30", "1045")
    | check(4, "leaving", "1050")
)

VARIANT_A: Answers = (
    _COMMON
    | _CHECKED
    | {
        "/disposition": ["observed_class", "restricted"],
        "/restricted_until": "11/19/2026",
        "/time_out": "1052",
    }
    | _TOLD
    | _AFTER
)
"""Nothing seen in four checks on time; watched, then back to class."""

VARIANT_B: Answers = (
    _COMMON
    | _CHECKED
    | check(
        2, "15", "1036", head_physical=["headache", "light"], head_check_note="Asked to lie down."
    )
    | {
        "/disposition": ["home"],
        "/sent_with": "Her mother",
        "/sent_with_id": "yes",
        "/time_out": "1055",
    }
    | _TOLD
    | _AFTER
)
"""Symptoms at the second check, which was six minutes late; her mother took her home."""

VARIANT_C: Answers = (
    _COMMON
    | check(1, "0", "1015", head_observed=["dazed"])
    | check(2, "extra", "1020", head_danger=["vomiting"])
    | {
        "/head_loss": "yes",
        "/head_loss_how_long": "A few seconds",
        "/disposition": ["ems_transported", "emergency_room"],
        "/sent_with": "Paramedics",
        "/sent_with_id": "yes",
        "/time_out": "1035",
        "/ems_called_at": "1021",
        "/ems_arrived_at": "1029",
        "/ems_to": "Valley Hospital",
    }
    | _TOLD
    | {
        "/parent_told[1]/notice_interpreter": "yes",
        "/parent_told[1]/notice_interpreter_name": "Language line, operator 4",
    }
    | _AFTER
)
"""A danger sign; an ambulance took her to the hospital."""

EXCEPTION: Answers = (
    VARIANT_A
    | check(3, "30", "1045", head_danger=["unusual"])
    | {
        "/disposition": ["class"],
        "/override_by": MARIA,
        "/override_reason": "Always laughs like that; her doctor was asked by phone.",
    }
)
"""A danger sign that the nurse knows, and an exception she wrote."""

_NIGHT = {
    "/event_date": "11/11/2026",
    "/event_began": "11:40p",
    "/seen_at": "12:10a",
    "/accounts[1]/account_at": "12:20a",
    "/vitals[1]/vitals_at": "12:12a",
    "/first_aid[1]/treated_at": "12:15a",
    "/nurse_seen_at": "12:12a",
}
EARLIER_DAY: Answers = (
    {path: typed for path, typed in _COMMON.items() if "notice" not in path}
    | _AFTER
    | _NIGHT
    | check(1, "0", "12:10a")
    | check(2, "15", "12:25a")
    | check(3, "30", "12:40a")
    | {
        "/head_sleep": ["more"],
        "/disposition": ["ems_not_transported"],
        "/time_out": "12:50a",
        "/ems_called_at": "12:13a",
        "/ems_arrived_at": "12:30a",
        "/ems_refused_by": "Her mother, who drove her to the doctor.",
        "/no_attempt_why": "Her mother was there the whole time.",
        "/medicine_given": "yes",
        "/medicine_what": "Own inhaler, two puffs",
        "/medicine_at": "12:20a",
        "/medicine_by": MARIA,
        "/written_on": "11/11/2026",
    }
)
"""A camp night: first looked at after midnight; medicine; nobody was called."""

STAFF: Answers = {
    k: v
    for k, v in (_COMMON | _AFTER).items()
    if not k.startswith(("/student_", "/head", "/home_", "/interp")) and k != "/student"
} | {
    "/person_type": "staff",
    "/staff_member": DANA,
    "/cause": "struck_person",
    "/injuries[1]/injury": "bite_human",
    "/injuries[1]/injury_skin_broken": "no",
    "/injuries[1]/injury_region": "forearm",
    "/head_bump": "no",
    "/disposition": ["class"],
    "/time_out": "1052",
}
"""A staff member was bitten."""

VISITOR: Answers = STAFF | {
    "/person_type": "visitor",
    "/visitor_name": "Ana Lindqvist",
    "/visitor_contact": "555 0100",
    "/cause": "fall_level",
    "/disposition": ["nurse"],
}
"""A visitor slipped."""

SCENARIOS: dict[str, Answers] = {
    "variant_a": VARIANT_A,
    "variant_b": VARIANT_B,
    "variant_c": VARIANT_C,
    "exception": EXCEPTION,
    "earlier_day": EARLIER_DAY,
    "staff": STAFF,
    "visitor": VISITOR,
}


@cache
def form() -> Form:
    """The shipped form."""
    return load_form("first_aid")


def typed(name: str) -> FormSession:
    """A session with one of the scenarios typed in just now."""
    return fill(session(form(), NOW), SCENARIOS[name])


@cache
def _answers(name: str) -> str:
    return json.dumps(typed(name).answers())


def filled(name: str = "variant_a") -> FormSession:
    """A session with one of the scenarios typed in, reopened from its answers."""
    return FormSession(form(), json.loads(_answers(name)), now=lambda: NOW)
