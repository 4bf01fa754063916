"""When something is due: rules, facts and the school's calendar make dates. Pure functions.

How days are counted (domain notes, section 7): the day of the anchor is left out, so whatever
happens after the bell, on a trip or on a weekend has the next school day as its first. A school
day ends with its bell, every other day at 23:59. Hours are elapsed hours, also over a change of
the clocks. Where the calendar knows nothing about a day, weekdays are counted, and the deadline
says so.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bt_desktop.form_engine.definition import say
from bt_desktop.form_engine.evaluation import evaluate
from bt_desktop.form_engine.expressions import Expression
from bt_desktop.services.deadline_facts import Facts
from bt_desktop.services.deadline_rules import Rule, Span
from bt_desktop.services.school_days import END_OF_DAY, SchoolCalendar

_MOST_REPEATS = 48
"""A threshold repeats at most this often: eight hours, every ten minutes."""


@dataclass(frozen=True, slots=True)
class Due:
    """One date by which something must be done.

    `id` is the rule's number in the sources; `slot` tells apart its readings (0 is the rule's
    own) or the repeats of a threshold. `rule` says it in few words, `within` how long the rule
    gives, `why` why it applies. `due` is aware, on the school's clocks. `reading` says whose
    reading of the rule this date is. `at_once`: the rule says "immediately"; `due` is from when
    on it is late. `fallback`: the calendar knows nothing of a day counted; weekdays were counted.
    """

    id: str
    task: str
    slot: int
    rule: str
    cite: str
    verified: bool
    due: datetime
    reading: str
    owner: str
    anchor: str
    anchored_at: datetime
    within: str
    why: str
    at_once: bool = False
    fallback: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it apart from every other deadline of the same event."""
        return self.id, self.task, self.slot


def work_out(rules: Iterable[Rule], facts: Facts, calendar: SchoolCalendar) -> tuple[Due, ...]:
    """Every deadline that follows from these facts, the nearest first."""
    if facts.bell is not None:
        calendar = SchoolCalendar(calendar.zone, calendar.terms, calendar.days, facts.bell)
    found = [due for rule in rules for due in _of_rule(rule, facts, calendar)]
    return tuple(sorted(found, key=lambda one: (one.due, one.id, one.task, one.slot)))


def _of_rule(rule: Rule, facts: Facts, calendar: SchoolCalendar) -> Iterator[Due]:
    anchor = facts.first(*rule.anchors)
    if anchor is None or not _holds(rule.when, facts.values):
        return
    name, at = anchor[0], anchor[1].astimezone(calendar.zone)
    beyond = rule.beyond is not None and _holds(rule.beyond, facts.values)
    spans = _repeats(rule, facts) if rule.is_threshold else enumerate(rule.spans)
    for slot, span in spans:
        due, fallback = due_at(span, at, calendar)
        reading = span.reading
        if beyond and reading != "best_practice":
            reading = rule.beyond_reading
        yield Due(
            id=rule.id,
            task=rule.task,
            slot=slot,
            rule=say(rule.label),
            cite=rule.cite,
            verified=rule.verified(reading),
            due=due,
            reading=reading,
            owner=rule.owner,
            anchor=name,
            anchored_at=at,
            within=span.words,
            why=say(rule.why),
            at_once=rule.at_once,
            fallback=fallback,
        )


def _holds(when: Expression | None, values: Mapping[str, Any]) -> bool:
    return when is None or evaluate(f"boolean({when.source})", values) is True


def _repeats(rule: Rule, facts: Facts) -> Iterator[tuple[int, Span]]:
    """A threshold and its repeats that the hold went past; the first alone if it is not known."""
    first, held = rule.spans[0], facts.minutes_held()
    if held is None:
        yield 0, first
        return
    at = first.amount
    for slot in range(_MOST_REPEATS):
        if held <= at:
            return
        yield slot, Span(at, "minute", first.reading)
        if rule.repeat is None:
            return
        at += rule.repeat


def due_at(span: Span, anchor: datetime, calendar: SchoolCalendar) -> tuple[datetime, bool]:
    """When a span that starts at `anchor` (aware, on the school's clocks) is over.

    Also whether weekdays had to stand in for school days that nobody entered.
    """
    day = anchor.date()
    if span.unit == "now":
        return anchor, False
    if span.unit in ("hour", "minute"):
        gone = timedelta(**{f"{span.unit}s": span.amount})
        return (anchor.astimezone(UTC) + gone).astimezone(calendar.zone), False
    if span.unit == "day_of":
        return _end_of(day, anchor, calendar), False
    if span.unit == "calendar_day":
        return _end_of(day + timedelta(days=span.amount), anchor, calendar), False
    if span.unit == "month":
        return _end_of(_months_after(day, span.amount), anchor, calendar), False
    if span.unit == "business_day":
        counted = calendar.business_day_after(day, span.amount)
        return _end_of(counted.day, anchor, calendar), counted.fallback
    if span.unit == "school_day" and span.amount > 0:
        counted = calendar.school_day_after(day, span.amount)
        return calendar.end_of(counted.day), counted.fallback
    return _this_school_day(anchor, calendar)


def _this_school_day(anchor: datetime, calendar: SchoolCalendar) -> tuple[datetime, bool]:
    """The bell of the day itself; after it, or where there is no school, of the next school day."""
    day = anchor.date()
    if calendar.is_school_day(day):
        bell = calendar.end_of(day)
        if anchor < bell:
            return bell, not calendar.knows(day)
    counted = calendar.school_day_after(day, 1)
    return calendar.end_of(counted.day), counted.fallback


def _end_of(day: date, anchor: datetime, calendar: SchoolCalendar) -> datetime:
    """23:59 of a day; never before the anchor (an event in the day's last minute)."""
    return max(calendar.at(day, END_OF_DAY), anchor)


def _months_after(day: date, count: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


__all__ = ["Due", "due_at", "work_out"]
