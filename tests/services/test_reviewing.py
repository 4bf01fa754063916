"""A review: waited for, returned with remarks, corrected, countersigned; by two people at once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.records import DraftPart, Revision, Waiting
from bt_desktop.security.permissions import Role
from bt_desktop.services.problems import (
    AlreadySigned,
    AmendedMeanwhile,
    NoSuchRecord,
    NotYoursToSign,
    SignedMeanwhile,
    Unfinished,
)
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.services.review_kit import amend, review, review_answers, sent_back


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def second_principal(school: School) -> Workspace:
    """Another administrator, signed in."""
    tom = school.sign_in("tom")
    school.ids["ines"] = tom.people.add_staff(NewStaff("Ines", "Okoro", "Assistant principal"))
    school.users["ines"] = tom.accounts.add(
        "Ines Okoro", PASSWORD, Role.ADMINISTRATOR, school.ids["ines"]
    )
    return school.sign_in("ines")


def follow_up(school: School) -> dict[str, str]:
    """What comes of it: the plan worked, nothing to refer."""
    return {"follow_up_owner": school.ids["tom"], "new_behavior": "no", "plan_ineffective": "no"}


def waiting(by: Workspace, record: str) -> set[str]:
    with by._context.store.read() as session:
        wanted = select(Waiting.part).where(Waiting.record_id == record)
        return set(session.scalars(wanted))


def holds(by: Workspace) -> bool:
    return by.log.verify().holds


def test_a_signed_record_waits_for_its_review_and_is_final_after_it(
    school: School, record: str
) -> None:
    tom = school.sign_in("tom")
    assert waiting(tom, record) == {"review", "follow_up"}
    review(school, tom, record)
    assert tom.records.open(record).state == "final"
    assert waiting(tom, record) == {"follow_up"}
    with tom._context.store.read() as session:
        row = session.scalars(select(Revision).where(Revision.part_key == "review")).one()
        body = json.loads(row.body)
        report = session.scalars(select(Revision).where(Revision.part_key == "report")).one()
    assert body["saw"] == {"revision": report.id, "digest": report.digest}
    assert body["meaning"] == "Reviewed and countersigned"
    assert "amends" not in body
    assert holds(tom)


def test_a_report_goes_back_with_remarks_is_corrected_and_reviewed_anew(
    school: School, record: str
) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    review(school, tom, record, back=True)
    assert tom.records.open(record).state == "returned"
    assert waiting(tom, record) == {"report", "follow_up"}
    assert "sent back" not in tom.records.open(record).part("review").why_not
    with pytest.raises((AlreadySigned, Denied)):
        tom.records.begin(record, "review")  # it is with its author

    amend(dana, record, "correction", "I named the hold that ended when he was calm")
    opened = tom.records.open(record)
    assert opened.state == "signed"
    assert waiting(tom, record) == {"review", "follow_up"}
    assert "review_result" not in opened.answers  # the earlier review is history
    assert opened.part("review").may_edit

    review(school, tom, record)
    assert tom.records.open(record).state == "final"
    with tom._context.store.read() as session:
        reviews = session.scalars(
            select(Revision).where(Revision.part_key == "review").order_by(Revision.count)
        ).all()
        report = session.scalars(
            select(Revision).where(Revision.part_key == "report").order_by(Revision.count.desc())
        ).first()
    bodies = [json.loads(row.body) for row in reviews]
    assert [b["answers"]["review_result"] for b in bodies] == ["returned", "complete"]
    assert bodies[0]["meaning"] == "Returned to its author"
    assert report is not None
    assert bodies[1]["saw"]["revision"] == report.id
    assert json.loads(report.body)["amends"]["answers"] == reviews[0].id
    assert holds(tom)


def test_what_is_amended_after_its_review_is_reviewed_again(school: School, record: str) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    review(school, tom, record)
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    opened = tom.records.open(record)
    assert opened.state == "amended"
    assert opened.part("review").state == "signed"  # the review stands, of what it saw
    assert waiting(tom, record) == {"review", "follow_up"}
    review(school, tom, record)
    assert tom.records.open(record).state == "amended"
    assert waiting(tom, record) == {"follow_up"}
    with pytest.raises(AlreadySigned):
        tom.records.begin(record, "review")
    assert holds(tom)


def test_a_return_needs_a_remark_that_tells_something(school: School, record: str) -> None:
    """R-REV-01, R-REV-02."""
    tom = school.sign_in("tom")
    answers = review_answers(school, tom, record)
    for told in (answers | {"review_result": "returned"}, sent_back(answers, "too short")):
        tom.records.save_draft(record, "review", told)
        with pytest.raises(Unfinished) as refused:
            tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))
        assert [i.section for i in refused.value.issues] == ["review_remarks"]


# --- who may not ------------------------------------------------------------------------------


def why_not(school: School, who: str, record: str) -> str:
    return school.sign_in(who).records.open(record).part("review").why_not


def test_nobody_reviews_their_own_report(school: School) -> None:
    record = signed_report(school, "tom")
    tom = school.sign_in("tom")
    tom.records.save_draft(record, "review", review_answers(school, tom, record))
    assert tom.records.open(record).part("review").why_not == "Nobody reviews their own report."
    with pytest.raises(NotYoursToSign):
        tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))
    ines = second_principal(school)
    review(school, ines, record)
    assert ines.records.open(record).state == "final"


def test_who_signed_for_the_reporters_paper_does_not_review_it(school: School) -> None:
    tom = school.sign_in("tom")
    record = tom.records.start(reported_by=school.ids["dana"])
    fill(school, tom, record)
    tom.records.attach(record, "scan.pdf", "application/pdf", b"%PDF-1.4 a scan", "signed_paper")
    tom.records.sign_part(record, "report", PASSWORD, ink("Tom Becker"))
    assert tom.records.open(record).part("review").why_not == "Nobody reviews their own report."


def test_who_only_typed_what_the_reporter_signed_may_review_it(school: School) -> None:
    tom = school.sign_in("tom")
    record = tom.records.start(reported_by=school.ids["dana"])
    fill(school, tom, record)
    school.sign_in("dana").records.sign_part(record, "report", PASSWORD, ink())
    assert tom.records.open(record).part("review").why_not == ""


def test_who_began_a_report_and_gave_it_away_does_not_review_it(school: School) -> None:
    tom = school.sign_in("tom")
    record = tom.records.start()
    fill(school, tom, record)
    tom.records.hand_over(record, school.users["dana"], "Dana was there, too, and goes on")
    school.sign_in("dana").records.sign_part(record, "report", PASSWORD, ink())
    assert tom.records.open(record).part("review").why_not == "Nobody reviews their own report."


def test_roles_that_review_nothing_are_told_so(school: School, record: str) -> None:
    for who in ("dana", "priya", "olga", "maria", "amir"):
        assert why_not(school, who, record) != "", who
        by = school.sign_in(who)
        with pytest.raises((Denied, NoSuchRecord)):
            by.records.begin(record, "review")
        with pytest.raises((Denied, NoSuchRecord, NotYoursToSign, Unfinished)):
            by.records.sign_part(record, "review", PASSWORD, ink(by.actor.name))


def test_a_review_waits_for_the_authors_signature(school: School) -> None:
    record = school.sign_in("dana").records.start()
    tom = school.sign_in("tom")
    with pytest.raises(NotYoursToSign):
        tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))


def test_the_reviewer_named_is_the_one_who_signs(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    answers = review_answers(school, tom, record) | {"reviewer": school.ids["priya"]}
    tom.records.save_draft(record, "review", answers)
    with pytest.raises(NotYoursToSign):
        tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))


# --- two at once ------------------------------------------------------------------------------


def test_the_first_of_two_reviewers_has_reviewed_and_the_second_loses_no_word(
    school: School, record: str
) -> None:
    ines, tom = second_principal(school), school.sign_in("tom")
    for by, found in ((tom, "All as it should be."), (ines, "The times do not fit.")):
        by.records.begin(record, "review")
        told = review_answers(school, by, record) | {"review_findings": found}
        by.records.save_draft(record, "review", told)
    tom.records.save_draft(record, "review", sent_back(tom.records.open(record).answers))
    tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))

    with pytest.raises(SignedMeanwhile) as late:
        ines.records.sign_part(record, "review", PASSWORD, ink("Ines Okoro"))
    assert "returned to its author" in late.value.sentence
    assert "Tom" not in str(late.value)
    kept = ines.records.open(record)
    assert kept.answers["review_findings"] == "The times do not fit."
    assert tom.records.open(record).answers["review_findings"] == "All as it should be."
    ines.records.save_draft(record, "review", kept.answers | {"review_findings": "Still typing."})
    with tom._context.store.read() as session:
        assert (
            len(session.scalars(select(Revision).where(Revision.part_key == "review")).all()) == 1
        )

    # It comes back corrected: the second goes on with what was typed, once both were looked at.
    amend(school.sign_in("dana"), record, "correction", "I said which of the two it was")
    with pytest.raises(SignedMeanwhile):
        ines.records.sign_part(record, "review", PASSWORD, ink("Ines Okoro"))
    ines.records.look_again(record, "review")
    ines.records.sign_part(record, "review", PASSWORD, ink("Ines Okoro"))
    assert ines.records.open(record).state == "final"
    assert holds(ines)


def test_the_second_may_throw_a_review_away_and_the_trail_says_so(
    school: School, record: str
) -> None:
    ines, tom = second_principal(school), school.sign_in("tom")
    ines.records.begin(record, "review")
    review(school, tom, record)
    ines.records.discard(record, "review")
    assert ines.records.open(record).answers["reviewer"] == school.ids["tom"]
    entries = tom.log.entries()
    assert "draft.discard" in {entry.action for entry in entries}
    with tom._context.store.read() as session:
        assert session.scalars(select(DraftPart)).all() == []
    assert holds(tom)


def test_a_follow_up_is_signed_by_the_first_of_two(school: School, record: str) -> None:
    ines, tom = second_principal(school), school.sign_in("tom")
    for by in (tom, ines):
        by.records.begin(record, "follow_up")
        by.records.save_draft(record, "follow_up", follow_up(school))
    tom.records.sign_part(record, "follow_up", PASSWORD, ink("Tom Becker"))
    with pytest.raises(SignedMeanwhile):
        ines.records.sign_part(record, "follow_up", PASSWORD, ink("Ines Okoro"))
    assert waiting(tom, record) == {"review"}


def test_a_report_amended_while_it_was_reviewed_is_looked_at_first(
    school: School, record: str
) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    tom.records.begin(record, "review")
    tom.records.save_draft(record, "review", review_answers(school, tom, record))
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    with pytest.raises(AmendedMeanwhile):
        tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))
    tom.records.look_again(record, "review")
    tom.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))
    assert tom.records.open(record).state == "final"
