"""First aid in the vault: R27's exception and R28's call, kept by the rights of the parts."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.form_engine import FormSession
from bt_desktop.models.records import Revision
from bt_desktop.paper.asked import asked_and_blank
from bt_desktop.services.problems import NotYoursToSign, Unfinished
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink
from tests.first_aid import SCENARIOS, begun_first_aid, log_call, signed_first_aid, type_part

DANGER = {k: v for k, v in SCENARIOS["exception"].items() if not k.startswith("/override")}
REASON = {"/override_reason": "Her doctor was asked by phone and agreed."}


def sign(workspace: Workspace, record: str, part: str = "report") -> None:
    workspace.records.sign_part(record, part, PASSWORD, ink(workspace.actor.name))


def told(workspace: Workspace, record: str, part: str) -> dict:
    with workspace._context.store.read() as session:
        row = session.scalars(
            select(Revision).where(Revision.record_id == record, Revision.part_key == part)
        ).one()
    return json.loads(row.body)


@pytest.mark.parametrize(("variant", "who"), [("A", "dana"), ("B", "olga"), ("C", "tom")])
def test_a_head_injury_is_signed_by_its_author_with_the_letter_it_brings(
    school: School, variant: str, who: str
) -> None:
    record = signed_first_aid(school, variant, who)
    workspace = school.sign_in("maria")
    opened = workspace.records.open(record)
    assert (opened.number, opened.state) == ("AID-2026-0001", "signed")
    assert told(workspace, record, "report")["answers"]["head_variant"] == variant
    assert opened.people[opened.answers["student"]].given == "Łucja"


# --- R28: the log beside the record counts -------------------------------------------------------


def test_no_signature_before_somebody_tried_to_reach_a_parent(school: School) -> None:
    workspace = school.sign_in("dana")
    record = begun_first_aid(school, workspace)
    assert [i.path for i in workspace.records.check(record, "report")] == ["/no_attempt_why"]
    with pytest.raises(Unfinished):
        sign(workspace, record)

    log_call(school, workspace, record, SCENARIOS["variant_a"])

    assert workspace.records.check(record, "report") == ()
    opened = workspace.records.open(record)
    assert len(opened.answers["parent_told"]) == 1
    page = FormSession(opened.form, opened.answers, now=school.clock.now)
    assert not page.view("/no_attempt_why").relevant
    sign(workspace, record)
    assert "parent_told" not in told(workspace, record, "report")["answers"]
    document = workspace.records.document(record)
    assert "/no_attempt_why" not in asked_and_blank(document, school.clock.now())


# --- R27: the exception is a nurse's or an administrator's ---------------------------------------


def in_danger(school: School, who: str = "dana") -> tuple[Workspace, str]:
    """A report of hers that says back to class in spite of a danger sign."""
    workspace = school.sign_in(who)
    record = begun_first_aid(school, workspace, DANGER)
    log_call(school, workspace, record, DANGER)
    return workspace, record


def test_a_technician_alone_cannot_write_an_exception(school: School) -> None:
    workspace, record = in_danger(school)
    assert [i.path for i in workspace.records.check(record, "report")] == ["/disposition"]
    with pytest.raises(Denied):
        type_part(school, workspace, record, REASON, "override")
    type_part(school, workspace, record, REASON, "report")  # in the report it is not taken
    assert "override_reason" not in workspace.records.open(record).answers
    with pytest.raises(NotYoursToSign):
        sign(workspace, record, "override")
    with pytest.raises(Unfinished):
        sign(workspace, record)


def test_an_exception_is_signed_by_its_writer_before_the_report(school: School) -> None:
    who = "tom"
    technician, record = in_danger(school)
    technician.lock()

    allows = school.sign_in(who)
    exception = REASON | {"/override_by": allows.actor.staff_id}
    type_part(school, allows, record, exception, "override")
    allows.lock()

    technician = school.sign_in("dana")
    part = technician.records.open(record).part("report")
    assert not part.may_sign
    assert part.why_not.startswith("The exception is signed first")
    with pytest.raises(NotYoursToSign):
        sign(technician, record)
    technician.lock()

    allows = school.sign_in(who)
    sign(allows, record, "override")
    kept = told(allows, record, "override")
    assert kept["signer"]["staff"] == allows.actor.staff_id
    assert kept["meaning"] == "Allowed the return to class"
    assert kept["answers"]["override_reason"] == REASON["/override_reason"]
    assert kept["answers"]["override_at"].startswith("2026-11-12T15:30")
    allows.lock()

    technician = school.sign_in("dana")
    sign(technician, record)
    assert told(technician, record, "report")["answers"]["disposition"] == ["class"]


def test_an_exception_that_is_no_longer_needed_does_not_hold_the_report_up(school: School) -> None:
    technician, record = in_danger(school)
    technician.lock()
    nurse = school.sign_in("maria")
    type_part(school, nurse, record, REASON | {"/override_by": nurse.actor.staff_id}, "override")
    nurse.lock()
    technician = school.sign_in("dana")
    type_part(
        school,
        technician,
        record,
        {"/disposition": ["home"], "/sent_with": "Her mother", "/sent_with_id": "yes"},
    )
    sign(technician, record)
    assert technician.records.open(record).state == "signed"


def test_a_nurse_who_writes_the_report_still_signs_the_exception_apart(school: School) -> None:
    nurse, record = in_danger(school, "maria")
    type_part(school, nurse, record, REASON | {"/override_by": nurse.actor.staff_id}, "override")
    with pytest.raises(NotYoursToSign):
        sign(nurse, record)
    sign(nurse, record, "override")
    sign(nurse, record)
    assert nurse.records.open(record).state == "signed"


# --- whom it is about ----------------------------------------------------------------------------


def test_a_record_is_about_whoever_was_hurt_and_not_whoever_was_typed_before(
    school: School,
) -> None:
    workspace = school.sign_in("maria")
    record = workspace.records.start("first_aid")
    typed = {"/student": "student:s-lucja", "/event_date": "11/12/2026"}
    type_part(school, workspace, record, typed)
    type_part(school, workspace, record, {"/person_type": "staff", "/staff_member": "staff:p-dana"})
    for kind, about in (("student", "lucja"), ("staff", "dana"), ("visitor", None)):
        type_part(school, workspace, record, {"/person_type": kind})
        [draft] = workspace.records.drafts()
        assert draft.subject_id == (school.ids[about] if about else None)


def test_a_report_that_needs_no_exception_has_none_to_sign(school: School) -> None:
    nurse = school.sign_in("maria")
    record = begun_first_aid(school, nurse)
    with pytest.raises(NotYoursToSign):
        sign(nurse, record, "override")
    log_call(school, nurse, record, SCENARIOS["variant_a"])
    sign(nurse, record)
    assert not nurse.records.open(record).part("override").may_edit
