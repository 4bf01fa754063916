"""Flowables of small type: facts under their labels, fine print, and the key of initials."""

from __future__ import annotations

from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Spacer

from bt_desktop.paper import fonts, setting
from bt_desktop.paper.content import Blank, Fact, Facts, Key, KeyLine, Small
from bt_desktop.paper.document import Hand
from bt_desktop.paper.ink_flow import Strokes
from bt_desktop.paper.setting import paragraph
from bt_desktop.paper.shape import Shape
from bt_desktop.paper.table_flow import table

_LABEL = setting.style("fact label", 7.5, 8.6, textColor=setting.MUTED)
_VALUE = setting.style("fact value", 9.5, 11.2)
_STRONG = setting.style("fact strong", 11, 13, fontName=fonts.BOLD)
_SMALL = setting.style("fine print", 7.8, 9.6)
_MARK = setting.style("key mark", 9, 11, fontName=fonts.BOLD)
_NAME = setting.style("key name", 8.3, 9.6)
_WHO = setting.style("key who", 8.3, 9.6, fontName=fonts.BOLD)
_TYPED = setting.style("key typed", 10, 12, fontName=fonts.ITALIC)
_MARK_AT_MOST = 0.3
"""The share of an entry that its mark takes at most."""
_TO_WRITE = 16.0
"""Points of a line to write on."""
_PADS = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
)


def facts(block: Facts, shape: Shape) -> list[Flowable]:
    """Each row a table of its own, for it has its own columns."""
    made: list[Flowable] = []
    line = ("LINEBELOW", (0, 0), (-1, -1), setting.HAIRLINE, setting.HAIR)
    for number, row in enumerate(block.rows):
        framed = number in block.framed
        shares = sum(fact.share for fact in row)
        widths = [shape.width * fact.share / shares for fact in row]
        style: list[Any] = [*_PADS, line]
        if framed:
            style = [*_PADS, ("BOX", (0, 0), (-1, -1), 1.4, setting.INK)]
            style += [("LEFTPADDING", (0, 0), (0, -1), 6), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]
        made.append(table([[_fact(fact, framed) for fact in row]], widths, style, shape))
        made.append(Spacer(0, 3 if framed else 0.5))
    return made


def _fact(fact: Fact, framed: bool) -> list[Flowable]:
    label = paragraph(fact.label, _LABEL)
    if isinstance(fact.value, Blank):
        return [label, Spacer(0, _TO_WRITE * fact.value.lines)]
    return [label, paragraph(fact.value, _STRONG if framed else _VALUE)]


def small(block: Small) -> list[Flowable]:
    """Fine print."""
    return [Spacer(0, 3), paragraph(block.text, _SMALL), Spacer(0, 3)]


def key(block: Key, shape: Shape) -> list[Flowable]:
    """The key, its entries in rows; an entry is never split."""
    if not block.lines:
        return []
    across = block.across
    wide = shape.width / across
    mark = max(26.0 if across > 1 else 74.0, *(_word(line.mark, _MARK) + 8 for line in block.lines))
    mark = min(mark, wide * _MARK_AT_MOST)
    ink = min((wide - mark) * 0.4, 150.0)
    widths = [mark, ink, wide - mark - ink] * across
    pads = 8
    columns = (mark - pads, ink - pads, wide - mark - ink - pads)
    cells = [_entry(line, *columns, block.high) for line in block.lines]
    rows: list[list[Any]] = []
    for at in range(0, len(cells), across):
        row: list[Any] = [part for entry in cells[at : at + across] for part in entry]
        rows.append(row + [Spacer(0, 0)] * (3 * across - len(row)))
    style = [*_PADS, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")]
    return [table(rows, widths, style, shape)]


def _word(text: str, style: ParagraphStyle) -> float:
    """How wide the longest word of a text is in a style, in points."""
    words = fonts.printable(text).split()
    return max((stringWidth(one, style.fontName, style.fontSize) for one in words), default=0.0)


def _whole(text: str, style: ParagraphStyle, wide: float) -> Flowable:
    """A mark or a name is never broken within a word (one is found by it): where a word is wider
    than its column, the type is smaller instead."""
    share = (wide - 0.1) / max(_word(text, style), 1.0)
    if share < 1:
        size = style.fontSize * share
        style = setting.style(
            f"{style.name} {size:.2f}", size, style.leading, fontName=style.fontName
        )
    return paragraph(text, style)


def _entry(line: KeyLine, mark: float, ink: float, name: float, high: float) -> list[Any]:
    """A mark, a hand and who that is, in columns so wide."""
    who = [_whole(line.hand.name, _WHO, name)]
    who += [paragraph(text, _NAME) for text in (line.hand.title, line.more) if text]
    return [_whole(line.mark, _MARK, mark), hand_ink(line.hand, ink, high), who]


def hand_ink(hand: Hand, wide: float, high: float) -> list[Flowable]:
    """A signature in little room: its strokes, or the typed name, over a line."""
    ink = hand.ink
    if ink is not None and ink.kind == "typed":
        return [_whole(ink.text, _TYPED, wide), Strokes(None, wide, 1)]
    return [Strokes(ink, wide, high)]


def hand_cell(hand: Hand) -> list[Flowable]:
    """A signature in a table's cell, its name below."""
    signed = hand_ink(hand, 96, 20) if hand.ink is not None else []
    made = [*signed, paragraph(hand.name, _NAME)]
    return [*made, paragraph(hand.title, _LABEL)] if hand.title else made
