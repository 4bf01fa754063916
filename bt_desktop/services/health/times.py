"""When a dose is due, and when an as-needed one may be given again. Pure.

Moments are on the school's clocks; durations are counted in UTC, so that a clock change neither
shortens an interval nor lengthens it. What was entered counts in the order of entering: a clock
that was set back never makes a wait negative, nor a dose of a minute ago one of the future.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bt_desktop.services.health.model import AsNeeded, DoseRecord, OrderTerms
from bt_desktop.services.school_days import SchoolCalendar

Timing = Literal["early", "soon", "due", "late", "overdue", "missed"]
"""`early`: before its window · `soon`: its window begins within half an hour · `due`: within the
window · `late`: after it · `overdue`: more than an hour after its time (domain §1.7) · `missed`:
more than twice the window after it, so that the parent or nurse is asked: late, or left out?"""

_SOON = timedelta(minutes=30)
_OVERDUE = timedelta(minutes=60)
_DOUBLE_TAP = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Slot:
    """One scheduled dose: of an order, at a moment; `after_bell`: school ends before it that day.

    Both times of a day on which the clocks go back are one: the school day does not lie in it.
    """

    order_id: str
    due_at: datetime
    after_bell: bool = False


def slots(terms: OrderTerms, day: date, calendar: SchoolCalendar) -> tuple[Slot, ...]:
    """The scheduled doses of an order on a day; none where it does not hold or school is out."""
    if not terms.start <= day <= terms.stop or not calendar.is_school_day(day):
        return ()
    bell = calendar.bell_of(day)
    marked = calendar.days.get(day)
    early = marked is not None and marked.kind == "early"
    return tuple(
        Slot(terms.id, calendar.at(day, at), early and bell is not None and at > bell)
        for at in sorted(terms.times)
    )


def since(earlier: datetime, later: datetime) -> timedelta:
    """How long between two moments, whatever the clocks did meanwhile; never negative."""
    return max(later.astimezone(UTC) - earlier.astimezone(UTC), timedelta(0))


def timing(due_at: datetime, at: datetime, window: timedelta) -> Timing:
    """Where a moment stands to the time a dose is due (exactly at the window's edge is within)."""
    ahead = due_at.astimezone(UTC) - at.astimezone(UTC)
    if ahead > window:
        return "soon" if ahead - window <= _SOON else "early"
    if -ahead <= window:
        return "due"
    if -ahead > 2 * window:
        return "missed"
    return "overdue" if -ahead > _OVERDUE else "late"


def due_of(
    terms: OrderTerms, due_at: datetime | None, at: datetime, calendar: SchoolCalendar
) -> datetime | None:
    """The scheduled time a dose is of: the one it names, else the order's nearest of that day.

    Without this a dose given outside the board would be no first one of its time (R13, R14). None
    for what is given as needed.
    """
    if due_at is not None or terms.prn is not None or not terms.times:
        return due_at
    day = day_of(at, calendar)
    return min(
        (calendar.at(day, clock) for clock in terms.times),
        key=lambda due: abs(due.astimezone(UTC) - at.astimezone(UTC)),
    )


def same_slot(one: DoseRecord, due_at: datetime | None) -> bool:
    """Whether a recorded dose is of that scheduled time."""
    return (
        one.due_at is not None
        and due_at is not None
        and one.due_at.astimezone(UTC) == due_at.astimezone(UTC)
    )


def already(
    doses: Iterable[DoseRecord], order_id: str, due_at: datetime | None, at: datetime
) -> DoseRecord | None:
    """A dose of the same order that this would be a second of (R14).

    Of a scheduled time: another given for it. Without one (as needed): one within two seconds of
    it, which is a finger that slipped. Vomited counts as given.
    """
    for one in doses:
        if one.order_id != order_id or not one.was_given:
            continue
        if same_slot(one, due_at):
            return one
        near = abs(at.astimezone(UTC) - one.at.astimezone(UTC)) <= _DOUBLE_TAP
        if due_at is None and one.due_at is None and near:
            return one
    return None


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an as-needed dose may be given: `again_at` is the earliest moment (None: now, or not
    at all today), `left` how many are left of the day."""

    again_at: datetime | None
    left: int
    last_at: datetime | None

    def at(self, moment: datetime) -> bool:
        """Whether it may be given then."""
        return self.left > 0 and (self.again_at is None or moment >= self.again_at)


def availability(
    prn: AsNeeded,
    doses: Sequence[DoseRecord],
    day: date,
    calendar: SchoolCalendar,
    *,
    now: datetime,
    at: datetime | None = None,
    home_at: datetime | None = None,
) -> Availability:
    """Interval and most per day of an as-needed order, from its doses and the one at home.

    `at` is when it is (or was) given, left out: now. A dose told of home counts for the interval,
    and for the day's most where it was on that day. No dose is later than `now`: where the clock
    was set back, the last one entered is taken for just now.
    """
    real, wanted = now.astimezone(UTC), (at or now).astimezone(UTC)
    told = [one.at for one in doses if one.was_given] + ([home_at] if home_at is not None else [])
    moments = [min(one.astimezone(UTC), real) for one in told]
    today = [one for one in moments if one.astimezone(calendar.zone).date() == day]
    left = max(prn.most_per_day - len(today), 0)
    interval = timedelta(minutes=prn.interval_min)
    near = [one for one in moments if abs(wanted - one) < interval]
    last = max(moments, default=None)
    return Availability(
        (max(near) + interval).astimezone(calendar.zone) if near and left else None,
        left,
        last.astimezone(calendar.zone) if last is not None else None,
    )


def day_of(moment: datetime, calendar: SchoolCalendar) -> date:
    """The school's day a moment lies in: 23:59 and 00:01 are two days."""
    return moment.astimezone(calendar.zone).date()


def school_days_between(first: date, last: date, calendar: SchoolCalendar) -> int:
    """How many school days lie after `first` up to `last`; 0 where `last` is not later."""
    count, day = 0, first + timedelta(days=1)
    while day <= last and count <= 400:
        count += calendar.is_school_day(day)
        day += timedelta(days=1)
    return count


def clock_words(at: datetime) -> str:
    """“1:40 pm”."""
    return _said(at.time())


def _said(at: time) -> str:
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def times_words(times: Iterable[time]) -> str:
    """“12:00 pm and 2:30 pm”."""
    said = [
        f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}" for at in times
    ]
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"
