"""What is answered and what follows from it: cells, recomputed by dependency.

`State` is the session's engine room. `answers` is all that people gave (immutable values only,
every write journaled, so undo is writing back); everything else in a `Cell` follows from it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from bt_desktop.form_engine.definition import Choice, Field, Form, say
from bt_desktop.form_engine.evaluation import weekdays_between
from bt_desktop.form_engine.expressions import Expression
from bt_desktop.form_engine.functions import Context
from bt_desktop.form_engine.kinds import KINDS
from bt_desktop.form_engine.place import Place, Placed, event_moment, fixed
from bt_desktop.form_engine.plan import Node
from bt_desktop.form_engine.values import (
    Flag,
    Scalar,
    Stamp,
    one,
    read_moment,
    stamp,
    to_bool,
)

Key = tuple[str, ...]
"""What an entry of `answers` is: ("a", name, row) an answer, ("r", name, row) a reason,
("rows", section), ("removed",)."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A typed text that is no answer of its kind: kept to the letter, reads as blank."""

    text: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The answer “not known”, with the reason: settles a required question, reads as blank."""

    reason: str


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of the event as typed. `day`, `zone` only where they were typed too; `moment` is one
    that was stored and that the event's date does not explain."""

    clock: time
    day: date | None = None
    moment: datetime | None = None
    zone: str = ""


class Cell:
    """One question of one row: what follows from the answers."""

    __slots__ = (
        "context",
        "field",
        "offered",
        "ok",
        "placed",
        "read_only",
        "relevant",
        "required",
        "row",
        "value",
        "warned",
    )

    def __init__(self, field: Field, row: str | None, context: Context) -> None:
        self.field = field
        self.row = row
        self.context = context
        self.relevant = True
        self.value: Scalar = ""
        self.required = False
        self.read_only = False
        self.ok = True
        self.warned = False
        self.offered: tuple[Choice, ...] | None = None
        self.placed: Placed | None = None


CellKey = tuple[str, str | None]


class State:
    """Answers, cells and the recomputation that keeps them in step. Is the `World` it shows."""

    def __init__(
        self,
        form: Form,
        now: Callable[[], datetime],
        zone: tzinfo | None,
        school_days: Callable[[date, date], int] | None,
        event_has: Collection[str] = (),
    ) -> None:
        self.form = form
        self.plan = form.plan
        self.answers: dict[Key, Any] = {}
        self.cells: dict[CellKey, Cell] = {}
        self.section_relevant: dict[str, bool] = {s.name: True for s in form.sections}
        self._clock = now
        self._moment = now()
        self.opened_on = self._moment.date()
        self.place = Place(self._moment, zone)
        self._school_days = school_days or weekdays_between
        self._event_has = frozenset(event_has)
        self._journal: dict[Key, Any] = {}
        self._dirty: list[tuple[int, str]] = []
        self._queued: set[tuple[int, str]] = set()
        self.touched: set[CellKey] = set()
        self._labels: dict[str, Mapping[str, str]] = {}
        self._sections = {f.name: f.section for f in form.fields().values()}

    # -- World ---------------------------------------------------------------------------------

    def home(self, name: str) -> str | None:
        return self.plan.homes.get(name)

    def is_repeat(self, name: str) -> bool:
        return name in self.plan.repeats

    def value(self, name: str, row: str | None) -> Scalar:
        return self.cells[name, row].value

    def rows(self, repeat: str) -> Sequence[str]:
        return self.row_ids(repeat) if self.section_relevant[repeat] else ()

    def label(self, name: str, value: str) -> str:
        labels = self._labels.get(name)
        if labels is None:
            labels = {c.name: say(c.label) for c in self.form.choices_of(name)}
            self._labels[name] = labels
        return labels.get(value, "")

    def now(self) -> datetime:
        return self._moment

    def aware(self, wall: datetime) -> datetime:
        return self.place.aware(wall)

    def school_days(self, after: date, until: date) -> int:
        return self._school_days(after, until)

    def event_has(self, form: str) -> bool:
        return form in self._event_has

    # -- answers -------------------------------------------------------------------------------

    def row_ids(self, section: str) -> tuple[str, ...]:
        """The ids of all rows of a repeat, whether it applies or not."""
        found: tuple[str, ...] = self.answers.get(("rows", section), ())
        return found

    def raw(self, name: str, row: str | None) -> Any:
        """The answer as given: a value of its kind, `Unread`, `NotKnown`, `ClockTime` or None."""
        return self.answers.get(("a", name, row or ""))

    def write(self, key: Key, value: Any) -> None:
        """Change an answer (None removes it), noting what was there."""
        before = self.answers.get(key)
        if before == value and type(before) is type(value):
            return
        self._journal.setdefault(key, before)
        if value is None:
            self.answers.pop(key, None)
        else:
            self.answers[key] = value

    def tick(self) -> datetime:
        """Look at the clock; the whole deed then has this one moment."""
        self._moment = self._clock()
        return self._moment

    def take_journal(self) -> dict[Key, Any]:
        """What was there before each change since the last call."""
        journal, self._journal = self._journal, {}
        return journal

    # -- cells ---------------------------------------------------------------------------------

    def make_cells(self, section_name: str, row: str | None) -> None:
        """Cells for all questions of a section (for one row of it), not yet computed."""
        section = self.form.section(section_name)
        repeat = section_name if section.repeat is not None else None
        for field in section.fields:
            context = Context(self, repeat, row, (field.name, row), 1)
            self.cells[field.name, row] = Cell(field, row, context)

    def push_row(self, section_name: str, row: str | None) -> None:
        """Compute all questions of a row."""
        for number in self.plan.by_section[section_name]:
            self._push(number, row)

    def drop_cells(self, section_name: str, row: str) -> None:
        """The cells of a row that is gone."""
        for field in self.form.section(section_name).fields:
            self.cells.pop((field.name, row), None)

    def renumber(self, section_name: str) -> None:
        """Rows came, went or moved: where each stands, and all that depends on it."""
        section = self.form.section(section_name)
        for position, row in enumerate(self.row_ids(section_name), 1):
            for field in section.fields:
                self.cells[field.name, row].context.position = position
                self.touched.add((field.name, row))
        for number in self.plan.on_rows[section_name]:
            self._push_all(number)

    def changed(self, name: str, row: str | None) -> None:
        """An answer was written: its value is to be computed again."""
        self.touched.add((name, row))
        self._push(self.plan.value_node[name], row)

    # -- recomputation -------------------------------------------------------------------------

    def _push(self, number: int, row: str | None) -> None:
        entry = (number, row or "")
        if entry not in self._queued:
            self._queued.add(entry)
            heapq.heappush(self._dirty, entry)

    def _push_all(self, number: int) -> None:
        node = self.plan.nodes[number]
        if node.repeat is None or node.kind == "section":
            self._push(number, None)
            return
        for row in self.row_ids(node.repeat):
            self._push(number, row)

    def compute_everything(self) -> None:
        """Compute all from scratch, in topological order."""
        self._dirty.clear()
        self._queued.clear()
        for node in self.plan.nodes:
            if node.kind == "section":
                self._section(node)
                continue
            for row in (None,) if node.repeat is None else self.row_ids(node.repeat):
                self._compute(node, self.cells[node.name, row])
        self.settle()

    def settle(self) -> None:
        """Compute what is dirty, each rule once, in topological order."""
        for number in self.plan.volatile_flows:
            self._push_all(number)
        while self._dirty:
            entry = heapq.heappop(self._dirty)
            self._queued.discard(entry)
            number, row = entry
            node = self.plan.nodes[number]
            if node.kind == "section":
                self._section(node)
                continue
            cell = self.cells.get((node.name, row or None))
            if cell is not None and self._compute(node, cell):
                self._pass_on(node, cell.row)

    def refresh(self) -> None:
        """Compute again what reads the clock."""
        self.tick()
        for number in self.plan.volatile_leaves:
            self._push_all(number)
        self.settle()

    def _pass_on(self, node: Node, row: str | None) -> None:
        for number, wide in node.dependents:
            to = self.plan.nodes[number]
            if to.repeat is None or to.kind == "section":
                self._push(number, None)
            elif to.repeat == node.repeat and not wide:
                self._push(number, row)
            else:
                self._push_all(number)

    def _section(self, node: Node) -> None:
        context = Context(self, None, None, ("", None), 1)
        now = node.expression is None or to_bool(node.expression.run(context))
        if now == self.section_relevant[node.name]:
            return
        self.section_relevant[node.name] = now
        rows = self.row_ids(node.name) if node.name in self.plan.repeats else (None,)
        for field in self.form.section(node.name).fields:
            self.touched.update((field.name, row) for row in rows)
        for number, _ in node.dependents:
            self._push_all(number)

    def _compute(self, node: Node, cell: Cell) -> bool:
        """Compute one rule; whether something that others depend on changed."""
        kind, expression = node.kind, node.expression
        if kind == "value" or expression is None:
            return self._value(expression, cell)
        if kind == "relevant":
            self.touched.add((cell.field.name, cell.row))
            now = to_bool(expression.run(cell.context))
            changed, cell.relevant = now != cell.relevant, now
            return changed
        self._leaf(kind, expression, cell)
        return False

    def _leaf(self, kind: str, expression: Expression, cell: Cell) -> None:
        if kind == "choice_filter":
            offered = self._filtered(expression, cell)
            if offered != cell.offered:
                cell.offered = offered
                self.touched.add((cell.field.name, cell.row))
            return
        if kind in ("constraint", "warning"):  # never applied to a blank
            holds = cell.value == "" or to_bool(expression.run(cell.context))
            attribute, now = ("ok", holds) if kind == "constraint" else ("warned", not holds)
        else:
            attribute, now = kind, to_bool(expression.run(cell.context))
        if getattr(cell, attribute) != now:
            setattr(cell, attribute, now)
            self.touched.add((cell.field.name, cell.row))

    def would_fit(self, cell: Cell, value: Scalar) -> bool:
        """Whether another value would pass the question's constraint and its warning."""
        kept, cell.value = cell.value, value
        try:
            rules = (cell.field.constraint, cell.field.warning)
            return all(r is None or to_bool(r.run(cell.context)) for r in rules)
        finally:
            cell.value = kept

    def _filtered(self, expression: Expression, cell: Cell) -> tuple[Choice, ...]:
        kept = []
        for choice in self.form.choices_of(cell.field.name):
            columns = {**choice.extra, "name": choice.name, "label": say(choice.label)}
            context = cell.context
            at = Context(self, context.repeat, context.row, context.item, context.position, columns)
            if to_bool(expression.run(at)):
                kept.append(choice)
        return tuple(kept)

    # -- values --------------------------------------------------------------------------------

    def applies(self, cell: Cell) -> bool:
        """Whether the question is asked: it and its section are relevant."""
        return cell.relevant and self.section_relevant[cell.field.section]

    def _value(self, expression: Expression | None, cell: Cell) -> bool:
        before, placed = cell.value, cell.placed
        cell.value = self._current(expression, cell)
        if placed != cell.placed:  # it moves along with the event even while it does not apply
            self.touched.add((cell.field.name, cell.row))
        if before == cell.value and type(before) is type(cell.value):
            return False
        self.touched.add((cell.field.name, cell.row))
        return True

    def _current(self, expression: Expression | None, cell: Cell) -> Scalar:
        raw = self.raw(cell.field.name, cell.row)
        if cell.field.is_clock_time:
            self._place(cell, raw)
        if not self.applies(cell):
            return ""
        if expression is not None:
            return self._calculated(expression, cell, raw)
        if cell.field.is_clock_time:
            return "" if cell.placed is None else stamp(cell.placed.moment)
        if raw is None or isinstance(raw, Unread | NotKnown):
            return ""
        return KINDS[cell.field.type].read(raw)

    def _calculated(self, expression: Expression, cell: Cell, raw: Any) -> Scalar:
        if expression.sticky:
            cell.value = read_kept(raw, self.place)
            if expression.generates and raw is not None:
                return cell.value
        value = one(expression.run(cell.context))
        if isinstance(value, bool):
            value = Flag(value)
        elif isinstance(value, float) and not math.isfinite(value):
            value = ""
        if expression.sticky:
            self.write(("a", cell.field.name, cell.row or ""), _kept_value(value))
        return value

    def _place(self, cell: Cell, raw: Any) -> None:
        """When a time of the event was: its date from the event, past midnight the next day."""
        if not isinstance(raw, ClockTime):
            cell.placed = None
            return
        if raw.moment is not None:
            cell.placed = Placed(raw.moment)
            return
        after = self.compared_with(cell)
        place = self.place.placed if not raw.zone else fixed(raw.zone)
        if raw.day is not None:
            cell.placed = place(datetime.combine(raw.day, raw.clock), after)
            return
        day = self.event_day() or self.opened_on
        cell.placed = event_moment(raw.clock, day, after, place)

    def event_day(self) -> date | None:
        """The event's date; None while it is not known."""
        name = self.form.event_date
        found = self.cells[name, None].value if name is not None else ""
        if isinstance(found, Stamp) and isinstance(found.moment, date):
            return found.moment
        return None

    def compared_with(self, cell: Cell) -> datetime | None:
        """The moment that a clock time is compared with."""
        for name in self.plan.before(cell.field):
            row = cell.row if self.plan.homes[name] is not None else None
            found = self.cells[name, row].value
            if isinstance(found, Stamp) and isinstance(found.moment, datetime):
                return found.moment
        return None


def _kept_value(value: Scalar) -> Any:
    """What a calculation that keeps its value keeps: plain JSON."""
    if isinstance(value, Flag):
        return value.truth
    if isinstance(value, str):
        return str(value) or None
    return value


def read_kept(raw: Any, place: Place) -> Scalar:
    """A kept value as an expression reads it."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return Flag(raw)
    if isinstance(raw, int | float):
        return float(raw)
    moment = read_moment(raw)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        moment = place.aware(moment)
    return raw if moment is None else Stamp(raw, moment)
