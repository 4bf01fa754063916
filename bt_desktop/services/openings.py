"""Who saw what, and what for: every look at a student's data leaves a row and an entry.

California EC 49064 and 34 CFR 99.32 ask for a record of access beside each student's records.
Looking at a list or typing into a search is no opening. What the person says of their purpose can
hold a name, so it stays in the encrypted table; the audit trail gets a digest of the rows.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from bt_desktop.models.access import Opening as Row
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.people import Caseload, ClassMember, SchoolClass, Student
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.services import held_log
from bt_desktop.services.context import Context
from bt_desktop.services.event_facts import HURT, INVOLVED, gather
from bt_desktop.services.integrity import OPENING, openings_digest
from bt_desktop.services.people_rows import bare, kind_of
from bt_desktop.services.problems import PurposeNeeded
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_sight import Sight
from bt_desktop.services.results.access import (
    LEAST_WORDS,
    OTHER,
    PURPOSE_WORDS,
    USUAL,
    Purpose,
    What,
)

ASK_AGAIN = timedelta(minutes=30)
"""What was said of a student holds so long within one sign-in: as long as one piece of work."""
_KNOWN_BY_WORK = timedelta(days=365)
"""Whoever wrote or is named in a record about a student within a year works with them."""
NO_PURPOSE = Purpose("")
_SHOWS_WHOLE = ("open", "student", "copy")
"""After these, reading on is the same look; a file, a call or a line of a list shows less."""
_TOLD_ONCE = ("health", "card")
_PARTS = {INVOLVED, HURT}
_STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at: of which student, in which record; `own` by `Openings.is_own`."""

    student_id: str | None
    record_id: str | None
    own: bool


@dataclass(frozen=True, slots=True)
class _Stated:
    purpose: Purpose
    until: datetime


class Openings:
    """Asks for the purpose where it must be asked for, and writes down what was seen.

    One object for one sign-in: it remembers what the person said.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._guard = threading.Lock()
        self._stated: dict[str, _Stated] = {}
        self._everywhere: _Stated | None = None
        self._noted: dict[str, datetime] = {}

    @property
    def usual(self) -> str:
        """The purpose that is offered first."""
        return USUAL[self._context.actor.role]

    def state(self, purpose: Purpose, about: str | None = None) -> None:
        """What the person opens this for (the id that `PurposeNeeded` gave), for half an hour.

        Without an id it holds for whatever they open in that time (an audit, a pile of reviews).
        Raises ValueError for a purpose that is none, or that says nothing.
        """
        if purpose.code not in PURPOSE_WORDS:
            raise ValueError(purpose.code)
        words = " ".join(purpose.words.split())
        if purpose.code == OTHER and len(words) < LEAST_WORDS:
            raise ValueError("words")
        stated = _Stated(Purpose(purpose.code, words), self._context.clock.now() + ASK_AGAIN)
        with self._guard:
            if about is None:
                self._everywhere = stated
            else:
                self._stated[about] = stated

    # --- whose --------------------------------------------------------------------------------

    def is_own(self, session: Session, loaded: Loaded, rights: Rights) -> bool:
        """Own record, own student, or a record that waits for this person's work."""
        subject = loaded.subject_id
        return (
            rights.is_own
            or waits_for(session, loaded, rights)
            or (subject is not None and self.is_own_student(session, subject))
        )

    def is_own_student(self, session: Session, student_id: str) -> bool:
        """On one's caseload, in one's class, managed by oneself, or known by recent work."""
        if kind_of(student_id) != _STUDENT:
            return False
        me, child = bare(self._context.actor.staff_id), bare(student_id)
        mine, theirs = aliased(ClassMember), aliased(ClassMember)
        classes = (
            exists()
            .where(mine.person_id == self._context.actor.staff_id)
            .where(theirs.person_id == student_id, theirs.class_id == mine.class_id)
            .where(SchoolClass.id == mine.class_id, SchoolClass.active)
        )
        since = micros(self._context.clock.now() - _KNOWN_BY_WORK)
        worked = select(Record.id).where(
            Record.subject_id == student_id, Record.event_us >= since, Sight(self._context).mine
        )
        known = select(Student.id).where(
            Student.id == child,
            or_(
                Student.case_manager == me,
                exists().where(Caseload.staff_id == me, Caseload.student_id == child),
                classes,
            ),
        )
        return any(session.scalar(one.limit(1)) is not None for one in (known, worked))

    # --- looking -------------------------------------------------------------------------------

    def enter(self, session: Session, loaded: Loaded, rights: Rights) -> None:
        """A record is opened. Raises PurposeNeeded where the purpose was not said yet."""
        seen = self._seen(session, loaded, rights)
        about = seen[0].student_id or loaded.row.id
        self._note(session, "open", seen, self._asked(about, seen[0].own))

    def shown_student(self, student_id: str) -> None:
        """A student's page is shown; told only where it was not within half an hour.

        Raises PurposeNeeded as `enter` does.
        """
        if self._noted_lately(student_id):
            return
        with self._context.looking() as session:
            own = self.is_own_student(session, student_id)
            seen = Seen(student_id, None, own)
            self._note(session, "student", [seen], self._asked(student_id, own))

    def shown_health(
        self, student_id: str, what: What = "health", purpose: Purpose = NO_PURPOSE
    ) -> None:
        """Something of a student's health file, or the emergency card, is shown or printed.

        The file and the card are told once in half an hour each. Nothing is asked: only nurses,
        delegates and whoever broke the glass (and said why) hold the key of the file, and the card
        is for everybody (`purpose` says so).
        """
        if kind_of(student_id) != _STUDENT:
            return
        look = f"{what}|{student_id}"
        if what in _TOLD_ONCE and self._noted_lately(look):
            return
        with self._context.looking() as session:
            own = not purpose.code
            self._note(session, what, [Seen(student_id, None, own)], purpose)
        with self._guard:
            self._noted[look] = self._context.clock.now()

    def shown(self, loaded: Loaded, rights: Rights) -> None:
        """More of a record is shown; told only where it was not opened within half an hour."""
        if self._noted_lately(loaded.row.id):
            return
        with self._context.looking() as session:
            self.enter(session, loaded, rights)

    def looked_into(
        self, loaded: Loaded, rights: Rights, what: What = "open", purpose: Purpose = NO_PURPOSE
    ) -> None:
        """Some of a record is shown beside the page that asks: told once in half an hour.

        Nothing is asked: the deed says what it is for (a call, a paper, a review), as `note`.
        """
        if self._noted_lately(loaded.row.id):
            return
        with self._context.looking() as session:
            self.note(session, what, loaded, rights, purpose)

    def _noted_lately(self, what: str) -> bool:
        with self._guard:
            at = self._noted.get(what)
        return at is not None and self._context.clock.now() - at <= ASK_AGAIN

    def note(
        self,
        session: Session,
        what: What,
        loaded: Loaded,
        rights: Rights,
        purpose: Purpose = NO_PURPOSE,
    ) -> None:
        """Something was done with a record that shows it: copied, printed, saved, looked into.

        The deed says what it is for; `purpose` is taken where the person said nothing else.
        """
        seen = self._seen(session, loaded, rights)
        said = self._said(seen[0].student_id or loaded.row.id)
        self._note(session, what, seen, said or purpose)

    def note_students(
        self, session: Session, what: What, seen: Iterable[Seen], purpose: Purpose
    ) -> None:
        """Many were shown at once (a list was exported): one deed, a row for each."""
        self._note(session, what, list(seen), purpose)

    # --- within --------------------------------------------------------------------------------

    def _seen(self, session: Session, loaded: Loaded, rights: Rights) -> list[Seen]:
        """Whom the record tells about: first its subject, then each student with a part in it.

        What directly relates to a student is of that student's record too (34 CFR 99.3), whoever
        the report was written about; who only saw it is named in passing.
        """
        record, subject = loaded.row.id, _student(loaded)
        return [
            Seen(subject, record, self.is_own(session, loaded, rights)),
            *(
                Seen(one, record, rights.is_own or self.is_own_student(session, one))
                for one in with_a_part(loaded)
                if one != subject
            ),
        ]

    def _asked(self, about: str, own: bool) -> Purpose:
        said = self._said(about)
        if said is not None:
            return said
        if own:
            return NO_PURPOSE
        raise PurposeNeeded(about, self.usual)

    def _said(self, about: str) -> Purpose | None:
        now = self._context.clock.now()
        with self._guard:
            for stated in (self._stated.get(about), self._everywhere):
                if stated is not None and now <= stated.until:
                    return stated.purpose
        return None

    def _note(self, session: Session, what: What, seen: list[Seen], purpose: Purpose) -> None:
        """Rows and the entry that announces them, in the transaction of the deed."""
        context, now, batch = self._context, self._context.clock.now(), str(uuid.uuid4())
        rows = [
            Row(
                id=str(uuid.uuid4()),
                at=now,
                at_us=micros(now),
                user_id=context.actor.user_id,
                role=context.actor.role.value,
                what=what,
                student_id=one.student_id,
                record_id=one.record_id,
                own=one.own,
                purpose=purpose.code,
                detail=purpose.words,
                batch=batch,
            )
            for one in seen
        ]
        if context.store.held:
            held_log.add(context.folder, context.keys, held_log.opening_line(rows))
        else:
            tell_opening(context, session, rows)
        if what in _SHOWS_WHOLE:
            with self._guard:
                self._noted.update((one.record_id or one.student_id or "", now) for one in seen)


def tell_opening(context: Context, session: Session, rows: list[Row]) -> None:
    """The rows of one look, and the entry that announces them."""
    session.add_all(rows)
    session.flush()
    context.note(
        session, OPENING, f"opening:{rows[0].batch}", digest=openings_digest(rows),
        reason=rows[0].what, counts={"rows": len(rows)} if len(rows) != 1 else None,
    )  # fmt: skip


def waits_for(session: Session, loaded: Loaded, rights: Rights) -> bool:
    """Whether the record waits for this person: their review, the nurse's part, a deadline."""
    row = loaded.row
    if row.state == "signed" and not rights.why_not_sign("review"):
        return True
    nurses = "nurse" in loaded.form.parts() and row.state in ("draft", "signed", "returned")
    if nurses and not rights.why_not_sign("nurse"):
        return True
    role = rights.context.actor.role.value
    duty = select(Deadline.id).where(
        Deadline.record_id == row.id, Deadline.state == "open", Deadline.owner == role
    )
    return session.scalar(duty.limit(1)) is not None


def with_a_part(loaded: Loaded) -> tuple[str, ...]:
    """The students of an education record who took part in what happened, or were harmed by it."""
    if loaded.row.record_class != "education":
        return ()
    told = gather(loaded.form, loaded.answers()).people
    return tuple(
        dict.fromkeys(
            one.who for one in told if kind_of(one.who) == _STUDENT and set(one.roles) & _PARTS
        )
    )


def _student(loaded: Loaded) -> str | None:
    """The student a record is about; None where it is about somebody else, or nobody yet."""
    subject = loaded.subject_id
    return subject if subject is not None and kind_of(subject) == _STUDENT else None
