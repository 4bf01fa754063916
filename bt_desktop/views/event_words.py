"""How the records of an event are named on the screen: by number, else by what and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bt_desktop.clock import local_at
from bt_desktop.services.results.events import EventRecord, EventToday
from bt_desktop.views.widgets.when import moment_words


def record_words(record: EventRecord, now: datetime) -> str:
    """“BER-2026-0001”; of a draft “INC draft of 10:42 am”."""
    return record.number or f"{record.prefix} draft of {_begun(record, now)}"


def _begun(record: EventRecord, now: datetime) -> str:
    return moment_words(record.made_at, now).removeprefix("today ")


def event_words(event: EventToday, now: datetime) -> str:
    """“10:09 am, Playground or field”; “Time not said yet” where nobody said."""
    when = "Time not said yet"
    if event.event_at is not None:
        at = local_at(event.event_at, now)
        known = (at.hour, at.minute) != (0, 0)
        when = moment_words(at, now).removeprefix("today ") if known else when
    return ", ".join(part for part in (when, event.place) if part)


def about_words(records: Iterable[EventRecord], now: datetime) -> str:
    """What was written and about whom: “BER-2026-0001, about Mateo; Incident report, begun 10:42
    am, about Łucja”."""
    said = []
    for record in records:
        about = f", about {record.subject_name}" if record.subject_name else ""
        name = record.number or f"{record.title}, begun {_begun(record, now)}"
        said.append(f"{name}{about}")
    return "; ".join(said)
