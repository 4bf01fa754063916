"""The classes of the school between what a roster tells and the store's rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bt_desktop.models.people import ClassMember, SchoolClass

CSV_CLASS = "csv:"
"""How the source ids of classes begin that came from columns of a table, not from OneRoster."""


@dataclass(frozen=True, slots=True)
class ClassTold:
    """A class as a file tells it. `members` are (kind, key), the key being the file's own way to
    name a person; `kind` of the class is `homeroom` or `scheduled`."""

    source_id: str
    title: str
    kind: str
    members: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What would become of the classes: `new` and `kept` with their members, `ended` by id."""

    new: tuple[tuple[ClassTold, frozenset[str]], ...]
    kept: tuple[tuple[str, ClassTold, frozenset[str]], ...]
    ended: tuple[str, ...]

    @property
    def changes(self) -> int:
        """How many classes would change."""
        return len(self.new) + len(self.kept) + len(self.ended)


def class_plan(
    session: Session,
    told: Sequence[ClassTold],
    ids: Mapping[tuple[str, str], str],
    *,
    whole: bool,
    ours: Callable[[str], bool],
) -> ClassPlan:
    """Holds the classes told against those that are kept.

    `ids` gives the person (`student:<uuid>`) of a (kind, key); one who is not known yet counts as
    a change. `whole` says that members and classes that are not told are gone, among the classes
    for whose source id `ours` is true.
    """
    known = {row.source_id: row for row in session.scalars(select(SchoolClass)) if row.source_id}
    members: dict[str, set[str]] = {}
    for class_id, person in session.execute(select(ClassMember.class_id, ClassMember.person_id)):
        members.setdefault(class_id, set()).add(person)
    new, kept = [], []
    for one in told:
        people = frozenset(ids.get(member, f"new:{member[1]}") for member in one.members)
        row = known.get(one.source_id)
        if row is None:
            new.append((one, people))
            continue
        before = frozenset(members.get(row.id, ()))
        after = people if whole else people | before
        if (row.title, row.kind, row.active, before) != (one.title, one.kind, True, after):
            kept.append((row.id, one, after))
    here = {one.source_id for one in told}
    ended = [
        row.id
        for source, row in known.items()
        if whole and row.active and source not in here and ours(source)
    ]
    return ClassPlan(tuple(new), tuple(kept), tuple(ended))


def keep_classes(session: Session, plan: ClassPlan) -> int:
    """Write what the plan says; people who are not known are left out. Returns the changes."""
    rows = []
    for told, people in plan.new:
        made = SchoolClass(
            id=str(uuid.uuid4()), source_id=told.source_id, title=told.title, kind=told.kind
        )
        session.add(made)
        rows.append((made.id, people))
    for class_id, told, people in plan.kept:
        session.execute(
            update(SchoolClass)
            .where(SchoolClass.id == class_id)
            .values(title=told.title, kind=told.kind, active=True)
        )
        session.execute(delete(ClassMember).where(ClassMember.class_id == class_id))
        rows.append((class_id, people))
    for class_id in plan.ended:
        session.execute(update(SchoolClass).where(SchoolClass.id == class_id).values(active=False))
    session.flush()
    lines = [
        {"class_id": class_id, "person_id": person}
        for class_id, people in rows
        for person in sorted(people)
        if not person.startswith("new:")
    ]
    if lines:
        session.execute(insert(ClassMember), lines)
    return plan.changes
