"""Dates and times, worked out by hand: where the second opinion is silent."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bt_desktop.form_engine import evaluate
from bt_desktop.form_engine.evaluation import weekdays_between
from bt_desktop.form_engine.place import Place, event_moment, fixed
from bt_desktop.form_engine.typed_moments import (
    Unreadable,
    parse_date,
    parse_datetime,
    parse_time,
)
from bt_desktop.form_engine.values import read_moment

PST = timezone(timedelta(hours=-8))
PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 12, 14, 5, tzinfo=PST)

ANSWERS: dict[str, Any] = {
    "d": "2026-11-12",
    "d2": "2026-11-13",
    "at": "2026-11-12T10:12:00-08:00",
    "at_utc": "2026-11-12T18:12:00Z",
    "later": "2026-11-12T10:14:30-08:00",
    "naive": "2026-11-12T10:12:00",
    "midnight": "2026-11-12T00:00:00-08:00",
    "clock": "10:12",
    "clock2": "10:14:30",
    "word": "Thursday",
    "seen": datetime(2026, 11, 12, 9, 0, tzinfo=PST),
    "day": date(2026, 11, 12),
    "exact": time(10, 12, 0, 500_000),
    "wall": datetime(2026, 11, 12, 10, 12),
}

VALUES: list[tuple[str, Any]] = [
    # exactly, in time order
    ("${d} < ${d2}", True),
    ("${d} = '2026-11-12'", True),
    ("'2026-11-12' = ${d}", True),
    ("${d} != '2026-11-12'", False),
    ("${d} = '12.11.2026'", False),
    ("${d} != '12.11.2026'", True),
    ("${d} < 'soon'", False),
    ("${d} > '2026-11-11' and ${d} <= '2026-11-12'", True),
    ("'2026-11-12' < '2026-11-13'", False),
    ("date('2026-11-12') < date('2026-11-13')", True),
    ("${at} = ${at_utc}", True),
    ("${at} < ${later}", True),
    ("${at} = ${naive}", True),
    ("${at} = '2026-11-12T10:12:00'", True),
    ("${at} = ${wall}", True),
    ("${exact} > ${clock}", True),
    ("string(${exact})", "10:12:00.500"),
    ("${at} > ${d}", True),
    ("${d} < ${at}", True),
    ("${midnight} = ${d}", True),
    ("${d} = ${midnight}", True),
    ("${clock} < ${clock2}", True),
    ("${clock} = '10:12:00'", True),
    ("${clock} = ${at}", False),
    ("${clock} != ${at}", True),
    ("${clock} < ${at}", False),
    ("${d} = ''", False),
    ("${d} != ''", True),
    ("'' < ${d}", False),
    ("${d} = true()", True),
    ("${d} = ${day}", True),
    ("${seen} < ${at}", True),
    ("${word} = 'Thursday'", True),
    # as numbers: days since 1970-01-01
    ("${d} + 0", 20769.0),
    ("${d2} - ${d}", 1.0),
    ("number(date('1970-01-02'))", 1.0),
    ("${d} = 20769", True),
    ("${d} < 20770", True),
    ("decimal-date-time(${d})", 20769.0),
    ("decimal-date-time('1970-01-01T12:00:00Z')", 0.5),
    ("decimal-date-time(${clock})", math.nan),
    ("decimal-date-time(${word})", math.nan),
    ("decimal-time('06:00')", 0.25),
    ("decimal-time(${at})", 0.425),
    ("decimal-time(${d})", 0.0),
    ("decimal-time(0.5)", math.nan),
    ("decimal-time('noon')", math.nan),
    ("(${later} - ${at}) * 1440", 2.5),
    ("today() = '2026-11-12'", True),
    ("today() + 1 = ${d2}", True),
    ("now() > ${at}", True),
    ("now() > today()", True),
    # made of other things
    ("date(20769)", "2026-11-12"),
    ("date('2026-11-12T23:59:00-08:00')", "2026-11-12"),
    ("date(today() + 1)", "2026-11-13"),
    ("date('')", ""),
    ("date(${word})", ""),
    ("date(${clock})", ""),
    ("date(0 div 0)", ""),
    ("date(1 div 0)", ""),
    ("date(99999999999)", ""),
    ("date(true())", ""),
    ("date(20769.5)", "2026-11-12"),
    ("date-time('2026-11-12')", "2026-11-12T00:00:00-08:00"),
    ("date-time(${at})", "2026-11-12T10:12:00-08:00"),
    ("date-time(${clock})", ""),
    ("date-time('')", ""),
    ("date-time(0.5)", "1970-01-01T12:00:00+00:00"),
    # written out
    ("format-date(${d}, '%Y-%m-%d')", "2026-11-12"),
    ("format-date(${d}, '%e %b %y, %a')", "12 Nov 26, Thu"),
    ("format-date(${d}, '%A, %B %e')", "Thursday, November 12"),
    ("format-date(${d}, '%n/%d %j %W %%')", "11/12 316 46 %"),
    ("format-date('', '%Y')", ""),
    ("format-date(${d}, ${word})", "Thursday"),
    ("format-date(${d}, concat('%', 'Q'))", ""),
    ("format-date(today() + 1, '%Y-%m-%d')", "2026-11-13"),
    ("format-date-time(${at}, '%H:%M:%S.%3 %Z')", "10:12:00.000 -0800"),
    ("format-date-time(${at}, '%h o clock')", "10 o clock"),
    ("format-date-time(${clock}, '%H:%M')", "10:12"),
    # ours
    ("minutes-between(${at}, ${later})", 2.5),
    ("minutes-between(${later}, ${at})", -2.5),
    ("minutes-between(${clock}, ${clock2})", 2.5),
    ("minutes-between(${d}, ${d2})", 1440.0),
    ("minutes-between(${d}, ${at})", 612.0),
    ("minutes-between(${clock}, ${at})", math.nan),
    ("minutes-between(${at}, ${clock})", math.nan),
    ("minutes-between('', ${at})", math.nan),
    ("minutes-between(${at}, ${word})", math.nan),
    ("minutes-between(true(), ${at})", math.nan),
    # the clocks go back on 2026-11-01: 01:30 PDT to 01:30 PST is an hour
    ("minutes-between('2026-11-01T01:30:00-07:00', '2026-11-01T01:30:00-08:00')", 60.0),
    ("age-at('2017-03-09', ${d})", 9.0),
    ("age-at('2017-11-12', ${d})", 9.0),
    ("age-at('2017-11-13', ${d})", 8.0),
    ("age-at('2016-02-29', '2026-02-28')", 9.0),
    ("age-at('2016-02-29', '2026-03-01')", 10.0),
    ("age-at(${d2}, ${d})", math.nan),
    ("age-at('', ${d})", math.nan),
    ("age-at(${d}, ${clock})", math.nan),
    ("school-days-between(${d}, ${d2})", 1.0),
    ("school-days-between('2026-11-13', '2026-11-16')", 1.0),
    ("school-days-between('2026-11-16', '2026-11-13')", -1.0),
    ("school-days-between(${d}, ${d})", 0.0),
    ("school-days-between('2026-11-12', '2026-11-26')", 10.0),
    ("school-days-between('', ${d})", math.nan),
]


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_a_moment_in_an_expression(expression: str, expected: Any) -> None:
    found = evaluate(expression, ANSWERS, NOW)
    if isinstance(expected, float) and math.isnan(expected):
        assert isinstance(found, float)
        assert math.isnan(found)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-6)
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-12", date(2026, 11, 12)),
        ("10:12", time(10, 12)),
        ("10:12:30.5", time(10, 12, 30, 500_000)),
        ("2026-11-12T10:12", datetime(2026, 11, 12, 10, 12)),
        ("2026-11-12T10:12:00.000-08:00", datetime(2026, 11, 12, 10, 12, tzinfo=PST)),
        (
            "2026-11-12T10:12+0530",
            datetime(2026, 11, 12, 10, 12, tzinfo=timezone(timedelta(hours=5.5))),
        ),
        (
            "2026-11-12T10:12+05",
            datetime(2026, 11, 12, 10, 12, tzinfo=timezone(timedelta(hours=5))),
        ),
        ("2026-02-30", None),
        ("25:00", None),
        ("2026-11-12 10:12", None),
        ("T10:12", None),
        ("2026-11-12T", None),
        ("20261112", None),
        ("2026-11-12T10:12+99:00", None),
        ("abcde", None),
        ("1", None),
        ("1" * 50, None),
        ("٢٠٢٦-11-12", None),
    ],
)
def test_an_iso_text_is_a_moment_or_it_is_not(text: str, moment: Any) -> None:
    assert read_moment(text) == moment


TIMES: list[tuple[str, time | None]] = [
    ("1015", time(10, 15)),
    ("915", time(9, 15)),
    ("10:15", time(10, 15)),
    ("9:05", time(9, 5)),
    ("10.15a", time(10, 15)),
    ("10.15 p.m.", time(22, 15)),
    ("10,15", time(10, 15)),
    ("3pm", time(15, 0)),
    ("3 PM", time(15, 0)),
    ("3:07p", time(15, 7)),
    ("12am", time(0, 0)),
    ("12pm", time(12, 0)),
    ("1015p", time(22, 15)),
    ("10:15:30", time(10, 15, 30)),
    ("00:00", time(0, 0)),
    ("23:59", time(23, 59)),
    ("noon", time(12, 0)),
    ("midnight", time(0, 0)),
    ("now", time(14, 5)),
    ("n", time(14, 5)),
    ("+5", time(14, 10)),
    ("-10", time(13, 55)),
    ("  1015  ", time(10, 15)),
    ("", None),
]


@pytest.mark.parametrize(("typed", "expected"), TIMES)
def test_a_time_is_read_as_people_type_it(typed: str, expected: time | None) -> None:
    assert parse_time(typed, NOW) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "25:99",
        "24:00",
        "10:60",
        "10",
        "3",
        "13pm",
        "0am",
        "1:2",
        "ten",
        "10:15x",
        "12345",
        "10:15:99",
    ],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="time"):
        parse_time(typed, NOW)


DATES: list[tuple[str, date | None]] = [
    ("t", date(2026, 11, 12)),
    ("today", date(2026, 11, 12)),
    ("y", date(2026, 11, 11)),
    ("Yesterday", date(2026, 11, 11)),
    ("tomorrow", date(2026, 11, 13)),
    ("-1", date(2026, 11, 11)),
    ("+2", date(2026, 11, 14)),
    ("11/11", date(2026, 11, 11)),
    ("11/21", date(2026, 11, 21)),
    ("1/5", date(2027, 1, 5)),
    ("2/5", date(2026, 2, 5)),
    ("3/9", date(2026, 3, 9)),
    ("2/29", date(2024, 2, 29)),
    ("11/21/2026", date(2026, 11, 21)),
    ("11-21-2026", date(2026, 11, 21)),
    ("11.21.26", date(2026, 11, 21)),
    ("3/9/17", date(2017, 3, 9)),
    ("3/9/99", date(1999, 3, 9)),
    ("2026-11-12", date(2026, 11, 12)),
    ("2026/1/5", date(2026, 1, 5)),
    ("Nov 12", date(2026, 11, 12)),
    ("november 12, 2025", date(2025, 11, 12)),
    ("Sept 3rd", date(2026, 9, 3)),
    ("May 1", date(2026, 5, 1)),
    ("", None),
]


@pytest.mark.parametrize(("typed", "expected"), DATES)
def test_a_date_is_read_as_people_type_it(typed: str, expected: date | None) -> None:
    assert parse_date(typed, NOW.date()) == expected


def test_near_new_year_a_day_without_a_year_is_the_nearest() -> None:
    assert parse_date("12/28", date(2027, 1, 4)) == date(2026, 12, 28)
    assert parse_date("1/8", date(2027, 1, 4)) == date(2027, 1, 8)


def test_a_place_may_put_the_day_first() -> None:
    assert parse_date("21/11", NOW.date(), day_first=True) == date(2026, 11, 21)
    assert parse_date("21.11.2026", NOW.date(), day_first=True) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed",
    [
        "13/13",
        "2/30",
        "2026-02-30",
        "soon",
        "Foo 3",
        "Novem 3",
        "-9999999",
        "11/",
        "2/29/2025",
        "99999999",
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="date"):
        parse_date(typed, date(1, 1, 1) if typed == "-9999999" else NOW.date())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("11/12 10:15", datetime(2026, 11, 12, 10, 15)),
        ("11/12/2026, 3pm", datetime(2026, 11, 12, 15, 0)),
        ("y 1015", datetime(2026, 11, 11, 10, 15)),
        ("Nov 12 10:15 am", datetime(2026, 11, 12, 10, 15)),
        ("2026-11-12T10:15", datetime(2026, 11, 12, 10, 15)),
        ("2026-11-12T10:15:00-08:00", datetime(2026, 11, 12, 10, 15, tzinfo=PST)),
        ("11/12 10:15 -08:00", datetime(2026, 11, 12, 10, 15, tzinfo=PST)),
        ("now", NOW),
        ("", None),
    ],
)
def test_a_day_with_a_time(typed: str, expected: datetime | None) -> None:
    assert parse_datetime(typed, NOW) == expected


@pytest.mark.parametrize("typed", ["10:15", "11/12", "soon now", "x"])
def test_a_day_without_a_time_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="datetime"):
        parse_datetime(typed, NOW)


# -- places and clock changes (2026: forward on March 8, back on November 1) ---------------------


def at(place: Place, *wall: int, after: datetime | None = None) -> Any:
    return place.placed(datetime(*wall), after)


def test_an_ordinary_time_has_the_offset_of_its_season() -> None:
    place = Place(NOW.astimezone(PACIFIC))
    assert at(place, 2026, 11, 12, 10, 15).moment.isoformat() == "2026-11-12T10:15:00-08:00"
    assert at(place, 2026, 6, 1, 10, 15).moment.isoformat() == "2026-06-01T10:15:00-07:00"


def test_a_time_that_the_clocks_jumped_over_is_kept_and_marked() -> None:
    found = at(Place(NOW.astimezone(PACIFIC)), 2026, 3, 8, 2, 30)
    assert (found.moment.isoformat(), found.skipped) == ("2026-03-08T02:30:00-08:00", True)


def test_a_time_that_came_twice_is_the_first_unless_that_is_too_early() -> None:
    place = Place(NOW.astimezone(PACIFIC))
    first = at(place, 2026, 11, 1, 1, 30)
    assert (first.moment.isoformat(), first.twice) == ("2026-11-01T01:30:00-07:00", True)
    start = at(place, 2026, 11, 1, 1, 50).moment
    end = at(place, 2026, 11, 1, 1, 10, after=start)
    assert (end.moment.isoformat(), end.twice) == ("2026-11-01T01:10:00-08:00", True)
    too_late = at(place, 2026, 11, 1, 1, 10, after=start + timedelta(hours=9))
    assert too_late.moment.isoformat() == "2026-11-01T01:10:00-07:00"


def test_a_bare_offset_that_is_not_this_computers_is_kept() -> None:
    place = Place(datetime(2026, 11, 12, 12, tzinfo=timezone(timedelta(hours=5.75))))
    assert at(place, 2026, 6, 1, 10, 0).moment.isoformat() == "2026-06-01T10:00:00+05:45"


@pytest.fixture
def pacific_computer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A computer that stands in California."""
    import time as clock

    monkeypatch.setenv("TZ", "America/Los_Angeles")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("pacific_computer")
def test_the_local_time_of_a_computer_follows_its_zone() -> None:
    place = Place(datetime(2026, 11, 12, 12).astimezone())
    assert at(place, 2026, 6, 1, 10, 0).moment.isoformat() == "2026-06-01T10:00:00-07:00"
    assert at(place, 2026, 12, 1, 10, 0).moment.isoformat() == "2026-12-01T10:00:00-08:00"
    skipped = at(place, 2026, 3, 8, 2, 30)
    assert (skipped.moment.isoformat(), skipped.skipped) == ("2026-03-08T02:30:00-08:00", True)
    twice = at(place, 2026, 11, 1, 1, 30)
    assert (twice.moment.isoformat(), twice.twice) == ("2026-11-01T01:30:00-07:00", True)


def test_a_zone_can_be_named() -> None:
    assert (
        Place(NOW, PACIFIC).aware(datetime(2026, 7, 1)).isoformat() == "2026-07-01T00:00:00-07:00"
    )


EVENTS: list[tuple[str, str | None, str]] = [
    ("10:15", None, "2026-11-12T10:15:00-08:00"),
    ("10:06", "2026-11-12T10:16:00-08:00", "2026-11-12T10:06:00-08:00"),
    ("00:05", "2026-11-12T23:50:00-08:00", "2026-11-13T00:05:00-08:00"),
    ("23:40", "2026-11-12T23:50:00-08:00", "2026-11-12T23:40:00-08:00"),
    ("00:20", "2026-11-13T00:05:00-08:00", "2026-11-13T00:20:00-08:00"),
    ("23:55", "2026-11-13T00:05:00-08:00", "2026-11-12T23:55:00-08:00"),
    ("08:00", "2026-11-12T20:00:00-08:00", "2026-11-12T08:00:00-08:00"),
    ("07:59", "2026-11-12T20:00:00-08:00", "2026-11-13T07:59:00-08:00"),
]


@pytest.mark.parametrize(("clock", "after", "expected"), EVENTS)
def test_a_time_of_the_event_is_on_its_day_or_the_next(
    clock: str, after: str | None, expected: str
) -> None:
    place = Place(NOW.astimezone(PACIFIC))
    found = event_moment(
        time.fromisoformat(clock),
        date(2026, 11, 12),
        datetime.fromisoformat(after) if after else None,
        place.placed,
    )
    assert found.moment.isoformat() == expected


def test_a_typed_offset_is_taken_as_it_is() -> None:
    assert fixed("-07:00")(datetime(2026, 11, 1, 1, 30), None).moment.isoformat().endswith("-07:00")


def test_weekdays_are_counted_after_the_first_day() -> None:
    thursday = date(2026, 11, 12)
    assert [weekdays_between(thursday, thursday + timedelta(days=n)) for n in range(8)] == [
        0, 1, 1, 1, 2, 3, 4, 5,
    ]  # fmt: skip
