"""What a student's page shows beside the details, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bt_desktop.services.results.records import RecordSummary


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many records of one form."""

    form: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """The records of one month: `first` is its first day, `numbers` go with the kinds."""

    first: date
    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers)


@dataclass(frozen=True, slots=True)
class StudentRecords:
    """The records about one student, as far as the person may know of them.

    `recent` counts the last 30 days by form, `months` the last twelve with the forms of `kinds` in
    order. Records entered in error are in `timeline` only. `everything` says that the role knows
    of every record of the student's file; `more` that the timeline goes on.
    """

    timeline: tuple[RecordSummary, ...]
    more: bool
    recent: tuple[KindCount, ...]
    kinds: tuple[str, ...]
    months: tuple[MonthCount, ...]
    everything: bool
    access_log: bool
