"""People between the tables of an import and the rows of the store."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bt_desktop.models import people as tables
from bt_desktop.services.caseloads import follow_roster
from bt_desktop.services.class_rows import (
    CSV_CLASS,
    ClassPlan,
    ClassTold,
    class_plan,
    keep_classes,
)
from bt_desktop.services.csv_match import Bond, KnownPerson, Matched
from bt_desktop.services.csv_model import CsvSet
from bt_desktop.services.names import fold
from bt_desktop.services.roster_model import PersonKind

_TABLES: Mapping[PersonKind, Any] = {
    "student": tables.Student, "staff": tables.Staff, "guardian": tables.Guardian,
}  # fmt: skip
_COLUMNS: Mapping[PersonKind, tuple[str, ...]] = {
    "student": (
        "given", "middle", "family", "preferred", "birth_date", "grade", "teacher",
        "student_number", "home_language", "plans", "health_note", "allergies", "medical_alert",
        "custody_alert", "sensitive", "phone", "case_manager",
    ),
    "staff": ("given", "middle", "family", "preferred", "title", "email"),
    "guardian": ("given", "family", "phone", "email", "language", "needs_interpreter"),
}  # fmt: skip
_BLANK: Mapping[str, Any] = {
    "birth_date": None, "case_manager": None, "sensitive": False, "needs_interpreter": False,
}  # fmt: skip
_PAIR = {"relation": "relation", "no_contact": "no_contact", "may_receive": "may_receive_copies"}


def known(session: Session) -> list[KnownPerson]:
    """Everybody the school knows."""
    pairs: dict[str, dict[str, dict[str, Any]]] = {}
    for pair in session.scalars(select(tables.Guardianship).where(tables.Guardianship.active)):
        told = {name: getattr(pair, column) for name, column in _PAIR.items()}
        pairs.setdefault(pair.guardian_id, {})[pair.student_id] = told
    found = []
    for kind, table in _TABLES.items():
        names = _COLUMNS[kind]
        columns = [getattr(table, name) for name in names]
        for bare, active, *cells in session.execute(select(table.id, table.active, *columns)):
            values = dict(zip(names, cells, strict=True))
            found.append(KnownPerson(kind, bare, values, active, pairs.get(bare, {})))
    return found


def written(
    session: Session, found: Matched, told: CsvSet, now: datetime, by_user: str, *, whole: bool
) -> int:
    """Write all that would change; returns how many classes changed."""
    ids = _add(session, found, now)
    for change in found.changed:
        table = _TABLES[change.kind]
        values: dict[str, Any] = {
            name: ids.get(value, value) if name == "case_manager" else value  # type: ignore[arg-type]  # a text there
            for name, value in change.values.items()
            if name in _COLUMNS[change.kind]
        }
        if change.returns:
            values |= {"active": True} | ({"left_on": None} if change.kind == "student" else {})
        if values:
            session.execute(
                update(table).where(table.id == change.id).values(**values, updated_at=now)
            )
    for leaving in found.leaving:
        session.execute(
            update(tables.Student)
            .where(tables.Student.id == leaving.id)
            .values(active=False, left_on=now.date(), updated_at=now)
        )
    _bind(session, found.bonds, ids)
    session.flush()
    changed = keep_classes(session, rooms_plan(session, found, told, ids, whole=whole))
    follow_roster(session, by_user, now)
    return changed


def _add(session: Session, found: Matched, now: datetime) -> dict[str, str]:
    """Adds the new people; returns the id of each key. Staff first: they can be case managers."""
    ids = {one.sourced_id: str(uuid.uuid4()) for one in found.added}
    for kind in ("staff", "student", "guardian"):
        lines = []
        for one in found.added:
            if one.kind != kind:
                continue
            line: dict[str, Any] = {name: _BLANK.get(name, "") for name in _COLUMNS[kind]}
            line.update(one.values)
            if line.get("case_manager"):
                line["case_manager"] = ids.get(line["case_manager"], line["case_manager"])
            lines.append({**line, "id": ids[one.sourced_id], "updated_at": now})
        if lines:
            session.execute(insert(_TABLES[kind]), lines)
    return ids


def _bind(session: Session, bonds: Sequence[Bond], ids: Mapping[str, str]) -> None:
    fresh = []
    for bond in bonds:
        student, guardian = (
            ids.get(bond.student, bond.student),
            ids.get(bond.guardian, bond.guardian),
        )
        values = {_PAIR[name]: value for name, value in bond.values.items()}
        row = (
            None if bond.guardian in ids else session.get(tables.Guardianship, (student, guardian))
        )
        if row is not None:
            for name, value in values.items():
                setattr(row, name, value)
            row.active = True
            continue
        # A contact whose rights the table does not tell gets no copies by itself, except parents
        # and guardians in the sense of FERPA (34 CFR 99.3).
        relation = str(values.get("relation", ""))
        default = relation in ("mother", "father", "guardian", "foster parent", "parent")
        fresh.append(
            {"student_id": student, "guardian_id": guardian, "relation": relation,
             "no_contact": values.get("no_contact", False),
             "may_receive_copies": values.get("may_receive_copies", default)}
        )  # fmt: skip
    if fresh:
        session.execute(insert(tables.Guardianship), fresh)


def rooms_plan(
    session: Session,
    found: Matched,
    told: CsvSet,
    ids: Mapping[str, str] | None = None,
    *,
    whole: bool,
) -> ClassPlan:
    """What becomes of the homerooms that tables tell; those of OneRoster are left alone."""
    if not told.has_rooms:
        return ClassPlan((), (), ())
    by_key = ids or {}
    told_now = {f"{CSV_CLASS}{fold(room)}" for room, _, _ in found.rooms}
    moved = {by_key.get(key, key) for _, _, key in found.rooms}
    titles, rooms = _rooms_now(session, moved, told_now)
    if whole:  # everybody is told: a room that is not told is no more
        titles = {source: title for source, title in titles.items() if source in told_now}
    teachers = _teachers(session)
    for room, teacher, key in found.rooms:
        source = f"{CSV_CLASS}{fold(room)}"
        titles[source] = room
        members = rooms.setdefault(source, set())
        members.add(("student", by_key.get(key, key)))
        if (staff := teachers.get(fold(teacher or room))) is not None:
            members.add(("staff", staff))
    classes = [
        ClassTold(source, titles[source], "homeroom", frozenset(members))
        for source, members in rooms.items()
        if source in titles
    ]
    known_ids = {member: f"{member[0]}:{member[1]}" for one in classes for member in one.members
                 if not member[1].startswith("new:")}  # fmt: skip
    return class_plan(
        session, classes, known_ids, whole=True, ours=lambda s: whole and s.startswith(CSV_CLASS)
    )


def _rooms_now(
    session: Session, moved: set[str], told: set[str]
) -> tuple[dict[str, str], dict[str, set[tuple[str, str]]]]:
    """(titles, members) of the homerooms that tables told before, without the students told of
    now, and without the teachers of the rooms told now."""
    titles: dict[str, str] = {}
    rooms: dict[str, set[tuple[str, str]]] = {}
    rows = session.execute(
        select(tables.SchoolClass.source_id, tables.SchoolClass.title, tables.ClassMember.person_id)
        .outerjoin(tables.ClassMember, tables.ClassMember.class_id == tables.SchoolClass.id)
        .where(tables.SchoolClass.active, tables.SchoolClass.source_id.like(f"{CSV_CLASS}%"))
    )
    for source, title, person in rows:
        if source is None:
            continue
        titles[source] = title
        kind, _, bare = (person or "").partition(":")
        if person and bare not in moved and not (kind == "staff" and source in told):
            rooms.setdefault(source, set()).add((kind, bare))
    return titles, rooms


def _teachers(session: Session) -> dict[str, str]:
    """Active staff by folded name, and by last name where only one bears it."""
    found: dict[str, str] = {}
    families: dict[str, list[str]] = {}
    rows = session.execute(
        select(tables.Staff.id, tables.Staff.given, tables.Staff.family).where(tables.Staff.active)
    )
    for bare, given, family in rows:
        found[fold(f"{given} {family}")] = bare
        families.setdefault(fold(family), []).append(bare)
    for family, who in families.items():
        if len(who) == 1:
            found.setdefault(family, who[0])
    return found
