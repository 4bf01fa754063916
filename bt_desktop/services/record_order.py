"""A page of a list in the order that was asked for, read without sorting the whole list.

By time of the event an index gives the rows as they come. Any other order goes by groups (all
records of one student, one author, one state): the groups are put in order by what people read,
then each is read newest first until the page is full. A list of few records is simply sorted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, and_, exists, func, select, tuple_, union
from sqlalchemy.orm import Session

from bt_desktop.models import people as tables
from bt_desktop.models.records import Record
from bt_desktop.services.names import fold
from bt_desktop.services.record_filters import Parts
from bt_desktop.services.record_sight import Condition, unled
from bt_desktop.services.results.records import Order

FEW = 2000
"""So many records are sorted in memory; a list of more is read group by group."""
_MANY = 300
_PEOPLE: dict[str, Any] = {"student": tables.Student, "staff": tables.Staff}
_STUDENTS = 16
"""Students whose records are read at once, then twice as many: some hundred records at first."""
_FEW_GROUPS = ("state", "form")
"""Groups that are few and long: a filter's own index may find their records sooner."""
_Ranks = dict[str | None, tuple[int, str]]
STATES = ("draft", "signed", "returned", "final", "amended", "entered in error")
_LAST = "\U0010ffff"

GROUPED: dict[Order, Any] = {
    "student": Record.subject_id,
    "author": Record.reported_by,
    "state": Record.state,
    "form": Record.form,
}


@dataclass(slots=True)
class Kept:
    """What is kept from one page to the next: `folded` names by their letters, and the order of
    all students, as long as `rows` (who there is, called what) stay the same."""

    folded: dict[str, str] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)
    ranks: _Ranks = field(default_factory=dict)
    groups: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pager:
    """Reads pages of the records that meet `conditions`, in `order`.

    `parts` part the list into lists without a common record (see `record_filters.parted`).
    `kept` is what the page before it left; `few` that the list may be short enough to be sorted.
    """

    session: Session
    conditions: Sequence[Condition]
    order: Order
    parts: Parts = ()
    kept: Kept = field(default_factory=Kept)
    few: bool = True

    def page(self, limit: int, after: str | None) -> Sequence[Record]:
        """`limit` records after the one whose id is `after`."""
        last = self.session.get(Record, after) if after else None
        if self.order in ("newest", "oldest"):
            return self._by_time(limit, last)
        if self.order == "number":
            return self._by_number(limit, last)
        few = self._few() if self.few else None
        column = GROUPED[self.order]
        if few is not None:
            ranks = self._ranks(list({group for _, group, _ in few}))
            return self._sorted(few, limit, after, ranks)
        return self._by_groups(column, limit, last)

    def _wanted(self, *more: Condition) -> Select[Record]:
        return select(Record).where(*self.conditions, *more)

    def _by_time(self, limit: int, last: Record | None) -> Sequence[Record]:
        return self._in_time(limit, last, down=self.order == "newest")

    def _newest(self, limit: int, last: Record | None, *more: Condition) -> Sequence[Record]:
        return self._in_time(limit, last, *more, down=True)

    def _in_time(
        self, limit: int, last: Record | None, *more: Condition, down: bool
    ) -> Sequence[Record]:
        """A page of each part of the list, each as an index gives it, then the page of all."""
        parts = self.parts or ((),)
        pages = [self._page_in_time(limit, last, *more, *one, down=down) for one in parts]
        if len(pages) == 1:
            return pages[0]
        every = [row for page in pages for row in page]
        every.sort(key=lambda row: (row.event_us, row.id), reverse=down)
        return every[:limit]

    def _page_in_time(
        self, limit: int, last: Record | None, *more: Condition, down: bool
    ) -> Sequence[Record]:
        here = tuple_(Record.event_us, Record.id)
        wanted = self._wanted(*more)
        if last is not None:
            there = tuple_(last.event_us, last.id)
            wanted = wanted.where(here < there if down else here > there)
        by = (Record.event_us, Record.id)
        wanted = wanted.order_by(*(one.desc() if down else one.asc() for one in by))
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
        column = GROUPED[self.order]
        wanted = select(Record.id, column, Record.event_us).where(*self.conditions)
        found = list(self.session.execute(wanted.limit(FEW + 1)))
        return found if len(found) <= FEW else None

    def _sorted(
        self, few: list[Any], limit: int, after: str | None, ranks: _Ranks
    ) -> Sequence[Record]:
        few.sort(key=lambda row: (row[2], row[0]), reverse=True)
        few.sort(key=lambda row: ranks[row[1]])
        ids = [row[0] for row in few]
        begin = ids.index(after) + 1 if after in ids else 0
        wanted = ids[begin : begin + limit]
        rows = self.session.scalars(select(Record).where(Record.id.in_(wanted)))
        found = {row.id: row for row in rows}
        return [found[one] for one in wanted]

    def _by_groups(self, column: Any, limit: int, last: Record | None) -> Sequence[Record]:
        """Group by group until the page is full; a group's own index leads, not that of a filter.

        Of students there are thousands with a few records each: several are read at once.
        """
        groups, ranks = self._every_rank(column)
        if last is not None:
            groups = groups[groups.index(getattr(last, column.key)) :]
        if self.order == "student":
            return self._by_students(groups, ranks, limit, last)
        led = self.order in _FEW_GROUPS
        alike = self if led else replace(self, conditions=(unled(*self.conditions),), parts=())
        found: list[Record] = []
        for group in groups:
            of_group = column.is_(None) if group is None else column == group
            found += alike._newest(limit - len(found), last, of_group)
            last = None  # only the first group was begun on the page before
            if len(found) >= limit:
                break
        return found

    def _by_students(
        self, groups: Sequence[str | None], ranks: _Ranks, limit: int, last: Record | None
    ) -> Sequence[Record]:
        named = [group for group in groups if group is not None]
        found: list[Record] = []
        start, size = 0, _STUDENTS
        while len(found) < limit and start < len(named):
            some = named[start : start + size]
            wanted = select(Record.id, Record.subject_id, Record.event_us).where(
                Record.subject_id.in_(some), unled(*self.conditions)
            )
            few = list(self.session.execute(wanted))
            after = last.id if last is not None and last.subject_id in some else None
            found += self._sorted(few, limit - len(found), after, ranks)
            start, size = start + size, size * 2
        if len(found) < limit:
            nobody = last if last is not None and last.subject_id is None else None
            found += self._newest(limit - len(found), nobody, Record.subject_id.is_(None))
        return found

    def _every_rank(self, column: Any) -> tuple[list[str | None], _Ranks]:
        """Every group of the list, put in order.

        The values of an indexed column are found by leaping from one to the next. Nearly every
        student has records: all people are read from the indexes of names instead.
        """
        if self.order != "student":
            ranks = self._ranks([*leap(self.session, column), None])
            return sorted(ranks, key=ranks.__getitem__), ranks
        between = and_(column > "staff;", column < "student:")  # ";" is the sign after ":"
        elsewhere = (column < "staff:", between, column > "student;")
        strange = union(*(select(column).where(where) for where in elsewhere))
        known, others = everybody(self.session), list(self.session.scalars(strange))
        if self.kept.rows != [known, others]:
            words: dict[str | None, str] = dict.fromkeys((*others, None), "")
            words.update((key, _sorted_by(one, self.kept.folded)) for key, *one in known)
            self.kept.rows, self.kept.ranks = [known, others], _ranked(words)
            self.kept.groups = sorted(self.kept.ranks, key=self.kept.ranks.__getitem__)
        return self.kept.groups, self.kept.ranks

    def _ranks(self, groups: Sequence[str | None]) -> _Ranks:
        """What each group is sorted by: words as people read them, nothing last."""
        if self.order == "state":
            return {g: (STATES.index(g) if g in STATES else len(STATES), g or "") for g in groups}
        words: dict[str | None, str] = dict.fromkeys(groups, "")
        if self.order == "form":
            words |= {group: group or "" for group in groups}
        else:
            named = [group for group in groups if group]
            found = sort_names(self.session, named, self.kept.folded)
            words.update((group, found.get(group, "")) for group in named)
        return _ranked(words)


def _ranked(words: Mapping[str | None, str]) -> _Ranks:
    return {g: (0 if word else 1, word + (g or _LAST)) for g, word in words.items()}


def leap(session: Session, column: Any, *conditions: Condition) -> list[Any]:
    """The distinct values of an indexed column, one look into the index for each.

    With `conditions` about `Record`, those of them that some record meeting them has.
    """
    first = select(func.min(column).label("value")).cte("leap", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    walk = first.union_all(select(following).where(first.c.value.is_not(None)))
    wanted = select(walk.c.value).where(walk.c.value.is_not(None))
    if conditions:
        wanted = wanted.where(exists().where(column == walk.c.value, *conditions))
    return list(session.scalars(wanted))


def everybody(session: Session) -> list[tuple[str, str, str]]:
    """(id, family name, given name) of each student and each member of the staff, read from the
    indexes of names."""
    return [
        (f"{kind}:{key}", family, given)
        for kind, table in _PEOPLE.items()
        for key, family, given in session.execute(select(table.id, table.family, table.given))
    ]


def sort_names(session: Session, ids: Sequence[str], folded: dict[str, str]) -> dict[str, str]:
    """What each of these people (`student:<uuid>`, `staff:<uuid>`) is sorted by.

    `folded` holds what is known of names by their letters, and is added to. The index of names
    gives everybody sooner than each by their id.
    """
    if len(ids) > _MANY:
        return {key: _sorted_by(names, folded) for key, *names in everybody(session)}
    found: dict[str, str] = {}
    for kind, table in _PEOPLE.items():
        bare = [one.partition(":")[2] for one in ids if one.startswith(f"{kind}:")]
        rows = session.execute(
            select(table.id, table.family, table.given).where(table.id.in_(bare))
        )
        found |= {f"{kind}:{key}": _sorted_by(names, folded) for key, *names in rows}
    return found


def _sorted_by(names: Sequence[str], folded: dict[str, str]) -> str:
    """Family name first, as it is spelled without accents."""
    name = " ".join(names)
    if name not in folded:
        folded[name] = fold(name)
    return folded[name]
