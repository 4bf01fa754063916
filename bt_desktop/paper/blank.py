"""Any form on paper, empty, for when the power is out: boxes to tick, lines to write on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.form_engine.definition import CONFIDENTIAL_HEAD
from bt_desktop.paper import body_map
from bt_desktop.paper.content import (
    Blank,
    Block,
    Choices,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Row,
    Span,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.sections import cite_of
from bt_desktop.paper.shown import say

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Choice, Field, Form, Section

_PARTS = {
    "report": "Report: filled in and signed by whoever was there",
    "statement": "Statement: by another staff member who was there",
    "nurse": "Nurse check: by the nurse",
    "override": "Exception: only by a nurse or an administrator",
    "review": "Review: by the administrator",
    "follow_up": "Follow-up: by whoever sees to it",
    "debrief": "Debrief: by whoever leads the talk",
    "notice": "Calls and letters to the parent: by whoever makes them",
}
_UNASKED = frozenset({"calculate", "image"})
_INLINE = 150
"""Characters up to which the choices of a question stand in one row beside it."""
_EMPTY_ROWS = 5
_CARDS = 2
_MOST_COLUMNS = 6
_FOR_ALL = "For every question of this form that asks for a number on the drawing"
_FEW_LINES = 2
_LINES = {"narrative": 10, "multiline": 3}
_HINTS = {
    "date": "month / day / year",
    "time": "time, am or pm",
    "datetime": "date and time, am or pm",
    "person": "name",
    "student": "name and grade",
    "staff": "name and title",
}
_SELECTED = re.compile(r"selected\(\s*\$\{(\w+)\}\s*,\s*'([^']*)'\s*\)|\$\{(\w+)\}\s*=\s*'([^']*)'")
_UNLESS = re.compile(
    r"(?:count-selected\(\s*\$\{\w+\}\s*\)\s*>\s*0\s+and\s+)?"
    r"not\(\s*selected\(\s*\$\{(\w+)\}\s*,\s*'([^']*)'\s*\)\s*\)"
)


def blank_form(form: Form, head: Letterhead, made_at: datetime) -> bytes:
    """The empty paper form as PDF bytes; `made_at` is aware and stands in the foot."""
    title = say(form.title)
    mark = CopyMark(kind="blank", copy_number=0, made_at=made_at, made_by="")
    sheet = Sheet(
        title=title,
        head_right=("Paper form",),
        running=title,
        foot=f"Empty form, version {form.version}. Keep the signed paper; scan it into the record.",
        above=CONFIDENTIAL_HEAD if form.is_confidential else "",
    )
    return build(blank_blocks(form), head, mark, sheet)


def blank_blocks(form: Form) -> list[Block]:
    """What the empty form asks, part by part."""
    made: list[Block] = [
        Title(
            say(form.title),
            "For when the computer cannot be used. Write clearly, in ink. Fill in only the "
            "sections that apply. Cross out a mistake with one line and put your initials beside "
            "it. When the computer is back, type this in and attach the signed paper.",
        )
    ]
    for part in form.parts():
        made.append(Heading(_PARTS.get(part, part.capitalize())))
        for section in form.sections:
            if section.part == part:
                made += _section(section, form)
                made += _drawing_after(section, form)
        if part != "notice":
            labels = ("Name and title", "Signature", "Date and time")
            made.append(ToSign(labels))
    return made


def _section(section: Section, form: Form) -> list[Block]:
    made: list[Block] = [Heading(say(section.label), section.cite or "", level=2)]
    if section.relevant is not None:
        when = when_in_words(section.relevant.source, form)
        made.append(Narrative((Span(when, italic=True),), leads=True))
    elif section.hint:
        made.append(Narrative((Span(say(section.hint), italic=True),), leads=True))
    asked = [f for f in section.fields if f.type not in _UNASKED and f.other_of is None]
    asked = [f for f in asked if f.is_input or f.type == "note"]
    if section.repeat is None:
        return _together(made, _asked(asked, form))
    if len(asked) <= _MOST_COLUMNS and all(f.type != "body_map" for f in asked):
        return _together(made, _rows(asked, form))
    return made + _cards(section, asked, form)


def _together(head: list[Block], blocks: list[Block]) -> list[Block]:
    """A heading goes with what is kept on one page behind it."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Whole):
        return head + blocks
    return [Whole((*head, *first.blocks)), *blocks[1:]]


def _asked(fields: list[Field], form: Form) -> list[Block]:
    made: list[Block] = []
    rows: list[Row] = []
    for field in fields:
        blocks = _question(field, form)
        if isinstance(blocks, Row):
            rows += _split(blocks)
            continue
        if rows:
            made.append(Fields(tuple(rows)))
            rows = []
        made += blocks
    if rows:
        made.append(Fields(tuple(rows)))
    return made


def _split(row: Row) -> list[Row]:
    """Many lines to write on as rows of their own: as wide as the page, and the page is filled."""
    if not isinstance(row.value, Blank) or row.value.lines <= _FEW_LINES:
        return [row]
    more = [Row("", Blank()) for _ in range(row.value.lines - 1)]
    return [replace(row, value=Blank()), *more]


def _question(field: Field, form: Form) -> Row | list[Block]:
    label, cite = say(field.label), cite_of(field)
    if field.type == "note":
        return [Narrative(label)]
    if field.type == "acknowledge":
        return [Narrative((Span("☐ "), Span(label)))]
    if field.type == "signature":
        return [ToSign((label,))]
    if field.type == "body_map":
        maps = _body_maps(form)
        if field.repeat or field.name != maps[0].name:
            return Row(f"{label} (which numbers?)", Blank(1), cite)
        return _drawing(field, form, label, shared=len(maps) > 1)
    if field.type in ("select_one", "select_multiple"):
        choices = form.choices_of(field.name)
        options = tuple(_option(choice) for choice in choices)
        how = "mark one" if field.type == "select_one" else "mark all that apply"
        if sum(len(option) + 5 for option in options) <= _INLINE:
            return Row(label, _inline(options), cite)
        return [Choices(f"{label} ({how})", options, cite)]
    hint = _HINTS.get("time" if field.is_clock_time else field.type, "")
    return Row(f"{label} ({hint})" if hint else label, Blank(_lines(field)), cite)


def _body_maps(form: Form) -> list[Field]:
    return [field for field in form.fields().values() if field.type == "body_map"]


def _drawing_after(section: Section, form: Form) -> list[Block]:
    """The drawing of a form whose first body map stands on cards: once, behind the cards.

    A picture on every card and for the nurse again says the same three times, and a number means
    something on one drawing only.
    """
    first = next(iter(_body_maps(form)), None)
    if first is None or not first.repeat or first.section != section.name:
        return []
    head: list[Block] = [Heading("Body drawings", level=2)]
    return _together(head, _drawing(first, form, _FOR_ALL, shared=True))


def _drawing(field: Field, form: Form, label: str, *, shared: bool) -> list[Block]:
    kinds = tuple(say(choice.label) for choice in form.choices_of(field.name))
    return body_map.to_mark(label, cite_of(field), kinds, shared=shared)


def _option(choice: Choice) -> str:
    label = say(choice.label)
    return f"{label} ____________" if choice.name == "other" else label


def _inline(options: tuple[str, ...]) -> str:
    """Boxes in a row; an option never breaks in two."""
    return "\u00a0\u00a0 ".join("☐\u00a0" + option.replace(" ", "\u00a0") for option in options)


def _lines(field: Field) -> int:
    looks = (field.appearance or "").split()
    return max((_LINES.get(word, 1) for word in looks), default=1)


def _rows(fields: list[Field], form: Form) -> list[Block]:
    """An empty table, and under it the words to choose from."""
    columns = tuple(Column(say(field.label)) for field in fields)
    rows = tuple(("",) * len(fields) for _ in range(_EMPTY_ROWS))
    made: list[Block] = [Whole((Grid(columns, rows, row_lines=2),))]
    for field in fields:
        options = [say(choice.label) for choice in form.choices_of(field.name)]
        if options:
            told = (Span(f"{say(field.label)}  "), Span(", ".join(options), small=True))
            made.append(Narrative(told))
    return made


def _cards(section: Section, fields: list[Field], form: Form) -> list[Block]:
    label = say(section.repeat.label) if section.repeat else ""
    name = label or say(section.label)
    made: list[Block] = []
    for number in range(1, _CARDS + 1):
        made += [Heading(f"{name} {number}", level=2), *_asked(fields, form)]
    more = "More than two? Copy this page and number on."
    return [*made, Whole((Narrative((Span(more, italic=True),)),))]


def when_in_words(source: str, form: Form) -> str:
    """When a section applies, from its expression, as an instruction to a person with a pen."""
    if unless := _UNLESS.fullmatch(source.strip()):
        return f"Leave this out if “{_answer(form, unless[1], unless[2])}” is marked."
    helper = _SELECTED.fullmatch(source.strip())
    worked_out = form.fields().get(helper[1] or helper[3]) if helper else None
    if worked_out is not None and worked_out.is_helper:  # it stands nowhere on the paper
        label = say(worked_out.label)
        return f"Fill this in only after this: {label[:1].lower()}{label[1:]}."
    parts = re.split(r"\s+(or|and)\s+", source.strip())
    said: list[str] = []
    for part in parts:
        if part in ("or", "and"):
            said.append(part)
            continue
        found = _SELECTED.fullmatch(part.strip())
        if found is None:
            return "Fill this in only if it applies."
        name, value = found[1] or found[3], found[2] if found[1] else found[4]
        said.append(f"“{_answer(form, name, value)}”")
    return f"Fill this in only if {' '.join(said)} is marked."


def _answer(form: Form, name: str, value: str) -> str:
    field = form.fields().get(name)
    if field is None:
        return value
    choice = next((c for c in form.choices_of(name) if c.name == value), None)
    label = say(choice.label) if choice else value
    return label if name == "what_happened" else f"{say(field.label)} {label}"
