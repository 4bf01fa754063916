"""One student's access log: who saw the records and what for, and who was given a copy.

California EC 49064, 34 CFR 99.32. Read by administrators and auditors; to read it is itself an
entry in the audit trail. On paper it names no other student.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bt_desktop.models.access import Opening
from bt_desktop.models.copies import Copy, CopyMark
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.security import audit
from bt_desktop.security.permissions import Action
from bt_desktop.services import parent_text as texts
from bt_desktop.services.access_find import found
from bt_desktop.services.context import Context
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people import PeopleService
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.record_load import Holder, holders
from bt_desktop.services.results.access import (
    OTHER,
    PURPOSE_WORDS,
    AccessLog,
    AccessRow,
    LoggedStudent,
    Purpose,
)
from bt_desktop.services.results.copies import WAYS, PrintedCopy
from bt_desktop.services.school_seal import seal_pems
from bt_desktop.services.trail_mark import trail_mark

if TYPE_CHECKING:
    from bt_desktop.paper.access_log import AccessPaper

WHAT_WORDS = {
    "open": "Opened a record",
    "student": "Opened the student's page",
    "copy": "Made a copy of a record",
    "print": "Printed a copy",
    "save": "Saved a copy as a file",
    "export": "Exported a list with this record",
    "health": "Looked into the health file",
    "card": "Saw the emergency card",
    "glass": "Opened the sealed health file in an emergency",
    "attachment": "Looked into a file kept with a record",
    "call": "Looked up whom to call about a record",
}
ROLE_WORDS = {
    "technician": "Technician",
    "front_office": "Front office",
    "nurse": "Nurse",
    "administrator": "Administrator",
    "auditor": "Auditor",
}
OWN = "Own student"
PART = "report about another student; this one had a part in it"
"""Said beside the record's number on paper."""
_RIGHT = "Parent's or student's right to a copy"
_WITHHELD = "Something else (words left out: they may name another student)"
_GIVEN = ("parent", "notice")


class AccessLogService:
    """Reads and prints who saw a student's records."""

    def __init__(self, context: Context, people: PeopleService, openings: Openings) -> None:
        self._context = context
        self._people = people
        self._openings = openings

    @property
    def may_read(self) -> bool:
        """Whether the role reads access logs."""
        return self._context.may(Action.ACCESS_LOG_READ)

    @property
    def may_print(self) -> bool:
        """Whether the role prints them."""
        return self._context.may(Action.ACCESS_LOG_PRINT)

    def find(self, typed: str = "", limit: int = 12) -> tuple[LoggedStudent, ...]:
        """The students whose log may be meant, by name, number or pseudonym; with nothing typed
        those looked at last. Raises Denied."""
        self._context.require(Action.ACCESS_LOG_READ)
        named = self._context.may(Action.PEOPLE_READ)
        with self._context.store.read() as session:
            return found(session, typed, limit, named=named)

    def read(
        self, student_id: str, since: date | None = None, until: date | None = None
    ) -> AccessLog:
        """The log between two days (both inclusive), newest first. Raises Denied, KeyError."""
        context = self._context
        context.require(Action.ACCESS_LOG_READ)
        with context.looking() as session:
            student = _student(session, student_id)
            context.note(session, "access.read", student_id)
            rows = self._rows(session, student_id, since, until)
        known = context.may(Action.PEOPLE_READ)
        name = whole_name(student) if known else pseudonym(student_id)
        return AccessLog(student_id, name, rows, since, until)

    def printed(
        self, student_id: str, since: date | None = None, until: date | None = None
    ) -> PrintedCopy:
        """The log on paper, sealed. To print it is a look at the student's data too."""
        context = self._context
        context.require(Action.ACCESS_LOG_PRINT)
        from bt_desktop.paper.access_log import access_log  # deferred: loads reportlab
        from bt_desktop.paper.seal import seal as sealed  # deferred: loads pyHanko

        index = self._people.names_of_families()
        with context.store.read() as session:
            student = _student(session, student_id)
            net = texts.net(session, index, student_id, {})
            rows = self._rows(session, student_id, since, until)
            paper = _paper(student, rows, since, until, net.may_name_a_child)
            head, seal, trail = letterhead(session), seal_pems(session), audit.head(session)
        mark = trail_mark(trail, seal.ca_cert, context.clock.now(), context.actor.name)
        pdf = access_log(paper, head, mark)
        pdf = sealed(pdf, seal.cert, seal.key, seal.ca_cert, mark.made_at)
        digest = hashlib.sha256(pdf).hexdigest()
        with context.store.write() as session:
            own = self._openings.is_own_student(session, student_id)
            seen = Seen(student_id, None, own)
            self._openings.note_students(session, "print", [seen], Purpose("request"))
            context.note(session, "access.print", student_id, digest=digest)
        return PrintedCopy(f"access:{digest[:16]}", 0, pdf, True, digest, "access-log.pdf")

    # --- within --------------------------------------------------------------------------------

    def _rows(
        self, session: Session, student_id: str, since: date | None, until: date | None
    ) -> tuple[AccessRow, ...]:
        first, last = self._bounds(since, until)
        people = holders(session)
        wanted = select(Opening, Record.number, Record.subject_id)
        wanted = wanted.outerjoin(Record, Record.id == Opening.record_id)
        # A draft can be opened before it says whom it is about.
        about = select(Record.id).where(Record.subject_id == student_id)
        nobody_yet = and_(Opening.student_id.is_(None), Opening.record_id.in_(about))
        wanted = wanted.where(or_(Opening.student_id == student_id, nobody_yet))
        wanted = wanted.where(Opening.at_us.between(first, last))
        rows = [
            _seen(row, number or "", people, named=bool(about) and about != student_id)
            for row, number, about in session.execute(wanted)
        ]
        rows += [one for one in _given(session, student_id) if first <= micros(one.at) <= last]
        return tuple(sorted(rows, key=lambda one: (one.at, one.what), reverse=True))

    def _bounds(self, since: date | None, until: date | None) -> tuple[int, int]:
        offset = self._context.clock.now().tzinfo
        first = micros(datetime.combine(since, time(0), offset)) if since else 0
        if until is None:
            return first, 2**62
        return first, micros(datetime.combine(until + timedelta(days=1), time(0), offset)) - 1


def _student(session: Session, student_id: str) -> Student:
    row = session.get(Student, bare(student_id))
    if row is None:
        raise KeyError(student_id)
    return row


def _seen(row: Opening, number: str, people: dict[str, Holder], *, named: bool) -> AccessRow:
    """A line; `named` where the record is about another, and the student had a part in it."""
    who = people.get(row.user_id)
    words = PURPOSE_WORDS.get(row.purpose, OWN if row.own else "")
    written = row.purpose == OTHER or (row.what == "glass" and bool(row.detail))
    if written:
        words = row.detail
    return AccessRow(
        at=row.at,
        who=who.name if who is not None else "A closed account",
        title=who.title if who is not None else "",
        role=ROLE_WORDS.get(row.role, row.role),
        what=WHAT_WORDS.get(row.what, row.what),
        number=number,
        purpose=words,
        written=written,
        part=named,
    )


def _given(session: Session, student_id: str) -> Iterable[AccessRow]:
    """Copies made for a parent, guardian or grown student, and who received them how."""
    wanted = (
        select(Copy, Record.number)
        .join(Record, Record.id == Copy.record_id)
        .where(Record.subject_id == student_id, Copy.kind.in_(_GIVEN), Copy.sealed)
    )
    for copy, number in session.execute(wanted):
        what = f"A copy was released for them (copy {copy.number})"
        yield _to(copy.for_whom, "", copy.made_at, what, number or "")
        marks = select(CopyMark).where(CopyMark.copy_id == copy.id, CopyMark.what.in_(WAYS))
        for mark in session.scalars(marks):
            told: dict[str, Any] = mark.detail or {}
            at = datetime.fromisoformat(told["at"])
            how = f"Got the copy ({mark.what.replace('_', ' ')}, copy {copy.number})"
            yield _to(told["to"], told["relation"], at, how, number or "")


def _to(who: str, relation: str, at: datetime, what: str, number: str) -> AccessRow:
    return AccessRow(
        at=at,
        who=who or "Parent or guardian",
        title=relation,
        role="",
        what=what,
        number=number,
        purpose=_RIGHT,
        kind="given",
    )


def _paper(
    student: Student,
    rows: tuple[AccessRow, ...],
    since: date | None,
    until: date | None,
    names_another: Any,
) -> AccessPaper:
    """The log as it is printed, oldest line first, without a word that may name another child."""
    from bt_desktop.paper.access_log import AccessLine, AccessPaper  # deferred: loads reportlab

    def purpose(row: AccessRow) -> str:
        return _WITHHELD if row.written and names_another(row.purpose) else row.purpose

    def which(row: AccessRow) -> str:
        return ", ".join(filter(None, (row.number, PART))) if row.part else row.number

    lines = tuple(
        AccessLine(
            row.at, row.who, row.title, row.role, row.what, which(row), purpose(row),
            row.kind == "given",
        )
        for row in reversed(rows)
    )  # fmt: skip
    name, number = whole_name(student), student.student_number
    return AccessPaper(name, student.birth_date, number, since, until, lines)
