"""A record's life: begun, typed, signed, read by those who may, amended, never lost."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.form_engine import FormSession
from bt_desktop.models.records import FormText, Revision
from bt_desktop.security.problems import WrongPassword
from bt_desktop.security.signing import verify_digest
from bt_desktop.services.problems import (
    AlreadySigned,
    AttachmentRefused,
    HandOverRefused,
    NoSuchRecord,
    NotYoursToAmend,
    NotYoursToSign,
    ReasonNeeded,
    Unfinished,
)
from bt_desktop.services.records import Ink
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, notice_rows, signed_report, typed

PDF = b"%PDF-1.4 a scan"


def begin(school: School, who: str = "dana", **how: str) -> tuple[Workspace, str]:
    workspace = school.sign_in(who)
    return workspace, workspace.records.start(**how)


def body_of(workspace: Workspace, record: str, part: str = "report") -> tuple[Revision, dict]:
    with workspace._context.store.read() as session:
        row = session.scalars(
            select(Revision)
            .where(Revision.record_id == record, Revision.part_key == part)
            .order_by(Revision.count.desc())
        ).first()
    assert row is not None
    return row, json.loads(row.body)


# --- drafts ------------------------------------------------------------------------------------


def test_the_forms_that_can_be_started_are_named_as_the_state_names_them(school: School) -> None:
    forms = {one.form: one for one in school.sign_in("dana").records.forms()}
    ber = forms["restraint"]
    assert (ber.title, ber.prefix) == ("Behavior Emergency Report", "BER")
    nurses = {one.form for one in school.sign_in("maria").records.forms()}
    assert "first_aid" in nurses
    assert "restraint" not in nurses


STORIES = {
    "markup": "he said <b>no</b> & <img src='x'> {{}} %s",
    "quotes": "“pasted” — ‘quotes’ … and\ttabs\nand lines",
    "scripts": "小明 said 你好 👍🏽 Łódź Đặng",
    "long": "x" * 40_000,
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_is_typed_comes_back_to_the_letter_after_locking(school: School, story: str) -> None:
    workspace, record = begin(school)
    answers = {"narrative": story, "event_date": {"$typed": "25/99"}, "what_happened": []}
    saved = workspace.records.save_draft(record, "report", answers)
    assert saved.at == school.clock.now()
    workspace.lock()
    again = school.sign_in("dana").records.open(record)
    assert again.answers == answers
    assert again.state == "draft"
    assert again.number is None


def test_only_the_fields_of_the_part_are_taken(school: School) -> None:
    workspace, record = begin(school)
    workspace.records.save_draft(
        record,
        "report",
        {
            "narrative": "told",
            "treatment": ["none"],
            "no_such_question": "1",
            "$reasons": {"narrative": "a", "treatment": "b"},
        },
    )
    opened = workspace.records.open(record)
    assert opened.answers == {"narrative": "told", "$reasons": {"narrative": "a"}}


def test_a_draft_is_resumed_from_a_list_that_says_how_far_it_is(school: School) -> None:
    workspace, record = begin(school)
    [empty] = workspace.records.drafts()
    assert empty.missing > 0
    assert (empty.subject_name, empty.place, empty.event_at) == ("", "", None)
    fill(school, workspace, record)
    [draft] = workspace.records.drafts()
    assert draft.missing == 0
    assert draft.progress > empty.progress
    assert (draft.subject_name, draft.place) == ("Mateo Núñez-Okafor", "Classroom")
    assert draft.event_at == school.clock.now().replace(hour=10, minute=9)
    assert draft.title == "Behavior Emergency Report"


def test_the_columns_follow_the_answers_back_to_blank(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    workspace.records.save_draft(record, "report", {"narrative": "all else taken back"})
    [draft] = workspace.records.drafts()
    assert (draft.subject_name, draft.place, draft.event_at) == ("", "", None)


def test_the_columns_follow_back_to_blank_also_on_another_day(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    workspace.lock()
    again = school.sign_in("dana")
    again.records.save_draft(record, "report", {"narrative": "all else taken back"})
    [draft] = again.records.drafts()
    assert (draft.subject_name, draft.place, draft.event_at) == ("", "", None)


def test_a_draft_keeps_the_form_it_was_begun_with(school: School) -> None:
    workspace, record = begin(school)
    before = workspace.records.open(record).form
    workspace.lock()
    office = school.sign_in("tom")
    office.school.update(pack="us-ok")
    office.lock()
    workspace = school.sign_in("dana")
    assert workspace.records.open(record).form == before
    other = workspace.records.open(workspace.records.start()).form
    assert other.pack is not None
    assert other.pack.pack == "us-ok"
    with workspace._context.store.read() as session:
        assert len(session.scalars(select(FormText.digest)).all()) == 2


def test_the_holds_offered_are_those_of_the_schools_own_list(school: School) -> None:
    office = school.sign_in("tom")
    office.school.set_hold_names(["Two-person stability hold", "Escort"])
    record = office.records.start()
    names = [choice.name for choice in office.records.open(record).form.choices["hold_names"]]
    assert names == ["two_person_stability_hold", "escort", "other"]
    assert office.school.hold_names()[0] == (
        "two_person_stability_hold",
        "Two-person stability hold",
    )


# --- signing -----------------------------------------------------------------------------------


def test_the_authors_signature_freezes_numbers_and_chains_the_report(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    signed = workspace.records.sign_part(record, "report", PASSWORD, ink())
    assert signed.number == "BER-2026-0001"
    opened = workspace.records.open(record)
    assert (opened.state, opened.number) == ("signed", "BER-2026-0001")
    report = opened.part("report")
    assert (report.state, report.may_edit, report.signer_name) == ("signed", False, "Dana Whitcomb")

    row, body = body_of(workspace, record)
    assert hashlib.sha256(row.body).hexdigest() == row.digest
    assert verify_digest(row.public_key, bytes.fromhex(row.digest), row.signature)
    [entry] = [one for one in workspace.log.entries() if one.action == "record.sign"]
    assert entry.seq == signed.audit_seq
    assert entry.object == f"revision:{signed.revision_id}"
    assert body["number"] == "BER-2026-0001"
    assert body["signer"]["name"] == "Dana Whitcomb"
    assert body["answers"]["held_minutes"] == 5
    assert isinstance(body["answers"]["held_minutes"], int)
    assert "examiner" not in body["answers"]


def test_the_people_are_frozen_as_they_were_and_nobody_else_is_in_it(school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("tom")
    _, body = body_of(office, record)
    named = {school.ids[who] for who in ("mateo", "lucja", "huy", "dana", "priya", "tom")}
    assert set(body["people"]) == named
    dana = body["people"][school.ids["dana"]]
    assert (dana["training"], dana["training_until"]) == ("Safety-Care", "2027-02-01")
    mateo = body["people"][school.ids["mateo"]]
    assert (mateo["age_at_event"], mateo["plans"]) == (9, ["iep", "bip"])
    from bt_desktop.services.results.people import NewStaff

    office.people.update_staff(school.ids["dana"], NewStaff("Dana", "Newname", "Lead"))
    document = office.records.document(record)
    assert document.people[school.ids["dana"]].name == "Dana Whitcomb"


def test_a_signed_part_is_not_changed_any_more(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    workspace.records.sign_part(record, "report", PASSWORD, ink())
    with pytest.raises(AlreadySigned):
        workspace.records.save_draft(record, "report", {"narrative": "other"})
    with pytest.raises(AlreadySigned):
        workspace.records.sign_part(record, "report", PASSWORD, ink())


def test_numbers_have_no_gap_and_begin_anew_with_the_year(school: School, clock: SetClock) -> None:
    def sign() -> str | None:
        workspace, record = begin(school)
        fill(school, workspace, record)
        number = workspace.records.sign_part(record, "report", PASSWORD, ink()).number
        workspace.lock()
        return number

    dana = school.sign_in("dana")
    dana.records.start()  # a draft takes no number
    assert [sign(), sign()] == ["BER-2026-0001", "BER-2026-0002"]
    clock.set(datetime(2027, 1, 4, 9, tzinfo=clock.now().tzinfo))
    workspace, record = begin(school)
    answers = typed(workspace, record, "report", school.ids)
    answers["$reasons"] = {**answers.get("$reasons", {}), "event_date": "found late in a folder"}
    workspace.records.save_draft(record, "report", answers)
    assert workspace.records.check(record, "report") == ()
    assert workspace.records.sign_part(record, "report", PASSWORD, ink()).number == "BER-2027-0001"


def test_an_unfinished_report_says_all_that_is_missing_and_takes_no_number(school: School) -> None:
    workspace, record = begin(school)
    with pytest.raises(Unfinished) as refused:
        workspace.records.sign_part(record, "report", PASSWORD, ink())
    assert refused.value.issues == workspace.records.check(record, "report")
    assert len(refused.value.issues) > 1
    assert workspace.records.open(record).number is None


def test_a_wrong_password_leaves_the_draft_as_it_was(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    before = workspace.records.open(record).answers
    with pytest.raises(WrongPassword):
        workspace.records.sign_part(record, "report", "not the password of mine", ink())
    opened = workspace.records.open(record)
    assert (opened.state, opened.number, opened.answers) == ("draft", None, before)


def test_a_drawn_signature_is_kept_as_strokes(school: School) -> None:
    workspace, record = begin(school)
    fill(school, workspace, record)
    drawn = Ink("drawn", "", (((1.5, 2.0, 0.0), (3.0, 4.25, 16.0)),), 400.0, 120.0)
    workspace.records.sign_part(record, "report", PASSWORD, drawn)
    [block] = workspace.records.document(record).signatures
    assert block.ink == drawn


def test_a_blank_follow_up_does_not_block_the_report(school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("tom")
    assert office.records.check(record, "follow_up")
    assert office.records.open(record).state == "signed"


# --- reported by, entered by -------------------------------------------------------------------


def test_the_office_types_and_the_reporter_signs(school: School) -> None:
    office, record = begin(school, "olga", reported_by=school.ids["dana"])
    fill(school, office, record)
    with pytest.raises(NotYoursToSign):
        office.records.sign_part(record, "report", PASSWORD, ink())
    assert office.records.open(record).part("report").why_not
    office.lock()
    dana = school.sign_in("dana")
    [waiting] = dana.records.drafts()
    assert waiting.waits_for_my_signature
    dana.records.sign_part(record, "report", PASSWORD, ink())
    opened = dana.records.open(record)
    assert opened.reported_by_name == "Dana Whitcomb"
    assert opened.entered_by_name == "Olga Petrenko"
    _, body = body_of(dana, record)
    assert body["meaning"] == "Author of this report"


def test_signed_paper_on_file_stands_for_the_reporters_signature(school: School) -> None:
    office, record = begin(school, "olga", reported_by=school.ids["dana"])
    fill(school, office, record)
    office.records.attach(record, "scan.pdf", "application/pdf", PDF, "signed_paper")
    signed = office.records.sign_part(record, "report", PASSWORD, ink("Olga Petrenko"))
    assert signed.number == "BER-2026-0001"
    _, body = body_of(office, record)
    assert "paper" in body["meaning"]
    assert body["signer"]["name"] == "Olga Petrenko"
    assert body["reported_by"] == school.ids["dana"]


def test_who_reports_can_be_said_later(school: School) -> None:
    office, record = begin(school, "olga")
    office.records.set_reported_by(record, school.ids["priya"])
    assert office.records.open(record).reported_by_name == "Priya Raman"


def test_a_draft_is_handed_to_a_colleague_with_a_reason(school: School) -> None:
    dana, record = begin(school)
    fill(school, dana, record)
    with pytest.raises(ReasonNeeded):
        dana.records.hand_over(record, school.users["priya"], "ill")
    dana.records.hand_over(record, school.users["priya"], "I am going home ill today")
    with pytest.raises(Denied):
        dana.records.save_draft(record, "report", {"narrative": "mine"})
    priya = school.sign_in("priya")
    assert [draft.id for draft in priya.records.drafts()] == [record]
    priya.records.sign_part(record, "report", PASSWORD, ink("Priya Raman"))
    assert priya.records.open(record).reported_by_name == "Priya Raman"


def test_an_administrator_hands_over_what_an_ill_author_left(school: School) -> None:
    _, record = begin(school)
    school.sign_in("tom").records.hand_over(record, school.users["priya"], "Dana is ill this week")
    assert school.sign_in("priya").records.drafts()[0].id == record
    with pytest.raises(Denied):
        school.sign_in("olga").records.hand_over(record, school.users["dana"], "back once more")


@pytest.mark.parametrize("who", ["maria", "amir"])
def test_a_draft_is_not_handed_to_somebody_who_writes_no_reports(school: School, who: str) -> None:
    dana, record = begin(school)
    with pytest.raises(HandOverRefused):
        dana.records.hand_over(record, school.users[who], "I am going home ill today")
    assert dana.records.open(record).part("report").may_edit


# --- the other parts ---------------------------------------------------------------------------


def test_the_nurse_fills_and_signs_her_part_without_the_narrative(school: School) -> None:
    record = signed_report(school)
    nurse = school.sign_in("maria")
    opened = nurse.records.open(record)
    assert "narrative" not in opened.answers
    assert opened.answers["student"] == school.ids["mateo"]
    assert not opened.part("report").may_edit
    fill(school, nurse, record, "nurse")
    assert [draft.id for draft in nurse.records.drafts()] == [record]
    signed = nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    assert signed.number == "BER-2026-0001"
    assert nurse.records.drafts() == ()
    signatures = school.sign_in("tom").records.document(record).signatures
    assert {one.part for one in signatures} == {"report", "nurse"}


def test_parts_belong_to_their_owners(school: School) -> None:
    record = signed_report(school)
    for who, part in (
        ("dana", "nurse"),
        ("dana", "review"),
        ("olga", "nurse"),
        ("maria", "review"),
        ("maria", "follow_up"),
        ("amir", "review"),
        ("tom", "nurse"),
    ):
        with pytest.raises(Denied):
            school.sign_in(who).records.save_draft(record, part, {"treatment": ["none"]})


def test_a_colleague_who_was_there_adds_a_statement_of_their_own(school: School) -> None:
    record = signed_report(school)
    priya = school.sign_in("priya")
    assert "add_statement" in priya.records.open(record).may
    key = priya.records.add_statement(record)
    assert priya.records.add_statement(record) == key
    opened = priya.records.open(record)
    session = FormSession(opened.form, opened.answers, now=priya.clock.now)
    session.set("/statement_view", opened.form.choices_of("statement_view")[0].name)
    session.set("/statement_text", "I held his left arm.")
    session.set("/statement_own", "yes")
    priya.records.save_draft(record, key, session.answers())
    assert priya.records.open(record).answers["statement_text"] == "I held his left arm."
    priya.records.sign_part(record, key, PASSWORD, ink("Priya Raman"))
    tom = school.sign_in("tom")
    [statement] = tom.records.document(record).statements
    assert statement.title == "Priya Raman, Teacher"
    assert statement.answers["statement_text"] == "I held his left arm."
    assert "statement_text" not in tom.records.open(record).answers
    assert tom.records.open(record).statements[key]["statement_text"] == "I held his left arm."


def test_who_was_not_there_neither_reads_nor_adds_a_statement(school: School) -> None:
    dana, record = begin(school)
    dana.records.save_draft(record, "report", {"narrative": "nobody else is named"})
    priya = school.sign_in("priya")
    with pytest.raises(NoSuchRecord):
        priya.records.open(record)
    with pytest.raises(Denied):
        priya.records.add_statement(record)
    with pytest.raises(NoSuchRecord):
        priya.records.save_draft(record, "report", {"narrative": "mine"})
    assert priya.records.list() == ()


def test_naming_and_unnaming_a_colleague_opens_and_closes_the_record_to_them(
    school: School,
) -> None:
    dana, record = begin(school)
    named = {"people": [{"$id": "a", "staff_member": school.ids["priya"]}]}
    dana.records.save_draft(record, "report", named)
    priya = school.sign_in("priya")
    assert priya.records.open(record).id == record
    dana.records.save_draft(record, "report", {"people": []})
    with pytest.raises(NoSuchRecord):
        priya.records.open(record)


def test_unnaming_a_colleague_on_another_day_closes_the_record_to_them(school: School) -> None:
    dana, record = begin(school)
    named = {"people": [{"$id": "a", "staff_member": school.ids["priya"]}]}
    dana.records.save_draft(record, "report", named)
    dana.lock()
    again = school.sign_in("dana")
    again.records.save_draft(record, "report", {"people": []})
    with pytest.raises(NoSuchRecord):
        school.sign_in("priya").records.open(record)


# --- logs and files ----------------------------------------------------------------------------


def test_calls_to_the_mother_are_a_log_that_only_grows(school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("olga")
    rows = notice_rows(office, record, school.ids)
    for row in rows:
        office.records.add_notice(record, row)
    found = office.records.notices(record)
    assert [notice.row["notice_outcome"] for notice in found] == ["no_answer", "reached"]
    assert {notice.by_name for notice in found} == {"Olga Petrenko"}
    assert len(school.sign_in("tom").records.document(record).notices) == 2


def test_a_notice_that_lacks_an_answer_is_not_kept(school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("olga")
    with pytest.raises(Unfinished) as refused:
        office.records.add_notice(record, {"notice_method": "phone"})
    assert refused.value.issues
    assert office.records.notices(record) == ()


def test_a_file_is_what_its_content_says_and_comes_back_as_it_was(school: School) -> None:
    dana, record = begin(school)
    kept = dana.records.attach(record, "photo.jpg", "image/jpeg", PDF)
    assert kept.media_type == "application/pdf"
    assert dana.records.attachment_data(kept.id) == PDF
    assert dana.records.attachments(record) == (kept,)
    with pytest.raises(AttachmentRefused) as kind:
        dana.records.attach(record, "a.pdf", "application/pdf", b"MZ a program")
    assert kind.value.code == "attachment-kind"
    with pytest.raises(AttachmentRefused) as size:
        dana.records.attach(record, "a.pdf", "application/pdf", PDF + bytes(25 * 1024 * 1024))
    assert size.value.code == "attachment-too-large"


# --- lists and reading -------------------------------------------------------------------------


def test_everybody_sees_the_records_that_are_theirs_to_see(school: School) -> None:
    record = signed_report(school)
    for who in ("dana", "priya", "tom", "olga", "maria", "amir"):
        assert [one.id for one in school.sign_in(who).records.list()] == [record], who
    other = school.sign_in("olga").records.start(reported_by=school.ids["maria"])
    assert other not in [one.id for one in school.sign_in("priya").records.list()]


def test_the_front_office_opens_a_record_without_its_narrative(school: School) -> None:
    record = signed_report(school)
    opened = school.sign_in("olga").records.open(record)
    assert "narrative" not in opened.answers
    assert not any("danger" in str(name) and name == "danger_why" for name in opened.answers)
    assert {"school_copy", "parent_copy", "add_notice"} <= opened.may
    assert "narrative" in school.sign_in("amir").records.open(record).answers


def test_lists_are_narrowed_and_paged(school: School, clock: SetClock) -> None:
    dana = school.sign_in("dana")
    records = []
    for days in range(5):
        record = dana.records.start()
        day = clock.now().date() - timedelta(days=days)
        dana.records.save_draft(
            record,
            "report",
            {"event_date": day.isoformat(), "student": school.ids["mateo" if days % 2 else "huy"]},
        )
        records.append(record)
    page = dana.records.list(limit=2)
    assert [one.id for one in page] == records[:2]
    assert [one.id for one in dana.records.list(limit=2, after=page[-1].id)] == records[2:4]
    mateo = dana.records.list(RecordFilter(subject_id=school.ids["mateo"]))
    assert [one.id for one in mateo] == [records[1], records[3]]
    day = clock.now().date() - timedelta(days=2)
    assert [one.id for one in dana.records.list(RecordFilter(since=day, until=day))] == [records[2]]
    assert dana.records.list(RecordFilter(states=("signed",))) == ()
    assert dana.records.list(RecordFilter(text="2026-0001")) == ()
    assert len(dana.records.recent(3)) == 3


def test_opening_and_signing_are_in_the_trail_and_saving_is_not(school: School) -> None:
    dana, record = begin(school)
    before = dana.log.head()[0]
    for _ in range(3):
        dana.records.save_draft(record, "report", {"narrative": "again"})
    dana.people.search("mateo")
    assert dana.log.head()[0] == before
    dana.records.open(record)
    [newest] = dana.log.entries(limit=1)
    assert (newest.action, newest.object) == ("record.open", f"record:{record}")


def test_no_entry_of_the_trail_holds_a_name_or_a_word_of_the_report(school: School) -> None:
    from bt_desktop.models.audit import AuditEntry

    signed_report(school)
    tom = school.sign_in("tom")
    with tom._context.store.read() as session:
        bodies = b"".join(session.scalars(select(AuditEntry.body))).decode().casefold()
    for word in ("mateo", "núñez", "kowalczyk", "dana", "tablet", "whitcomb"):
        assert word not in bodies
    assert tom.log.verify().holds


# --- amending ----------------------------------------------------------------------------------


def test_a_correction_is_a_later_revision_and_both_are_kept(school: School) -> None:
    record = signed_report(school)
    dana = school.sign_in("dana")
    with pytest.raises(ReasonNeeded):
        dana.records.amend(record, "report", "correction", "oops")
    dana.records.amend(record, "report", "correction", "The second hold ended a minute later")
    answers = dana.records.open(record).answers
    answers["location_detail"] = "Room 14, by the window"
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    opened = dana.records.open(record)
    assert (opened.state, opened.number) == ("signed", "BER-2026-0001")  # its review is to come
    with dana._context.store.read() as session:
        rows = session.scalars(select(Revision).order_by(Revision.count)).all()
    assert [row.count for row in rows] == [1, 2]
    bodies = [json.loads(row.body) for row in rows]
    assert "by the window" not in str(bodies[0]["answers"]["location_detail"])
    assert bodies[1]["amends"]["digest"] == rows[0].digest
    assert bodies[1]["amends"]["kind"] == "correction"


def test_somebody_elses_report_is_not_amended(school: School) -> None:
    record = signed_report(school)
    for who in ("tom", "olga", "priya", "maria", "amir"):
        with pytest.raises((Denied, NoSuchRecord, NotYoursToAmend)):
            school.sign_in(who).records.amend(record, "report", "correction", "I know it better")
