"""The shipped form under each pack: it loads, and nothing in it is out of reach or unreadable."""

from __future__ import annotations

from functools import cache

import pytest
from ber_answers import SCENARIOS, fill, filled, form, session, training_choices

from bt_desktop.form_engine import (
    FormSession,
)
from bt_desktop.form_engine.definition import Field, Form, say

_ASKS_NOTHING = ("calculate", "note")
_DRAWN = ("body_map", "image", "signature")  # answered with a pointer, not typed


@cache
def _sessions(pack: str | None) -> tuple[FormSession, ...]:
    return tuple(filled(name, pack) for name in SCENARIOS)


def _fields(of: Form) -> list[Field]:
    """Every question of the file; the texts that `other` opens have tests of their own."""
    return [f for s in of.sections for f in s.fields if f.other_of is None]


def _paths(page: FormSession) -> list[str]:
    return [p for s in page.sections() for p in page.paths(s.name)]


@pytest.mark.parametrize("program", ["cpi", "pro_act", "safety_care", "mandt", "other"])
def test_the_holds_of_every_training_program_can_take_the_lists_place(program: str) -> None:
    loaded = form("us-ca", program)
    assert loaded.choices["hold_names"] == (training_choices(program) or {})["hold_names"]
    assert loaded.choices["hold_names"][-1].name == "other"


@pytest.mark.parametrize(
    ("pack", "title"),
    [
        (None, "Physical intervention report"),
        ("us-ca", "Behavior Emergency Report"),
        ("us-ok", "Restraint and Seclusion Report"),
    ],
)
def test_a_pack_names_the_form(pack: str | None, title: str) -> None:
    assert say(form(pack).title) == title


@pytest.mark.parametrize("pack", ["us-ca", "us-ok"])
def test_no_pack_calls_itself_checked_before_somebody_has_checked_it(pack: str) -> None:
    loaded = form(pack).pack
    assert loaded is not None
    assert not loaded.is_verified


def test_the_sections_come_in_the_order_in_which_an_event_is_told() -> None:
    labels = [say(s.label) for s in form().sections]
    told = [
        "What happened",
        "Student",
        "When and where",
        "People",
        "Before",
        "Behavior",
        "De-escalation",
        "Holds",
        "Monitoring checks",
        "How it ended",
        "Injuries",
        "Nurse check",
        "Property",
        "Police, EMS",
        "Parent told",
        "Follow-up",
        "Debrief: the student",
        "Sign",
    ]
    assert [label for label in labels if label in told] == told


def test_before_anything_is_answered_only_what_every_event_needs_is_asked() -> None:
    page = session(form())
    shown = [s.name for s in page.sections("report") if s.relevant]
    assert shown == [
        "triage",
        "student_section",
        "when_where",
        "people",
        "how_it_ended",
        "sign",
    ]


@pytest.mark.parametrize(
    ("happened", "brings", "leaves_out"),
    [
        (["physical_restraint"], {"holds", "monitoring", "de_escalation"}, {"seclusion"}),
        (["mechanical_restraint"], {"holds", "monitoring"}, {"seclusion", "property"}),
        (["seclusion"], {"seclusion", "monitoring"}, {"holds"}),
        (["timeout"], {"de_escalation", "injuries"}, {"holds", "seclusion", "monitoring"}),
        (["escort"], {"de_escalation"}, {"holds", "review", "nurse_check"}),
        (["personal_safety"], {"de_escalation"}, {"holds"}),
        (["property_damage"], {"property", "review", "parent_told"}, {"holds", "debrief_student"}),
        (["injury"], {"injuries", "behavior"}, {"property", "holds"}),
        (["elopement"], {"before", "behavior"}, {"holds"}),
        (["police_ems"], {"outside_help"}, {"holds"}),
        (["none"], set(), {"before", "behavior", "injuries", "parent_told", "review"}),
    ],
)
def test_what_happened_decides_which_sections_show(
    happened: list[str], brings: set[str], leaves_out: set[str]
) -> None:
    page = session(form())
    page.set("/what_happened", happened)
    shown = {s.name for s in page.sections() if s.relevant}
    assert brings <= shown
    assert not leaves_out & shown


def test_in_california_only_a_statute_or_a_state_report_can_stop_a_signature() -> None:
    for asked in _fields(form("us-ca")):
        # A review that returns the report says why: our own rule, and it holds up no signature but
        # the one of that return.
        if asked.required and asked.section != "review_remarks":
            assert asked.reason in ("statute", "state_report"), asked.name
            assert asked.cite, asked.name


def test_a_pack_that_nobody_has_read_up_on_requires_nothing_as_law() -> None:
    bare = {f.name: bool(f.required) for f in _fields(form(None))}
    for asked in _fields(form("us-ok")):
        assert asked.reason != "statute", asked.name
        assert bool(asked.required) == bare[asked.name], asked.name
        if asked.cite:
            assert "not checked" in asked.cite, asked.name


def test_what_california_forbids_can_be_recorded_and_is_flagged() -> None:
    loaded = form("us-ca")
    flagged = {
        (name, c.name): c.cite for name, cs in loaded.choices.items() for c in cs if c.prohibited
    }
    assert flagged["positions", "prone"] == "EC 49005.8(a)(5), 56521.1(d)(3)"
    assert {c for name, c in flagged if name == "technique_facts"} == {
        "prone",
        "airway",
        "back_pressure",
        "face_covered",
        "four_limbs",
        "locked",
        "too_much_force",
    }
    assert all(flagged.values())
    assert not any(c.prohibited for cs in form(None).choices.values() for c in cs)

    page = fill(filled(), {"/holds[1]/position": "prone"})
    assert page.view("/holds[1]/position").value == "prone"
    issue = page.view("/holds[1]/position").issue
    assert issue is not None
    assert (issue.severity, "49005.8(a)(5)" in issue.sentence) == ("warning", True)
    assert "unverified" in issue.sentence


# --- what a parent's copy may show ---------------------------------------------------------------


def test_the_parents_copy_holds_what_a_parent_is_owed() -> None:
    owed = {
        *("student", "event_date", "event_began", "event_ended", "location", "setting"),
        *("antecedents", "behaviors", "tried", "tried_effect"),
        *("start", "end", "minutes", "staff_holding", "position", "held_minutes", "hold_count"),
        *("ended_how", "student_hurt", "injury", "injury_region", "injury_side"),
        *("nurse_seen_at", "nurse_findings", "nurse_regions", "medical_referral"),
        *("iep_scheduled_on", "fba_decision", "interim_decision", "referred_on", "new_behavior"),
    }
    kept_back = {
        *("narrative", "danger_why", "less_restrictive", "function_guess", "severity"),
        *("students_involved", "students_witness", "staff_hurt", "others_hurt"),
        *("hurt_group", "hurt_staff", "hurt_student", "hurt_injury", "hurt_region"),
        *("review_findings", "review_result", "debrief_trigger", "statement_text"),
        *("damage_cost", "nurse_note", "notice_person", "notice_note"),
    }
    of = form("us-ca")
    assert {name for name in owed if of.field(name).privacy != "parent"} == set()
    assert {name for name in kept_back if of.field(name).privacy == "parent"} == set()


def test_injuries_of_others_stand_in_a_section_that_no_parent_sees() -> None:
    of = form("us-ca")
    assert all(f.privacy != "parent" for f in of.section("other_injuries").fields)
    assert all(f.privacy != "parent" for f in of.section("other_students").fields)
