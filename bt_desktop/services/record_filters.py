"""What a list of records is narrowed to, as conditions of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, false, or_, select

from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import Action
from bt_desktop.services.record_sight import Condition, Sight
from bt_desktop.services.results.records import RecordFilter

_NUMBER = re.compile(r"(?:([A-Za-z]{1,8})[\s-]*)?(?:(\d{4})(?:-|\s+|$))?(\d{1,9})?\s*")
Parts = Sequence[tuple[Condition, ...]]
"""Parts of a list, each by the conditions that make it one; empty: the list as a whole."""
_YEARS = range(1990, 2200)


def narrowed(sight: Sight, filters: RecordFilter) -> Iterator[Condition]:
    """One condition for each thing that the filters ask for."""
    if filters.form:
        yield Record.form == filters.form
    if filters.states:
        yield _one_of(filters.states)
    if filters.subject_id:
        yield Record.subject_id == filters.subject_id
    if filters.author:
        yield Record.reported_by == filters.author
    if filters.place:
        yield Record.place == filters.place
    if filters.record_class:
        yield Record.record_class == filters.record_class
    if filters.deadlines:
        yield _with_deadlines(sight, filters.deadlines)
    yield from _between(sight, filters.since, filters.until)
    if filters.text.strip():
        yield numbered(filters.text)
    if filters.mine:
        me = sight.context.actor
        yield or_(Record.owner_user == me.user_id, Record.reported_by == me.staff_id)


def parted(sight: Sight, filters: RecordFilter) -> Parts:
    """The list in parts without a common record, where no index gives the whole of it in order.

    Each of several states has its own index in order of time, and so has whoever reports; what
    somebody holds and others report is little.
    """
    states = [Record.state == one for one in filters.states] if len(filters.states) > 1 else []
    mine: list[tuple[Condition, ...]] = []
    if filters.mine:
        me = sight.context.actor
        others = Record.reported_by != me.staff_id
        mine = [(Record.reported_by == me.staff_id,), (Record.owner_user == me.user_id, others)]
    if states and mine:
        return tuple((*one, state) for one in mine for state in states)
    return tuple(mine) or tuple((state,) for state in states)


def _one_of(states: tuple[str, ...]) -> Condition:
    """One state is asked for as such: its index then gives the rows in order."""
    return Record.state == states[0] if len(states) == 1 else Record.state.in_(states)


def _between(sight: Sight, since: date | None, until: date | None) -> Iterator[Condition]:
    offset = sight.context.clock.now().tzinfo
    if since:
        yield Record.event_us >= micros(datetime.combine(since, time(0), offset))
    if until:
        end = datetime.combine(until + timedelta(days=1), time(0), offset)
        yield Record.event_us < micros(end)


def _with_deadlines(sight: Sight, which: str) -> Condition:
    """Records with a deadline that is open (overdue: and past), as far as the role sees those."""
    found = select(Deadline.record_id).where(Deadline.state == "open")
    if which == "overdue":
        found = found.where(Deadline.due_us < micros(sight.context.clock.now()))
    return and_(Record.id.in_(found), sight.allowed(Action.DEADLINE_READ))


def numbered(typed: str) -> Condition:
    """Records whose number was typed, whole or in part: `BER-2026-0001`, `2026-1`, `ber 12`, `7`.

    Zeros before the count mean nothing. What is no number finds nothing.
    """
    read = _NUMBER.fullmatch(typed.strip())
    if read is None or not any(read.groups()):
        return false()
    prefix, year, count = read.groups()
    if year and not count and int(year) not in _YEARS:
        year, count = None, year
    asked = []
    if prefix:
        asked.append(Record.number_prefix == prefix.upper())
    if year:
        asked.append(Record.number_year == int(year))
    if count and int(count):  # the zeros before a count are typed first
        asked.append(Record.number_count == int(count))
    whole = and_(*asked) if asked else false()
    # `2026` alone is a year or the 2026th of some year.
    return or_(whole, Record.number_count == int(year)) if year and not count else whole


def looks_numbered(typed: str) -> bool:
    """Whether what was typed can be a record's number."""
    read = _NUMBER.fullmatch(typed.strip())
    return read is not None and bool(read[2] or read[3])
