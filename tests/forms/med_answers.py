"""Complete answer sets for the medication error report, as a person would type them.

Together the sets answer every question of the form. Times are those of the event's day, moments of
what came after it have their day with them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from aid_answers import NOW
from ber_answers import DANA, HUY, LUCJA, MARIA, ROSA, TOM, Answers, fill, session

from bt_desktop.form_engine import Form, FormSession, load_form

_COMMON: dict[str, Any] = {
    "/about": "student",
    "/student": LUCJA,
    "/student_birth_date": "5/4/2017",
    "/student_grade": "4",
    "/student_number": "400118",
    "/health_detail": "No known allergies. About 66 pounds.",
    "/home_language": "Polish",
    "/interpreter_needed": "no",
    "/event_date": "11/12/2026",
    "/event_began": "1205",
    "/noticed_at": "11/12/2026 1210",
    "/noticed_how": "giver",
    "/location": "nurse_office",
    "/location_detail": "At the counter",
    "/medicine": "Methylphenidate 10 mg tablet",
    "/controlled": "yes",
    "/ordered_any": "yes",
    "/ordered_dose": "10 mg",
    "/ordered_as_needed": "no",
    "/ordered_time": "1200",
    "/ordered_route": "oral",
    "/narrative": "I gave two tablets. The order says one. I saw it when I wrote down the count.",
    "/action_detail": "She sat in the health office with a book.",
    "/nurse_told": "yes",
    "/nurse_told_who": MARIA,
    "/nurse_told_at": "11/12/2026 1211",
    "/administrator_told": "yes",
    "/administrator_told_who": TOM,
    "/administrator_told_at": "11/12/2026 1220",
    "/physician_told": "yes",
    "/physician_name": "Dr. A. Sato",
    "/physician_told_at": "11/12/2026 1225",
    "/physician_advice": "No dose tomorrow morning if she slept badly.",
    "/merp_category": "D",
    "/family_next": ["watch", "call"],
    "/causes": ["interrupted"],
    "/cause_detail": "The phone rang between the two tablets.",
    "/written_on": "11/12/2026",
    "/report_true": True,
}

_TOLD: dict[str, Any] = {
    "/parent_told[1]/notice_to": "parent",
    "/parent_told[1]/notice_person": ROSA,
    "/parent_told[1]/notice_relation": "mother",
    "/parent_told[1]/notice_date": "11/12/2026",
    "/parent_told[1]/notice_time": "1218",
    "/parent_told[1]/notice_method": "phone",
    "/parent_told[1]/notice_number": "(555) 010-0188",
    "/parent_told[1]/notice_by": MARIA,
    "/parent_told[1]/notice_outcome": "reached",
    "/parent_told[1]/notice_language": "English",
    "/parent_told[1]/notice_interpreter": "yes",
    "/parent_told[1]/notice_interpreter_name": "Language line, operator 4",
    "/parent_told[1]/notice_note": "Asked to be called at two.",
    "/parent_told[1]/notice_decision": "stays",
    "/parent_told[1]/notice_paper_home": "yes",
    "/parent_told[2]/notice_to": "care_provider",
    "/parent_told[2]/notice_provider": "House on Elm Street",
    "/parent_told[2]/notice_date": "11/12/2026",
    "/parent_told[2]/notice_time": "1230",
    "/parent_told[2]/notice_method": "email",
    "/parent_told[2]/notice_by": TOM,
    "/parent_told[2]/notice_outcome": "message",
}

_AFTER: dict[str, Any] = {
    "/examined_by": MARIA,
    "/nurse_seen_at": "11/12/2026 1215",
    "/nurse_note": "Two tablets gone from the count of 28. Alert, talks fast.",
    "/medical_referral": "none",
    "/order_checked": "yes",
    "/next_day_on": "11/13/2026",
    "/next_day_result": "Slept well.",
    "/corrective_steps": ["talk", "retraining"],
    "/corrective_detail": "No phone at the counter while doses are given.",
    "/retrained": [DANA],
    "/retrained_on": "11/13/2026",
    "/retrained_by": MARIA,
    "/family_told_on": "11/13/2026",
    "/reviewer": TOM,
    "/review_findings": "The counter is too busy at noon.",
    "/review_category": "D",
    "/risk_sent_on": "11/13/2026",
    "/review_result": "returned",
    "/review_remarks[1]/remark_on": "given",
    "/review_remarks[1]/remark": "Say how many tablets were in the cup.",
    "/statement_text": "The phone rang, and I took the bottle up again.",
    "/statement_own": True,
}

WRONG_DOSE: Answers = (
    _COMMON
    | {
        "/error_types": ["wrong_dose"],
        "/reached": "yes",
        "/given_any": "yes",
        "/given_medicine": "Methylphenidate 10 mg tablet",
        "/given_dose": "20 mg",
        "/given_at": "1205",
        "/given_route": "oral",
        "/given_by": MARIA,
        "/given_licensed": "yes",
        "/poison_called": "yes",
        "/poison_at": "11/12/2026 1214",
        "/poison_advice": "Watch her for two hours. Pulse and blood pressure.",
        "/poison_case": "26-11-0420",
        "/actions": ["watched", "advice"],
        "/signs": ["restless", "heartbeat"],
        "/outcome": ["watched_class"],
        "/watched_until": "11/12/2026 2:15p",
        "/response_detail": "Talked a lot until one.",
        "/vitals[1]/vitals_at": "1216",
        "/vitals[1]/vitals_by": MARIA,
        "/vitals[1]/avpu": "alert",
        "/vitals[1]/pulse": "112",
        "/vitals[1]/respirations": "20",
        "/vitals[1]/blood_pressure": "112/70",
        "/vitals[1]/temperature": "98.6",
        "/vitals[1]/temperature_unit": "f",
        "/vitals[1]/oxygen": "98",
        "/vitals[1]/glucose": "104",
        "/vitals[1]/vitals_note": "Fidgets, pink cheeks.",
    }
    | _TOLD
    | _AFTER
)
"""Two tablets for one: Poison Control, watched for two hours, back to class."""

WRONG_STUDENT: Answers = WRONG_DOSE | {
    "/error_types": ["wrong_student"],
    "/other_students": [HUY],
    "/ordered_any": "yes",
    "/signs": ["breathing", "skin"],
    "/outcome": ["ems_transported"],
    "/ems_called_at": "11/12/2026 1216",
    "/taken_to": "Valley Hospital, by ambulance",
    "/merp_category": "F",
    "/review_category": "F",
    "/family_next": ["call", "meet"],
}
"""Another child's medicine: a rash, an ambulance."""

NOT_CALLED: Answers = {k: v for k, v in WRONG_DOSE.items() if not k.startswith("/poison_")} | {
    "/poison_called": "no",
}
"""As the first, and nobody has called Poison Control."""

LEFT_OUT: Answers = (
    {k: v for k, v in _COMMON.items() if not k.startswith("/physician_")}
    | {
        "/error_types": ["omitted"],
        "/reached": "yes",
        "/given_any": "no",
        "/actions": ["left_out"],
        "/signs": ["none"],
        "/outcome": ["class"],
        "/watched_until": "11/12/2026 1230",
        "/response_detail": "As always.",
        "/physician_told": "no",
        "/no_attempt_why": "Her father was in the office at noon and was told.",
        "/nurse_told": "self",
        "/merp_category": "C",
        "/causes": ["not_sent"],
        "/noticed_at": "11/13/2026 0815",
        "/noticed_how": "record",
        "/administrator_told_at": "11/13/2026 0830",
        "/family_next": ["none"],
        "/written_on": "11/12/2026",
    }
    | {k: v for k, v in _AFTER.items() if k != "/review_category"}
    | {"/nurse_seen_at": "11/13/2026 0820", "/review_category": "C"}
)
"""A dose that nobody gave, seen the next day; nobody was called."""

NEAR_MISS: Answers = (
    {k: v for k, v in _COMMON.items() if not k.startswith(("/family", "/physician_"))}
    | {
        "/error_types": ["wrong_medicine"],
        "/reached": "no",
        "/near_miss": "yes",
        "/physician_told": "no",
        "/actions": ["set_aside"],
        "/merp_category": "B",
    }
    | _TOLD
    | {k: v for k, v in _AFTER.items() if not k.startswith("/family")}
    | {"/review_category": "B"}
)
"""The wrong bottle in hand, seen at the label."""

STOCK_COUNT: Answers = {
    k: v
    for k, v in (_COMMON | _AFTER).items()
    if not k.startswith(
        ("/student", "/health", "/home", "/interp", "/ordered", "/physician", "/family",
         "/medical", "/next_day")
    )
} | {
    "/about": "stock",
    "/error_types": ["count", "missing"],
    "/near_miss": "no",
    "/medicine": "Diazepam 10 mg nasal spray",
    "/count_expected": "6",
    "/count_found": "4.5",
    "/count_unit": "sprays",
    "/count_estimated": "no",
    "/recounted_by": MARIA,
    "/recounted_with": TOM,
    "/recounted_at": "11/12/2026 1220",
    "/diversion": "unknown",
    "/missing_told": ["administrator", "district"],
    "/missing_told_at": "11/12/2026 1225",
    "/actions": ["none"],
    "/merp_category": "A",
    "/review_category": "A",
    "/count_solved": "Found in the trip bag.",
}  # fmt: skip
"""Two sprays of the school's stock are not where they should be."""

SCENARIOS: dict[str, Answers] = {
    "wrong_dose": WRONG_DOSE,
    "wrong_student": WRONG_STUDENT,
    "not_called": NOT_CALLED,
    "left_out": LEFT_OUT,
    "near_miss": NEAR_MISS,
    "stock_count": STOCK_COUNT,
}


@cache
def form() -> Form:
    """The shipped form."""
    return load_form("medication_error")


@cache
def _answers(name: str) -> str:
    return json.dumps(fill(session(form(), NOW), SCENARIOS[name]).answers())


def filled(name: str = "wrong_dose") -> FormSession:
    """A session with one of the scenarios typed in, reopened from its answers."""
    return FormSession(form(), json.loads(_answers(name)), now=lambda: NOW)
