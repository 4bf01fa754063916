"""A roster brought in: shown first, then written in one transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models import people as tables
from bt_desktop.models.school import Account
from bt_desktop.security.permissions import Action
from bt_desktop.services.caseloads import follow_roster
from bt_desktop.services.class_rows import (
    CSV_CLASS,
    ClassPlan,
    ClassTold,
    class_plan,
    keep_classes,
)
from bt_desktop.services.context import Context
from bt_desktop.services.people import PeopleService
from bt_desktop.services.roster_difference import (
    Addition,
    Change,
    Difference,
    Known,
    Leaving,
    Warned,
    difference,
)
from bt_desktop.services.roster_model import (
    PersonKind,
    RosterLink,
    RosterProblem,
    RosterSchool,
    RosterSet,
)
from bt_desktop.services.roster_read import of_school, read_roster

_TABLES: Mapping[PersonKind, Any] = {
    "student": tables.Student,
    "staff": tables.Staff,
    "guardian": tables.Guardian,
}
_FIELDS: Mapping[PersonKind, tuple[str, ...]] = {
    "student": ("given", "middle", "family", "preferred", "birth_date", "grade", "teacher",
                "student_number"),
    "staff": ("given", "middle", "family", "preferred", "title"),
    "guardian": ("given", "middle", "family", "preferred", "phone"),
}  # fmt: skip


class ConfirmImport(KnownError):
    """The import would do something unusual and needs a yes; `warnings` say what."""

    def __init__(self, warnings: tuple[Warned, ...]) -> None:
        super().__init__(
            "roster-confirm",
            " ".join(warning.sentence for warning in warnings),
            "Look at the list of those who would become inactive, then confirm the import.",
        )
        self.warnings = warnings


class PreviewOutdated(KnownError):
    """The people were changed since the preview was made."""

    def __init__(self) -> None:
        super().__init__(
            "roster-preview-outdated",
            "People were added or changed since this preview was made.",
            "Look at the new preview, then import again. Nothing was changed.",
        )


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What an import would do, before it is done. Hand it to `apply` as it is.

    `schools` has more than one entry where the set holds several: `preview` can then be asked
    again with the id of one. `warnings` have to be confirmed. `problems` list every row that was
    not understood, with file, line and reason. `doubtful_links` are used only where they are
    handed to `apply`. `classes` is how many classes would change.
    """

    version: str
    kind: str
    complete: bool
    schools: tuple[RosterSchool, ...]
    school: str | None
    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    made_inactive: tuple[Leaving, ...]
    unchanged: Mapping[PersonKind, int]
    links_added: tuple[tuple[str, str], ...]
    links_ended: tuple[tuple[str, str], ...]
    doubtful_links: tuple[RosterLink, ...]
    problems: tuple[RosterProblem, ...]
    warnings: tuple[Warned, ...]
    roster: RosterSet
    digest: str
    classes: int = 0

    def count(self, what: str, kind: PersonKind) -> int:
        """How many of one kind are `added`, `changed` or `made_inactive`."""
        return sum(1 for one in getattr(self, what) if one.kind == kind)

    @property
    def changes_anything(self) -> bool:
        """Whether an import would change anything at all."""
        return bool(self.added or self.changed or self.made_inactive or self.links_added
                    or self.links_ended or self.classes)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did."""

    added: Mapping[PersonKind, int]
    changed: Mapping[PersonKind, int]
    made_inactive: Mapping[PersonKind, int]
    linked: int
    unlinked: int
    problems: int
    classes: int = 0


class RosterService:
    """Imports OneRoster sets."""

    def __init__(self, context: Context, people: PeopleService) -> None:
        self._context = context
        self._people = people

    def preview(self, path: Path | str, *, school: str | None = None) -> RosterPreview:
        """Reads the set at `path` and says what it would change. Slow: up to some seconds.

        `school` is the roster id of one school where the set holds several. Raises `NotARoster`.
        """
        self._context.require(Action.ROSTER_IMPORT)
        whole = read_roster(Path(path))
        roster = of_school(whole, school) if school else whole
        with self._context.store.read() as session:
            found = self._difference(session, roster)
            classes = _classes(session, roster).changes
        return RosterPreview(
            version=roster.version,
            kind=roster.kind,
            complete=roster.complete,
            schools=whole.schools,
            school=school,
            added=found.added,
            changed=found.changed,
            made_inactive=found.leaving,
            unchanged=found.unchanged,
            links_added=found.links_added,
            links_ended=found.links_ended,
            doubtful_links=roster.doubtful_links,
            problems=(*roster.problems, *found.problems),
            warnings=found.warnings,
            roster=roster,
            digest=_digest(found),
            classes=classes,
        )

    def apply(
        self,
        preview: RosterPreview,
        *,
        confirmed: bool = False,
        links: Sequence[RosterLink] = (),
    ) -> Applied:
        """Does what the preview says, in one transaction, with an entry in the audit trail.

        `confirmed` answers the warnings; `links` are those of `doubtful_links` that are right.
        Raises `ConfirmImport`, `PreviewOutdated`.
        """
        self._context.require(Action.ROSTER_IMPORT)
        if preview.warnings and not confirmed:
            raise ConfirmImport(preview.warnings)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            found = self._difference(session, preview.roster)
            if _digest(found) != preview.digest:
                raise PreviewOutdated
            _add(session, found.added, now)
            _change(session, found.changed, now)
            _make_inactive(session, found.leaving, now)
            chosen = tuple((link.student, link.guardian) for link in links
                           if link in preview.doubtful_links)  # fmt: skip
            linked = _link(session, (*found.links_added, *chosen), preview.roster)
            unlinked = _unlink(session, found.links_ended)
            classes = keep_classes(session, _classes(session, preview.roster))
            follow_roster(session, self._context.actor.user_id, now)
            applied = Applied(
                _counts(found.added), _counts(found.changed), _counts(found.leaving),
                linked, unlinked, len(preview.problems), classes,
            )  # fmt: skip
            self._context.note(
                session, "roster.import", "roster", digest=preview.digest, counts=_flat(applied)
            )
        self._people.forget_index()
        return applied

    def _difference(self, session: Session, roster: RosterSet) -> Difference:
        known = list(_known(session))
        pairs = _pairs(session)
        return difference(roster, known, pairs, today=self._context.clock.now().date())


def _known(session: Session) -> list[Known]:
    with_account = set(session.scalars(select(Account.staff_id)))
    found = []
    for kind, table in _TABLES.items():
        names = _FIELDS[kind]
        columns = [getattr(table, name) for name in names]
        rows = session.execute(select(table.id, table.source_id, table.active, *columns))
        for bare, source, active, *cells in rows:
            values = dict(zip(names, cells, strict=True))
            keep = kind == "staff" and bare in with_account
            found.append(Known(kind, bare, source, values, active, keep))
    return found


def _classes(session: Session, roster: RosterSet) -> ClassPlan:
    """What becomes of the classes; a set without any leaves them as they are."""
    ids = {
        (kind, source): f"{kind}:{bare}"
        for kind in ("student", "staff")
        for bare, source in session.execute(select(_TABLES[kind].id, _TABLES[kind].source_id))
    }
    told = [
        ClassTold(one.sourced_id, one.title, "homeroom" if one.homeroom else "scheduled",
                  frozenset(one.members))
        for one in roster.classes
    ]  # fmt: skip
    whole = bool(told) and roster.kind == "bulk"
    return class_plan(session, told, ids, whole=whole, ours=lambda s: not s.startswith(CSV_CLASS))


def _pairs(session: Session) -> dict[tuple[str, str], bool]:
    rows = session.execute(
        select(tables.Student.source_id, tables.Guardian.source_id, tables.Guardianship.active)
        .join(tables.Guardianship, tables.Guardianship.student_id == tables.Student.id)
        .join(tables.Guardian, tables.Guardian.id == tables.Guardianship.guardian_id)
    )
    return {(s, g): active for s, g, active in rows if s is not None and g is not None}


def _add(session: Session, added: Sequence[Addition], now: datetime) -> None:
    for kind, table in _TABLES.items():
        blank = {name: None if name == "birth_date" else "" for name in _FIELDS[kind]}
        rows = [
            {**blank, **one.values, "id": str(uuid.uuid4()), "source_id": one.sourced_id,
             "updated_at": now}
            for one in added if one.kind == kind
        ]  # fmt: skip
        if rows:
            session.execute(insert(table), rows)


def _change(session: Session, changed: Sequence[Change], now: datetime) -> None:
    for one in changed:
        table = _TABLES[one.kind]
        values: dict[str, Any] = {**one.values, "source_id": one.sourced_id, "updated_at": now}
        if one.returns:
            values["active"] = True
            if one.kind == "student":
                values["left_on"] = None
        session.execute(update(table).where(table.id == one.id).values(**values))


def _make_inactive(session: Session, leaving: Sequence[Leaving], now: datetime) -> None:
    for one in leaving:
        table = _TABLES[one.kind]
        left = {"left_on": now.date()} if one.kind == "student" else {}
        session.execute(
            update(table).where(table.id == one.id).values(active=False, updated_at=now, **left)
        )


def _link(session: Session, pairs: Sequence[tuple[str, str]], roster: RosterSet) -> int:
    """Links by roster ids. A link that was ended before comes back with the flags it had."""
    students: dict[str | None, str] = {
        s: i for i, s in session.execute(select(tables.Student.id, tables.Student.source_id))
    }
    guardians: dict[str | None, str] = {
        s: i for i, s in session.execute(select(tables.Guardian.id, tables.Guardian.source_id))
    }
    rows = session.execute(select(tables.Guardianship.student_id, tables.Guardianship.guardian_id))
    known = {(student, guardian) for student, guardian in rows}
    relations = {guardian.sourced_id: guardian.relation for guardian in roster.guardians}
    fresh = []
    for student, guardian in dict.fromkeys(pairs):
        pair = (students[student], guardians[guardian])
        if pair in known:
            session.execute(
                update(tables.Guardianship)
                .where(tables.Guardianship.student_id == pair[0],
                       tables.Guardianship.guardian_id == pair[1])
                .values(active=True)
            )  # fmt: skip
            continue
        relation = relations.get(guardian, "guardian")
        # A relative is not a parent in the sense of FERPA (34 CFR 99.3) unless the school says so.
        fresh.append({"student_id": pair[0], "guardian_id": pair[1], "relation": relation,
                      "may_receive_copies": relation != "relative"})  # fmt: skip
    if fresh:
        session.execute(insert(tables.Guardianship), fresh)
    return len(dict.fromkeys(pairs))


def _unlink(session: Session, pairs: Sequence[tuple[str, str]]) -> int:
    for student, guardian in pairs:
        of_student = select(tables.Student.id).where(tables.Student.source_id == student)
        of_guardian = select(tables.Guardian.id).where(tables.Guardian.source_id == guardian)
        session.execute(
            update(tables.Guardianship)
            .where(tables.Guardianship.student_id == of_student.scalar_subquery(),
                   tables.Guardianship.guardian_id == of_guardian.scalar_subquery())
            .values(active=False)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    return len(pairs)


def _counts(people: Sequence[Addition | Change | Leaving]) -> dict[PersonKind, int]:
    return {kind: sum(1 for one in people if one.kind == kind) for kind in _TABLES}


def _flat(applied: Applied) -> dict[str, int]:
    """Counts for the audit trail; no name, no id."""
    found = {
        f"{what}_{kind}": number
        for what in ("added", "changed", "made_inactive")
        for kind, number in getattr(applied, what).items()
    }
    return {**found, "linked": applied.linked, "unlinked": applied.unlinked,
            "problems": applied.problems, "classes": applied.classes}  # fmt: skip


def _digest(found: Difference) -> str:
    """SHA-256 over all that would change, so that what is done is what was shown."""
    told = (found.added, found.changed, found.leaving, found.links_added, found.links_ended)
    return hashlib.sha256(repr(told).encode("utf-8")).hexdigest()
