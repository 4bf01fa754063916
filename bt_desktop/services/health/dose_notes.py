"""What is done about a dose afterwards: the parent was told, an emergency dose was completed.

A dose is never changed; what is said of it later is an entry of its own, with who and when.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import DOSE, DOSE_NOTE, DoseNote
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.problems import DoseRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.times import day_of
from bt_desktop.services.school_calendar import school_calendar

_FEWEST, _LONGEST = 3, 2_000


@dataclass(frozen=True, slots=True)
class DoseNotesRead:
    """Notes of some days, by dose."""

    by_dose: dict[str, list[DoseNote]]

    def parent_told(self, dose_id: str) -> bool:
        """Whether a parent was told of it later (R24)."""
        return any(one.what == "parent" for one in self.by_dose.get(dose_id, ()))

    def finished(self, dose_id: str) -> bool:
        """Whether the account of an emergency dose was completed."""
        return any(one.what == "finished" for one in self.by_dose.get(dose_id, ()))


def read_notes(session: Session, box: HealthBox, first: date) -> DoseNotesRead:
    """What was noted about doses since that school day."""
    found: dict[str, list[DoseNote]] = {}
    for kept in box.read(session, DOSE_NOTE, first=first):
        note = kept.value(DoseNote)
        found.setdefault(note.dose_id, []).append(note)
    return DoseNotesRead(found)


class DoseNotes:
    """Writes them."""

    def __init__(self, context: Context, box: HealthBox, reaching: Reaching) -> None:
        self._context = context
        self._box = box
        self._reaching = reaching

    def parent_told(self, dose_id: str, words: str) -> str:
        """A parent was told of a dose; returns the note's id. Raises DoseRefused, NotYours,
        Denied."""
        return self._add(dose_id, "parent", words, "Write in a few words whom you told.")

    def finish(self, dose_id: str, words: str) -> str:
        """An emergency dose's account is complete; returns the note's id. Raises as above."""
        return self._add(dose_id, "finished", words, "Write in a few words how it went on.")

    def _add(
        self, dose_id: str, what: Literal["parent", "finished"], words: str, asked: str
    ) -> str:
        said = " ".join(words.split())[:_LONGEST]
        if len(said) < _FEWEST:
            raise DoseRefused(asked)
        context = self._context
        with context.store.write() as session:
            kept = self._box.one(session, dose_id)
            if kept is None or kept.kind != DOSE:
                raise DoseRefused("There is no such entry, or your account cannot open it.")
            dose, now = kept.value(DoseRecord), context.clock.now()
            today = day_of(now, school_calendar(session, now))
            reach = self._reaching.require_order(
                session, today, dose.order_id or "", dose.student_id
            )
            context.require(Action.DOSE_RECORD, own=dose.order_id in reach.orders)
            made = DoseNote(str(uuid.uuid4()), dose_id, what, said, now, context.actor.user_id)
            return self._box.add(
                session, dose.student_id, DOSE_NOTE, made, about=dose_id, day=kept.day, id=made.id
            )
