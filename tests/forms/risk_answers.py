"""Complete answer sets for the confidential risk report, as a person would type them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ber_answers import DANA, HUY, MARIA, MATEO, PRIYA, TOM

STUDENT: Mapping[str, Any] = {
    "/risk_kinds": ["injury", "property"],
    "/injured_kind": "student",
    "/student": MATEO,
    "/injuries": ["fracture"],
    "/regions": ["forearm"],
    "/care": "hospital",
    "/care_by": MARIA,
    "/doctor": "County hospital",
    "/parent_called_at": "1020",
    "/property[1]/damaged_item": "Rung of the ladder",
    "/property[1]/damage_owner": "school",
    "/property[1]/damage_cost": "80",
    "/property[1]/damage_photo": "yes",
    "/event_date": "11/12/2026",
    "/event_began": "1009",
    "/location": "playground",
    "/location_detail": "Climbing frame, north side",
    "/setting": "recess",
    "/activity": "Climbing",
    "/supervisor": [PRIYA],
    "/supervisor_where": "By the swings, about 30 feet away.",
    "/supervisor_saw": "no",
    "/students_present": "60",
    "/adults_present": "2",
    "/equipment": "Ladder of the climbing frame",
    "/equipment_kept": "Taped off where it stands",
    "/surface": "wood_chips",
    "/surface_states": ["wet"],
    "/weather": ["rain"],
    "/defect_known": "yes",
    "/defect_detail": "Loose rung, work order 4417, November 2.",
    "/recordings": ["photos"],
    "/witnesses[1]/witness_kind": "staff",
    "/witnesses[1]/witness_staff": PRIYA,
    "/witnesses[1]/witness_wrote": "yes",
    "/witnesses[2]/witness_kind": "student",
    "/witnesses[2]/witness_student": HUY,
    "/witnesses[3]/witness_kind": "outside",
    "/witnesses[3]/witness_name": "A delivery driver",
    "/witnesses[3]/witness_contact": "(555) 010-0177",
    "/narrative": "He was on the third rung. It turned, and he fell on his left arm.",
    "/said_then": "It moved.",
    "/agency_called": "yes",
    "/agencies": ["ems"],
    "/agency_report": "26-0114",
    "/reviewer": TOM,
    "/forwarded_on": "11/12/2026",
    "/review_result": "returned",
    "/review_remarks[1]/remark_on": "sign",
    "/review_remarks[1]/remark": "Say in which order it happened.",
    "/risk_told_on": "11/12/2026",
    "/risk_told_by": TOM,
    "/risk_told_how": "email",
    "/risk_person": "District risk office",
    "/insurer": "School pool",
    "/insurer_told_on": "11/13/2026",
    "/claim_number": "C-101",
    "/claim_form_given": "yes",
    "/days_lost": "1",
    "/corrective[1]/corrective_action": "Rung replaced.",
    "/corrective[1]/corrective_owner": TOM,
    "/corrective[1]/corrective_due": "11/16/2026",
    "/corrective[1]/corrective_done": "11/13/2026",
    "/statement_view": ["came_after"],
    "/statement_text": "I heard a cry and saw him on the ground.",
    "/statement_own": True,
    "/written_on": "11/12/2026",
    "/report_true": True,
}

STAFF: Mapping[str, Any] = {
    **{path: typed for path, typed in STUDENT.items() if path != "/student"},
    "/injured_kind": "staff",
    "/injured_staff": DANA,
}

VISITOR: Mapping[str, Any] = {
    **{path: typed for path, typed in STUDENT.items() if path != "/student"},
    "/injured_kind": "visitor",
    "/injured_name": "A delivery driver",
    "/injured_contact": "(555) 010-0177",
}

SCENARIOS: Mapping[str, Mapping[str, Any]] = {
    "student": STUDENT,
    "staff": STAFF,
    "visitor": VISITOR,
}
