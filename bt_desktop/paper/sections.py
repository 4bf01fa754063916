"""The sections of a form as blocks: rows of label and answer, long texts, repeats as tables.

Made for a reader, not a dump: only what was asked stands here, in the form's order; a long text
flows over the width of the page; the start and end of a row read as one time; a repeat is a table
of at most six columns, with what does not fit told in a line under its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bt_desktop.paper import body_map, words
from bt_desktop.paper.columns import column_shares, text_of
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Notice,
    Rich,
    Row,
    Span,
    Whole,
)
from bt_desktop.paper.shown import Sayer, is_blank, moment_of, say

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Field, Section

__all__ = ["Teller", "cite_of", "text_of"]

LONG = 220
"""Characters from which a text is told over the whole width instead of beside its label."""

_MOST_COLUMNS = 6


_UNSHOWN = frozenset({"note", "signature", "image"})
_STATED = frozenset({"statute", "state_report"})
_FIGURES = frozenset({"integer", "decimal"})
_NO_ANSWER = (Span("No answer", italic=True, small=True),)
_MARKED = (Span("“L” is the person's own left. The numbers are those of the table.", small=True),)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, ready to be placed: its label, why it is asked, what it says, how long it is.

    `drawn` holds the picture and table that stand under it (a marked body).
    """

    field: Field
    label: str
    note: str
    value: Rich
    long: bool
    drawn: tuple[Block, ...] = ()

    def blocks(self, title: str = "") -> list[Block]:
        """A long answer over the whole width, under its label or a `title` of its own."""
        text = Narrative(self.value, title or self.label, self.note)
        if not self.drawn:
            return [text]
        return [Whole((text, self.drawn[0])), *self.drawn[1:]]  # no drawing leaves its label


class Teller:
    """Turns sections into blocks. `asked` says which blank fields were relevant all the same."""

    def __init__(self, sayer: Sayer, asked: frozenset[str] = frozenset()) -> None:
        self._say = sayer
        self._asked = asked

    def section(self, section: Section, answers: Mapping[str, Any]) -> list[Block]:
        """The blocks of one section, heading first; none where nothing was answered in it."""
        if section.repeat is not None:
            rows = answers.get(section.name)
            return self.rows(section, rows if isinstance(rows, list) else [])
        told = self._told(section, answers)
        if not any(not is_blank(answers.get(each.field.name)) for each in told):
            return []
        placed = _placed(told, self._blank(section, told))
        return [_heading(section), *self._flags(section, answers), *placed]

    def rows(self, section: Section, rows: Sequence[Mapping[str, Any]]) -> list[Block]:
        """The blocks of a repeat: a table, its totals, and the long texts of its rows under it."""
        if not rows:
            return []
        made: list[Block] = [_heading(section)]
        for row in rows:
            made += self._flags(section, row)
        table = _RepeatTable(section, rows, self._say)
        made.append(table.grid())
        label = say(section.repeat.label) if section.repeat else ""
        for number, row in enumerate(rows, 1):
            for told in self._told(section, row):
                if told.long:
                    made += told.blocks(f"{label} {number} · {told.label}".strip())
        return made

    def flags(self, section: Section, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Every prohibited technique recorded in a section: its label and its cite."""
        rows = [answers]
        if section.repeat is not None:
            found = answers.get(section.name)
            rows = found if isinstance(found, list) else []
        for row in rows:
            for field in section.fields:
                for choice in self._say.prohibited(field, row):
                    yield say(choice.label), choice.cite or field.cite

    def _flags(self, section: Section, row: Mapping[str, Any]) -> list[Block]:
        made: list[Block] = []
        for field in section.fields:
            for choice in self._say.prohibited(field, row):
                cite = choice.cite or field.cite
                text = f"{say(choice.label)}. {cite}." if cite else f"{say(choice.label)}."
                made.append(Notice(text, "Prohibited technique recorded", strong=True))
        return made

    def _blank(self, section: Section, told: Sequence[Told]) -> str:
        """The labels of what was asked and left blank, without those that have a reason."""
        named = {each.field.name for each in told}
        labels = (
            say(field.label)
            for field in section.fields
            if f"/{field.name}" in self._asked and field.name not in named
        )
        return "; ".join(filter(None, labels))

    def _told(self, section: Section, answers: Mapping[str, Any]) -> list[Told]:
        reasons = answers.get("$reasons")
        told = []
        for field in section.fields:
            label = say(field.label)
            if not _is_told(field):
                continue
            value = self._say.value(field, answers)
            reason = reasons.get(field.name) if isinstance(reasons, Mapping) else None
            if value == "" and not reason:
                continue
            value = value or _NO_ANSWER
            drawn = self._drawn(field, answers)
            if drawn:
                value = _MARKED
            if reason:
                value = _with_reason(value, self._say.text(str(reason)))
            long = _is_long(field, value)
            told.append(Told(field, label, cite_of(field), value, long, drawn))
        return told

    def _drawn(self, field: Field, answers: Mapping[str, Any]) -> tuple[Block, ...]:
        if field.type != "body_map" or self._say.for_parent:
            return ()
        shown = body_map.read(answers.get(field.name))
        return tuple(body_map.blocks(shown, self._say.choices(field))) if shown else ()


def _is_told(field: Field) -> bool:
    """Whether an answer stands on paper; the text of an "other" stands with its choice."""
    shown = field.type not in _UNSHOWN and not field.is_helper
    return shown and field.other_of is None and bool(field.label)


def cite_of(field: Field) -> str:
    """The rule a field answers to, where law or a state's report asks for it."""
    return (field.cite or "") if field.reason in _STATED else ""


def _heading(section: Section) -> Heading:
    return Heading(say(section.label), section.cite or "")


def _with_reason(value: Rich, reason: str) -> Rich:
    spans = (Span(value),) if isinstance(value, str) else value
    return (*spans, Span(f"\nReason given: {reason}", italic=True))


def _is_long(field: Field, value: Rich) -> bool:
    text = text_of(value)
    if field.type == "body_map":
        return True
    if field.type != "text" or is_blank(text) or value == _NO_ANSWER:
        return len(text) > 4 * LONG
    return "narrative" in (field.appearance or "").split() or len(text) > LONG or "\n" in text


def _placed(told: Sequence[Told], blank: str) -> list[Block]:
    """Short answers as rows, long ones at full width, in their order; at last what is `blank`."""
    made: list[Block] = []
    rows: list[Row] = []
    for each in told:
        if not each.long:
            rows.append(Row(each.label, each.value, each.note))
            continue
        if rows:
            made.append(Fields(tuple(rows)))
            rows = []
        made += each.blocks()
    if blank:
        rows.append(Row("Left blank", (Span(blank, small=True),)))
    if rows:
        made.append(Fields(tuple(rows)))
    return made


class _RepeatTable:
    """The table of a repeat: which columns it has, and its cells, details and totals."""

    def __init__(self, section: Section, rows: Sequence[Mapping[str, Any]], sayer: Sayer) -> None:
        self._rows, self._sayer = rows, sayer
        shown = [f for f in section.fields if _is_told(f)]
        self._fields = [f for f in shown if any(not is_blank(row.get(f.name)) for row in rows)]
        self._timed = self._is_timed()
        self._label = say(section.repeat.label) if section.repeat else ""

    def _is_timed(self) -> bool:
        names = {field.name for field in self._fields}
        return {"start", "end"} <= names and all(
            moment_of(row.get("start")) and moment_of(row.get("end")) for row in self._rows
        )

    def grid(self) -> Grid:
        """The table; of more columns than fit, the last ones stand in a line under each row."""
        placed = self._columns()
        main, rest = placed[: _MOST_COLUMNS - 1], placed[_MOST_COLUMNS - 1 :]
        if len(placed) <= _MOST_COLUMNS:
            main, rest = placed, []
        cells = [
            (str(number), *(self._cell(name, row) for name, _, _ in main))
            for number, row in enumerate(self._rows, 1)
        ]
        more = tuple(self._details(rest, row) for row in self._rows)
        heads = ["", *(head for _, head, _ in main)]
        figures = [False, *(figure for _, _, figure in main)]
        shares = column_shares(heads, cells)
        return Grid(
            tuple(Column(*each) for each in zip(heads, shares, figures, strict=True)),
            tuple(cells),
            self._total(main),
            more=more if any(more) else (),
        )

    def _columns(self) -> list[tuple[str, str, bool]]:
        """(name, head, figures) of each column; `start` stands for the whole time of a row."""
        found = []
        for field in self._fields:
            if self._timed and field.name in ("start", "end"):
                continue
            values = [self._sayer.value(field, row, brief=True) for row in self._rows]
            if any(_is_long(field, value) for value in values):
                continue
            figure = field.type in _FIGURES or field.name == "minutes"
            found.append((field.name, say(field.label), figure))
        if self._timed:
            minutes = [each for each in found if each[0] == "minutes"]
            found = [("start", "Time", False), *minutes, *(f for f in found if f[0] != "minutes")]
        return found

    def _cell(self, name: str, row: Mapping[str, Any]) -> Rich:
        start, end = moment_of(row.get("start")), moment_of(row.get("end"))
        if name == "start" and self._timed and start and end:
            return words.span(start, end)
        field = next(each for each in self._fields if each.name == name)
        value = self._sayer.value(field, row, brief=True)
        reasons = row.get("$reasons")
        reason = reasons.get(name) if isinstance(reasons, Mapping) else None
        return _with_reason(value, self._sayer.text(str(reason))) if reason else value

    def _details(self, rest: Sequence[tuple[str, str, bool]], row: Mapping[str, Any]) -> Rich:
        spans: list[Span] = []
        for name, head, _ in rest:
            value = self._cell(name, row)
            if value == "":
                continue
            mark = "" if head.endswith("?") else ":"
            spans.append(Span(f"{'   ' if spans else ''}{head}{mark} ", small=True))
            spans += (Span(value),) if isinstance(value, str) else value
        return tuple(spans) or ""

    def _total(self, main: Sequence[tuple[str, str, bool]]) -> tuple[Rich, ...]:
        counts = [_number(row.get("minutes")) for row in self._rows]
        if not self._timed or "minutes" not in {name for name, _, _ in main} or None in counts:
            return ()
        total = sum(count for count in counts if count is not None)
        figure = f"{total:g}"
        return ("", *(_total_cell(name, figure) for name, _, _ in main))


def _total_cell(name: str, figure: str) -> str:
    return {"start": "In all", "minutes": figure}.get(name, "")


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
