"""A page of a list in the order that was asked for, read without sorting the whole list.

By time of the event an index gives the rows as they come. Any other order goes by groups (all
records of one student, one author, one state): the groups are put in order by what people read,
then each is read newest first until the page is full. A list of few records is simply sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from bt_desktop.models import people as tables
from bt_desktop.models.records import Record
from bt_desktop.services.names import fold
from bt_desktop.services.record_sight import Condition
from bt_desktop.services.results.records import Order

FEW = 2000
"""So many records are sorted in memory; a list of more is read group by group."""
_CHUNK = 5000
STATES = ("draft", "signed", "returned", "final", "amended", "entered in error")
_LAST = "\U0010ffff"

_COLUMNS: dict[Order, Any] = {
    "student": Record.subject_id,
    "author": Record.reported_by,
    "state": Record.state,
    "form": Record.form,
}


@dataclass(frozen=True, slots=True)
class Pager:
    """Reads pages of the records that meet `conditions`, in `order`."""

    session: Session
    conditions: Sequence[Condition]
    order: Order

    def page(self, limit: int, after: str | None) -> Sequence[Record]:
        """`limit` records after the one whose id is `after`."""
        last = self.session.get(Record, after) if after else None
        if self.order in ("newest", "oldest"):
            return self._by_time(limit, last)
        if self.order == "number":
            return self._by_number(limit, last)
        few = self._few()
        column = _COLUMNS[self.order]
        if few is not None:
            return self._sorted(few, limit, after)
        return self._by_groups(column, limit, last)

    def _wanted(self, *more: Condition) -> Select[Record]:
        return select(Record).where(*self.conditions, *more)

    def _by_time(self, limit: int, last: Record | None) -> Sequence[Record]:
        down = self.order == "newest"
        here = tuple_(Record.event_us, Record.id)
        wanted = self._wanted()
        if last is not None:
            there = tuple_(last.event_us, last.id)
            wanted = wanted.where(here < there if down else here > there)
        by = (Record.event_us, Record.id)
        wanted = wanted.order_by(*(one.desc() if down else one.asc() for one in by))
        return self.session.scalars(wanted.limit(limit)).all()

    def _newest(self, limit: int, last: Record | None, *more: Condition) -> Sequence[Record]:
        wanted = self._wanted(*more)
        if last is not None:
            there = tuple_(last.event_us, last.id)
            wanted = wanted.where(tuple_(Record.event_us, Record.id) < there)
        wanted = wanted.order_by(Record.event_us.desc(), Record.id.desc())
        return self.session.scalars(wanted.limit(limit)).all()

    def _by_number(self, limit: int, last: Record | None) -> Sequence[Record]:
        """Numbers as they were given, then what has none yet."""
        found: list[Record] = []
        if last is None or last.number is not None:
            wanted = self._wanted(Record.number.is_not(None)).order_by(Record.number)
            if last is not None:
                wanted = wanted.where(Record.number > last.number)
            found += self.session.scalars(wanted.limit(limit))
            last = None
        if len(found) < limit:
            found += self._newest(limit - len(found), last, Record.number.is_(None))
        return found

    def _few(self) -> list[Any] | None:
        """(id, group, time) of all records, where they are few."""
        column = _COLUMNS[self.order]
        wanted = select(Record.id, column, Record.event_us).where(*self.conditions)
        found = list(self.session.execute(wanted.limit(FEW + 1)))
        return found if len(found) <= FEW else None

    def _sorted(self, few: list[Any], limit: int, after: str | None) -> Sequence[Record]:
        ranks = self._ranks(list({group for _, group, _ in few}))
        few.sort(key=lambda row: (row[2], row[0]), reverse=True)
        few.sort(key=lambda row: ranks[row[1]])
        ids = [row[0] for row in few]
        begin = ids.index(after) + 1 if after in ids else 0
        wanted = ids[begin : begin + limit]
        rows = self.session.scalars(select(Record).where(Record.id.in_(wanted)))
        found = {row.id: row for row in rows}
        return [found[one] for one in wanted]

    def _by_groups(self, column: Any, limit: int, last: Record | None) -> Sequence[Record]:
        ranks = self._ranks(self._distinct(column))
        groups = sorted(ranks, key=ranks.__getitem__)
        if last is not None:
            groups = groups[groups.index(getattr(last, column.key)) :]
        found: list[Record] = []
        for group in groups:
            of_group = column.is_(None) if group is None else column == group
            found += self._newest(limit - len(found), last, of_group)
            last = None  # only the first group was begun on the page before
            if len(found) >= limit:
                break
        return found

    def _distinct(self, column: Any) -> list[Any]:
        """The values of an indexed column, found by leaping from one to the next."""
        return [*leap(self.session, column), None]

    def _ranks(self, groups: Sequence[str | None]) -> dict[str | None, tuple[int, str]]:
        """What each group is sorted by: words as people read them, nothing last."""
        if self.order == "state":
            return {g: (STATES.index(g) if g in STATES else len(STATES), g or "") for g in groups}
        words: dict[str | None, str] = dict.fromkeys(groups, "")
        if self.order == "form":
            words |= {group: group or "" for group in groups}
        else:
            words.update(sort_names(self.session, [group for group in groups if group]))
        return {g: (0 if words[g] else 1, words[g] + (g or _LAST)) for g in groups}


def leap(session: Session, column: Any) -> list[Any]:
    """The distinct values of an indexed column, one look into the index for each."""
    first = select(func.min(column).label("value")).cte("leap", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    walk = first.union_all(select(following).where(first.c.value.is_not(None)))
    return list(session.scalars(select(walk.c.value).where(walk.c.value.is_not(None))))


def sort_names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What each person (`student:<uuid>`, `staff:<uuid>`) is sorted by: family name first."""
    found: dict[str, str] = {}
    for kind, table in (("student", tables.Student), ("staff", tables.Staff)):
        bare = [one.partition(":")[2] for one in ids if one.startswith(f"{kind}:")]
        for start in range(0, len(bare), _CHUNK):
            rows = session.execute(
                select(table.id, table.family, table.given).where(
                    table.id.in_(bare[start : start + _CHUNK])
                )
            )
            found |= {f"{kind}:{key}": fold(f"{family} {given}") for key, family, given in rows}
    return found
