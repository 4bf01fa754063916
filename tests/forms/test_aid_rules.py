"""Each constraint and warning of the first aid report, by its id (R-AID-nn in the YAML), and the
rules R27, R28 and R30 of the health office's list."""

from __future__ import annotations

import pytest
from aid_answers import MARIA, NOW, check, filled, form
from ber_answers import LUCJA, fill, session
from rule_kit import Slip, hears_its_rule, written_rules

from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.body_drawing import drawing

_TODAY = {"/event_date": "11/13/2026"}
_HEAD = "/head_checks[2]"

RULES: dict[str, Slip] = {
    "R-AID-01": Slip("/student_birth_date", "1/1/2027"),
    "R-AID-02": Slip("/student_birth_date", "1/1/1990", "warning"),
    "R-AID-03": Slip("/event_date", "11/14/2026"),
    "R-AID-04": Slip("/event_date", "9/1/2026", "warning"),
    "R-AID-05": Slip("/event_began", "1100", first=_TODAY),
    "R-AID-06": Slip("/seen_at", "1005"),
    "R-AID-07": Slip("/seen_at", "1130", "warning"),
    "R-AID-08": Slip("/contributing", ["none_known", "wet"]),
    "R-AID-09": Slip("/accounts[1]/account_at", "1100", first=_TODAY),
    "R-AID-10": Slip(
        "/injuries[2]/injury_skin_broken",
        "yes",
        "warning",
        first={"/injuries[2]/injury": "bite_human"},
    ),
    "R-AID-11": Slip("/head_bump", "no"),
    "R-AID-12": Slip("/head_bump", "no", "warning", first={"/injuries[1]/injury_region": "face"}),
    "R-AID-13": Slip("/head_sleep", ["none", "more"], scenario="earlier_day"),
    "R-AID-14": Slip(f"{_HEAD}/head_checked_at", "1005"),
    "R-AID-15": Slip("/head_checks[4]/head_checked_at", "1053", "warning"),
    "R-AID-16": Slip(f"{_HEAD}/head_observed", ["none", "dazed"]),
    "R-AID-17": Slip(f"{_HEAD}/head_physical", ["none", "headache"]),
    "R-AID-18": Slip(f"{_HEAD}/head_cognitive", ["none", "foggy"]),
    "R-AID-19": Slip(f"{_HEAD}/head_emotional", ["none", "sad"]),
    "R-AID-20": Slip(f"{_HEAD}/head_danger", ["none", "pupil"]),
    "R-AID-21": Slip("/vitals[1]/vitals_at", "1005"),
    "R-AID-22": Slip("/vitals[1]/avpu", "voice", "warning"),
    "R-AID-23": Slip("/vitals[1]/pulse", "20", "warning"),
    "R-AID-24": Slip("/vitals[1]/respirations", "4", "warning"),
    "R-AID-25": Slip("/vitals[1]/blood_pressure", "60/110", "warning"),
    "R-AID-26": Slip("/vitals[1]/temperature", "37", "warning"),
    "R-AID-27": Slip("/vitals[1]/oxygen", "80", "warning"),
    "R-AID-28": Slip("/vitals[1]/glucose", "40", "warning"),
    "R-AID-29": Slip("/vitals[1]/pain", "11", "warning"),
    "R-AID-30": Slip("/vitals[1]/pupils", "unequal", "warning"),
    "R-AID-31": Slip("/vitals[1]/gcs", "9", "warning"),
    "R-AID-32": Slip("/first_aid[1]/treated_at", "1005"),
    "R-AID-33": Slip("/first_aid[1]/treated_minutes", "900", "warning"),
    "R-AID-34": Slip(
        "/medicine_at", "1100", first=_TODAY | {"/event_began": "9a"}, scenario="earlier_day"
    ),
    "R-AID-35": Slip("/students_present", "-1"),
    "R-AID-36": Slip("/adults_present", "501"),
    "R-AID-37": Slip("/students_involved", [LUCJA]),
    "R-AID-38": Slip("/students_witness", [LUCJA]),
    "R-AID-39": Slip("/disposition", ["class"], first={f"{_HEAD}/head_danger": ["vomiting"]}),
    "R-AID-40": Slip(
        "/disposition",
        ["home"],
        "warning",
        first={
            "/head_checks[3]/head_checked_at": "1040",
            "/head_checks[4]/head_checked_at": "1042",
        },
    ),
    "R-AID-41": Slip("/time_out", "1005"),
    "R-AID-42": Slip("/sent_with_id", "no", "warning", scenario="variant_b"),
    "R-AID-43": Slip("/restricted_until", "11/11/2026"),
    "R-AID-44": Slip("/ems_called_at", "1100", first=_TODAY, scenario="variant_c"),
    "R-AID-45": Slip("/ems_arrived_at", "1020", scenario="variant_c"),
    "R-AID-46": Slip("/no_attempt_why", "No.", scenario="earlier_day"),
    "R-AID-47": Slip("/override_reason", "Fine.", scenario="exception"),
    "R-AID-48": Slip("/unsafe_act", ["none", "pushing"]),
    "R-AID-49": Slip("/unsafe_condition", ["none", "floor"]),
    "R-AID-50": Slip("/linked_records", ["none", "ber"]),
    "R-AID-51": Slip("/nurse_seen_at", "1005"),
    "R-AID-52": Slip("/next_day_on", "11/11/2026"),
    "R-AID-53": Slip("/days_missed", "-1"),
    "R-AID-54": Slip("/days_missed", "90", "warning"),
    "R-AID-55": Slip("/restriction_end", "11/11/2026"),
    "R-AID-56": Slip("/risk_sent_on", "11/11/2026"),
    "R-AID-57": Slip("/written_on", "11/11/2026"),
    "R-AID-58": Slip("/written_on", "11/13/2026", "warning"),
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_mistake_gets_the_sentence_of_its_rule(rule: str) -> None:
    hears_its_rule(lambda named: filled(named or "variant_a"), RULES[rule])


def test_every_rule_of_the_form_is_tested() -> None:
    written, rules = written_rules("first_aid")
    assert len(written) == len(set(written)) == rules
    assert set(written) == set(RULES)


# --- R27: 30 minutes, and no way back to class with a danger sign --------------------------------


def _errors(page: FormSession, part: str | None = "report") -> set[str]:
    return {i.path for i in page.issues(part) if i.severity == "error"}


_DANGERS = {
    "a danger sign in a check": {"/head_checks[3]/head_danger": ["pupil"]},
    "consciousness lost, seen in a check": {"/head_checks[1]/head_observed": ["unconscious"]},
    "consciousness lost, told": {"/head_loss": "yes", "/head_loss_how_long": "A second"},
    "a seizure": {"/head_seizure": "yes"},
    "29 minutes": {
        "/head_checks[3]/head_checked_at": "1043",
        "/head_checks[4]/head_checked_at": "1044",
    },
}


@pytest.mark.parametrize("back", ["class", "observed_class"])
@pytest.mark.parametrize("danger", _DANGERS.values(), ids=_DANGERS)
def test_r27_refuses_back_to_class(danger: dict[str, object], back: str) -> None:
    page = fill(filled(), {"/disposition": [back]})
    assert _errors(page) == set()
    fill(page, danger)
    assert _errors(page) == {"/disposition"}


@pytest.mark.parametrize("next_", ["home", "doctor", "nurse", "ems_transported"])
def test_r27_lets_everything_else_be_recorded(next_: str) -> None:
    more = {"/sent_with": "Her mother", "/sent_with_id": "yes", "/ems_called_at": "1046"}
    page = fill(filled(), _DANGERS["a danger sign in a check"] | {"/disposition": [next_]})
    page = fill(page, {k: v for k, v in more.items() if page.view(k).relevant})
    assert _errors(page) == set()


def test_r27_gives_way_to_an_exception_with_a_reason_in_a_part_of_its_own() -> None:
    page = fill(filled(), _DANGERS["29 minutes"])
    assert page.form.section("exception").part == "override"
    assert _errors(page, "override") == {"/override_by", "/override_reason"}
    fill(page, {"/override_by": MARIA, "/override_reason": "Seen by her doctor, who agreed."})
    assert _errors(page, None) == set()
    assert page.final_answers("override")["override_at"] == "2026-11-13T10:00:00.000-08:00"


def test_an_exception_is_not_asked_for_where_nothing_stands_in_the_way() -> None:
    page = filled("variant_a")
    assert not page.view("/override_reason").relevant


# --- R28: no signature without a try to reach a parent -------------------------------------------

_NO_CALL = {"/head_bump": "no", "/injuries[1]/injury_region": "knee", "/disposition": ["class"]}
_SERIOUS = {
    "head": {"/injuries[1]/injury_region": "head", "/head_bump": "yes"},
    "neck": {"/injuries[1]/injury_region": "neck"},
    "spine": {"/injuries[1]/injury_region": "spine"},
    "possible fracture": {"/injuries[1]/injury": "fracture"},
    "EMS": {"/disposition": ["ems_transported"], "/ems_called_at": "1020"},
    "EMS, not taken": {"/disposition": ["ems_not_transported"], "/ems_called_at": "1020"},
    "ER": {"/disposition": ["emergency_room"]},
}


def _untold(**more: object) -> FormSession:
    page = filled()
    for row in reversed(page.rows("parent_told")):
        page.remove_row(row)
    return fill(page, {**_NO_CALL, "/cause": "fall_level", **more})


def test_r28_is_silent_about_a_small_injury() -> None:
    assert _errors(_untold()) == set()


@pytest.mark.parametrize("serious", _SERIOUS.values(), ids=_SERIOUS)
def test_r28_stops_the_signature_until_somebody_tried_or_says_why_not(
    serious: dict[str, object],
) -> None:
    page = fill(_untold(), serious)
    assert _errors(page) == {"/no_attempt_why"}

    page.add_row("parent_told")
    page.set("/parent_told[1]/notice_time", "1040")
    assert _errors(page) == set()

    page.remove_row("/parent_told[1]")
    page.set("/no_attempt_why", "Her mother stood beside her.")
    assert _errors(page) == set()


def test_r28_is_about_students_only() -> None:
    page = fill(filled("staff"), {"/injuries[1]/injury": "fracture"})
    assert _errors(page) == set()


# --- R30: what was measured stands ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("pulse", "300"),
        ("respirations", "90"),
        ("blood_pressure", "strong"),
        ("temperature", "20"),
        ("oxygen", "101"),
        ("glucose", "900"),
        ("pain", "-1"),
        ("gcs", "2"),
    ],
)
def test_r30_asks_about_an_odd_number_and_never_refuses_it(name: str, odd: str) -> None:
    page = fill(filled(), {f"/vitals[1]/{name}": odd})
    assert [(i.path, i.severity) for i in page.issues("report")] == [
        (f"/vitals[1]/{name}", "warning")
    ]
    page.set_reason(f"/vitals[1]/{name}", "Measured twice.")
    assert page.issues("report") == ()


@pytest.mark.parametrize(
    ("typed", "unit", "asked"),
    [("37", "c", 0), ("98.6", "f", 0), ("98.6", "c", 1), ("37", "f", 1)],
)
def test_a_temperature_is_looked_at_in_its_own_unit(typed: str, unit: str, asked: int) -> None:
    page = fill(filled(), {"/vitals[1]/temperature": typed, "/vitals[1]/temperature_unit": unit})
    assert len(page.issues("report")) == asked


# --- the head checks -----------------------------------------------------------------------------


def _row(page: FormSession, number: int, name: str) -> object:
    return page.view(f"/head_checks[{number}]/{name}").value


def test_each_check_is_due_so_many_minutes_after_the_first_look() -> None:
    page = filled()
    due = [str(_row(page, n, "head_due"))[11:16] for n in (1, 2, 3, 4)]
    assert due == ["10:15", "10:30", "10:45", "10:52"]
    page.set("/seen_at", None)
    assert str(_row(page, 2, "head_due"))[11:16] == "10:25"


@pytest.mark.parametrize(("at", "late"), [("1030", None), ("1035", None), ("1036", 6),
                                          ("1029", None), ("1120", 50)])  # fmt: skip
def test_a_check_more_than_five_minutes_late_is_stamped_late(at: str, late: int | None) -> None:
    page = fill(filled(), {"/head_checks[2]/head_checked_at": at})
    assert _row(page, 2, "head_late") == late
    assert page.view("/head_late_count").value == (1 if late else 0)
    assert page.final_answers("report")["head_checks"][1].get("head_late") == late


def test_when_a_check_was_written_down_is_kept_once_and_for_all() -> None:
    page = filled()
    before = _row(page, 2, "head_entered")
    assert before == "2026-11-13T10:00:00.000-08:00"
    page.set("/head_checks[2]/head_checked_at", "1033")
    page.set("/head_checks[2]/head_checked_at", None)
    assert _row(page, 2, "head_entered") == before


def test_a_late_mark_stands_on_every_copy() -> None:
    form = filled().form
    assert form.field("head_late").privacy == form.field("head_due").privacy == "parent"


@pytest.mark.parametrize(
    ("bump", "region", "needed"),
    [("no", "knee", "no"), ("yes", "knee", "yes"), ("unknown", "knee", "yes"),
     ("no", "head", "yes"), (None, "head", "yes")],
)  # fmt: skip
def test_a_blow_or_a_mark_on_the_head_brings_the_head_block(
    bump: str | None, region: str, needed: str
) -> None:
    page = fill(filled(), {"/injuries[1]/injury_region": region, "/head_bump": bump})
    assert page.view("/head_injury").value == needed
    assert page.view("/head_checks[1]/head_point").relevant is (needed == "yes")


@pytest.mark.parametrize(
    ("scenario", "more", "letter"),
    [
        ("variant_a", {}, "A"),
        ("variant_b", {}, "B"),
        ("variant_c", {}, "C"),
        ("variant_a", {"/head_memory": "yes"}, "B"),
        ("variant_a", {"/head_loss": "yes"}, "C"),
        ("variant_a", {"/head_seizure": "yes"}, "C"),
        ("variant_b", {"/disposition": ["emergency_room"]}, "C"),
        ("variant_b", check(3, "30", "1045", head_danger=["slurred"]), "C"),
        ("exception", {}, "C"),
        ("earlier_day", {}, "C"),
    ],
)
def test_what_was_seen_chooses_the_letter(
    scenario: str, more: dict[str, object], letter: str
) -> None:
    assert fill(filled(scenario), more).view("/head_variant").value == letter


def test_a_danger_sign_raises_the_alarm_in_its_row_and_counts() -> None:
    page = filled()
    alarm = "/head_checks[2]/head_call_911"
    assert not page.view(alarm).relevant
    page.set("/head_checks[2]/head_danger", ["slurred"])
    assert page.view(alarm).relevant
    assert page.view(alarm).field.looks("alarm")
    assert page.view("/head_dangers").value == 1


# --- who may read what ---------------------------------------------------------------------------

_INTERNAL = {
    *("supervisors", "supervision_level", "supervisor_place", "students_present"),
    *("unsafe_act", "unsafe_condition", "corrective_action", "work_order", "contributing"),
    *("override_by", "override_reason", "no_attempt_why", "reporter_note", "doctor_result"),
}


def test_nothing_about_others_supervision_blame_or_suspicion_is_for_a_parent() -> None:
    form = filled().form
    assert {name for name in _INTERNAL if form.field(name).privacy != "internal"} == set()
    for asked in form.fields().values():
        if asked.privacy == "parent":
            assert asked.type not in ("text", "person", "image", "body_map", "note"), asked.name
            assert asked.type != "student" or asked.name == "student"


def test_the_reminder_for_mandated_reporters_is_shown_and_never_answered_or_kept() -> None:
    page = filled()
    assert page.form.field("reporter_note").type == "note"
    assert page.view("/reporter_note").relevant
    assert "reporter_note" not in page.final_answers()


def test_rows_of_head_checks_come_as_the_checklist_has_them() -> None:
    page = session(form(), NOW)
    for _ in range(4):
        page.add_row("head_checks")
    points = [page.view(f"{row}/head_point").value for row in page.rows("head_checks")]
    assert points == ["0", "15", "30", "leaving", "extra"]


def _marked(region: str, view: str) -> dict[str, object]:
    """One mark on the drawing of a child, in the middle of a region."""
    x, y = drawing("child", view).anchor(region)
    mark = {"n": 1, "view": view, "region": region, "x": x, "y": y, "type": "bruise"}
    return {"figure": "child", "marks": [mark]}


@pytest.mark.parametrize(
    ("region", "view", "needed", "asks"),
    [
        ("forehead", "head_front", "yes", True),
        ("back_of_head", "head_back", "yes", True),
        ("temple_left", "head_left", "yes", True),
        ("eye_left", "head_front", "no", True),
        ("nose", "head_front", "no", True),
        ("knee_left", "front", "no", False),
    ],
)
def test_a_mark_on_the_drawing_counts_like_one_on_the_list(
    region: str, view: str, needed: str, asks: bool
) -> None:
    page = fill(filled(), {**_NO_CALL, "/cause": "fall_level"})
    page.set("/body_marks", _marked(region, view))
    assert page.view("/head_marked").value == needed
    assert page.view("/head_injury").value == needed
    assert bool(page.view("/head_bump").issue) is asks


@pytest.mark.parametrize(("region", "view"), [("neck_back", "back"), ("spine", "back")])
def test_r28_sees_neck_and_spine_on_the_drawing(region: str, view: str) -> None:
    page = _untold()
    page.set("/body_marks", _marked(region, view))
    assert "/no_attempt_why" in _errors(page)
