"""A student is not at school, or not all day: plain values, and what they mean for a dose. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bt_desktop.services.health.model import Outcome
from bt_desktop.services.health.times import times_words
from bt_desktop.services.school_days import SchoolCalendar

AwayKind = Literal["absent", "early", "late", "trip"]
"""`absent`: the whole day or days · `early`: picked up before the end · `late`: came after the
beginning · `trip`: on a field trip."""
AWAY_KINDS: tuple[AwayKind, ...] = ("absent", "early", "late", "trip")
AWAY_WORDS: dict[AwayKind, str] = {
    "absent": "Absent",
    "early": "Picked up early",
    "late": "Arrives late",
    "trip": "Field trip",
}
_CODES: dict[AwayKind, Outcome] = {"absent": "A", "early": "E", "late": "A", "trip": "F"}


@dataclass(frozen=True, slots=True)
class NewAway:
    """What somebody says of one student or of many. Days are inclusive.

    `leaves` (early pickup, trip) and `returns` (late arrival, trip) are times of the school's
    clocks; a trip without them lasts the whole of its days. `name` is a trip's.
    """

    kind: AwayKind
    first: date
    last: date
    leaves: time | None = None
    returns: time | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """A student is away, as it stands. `trip_id` is the same for all of one trip."""

    id: str
    student_id: str
    kind: AwayKind
    first: date
    last: date
    leaves: time | None
    returns: time | None
    name: str
    trip_id: str
    by_user: str
    at: datetime

    @property
    def code(self) -> Outcome:
        """The outcome that a dose not given for it has (MAR legend, domain §1.5): A, E or F."""
        return _CODES[self.kind]

    @property
    def words(self) -> str:
        """“Absent”, “On trip: Zoo”, “Picked up at 11:30 am”, “Arrives at 10:00 am”."""
        if self.kind == "trip":
            return f"On trip: {self.name}"
        if self.kind == "early" and self.leaves is not None:
            return f"Picked up at {times_words((self.leaves,))}"
        if self.kind == "late" and self.returns is not None:
            return f"Arrives at {times_words((self.returns,))}"
        return AWAY_WORDS[self.kind]

    def on(self, day: date) -> bool:
        """Whether the student is away on that day, or on a part of it."""
        return self.first <= day <= self.last

    def covers(self, moment: datetime, calendar: SchoolCalendar) -> bool:
        """Whether the student is away at that moment, by the school's clocks.

        The minute of leaving is away, the minute of coming back is not.
        """
        here = moment.astimezone(calendar.zone)
        day, clock = here.date(), here.time()
        if not self.on(day):
            return False
        gone = self.leaves is None or day > self.first or clock >= self.leaves
        back = self.returns is not None and day == self.last and clock >= self.returns
        return gone and not back


def away_at(entries: Iterable[Away], moment: datetime, calendar: SchoolCalendar) -> Away | None:
    """What holds at that moment; of several the one entered last. None: at school."""
    held = [one for one in entries if one.covers(moment, calendar)]
    return held[-1] if held else None
