"""Calendar files (RFC 5545): a school's calendar read, somebody's deadlines written.

A file comes from outside, so it is bounded in size, entries, days and repeats, and what is no
calendar is refused with a known error. Entries that cannot be read are counted, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bt_desktop.errors import KnownError
from bt_desktop.services.ics_repeats import repeats
from bt_desktop.services.school_days import Day, DayKind

if TYPE_CHECKING:
    from icalendar import Component

MOST_BYTES = 4 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_DAYS = 8_000
_LONGEST_ENTRY = timedelta(days=400)
_LONGEST_TITLE = 120
_ONE_DAY = timedelta(days=1)

_EARLY = re.compile(
    r"\b(early (release|dismissal|out|closing)|minimum day|min\.? day|half[- ]?day|short day|"
    r"early[- ]release day|shortened day)s?\b",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(staff (day|development|only)|teacher (work ?day|in-?service|planning)|in-?service|"
    r"professional (development|learning)|work ?day|pd day|pupil[- ]free|student[- ]free|"
    r"non[- ]?student|no students|students? (off|holiday)|teachers only)\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(first|last) day\b|\b(begins|starts|ends)\b|\b(quarter|trimester|semester|grading)\b|"
    r"\b(spirit|picture|photo|spelling|book fair|back to school|open house|conference week|"
    r"testing|assessment)\b",
    re.IGNORECASE,
)


class NotACalendar(KnownError):
    """The file is no calendar file, or one that is larger than any school's."""

    def __init__(self, what: str = "It holds no whole calendar.") -> None:
        super().__init__(
            "not-a-calendar",
            f"This file cannot be read as a calendar. {what}",
            "Export the school's calendar again as .ics (iCalendar) and choose that file.",
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry on one stretch of days, both inclusive. `starts` and `ends` are None all day."""

    title: str
    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    @property
    def all_day(self) -> bool:
        """Whether it has no time of day."""
        return self.starts is None

    def days(self) -> Iterator[date]:
        """Every day it lies on."""
        for i in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=i)


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file holds. `zone` is the name of its time zone, if it says one; `broken` counts
    entries that could not be read."""

    entries: tuple[Entry, ...]
    zone: str = ""
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """One entry as a change of the calendar, to be looked at before it is taken.

    `days` are what it would mark; `take` says if it looks like a day off, `doubt` why it does not.
    """

    title: str
    days: tuple[Day, ...]
    take: bool = True
    doubt: str = ""


def read_file(path: Path, zone: tzinfo | None = None) -> CalendarFile:
    """A calendar file from disk, bounded. Raises NotACalendar, OSError."""
    with path.open("rb") as file:
        return read_ics(file.read(MOST_BYTES + 1), zone)


def read_ics(data: bytes, zone: tzinfo | None = None) -> CalendarFile:
    """The entries of a calendar file. `zone` is where the school is: times in UTC are put there.

    Raises NotACalendar.
    """
    import icalendar  # deferred: only who reads a calendar needs it

    if len(data) > MOST_BYTES:
        raise NotACalendar(f"It is larger than {MOST_BYTES // 1024 // 1024} MB.")
    text = _text(data)
    if text.count("BEGIN:VEVENT") > MOST_ENTRIES:
        raise NotACalendar(f"It holds more than {MOST_ENTRIES:,} entries.")
    try:
        found = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise NotACalendar("It is not written as a calendar file.") from None
    calendars = [one for one in found if one.name == "VCALENDAR"]
    if not calendars:
        raise NotACalendar
    named = next((str(c["X-WR-TIMEZONE"]) for c in calendars if "X-WR-TIMEZONE" in c), "")
    reader = _Reader(zone)
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            reader.add(event)
    return CalendarFile(tuple(reader.entries), named.strip()[:64], reader.broken)


def _text(data: bytes) -> str:
    """UTF-8 (with or without its mark), else what old programs write; with line ends as asked."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise NotACalendar("It is not a text file.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


class _Reader:
    """Collects entries; counts what it cannot read."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.entries: list[Entry] = []
        self.broken = 0
        self._zone = zone
        self._days = 0

    def add(self, event: Component) -> None:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return
        try:
            entry = _entry(event, self._zone)
            occurrences = list(_occurrences(event, entry))
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            self.broken += 1
            return
        for one in occurrences:
            self._days += (one.last - one.first).days + 1
            if self._days > MOST_DAYS:
                raise NotACalendar(f"Its entries cover more than {MOST_DAYS:,} days.")
            self.entries.append(one)


def _moment(event: Component, name: str) -> date | datetime | None:
    value = event.get(name)
    if value is None:
        return None
    found = value.dt  # a broken property raises a ValueError here
    if not isinstance(found, date):
        raise ValueError(name)
    return found


def _entry(event: Component, zone: tzinfo | None) -> Entry:
    begins = _moment(event, "DTSTART")
    if begins is None:
        raise ValueError("DTSTART")
    ends = _moment(event, "DTEND")
    if ends is None and (lasts := event.get("DURATION")) is not None:
        ends = begins + lasts.dt
    title = " ".join(str(event.get("SUMMARY", "")).split())[:_LONGEST_TITLE]
    if isinstance(begins, datetime):
        return _timed(title, begins, ends if isinstance(ends, datetime) else begins, zone)
    last = begins
    if isinstance(ends, date) and not isinstance(ends, datetime) and ends > begins:
        last = ends - _ONE_DAY  # the end of a whole-day entry is the day after it (RFC 5545)
    return _bounded(Entry(title, begins, last))


def _timed(title: str, begins: datetime, ends: datetime, zone: tzinfo | None) -> Entry:
    """An entry with times; from midnight to midnight is a whole day, as some programs write it."""
    if zone is not None:
        begins, ends = (at.astimezone(zone) if at.tzinfo else at for at in (begins, ends))
    if begins.time() == ends.time() == time(0) and ends.date() > begins.date():
        return _bounded(Entry(title, begins.date(), ends.date() - _ONE_DAY))
    last = max(begins.date(), ends.date())
    return _bounded(
        Entry(title, begins.date(), last, begins.time().replace(tzinfo=None), ends.time())
    )


def _bounded(entry: Entry) -> Entry:
    if entry.last - entry.first > _LONGEST_ENTRY or not 1990 <= entry.first.year <= 2200:
        raise ValueError("span")
    return entry


def _occurrences(event: Component, entry: Entry) -> Iterator[Entry]:
    """The entry on each day on which it repeats, for three years at most."""
    rule = event.get("RRULE")
    if rule is None:
        yield entry
        return
    if isinstance(rule, list):
        raise ValueError("several rules")
    length, skipped = entry.last - entry.first, _exceptions(event)
    for day in repeats(rule, entry.first):
        if day not in skipped:
            yield replace(entry, first=day, last=day + length)


def _exceptions(event: Component) -> frozenset[date]:
    found = event.get("EXDATE")
    lists = found if isinstance(found, list) else [found] if found is not None else []
    days = [stamp.dt for one in lists for stamp in one.dts]
    return frozenset(day.date() if isinstance(day, datetime) else day for day in days)


# --- what the entries mean for a school ---------------------------------------------------------


def days_without_school(file: CalendarFile) -> tuple[Day, ...]:
    """Every day of an entry that lasts all day; days on which only staff come are marked as such.

    And early days: a timed entry that says so gives the bell of its day.
    """
    found = []
    for entry in file.entries:
        kind: DayKind = "staff_day" if _STAFF.search(entry.title) else "no_school"
        if entry.all_day:
            found += [Day(day, kind, None, entry.title) for day in entry.days()]
        elif (early := _early_day(entry)) is not None:
            found.append(early)
    return _one_each(found)


def _early_day(entry: Entry) -> Day | None:
    """“Minimum day 8:00 to 12:30” ends with the entry; “Early dismissal 12:30” with its begin."""
    if entry.starts is None or entry.ends is None or not _EARLY.search(entry.title):
        return None
    begins = datetime.combine(entry.first, entry.starts)
    ends = datetime.combine(entry.last, entry.ends)
    whole = ends - begins >= timedelta(hours=2) and entry.first == entry.last
    return Day(entry.first, "early", entry.ends if whole else entry.starts, entry.title)


def _one_each(days: Iterable[Day]) -> tuple[Day, ...]:
    """One mark for each day: a day off goes before a staff day, and both before an early bell."""
    rank = {"no_school": 0, "staff_day": 1, "early": 2, "school": 3}
    best: dict[date, Day] = {}
    for day in days:
        known = best.get(day.on)
        if known is None or rank[day.kind] < rank[known.kind]:
            best[day.on] = day
    return tuple(best[on] for on in sorted(best))


def suggested(file: CalendarFile) -> tuple[Suggested, ...]:
    """The entries as changes of the calendar, for a person to look through; in order of date."""
    found = [one for entry in file.entries if (one := _suggestion(entry)) is not None]
    return tuple(sorted(found, key=lambda one: (one.days[0].on, one.title)))


def _suggestion(entry: Entry) -> Suggested | None:
    if not entry.all_day:
        early = _early_day(entry)
        return None if early is None else Suggested(entry.title, (early,))
    if _EARLY.search(entry.title):
        days = tuple(Day(day, "early", None, entry.title) for day in entry.days())
        return Suggested(entry.title, days, False, "It says no time. Give its bell by hand.")
    if _STAFF.search(entry.title):
        return Suggested(
            entry.title, tuple(Day(day, "staff_day", None, entry.title) for day in entry.days())
        )
    days = tuple(Day(day, "no_school", None, entry.title) for day in entry.days())
    if _HELD.search(entry.title):
        return Suggested(entry.title, days, False, "It does not sound like a day off.")
    return Suggested(entry.title, days)


# --- deadlines written --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reminder:
    """One deadline for somebody's own calendar. `title` and `note` must name no child."""

    uid: str
    title: str
    due: datetime
    note: str = ""


def write_ics(reminders: Iterable[Reminder], made_at: datetime, name: str = "Deadlines") -> bytes:
    """Deadlines as a calendar file: each half an hour before it is due, with an alarm at its start.

    The same deadline keeps its UID, so importing the file again moves it instead of doubling it.
    """
    import icalendar  # deferred, as above

    calendar = icalendar.Calendar()
    heading: Mapping[str, Any] = {
        "prodid": "-//bt_desktop//deadlines//EN",
        "version": "2.0",
        "calscale": "GREGORIAN",
        "method": "PUBLISH",
        "x-wr-calname": name,
    }
    for key, value in heading.items():
        calendar.add(key, value)
    for one in reminders:
        event, alarm = icalendar.Event(), icalendar.Alarm()
        due = one.due.astimezone(UTC)
        event.add("uid", f"{one.uid}@bt-desktop")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("dtstart", due - timedelta(minutes=30))
        event.add("dtend", due)
        event.add("summary", one.title)
        if one.note:
            event.add("description", one.note)
        event.add("class", "PRIVATE")
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", timedelta(0))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


__all__ = [
    "CalendarFile",
    "Entry",
    "NotACalendar",
    "Reminder",
    "Suggested",
    "days_without_school",
    "read_file",
    "read_ics",
    "suggested",
    "write_ics",
]
