"""A student's page: the records one may know of, counted by kind and month; opening it is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.access import Opening
from bt_desktop.services.problems import PurposeNeeded
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.students import StudentRecords
from bt_desktop.services.student_page import month_before
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import School
from tests.services.many_records import Made, put


@pytest.fixture
def filled(school: School) -> School:
    tom = school.sign_in("tom")
    put(
        school,
        tom,
        [
            Made("incident", days=1, author="dana"),
            Made("incident", days=29, author="priya", owner="priya"),
            Made("restraint", days=31, author="dana"),
            Made("first_aid", days=200, author="maria", owner="maria"),
            Made("incident", days=2, state="entered in error", author="dana"),
            Made("risk", days=3, author="dana"),
            Made("incident", days=4, student="huy", author="dana"),
            Made("restraint", days=500, author="dana"),
        ],
    )
    tom.lock()
    return school


def page(school: School, who: str) -> StudentRecords:
    return school.sign_in(who).student_pages.open(school.ids["mateo"])


def recent(records: StudentRecords) -> list[tuple[str, int]]:
    return [(one.form, one.number) for one in records.recent]


def test_an_administrator_sees_the_whole_file_and_what_is_kept_apart(filled: School) -> None:
    records = page(filled, "tom")
    assert len(records.timeline) == 7
    assert recent(records) == [("incident", 2), ("risk", 1)]
    assert records.everything
    assert [one.total for one in records.months][-3:] == [0, 2, 2]
    assert sum(one.total for one in records.months) == 5
    assert [one.confidential for one in records.timeline].count(True) == 1


@pytest.mark.parametrize("who", ["olga", "maria"])
def test_what_is_confidential_is_not_counted_for_who_may_not_know_of_it(
    filled: School, who: str
) -> None:
    records = page(filled, who)
    assert recent(records) == [("incident", 2)]
    assert not any(one.confidential for one in records.timeline)
    assert sum(one.total for one in records.months) == 4
    assert "Report for risk management" not in " ".join(records.kinds)


def test_a_technician_sees_and_counts_their_own(filled: School) -> None:
    records = page(filled, "priya")
    assert recent(records) == [("incident", 1)]
    assert [one.author_name for one in records.timeline] == ["Priya Raman"]
    assert not records.everything


def test_the_year_has_twelve_months_up_to_this_one(filled: School) -> None:
    months = page(filled, "tom").months
    assert [months[0].first, months[-1].first] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert len(months) == 12
    assert month_before(date(2026, 1, 31), 1) == date(2025, 12, 1)


def looks(workspace: Workspace) -> list[tuple[str, str, bool]]:
    with workspace._context.store.read() as session:
        rows = session.scalars(select(Opening).where(Opening.what == "student")).all()
    return [(one.what, one.purpose, one.own) for one in rows]


@pytest.mark.usefixtures("pacific_computer")
def test_a_summer_night_counts_in_the_month_its_clocks_showed(school: School) -> None:
    """Half past midnight on July 1: by the clocks of November it would still be June."""
    tom = school.sign_in("tom")
    night = datetime(2026, 7, 1, 7, 30, tzinfo=UTC)
    put(school, tom, [Made("incident", days=(AFTERNOON - night) / timedelta(days=1))])
    tom.lock()
    records = page(school, "tom")
    assert [one.first for one in records.months if one.total] == [date(2026, 7, 1)]


def test_a_page_outside_ones_own_asks_what_for_and_is_written_down(filled: School) -> None:
    olga = filled.sign_in("olga", says=None)
    with pytest.raises(PurposeNeeded):
        olga.student_pages.open(filled.ids["mateo"])
    assert looks(olga) == []
    olga.openings.state(Purpose("parent"), filled.ids["mateo"])
    olga.student_pages.open(filled.ids["mateo"])
    olga.student_pages.open(filled.ids["mateo"])  # read again after a change: the same look
    assert looks(olga) == [("student", "parent", False)]
    dana = filled.sign_in("dana", says=None)
    dana.student_pages.open(filled.ids["mateo"])
    assert looks(dana)[-1] == ("student", "", True)


def test_an_auditor_has_no_page_of_students_and_nobody_one_of_nobody(filled: School) -> None:
    with pytest.raises(Denied):
        page(filled, "amir")
    with pytest.raises(KeyError):
        filled.sign_in("tom").student_pages.open("student:nobody")


def test_a_student_without_records_has_an_empty_page(filled: School) -> None:
    records = filled.sign_in("tom").student_pages.open(filled.ids["lucja"])
    assert (records.timeline, records.recent, records.kinds) == ((), (), ())
    assert [one.total for one in records.months] == [0] * 12
