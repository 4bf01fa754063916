"""Copies and amendments: what is printed after one, and what becomes of those given before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.paper.verify import verify
from bt_desktop.services.verification import check
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.paper.pdf import words
from tests.services.review_kit import amend, review

TOLD = "Mateo threw a book, which hit Student A. He was held twice and was calm at 10:19."


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def test_the_schools_copy_tells_the_whole_story(school: School, record: str) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    review(school, tom, record, back=True)
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    review(school, tom, record)
    amend(dana, record, "addendum", "His mother told me more")
    told = words(tom.copies.school_copy(record).pdf)
    for each in (
        "Returned to its author", "Say which of the two holds ended", "Correction: report",
        "The room was another one", "Room 15", "Addendum: report", "His mother told me more",
        "Reviewed and countersigned",
    ):  # fmt: skip
        assert each in told, each
    both = words(tom.copies.school_copy(record, both=True).pdf)
    assert "Report, version 1" in both
    assert "Report, version 2" in both
    assert "Review, version 1" in both
    assert "Room 14" in both
    assert tom.log.verify().holds


def test_a_struck_part_is_told_and_not_printed_as_an_answer(school: School, record: str) -> None:
    nurse = school.sign_in("maria")
    fill(school, nurse, record, "nurse")
    nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    tom = school.sign_in("tom")
    before = words(tom.copies.school_copy(record).pdf)
    amend(nurse, record, "entered_in_error", "I examined another child then", "nurse")
    after = words(tom.copies.school_copy(record).pdf)
    assert "Nurse check" in before
    assert "Entered in error: nurse check" in after
    assert "I examined another child then" in after
    assert after.count("Examined the student") == 0


def test_copies_given_before_an_amendment_are_named_and_replaced(
    school: School, record: str, clock: SetClock
) -> None:
    olga, dana = school.sign_in("olga"), school.sign_in("dana")
    first = olga.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    [given] = olga.copies.given(record)
    assert (given.number, given.for_whom, given.amended) == (1, "Rosa Núñez", None)
    clock.set(clock.now() + timedelta(days=1))
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    [given] = olga.copies.given(record)
    assert given.amended is not None
    assert (given.amended.kind, given.amended.at) == ("correction", clock.now())
    new = olga.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    assert "This replaces the copy of November 12, 2026." in words(new.pdf)
    assert "This replaces" not in words(first.pdf)
    assert [one.amended is None for one in olga.copies.given(record)] == [True, False]
    assert school.sign_in("tom").log.verify().holds


def test_verifying_says_what_was_amended_and_when(
    school: School, record: str, clock: SetClock
) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    pdf, ca = tom.copies.school_copy(record).pdf, (tom.copies.school_ca_pem(),)
    found = check(pdf, ca, tom.copies.amended_since)
    assert (found.kind, found.amended) == ("genuine", None)
    clock.set(clock.now() + timedelta(days=1))
    amend(dana, record, "correction", "The room was another one", location_detail="Room 15")
    found = check(pdf, ca, tom.copies.amended_since)
    assert found.kind == "amended"
    assert found.sentence.startswith("Genuine; amended on November 13, 2026 (correction)")
    assert tom.copies.copy_status(verify(pdf, ca[0])) == "amended"
    amend(dana, record, "entered_in_error", "This was another child's report")
    found = check(pdf, ca, tom.copies.amended_since)
    assert found.sentence.startswith("Genuine; entered in error on November 13, 2026")


def test_a_withdrawn_record_prints_with_its_authors_signature(school: School, record: str) -> None:
    dana, tom = school.sign_in("dana"), school.sign_in("tom")
    amend(dana, record, "entered_in_error", "This was another child's report")
    told = words(tom.copies.school_copy(record).pdf)
    assert "This record was entered in error" in told
    assert "Author of this report" in told
    assert "This was another child's report" in told
