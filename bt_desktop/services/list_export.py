"""The list of records as a table for a spreadsheet: what is shown, by who may take it out.

Each record that leaves is a row of who saw what, and the export is one entry in the trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import say
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Record
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.csv_cells import table
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people_rows import kind_of, people
from bt_desktop.services.problems import ExportRefused, SecondNeeded
from bt_desktop.services.record_drafts import require_reason
from bt_desktop.services.record_lists import Lists
from bt_desktop.services.record_sight import Sight
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.export import (
    COLUMNS,
    WITHOUT_REASON,
    ExportPlan,
    ListFile,
    Second,
)
from bt_desktop.services.results.people import Person
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.second_person import agreed, seconds_for

MOST = 20_000
"""No list of more leaves at once: a school's years are taken out with a backup."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _Line:
    """What the cells of a record are made from."""

    row: Record
    form: str
    subject: Person | None
    author: Person | None
    due: tuple[datetime, ...]


class ListExport:
    """Takes lists out of the program."""

    def __init__(
        self, context: Context, lists: Lists, shelf: FormShelf, openings: Openings
    ) -> None:
        self._context = context
        self._lists = lists
        self._shelf = shelf
        self._openings = openings

    @property
    def may(self) -> bool:
        """Whether the role takes lists of any form out."""
        return self._context.may_some(Action.LIST_EXPORT)

    def plan(self, filters: RecordFilter) -> ExportPlan:
        """How many records of the list may leave, and how many stay: not this role's to take."""
        with self._context.store.read() as session:
            ids = self._ids(session, filters)
            wanted = select(Record.id).where(*self._lists.conditions(filters)).limit(MOST + 1)
            every = len(session.scalars(wanted).all())
        many = len(ids) > WITHOUT_REASON
        seconds = seconds_for(self._context, Action.LIST_EXPORT) if many else ()
        return ExportPlan(len(ids), max(0, every - len(ids)), seconds)

    def table(
        self,
        filters: RecordFilter,
        columns: Sequence[str],
        reason: str = "",
        second: Second | None = None,
    ) -> ListFile:
        """The records of the list as CSV, in its order. Raises Denied, ReasonNeeded, ExportRefused.

        More than 25 records ask for a reason and a second person (security design §6: bulk
        export), whose agreement is an entry of the trail beside the export's. Slow then: raises
        SecondNeeded, and as `vault.unlock` for the second person's password.
        """
        chosen = [name for name in COLUMNS if name in columns]
        if not chosen:
            raise ExportRefused(
                "export-no-columns", "No column is chosen.", "Choose at least one column."
            )
        context = self._context
        context.require_password()
        agreeing = self._agreed(filters, reason, second)
        with context.store.write() as session:
            ids = self._ids(session, filters)
            if not ids:
                raise ExportRefused(
                    "export-nothing",
                    "There is nothing in this list that your role may take out.",
                    "Change the filters, or ask an administrator.",
                )
            if len(ids) > WITHOUT_REASON and not agreeing:  # the list grew meanwhile
                raise SecondNeeded(anybody=True)
            rows = [self._cells(line, chosen) for line in self._lines(session, ids)]
            data = table([COLUMNS[name] for name in chosen], rows)
            digest = hashlib.sha256(data).hexdigest()
            self._note(session, ids, reason.strip())
            if agreeing:
                context.note(session, "list.second", f"user:{agreeing}", digest=digest)
            counts = {"records": len(ids)}
            entry = context.note(session, "list.export", "list", digest=digest, counts=counts)
        name = f"records-{context.clock.now():%Y-%m-%d}-E{entry.seq:05d}.csv"
        return ListFile(data, name, len(ids))

    def _agreed(self, filters: RecordFilter, reason: str, second: Second | None) -> str:
        """Who agreed to a list of many; blank for one of few. Raises ReasonNeeded, SecondNeeded."""
        with self._context.store.read() as session:
            many = len(self._ids(session, filters)) > WITHOUT_REASON
        if not many:
            return ""
        require_reason(reason)
        return agreed(self._context, Action.LIST_EXPORT, second)

    def _ids(self, session: Session, filters: RecordFilter) -> list[str]:
        """The records that may leave, in the list's order. Raises Denied, ExportRefused."""
        if not self.may:
            self._context.require(Action.LIST_EXPORT)
        allowed = Sight(self._context).allowed(Action.LIST_EXPORT)
        pager = self._lists.pager(session, filters, allowed)
        found: list[str] = []
        while len(found) <= MOST:
            page = pager.page(_CHUNK, found[-1] if found else None)
            found += [row.id for row in page]
            session.expunge_all()
            if len(page) < _CHUNK:
                return found
        raise ExportRefused(
            "export-large",
            f"This list has more than {MOST:,} records.",
            "Narrow it by dates, and export it in parts.",
        )

    def _lines(self, session: Session, ids: Sequence[str]) -> list[_Line]:
        lines: list[_Line] = []
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            rows = {r.id: r for r in session.scalars(select(Record).where(Record.id.in_(some)))}
            named = {one for r in rows.values() for one in (r.subject_id, r.reported_by) if one}
            known = people(session, named)
            due = _due(session, some)
            lines += [self._line(session, rows[one], known, due.get(one, ())) for one in some]
        return lines

    def _line(
        self, session: Session, row: Record, known: dict[str, Person], due: tuple[datetime, ...]
    ) -> _Line:
        form = say(self._shelf.kept(session, row.form_digest).title)
        subject = known.get(row.subject_id or "")
        return _Line(row, form, subject, known.get(row.reported_by), due)

    def _cells(self, line: _Line, chosen: Sequence[str]) -> list[str]:
        now = self._context.clock.now()
        return [_CELLS[name](line, now) for name in chosen]

    def _note(self, session: Session, ids: Sequence[str], reason: str) -> None:
        """Each record of the list left the program: a row of who saw what."""
        seen: list[Seen] = []
        mine = set(session.scalars(Sight(self._context).own_ids()))
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            rows = session.execute(select(Record.id, Record.subject_id).where(Record.id.in_(some)))
            seen += [
                Seen(about if about and kind_of(about) == "student" else None, key, key in mine)
                for key, about in rows
            ]
        code = "other" if reason else "request"
        self._openings.note_students(session, "export", seen, Purpose(code, reason))


def _due(session: Session, ids: Sequence[str]) -> dict[str, tuple[datetime, ...]]:
    found: dict[str, tuple[datetime, ...]] = {}
    rows = session.execute(
        select(Deadline.record_id, Deadline.due_at)
        .where(Deadline.record_id.in_(ids), Deadline.state == "open")
        .order_by(Deadline.due_us)
    )
    for record_id, due in rows:
        found[record_id] = (*found.get(record_id, ()), due)
    return found


def _moment(at: datetime | None, how: str) -> str:
    return at.strftime(how) if at is not None else ""


_CELLS: dict[str, Callable[[_Line, datetime], str]] = {
    "number": lambda one, _: one.row.number or "",
    "form": lambda one, _: one.form,
    "state": lambda one, _: one.row.state,
    "student": lambda one, _: one.subject.name if one.subject else "",
    "student_number": lambda one, _: one.subject.student_number if one.subject else "",
    "grade": lambda one, _: one.subject.grade if one.subject else "",
    "date": lambda one, _: _moment(one.row.event_at, "%Y-%m-%d"),
    "time": lambda one, _: _moment(one.row.event_at, "%H:%M"),
    "place": lambda one, _: one.row.place,
    "author": lambda one, _: one.author.name if one.author else "",
    "class": lambda one, _: one.row.record_class,
    "deadlines": lambda one, _: str(len(one.due)),
    "next_due": lambda one, _: _moment(one.due[0] if one.due else None, "%Y-%m-%d %H:%M"),
    "overdue": lambda one, now: str(sum(due < now for due in one.due)),
}
