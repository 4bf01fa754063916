"""Turns the blocks of a page (`content`) into flowables: the only place that makes any.

Tagging for PDF/UA will have its one place here. All text passes through `plain`, so nothing
that was typed can be read as markup: a stray `<b>` prints, and no tag ever opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
)

from bt_desktop.paper import facts_flow, fonts, setting
from bt_desktop.paper.body_flow import BodyFlowable
from bt_desktop.paper.content import (
    Blank,
    Block,
    BodyFigure,
    Calendars,
    Checks,
    Choices,
    Column,
    DayGrid,
    Facts,
    Fields,
    Gap,
    Grid,
    Groups,
    Heading,
    Key,
    Narrative,
    NewPage,
    Notice,
    Photo,
    Rich,
    Room,
    Signed,
    Small,
    Span,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.days_flow import CalendarsFlow, DayGridFlow
from bt_desktop.paper.document import Hand
from bt_desktop.paper.ink_flow import Strokes
from bt_desktop.paper.pictures_flow import PictureFlow, RoomFlow
from bt_desktop.paper.setting import paragraph
from bt_desktop.paper.shape import LYING, UPRIGHT, Shape
from bt_desktop.paper.table_flow import PaperTable, table

WIDTH = UPRIGHT.width
"""Points between the margins of an upright page."""

_LABEL_WIDTH = 172.0
_LINES_TO_BEGIN = 4
"""So many lines to write on stand below a question, where more go on on the next page."""
_IN_A_CITE = re.compile(
    r"(?<=\b(?:EC|PC|AB|SB)) (?=\d)|(?<=\d) (?=(?:CCR|CFR|USC)\b)|(?<=\b(?:CCR|CFR|USC)) (?=\d)"
    r"|(?<=\d) (?=O\.S\.)|(?<=O\.S\.) (?=\d)"
)
"""Blanks at which the number of a law is not broken: EC 56521.1(e), 34 CFR 99.32."""
_CHUNK, _CHUNK_LINES = 3000, 40
_ROW_PAD = 3.2

# --- flowables -----------------------------------------------------------------------------------


class _Opening(CondPageBreak):  # type: ignore[misc]  # reportlab has no types
    """Starts a new page where a heading and the beginning of what it heads do not fit any more."""

    def __init__(self, body: float, *flowables: Flowable) -> None:
        super().__init__(0)
        self._body, self._flowables = body, flowables

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.height = sum(_opening(each, width, self._body, self.canv) for each in self._flowables)
        needed: tuple[float, float] = super().wrap(width, height)
        return needed


def _opening(flowable: Flowable, width: float, body: float, canvas: Any) -> float:
    """The height of a flowable's first piece: a table's head and first row, three lines of text."""
    around: float = flowable.getSpaceBefore() + flowable.getSpaceAfter()
    _, height = flowable.wrapOn(canvas, width, body)
    if isinstance(flowable, KeepTogether):
        return float(sum(_whole(each, width, body, canvas) for each in flowable._content))
    if isinstance(flowable, PaperTable):
        height = sum(flowable._rowHeights[: flowable.repeatRows + flowable.opens_with])
    elif isinstance(flowable, Paragraph):
        height = min(height, 3 * flowable.style.leading)
    return around + float(min(height, body / 3))


def _whole(flowable: Flowable, width: float, body: float, canvas: Any) -> float:
    around: float = flowable.getSpaceBefore() + flowable.getSpaceAfter()
    return around + float(flowable.wrapOn(canvas, width, body)[1])


class _Lead(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A line that leads what follows, and stays with its beginning."""


class _Headline(_Lead):
    """A heading that also stands in the PDF's outline."""

    def __init__(self, heading: Heading, key: str) -> None:
        super().__init__(_headline(heading), setting.H1 if heading.level == 1 else setting.H2)
        self._entry = (f"h{key}", heading)

    def draw(self) -> None:
        key, heading = self._entry
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(fonts.printable(heading.text), key, heading.level - 1)
        super().draw()


def _headline(heading: Heading) -> str:
    """A heading with its note: regular and small, which `<b>` cannot undo, so the font is named."""
    if not heading.note:
        return setting.plain(heading.text)
    note = setting.spanned(Span("   " + heading.note, small=True))
    return f'{setting.plain(heading.text)}<font name="{fonts.REGULAR}">{note}</font>'


class _Lines(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Ruled lines to write on, 22 points apart, as wide as their place."""

    _APART = 22.0

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self._lines * self._APART
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setStrokeColor(setting.HAIR)
        self.canv.setLineWidth(setting.HAIRLINE)
        for line in range(self._lines - 1):
            y = self.height - (line + 1) * self._APART
            self.canv.line(0, y, self.width, y)


# --- blocks to flowables -------------------------------------------------------------------------

_FIELDS_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (0, -1), 12),
    ("RIGHTPADDING", (1, 0), (1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD + 1),
    ("LINEBELOW", (0, 0), (-1, -1), setting.HAIRLINE, setting.HAIR),
)
_GRID_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 6),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ("BACKGROUND", (0, 0), (-1, 0), setting.BAND),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("LINEBELOW", (0, 0), (-1, -1), setting.HAIRLINE, setting.HAIR),
)
_BARE_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 10),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
)


def flow(blocks: Iterable[Block], shape: Shape = UPRIGHT) -> list[Flowable]:
    """The flowables of a page's blocks, headings bound to the beginning of what they head.

    `shape` is how the first page lies; a `NewPage` can turn what follows.
    """
    made: list[Flowable] = []
    part: list[Block] = []
    for number, block in enumerate(blocks):
        turned = shape
        if isinstance(block, NewPage) and block.lying is not None:
            turned = LYING if block.lying else UPRIGHT
        if turned is not shape:
            made += [*_bound(part, shape, f"{number}."), NextPageTemplate(turned.name)]
            shape, part = turned, []
        part.append(block)
    return [*made, *_bound(part, shape, "")]


def _bound(blocks: Iterable[Block], shape: Shape, within: str) -> list[Flowable]:
    flowables = _flowables(blocks, shape, within)
    bound: list[Flowable] = []
    led = 0
    for place, flowable in enumerate(flowables):
        if isinstance(flowable, _Lead) and place >= led:
            led = place
            while led < len(flowables) and isinstance(flowables[led], _Lead | Spacer):
                led += 1
            bound.append(_Opening(shape.body, *flowables[place : led + 1]))
        bound.append(flowable)
    return bound


def _flowables(blocks: Iterable[Block], shape: Shape, within: str) -> list[Flowable]:
    made: list[Flowable] = []
    for number, block in enumerate(blocks):
        key = f"{within}{number}"
        if isinstance(block, Heading):
            made.append(_Headline(block, key))
        elif isinstance(block, Whole):
            made.append(KeepTogether(_loose(_flowables(block.blocks, shape, f"{key}."))))
        else:
            made += _made(block, shape)
    return made


def _loose(flowables: list[Flowable]) -> list[Flowable]:
    """The same without what is kept together on its own: reportlab holds that for endlessly high
    (`KeepTogether.wrap`), so that what is around it would always begin a new page."""
    made: list[Flowable] = []
    for flowable in flowables:
        made += flowable._content if isinstance(flowable, KeepTogether) else [flowable]
    return made


def _made(block: Block, shape: Shape) -> list[Flowable]:  # noqa: C901, PLR0911, PLR0912  # one line for each kind of block
    match block:
        case Title():
            return _title(block)
        case Fields():
            return _fields(block, shape)
        case Narrative():
            return _narrative(block)
        case Grid():
            return _grid(block, shape)
        case Choices():
            return _choices(block, shape)
        case Notice():
            return _notice(block, shape)
        case Signed():
            return _signed(block, shape)
        case ToSign():
            return _to_sign(block, shape)
        case Groups():
            return _groups(block, shape)
        case BodyFigure():
            return [BodyFlowable(block)]
        case Gap():
            return [Spacer(0, block.points)]
        case NewPage():
            return [PageBreak()]
        case Photo():
            return [PictureFlow(block)]
        case Room():
            return [RoomFlow(block)]
        case Small():
            return facts_flow.small(block)
        case Checks():
            return _checks(block, shape)
        case Facts():
            return facts_flow.facts(block, shape)
        case Key():
            return facts_flow.key(block, shape)
        case DayGrid():
            return [DayGridFlow(block)]
        case Calendars():
            return [CalendarsFlow(block)]
    raise TypeError(type(block).__name__)


def _title(block: Title) -> list[Flowable]:
    made = [paragraph(block.text, setting.TITLE)]
    if block.lead:
        made.append(paragraph(block.lead, setting.LEAD))
    return [*made, Spacer(0, 4)]


def _label(label: str, note: str) -> str:
    if not note:
        return setting.markup((Span(label),))
    whole = _IN_A_CITE.sub("\u00a0", note)
    return setting.markup((Span(label), Span("\u00a0 " + whole, small=True)))


def _fields(block: Fields, shape: Shape) -> list[Flowable]:
    if not block.rows:
        return []
    rows = [
        [
            Paragraph(_label(row.label, row.note), setting.LABEL),
            _Lines(row.value.lines)
            if isinstance(row.value, Blank)
            else paragraph(row.value, setting.TEXT),
        ]
        for row in block.rows
    ]
    made = table(rows, (_LABEL_WIDTH, shape.width - _LABEL_WIDTH), _FIELDS_STYLE, shape)
    while made.opens_with < min(_LINES_TO_BEGIN, len(rows)):
        if block.rows[made.opens_with].label:
            break
        made.opens_with += 1
    return [made]


def _narrative(block: Narrative) -> list[Flowable]:
    made: list[Flowable] = []
    if block.label:
        made += [Spacer(0, _ROW_PAD), _Lead(_label(block.label, block.note), setting.LABEL)]
    if block.leads:
        made.append(_Lead(setting.markup(block.text), setting.TEXT))
    elif isinstance(block.text, str):
        made += [paragraph(part, setting.TEXT) for part in _parts(block.text)]
    else:
        made.append(paragraph(block.text, setting.TEXT))
    made.append(Spacer(0, 2 * _ROW_PAD))
    return made


def _parts(text: str) -> list[str]:
    """A long text cut at newlines, so that no paragraph is laid out again on page after page."""
    parts: list[list[str]] = []
    size = _CHUNK
    for line in fonts.tidy(text).split("\n"):
        if size + len(line) >= _CHUNK or len(parts[-1]) >= _CHUNK_LINES:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return ["\n".join(lines) for lines in parts]


def _grid(block: Grid, shape: Shape) -> list[Flowable]:
    heads = [
        paragraph(column.head, setting.HEAD_FIGURES if column.figures else setting.HEAD)
        for column in block.columns
    ]
    rows: list[list[Any]] = [heads]
    style = list(_GRID_STYLE)
    for row, more in zip(block.rows, block.more or ("",) * len(block.rows), strict=True):
        rows.append([_cell(c, column, block) for c, column in zip(row, block.columns, strict=True)])
        if more:
            style += _bound_row(len(rows))
            told = paragraph(more, setting.TEXT)
            rows.append([Spacer(0, 0), told, *[Spacer(0, 0)] * (len(row) - 2)])
    if block.total:
        bold = [_bold(cell) for cell in block.total]
        cells = zip(bold, block.columns, strict=True)
        rows.append([_cell(cell, column, block) for cell, column in cells])
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.9, setting.INK))
    shares = sum(column.share for column in block.columns)
    widths = [shape.width * column.share / shares for column in block.columns]
    made = table(rows, widths, style, shape, heads=1)
    made.opens_with = 2 if block.more and block.more[0] else 1
    return [made, Spacer(0, 4)]


def _bound_row(at: int) -> list[Any]:
    """The style of a line under a row: across all columns but the first, and bound to the row."""
    return [
        ("SPAN", (1, at), (-1, at)),
        ("LINEBELOW", (0, at - 1), (-1, at - 1), 0, setting.PAPER),
        ("TOPPADDING", (0, at), (-1, at), 0),
        ("NOSPLIT", (0, at - 1), (0, at)),
    ]


def _cell(rich: Rich | Hand, column: Column, block: Grid) -> Flowable | list[Flowable]:
    if isinstance(rich, Hand):
        return facts_flow.hand_cell(rich)
    if rich == "" and block.row_lines > 1:
        return Spacer(0, 14.0 * block.row_lines)
    return paragraph(rich, setting.FIGURES if column.figures else setting.TEXT)


def _bold(rich: Rich) -> Rich:
    return (Span(rich, bold=True),) if isinstance(rich, str) else rich


def _choices(block: Choices, shape: Shape) -> list[Flowable]:
    longest = max(map(len, block.options), default=0)
    across = 3 if longest <= 29 else 2 if longest <= 46 else 1
    ticks = [paragraph("☐\u00a0" + option, setting.TEXT) for option in block.options]
    ticks += [Spacer(0, 0)] * (-len(ticks) % across)
    rows = [ticks[at : at + across] for at in range(0, len(ticks), across)]
    made = [Spacer(0, _ROW_PAD), _Lead(_label(block.label, block.note), setting.LABEL)]
    if rows:
        made.append(table(rows, [shape.width / across] * across, _BARE_STYLE, shape))
    return [*made, Spacer(0, _ROW_PAD)]


def _checks(block: Checks, shape: Shape) -> list[Flowable]:
    rows: list[list[Any]] = [
        [
            paragraph("☑" if line.done else "☐", setting.TEXT),
            Paragraph(_label(line.text, line.note), setting.TEXT),
        ]
        for line in block.lines
    ]
    return [table(rows, (18, shape.width - 18), _BARE_STYLE, shape), Spacer(0, _ROW_PAD)]


def _notice(block: Notice, shape: Shape) -> list[Flowable]:
    content: list[Flowable] = []
    if block.title:
        mark = "▲ " if block.strong else ""
        content.append(paragraph((Span(mark + block.title, bold=True),), setting.TEXT))
    content.append(paragraph(block.text, setting.TEXT))
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ("BACKGROUND", (0, 0), (-1, -1), setting.BAND),
        ("LINEBEFORE", (0, 0), (0, -1), 3 if block.strong else 1.5, setting.INK),
    ]
    return [Spacer(0, 6), table([[content]], (shape.width,), style, shape), Spacer(0, 6)]


def _signed(block: Signed, shape: Shape) -> list[Flowable]:
    ink: list[Flowable] = [Strokes(block.ink)]
    if block.ink is not None and block.ink.kind == "typed":
        name = paragraph((Span(block.ink.text, italic=True),), setting.style("typed", 16, 22))
        ink = [name, Strokes(None, height=2)]
    who = [paragraph((Span(block.name, bold=True),), setting.TEXT)]
    who += [paragraph(line, setting.TEXT) for line in block.lines]
    who += [paragraph(line, setting.SMALL) for line in block.small]
    style = (
        *_BARE_STYLE,
        ("VALIGN", (0, 0), (0, 0), "BOTTOM"),
        ("BOTTOMPADDING", (0, 0), (0, 0), 4),
    )
    return [Spacer(0, 6), table([[ink, who]], (200, shape.width - 200), style, shape), Spacer(0, 4)]


def _to_sign(block: ToSign, shape: Shape) -> list[Flowable]:
    across = len(block.labels)
    gap = 30.0
    width = (shape.width - gap * (across - 1)) / across
    cells: list[Any] = []
    widths: list[float] = []
    style: list[Any] = [*_BARE_STYLE, ("TOPPADDING", (0, 0), (-1, -1), 4)]
    for number, label in enumerate(block.labels):
        if number:
            cells.append(Spacer(0, 0))
            widths.append(gap)
        at = (len(cells), 0)
        style.append(("LINEABOVE", at, at, 0.8, setting.INK))
        cells.append(paragraph(label, setting.LABEL))
        widths.append(width)
    return [KeepTogether([Spacer(0, block.room), table([cells], widths, style, shape)])]


def _groups(block: Groups, shape: Shape) -> list[Flowable]:
    cells: list[Any] = [
        [paragraph(str(number), setting.SMALL), paragraph(group, setting.CODE)]
        for number, group in enumerate(block.groups, 1)
    ]
    cells += [Spacer(0, 0)] * (-len(cells) % block.across)
    rows = [cells[at : at + block.across] for at in range(0, len(cells), block.across)]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ("BACKGROUND", (0, 0), (-1, -1), setting.BAND),
    ]
    widths = [shape.width / block.across] * block.across
    return [Spacer(0, 8), table(rows, widths, style, shape), Spacer(0, 8)]
