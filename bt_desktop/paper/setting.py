"""How text is set: what was typed made safe for reportlab, and the styles it is set in.

All text passes through `plain`, so nothing that was typed can be read as markup: a stray `<b>`
prints, and no tag ever opens a file.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from bt_desktop.paper import fonts
from bt_desktop.paper.content import Rich, Span

INK, MUTED = HexColor("#14181D"), HexColor("#4A535E")
HAIR, BAND = HexColor("#BFC7D0"), HexColor("#EEF1F4")
PAPER = HexColor("#FFFFFF")
HAIRLINE = 0.5


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
    return plain(rich) if isinstance(rich, str) else "".join(map(spanned, rich))


def spanned(span: Span) -> str:
    """A piece of rich text as markup."""
    text = plain(span.text)
    if span.bold:
        text = f"<b>{text}</b>"
    if span.italic and fonts.ready().italic.issuperset(fonts.tidy(span.text).replace("\n", "")):
        text = f"<i>{text}</i>"
    if span.small:
        text = f'<font size="8.5" color="#{MUTED.hexval()[2:]}">{text}</font>'
    return text


def style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    """A style of our type: `size` and `leading` in points, `more` as reportlab names it."""
    given = {
        "fontName": fonts.REGULAR,
        "bulletFontName": fonts.REGULAR,
        "textColor": INK,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
        **more,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)


TEXT = style("text", 10.5, 14)
FIGURES = style("figures", 10.5, 14, alignment=TA_RIGHT)
TITLE = style("title", 17, 21, fontName=fonts.BOLD, spaceAfter=2)
LEAD = style("lead", 10.5, 14, textColor=MUTED)
H1 = style("h1", 12.5, 16, fontName=fonts.BOLD, spaceBefore=13, spaceAfter=3)
H2 = style("h2", 10.5, 14, fontName=fonts.BOLD, spaceBefore=8, spaceAfter=2)
LABEL = style("label", 10.5, 14, textColor=MUTED)
HEAD = style("head", 9.5, 12, fontName=fonts.BOLD)
HEAD_FIGURES = style("head figures", 9.5, 12, fontName=fonts.BOLD, alignment=TA_RIGHT)
CODE = style("code", 17, 21, fontName=fonts.BOLD)
SMALL = style("small", 8, 10.5, textColor=MUTED)


def paragraph(rich: Rich, style: ParagraphStyle) -> Paragraph:
    """Rich text as a paragraph of that style."""
    return Paragraph(markup(rich), style)
