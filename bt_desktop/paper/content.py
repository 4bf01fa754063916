"""The few kinds of thing that can stand on our paper, as plain values.

Pages are described with these; `blocks` alone turns them into what reportlab lays out. A block
knows nothing of points and fonts, so what a page says can be tested without printing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bt_desktop.form_engine.body_marks import Mark
from bt_desktop.paper.document import Hand, Ink


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text within a line: bold, italic, or small and muted."""

    text: str
    bold: bool = False
    italic: bool = False
    small: bool = False


Rich = str | tuple[Span, ...]
"""Text of one voice, or of several."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the paper is, once, at its top; `lead` says in a sentence what it tells."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Heads what follows and never stands alone at the foot; `note` is small beside it."""

    text: str
    note: str = ""
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty answer to be written by hand, so many lines high."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its answer; `note` stands small under the label (why it is asked)."""

    label: str
    value: Rich | Blank
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Rows of label and answer between hairlines."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text of any length that flows over pages; newlines are kept. `leads`: one line that stays
    with the beginning of what follows."""

    text: Rich
    label: str = ""
    note: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its share of the width, and whether its figures stand to the right."""

    head: str
    share: float = 1.0
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose head repeats on each page. A row of blanks is left free to write in.

    `more` holds, where it is given, a line for each row that stands under it at full width.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Rich | Hand, ...], ...]
    total: tuple[Rich, ...] = ()
    row_lines: int = 1
    more: tuple[Rich, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """Options to tick by hand, in as many columns as their length allows."""

    label: str
    options: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed remark. `strong` is for what must not be overlooked (marked without color)."""

    text: Rich
    title: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A person's signature: the drawn strokes or the typed name over a line, and who, when."""

    ink: Ink | None
    name: str
    lines: tuple[str, ...]
    small: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToSign:
    """Lines to sign on paper, side by side, each with its label; `room` points above them."""

    labels: tuple[str, ...]
    room: float = 34.0


@dataclass(frozen=True, slots=True)
class BodyFigure:
    """Pictures of a body side by side (`views`), with the numbers of those marks that lie in them.

    Without marks it is there to be marked by hand. `height` is the most points it may take.
    """

    figure: str
    views: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    height: float = 300.0


@dataclass(frozen=True, slots=True)
class Groups:
    """A long code in numbered groups of large type, to be copied without a slip."""

    groups: tuple[str, ...]
    across: int = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """Free space, in points."""

    points: float = 8.0


@dataclass(frozen=True, slots=True)
class Whole:
    """Blocks that are kept on one page where they fit on one."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page; `lying` turns it (True) or sets it upright again (False)."""

    lying: bool | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture (JPEG) as large as its page allows, with a small line below."""

    data: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page, in points from its lower left corner; `page` counts from 1."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Room:
    """The rest of a page kept free for somebody else's page; its place is added to `spots`."""

    spots: list[Spot]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A statement with a box, ticked or empty; `note` stands small after it (its law)."""

    text: str
    done: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """Statements below one another."""

    lines: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """Fine print: a legend, a remark under a table."""

    text: Rich


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, or room to write it, under its small label; `share` is its part of the width."""

    label: str
    value: Rich | Blank
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts side by side in a few rows; the rows whose numbers are in `framed` stand in a frame."""

    rows: tuple[tuple[Fact, ...], ...]
    framed: frozenset[int] = frozenset()


Shade = Literal["", "hatched"]


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day over its column: "14", "Mo"."""

    number: str
    name: str
    shade: Shade = ""


@dataclass(frozen=True, slots=True)
class DayCell:
    """Up to three words below one another; `ruled` draws a line under the first."""

    top: str = ""
    main: str = ""
    foot: str = ""
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of a `DayGrid`: what it is, and a cell for each day; `slim` rows belong to the one
    above and have small type."""

    label: str
    cells: tuple[DayCell, ...]
    note: str = ""
    slim: bool = False


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Days side by side, rows below one another. `least` is how high a row is at least, in points,
    `slim` how high the slim ones are.

    It is not split: it holds as many rows as fit on a page.
    """

    days: tuple[DayHead, ...]
    rows: tuple[DayRow, ...]
    least: float = 18.0
    slim: float = 11.0


@dataclass(frozen=True, slots=True)
class MiniDay:
    """A day in a small calendar."""

    number: str
    mark: str = ""
    shade: Shade = ""


@dataclass(frozen=True, slots=True)
class MiniMonth:
    """A month as weeks of five days; None is no day of it."""

    name: str
    weeks: tuple[tuple[MiniDay | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Calendars:
    """Small calendars, `across` of them side by side; a week is `week` points high."""

    months: tuple[MiniMonth, ...]
    across: int = 6
    week: float = 20.0


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One entry of a key: a mark, the hand it stands for, and more about it."""

    mark: str
    hand: Hand
    more: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Whose marks are whose, `across` entries side by side, their signatures `high` points."""

    lines: tuple[KeyLine, ...]
    across: int = 4
    high: float = 17.0


Block = (
    Title
    | Heading
    | Fields
    | Narrative
    | Grid
    | Choices
    | Notice
    | Signed
    | ToSign
    | BodyFigure
    | Groups
    | Gap
    | NewPage
    | Photo
    | Room
    | Checks
    | Small
    | Facts
    | DayGrid
    | Calendars
    | Key
    | Whole
)
