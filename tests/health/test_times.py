"""When a dose is due, and when an as-needed one may be given again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bt_desktop.services.health.model import AsNeeded, DoseRecord, Identified
from bt_desktop.services.health.times import (
    already,
    availability,
    clock_words,
    day_of,
    due_of,
    school_days_between,
    since,
    slots,
    times_words,
    timing,
)
from bt_desktop.services.school_days import Day, SchoolCalendar, Term
from tests.health.kit import terms

ZONE = ZoneInfo("America/Los_Angeles")
DAY = date(2026, 11, 12)
CALENDAR = SchoolCalendar.of(
    ZONE,
    terms=[Term(date(2026, 8, 17), date(2027, 6, 11))],
    days=[
        Day(date(2026, 11, 11), "no_school", label="Veterans Day"),
        Day(date(2026, 11, 13), "early", time(12, 30)),
    ],
    bell=time(15),
)
HALF_HOUR = timedelta(minutes=30)
PRN = AsNeeded(("headache",), 240, 2)


def at(hour: int, minute: int = 0, second: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute, second), ZONE)


def dose(when: datetime, **changes: object) -> DoseRecord:
    made = DoseRecord("d", "o", "student:s", "given", when, when, "u", identified=Identified())
    return replace(made, **changes)  # type: ignore[arg-type]  # names checked by DoseRecord


def test_a_school_day_has_the_orders_times() -> None:
    order = terms("student:s", times=(time(14, 30), time(9)))
    assert [one.due_at for one in slots(order, DAY, CALENDAR)] == [at(9), at(14, 30)]


@pytest.mark.parametrize(
    "day", [date(2026, 11, 11), date(2026, 11, 14), date(2026, 8, 16), date(2027, 6, 12)]
)
def test_no_doses_on_a_holiday_a_weekend_or_outside_the_order(day: date) -> None:
    assert slots(terms("student:s"), day, CALENDAR) == ()


def test_after_an_early_bell_the_dose_is_still_shown_and_told() -> None:
    order = terms("student:s", times=(time(12), time(14)))
    early = slots(order, date(2026, 11, 13), CALENDAR)
    assert [one.after_bell for one in early] == [False, True]
    assert not any(one.after_bell for one in slots(order, DAY, CALENDAR))


@pytest.mark.parametrize(
    ("minute", "stands"),
    [(-61, "early"), (-60, "soon"), (-31, "soon"), (-30, "due"), (0, "due"), (30, "due"),
     (31, "late"), (60, "late"), (61, "missed")],
)  # fmt: skip
def test_a_moment_against_the_window(minute: int, stands: str) -> None:
    moment = at(12) + timedelta(minutes=minute)
    assert timing(at(12), moment, HALF_HOUR) == stands


def test_a_wider_window_is_overdue_before_it_is_missed() -> None:
    hour = timedelta(minutes=60)
    assert timing(at(12), at(13, 1), hour) == "overdue"
    assert timing(at(12), at(14, 1), hour) == "missed"


def test_the_second_dose_of_a_time_is_one_too_many() -> None:
    first = dose(at(12, 1), due_at=at(12))
    assert already([first], "o", at(12), at(12, 20)) is first
    assert already([first], "o", at(14), at(14)) is None
    assert already([first], "other", at(12), at(12, 1)) is None
    assert already([replace(first, outcome="R")], "o", at(12), at(12, 20)) is None
    assert already([replace(first, outcome="V")], "o", at(12), at(12, 20)) is not None


def test_the_same_dose_twice_in_two_seconds_is_a_finger_that_slipped() -> None:
    first = dose(at(10, 0, 0))
    assert already([first], "o", None, at(10, 0, 2)) is first
    assert already([first], "o", None, at(10, 0, 3)) is None


def test_one_minute_early_is_early() -> None:
    first = [dose(at(9, 40))]
    early = availability(PRN, first, DAY, CALENDAR, now=at(13, 39))
    assert early.again_at == at(13, 40)
    assert clock_words(early.again_at) == "1:40 pm"
    assert not early.at(at(13, 39))
    assert early.at(at(13, 40))
    assert availability(PRN, first, DAY, CALENDAR, now=at(13, 40)).again_at is None


def test_a_dose_at_home_counts() -> None:
    home = availability(PRN, [], DAY, CALENDAR, home_at=at(7, 30), now=at(9))
    assert (home.again_at, home.left) == (at(11, 30), 1)
    night = availability(PRN, [], DAY, CALENDAR, home_at=at(22, day=date(2026, 11, 11)), now=at(9))
    assert (night.again_at, night.left) == (None, 2), "yesterday's is not of today's most"


def test_the_most_of_a_day_is_the_most() -> None:
    two = [dose(at(8)), dose(at(12))]
    full = availability(PRN, two, DAY, CALENDAR, now=at(17))
    assert (full.left, full.again_at) == (0, None)
    assert not full.at(at(17))
    refused = [dose(at(8), outcome="R"), dose(at(12))]
    assert availability(PRN, refused, DAY, CALENDAR, now=at(17)).left == 1


def test_a_minute_before_midnight_and_a_minute_after_are_two_days() -> None:
    late, early = at(23, 59), at(0, 1, day=date(2026, 11, 13))
    assert (day_of(late, CALENDAR), day_of(early, CALENDAR)) == (DAY, date(2026, 11, 13))
    next_day = availability(PRN, [dose(late)], date(2026, 11, 13), CALENDAR, now=early)
    assert next_day.left == 2
    assert next_day.again_at == at(3, 59, day=date(2026, 11, 13)), "the interval knows no midnight"


def test_an_interval_is_of_real_hours_where_the_clocks_go_back() -> None:
    """1 November 2026: the hour after 1:59 am is 1:00 am again."""
    night = date(2026, 11, 1)
    given_at = datetime(2026, 11, 1, 0, 30, tzinfo=ZONE)
    found = availability(PRN, [dose(given_at)], night, CALENDAR, now=given_at)
    assert found.again_at is not None
    assert since(given_at, found.again_at) == timedelta(hours=4)
    assert (found.again_at.hour, found.again_at.minute) == (3, 30)


def test_a_clock_set_back_does_not_make_a_dose_of_the_future() -> None:
    """Given at 12:50, then the clock is put to 11:50: the wait is four hours from now, not five."""
    found = availability(PRN, [dose(at(12, 50))], DAY, CALENDAR, now=at(11, 50))
    assert found.again_at == at(15, 50)
    assert since(at(12, 50), at(11, 50)) == timedelta(0)


def test_a_dose_entered_afterwards_is_held_against_those_around_it() -> None:
    noon = [dose(at(12, 1))]
    morning = availability(PRN, noon, DAY, CALENDAR, now=at(12, 5), at=at(6))
    assert (morning.again_at, morning.left) == (None, 1), "six hours before the other"
    close = availability(PRN, noon, DAY, CALENDAR, now=at(12, 5), at=at(9))
    assert close.again_at == at(16, 1)


@given(
    st.lists(st.integers(0, 24 * 60 - 1), max_size=5),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 600),
    st.integers(1, 4),
)
def test_it_is_never_available_within_the_interval_nor_beyond_the_most(
    minutes: list[int], now_minute: int, interval: int, most: int
) -> None:
    now = at(0) + timedelta(minutes=now_minute)
    given_ = [dose(at(0) + timedelta(minutes=one)) for one in minutes]
    prn = AsNeeded(("pain",), interval, most)
    found = availability(prn, given_, DAY, CALENDAR, now=now)
    if found.at(now):
        assert len(given_) < most
        for one in given_:
            real = min(one.at.astimezone(UTC), now.astimezone(UTC))
            assert now.astimezone(UTC) - real >= timedelta(minutes=interval)
    if found.again_at is not None:
        assert found.again_at > now
        assert found.at(found.again_at)


def test_a_dose_that_names_no_time_is_of_the_nearest() -> None:
    order = terms("student:s", times=(time(9), time(14)))
    assert due_of(order, None, at(11, 29), CALENDAR) == at(9)
    assert due_of(order, None, at(11, 31), CALENDAR) == at(14)
    assert due_of(order, at(9), at(14), CALENDAR) == at(9), "what is named stands"
    assert due_of(terms("student:s", times=(), prn=PRN), None, at(9), CALENDAR) is None


CLOCK_DAYS = st.sampled_from((date(2026, 11, 1), date(2027, 3, 14), DAY))
"""The clocks go back, go forward, and do neither."""
ORDER_OF_TIME = ("early", "soon", "due", "late", "overdue", "missed")


@example(date(2026, 11, 1), 51, 69, 5)
@given(CLOCK_DAYS, st.integers(0, 1439), st.integers(-600, 600), st.integers(5, 120))
def test_a_moment_stands_by_real_minutes_whatever_the_clocks_do(
    day: date, due_minute: int, off: int, window: int
) -> None:
    due = CALENDAR.at(day, time(due_minute // 60, due_minute % 60))
    moment = (due.astimezone(UTC) + timedelta(minutes=off)).astimezone(ZONE)
    span = timedelta(minutes=window)
    stands = timing(due, moment, span)
    assert (stands == "due") is (abs(off) <= window)
    assert (stands in ("early", "soon")) is (off < -window)
    a_minute_on = (moment.astimezone(UTC) + timedelta(minutes=1)).astimezone(ZONE)
    later = timing(due, a_minute_on, span)
    assert ORDER_OF_TIME.index(later) >= ORDER_OF_TIME.index(stands), "time only goes on"


@given(CLOCK_DAYS, st.integers(0, 1439), st.integers(-120, 600), st.integers(1, 480))
def test_a_wait_is_never_negative_and_never_longer_than_the_interval(
    day: date, minute: int, elapsed: int, interval: int
) -> None:
    """Also where the clock was set back after the dose (less than nothing has gone by)."""
    given_at = CALENDAR.at(day, time(minute // 60, minute % 60))
    now = (given_at.astimezone(UTC) + timedelta(minutes=elapsed)).astimezone(ZONE)
    prn = AsNeeded(("pain",), interval, 9)
    found = availability(prn, [dose(given_at)], day_of(now, CALENDAR), CALENDAR, now=now)
    if elapsed >= interval:
        assert found.again_at is None
    else:
        assert found.again_at is not None
        wait = found.again_at.astimezone(UTC) - now.astimezone(UTC)
        assert timedelta(0) < wait <= timedelta(minutes=interval)
        assert wait == timedelta(minutes=interval - max(elapsed, 0))


@given(st.integers(0, 4), st.integers(0, 4))
def test_two_entries_are_one_slip_whichever_came_first(one: int, two: int) -> None:
    first, second = at(10, 0, one), at(10, 0, two)
    slip = already([dose(first)], "o", None, second) is not None
    assert slip is (already([dose(second)], "o", None, first) is not None)
    assert slip is (abs(one - two) <= 2)


def test_school_days_are_counted_without_the_days_off() -> None:
    assert school_days_between(date(2026, 11, 10), date(2026, 11, 12), CALENDAR) == 1
    assert school_days_between(DAY, DAY, CALENDAR) == 0
    assert school_days_between(DAY, date(2026, 11, 16), CALENDAR) == 2


def test_times_in_words() -> None:
    assert times_words([time(12)]) == "12:00 pm"
    assert times_words([time(9), time(12), time(0, 5)]) == "9:00 am, 12:00 pm and 12:05 am"
