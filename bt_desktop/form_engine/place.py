"""Wall times of one place: which offset they have, also on the days when the clocks change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

HALF_A_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A wall time with its offset. `skipped`: the clocks jumped over it; `twice`: it came twice."""

    moment: datetime
    skipped: bool = False
    twice: bool = False


class Place:
    """Gives wall times their offset, by the zone of the clock that is passed in.

    A clock that names a real zone (zoneinfo) is followed. One with a bare offset is taken for
    this computer's zone where that has the same offset at that moment (which is how
    `datetime.astimezone()` tells the local time), and for a fixed offset otherwise.
    """

    def __init__(self, now: datetime, zone: tzinfo | None = None) -> None:
        chosen = zone or now.tzinfo or UTC
        self._zone: tzinfo | None = chosen
        if isinstance(chosen, timezone) and chosen is not UTC:
            local = now.replace(tzinfo=None).astimezone()
            if local.utcoffset() == now.utcoffset():
                self._zone = None

    def aware(self, wall: datetime) -> datetime:
        """A wall time with its offset (the earlier of two)."""
        return self.placed(wall).moment

    def placed(self, wall: datetime, not_before: datetime | None = None) -> Placed:
        """A wall time with its offset; of two, the first that is not before `not_before`.

        A time that the clocks jumped over is taken as if they had not been changed yet.
        """
        first, second = self._folded(wall, 0), self._folded(wall, 1)
        if first.utcoffset() == second.utcoffset():
            return Placed(first)
        if self._is_gap(first, wall):
            return Placed(first, skipped=True)
        if not_before is not None and first < not_before <= second:
            return Placed(second, twice=True)
        return Placed(first, twice=True)

    def _folded(self, wall: datetime, fold: int) -> datetime:
        """With a fixed offset, so that it keeps meaning the same moment wherever it is read."""
        bare = wall.replace(tzinfo=None, fold=fold)
        if self._zone is None:
            made = bare.astimezone()
            offset = made.utcoffset() if made.replace(tzinfo=None) == bare else self._before(bare)
        else:
            offset = bare.replace(tzinfo=self._zone).utcoffset()
        return bare.replace(tzinfo=timezone(offset or timedelta()), fold=0)

    def _before(self, bare: datetime) -> timedelta | None:
        """The system turns a skipped time into another one; its offset is that of an hour away."""
        away = timedelta(hours=-3 if bare.fold == 0 else 3)
        return (bare.replace(fold=0) + away).astimezone().utcoffset()

    def _is_gap(self, first: datetime, wall: datetime) -> bool:
        bare = wall.replace(tzinfo=None, fold=0)
        back = first.astimezone(self._zone) if self._zone is not None else first.astimezone()
        return back.replace(tzinfo=None, fold=0) != bare


Placing = Callable[[datetime, datetime | None], Placed]


def fixed(zone: str) -> Placing:
    """A placing by an offset that was typed: `-08:00` or `Z`."""
    found = datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").tzinfo
    return lambda wall, _: Placed(wall.replace(tzinfo=found))


def event_moment(clock: time, day: date, after: datetime | None, place: Placing) -> Placed:
    """When a time of an event was: on its day, or the next one past midnight.

    `after` is what it is compared with (the row's earlier time, or the event's beginning). Only a
    time more than twelve hours before that is taken for the next day's; 10:06 after 10:16 stays
    on its day, so that the mistake shows.
    """
    found = place(datetime.combine(day, clock), after)
    while after is not None and after - found.moment > HALF_A_DAY:
        day += _DAY
        found = place(datetime.combine(day, clock), after)
    return found
