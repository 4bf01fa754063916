"""The clock, passed in wherever time matters, so that a story can be told at any hour."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The moment, aware, with the local offset."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations and throttling."""
        ...


def local_at(at: datetime, now: datetime) -> datetime:
    """The moment `at` as the clocks of the place where it is `now` showed it.

    A moment of last summer is told by summer time, although `now` names winter's offset: a bare
    offset is taken for this computer's zone where that has the same offset at that moment (as
    `form_engine.place` does). A moment that names a real zone already is left on its clocks.
    """
    if getattr(at.tzinfo, "key", None):  # a ZoneInfo, whose module no start has to load
        return at
    if isinstance(now.tzinfo, timezone) and now.astimezone().utcoffset() == now.utcoffset():
        return at.astimezone()
    return at.astimezone(now.tzinfo)


class SystemClock:
    """This computer's clock."""

    def now(self) -> datetime:
        """The moment, aware, with the local offset."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic()


class SetClock:
    """A clock that stands where it is put: for stories (demo, tests) that happen on a given day."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a moment with an offset")
        self._at = at
        self._mono = 0.0

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._at

    def monotonic(self) -> float:
        """Seconds by which the clock was moved on since it was made."""
        return self._mono

    def set(self, at: datetime) -> None:
        """Put the clock to `at` (aware); moving back does not move the monotonic side back."""
        self._mono += max(0.0, (at - self._at).total_seconds())
        self._at = at

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.set(self._at + by)
