"""What a list of records is narrowed to, in words: for chips, for views, for the ear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bt_desktop.views.widgets.table import state_word
from bt_desktop.views.widgets.when import short_day

if TYPE_CHECKING:
    from bt_desktop.services.results.records import Facets, Order, RecordFilter

SCHOOL_YEAR_BEGINS = 7
"""July 1: California Education Code 37200 (unverified); other states begin theirs near it."""

ORDERS: tuple[tuple[str, Order], ...] = (
    ("Newest first", "newest"),
    ("Oldest first", "oldest"),
    ("By student", "student"),
    ("By who wrote it", "author"),
    ("By status", "state"),
    ("By form", "form"),
    ("By number", "number"),
)
DEADLINES: tuple[tuple[str, str], ...] = (
    ("Any", ""),
    ("With an open deadline", "open"),
    ("With an overdue deadline", "overdue"),
)
CLASSES: tuple[tuple[str, str], ...] = (
    ("All", ""),
    ("Student's file", "education"),
    ("Confidential", "confidential"),
)
STATES = ("draft", "signed", "returned", "final", "amended", "entered in error")


def quick_days(today: date) -> dict[str, tuple[date | None, date | None]]:
    """The spans of days that are chosen by a word; a week begins on Monday."""
    year = today.year if today.month >= SCHOOL_YEAR_BEGINS else today.year - 1
    return {
        "Any time": (None, None),
        "Today": (today, today),
        "This week": (today - timedelta(days=today.weekday()), today),
        "Last 30 days": (today - timedelta(days=29), today),
        "This school year": (date(year, SCHOOL_YEAR_BEGINS, 1), date(year + 1, 6, 30)),
    }


def days_word(since: date | None, until: date | None, today: date) -> str:
    """A span of days in words; blank for any time."""
    for word, span in quick_days(today).items():
        if span == (since, until):
            return "" if word == "Any time" else word
    if since and until:
        if since == until:
            return short_day(since, today)
        return f"{short_day(since, today)} to {short_day(until, today)}"
    if since:
        return f"since {short_day(since, today)}"
    return f"until {short_day(until, today)}" if until else ""


def words_of(
    asked: RecordFilter, facets: Facets, names: Mapping[str, str], today: date
) -> tuple[tuple[str, str], ...]:
    """(key, words) of each thing that is asked for; the key is what `without` takes."""
    authors = dict(facets.authors)
    states = ", ".join(state_word(one) for one in asked.states)
    said = (
        ("form", "Form", dict(facets.forms).get(asked.form or "", asked.form or "")),
        ("states", "Status", states),
        ("days", "When", days_word(asked.since, asked.until, today)),
        ("subject_id", "Student", names.get(asked.subject_id or "", "")
         or ("one student" if asked.subject_id else "")),
        ("author", "Written by", authors.get(asked.author or "", "somebody")
         if asked.author else ""),
        ("place", "Place", asked.place),
        ("deadlines", "Deadlines", asked.deadlines),
        ("record_class", "Class", class_word(asked.record_class)),
        ("mine", "Mine", "only mine" if asked.mine else ""),
    )  # fmt: skip
    return tuple((key, f"{what}: {value}") for key, what, value in said if value)


def class_word(record_class: str) -> str:
    """A class of record in words; blank for all."""
    return next((word for word, value in CLASSES if value == record_class and value), "")


def without(asked: RecordFilter, key: str) -> RecordFilter:
    """The filters without that one."""
    blank: dict[str, object] = {
        "form": None,
        "states": (),
        "subject_id": None,
        "author": None,
        "place": "",
        "deadlines": "",
        "record_class": "",
        "mine": False,
    }
    if key == "days":
        return replace(asked, since=None, until=None)
    return replace(asked, **{key: blank[key]})  # type: ignore[arg-type]  # each its own blank
