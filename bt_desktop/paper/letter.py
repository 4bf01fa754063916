"""Letters for parents: few blocks, large type, one page, a slip to cut off at its foot.

Beside `content` and `blocks`, which make reports: what a letter says is here as plain values too,
and only this file turns it into flowables. The size of its type is one number, so that a letter
with much to say can be set a little smaller rather than run over to a second page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Image, Paragraph, Spacer, Table

from bt_desktop.paper import fonts
from bt_desktop.paper.blocks import WIDTH
from bt_desktop.paper.body_flow import BodyFlowable
from bt_desktop.paper.content import BodyFigure
from bt_desktop.paper.setting import plain

SIZES = (12.0, 11.5, 11.0, 10.5, 10.0)
"""Points of the body type, the first that fits on one page. 12 is the aim (health-office §6)."""

_INK, _HAIR = HexColor("#14181D"), HexColor("#9AA3AD")
_LABEL = 0.24
_GAP = 18.0
_PICTURE_LINES = 9
"""How many lines high a drawing is: it grows and shrinks with the type of the page."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What the letter is about, once, at its top."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a page is about: the name in large type, lines about them, and their picture (JPEG)."""

    name: str
    lines: tuple[str, ...]
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Huge:
    """What must be read before anything else: in a thick frame, in the largest type that fits."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Under:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Running text; `strong` in bold, `framed` in a frame, `quiet` a little smaller."""

    text: str
    strong: bool = False
    framed: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and what is said beside them."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Lines with a mark before each, in columns."""

    lines: tuple[str, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Sheetlet:
    """A small table: its heads, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A small drawing of a body with numbered marks, and what the numbers say."""

    figure: BodyFigure
    told: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What is cut off, signed and sent back: what it is about, boxes to tick, lines to fill in."""

    about: str
    ticks: tuple[str, ...]
    ways: tuple[str, ...]
    lines: tuple[str, ...]


Letter = Headline | Named | Huge | Under | Lines | Pairs | Marked | Sheetlet | Picture | Slip


@dataclass(frozen=True, slots=True)
class _Set:
    """The styles of one size of type."""

    size: float

    def style(self, name: str, scale: float = 1.0, **more: Any) -> ParagraphStyle:
        size = self.size * scale
        given = {"fontName": fonts.REGULAR, "textColor": _INK, "splitLongWords": 1, **more}
        given.setdefault("bulletFontName", fonts.REGULAR)
        return ParagraphStyle(name, fontSize=size, leading=round(size * 1.28, 1), **given)


def flow(letter: Iterable[Letter], size: float) -> list[Flowable]:
    """The flowables of a letter in that size of type."""
    made: list[Flowable] = []
    for block in letter:
        made += _made(block, _Set(size))
    return made


def _made(block: Letter, types: _Set) -> list[Flowable]:  # noqa: PLR0911  # one line for each kind of block
    match block:
        case Headline(text):
            style = types.style("headline", 1.5, fontName=fonts.BOLD, spaceAfter=types.size * 0.35)
            return [Paragraph(plain(text), style)]
        case Named():
            return [_named(block, types), Spacer(0, types.size * 0.5)]
        case Huge():
            return [_huge(block, types), Spacer(0, types.size * 0.5)]
        case Under(text):
            style = types.style(
                "under",
                1.12,
                fontName=fonts.BOLD,
                spaceBefore=types.size * 0.62,
                spaceAfter=types.size * 0.15,
                keepWithNext=1,
            )
            return [Paragraph(plain(text), style)]
        case Lines():
            return _lines(block, types)
        case Pairs(pairs):
            return [_pairs(pairs, types), Spacer(0, types.size * 0.3)] if pairs else []
        case Marked():
            return [_marked(block, types), Spacer(0, types.size * 0.3)]
        case Sheetlet():
            return [_table(block, types), Spacer(0, types.size * 0.3)]
        case Picture(figure, told):
            small = replace(figure, height=types.size * _PICTURE_LINES)
            return [BodyFlowable(small), *_lines(Lines(told, quiet=True), types)]
        case Slip():
            return [_Slip(block, types)]


def _named(block: Named, types: _Set) -> Table:
    told = [Paragraph(plain(block.name), types.style("name", 2.0, fontName=fonts.BOLD))]
    told += [Paragraph(plain(line), types.style("about", 1.15)) for line in block.lines]
    picture = _photo(block.photo, types.size * 8) if block.photo else None
    wide = picture.drawWidth if picture is not None else 0.0
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT")]
    cells = [told, picture] if picture is not None else [told]
    widths = [WIDTH - wide, wide] if picture is not None else [WIDTH]
    return Table([cells], colWidths=widths, style=[*_fonts(types), *bare], hAlign="LEFT")


def _photo(data: bytes, high: float) -> Image | None:
    """The picture that high; None for bytes that are none: a card is printed all the same."""
    try:
        image = Image(io.BytesIO(data))
        scale = high / image.imageHeight
        image.drawHeight, image.drawWidth = high, image.imageWidth * scale
    except Exception:  # whatever Pillow makes of bytes that are no picture
        return None
    return image


_LARGE = ((34, 2.6), (90, 2.1), (200, 1.7), (420, 1.35))
"""So many characters of a text, so much larger than the body type; more is set in 1.15."""


def _huge(block: Huge, types: _Set) -> Table:
    length = sum(map(len, block.lines)) + 12 * (len(block.lines) - 1)
    scale = next((scale for most, scale in _LARGE if length <= most), 1.15)
    told = [Paragraph(plain(block.title), types.style("alarm", 1.1, fontName=fonts.BOLD))]
    large = types.style("huge", scale, fontName=fonts.BOLD, spaceBefore=2)
    told += [Paragraph(plain(line), large) for line in block.lines]
    style = [
        *_fonts(types),
        ("BOX", (0, 0), (-1, -1), 3.0, _INK),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
    ]
    return Table([[told]], colWidths=[WIDTH], style=style, hAlign="LEFT")


def _lines(block: Lines, types: _Set) -> list[Flowable]:
    font = fonts.BOLD if block.strong or block.framed else fonts.REGULAR
    style = types.style(
        "lines", 0.92 if block.quiet else 1.0, fontName=font, spaceAfter=types.size * 0.25
    )
    told = [Paragraph(plain(part), style) for part in block.text.split("\n") if part.strip()]
    if not block.framed:
        return list(told)
    box = [
        ("BOX", (0, 0), (-1, -1), 1.4, _INK),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    framed = Table([[told]], colWidths=[WIDTH], style=[*_fonts(types), *box], hAlign="LEFT")
    return [Spacer(0, 3), framed, Spacer(0, 4)]


def _fonts(types: _Set) -> list[tuple[Any, ...]]:
    # reportlab sets a cell's own font before it draws in it: Helvetica unless said
    return [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, types.size, types.size * 1.28),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]


def _pairs(pairs: Sequence[tuple[str, str]], types: _Set) -> Table:
    label = types.style("label", fontName=fonts.BOLD)
    body = types.style("fact")
    rows = [[Paragraph(plain(one), label), Paragraph(plain(two), body)] for one, two in pairs]
    style = [
        *_fonts(types),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), types.size * 0.12),
        ("BOTTOMPADDING", (0, 0), (-1, -1), types.size * 0.22),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _HAIR),
    ]
    return Table(rows, colWidths=[WIDTH * _LABEL, WIDTH * (1 - _LABEL)], style=style, hAlign="LEFT")


def _marked(block: Marked, types: _Set) -> Table:
    style = types.style("marked", leftIndent=types.size, bulletIndent=1)
    told = [Paragraph(plain(line), style, bulletText="•") for line in block.lines]
    deep = -(-len(told) // block.columns)
    rows = [
        [told[n + deep * c] if n + deep * c < len(told) else "" for c in range(block.columns)]
        for n in range(deep)
    ]
    pads = [
        *_fonts(types),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
    ]
    return Table(rows, colWidths=[WIDTH / block.columns] * block.columns, style=pads, hAlign="LEFT")


def _table(block: Sheetlet, types: _Set) -> Table:
    head = types.style("head", 0.92, fontName=fonts.BOLD)
    body = types.style("cell", 0.96)
    rows = [[Paragraph(plain(text), head) for text in block.heads]]
    rows += [[Paragraph(plain(text), body) for text in row] for row in block.rows]
    narrow = [WIDTH * 0.26, WIDTH * 0.16]
    widths = [*narrow, WIDTH - sum(narrow)] if len(block.heads) == 3 else None
    style = [
        *_fonts(types),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, _INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _HAIR),
    ]
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT", repeatRows=1)


class _Slip(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The slip, at the very foot of the page under a line to cut along."""

    def __init__(self, slip: Slip, types: _Set) -> None:
        super().__init__()
        self._slip, self._types = slip, types
        small = types.style("slip", 0.88)
        self._parts = [
            Paragraph(plain("Please sign, cut off, and send this part back to school."), small),
            Paragraph(plain(slip.about), types.style("slip about", 0.92, fontName=fonts.BOLD)),
            Paragraph(plain("   ".join(f"☐ {tick}" for tick in slip.ticks)), small),
            Paragraph(
                plain("How you got it:   " + "   ".join(f"☐ {way}" for way in slip.ways)), small
            ),
        ]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._heights = [part.wrap(width, height)[1] for part in self._parts]
        least = sum(self._heights) + 3 * 3 + 8 + 30
        self.width, self.height = width, max(least, height - 0.1) if least <= height else least
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        bottom = 12.0
        canvas.setFont(fonts.REGULAR, 8.5)
        canvas.setFillColor(_INK)
        shares = [0.36, 0.24, 0.24, 0.16] if len(self._slip.lines) == 4 else None
        x = 0.0
        canvas.setStrokeColor(_INK)
        canvas.setLineWidth(0.6)
        for number, label in enumerate(self._slip.lines):
            share = shares[number] if shares else 1 / len(self._slip.lines)
            wide = self.width * share
            canvas.line(x, bottom, x + wide - 10, bottom)
            canvas.drawString(x, bottom - 10, fonts.printable(label))
            x += wide
        y = bottom + 22
        for part, high in reversed(list(zip(self._parts, self._heights, strict=True))):
            part.drawOn(canvas, 0, y)
            y += high + 3
        canvas.setDash(4, 3)
        canvas.setStrokeColor(_HAIR)
        canvas.line(-_GAP, y + 3, self.width + _GAP, y + 3)
        canvas.setDash()
