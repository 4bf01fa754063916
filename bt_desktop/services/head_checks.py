"""Reminders of head checks: of every open first aid report that the person can go on with.

Nothing is written down: what is due follows from the drafts and the clock, so that a reminder
survives navigation, a lock and a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import FIRST_AID, Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.head_points import HeadFacts, facts_of, to_remind
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_parts import REPORT
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.head_checks import WaitingCheck

_LOOK_BACK = timedelta(hours=4)
"""A draft that nobody touched for longer holds no check that can still be made in time."""


class HeadChecks:
    """Knows which head checks wait."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf
        self._known: dict[str, tuple[int, HeadFacts]] = {}

    def waiting(self) -> tuple[WaitingCheck, ...]:
        """The checks at 0, 15 and 30 minutes that nobody has made, the earliest first.

        Of reports that the person writes, and for a nurse of every open one.
        """
        now = self._context.clock.now()
        open_ones = select(Record).where(
            Record.form == FIRST_AID,
            Record.state == "draft",
            Record.updated_us >= micros(now - _LOOK_BACK),
        )
        with self._context.store.read() as session:
            found = [
                check for row in session.scalars(open_ones) for check in self._of(session, row, now)
            ]
        return tuple(sorted(found, key=lambda check: (check.due, check.record_id)))

    def _of(self, session: Session, row: Record, now: datetime) -> tuple[WaitingCheck, ...]:
        loaded = load(session, self._shelf, row.id)
        rights = Rights(self._context, loaded)
        if not rights.sees or not (
            rights.may_edit(REPORT) or rights.may(Action.RECORD_EDIT, "nurse")
        ):
            return ()
        checks = to_remind(self._facts(loaded), now)
        if not checks:
            return ()
        who = _short_name(session, loaded)
        return tuple(
            WaitingCheck(row.id, who, check.point, check.due, check.row)
            for check in checks
            if check.due is not None
        )

    def _facts(self, loaded: Loaded) -> HeadFacts:
        """Worked out anew only after a draft was changed."""
        row = loaded.row
        content = hash(tuple(sorted((key, one.answers) for key, one in loaded.drafts.items())))
        known = self._known.get(row.id)
        if known is None or known[0] != content:
            session = session_of(loaded.form, loaded.answers(), self._context.clock)
            known = content, facts_of(session)
            self._known[row.id] = known
        return known[1]


def _short_name(session: Session, loaded: Loaded) -> str:
    """“Łucja K.”; a visitor is only called that."""
    subject = loaded.row.subject_id
    person = people(session, [subject]).get(subject) if subject else None
    if person is None:
        return "a visitor" if loaded.answers().get("person_type") == "visitor" else "someone"
    return f"{person.called} {person.family[:1]}." if person.family else person.called
