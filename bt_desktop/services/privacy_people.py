"""The names of the school's people, out of the store, for the net and for the offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models import people as tables
from bt_desktop.services.names import PersonNames

_TABLES: dict[str, Any] = {
    "student": tables.Student,
    "staff": tables.Staff,
    "guardian": tables.Guardian,
}


def names_stamp(session: Session, kinds: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Differs whenever somebody of these kinds was added or changed: how many, and the latest."""
    asked = (_TABLES[kind] for kind in kinds)
    return tuple(
        tuple(session.execute(select(func.count(), func.max(t.updated_at)).select_from(t)).one())
        for t in asked
    )


def names_in(
    session: Session, kinds: Sequence[str], *, also_left: bool = True
) -> tuple[PersonNames, ...]:
    """Everyone of these kinds (`student`, `staff`, `guardian`) in a fixed order.

    `also_left`: those who are inactive too. A child who has left is still another child on a
    parent's paper, but is not offered while writing.
    """
    found = []
    for kind in kinds:
        t = _TABLES[kind]
        columns = (t.id, t.given, t.family, t.middle, t.preferred, t.family_first)
        query = select(*columns).order_by(t.id)
        if not also_left:
            query = query.where(t.active)
        found += [
            PersonNames(f"{kind}:{bare}", given, family, middle, preferred, family_first)
            for bare, given, family, middle, preferred, family_first in session.execute(query)
        ]
    return tuple(found)


def family_of(session: Session, student_id: str) -> frozenset[str]:
    """The ids of everybody who is or was a guardian of this student: never another child's."""
    pairs, own = tables.Guardianship, student_id.removeprefix("student:")
    wanted = select(pairs.guardian_id).where(pairs.student_id == own)
    return frozenset(f"guardian:{bare}" for bare in session.scalars(wanted))
