"""Events as the services hand them out: their records, and what these offer each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One record of an event, in a line. `title` names its form; it has no number until signed."""

    id: str
    event_id: str
    form: str
    title: str
    prefix: str
    number: str | None
    state: str
    subject_id: str | None
    subject_name: str
    event_at: datetime | None
    made_at: datetime
    place: str
    record_class: str = "education"


@dataclass(frozen=True, slots=True)
class EventToday:
    """An event that something was written about today; `event_id` is what `start` takes."""

    event_id: str
    event_at: datetime | None
    place: str
    records: tuple[EventRecord, ...]


@dataclass(frozen=True, slots=True)
class OfferedFact:
    """One fact, ready to be put in: `words` says the answer, `label` what stands before it.

    `steps` are (path, what is typed) in order; rows that are not there yet are added.
    """

    fact: str
    label: str
    words: str
    steps: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one record of the event knows that another does not say yet."""

    source: EventRecord
    facts: tuple[OfferedFact, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """What a page of a record shows of its event.

    `linked` are the other records of the event that the person may see; `carried` those of them
    whose facts were put in; `offers` what they offer still; `duplicates` other records of the same
    form about the same student within two hours; `others` the students (id, name) of the event of
    whom no record of this form is there yet. `joined` says which linked records can be taken out.
    """

    linked: tuple[EventRecord, ...] = ()
    carried: tuple[EventRecord, ...] = ()
    offers: tuple[Offer, ...] = ()
    duplicates: tuple[EventRecord, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    may_join: bool = False
    may_take_out: bool = False
