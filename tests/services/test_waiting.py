"""What waits for whom: reviews, corrections, follow-ups; and two versions side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.services.problems import NoSuchRecord
from bt_desktop.services.results.reviews import Remark
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.services.review_kit import REMARK, amend, change, review
from tests.services.test_reviewing import follow_up, second_principal


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def test_home_tells_each_what_waits_for_them(school: School, record: str, clock: SetClock) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    [waits] = tom.records.reviews.queue()
    assert (waits.number, waits.subject_name, waits.author_name, waits.why, waits.begun) == (
        "BER-2026-0001", "Mateo Núñez-Okafor", "Dana Whitcomb", "new", False,
    )  # fmt: skip
    assert waits.since == clock.now()
    for who in ("dana", "priya", "olga", "maria", "amir"):
        assert school.sign_in(who).records.reviews.queue() == (), who
    assert dana.records.reviews.returned() == ()

    clock.set(clock.now() + timedelta(hours=1))
    review(school, tom, record, back=True)
    assert tom.records.reviews.queue() == ()
    [back] = dana.records.reviews.returned()
    assert (back.reviewer_name, back.since, back.correcting) == ("Tom Becker", clock.now(), False)
    assert back.remarks == (Remark("holds", "Holds", REMARK),)
    assert school.sign_in("priya").records.reviews.returned() == ()
    [summary] = dana.records.list()
    assert (summary.state, summary.waits_for) == ("returned", ("follow_up", "report"))

    dana.records.amend(record, "report", "correction", "I named the hold that ended it")
    assert dana.records.reviews.returned()[0].correcting
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert dana.records.reviews.returned() == ()
    [again] = tom.records.reviews.queue()
    assert again.why == "corrected"
    [summary] = dana.records.list()
    assert (summary.waits_for, summary.amended_at) == (("follow_up", "review"), clock.now())

    review(school, tom, record)
    amend(dana, record, "addendum", "His mother told me more")
    assert [one.why for one in tom.records.reviews.queue()] == ["amended"]


def test_ones_own_report_waits_for_somebody_else(school: School) -> None:
    record = signed_report(school, "tom")
    ines, tom = second_principal(school), school.sign_in("tom")
    assert tom.records.reviews.queue() == ()
    assert tom.records.open(record).why_not["review"] == "Nobody reviews their own report."
    ines.records.begin(record, "review")
    [waits] = ines.records.reviews.queue()
    assert waits.begun
    assert tom.records.reviews.view(record).others == ("Ines Okoro",)


def test_an_open_follow_up_leads_to_the_next_step(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    [lead] = tom.records.reviews.open_parts()
    assert (lead.part, lead.number, lead.begun) == ("follow_up", "BER-2026-0001", False)
    for who in ("dana", "olga", "amir"):
        assert school.sign_in(who).records.reviews.open_parts() == ()
    tom.records.begin(record, "follow_up")
    assert tom.records.reviews.open_parts()[0].begun
    tom.records.save_draft(record, "follow_up", follow_up(school))
    tom.records.sign_part(record, "follow_up", PASSWORD, ink("Tom Becker"))
    assert tom.records.reviews.open_parts() == ()


def test_the_step_is_told_in_the_words_of_the_pack(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    change(dana, record, bip_status="none", bip_date=None)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    [lead] = school.sign_in("tom").records.reviews.open_parts()
    assert lead.leads == ("Schedule the IEP meeting",)


def test_a_reviewer_sees_first_what_is_out_of_the_ordinary(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dana.records.open(record).answers
    answers["holds"][0]["position"] = "prone"
    answers["holds"][0]["$reasons"] = {
        "position": "He threw himself down",
        "technique_facts": "Turned at once",
    }
    answers["early_signs"] = {"$unknown": "I came later"}
    dana.records.save_draft(record, "report", answers)
    assert dana.records.check(record, "report") == ()
    dana.records.sign_part(record, "report", PASSWORD, ink())
    tom = school.sign_in("tom")
    facts = tom.records.reviews.view(record).facts
    assert facts[0].kind == "prohibited"
    assert facts[0].section == "holds"
    assert "49005.8" in facts[0].sentence
    assert facts[0].reason == "He threw himself down"
    assert ("unknown", "I came later") in {(one.kind, one.reason) for one in facts}
    assert school.sign_in("olga").records.reviews.view(record).facts == ()


def test_the_review_page_knows_what_changed_meanwhile(school: School, record: str) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    tom.records.begin(record, "review")
    assert tom.records.reviews.view(record).news == ""
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    seen = tom.records.reviews.view(record)
    assert "changed after you began" in seen.news
    assert seen.compare == (1, 2)


# --- side by side -----------------------------------------------------------------------------


def test_two_versions_are_told_question_by_question(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "The second hold was longer")
    answers = dana.records.open(record).answers
    answers["location_detail"] = "Room 15"
    answers["holds"][1]["end"] = "2026-11-12T10:20:00-08:00"
    answers["narrative"] = answers["narrative"].replace("tablet", "laptop")
    answers["property"] = [*answers.get("property", ()), {"$id": "new", "damaged_item": "A chair"}]
    dana.records.save_draft(record, "report", answers)
    draft = dana.records.versions.compare(record, "report", 1, 0)
    assert {line.kind for line in draft.changes} == {"added", "changed"}
    answers["property"] = answers["property"][:-1]
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())

    first, second = dana.records.versions.of(record)
    assert (first.count, first.kind_words, second.kind_words) == (1, "First version", "Correction")
    assert (second.reason, second.by_name) == ("The second hold was longer", "Dana Whitcomb")
    found = dana.records.versions.compare(record, "report", 1, 2)
    changed = {line.question: line for line in found.changes}
    room = changed["Which room or spot?"]
    assert (room.kind, room.old, room.new) == ("changed", "Room 14", "Room 15")
    assert changed["Hold 2: Hold ended"].new == "10:20 am"
    narrative = next(line for line in found.changes if line.pieces and "laptop" in line.new)
    assert [(p.kind, p.text) for p in narrative.pieces if p.kind != "same"] == [
        ("removed", "tablet"),
        ("added", "laptop"),
    ]
    assert any(line.kind == "same" for line in found.lines)
    with pytest.raises(NoSuchRecord):
        dana.records.versions.compare(record, "report", 1, 9)
    with pytest.raises(Denied):
        school.sign_in("olga").records.versions.compare(record, "report", 1, 2)
    assert school.sign_in("olga").records.versions.of(record) == ()


def test_deeds_are_offered_to_those_who_may(school: School, record: str) -> None:
    dana, tom = school.sign_in("dana"), school.sign_in("tom")
    own = dana.records.open(record)
    assert "amend" in own.may
    assert own.part("report").amend_kinds == (
        "addendum", "correction", "late_entry", "entered_in_error",
    )  # fmt: skip
    opened = tom.records.open(record)
    assert {"review", "amend"} <= opened.may
    assert opened.part("report").amend_kinds == ("entered_in_error",)
    priya = school.sign_in("priya").records.open(record)
    assert "amend" not in priya.may
    assert priya.part("report").why_not_amend == "A part is amended by whoever signed it."
    dana.records.amend(record, "report", "correction", "The room was another one")
    part = dana.records.open(record).part("report")
    assert (part.amending, part.reason, part.version, part.may_discard) == (
        "correction", "The room was another one", 1, True,
    )  # fmt: skip
