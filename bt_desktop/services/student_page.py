"""The records about one student: a timeline, counts of the last days, the year by months.

To open it is an opening like that of a record (`openings`). Confidential reports are apart from the
student's file: they stand in it only for who may know of them, and are never counted for others.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.clock import local_at
from bt_desktop.form_engine.definition import say
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.openings import Openings
from bt_desktop.services.people_rows import bare
from bt_desktop.services.record_lists import Lists
from bt_desktop.services.record_order import Pager
from bt_desktop.services.record_sight import Sight
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.results.students import KindCount, MonthCount, StudentRecords

RECENT_DAYS = 30
MONTHS = 12
SHOWN = 50
_IN_ERROR = "entered in error"


class StudentPages:
    """Opens students' pages."""

    def __init__(
        self, context: Context, lists: Lists, shelf: FormShelf, openings: Openings
    ) -> None:
        self._context = context
        self._lists = lists
        self._shelf = shelf
        self._openings = openings

    def open(self, student_id: str) -> StudentRecords:
        """The records about a student. Raises PurposeNeeded, Denied, KeyError."""
        context = self._context
        context.require(Action.PEOPLE_READ)
        with context.store.read() as session:
            if session.get(Student, bare(student_id)) is None:
                raise KeyError(student_id)
        self._openings.shown_student(student_id)
        conditions = self._lists.conditions(RecordFilter(subject_id=student_id))
        with context.store.read() as session:
            rows = list(Pager(session, conditions, "newest").page(SHOWN + 1, None))
            timeline = self._lists.summaries(session, rows[:SHOWN])
            counted = self._counted(session, conditions)
        kinds = tuple(dict.fromkeys(title for _, title in sorted(set(counted["forms"].items()))))
        return StudentRecords(
            timeline=timeline,
            more=len(rows) > SHOWN,
            recent=self._recent(counted),
            kinds=kinds,
            months=self._months(counted, kinds),
            everything=not Sight(context).only_own,
            access_log=context.may(Action.ACCESS_LOG_READ),
        )

    def _counted(self, session: Session, conditions: tuple[Any, ...]) -> dict[str, Any]:
        """(day, form) of each record of the last twelve months, and the titles of the forms."""
        now = self._context.clock.now()
        first = month_before(now.date(), MONTHS - 1)
        # A day more: the clocks of a year ago may have been an hour off from those of today.
        since = micros(datetime.combine(first - timedelta(days=1), time(0), now.tzinfo))
        rows = session.execute(
            select(Record.event_at, Record.updated_at, Record.form, Record.form_digest).where(
                *conditions, Record.event_us >= since, Record.state != _IN_ERROR
            )
        ).all()
        titles = {
            form: say(self._shelf.kept(session, digest).title)
            for _, _, form, digest in sorted(rows, key=lambda row: row[1])
        }
        days = [(local_at(at or changed, now).date(), form) for at, changed, form, _ in rows]
        return {"days": [one for one in days if one[0] >= first], "forms": titles}

    def _recent(self, counted: dict[str, Any]) -> tuple[KindCount, ...]:
        today = self._context.clock.now().date()
        since = today - timedelta(days=RECENT_DAYS)
        numbers = Counter(form for day, form in counted["days"] if since < day <= today)
        found = [KindCount(form, counted["forms"][form], n) for form, n in numbers.items()]
        return tuple(sorted(found, key=lambda one: (-one.number, one.title)))

    def _months(self, counted: dict[str, Any], kinds: tuple[str, ...]) -> tuple[MonthCount, ...]:
        today = self._context.clock.now().date()
        numbers = Counter(
            (day.replace(day=1), counted["forms"][form]) for day, form in counted["days"]
        )
        firsts = [month_before(today, back) for back in range(MONTHS - 1, -1, -1)]
        return tuple(
            MonthCount(first, tuple(numbers[first, kind] for kind in kinds)) for first in firsts
        )


def month_before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
