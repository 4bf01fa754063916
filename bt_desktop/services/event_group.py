"""Which events are one: the event a record was begun in, with those joined to it later.

A signed record names its event for good, so events are joined beside it (`EventLink`). For each
pair, joins and partings take turns, so that more joins than partings mean joined. Everything here
works inside a session that a service has opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bt_desktop.models.records import EventLink, Record

if TYPE_CHECKING:
    from bt_desktop.services.record_load import Loaded

JOIN, PART, LEAVE = "join", "part", "leave"
IN_ERROR = "entered in error"


def group_of(session: Session, event_id: str) -> tuple[str, ...]:
    """The event itself, then every event that is joined to it, directly or over others."""
    found = {event_id: None}
    todo = [event_id]
    while todo:
        joined = _joined_to(session, todo)
        todo = sorted(joined - set(found))
        found.update(dict.fromkeys(todo))
    return tuple(found)


def _joined_to(session: Session, events: Iterable[str]) -> set[str]:
    """The events joined to one of these now."""
    ids = list(events)
    rows = session.scalars(
        select(EventLink)
        .where(or_(EventLink.event_id.in_(ids), EventLink.other_id.in_(ids)))
        .where(EventLink.deed.in_((JOIN, PART)))
    )
    joins: Counter[frozenset[str]] = Counter()
    for row in rows:
        joins[frozenset((row.event_id, row.other_id))] += 1 if row.deed == JOIN else -1
    return {one for pair, count in joins.items() if count > 0 for one in pair}


def directly_joined(session: Session, event_id: str) -> tuple[str, ...]:
    """The events that were joined to this one by a deed of their own, not over another."""
    return tuple(sorted(_joined_to(session, [event_id]) - {event_id}))


def rows_of(session: Session, events: Iterable[str]) -> tuple[Record, ...]:
    """The records of these events, oldest first."""
    wanted = select(Record).where(Record.event_id.in_(list(events)))
    return tuple(session.scalars(wanted.order_by(Record.made_at, Record.id)))


def others_of(session: Session, row: Record) -> tuple[Record, ...]:
    """The other records of the record's event, oldest first."""
    return tuple(
        one for one in rows_of(session, group_of(session, row.event_id)) if one.id != row.id
    )


def event_has(session: Session, loaded: Loaded) -> frozenset[str]:
    """The forms of which the event has another record, begun or signed, about the same person.

    What leads to another report (`Form.leads`) asks it. A record that does not say yet whom it is
    about counts; one entered in error does not.
    """
    if not loaded.form.leads:
        return frozenset()
    subject = loaded.row.subject_id
    return frozenset(
        one.form
        for one in others_of(session, loaded.row)
        if one.state != IN_ERROR and one.subject_id in (None, subject)
    )
