"""Medication errors in the vault: who writes, reads, reviews and prints them; a parent's notice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.audit import AuditEntry
from bt_desktop.services.problems import NoSuchRecord, NotYoursToSign, Unfinished, UnsettledNames
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink
from tests.first_aid import (
    begun_medication_error,
    signed_medication_error,
    type_part,
)

FORM = "medication_error"
TOLD = "She was given two tablets for one. We watched her for two hours."


def sign(workspace: Workspace, record: str, part: str = "report") -> None:
    workspace.records.sign_part(record, part, PASSWORD, ink(workspace.actor.name))


def review(school: School, who: str, record: str, result: str = "complete") -> Workspace:
    workspace = school.sign_in(who, says="review")
    workspace.records.begin(record, "review")
    typed = {
        "/review_findings": "The counter is too busy at noon.",
        "/review_category": "D",
        "/review_result": result,
    }
    type_part(school, workspace, record, typed, "review")
    sign(workspace, record, "review")
    return workspace


@pytest.mark.parametrize("who", ["dana", "olga", "maria", "tom"])
def test_whoever_gave_a_wrong_dose_writes_it_down_and_signs_it(school: School, who: str) -> None:
    record = signed_medication_error(school, who)
    opened = school.sign_in(who).records.open(record)
    assert (opened.number, opened.state) == ("MED-2026-0001", "signed")
    assert opened.answers["given_dose"] == "20 mg"


def test_an_auditor_begins_none_and_reads_every_one(school: School) -> None:
    record = signed_medication_error(school)
    amir = school.sign_in("amir", says="request")
    with pytest.raises(Denied):
        amir.records.start(FORM)
    assert amir.records.open(record).answers["narrative"]


def test_at_the_counter_nobody_knows_of_another_persons_error(school: School) -> None:
    record = signed_medication_error(school, "maria")
    olga = school.sign_in("olga")
    assert olga.records.list(RecordFilter(form=FORM)) == ()
    assert olga.notices.list() == ()
    for deed in (
        lambda: olga.records.open(record),
        lambda: olga.records.notices(record),
        lambda: olga.copies.school_copy(record),
        lambda: olga.records.attach(record, "a.pdf", "application/pdf", b"%PDF-1.4 a"),
    ):
        with pytest.raises((NoSuchRecord, Denied)):
            deed()


def test_who_is_named_in_it_reads_it_and_adds_their_own_account(school: School) -> None:
    maria = school.sign_in("maria")
    record = begun_medication_error(school, maria, more={"/given_by": "staff:p-dana"})
    dana = school.sign_in("dana")
    assert dana.records.open(record).answers["given_by"] == school.ids["dana"]
    assert dana.records.add_statement(record).startswith("statement:")
    with pytest.raises(NoSuchRecord):
        school.sign_in("priya").records.open(record)


def test_it_waits_for_an_administrator_who_did_not_write_it(school: School) -> None:
    record = signed_medication_error(school, "tom")
    tom = school.sign_in("tom", says="review")
    assert [one.record_id for one in tom.records.reviews.queue()] == []
    assert "own" in tom.records.open(record).why_not["review"]
    other = signed_medication_error(school, "maria")
    assert [one.record_id for one in tom.records.reviews.queue()] == [other]
    review(school, "tom", other)
    assert tom.records.open(other).state == "final"


def test_the_nurse_signs_follow_up_and_no_review(school: School) -> None:
    record = signed_medication_error(school)
    maria = school.sign_in("maria")
    with pytest.raises((Denied, NotYoursToSign)):
        maria.records.begin(record, "review")
    maria.records.begin(record, "follow_up")
    typed = {
        "/next_day_on": "11/12/2026",
        "/next_day_result": "Well.",
        "/corrective_steps": ["retraining"],
        "/corrective_detail": "No phone at the counter.",
        "/retrained": ["staff:p-dana"],
        "/retrained_on": "11/12/2026",
        "/retrained_by": "staff:p-maria",
        "/family_told_on": "11/12/2026",
    }
    type_part(school, maria, record, typed, "follow_up")
    sign(maria, record, "follow_up")
    parts = {one.part: one.state for one in maria.records.open(record).parts}
    assert parts["follow_up"] == "signed"


def test_a_delegate_corrects_what_the_review_sent_back(school: School) -> None:
    record = signed_medication_error(school)
    tom = school.sign_in("tom", says="review")
    tom.records.begin(record, "review")
    typed = {
        "/review_result": "returned",
        "/review_remarks[1]/remark": "Say how many tablets were in the cup.",
    }
    type_part(school, tom, record, typed, "review")
    sign(tom, record, "review")
    dana = school.sign_in("dana")
    assert [one.record_id for one in dana.records.reviews.returned()] == [record]
    dana.records.amend(record, "report", "correction", "Two tablets were in the cup.")
    type_part(school, dana, record, {"/given_dose": "20 mg, two tablets"})
    sign(dana, record)
    assert dana.records.open(record).answers["given_dose"] == "20 mg, two tablets"


def test_no_signature_before_a_parent_was_tried_or_poison_control_answered_for(
    school: School,
) -> None:
    dana = school.sign_in("dana")
    record = begun_medication_error(school, dana, more={"/poison_called": "no"})
    assert {i.path for i in dana.records.check(record, "report")} == {
        "/poison_called",
        "/no_attempt_why",
    }
    with pytest.raises(Unfinished):
        sign(dana, record)
    type_part(school, dana, record, {"/no_attempt_why": "Her mother stood beside her."})
    assert [i.severity for i in dana.records.check(record, "report")] == ["warning"]


def test_a_count_of_the_schools_own_stock_is_about_no_student(school: School) -> None:
    record = signed_medication_error(school, "maria", "stock_count")
    maria = school.sign_in("maria")
    opened = maria.records.open(record)
    assert opened.answers["count_difference"] == -1.5
    assert "student" not in opened.answers
    assert maria.notices.list() == ()


def test_the_trail_names_nobody_and_no_medicine(school: School) -> None:
    signed_medication_error(school)
    tom = school.sign_in("tom")
    with tom._context.store.read() as session:
        told = b" ".join(session.scalars(select(AuditEntry.body)))
    for never in (b"Kowalczyk", b"Methyl", b"20 mg", b"tablets"):
        assert never not in told


# --- what a parent gets --------------------------------------------------------------------------


def mother(school: School) -> str:
    return school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother")
    )


def test_the_nurse_releases_the_notice_and_the_front_office_does_not(school: School) -> None:
    anna = mother(school)
    record = signed_medication_error(school)
    maria = school.sign_in("maria")
    [due] = maria.notices.list()
    assert due.paper is not None
    assert (due.paper.name, due.paper.label, due.state) == (FORM, "Medicine error notice", "text")
    with pytest.raises(NoSuchRecord):
        school.sign_in("olga").copies.release_parent_copy(record, anna, TOLD, ())
    copy = maria.copies.release_parent_copy(record, anna, TOLD, ())
    assert copy.sealed
    assert maria.notices.list() == ()


@pytest.mark.parametrize("hidden", ["Mateo", "Huy", "Matoe", "Okafor"])
def test_another_childs_name_is_stopped(school: School, hidden: str) -> None:
    anna = mother(school)
    record = signed_medication_error(school, "maria", "wrong_student")
    told = f"She got the medicine of {hidden}."
    with pytest.raises(UnsettledNames):
        school.sign_in("maria").copies.release_parent_copy(record, anna, told, ())
