"""A record that another service begins: what is known stands in it, as if it had been typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from bt_desktop.errors import Denied
from bt_desktop.models.audit import AuditEntry
from bt_desktop.models.records import Record
from bt_desktop.services.health.error_report import TYPES, answers_of, error_types
from bt_desktop.services.health.model import DoseRecord, Quantity
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import School
from tests.health.test_stored import ORDER

FORM = "medication_error"


def dose(school: School, **changes: object) -> DoseRecord:
    at = AFTERNOON.replace(hour=12, minute=5)
    given: dict[str, object] = {
        "id": "d1",
        "order_id": "o1",
        "student_id": school.ids["lucja"],
        "outcome": "given",
        "at": at,
        "entered_at": at,
        "by_user": "u1",
        "due_at": at.replace(minute=0),
        "given": Quantity(Decimal(15), "mg"),
        "route": "oral",
        "broken": ("R7",),
    }
    return DoseRecord(**(given | changes))  # type: ignore[arg-type]  # fields by name


def begun(school: School, workspace: Workspace, told: DoseRecord) -> str:
    answers = answers_of(told, ORDER, school.ids["dana"])
    return workspace.records.start(FORM, answers=answers)


def test_a_dose_begins_the_report_with_what_it_knows(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school))
    opened = maria.records.open(record)
    assert {name: opened.answers[name] for name in (
        "student", "medicine", "ordered_dose", "ordered_time", "ordered_route", "given_medicine",
        "given_dose", "given_route", "given_by", "error_types", "reached", "given_any",
    )} == {
        "student": school.ids["lucja"],
        "medicine": "Methylphenidate 10 mg tablet",
        "ordered_dose": "7.5 mg",
        "ordered_time": "12:00",
        "ordered_route": "oral",
        "given_medicine": "Methylphenidate 10 mg tablet",
        "given_dose": "15 mg",
        "given_route": "oral",
        "given_by": school.ids["dana"],
        "error_types": ["wrong_dose"],
        "reached": "yes",
        "given_any": "yes",
    }  # fmt: skip
    assert datetime.fromisoformat(opened.answers["given_at"]) == AFTERNOON.replace(
        hour=12, minute=5
    )
    assert opened.event_at == AFTERNOON.replace(hour=12, minute=5)
    assert opened.state == "draft"


def test_the_roster_is_not_asked_twice(school: School) -> None:
    maria = school.sign_in("maria")
    answers = maria.records.open(begun(school, maria, dose(school))).answers
    lucja = maria.people.get(school.ids["lucja"])
    assert lucja.birth_date
    assert answers["student_birth_date"] == lucja.birth_date.isoformat()
    assert answers["student_grade"] == lucja.grade
    assert "plan_status" not in answers  # this form does not ask it


def test_lists_know_whom_it_is_about_and_the_giver_may_read_it(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school))
    with maria._context.store.read() as session:
        row = session.get_one(Record, record)
        assert row.subject_id == school.ids["lucja"]
    dana = school.sign_in("dana")
    assert [one.id for one in dana.records.list()] == [record]
    assert dana.records.open(record).answers["given_dose"] == "15 mg"
    assert [one.id for one in school.sign_in("priya").records.list()] == []


def test_it_goes_on_as_any_draft(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school))
    answers = {**maria.records.open(record).answers, "narrative": "I gave two."}
    maria.records.save_draft(record, "report", answers)
    assert school.sign_in("maria").records.open(record).answers == answers


def test_what_a_form_does_not_list_is_asked_as_ever(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school, route="by balloon", broken=("R99",)))
    answers = maria.records.open(record).answers
    assert "given_route" not in answers
    assert "error_types" not in answers


@pytest.mark.parametrize("name", ["nothing_asked", "review_result", "pulse"])
def test_a_name_that_the_report_does_not_ask_begins_nothing(school: School, name: str) -> None:
    maria = school.sign_in("maria")
    with pytest.raises(KeyError):
        maria.records.start(FORM, answers={name: "x"})
    with maria._context.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Record)) == 0


def test_nobody_begins_what_they_may_not(school: School) -> None:
    with pytest.raises(Denied):
        school.sign_in("amir").records.start(FORM, answers={"medicine": "Ibuprofen"})


def test_the_trail_says_that_it_was_begun_and_no_word_of_it(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school))
    with maria._context.store.read() as session:
        bodies = [json.loads(one) for one in session.scalars(select(AuditEntry.body))]
    [entry] = [one for one in bodies if one["action"] == "record.start"]
    assert record in json.dumps(entry)
    assert "Methyl" not in json.dumps(bodies)


# --- what a dose tells ---------------------------------------------------------------------------


def test_a_dose_left_out_counts_from_when_it_was_due(school: School) -> None:
    told = answers_of(dose(school, outcome="O", given=None, broken=()), ORDER)
    assert (told["error_types"], told["given_any"]) == (("omitted",), "no")
    assert told["event_began"] == AFTERNOON.replace(hour=12, minute=0)
    assert told["ordered_time"] == time(12)
    assert not {name for name in told if name.startswith("given_")} - {"given_any"}


def test_an_emergency_dose_without_an_order_says_what_was_given(school: School) -> None:
    told = answers_of(
        dose(school, order_id=None, due_at=None, medicine_text="Epinephrine 0.15 mg", broken=())
    )
    assert told["medicine"] == told["given_medicine"] == "Epinephrine 0.15 mg"
    assert not {name for name in told if name.startswith("ordered_")}


def test_each_broken_rule_speaks_for_a_type_that_the_form_lists(school: School) -> None:
    from bt_desktop.form_engine import load_form

    listed = {choice.name for choice in load_form(FORM).choices_of("error_types")}
    assert set(TYPES.values()) <= listed
    twice = dose(school, broken=("R7", "R8", "R14"))
    assert error_types(twice) == ("wrong_dose", "extra")
    asked = set(load_form(FORM).fields())
    assert set(answers_of(twice, ORDER, "staff:x")) <= asked


def test_a_moment_of_another_offset_is_the_same_moment(school: School) -> None:
    at = AFTERNOON.replace(hour=12, minute=5)
    maria = school.sign_in("maria")
    record = begun(school, maria, dose(school, at=at.astimezone(UTC)))
    assert datetime.fromisoformat(maria.records.open(record).answers["given_at"]) == at
