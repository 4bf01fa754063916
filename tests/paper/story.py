"""The carrying event (made up) as a record, written out by hand as the services hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from bt_desktop.form_engine.definition import Form
from bt_desktop.form_engine.loader import load_form
from bt_desktop.paper.document import (
    AttachmentLine,
    CopyMark,
    Ink,
    Letterhead,
    PartAnswers,
    PersonSnapshot,
    RecordDocument,
    SignatureBlock,
)

PACIFIC = timezone(timedelta(hours=-8))
MATEO, LUCJA, HUY = "student:m1", "student:l2", "student:h3"
DANA, PRIYA, TOM, MARIA, LORETTA = (f"staff:{n}" for n in ("d", "p", "t", "n", "o"))
ROSA = "guardian:r"

HEAD = Letterhead(
    "Maple Creek Elementary",
    "214 Orchard Lane, Maple Creek, CA 95000",
    "(555) 010-0140",
    "Tom Becker, Principal",
)
CONTACT = "Tom Becker, Principal, (555) 010-0140"
DIGEST = "9f2c4be1d07a5536" * 4
AUDIT_HEAD = "4ad1c0ffee55aa01" * 4
PAYLOAD = f"BTD1|BER-2026-0001|SEQ=42|HEAD={'A7' * 26}|REC={'K3' * 26}|K=0123456789ABCDEF"
TRAIL_PAYLOAD = f"BTD1|SEQ=1042|HEAD={'A7' * 26}|K=0123456789abcdef"

PARENT_TEXT = (
    "Mateo was told to put the tablet away. He shouted and threw his math book, which hit "
    "Student A on the shoulder. Student B was sitting beside Student A. Staff gave Mateo space. "
    "He kicked and bit a staff member, so two staff members held him. After they let go he kicked "
    "at Student A's chair and at Student B. They held him again until he was calm."
)
HIDDEN = ("Łucja", "Lucja", "Kowalczyk", "Huy", "Nguyễn", "Nguyen", "Gia Huy")


def at(hour: int, minute: int, day: int = 12) -> datetime:
    """A moment of the story, in the school's own offset."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PACIFIC)


def iso(hour: int, minute: int) -> str:
    """The same, as answers hold it."""
    return at(hour, minute).isoformat()


@cache
def form(pack: str | None = "us-ca") -> Form:
    """The shipped restraint form with a pack laid over it."""
    return load_form("restraint", pack)


def people() -> dict[str, PersonSnapshot]:
    """Everybody in the story."""

    def staff(
        person: str, given: str, family: str, title: str, until: date | None
    ) -> PersonSnapshot:
        return PersonSnapshot(
            person, "staff", f"{given} {family}", given, family, title,
            training="Safety-Care" if until else "", training_until=until,
        )  # fmt: skip

    everybody = [
        PersonSnapshot(
            MATEO, "student", "Mateo Núñez-Okafor", "Mateo", "Núñez-Okafor", grade="4",
            birth_date=date(2017, 3, 9), age_at_event=9,
        ),
        PersonSnapshot(LUCJA, "student", "Łucja Kowalczyk", "Łucja", "Kowalczyk", grade="4"),
        PersonSnapshot(HUY, "student", "Nguyễn Gia Huy", "Gia Huy", "Nguyễn", grade="4"),
        staff(DANA, "Dana", "Whitcomb", "Behavior technician", date(2027, 2, 1)),
        staff(PRIYA, "Priya", "Raman", "Teacher", date(2027, 6, 30)),
        staff(TOM, "Tom", "Becker", "Principal", None),
        staff(MARIA, "Maria", "Chen", "School nurse", None),
        staff(LORETTA, "Loretta", "Haines", "Office clerk", None),
        PersonSnapshot(ROSA, "guardian", "Rosa Núñez", "Rosa", "Núñez"),
    ]  # fmt: skip
    return {person.id: person for person in everybody}


NARRATIVE = (
    f"{{@{MATEO}}} was told to put the tablet away. He shouted and threw his math book, which hit "
    f"{{@{LUCJA}}} on the shoulder; {{@{HUY}}} was sitting beside her. I offered space. He kicked "
    f"me and bit my arm, so {{@{PRIYA}}} and I held him. After we let go he kicked at "
    f"{{@{LUCJA}}}'s chair and at {{@{HUY}}}, and we held him again until he was calm. "
    f"{{@{LUCJA}}}'s mother was called by the office."
)


def _hold(row: str, start: str, end: str, minutes: int, release: str) -> dict[str, Any]:
    return {
        "$id": row, "start": start, "end": end, "minutes": minutes,
        "hold_name": "two_person_standing", "position": "standing",
        "staff_holding": [DANA, PRIYA], "contact_points": ["forearms", "upper_arms"],
        "technique_facts": ["none"], "release_reason": release,
    }  # fmt: skip


def _check(row: str, minute: int, breathing: str) -> dict[str, Any]:
    return {
        "$id": row, "check_time": iso(10, minute), "check_hold": 1 if minute < 15 else 2,
        "checked_by": TOM, "breathing": breathing, "skin_color": "normal",
        "alertness": "alert_talking", "check_action": "continue",
    }  # fmt: skip


def answers() -> dict[str, Any]:
    """The final answers of report, nurse and follow-up, merged."""
    return {
        "what_happened": ["physical_restraint", "property_damage", "injury"],
        "student": MATEO, "student_birth_date": "2017-03-09", "student_age": 9,
        "student_grade": "4", "student_number": "400117", "case_manager": PRIYA,
        "plan_status": "iep", "bip_status": "bip_iep",
        "bip_date": {"$unknown": "The plan is at the district office."},
        "health_conditions": ["asthma"], "health_detail": "Inhaler in the nurse's office.",
        "home_language": "Spanish", "interpreter_needed": "yes", "residential_provider": "no",
        "event_date": "2026-11-12", "event_began": iso(10, 9), "event_ended": iso(10, 19),
        "event_minutes": 10, "location": "classroom", "location_detail": "Room 14",
        "setting": "whole_class", "activity": "Math",
        "people": [
            {"$id": "p1", "person_kind": "technician", "staff_member": DANA,
             "event_roles": ["held", "lead", "hurt"]},
            {"$id": "p2", "person_kind": "certificated", "staff_member": PRIYA,
             "event_roles": ["held", "de_escalation"]},
            {"$id": "p3", "person_kind": "administrator", "staff_member": TOM,
             "event_roles": ["monitor"], "joined_at": iso(10, 12)},
        ],
        "students_involved": [LUCJA], "students_witness": [HUY], "students_moved": "no",
        "antecedents": ["item_removed"], "antecedent_at": iso(10, 9),
        "early_signs": ["loud_voice"],
        "behaviors": ["shout", "throw", "kick", "bite", "property"],
        "directed_at": ["staff", "peer", "property"], "danger_to": ["staff", "peer"],
        "danger_why": "He had just bitten me, and he was kicking at people who could not get "
        "out of his way.",
        "de_escalation": [
            {"$id": "t1", "tried": "choices", "tried_at": iso(10, 10), "tried_by": PRIYA,
             "tried_effect": "no_effect"},
            {"$id": "t2", "tried": "space", "tried_at": iso(10, 11), "tried_by": DANA,
             "tried_effect": "escalated"},
        ],
        "holds": [
            _hold("h1", iso(10, 12), iso(10, 14), 2, "attempt"),
            _hold("h2", iso(10, 16), iso(10, 19), 3, "calm"),
        ],
        "monitoring": [_check("c1", 13, "normal"), _check("c2", 17, "fast"),
                       _check("c3", 18, "normal")],
        "ended_how": ["calm"], "danger_ended_at": iso(10, 19), "student_after": ["calm", "tired"],
        "returned_to": "nurse", "returned_at": iso(10, 30),
        "less_restrictive": "A choice and space were tried first, and he went on kicking. There "
        "was no time to move everyone out.",
        "narrative": NARRATIVE, "hold_count": 2, "held_minutes": 5, "longest_hold": 3,
        "check_count": 3,
        "student_hurt": "injured", "staff_hurt": "injured", "others_hurt": "injured",
        "student_injuries": [
            {"$id": "i1", "injury": "redness", "injury_region": "wrist", "injury_side": "right",
             "injury_severity": "nurse", "injury_cause": "during_hold"},
        ],
        "other_injuries": [
            {"$id": "o1", "hurt_group": "staff", "hurt_staff": DANA, "hurt_injury": "bite",
             "hurt_skin_broken": "no", "hurt_region": "forearm", "hurt_side": "left",
             "hurt_severity": "first_aid"},
            {"$id": "o2", "hurt_group": "student", "hurt_student": LUCJA, "hurt_injury": "bruise",
             "hurt_region": "shoulder", "hurt_side": "left", "hurt_severity": "nurse"},
        ],
        "property": [
            {"$id": "d1", "damaged_item": "Screen of a tablet", "damage_level": "minor",
             "damage_owner": "school", "damage_cost": 180},
        ],
        "written_on": "2026-11-12", "report_true": True,
        "examiner": "rn", "examined_by": MARIA, "nurse_seen_at": iso(10, 30), "nurse_delay": 11,
        "nurse_consent": "agreed", "nurse_alertness": "alert_talking", "nurse_airway": "clear",
        "nurse_skin_color": "normal", "nurse_findings": ["redness"], "nurse_regions": ["wrist"],
        "nurse_side": "right", "conditions_reviewed": "yes", "treatment": ["none"],
        "medical_referral": "none",
        "follow_up_owner": TOM, "new_behavior": "no", "plan_ineffective": "yes",
        "referred_on": "2026-11-13", "next_steps": ["none"],
        "$reasons": {"early_signs": "Only seen from across the room."},
    }  # fmt: skip


def notices() -> tuple[Mapping[str, Any], ...]:
    """The two calls to the mother."""
    call = {"notice_to": "parent", "notice_person": ROSA, "notice_date": "2026-11-12",
            "notice_method": "phone", "notice_by": LORETTA}  # fmt: skip
    return (
        {**call, "$id": "n1", "notice_time": "10:45", "notice_outcome": "no_answer"},
        {**call, "$id": "n2", "notice_time": "11:20", "notice_outcome": "reached",
         "notice_language": "Spanish", "notice_interpreter": "yes"},
    )  # fmt: skip


def drawn() -> Ink:
    """A signature drawn with a mouse: three strokes and a dot."""
    waves = [
        tuple(
            (x + 60.0 * n, 60 + 26 * ((x // 7 + n) % 3 - 1) - x / 9, x * 6.0)
            for x in range(0, 90, 7)
        )
        for n in range(3)
    ]
    return Ink("drawn", strokes=(*waves, ((250.0, 74.0, 900.0),)), width=420, height=140)


def document(**changes: Any) -> RecordDocument:
    """The whole record, signed; `changes` replace fields of it."""
    signed = (
        SignatureBlock("report", "Dana Whitcomb", "Behavior technician", "Author of the report",
                       at(11, 52), drawn(), "ed25519:5f0c11a2", DIGEST),
        SignatureBlock("nurse", "Maria Chen", "School nurse", "Nurse check", at(12, 5),
                       Ink("typed", "Maria Chen"), "ed25519:90aa7c3e", "77ab" * 16),
    )  # fmt: skip
    made = RecordDocument(
        number="BER-2026-0001", revision=1, state="signed", form=form(), answers=answers(),
        people=people(), signatures=signed, notices=notices(),
        attachments=(AttachmentLine("scan.pdf", "application/pdf", 182_400, "c3" * 32, at(12, 8)),),
        event_at=at(10, 9), subject_id=MATEO, letters={LUCJA: "A", HUY: "B"},
        statements=(PartAnswers("statement:1", "Statement of Priya Raman, Teacher", {
            "statement_view": ["took_part"],
            "statement_text": f"I held with Dana. {{@{LUCJA}}} sat in front of me.",
            "statement_own": True}),),
        reported_by="Dana Whitcomb", entered_by="Loretta Haines", digest=DIGEST,
    )  # fmt: skip
    return replace(made, **changes)


def mark(kind: str = "school", **changes: Any) -> CopyMark:
    """The mark of the first copy, made the next morning."""
    whom = "Rosa Núñez, mother" if kind == "parent" else "the student's file"
    made = CopyMark(kind, 1, at(9, 40, day=13), "Tom Becker, Principal", whom,
                    qr_payload=PAYLOAD, audit_seq=42, audit_head=AUDIT_HEAD)  # fmt: skip
    return replace(made, **changes)
