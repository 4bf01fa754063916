"""Today's papers for parents: which, for whom, what each waits for, and all that is ready."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from bt_desktop.services.notices_due import joined_pages
from bt_desktop.services.results.copies import NoticeDue
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.services.workspace import Workspace
from tests.factory import School, signed_report
from tests.first_aid import signed_first_aid


def mother_of_lucja(school: School, **flags: bool) -> str:
    return school.sign_in("tom").people.add_guardian(
        school.ids["lucja"],
        NewGuardian("Anna", "Kowalczyk", "mother", "pl", **flags),  # type: ignore[arg-type]  # flags
    )


def only(workspace: Workspace) -> NoticeDue:
    [due] = workspace.notices.list()
    return due


def test_a_notice_without_a_text_is_ready_and_leaves_the_list_once_it_is_made(
    school: School,
) -> None:
    anna = mother_of_lucja(school)
    record = signed_first_aid(school, "B")
    office = school.sign_in("olga")
    due = only(office)
    assert (due.record_id, due.state, due.guardian_id) == (record, "ready", anna)
    assert (due.student, due.for_whom, due.number) == (
        "Łucja Kowalczyk",
        "Anna Kowalczyk",
        "AID-2026-0001",
    )
    assert due.paper is not None
    assert due.paper.label == "Head-injury notice, letter B"
    assert office.notices.count() == 1
    copy = office.notices.release(due)
    assert copy.sealed
    assert office.copies.log(record)[0].for_whom == "Anna Kowalczyk"
    assert office.notices.list() == ()
    assert office.notices.count() == 0


def test_a_report_that_is_told_in_a_text_waits_for_somebody_who_reads_it(school: School) -> None:
    signed_report(school)
    due = only(school.sign_in("olga"))
    assert (due.state, due.names) == ("text", 5)
    assert due.why == "5 names to settle in what is told."
    assert due.for_whom == "Rosa Núñez"


def test_what_stops_it_is_said(school: School) -> None:
    record = signed_first_aid(school, "A")
    assert only(school.sign_in("olga")).why == "The roster names no guardian for this student."
    mother_of_lucja(school, no_contact=True)
    due = only(school.sign_in("olga"))
    assert (due.record_id, due.state) == (record, "stopped")
    assert "no-contact" in due.why


def test_it_is_for_whom_was_reached_by_phone(school: School) -> None:
    """The log of Łucja's record names Rosa, as the answer set has it."""
    mother_of_lucja(school)
    people = school.sign_in("tom").people
    signed_first_aid(school, "A")
    due = only(school.sign_in("olga"))
    assert due.for_whom == "Anna Kowalczyk"
    assert people.guardians(school.ids["lucja"])[0].given == "Anna"


@pytest.mark.parametrize(("who", "seen"), [("maria", 1), ("olga", 1), ("tom", 1), ("dana", 0)])
def test_everybody_sees_what_they_may_release(school: School, who: str, seen: int) -> None:
    mother_of_lucja(school)
    signed_first_aid(school, "A")
    assert len(school.sign_in(who).notices.list()) == seen


def test_a_nurse_sees_no_report_of_a_hold(school: School) -> None:
    signed_report(school)
    assert school.sign_in("maria").notices.list() == ()


def test_what_is_left_from_before_stands_below_and_goes_after_two_weeks(school: School) -> None:
    mother_of_lucja(school)
    first = signed_first_aid(school, "A")
    school.clock.set(school.clock.now() + timedelta(days=1))
    second = signed_report(school)
    office = school.sign_in("olga").notices
    assert [(due.record_id, due.today) for due in office.list()] == [(second, True), (first, False)]
    school.clock.set(school.clock.now() + timedelta(days=15))
    assert office.list() == ()


def test_all_pages_are_one_print_and_each_copy_is_kept_by_itself(school: School) -> None:
    mother_of_lucja(school)
    signed_first_aid(school, "A")
    signed_first_aid(school, "C")
    office = school.sign_in("olga")
    made = [office.notices.release(due) for due in office.notices.list()]
    whole = office.notices.joined(made)
    pages = PdfReader(io.BytesIO(whole.pdf)).pages
    assert len(pages) == 2
    told = " ".join(page.extract_text() for page in pages)
    assert "AID-2026-0001" in told
    assert "AID-2026-0002" in told
    assert (whole.copy_id, whole.sealed) == ("", False)
    assert all(office.copies.pdf(one.copy_id).pdf == one.pdf for one in made)


def test_nothing_joined_is_an_empty_print() -> None:
    assert joined_pages([]).startswith(b"%PDF")
