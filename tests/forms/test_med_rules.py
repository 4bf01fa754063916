"""Each constraint and warning of the medication error report, by its id (R-MED-nn in the YAML), and
what the report must say and must not: Poison Control, a left-out dose, what is no error, blame."""

from __future__ import annotations

import pytest
from aid_answers import NOW
from ber_answers import LUCJA, MARIA, fill, session
from med_answers import SCENARIOS, WRONG_DOSE, filled, form
from rule_kit import Slip, hears_its_rule, written_rules

from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.definition import say

_TODAY = {"/event_date": "11/13/2026"}
_BEFORE = "11/12/2026 1200"
_FUTURE = "11/13/2026 1100"

RULES: dict[str, Slip] = {
    "R-MED-01": Slip("/reached", "no", scenario="left_out"),
    "R-MED-02": Slip("/student_birth_date", "1/1/2027"),
    "R-MED-03": Slip("/student_birth_date", "1/1/1990", "warning"),
    "R-MED-04": Slip("/other_students", [LUCJA], scenario="wrong_student"),
    "R-MED-05": Slip("/event_date", "11/14/2026"),
    "R-MED-06": Slip("/event_date", "9/1/2026", "warning"),
    "R-MED-07": Slip("/event_began", "1100", first=_TODAY),
    "R-MED-08": Slip("/noticed_at", _BEFORE),
    "R-MED-09": Slip("/ordered_any", "no", "warning"),
    "R-MED-10": Slip("/given_any", "no", "warning"),
    "R-MED-11": Slip("/given_dose", "10  mg", "warning"),
    "R-MED-12": Slip("/given_at", "1100", first=_TODAY),
    "R-MED-13": Slip(
        "/given_route",
        "oral",
        "warning",
        first={"/error_types": ["wrong_route"]},
        scenario="wrong_dose",
    ),
    "R-MED-14": Slip("/count_expected", "-1", scenario="stock_count"),
    "R-MED-15": Slip("/count_found", "-1", scenario="stock_count"),
    "R-MED-16": Slip("/count_found", "6", "warning", scenario="stock_count"),
    "R-MED-17": Slip("/recounted_with", MARIA, scenario="stock_count"),
    "R-MED-18": Slip("/recounted_at", _BEFORE, scenario="stock_count"),
    "R-MED-19": Slip("/diversion", "no", "warning", scenario="stock_count"),
    "R-MED-20": Slip("/missing_told", ["nobody", "police"], scenario="stock_count"),
    "R-MED-21": Slip("/missing_told", ["nobody"], "warning", scenario="stock_count"),
    "R-MED-22": Slip("/missing_told_at", _FUTURE, scenario="stock_count"),
    "R-MED-23": Slip("/poison_called", "no", "warning"),
    "R-MED-24": Slip("/poison_at", _BEFORE),
    "R-MED-25": Slip("/actions", ["none", "watched"]),
    "R-MED-26": Slip("/signs", ["none", "drowsy"]),
    "R-MED-27": Slip("/signs", ["cannot_wake"], "warning"),
    "R-MED-28": Slip("/ems_called_at", _BEFORE, scenario="wrong_student"),
    "R-MED-29": Slip("/watched_until", _FUTURE),
    "R-MED-30": Slip(
        "/vitals[1]/vitals_at", "1101", first=_TODAY | {"/vitals[1]/vitals_at": "0930"}
    ),
    "R-MED-31": Slip("/vitals[1]/avpu", "voice", "warning"),
    "R-MED-32": Slip("/vitals[1]/pulse", "20", "warning"),
    "R-MED-33": Slip("/vitals[1]/respirations", "4", "warning"),
    "R-MED-34": Slip("/vitals[1]/blood_pressure", "60/110", "warning"),
    "R-MED-35": Slip("/vitals[1]/temperature", "37", "warning"),
    "R-MED-36": Slip("/vitals[1]/oxygen", "80", "warning"),
    "R-MED-37": Slip("/vitals[1]/glucose", "40", "warning"),
    "R-MED-38": Slip("/nurse_told", "no", "warning"),
    "R-MED-39": Slip("/nurse_told_at", _BEFORE),
    "R-MED-40": Slip("/administrator_told_at", _FUTURE),
    "R-MED-41": Slip("/physician_told_at", _BEFORE),
    "R-MED-42": Slip("/no_attempt_why", "No.", scenario="left_out"),
    "R-MED-43": Slip("/merp_category", "B"),
    "R-MED-44": Slip("/merp_category", "C", "warning", scenario="wrong_student"),
    "R-MED-45": Slip("/family_next", ["none", "call"]),
    "R-MED-46": Slip("/causes", ["unknown", "staffing"]),
    "R-MED-47": Slip("/nurse_seen_at", _BEFORE),
    "R-MED-48": Slip("/next_day_on", "11/11/2026"),
    "R-MED-49": Slip("/corrective_steps", ["none", "talk"]),
    "R-MED-50": Slip("/retrained_on", "11/11/2026"),
    "R-MED-51": Slip("/family_told_on", "11/11/2026"),
    "R-MED-52": Slip("/review_category", "E", "warning"),
    "R-MED-53": Slip("/risk_sent_on", "11/11/2026"),
    "R-MED-54": Slip("/written_on", "11/11/2026"),
    "R-MED-55": Slip("/written_on", "11/13/2026", "warning"),
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_mistake_gets_the_sentence_of_its_rule(rule: str) -> None:
    hears_its_rule(lambda named: filled(named or "wrong_dose"), RULES[rule])


def test_every_rule_of_the_form_is_tested() -> None:
    written, rules = written_rules("medication_error")
    assert len(written) == len(set(written)) == rules
    assert set(written) == set(RULES)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"not_called"}))
def test_a_complete_set_has_nothing_open(scenario: str) -> None:
    assert filled(scenario).issues() == ()


# --- Poison Control ------------------------------------------------------------------------------

CALLED_FOR = ("wrong_student", "wrong_medicine", "wrong_dose", "extra", "wrong_route")


def _of(*kinds: str, reached: str = "yes") -> FormSession:
    return fill(
        session(form(), NOW), {"/error_types": list(kinds), "/student": LUCJA, "/reached": reached}
    )


def test_poison_control_is_asked_for_where_a_wrong_thing_went_into_the_student() -> None:
    for choice in form().choices_of("error_types"):
        page = _of(choice.name)
        assert page.view("/poison_called").relevant is (choice.name in CALLED_FOR), choice.name
        assert not _of(choice.name, reached="no").view("/poison_called").relevant


def test_the_number_stands_there_until_somebody_called() -> None:
    page = _of("wrong_dose")
    note = page.view("/poison_now")
    assert note.relevant
    assert note.field.looks("alarm")
    assert "1-800-222-1222" in say(note.label)
    assert "1-800-222-1222" in say(page.view("/poison_called").label)
    page.set("/poison_called", "no")
    assert page.view("/poison_now").relevant
    page.set("/poison_called", "yes")
    assert not page.view("/poison_now").relevant


def test_a_danger_sign_with_911_called_says_nothing_more() -> None:
    page = filled("wrong_student")
    assert not page.view("/signs").issue
    page.set("/outcome", ["watched_class"])
    assert page.view("/signs").issue


# --- what is an error, and how far it went -------------------------------------------------------


def test_the_form_says_what_is_no_error_and_where_that_is_noted() -> None:
    said = say(session(form(), NOW).view("/not_an_error").label)
    for word in ("refused", "keep it down", "no supply", "hold", "medication record instead"):
        assert word in said


def test_a_left_out_dose_has_reached_the_student() -> None:
    page = filled("left_out")
    assert page.view("/reached").issue is None
    page.set("/reached", "no")
    assert [i.severity for i in page.issues("report") if i.path == "/reached"] == ["error"]


@pytest.mark.parametrize("category", "ABCDEFGHI")
def test_a_category_goes_with_whether_it_reached_the_student(category: str) -> None:
    page = fill(filled(), {"/merp_category": category})
    found = [i.severity for i in page.issues("report") if i.path == "/merp_category"]
    assert found == (["error"] if category in "AB" else [])
    page = fill(filled("near_miss"), {"/merp_category": category})
    found = [i.severity for i in page.issues("report") if i.path == "/merp_category"]
    assert found == ([] if category in "AB" else ["warning"])


def test_every_category_has_plain_words() -> None:
    labels = [say(c.label) for c in form().choices_of("merp_category")]
    assert [label[:3] for label in labels] == [f"{letter}: " for letter in "ABCDEFGHI"]


# --- the count -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "found", "difference"),
    [("30", "29", -1), ("30", "31.5", 1.5), ("0.3", "0.1", -0.2), ("30", None, None)],
)
def test_the_difference_is_worked_out(
    expected: str, found: str | None, difference: float | None
) -> None:
    page = fill(filled("stock_count"), {"/count_expected": expected, "/count_found": found})
    assert page.view("/count_difference").value == difference


def test_a_count_is_asked_only_where_a_count_is_off() -> None:
    assert not filled().view("/count_expected").relevant
    assert filled("stock_count").view("/count_expected").relevant
    assert not filled("stock_count").view("/student").relevant


# --- R28's sister: a parent is told --------------------------------------------------------------


def _errors(page: FormSession) -> set[str]:
    return {i.path for i in page.issues("report") if i.severity == "error"}


def test_no_signature_before_somebody_tried_to_reach_a_parent_or_says_why_not() -> None:
    page = filled()
    for row in reversed(page.rows("parent_told")):
        page.remove_row(row)
    assert _errors(page) == {"/no_attempt_why"}
    page.set("/no_attempt_why", "Her mother stood beside her.")
    assert _errors(page) == set()


def test_nobody_need_be_called_about_what_never_reached_the_student() -> None:
    page = filled("near_miss")
    for row in reversed(page.rows("parent_told")):
        page.remove_row(row)
    assert _errors(page) == set()


# --- R30: what was measured stands ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "odd"),
    [("pulse", "300"), ("respirations", "90"), ("blood_pressure", "strong"),
     ("temperature", "20"), ("oxygen", "101"), ("glucose", "900")],
)  # fmt: skip
def test_r30_asks_about_an_odd_number_and_never_refuses_it(name: str, odd: str) -> None:
    page = fill(filled(), {f"/vitals[1]/{name}": odd})
    assert [(i.path, i.severity) for i in page.issues("report")] == [
        (f"/vitals[1]/{name}", "warning")
    ]
    page.set_reason(f"/vitals[1]/{name}", "Measured twice.")
    assert page.issues("report") == ()


# --- who may read what ---------------------------------------------------------------------------

_INTERNAL = {
    *("given_by", "causes", "cause_detail", "merp_category", "review_category", "diversion"),
    *("missing_told", "corrective_steps", "corrective_detail", "retrained", "retrained_by"),
    *("no_attempt_why", "order_checked", "count_solved", "review_findings"),
}


def test_no_cause_no_blame_no_retraining_and_no_suspicion_is_for_a_parent_or_the_staff() -> None:
    assert {name for name in _INTERNAL if form().field(name).privacy != "internal"} == set()
    for asked in form().fields().values():
        if asked.privacy == "parent":
            assert asked.type not in ("text", "person", "staff", "image", "note"), asked.name


def test_the_questions_that_a_dose_fills_are_named_as_it_expects_them() -> None:
    expected = {"student", "event_date", "event_began", "error_types", "medicine", "ordered_dose",
                "ordered_time", "ordered_route", "given_medicine", "given_dose", "given_at",
                "given_route", "given_by"}  # fmt: skip
    assert expected <= set(form().fields())
    assert {f"/{name}" for name in expected} <= set(WRONG_DOSE)
