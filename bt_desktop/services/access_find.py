"""Finds the student whose access log is to be read: those who left the school as well.

Who keeps the directory looks by name or number. An auditor has no names (security design §6): they
look by the pseudonym that their lists show, or by a whole student number that somebody gave them,
and are shown the pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models.access import Opening
from bt_desktop.models.people import Student
from bt_desktop.services.name_index import words_of
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.results.access import LoggedStudent

_LATELY = 2_000
"""So many of the newest lines are looked through for the students looked at last."""


def found(session: Session, typed: str, limit: int, *, named: bool) -> tuple[LoggedStudent, ...]:
    """The students that fit; where nothing was typed, those looked at last."""
    words = words_of(typed)
    ids = _fitting(session, words, limit, named=named) if words else _lately(session, limit)
    rows = {f"student:{one.id}": one for one in session.scalars(
        select(Student).where(Student.id.in_([key.partition(":")[2] for key in ids]))
    )}  # fmt: skip
    last = _last(session, ids)
    return tuple(_line(key, rows[key], last.get(key), named) for key in ids if key in rows)


def _line(key: str, row: Student, last: datetime | None, named: bool) -> LoggedStudent:
    if not named:
        return LoggedStudent(key, pseudonym(key), "", "", not row.active, last)
    return LoggedStudent(key, whole_name(row), row.student_number, row.grade, not row.active, last)


def _fitting(session: Session, words: Sequence[str], limit: int, *, named: bool) -> list[str]:
    """By every word of a name or the whole number; without names, by pseudonym or whole number."""
    rows = session.execute(
        select(
            Student.id, Student.family, Student.given, Student.preferred, Student.student_number
        ).order_by(Student.family, Student.given, Student.id)
    )
    kept: list[str] = []
    for key, family, given, preferred, number in rows:
        by = (family, given, preferred) if named else (pseudonym(key),)
        if _fits(words, by, number):
            kept.append(f"student:{key}")
            if len(kept) == limit:
                break
    return kept


def _fits(words: Sequence[str], by: Iterable[str], number: str) -> bool:
    if number and words == words_of(number):
        return True
    known = words_of(" ".join(by))
    return all(any(one.startswith(word) for one in known) for word in words)


def _lately(session: Session, limit: int) -> list[str]:
    newest = select(Opening.student_id, Opening.at_us).where(Opening.student_id.is_not(None))
    some = newest.order_by(Opening.at_us.desc()).limit(_LATELY).subquery()
    wanted = select(some.c.student_id).group_by(some.c.student_id)
    return list(session.scalars(wanted.order_by(func.max(some.c.at_us).desc()).limit(limit)))


def _last(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    newest = (
        select(Opening.student_id, func.max(Opening.at_us), Opening.at)
        .where(Opening.student_id.in_(ids))
        .group_by(Opening.student_id)
    )
    return {key: at for key, _, at in session.execute(newest) if key}
