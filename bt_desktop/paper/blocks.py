"""Turns the blocks of a page (`content`) into flowables: the only place that makes any.

Tagging for PDF/UA will have its one place here. All text passes through `plain`, so nothing
that was typed can be read as markup: a stray `<b>` prints, and no tag ever opens a file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
)

from bt_desktop.paper import fonts
from bt_desktop.paper.body_flow import BodyFlowable
from bt_desktop.paper.content import (
    Blank,
    Block,
    BodyFigure,
    Choices,
    Column,
    Fields,
    Gap,
    Grid,
    Groups,
    Heading,
    Narrative,
    NewPage,
    Notice,
    Photo,
    Rich,
    Room,
    Signed,
    Span,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.document import Ink
from bt_desktop.paper.pictures_flow import PictureFlow, RoomFlow

WIDTH = 504.0
"""Points between the margins of a Letter page (8.5 in less 0.75 in on either side)."""

BODY = 590.0
"""Points from the top margin to the foot: the most that stands on one page, a little less."""

_INK, _MUTED = HexColor("#14181D"), HexColor("#4A535E")
_HAIR, _BAND = HexColor("#BFC7D0"), HexColor("#EEF1F4")
_PAPER = HexColor("#FFFFFF")
_HAIRLINE = 0.5
_LABEL_WIDTH = 172.0
_LINES_TO_BEGIN = 4
"""So many lines to write on stand below a question, where more go on on the next page."""
_IN_A_CITE = re.compile(
    r"(?<=\b(?:EC|PC|AB|SB)) (?=\d)|(?<=\d) (?=(?:CCR|CFR|USC)\b)|(?<=\b(?:CCR|CFR|USC)) (?=\d)"
)
"""Blanks at which the number of a law is not broken: EC 56521.1(e), 34 CFR 99.32."""
_CHUNK, _CHUNK_LINES = 3000, 40
_ROW_PAD = 3.2

# --- text ----------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """`text` as reportlab markup that prints exactly it: all of it escaped, newlines kept."""
    lines = fonts.tidy(text).split("\n")
    return "<br/>".join("".join(map(_run, fonts.runs(line))) for line in lines)


def _run(run: tuple[str, str]) -> str:
    font, characters = run
    text = escape(characters)
    return f'<font name="{font}">{text}</font>' if font else text


def markup(rich: Rich) -> str:
    """Rich text as reportlab markup."""
    return plain(rich) if isinstance(rich, str) else "".join(map(_span, rich))


def _span(span: Span) -> str:
    text = plain(span.text)
    if span.bold:
        text = f"<b>{text}</b>"
    if span.italic and fonts.ready().italic.issuperset(fonts.tidy(span.text).replace("\n", "")):
        text = f"<i>{text}</i>"
    if span.small:
        text = f'<font size="8.5" color="#{_MUTED.hexval()[2:]}">{text}</font>'
    return text


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    given = {
        "fontName": fonts.REGULAR,
        "bulletFontName": fonts.REGULAR,
        "textColor": _INK,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
        **more,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)


_TEXT = _style("text", 10.5, 14)
_FIGURES = _style("figures", 10.5, 14, alignment=TA_RIGHT)
_TITLE = _style("title", 17, 21, fontName=fonts.BOLD, spaceAfter=2)
_LEAD = _style("lead", 10.5, 14, textColor=_MUTED)
_H1 = _style("h1", 12.5, 16, fontName=fonts.BOLD, spaceBefore=13, spaceAfter=3)
_H2 = _style("h2", 10.5, 14, fontName=fonts.BOLD, spaceBefore=8, spaceAfter=2)
_LABEL = _style("label", 10.5, 14, textColor=_MUTED)
_HEAD = _style("head", 9.5, 12, fontName=fonts.BOLD)
_HEAD_FIGURES = _style("head figures", 9.5, 12, fontName=fonts.BOLD, alignment=TA_RIGHT)
_CODE = _style("code", 17, 21, fontName=fonts.BOLD)
_SMALL = _style("small", 8, 10.5, textColor=_MUTED)


def _paragraph(rich: Rich, style: ParagraphStyle) -> Paragraph:
    return Paragraph(markup(rich), style)


# --- flowables -----------------------------------------------------------------------------------


class _Table(Table):  # type: ignore[misc]  # reportlab has no types
    """A table that splits between rows, and inside one only if it is higher than a page."""

    _known_at = -1.0
    opens_with = 1
    """How many rows its beginning has: a row and the line below that is bound to it are two."""

    def _calc(self, width: float, height: float) -> None:
        """Our cells are as high on any page: what was laid out for a width is not laid out again.

        reportlab does it at each wrap and split, which doubles the time of a report.
        """
        if self._known_at != width:
            super()._calc(width, height)
            self._known_at = width

    def split(self, width: float, height: float) -> list[Any]:
        self._calc(width, height)
        pieces: list[Any] = self._splitRows(height, doInRowSplit=False)
        if pieces or sum(self._rowHeights[: self.repeatRows + 1]) <= BODY:
            return pieces
        return list(self._splitRows(height, doInRowSplit=True))

    def onSplit(self, piece: Any, byRow: int = 1) -> None:
        """No line above what goes on: reportlab puts the hairline of the row before there, which
        on the next page stands below the page's own head."""
        if not piece.repeatRows:
            piece._linecmds = [c for c in piece._linecmds if (c[0], c[1][1]) != ("LINEABOVE", 0)]


class _Opening(CondPageBreak):  # type: ignore[misc]  # reportlab has no types
    """Starts a new page where a heading and the beginning of what it heads do not fit any more."""

    def __init__(self, *flowables: Flowable) -> None:
        super().__init__(0)
        self._flowables = flowables

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.height = sum(_opening(each, width, self.canv) for each in self._flowables)
        needed: tuple[float, float] = super().wrap(width, height)
        return needed


def _opening(flowable: Flowable, width: float, canvas: Any) -> float:
    """The height of a flowable's first piece: a table's head and first row, three lines of text."""
    around: float = flowable.getSpaceBefore() + flowable.getSpaceAfter()
    _, height = flowable.wrapOn(canvas, width, BODY)
    if isinstance(flowable, KeepTogether):
        return float(sum(_whole(each, width, canvas) for each in flowable._content))
    if isinstance(flowable, _Table):
        height = sum(flowable._rowHeights[: flowable.repeatRows + flowable.opens_with])
    elif isinstance(flowable, Paragraph):
        height = min(height, 3 * flowable.style.leading)
    return around + float(min(height, BODY / 3))


def _whole(flowable: Flowable, width: float, canvas: Any) -> float:
    around: float = flowable.getSpaceBefore() + flowable.getSpaceAfter()
    return around + float(flowable.wrapOn(canvas, width, BODY)[1])


class _Lead(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A line that leads what follows, and stays with its beginning."""


class _Headline(_Lead):
    """A heading that also stands in the PDF's outline."""

    def __init__(self, heading: Heading, key: str) -> None:
        super().__init__(_headline(heading), _H1 if heading.level == 1 else _H2)
        self._entry = (f"h{key}", heading)

    def draw(self) -> None:
        key, heading = self._entry
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(fonts.printable(heading.text), key, heading.level - 1)
        super().draw()


def _headline(heading: Heading) -> str:
    """A heading with its note: regular and small, which `<b>` cannot undo, so the font is named."""
    if not heading.note:
        return plain(heading.text)
    note = _span(Span("   " + heading.note, small=True))
    return f'{plain(heading.text)}<font name="{fonts.REGULAR}">{note}</font>'


class _Strokes(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A drawn signature as lines, scaled into its place; a typed one as its name in italics."""

    def __init__(self, ink: Ink | None, width: float = 184, height: float = 46) -> None:
        super().__init__()
        self._ink = ink
        self.width, self.height = width, height

    def draw(self) -> None:
        self.canv.setStrokeColor(_INK)
        self.canv.setLineWidth(_HAIRLINE)
        self.canv.line(0, 0, self.width, 0)
        if self._ink is not None and self._ink.kind == "drawn":
            self._draw_strokes(self._ink)

    def _draw_strokes(self, ink: Ink) -> None:
        strokes = [_finite(stroke) for stroke in ink.strokes]
        points = [point for stroke in strokes for point in stroke]
        if not points:
            return
        left, top = (min(axis) for axis in zip(*points, strict=True))
        right, bottom = (max(axis) for axis in zip(*points, strict=True))
        scale = min(
            (self.width - 8) / max(right - left, 1.0), (self.height - 6) / max(bottom - top, 1.0), 1
        )
        self.canv.setLineWidth(1.1)
        self.canv.setLineCap(1)
        self.canv.setLineJoin(1)
        path = self.canv.beginPath()
        for stroke in strokes:
            for number, (x, y) in enumerate(stroke):
                place = path.lineTo if number else path.moveTo
                place(4 + (x - left) * scale, 4 + (bottom - y) * scale)
            if len(stroke) == 1:  # a dot: a line of no length, round at both ends
                path.lineTo(4 + (stroke[0][0] - left) * scale, 4 + (bottom - stroke[0][1]) * scale)
        self.canv.drawPath(path, stroke=1, fill=0)


def _finite(stroke: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    return [(p[0], p[1]) for p in stroke if math.isfinite(p[0]) and math.isfinite(p[1])]


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
        self.canv.setStrokeColor(_HAIR)
        self.canv.setLineWidth(_HAIRLINE)
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
    ("LINEBELOW", (0, 0), (-1, -1), _HAIRLINE, _HAIR),
)
_GRID_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 6),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ("BACKGROUND", (0, 0), (-1, 0), _BAND),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("LINEBELOW", (0, 0), (-1, -1), _HAIRLINE, _HAIR),
)
_BARE_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 10),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
)


def _table(rows: list[list[Any]], widths: Sequence[float], style: Any, heads: int = 0) -> _Table:
    # reportlab sets a cell's own font before it draws a paragraph in it: Helvetica unless said.
    said = [("FONT", (0, 0), (-1, -1), fonts.REGULAR, 10.5, 14), *style]
    return _Table(
        rows, colWidths=list(widths), style=said, repeatRows=heads, splitInRow=1, hAlign="LEFT"
    )


def flow(blocks: Iterable[Block]) -> list[Flowable]:
    """The flowables of a page's blocks, headings bound to the beginning of what they head."""
    flowables = _flowables(blocks, "")
    bound: list[Flowable] = []
    led = 0
    for place, flowable in enumerate(flowables):
        if isinstance(flowable, _Lead) and place >= led:
            led = place
            while led < len(flowables) and isinstance(flowables[led], _Lead | Spacer):
                led += 1
            bound.append(_Opening(*flowables[place : led + 1]))
        bound.append(flowable)
    return bound


def _flowables(blocks: Iterable[Block], within: str) -> list[Flowable]:
    made: list[Flowable] = []
    for number, block in enumerate(blocks):
        key = f"{within}{number}"
        if isinstance(block, Heading):
            made.append(_Headline(block, key))
        elif isinstance(block, Whole):
            made.append(KeepTogether(_flowables(block.blocks, f"{key}.")))
        else:
            made += _made(block)
    return made


def _made(block: Block) -> list[Flowable]:  # noqa: C901, PLR0911, PLR0912  # one line for each kind of block
    match block:
        case Title():
            return _title(block)
        case Fields():
            return _fields(block)
        case Narrative():
            return _narrative(block)
        case Grid():
            return _grid(block)
        case Choices():
            return _choices(block)
        case Notice():
            return _notice(block)
        case Signed():
            return _signed(block)
        case ToSign():
            return _to_sign(block)
        case Groups():
            return _groups(block)
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
    raise TypeError(type(block).__name__)


def _title(block: Title) -> list[Flowable]:
    made = [_paragraph(block.text, _TITLE)]
    if block.lead:
        made.append(_paragraph(block.lead, _LEAD))
    return [*made, Spacer(0, 4)]


def _label(label: str, note: str) -> str:
    if not note:
        return markup((Span(label),))
    whole = _IN_A_CITE.sub("\u00a0", note)
    return markup((Span(label), Span("\u00a0 " + whole, small=True)))


def _fields(block: Fields) -> list[Flowable]:
    if not block.rows:
        return []
    rows = [
        [
            Paragraph(_label(row.label, row.note), _LABEL),
            _Lines(row.value.lines)
            if isinstance(row.value, Blank)
            else _paragraph(row.value, _TEXT),
        ]
        for row in block.rows
    ]
    table = _table(rows, (_LABEL_WIDTH, WIDTH - _LABEL_WIDTH), _FIELDS_STYLE)
    while table.opens_with < min(_LINES_TO_BEGIN, len(rows)):
        if block.rows[table.opens_with].label:
            break
        table.opens_with += 1
    return [table]


def _narrative(block: Narrative) -> list[Flowable]:
    made: list[Flowable] = []
    if block.label:
        made += [Spacer(0, _ROW_PAD), _Lead(_label(block.label, block.note), _LABEL)]
    if block.leads:
        made.append(_Lead(markup(block.text), _TEXT))
    elif isinstance(block.text, str):
        made += [_paragraph(part, _TEXT) for part in _parts(block.text)]
    else:
        made.append(_paragraph(block.text, _TEXT))
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


def _grid(block: Grid) -> list[Flowable]:
    heads = [
        _paragraph(column.head, _HEAD_FIGURES if column.figures else _HEAD)
        for column in block.columns
    ]
    rows: list[list[Any]] = [heads]
    style = list(_GRID_STYLE)
    for row, more in zip(block.rows, block.more or ("",) * len(block.rows), strict=True):
        rows.append([_cell(c, column, block) for c, column in zip(row, block.columns, strict=True)])
        if more:
            style += _bound_row(len(rows))
            rows.append([Spacer(0, 0), _paragraph(more, _TEXT), *[Spacer(0, 0)] * (len(row) - 2)])
    if block.total:
        bold = [_bold(cell) for cell in block.total]
        cells = zip(bold, block.columns, strict=True)
        rows.append([_cell(cell, column, block) for cell, column in cells])
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.9, _INK))
    shares = sum(column.share for column in block.columns)
    widths = [WIDTH * column.share / shares for column in block.columns]
    table = _table(rows, widths, style, heads=1)
    table.opens_with = 2 if block.more and block.more[0] else 1
    return [table, Spacer(0, 4)]


def _bound_row(at: int) -> list[Any]:
    """The style of a line under a row: across all columns but the first, and bound to the row."""
    return [
        ("SPAN", (1, at), (-1, at)),
        ("LINEBELOW", (0, at - 1), (-1, at - 1), 0, _PAPER),
        ("TOPPADDING", (0, at), (-1, at), 0),
        ("NOSPLIT", (0, at - 1), (0, at)),
    ]


def _cell(rich: Rich, column: Column, block: Grid) -> Flowable:
    if rich == "" and block.row_lines > 1:
        return Spacer(0, 14.0 * block.row_lines)
    return _paragraph(rich, _FIGURES if column.figures else _TEXT)


def _bold(rich: Rich) -> Rich:
    return (Span(rich, bold=True),) if isinstance(rich, str) else rich


def _choices(block: Choices) -> list[Flowable]:
    longest = max(map(len, block.options), default=0)
    across = 3 if longest <= 29 else 2 if longest <= 46 else 1
    ticks = [_paragraph("☐\u00a0" + option, _TEXT) for option in block.options]
    ticks += [Spacer(0, 0)] * (-len(ticks) % across)
    rows = [ticks[at : at + across] for at in range(0, len(ticks), across)]
    made = [Spacer(0, _ROW_PAD), _Lead(_label(block.label, block.note), _LABEL)]
    if rows:
        made.append(_table(rows, [WIDTH / across] * across, _BARE_STYLE))
    return [*made, Spacer(0, _ROW_PAD)]


def _notice(block: Notice) -> list[Flowable]:
    content: list[Flowable] = []
    if block.title:
        mark = "▲ " if block.strong else ""
        content.append(_paragraph((Span(mark + block.title, bold=True),), _TEXT))
    content.append(_paragraph(block.text, _TEXT))
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ("BACKGROUND", (0, 0), (-1, -1), _BAND),
        ("LINEBEFORE", (0, 0), (0, -1), 3 if block.strong else 1.5, _INK),
    ]
    return [Spacer(0, 6), _table([[content]], (WIDTH,), style), Spacer(0, 6)]


def _signed(block: Signed) -> list[Flowable]:
    ink: list[Flowable] = [_Strokes(block.ink)]
    if block.ink is not None and block.ink.kind == "typed":
        name = _paragraph((Span(block.ink.text, italic=True),), _style("typed", 16, 22))
        ink = [name, _Strokes(None, height=2)]
    who = [_paragraph((Span(block.name, bold=True),), _TEXT)]
    who += [_paragraph(line, _TEXT) for line in block.lines]
    who += [_paragraph(line, _SMALL) for line in block.small]
    style = (
        *_BARE_STYLE,
        ("VALIGN", (0, 0), (0, 0), "BOTTOM"),
        ("BOTTOMPADDING", (0, 0), (0, 0), 4),
    )
    return [Spacer(0, 6), _table([[ink, who]], (200, WIDTH - 200), style), Spacer(0, 4)]


def _to_sign(block: ToSign) -> list[Flowable]:
    across = len(block.labels)
    gap = 30.0
    width = (WIDTH - gap * (across - 1)) / across
    cells: list[Any] = []
    widths: list[float] = []
    style: list[Any] = [*_BARE_STYLE, ("TOPPADDING", (0, 0), (-1, -1), 4)]
    for number, label in enumerate(block.labels):
        if number:
            cells.append(Spacer(0, 0))
            widths.append(gap)
        at = (len(cells), 0)
        style.append(("LINEABOVE", at, at, 0.8, _INK))
        cells.append(_paragraph(label, _LABEL))
        widths.append(width)
    return [KeepTogether([Spacer(0, 34), _table([cells], widths, style)])]


def _groups(block: Groups) -> list[Flowable]:
    cells: list[Any] = [
        [_paragraph(str(number), _SMALL), _paragraph(group, _CODE)]
        for number, group in enumerate(block.groups, 1)
    ]
    cells += [Spacer(0, 0)] * (-len(cells) % block.across)
    rows = [cells[at : at + block.across] for at in range(0, len(cells), block.across)]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ("BACKGROUND", (0, 0), (-1, -1), _BAND),
    ]
    widths = [WIDTH / block.across] * block.across
    return [Spacer(0, 8), _table(rows, widths, style), Spacer(0, 8)]
