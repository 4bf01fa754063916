"""A marked body as blocks: the drawing with its numbers, and the table that tells each number.

The table is the record; the drawing only shows where. Three papers use it: the school's copy shows
all, the blank form leaves the drawing to be marked by hand, and a paper for a parent shows where
and what kind, never a free text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bt_desktop.form_engine.body import FIGURES, atlas, side_word
from bt_desktop.form_engine.body_marks import BodyMap, Mark, Unmarked, read_map
from bt_desktop.paper.columns import column_shares
from bt_desktop.paper.content import Block, BodyFigure, Column, Grid, Narrative, Span, Whole

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Choice

WHOLE = "body"
"""The sheet that is always printed whole: a chart without its front or back reads as unfinished."""
_HEIGHT, _LARGE, _ROW = 300.0, 520.0, 150.0
_CROWDED = 40
"""Marks of one drawing from which it takes a page of its own."""
_BOUND = "\u00a0"
"""Between the parts of a size, which never breaks in two."""
_FEW, _SMALL = 3, 190.0
_BLANK_ROWS = 8
_BLANK_BODY, _BLANK_HEAD = 205.0, 145.0
"""Points: figures, their captions and the table to write in fill one page of a blank form."""
_HAND = (
    "Put a number where each injury is, and write the same number in the table. “L” is the "
    "person's own left."
)
_HAND_LATER = " Whoever adds a number later puts their initials beside it."
_BLANK_COLUMNS = (
    Column("No.", 0.7),
    Column("Where, left or right", 3),
    Column("What kind", 2),
    Column("Size", 1.4),
    Column("Color", 1.4),
    Column("Shape, pattern", 2.5),
)

_MOST_TOLD = 10
"""Marks that a parent's paper says in words: it is one page; the drawing has all of them."""


def read(value: Any) -> BodyMap | None:
    """The body map of an answer; None where it holds none that can be read."""
    if not isinstance(value, Mapping) or "$typed" in value or "$unknown" in value:
        return None
    try:
        return read_map(value)
    except Unmarked:
        return None


def said(shown: BodyMap, choices: Sequence[Choice] = ()) -> str:
    """All marks in one line of text, where there is no room for a table."""
    kinds = _kinds(choices)
    parts = [f"{mark.n} {_sentence(mark, shown.unit, kinds)}" for mark in shown.marks]
    return "; ".join([*parts, *(region.replace("_", " ") for region in shown.regions)])


def blocks(shown: BodyMap, choices: Sequence[Choice] = ()) -> list[Block]:
    """The drawing and the whole table, for the school."""
    made: list[Block] = []
    if shown.marks:
        made += [*_figures(shown), _table(shown, _kinds(choices), all_of_it=True)]
    if shown.regions:
        words = ", ".join(region.replace("_", " ") for region in shown.regions)
        made.append(Narrative(f"Named before there was a drawing: {words}."))
    return made


def small_for_parent(shown: BodyMap) -> BodyFigure | None:
    """The pictures to show, small; None where nothing is marked."""
    if not shown.marks:
        return None
    return BodyFigure(shown.figure, _marked_views(shown), shown.marks, _SMALL)


def said_to_parent(shown: BodyMap, choices: Sequence[Choice] = ()) -> str:
    """What the numbers say: place and kind alone, for color and note are free texts of staff."""
    kinds = {name: label for name, label in _kinds(choices).items() if name != "other"}
    told = []
    for mark in shown.marks[:_MOST_TOLD]:
        kind = kinds.get(mark.type, "")
        told.append(f"{mark.n} {mark.place()}{', ' if kind else ''}{kind.lower()}")
    more = len(shown.marks) - len(told)
    return "; ".join([*told, *([f"and {more} more"] if more > 0 else [])])


def to_mark(
    label: str, note: str = "", kinds: Sequence[str] = (), *, shared: bool = False
) -> list[Block]:
    """Empty drawings to be marked by hand, and a table for what is marked.

    `shared` where several questions, and so perhaps several people, mark on the same drawing.
    """
    sheets = {sheet.id: sheet.views for sheet in atlas().sheets}
    figure = FIGURES[-1]
    hand = (Span(_HAND + (_HAND_LATER if shared else ""), italic=True),)
    rows = tuple((str(n), *[""] * (len(_BLANK_COLUMNS) - 1)) for n in range(1, _BLANK_ROWS + 1))
    made: list[Block] = [
        Narrative(hand, label, note),
        BodyFigure(figure, sheets[WHOLE], (), _BLANK_BODY),
        BodyFigure(figure, (*sheets["head"], *sheets["hands"]), (), _BLANK_HEAD),
        Grid(_BLANK_COLUMNS, rows),
    ]
    if kinds:
        made.append(Narrative((Span("Kinds  "), Span(", ".join(kinds), small=True))))
    return [Whole(tuple(made))]


def _figures(shown: BodyMap) -> list[Block]:
    """Front and back together where either is marked; of the other pictures those that are."""
    made: list[Block] = []
    views = _marked_views(shown)
    whole = tuple(v for s in atlas().sheets if s.id == WHOLE for v in s.views if v in views)
    other = tuple(view for view in views if view not in whole)
    if whole:
        made.append(BodyFigure(shown.figure, whole, shown.marks, _height(shown, whole, _HEIGHT)))
    if sum(mark.view in other for mark in shown.marks) <= _CROWDED:
        groups = [other] if other else []
    else:
        groups = [tuple(v for v in sheet.views if v in other) for sheet in atlas().sheets]
    for group in filter(None, groups):
        height = _ROW * -(-len(group) // 3)
        made.append(BodyFigure(shown.figure, group, shown.marks, _height(shown, group, height)))
    return made


def _height(shown: BodyMap, views: tuple[str, ...], usual: float) -> float:
    """More room for many marks, less for the few that most papers have."""
    here = sum(mark.view in views for mark in shown.marks)
    if here > _CROWDED:
        return _LARGE
    return min(usual, _SMALL) if here <= _FEW else usual


def _marked_views(shown: BodyMap) -> tuple[str, ...]:
    """The pictures to show: whole sheets of the body, of the others what is marked."""
    marked = {mark.view for mark in shown.marks}
    found: list[str] = []
    for sheet in atlas().sheets:
        is_whole = sheet.id == WHOLE and not marked.isdisjoint(sheet.views)
        found += [view for view in sheet.views if view in marked or is_whole]
    return tuple(found)


def _kinds(choices: Sequence[Choice]) -> dict[str, str]:
    from bt_desktop.form_engine.definition import say  # deferred: only texts of a form need it

    return {choice.name: say(choice.label) for choice in choices}


def _sentence(mark: Mark, unit: str, kinds: Mapping[str, str]) -> str:
    details = [_kind(mark, kinds), mark.size(unit), mark.color, mark.note]
    told = ", ".join(filter(None, details))
    return f"{mark.place()}: {told}" if told else mark.place()


def _kind(mark: Mark, kinds: Mapping[str, str]) -> str:
    return kinds.get(mark.type, mark.type.replace("_", " ")) if mark.type else ""


def _table(shown: BodyMap, kinds: Mapping[str, str], *, all_of_it: bool) -> Grid:
    """A row for each mark; a column that would stay blank is left out."""
    rows = []
    for mark in shown.marks:
        region = atlas().regions.get(mark.region)
        side = side_word(region.side) if region is not None else ""
        row = [str(mark.n), atlas().bare_place(mark.region, mark.view), side]
        row.append(_kind(mark, kinds) if all_of_it else kinds.get(mark.type, ""))
        if all_of_it:
            row += [mark.size(shown.unit).replace(" ", _BOUND), mark.color, mark.note]
        rows.append(row)
    heads = ["No.", "Region", "Side", "Type", "Size", "Color", "Note"][: len(rows[0])]
    kept = [c for c in range(len(heads)) if c < 3 or any(row[c] for row in rows)]
    heads = [heads[c] for c in kept]
    cells = [tuple(row[c] for c in kept) for row in rows]
    bound = [tuple(cell.replace(_BOUND, "_") for cell in row) for row in cells]
    shares = column_shares(heads, bound)
    columns = tuple(Column(head, share) for head, share in zip(heads, shares, strict=True))
    return Grid(columns, tuple(cells))
