"""Filters kept under a name: one's own, shared by who may share, renamed, deleted, remembered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bt_desktop.errors import Denied
from bt_desktop.services.problems import ViewRefused
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.saved_views import LONGEST_NAME, read_filters, write_filters
from tests.factory import School

NARROW = RecordFilter(form="incident", states=("returned",), since=date(2026, 8, 1), mine=True)


def test_a_view_of_ones_own_is_there_again_for_oneself_alone(school: School) -> None:
    dana = school.sign_in("dana")
    view = dana.views.save("  Sent   back ", NARROW)
    dana.lock()
    [kept] = school.sign_in("dana").views.list()
    assert (kept.id, kept.name, kept.filters, kept.own) == (view, "Sent back", NARROW, True)
    assert school.sign_in("priya").views.list() == ()


def test_a_shared_view_is_everybodys_and_changed_by_who_may_share(school: School) -> None:
    tom = school.sign_in("tom")
    view = tom.views.save("To review", NARROW, shared=True)
    dana = school.sign_in("dana")
    [seen] = dana.views.list()
    assert (seen.shared, seen.own) == (True, False)
    for deed in (lambda: dana.views.rename(view, "Mine"), lambda: dana.views.delete(view)):
        with pytest.raises(Denied):
            deed()
    with pytest.raises(Denied):
        dana.views.save("For all", NARROW, shared=True)
    tom.views.delete(view)
    assert dana.views.list() == ()


def test_a_view_of_somebody_else_is_as_if_it_were_not_there(school: School) -> None:
    view = school.sign_in("dana").views.save("Mine", NARROW)
    tom = school.sign_in("tom")
    for deed in (lambda: tom.views.rename(view, "His"), lambda: tom.views.delete(view)):
        with pytest.raises(ViewRefused):
            deed()


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1)])
def test_a_name_has_to_be_one(school: School, name: str) -> None:
    with pytest.raises(ViewRefused):
        school.sign_in("dana").views.save(name, NARROW)


def test_a_name_is_taken_once(school: School) -> None:
    views = school.sign_in("dana").views
    first = views.save("Mine", NARROW)
    second = views.save("Other", NARROW)
    with pytest.raises(ViewRefused):
        views.save("MINE", NARROW)
    with pytest.raises(ViewRefused):
        views.rename(second, "mine")
    views.rename(first, "MINE")
    assert [one.name for one in views.list()] == ["MINE", "Other"]


def test_what_was_narrowed_last_is_remembered_for_each_person(school: School) -> None:
    dana = school.sign_in("dana")
    assert dana.views.last() == RecordFilter()
    dana.views.keep_last(NARROW)
    dana.views.keep_last(RecordFilter(place="Hallway"))
    dana.lock()
    assert school.sign_in("dana").views.last() == RecordFilter(place="Hallway")
    assert school.sign_in("tom").views.last() == RecordFilter()
    assert school.sign_in("dana").views.list() == ()


def test_saving_a_view_is_in_the_trail_by_its_id_alone(school: School) -> None:
    tom = school.sign_in("tom")
    view = tom.views.save("Mateo's file", NARROW)
    [newest, *_] = tom.log.entries()
    assert (newest.action, newest.object, newest.detail) == ("view.save", f"view:{view}", "own")


FILTERS = some.builds(
    RecordFilter,
    form=some.none() | some.text(max_size=9),
    states=some.lists(some.sampled_from(("draft", "signed")), unique=True).map(tuple),
    since=some.none() | some.dates(),
    until=some.none() | some.dates(),
    text=some.text(max_size=9),
    mine=some.booleans(),
    deadlines=some.sampled_from(("", "open", "overdue")),
    order=some.sampled_from(("newest", "student")),
)


@given(filters=FILTERS)
@settings(max_examples=60, deadline=None)
def test_filters_come_back_as_they_were(filters: RecordFilter) -> None:
    assert read_filters(write_filters(filters)) == filters


@pytest.mark.parametrize(
    "kept",
    [None, [], {"states": ["lost"], "order": "sideways", "new_thing": 3}, {"states": []}],
)
def test_what_this_program_does_not_know_is_passed_over(kept: object) -> None:
    assert read_filters(kept) == RecordFilter()
