"""A form being filled: the one gate for answers, and everything that follows from them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from bt_desktop.form_engine.definition import Field, Form, Lead, Section, say
from bt_desktop.form_engine.functions import Context
from bt_desktop.form_engine.issues import Issue
from bt_desktop.form_engine.problems import Problems
from bt_desktop.form_engine.state import Cell, CellKey, Key, NotKnown, State
from bt_desktop.form_engine.stored import Storing
from bt_desktop.form_engine.typing_in import parse_typed
from bt_desktop.form_engine.views import Because, FieldView, SectionState, SectionView

_PATH = re.compile(r"/([\w.-]+)(?:\[([1-9]\d{0,5})\](?:/([\w.-]+))?)?\Z", re.ASCII)
_MOST_UNDO = 500


class FormSession:
    """Answers to one form, and their state. The only mutable thing of the engine.

    `answers` is a draft as `answers()` gave it (None: a new one, which takes the defaults).
    `now` tells the moment (aware, local offset); its zone, or `zone`, gives times of the event
    their offset. `person_label` names a person by id, `school_days` counts school days later than
    the first day up to and with the second, `event_has` names the forms of which the event has
    another record. A path is `/name`, or `/section[2]/name` in a row;
    one that does not exist raises KeyError.
    """

    def __init__(  # noqa: PLR0913  everything about a place and a moment is passed in
        self,
        form: Form,
        answers: Mapping[str, Any] | None = None,
        *,
        now: Callable[[], datetime],
        person_label: Callable[[str], str] | None = None,
        school_days: Callable[[date, date], int] | None = None,
        zone: tzinfo | None = None,
        new_id: Callable[[], str] | None = None,
        decimal_comma: bool = False,
        day_first: bool = False,
        event_has: Collection[str] = (),
    ) -> None:
        self.form = form
        self._state = State(form, now, zone, school_days, event_has)
        self._storing = Storing(self._state, decimal_comma=decimal_comma, day_first=day_first)
        self._problems = Problems(self._state)
        self._because = Because(self._state)
        self._person_label = person_label or (lambda person: person)
        self._new_id = new_id or (lambda: secrets.token_hex(4))
        self._done: list[dict[Key, Any]] = []
        self._undone: list[dict[Key, Any]] = []
        self._last_path = ""
        self._begin(answers)

    def _begin(self, answers: Mapping[str, Any] | None) -> None:
        state = self._state
        if answers:
            self._storing.load(answers, self._fresh_id)
        for section in self.form.sections:
            repeat = section.repeat
            if repeat is None:
                state.make_cells(section.name, None)
                continue
            rows = list(state.row_ids(section.name))
            while len(rows) < repeat.min and not (answers and section.name in answers):
                rows.append(self._fresh_id())
            state.write(("rows", section.name), tuple(rows) or None)
            for row in rows:
                state.make_cells(section.name, row)
        for section in self.form.sections:
            if section.repeat is not None:
                state.renumber(section.name)
        state.compute_everything()
        self._storing.float_clock_times()
        if not answers:
            self._defaults(list(state.cells.values()))
        state.settle()
        state.take_journal()
        state.touched.clear()

    def _fresh_id(self) -> str:
        taken = {r for name in self._state.plan.repeats for r in self._state.row_ids(name)}
        made = self._new_id()
        while made in taken:
            made = self._new_id()
        return made

    # -- the gate ------------------------------------------------------------------------------

    def set(self, path: str, typed: Any, *, merge: bool = False) -> frozenset[str]:
        """Answer a question: what was typed is parsed; what cannot be is kept with an issue.

        None or a blank text clears; what is not answered by hand stays. `merge` joins the step
        with the last one on the same path for undo (typing on in a text). Gives the paths whose
        view changed.
        """
        cell = self._cell(path)
        field = cell.field
        if not field.is_input:
            return frozenset()
        self._state.tick()
        raw: Any = None
        if typed is not None and not (isinstance(typed, str) and not typed.strip()):
            raw = parse_typed(typed, self._storing.parsing(field), self._state.place)
        self._state.write(("a", field.name, cell.row or ""), raw)
        return self._finish(merge=merge and self._last_path == path, path=path)

    def set_unknown(self, path: str, reason: str) -> frozenset[str]:
        """Answer “not known”, with the reason why it is not known."""
        cell = self._cell(path)
        if not cell.field.is_input:
            return frozenset()
        self._state.tick()
        self._state.write(("a", cell.field.name, cell.row or ""), NotKnown(reason.strip()))
        return self._finish()

    def set_reason(self, path: str, reason: str) -> frozenset[str]:
        """Say why a recommended question is left open, or why an unusual answer is right."""
        cell = self._cell(path)
        self._state.tick()
        key = ("r", cell.field.name, cell.row or "")
        self._state.write(key, reason.strip() or None)
        return self._finish()

    # -- rows ----------------------------------------------------------------------------------

    def add_row(self, section: str, at: int | None = None) -> str:
        """A new row, last or as the `at`-th (from 1); its path."""
        self._repeat(section)
        self._state.tick()
        rows = list(self._state.row_ids(section))
        place = len(rows) if at is None else max(0, min(len(rows), at - 1))
        row = self._fresh_id()
        rows.insert(place, row)
        self._state.write(("rows", section), tuple(rows))
        self._finish(new_row=(section, row))
        return f"/{section}[{place + 1}]"

    def remove_row(self, row_path: str) -> frozenset[str]:
        """Take a row out; `restore_row` or undo brings it back. The paths that changed."""
        section, row, place = self._row(row_path)
        self._state.tick()
        rows = [r for r in self._state.row_ids(section) if r != row]
        removed = self._state.answers.get(("removed",), ())
        self._state.write(("rows", section), tuple(rows) or None)
        self._state.write(("removed",), (*removed, (section, row, place)))
        return self._finish()

    def move_row(self, row_path: str, to: int) -> frozenset[str]:
        """Make a row the `to`-th (from 1). The paths that changed."""
        section, row, _ = self._row(row_path)
        self._state.tick()
        rows = [r for r in self._state.row_ids(section) if r != row]
        rows.insert(max(0, min(len(rows), to - 1)), row)
        self._state.write(("rows", section), tuple(rows))
        return self._finish()

    @property
    def can_restore(self) -> bool:
        """Whether a removed row can be brought back."""
        return bool(self._state.answers.get(("removed",)))

    def restore_row(self) -> str:
        """Bring back the row removed last, with its answers and its id; its path.

        Raises LookupError when none was removed.
        """
        removed = self._state.answers.get(("removed",), ())
        if not removed:
            raise LookupError("no row was removed")
        section, row, place = removed[-1]
        self._state.tick()
        rows = list(self._state.row_ids(section))
        place = min(place, len(rows))
        rows.insert(place, row)
        self._state.write(("rows", section), tuple(rows))
        self._state.write(("removed",), removed[:-1] or None)
        self._finish()
        return f"/{section}[{place + 1}]"

    def take_rows(self, section: str, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
        """Take a log's rows (as `answers()` has rows) as they stand beside the record.

        Nobody typed them here: it is no step that undo takes back. The paths that changed.
        """
        found = self._repeat(section)
        self._state.tick()
        self._state.write(("rows", section), None)
        self._storing.load_rows(found, rows, self._fresh_id)
        self._sync(self._state.take_journal())
        self._state.settle()
        self._state.take_journal()
        self._last_path = ""
        return self._touched()

    # -- undo ----------------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back and nothing changed since."""
        return bool(self._undone)

    def undo(self) -> frozenset[str]:
        """Take back the last step, anywhere in the form. The paths that changed."""
        return self._travel(self._done, self._undone)

    def redo(self) -> frozenset[str]:
        """Do again what was taken back last. The paths that changed."""
        return self._travel(self._undone, self._done)

    def _travel(self, here: list[dict[Key, Any]], there: list[dict[Key, Any]]) -> frozenset[str]:
        if not here:
            return frozenset()
        self._state.tick()
        for key, before in here.pop().items():
            self._state.write(key, before)
        journal = self._state.take_journal()
        self._sync(journal)
        self._state.settle()
        journal = {**self._state.take_journal(), **journal}
        there.append(journal)
        self._last_path = ""
        return self._touched()

    def _finish(
        self, *, merge: bool = False, path: str = "", new_row: tuple[str, str] | None = None
    ) -> frozenset[str]:
        """After writing: compute what follows, remember the step, name what changed."""
        state = self._state
        journal = state.take_journal()
        self._sync(journal)
        state.settle()
        if new_row is not None:
            section, row = new_row
            fields = self.form.section(section).fields
            self._defaults([state.cells[f.name, row] for f in fields])
            state.settle()
        journal = {**state.take_journal(), **journal}
        if journal:
            self._remember(journal, merge=merge)
        self._last_path = path
        return self._touched() | ({path} if path else frozenset())

    def _remember(self, journal: dict[Key, Any], *, merge: bool) -> None:
        self._undone.clear()
        if merge and self._done:
            self._done[-1] = {**journal, **self._done[-1]}
            return
        self._done.append(journal)
        del self._done[:-_MOST_UNDO]

    def _sync(self, keys: Iterable[Key]) -> None:
        """Bring cells in step with answers that were written."""
        state = self._state
        moved = [k[1] for k in keys if k[0] == "rows"]
        for section in moved:
            rows = set(state.row_ids(section))
            first = self.form.section(section).fields[0].name
            live = {row for name, row in state.cells if name == first and row is not None}
            for row in live - rows:
                state.drop_cells(section, row)
            for row in rows - live:
                state.make_cells(section, row)
                state.push_row(section, row)
            state.renumber(section)
        for key in keys:
            if key[0] in ("a", "r"):
                cell_key: CellKey = (key[1], key[2] or None)
                if cell_key in state.cells:
                    state.touched.add(cell_key)
                    if key[0] == "a":
                        state.changed(*cell_key)

    def _touched(self) -> frozenset[str]:
        touched, self._state.touched = self._state.touched, set()
        return frozenset(
            self._path_of(self._state.cells[k]) for k in touched if k in self._state.cells
        )

    def _defaults(self, cells: Iterable[Cell]) -> None:
        """Give new questions their default answers."""
        for cell in cells:
            default = cell.field.default
            if default is None:
                continue
            raw = self._storing.default_of(cell, default)
            if raw is not None:
                self._state.write(("a", cell.field.name, cell.row or ""), raw)
                self._state.changed(cell.field.name, cell.row)

    # -- paths ---------------------------------------------------------------------------------

    def _parts(self, path: str) -> tuple[str, int, str]:
        m = _PATH.match(path)
        if m is None:
            raise KeyError(path)
        return m[1], int(m[2] or 0), m[3] or ""

    def _cell(self, path: str) -> Cell:
        first, place, name = self._parts(path)
        cells = self._state.cells
        if not place:
            return cells[first, None]
        rows = self._state.row_ids(self._repeat(first).name)
        if place > len(rows):
            raise KeyError(path)
        return cells[name, rows[place - 1]]

    def _row(self, path: str) -> tuple[str, str, int]:
        section, place, name = self._parts(path)
        rows = self._state.row_ids(self._repeat(section).name)
        if name or not 1 <= place <= len(rows):
            raise KeyError(path)
        return section, rows[place - 1], place - 1

    def _repeat(self, name: str) -> Section:
        section = self._state.plan.repeats.get(name)
        if section is None:
            raise KeyError(name)
        return section

    def _path_of(self, cell: Cell) -> str:
        if cell.row is None:
            return f"/{cell.field.name}"
        return f"/{cell.field.section}[{cell.context.position}]/{cell.field.name}"

    def paths(self, section: str) -> tuple[str, ...]:
        """The paths of a section's questions in reading order, rows expanded."""
        found = self.form.section(section)
        if found.repeat is None:
            return tuple(f"/{f.name}" for f in found.fields)
        rows = range(1, len(self._state.row_ids(section)) + 1)
        return tuple(f"/{section}[{i}]/{f.name}" for i in rows for f in found.fields)

    def rows(self, section: str) -> tuple[str, ...]:
        """The paths of a repeat's rows."""
        count = len(self._state.row_ids(self._repeat(section).name))
        return tuple(f"/{section}[{i}]" for i in range(1, count + 1))

    def row_ids(self, section: str) -> tuple[str, ...]:
        """The ids of a repeat's rows: they stay, wherever the row moves."""
        return self._state.row_ids(self._repeat(section).name)

    # -- views ---------------------------------------------------------------------------------

    def view(self, path: str) -> FieldView:
        """All that an editor needs to show a question."""
        cell = self._cell(path)
        field, state = cell.field, self._state
        issues = tuple(self._problems.of(cell, path))
        raw = state.raw(field.name, cell.row)
        pack = self.form.pack
        choices = cell.offered
        return FieldView(
            path=path,
            field=field,
            label=field.label,
            hint=field.hint,
            value=self._storing.shown_value(cell),
            typed=self._storing.typed(cell),
            relevant=state.applies(cell),
            required=cell.required,
            read_only=cell.read_only or not field.is_input,
            issue=issues[0] if issues else None,
            issues=issues,
            reason=field.reason,
            cite=field.cite,
            unverified=bool(field.cite) and pack is not None and not pack.is_verified,
            note=state.answers.get(("r", field.name, cell.row or ""), ""),
            unknown_reason=raw.reason if isinstance(raw, NotKnown) else None,
            choices=self.form.choices_of(field.name) if choices is None else choices,
            asked_because=self._asked_because(cell),
        )

    def _asked_because(self, cell: Cell) -> str:
        if not self._state.applies(cell):
            return ""
        return self._because.words(cell.field.relevant, cell.context)

    def sections(self, part: str | None = None) -> tuple[SectionView, ...]:
        """All sections (of a part) with how far each is."""
        self._state.refresh()
        self._state.touched.clear()
        return tuple(
            self._section_view(s, list(self._section_issues(s)))
            for s in self.form.sections
            if part in (None, s.part)
        )

    def overview(self) -> tuple[tuple[SectionView, ...], tuple[Issue, ...]]:
        """`sections()` and `issues()` at once, at half the price: both look for every problem."""
        self._state.refresh()
        self._state.touched.clear()
        found = {s.name: list(self._section_issues(s)) for s in self.form.sections}
        views = tuple(self._section_view(s, found[s.name]) for s in self.form.sections)
        return views, tuple(issue for issues in found.values() for issue in issues)

    def _section_view(self, section: Section, issues: list[Issue]) -> SectionView:
        state = self._state
        relevant = state.section_relevant[section.name]
        needs = sum(i.severity == "error" for i in issues)
        asks = any(i.severity == "warning" for i in issues)
        begun = relevant and any(self._is_begun(c) for c, _ in self._cells_of(section))
        found: SectionState = "done"
        if not relevant:
            found = "not_applicable"
        elif not begun:
            found = "not_started"
        elif needs:
            found = "needs"
        elif asks:
            found = "in_progress"
        context = Context(state, None, None, ("", None), 1)
        return SectionView(
            name=section.name,
            label=section.label,
            part=section.part,
            state=found,
            needs=needs,
            relevant=relevant,
            asked_because=self._because.words(section.relevant, context) if relevant else "",
            cite=section.cite,
            rows=len(state.row_ids(section.name)),
        )

    def _is_begun(self, cell: Cell) -> bool:
        """Whether a person answered it: a default alone does not begin a section."""
        raw = self._state.raw(cell.field.name, cell.row)
        if raw is None or not cell.field.is_input:
            return False
        return cell.field.default is None or raw != self._storing.default_of(
            cell, cell.field.default
        )

    def _cells_of(self, section: Section) -> list[tuple[Cell, str]]:
        cells = self._state.cells
        if section.repeat is None:
            return [(cells[f.name, None], f"/{f.name}") for f in section.fields]
        return [
            (cells[f.name, row], f"/{section.name}[{i}]/{f.name}")
            for i, row in enumerate(self._state.row_ids(section.name), 1)
            for f in section.fields
        ]

    def row_sentence(self, row_path: str) -> str:
        """A row in one line: “Hold 1 · 10:12 · 10:14 · Standing”."""
        section, row, place = self._row(row_path)
        said = [self._problems.row_name(section, place + 1)]
        for field in self.form.section(section).fields:
            cell = self._state.cells[field.name, row]
            words = self._in_words(field, cell)
            if words:
                said.append(words)
            if len(said) == 5:
                break
        return " · ".join(said)

    def _in_words(self, field: Field, cell: Cell) -> str:
        if cell.value == "" or field.type in ("note", "signature", "body_map", "image", "text"):
            return ""
        words = str(cell.value).split()
        if field.type in ("select_one", "select_multiple"):
            return ", ".join(self._state.label(field.name, w) or w for w in words)
        if field.type in ("person", "student", "staff"):
            return ", ".join(self._person_label(w) for w in words)
        if field.type == "acknowledge":
            return say(field.label)
        return "" if field.type == "calculate" else self._storing.typed(cell)

    # -- problems ------------------------------------------------------------------------------

    def issues(self, part: str | None = None) -> tuple[Issue, ...]:
        """All problems (of a part) at once, in reading order."""
        self._state.refresh()
        self._state.touched.clear()
        return tuple(
            issue
            for section in self.form.sections
            if part in (None, section.part)
            for issue in self._section_issues(section)
        )

    def _section_issues(self, section: Section) -> Iterable[Issue]:
        if not self._state.section_relevant[section.name]:
            return
        yield from self._problems.of_rows(section)
        for cell, path in self._cells_of(section):
            yield from self._problems.of(cell, path)

    def leads(self) -> tuple[Lead, ...]:
        """The answers that belong in another report, of which the event has none yet."""
        self._state.refresh()
        return self._problems.leads()

    # -- answers -------------------------------------------------------------------------------

    def answers(self) -> dict[str, Any]:
        """The whole draft as JSON; what does not apply now is kept."""
        return self._storing.dump()

    def final_answers(self, part: str | None = None) -> dict[str, Any]:
        """What is kept of a part (of all): only what applies, with calculated values."""
        self._state.refresh()
        self._state.touched.clear()
        return self._storing.final(part)
