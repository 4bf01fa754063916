"""Notes of the locked screen: filed at the next sign-in, finished by a nurse.

Whoever signs in files them without being able to read them: each goes into the office's sealed
book under its own number, in one transaction, and only then its file is removed. A program that is
killed in between files the same note once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.health import HealthEntry
from bt_desktop.models.people import Student
from bt_desktop.security import emergency
from bt_desktop.security.emergency import NotOurs
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.emergency_note import EmergencyNote, NoteTaken, taken_in
from bt_desktop.services.health.entries import NIGHT_NOTE, NIGHT_NOTE_DONE
from bt_desktop.services.health.model import OFFICE_SUBJECT
from bt_desktop.services.health.problems import NoteGone
from bt_desktop.services.health.stored import Unreadable, from_bytes
from bt_desktop.services.people_rows import bare
from bt_desktop.services.school_calendar import school_calendar

MOST_AT_ONCE = 50
"""Filed at one sign-in; the rest waits for the next."""
_LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Filed:
    """What a sign-in found: filed, damaged ones (kept), and what is left for the next."""

    filed: int = 0
    damaged: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    note: EmergencyNote


class NightNotes:
    """Files, lists and finishes."""

    def __init__(self, context: Context, box: HealthBox) -> None:
        self._context = context
        self._box = box
        self._found = Filed()

    # --- at a sign-in --------------------------------------------------------------------------

    def take_in(self) -> Filed:
        """File what was left while nobody was signed in; whoever it is, nobody reads it by that.

        Raises StorageFull, StorageReadOnly: then the notes lie where they were.
        """
        context = self._context
        paths = emergency.waiting(context.folder)
        if not paths:
            return self._found
        found, broken = self._opened(paths[:MOST_AT_ONCE])
        filed = 0
        with context.store.write() as session:
            for one in found:
                there = session.get(HealthEntry, one.note.id)
                if there is None:
                    self._file(session, one.note)
                    filed += 1
                elif there.kind != NIGHT_NOTE:  # a number that is taken: somebody made it up
                    broken.append(one.path)
            for _ in broken:
                context.note(session, "emergency.note_damaged", "health")
        for path in broken:
            emergency.keep_damaged(path)
        for one in found:
            if one.path not in broken:
                emergency.remove(one.path)
        self._found = Filed(filed, len(broken), len(paths) - len(paths[:MOST_AT_ONCE]))
        return self._found

    def take_all_in(self) -> None:
        """File every note that lies there: the key that opens them is about to go. Raises as
        `take_in`."""
        for _ in range(emergency.MOST_NOTES // MOST_AT_ONCE + 1):
            if not emergency.waiting(self._context.folder):
                return
            self.take_in()

    def _opened(self, paths: tuple[Path, ...]) -> tuple[list[_Found], list[Path]]:
        found, broken = [], []
        for path in paths:
            try:
                note_id, content = emergency.opened(path, self._context.keys)
                note = from_bytes(content, EmergencyNote)
                if note.id != note_id or note.at.tzinfo is None or note.noted_at.tzinfo is None:
                    raise NotOurs
            except (NotOurs, Unreadable):
                broken.append(path)
            else:
                found.append(_Found(path, note))
        return found, broken

    def _file(self, session: Session, note: EmergencyNote) -> None:
        now = self._context.clock.now()
        zone = school_calendar(session, now).zone
        self._box.add(
            session, OFFICE_SUBJECT, NIGHT_NOTE, taken_in(note, now),
            day=note.at.astimezone(zone).date(), at=note.at, id=note.id,
        )  # fmt: skip

    @property
    def found(self) -> Filed:
        """What this sign-in filed."""
        return self._found

    @property
    def news(self) -> tuple[str, ...]:
        """What is told once after the sign-in, in sentences; it names nobody."""
        told, found = [], self._found
        if found.filed:
            one = found.filed == 1
            notes = "An emergency dose was" if one else f"{found.filed} emergency doses were"
            told.append(
                f"{notes} noted while the records were locked. "
                f"A nurse finishes {'it' if one else 'them'}."
            )
        if found.damaged:
            told.append(
                "A note of the locked screen cannot be opened. It is kept in the folder "
                f"{emergency.FOLDER_NAME}; ask who was here, and tell an administrator."
            )
        return tuple(told)

    # --- finishing -----------------------------------------------------------------------------

    @property
    def may_finish(self) -> bool:
        """Whether the role reads the notes and makes them doses."""
        return self._context.may(Action.HEALTH_READ) and self._context.may(Action.DOSE_RECORD)

    def count(self) -> int:
        """How many wait to be finished: for nurses and for administrators, read by nobody."""
        context = self._context
        if not (context.may(Action.HEALTH_READ) or context.may(Action.HEALTH_TOTALS)):
            return 0
        with context.store.read() as session:
            return len(self._waiting(session))

    def damaged(self) -> int:
        """How many lie in the folder that nobody could open."""
        return emergency.damaged(self._context.folder)

    def waiting(self) -> tuple[EmergencyNote, ...]:
        """The notes that wait for a nurse, oldest first. Raises Denied."""
        if not self.may_finish:
            raise Denied(Action.HEALTH_READ.value)
        with self._context.store.read() as session:
            wanted = self._waiting(session)
            kept = self._box.read(session, NIGHT_NOTE, subject=OFFICE_SUBJECT)
            return tuple(one.value(EmergencyNote) for one in kept if one.id in wanted)

    def require_waiting(self, note_id: str) -> None:
        """Raises NoteGone for a note that does not wait."""
        with self._context.store.read() as session:
            if note_id not in self._waiting(session):
                raise NoteGone

    def finish(self, note_id: str, student_id: str, dose_id: str = "") -> EmergencyNote:
        """It became a dose of that student. Raises NoteGone, Denied, KeyError."""
        with self._context.store.write() as session:
            return self.finish_in(session, note_id, student_id, dose_id)

    def finish_in(
        self, session: Session, note_id: str, student_id: str, dose_id: str = ""
    ) -> EmergencyNote:
        """As `finish`, in the transaction that records the dose."""
        if session.get(Student, bare(student_id)) is None:
            raise KeyError(student_id)
        return self._take(session, NoteTaken(note_id, student_id, dose_id))

    def set_aside(self, note_id: str, why: str) -> EmergencyNote:
        """It is no student's dose (a visitor, a trial, told twice). Raises NoteGone, Denied."""
        said = " ".join(why.split())
        if len(said) < _LEAST_REASON:
            raise NoteGone("Say in a few words why it is no dose of a student.")
        with self._context.store.write() as session:
            return self._take(session, NoteTaken(note_id, remark=said))

    # --- within --------------------------------------------------------------------------------

    def _take(self, session: Session, taken: NoteTaken) -> EmergencyNote:
        if not self.may_finish:
            raise Denied(Action.DOSE_RECORD.value)
        kept = self._box.one(session, taken.note_id)
        if kept is None or taken.note_id not in self._waiting(session):
            raise NoteGone
        self._box.add(
            session, OFFICE_SUBJECT, NIGHT_NOTE_DONE, taken, about=taken.note_id,
            day=self._today(session),
        )  # fmt: skip
        return kept.value(EmergencyNote)

    def _waiting(self, session: Session) -> set[str]:
        done = select(HealthEntry.about).where(HealthEntry.kind == NIGHT_NOTE_DONE)
        wanted = select(HealthEntry.id).where(
            HealthEntry.kind == NIGHT_NOTE, HealthEntry.id.not_in(done)
        )
        return set(session.scalars(wanted))

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()
