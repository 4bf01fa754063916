"""Deadline rules: the calendar they count by, the facts they go by, the faults they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bt_desktop.form_engine import load_pack
from bt_desktop.services.deadline_due import due_at
from bt_desktop.services.deadline_facts import BadFact, read_facts
from bt_desktop.services.deadline_rules import UNITS, BadRules, Span, rules_of
from bt_desktop.services.school_days import Day, SchoolCalendar, Term
from tests.services.deadline_kit import DAYS_OFF, PACIFIC, calendar, found, off, worked_out

EVENT = {"event_start": "2026-11-12T10:09:00-08:00", "restraint": True, "plan": "iep"}


# --- the calendar ------------------------------------------------------------------------------


def test_an_empty_calendar_counts_weekdays_and_says_so():
    empty = SchoolCalendar.of(PACIFIC)
    assert empty.empty
    friday = EVENT | {"event_start": "2026-11-13T10:00:00-08:00"}
    due = next(one for one in worked_out("us-ca", friday, empty) if one.id == "T1")
    assert due.fallback
    assert due.due.isoformat() == "2026-11-16T23:59:00-08:00"
    day = next(one for one in worked_out("us-ca", friday, empty) if one.id == "T2")
    assert not day.fallback, "hours and the same day need no calendar"


def test_a_day_after_everything_entered_is_counted_by_weekday_and_says_so():
    short = calendar(terms=[Term(date(2026, 8, 17), date(2026, 11, 13))], days=[])
    known = worked_out("us-ca", EVENT, short)
    assert not any(one.fallback for one in known if one.id == "T1")
    later = worked_out("us-ca", EVENT | {"event_start": "2026-11-13T10:00:00-08:00"}, short)
    assert found(later, "T1") == datetime(2026, 11, 16, 15, 10, tzinfo=PACIFIC)
    assert all(one.fallback for one in later if one.id == "T1")


def test_a_list_of_holidays_is_a_calendar():
    holidays = calendar(terms=[])
    due = [one for one in worked_out("us-ca", EVENT, holidays) if one.id == "T1"]
    assert [one.fallback for one in due] == [False]


def test_an_early_day_ends_with_its_own_bell():
    early = calendar(days=[*DAYS_OFF, Day(date(2026, 11, 13), "early", time(12, 30))])
    assert found(worked_out("us-ca", EVENT, early), "T1").time() == time(12, 30)
    after = EVENT | {"event_start": "2026-11-13T12:45:00-08:00"}
    assert found(worked_out("us-or", after, early), "R1", "tell_parent").day == 16


def test_without_a_bell_a_school_day_ends_a_minute_before_midnight():
    assert found(worked_out("us-ca", EVENT, calendar(bell=None)), "T1").time() == time(23, 59)


def test_the_bell_told_as_a_fact_goes_before_the_school_s():
    due = worked_out("us-ca", EVENT | {"bell": "14:25"})
    assert found(due, "T1").time() == time(14, 25)


def test_a_day_for_staff_is_a_business_day_and_no_school_day():
    staff = calendar(days=[Day(date(2026, 11, 13), "staff_day")])
    assert found(worked_out("us-ca", EVENT, staff), "T1").day == 16
    assert found(worked_out("us-wa", EVENT, staff), "W1").day == 16
    closed = calendar(days=off("2026-11-13"))
    assert found(worked_out("us-wa", EVENT, closed), "W1").day == 17


def test_a_saturday_can_be_a_school_day():
    saturday = calendar(days=[*DAYS_OFF, Day(date(2026, 11, 14), "school")])
    friday = EVENT | {"event_start": "2026-11-13T10:00:00-08:00"}
    assert found(worked_out("us-ca", friday, saturday), "T1").day == 14


def test_school_days_are_numbered_through_the_year():
    school = calendar()
    assert school.number_of(date(2026, 8, 17)) == 1
    assert school.number_of(date(2026, 11, 12)) == 63
    assert school.number_of(date(2026, 11, 11)) is None
    spring = school.number_of(date(2027, 1, 4))
    assert spring == (school.number_of(date(2026, 12, 18)) or 0) + 1
    assert school.number_of(date(2027, 6, 21)) == 1, "the summer session has a count of its own"
    assert SchoolCalendar.of(PACIFIC).number_of(date(2026, 11, 12)) is None


def test_no_school_for_years_on_end_is_counted_by_weekday():
    never = calendar(terms=[], days=[Day(date(2026, 11, 12) + timedelta(days=i), "no_school")
                                     for i in range(900)])  # fmt: skip
    counted = never.school_day_after(date(2026, 11, 13), 1)
    assert (counted.day, counted.fallback) == (date(2026, 11, 16), True)
    assert never.business_day_after(date(2026, 11, 13), 1).fallback


# --- properties ----------------------------------------------------------------------------------

MOMENTS = st.datetimes(
    datetime(2026, 8, 1), datetime(2027, 7, 31), timezones=st.just(UTC)
).map(lambda at: at.astimezone(PACIFIC))  # fmt: skip
SPANS = st.builds(Span, st.integers(0, 30), st.sampled_from(UNITS), st.just("statute"))


@settings(max_examples=300, deadline=None)
@given(span=SPANS, at=MOMENTS)
def test_nothing_is_due_before_its_clock_starts(span, at):
    due, _ = due_at(span, at, calendar())
    assert due >= at
    assert due.utcoffset() == due.astimezone(PACIFIC).utcoffset()


@settings(max_examples=300, deadline=None)
@given(span=SPANS, at=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_what_starts_later_is_never_due_earlier(span, at, later):
    school = calendar()
    then = (at.astimezone(UTC) + later).astimezone(PACIFIC)
    assert due_at(span, at, school)[0] <= due_at(span, then, school)[0]


@settings(max_examples=200, deadline=None)
@given(span=SPANS, at=MOMENTS)
def test_a_longer_time_is_never_due_earlier(span, at):
    school = calendar()
    if span.unit == "school_day" and span.amount == 0:
        return  # the end of this very school day: another rule, not a shorter time
    longer = replace(span, amount=span.amount + 1)
    assert due_at(span, at, school)[0] <= due_at(longer, at, school)[0]


@settings(max_examples=200, deadline=None)
@given(amount=st.integers(1, 30), at=MOMENTS)
def test_school_days_land_on_school_days_at_their_bell(amount, at):
    school = calendar()
    due, fallback = due_at(Span(amount, "school_day", "statute"), at, school)
    assert fallback or (school.is_school_day(due.date()) and due == school.end_of(due.date()))
    between = school.school_days_between(at.date(), due.date())
    assert between == amount


# --- facts ---------------------------------------------------------------------------------------


def read(**facts: Any) -> Any:
    return read_facts(facts, lambda _: PACIFIC)


def test_facts_are_read_in_many_spellings():
    facts = read(
        event_start="2026-11-12T10:09:00-08:00", plan="504", bip=False, restraint="Yes",
        seclusion=0, mechanical="no", bip_ineffective=None, new_behavior="unknown", bell="8:05",
    )  # fmt: skip
    assert facts.values["plan"] == "section_504"
    assert facts.values["bip"] == "none"
    assert facts.values["restraint"] is True
    assert facts.values["seclusion"] is False
    assert "new_behavior" not in facts.values
    assert "bip_ineffective" not in facts.values
    assert facts.bell == time(8, 5)
    assert read(plan=504).values["plan"] == "section_504"
    assert read(bip=True).values["bip"] == read(bip="bsp").values["bip"] == "yes"
    assert read(plan_status="none", bip_status="plan_general").values == {
        "plan": "none", "bip": "none",
    }  # fmt: skip


def test_what_no_rule_knows_is_told_and_a_moment_without_offset_is_local():
    facts = read(event_start="2026-11-12 10:09", colour="red")
    assert facts.unknown == ("colour",)
    assert facts.local == ("event_start",)
    assert facts.moments["event_start"].isoformat() == "2026-11-12T10:09:00-08:00"
    assert read(school_year_end="2027-06-11").moments["school_year_end"].hour == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event_start", "yesterday"),
        ("event_start", "2026-13-40T10:00:00-08:00"),
        ("event_start", 20261112),
        ("event_start", "0001-01-01T00:00:00-08:00"),
        ("event_start", "2026-11-12T10:00:00-08:00" * 9),
        ("plan", "gifted"),
        ("plan", True),
        ("plan", ["iep"]),
        ("bip", "perhaps"),
        ("restraint", "maybe"),
        ("restraint", 7),
        ("seclusion", {"a": 1}),
        ("minutes_held", -1),
        ("minutes_held", "long"),
        ("minutes_held", True),
        ("bell", "half past three"),
        ("bell", "25:00"),
        ("bell", "15:10+01:00"),
        ("timezone", 7),
    ],
)
def test_a_fact_that_cannot_be_used_is_refused_with_a_sentence(name, value):
    with pytest.raises(BadFact) as refused:
        read(**{name: value})
    assert refused.value.name == name
    assert name in refused.value.sentence


def test_an_event_cannot_end_before_it_began():
    with pytest.raises(BadFact):
        read(event_start="2026-11-12T10:09:00-08:00", event_end="2026-11-12T10:08:00-08:00")


def test_a_fact_that_is_not_told_makes_no_rule_apply():
    assert worked_out("us-ca", {"event_start": EVENT["event_start"]}) == ()
    plan_unknown = worked_out("us-ca", EVENT | {"plan": "unknown", "bip": "unknown"})
    assert {one.id for one in plan_unknown} == {"T1", "T2", "T3"}
    assert {one.reading for one in plan_unknown if one.id == "T1"} == {"statute"}, "the stricter"


def test_review_waits_for_the_report_where_the_records_say_that_it_is_unsigned():
    ids = {one.id for one in worked_out("us-ca", EVENT | {"unsigned": True})}
    assert "T3" not in ids
    assert {"T1", "T2"} <= ids


# --- rules ---------------------------------------------------------------------------------------


def pack_of(**raw: Any) -> Any:
    return replace(load_pack("us-ca"), raw=MappingProxyType(raw))


GOOD = {"id": "Z1", "task": "t", "label": "Do it", "amount": 1, "unit": "school_day"}


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "fortnight"},
        {"amount": -1},
        {"amount": "two"},
        {"amount": 9999},
        {"reading": "rumor"},
        {"owner": "everybody"},
        {"anchor": "event_begann"},
        {"anchor": "restraint"},
        {"when": "${restrained}"},
        {"when": "${restraint} = ("},
        {"label": ""},
        {"task": ""},
        {"lable": "x"},
        {"alternative": {"amount": 1, "unit": "eon"}},
    ],
)
def test_a_rule_that_cannot_be_used_is_a_fault(change):
    with pytest.raises(BadRules) as refused:
        rules_of(pack_of(deadlines=[GOOD | change]))
    assert len(refused.value.faults) == 1


def test_all_faults_are_told_at_once():
    with pytest.raises(BadRules) as refused:
        rules_of(pack_of(
            deadlines=["odd", GOOD | {"unit": "x"}, GOOD, GOOD],
            thresholds=[{"id": "Z2", "task": "t", "label": "L", "minutes": 0}],
        ))  # fmt: skip
    assert len(refused.value.faults) == 5
    assert rules_of(pack_of()) == ()


def test_a_verified_pack_verifies_what_stands_in_the_law_and_no_custom():
    checked = replace(
        pack_of(deadlines=[GOOD | {"alternative": {"amount": 2, "unit": "school_day"}}]),
        verified_by="A. Person", verified_on=date(2026, 11, 1), verified_sources=("text",),
    )  # fmt: skip
    (rule,) = rules_of(checked)
    assert [rule.verified(span.reading) for span in rule.spans] == [True, False]


def test_spans_are_said_in_words():
    assert [Span(n, u, "statute").words for n, u in (
        (1, "school_day"), (24, "hour"), (0, "now"), (0, "day_of"), (0, "end_of_school_day"),
        (2, "calendar_day"),
    )] == ["1 school day", "24 hours", "at once", "the same day", "the end of the school day",
           "2 calendar days"]  # fmt: skip
