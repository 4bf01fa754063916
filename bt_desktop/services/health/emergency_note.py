"""What is written down of a dose while nobody is signed in, and how it is left.

Nothing is asked but who got what; everything else helps and can be told later. What happened is
never refused: a time that cannot be right is kept as it was written, with a doubt beside it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bt_desktop.clock import Clock
from bt_desktop.security import emergency
from bt_desktop.services.health.problems import NoteIncomplete
from bt_desktop.services.health.stored import to_bytes
from bt_desktop.services.results.people import Problem

Called = Literal["yes", "no", ""]
LONGEST = {"who": 120, "medicine": 120, "dose": 80, "happened": 4_000, "by": 120}
"""Characters of each answer; what is longer is cut, never refused."""
_AHEAD = timedelta(minutes=5)
AHEAD, BACK = "ahead", "back"
"""Doubts about a time: later than the clock it was written by · written later than now."""


@dataclass(frozen=True, slots=True)
class EmergencyNote:
    """A dose as it was told at a locked computer: in words, nobody looked up.

    `at` is when it was given, as far as was said; `noted_at` what the computer's clock showed.
    `called_911` is blank where nobody said. `doubts` are codes about the times.
    """

    id: str
    who: str
    medicine: str
    at: datetime
    noted_at: datetime
    dose: str = ""
    happened: str = ""
    called_911: Called = ""
    by: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """A nurse took a note up: it became a dose of that student, or `remark` says why it did not."""

    note_id: str
    student_id: str = ""
    dose_id: str = ""
    remark: str = ""


def problems(note: EmergencyNote) -> tuple[Problem, ...]:
    """What is missing, by field: who got it, and what."""
    asked = {
        "who": "Write who got it. A first name, or what they look like, is enough.",
        "medicine": "Write what was given.",
    }
    return tuple(
        Problem(field, "missing", sentence)
        for field, sentence in asked.items()
        if not getattr(note, field).strip()
    )


def leave(folder: Path, note: EmergencyNote, clock: Clock) -> str:
    """Seal a note and keep it for the next sign-in; returns its id. `id` and `noted_at` are set
    here.

    Raises NoteIncomplete (with the problems), NoNotesHere, TooManyNotes, StorageFull,
    StorageReadOnly.
    """
    wrong = problems(note)
    if wrong:
        raise NoteIncomplete(wrong)
    now = clock.now()
    doubts = (AHEAD,) if note.at > now + _AHEAD else ()
    cut = {field: getattr(note, field).strip()[:most] for field, most in LONGEST.items()}
    made = replace(note, id=str(uuid.uuid4()), noted_at=now, doubts=doubts, **cut)
    emergency.leave(folder, made.id, to_bytes(made))
    return made.id


def taken_in(note: EmergencyNote, now: datetime) -> EmergencyNote:
    """The note as it is filed: a clock that went back since is doubted."""
    if note.noted_at > now + _AHEAD:
        return replace(note, doubts=(*note.doubts, BACK))
    return note
