"""Amendments: of four kinds, each a later version; nothing that was signed is ever lost."""

from __future__ import annotations

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

import bt_desktop.services
from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.models.records import Record, Revision
from bt_desktop.services.problems import (
    AnotherRecord,
    BeingAmended,
    CopyRefused,
    MomentNeeded,
    NoSuchRecord,
    NotYoursToAmend,
    OnlyAdds,
    ReasonNeeded,
)
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.services.review_kit import amend, change, review

WHY = "The room was another one"


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def bodies(by: object, part: str = "report") -> list[dict]:
    with by._context.store.read() as session:  # type: ignore[attr-defined]  # a Workspace
        rows = session.scalars(
            select(Revision.body).where(Revision.part_key == part).order_by(Revision.count)
        )
        return [json.loads(body) for body in rows]


def test_an_amendment_of_an_amendment_names_the_one_before_it(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    amend(dana, record, "correction", WHY, location_detail="Room 15")
    amend(dana, record, "correction", "It was Room 16 after all", location_detail="Room 16")
    first, second, third = bodies(dana)
    assert [b["revision"] for b in (first, second, third)] == [1, 2, 3]
    assert second["amends"]["reason"] == WHY
    with dana._context.store.read() as session:
        ids = session.scalars(select(Revision.id).order_by(Revision.count)).all()
    assert third["amends"]["revision"] == ids[1]
    assert third["meaning"] == "Correction · Author of this report"
    assert school.sign_in("tom").log.verify().holds


def test_what_is_final_and_amended_is_so_called(school: School, record: str) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    review(school, tom, record)
    amend(dana, record, "addendum", "His mother told me more")
    assert dana.records.open(record).state == "amended"
    [summary] = dana.records.list()
    assert summary.state == "amended"


def test_a_reason_tells_something(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(ReasonNeeded):
        dana.records.amend(record, "report", "correction", "  oops   ")


def test_an_addendum_only_adds(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "addendum", "The mother told me more")
    told = dana.records.open(record).answers["narrative"]
    change(dana, record, narrative=told.replace("tablet", "laptop"))
    with pytest.raises(OnlyAdds) as refused:
        dana.records.sign_part(record, "report", PASSWORD, ink())
    assert refused.value.names == ("narrative",)
    dana.records.change_amendment(record, "report", "correction", "It was a laptop, not a tablet")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    dana.records.amend(record, "report", "addendum", "The mother told me more")
    told = dana.records.open(record).answers["narrative"]
    change(dana, record, narrative=f"{told} His mother says he slept badly.")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert [b.get("amends", {}).get("kind") for b in bodies(dana)] == [
        None,
        "correction",
        "addendum",
    ]


def test_a_late_entry_keeps_both_times(school: School, record: str, clock: SetClock) -> None:
    dana = school.sign_in("dana")
    happened = clock.now() - timedelta(hours=5)
    clock.set(clock.now() + timedelta(hours=1))
    for wrong in (None, clock.now() + timedelta(minutes=1)):
        with pytest.raises(MomentNeeded):
            dana.records.amend(record, "report", "late_entry", "I forgot the second check", wrong)
    dana.records.amend(record, "report", "late_entry", "I forgot the second check", happened)
    signed = dana.records.sign_part(record, "report", PASSWORD, ink())
    told = bodies(dana)[-1]
    assert told["amends"]["happened_at"] == happened.isoformat()
    assert told["signed_at"] == signed.at.isoformat()
    assert told["meaning"].startswith("Late entry")


# --- entered in error -------------------------------------------------------------------------


def test_what_was_entered_in_error_is_kept_and_nothing_more_is_done_with_it(
    school: School, record: str
) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "entered_in_error", "This was another child's report")
    assert not dana.records.open(record).part("report").may_edit
    with pytest.raises(Denied):
        change(dana, record, location_detail="Room 15")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    opened = dana.records.open(record)
    assert (opened.state, opened.number) == ("entered in error", "BER-2026-0001")
    first, second = bodies(dana)
    assert first["answers"] == second["answers"]
    assert opened.answers["location_detail"] == first["answers"]["location_detail"]
    tom = school.sign_in("tom")
    assert not any(part.may_edit for part in tom.records.open(record).parts)
    with pytest.raises(CopyRefused):
        tom.copies.release_parent_copy(record, school.ids["rosa"], "Mateo was held.", ())
    for kind in ("correction", "entered_in_error"):
        with pytest.raises(NotYoursToAmend):
            dana.records.amend(record, "report", kind, WHY)
    assert tom.log.verify().holds


def test_an_administrator_withdraws_a_record_whose_author_is_gone(
    school: School, record: str
) -> None:
    tom = school.sign_in("tom")
    with pytest.raises(NotYoursToAmend):
        tom.records.amend(record, "report", "correction", WHY)
    amend(tom, record, "entered_in_error", "Filed under the wrong child, see the other report")
    assert tom.records.open(record).state == "entered in error"
    assert bodies(tom)[-1]["meaning"] == "Marked as entered in error"


def test_a_review_entered_in_error_was_none(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    review(school, tom, record)
    amend(tom, record, "entered_in_error", "I meant the other record", "review")
    opened = tom.records.open(record)
    assert opened.state == "signed"
    assert "review_result" not in opened.answers
    review(school, tom, record)
    assert tom.records.open(record).state == "final"
    assert tom.log.verify().holds


@pytest.mark.parametrize(
    ("what", "answers"),
    [
        ("whom it is about", {"student": "huy"}),
        ("when it happened", {"event_began": "2026-11-12T10:05:00-08:00"}),
        ("when it happened", {"event_date": "2026-11-11"}),
    ],
)
def test_a_record_stays_under_its_student_and_moment(
    school: School, record: str, what: str, answers: dict[str, str]
) -> None:
    dana = school.sign_in("dana")
    before = dana.records.list()[0]
    dana.records.amend(record, "report", "correction", WHY)
    told = {name: school.ids.get(value, value) for name, value in answers.items()}
    change(dana, record, **told)
    filed = dana.records.list()[0]
    assert (filed.subject_id, filed.event_at) == (before.subject_id, before.event_at)
    with pytest.raises(AnotherRecord) as refused:
        dana.records.sign_part(record, "report", PASSWORD, ink())
    assert what in refused.value.sentence


def test_it_is_written_anew_and_the_wrong_one_withdrawn(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "It was Huy, not Mateo")
    change(dana, record, student=school.ids["huy"])
    new = dana.records.write_anew(record)
    dana.records.change_amendment(record, "report", "entered_in_error", "It was Huy, not Mateo")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    opened = dana.records.open(new)
    assert (opened.state, opened.number) == ("draft", None)
    assert opened.answers["student"] == school.ids["huy"]
    assert opened.answers["narrative"] == dana.records.open(record).answers["narrative"]
    with dana._context.store.read() as session:
        events = set(session.scalars(select(Record.event_id)))
    assert len(events) == 1
    with pytest.raises(Denied):
        school.sign_in("olga").records.write_anew(record)


# --- who, and what is thrown away -------------------------------------------------------------


def test_every_part_is_amended_by_who_may(school: School, record: str) -> None:
    nurse, tom, priya = (school.sign_in(who) for who in ("maria", "tom", "priya"))
    fill(school, nurse, record, "nurse")
    nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    with pytest.raises((Denied, NotYoursToAmend)):
        priya.records.amend(record, "nurse", "correction", WHY)
    amend(nurse, record, "correction", "The redness was on the left", "nurse")
    review(school, tom, record)
    assert tom.records.open(record).state == "final"
    amend(tom, record, "addendum", "I asked the nurse as well", "review")
    assert tom.records.open(record).state == "amended"
    key = priya.records.add_statement(record)
    told = {"statement_view": ["took_part"], "statement_text": "I held him.", "statement_own": True}
    priya.records.save_draft(record, key, told)
    priya.records.sign_part(record, key, PASSWORD, ink("Priya Raman"))
    with pytest.raises(NotYoursToAmend):
        tom.records.amend(record, key, "correction", WHY)
    amend(priya, record, "correction", "It was his left arm", key, statement_text="His left arm.")
    assert tom.log.verify().holds


def test_an_open_amendment_is_its_writers(school: School, record: str) -> None:
    dana, tom = school.sign_in("dana"), school.sign_in("tom")
    dana.records.amend(record, "report", "correction", WHY)
    with pytest.raises(BeingAmended):
        dana.records.amend(record, "report", "addendum", WHY)
    with pytest.raises(Denied):
        change(tom, record, location_detail="Room 99")
    assert tom.records.open(record).part("report").why_not


def test_an_amendment_is_thrown_away_and_what_was_signed_is_as_it_was(
    school: School, record: str
) -> None:
    dana = school.sign_in("dana")
    before = dana.records.open(record)
    dana.records.amend(record, "report", "correction", WHY)
    change(dana, record, location_detail="Room 99", student=school.ids["huy"])
    with pytest.raises(Denied):
        school.sign_in("priya").records.discard(record, "report")
    dana.records.discard(record, "report")
    after = dana.records.open(record)
    assert (after.answers, after.state, after.parts) == (before.answers, "signed", before.parts)
    assert dana.records.list()[0].subject_id == school.ids["mateo"]
    assert "draft.discard" in {entry.action for entry in dana.log.entries()}
    with pytest.raises(NoSuchRecord):
        dana.records.discard(record, "report")
    assert school.sign_in("tom").log.verify().holds


def test_a_begun_report_is_not_thrown_away(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    for who in ("dana", "tom"):
        with pytest.raises(Denied):
            school.sign_in(who).records.discard(record, "report")


# --- no record is ever deleted ----------------------------------------------------------------


def test_no_service_deletes_what_was_signed() -> None:
    """Walks every module of the services: rows are taken away only where they are not signed."""
    kept = {
        "Record", "Revision", "Event", "EventLink", "Notice", "Attachment", "Copy", "CopyMark",
        "Handover", "FormText", "AuditEntry", "Opening",
    }  # fmt: skip
    found = set()
    for file in Path(bt_desktop.services.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name == "delete":
                    found.add(ast.unparse(node.args[0]))
    assert not found & kept
    assert "draft" in found


@pytest.mark.parametrize("table", [Revision, Record])
def test_the_store_itself_refuses_to_delete_a_record(
    school: School, record: str, table: type
) -> None:
    dana = school.sign_in("dana")

    def destroy() -> None:
        with dana._context.store.write() as session:
            session.execute(delete(table))

    with pytest.raises(Exception, match=r"only ever added|ever deleted"):
        destroy()
    assert dana.records.open(record).number == "BER-2026-0001"
