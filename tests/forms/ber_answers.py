"""Complete answer sets for the restraint form, as a person would type them.

A set is a mapping of path -> typed. Rows are numbered from 1 and made as needed. Together the sets
answer every question of the form; `test_ber_reach.py` holds them to that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bt_desktop import paths
from bt_desktop.form_engine import Form, FormSession, load_form
from bt_desktop.form_engine.definition import Choice

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 13, 10, 0, tzinfo=ZONE)
PACKS = (None, "us-ca", "us-ok")
REPORT_PARTS = ("report", "nurse", "notice", "review", "follow_up", "debrief", "statement")

Typed = Any
Answers = Mapping[str, Typed]

MATEO, LUCJA, HUY = "student:s-mateo", "student:s-lucja", "student:s-huy"
DANA, PRIYA, TOM, MARIA = "staff:p-dana", "staff:p-priya", "staff:p-tom", "staff:p-maria"
ROSA = "guardian:g-rosa"

_TRIAGE = [
    "physical_restraint",
    "mechanical_restraint",
    "seclusion",
    "timeout",
    "escort",
    "personal_safety",
    "property_damage",
    "injury",
    "elopement",
    "police_ems",
]

_REPORT: dict[str, Typed] = {
    "/what_happened": _TRIAGE,
    "/student": MATEO,
    "/student_birth_date": "3/9/2017",
    "/student_grade": "4",
    "/student_number": "400117",
    "/case_manager": PRIYA,
    "/residence_district": "Next town over",
    "/plan_status": "iep",
    "/primary_disability": "autism",
    "/bip_status": "bip_iep",
    "/bip_date": "2026-03-02",
    "/safety_plan": "yes",
    "/health_plan": "yes",
    "/health_conditions": ["asthma"],
    "/health_detail": "Inhaler in the nurse's office.",
    "/home_language": "Spanish",
    "/interpreter_needed": "yes",
    "/residential_provider": "no",
    "/student_gender": "male",
    "/student_race": ["hispanic", "black"],
    "/student_groups": ["english_learner"],
    "/event_date": "11/12/2026",
    "/event_began": "1009",
    "/event_ended": "1130",
    "/location": "classroom",
    "/location_detail": "Room 14",
    "/setting": "whole_class",
    "/activity": "Math",
    "/people[1]/person_kind": "technician",
    "/people[1]/staff_member": DANA,
    "/people[1]/event_roles": ["held", "hurt"],
    "/people[1]/joined_at": "1009",
    "/people[1]/left_at": "1130",
    "/people[2]/person_kind": "police",
    "/people[2]/outside_name": "Officer on duty, unit 7",
    "/people[2]/event_roles": ["responder"],
    "/students_involved": [LUCJA],
    "/students_witness": [HUY],
    "/students_present": "21",
    "/students_moved": "partly",
    "/setting_events": ["sleep"],
    "/antecedents": ["item_removed"],
    "/antecedent_at": "1009",
    "/early_signs": ["loud_voice"],
    "/behaviors": ["kick", "bite", "weapon"],
    "/weapon": "A chair",
    "/directed_at": ["staff", "peer"],
    "/severity": "4",
    "/danger_to": ["staff", "peer"],
    "/danger_why": "He was kicking at people who could not get away.",
    "/function_guess": "tangible",
    "/de_escalation[1]/tried": "choices",
    "/de_escalation[1]/tried_at": "1010",
    "/de_escalation[1]/tried_by": PRIYA,
    "/de_escalation[1]/tried_effect": "no_effect",
    "/de_escalation[2]/tried": "walk",
    "/de_escalation[2]/tried_at": "1011",
    "/de_escalation[2]/tried_by": DANA,
    "/de_escalation[2]/tried_effect": "not_feasible",
    "/de_escalation[2]/tried_why_not": "The door was blocked.",
    "/holds[1]/start": "1012",
    "/holds[1]/end": "1014",
    "/holds[1]/restraint_kind": "physical",
    "/holds[1]/hold_name": "two_person_standing",
    "/holds[1]/position": "standing",
    "/holds[1]/staff_holding": [DANA, PRIYA],
    "/holds[1]/held_by_others": "One officer",
    "/holds[1]/applied_by": ["technician", "police"],
    "/holds[1]/contact_points": ["forearms"],
    "/holds[1]/hold_level": "low",
    "/holds[1]/technique_facts": ["none"],
    "/holds[1]/release_reason": "calm",
    "/holds[2]/start": "1016",
    "/holds[2]/end": "1019",
    "/holds[2]/restraint_kind": "mechanical",
    "/holds[2]/device": "handcuffs",
    "/holds[2]/device_prescribed": "no",
    "/holds[2]/position": "standing",
    "/holds[2]/staff_holding": [DANA],
    "/holds[2]/contact_points": ["wrists"],
    "/holds[2]/technique_facts": ["none"],
    "/holds[2]/release_reason": "danger_over",
    "/seclusion[1]/seclusion_start": "1020",
    "/seclusion[1]/seclusion_end": "1026",
    "/seclusion[1]/seclusion_place": "Calm room",
    "/seclusion[1]/seclusion_alone": "yes",
    "/seclusion[1]/prevented_how": ["staff_doorway"],
    "/seclusion[1]/seclusion_observer": [TOM],
    "/seclusion[1]/observation": "doorway",
    "/seclusion[1]/could_see_adult": "yes",
    "/seclusion[1]/seclusion_release": "calm",
    "/monitoring[1]/check_time": "1013",
    "/monitoring[1]/checked_by": TOM,
    "/monitoring[1]/breathing": "normal",
    "/monitoring[1]/skin_color": "normal",
    "/monitoring[1]/alertness": "alert_talking",
    "/monitoring[1]/skin_feel": "normal",
    "/monitoring[1]/circulation": "normal",
    "/monitoring[1]/check_pain": "Says that the wrist hurts.",
    "/monitoring[1]/check_behavior": "3",
    "/monitoring[1]/check_changes": ["none"],
    "/monitoring[1]/comfort": ["water"],
    "/monitoring[1]/check_action": "continue",
    "/ended_how": ["calm"],
    "/danger_ended_at": "1026",
    "/student_after": ["calm"],
    "/returned_to": "nurse",
    "/returned_at": "1030",
    "/admin_called_at": "1012",
    "/admin_called_by": PRIYA,
    "/admin_arrived_at": "1013",
    "/less_restrictive": "A choice and space were tried first.",
    "/narrative": "He was told to put the tablet away, and it went on from there.",
    "/recordings": ["none"],
    "/student_hurt": "injured",
    "/staff_hurt": "injured",
    "/others_hurt": "injured",
    "/student_injuries[1]/injury": "scratch",
    "/student_injuries[1]/injury_skin_broken": "no",
    "/student_injuries[1]/injury_region": "wrist",
    "/student_injuries[1]/injury_side": "right",
    "/student_injuries[1]/injury_severity": "nurse",
    "/student_injuries[1]/injury_cause": "during_hold",
    "/student_injuries[1]/injury_first_aid": "Cold water",
    "/student_injuries[1]/injury_treated_by": MARIA,
    "/student_injuries[1]/injury_photo": "no",
    "/student_injuries[1]/injury_note": "Gone by noon.",
    "/other_injuries[1]/hurt_group": "staff",
    "/other_injuries[1]/hurt_staff": DANA,
    "/other_injuries[1]/hurt_injury": "bite",
    "/other_injuries[1]/hurt_skin_broken": "no",
    "/other_injuries[1]/hurt_region": "forearm",
    "/other_injuries[1]/hurt_side": "left",
    "/other_injuries[1]/hurt_severity": "first_aid",
    "/other_injuries[1]/hurt_cause": "before_hold",
    "/other_injuries[1]/hurt_first_aid": "Ice",
    "/other_injuries[2]/hurt_group": "student",
    "/other_injuries[2]/hurt_student": LUCJA,
    "/other_injuries[2]/hurt_injury": "bruise",
    "/other_injuries[2]/hurt_region": "shoulder",
    "/other_injuries[2]/hurt_severity": "nurse",
    "/other_injuries[3]/hurt_group": "other_person",
    "/other_injuries[3]/hurt_person": "A visitor",
    "/other_injuries[3]/hurt_injury": "pain",
    "/other_injuries[3]/hurt_region": "foot",
    "/other_injuries[3]/hurt_severity": "no_treatment",
    "/property[1]/damaged_item": "Screen of a tablet",
    "/property[1]/damage_level": "minor",
    "/property[1]/damage_owner": "school",
    "/property[1]/damage_cost": "180",
    "/property[1]/damage_photo": "yes",
    "/property[1]/damage_report": "IT-31",
    "/outside_help[1]/agency": "police",
    "/outside_help[1]/agency_called_at": "1012",
    "/outside_help[1]/agency_called_by": TOM,
    "/outside_help[1]/agency_arrived_at": "1015",
    "/outside_help[1]/agency_left_at": "1100",
    "/outside_help[1]/agency_report": "26-0112",
    "/outside_help[1]/handcuffs": "yes",
    "/outside_help[1]/arrest": "none",
    "/outside_help[1]/transported_to": "Nowhere",
    "/written_on": "11/12/2026",
    "/report_true": True,
}

_OTHER_PARTS: dict[str, Typed] = {
    "/examiner": "rn",
    "/examined_by": MARIA,
    "/nurse_seen_at": "1140",
    "/nurse_consent": "agreed",
    "/nurse_alertness": "alert_talking",
    "/nurse_airway": "clear",
    "/nurse_skin_color": "normal",
    "/pulse": "96",
    "/respirations": "22",
    "/blood_pressure": "104/66",
    "/temperature": "98.4",
    "/oxygen": "98",
    "/nurse_findings": ["redness"],
    "/nurse_regions": ["wrist"],
    "/nurse_side": "right",
    "/pain": "2",
    "/motion": "full",
    "/medication_today": "None",
    "/conditions_reviewed": "yes",
    "/treatment": ["ice"],
    "/nurse_photo": "no",
    "/recheck_at": "1200",
    "/recheck_result": "Redness gone.",
    "/medical_referral": "none",
    "/nurse_told_parent": "no",
    "/back_to_class_at": "1205",
    "/nurse_note": "Ate a snack.",
    "/staff_care[1]/care_staff": DANA,
    "/staff_care[1]/care_consent": "agreed",
    "/staff_care[1]/care_findings": "Washed and covered.",
    "/staff_care[1]/care_claim_form": "yes",
    "/parent_told[1]/notice_to": "parent",
    "/parent_told[1]/notice_person": ROSA,
    "/parent_told[1]/notice_date": "11/12/2026",
    "/parent_told[1]/notice_time": "1120",
    "/parent_told[1]/notice_method": "phone",
    "/parent_told[1]/notice_by": TOM,
    "/parent_told[1]/notice_outcome": "reached",
    "/parent_told[1]/notice_language": "Spanish",
    "/parent_told[1]/notice_interpreter": "yes",
    "/parent_told[1]/notice_note": "Asked how he is.",
    "/parent_told[1]/notice_relation": "mother",
    "/parent_told[1]/notice_number": "(555) 010-0188",
    "/parent_told[1]/notice_decision": "picks_up",
    "/parent_told[1]/notice_paper_home": "yes",
    "/parent_told[1]/notice_interpreter_name": "Phone service, agent 4471",
    "/parent_told[2]/notice_to": "care_provider",
    "/parent_told[2]/notice_provider": "House on Elm Street",
    "/parent_told[2]/notice_date": "11/12/2026",
    "/parent_told[2]/notice_time": "1130",
    "/parent_told[2]/notice_method": "email",
    "/parent_told[2]/notice_by": TOM,
    "/parent_told[2]/notice_outcome": "message",
    "/reviewer": TOM,
    "/forwarded_on": "11/12/2026",
    "/review_prone": "no",
    "/review_breathing": "no",
    "/review_face": "no",
    "/review_four_limbs": "no",
    "/review_locked": "no",
    "/review_force": "yes",
    "/review_purpose": "no",
    "/review_duration": "yes",
    "/review_other": ["none"],
    "/review_findings": "Handcuffs were not needed.",
    "/review_explain": "Talked with the police lieutenant.",
    "/review_result": "returned",
    "/review_remarks[1]/remark_on": "holds",
    "/review_remarks[1]/remark": "Say in which order it happened.",
    "/follow_up_owner": TOM,
    "/new_behavior": "no",
    "/plan_ineffective": "yes",
    "/referred_on": "11/13/2026",
    "/bip_decision": "modify",
    "/bip_decision_reason": "Add a warning before the tablet goes away.",
    "/next_steps": ["training"],
    "/staff_support": "A day of lighter duty.",
    "/follow_up_note": "None.",
    "/student_debrief_on": "11/12/2026",
    "/student_debrief_by": TOM,
    "/student_words": "I was mad.",
    "/student_feelings": ["angry"],
    "/student_helped": "Quiet.",
    "/student_wishes": "Tell me before.",
    "/student_next_time": "Ask for two minutes.",
    "/student_repair": "Say sorry.",
    "/student_talk_to": "The counselor",
    "/student_ready": "ready",
    "/student_signed": "signed",
    "/staff_debrief_on": "11/13/2026",
    "/staff_debrief_with": [DANA, PRIYA],
    "/debrief_trigger": "The tablet.",
    "/debrief_iep_followed": "yes",
    "/debrief_bip_followed": "partly",
    "/debrief_missed_signs": "The loud voice.",
    "/debrief_effect": "Little.",
    "/debrief_emergency": "yes",
    "/debrief_least": "yes",
    "/debrief_technique": "yes",
    "/debrief_ended": "yes",
    "/debrief_support": "None asked for.",
    "/debrief_changes": ["schedule"],
    "/debrief_change_owner": TOM,
    "/debrief_change_due": "12/1/2026",
    "/parent_invited_on": "11/12/2026",
    "/parent_invited_how": "phone",
    "/parent_attended": "no",
    "/parent_view": "Would like to hear how it goes on.",
    "/parent_agreed": "A call on Friday.",
    "/peers_checked": [LUCJA, HUY],
    "/peers_checked_by": PRIYA,
    "/peers_note": "Another seat for a while.",
    "/statement_view": ["saw_all"],
    "/statement_text": "I saw all of it from the door.",
    "/statement_own": True,
}

WHOLE: Answers = _REPORT | _OTHER_PARTS
"""Everything happened, the student has a behavior plan that did not work."""

NO_PLAN: Answers = WHOLE | {
    "/bip_status": "none",
    "/iep_scheduled_on": "11/13/2026",
    "/iep_meeting_on": "11/20/2026",
    "/iep_invited": "The team and the parent",
    "/fba_decision": "not_done",
    "/fba_reason": "One was done in May.",
    "/interim_decision": "not_made",
    "/interim_reason": "The team meets within the week.",
}
"""The student has an IEP and no behavior plan."""

NOBODY: Answers = WHOLE | {
    "/examiner": "not_available",
    "/no_examiner_why": "The nurse was at another school.",
}
"""No nurse could be had."""

SCENARIOS: Mapping[str, Answers] = {"whole": WHOLE, "no_plan": NO_PLAN, "nobody": NOBODY}


def training_choices(program: str | None) -> Mapping[str, tuple[Choice, ...]] | None:
    """The holds of a training program as the loader takes them; None: the form's own list."""
    if program is None:
        return None
    text = (paths.forms_dir() / "training_programs.yaml").read_text("utf-8")
    programs = {p["program"]: p for p in yaml.safe_load(text)["programs"]}
    holds = programs[program]["hold_names"]
    return {"hold_names": tuple(Choice(name=c["name"], label=c["label"]) for c in holds)}


@cache
def form(pack: str | None = "us-ca", program: str | None = None) -> Form:
    """The shipped form under a pack, with the holds of a training program."""
    return load_form("restraint", pack, training_choices=training_choices(program))


def session(of: Form, now: datetime = NOW) -> FormSession:
    """An empty session whose clock stands at `now`."""
    return FormSession(of, now=lambda: now)


def fill(into: FormSession, typed: Answers | Iterable[tuple[str, Typed]]) -> FormSession:
    """Type answers in order; rows are made as needed."""
    pairs = typed.items() if isinstance(typed, Mapping) else typed
    for path, value in pairs:
        if "]/" in path:
            section, number = path[1:].split("/")[0].rstrip("]").split("[")
            while len(into.rows(section)) < int(number):
                into.add_row(section)
        into.set(path, value)
    return into


@cache
def _typed(name: str, pack: str | None) -> str:
    return json.dumps(fill(session(form(pack)), SCENARIOS[name]).answers())


def filled(name: str = "whole", pack: str | None = "us-ca") -> FormSession:
    """A session with one of the scenarios typed in, reopened from its answers."""
    return FormSession(form(pack), json.loads(_typed(name, pack)), now=lambda: NOW)
