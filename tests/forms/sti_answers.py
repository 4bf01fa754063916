"""Complete answer sets for the staff injury report, as a person would type them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ber_answers import DANA, NOW, Answers, fill, session

from bt_desktop.form_engine import Form, FormSession, load_form

BITTEN: Answers = {
    "/staff_member": DANA,
    "/employee_job": "Behavior technician",
    "/employee_address": "12 Elm Street, Maple Creek",
    "/employee_birth_date": "3/4/1990",
    "/employee_hired_on": "8/15/2019",
    "/employee_gender": "female",
    "/event_date": "11/12/2026",
    "/event_began": "1013",
    "/began_work_at": "0730",
    "/location": "classroom",
    "/location_detail": "Room 14",
    "/doing_before": "Walking a student to the quiet corner.",
    "/narrative": "He turned and bit her left forearm through the sleeve.",
    "/cause": "struck_person",
    "/object_substance": "A person's teeth",
    "/injuries[1]/injury": "bite_human",
    "/injuries[1]/injury_skin_broken": "no",
    "/injuries[1]/injury_region": "forearm",
    "/injuries[1]/injury_side": "left",
    "/injuries[1]/injury_note": "Red, no broken skin.",
    "/treated_away": "yes",
    "/professional": "Dr. A. Sato",
    "/facility": "Valley Urgent Care, 9 Oak Road, Maple Creek",
    "/emergency_room": "no",
    "/overnight": "no",
    "/diagnosis": "Contusion",
    "/person_caused": "yes",
    "/violence_type": "type_2",
    "/violence_by": "student",
    "/violence_area": "By the door",
    "/violence_characteristics": ["attack"],
    "/violence_circumstances": ["usual_duties", "low_staffing"],
    "/violence_consequences": ["injury", "medical_care"],
    "/violence_description": "A student bit an employee on the arm while they walked together.",
    "/case_number": "2026-07",
    "/outcome": "days_away",
    "/days_away": "2",
    "/days_restricted": "3",
    "/privacy_case": "no",
    "/claim_form_on": "11/12/2026",
    "/insurer_told_on": "11/13/2026",
    "/osha_called_on": "11/12/2026",
    "/written_on": "11/12/2026",
    "/completed_phone": "(555) 010-0140",
    "/report_true": True,
}
"""A student bit a technician."""

FELL: Answers = {k: v for k, v in BITTEN.items() if not k.startswith("/violence_")} | {
    "/cause": "fall_level",
    "/person_caused": "no",
    "/object_substance": "A wet floor",
    "/injuries[1]/injury": "sprain",
    "/died_on": "11/13/2026",
}
"""A fall on a wet floor, with the worst outcome."""

SCENARIOS: dict[str, Answers] = {"bitten": BITTEN, "fell": FELL}


@cache
def form() -> Form:
    """The shipped form."""
    return load_form("staff_injury")


@cache
def _answers(name: str) -> str:
    answers: dict[str, Any] = fill(session(form(), NOW), SCENARIOS[name]).answers()
    return json.dumps(answers)


def filled(name: str = "bitten") -> FormSession:
    """A session with one of the scenarios typed in, reopened from its answers."""
    return FormSession(form(), json.loads(_answers(name)), now=lambda: NOW)
