"""Calendar files: what schools export is read, hostile files are refused, deadlines are written."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bt_desktop.services.ics import (
    MOST_BYTES,
    NotACalendar,
    Reminder,
    days_without_school,
    read_ics,
    suggested,
    write_ics,
)
from tests.services.deadline_kit import PACIFIC


def ics(*events: str, head: str = "") -> bytes:
    """A calendar file of these entries."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{i}\r\nDTSTAMP:20260801T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for i, event in enumerate(events)
    )
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{head}{body}END:VCALENDAR\r\n"
    ).encode()


def day(first: str, last: str = "", title: str = "No school") -> str:
    """An entry that lasts all day; `last` is the day after it, as RFC 5545 has it."""
    end = f"\r\nDTEND;VALUE=DATE:{last}" if last else ""
    return f"DTSTART;VALUE=DATE:{first}{end}\r\nSUMMARY:{title}"


def marked(data: bytes) -> dict[str, str]:
    return {str(d.on): d.kind for d in days_without_school(read_ics(data, PACIFIC))}


def test_whole_days_are_days_without_school_and_the_end_is_left_out():
    found = marked(ics(day("20261126", "20261128", "Thanksgiving"), day("20261111")))
    assert found == {
        "2026-11-11": "no_school",
        "2026-11-26": "no_school",
        "2026-11-27": "no_school",
    }


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;VALUE=DATE:20261126\r\nDURATION:P2D",
        "DTSTART:20261126T000000\r\nDTEND:20261128T000000",  # as some programs write a whole day
        "DTSTART;TZID=America/Los_Angeles:20261126T000000\r\n"
        "DTEND;TZID=America/Los_Angeles:20261128T000000",
        "DTSTART:20261126T080000Z\r\nDTEND:20261128T080000Z",
    ],
)
def test_whole_days_in_other_spellings(event):
    assert sorted(marked(ics(event))) == ["2026-11-26", "2026-11-27"]


@pytest.mark.parametrize("end", ["\r\nDTEND;VALUE=DATE:20261126", ""])
def test_a_day_that_ends_where_it_begins_is_one_day(end):
    assert sorted(marked(ics(f"DTSTART;VALUE=DATE:20261126{end}"))) == ["2026-11-26"]


def test_an_assembly_is_no_day_off_and_a_minimum_day_gives_its_bell():
    data = ics(
        "DTSTART:20261112T100000\r\nDTEND:20261112T110000\r\nSUMMARY:Assembly",
        "DTSTART:20261113T081500\r\nDTEND:20261113T123000\r\nSUMMARY:Minimum day",
        "DTSTART:20261118T203000Z\r\nDTEND:20261118T204000Z\r\nSUMMARY:Early dismissal",
    )
    early = {d.on: d.bell for d in days_without_school(read_ics(data, PACIFIC))}
    assert early == {date(2026, 11, 13): time(12, 30), date(2026, 11, 18): time(12, 30)}


def test_a_day_for_staff_is_known_by_its_name():
    found = marked(ics(day("20261102", title="Staff development day"), day("20261103")))
    assert found == {"2026-11-02": "staff_day", "2026-11-03": "no_school"}


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2026-11-04", "2026-11-11", "2026-11-18"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261120", ["2026-11-04", "2026-11-18"]),
        ("FREQ=WEEKLY;BYDAY=WE,FR;COUNT=3", ["2026-11-04", "2026-11-06", "2026-11-11"]),
        ("FREQ=DAILY;COUNT=2", ["2026-11-04", "2026-11-05"]),
        ("FREQ=MONTHLY;BYDAY=1WE;COUNT=2", ["2026-11-04", "2026-12-02"]),
        ("FREQ=MONTHLY;BYDAY=-1MO;COUNT=1", ["2026-11-30"]),
        ("FREQ=MONTHLY;COUNT=2", ["2026-11-04", "2026-12-04"]),
        ("FREQ=YEARLY;COUNT=2", ["2026-11-04", "2027-11-04"]),
    ],
)
def test_repeats(rule, days):
    assert sorted(marked(ics(f"{day('20261104')}\r\nRRULE:{rule}"))) == days


def test_an_exception_and_a_cancelled_entry_are_left_out():
    weekly = f"{day('20261104')}\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20261111"
    gone = f"{day('20261120')}\r\nSTATUS:CANCELLED"
    assert sorted(marked(ics(weekly, gone))) == ["2026-11-04", "2026-11-18"]


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:never",
        "DTSTART;VALUE=DATE:2026FOO",
        "DTSTART;VALUE=DATE:20261104\r\nRRULE:FREQ=SECONDLY",
        "DTSTART;VALUE=DATE:20261104\r\nRRULE:FREQ=DAILY;INTERVAL=0",
        "DTSTART;VALUE=DATE:20261104\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "DTSTART;VALUE=DATE:20261104\r\nRRULE:FREQ=YEARLY;BYDAY=MO",
        "DTSTART;VALUE=DATE:20261104\r\nDTEND;VALUE=DATE:20991104",
        "DTSTART;VALUE=DATE:00010101",
    ],
)
def test_an_entry_that_cannot_be_read_is_counted_and_never_guessed(event):
    found = read_ics(ics(event, day("20261111")), PACIFIC)
    assert found.broken == 1
    assert [str(d.on) for d in days_without_school(found)] == ["2026-11-11"]


@pytest.mark.parametrize("change", ["crlf", "lf", "cr", "mark", "cp1252"])
def test_line_ends_and_encodings_of_other_programs(change):
    data = ics(
        day("20261111", title="Día de los Veteranos"), head="X-WR-TIMEZONE:America/Denver\r\n"
    )
    given_as = {
        "crlf": data,
        "lf": data.replace(b"\r\n", b"\n"),
        "cr": data.replace(b"\r\n", b"\r"),
        "mark": b"\xef\xbb\xbf" + data,
        "cp1252": data.decode().encode("cp1252"),
    }[change]
    found = read_ics(given_as, PACIFIC)
    assert [e.title for e in found.entries] == ["Día de los Veteranos"]
    assert found.zone == "America/Denver"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"PK\x03\x04\x00\x00",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        ics(day("20261111"))[:-20],
        b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261111\r\nEND:VEVENT\r\n",
        b"x" * (MOST_BYTES + 1),
        ics(*[day("20261111")] * 5001),
        ics(*[day("20260101", "20270101")] * 23),
        "BEGIN:VCALENDAR".encode("utf-16"),
    ],
    ids=["empty", "words", "zip", "begun", "cut", "bare", "huge", "many", "days", "utf16"],
)
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(NotACalendar):
        read_ics(data)


def test_a_calendar_without_entries_is_one():
    assert read_ics(ics()).entries == ()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for whole in (data, ics(day("20261111") + "\r\nX:").replace(b"X:", b"X:" + data)):
        with suppress(NotACalendar):
            read_ics(whole, PACIFIC)


def test_what_does_not_sound_like_a_day_off_waits_to_be_looked_at():
    found = suggested(read_ics(ics(
        day("20260817", title="First day of school"),
        day("20261111", title="Veterans Day"),
        day("20261120", title="Minimum day"),
        day("20261102", title="Teacher workday"),
        "DTSTART:20261112T100000\r\nSUMMARY:Assembly",
    ), PACIFIC))  # fmt: skip
    assert [(s.title, s.days[0].kind, s.take) for s in found] == [
        ("First day of school", "no_school", False),
        ("Teacher workday", "staff_day", True),
        ("Veterans Day", "no_school", True),
        ("Minimum day", "early", False),
    ]
    assert all(bool(s.doubt) is not s.take for s in found)


def test_deadlines_are_written_so_that_another_program_reads_them():
    due = datetime(2026, 11, 13, 15, 10, tzinfo=PACIFIC)
    data = write_ics(
        [Reminder("d-1", "Tell the parent; BER-2026-0001, today", due, "EC 56521.1(e)")],
        datetime(2026, 11, 12, 16, 0, tzinfo=PACIFIC),
    )
    assert b"\r\n" in data
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Tell the parent; BER-2026-0001, today"
    assert str(event["UID"]) == "d-1@bt-desktop"
    assert event["DTEND"].dt == due
    assert event["DTSTART"].dt == due.astimezone(UTC) - timedelta(minutes=30)
    assert len(event.walk("VALARM")) == 1
