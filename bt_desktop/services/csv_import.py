"""Any table of a school's system brought in: looked at, mapped, shown, then done at once.

How the columns of a table were mapped is remembered by their headers and known next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy.orm import Session

from bt_desktop.models.school import Setting
from bt_desktop.security.permissions import Action
from bt_desktop.services import csv_rows as rows
from bt_desktop.services.context import Context
from bt_desktop.services.csv_fields import (
    FIELDS,
    IGNORE,
    TableKind,
    guesses,
    kind_of_table,
    lacking,
)
from bt_desktop.services.csv_match import Matched, match
from bt_desktop.services.csv_model import CsvChoice, CsvColumn, CsvFile, CsvSet, DateOrder
from bt_desktop.services.csv_read import read_table, unsure_date
from bt_desktop.services.csv_table import MOST_FILES, NotATable, OpenTable, open_table
from bt_desktop.services.people import PeopleService
from bt_desktop.services.roster import Applied, ConfirmImport, PreviewOutdated
from bt_desktop.services.roster_columns import is_secret
from bt_desktop.services.roster_difference import Addition, Change, Leaving, Warned
from bt_desktop.services.roster_model import PersonKind, RosterLink, RosterProblem, RosterSchool
from bt_desktop.services.work_progress import Progress

_MEMORY = "csv_mapping:"


@dataclass(frozen=True, slots=True)
class CsvPreview:
    """What an import would do, before it is done. Reads like a `RosterPreview`; hand it to `apply`
    as it is."""

    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    made_inactive: tuple[Leaving, ...]
    unchanged: Mapping[PersonKind, int]
    problems: tuple[RosterProblem, ...]
    warnings: tuple[Warned, ...]
    classes: int
    told: CsvSet
    everyone: bool
    digest: str
    links: int = 0
    schools: tuple[RosterSchool, ...] = ()
    school: str | None = None
    doubtful_links: tuple[RosterLink, ...] = ()

    def count(self, what: str, kind: PersonKind) -> int:
        """How many of one kind are `added`, `changed` or `made_inactive`."""
        return sum(1 for one in getattr(self, what) if one.kind == kind)

    @property
    def changes_anything(self) -> bool:
        """Whether an import would change anything at all."""
        return bool(self.added or self.changed or self.made_inactive or self.classes or self.links)


class CsvImportService:
    """Imports tables (CSV)."""

    def __init__(self, context: Context, people: PeopleService) -> None:
        self._context = context
        self._people = people

    @property
    def may_import(self) -> bool:
        """Whether the person signed in may bring tables in."""
        return self._context.may(Action.ROSTER_IMPORT)

    def look(self, paths: Sequence[Path]) -> tuple[CsvFile, ...]:
        """What the tables are, with a guess for each column. Changes nothing. Raises NotATable."""
        self._context.require(Action.ROSTER_IMPORT)
        if len(paths) > MOST_FILES:
            raise NotATable(
                "table-too-many", "These are more than 12 files.", "Choose the few that are needed."
            )
        with self._context.store.read() as session:
            return tuple(self._look(session, path) for path in paths)

    def _look(self, session: Session, path: Path) -> CsvFile:
        table = open_table(path)
        known = session.get(Setting, _memory_of(table))
        kept: Mapping[str, Any] = known.value if known is not None else {}
        kind: TableKind = kept.get("kind") or kind_of_table(table.columns)
        by_kind = {each: guesses(table.columns, each) for each in FIELDS}
        if kept:
            meant = {one.key for one in FIELDS[kind]}
            chosen = (kept["columns"].get(key, IGNORE) for key in table.keys)
            by_kind[kind] = tuple(one if one in meant else IGNORE for one in chosen)
        columns = tuple(
            CsvColumn(header, key, samples, guess, is_secret(header))
            for header, key, samples, guess in zip(
                table.columns, table.keys, table.samples(), by_kind[kind], strict=True
            )
        )
        order = cast(DateOrder, kept.get("date_order", ""))
        choice = CsvChoice(path, kind, by_kind[kind])
        reading = table.reading([0, 0])
        return CsvFile(
            path, kind, columns, by_kind, sum(1 for _ in reading.rows()), bool(kept), order,
            unsure_date(table, choice),
        )  # fmt: skip

    def unsure_date(self, choice: CsvChoice) -> str:
        """A date whose day and month could be the other way round, where nothing tells."""
        self._context.require(Action.ROSTER_IMPORT)
        return unsure_date(open_table(choice.path), choice)

    def preview(
        self,
        choices: Sequence[CsvChoice],
        *,
        everyone: bool = False,
        progress: Progress | None = None,
    ) -> CsvPreview:
        """Reads the tables as chosen and says what they would change; remembers the choice.

        `everyone`: they hold every student, so that who is missing left. Raises NotATable where a
        needed column is not chosen, Canceled.
        """
        self._context.require(Action.ROSTER_IMPORT)
        told, going = CsvSet(), progress or Progress()
        opened = []
        for choice in choices:
            table = open_table(choice.path)
            _complete(table, choice)
            opened.append((table, choice))
            read_table(table, choice, told, self._context.clock.now().date(), going)
        self._remember(opened)
        with self._context.store.read() as session:
            found = self._matched(session, told, everyone)
            classes = rows.rooms_plan(session, found, told, whole=everyone).changes
        return CsvPreview(
            added=found.added,
            changed=found.changed,
            made_inactive=found.leaving,
            unchanged=found.unchanged,
            problems=(*told.problems, *found.problems),
            warnings=found.warnings,
            classes=classes,
            told=told,
            everyone=everyone,
            digest=_digest(found),
            links=len(found.bonds),
        )

    def apply(self, preview: CsvPreview, *, confirmed: bool = False) -> Applied:
        """Does what the preview says, in one transaction, with an entry in the audit trail.

        `confirmed` answers the warnings. Raises ConfirmImport, PreviewOutdated.
        """
        self._context.require(Action.ROSTER_IMPORT)
        if preview.warnings and not confirmed:
            raise ConfirmImport(preview.warnings)
        context = self._context
        now = context.clock.now()
        with context.store.write() as session:
            found = self._matched(session, preview.told, preview.everyone)
            if _digest(found) != preview.digest:
                raise PreviewOutdated
            classes = rows.written(
                session, found, preview.told, now, context.actor.user_id, whole=preview.everyone
            )
            made = Applied(
                _counts(found.added), _counts(found.changed), _counts(found.leaving),
                len(found.bonds), 0, len(preview.problems), classes,
            )  # fmt: skip
            counts = {
                f"{what}_{kind}": number
                for what in ("added", "changed", "made_inactive")
                for kind, number in getattr(made, what).items()
            }
            counts |= {"linked": made.linked, "problems": made.problems, "classes": classes}
            context.note(session, "roster.import", "table", digest=preview.digest, counts=counts)
        self._people.forget_index()
        return made

    def _matched(self, session: Session, told: CsvSet, everyone: bool) -> Matched:
        return match(told.apart(), rows.known(session), everyone=everyone)

    def _remember(self, opened: Sequence[tuple[OpenTable, CsvChoice]]) -> None:
        with self._context.store.write() as session:
            for table, choice in opened:
                columns = dict(zip(table.keys, choice.fields, strict=True))
                value = {"kind": choice.kind, "columns": columns, "date_order": choice.date_order}
                name = _memory_of(table)
                known = session.get(Setting, name)
                if known is None or known.value != value:
                    session.merge(Setting(name=name, value=value))
                    self._context.note(session, "roster.mapping", "table", digest=name[-64:])


def _memory_of(table: OpenTable) -> str:
    """The setting in which the mapping of these headers is kept, whatever their order."""
    told = "\n".join(sorted(table.keys))
    return _MEMORY + hashlib.sha256(told.encode("utf-8")).hexdigest()


def _complete(table: OpenTable, choice: CsvChoice) -> None:
    """Raises NotATable unless the choice is whole."""
    if len(choice.fields) != len(table.columns):
        raise NotATable(
            "table-changed",
            "The columns of this file have changed since it was looked at.",
            "Choose the file again.",
        )
    missing = lacking(choice.fields, choice.kind)
    if missing:
        raise NotATable(
            "table-columns",
            f"A column is still missing: {', and '.join(missing)}.",
            "Say which column holds it.",
        )


def _digest(found: Matched) -> str:
    told = (found.added, found.changed, found.leaving, found.bonds, found.rooms)
    return hashlib.sha256(repr(told).encode("utf-8")).hexdigest()


def _counts(people: Sequence[Addition | Change | Leaving]) -> dict[PersonKind, int]:
    kinds: tuple[PersonKind, ...] = ("student", "staff", "guardian")
    return {kind: sum(1 for one in people if one.kind == kind) for kind in kinds}
