"""A note of the locked screen becomes a dose on record, and is then no note that waits any more."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bt_desktop.errors import Denied
from bt_desktop.security.permissions import Action
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.doses import DoseService
from bt_desktop.services.health.night_notes import NightNotes


class NoteFinishing:
    """Two steps that may be repeated: killed in between, the dose is recorded once."""

    def __init__(self, notes: NightNotes, doses: DoseService) -> None:
        self._notes = notes
        self._doses = doses

    def finish(self, note_id: str, request: DoseRequest) -> Recorded:
        """Record the dose, and mark the note as taken up. Raises NoteGone, DoseRefused, Denied."""
        if not self._notes.may_finish:
            raise Denied(Action.DOSE_RECORD.value)
        self._notes.require_waiting(note_id)
        made = self._doses.emergency(replace(request, id=dose_id_of(note_id, request.student_id)))
        self._notes.finish(note_id, request.student_id, made.dose.id)
        return made


def dose_id_of(note_id: str, student_id: str) -> str:
    """The one id of the dose that a note becomes."""
    return str(uuid.uuid5(uuid.UUID(note_id), student_id))
