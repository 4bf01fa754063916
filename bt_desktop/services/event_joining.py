"""Two events that turn out to be one, and a record that does not belong (ADR 0010).

A signed record names its event for good. So events are joined beside their records, and taken
apart again, each time with a row that says who did it and why; the letters of other students on
paper already made never change.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.records import Event, EventLink
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.event_group import (
    JOIN,
    LEAVE,
    PART,
    directly_joined,
    group_of,
    others_of,
    rows_of,
)
from bt_desktop.services.event_letters import copy_letters, merge_letters
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.integrity import link_digest
from bt_desktop.services.problems import JoinRefused
from bt_desktop.services.record_drafts import require_reason
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_rights import Rights


class Joining:
    """Joins events and takes records out of them."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf

    def join(self, record_id: str, other_id: str, reason: str) -> None:
        """Join the events of two records. The letters of both become one set."""
        with self._context.store.write() as session:
            one, other = self._mine(session, record_id), self._mine(session, other_id)
            here = group_of(session, one.row.event_id)
            there = group_of(session, other.row.event_id)
            if set(here) & set(there):
                raise JoinRefused(
                    "joined-already",
                    "These two records are of the same event already.",
                    "Nothing needs to be done.",
                )
            merge_letters(session, here, there)
            self._link(session, one.row.event_id, other.row.event_id, JOIN, reason.strip())

    def can_take_out(self, session: Session, loaded: Loaded) -> bool:
        """Whether the record can leave its event: it was joined to it, or it is a draft in it."""
        if not others_of(session, loaded.row):
            return False
        return self._stands_alone(session, loaded) or loaded.report is None

    def take_out(self, record_id: str, reason: str) -> None:
        """Take a record out of the event that it stands in."""
        reason = require_reason(reason)
        with self._context.store.write() as session:
            loaded = self._mine(session, record_id)
            if not self.can_take_out(session, loaded):
                raise JoinRefused(
                    "begun-there",
                    "This record was begun in this event and signed so, or stands alone already.",
                    "If it does not belong, amend it and say so there.",
                )
            if self._stands_alone(session, loaded):
                self._part(session, loaded.row.event_id, reason)
            else:
                self._leave(session, loaded, reason)

    def _stands_alone(self, session: Session, loaded: Loaded) -> bool:
        """Whether the record is the only one of its own event, which was joined to others."""
        return len(rows_of(session, [loaded.row.event_id])) == 1

    def _part(self, session: Session, event_id: str, reason: str) -> None:
        """Take the event out of its group; those that hung together over it stay together."""
        neighbors = directly_joined(session, event_id)
        for other in neighbors:
            self._link(session, event_id, other, PART, reason)
        for other in neighbors[1:]:
            if other not in group_of(session, neighbors[0]):
                self._link(session, neighbors[0], other, JOIN, reason)

    def _leave(self, session: Session, loaded: Loaded, reason: str) -> None:
        """A draft goes into an event of its own, with the letters that its papers may bear."""
        event = Event(id=str(uuid.uuid4()), made_at=self._context.clock.now())
        session.add(event)
        session.flush()
        copy_letters(session, loaded.row.event_id, event.id)
        former = loaded.row.event_id
        loaded.row.event_id = event.id
        self._link(session, former, event.id, LEAVE, reason)

    def _link(self, session: Session, one: str, other: str, deed: str, reason: str) -> None:
        context = self._context
        link = EventLink(
            id=str(uuid.uuid4()),
            event_id=one,
            other_id=other,
            deed=deed,
            reason=reason,
            by_user=context.actor.user_id,
            at=context.clock.now(),
        )
        session.add(link)
        session.flush()
        context.note(
            session, "event.link", f"event_link:{link.id}", digest=link_digest(link), reason=deed
        )

    def _mine(self, session: Session, record_id: str) -> Loaded:
        loaded = load(session, self._shelf, record_id)
        rights = Rights(self._context, loaded)
        rights.require_sight()
        if not rights.may(Action.EVENT_JOIN):
            raise Denied(Action.EVENT_JOIN.value)
        return loaded
